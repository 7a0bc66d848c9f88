"""The process `partner_center_program`: the operating model, the rhythm of reviews, locations."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from cosell import catalog
from cosell.engine import decide, read_clocks, settle
from cosell.findings import Verdict
from cosell.models import CoSellProgram, Location
from partner_center_deals import (
    ADMIN,
    DAY,
    NOW,
    PROGRAM,
    REGISTRAR,
    advice,
    asked,
    bound,
    effects,
    entered,
    moved,
    obstacles,
)

SECOND: Final = timedelta(seconds=1)
FITS: Final = {"interface_high": "interface_fits", "automated": "automation_fits"}


def started(deals: int) -> CoSellProgram:
    """Return the set-up after its start with so many deals a month."""
    found = moved(
        PROGRAM, entered(PROGRAM, "setting_up"), "start", actor=ADMIN, deals_a_month=deals
    )
    assert isinstance(found.record, CoSellProgram)
    return found.record


@pytest.mark.parametrize(
    ("referrals", "offerings", "crm", "model"),
    [
        pytest.param(29, 5, "takes_more_fields", "interface_high", id="fewer than 30"),
        pytest.param(30, 5, "takes_more_fields", "automated", id="exactly 30, as stated"),
        pytest.param(31, 5, "takes_more_fields", "automated", id="more than 30"),
        pytest.param(29, 6, "none", "automated", id="more than 5 offerings: both ways, as stated"),
        pytest.param(29, 5, "none", "interface_high", id="no CRM, 5 offerings"),
        pytest.param(29, 1, "meets_api", "automated", id="a CRM that meets the API: both ways"),
        pytest.param(31, 6, "meets_api", "automated", id="all for automation"),
    ],
)
def test_the_operating_model(referrals: int, offerings: int, crm: str, model: str) -> None:
    """What the numbers speak for is advised, and never required (MS-19)."""
    numbers = {"referrals_a_month": referrals, "offerings": offerings, "crm": crm}
    for chosen, criterion in FITS.items():
        decision = asked(
            PROGRAM, "setting_up", "start", actor=ADMIN, operating_model=chosen, **numbers
        )
        assert decision.permitted
        assert (criterion in advice(decision)) is (chosen != model)


def test_what_the_guide_leaves_open_is_a_parameter() -> None:
    """Exactly 30, and answers that point both ways, can be stated otherwise (MS-19)."""
    text = f'extends = "{PROGRAM}@1"\nid = "ours"\nversion = 1\n[parameters]\n'
    ours = catalog.parse(text + "automation_from = 31\nautomation_wins = false\n").bind()
    for numbers in ({"referrals_a_month": 30}, {"referrals_a_month": 40}, {"offerings": 6}):
        found = asked(PROGRAM, "setting_up", "start", actor=ADMIN, process=ours, **numbers)
        verdict = next(each.verdict for each in found.findings if each.id == "interface_fits")
        assert verdict is Verdict.MET


@pytest.mark.parametrize(
    ("deals", "rhythm"),
    [
        pytest.param(0, "monthly", id="none yet"),
        pytest.param(10, "monthly", id="10 or fewer"),
        pytest.param(11, "every_two_weeks", id="11: in no band, as stated"),
        pytest.param(14, "every_two_weeks", id="14: in no band, as stated"),
        pytest.param(15, "every_two_weeks", id="15"),
        pytest.param(29, "every_two_weeks", id="29"),
        pytest.param(30, "weekly", id="30: in two bands, as stated"),
        pytest.param(31, "weekly", id="more than 30"),
    ],
)
def test_the_rhythm_follows_from_the_deals(deals: int, rhythm: str) -> None:
    """Monthly, every two weeks or weekly, whether at the start or later (MS-20)."""
    assert started(deals).stage == rhythm
    for before in (5, 20, 40):
        program = started(before)
        asked_for = decide(
            bound(PROGRAM),
            program,
            "count_deals",
            actor=REGISTRAR,
            at=NOW,
            data={"deals_a_month": deals},
        )
        assert asked_for.permitted is (program.stage != rhythm)


def test_gap_and_overlap_are_parameters() -> None:
    """A host may fill the gap from below, and say that 30 is not weekly yet (MS-20)."""
    text = f'extends = "{PROGRAM}@1"\nid = "ours"\nversion = 1\n[parameters]\n'
    ours = catalog.parse(text + "two_weeks_from = 15\nweekly_from = 31\n").bind()
    for deals, rhythm in ((14, "monthly"), (15, "every_two_weeks"), (30, "every_two_weeks")):
        found = asked(
            PROGRAM, "setting_up", "start", {"deals_a_month": deals}, actor=ADMIN, process=ours
        )
        assert found.target == rhythm


@pytest.mark.parametrize(
    ("deals", "clock", "due"),
    [
        (10, "monthly", datetime(2026, 7, 2, tzinfo=UTC)),
        (11, "every_two_weeks", datetime(2026, 6, 16, tzinfo=UTC)),
        (30, "weekly", datetime(2026, 6, 9, tzinfo=UTC)),
    ],
)
def test_a_review_that_is_due_is_told(deals: int, clock: str, due: datetime) -> None:
    """Each period has a review of its own; without one the registrar is told (MS-20, MS-48)."""
    program = started(deals)
    reading = next(
        each for each in read_clocks(bound(PROGRAM), program, at=NOW) if each.clock == clock
    )
    assert reading.due_at == due
    assert settle(bound(PROGRAM), program, at=due - SECOND).effects == ()
    assert effects(settle(bound(PROGRAM), program, at=due)) == [("review_is_due", "registrar")]
    reviewed = moved(PROGRAM, program, "review", actor=REGISTRAR, at=NOW + DAY).record
    assert reviewed.reviewed_at == NOW + DAY
    assert settle(bound(PROGRAM), reviewed, at=due + DAY).effects == ()


def test_a_new_rhythm_ends_the_old_one() -> None:
    """After a change only the new rhythm runs, reviewed or not (MS-20)."""
    reviewed = moved(PROGRAM, started(10), "review", actor=REGISTRAR, at=NOW + DAY).record
    weekly = moved(
        PROGRAM, reviewed, "count_deals", actor=ADMIN, at=NOW + DAY, deals_a_month=30
    ).record
    later = settle(bound(PROGRAM), weekly, at=NOW + 200 * DAY)
    assert {each.clock for each in later.events} == {"weekly"}
    ended = moved(PROGRAM, reviewed, "end", actor=ADMIN, at=NOW + 2 * DAY).record
    assert settle(bound(PROGRAM), ended, at=NOW + 200 * DAY).effects == ()


def test_before_a_business_profile_exists_nothing_starts() -> None:
    """The parent account, a headquarters and a profile for each location (MS-21, MS-39)."""
    bare: dict[str, Any] = {"parent": None, "locations": []}
    assert obstacles(asked(PROGRAM, "setting_up", "start", actor=ADMIN, **bare))[:4] == [
        "parent_account",
        "headquarters",
        "own_ids",
        "profiles",
    ]


@pytest.mark.parametrize(
    ("own", "parent", "answer"),
    [("a", "a", True), ("a", "b", False), (None, "b", None), ("a", None, None)],
)
def test_the_parent_is_no_location(
    own: str | None, parent: str | None, *, answer: bool | None
) -> None:
    """Transactions take a location's own id, and missing is unknown (MS-21)."""
    assert Location(id=own, parent=parent).is_parent is answer


@pytest.mark.parametrize(
    ("place", "said", "rule"),
    [
        pytest.param("setting_up", "each subsidiary that transacts locally", "MS-41", id="MS-41"),
        pytest.param("setting_up", "each office receive its own", "MS-22", id="MS-22"),
        pytest.param("weekly", "report of deals to register", "MS-20", id="MS-20"),
    ],
)
def test_guidance_is_offered(place: str, said: str, rule: str) -> None:
    """Rows marked guidance stand where people read them, with their id."""
    found = bound(PROGRAM).process.stage(place)
    assert said in (found.help or "")
    assert rule in found.cites
