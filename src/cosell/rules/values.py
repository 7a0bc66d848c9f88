"""Lower each kind of value to what it is, and where it is there.

This module does not know how anything is run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from cosell.money import Money
from cosell.rules import kernel, typed
from cosell.rules.kernel import TRUE, Predicate, Value
from cosell.rules.lowered import Amount, Lowers, Scalar, both, either, negation
from cosell.rules.typed import Typed
from cosell.rules.types import TEXT, Kind, Type, decimal

__all__ = ["VALUES"]


def _plain(money: Type) -> Type:
    """Return the type of an amount without its currency."""
    return decimal(money.digits, money.places)


def _money(value: Money, kind: Type) -> Amount:
    amount = kernel.Constant(_plain(kind), value.amount)
    return Amount(TRUE, amount, kernel.Constant(TEXT, value.currency))


def _constant(_: Lowers, node: typed.Constant) -> Scalar | Amount:
    if isinstance(node.value, Money):
        return _money(node.value, node.type)
    return Scalar(TRUE, kernel.Constant(node.type, node.value))


def _read(low: Lowers, node: typed.Read) -> Scalar | Amount:
    field = low.field(node)
    known = low.known(field)
    if node.type.kind is Kind.MONEY:
        return Amount(known, *low.money_parts(field))
    return Scalar(known, field)


def _arithmetic(low: Lowers, node: typed.Arithmetic) -> Scalar | Amount:
    left, right = low.value(node.left), low.value(node.right)
    if isinstance(left, Amount) and isinstance(right, Amount):
        types = node.left.type, node.right.type
        (first, second), currency = _one_currency(low, (left, right), types)
        return Amount(*_worked_out(low, node, first, second), currency)
    known, value = _worked_out(low, node, left, right)
    for side in (left, right):
        if isinstance(side, Amount):
            return Amount(known, value, side.currency)
    return Scalar(known, value)


def _worked_out(
    low: Lowers, node: typed.Arithmetic, left: Scalar | Amount, right: Scalar | Amount
) -> tuple[Predicate, Value]:
    whole = node.type.kind is Kind.INT
    kind = node.type if whole else _plain(node.type)
    value = kernel.Arithmetic(kind, node.op, left.value, right.value)
    # Only whole numbers can leave their range: the digits of decimals are checked beforehand.
    fits = low.known(value) if whole else TRUE
    return both(left.known, right.known, fits), value


def _one_currency(
    low: Lowers, parts: Sequence[Amount], types: Sequence[Type]
) -> tuple[list[Scalar], Value]:
    """Convert all to the first currency that is written out, else to that of the first part."""
    named = (part for part, kind in zip(parts, types, strict=True) if kind.currency is not None)
    target = next(named, parts[0])
    return [low.exchanged(part, target) for part in parts], target.currency


def _rounded(low: Lowers, node: typed.Rounded) -> Scalar | Amount:
    inner = low.value(node.value)
    value = kernel.Round(_plain(node.type), inner.value, node.places, node.mode)
    return _like(inner, inner.known, value)


def _like(model: Scalar | Amount, known: Predicate, value: Value) -> Scalar | Amount:
    """Return a value that is money in the same currency if ``model`` is money."""
    if isinstance(model, Amount):
        return Amount(known, value, model.currency)
    return Scalar(known, value)


def _extreme(low: Lowers, node: typed.Extreme) -> Scalar | Amount:
    if node.type.kind is Kind.MONEY:
        found = map(low.value, node.parts)
        amounts = [part for part in found if isinstance(part, Amount)]
        parts, currency = _one_currency(low, amounts, [part.type for part in node.parts])
        return Amount(*_outermost(node, _plain(node.type), parts), currency)
    return Scalar(*_outermost(node, node.type, [low.scalar(part) for part in node.parts]))


def _outermost(node: typed.Extreme, kind: Type, parts: Sequence[Scalar]) -> tuple[Predicate, Value]:
    known = both(*(part.known for part in parts))
    return known, kernel.Extreme(kind, node.which, tuple(part.value for part in parts))


def _default(low: Lowers, node: typed.Default) -> Scalar | Amount:
    value, otherwise = low.value(node.value), low.value(node.otherwise)
    if value.known is TRUE:
        return value
    known = either(value.known, otherwise.known)
    return _either_of(node.type, known, value.known, value, otherwise)


def _choice(low: Lowers, node: typed.Choice) -> Scalar | Amount:
    condition = low.truth(node.condition)
    then, otherwise = low.value(node.then), low.value(node.otherwise)
    if then.known is TRUE and otherwise.known is TRUE:
        known = condition.known
    else:
        known = either(both(condition.true, then.known), both(condition.false, otherwise.known))
    return _either_of(node.type, known, condition.true, then, otherwise)


def _either_of(
    kind: Type,
    known: Predicate,
    condition: Predicate,
    then: Scalar | Amount,
    otherwise: Scalar | Amount,
) -> Scalar | Amount:
    if not (isinstance(then, Amount) and isinstance(otherwise, Amount)):
        return Scalar(known, kernel.Case(kind, condition, then.value, otherwise.value))
    value = kernel.Case(_plain(kind), condition, then.value, otherwise.value)
    if _same_constant(then.currency, otherwise.currency):
        return Amount(known, value, then.currency)
    currency = kernel.Case(TEXT, condition, then.currency, otherwise.currency)
    return Amount(known, value, currency)


def _same_constant(left: Value, right: Value) -> bool:
    if not (isinstance(left, kernel.Constant) and isinstance(right, kernel.Constant)):
        return False
    return bool(left.value == right.value)


def _looked_up(low: Lowers, node: typed.LookedUp) -> Scalar | Amount:
    key = low.scalar(node.key)
    known = both(key.known, kernel.In(key.value, tuple(row for row, _ in node.rows)))
    if node.type.kind is not Kind.MONEY:
        return Scalar(known, kernel.Lookup(node.type, key.value, node.rows))
    amounts = tuple((row, money.amount) for row, money in node.rows)
    currencies = tuple((row, money.currency) for row, money in node.rows)
    value = kernel.Lookup(_plain(node.type), key.value, amounts)
    if len({currency for _, currency in currencies}) == 1:
        return Amount(known, value, kernel.Constant(TEXT, currencies[0][1]))
    return Amount(known, value, kernel.Lookup(TEXT, key.value, currencies))


def _prorated(low: Lowers, node: typed.Prorated) -> Scalar | Amount:
    amount, part, whole = low.value(node.amount), low.scalar(node.part), low.scalar(node.whole)
    value = kernel.Prorate(
        _plain(node.type), amount.value, part.value, whole.value, node.places, node.mode
    )
    known = both(amount.known, part.known, whole.known, low.known(value))
    return _like(amount, known, value)


def _days(low: Lowers, node: typed.Days) -> Scalar:
    start, end = low.scalar(node.start), low.scalar(node.end)
    value = kernel.Days(node.type, start.value, end.value, node.calendar, node.calendar_name)
    covered = TRUE if node.calendar is None else low.known(value)
    return Scalar(both(start.known, end.known, covered), value)


def _day_of(low: Lowers, node: typed.DayOf) -> Scalar:
    instant = low.scalar(node.instant)
    value = kernel.DayOf(node.type, instant.value, node.zone)
    return Scalar(both(instant.known, low.known(value)), value)


def _elapsed(low: Lowers, node: typed.Elapsed) -> Scalar:
    later, earlier = low.scalar(node.later), low.scalar(node.earlier)
    value = kernel.Elapsed(node.type, later.value, earlier.value)
    return Scalar(both(later.known, earlier.known), value)


def _counted(low: Lowers, node: typed.Counted) -> Scalar:
    items, each = low.field(node.items), low.truth(node.predicate)
    value = kernel.CountItems(node.type, items, each.true)
    open_items = each.unknown
    sure = TRUE if each.certain else negation(kernel.AnyItem(items, open_items))
    return Scalar(both(low.known(items), sure), value)


VALUES: Final[Mapping[type[Typed], Callable[[Lowers, Any], Scalar | Amount]]] = MappingProxyType(
    {
        typed.Constant: _constant,
        typed.Read: _read,
        typed.Arithmetic: _arithmetic,
        typed.Rounded: _rounded,
        typed.Extreme: _extreme,
        typed.Default: _default,
        typed.Choice: _choice,
        typed.LookedUp: _looked_up,
        typed.Prorated: _prorated,
        typed.Days: _days,
        typed.DayOf: _day_of,
        typed.Elapsed: _elapsed,
        typed.Counted: _counted,
    }
)
