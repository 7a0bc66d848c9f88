"""Time in stage is measured in working time, stay by stay, pauses left out (BX-47)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clock_samples import prague
from cosell.calendars import Calendar
from cosell.definition import parse_process
from cosell.definition.clock import Unit
from cosell.engine import Bound, StageTime, adopt, apply, bind, open_record, time_in_stage
from cosell.errors import CalendarError, NaiveDatetimeError, UnknownNameError
from cosell.models import Opportunity
from process_samples import SELLER

PROCESS: Final = """
id = "stays"
version = 1
record = "Opportunity"
zone = "Europe/Prague"
calendars = ["office"]
initial = "fresh"
roles = { seller = "Seller" }
stages = [{ id = "fresh" }, { id = "working" }, { id = "won", kind = "won" }]
[[transitions]]
trigger = "work"
source = "fresh"
target = "working"
roles = ["seller"]
[[transitions]]
trigger = "back"
source = "working"
target = "fresh"
roles = ["seller"]
[[transitions]]
trigger = "again"
source = "fresh"
target = "fresh"
roles = ["seller"]
[[transitions]]
trigger = "note"
source = "fresh"
target = "stay"
roles = ["seller"]
[[transitions]]
trigger = "win"
source = "*"
target = "won"
roles = ["seller"]
[tracks.poc]
at_end = "continue"
initial = "not_started"
stages = [{ id = "not_started" }, { id = "running" }, { id = "done", kind = "won" }]
[[tracks.poc.transitions]]
trigger = "start"
source = "not_started"
target = "running"
roles = ["seller"]
[[tracks.poc.transitions]]
trigger = "finish"
source = "running"
target = "done"
roles = ["seller"]
"""
OFFICE: Final = Calendar.from_holidays("CZ", tz="Europe/Prague", hours="09:00-17:00", id="office")
BOUND: Final = bind(parse_process(PROCESS), record=Opportunity, calendars={"office": OFFICE})

#: Friday, noon, before a weekend; the sixteenth of November is a Monday, the seventeenth a holiday.
FRIDAY: Final = "2026-11-13T12:00"


def deal(*moves: tuple[str, str], begun: str = FRIDAY) -> Opportunity:
    """Return a deal that was opened, and then moved at moments in Prague."""
    record = open_record(BOUND, Opportunity(id="o-1"), actor=SELLER, at=prague(begun)).record
    for moment, trigger in moves:
        record = apply(BOUND, record, trigger, actor=SELLER, at=prague(moment)).record
    return record


def asked(record: Opportunity, at: str, stage: str = "fresh", **how: Any) -> StageTime:
    """Return the time in a stage, in business hours of the office unless said otherwise."""
    how = {"unit": "business_hours", "calendar": "office", **how}
    return time_in_stage(BOUND, record, stage, at=prague(at), **how)


@pytest.mark.parametrize(
    ("unit", "at", "total"),
    [
        pytest.param("business_hours", FRIDAY, timedelta(), id="nothing at the entry itself"),
        pytest.param("business_hours", "2026-11-13T17:00", timedelta(hours=5), id="to the close"),
        pytest.param("business_hours", "2026-11-16T09:00", timedelta(hours=5), id="no weekend"),
        pytest.param(
            "business_hours", "2026-11-16T09:00:01", timedelta(hours=5, seconds=1),
            id="from the next opening on",
        ),
        pytest.param(
            "business_hours", "2026-11-18T10:00", timedelta(hours=14), id="no holiday"
        ),
        pytest.param("business_days", "2026-11-13T23:59", 0, id="the day of the entry"),
        pytest.param("business_days", "2026-11-16T23:59", 0, id="a day that is not over"),
        pytest.param("business_days", "2026-11-17T00:00", 1, id="a day that is over"),
        pytest.param("business_days", "2026-11-19T00:00", 2, id="two days around a holiday"),
        pytest.param("calendar_days", "2026-11-19T00:00", 5, id="every day"),
        pytest.param(
            "elapsed_hours", "2026-11-16T09:00", timedelta(hours=69), id="wall-clock time"
        ),
    ],
)  # fmt: skip
def test_each_unit_counts_what_it_counts(unit: str, at: str, total: Any) -> None:
    """BX-47: working time counts open time alone; both sides of each boundary."""
    assert asked(deal(), at, unit=unit).total == total


def test_stays_add_up() -> None:
    """Every stay is measured on its own, and what lies between them is left out."""
    record = deal(
        ("2026-11-13T14:00", "work"), ("2026-11-16T10:00", "back"), ("2026-11-16T11:30", "win")
    )
    found = asked(record, "2026-12-24T09:00")

    assert [(stay.measured, stay.ended_at) for stay in found.stays] == [
        (timedelta(hours=2), prague("2026-11-13T14:00")),
        (timedelta(hours=1, minutes=30), prague("2026-11-16T11:30")),
    ]
    assert found.total == timedelta(hours=3, minutes=30)
    assert asked(record, "2026-12-24T09:00", "working").total == timedelta(hours=4)


@pytest.mark.parametrize(
    ("at", "stays"),
    [
        pytest.param("2026-11-13T11:59", 0, id="before it began"),
        pytest.param("2026-11-13T13:59", 1, id="in the first stay"),
        pytest.param("2026-11-13T14:00", 1, id="when the first stay ends"),
        pytest.param("2026-11-16T09:59", 1, id="between the stays"),
        pytest.param("2026-11-16T10:00", 2, id="when the second begins"),
    ],
)
def test_what_happened_later_is_left_out(at: str, stays: int) -> None:
    """The time in a stage can be asked for any moment of the past."""
    record = deal(("2026-11-13T14:00", "work"), ("2026-11-16T10:00", "back"))

    assert len(asked(record, at).stays) == stays


@pytest.mark.parametrize("trigger", ["again", "note"])
def test_a_move_that_comes_back_ends_no_stay(trigger: str) -> None:
    """A move to the same stage, or one that stays, is no leaving."""
    record = deal(("2026-11-13T13:00", trigger), ("2026-11-13T14:00", "work"))

    assert [stay.measured for stay in asked(record, "2026-11-13T15:00").stays] == [
        timedelta(hours=2)
    ]


def test_pauses_are_left_out_as_declared() -> None:
    """Time in which a track stands in a declared stage does not count, and is named as a pause."""
    record = deal(
        ("2026-11-13T13:00", "poc.start"),
        ("2026-11-13T15:30", "poc.finish"),
        ("2026-11-13T16:00", "win"),
    )
    found = asked(record, "2026-11-20T12:00", pause_while=["poc.running"])

    assert asked(record, "2026-11-20T12:00").total == timedelta(hours=4)
    assert found.total == timedelta(hours=1, minutes=30)
    assert [pause.start for stay in found.stays for pause in stay.pauses] == [
        prague("2026-11-13T13:00")
    ]
    assert any("`poc` in stage `running`" in line for line in found.explain())


def test_a_stage_of_a_track() -> None:
    """A part has stages too; the whole's stages can pause its time."""
    record = deal(
        ("2026-11-13T13:00", "poc.start"),
        ("2026-11-13T14:00", "work"),
        ("2026-11-13T15:00", "back"),
        ("2026-11-13T16:00", "poc.finish"),
    )
    whole = asked(record, "2026-11-20T12:00", "running", track="poc")
    part = asked(record, "2026-11-20T12:00", "running", track="poc", pause_while=["record.working"])
    none = asked(record, "2026-11-20T12:00", "running", track="poc", pause_while=["running"])

    assert (whole.total, part.total, none.total) == (
        timedelta(hours=3),
        timedelta(hours=2),
        timedelta(),
    )
    assert asked(record, "2026-11-20T12:00", "not_started", track="poc").stays == ()


