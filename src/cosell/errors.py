"""Errors that say what is wrong and what to do about it.

A "no" is a value (see ``cosell.findings``); what stands here is for wrong definitions, wrong
calls and lost races. Every error carries a stable ``code``, a ``problem`` and a ``remedy``, and
its facts as attributes, so that a host can use its own words and language.

This module knows nothing else of cosell.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any, ClassVar

__all__ = [
    "CalendarError",
    "CalendarExhaustedError",
    "ClaimedError",
    "CosellError",
    "DefinitionError",
    "EditRefusedError",
    "ExpressionError",
    "InvalidDataError",
    "KeyReusedError",
    "MissingExtraError",
    "NaiveDatetimeError",
    "OutOfOrderError",
    "Problem",
    "RecordExistsError",
    "RecordNotFoundError",
    "UnknownNameError",
    "VersionConflictError",
    "did_you_mean",
    "require_aware",
]

_SHOWN_NAMES = 12


def did_you_mean(given: str, known: Collection[str]) -> str:
    """Return the remedy for a name that is not known: the nearest one, or all of them.

    Example:
        >>> did_you_mean("acept", ["accept", "reject"])
        'Did you mean `accept`?'
    """
    near = get_close_matches(given, known, n=1)
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


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in what was given, and where.

    Attributes:
        path: Where in the definition or data, dotted, as ``gates.accept.criteria[2].need``.
        problem: What is wrong, without a final full stop.
        remedy: What to do about it.
        file: The file it stands in, when it came from one.
        line: One-based line in that file, when it is known.
        column: One-based column in that line or in the expression, when it is known.
        excerpt: The text in question with a caret under the place, when there is one.
    """

    path: str
    problem: str
    remedy: str
    file: str | None = None
    line: int | None = None
    column: int | None = None
    excerpt: str | None = None

    def __str__(self) -> str:
        """Return ``file:line: path: problem. remedy``, then the excerpt if there is one."""
        place = ":".join(str(part) for part in (self.file, self.line) if part is not None)
        head = f"{place}: " if place else ""
        where = f"{self.path}: " if self.path else ""
        tail = f"\n{self.excerpt}" if self.excerpt else ""
        return f"{head}{where}{self.problem}. {self.remedy}{tail}"


class _ProblemsError(CosellError):
    """Several problems, all of them named at once."""

    def __init__(self, subject: str, problems: Iterable[Problem]) -> None:
        self.subject = subject
        self.problems: tuple[Problem, ...] = tuple(problems)
        count = len(self.problems)
        super().__init__(
            problem=f"{subject} has {count} problem{'' if count == 1 else 's'}",
            remedy="\n".join(str(problem) for problem in self.problems),
        )

    def __str__(self) -> str:
        """Return one line that counts the problems, then each problem on its own."""
        return f"{self.problem}:\n{self.remedy}"


class DefinitionError(_ProblemsError):
    """A process or fee plan is not usable as it is written.

    Attributes:
        subject: What was read, such as ``process `make```.
        problems: Everything that is wrong with it, in file order.
    """

    code = "definition.invalid"


class InvalidDataError(_ProblemsError):
    """The data given with a call does not fit the record.

    Attributes:
        subject: What the data was for, such as ``data for `accept```.
        problems: Every field that does not fit, with its path.
    """

    code = "data.invalid"


class EditRefusedError(_ProblemsError):
    """An edit touches fields that may not change in the record's stage; nothing was changed.

    Attributes:
        subject: What the edit was for.
        problems: Every field that is locked, with its path.
    """

    code = "record.edit_refused"


class ExpressionError(CosellError):
    """An expression cannot be read, or its types do not fit.

    Attributes:
        text: The expression as written.
        column: One-based column, in characters, of the place in question.
    """

    code = "expression.invalid"

    def __init__(self, text: str, column: int, problem: str, remedy: str) -> None:
        self.text = text
        self.column = column
        super().__init__(problem, remedy)

    @property
    def excerpt(self) -> str:
        """The line of the expression in question, with a caret under the place."""
        before = self.text[: self.column - 1]
        start = before.rfind("\n") + 1
        end = self.text.find("\n", start)
        line = self.text[start : end if end >= 0 else len(self.text)]
        return f"    {line}\n    {' ' * (self.column - 1 - start)}^"

    def __str__(self) -> str:
        """Return the problem, its remedy, and the place under a caret."""
        return f"{super().__str__()}\n{self.excerpt}"


class NaiveDatetimeError(CosellError, ValueError):
    """A moment was given without a time zone.

    Attributes:
        name: The argument it was given for.
    """

    code = "time.naive"

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(
            problem=f"`{name}` has no time zone",
            remedy="Give a datetime with one, such as datetime(..., tzinfo=UTC).",
        )


class UnknownNameError(CosellError, LookupError):
    """A name was asked for that is not defined.

    Attributes:
        kind: What the name would be: process, parameter, calendar and so on.
        name: The name that was asked for.
        known: Every name that is defined, sorted.
    """

    code = "name.unknown"

    def __init__(self, kind: str, name: str, known: Collection[str]) -> None:
        self.kind = kind
        self.name = name
        self.known = tuple(sorted(known))
        super().__init__(
            problem=f"there is no {kind} `{name}`", remedy=did_you_mean(name, self.known)
        )

    def __str__(self) -> str:
        """Return the problem and its remedy as two sentences."""
        return CosellError.__str__(self)


