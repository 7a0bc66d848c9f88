"""A slow, plain interpreter of checked expressions with three values, to hold others to.

It follows the words of the language: a missing value makes what it stands in missing, ``and`` and
``or`` are Kleene's. It shares nothing with the lowering and the back ends but the checked tree.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
    localcontext,
)
from fractions import Fraction
from typing import Any, Final
from zoneinfo import ZoneInfo

from cosell.errors import CalendarExhaustedError
from cosell.findings import Verdict
from cosell.money import Money
from cosell.rules import Scope, typed
from cosell.rules.typed import Root, Typed
from cosell.rules.types import Kind

_OPERATORS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_MODES: Final = {
    "half_up": ROUND_HALF_UP,
    "half_even": ROUND_HALF_EVEN,
    "half_down": ROUND_HALF_DOWN,
    "up": ROUND_UP,
    "down": ROUND_DOWN,
    "ceiling": ROUND_CEILING,
    "floor": ROUND_FLOOR,
}


class Missing(Exception):  # noqa: N818 - it is an answer
    """A value is missing."""


class Pair:
    """An amount of any number of places, and its currency."""

    def __init__(self, amount: Fraction, currency: str) -> None:
        self.amount = amount
        self.currency = currency


class Reference:
    """Evaluates checked trees for one call."""

    def __init__(self, scope: Scope, given: tuple[Any, ...], rates_on: Typed) -> None:
        self._scope = scope
        self._record, self._whole, self._actor, self._facts, self._at, self._rates = given
        self._rates_on = rates_on
        self._item: Any = None

    def verdict(self, node: Typed) -> Verdict:
        """Return what a condition comes to."""
        return {True: Verdict.MET, False: Verdict.UNMET, None: Verdict.UNKNOWN}[self.truth(node)]

    def result(self, node: Typed) -> Any:
        """Return what an expression comes to, ``None`` if it is missing; amounts as pairs."""
        if node.type.kind is Kind.BOOL:
            return self.truth(node)
        try:
            return self.value(node)
        except Missing:
            return None

    # Conditions: true, false, or None for unknown.

    def truth(self, node: Typed) -> bool | None:
        try:
            found = _TRUTHS[type(node)](self, node)
        except Missing:
            return None
        return None if found is None else bool(found)

    def _negation(self, node: typed.Negation) -> bool | None:
        inner = self.truth(node.operand)
        return None if inner is None else not inner

    def _junction(self, node: typed.Junction) -> bool | None:
        return _joined(node.op, [self.truth(part) for part in node.parts])

    def _default_truth(self, node: typed.Default) -> bool | None:
        inner = self.truth(node.value)
        return self.truth(node.otherwise) if inner is None else inner

    def _choice_truth(self, node: typed.Choice) -> bool | None:
        chosen = self.truth(node.condition)
        return None if chosen is None else self.truth(node.then if chosen else node.otherwise)

    def _member(self, node: typed.Member) -> bool:
        value = self.value(node.value)
        return any(value == _exact(option) for option in node.options)

    def _quantified(self, node: typed.Quantified) -> bool | None:
        try:
            truths = self._each(node.items, node.predicate)
        except Missing:
            return None
        return _joined("or" if node.kind == "any" else "and", truths)

    def _each(self, items: typed.Read, predicate: Typed) -> list[bool | None]:
        truths = []
        for item in self._read(items):
            self._item = item
            truths.append(self.truth(predicate))
        return truths

    def _recorded(self, node: typed.Recorded) -> bool:
        try:
            self._read(node.path)
        except Missing:
            return False
        return True

    def _compared(self, node: typed.Compared) -> bool | None:
        if node.left.type.kind is Kind.BOOL:
            left, right = self.truth(node.left), self.truth(node.right)
            known = left is not None and right is not None
            return _OPERATORS[node.op](left, right) if known else None
        try:
            first, second = self.value(node.left), self.value(node.right)
            if isinstance(first, Pair):
                named, other = node.left.type.currency, node.right.type.currency
                to = first.currency if named and not other else second.currency
                first, second = self._in(first, to).amount, self._in(second, to).amount
        except Missing:
            return None
        return bool(_OPERATORS[node.op](first, second))

    # Values: never None; a missing one raises.

    def value(self, node: Typed) -> Any:
        return _VALUES[type(node)](self, node)

    def _constant(self, node: typed.Constant) -> Any:
        return _exact(node.value)

    def _read(self, node: typed.Read) -> Any:
        roots = {
            Root.RECORD: self._record,
            Root.WHOLE: self._whole,
            Root.ACTOR: self._actor,
            Root.ITEM: self._item,
        }
        if node.root is Root.CALL:
            local = self._at.astimezone(ZoneInfo(self._scope.zone)).date()
            return local if node.path == "as_of" else _exact(self._at)
        if node.root is Root.FACTS:
            found = (self._facts or {}).get(node.steps[0].name)
            return _there(_exact(found))
        found = roots[node.root]
        for step in node.steps:
            found = _there(getattr(found, step.name))
        return _exact(found)

    def _arithmetic(self, node: typed.Arithmetic) -> Any:
        first, second = self.value(node.left), self.value(node.right)
        operate = _OPERATORS[node.op]
        if isinstance(first, Pair) and isinstance(second, Pair):
            to = self._target([node.left, node.right], [first, second])
            return Pair(operate(self._in(first, to).amount, self._in(second, to).amount), to)
        if isinstance(first, Pair):
            return Pair(operate(first.amount, second), first.currency)
        if isinstance(second, Pair):
            return Pair(operate(first, second.amount), second.currency)
        found = operate(first, second)
        if node.type.kind is Kind.INT and not -(2**63) <= found < 2**63:
            raise Missing
        return found

    def _rounded(self, node: typed.Rounded) -> Any:
        return _like(self.value(node.value), lambda value: _rounded(value, node.places, node.mode))

    def _prorated(self, node: typed.Prorated) -> Any:
        amount, part, whole = map(self.value, (node.amount, node.part, node.whole))
        if whole == 0:
            raise Missing
        return _like(amount, lambda value: _rounded(value * part / whole, node.places, node.mode))

    def _extreme(self, node: typed.Extreme) -> Any:
        parts = [self.value(part) for part in node.parts]
        outermost: Any = min if node.which == "min" else max
        if not isinstance(parts[0], Pair):
            return outermost(parts)
        to = self._target(list(node.parts), parts)
        return Pair(outermost(self._in(part, to).amount for part in parts), to)

    def _default(self, node: typed.Default) -> Any:
        try:
            return self.value(node.value)
        except Missing:
            return self.value(node.otherwise)

    def _choice(self, node: typed.Choice) -> Any:
        chosen = self.truth(node.condition)
        if chosen is None:
            raise Missing
        return self.value(node.then if chosen else node.otherwise)

    def _looked_up(self, node: typed.LookedUp) -> Any:
        key = self.value(node.key)
        for row, value in node.rows:
            if _exact(row) == key:
                return _exact(value)
        raise Missing

    def _days(self, node: typed.Days) -> int:
        start, end = self.value(node.start), self.value(node.end)
        if node.calendar is None:
            return int((end - start).days)
        try:
            return node.calendar.count(start, end)
        except CalendarExhaustedError:
            raise Missing from None

    def _day_of(self, node: typed.DayOf) -> Any:
        return self.value(node.instant).astimezone(ZoneInfo(node.zone)).date()

    def _elapsed(self, node: typed.Elapsed) -> Any:
        return self.value(node.later) - self.value(node.earlier)

    def _counted(self, node: typed.Counted) -> int:
        truths = self._each(node.items, node.predicate)
        if None in truths:
            raise Missing
        return truths.count(True)

    def _target(self, nodes: list[Typed], parts: list[Pair]) -> str:
        named = (node.type.currency for node in nodes if node.type.currency)
        return next(named, parts[0].currency)

    def _in(self, pair: Pair, to: str) -> Pair:
        if pair.currency == to:
            return pair
        day = self.value(self._rates_on)
        rate = self._rates.find(pair.currency, to, on=day) if self._rates else None
        return Pair(pair.amount * Fraction(_there(rate)), to)


def _there(value: Any) -> Any:
    if value is None:
        raise Missing
    return value


def _exact(value: Any) -> Any:
    """Return numbers as fractions, money as a pair, moments in UTC."""
    if isinstance(value, Money):
        return Pair(Fraction(value.amount), value.currency)
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return Fraction(value) if isinstance(value, Decimal) else value


def _like(value: Any, change: Callable[[Any], Fraction]) -> Any:
    if isinstance(value, Pair):
        return Pair(change(value.amount), value.currency)
    return change(Fraction(value))


def _rounded(value: Fraction, places: int, mode: str) -> Fraction:
    # Ten digits more, and one that says whether anything is left, decide every mode.
    scaled = abs(value) * 10 ** (places + 10)
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    with localcontext(prec=200):
        digits = Decimal(whole * 10 + bool(rest)).scaleb(-places - 11)
        signed = -digits if value < 0 else digits
        return Fraction(signed.quantize(Decimal(1).scaleb(-places), rounding=_MODES[mode]))


def _joined(op: str, parts: list[bool | None]) -> bool | None:
    settling = op == "or"
    if settling in parts:
        return settling
    return None if None in parts else not settling


_VALUES: Final[Mapping[type[Typed], Callable[[Reference, Any], Any]]] = {
    typed.Constant: Reference._constant,
    typed.Read: Reference._read,
    typed.Arithmetic: Reference._arithmetic,
    typed.Rounded: Reference._rounded,
    typed.Extreme: Reference._extreme,
    typed.Default: Reference._default,
    typed.Choice: Reference._choice,
    typed.LookedUp: Reference._looked_up,
    typed.Prorated: Reference._prorated,
    typed.Days: Reference._days,
    typed.DayOf: Reference._day_of,
    typed.Elapsed: Reference._elapsed,
    typed.Counted: Reference._counted,
}
_TRUTHS: Final[Mapping[type[Typed], Callable[[Reference, Any], Any]]] = {
    typed.Constant: Reference._constant,
    typed.Read: Reference._read,
    typed.LookedUp: Reference._looked_up,
    typed.Negation: Reference._negation,
    typed.Junction: Reference._junction,
    typed.Quantified: Reference._quantified,
    typed.Recorded: Reference._recorded,
    typed.Default: Reference._default_truth,
    typed.Choice: Reference._choice_truth,
    typed.Compared: Reference._compared,
    typed.Member: Reference._member,
}
