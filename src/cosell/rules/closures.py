"""Run kernel trees as closures: no text is generated, and every step can be looked into.

It serves hosts that forbid generated code, and the cases that the generated functions leave to
it: a field that cannot be read, and the reason why a value is missing.

This module does not know what unknown is, or what a criterion is.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

from cosell.rules import kernel, operations
from cosell.rules.derived import read_derived
from cosell.rules.judgement import Result, fields_in
from cosell.rules.kernel import Field, Node, Predicate, Value
from cosell.rules.lowered import Amount, Truth
from cosell.rules.typed import Root
from cosell.rules.types import Kind

__all__ = ["Closures", "Env", "Run"]


class Env(dict[int, Any]):
    """One call: what was given, and the values of fields by the identity of the kernel's field."""

    __slots__ = (
        "actor",
        "answer",
        "at",
        "facts",
        "item",
        "notes",
        "rates",
        "record",
        "whole",
        "zone",
    )

    def __init__(self, given: tuple[Any, ...], zone: tzinfo) -> None:
        self.record, self.whole, self.actor, self.facts, self.at, self.rates = given
        self.zone = zone
        self.item: Any = None
        #: What a host's predicate answered.
        self.answer: bool | None = None
        #: What would make a missing value known: a rate, a longer calendar.
        self.notes: list[str] = []

    @property
    def as_of(self) -> date | None:
        """The date of the moment of the call, in the zone of the process."""
        return operations.local_date(operations.as_instant(self.at), self.zone)


#: What a tree becomes.
Run: TypeAlias = Callable[[Env], Any]

_COMPARE: Final = MappingProxyType(
    {
        "==": operator.eq,
        "!=": operator.ne,
        "<": operator.lt,
        "<=": operator.le,
        ">": operator.gt,
        ">=": operator.ge,
    }
)
_WHOLE: Final = MappingProxyType({"+": operator.add, "-": operator.sub, "*": operator.mul})
_DECIMAL: Final = MappingProxyType(
    {
        "+": operations.EXACT.add,
        "-": operations.EXACT.subtract,
        "*": operations.EXACT.multiply,
    }
)
#: What constants are worked out with.
_NO_CALL: Final = Env((None,) * 6, UTC)
_OWNERS: Final[Mapping[Root, Run]] = MappingProxyType(
    {
        Root.RECORD: lambda env: env.record,
        Root.WHOLE: lambda env: env.whole,
        Root.ACTOR: lambda env: env.actor,
        Root.ITEM: lambda env: env.item,
    }
)


class Closures:
    """Turns kernel trees into closures; a field's value has to be read before they run."""

    def predicate(self, node: Predicate) -> Run:
        """Return a closure that says whether a predicate is true."""
        return _PREDICATES[type(node)](self, node)

    def value(self, node: Value) -> Run:
        """Return a closure that gives a value, or ``None`` where it is missing."""
        return _VALUES[type(node)](self, node)

    def result(self, result: Result) -> Run:
        """Return a closure that gives a value to hand out, ``None`` where it is missing."""
        if result.field is not None:
            key = id(result.field)
            return lambda env: env[key]
        found = result.lowered
        if isinstance(found, Truth):
            true, false = self.predicate(found.true), self.predicate(found.false)
            return lambda env: True if true(env) else False if false(env) else None
        known, value = self.predicate(found.known), self.value(found.value)
        if isinstance(found, Amount):
            currency = self.value(found.currency)
            return lambda env: (
                operations.as_money(value(env), currency(env)) if known(env) else None
            )
        if result.kind is Kind.DECIMAL:
            return lambda env: Decimal(value(env)) if known(env) else None
        return lambda env: value(env) if known(env) else None

    def reading(self, field: Field) -> Run:
        """Return a closure that reads a field, whose parent was read before.

        A moment that cannot be compared is refused when it is read.
        """
        read = self._reading(field)
        if field.type.kind is not Kind.INSTANT:
            return read

        def read_moment(env: Env) -> datetime | None:
            found: datetime | None = read(env)
            if found is not None:
                operations.as_instant(found)
            return found

        return read_moment

    def _reading(self, field: Field) -> Run:
        name, parent = field.name, field.parent
        if field.root is Root.CALL:
            return (lambda env: env.at) if name == "at" else (lambda env: env.as_of)
        if field.root is Root.FACTS and parent is None:
            return lambda env: None if env.facts is None else env.facts.get(name)
        owner = _OWNERS[field.root] if parent is None else _already_read(parent)
        if not name:
            return owner
        can_be_missing = parent is not None and parent.can_be_missing
        read = _reading_of(field)

        def read_member(env: Env) -> Any:
            found = owner(env)
            return None if found is None and can_be_missing else read(found)

        return read_member