class CalendarError(CosellError):
    """A calendar cannot be built or used as asked."""

    code = "calendar.invalid"


class CalendarExhaustedError(CalendarError):
    """The answer lies outside the dates for which the calendar is known.

    Attributes:
        calendar_id: The calendar that was asked.
        day: The day that was needed, or the nearest one that is known to lie outside.
        covers_from: First day the calendar knows.
        covers_until: Last day the calendar knows.
    """

    code = "calendar.exhausted"

    def __init__(self, calendar_id: str, day: date, covers_from: date, covers_until: date) -> None:
        self.calendar_id = calendar_id
        self.day = day
        self.covers_from = covers_from
        self.covers_until = covers_until
        super().__init__(
            problem=(
                f"calendar `{calendar_id}` is known from {covers_from} to {covers_until},"
                f" and {day} is needed"
            ),
            remedy="Give a calendar that covers more years.",
        )


class RecordNotFoundError(CosellError, LookupError):
    """The store has no such record, or the asker may not know of it.

    Attributes:
        record_id: The id that was asked for.
    """

    code = "record.not_found"

    def __init__(self, record_id: str) -> None:
        self.record_id = record_id
        super().__init__(
            problem=f"there is no record `{record_id}`", remedy="Check the id, or open it first."
        )

    def __str__(self) -> str:
        """Return the problem and its remedy as two sentences."""
        return CosellError.__str__(self)


class RecordExistsError(CosellError):
    """A record with this id was opened before.

    Attributes:
        record_id: The id that is taken.
    """

    code = "record.exists"

    def __init__(self, record_id: str) -> None:
        self.record_id = record_id
        super().__init__(
            problem=f"record `{record_id}` was opened before",
            remedy="Load it, or open this one under another id.",
        )


class VersionConflictError(CosellError):
    """The record was changed by someone else meanwhile; nothing was written.

    Attributes:
        record_id: The record in question.
        expected: The version the caller worked from.
        actual: The version the store holds now.
    """

    code = "record.version_conflict"

    def __init__(self, record_id: str, expected: int, actual: int) -> None:
        self.record_id = record_id
        self.expected = expected
        self.actual = actual
        super().__init__(
            problem=f"record `{record_id}` is at version {actual}, not {expected}",
            remedy="Load it again and decide anew.",
        )


class ClaimedError(CosellError):
    """A key that one record alone may hold is held by another; nothing was written.

    Attributes:
        key: The key, such as ``protection:example.com:core``.
        holder: Id of the record that holds it.
    """

    code = "claim.taken"

    def __init__(self, key: str, holder: str) -> None:
        self.key = key
        self.holder = holder
        super().__init__(
            problem=f"`{key}` is held by record `{holder}`",
            remedy="Wait until it is released, or work with that record.",
        )


class KeyReusedError(CosellError):
    """An idempotency key was used before, for another command; nothing was written.

    Attributes:
        key: The key that was given.
        record_id: The record it was used on.
    """

    code = "key.reused"

    def __init__(self, key: str, record_id: str) -> None:
        self.key = key
        self.record_id = record_id
        super().__init__(
            problem=f"key `{key}` was used on record `{record_id}` for another command",
            remedy="Use a new key for each new command, and the same key only to repeat one.",
        )


class OutOfOrderError(CosellError, ValueError):
    """A command is dated before the last event of its record; nothing was written.

    Attributes:
        record_id: The record in question.
        at: The moment that was given.
        last_at: The moment of the record's last event.
    """

    code = "record.out_of_order"

    def __init__(self, record_id: str, at: datetime, last_at: datetime) -> None:
        self.record_id = record_id
        self.at = at
        self.last_at = last_at
        super().__init__(
            problem=f"{at.isoformat()} is before the last event of record `{record_id}`,"
            f" {last_at.isoformat()}",
            remedy="Give the moment at which it really happens, or import it as history.",
        )


class MissingExtraError(CosellError, ImportError):
    """An optional part of cosell needs a package that is not installed.

    Attributes:
        extra: The extra to install.
    """

    code = "install.extra"

    def __init__(self, extra: str, purpose: str) -> None:
        self.extra = extra
        super().__init__(
            problem=f"{purpose} needs packages that are not installed",
            remedy=f"Install them with: pip install 'cosell[{extra}]'",
        )


def require_aware(at: datetime, name: str = "at") -> datetime:
    """Return ``at``, or raise ``NaiveDatetimeError`` if it has no time zone."""
    if at.tzinfo is None or at.utcoffset() is None:
        raise NaiveDatetimeError(name)
    return at


def at_once(subject: str, problems: Sequence[Problem], error: type[_ProblemsError]) -> None:
    """Raise ``error`` with all ``problems`` unless there are none."""
    if problems:
        raise error(subject, problems)
