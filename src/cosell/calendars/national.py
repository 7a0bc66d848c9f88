"""Holidays of countries and financial markets, read once from the package ``holidays``.

Rules that hold for every reading:

1. ``holidays`` is a source of data only, and is imported when the first country is asked for.
2. The span is cut to the years that ``holidays`` knows for the country.
3. A holiday observed across the turn of a year is found: the years around the span are read too.
4. What ``holidays`` calls estimated is provisional.
5. A half day that ``holidays`` knows is an ordinary day, unless half days are given hours.

This module does not know how days are counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from cosell.calendars.hours import Hours, Weekend, Windows, open_minutes, parse_week, parse_windows
from cosell.calendars.timetable import SpecialDay, Timetable, Week, amended, parse_weeks
from cosell.errors import CalendarError, UnknownNameError

if TYPE_CHECKING:
    from holidays import HolidayBase

__all__ = ["Country", "national_timetable"]

_ONE_DAY: Final = timedelta(days=1)
_ENGLISH: Final = "en_US"
_ESTIMATED: Final = "estimated"
_HALF_DAY: Final = "half_day"
_KEPT: Final = 64


@dataclass(frozen=True, slots=True)
class Country:
    """Whose holidays: a country or market, a part of it, and which kinds of holidays.

    Attributes:
        code: ISO 3166 code of the country, or code of the financial market.
        subdivision: Code of a state or province.
        categories: Kinds of holidays that close, as ``holidays`` calls them; by default those
            that it counts for the country, which are the public ones.
    """

    code: str
    subdivision: str | None = None
    categories: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class _National:
    """What ``holidays`` knows of a country from one day to another, as plain data.

    Attributes:
        covers_from: First day of the span that is known.
        covers_until: Last day of it.
        rest: Which days of the week, Monday first, are weekend, from a date on.
        closed: Holidays.
        moved: Days of a weekend that are worked.
        halves: Half days.
    """

    covers_from: date
    covers_until: date
    rest: tuple[tuple[date, tuple[bool, ...]], ...]
    closed: tuple[SpecialDay, ...]
    moved: tuple[date, ...]
    halves: tuple[SpecialDay, ...]


def national_timetable(
    country: Country,
    *,
    tz: str,
    hours: Hours,
    weekend: Weekend | None,
    half_days: str | None,
    covers: tuple[date, date],
) -> Timetable:
    """Return what ``holidays`` knows of a country as a timetable.

    Raises:
        UnknownNameError: There is no such country, subdivision or category.
        CalendarError: ``holidays`` knows none of the span, or nothing is open in it.
    """
    found = _read(country, covers)
    if weekend is None and isinstance(hours, str):
        week = parse_week(hours, ())
        weeks = tuple(
            Week(since, tuple(() if rest else week[day] for day, rest in enumerate(flags)))
            for since, flags in found.rest
        )
    else:
        weeks = parse_weeks(hours, () if weekend is None else weekend, found.covers_from)
    working = max((windows for week in weeks for windows in week.days), key=open_minutes)
    timetable = Timetable(tz, found.covers_from, found.covers_until, weeks)
    special = amended((), _special_days(found, timetable, working, half_days))
    return Timetable(tz, found.covers_from, found.covers_until, weeks, special)


@lru_cache(maxsize=_KEPT)
def _read(country: Country, covers: tuple[date, date]) -> _National:
    """Return what ``holidays`` knows, read once."""
    model = _model_of(country)
    covers_from = max(covers[0], date(model.start_year, 1, 1))
    covers_until = min(covers[1], date(model.end_year, 12, 31))
    if covers_from > covers_until:
        raise CalendarError(
            f"holidays of `{country.code}` are known from {model.start_year} to {model.end_year}",
            "Cover some of these years.",
        )
    years = range(covers_from.year - 1, covers_until.year + 2)
    known = _known(model, country, years, country.categories)
    has_halves = _HALF_DAY in model.supported_categories
    halves = _known(model, country, years, (_HALF_DAY,)) if has_halves else {}

    def within(days: Iterable[SpecialDay]) -> tuple[SpecialDay, ...]:
        return tuple(day for day in days if covers_from <= day.on <= covers_until)

    return _National(
        covers_from=covers_from,
        covers_until=covers_until,
        rest=tuple(_rest(known, covers_from, covers_until)),
        closed=within(
            SpecialDay(day, name, provisional=_ESTIMATED in name) for day, name in known.items()
        ),
        moved=tuple(day for day in known.weekend_workdays if covers_from <= day <= covers_until),
        halves=within(SpecialDay(day, name) for day, name in halves.items()),
    )


def _model_of(country: Country) -> type[HolidayBase]:
    """Return the class of a country or market in ``holidays``, its names checked."""
    import holidays

    countries = holidays.list_supported_countries()
    markets = holidays.list_supported_financial()
    if country.code not in {*countries, *markets}:
        raise UnknownNameError("country or market", country.code, {*countries, *markets})
    model: type[HolidayBase] = getattr(holidays, country.code)
    subdivisions = {*model.subdivisions, *model.subdivisions_aliases}
    if country.subdivision is not None and country.subdivision not in subdivisions:
        raise UnknownNameError("subdivision", country.subdivision, subdivisions)
    for category in country.categories or ():
        if category not in model.supported_categories:
            raise UnknownNameError("holiday category", category, model.supported_categories)
    return model


def _known(
    model: type[HolidayBase], country: Country, years: range, categories: tuple[str, ...] | None
) -> HolidayBase:
    return model(
        subdiv=country.subdivision,
        categories=categories,
        language=_ENGLISH if _ENGLISH in model.supported_languages else None,
        years=years,
    )


def _rest(
    known: HolidayBase, covers_from: date, covers_until: date
) -> Iterator[tuple[date, tuple[bool, ...]]]:
    """Yield which days of the week are weekend, again from each day on which that changed."""
    rest: tuple[bool, ...] = ()
    day = covers_from
    while day <= covers_until:
        if not rest or known.is_weekend(day) != rest[day.weekday()]:
            rest = _rest_from(known, day)
            yield day, rest
        day += _ONE_DAY


def _rest_from(known: HolidayBase, day: date) -> tuple[bool, ...]:
    """Return whether each day of the week, Monday first, is weekend in the week from ``day``."""
    following = (day + timedelta(days=ahead) for ahead in range(7))
    rest = {each.weekday(): known.is_weekend(each) for each in following}
    return tuple(rest[number] for number in range(7))


def _special_days(
    found: _National, timetable: Timetable, working: Windows, half_days: str | None
) -> Iterator[SpecialDay]:
    """Yield half days, holidays, and working days moved to a weekend, which overrule both."""
    if half_days is not None:
        windows = parse_windows(half_days)
        for day in found.halves:
            if timetable.is_open_on(day.on):
                yield day._replace(windows=windows)
    yield from found.closed
    for on in found.moved:
        yield SpecialDay(on, "working day moved to the weekend", working)
