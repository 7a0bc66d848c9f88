"""Laws of approval chains, whatever is answered, edited and handed in again, in any order."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from approval_samples import BOARD, FINANCE, LEGAL, MANAGER, PARTNER, SELLER, chains, submitted
from cosell.engine import (
    ApprovalState,
    TransitionRefusedError,
    apply,
    change,
    decide,
    fold,
    open_record,
    preview_approvals,
)
from cosell.events import Actor
from cosell.models import Opportunity
from process_samples import NOON

ROWS = {"manager": 0, "finance": 50_000, "board": 500_000}
ACTORS = st.sampled_from([MANAGER, FINANCE, LEGAL, BOARD, SELLER])
AMOUNTS = st.sampled_from([1, 50_000, 50_001, 500_000, 500_001])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("approve_deal"), ACTORS),
        st.tuples(st.just("reject_deal"), ACTORS),
        st.tuples(st.just("resubmit"), st.just(PARTNER)),
        st.tuples(st.just("edit"), AMOUNTS),
    ),
    max_size=12,
)


def done(steps: list[tuple[str, Any]], facts: dict[str, Any]) -> tuple[Opportunity, list[Any]]:
    """Return a deal after as many of the steps as are permitted, and its events."""
    content = {"id": "o-1", "acv": "50000 USD", "customer": {"name": "Beta"}}
    opened = open_record(chains(), Opportunity.model_validate(content), actor=PARTNER, at=NOON)
    sent = apply(chains(), opened.record, "submit", actor=PARTNER, at=NOON)
    record, events = sent.record, [*opened.events, *sent.events]
    for word, who in steps:
        question: dict[str, Any] = {"at": NOON, "facts": facts}
        try:
            if word == "edit":
                taken = change(chains(), record, {"acv": f"{who} USD"}, actor=SELLER, **question)
            else:
                data = {"approvals": {"reason": "No."}} if word == "reject_deal" else {}
                taken = apply(chains(), record, word, actor=who, data=data, **question)
        except TransitionRefusedError:
            continue
        record, events = taken.record, [*events, *taken.events]
    return record, events


@given(STEPS, st.booleans())
def test_a_deal_is_accepted_only_with_every_approval(
    steps: list[tuple[str, Any]], tender: Any
) -> None:
    """Each row that applies has approved this very amount, and nothing stands rejected (BX-8)."""
    facts = {"is_tender": tender}
    record, _ = done(steps, facts)
    assert record.acv is not None
    amount = record.acv.amount
    asked = {row for row, above in ROWS.items() if amount > above} | (
        {"legal"} if tender else set()
    )
    counting = [it for it in record.approvals if it.covered[0].value == f'"{amount} USD"']
    approved = {it.row for it in counting if it.outcome == "approved"}
    rejected = {it.row for it in counting if it.outcome == "rejected"}
    permitted = decide(chains(), record, "accept", actor=MANAGER, at=NOON, facts=facts).permitted

    assert permitted is (asked <= approved and not rejected)


@given(STEPS, st.booleans())
def test_the_preview_says_what_can_be_answered(steps: list[tuple[str, Any]], tender: Any) -> None:
    """A row is open if and only if somebody of its role who did not answer yet may approve it."""
    facts = {"is_tender": tender}
    record, _ = done(steps, facts)
    for step in preview_approvals(chains(), record, at=NOON, facts=facts):
        if step.chain == "deal":
            somebody = Actor("new", role=step.role)
            may = decide(
                chains(), record, "approve_deal", actor=somebody, at=NOON, facts=facts
            ).permitted
            assert may is (step.state is ApprovalState.OPEN), step


@given(STEPS, st.booleans())
def test_what_is_not_known_opens_nothing(steps: list[tuple[str, Any]], tender: Any) -> None:
    """Without the facts nothing is permitted that is refused with them."""
    facts = {"is_tender": tender}
    record, _ = done(steps, facts)
    for trigger, actor in (("accept", MANAGER), ("approve_deal", FINANCE), ("approve_deal", BOARD)):
        question: dict[str, Any] = {"actor": actor, "at": NOON}
        known = decide(chains(), record, trigger, facts=facts, **question)
        unknown = decide(chains(), record, trigger, **question)
        assert known.permitted or not unknown.permitted


@given(STEPS, st.booleans())
def test_a_record_with_answers_is_the_fold_of_its_events(
    steps: list[tuple[str, Any]], tender: Any
) -> None:
    """Answers are kept in events like everything else, and no row counts twice."""
    record, events = done(steps, {"is_tender": tender})
    standing = [it.row for it in record.standing_approvals]

    assert fold(Opportunity, events) == record
    assert len(standing) == len(set(standing))


def test_the_sample_can_be_approved() -> None:
    """The laws are not held by deals that nobody could ever approve."""
    record, _ = done([("approve_deal", MANAGER), ("edit", 1), ("approve_deal", MANAGER)], {})

    assert [it.row for it in record.standing_approvals] == ["manager"]
    assert submitted().approvals == ()
