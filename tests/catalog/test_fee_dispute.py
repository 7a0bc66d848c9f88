"""The process `fee_dispute`: raised in time, answered in time, three outcomes (BX-31)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final

import pytest

from cosell import Desk, MemoryStore, Money, catalog
from cosell.engine import Bound, TransitionRefusedError, adopt, apply, decide, open_record, settle
from cosell.events import Actor
from cosell.models import FeeDispute
from fee_samples import LATER, usd
from paid_samples import FEE, a_desk, paid_for, said, won
from paid_samples import SELLER as PAYER

NOON: Final = datetime(2026, 7, 1, 12, tzinfo=UTC)
DAY: Final = timedelta(days=1)
PARTNER: Final = Actor("p-7", role="partner", party="acme")
FINANCE: Final = Actor("f-1", role="finance", party="vendor")
MANAGER: Final = Actor("m-1", role="manager", party="vendor")
CLAIM: Final = {"reason": "The second year is missing.", "claimed": "12500 USD"}
WHY: Final = {"outcome_reason": "It says so in the contract."}


@cache
def process() -> Bound:
    return catalog.load("fee_dispute").bind()


def a_dispute(**values: Any) -> FeeDispute:
    """Return a dispute of a fee that was announced at noon."""
    given = {"id": "d-1", "fee": FEE, "deal": "o-1", "payee": "acme", "written": "12000 USD"}
    return FeeDispute.model_validate({**given, "announced_at": NOON, **values})


def raised(**values: Any) -> FeeDispute:
    opened = open_record(process(), a_dispute(**values), actor=FINANCE, at=NOON).record
    return apply(process(), opened, "raise", actor=PARTNER, at=NOON + DAY, data=CLAIM).record


@pytest.mark.parametrize(
    ("changes", "data", "actor", "criterion"),
    [
        pytest.param({}, {}, PARTNER, None, id="the payee objects to a fee that is named"),
        pytest.param({"payee": "other"}, {}, PARTNER, "own_fee", id="another party's fee"),
        pytest.param({"payee": None}, {}, PARTNER, "own_fee", id="nobody knows whose fee"),
        pytest.param({"fee": None}, {}, PARTNER, "fee_named", id="which fee is not said"),
        pytest.param({"written": None}, {}, PARTNER, "fee_named", id="what it is is not said"),
        pytest.param({}, {"claimed": "12000 USD"}, PARTNER, "another_amount", id="the same amount"),
        pytest.param({}, {"claimed": "12000.01 USD"}, PARTNER, None, id="a cent more"),
        pytest.param({}, {"claimed": None}, PARTNER, "input_claimed", id="no amount is claimed"),
        pytest.param({}, {"reason": None}, PARTNER, "input_reason", id="no reason is given"),
        pytest.param({}, {}, FINANCE, "role", id="whoever pays does not object"),
    ],
)
def test_who_may_object_to_what(
    changes: dict[str, Any], data: dict[str, Any], actor: Actor, criterion: str | None
) -> None:
    """A payee objects to its own fee, with a reason and another amount (BX-31)."""
    here = open_record(process(), a_dispute(**changes), actor=FINANCE, at=NOON).record

    found = decide(process(), here, "raise", actor=actor, at=NOON, data={**CLAIM, **data})

    named = {each.id.rpartition(".")[2] for each in found.obstacles}
    assert found.permitted is (criterion is None)
    assert criterion is None or criterion in named


@pytest.mark.parametrize(
    ("days", "stage"),
    [pytest.param(30, "drafted", id="the last day"), pytest.param(31, "lapsed", id="a day later")],
)
def test_an_objection_has_a_deadline(days: int, stage: str) -> None:
    """Thirty days after the fee was announced it is too late, and the dispute lapses (BX-31)."""
    here = open_record(process(), a_dispute(), actor=FINANCE, at=NOON).record
    at = NOON + days * DAY

    assert settle(process(), here, at=at).record.stage == stage
    found = decide(process(), here, "raise", actor=PARTNER, at=at, data=CLAIM)
    assert found.permitted is (stage == "drafted")


@pytest.mark.parametrize(
    ("days", "stage"),
    [
        pytest.param(14, "raised", id="the last day"),
        pytest.param(15, "escalated", id="a day later the manager has it"),
    ],
)
def test_an_answer_has_a_deadline(days: int, stage: str) -> None:
    """What is not answered within fourteen days goes to the manager (BX-31)."""
    here = settle(process(), raised(), at=NOON + DAY + days * DAY)

    assert here.record.stage == stage
    assert [each.kind for each in here.effects] == ["inform_manager"] * (stage == "escalated")


def test_a_manager_is_reminded() -> None:
    """What the manager does not answer is told again, and stays (BX-31)."""
    here = settle(process(), raised(), at=NOON + 40 * DAY)

    assert here.record.stage == "escalated"
    assert [each.kind for each in here.effects] == ["inform_manager"] * 2


@pytest.mark.parametrize(
    ("trigger", "data", "comes_to", "change"),
    [
        pytest.param("uphold", {}, "12500.00 USD", "500.00 USD", id="upheld: the partner is right"),
        pytest.param(
            "change", {"settled": "12200 USD"}, "12200.00 USD", "200.00 USD", id="changed"
        ),
        pytest.param("reject", {}, "12000.00 USD", "0.00 USD", id="rejected: the fee stands"),
    ],
)
@pytest.mark.parametrize("actor", [FINANCE, MANAGER])
def test_an_outcome_says_what_the_fee_comes_to(
    trigger: str, data: dict[str, Any], comes_to: str, change: str, actor: Actor
) -> None:
    """Each outcome asks for an entry of the ledger, by nothing where the fee stands (BX-31)."""
    here = raised()
    done = apply(process(), here, trigger, actor=actor, at=NOON + 2 * DAY, data={**WHY, **data})

    adjusts, informs = done.effects
    assert (str(done.record.comes_to), str(done.record.change)) == (comes_to, change)
    assert (adjusts.kind, adjusts.data["change"]) == ("adjust_ledger", done.record.change)
    assert informs.data["comes_to"] == done.record.comes_to
    assert done.record.stage == done.record.outcome
    assert (here.comes_to, here.change) == (None, None)


@pytest.mark.parametrize(
    ("trigger", "data", "actor", "criterion"),
    [
        pytest.param("change", {"settled": "12000 USD"}, FINANCE, "neither_of_the_two", id="as is"),
        pytest.param(
            "change", {"settled": "12500 USD"}, FINANCE, "neither_of_the_two", id="as claimed"
        ),
        pytest.param("change", {"settled": "12499.99 USD"}, FINANCE, None, id="a cent less"),
        pytest.param("change", {}, FINANCE, "input_settled", id="to what is not said"),
        pytest.param(
            "uphold", {"outcome_reason": None}, FINANCE, "input_outcome_reason", id="no reason"
        ),
        pytest.param("reject", {}, PARTNER, "role", id="the partner does not decide"),
        pytest.param(
            "reject",
            {},
            Actor("p-7", role="finance"),
            "decided_by_another",
            id="who raised it does not decide it in another role",
        ),
    ],
)
def test_what_speaks_against_an_outcome(
    trigger: str, data: dict[str, Any], actor: Actor, criterion: str | None
) -> None:
    """A decision has a reason, and is another person's than the objection."""
    found = decide(process(), raised(), trigger, actor=actor, at=NOON + DAY, data={**WHY, **data})

    named = {each.id.rpartition(".")[2] for each in found.obstacles}
    assert found.permitted is (criterion is None)
    assert criterion is None or criterion in named


