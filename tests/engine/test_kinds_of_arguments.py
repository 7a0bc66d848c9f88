"""What is given in the wrong kind is named, with what to give instead."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cosell.calendars import Calendar
from cosell.definition import parse_process
from cosell.engine import bind
from cosell.errors import DefinitionError, InvalidDataError
from cosell.models import Opportunity
from process_samples import TINY, process_of

OFFICE = TINY.replace("version = 1\n", 'version = 1\ncalendars = ["office"]\n')


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(Path("ours.toml"), id="a path"),
        pytest.param(b"id = 1", id="bytes"),
        pytest.param(None, id="nothing"),
    ],
)
def test_a_definition_is_read_from_text(given: Any) -> None:
    """A path is not opened: the error says how to read it (BX-41)."""
    with pytest.raises(DefinitionError, match="text is needed, and this is a"):
        parse_process(given)


@pytest.mark.parametrize(
    ("process", "record", "paths"),
    [
        pytest.param(TINY, Opportunity, ["process"], id="the text of a process"),
        pytest.param(process_of(TINY), "Opportunity", ["record"], id="the name of a model"),
        pytest.param(process_of(TINY), dict, ["record"], id="a model that holds no records"),
        pytest.param(None, None, ["process", "record"], id="neither"),
    ],
)
def test_a_process_and_a_model_are_bound(process: Any, record: Any, paths: list[str]) -> None:
    """What is bound is a process and a model of records; both are named at once (BX-41)."""
    with pytest.raises(InvalidDataError) as caught:
        bind(process, record=record)
    assert [problem.path for problem in caught.value.problems] == paths


def test_a_calendar_is_no_name_of_a_country() -> None:
    """The error names the calendar and how to make one."""
    with pytest.raises(DefinitionError, match="`office` is to be a calendar, and is a str"):
        bind(process_of(OFFICE), record=Opportunity, calendars={"office": "CZ"})  # type: ignore[dict-item]  # that is the mistake


def test_a_time_zone_is_given_by_name_or_itself() -> None:
    """A ``ZoneInfo`` is as good as its name, in every way to make a calendar."""
    zone, year = ZoneInfo("Europe/Prague"), (date(2026, 1, 1), date(2026, 12, 31))
    national = Calendar.from_holidays("CZ", tz=zone)
    assert national == Calendar.from_holidays("CZ", tz="Europe/Prague")
    own = Calendar.from_dates(id="own", tz=zone, covers=year)
    assert own.tz == "Europe/Prague"


@pytest.mark.parametrize("zone", [None, 2, ZoneInfo.no_cache("UTC").utcoffset])
def test_a_time_zone_that_is_none_is_named(zone: Any) -> None:
    """The error says what was given and what is needed."""
    with pytest.raises(InvalidDataError, match="the name of a time zone is needed"):
        Calendar.from_holidays("CZ", tz=zone)
