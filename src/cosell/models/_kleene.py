"""And, or and not over yes, no and missing, for the derived fields of the models.

Source:
    Kleene's strong logic; the expression language has the same.

This module does not know any model.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import pairwise

__all__ = ["all_of", "any_of", "in_order", "negated"]


def all_of(parts: Iterable[bool | None]) -> bool | None:
    """Return no if one part is no, else missing if one is missing, else yes.

    Example:
        >>> all_of([True, None]), all_of([None, False]), all_of([])
        (None, False, True)
    """
    known = True
    for part in parts:
        if part is False:
            return False
        known = known and part is not None
    return True if known else None


def any_of(parts: Iterable[bool | None]) -> bool | None:
    """Return yes if one part is yes, else missing if one is missing, else no.

    Example:
        >>> any_of([False, None]), any_of([None, True]), any_of([])
        (None, True, False)
    """
    return negated(all_of(negated(part) for part in parts))


def negated(part: bool | None) -> bool | None:  # noqa: FBT001 - the one value it is about
    """Return the opposite; the opposite of missing is missing."""
    return None if part is None else not part


def in_order(*moments: date | None) -> bool | None:
    """Return whether no moment, or day, is earlier than the one before it; all of one type.

    Example:
        >>> in_order(date(2026, 3, 1), date(2026, 3, 1), date(2026, 3, 2))
        True
        >>> in_order(date(2026, 3, 1), None) is None
        True
    """
    known = [moment for moment in moments if moment is not None]
    if any(later < earlier for earlier, later in pairwise(known)):
        return False
    return True if len(known) == len(moments) else None
