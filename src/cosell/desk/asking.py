"""One call of a store, as a value: what a conversation asks for; and who makes these calls.

This module does not know how anything is stored.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from cosell.errors import CosellError

__all__ = ["Ask", "carried_out", "carried_out_async"]

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Ask:
    """One call of a store: which method, with what."""

    method: str
    arguments: tuple[Any, ...] = ()
    named: Mapping[str, Any] = field(default_factory=dict)


def carried_out(store: Any, conversation: Generator[Ask, Any, _T]) -> _T:
    """Make every call of the store that is asked for, and return what it comes to."""
    try:
        ask = next(conversation)
        while True:
            answer, wrong = None, None
            try:
                answer = getattr(store, ask.method)(*ask.arguments, **ask.named)
            except CosellError as error:
                wrong = error
            # Thrown from here, so that what is raised instead does not hold on to it.
            ask = conversation.send(answer) if wrong is None else conversation.throw(wrong)
    except StopIteration as done:
        result: _T = done.value
        return result


async def carried_out_async(store: Any, conversation: Generator[Ask, Any, _T]) -> _T:
    """Await every call of the store that is asked for, and return what it comes to."""
    try:
        ask = next(conversation)
        while True:
            answer, wrong = None, None
            try:
                answer = await getattr(store, ask.method)(*ask.arguments, **ask.named)
            except CosellError as error:
                wrong = error
            # Thrown from here, so that what is raised instead does not hold on to it.
            ask = conversation.send(answer) if wrong is None else conversation.throw(wrong)
    except StopIteration as done:
        result: _T = done.value
        return result
