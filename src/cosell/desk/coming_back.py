"""Refuse to store a record that would come back as another one.

Asked where the record's model is in doubt (see ``cosell.engine.stored_fields``). A record comes
back in two ways: from its body, and as the fold of its events.

This module does not know what a command is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from pydantic import ValidationError

from cosell._base import problems_from, shown_input
from cosell.engine import Bound, fold
from cosell.engine.fold import folded
from cosell.engine.paths import fields_of
from cosell.engine.stored_fields import is_in_doubt
from cosell.errors import InvalidDataError, Problem
from cosell.events import Event
from cosell.models.record import Record

__all__ = ["require_return"]

_ANOTHER: Final = "it would come back from the store as something else"


def require_return(
    bound: Bound, before: Record | None, after: Record, events: Sequence[Event], body: str
) -> None:
    """Raise if what a command writes would not come back as it is.

    Args:
        bound: The process in force.
        before: The stored record; ``None`` where there is none of the same model.
        after: The record after the command.
        events: What happened, sealed.
        body: The record as it is to be stored.

    Raises:
        InvalidDataError: Naming every field.
    """
    if not is_in_doubt(bound.model) or not any(event.changes for event in events):
        return
    ways: list[Callable[[], Record]] = [lambda: bound.model.model_validate_json(body)]
    if before is not None:
        ways.append(lambda: folded(before, events, bound.parts))
    elif after.version == len(events):
        ways.append(lambda: fold(bound.model, events, parts=bound.parts))
    # The same field is told once, however often it goes wrong.
    found = {problem.path: problem for way in ways for problem in _problems_in(after, way)}
    if found:
        raise InvalidDataError(f"record `{after.id}`", list(found.values()))


def _problems_in(record: Record, way: Callable[[], Record]) -> Iterator[Problem]:
    """Yield every field that does not come back in one way."""
    try:
        back = way()
    except ValidationError as error:
        yield from problems_from(error)
        return
    except InvalidDataError as error:
        yield from error.problems
        return
    others = fields_of(back)
    for name, value in fields_of(record).items():
        if others[name] != value:
            remedy = f"Give the field a type that JSON tells apart. Given was {shown_input(value)}."
            yield Problem(name, _ANOTHER, remedy)
