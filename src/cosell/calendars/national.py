"""Holidays of countries and financial markets, read once from the package ``holidays``.

Rules that hold for every reading:

1. ``holidays`` is a source of data only, and is imported when the first country is asked for.
2. The span is cut to the years that ``holidays`` knows for the country.
3. A holiday observed across the turn of a year is found: the years around the span are read too.
4. What ``holidays`` calls estimated is provisional.

This module does not know how days are counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from cosell.calendars.hours import Hours, Windows, parse_week
from cosell.calendars.timetable import SpecialDay, Timetable, Week
from cosell.errors import CalendarError, UnknownNameError

if TYPE_CHECKING:
    from holidays import HolidayBase

__all__ = ["Country", "national_timetable"]

_ONE_DAY: Final = timedelta(days=1)
_ENGLISH: Final = "en_US"
_ESTIMATED: Final = "estimated"


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


def national_timetable(
    country: Country,
    *,
    tz: str,
    hours: Hours,
    weekend: Iterable[str] | None,
    covers: tuple[date, date],
) -> Timetable:
    """Return what ``holidays`` knows of a country as a timetable.

    Raises:
        UnknownNameError: There is no such country, subdivision or category.
        CalendarError: ``holidays`` knows none of the span, or nothing is open in it.
    """
    model = _model_of(country)
    covers_from = max(covers[0], date(model.start_year, 1, 1))
    covers_until = min(covers[1], date(model.end_year, 12, 31))
    if covers_from > covers_until:
        raise CalendarError(
            f"holidays of `{country.code}` are known from {model.start_year} to {model.end_year}",
            "Cover some of these years.",
        )
    known = model(
        subdiv=country.subdivision,
        categories=country.categories,
        language=_ENGLISH if _ENGLISH in model.supported_languages else None,
        years=range(covers_from.year - 1, covers_until.year + 2),
    )
    week = parse_week(hours, weekend or ())
    if weekend is None and isinstance(hours, str):
        weeks = tuple(_national_weeks(known, week, covers_from, covers_until))
    else:
        weeks = (Week(covers_from, week),)
    working = max(week, key=len)
    special = sorted(_special_days(known, working), key=lambda day: day.on)
    return Timetable(
        tz=tz,
        covers_from=covers_from,
        covers_until=covers_until,
        weeks=weeks,
        special=tuple(day for day in special if covers_from <= day.on <= covers_until),
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


def _national_weeks(
    known: HolidayBase, week: tuple[Windows, ...], covers_from: date, covers_until: date
) -> Iterator[Week]:
    """Yield the weeks of a country, a new one from each day on which its weekend changed."""
    rest: list[bool] = []
    day = covers_from
    while day <= covers_until:
        if not rest or known.is_weekend(day) != rest[day.weekday()]:
            rest = _rest_from(known, day)
            yield Week(day, tuple(() if rest[n] else week[n] for n in range(len(week))))
        day += _ONE_DAY


def _rest_from(known: HolidayBase, day: date) -> list[bool]:
    """Return whether each day of the week, Monday first, is weekend in the week from ``day``."""
    following = (day + timedelta(days=ahead) for ahead in range(7))
    rest = {each.weekday(): known.is_weekend(each) for each in following}
    return [rest[number] for number in range(7)]


def _special_days(known: HolidayBase, working: Windows) -> Iterable[SpecialDay]:
    """Return holidays, and working days that were moved to a weekend, which they overrule."""
    days = {
        day: SpecialDay(day, name, provisional=_ESTIMATED in name) for day, name in known.items()
    }
    for day in known.weekend_workdays:
        days[day] = SpecialDay(day, "working day moved to the weekend", working)
    return days.values()
