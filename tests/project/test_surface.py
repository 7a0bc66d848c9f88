"""The few lines that cosell is made for, as a host writes them."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cosell import Actor, Calendar, Desk, Opportunity, SqliteStore, catalog

NOW = datetime(2026, 11, 20, 9, tzinfo=ZoneInfo("Europe/Prague"))
PARTNER = Actor("p-7", role="partner", party="acme")
MANAGER = Actor("m-1", role="partner_manager", party="vendor")

#: A lead that may be qualified, registered and accepted.
LEAD = Path(__file__).parents[2] / "examples" / "lead_to_fee.json"


def test_the_surface(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bind, open, ask, move and tick: five lines, one file, every command under its key."""
    monkeypatch.chdir(tmp_path)
    opportunity = Opportunity.model_validate_json(LEAD.read_text("utf-8"))

    make = catalog.load("make").bind(
        calendars={"vendor": Calendar.from_holidays("CZ", tz="Europe/Prague", hours="09:00-17:00")}
    )
    with SqliteStore("deals.db") as store:
        desk = Desk([make], store)
        deal = desk.open(opportunity, actor=PARTNER, at=NOW, key="form-881")
        options = desk.options(deal.id, actor=PARTNER, at=NOW)
        desk.move(deal.id, "qualify", actor=PARTNER, at=NOW)
        form = {"registration.channel": "partner_portal"}
        desk.move(deal.id, "register", actor=PARTNER, at=NOW, data=form)
        data = {"owner": "ae-3", "owner_team": "Central"}
        accepted, again = (
            desk.move(deal.id, "accept_co_selling", actor=MANAGER, at=NOW, data=data, key="req-118")
            for _ in range(2)
        )
        ticked = desk.tick(at=NOW + timedelta(days=30))

    assert [option.trigger for option in options if option.permitted] == [
        "qualify",
        "touch",
    ]
    assert (accepted.record.stage, accepted.repeated, again.repeated) == ("converted", False, True)
    assert again.record == accepted.record
    assert ticked.failed == ()
