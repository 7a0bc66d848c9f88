"""What a corrected calendar or trail changes, and what stays by the calendar of then. Time 9."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clock_samples import PRAGUE, Deal, compiled, deal, moved, opened, prague
from cosell.calendars import Calendar
from cosell.clocks import ClockState, Correction, Scope, compile_clock, read_clock
from cosell.definition import parse_process
from cosell.engine import Bound, adopt, bind, recalculate, settle
from cosell.errors import DefinitionError, NaiveDatetimeError, UnknownNameError
from cosell.events import Actor

#: The 28th turns out to be closed; that becomes known on the 22nd, or on 4 January.
CORRECTED = PRAGUE.override(date(2026, 12, 28), None, name="Mourning")
AGAIN = CORRECTED.override(date(2026, 12, 30), None, name="Flood")
SOON = prague("2026-12-22T12:00")
LATE = prague("2027-01-04T12:00")
FAR = prague("2027-02-01T12:00")

REGISTERED = "2026-12-18T15:00"  # due on the 29th; by the corrected calendar on the 30th
BEFORE = opened(REGISTERED)


def clock(scope: str, at: datetime = SOON, **changes: Any) -> Any:
    """Return the clock of MK-13 by the corrected calendar, with the old one for some runs."""
    plain = compiled(**changes)
    return compile_clock(
        plain.clock,
        calendar=CORRECTED,
        zone="Europe/Prague",
        parameters={},
        corrections=[Correction({"vendor": PRAGUE}, at, scope)],  # type: ignore[arg-type] # its word
    )


@pytest.mark.parametrize(
    ("lines", "keep", "recount", "everything"),
    [
        pytest.param(
            [BEFORE], "2026-12-29", "2026-12-30", "2026-12-30", id="still running"
        ),
        pytest.param(
            [BEFORE, moved("2026-12-21T10:00", "accepted")],
            "2026-12-29", "2026-12-29", "2026-12-30", id="answered before",
        ),
        pytest.param(
            [BEFORE, moved("2026-12-23T10:00", "accepted")],
            "2026-12-29", "2026-12-30", "2026-12-30", id="answered after",
        ),
        pytest.param(
            [opened("2026-12-14T10:00")],
            "2026-12-21", "2026-12-21", "2026-12-21", id="breached before, at the same end",
        ),
        pytest.param(
            [opened("2026-12-23T10:00")],
            "2027-01-05", "2027-01-05", "2027-01-05", id="begun after the correction",
        ),
    ],
)  # fmt: skip
def test_scopes(lines: list[Any], keep: str, recount: str, everything: str) -> None:
    """Kept is every run that began before; recomputed are those that were open, or all."""
    found = {
        scope: str(read_clock(clock(scope), deal(*lines), at=FAR).due_on)
        for scope in ("keep", "open", "all")
    }

    assert found == {"keep": keep, "open": recount, "all": everything}


def test_a_breach_that_was_none() -> None:
    """By the old calendar late, by the corrected one in time: the scope says which holds."""
    record = deal(BEFORE, moved("2026-12-30T10:00", "accepted"))
    states = {
        scope: read_clock(clock(scope, at=LATE), record, at=FAR).state.value
        for scope in ("keep", "open", "all")
    }

    assert states == {"keep": "breached", "open": "breached", "all": "met"}


def test_several_corrections() -> None:
    """Each run counts by the calendar that was in force, from the oldest correction on."""
    plain = compiled()

    def due_on(*corrections: Correction) -> str:
        clock = compile_clock(
            plain.clock,
            calendar=AGAIN,
            zone="Europe/Prague",
            parameters={},
            corrections=corrections,
        )
        return str(read_clock(clock, deal(BEFORE), at=FAR).due_on)

    first = Correction({"vendor": PRAGUE}, prague("2026-12-20T12:00"), Scope.KEEP)
    second = Correction({"vendor": CORRECTED}, SOON, Scope.KEEP)
    other = Correction({"other": PRAGUE}, SOON, Scope.KEEP)
    assert due_on() == "2026-12-31"
    assert due_on(other) == "2026-12-31"
    assert due_on(second) == "2026-12-30"
    assert due_on(first, second) == "2026-12-29"
    assert due_on(first, Correction({"vendor": CORRECTED}, SOON, Scope.OPEN)) == "2026-12-31"
    assert due_on(first, Correction({"vendor": CORRECTED}, SOON, Scope.ALL)) == "2026-12-31"


def test_a_run_that_the_old_calendar_knows_nothing_of() -> None:
    """A run that began at another moment by the old calendar counts by the corrected one."""
    # By the old calendar the first run had run out on the 29th, so that the second start counted.
    record = deal(BEFORE, moved("2026-12-30T10:00", "registered"))
    reading = read_clock(clock("keep", at=prague("2026-12-31T12:00")), record, at=FAR)

    assert reading.started_at == prague(REGISTERED)
    assert reading.due_on == date(2026, 12, 30)


def test_the_word_of_a_scope_is_enough() -> None:
    """A scope may be given by its word; one that does not exist is named."""
    assert Correction({}, SOON, "keep").scope == Scope.KEEP

    with pytest.raises(UnknownNameError, match=r"no scope `kept`. Did you mean `keep`"):
        Correction({}, SOON, "kept")  # type: ignore[arg-type] # this is what is refused


def test_the_moment_of_a_correction_has_a_zone() -> None:
    """A naive moment is refused."""
    with pytest.raises(NaiveDatetimeError):
        clock("keep", at=datetime(2026, 12, 22))  # noqa: DTZ001 # this is what is refused


TEXT = """
id = "tiny"
version = 1
record = "Deal"
calendars = ["vendor"]
initial = "registered"
roles = { seller = "Seller" }
stages = [{ id = "registered" }, { id = "accepted", kind = "won" }]

