"""Several calendars as one: open when all of them are, or when any of them is.

Rules that hold for every joint timetable:

1. Days compose on dates: a date counts if it counts in every part, or in any part, each by its
   own date. Hours compose on instants: a moment is open if it is open in every, or any, part.
2. The lead zone says which date a moment has, and so on which day hours lie. Hours of a part in
   another zone are parted at the lead zone's midnights; hours that run past midnight belong to
   the earliest of the days on which they began.
3. A business day on which no hour is open opens and closes at its end, the midnight after it.
4. It is known where every part is known. Its own special days overrule its parts.

This module does not know how days are counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any, Final, NamedTuple, TypeAlias

from cosell.calendars.hours import Windows
from cosell.calendars.timetable import OPEN, REST, SpecialDay, Timetable, amended, require_open
from cosell.calendars.zones import find_zone, midnight_after
from cosell.errors import CalendarError

__all__ = ["Joint", "Mode", "Part", "Plan"]

_ONE_DAY: Final = timedelta(days=1)


class Mode(StrEnum):
    """When a joint timetable is open."""

    ALL = "all of"  # when every part is
    ANY = "any of"  # when one part or more is

    @property
    def between(self) -> str:
        """What stands between the names of the parts."""
        return " and " if self is Mode.ALL else " or "


class Part(NamedTuple):
    """One of the calendars that a joint one is made of.

    Attributes:
        name: What it is called in explanations.
        plan: What it knows.
    """

    name: str
    plan: Plan


@dataclass(frozen=True)
class Joint:
    """What several calendars know together. Plain data, compared by value and hashable.

    Attributes:
        tz: The lead zone.
        mode: When it is open.
        parts: What it is made of, one or more.
        special: Days that differ from what the parts say, by date, each once.
    """

    tz: str
    mode: Mode
    parts: tuple[Part, ...]
    special: tuple[SpecialDay, ...] = ()

    def __post_init__(self) -> None:
        """Refuse parts that have no known day in common, and those that are never open."""
        if self.covers_from > self.covers_until:
            names = self.mode.between.join(f"`{part.name}`" for part in self.parts)
            raise CalendarError(
                f"there is no day for which {names} are known",
                "Give calendars that cover the same dates.",
            )
        require_open(self.covers_from, self.covers_until, self.open_flags())

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the data alone."""
        return Joint, (self.tz, self.mode, self.parts, self.special)

    @cached_property
    def covers_from(self) -> date:
        """First day that every part knows, in the lead zone."""
        zone = find_zone(self.tz)
        first = max(part.plan.covers_from for part in self.parts)
        begins = max(
            midnight_after(part.plan.covers_from - _ONE_DAY, find_zone(part.plan.tz))
            for part in self.parts
        )
        return first if midnight_after(first - _ONE_DAY, zone) >= begins else first + _ONE_DAY

    @cached_property
    def covers_until(self) -> date:
        """Last day that every part knows, in the lead zone, the night that follows it included."""
        last = min(part.plan.covers_until for part in self.parts)
        return last if self._is_known_to_the_end(last) else last - _ONE_DAY

    def _is_known_to_the_end(self, day: date) -> bool:
        """Whether each part knows ``day`` as far into the night as others are open."""
        end = midnight_after(day, find_zone(self.tz))
        for part in self.parts:
            plan = part.plan
            night = max((other.plan.spill for other in self.parts if other.plan != plan), default=0)
            if midnight_after(plan.covers_until, find_zone(plan.tz)) < end + timedelta(
                minutes=night
            ):
                return False
        return True

    @cached_property
    def by_date(self) -> dict[date, SpecialDay]:
        """The special days by date."""
        return {day.on: day for day in self.special}

    @cached_property
    def estimates(self) -> tuple[date, ...]:
        """Days on which a part, or this, has an estimate, in order."""
        own = {day.on for day in self.special if day.provisional}
        days = own.union(*(part.plan.estimates for part in self.parts))
        return tuple(sorted(day for day in days if self.covers_from <= day <= self.covers_until))

    @property
    def spill(self) -> int:
        """Minutes after midnight that hours which began the day before may run."""
        return max(part.plan.spill for part in self.parts)

    def amend(self, days: Iterable[SpecialDay]) -> Joint:
        """Return what is known once ``days`` differ as they say."""
        return replace(self, special=amended(self.special, days))

    def usual_windows(self, _day: date) -> Windows:
        """Raise: the hours of several calendars have no usual form.

        Raises:
            CalendarError: Always.
        """
        raise CalendarError("a joint calendar has no usual hours", "Say from when to when.")

    def is_open_on(self, day: date) -> bool:
        """Whether ``day`` is a business day."""
        special = self.by_date.get(day)
        if special is not None:
            return bool(special.windows)
        decide = all if self.mode is Mode.ALL else any
        return decide(part.plan.is_open_on(day) for part in self.parts)

    def open_flags(self) -> Iterator[tuple[date, bool]]:
        """Yield every day that is known, in order, and whether it is a business day."""
        for ordinal in range(self.covers_from.toordinal(), self.covers_until.toordinal() + 1):
            day = date.fromordinal(ordinal)
            yield day, self.is_open_on(day)

    def reason(self, day: date) -> str:
        """Return why ``day`` counts or not, with the names of the parts that say so."""
        special = self.by_date.get(day)
        if special is not None:
            return special.name
        opens = self.is_open_on(day)
        said = {
            part.name: part.plan.reason(day)
            for part in self.parts
            if part.plan.is_open_on(day) is opens
        }
        if set(said.values()) <= {OPEN, REST}:
            return self._ordinary(opens=opens, names=tuple(said))
        return "; ".join(f"{name}: {why}" for name, why in said.items() if why != OPEN)

    def _ordinary(self, *, opens: bool, names: tuple[str, ...]) -> str:
        """Return the reason for a day that is nothing special in the parts that decide."""
        plain = OPEN if opens else REST
        everywhere = len(names) == len({part.name for part in self.parts})
        return plain if everywhere else f"{plain} in {', '.join(names)}"


#: What any calendar knows.
Plan: TypeAlias = Timetable | Joint
