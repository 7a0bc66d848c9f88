"""Who sees what of a deal of `make`: the vendor all, a partner its own, the customer its part."""

from __future__ import annotations

from typing import Any, Final

import pytest

from cosell.engine import decide
from cosell.engine.views import view
from cosell.errors import RecordNotFoundError
from cosell.events import Actor
from make_deals import (
    AE,
    CUSTOMER,
    DESK,
    MANAGER,
    NOW,
    PARTNER,
    PROSPECT,
    SE,
    SECURITY,
    SUCCESS,
    TEAM,
    deal,
    make,
)

SAID: Final = {
    "notes": [{"text": "They will pay more."}],
    "links": [{"url": "https://portal.example/poc-guide", "label": "PoC guide"}],
}
OUTSIDER: Final = Actor("z-1", role="partner", party="zeta")


def seen(actor: Actor, stage: str = "discovery", **changes: Any) -> set[str]:
    """Return the names of what ``actor`` sees of the ready deal with ``changes``."""
    paths = {path.replace("__", "."): value for path, value in changes.items()}
    record = deal(stage, {**SAID, **paths})
    found = view(make(), record, actor=actor, at=NOW)
    return set() if found is None else set(found.record(record))


@pytest.mark.parametrize("actor", [MANAGER, TEAM, AE, SE, SUCCESS, DESK, SECURITY])
def test_the_vendor_sees_all(actor: Actor) -> None:
    """Who works for the vendor sees notes, links and every part (MK-45)."""
    assert {"notes", "links", "quote", "contract", "closing"} <= seen(actor)


def test_the_vendors_own_notes_are_not_shared() -> None:
    """A partner sees its deal, and not what the vendor noted for itself (MK-45)."""
    found = seen(PARTNER)

    assert "notes" not in found
    assert {"shared_notes", "quote", "stakeholders"} <= found


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        pytest.param("2026-06-01", True, id="access from today"),
        pytest.param("2026-06-02", False, id="access from tomorrow"),
        pytest.param(None, False, id="no access"),
    ],
)
def test_assets_are_visible_with_portal_access_only(day: str | None, shown: Any) -> None:
    """Links to documents and assets are seen with access to the portal (MK-9, MK-42)."""
    found = seen(PARTNER, partner__portal_access_on=day)

    assert ("links" in found) is shown
    assert "quote" in found


def test_another_partners_deal_does_not_exist() -> None:
    """A partner is not told of what another one registered (MK-12)."""
    assert seen(OUTSIDER) == set()
    with pytest.raises(RecordNotFoundError):
        decide(make(), deal("discovery"), "start_closing", actor=OUTSIDER, at=NOW)


@pytest.mark.parametrize("actor", [PARTNER, PROSPECT])
def test_a_lead_of_nobody_is_open_to_register(actor: Actor) -> None:
    """Before it is linked to a partner, whoever would register sees the lead (MK-10)."""
    fresh = {"partner": {"status": "prospective"}, "registered_at": None}

    assert "customer" in seen(actor, "qualified", **fresh)


def test_a_registered_deal_is_its_sources() -> None:
    """Once registered, a deal is shown to the party that is its source, and to no other (MK-12)."""
    unlinked = {"partner": {"status": "partner"}, "sourced_by": "acme"}

    assert "quote" in seen(PARTNER, **unlinked)
    assert seen(OUTSIDER, **unlinked) == set()


def test_a_prospect_sees_its_own_registration() -> None:
    """Who handed a registration in sees it; another prospective partner does not (MK-10)."""
    theirs = {
        "partner": {"status": "prospective"},
        "registration__submitted_by": PROSPECT.id,
    }
    another = Actor("p-9", role="prospective_partner")

    assert "links" not in seen(PROSPECT, "registered", **theirs)
    assert seen(another, "registered", **theirs) == set()


def test_the_customer_sees_what_it_takes_part_in() -> None:
    """Trial, plans, PoC, order form and contract; nothing of pricing or the partner (MK-27)."""
    found = seen(CUSTOMER)

    assert {"trial", "mdp", "poc", "order_form", "contract"} <= found
    assert found.isdisjoint({"quote", "partner", "notes", "meddpicc", "closing", "terms"})


def test_another_customer_sees_nothing() -> None:
    """A deal is shown to its own customer alone (MK-23)."""
    assert seen(CUSTOMER, customer__id="gamma") == set()
