"""What unknown does in every node (language.md, Three values), the same in both back ends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from cosell.events import Actor
from cosell.findings import Verdict
from cosell.models.record import Part
from cosell.money import Money, Rates
from cosell.rules import compile_condition, compile_value
from rules.expressions import PRAGUE, SCOPE, Contact, Deal, Person

ACTOR = Actor("p-7", role="partner", party="acme")
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
YES, NO, OPEN = Verdict.MET, Verdict.UNMET, Verdict.UNKNOWN
BACK_ENDS = pytest.mark.parametrize(
    "generated", [pytest.param(True, id="generated"), pytest.param(False, id="closures")]
)


def given(
    record: Mapping[str, Any], facts: Mapping[str, Any] | None = None, rates: Rates | None = None
) -> tuple[Any, ...]:
    """Return what a compiled function is called with."""
    return Deal(id="d-1", **record), None, ACTOR, facts, NOON, rates


def verdict(
    text: str,
    record: Mapping[str, Any],
    *,
    generated: bool,
    facts: Mapping[str, Any] | None = None,
    rates: Rates | None = None,
) -> Verdict:
    """Return the verdict of a condition."""
    condition = compile_condition(text, SCOPE, generated=generated)
    return condition.verdict(*given(record, facts, rates))


_TRUTHS = {YES: "True", NO: "False", OPEN: "won"}


@BACK_ENDS
@pytest.mark.parametrize(
    ("left", "right", "conjunction", "disjunction"),
    [
        (YES, YES, YES, YES),
        (YES, NO, NO, YES),
        (YES, OPEN, OPEN, YES),
        (NO, YES, NO, YES),
        (NO, NO, NO, NO),
        (NO, OPEN, NO, OPEN),
        (OPEN, YES, OPEN, YES),
        (OPEN, NO, NO, OPEN),
        (OPEN, OPEN, OPEN, OPEN),
    ],
)
def test_and_and_or_are_kleenes(
    left: Verdict, right: Verdict, conjunction: Verdict, disjunction: Verdict, *, generated: bool
) -> None:
    """One no settles ``and``, one yes settles ``or``, and otherwise unknown stays unknown."""
    first, second = _TRUTHS[left], _TRUTHS[right]

    assert verdict(f"{first} and {second}", {}, generated=generated) is conjunction
    assert verdict(f"{first} or {second}", {}, generated=generated) is disjunction


@BACK_ENDS
@pytest.mark.parametrize(("inner", "outer"), [(YES, NO), (NO, YES), (OPEN, OPEN)])
def test_not_swaps_yes_and_no(inner: Verdict, outer: Verdict, *, generated: bool) -> None:
    """``not`` of unknown is unknown."""
    assert verdict(f"not {_TRUTHS[inner]}", {}, generated=generated) is outer


#: Expression, record, facts, and what it comes to.
CASES: tuple[tuple[str, dict[str, Any], dict[str, Any] | None, Verdict], ...] = (
    # Fields.
    ("won", {"won": True}, None, YES),
    ("won", {"won": False}, None, NO),
    ("won", {}, None, OPEN),
    ("hot", {"hot": False}, None, NO),
    ("facts.checked", {}, {"checked": True}, YES),
    ("facts.checked", {}, {}, OPEN),
    ("facts.checked", {}, None, OPEN),
    ("contact.country == 'CZ'", {"contact": Contact(country="CZ")}, None, YES),
    ("contact.country == 'CZ'", {"contact": Contact()}, None, OPEN),
    ("contact.country == 'CZ'", {}, None, OPEN),
    ("contact.age >= 0", {}, None, OPEN),
    ("buyer.age >= 0", {}, None, YES),
    ("poc.stage in {'running'}", {}, None, NO),
    ("poc.stage == 'running'", {"poc": Part(stage="running")}, None, YES),
    ("actor.id == 'p-7' and actor.party == 'acme'", {}, None, YES),
    ("actor.role == 'vendor'", {}, None, NO),
    ("is_big", {"acv": "50000.01 USD"}, None, YES),
    ("is_big", {}, None, OPEN),
    ("weight == 2", {"users": 51}, None, YES),
    # Comparisons.
    ("users > 50", {"users": 50}, None, NO),
    ("users > 50", {"users": 51}, None, YES),
    ("users > 50", {}, None, OPEN),
    ("users == users", {}, None, OPEN),
    ("users != 50", {}, None, OPEN),
    ("0 < users < 10", {"users": 5}, None, YES),
    ("0 < users < 10", {"users": 15}, None, NO),
    ("20 < users < months", {"users": 5}, None, NO),
    ("discount == 0.1", {"discount": Decimal("0.1000")}, None, YES),
    ("owner == region", {"owner": "emea"}, None, YES),
    ("(users > 5) == (months > 5)", {"users": 6}, None, YES),
    ("(users > 5) != (months > 5)", {"users": 6}, None, NO),
    ("(users > 5) == (months > 5)", {}, None, OPEN),
    ("hot == won == hot", {"won": False}, None, YES),
    # Membership.
    ("kind in {'land'}", {"kind": "land"}, None, YES),
    ("kind in {'land'}", {"kind": "expand"}, None, NO),
    ("kind in {'land'}", {}, None, OPEN),
    ("kind not in {'land'}", {}, None, OPEN),
    ("users in {50, 51.5}", {"users": 50}, None, YES),
    ("users in sizes", {"users": 7}, None, NO),
    # Recorded and default.
    ("recorded(users)", {"users": 0}, None, YES),
    ("recorded(users)", {}, None, NO),
    ("recorded(won)", {"won": False}, None, YES),
    ("recorded(won)", {}, None, NO),
    ("recorded(region)", {}, None, YES),
    ("recorded(contact)", {"contact": Contact()}, None, YES),
    ("recorded(contact)", {}, None, NO),
    ("recorded(contact.name)", {}, None, NO),
    ("recorded(contact.age)", {}, None, NO),
    ("recorded(facts.city)", {}, None, NO),
    ("recorded(weight)", {"users": 1}, None, YES),
    ("default(users, 7) == 7", {}, None, YES),
    ("default(users, 7) == 7", {"users": 8}, None, NO),
    ("default(users, facts.count) == 7", {}, None, OPEN),
    ("default(months, 7) == 12", {}, None, YES),
    ("default(won, True)", {}, None, YES),
    ("default(won, True)", {"won": False}, None, NO),
    ("default(won, is_big)", {}, None, OPEN),
    ("default(acv, '5 USD') == '5 USD'", {}, None, YES),
    ("default(acv, '5 USD') == '5 USD'", {"acv": "6 USD"}, None, NO),
    # Choices.
    ("1 == (1 if hot else users)", {"hot": True}, None, YES),
    ("1 == (1 if won else 1)", {}, None, OPEN),
    ("1 == (1 if won else 2)", {"won": False}, None, NO),
    ("True if won else True", {}, None, OPEN),
    ("won if hot else True", {}, None, YES),
    ("won if hot else True", {"hot": True}, None, OPEN),
    ("('5 USD' if hot else '6 EUR') == '5 USD'", {"hot": True}, None, YES),
    ("(acv if hot else fee) == '100 USD'", {}, None, YES),
    # Arithmetic.
    ("users + 1 > 0", {}, None, OPEN),
    ("users + 1 > 0", {"users": 2**63 - 1}, None, OPEN),
    ("users - 1 < 0", {"users": -(2**63)}, None, OPEN),
    ("users * 2 > 0", {"users": 2**62}, None, OPEN),
    ("users * 2 > 0", {"users": 2**62 - 1}, None, YES),
    ("-users > 0", {"users": -(2**63)}, None, OPEN),
    ("score + 0.5 == 2", {}, None, YES),
    ("score * 2 - 1 == 2", {}, None, YES),
    ("acv - tcv < '0 USD'", {"acv": "5 USD", "tcv": "6 USD"}, None, YES),
    ("acv - tcv < '0 USD'", {"acv": "5 USD"}, None, OPEN),
    ("acv * 0.1 > '5 USD'", {"acv": "50.01 USD"}, None, YES),
    ("acv * 0.1 > '5 USD'", {"acv": "50 USD"}, None, NO),
    ("-acv < '0 USD'", {"acv": "5 USD"}, None, YES),
    ("round(discount, 2, 'half_up') == 0.13", {"discount": Decimal("0.125")}, None, YES),
    ("round(discount, 2, 'half_even') == 0.12", {"discount": Decimal("0.125")}, None, YES),
    ("round(discount, 2, 'half_up') == 0.13", {}, None, OPEN),
    # Least and greatest: a missing cap is no uncapped fee.
    ("min(users, 5) == 5", {"users": 9}, None, YES),
    ("min(users, 5) == 5", {}, None, OPEN),
    ("max(users, 5) >= 5", {}, None, OPEN),
    ("max(score, users, 5) == 9", {"users": 9}, None, YES),
    ("min(fee, '50 USD') == '50 USD'", {}, None, YES),
    ("max(signed_on, closes_on) == date('2026-12-01')", {"signed_on": "2026-11-20"}, None, YES),
    # Tables.
    ("lookup(kind, {'land': 1, 'expand': 2}) == 2", {"kind": "expand"}, None, YES),
    ("lookup(kind, {'land': 1}) == 1", {"kind": "expand"}, None, OPEN),
    ("lookup(kind, {'land': 1}) == 1", {}, None, OPEN),
    ("lookup(kind, {'land': True, 'expand': False})", {"kind": "expand"}, None, NO),
    ("lookup(kind, {'land': True})", {"kind": "expand"}, None, OPEN),
    ("fee > lookup(kind, fees)", {"kind": "land"}, None, YES),
    ("lookup(weight, shares) > 0", {"users": 8}, None, YES),
    # Dates and instants.
    ("signed_on < as_of", {"signed_on": "2026-11-20"}, None, NO),
    ("signed_on == as_of", {"signed_on": "2026-11-20"}, None, YES),
    ("days(signed_on, closes_on) == 11", {"signed_on": "2026-11-20"}, None, YES),
    ("days(closes_on, signed_on) == -11", {"signed_on": "2026-11-20"}, None, YES),
    ("business_days(signed_on, closes_on, 'office') == 7", {"signed_on": "2026-11-20"}, None, YES),
    ("business_days(signed_on, closes_on, 'office') > 0", {"signed_on": "2025-11-20"}, None, OPEN),
    ("business_days(signed_on, closes_on, 'office') > 0", {}, None, OPEN),
    ("day(won_at, 'UTC') == as_of", {"won_at": "2026-11-20T23:30:00Z"}, None, YES),
    ("day(won_at, 'Europe/Prague') == as_of", {"won_at": "2026-11-20T23:30:00Z"}, None, NO),
    ("day(won_at, 'Europe/Prague') == as_of", {}, None, OPEN),
    ("won_at == at", {"won_at": "2026-11-20T13:00:00+01:00"}, None, YES),
    ("won_at - at > hours(0)", {"won_at": "2026-11-20T12:00:00.000001Z"}, None, YES),
    ("won_at - at > hours(0)", {}, None, OPEN),
    # Lists.
    ("any(p.active for p in people)", {}, None, NO),
    ("all(p.active for p in people)", {}, None, YES),
    ("count(p.active for p in people) == 0", {}, None, YES),
    ("any(t == 'co_selling' for t in tags)", {"tags": ("co_selling",)}, None, YES),
    ("any(n > users for n in numbers)", {"numbers": (1, 5), "users": 4}, None, YES),
    ("any(n > users for n in numbers)", {"numbers": (1, 5)}, None, OPEN),
    ("any(False for n in numbers)", {"numbers": (1, 5)}, None, NO),
    ("all(True for n in numbers)", {"numbers": (1, 5)}, None, YES),
    ("count(n > 1 for n in numbers) == 1", {"numbers": (1, 5)}, None, YES),
)


@BACK_ENDS
@pytest.mark.parametrize(
    ("text", "record", "facts", "found"),
    CASES,
    ids=[f"{text} of {record or 'nothing'} is {found}" for text, record, _, found in CASES],
)
def test_what_a_condition_comes_to(
    text: str,
    record: dict[str, Any],
    facts: dict[str, Any] | None,
    found: Verdict,
    *,
    generated: bool,
) -> None:
    """A missing value makes what it stands in unknown, unless the condition is settled anyway."""
    assert verdict(text, record, facts=facts, generated=generated) is found


def people(*active: bool | None) -> dict[str, Any]:
    """Return a record with so many people, active or not."""
    return {"people": tuple(Person(active=one) for one in active)}


@BACK_ENDS
@pytest.mark.parametrize(
    ("active", "some", "every", "number"),
    [
        ((), NO, YES, 0),
        ((True,), YES, YES, 1),
        ((False,), NO, NO, 0),
        ((None,), OPEN, OPEN, None),
        ((True, None), YES, OPEN, None),
        ((False, None), OPEN, NO, None),
        ((True, False), YES, NO, 1),
        ((True, True, False), YES, NO, 2),
    ],
)
def test_lists_of_conditions(
    active: tuple[bool | None, ...],
    some: Verdict,
    every: Verdict,
    number: int | None,
    *,
    generated: bool,
) -> None:
    """One yes settles ``any``, one no settles ``all``, one unknown item makes a count missing."""
    record = people(*active)
    count = compile_value("count(p.active for p in people)", SCOPE, generated=generated)

    assert verdict("any(p.active for p in people)", record, generated=generated) is some
    assert verdict("all(p.active for p in people)", record, generated=generated) is every
    assert count.value(*given(record)) == number


RATES = Rates.of(("EUR", "USD", "2026-11-20", "1.08"), ("USD", "EUR", "2026-11-20", "0.9"))


@BACK_ENDS
@pytest.mark.parametrize(
    ("text", "record", "rates", "found"),
    [
        pytest.param(
            "acv > above", {"acv": "50000 USD"}, None, NO, id="above 50,000 means above (MK-26)"
        ),
        pytest.param("acv > above", {"acv": "50000.01 USD"}, None, YES, id="a cent above is above"),
        pytest.param("acv > above", {"acv": "99999 EUR"}, None, OPEN, id="no rates: unknown"),
        pytest.param("acv > above", {"acv": "99999 EUR"}, Rates(), OPEN, id="no rate: unknown"),
        pytest.param("acv > above", {"acv": "99999 GBP"}, RATES, OPEN, id="another currency"),
        pytest.param("acv > above", {"acv": "46296.30 EUR"}, RATES, YES, id="converted: above"),
        pytest.param(
            "acv > above", {"acv": "46296.29 EUR"}, RATES, NO, id="nothing is rounded before"
        ),
        pytest.param("above < acv", {"acv": "46296.30 EUR"}, RATES, YES, id="on the other side"),
        pytest.param(
            "acv < tcv",
            {"acv": "10 USD", "tcv": "9.5 EUR"},
            RATES,
            YES,
            id="of two fields the right-hand one's currency wins: 9 EUR < 9.5 EUR",
        ),
        pytest.param(
            "tcv > acv",
            {"acv": "10 USD", "tcv": "9.5 EUR"},
            RATES,
            YES,
            id="the other way round: 10.26 USD > 10 USD",
        ),
        pytest.param(
            "acv + tcv == '20.80 USD'",
            {"acv": "10 USD", "tcv": "10 EUR"},
            RATES,
            YES,
            id="a sum is in the first one's currency",
        ),
        pytest.param(
            "acv + '10 EUR' == '19 EUR'",
            {"acv": "10 USD"},
            RATES,
            YES,
            id="unless another one is written out",
        ),
        pytest.param(
            "max(acv, tcv) == '10.80 USD'",
            {"acv": "10 USD", "tcv": "10 EUR"},
            RATES,
            YES,
            id="so is a greatest",
        ),
        pytest.param(
            "min(acv, '10 EUR') == '9 EUR'",
            {"acv": "10 USD"},
            RATES,
            YES,
            id="and a least with one that is written out",
        ),
        pytest.param(
            "any(p.budget > above for p in people)",
            {"people": (Person(budget="50000 EUR"),)},
            RATES,
            YES,
            id="in a list",
        ),
    ],
)
def test_currencies(
    text: str, record: dict[str, Any], rates: Rates | None, found: Verdict, *, generated: bool
) -> None:
    """Another currency takes the rate of the day, in exactly that direction, or is unknown."""
    assert verdict(text, record, rates=rates, generated=generated) is found


@BACK_ENDS
def test_instants_are_compared_as_instants(*, generated: bool) -> None:
    """Two moments of one zone are compared as moments, though their wall clocks say otherwise."""
    # Summer time ends between them: the wall clocks lie 72 hours apart, the moments 73.
    record = {
        "created_at": datetime(2026, 10, 23, 9, tzinfo=PRAGUE),
        "won_at": datetime(2026, 10, 26, 9, tzinfo=PRAGUE),
    }

    assert verdict("won_at - created_at > hours(72)", record, generated=generated) is YES
    assert verdict("won_at - created_at == hours(73)", record, generated=generated) is YES


@BACK_ENDS
def test_the_repeated_hour_has_an_order(*, generated: bool) -> None:
    """Half past two comes twice when summer time ends, and the second is later."""
    record = {
        "created_at": datetime(2026, 10, 25, 2, 45, tzinfo=PRAGUE, fold=0),
        "won_at": datetime(2026, 10, 25, 2, 15, tzinfo=PRAGUE, fold=1),
    }

    assert verdict("won_at > created_at", record, generated=generated) is YES


@BACK_ENDS
@pytest.mark.parametrize(
    ("text", "record", "found"),
    [
        ("users", {"users": 5}, 5),
        ("users", {}, None),
        ("acv", {"acv": "5.10 USD"}, Money.parse("5.10 USD")),
        ("acv", {}, None),
        ("won", {"won": False}, False),
        ("won", {}, None),
        ("won and hot", {"won": True, "hot": True}, True),
        ("recorded(won)", {}, False),
        ("default(users, 0.5)", {"users": 5}, Decimal(5)),
        ("'a' if hot else owner", {"owner": "b"}, "b"),
        ("acv * 0.5", {"acv": "5.10 USD"}, Money.parse("2.55 USD")),
        ("acv * 0.5", {}, None),
        ("fee if hot else '5 EUR'", {}, Money.parse("5 EUR")),
        ("default(acv, '5 USD') + ('1 USD' if hot else '2 USD')", {}, Money.parse("7 USD")),
        ("lookup(kind, {'land': '5 USD'}) + fee", {"kind": "land"}, Money.parse("105 USD")),
        ("won_at", {"won_at": NOON}, NOON),
        ("at", {}, NOON),
        ("as_of", {}, date(2026, 11, 20)),
        ("signed_on", {"signed_on": "2026-11-20"}, date(2026, 11, 20)),
        ("facts.city", {}, None),
        ("contact.name", {}, None),
        ("acv.currency", {"acv": "5.10 USD"}, "USD"),
    ],
)
def test_what_a_value_comes_to(
    text: str, record: dict[str, Any], found: object, *, generated: bool
) -> None:
    """A value is handed out as the record has it, exact, and ``None`` where it is missing."""
    value = compile_value(text, SCOPE, generated=generated).value(*given(record))

    assert value == found
    assert type(value) is type(found)


@BACK_ENDS
def test_money_is_handed_out_exact(*, generated: bool) -> None:
    """Nothing is rounded on the way: whoever wants it rounded says so, once."""
    value = compile_value("acv * 0.12345", SCOPE, generated=generated)

    found = value.value(*given({"acv": "0.01 USD"}))

    assert found.amount == Decimal("0.0012345")
    assert str(found.rounded()) == "0.00 USD"


@BACK_ENDS
def test_the_date_of_the_moment_is_in_the_zone(*, generated: bool) -> None:
    """``as_of`` is the date in the zone of the process, whatever zone the moment is given in."""
    value = compile_value("as_of", SCOPE, generated=generated)
    late = datetime(2026, 11, 20, 18, tzinfo=timezone(timedelta(hours=-5)))

    assert value.value(Deal(id="d-1"), None, ACTOR, None, late, None) == date(2026, 11, 21)


@BACK_ENDS
def test_a_date_at_the_end_of_the_calendar_is_missing(*, generated: bool) -> None:
    """A moment whose date in the zone has no year of four digits has no date."""
    late = {"won_at": datetime(9999, 12, 31, 23, 30, tzinfo=UTC)}
    record = Deal(id="d-1").model_copy(update=late)  # a field of a host may be laxer than ours
    text = "day(won_at, 'Asia/Tokyo') > as_of"
    condition = compile_condition(text, SCOPE, generated=generated)

    assert condition.verdict(record, None, ACTOR, None, NOON, None) is OPEN