def _always(_: Closures, node: kernel.Always) -> Run:
    return lambda _: node.truth


def _all_of(to: Closures, node: kernel.And) -> Run:
    first, *others = [to.predicate(part) for part in node.parts]
    if len(others) == 1:
        second = others[0]
        return lambda env: first(env) and second(env)
    if len(others) == 2:  # noqa: PLR2004 - a pair, written out because it is twice as fast
        second, third = others
        return lambda env: first(env) and second(env) and third(env)
    return lambda env: first(env) and all(part(env) for part in others)


def _any_of(to: Closures, node: kernel.Or) -> Run:
    parts = [to.predicate(part) for part in node.parts]
    return lambda env: any(part(env) for part in parts)


def _not(to: Closures, node: kernel.Not) -> Run:
    part = to.predicate(node.part)
    return lambda env: not part(env)


def _known(to: Closures, node: kernel.Known) -> Run:
    value = to.value(node.value)
    if isinstance(node.value, Field) and node.value.root is not Root.CALL:
        key = id(node.value)
        return lambda env: env[key] is not None
    return lambda env: value(env) is not None


def _holds(to: Closures, node: kernel.Holds) -> Run:
    value, truth = to.value(node.value), node.truth
    return lambda env: value(env) is truth


def _compare(to: Closures, node: kernel.Compare) -> Run:
    left, right, compare = to.value(node.left), to.value(node.right), _COMPARE[node.op]
    if isinstance(node.right, kernel.Constant):
        constant = right(_NO_CALL)
        return lambda env: compare(left(env), constant)
    return lambda env: compare(left(env), right(env))


def _among(to: Closures, node: kernel.In) -> Run:
    value, options = to.value(node.value), frozenset(node.options)
    return lambda env: value(env) in options


def _any_item(to: Closures, node: kernel.AnyItem) -> Run:
    each = _each(to, node)
    return lambda env: any(each(env))


def _count_items(to: Closures, node: kernel.CountItems) -> Run:
    each = _each(to, node)
    return lambda env: sum(each(env))


def _each(to: Closures, node: kernel.AnyItem | kernel.CountItems) -> Run:
    """Return a closure that yields for each item whether the predicate is true of it."""
    items, predicate = to.value(node.items), to.predicate(node.predicate)
    own = fields_in([node.predicate], of_item=True)
    readings = [(id(field), to.reading(field)) for field in own]

    def each(env: Env) -> Any:
        for item in items(env) or ():
            env.item = item
            for key, read in readings:
                env[key] = read(env)
            yield predicate(env)

    return each


def _constant(_: Closures, node: kernel.Constant) -> Run:
    value = node.value
    found = operations.as_instant(value) if isinstance(value, datetime) else value
    return lambda _: found


def _field(to: Closures, node: Field) -> Run:
    key = id(node)
    if node.root is Root.CALL:
        return to.reading(node) if node.name == "as_of" else _instant(to.reading(node))
    if node.type.kind is Kind.INSTANT:
        return _instant(lambda env: env[key])
    return lambda env: env[key]


def _arithmetic(to: Closures, node: kernel.Arithmetic) -> Run:
    left, right = to.value(node.left), to.value(node.right)
    if node.type.kind is Kind.INT:
        whole = _WHOLE[node.op]
        return lambda env: operations.within_64_bits(whole(left(env), right(env)))
    exact = _DECIMAL[node.op]
    return lambda env: exact(left(env), right(env))


def _round(to: Closures, node: kernel.Round) -> Run:
    value, places, mode = to.value(node.value), node.places, node.mode
    return lambda env: operations.rounded(value(env), places, mode)


