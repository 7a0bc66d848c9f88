"""Turn a checked, three-valued tree into two-valued ones.

Rules that hold for every tree:

1. A condition becomes two predicates, *surely true* and *surely false*; unknown is neither.
   ``not`` swaps them (Kleene's strong logic).
2. A value becomes a kernel value and the predicate that says when it is there. Only
   ``recorded`` and ``default`` turn missing into something.
3. Money becomes an amount and a currency. A currency that is written out wins; of two that are
   read, the right-hand one of a comparison, and the first of a sum.
4. Nothing is worked out twice, and a tree that would still grow beyond bounds is refused.

This module does not know how a kernel tree is run.
"""

from __future__ import annotations

from typing import Final

from cosell.rules import kernel
from cosell.rules.conditions import CONDITIONS
from cosell.rules.kernel import TRUE, Field, Predicate, Value
from cosell.rules.lowered import Amount, Lowered, Scalar, Truth, both
from cosell.rules.typed import Read, Root, Step, Typed
from cosell.rules.types import TEXT, Kind, decimal
from cosell.rules.values import VALUES

__all__ = ["Lowering"]

#: The most nodes that a tree may have, and the most in a row, once shared parts are written out.
_MAX_NODES: Final = 3_000
_MAX_DEPTH: Final = 90
_AMOUNT: Final = Step("amount", decimal(19, 4), optional=False)
_CURRENCY: Final = Step("currency", TEXT, optional=False)


class Lowering:
    """Lowers the trees of one gate, so that they share the fields that they read."""

    def __init__(self, rates_on: Typed) -> None:
        self._rates_on = rates_on
        self._fields: dict[tuple[Root, str], Field] = {}
        self._truths: dict[int, tuple[Typed, Truth]] = {}
        self._values: dict[int, tuple[Typed, Scalar | Amount]] = {}
        self._known: dict[int, tuple[Value, Predicate]] = {}
        self._exchanges: dict[tuple[int, object], kernel.Exchange] = {}
        self._sizes: dict[int, tuple[kernel.Node, tuple[int, int]]] = {}

    def result(self, node: Typed) -> Lowered:
        """Return a whole tree lowered.

        Raises:
            ExpressionError: Written out, it would be too large.
        """
        if node.type.kind is Kind.BOOL:
            return self.condition(node)
        found = self.value(node)
        currency = (found.currency,) if isinstance(found, Amount) else ()
        self._refuse_large(node, found.known, found.value, *currency)
        return found

    def condition(self, node: Typed) -> Truth:
        """Return a whole condition lowered.

        Raises:
            ExpressionError: Written out, it would be too large.
        """
        truth = self.truth(node)
        self._refuse_large(node, truth.true, truth.false)
        return truth

    def truth(self, node: Typed) -> Truth:
        """Return a condition lowered."""
        # A node is kept beside what it became, so that its identity is not given away.
        if id(node) not in self._truths:
            self._truths[id(node)] = node, CONDITIONS[type(node)](self, node)
        return self._truths[id(node)][1]

    def value(self, node: Typed) -> Scalar | Amount:
        """Return a value lowered, whatever its type."""
        if id(node) not in self._values:
            self._values[id(node)] = node, VALUES[type(node)](self, node)
        return self._values[id(node)][1]

    def scalar(self, node: Typed) -> Scalar:
        """Return a value that is not money lowered."""
        found = self.value(node)
        return Scalar(found.known, found.value)

    def field(self, node: Read) -> Field:
        """Return the one field that stands for a path in all trees."""
        # An item that is a scalar itself is read by no name.
        first, *others = node.steps or (Step("", node.type, optional=False),)
        parts = node.path.split(".")
        start = len(parts) - len(others)
        found = self._one(None, node.root, first, ".".join(parts[:start]))
        for count, step in enumerate(others, start=start + 1):
            found = self._one(found, node.root, step, ".".join(parts[:count]))
        return found

    def _one(self, parent: Field | None, root: Root, step: Step, path: str) -> Field:
        key = root, path
        if key not in self._fields:
            self._fields[key] = Field(
                step.type, root, parent, step.name, step.optional, step.derived, path
            )
        return self._fields[key]

    def money_parts(self, field: Field) -> tuple[Field, Field]:
        """Return the amount and the currency of a field of money."""
        amount, currency = (
            self._one(field, field.root, step, f"{field.path}.{step.name}")
            for step in (_AMOUNT, _CURRENCY)
        )
        return amount, currency

    def known(self, value: Value) -> Predicate:
        """Return the one predicate that asks for a value that may be missing."""
        if isinstance(value, Field) and not value.can_be_missing:
            return TRUE
        if id(value) not in self._known:
            self._known[id(value)] = value, kernel.Known(value)
        return self._known[id(value)][1]

    def exchanged(self, money: Amount, target: Amount) -> Scalar:
        """Return how much ``money`` is in the currency of ``target``."""
        if _currency_key(money) == _currency_key(target):
            return Scalar(money.known, money.value)
        key = id(money.value), (id(money.currency), _currency_key(target))
        if key not in self._exchanges:
            on = self.scalar(self._rates_on)
            self._exchanges[key] = kernel.Exchange(
                money.value.type, money.value, money.currency, target.currency, on.known, on.value
            )
        found = self._exchanges[key]
        return Scalar(both(money.known, target.known, self.known(found)), found)

    def _refuse_large(self, node: Typed, *parts: kernel.Node) -> None:
        sizes = [self._size(part) for part in parts]
        if (
            sum(size for size, _ in sizes) > _MAX_NODES
            or max(depth for _, depth in sizes) > _MAX_DEPTH
        ):
            raise node.at.error(
                "this is too large once it is worked out",
                "Split it into several criteria, or make a part of it a derived field.",
            )

    def _size(self, node: kernel.Node) -> tuple[int, int]:
        """Return how many nodes there are, and how many stand in a row."""
        if id(node) not in self._sizes:
            inner = [self._size(part) for part in kernel.parts_of(node)]
            count = 1 + sum(size for size, _ in inner)
            depth = 1 + max((depth for _, depth in inner), default=0)
            self._sizes[id(node)] = node, (count, depth)
        return self._sizes[id(node)][1]


def _currency_key(money: Amount) -> object:
    """Return what two amounts of one currency, as far as can be told, have in common."""
    currency = money.currency
    return currency.value if isinstance(currency, kernel.Constant) else id(currency)
