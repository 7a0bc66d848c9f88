"""Who asks is an actor: whatever else is given is refused with what to give instead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest

from cosell.engine import adopt, apply, change, decide, open_record, options, path
from cosell.errors import InvalidDataError
from cosell.models import Opportunity
from process_samples import NOON, SELLER, TINY, bound_of

ASKED: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "open": lambda desk, who: desk.open(Opportunity(id="o-2"), actor=who, at=NOON),
    "adopt": lambda desk, who: desk.adopt(Opportunity(id="o-2"), stage="mid", actor=who, at=NOON),
    "move": lambda desk, who: desk.move("o-1", "go", actor=who, at=NOON),
    "change": lambda desk, who: desk.change("o-1", {"name": "Beta"}, actor=who, at=NOON),
    "decide": lambda desk, who: desk.decide("o-1", "go", actor=who, at=NOON),
    "options": lambda desk, who: desk.options("o-1", actor=who, at=NOON),
    "path": lambda desk, who: desk.path("o-1", actor=who, at=NOON),
    "show": lambda desk, who: desk.show("o-1", actor=who, at=NOON),
}


@pytest.mark.parametrize(
    ("who", "said"),
    [
        pytest.param("ae-3", "a str", id="the id of one"),
        pytest.param(None, "a NoneType", id="nobody"),
        pytest.param({"id": "ae-3", "role": "seller"}, "a dict", id="a table"),
    ],
)
@pytest.mark.parametrize("asked", list(ASKED))
def test_a_desk_says_that_it_was_given_no_actor(
    desk_of: Callable[..., Any], store: Any, asked: str, who: Any, said: str
) -> None:
    """The error names the argument, what was given, and what to give (BX-41)."""
    desk = desk_of([bound_of(TINY)], store)
    desk.open(Opportunity(id="o-1"), actor=SELLER, at=NOON)
    with pytest.raises(InvalidDataError, match=f"actor: an actor is needed, and this is {said}"):
        ASKED[asked](desk, who)


@pytest.mark.parametrize("who", ["ae-3", None])
def test_the_engine_says_so_too(who: Any) -> None:
    """Every function that is asked for somebody refuses what is no actor alike."""
    tiny = bound_of(TINY)
    record = open_record(tiny, Opportunity(id="o-1"), actor=SELLER, at=NOON).record
    calls: list[Callable[[], Any]] = [
        lambda: open_record(tiny, Opportunity(id="o-2"), actor=who, at=NOON),
        lambda: adopt(tiny, Opportunity(id="o-2"), stage="mid", actor=who, at=NOON),
        lambda: decide(tiny, record, "go", actor=who, at=NOON),
        lambda: decide(tiny, record, "go", actor=who, at=NOON, data={"name": "Beta"}),
        lambda: apply(tiny, record, "go", actor=who, at=NOON),
        lambda: change(tiny, record, {"name": "Beta"}, actor=who, at=NOON),
        lambda: options(tiny, record, actor=who, at=NOON),
        lambda: path(tiny, record, actor=who, at=NOON),
    ]
    for call in calls:
        with pytest.raises(InvalidDataError, match="an actor is needed"):
            call()
