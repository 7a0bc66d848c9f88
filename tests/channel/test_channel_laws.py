"""Laws of the channel processes, whatever partners and channel managers do, in whatever order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from hypothesis import given
from hypothesis import strategies as st

from channel_deals import (
    ANN,
    BOB,
    CHANNEL,
    DAY,
    LEADS,
    MEMBERSHIP,
    NOW,
    QUALIFIED,
    REGISTRATION,
    SIGNED_UP,
    everything,
)
from cosell.desk import Desk
from cosell.events import Actor
from cosell.models import Lead, Opportunity
from cosell.stores import MemoryStore
from desk_kit import outcome

_REVIEWED: Final = {
    "registration.existing_deal_found": False,
    "registration.information_complete": True,
}
#: What somebody may try with a deal: the trigger, and what is given with it.
_TRIED: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("approve", _REVIEWED),
    ("reject", {"registration.answers": {"reason": "Incomplete."}}),
    ("reject", {}),
    ("resubmit", {"registration.submissions": {"added": "More."}}),
    ("negotiate", {}),
    ("win", {"acv": "20000 USD"}),
    ("lose", {"closed_reason": "No budget."}),
    ("withdraw", {}),
    ("submit_proof", {"proof": "The order."}),
    ("credit", {}),
    ("request_extension", {"registration.extension_requests": {"reason": "Holidays."}}),
    ("extend", {}),
    ("reinstate", {}),
)
_DEALS: Final = {"d-1": ANN, "d-2": BOB, "d-3": ANN}
_COMMANDS: Final = st.lists(
    st.tuples(
        st.sampled_from(sorted(_DEALS)),
        st.sampled_from(_TRIED),
        st.booleans(),
        st.sampled_from([0, 0, 0, 20, 95]),
    ),
    max_size=25,
)


def played(commands: Iterable[tuple[str, tuple[str, dict[str, Any]], bool, int]]) -> Desk:
    """Return a desk on which three registered deals of one customer went through commands."""
    desk = Desk(everything(), MemoryStore())
    for record_id, actor in _DEALS.items():
        member = {**MEMBERSHIP, "valid_until": None, "open_ended": True}
        partner = {"id": actor.party, "memberships": [member]}
        deal = Opportunity.model_validate({**QUALIFIED, "id": record_id, "partner": partner})
        desk.open(deal, actor=actor, at=NOW, process=REGISTRATION)
        through = {"registration.channel": "partner_portal"}
        desk.move(record_id, "register", actor=actor, at=NOW, data=through)
    at = NOW
    for record_id, (trigger, data), by_vendor, days in commands:
        at += days * DAY
        desk.tick(at=at)
        actor = CHANNEL if by_vendor else _DEALS[record_id]
        if trigger == "extend":
            more = {"actor": actor, "at": at, "units": 30, "reason": "They are close."}
            outcome(lambda: desk.extend(record_id, "time_frame", **more))  # noqa: B023
        else:
            outcome(lambda: desk.move(record_id, trigger, actor=actor, at=at, data=data))  # noqa: B023
        require_one_protected(desk)
    return desk


def require_one_protected(desk: Desk) -> None:
    """Require that at most one deal is a partner's, and that this one holds the claim."""
    deals = [desk.load(record_id) for record_id in _DEALS]
    working = [deal for deal in deals if deal.stage in {"approved", "negotiation"}]
    assert len(working) <= 1
    assert all("registration:gamma.example:core" in deal.claims for deal in working)


@given(commands=_COMMANDS)
def test_a_customer_and_product_is_one_partners(commands: Any) -> None:
    """At most one deal is protected; no rejection without reason, no credit without proof (SF-14).

    Also SF-8, SF-13, BX-2.
    """
    desk = played(commands)
    for record_id in _DEALS:
        deal: Any = desk.load(record_id)
        answers = deal.registration.answers
        assert all(answer.reason for answer in answers if answer.outcome == "rejected")
        if deal.stage == "credited":
            assert deal.won_at is not None
            assert deal.proof_submitted_at is not None


_PARTIES: Final = ("acme", "beta", "gamma")


@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["offer", "offer_also", "accept", "wait"]), st.sampled_from(_PARTIES)
        ),
        max_size=25,
    )
)
def test_a_lead_never_goes_back_by_accident(steps: list[tuple[str, str]]) -> None:
    """Without an override nobody is offered it twice; who has it was offered it (SF-17, SF-20)."""
    desk = Desk(everything(), MemoryStore())
    lead = Lead.model_validate({**QUALIFIED, "id": "l-1"})
    desk.open(lead, actor=CHANNEL, at=NOW, process=LEADS)
    desk.move("l-1", "qualify", actor=CHANNEL, at=NOW)
    at = NOW
    for step, party in steps:
        if step == "wait":
            at += 40 * DAY
            desk.tick(at=at)
            continue
        actor = Actor(f"p-{party}", role="partner", party=party) if step == "accept" else CHANNEL
        data = {} if step == "accept" else {"offers": {"party": party}}
        asking = {"actor": actor, "at": at, "data": data, "facts": SIGNED_UP}
        outcome(lambda: desk.move("l-1", step, **asking))  # noqa: B023
        after: Any = desk.load("l-1")
        offered = [offer.party for offer in after.offers]
        assert len(set(offered)) == len(offered)
        if after.accepted_by is not None:
            assert after.accepted_by in {offer.party for offer in after.standing_offers}
