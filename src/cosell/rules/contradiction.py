"""Find conditions that never hold together, whatever the record.

Rules:

1. It never cries wolf: what is called a contradiction is false or unknown for every record, with
   every fact, rate and moment. What it does not find may be one all the same.
2. It finds constants that are never true; a condition and its contrary; a field that is asked for
   and must be missing; bounds of one value that exclude each other, for numbers, days, moments,
   spans and amounts of one currency; two values, or two lists without a common one, for one field.
3. It takes every way through ``and``, ``or``, ``not`` and ``if``, up to a bound, and nothing else
   apart: it knows nothing of what a sum, a function or the items of a list come to, of two fields
   together, of whole numbers between bounds, or of what labels there are.
4. A parameter stands for its value where a field is compared with it. What reads parameters alone
   is a switch, which the next version may set otherwise: it can come out either way.

This module does not know what a criterion or a model is, nor what an expression's type is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from cosell.rules.folding import (
    Measure,
    compared,
    constant_of,
    constants_of,
    differ,
    measure,
    same,
)
from cosell.rules.nodes import Call, Choice, Comparison, Junction, Membership, Name, Node, Not

__all__ = ["Wanted", "Ways", "never_together"]

#: A condition, and whether it is to be surely true or surely false.
Wanted: TypeAlias = tuple[Node, bool]
#: The ways in which one thing is met: each some conditions.
Ways: TypeAlias = Sequence[Sequence[Wanted]]

_NOTHING: Final[Mapping[str, object]] = MappingProxyType({})
#: How many ways are looked at before nothing is said.
_MOST_WAYS: Final = 2_000
_CONTRARY: Final = MappingProxyType(
    {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
)
_TURNED: Final = MappingProxyType(
    {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
)
#: How two values can lie where a comparison of them holds.
_LIES: Final = MappingProxyType({"==": "=", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="})


def never_together(asked: Iterable[Ways], parameters: Mapping[str, object]) -> bool:
    """Return whether conditions surely never hold together.

    Args:
        asked: For each thing that is asked, the ways in which it is met: each some conditions, with
            whether they are to be surely true or surely false.
        parameters: Named values of the definition.

    Example:
        >>> from cosell.rules.parse import parse
        >>> above, below = parse("acv > '5 USD'"), parse("acv < '3 USD'")
        >>> never_together([[[(above, True)]], [[(below, True)]]], {})
        True
        >>> never_together([[[(above, True)], [(below, True)]]], {})
        False
    """
    every = tuple(asked)
    at_once = tuple(wanted for ways in every if len(ways) == 1 for wanted in ways[0])
    several = tuple(ways for ways in every if len(ways) > 1)
    left: list[tuple[tuple[Wanted, ...], tuple[Ways, ...], tuple[Wanted, ...]]] = [
        (at_once, several, ())
    ]
    for _ in range(_MOST_WAYS):
        if not left:
            return True
        wanted, ways, certain = left.pop()
        found = _taken_apart(wanted)
        if found is None:
            continue
        certain, ways = certain + found[0], found[1] + ways
        if _Branch(parameters).contradicts(certain):
            continue
        if not ways:
            return False
        first, *others = ways
        left += [(tuple(way), tuple(others), certain) for way in first]
    return not left


def _taken_apart(wanted: Iterable[Wanted]) -> tuple[tuple[Wanted, ...], tuple[Ways, ...]] | None:
    """Return what cannot be taken apart, and where there are several ways; ``None`` for no way."""
    certain: list[Wanted] = []
    several: list[Ways] = []
    left = list(wanted)
    while left:
        each = left.pop()
        ways = _ways(*each)
        if ways is None:
            certain.append(each)
        elif not ways:
            return None
        elif len(ways) == 1:
            left += ways[0]
        else:
            several.append(ways)
    return tuple(certain), tuple(several)


def _ways(node: Node, want: bool) -> Ways | None:  # noqa: FBT001 - half of what is wanted
    """Return the ways in which a condition comes out so; ``None`` where it is not taken apart."""
    constant = constant_of(node, _NOTHING)
    if isinstance(constant, bool):
        return [[]] if constant is want else []
    match node:
        case Not():
            ways: Ways | None = [[(node.operand, not want)]]
        case Junction():
            parts = [(part, want) for part in node.parts]
            ways = _joined(parts, every=(node.op == "and") is want)
        case Choice():
            ways = [
                [(node.condition, True), (node.then, want)],
                [(node.condition, False), (node.otherwise, want)],
            ]
        case Membership(negated=True):
            asked = Membership(node.value, node.options, negated=False, at=node.at)
            ways = [[(asked, not want)]]
        case Comparison():
            ways = _ways_of_comparison(node, want)
        case _:
            ways = None
    return ways


def _joined(parts: list[Wanted], *, every: bool) -> Ways:
    return [parts] if every else [[part] for part in parts]


def _ways_of_comparison(node: Comparison, want: bool) -> Ways | None:  # noqa: FBT001 - half of what is wanted
    if len(node.links) > 1:
        lefts = (node.first, *(right for _, right in node.links))
        pairs = [
            Comparison(left, (link,), at=node.at)
            for left, link in zip(lefts, node.links, strict=False)
        ]
        return _joined([(pair, want) for pair in pairs], every=want)
    (op, right) = node.links[0]
    written = [constant_of(part, _NOTHING) for part in (node.first, right)]
    if None not in written:
        found = compared(op, *written)
        return None if found is None else [[]] if found is want else []
    for value, other in zip(written, (right, node.first), strict=True):
        if isinstance(value, bool):
            return [[(other, (value is want) if op == "==" else (value is not want))]]
    return None


@dataclass(slots=True)
class _Bounds:
    """Between what a value lies on one scale: each bound with whether it is one itself."""

    low: tuple[Any, bool] | None = None
    high: tuple[Any, bool] | None = None

    def take(self, op: str, value: Any) -> None:
        closed = op in {"==", "<=", ">="}
        if op in {"==", ">", ">="} and (
            self.low is None or (value, not closed) > (self.low[0], not self.low[1])
        ):
            self.low = value, closed
        if op in {"==", "<", "<="} and (
            self.high is None or (value, closed) < (self.high[0], self.high[1])
        ):
            self.high = value, closed

    @property
    def is_empty(self) -> bool:
        if self.low is None or self.high is None:
            return False
        (low, low_closed), (high, high_closed) = self.low, self.high
        return bool(low > high or (low == high and not (low_closed and high_closed)))

    def only(self) -> Any:
        """Return the one value that is left, if there is one."""
        return self.low[0] if self.low and self.high and self.low[0] == self.high[0] else None

    def holds(self, value: Any) -> bool:
        below = self.low is not None and (value, self.low[1]) < (self.low[0], True)
        above = self.high is not None and (value, not self.high[1]) > (self.high[0], False)
        return not (below or above)


@dataclass(slots=True)
class _Values:
    """What one value can be."""

    among: list[tuple[object, ...]] = field(default_factory=list)
    never: list[object] = field(default_factory=list)
    bounds: dict[str, _Bounds] = field(default_factory=dict)

    def take(self, op: str, value: object) -> None:
        found = measure(value)
        if op == "==":
            self.among.append((value,))
        if op == "!=":
            self.never.append(value)
        elif found is not None:
            self.bounds.setdefault(found.scale, _Bounds()).take(op, found.value)

    @property
    def is_none(self) -> bool:
        """Whether nothing is left that it could be."""
        if any(bounds.is_empty for bounds in self.bounds.values()):
            return True
        if self.among:
            first, *others = self.among
            return not any(self._fits(value, others) for value in first)
        return any(self._is_excluded(scale, bounds) for scale, bounds in self.bounds.items())

    def _fits(self, value: object, others: Sequence[tuple[object, ...]]) -> bool:
        found = measure(value)
        bounds = None if found is None else self.bounds.get(found.scale)
        return (
            all(any(not differ(value, other) for other in each) for each in others)
            and not any(same(value, other) for other in self.never)
            and (found is None or bounds is None or bounds.holds(found.value))
        )

    def _is_excluded(self, scale: str, bounds: _Bounds) -> bool:
        only = bounds.only()
        return only is not None and any(
            measure(value) == Measure(scale, only) for value in self.never
        )


class _Branch:
    """Conditions that are to hold together, none of which can be taken apart."""

    def __init__(self, parameters: Mapping[str, object]) -> None:
        self._parameters = parameters
        self._truths: dict[Node, bool] = {}
        self._values: dict[Node, _Values] = {}
        self._lies: dict[tuple[Node, Node], set[str]] = {}
        self._known: set[tuple[str, ...]] = set()
        self._missing: set[tuple[str, ...]] = set()

    def contradicts(self, wanted: Iterable[Wanted]) -> bool:
        """Whether one of them excludes another."""
        for node, want in wanted:
            if self._truths.setdefault(node, want) is not want:
                return True
            self._take(node, want)
        return (
            any(values.is_none for values in self._values.values())
            or any(not lies for lies in self._lies.values())
            or any(path[: len(gone)] == gone for path in self._known for gone in self._missing)
        )

    def _take(self, node: Node, want: bool) -> None:  # noqa: FBT001 - half of what is wanted
        if isinstance(node, Comparison):
            op, right = node.links[0]
            self._compare(node.first, op if want else _CONTRARY[op], right)
        elif isinstance(node, Membership):
            self._know(node.value)
            options = constants_of(node.options, self._parameters)
            if options is not None:
                values = self._values.setdefault(node.value, _Values())
                if (value := constant_of(node.value, _NOTHING)) is not None:
                    values.take("==", value)
                if want:
                    values.among.append(options)
                else:
                    values.never += options
        elif isinstance(node, Call) and node.function == "recorded":
            paths = self._known if want else self._missing
            paths.update(each.path for each in node.arguments if isinstance(each, Name))
        else:
            self._know(node)

    def _know(self, *nodes: Node) -> None:
        self._known.update(node.path for node in nodes if isinstance(node, Name))

    def _compare(self, left: Node, op: str, right: Node) -> None:
        self._know(left, right)
        value = constant_of(right, self._parameters)
        if value is not None:
            self._values.setdefault(left, _Values()).take(op, value)
            return
        value = constant_of(left, self._parameters)
        if value is not None and _can_be_turned(value, right):
            self._values.setdefault(right, _Values()).take(_TURNED[op], value)
            return
        lies = self._lies.setdefault((left, right), set("=" if left == right else "<=>"))
        lies &= set(_LIES[op])


def _can_be_turned(value: object, other: Node) -> bool:
    """Whether it is all the same on which side a constant stands.

    An amount may be converted to the currency of the right-hand side, at a rate that is not the
    one of the other direction; where the other side is read, it is that which is converted.
    """
    found = measure(value)
    return isinstance(other, Name) or found is None or not found.scale.isupper()