def test_statements_and_reviewers_are_recorded() -> None:
    """Both sides say what they have to say; the dispute stays where it is."""
    here = apply(process(), raised(), "take", actor=FINANCE, at=NOON + DAY).record
    data = {"statements": {"text": "See page 3."}}
    here = apply(process(), here, "state", actor=PARTNER, at=NOON + DAY, data=data).record

    assert (here.stage, here.reviewer) == ("raised", "f-1")
    assert [(each.text, each.by, each.party) for each in here.statements] == [
        ("See page 3.", "p-7", "acme")
    ]


@pytest.mark.parametrize("days", [2, 20])
def test_a_partner_takes_it_back(days: int) -> None:
    """What is withdrawn is over, before and after it was escalated."""
    here = settle(process(), raised(), at=NOON + days * DAY).record
    done = apply(process(), here, "withdraw", actor=PARTNER, at=NOON + days * DAY)

    assert (done.record.stage, done.record.withdrawn_at) == ("withdrawn", NOON + days * DAY)
    assert settle(process(), done.record, at=NOON + 90 * DAY).events == ()


def test_finance_may_hand_it_on() -> None:
    """Whoever pays may ask the manager before the deadline; the manager then has seven days."""
    here = apply(process(), raised(), "escalate", actor=FINANCE, at=NOON + 2 * DAY).record

    assert here.escalated_at == NOON + 2 * DAY
    assert settle(process(), here, at=NOON + 9 * DAY).events == ()
    assert len(settle(process(), here, at=NOON + 10 * DAY).events) == 1


