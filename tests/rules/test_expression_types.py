"""Checking expressions: what names mean, which types fit, and where an error points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from cosell._base import Model
from cosell.errors import ExpressionError
from cosell.models.record import Record
from cosell.money import Money
from cosell.rules import Scope, check, parse
from cosell.rules.types import Kind
from rules.expressions import FACTS, PARAMETERS, SCOPE, STAGES, Contact, Deal

TRACK = Scope(
    model=Contact,
    whole=Deal,
    parameters=PARAMETERS,
    facts=FACTS,
    labels={"record.stage": STAGES},
    calendars=SCOPE.calendars,
)


def error_in(text: str, scope: Scope = SCOPE, want: Kind | None = None) -> ExpressionError:
    """Return the error that checking ``text`` raises."""
    with pytest.raises(ExpressionError) as caught:
        check(text, scope, want)
    return caught.value


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("won", "bool", id="a boolean field is a condition"),
        pytest.param("users", "int(19)", id="an integer has nineteen digits"),
        pytest.param("buyer.age", "int(3)", id="bounds say how many digits"),
        pytest.param("5", "int(1)", id="a literal has its own digits"),
        pytest.param("-5", "int(1)", id="a sign is no digit"),
        pytest.param("0.0100", "decimal(4, 4)", id="a decimal keeps its places"),
        pytest.param("rate", "decimal(2, 2)", id="a parameter has its own places"),
        pytest.param("discount", "decimal(5, 4)", id="a field has its bounds"),
        pytest.param("facts.ratio", "decimal(18, 8)", id="a fact has bounds"),
        pytest.param("acv", "money(19, 4)", id="money"),
        pytest.param("acv.amount", "decimal(19, 4)", id="the amount of money"),
        pytest.param("acv.currency", "text", id="the currency of money"),
        pytest.param("owner", "text", id="text"),
        pytest.param("kind", "label", id="a literal type is an enumeration"),
        pytest.param("size", "label", id="an enum is an enumeration"),
        pytest.param("stage", "label", id="labels of the scope make an enumeration"),
        pytest.param("signed_on", "date", id="date"),
        pytest.param("as_of", "date", id="the date of the moment"),
        pytest.param("at", "instant", id="the moment"),
        pytest.param("won_at", "instant", id="instant"),
        pytest.param("weight", "int(19)", id="a property is a derived field"),
        pytest.param("users + 1", "int(19)", id="a sum of integers has 64 bits"),
        pytest.param("users * 3", "int(19)", id="a product of integers has 64 bits"),
        pytest.param("score + 1", "decimal(10, 3)", id="a sum has one digit more"),
        pytest.param("score - discount", "decimal(11, 4)", id="a sum has the most places"),
        pytest.param("score * rate", "decimal(11, 5)", id="a product adds digits and places"),
        pytest.param("acv * rate", "money(21, 6)", id="money times a number"),
        pytest.param("2 * acv", "money(20, 4)", id="a number times money"),
        pytest.param("acv + tcv", "money(20, 4)", id="a sum of money"),
        pytest.param("-acv", "money(19, 4)", id="negative money"),
        pytest.param("-score", "decimal(9, 3)", id="a negative number"),
        pytest.param("round(score, 1, 'half_up')", "decimal(8, 1)", id="rounding can add a digit"),
        pytest.param("round(acv * rate, 2, 'half_up')", "money(18, 2)", id="rounded money"),
        pytest.param("min(users, 5)", "int(19)", id="the least integer"),
        pytest.param("max(users, 0.5)", "decimal(20, 1)", id="the greatest of mixed numbers"),
        pytest.param("min(acv, above)", "money(19, 4)", id="the least amount"),
        pytest.param("min(above, '5.5 USD')", "money(6, 1)", id="texts that are money"),
        pytest.param("max(signed_on, as_of)", "date", id="the latest date"),
        pytest.param("default(users, 0)", "int(19)", id="a default"),
        pytest.param("default(tcv, '0 USD')", "money(19, 4)", id="a default of money"),
        pytest.param("1 if won else 0.5", "decimal(2, 1)", id="a choice of mixed numbers"),
        pytest.param("won if hot else False", "bool", id="a choice of conditions"),
        pytest.param("'a' if won else owner", "text", id="a choice of texts"),
        pytest.param("kind if won else 'none'", "label", id="a choice of a label and a text"),
        pytest.param("lookup(kind, fees)", "text", id="a table of texts"),
        pytest.param("lookup(kind, {'land': 1, 'expand': 0.25})", "decimal(3, 2)", id="a table"),
        pytest.param("prorate(fee, 92, 365, 2, 'half_up')", "money(20, 2)", id="a share"),
        pytest.param("prorate(buyer.age, 1, 2, 0, 'up')", "decimal(5, 0)", id="a share of a count"),
        pytest.param("days(signed_on, closes_on)", "int(7)", id="days"),
        pytest.param("business_days(signed_on, as_of, 'office')", "int(7)", id="business days"),
        pytest.param("day(won_at, 'Europe/Prague')", "date", id="the date of an instant"),
        pytest.param("date('2026-11-20')", "date", id="a date that is written out"),
        pytest.param("instant('2026-11-20T10:00Z')", "instant", id="an instant written out"),
        pytest.param("count(p.active for p in people)", "int(7)", id="a count"),
        pytest.param("recorded(contact)", "bool", id="recorded of a group of fields"),
        pytest.param("recorded(contact.name)", "bool", id="recorded of a field in a group"),
        pytest.param("any(t == 'co_selling' for t in tags)", "bool", id="items that are labels"),
        pytest.param("all(n > 3 for n in numbers)", "bool", id="items that are numbers"),
        pytest.param("lookup(kind, {'land': True})", "bool", id="a table of conditions"),
    ],
)
def test_every_expression_has_a_static_type(text: str, shown: str) -> None:
    """The type of an expression, its digits and its places are known before it runs."""
    found = check(text, SCOPE).type
    size = {
        Kind.INT: f"({found.digits})",
        Kind.DECIMAL: f"({found.digits}, {found.places})",
        Kind.MONEY: f"({found.digits}, {found.places})",
    }.get(found.kind, "")

    assert f"{found.kind.value}{size}" == shown


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("acv > '50000 USD'", id="a text beside money is money"),
        pytest.param("'50000 USD' < acv", id="on either side"),
        pytest.param("acv > above", id="a text parameter beside money is money"),
        pytest.param("acv > ('5 USD' if won else '6 USD')", id="through a choice"),
        pytest.param("acv > default('5 USD', above)", id="through a default"),
        pytest.param("acv > max('5 USD', above)", id="through a greatest"),
        pytest.param("acv > lookup(kind, {'land': '5 USD'})", id="through a table"),
        pytest.param("acv > lookup(kind, fees)", id="through a table parameter"),
        pytest.param("acv > above * 2", id="in a product"),
        pytest.param("acv > above + '1 USD'", id="in a sum"),
        pytest.param("acv > -above", id="with a sign"),
        pytest.param("acv == '5 USD' and owner == '5 USD'", id="a text beside a text is none"),
        pytest.param("prorate(above, 1, 2, 2, 'half_up') < acv", id="in a share"),
        pytest.param("round(above, 0, 'up') < acv", id="rounded"),
        pytest.param("kind == 'land' or 'expand' == kind", id="a text beside a label"),
        pytest.param("kind == ('land' if won else 'expand')", id="chosen texts beside a label"),
        pytest.param("buyer.country == contact.country", id="two labels"),
        pytest.param("contact.country in countries", id="a list parameter of labels"),
        pytest.param("users in sizes", id="a list parameter of numbers"),
        pytest.param("signed_on in {date('2026-11-20')}", id="a list of dates"),
        pytest.param("score in {1, 2.5}", id="a list of mixed numbers"),
        pytest.param("won_at - created_at >= hours(72)", id="a difference and hours"),
        pytest.param("minutes(-30) < won_at - created_at", id="minutes and a difference"),
        pytest.param("won_at - at == hours(wait)", id="hours of a parameter"),
        pytest.param("won_at - at < hours(10000000)", id="the most hours"),
        pytest.param(f"min({', '.join(['users'] * 20)}) > 1", id="the least of twenty"),
        pytest.param("(acv > tcv) == won", id="two conditions"),
        pytest.param("lookup(closes_on, {date('2026-12-01'): 4}) > 1", id="a table by date"),
        pytest.param("actor.id != owner and actor.party == 'acme'", id="who asks"),
        pytest.param("actor.role in {'partner'}", id="in what capacity"),
        pytest.param("acv * users < tcv * 1234567890123456789", id="a comparison of any digits"),
    ],
)
def test_types_that_go_together(text: str) -> None:
    """What the language allows is allowed."""
    assert check(text, SCOPE).type.kind is Kind.BOOL


#: Text, column, and parts of problem and remedy.
MISFITS: tuple[tuple[str, int, str, str], ...] = (
    # Names.
    ("acv > abvoe", 7, "there is no field `abvoe`", "Did you mean `above`?"),
    ("contact.nmae == 'x'", 9, "there is no field `nmae`", "Did you mean `name`?"),
    ("acv.value > 5", 5, "there is no field `value`", "Use one of: amount, currency."),
    ("users.x > 1", 7, "`users` has no fields", "alone"),
    ("poc.stage.x == 'a'", 11, "`stage` has no fields", "alone"),
    ("people.role == 'champion'", 8, "`people` is a list", "any(x.role"),
    ("people", 1, "`people` is a list", "count("),
    ("contact == 'x'", 1, "`contact` is a group of fields", "contact.x"),
    ("facts", 1, "`facts` is a group of fields", "facts.x"),
    ("facts.chekced", 7, "there is no `facts.chekced`", "Did you mean `checked`?"),
    ("facts.city.x == 'a'", 12, "`facts.city` has no fields", "alone"),
    ("actor == 'p'", 1, "`actor` is a group of fields", "actor.x"),
    (
        "actor.name == 'p'",
        7,
        "there is no `actor.name`",
        "id, on_behalf_of, party, principal, role",
    ),
    ("at.year == 2026", 4, "`at` has no fields", "alone"),
    ("as_of.year == 2026", 7, "`as_of` has no fields", "alone"),
    ("seats.x == 1", 7, "`seats` has no fields", "alone"),
    ("record.acv > '5 USD'", 1, "`record.` means the whole record inside a track", "alone"),
    ("recrded(acv)", 1, "there is no function `recrded`", "Did you mean `recorded`?"),
    ("len(people) > 1", 1, "there is no function `len`", "Use one of:"),
    ("recorded(seats)", 10, "`seats` is a parameter", "Name a field"),
    ("users in sizse", 10, "there is no parameter `sizse`", "Did you mean `sizes`?"),
    ("users in seats", 10, "`seats` is not a list of values", "Write them out"),
    ("countries == 'CZ'", 1, "expressions have no such values", "Give a number"),
    # Conditions.
    ("acv and won", 1, "a condition is needed here, and this is money", "Compare it"),
    ("not users", 5, "a condition is needed here, and this is a whole number", "Compare it"),
    ("1 if acv else 2", 6, "a condition is needed here, and this is money", "Compare it"),
    ("any(p.role for p in people)", 5, "a condition is needed here, and this is a label", "C"),
    # Comparisons.
    ("acv > 50000", 7, "money stands beside a whole number", '"50000 USD"'),
    ("acv > 0.5", 7, "money stands beside a decimal", '"50000 USD"'),
    ("acv > 'a lot'", 7, "`a lot` is not an amount and a currency", '"50000 USD"'),
    ("acv > '50000'", 7, "`50000` is not an amount and a currency", '"50000 USD"'),
    ("acv > owner", 7, "money stands beside a text", "of one type"),
    ("acv > won", 7, "money stands beside a condition", "of one type"),
    ("signed_on > '2026-11-20'", 13, "a date stands beside a text", "date('2026-11-20')"),
    ("won_at > '2026-11-20'", 10, "an instant stands beside a text", "instant('2026"),
    ("signed_on > won_at", 13, "a date stands beside an instant", "day(x, 'Zone')"),
    ("users == '5'", 10, "a whole number stands beside a text", "without quotation marks"),
    ("score == '5'", 10, "a decimal stands beside a text", "without quotation marks"),
    ("won == 'yes'", 8, "a condition stands beside a text", "True or False"),
    ("won == 1", 8, "a condition stands beside a whole number", "of one type"),
    ("owner > 'a'", 1, "a text has no order", "`==`"),
    ("kind < 'land'", 1, "a label has no order", "`==`"),
    ("won < hot", 1, "a condition has no order", "`==`"),
    ("won_at - created_at > 72", 23, "a span of time stands beside a whole number", "hours"),
    ("won_at - at > at - won_at", 15, "compared with hours or minutes", "hours(72)"),
    ("hours(1) < hours(2)", 12, "compared with hours or minutes", "hours(72)"),
    ("owner == kind", 10, "a text stands beside a label", "written out"),
    ("kind == buyer.country", 9, "no label in common", "of one kind"),
    ("kind == 'lnad'", 9, "there is no label `lnad`", "Did you mean `land`?"),
    ("'lnad' == kind", 1, "there is no label `lnad`", "Did you mean `land`?"),
    ("stage == 'opne'", 10, "there is no label `opne`", "Did you mean `open`?"),
    ("kind in {'land', 'x'}", 18, "there is no label `x`", "Use one of: expand, land."),
    ("kind == ('land' if won else 'x')", 10, "there is no label `x`", "Use one of"),
    ("contact.country in sizes", 20, "a label stands beside a whole number", "one type"),
    # Membership.
    ("acv in {'5 USD'}", 1, "money cannot be looked for in a list", "`==`"),
    ("won in {True}", 1, "a condition cannot be looked for in a list", "`==`"),
    ("won_at in {at}", 1, "an instant cannot be looked for in a list", "`==`"),
    ("users in {seats, 1}", 11, "only values that are written out", "Write a value"),
    ("users in {months, 1}", 11, "only values that are written out", "Write a value"),
    ("users in {1, -months}", 14, "only values that are written out", "Write a value"),
    ("users in {1, 'a'}", 14, "a whole number stands beside a text", "quotation marks"),
    # Arithmetic.
    ("acv * tcv > acv", 7, "money cannot be multiplied by money", "by a number"),
    ("acv + 5 > acv", 7, "money stands beside a whole number", '"50000 USD"'),
    ("owner + 'x' == owner", 9, "`x` is not an amount and a currency", "USD"),
    ("owner + region == 'x'", 1, "a text cannot be added", "Add numbers"),
    ("won + 1 > 1", 1, "a condition cannot be added", "Add numbers"),
    ("kind * 2 > 1", 1, "a label cannot be multiplied", "by a number"),
    ("'a' * 2 > 1", 1, "`a` is not an amount and a currency", '"50000 USD"'),
    ("-won", 2, "a condition has no sign", "out"),
    ("-owner == 'x'", 2, "a text has no sign", "out"),
    ("signed_on + 5 > as_of", 1, "there is no arithmetic with dates", "days(a, b)"),
    ("as_of - signed_on > 5", 1, "there is no arithmetic with dates", "days(a, b)"),
    ("won_at + hours(5) > at", 1, "there is no arithmetic with dates", "days(a, b)"),
    ("hours(1) + hours(2) > won_at - at", 1, "a span of time cannot be added", "numbers"),
    ("score * acv.amount * facts.ratio > 1", 1, "this can need 46 digits", "Round a part"),
    ("9223372036854775808 > users", 1, "needs more than 64 bits", "smaller"),
    (f"{'1' * 39}.5 > users", 1, "more than 38 digits", "shorter"),
    # Functions.
    ("recorded()", 1, "recorded() takes other arguments", "Write recorded(x)."),
    ("default(acv)", 1, "default() takes other arguments", "Write default(x, y)."),
    ("default(acv, tcv, fee) > tcv", 1, "default() takes other arguments", "default(x, y)."),
    (f"min({', '.join(['users'] * 21)}) > 1", 1, "min() takes other arguments", "min(x, y)."),
    ("min(acv) > tcv", 1, "min() takes other arguments", "Write min(x, y)."),
    ("recorded(acv > tcv)", 10, "recorded() asks for a field", "Name one"),
    ("recorded(people)", 10, "a list is never missing", "count(True for x in people)"),
    ("default(acv, 5) > tcv", 14, "money stands beside a whole number", "USD"),
    ("default(won_at - at, hours(1)) > hours(1)", 9, "a span of time cannot stand", "Comp"),
    ("min(owner, region) == 'x'", 5, "a text has no order", "Compare numbers"),
    ("min('a', 'b') == 'x'", 5, "`a` is not an amount and a currency", "USD"),
    ("max(won, hot)", 5, "a condition has no order", "Compare numbers"),
    ("max(acv, as_of) > acv", 10, "money stands beside a date", "one type"),
    ("round(users, 2, 'up') > 1", 7, "needs no rounding", "out"),
    ("round(owner, 2, 'up') > 1", 7, "a number or money stands here", "Give one"),
    ("round(score, months, 'up') > 1", 14, "the number of places is written out", "0 to 12"),
    ("round(score, 13, 'up') > 1", 14, "the number of places is written out", "0 to 12"),
    ("round(score, -1, 'up') > 1", 14, "the number of places is written out", "0 to 12"),
    ("round(score, 1.5, 'up') > 1", 14, "the number of places is written out", "0 to 12"),
    ("round(score, 2, 'halfup') > 1", 17, "there is no way of rounding", "`half_up`"),
    ("round(score, 2, owner) > 1", 17, "a text that is written out", "quotation marks"),
    ("round(score, 2, 5) > 1", 17, "a text that is written out", "quotation marks"),
    ("prorate(owner, 1, 2, 2, 'up') > 1", 9, "a number or money stands here", "Give one"),
    ("prorate(acv, '5 USD', 2, 2, 'up') > acv", 14, "a number stands here", "Give one"),
    ("prorate(acv, users, score, 2, 'up') > acv", 1, "this can need 40 digits", "Round"),
    ("round(acv.amount * facts.ratio, 2, 'up') * users > 1", 1, "this can need", "Round"),
    ("lookup(acv, {'a': 1}) > 1", 8, "money cannot be looked up", "Look up a text"),
    ("lookup(won, {'a': 1}) > 1", 8, "a condition cannot be looked up", "Look up a text"),
    ("lookup(owner, 5) > 1", 15, "a table stands here", "{'gold': 0.10}"),
    ("lookup(owner, {}) > 1", 15, "a table stands here", "{'gold': 0.10}"),
    ("lookup(owner, seats) > 1", 15, "`seats` is not a table", "{'gold': 0.10}"),
    ("lookup(owner, nothing) > 1", 15, "there is no parameter `nothing`", "Use one of"),
    ("lookup(kind, {'x': 1}) > 1", 15, "there is no label `x`", "Use one of"),
    ("lookup(users, {'x': 1}) > 1", 16, "a whole number stands beside a text", "quotation"),
    ("lookup(users, {True: 1}) > 1", 16, "a whole number stands beside a cond", "one type"),
    ("lookup(owner, {'a': 1, 'a': 2}) > 1", 24, "`a` stands twice", "Leave one"),
    ("lookup(owner, {'a': 1, 'b': 'c'}) > 1", 29, "a whole number stands beside", "quot"),
    ("lookup(owner, {region: 1}) > 1", 16, "only values that are written out", "Write"),
    ("lookup(owner, {'a': users}) > 1", 21, "only values that are written out", "Write"),
    ("lookup({'a': 1}, {'a': 1}) > 1", 8, "a table stands here alone", "lookup()"),
    ("day(signed_on, 'UTC') > as_of", 5, "an instant stands here, and this is a date", "day("),
    ("day(won_at, 'Europe/Prag') > as_of", 13, "there is no time zone", "Europe/Prague"),
    ("day(won_at, '../etc') > as_of", 13, "there is no time zone", "such as `Europe/Prague`"),
    ("acv > '1 ZZZ'", 7, "`ZZZ` is no currency of ISO 4217", "Use one of: AED"),
    ("acv > '1 UDS'", 7, "`UDS` is no currency of ISO 4217", "Did you mean `USD`?"),
    ("min(acv, '2 EUU') > above", 10, "`EUU` is no currency of ISO 4217", "mean"),
    ("acv + '1 XAU' > above", 7, "`XAU` is no currency of ISO 4217", "mean"),
    ("default(tcv, '0 ZZZ') > above", 14, "`ZZZ` is no currency of ISO 4217", "Use one of"),
    ("acv > lookup(kind, {'land': '5 ZZZ'})", 29, "`ZZZ` is no currency", "Use one of"),
    ("day(won_at, 'localtime') > as_of", 13, "there is no time zone", "such as `Europe/Prague`"),
    ("day(won_at, 'posix/UTC') > as_of", 13, "there is no time zone", "such as `Europe/Prague`"),
    ("day(won_at, 'Europe') > as_of", 13, "there is no time zone", "mean"),
    ("days(won_at, as_of) > 1", 6, "a date stands here, and this is an instant", "day(x"),
    ("days(as_of, '2026-11-20') > 1", 13, "a date stands here, and this is a text", "date("),
    ("business_days(as_of, as_of, 'x') > 1", 29, "there is no calendar `x`", "office"),
    ("business_days(as_of, as_of, owner) > 1", 29, "a text that is written out", "quotation"),
    ("date('2026-02-30') > as_of", 6, "this is no day", "date('2026-11-20')"),
    ("date('20261120') > as_of", 6, "this is no day", "date('2026-11-20')"),
    ("date(owner) > as_of", 6, "a text that is written out", "quotation"),
    ("instant('2026-11-20T10:00') > at", 9, "no moment with an offset", "+01:00"),
    ("instant('2026-11-20T25:00Z') > at", 9, "no moment with an offset", "+01:00"),
    ("won_at - at > hours(users)", 21, "takes a whole number", "parameter"),
    ("won_at - at > hours(1.5)", 21, "takes a whole number", "parameter"),
    ("won_at - at > minutes(10000001)", 23, "at most ten million", "parameter"),
    # Lists.
    ("any(x > 1 for x in users)", 20, "`users` is not a list", "Name a list"),
    ("any(x > 1 for x in sizes)", 20, "expressions have no such values", "Give a number"),
    ("any(x > 1 for x in seats)", 20, "`seats` is a parameter", "Name a field"),
    ("any(acv > tcv for acv in people)", 1, "`acv` means something else", "otherwise"),
    ("any(True for above in people)", 1, "`above` means something else", "otherwise"),
    ("any(True for at in people)", 1, "`at` means something else", "otherwise"),
    ("any(p == 1 for p in people)", 5, "`p` is a group of fields", "p.x"),
    ("any(p.rle == 'x' for p in people)", 7, "there is no field `rle`", "`role`"),
    ("any(n.x == 1 for n in numbers)", 7, "`n` has no fields", "alone"),
    (
        "any(any(n > 1 for n in numbers) for p in people)",
        5,
        "a list cannot be gone through within another",
        "derived field",
    ),
    # What an expression is for.
    ("won_at - created_at", 1, "a span of time is no value", "Compare it"),
)


@pytest.mark.parametrize(
    ("text", "column", "problem", "remedy"), MISFITS, ids=[text for text, *_ in MISFITS]
)
def test_what_does_not_fit_is_refused_at_its_place(
    text: str, column: int, problem: str, remedy: str
) -> None:
    """A name that means nothing or a type that does not fit is pointed at, with what to do."""
    error = error_in(text)

    assert problem in error.problem
    assert remedy in error.remedy
    assert error.column == column


@pytest.mark.parametrize(
    ("text", "want", "problem"),
    [
        ("acv", Kind.BOOL, "a condition is needed here, and this is money"),
        ("won", Kind.MONEY, "money is needed here, and this is a condition"),
        ("won_at", Kind.DATE, "a date is needed here, and this is an instant"),
        ("score", Kind.INT, "a whole number is needed here, and this is a decimal"),
    ],
)
def test_an_expression_has_the_kind_that_is_wanted(text: str, want: Kind, problem: str) -> None:
    """An expression of another kind than its place wants is refused."""
    assert error_in(text, want=want).problem == problem


@pytest.mark.parametrize(
    ("text", "want"),
    [("'5 USD'", Kind.MONEY), ("users", Kind.DECIMAL), ("won", Kind.BOOL), ("above", Kind.MONEY)],
)
def test_a_wanted_kind_says_what_a_text_is(text: str, want: Kind) -> None:
    """A text is money where money is wanted, and a whole number does where a decimal is."""
    assert check(text, SCOPE, want).type.kind in {want, Kind.INT}


def test_a_tree_is_checked_like_its_text() -> None:
    """Who has read an expression already need not read it again."""
    assert check(parse("acv > above"), SCOPE).type.kind is Kind.BOOL


class Odd(Record, frozen=True):
    """A model whose fields are called like other things."""

    above: int = 0
    actor: int = 0
    tags: tuple[str, ...] = ()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("above > 5", "`above` is both a field and a parameter"),
        ("actor > 5", "`actor` is both a field and a word of the language"),
        ("any(x == 'a' for x in tags) and above > 1", "`above` is both a field"),
    ],
)
def test_a_name_means_one_thing(text: str, problem: str) -> None:
    """A name that means two things is refused where it is used, and nowhere else."""
    scope = Scope(Odd, parameters={"above": 5})

    assert problem in error_in(text, scope).problem
    assert check("version > 1", scope)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        pytest.param("name", "name", id="bare names are the part's"),
        pytest.param("record.acv", "record.acv", id="record. is the whole"),
        pytest.param("record.buyer.name", "record.buyer.name", id="also deeper"),
        pytest.param("facts.city", "facts.city", id="facts are the same"),
    ],
)
def test_names_inside_a_track(text: str, path: str) -> None:
    """Inside a track bare names are the part's, and ``record.`` is the whole."""
    assert getattr(check(text, TRACK), "path") == path  # noqa: B009 - a node of any kind


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("acv > above", "there is no field `acv`"),
        ("record.stage == 'opne'", "there is no label `opne`"),
        ("record == 'x'", "`record` is a group of fields"),
    ],
)
def test_errors_inside_a_track(text: str, problem: str) -> None:
    """A track does not see the whole's fields as its own; labels of the whole are checked."""
    assert problem in error_in(text, TRACK).problem


