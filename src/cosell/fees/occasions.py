"""The occasions of an activity: once for a deal, or one for each item of a list.

Rules that hold for every occasion:

1. An item that takes back its share is judged, and priced, as the item that it takes back; its
   amount and its moment are its own (BX-27).
2. Years are counted from the day that the plan names: the first one begins on it.
3. A list without an item has one occasion that has not come yet, so that the answer says so.

This module does not know how much a fee is.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from pydantic import BaseModel

from cosell.fees.bound import BoundActivity, BoundEach
from cosell.fees.question import Question
from cosell.findings import Verdict

__all__ = ["ONCE", "Occasion", "day_of", "occasions_of"]


class Occasion(NamedTuple):
    """One time that an activity is earned.

    Attributes:
        id: Which one, in the fee's id; ``None`` where the activity is earned once.
        item: The item that the expressions of the activity read; ``None`` is the deal.
        judged: The item that is judged: the original of one that takes back.
        at: The moment before which nothing of it is earned; ``None`` where there is none.
        year: The year that it belongs to.
        takes_back: Whether it takes back a share that was earned.
        problem: Why it cannot be judged, and what would cure that.
    """

    id: str | None = None
    item: BaseModel | None = None
    judged: BaseModel | None = None
    at: datetime | None = None
    year: int | None = None
    takes_back: bool = False
    problem: tuple[str, str] | None = None


#: The one occasion of an activity that is earned once.
ONCE = Occasion()


def occasions_of(question: Question, activity: BoundActivity) -> Iterator[Occasion]:
    """Yield every occasion of an activity, in the order of its list."""
    bound = activity.each
    if bound is None:
        yield ONCE
        return
    items = getattr(question.deal, bound.each.of)
    if not items:
        name = bound.each.of
        yield Occasion(problem=(f"none of `{name}` is recorded yet", f"Record `{name}`."))
    by_id = {str(getattr(item, bound.each.id)): item for item in items}
    for item in items:
        yield _occasion(question, bound, item, by_id)


def _occasion(
    question: Question, bound: BoundEach, item: BaseModel, by_id: dict[str, Any]
) -> Occasion:
    occasion = Occasion(str(getattr(item, bound.each.id)), item, item)
    at = question.value(bound.at, item)
    if at is None:
        return occasion._replace(problem=(f"`{bound.each.at}` is not recorded", "Record it."))
    occasion = occasion._replace(at=at, year=_year(question, bound, item, at))
    verdict = Verdict.UNMET
    if bound.takes_back is not None:
        verdict = question.verdict(bound.takes_back, item)
    if verdict is Verdict.UNMET or bound.original is None:
        return occasion
    name = bound.each.original
    original = by_id.get(question.value(bound.original, item) or "")
    if verdict is Verdict.UNKNOWN or original is None or original is item:
        problem = f"which of `{bound.each.of}` it takes back is not known"
        return occasion._replace(takes_back=True, problem=(problem, f"Record `{name}`."))
    year = _year(question, bound, original, question.value(bound.at, original))
    return occasion._replace(judged=original, year=year, takes_back=True)


def _year(question: Question, bound: BoundEach, item: BaseModel, at: datetime | None) -> int | None:
    """Return the year that an item belongs to, from 1; less where it lies before the first."""
    if bound.year is None:
        return None
    found: Any = question.value(bound.year, item)
    if found is None or at is None:
        return None
    if bound.each.year is not None:
        return int(found)
    zone = question.plan.zone
    start, day = day_of(found, zone), day_of(at, zone)
    if day < start:
        return 0
    # A year is over on the same day of the next one; in a short February, on its last day.
    years = day.year - start.year
    return years + (start + relativedelta(years=years) <= day)


def day_of(moment: date, zone: ZoneInfo) -> date:
    """Return the day of a date or a moment, in ``zone``."""
    return moment.astimezone(zone).date() if isinstance(moment, datetime) else moment