def _extreme(to: Closures, node: kernel.Extreme) -> Run:
    parts = [to.value(part) for part in node.parts]
    outermost: Callable[[Any], Any] = min if node.which == "min" else max
    return lambda env: outermost([part(env) for part in parts])


def _case(to: Closures, node: kernel.Case) -> Run:
    condition = to.predicate(node.condition)
    then, otherwise = to.value(node.then), to.value(node.otherwise)
    return lambda env: then(env) if condition(env) else otherwise(env)


def _lookup(to: Closures, node: kernel.Lookup) -> Run:
    key, rows = to.value(node.key), dict(node.rows)
    return lambda env: rows[key(env)]


def _prorate(to: Closures, node: kernel.Prorate) -> Run:
    amount, part, whole = map(to.value, (node.amount, node.part, node.whole))
    places, mode = node.places, node.mode
    return lambda env: operations.prorated(amount(env), part(env), whole(env), places, mode)


def _exchange(to: Closures, node: kernel.Exchange) -> Run:
    amount, source, target = map(to.value, (node.amount, node.source, node.target))
    on_known, on = to.predicate(node.on_known), to.value(node.on)

    def exchange(env: Env) -> Any:
        first, second = source(env), target(env)
        if first == second:
            return amount(env)
        day = on(env) if on_known(env) else None
        found = operations.exchanged(amount(env), first, second, day, env.rates)
        if found is None:
            which = f"the {first}→{second} rate"
            missing = f"Give {which} of {day}." if day else f"Record the day of {which}."
            env.notes.append(missing)
        return found

    return exchange


def _days(to: Closures, node: kernel.Days) -> Run:
    start, end, calendar = to.value(node.start), to.value(node.end), node.calendar
    if calendar is None:
        return lambda env: (end(env) - start(env)).days

    def days(env: Env) -> int | None:
        found = operations.business_days(calendar, start(env), end(env))
        if found is None:
            span = f"from {start(env)} to {end(env)}"
            env.notes.append(f"Give calendar `{node.calendar_name}` {span}.")
        return found

    return days


def _day_of(to: Closures, node: kernel.DayOf) -> Run:
    instant, zone = to.value(node.instant), ZoneInfo(node.zone)
    return lambda env: operations.local_date(instant(env), zone)


def _elapsed(to: Closures, node: kernel.Elapsed) -> Run:
    later, earlier = to.value(node.later), to.value(node.earlier)
    return lambda env: later(env) - earlier(env)


def _already_read(field: Field) -> Run:
    key = id(field)
    return lambda env: env[key]


def _reading_of(field: Field) -> Callable[[Any], Any]:
    name, needed, optional = field.name, field.type, field.optional
    if field.derived:
        return lambda owner: read_derived(owner, name, needed, optional)
    # Like generated code: a model's fields stand in its own dictionary.
    return lambda owner: owner.__dict__[name]


def _instant(read: Run) -> Run:
    def instant(env: Env) -> datetime | None:
        found = read(env)
        return None if found is None else operations.as_instant(found)

    return instant


_PREDICATES: Final[Mapping[type[Node], Callable[[Closures, Any], Run]]] = MappingProxyType(
    {
        kernel.Always: _always,
        kernel.And: _all_of,
        kernel.Or: _any_of,
        kernel.Not: _not,
        kernel.Known: _known,
        kernel.Holds: _holds,
        kernel.Compare: _compare,
        kernel.In: _among,
        kernel.AnyItem: _any_item,
    }
)
_VALUES: Final[Mapping[type[Node], Callable[[Closures, Any], Run]]] = MappingProxyType(
    {
        kernel.Constant: _constant,
        kernel.Field: _field,
        kernel.Arithmetic: _arithmetic,
        kernel.Round: _round,
        kernel.Extreme: _extreme,
        kernel.Case: _case,
        kernel.Lookup: _lookup,
        kernel.Prorate: _prorate,
        kernel.Exchange: _exchange,
        kernel.Days: _days,
        kernel.DayOf: _day_of,
        kernel.Elapsed: _elapsed,
        kernel.CountItems: _count_items,
    }
)
