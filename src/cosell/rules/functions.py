"""The functions of the language: what each takes, and the type of what it gives.

Every function is a row of ``FUNCTIONS``; nothing else can be called.

This module does not know how a function is computed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Final, Protocol

from cosell.calendars.zones import knows_zone, unknown_zone
from cosell.errors import did_you_mean
from cosell.rules import nodes, typed
from cosell.rules.constants import as_money, constant, date_in, instant_in
from cosell.rules.names import Names
from cosell.rules.nodes import Call, Node
from cosell.rules.operations import MODES
from cosell.rules.parse import QUANTIFIERS
from cosell.rules.scope import Scope
from cosell.rules.typed import Constant, Typed
from cosell.rules.types import BOOL, DATE, SMALL, SPAN, Kind, Type
from cosell.rules.unify import common_type, fitting, mismatch, named_currency, refuse_unknown_labels

__all__ = ["FUNCTIONS", "call"]

_MAX_PLACES: Final = 12
_MAX_SPAN: Final = 10**7
_KEYS: Final = frozenset({Kind.TEXT, Kind.LABEL, Kind.INT, Kind.DATE})


class _Checker(Protocol):
    """What a function asks of the checker."""

    scope: Scope
    names: Names

    def infer(self, node: Node, want: Kind | None = None) -> Typed: ...
    def together(self, parts: Sequence[Node], want: Kind | None = None) -> list[Typed]: ...
    def as_money(self, node: Node) -> Typed: ...
    def written(self, node: Node, want: Kind | None = None) -> Constant: ...


def call(checker: _Checker, node: Call, want: Kind | None) -> Typed:
    """Return the typed tree of a call.

    Raises:
        ExpressionError: There is no such function, or its arguments do not fit.
    """
    if node.function not in FUNCTIONS:
        raise node.at.error(
            f"there is no function `{node.function}`",
            did_you_mean(node.function, [*FUNCTIONS, *QUANTIFIERS]),
        )
    least, most, form, typing = FUNCTIONS[node.function]
    if not least <= len(node.arguments) <= most:
        raise node.at.error(f"{node.function}() takes other arguments", f"Write {form}.")
    return typing(checker, node, want)


def _recorded(checker: _Checker, node: Call, _: Kind | None) -> Typed:
    (argument,) = node.arguments
    if not isinstance(argument, nodes.Name):
        raise argument.at.error("recorded() asks for a field", "Name one.")
    path = checker.names.read(argument)
    if path.type.kind is Kind.LIST:
        raise argument.at.error(
            f"`{argument}` is a list, and a list is never missing",
            f"Write count(True for x in {argument}) > 0.",
        )
    return typed.Recorded(BOOL, node.at, path)


def _default(checker: _Checker, node: Call, want: Kind | None) -> Typed:
    value, otherwise = checker.together(node.arguments, want)
    return typed.Default(common_type((value, otherwise)), node.at, value, otherwise)


def _extreme(checker: _Checker, node: Call, _: Kind | None) -> Typed:
    parts = tuple(checker.as_money(part) for part in node.arguments)
    found = common_type(parts)
    if not found.is_ordered:
        raise parts[0].at.error(f"{found} has no order", "Compare numbers, amounts or dates.")
    found = replace(found, currency=named_currency(parts))
    return typed.Extreme(found, node.at, node.function, parts)


def _round(checker: _Checker, node: Call, _: Kind | None) -> Typed:
    value = _amount(checker, node.arguments[0])
    if value.type.kind is Kind.INT:
        raise value.at.error("a whole number needs no rounding", "Leave round() out.")
    places, mode = _rounding(checker, node.arguments[1:])
    # Rounding up can need one digit more before the point: 9.99 becomes 10.0.
    digits = value.type.digits - value.type.places + 1 + places
    found = fitting(value.type.sized(digits, places), node.at)
    return typed.Rounded(found, node.at, value, places, mode)


def _prorate(checker: _Checker, node: Call, _: Kind | None) -> Typed:
    amount = _amount(checker, node.arguments[0])
    part, whole = (_number(checker, argument) for argument in node.arguments[1:3])
    places, mode = _rounding(checker, node.arguments[3:])
    # The smallest whole that is not zero is one unit of its last place.
    before = amount.type.digits - amount.type.places + part.type.digits - part.type.places
    digits = before + whole.type.places + 1 + places
    found = fitting(amount.type.sized(digits, places), node.at)
    return typed.Prorated(found, node.at, amount, part, whole, places, mode)


def _lookup(checker: _Checker, node: Call, want: Kind | None) -> Typed:
    key = checker.infer(node.arguments[0])
    if key.type.kind not in _KEYS:
        raise key.at.error(
            f"{key.type} cannot be looked up", "Look up a text, a label, a whole number or a date."
        )
    rows = _rows(checker, node.arguments[1], want)
    seen: set[Any] = set()
    for row, _ in rows:
        if row.type.kind is Kind.TEXT and key.type.kind is Kind.LABEL:
            refuse_unknown_labels(key.type, row)
        elif row.type.kind is not key.type.kind:
            raise row.at.error(*mismatch(key.type, row.type))
        if row.value in seen:
            raise row.at.error(f"`{row.value}` stands twice", "Leave one of them out.")
        seen.add(row.value)
    found = common_type([value for _, value in rows])
    pairs = tuple((row.value, value.value) for row, value in rows)
    return typed.LookedUp(found, node.at, key, pairs)


def _rows(checker: _Checker, node: Node, want: Kind | None) -> Sequence[tuple[Constant, Constant]]:
    if isinstance(node, nodes.Name):
        table = checker.names.parameter(node)
        if not isinstance(table, Mapping) or not table:
            raise node.at.error(f"`{node}` is not a table", "Write it out, as {'gold': 0.10}.")
        pairs = [(constant(key, node.at), constant(row, node.at)) for key, row in table.items()]
        meant, own = want is Kind.MONEY, checker.scope.currencies
        return [(key, as_money(row, own) if meant else row) for key, row in pairs]
    if not isinstance(node, nodes.Table) or not node.rows:
        raise node.at.error("a table stands here", "Write it out, as {'gold': 0.10}.")
    return [(checker.written(key), checker.written(row, want)) for key, row in node.rows]


def _day(checker: _Checker, node: Call, _: Kind | None) -> Typed:
    instant = _of_kind(checker, node.arguments[0], Kind.INSTANT)
    zone = _text(node.arguments[1])
    if not knows_zone(zone):
        raise node.arguments[1].at.error(*unknown_zone(zone))
    return typed.DayOf(DATE, node.at, instant, zone)


def _days(checker: _Checker, node: Call, _: Kind | None) -> Typed:
    start, end = (_of_kind(checker, argument, Kind.DATE) for argument in node.arguments[:2])
    if node.function == "days":
        return typed.Days(SMALL, node.at, start, end, None, None)
    name = _text(node.arguments[2])
    calendar = checker.scope.calendars.get(name)
    if calendar is None:
        raise node.arguments[2].at.error(
            f"there is no calendar `{name}`", did_you_mean(name, list(checker.scope.calendars))
        )
    return typed.Days(SMALL, node.at, start, end, calendar, name)


def _date(_: _Checker, node: Call, __: Kind | None) -> Typed:
    found = date_in(_text(node.arguments[0]))
    if found is None:
        raise node.arguments[0].at.error("this is no day", "Write it as date('2026-11-20').")
    return constant(found, node.at)


def _instant(_: _Checker, node: Call, __: Kind | None) -> Typed:
    found = instant_in(_text(node.arguments[0]))
    if found is None:
        raise node.arguments[0].at.error(
            "this is no moment with an offset",
            "Write it as instant('2026-11-20T10:00:00+01:00').",
        )
    return constant(found, node.at)


def _span(checker: _Checker, node: Call, _: Kind | None) -> Typed:
    found = checker.infer(node.arguments[0])
    value = found.value if isinstance(found, Constant) else None
    if found.type.kind is not Kind.INT or value is None or abs(value) > _MAX_SPAN:
        raise found.at.error(
            f"{node.function}() takes a whole number, at most ten million",
            "Write one, or name a parameter.",
        )
    return Constant(SPAN, node.at, timedelta(**{node.function: value}))


def _amount(checker: _Checker, node: Node) -> Typed:
    found = checker.as_money(node)
    if found.type.is_number or found.type.kind is Kind.MONEY:
        return found
    raise found.at.error(f"a number or money stands here, and this is {found.type}", "Give one.")


def _number(checker: _Checker, node: Node) -> Typed:
    found = checker.infer(node)
    if found.type.is_number:
        return found
    raise found.at.error(f"a number stands here, and this is {found.type}", "Give one.")


def _of_kind(checker: _Checker, node: Node, kind: Kind) -> Typed:
    found = checker.infer(node)
    if found.type.kind is kind:
        return found
    needed = "a date" if kind is Kind.DATE else "an instant"
    _, remedy = mismatch(found.type, Type(kind))
    raise found.at.error(f"{needed} stands here, and this is {found.type}", remedy)


def _rounding(checker: _Checker, arguments: Sequence[Node]) -> tuple[int, str]:
    places = checker.infer(arguments[0])
    value = places.value if isinstance(places, Constant) else None
    if places.type.kind is not Kind.INT or value is None or not 0 <= value <= _MAX_PLACES:
        raise places.at.error(
            "the number of places is written out", f"Write a number from 0 to {_MAX_PLACES}."
        )
    mode = _text(arguments[1])
    if mode not in MODES:
        raise arguments[1].at.error(
            f"there is no way of rounding `{mode}`", did_you_mean(mode, list(MODES))
        )
    return value, mode


def _text(node: Node) -> str:
    if isinstance(node, nodes.Literal) and isinstance(node.value, str):
        return node.value
    raise node.at.error("a text that is written out stands here", "Write it in quotation marks.")


_Typing = Callable[[_Checker, Call, "Kind | None"], Typed]

#: Each function: the least and most arguments, how it is written, and how it is typed.
FUNCTIONS: Final[Mapping[str, tuple[int, int, str, _Typing]]] = MappingProxyType(
    {
        "recorded": (1, 1, "recorded(x)", _recorded),
        "default": (2, 2, "default(x, y)", _default),
        "min": (2, 20, "min(x, y)", _extreme),
        "max": (2, 20, "max(x, y)", _extreme),
        "round": (3, 3, "round(x, 2, 'half_up')", _round),
        "prorate": (5, 5, "prorate(amount, part, whole, 2, 'half_up')", _prorate),
        "lookup": (2, 2, "lookup(x, {'gold': 0.10})", _lookup),
        "days": (2, 2, "days(a, b)", _days),
        "business_days": (3, 3, "business_days(a, b, 'calendar')", _days),
        "day": (2, 2, "day(x, 'Europe/Prague')", _day),
        "date": (1, 1, "date('2026-11-20')", _date),
        "instant": (1, 1, "instant('2026-11-20T10:00:00+01:00')", _instant),
        "hours": (1, 1, "hours(72)", _span),
        "minutes": (1, 1, "minutes(30)", _span),
    }
)