def test_an_adopted_deal_counts_from_its_adoption() -> None:
    """Since when a deal stands there is what its adoption says."""
    at = prague("2026-11-13T15:00")
    record = adopt(BOUND, Opportunity(id="o-1"), stage="working", actor=SELLER, at=at).record

    assert asked(record, "2026-11-16T09:00", "working").total == timedelta(hours=2)
    assert asked(record, "2026-11-16T09:00", "fresh").stays == ()


def test_it_is_explained() -> None:
    """Each day that counts or is skipped is named, with the reason (BX-47)."""
    lines = asked(deal(), "2026-11-18T10:00").explain()

    assert lines[0] == "14 business hours in 1 stay"
    assert any("2026-11-14" in line and "Saturday" in line for line in lines)
    assert asked(deal(), "2026-11-13T11:00").explain() == ("0 business hours in 0 stays",)


@given(minutes=st.lists(st.integers(1, 5_000), min_size=1, max_size=6))
def test_stays_of_all_stages_add_up_to_the_whole(minutes: list[int]) -> None:
    """Whatever the moves, the hours of all stages together are those since the opening."""
    at, record = prague(FRIDAY), deal()
    for index, step in enumerate(minutes):
        at += timedelta(minutes=step)
        trigger = ("work", "back")[index % 2]
        record = apply(BOUND, record, trigger, actor=SELLER, at=at).record
    at += timedelta(days=1)

    times = [
        time_in_stage(
            BOUND, record, stage, at=at, unit=Unit.BUSINESS_HOURS, calendar="office"
        ).total
        for stage in ("fresh", "working", "won")
    ]

    assert sum(times, timedelta()) == OFFICE.open_between(prague(FRIDAY), at)


@pytest.mark.parametrize(
    ("how", "error"),
    [
        pytest.param({"stage": "frsh"}, UnknownNameError, id="a stage"),
        pytest.param({"track": "pocs"}, UnknownNameError, id="a track"),
        pytest.param({"calendar": "offices"}, UnknownNameError, id="a calendar"),
        pytest.param({"unit": "days"}, UnknownNameError, id="a unit"),
        pytest.param({"pause_while": ["poc.runing"]}, UnknownNameError, id="a stage that pauses"),
        pytest.param({"pause_while": ["pox.running"]}, UnknownNameError, id="a track that pauses"),
        pytest.param({"calendar": None}, CalendarError, id="no calendar for business hours"),
        pytest.param({"at": datetime(2026, 11, 20)}, NaiveDatetimeError, id="no zone"),  # noqa: DTZ001 - the case
    ],
)
def test_what_is_not_known_is_named(how: dict[str, Any], error: type[Exception]) -> None:
    """A name that the process does not have is an error, and so is a moment without a zone."""
    question: dict[str, Any] = {"stage": "fresh", "at": prague(FRIDAY), "unit": "business_hours"}
    question |= {"calendar": "office", **how}
    bound: Bound = BOUND

    with pytest.raises(error):
        time_in_stage(bound, deal(), question.pop("stage"), **question)
