"""Laws of clocks, over drawn calendars, units, pauses and moments."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from clock_samples import Deal, compiled, deal, entry, opened, paused, resumed
from cosell.clocks import CompiledClock, Reading, compile_clock, read_clock, steps_due
from cosell.definition.clock import Clock
from cosell.errors import CalendarExhaustedError
from cosell.events import TrailEntry
from drawn_calendars import ONE_DAY, calendars_and_moments

MINUTE = timedelta(minutes=1)
UNITS = ("elapsed_hours", "business_hours", "calendar_days", "business_days")
STEPS = [
    {"id": "half", "at": "0.5"},
    {"id": "before", "offset": -1},
    {"id": "after", "offset": 1},
]


@st.composite
def clocks_and_moments(
    draw: st.DrawFn,
    units: tuple[str, ...] = UNITS,
    pauses: int = 3,
    *,
    plain: bool = False,
    utmost: bool = False,
) -> tuple[CompiledClock, datetime, list[tuple[datetime, datetime]]]:
    """Draw a clock, when it starts, and disjoint pauses after that.

    One that is not plain may be a hold, or have an utmost end; with ``utmost`` it has one.
    """
    calendar, moments = draw(calendars_and_moments(moments=1 + 2 * pauses))
    assume(len(set(moments)) == len(moments))
    unit = draw(st.sampled_from(units))
    ends = draw(st.sampled_from(("day", "close"))) if unit == "business_days" else "day"
    allowance = draw(st.integers(0, 12))
    more: dict[str, Any] = {}
    if not plain and not utmost and ends == "day":
        more["kind"] = draw(st.sampled_from(("deadline", "hold")))
    if not plain and more.get("kind") != "hold":
        ends_at_most = st.integers(allowance, 15)
        more["at_most"] = draw(ends_at_most if utmost else st.none() | ends_at_most)
    clock = compiled(
        calendar=calendar,
        unit=unit,
        ends=ends,
        allowance=allowance,
        inclusive=draw(st.booleans()),
        steps=STEPS,
        extensions={},
        **more,
    )
    # Pauses lie close to the start, so that they matter.
    start, *others = moments
    near = sorted(start + (moment - start) / 16 for moment in others)
    assume(len(set(near)) == len(near))
    return clock, start, list(zip(near[::2], near[1::2], strict=True))


def lines_of(start: datetime, pauses: list[tuple[datetime, datetime]]) -> list[dict[str, Any]]:
    """Return the trail of a clock that was started and paused."""
    lines = [opened(start)]
    for begin, end in pauses:
        lines += [paused(begin), resumed(end)]
    return lines


def read(clock: CompiledClock, record: Deal, at: datetime) -> Reading:
    """Return a reading, or give up on an example that leaves what the calendar knows."""
    try:
        return read_clock(clock, record, at=at)
    except CalendarExhaustedError:
        assume(False)
        raise


def settled(clock: CompiledClock, record: Deal, at: datetime) -> Deal:
    """Return a record with everything due in its trail."""
    trail = record.trail
    for due in steps_due(clock, record, at=at):
        line = entry(due.kind, due.at, clock=due.clock, step=due.step)
        trail = (*trail, TrailEntry(seq=len(trail) + 1, **line))
    return record.model_copy(update={"trail": trail})


@given(clocks_and_moments())
def test_a_pause_never_brings_a_deadline_forward(
    drawn: tuple[CompiledClock, datetime, list[tuple[datetime, datetime]]],
) -> None:
    """The due date with one pause more is the same or later. Time 7."""
    clock, start, pauses = drawn
    at = pauses[-1][1]
    dues = [read(clock, deal(*lines_of(start, pauses[:n])), at).due_at for n in range(4)]

    assert None not in dues
    assert dues == sorted(dues)  # type: ignore[type-var] # none of them is missing


@given(clocks_and_moments(), st.randoms(use_true_random=False))
def test_the_order_of_pauses_does_not_matter(
    drawn: tuple[CompiledClock, datetime, list[tuple[datetime, datetime]]], random: Any
) -> None:
    """A trail whose lines were written down in another order reads the same. Time 7 and 9."""
    clock, start, pauses = drawn
    lines = lines_of(start, pauses)
    reading = read(clock, deal(*lines), pauses[-1][1])
    random.shuffle(lines)

    assert read(clock, deal(*lines), pauses[-1][1]) == reading


@given(clocks_and_moments(), st.integers(0, 5))
def test_a_move_that_stays_leaves_a_clock_as_it_is(
    drawn: tuple[CompiledClock, datetime, list[tuple[datetime, datetime]]], place: int
) -> None:
    """It enters no stage, leaves none and pauses nothing, wherever it stands in a trail. BX-47."""
    clock, start, pauses = drawn
    lines = lines_of(start, pauses)
    at = pauses[-1][1]
    stay = entry("moved", lines[place]["at"], source="registered", target=None, trigger="note")
    with_it = [*lines[: place + 1], stay, *lines[place + 1 :]]

    assert read(clock, deal(*with_it), at) == read(clock, deal(*lines), at)


@given(clocks_and_moments(units=("business_days",)))
def test_nothing_is_due_on_a_closed_day(
    drawn: tuple[CompiledClock, datetime, list[tuple[datetime, datetime]]],
) -> None:
    """What is counted in business days is due on one. Time 1."""
    clock, start, pauses = drawn
    due_on = read(clock, deal(*lines_of(start, pauses)), pauses[-1][1]).due_on

    assert clock.measure.calendar is not None
    assert due_on is not None
    assert clock.measure.calendar.is_business_day(due_on)


@given(clocks_and_moments(units=("business_days",), plain=True))
def test_business_days_agree_with_walking(
    drawn: tuple[CompiledClock, datetime, list[tuple[datetime, datetime]]],
) -> None:
    """The due day is found by walking: open days at whose last instant no pause holds."""
    clock, start, pauses = drawn
    calendar = clock.measure.calendar
    assert calendar is not None
    assume(clock.units > 0)
    until_close = clock.clock.ends == "close"

    def last_instant(day: date) -> datetime:
        end = calendar.close_of(day) if until_close else calendar.ends_at(day)
        return end if until_close else end - timedelta(microseconds=1)

    day, left = calendar.day_of(start), clock.units
    while left:
        day += ONE_DAY
        assume(day < calendar.covers_until)
        if calendar.is_business_day(day):
            left -= not any(begin <= last_instant(day) < end for begin, end in pauses)

    assert read(clock, deal(*lines_of(start, pauses)), pauses[-1][1]).due_on == day


@given(clocks_and_moments(units=("business_hours", "elapsed_hours"), pauses=2, plain=True))
def test_hours_agree_with_measuring(
    drawn: tuple[CompiledClock, datetime, list[tuple[datetime, datetime]]],
) -> None:
    """Up to its end a clock has run, outside its pauses, for exactly its allowance."""
    clock, start, pauses = drawn
    due = read(clock, deal(*lines_of(start, pauses)), pauses[-1][1]).due_at
    assert due is not None
    between = clock.measure.between

    ran, position = between(start, start), start
    for begin, end in pauses:
        ran += between(position, min(max(begin, position), due)) if position < due else ran * 0
        position = max(position, end)
    if position < due:
        ran += between(position, due)

    assert ran == clock.allowance_from(clock.measure.mark(start))


@given(clocks_and_moments(), st.lists(st.integers(0, 40 * 24 * 60), min_size=1, max_size=6))
def test_settling_is_idempotent_and_free_of_order(
    drawn: tuple[CompiledClock, datetime, list[tuple[datetime, datetime]]], minutes: list[int]
) -> None:
    """Whoever looks, however often: the same steps at the same instants, each once. Time 9."""
    clock, start, pauses = drawn
    record = deal(*lines_of(start, pauses))
    last = pauses[-1][1] + 41 * ONE_DAY
    try:
        often = record
        for ahead in sorted(minutes):
            often = settled(clock, often, pauses[-1][1] + ahead * MINUTE)
        often = settled(clock, often, last)
        once = settled(clock, record, last)
    except CalendarExhaustedError:
        assume(False)

    assert often.trail == once.trail
    assert steps_due(clock, once, at=last) == ()


@given(clocks_and_moments())
def test_time_only_passes(
    drawn: tuple[CompiledClock, datetime, list[tuple[datetime, datetime]]],
) -> None:
    """What is consumed grows as time passes, and with what remains makes up the allowance."""
    clock, start, pauses = drawn
    moments = sorted([start, *(moment for pause in pauses for moment in pause)])
    readings = [read(clock, deal(*lines_of(start, pauses)), moment) for moment in moments]

    assert [each.consumed for each in readings] == sorted(each.consumed for each in readings)
    for each in readings:
        assert each.consumed + each.remaining == each.allowance
        assert each.fraction is not None
        assert 0 <= each.fraction <= 1


@given(clocks_and_moments())
def test_every_reading_can_be_explained(
    drawn: tuple[CompiledClock, datetime, list[tuple[datetime, datetime]]],
) -> None:
    """An explanation says the allowance first, and the state last. Time 10."""
    clock, start, pauses = drawn
    lines = lines_of(start, pauses)
    for moment in (start, pauses[0][0], pauses[-1][1]):
        reading = read(clock, deal(*lines), moment)
        explained = reading.explain()
        assert explained[0].startswith("answer: ")
        assert explained[-1].endswith(reading.state.value)
        counted = [line for line in explained if ": day " in line]
        whole = clock.at_most is None and reading.due_on is not None
        if clock.unit == "business_days" and whole and clock.units:
            assert len(counted) == clock.units


@given(clocks_and_moments(utmost=True))
def test_an_utmost_end_is_kept(
    drawn: tuple[CompiledClock, datetime, list[tuple[datetime, datetime]]],
) -> None:
    """However it is paused, a clock ends no later than its utmost end, and paused too. PC-8."""
    clock, start, pauses = drawn
    lines = lines_of(start, pauses)
    reading = read(clock, deal(*lines), pauses[-1][1])
    still_paused = read(clock, deal(*lines[:-1]), pauses[-1][1])

    assert reading.due_at is not None
    assert reading.latest_at is not None
    assert reading.due_at <= reading.latest_at
    assert still_paused.latest_at == reading.latest_at
    if still_paused.next_at is not None:
        assert still_paused.next_at <= reading.latest_at + timedelta(microseconds=1)


@given(clocks_and_moments(pauses=2), st.integers(0, 60 * 24 * 60))
def test_a_deadline_and_a_hold_are_each_other_s_other_side(
    drawn: tuple[CompiledClock, datetime, list[tuple[datetime, datetime]]], minutes: int
) -> None:
    """In hours, an action is in time for a hold exactly if it is late or at the end. MS-34."""
    clock, start, pauses = drawn
    assume(not clock.unit.counts_days)
    at = pauses[-1][1] + minutes * MINUTE
    record = deal(*lines_of(start, pauses))
    changes = {"at_most": None, "inclusive": False}
    both = [
        compile_clock(
            Clock.model_validate({**clock.clock.model_dump(), "kind": kind, **changes}),
            calendar=clock.measure.calendar,
            zone="UTC",
            parameters={},
        )
        for kind in ("deadline", "hold")
    ]
    deadline, hold = (read(each, record, at) for each in both)

    assert deadline.due_at == hold.due_at
    assert deadline.in_time is not hold.in_time


@given(clocks_and_moments(), st.data())
def test_readings_do_not_depend_on_what_was_read_before(
    drawn: tuple[CompiledClock, datetime, list[tuple[datetime, datetime]]], data: st.DataObject
) -> None:
    """In whatever order a record is read, each reading is that of a record never read. Time 9."""
    clock, start, pauses = drawn
    record = deal(*lines_of(start, pauses))
    moments = [start, *(moment for pause in pauses for moment in pause)]

    for at in data.draw(st.lists(st.sampled_from(moments), min_size=2, max_size=6)):
        again, anew = (
            [told(partial(read, clock, each, at)), told(partial(steps_due, clock, each, at=at))]
            for each in (record, copy.copy(record))
        )
        assert again == anew


def told(asked: Callable[[], Any]) -> Any:
    """Return an answer, or why the calendar of a long promise has none."""
    try:
        answer = asked()
        return answer.as_dict() if isinstance(answer, Reading) else answer
    except CalendarExhaustedError as error:
        return str(error)
