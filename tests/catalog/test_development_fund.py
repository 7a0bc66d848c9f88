"""The process `development_fund`: budget, allocation, request, claim with proof (BX-32)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final

import pytest

from cosell import Desk, MemoryStore, Money, catalog
from cosell.engine import Bound, apply, decide, open_record, settle
from cosell.errors import EditRefusedError
from cosell.events import Actor
from cosell.models import DevelopmentFund

NOON: Final = datetime(2026, 1, 1, 12, tzinfo=UTC)
DAY: Final = timedelta(days=1)
PARTNER: Final = Actor("p-7", role="partner", party="acme")
OTHER: Final = Actor("p-8", role="partner", party="other")
MANAGER: Final = Actor("m-1", role="manager", party="vendor")
FINANCE: Final = Actor("f-1", role="finance", party="vendor")
BOOTH: Final = {"id": "booth", "purpose": "A booth at a fair.", "amount": "600 USD"}
#: The first instant after each period: the last day counts whole, and is over at midnight.
USE: Final = datetime(2026, 4, 2, tzinfo=UTC)
CLAIMS: Final = datetime(2026, 7, 2, tzinfo=UTC)
END: Final = datetime(2026, 8, 2, tzinfo=UTC)
DONE: Final = {
    "claimed": "550 USD",
    "performed_at": datetime(2026, 5, 5, tzinfo=UTC),
    "proof": "https://acme.example/booth",
}


@cache
def process() -> Bound:
    return catalog.load("development_fund").bind()


def a_fund(**values: Any) -> DevelopmentFund:
    given = {"id": "f-1", "party": "acme", "budget": "5000 USD"}
    return DevelopmentFund.model_validate({**given, **values})


def allocated(**values: Any) -> DevelopmentFund:
    here = open_record(process(), a_fund(**values), actor=MANAGER, at=NOON).record
    data = {"allocated": "2000 USD"}
    return apply(process(), here, "allocate", actor=MANAGER, at=NOON, data=data).record


def asked(earned: str | None = "1000 USD", **item: Any) -> DevelopmentFund:
    """Return a fund with one request."""
    here = allocated()
    if earned is not None:
        data = {"earned": earned}
        here = apply(process(), here, "earn", actor=FINANCE, at=NOON + DAY, data=data).record
    data = {"requests": {**BOOTH, **item}}
    return apply(process(), here, "ask", actor=PARTNER, at=NOON + DAY, data=data).record


def approved(**item: Any) -> DevelopmentFund:
    done = apply(process(), asked(**item), "requests[booth].approve", actor=MANAGER, at=NOON + DAY)
    return done.record


def obstacles(here: DevelopmentFund, trigger: str, **question: Any) -> set[str]:
    """Return what is in the way, by name."""
    found = decide(process(), here, trigger, **{"actor": MANAGER, "at": NOON + DAY, **question})
    return {each.id.rpartition(".")[2] for each in found.obstacles}


@pytest.mark.parametrize(
    ("changes", "data", "actor", "named"),
    [
        pytest.param({}, {}, MANAGER, set(), id="within the budget"),
        pytest.param({}, {"allocated": "5000 USD"}, MANAGER, set(), id="all of it"),
        pytest.param(
            {}, {"allocated": "5000.01 USD"}, MANAGER, {"within_budget"}, id="a cent more"
        ),
        pytest.param({"budget": None}, {}, MANAGER, {"within_budget"}, id="no budget is known"),
        pytest.param({"party": None}, {}, MANAGER, {"partner_named"}, id="for nobody"),
        pytest.param({}, {}, PARTNER, {"role"}, id="not by the partner"),
    ],
)
def test_a_budget_is_allocated(
    changes: dict[str, Any], data: dict[str, Any], actor: Actor, named: set[str]
) -> None:
    """A partner is allocated no more than the budget (BX-32)."""
    here = open_record(process(), a_fund(**changes), actor=MANAGER, at=NOON).record
    given = {"allocated": "2000 USD", **data}

    assert obstacles(here, "allocate", actor=actor, data=given) == named


@pytest.mark.parametrize(
    ("earned", "named"),
    [
        pytest.param("2000 USD", set(), id="all that was allocated"),
        pytest.param("2000.01 USD", {"within_allocation"}, id="a cent more"),
        pytest.param("600 USD", set(), id="just what is bound"),
        pytest.param("599.99 USD", {"enough_for_what_is_bound"}, id="a cent less than is bound"),
    ],
)
def test_what_is_earned(earned: str, named: set[str]) -> None:
    """What is earned lies between what is bound and what was allocated (BX-32)."""
    assert obstacles(approved(), "earn", data={"earned": earned}) == named


@pytest.mark.parametrize(
    ("item", "actor", "earned", "named"),
    [
        pytest.param({}, MANAGER, "1000 USD", set(), id="there is enough"),
        pytest.param({"amount": "1000 USD"}, MANAGER, "1000 USD", set(), id="just enough"),
        pytest.param({"amount": "1000.01 USD"}, MANAGER, "1000 USD", {"enough_left"}, id="a cent"),
        pytest.param({}, MANAGER, None, {"enough_left"}, id="nothing was earned yet"),
        pytest.param({"amount": "5 EUR"}, MANAGER, "1000 USD", {"enough_left"}, id="other money"),
        pytest.param({}, FINANCE, "1000 USD", {"role"}, id="not by whoever pays"),
        pytest.param(
            {},
            Actor("p-7", role="manager"),
            "1000 USD",
            {"approved_by_another"},
            id="not by who asked",
        ),
    ],
)
def test_a_request_is_approved(
    item: dict[str, Any], actor: Actor, earned: str | None, named: set[str]
) -> None:
    """A request takes what is earned and not bound yet, and needs another person (BX-32)."""
    assert obstacles(asked(earned, **item), "requests[booth].approve", actor=actor) == named


def test_what_is_approved_is_bound() -> None:
    """A second request gets what the first has left; a refused one gives its money back."""
    data = {"requests": {**BOOTH, "id": "mail", "amount": "500 USD"}}
    here = apply(process(), approved(), "ask", actor=PARTNER, at=NOON + DAY, data=data).record

    assert (str(here.bound), str(here.available)) == ("600.00 USD", "400.00 USD")
    assert obstacles(here, "requests[mail].approve") == {"enough_left"}
    why = {"refused_reason": "The fair is off."}
    here = apply(
        process(), here, "requests[booth].refuse", actor=MANAGER, at=NOON + DAY, data=why
    ).record
    assert obstacles(here, "requests[mail].approve") == set()


@pytest.mark.parametrize(
    ("actor", "item", "named"),
    [
        pytest.param(PARTNER, {}, set(), id="the partner whose fund it is"),
        pytest.param(OTHER, {}, {"own_fund"}, id="another partner"),
        pytest.param(PARTNER, {"amount": None}, {"input_requests_amount"}, id="without an amount"),
        pytest.param(
            PARTNER, {"purpose": None}, {"input_requests_purpose"}, id="without a purpose"
        ),
    ],
)
def test_who_asks_for_what(actor: Actor, item: dict[str, Any], named: set[str]) -> None:
    """A partner asks for its own fund, and says what for and how much (BX-32)."""
    given = {name: value for name, value in {**BOOTH, **item}.items() if value is not None}
    found = decide(process(), allocated(), "ask", actor=actor, at=NOON, data={"requests": given})

    assert found.permitted is (not named)
    assert {each.id.partition(".")[0] for each in found.obstacles} == named
    assert [each.id for each in found.advice] == ["used_after_it_is_earned"]


@pytest.mark.parametrize(
    ("at", "stage"),
    [
        pytest.param(USE - timedelta(seconds=1), "earning", id="the last second to earn"),
        pytest.param(USE, "using", id="then it is used"),
        pytest.param(CLAIMS - timedelta(seconds=1), "using", id="the last second to use"),
        pytest.param(CLAIMS, "claiming", id="then it is claimed"),
        pytest.param(END - timedelta(seconds=1), "claiming", id="the last second to claim"),
        pytest.param(END, "settled", id="then it is over"),
    ],
)
def test_periods_end_by_the_clock(at: datetime, stage: str) -> None:
    """There is a period to earn, one to use and one to claim, each of its own length (BX-32)."""
    assert settle(process(), allocated(), at=at + timedelta(microseconds=1)).record.stage == stage


def test_what_is_unused_is_forfeited() -> None:
    """At the end the program is told what was not claimed, once (BX-32)."""
    done = settle(process(), approved(), at=END + DAY)

    (forfeit,) = [each for each in done.effects if each.kind == "forfeit"]
    assert forfeit.data["unused"] == Money.parse("1000 USD")
    assert settle(process(), done.record, at=END + 90 * DAY).events == ()


@pytest.mark.parametrize(
    ("at", "data", "actor", "named"),
    [
        pytest.param(CLAIMS - DAY, {}, PARTNER, set(), id="in the period to use"),
        pytest.param(END - timedelta(seconds=1), {}, PARTNER, set(), id="the last second to claim"),
        pytest.param(END + DAY, {}, PARTNER, {"in_time_to_claim"}, id="after the last period"),
        pytest.param(END - DAY, {"proof": None}, PARTNER, {"input_proof"}, id="without proof"),
        pytest.param(
            END - DAY,
            {"performed_at": None},
            PARTNER,
            {"input_performed_at", "performed", "performed_in_time"},
            id="undone",
        ),
        pytest.param(
            END - DAY, {"performed_at": END}, PARTNER, {"performed", "performed_in_time"}, id="yet"
        ),
        pytest.param(
            END - DAY, {"performed_at": CLAIMS}, PARTNER, {"performed_in_time"}, id="done too late"
        ),
        pytest.param(
            END - DAY,
            {"performed_at": CLAIMS - timedelta(seconds=1)},
            PARTNER,
            set(),
            id="done in the last second to use",
        ),
        pytest.param(END - DAY, {"claimed": "600 USD"}, PARTNER, set(), id="all of it"),
        pytest.param(
            END - DAY, {"claimed": "600.01 USD"}, PARTNER, {"no_more_than_approved"}, id="a cent"
        ),
        pytest.param(END - DAY, {}, OTHER, {"own_claim"}, id="another partner"),
    ],
)
def test_a_claim_needs_proof_in_time(
    at: datetime, data: dict[str, Any], actor: Actor, named: set[str]
) -> None:
    """What was done in time is claimed in time, with proof, and no more than was approved."""
    given = {name: each for name, each in {**DONE, **data}.items() if each is not None}

    found = obstacles(approved(), "requests[booth].claim", at=at, actor=actor, data=given)

    assert {each for each in found if each != "in_time_to_claim" or named == {each}} == named


def test_a_claim_that_was_made_in_time_is_paid_later() -> None:
    """The decision may come after the last period; what was claimed is not forfeited (BX-32)."""
    desk = Desk([process()], MemoryStore())
    desk.open(a_fund(), actor=MANAGER, at=NOON)
    desk.move("f-1", "allocate", actor=MANAGER, at=NOON, data={"allocated": "2000 USD"})
    desk.move("f-1", "earn", actor=FINANCE, at=NOON, data={"earned": "1000 USD"})
    desk.move("f-1", "ask", actor=PARTNER, at=NOON, data={"requests": BOOTH})
    desk.move("f-1", "requests[booth].approve", actor=MANAGER, at=NOON)
    desk.tick(at=CLAIMS + DAY)
    desk.move("f-1", "requests[booth].claim", actor=PARTNER, at=END - DAY, data=DONE)
    (told,) = desk.tick(at=END + DAY).answers
    paid = desk.move("f-1", "requests[booth].pay", actor=FINANCE, at=END + 9 * DAY)

    forfeit = next(each for each in told.effects if each.kind == "forfeit")
    assert Money.model_validate(forfeit.data["unused"]) == Money.parse("450 USD")
    assert paid.record.requests[0].stage == "paid"
    assert [each.kind for each in paid.effects] == ["pay_claim"]


def test_warnings_come_before_each_end() -> None:
    """Two weeks before the end of the periods to use and to claim the partner is told."""
    done = settle(process(), approved(), at=END + DAY)

    steps = [each.step for each in done.events if each.step is not None]
    assert steps == ["use_soon", "claim_soon"]


def test_amounts_are_written_by_transitions_alone() -> None:
    """Neither what is earned nor the requests are edited; the allocation not after its period."""
    desk = Desk([process()], MemoryStore())
    desk.open(a_fund(), actor=MANAGER, at=NOON)
    desk.change("f-1", {"budget": "9000 USD"}, actor=MANAGER, at=NOON)
    desk.move("f-1", "allocate", actor=MANAGER, at=NOON, data={"allocated": "2000 USD"})
    with pytest.raises(EditRefusedError):
        desk.change("f-1", {"earned": "9 USD"}, actor=MANAGER, at=NOON)
    desk.change("f-1", {"allocated": "2500 USD"}, actor=MANAGER, at=NOON)
    desk.move("f-1", "open_use", actor=MANAGER, at=NOON + DAY)
    with pytest.raises(EditRefusedError):
        desk.change("f-1", {"allocated": "9000 USD"}, actor=MANAGER, at=NOON + DAY)


def test_a_fund_that_is_cancelled_runs_no_period() -> None:
    """Nothing ends by itself once the fund is off."""
    here = apply(process(), allocated(), "cancel", actor=MANAGER, at=NOON + DAY).record

    assert settle(process(), here, at=END + DAY).events == ()


@pytest.mark.parametrize(
    ("earned", "item", "known"),
    [
        pytest.param(None, {"stage": "approved"}, False, id="nothing earned is recorded"),
        pytest.param("9 USD", {"stage": "approved", "amount": None}, False, id="no amount"),
        pytest.param("9 USD", {"stage": "approved", "amount": "5 EUR"}, False, id="other money"),
        pytest.param("9 USD", {"stage": "refused", "amount": "5 EUR"}, True, id="not bound"),
    ],
)
def test_totals_of_what_is_not_known_are_not_known(
    earned: str | None,
    item: dict[str, Any],
    known: bool,  # noqa: FBT001 - a case
) -> None:
    """A total with something unknown in it is unknown, and never a yes."""
    here = a_fund(earned=earned, requests=[{"id": "x", **item}])

    assert (here.available is not None) is known
    assert (here.unused is not None) is (earned is not None)
