"""What every error has: a stable code, what is wrong, and what to do about it.

A "no" is a value (see ``cosell.findings``); errors are for wrong definitions, wrong calls and lost
races. Their facts are attributes, so that a host can use its own words and language.

This module knows nothing else of cosell.
"""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from typing import Any, ClassVar, Final

__all__ = ["CosellError", "did_you_mean"]

_SHOWN_NAMES: Final = 12


def did_you_mean(given: object, known: Collection[str]) -> str:
    """Return the remedy for a name that is not known: the nearest one, or all of them.

    Example:
        >>> did_you_mean("acept", ["accept", "reject"])
        'Did you mean `accept`?'
    """
    near = get_close_matches(str(given), known, n=1)
    if near:
        return f"Did you mean `{near[0]}`?"
    if not known:
        return "None is defined."
    names = sorted(known)
    shown = ", ".join(names[:_SHOWN_NAMES])
    more = f" and {len(names) - _SHOWN_NAMES} more" if len(names) > _SHOWN_NAMES else ""
    return f"Use one of: {shown}{more}."


class CosellError(Exception):
    """Base class: what is wrong, and what to do about it.

    Errors compare, hash and pickle by value.

    Attributes:
        code: Stable dotted identifier. Hosts may match on it; it is never renamed.
        problem: What is wrong, in one sentence without a final full stop.
        remedy: What the reader can do about it: one instruction, or one question.
    """

    code: ClassVar[str] = "cosell"

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem, remedy)
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        """Return the problem and its remedy as two sentences."""
        return f"{self.problem}. {self.remedy}"

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle without calling a subclass's own ``__init__``."""
        return (_rebuilt, (type(self), self.args, dict(self.__dict__)))

    def __eq__(self, other: object) -> bool:
        """Compare by class and attributes."""
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        """Hash by class and text, which the attributes determine."""
        return hash((type(self), self.problem, self.remedy))


def _rebuilt(cls: type[CosellError], args: tuple[Any, ...], state: dict[str, Any]) -> CosellError:
    error = cls.__new__(cls, *args)
    error.args = args
    error.__dict__.update(state)
    return error
