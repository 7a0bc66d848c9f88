"""Whether something fell into a window: an attribution window, a tail (BX-24, BX-29).

Rules that hold for every window:

1. Days are compared, as dates in the plan's zone; the day it starts belongs to it.
2. It ends so many months or days later; months clip at the end of a month. Whether that last day
   counts is stated by the plan, and the finding says so.
3. Where start or day is not recorded, it is not known, and that is not yes.

This module does not know what a window is for.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from dateutil.relativedelta import relativedelta
from pydantic import BaseModel

from cosell.definition.fee_terms import Window
from cosell.fees.bound import BoundWindow
from cosell.fees.occasions import day_of
from cosell.fees.question import Question
from cosell.findings import Finding, Verdict

__all__ = ["examine_window", "said_of_window"]

_ONE_DAY: Final = timedelta(days=1)


def examine_window(question: Question, bound: BoundWindow, item: BaseModel | None) -> Finding:
    """Return whether the window's day falls into it, with the day and the start as values."""
    asked = Verdict.MET if bound.when is None else question.verdict(bound.when, item)
    if asked is Verdict.UNMET:
        return Finding(bound.check, Verdict.NOT_APPLICABLE, (None, None))
    zone = question.plan.zone
    given = question.value(bound.of, item), question.value(bound.starts, item)
    of, start = (None if value is None else day_of(value, zone) for value in given)
    if of is None or start is None:
        return Finding(bound.check, Verdict.UNKNOWN, (of, start))
    last = last_day(bound.window, start)
    if last is None:
        return Finding(bound.check, Verdict.UNKNOWN, (of, start), own_remedy="Correct the year.")
    if start <= of <= last:
        return Finding(bound.check, Verdict.MET, (of, start))
    # Outside, and it is not known whether the window is asked about.
    outside = Verdict.UNKNOWN if asked is Verdict.UNKNOWN else Verdict.UNMET
    return Finding(bound.check, outside, (of, start))


def last_day(window: Window, start: date) -> date | None:
    """Return the last day that counts; ``None`` where dates do not reach that far."""
    try:
        if window.months is not None:
            end = start + relativedelta(months=window.months)
        else:
            end = start + timedelta(days=window.days or 0)
    except (OverflowError, ValueError):
        return None
    return end if window.last_day == "counts" else end - _ONE_DAY


def said_of_window(bound: BoundWindow, finding: Finding) -> str:
    """Return in words why something does not fall into a window."""
    window = bound.window
    of, start = finding.values
    if finding.verdict is Verdict.UNKNOWN:
        missing = [path for path, day in ((window.of, of), (window.starts, start)) if day is None]
        said = [f"{path} is not recorded" for path in missing]
        said = said or [
            "the year is out of range" if finding.own_remedy else f"whether {window.when}"
        ]
        return f"not known: {window.label or window.id}: {', '.join(said)}"
    last = last_day(window, start)
    return f"{window.reason}: {of} is not from {start} to {last}, both included"