class Items(Model, frozen=True):
    """An item with a stage."""

    stage: str = ""


class WithItems(Record, frozen=True):
    """A record with items that have labels."""

    papers: tuple[Items, ...] = ()


def test_labels_of_items_are_checked() -> None:
    """The labels of a list's items are given by the list's path."""
    scope = Scope(WithItems, labels={"papers.stage": frozenset({"signed"})})

    error = error_in("any(p.stage == 'sgined' for p in papers)", scope)

    assert error.remedy == "Did you mean `signed`?"


@pytest.mark.parametrize(
    ("parameters", "problem"),
    [
        pytest.param({"x": 0.5}, "a float stands here", id="a float"),
        pytest.param({"x": object()}, "no such values", id="an object"),
        pytest.param({"x": None}, "no such values", id="nothing"),
        pytest.param({"x": 2**63}, "more than 64 bits", id="a huge integer"),
        pytest.param({"x": -(2**63) - 1}, "more than 64 bits", id="a huge negative integer"),
        pytest.param({"x": Decimal("NaN")}, "this is not a number", id="not a number"),
        pytest.param({"x": Decimal("1E+40")}, "more than 38 digits", id="a huge decimal"),
        pytest.param({"x": datetime(2026, 1, 1)}, "no time zone", id="a naive moment"),  # noqa: DTZ001
    ],
)
def test_a_parameter_that_no_expression_can_hold_is_refused(
    parameters: Mapping[str, Any], problem: str
) -> None:
    """A parameter is refused where it is used, at its name."""
    error = error_in("version > x", Scope(Record, parameters=parameters))

    assert problem in error.problem
    assert error.column == 11


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (True, Kind.BOOL),
        (5, Kind.INT),
        (-(2**63), Kind.INT),
        (2**63 - 1, Kind.INT),
        (Decimal("1E+2"), Kind.DECIMAL),
        (Money.parse("5 USD"), Kind.MONEY),
        ("gold", Kind.TEXT),
        (date(2026, 1, 1), Kind.DATE),
        (datetime(2026, 1, 1, tzinfo=UTC), Kind.INSTANT),
    ],
)
def test_what_a_parameter_can_be(value: object, kind: Kind) -> None:
    """A parameter is of the type of its value."""
    assert check("x", Scope(Record, parameters={"x": value})).type.kind is kind


def test_the_day_of_rates_is_read_on_the_main_line() -> None:
    """``rates_on`` names the main line's fields, inside a track too."""
    scope = replace(TRACK, rates_on="signed_on")

    assert check("budget > record.acv", scope).type.kind is Kind.BOOL
