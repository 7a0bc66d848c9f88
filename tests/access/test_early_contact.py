"""Who from the vendor spoke with the customer before the partner knew is flagged (BX-44)."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any, Final

import pytest

from cosell.engine import Bound, adopt, decide
from cosell.models import Opportunity
from process_samples import NOON, SELLER, bound_of

HOUR: Final = timedelta(hours=1)

#: A deal goes on only when the partner was informed first; an early contact is told in any case.
EARLY: Final = """\
id = "early"
version = 1
record = "Opportunity"
initial = "registered"
roles = { seller = "Seller" }
stages = [{ id = "registered" }, { id = "won", kind = "won" }]

[[gates.fair.criteria]]
id = "partner_informed_first"
need = "partner_informed_before_contact"
remedy = "Tell the partner what happened, and agree on the next steps."
cites = ["BX-44", "MK-14"]

[[transitions]]
trigger = "win"
source = "registered"
target = "won"
roles = ["seller"]
gates = ["fair"]
"""


@cache
def early() -> Bound:
    return bound_of(EARLY)


def contact(hours: int, side: str | None = "vendor", **values: Any) -> dict[str, Any]:
    """Return a meeting so many hours after noon."""
    meeting = {"kind": "meeting", "side": side, "with_customer": True}
    return {**meeting, "at": NOON + hours * HOUR, **values}


@pytest.mark.parametrize(
    ("informed", "activities", "verdict"),
    [
        pytest.param(2, [contact(3)], "met", id="the partner knew before"),
        pytest.param(2, [contact(1)], "unmet", id="a contact before is flagged"),
        pytest.param(2, [contact(2)], "unmet", id="at the very moment is not before"),
        pytest.param(2, [contact(3), contact(1)], "unmet", id="one of several suffices"),
        pytest.param(2, [contact(-1)], "met", id="before the registration is not asked about"),
        pytest.param(2, [contact(1, "partner")], "met", id="the partner's own is none"),
        pytest.param(2, [contact(1, with_customer=False)], "met", id="nor is one among ourselves"),
        pytest.param(2, [contact(1, None)], "unknown", id="unknown whose it was"),
        pytest.param(2, [contact(1, with_customer=None)], "unknown", id="unknown who was there"),
        pytest.param(None, [contact(3)], "unknown", id="unknown when the partner was informed"),
        pytest.param(None, [], "met", id="no contact, nothing to flag"),
    ],
)
def test_a_contact_before_the_partner_was_informed(
    informed: int | None, activities: list[dict[str, Any]], verdict: str
) -> None:
    """A logged contact is flagged, with the rule; unknown is never yes (BX-44, MK-14)."""
    told = None if informed is None else NOON + informed * HOUR
    content = {
        "id": "o-1",
        "registered_at": NOON,
        "registration": {"partner_informed_at": told},
        "activities": activities,
    }
    record = Opportunity.model_validate(content)
    record = adopt(early(), record, stage="registered", actor=SELLER, at=NOON).record
    decision = decide(early(), record, "win", actor=SELLER, at=NOON)
    found = {finding.id: finding for finding in decision.findings}["partner_informed_first"]

    assert (found.verdict, decision.permitted) == (verdict, verdict == "met")
    assert found.cites == ("BX-44", "MK-14")
