"""Calendars that end too soon: what cannot be told is refused by name, what is stored shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

import pytest

from cosell.calendars import Calendar
from cosell.definition import parse_process
from cosell.engine import Bound, bind, next_due_at, read_clocks, settle
from cosell.errors import CalendarExhaustedError
from cosell.models import Opportunity
from desk_kit import opened, rich, waiting
from process_samples import DAY, NOON, RICH, SELLER

LATE: Final = NOON + 30 * DAY
#: What every such error says after the dates.
NEEDED: Final = "is needed by clock `answer` of record `o-1`. Give a calendar"


def short() -> Bound:
    """Return the rich process with a calendar that ends on the day on which deals are opened."""
    office = Calendar.from_holidays(
        "CZ",
        tz="Europe/Prague",
        hours="09:00-17:00",
        covers=(date(2026, 1, 1), NOON.date()),
    )
    return bind(parse_process(RICH), record=Opportunity, calendars={"office": office})


@pytest.fixture
def stuck(desk_of: Callable[..., Any], store: Any) -> Any:
    """Give a desk whose calendar ended after a deal was opened."""
    opened(desk_of([rich()], store))
    return desk_of([short()], store)


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda desk: desk.clocks("o-1", at=LATE), id="reading its clocks"),
        pytest.param(lambda desk: desk.decide("o-1", "accept", actor=SELLER, at=LATE), id="asking"),
        pytest.param(
            lambda desk: desk.change("o-1", {"name": "New"}, actor=SELLER, at=LATE), id="an edit"
        ),
    ],
)
def test_the_clock_and_the_record_are_named(stuck: Any, ask: Callable[[Any], Any]) -> None:
    """Time 5: nothing is guessed, and the error says which clock of which record needed the day."""
    with pytest.raises(CalendarExhaustedError) as raised:
        ask(stuck)

    error = raised.value
    assert NEEDED in str(error)
    assert "calendar `CZ`, the process's `office`, is known from 2026-01-01 to" in str(error)
    assert (error.clock, error.calendar, error.record_id) == ("answer", "office", "o-1")


def test_a_tick_names_them_too(stuck: Any, store: Any) -> None:
    """A record that cannot be ticked is in ``failed``, with what its clock lacks."""
    before = len(waiting(store))

    ((record_id, error),) = stuck.tick(at=LATE).failed

    assert record_id == "o-1"
    assert NEEDED in str(error)
    assert len(waiting(store)) == before


def test_what_is_stored_can_be_seen(stuck: Any, desk_of: Callable[..., Any], store: Any) -> None:
    """A record is loaded, shown and told as it is stored, though its clocks cannot be read."""
    whole = desk_of([rich()], store)

    assert stuck.show("o-1", actor=SELLER, at=LATE)["stage"] == "submitted"
    assert whole.show("o-1", actor=SELLER, at=LATE)["stage"] == "expired"
    assert stuck.load("o-1") == whole.load("o-1")
    assert stuck.history("o-1") == whole.history("o-1")


def test_outside_a_desk(stuck: Any) -> None:
    """Settling, reading and looking ahead name the clock as well."""
    record = stuck.load("o-1")

    for ask in (settle, read_clocks, next_due_at):
        with pytest.raises(CalendarExhaustedError, match="by clock `answer` of record `o-1`"):
            ask(short(), record, at=LATE)


@pytest.mark.parametrize(
    ("clock", "calendar", "said"),
    [
        pytest.param("answer", "yard", "`JP`, the process's `yard`, is known", id="another name"),
        pytest.param("poc.ends", "JP", "`JP` is known", id="the same name"),
        pytest.param("answer", None, "`JP` is known", id="no name"),
    ],
)
def test_an_error_that_is_told_more(clock: str, calendar: str | None, said: str) -> None:
    """What a process calls a calendar is said where it is another name; once told stays told."""
    error = CalendarExhaustedError("JP", date(2027, 1, 2), date(2026, 1, 1), date(2026, 12, 31))

    told = error.needed_by(clock, calendar=calendar, record_id="o-1")

    assert told is error
    assert str(error).startswith(f"calendar {said} from 2026-01-01 to 2026-12-31")
    assert f"2027-01-02 is needed by clock `{clock}` of record `o-1`" in str(error)
    assert error.needed_by("other", calendar="x", record_id="o-2").clock == clock
