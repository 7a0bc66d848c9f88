"""The command ``cosell calendar``: show one, count in one, add to a day, and say why.

Rules:

1. A calendar is written as in a mapping: ``CZ`` or ``US,zone=America/New_York``. With ``--and``
   another one must be open too; with ``--ical`` the events of a file close it.
2. A date without a time counts in days. A time without an offset is by the calendar's clocks.

This module does not know how days are counted.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from typer.core import TyperCommand

from cosell.calendars import COVERS, Calendar, day_name
from cosell.cli.calendar_page import calendar_as_dict, write_calendar
from cosell.cli.calendars import parse_calendar
from cosell.cli.commands import write_json
from cosell.cli.ending import told
from cosell.cli.flags import JsonOption
from cosell.cli.moment import MomentError, require_real
from cosell.cli.page import Page
from cosell.cli.row import FileError

__all__ = ["calendar_app"]

_YEAR: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?")
_AMOUNT: Final = re.compile(r"([+-]?[0-9]{1,9})(h?)")
_DECEMBER: Final = 12
_ONE_DAY: Final = timedelta(days=1)

#: So that -5 and -8h are numbers and no options: the h of hours does not ask for help.
_NEGATIVE: Final = {"ignore_unknown_options": True, "help_option_names": ["--help"]}


class _Counting(TyperCommand):
    """A command that takes numbers below zero, and nevertheless knows ``-h``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the arguments, of which one that is ``-h`` and nothing more asks for help."""
        return super().parse_args(ctx, ["--help" if each == "-h" else each for each in args])


calendar_app = typer.Typer(
    help="Show a calendar, count in it, add to a day, and say why each day counts or not.",
    no_args_is_help=True,
)

SpecArgument = Annotated[
    str,
    typer.Argument(
        metavar="CALENDAR", help="CZ, DE,region=BY or US,zone=America/New_York,hours=08:00-16:00."
    ),
]
AndOption = Annotated[
    list[str] | None,
    typer.Option("--and", metavar="CALENDAR", help="Another calendar that must be open too."),
]
IcalOption = Annotated[
    list[Path] | None,
    typer.Option("--ical", metavar="FILE", help="An iCalendar file whose events close it."),
]
DayArgument = Annotated[
    str, typer.Argument(metavar="DAY", help="2026-12-18, or 2026-12-18T15:00 by its clocks.")
]
AmountArgument = Annotated[
    str, typer.Argument(metavar="N", help="5 business days, or 8h for open hours; +5 and -5 too.")
]


@calendar_app.command()
def show(
    ctx: typer.Context,
    calendar: SpecArgument,
    span: Annotated[
        str, typer.Argument(metavar="WHEN", help="A month (2026-12) or a year (2026).")
    ],
    also: AndOption = None,
    ical: IcalOption = None,
    as_json: JsonOption = False,  # noqa: FBT002 # a flag has a default
) -> None:
    """Show the days of a month or a year: which count, and why the others do not."""
    with told(ctx):
        found, (first, last) = _calendar(calendar, also, ical), _span(span)
        if as_json:
            write_json(calendar_as_dict(found, first, last))
        else:
            write_calendar(Page(), found, first, last)


@calendar_app.command(cls=_Counting, context_settings=_NEGATIVE)
def add(
    ctx: typer.Context,
    calendar: SpecArgument,
    day: DayArgument,
    amount: AmountArgument,
    also: AndOption = None,
    ical: IcalOption = None,
) -> None:
    """Say which day or moment comes so many business days or open hours later."""
    with told(ctx):
        found = _calendar(calendar, also, ical)
        number, hours = _amount(amount)
        start = _day(day, found)
        if hours:
            moment = start if isinstance(start, datetime) else _begin(start, found)
            Page().raw(found.add_hours(moment, timedelta(hours=number)).isoformat())
        else:
            Page().raw(day_name(found.add(start, number)))


@calendar_app.command()
def count(
    ctx: typer.Context,
    calendar: SpecArgument,
    first: DayArgument,
    last: DayArgument,
    also: AndOption = None,
    ical: IcalOption = None,
) -> None:
    """Say how many business days lie after one day and not after another, or how much open time."""
    with told(ctx):
        found = _calendar(calendar, also, ical)
        begin, end = _day(first, found), _day(last, found)
        if isinstance(begin, datetime) and isinstance(end, datetime):
            Page().raw(f"{_hours(found.open_between(begin, end))} open hours")
        else:
            Page().raw(f"{found.count(begin, end)} business days")


@calendar_app.command(cls=_Counting, context_settings=_NEGATIVE)
def explain(
    ctx: typer.Context,
    calendar: SpecArgument,
    day: DayArgument,
    amount: AmountArgument,
    also: AndOption = None,
    ical: IcalOption = None,
) -> None:
    """List each day that is looked at on the way, counted or skipped, and why."""
    with told(ctx):
        found = _calendar(calendar, also, ical)
        number, hours = _amount(amount)
        if hours:
            raise MomentError("hours have no list of days", "Give a number of business days.")
        start = _day(day, found)
        page = Page()
        page.line(
            f"day 0: {day_name(found.day_of(start) if isinstance(start, datetime) else start)}"
        )
        for looked_at in found.explain_add(start, number):
            page.line(str(looked_at))


def _calendar(text: str, also: list[str] | None, ical: list[Path] | None) -> Calendar:
    """Return what the command line means by a calendar."""
    found = parse_calendar(text)
    parts = [parse_calendar(each) for each in also or ()]
    parts += [_from_file(path, found.tz) for path in ical or ()]
    return found.all_of(*parts, lead=found.tz) if parts else found


def _from_file(path: Path, tz: str) -> Calendar:
    """Return a calendar that is open but for the events of a file."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise FileError(f"`{path}` cannot be read: {error.strerror}", "Check its name.") from None
    except UnicodeDecodeError:
        raise FileError(f"`{path}` is not UTF-8", "Save it as UTF-8.") from None
    return Calendar.from_ical(
        text, id=path.name, tz=tz, covers=COVERS, hours="00:00-24:00", weekend=(), file=str(path)
    )


def _span(text: str) -> tuple[date, date]:
    """Return the first and last day of a month or year."""
    match = _YEAR.fullmatch(text)
    year, month = (0, None) if match is None else (int(match[1]), match[2])
    last = int(month or _DECEMBER)
    try:
        first = date(year, int(month or 1), 1)
        following = date(year + last // _DECEMBER, last % _DECEMBER + 1, 1)
    except ValueError:
        raise MomentError(f"`{text}` is no month or year", "Write 2026-12 or 2026.") from None
    return first, following - _ONE_DAY


def _day(text: str, calendar: Calendar) -> date:
    """Return a date, or a moment by the calendar's clocks."""
    try:
        if len(text) == len("2026-12-18"):
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        require_real(text, error)
        raise MomentError(
            f"`{text}` is no day", "Write it as 2026-12-18 or 2026-12-18T15:00."
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=calendar.zone)


def _begin(day: date, calendar: Calendar) -> datetime:
    """Return when a day begins, where the calendar covers it."""
    return calendar.ends_at(calendar.require_known(day) - _ONE_DAY)


def _amount(text: str) -> tuple[int, bool]:
    """Return a number, and whether it is of hours."""
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise MomentError(f"`{text}` is no number", "Write 5 for days, or 8h for open hours.")
    return int(match[1]), bool(match[2])


def _hours(length: timedelta) -> str:
    minutes = abs(length) // timedelta(minutes=1)
    sign = "-" if length < timedelta() else ""
    return f"{sign}{minutes // 60}:{minutes % 60:02}"