[[transitions]]
trigger = "accept"
source = "registered"
target = "accepted"
roles = ["seller"]

[[clocks]]
id = "answer"
calendar = "vendor"
allowance = 5
unit = "business_days"
ends = "close"
start = ["submitted_at"]
stop = ["entered('accepted')"]

[[clocks]]
id = "other"
allowance = 48
unit = "elapsed_hours"
start = ["submitted_at"]
"""


def bound(calendar: Calendar = PRAGUE, **asked: Any) -> Bound:
    """Return a small process, bound."""
    return bind(parse_process(TEXT), record=Deal, calendars={"vendor": calendar}, **asked)


OLD, NEW = bound(), bound(CORRECTED)


def adopted(submitted: str = REGISTERED) -> Deal:
    """Return a deal that waits for its answer."""
    seller = Actor("s-1", role="seller")
    record = Deal(id="d-1", submitted_at=prague(submitted))
    return adopt(OLD, record, stage="registered", actor=seller, at=prague(submitted)).record


class TestDifferences:
    """What changes, from what to what."""

    def test_a_corrected_calendar(self) -> None:
        """The clock that counts by it shifts, the other one does not; nothing was written."""
        found = recalculate(OLD, NEW, adopted(), at=SOON)

        (shift,) = found.shifts
        assert (found.record_id, shift.clock, shift.track) == ("d-1", "answer", None)
        assert shift.changes == {
            "due_on": (date(2026, 12, 29), date(2026, 12, 30)),
            "due_at": (prague("2026-12-29T17:00"), prague("2026-12-30T17:00")),
            "next_at": (shift.before.next_at, shift.after.next_at),  # type: ignore[union-attr] # both were read
        }
        assert found.next_at == prague("2026-12-20T15:00") + timedelta(microseconds=1)

    def test_a_corrected_trail(self) -> None:
        """The same process, and a record whose field was wrong."""
        found = recalculate(OLD, OLD, adopted(), at=SOON, corrected=adopted("2026-12-17T15:00"))

        changed = {shift.clock: shift.changes for shift in found.shifts}
        assert changed["answer"]["due_on"] == (date(2026, 12, 29), date(2026, 12, 28))
        assert set(changed) == {"answer", "other"}

    def test_nothing_changed(self) -> None:
        """Without a difference there is none."""
        assert recalculate(OLD, OLD, adopted(), at=SOON).shifts == ()

    def test_what_was_written_stays(self) -> None:
        """A breach that was written is not written again, nor taken back."""
        record = settle(OLD, adopted(), at=prague("2026-12-30T09:00")).record
        found = recalculate(OLD, NEW, record, at=prague("2026-12-30T09:00"))

        states = [shift.changes["state"] for shift in found.shifts]
        assert states == [(ClockState.BREACHED, ClockState.RUNNING)]
        assert settle(NEW, record, at=FAR).events == ()

    def test_plain_values(self) -> None:
        """A difference is JSON, and one line."""
        (shift,) = recalculate(OLD, NEW, adopted(), at=SOON).shifts

        plain = json.loads(json.dumps(shift.as_dict()))
        assert plain["changes"]["due_on"] == {"before": "2026-12-29", "after": "2026-12-30"}
        assert str(shift).startswith("answer: due_on 2026-12-29 -> 2026-12-30, due_at 2026-")

    def test_a_clock_that_is_new(self) -> None:
        """A clock that only one of them has is named with what it says there."""
        bare = bind(
            parse_process(TEXT[: TEXT.rindex("[[clocks]]")]),
            record=Deal,
            calendars={"vendor": PRAGUE},
        )
        record = adopted().model_copy(update={"process": None})

        (gone,) = recalculate(OLD, bare, record, at=SOON).shifts
        (come,) = recalculate(bare, OLD, record, at=SOON).shifts
        assert (gone.clock, gone.after, come.before) == ("other", None, None)
        assert gone.as_dict()["changes"]["state"] == {"before": "breached", "after": None}
        assert "state none -> breached" in str(come)

    def test_a_clock_of_a_track(self) -> None:
        """Its line names the track."""
        (shift,) = recalculate(OLD, NEW, adopted(), at=SOON).shifts
        named = type(shift)("ends", "poc", shift.before, shift.after)

        assert str(named).startswith("poc.ends: ")


def test_a_correction_of_a_calendar_that_is_not_there() -> None:
    """A calendar that the process does not list is named when it is bound."""
    wrong = Correction({"vendors": PRAGUE}, SOON)

    with pytest.raises(DefinitionError, match=r"corrections\[0\].*Did you mean `vendor`"):
        bound(CORRECTED, corrections=[wrong])


def test_binding_with_a_correction() -> None:
    """A process that is bound with it keeps what was promised."""
    kept = bound(CORRECTED, corrections=[Correction({"vendor": PRAGUE}, SOON, Scope.KEEP)])

    assert recalculate(OLD, kept, adopted(), at=SOON).shifts == ()
    assert recalculate(OLD, kept, adopted("2026-12-23T15:00"), at=FAR).shifts != ()


@given(st.integers(0, 40 * 24), st.integers(0, 40 * 24), st.sampled_from(list(Scope)))
def test_a_correction_that_changes_nothing(started: int, corrected: int, scope: Scope) -> None:
    """Where both calendars are alike, every scope reads alike."""
    begin, hour = prague("2026-11-20T10:00"), prague("2026-11-20T11:00")
    moments = [begin + number * (hour - begin) for number in (started, corrected)]
    plain = compiled()
    same = compile_clock(
        plain.clock,
        calendar=PRAGUE,
        zone="Europe/Prague",
        parameters={},
        corrections=[Correction({"vendor": PRAGUE}, moments[1], scope)],
    )
    record = deal(opened(moments[0]))

    assert read_clock(same, record, at=FAR) == read_clock(plain, record, at=FAR)
