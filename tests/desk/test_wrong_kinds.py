"""An argument of the wrong kind is a mistake that cosell tells itself, and not Python."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from cosell import (
    Actor,
    Calendar,
    CosellError,
    Desk,
    MemoryStore,
    Opportunity,
    catalog,
    change,
    decide,
)
from cosell.errors import UnknownNameError, WrongKindError

AT = datetime(2026, 11, 20, 10, tzinfo=UTC)
ME = Actor("p-7", role="partner", party="acme")
CZ = Calendar.from_holidays("CZ", tz="Europe/Prague")
MAKE = catalog.load("make").bind(calendars={"vendor": CZ})


def desk() -> Desk:
    """Return a desk with one deal."""
    made = Desk([MAKE], MemoryStore())
    made.open(Opportunity(id="o-1"), actor=ME, at=AT)
    return made


#: Anything, where a type checker would not let it pass.
NO: Any = 5

CALLS: dict[str, tuple[Callable[[], object], str]] = {
    "a process by a number": (lambda: catalog.load(NO), "`name` cannot be a int."),
    "a plan by nothing": (lambda: catalog.load_fee_plan(None), "`name` cannot be None."),  # type: ignore[arg-type]  # the mistake
    "calendars by a number": (lambda: catalog.load("make").bind(calendars=NO), "`calendars`"),
    "no hours": (lambda: Calendar.from_holidays("CZ", tz="UTC", hours=None), "`hours` cannot be"),  # type: ignore[arg-type]  # the mistake
    "a span by a number": (
        lambda: Calendar.from_dates(id="x", tz="UTC", covers=NO),
        "`covers` cannot be a int. Give it as (date(2026, 1, 1), date(2026, 12, 31)).",
    ),
    "days by a text": (lambda: CZ.add(date(2026, 1, 2), "3"), "`n` cannot be a str."),  # type: ignore[arg-type]  # the mistake
    "a limit by a text": (
        lambda: desk().tick(at=AT, limit="5"),  # type: ignore[arg-type]  # the mistake
        "`limit` cannot be a str. Give it as 100.",
    ),
    "data of a decision": (
        lambda: decide(MAKE, desk().load("o-1"), "qualify", actor=ME, at=AT, data=NO),
        "`data` cannot be a int.",
    ),
    "data of a move": (
        lambda: desk().move("o-1", "qualify", actor=ME, at=AT, data=NO),
        "`data` cannot be a int.",
    ),
    "data of an edit": (
        lambda: change(MAKE, desk().load("o-1"), NO, actor=ME, at=AT),
        "`data` cannot be a int.",
    ),
    "data of an edit on a desk": (
        lambda: desk().change("o-1", NO, actor=ME, at=AT),
        "`data` cannot be a int.",
    ),
}


@pytest.mark.parametrize(("call", "said"), CALLS.values(), ids=CALLS)
def test_an_argument_of_the_wrong_kind_is_told(call: Callable[[], object], said: str) -> None:
    """It is an error of cosell, which names the argument, and a ``TypeError`` as Python's is."""
    with pytest.raises(WrongKindError) as caught:
        call()

    assert str(caught.value).startswith(said)
    assert isinstance(caught.value, CosellError)
    assert isinstance(caught.value, TypeError)


def test_a_name_that_is_no_text_is_not_known() -> None:
    """Where a name is asked for, a number is one that nobody knows."""
    with pytest.raises(UnknownNameError, match="there is no country or market `3`"):
        Calendar.from_holidays(3, tz="UTC")  # type: ignore[arg-type]  # the mistake
    with pytest.raises(CosellError, match="`5`"):
        desk().move("o-1", NO, actor=ME, at=AT)