def test_what_is_disputed_stays() -> None:
    """The amounts of an objection are locked once it is raised."""
    desk = Desk([process()], MemoryStore())
    desk.open(a_dispute(), actor=FINANCE, at=NOON)
    desk.move("d-1", "raise", actor=PARTNER, at=NOON, data=CLAIM)

    with pytest.raises(Exception, match="locked while in `raised`"):
        desk.change("d-1", {"claimed": "1 USD"}, actor=PARTNER, at=NOON)


def test_amounts_of_two_currencies_have_no_difference() -> None:
    """Nothing is converted here: what it changes by is not known."""
    here = a_dispute(outcome="upheld", claimed="12500 EUR")

    assert (here.comes_to, here.change) == (Money.parse("12500 EUR"), None)


def test_an_old_dispute_comes_in_mid_way() -> None:
    """A dispute that was under way runs against its clocks from then on."""
    here = adopt(process(), a_dispute(), stage="escalated", actor=MANAGER, at=NOON).record

    with pytest.raises(TransitionRefusedError):
        apply(process(), here, "raise", actor=PARTNER, at=NOON, data=CLAIM)


@pytest.mark.parametrize(
    ("trigger", "data", "entries"),
    [
        pytest.param("uphold", {}, ["adjusted 500.00 USD"], id="upheld"),
        pytest.param("change", {"settled": "11000 USD"}, ["adjusted -1000.00 USD"], id="changed"),
        pytest.param("reject", {}, ["adjusted 0.00 USD"], id="rejected"),
    ],
)
def test_the_ledger_keeps_both(trigger: str, data: dict[str, Any], entries: list[str]) -> None:
    """The fee as it was, the objection and what came of it all stay in the ledger (BX-31)."""
    store = MemoryStore()
    fees, disputes = a_desk(Desk, store), Desk([process()], store)
    won(fees)
    paid_for(fees)
    disputes.open(a_dispute(announced_at=LATER), actor=FINANCE, at=LATER)

    told = disputes.move("d-1", "raise", actor=PARTNER, at=LATER, data=CLAIM)
    hold = next(each for each in told.effects if each.kind == "hold_payment")
    say = {"actor": PAYER, "at": LATER, "cause": "d-1"}
    fees.dispute("o-1", hold.data["fee"], reason=hold.data["reason"], **say)
    told = disputes.move("d-1", trigger, actor=FINANCE, at=LATER, data={**WHY, **data})
    adjust = next(each for each in told.effects if each.kind == "adjust_ledger")
    change = Money.model_validate(adjust.data["change"])
    why = adjust.data["outcome_reason"]
    fees.settle_dispute("o-1", adjust.data["fee"], change, reason=why, **say)

    assert said(store.entries()) == [
        "earned 12000.00 USD",
        "payable 12000.00 USD",
        "disputed 0.00 USD",
        *entries,
    ]
    comes_to = told.record.comes_to
    assert fees.account("acme").balance("acme", "USD") == comes_to
    fees.record_payment("o-1", FEE, comes_to, actor=PAYER, at=LATER, cause="wire-1")
    assert fees.account("acme").balance("acme", "USD") == usd(0)
