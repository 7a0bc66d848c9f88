"""Errors about what was given: definitions, data, expressions, names, moments, calendars.

Where several things can be wrong at once, all of them are named.

This module does not know what a definition or a calendar is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final, Self

from cosell.errors.base import CosellError, did_you_mean

__all__ = [
    "END_OF_MOMENTS",
    "FIRST_MOMENT",
    "SPAN_OF_MOMENTS",
    "CalendarError",
    "CalendarExhaustedError",
    "ClockRefusedError",
    "DefinitionError",
    "EditRefusedError",
    "ExpressionError",
    "InvalidDataError",
    "MergeRefusedError",
    "MissingExtraError",
    "MomentOutOfRangeError",
    "NaiveDatetimeError",
    "Problem",
    "UnknownNameError",
    "WrongKindError",
    "is_in_range",
    "require_aware",
    "require_kind",
    "require_zone",
]

#: Moments lie from the one until before the other. Both ends leave room for the midnights around
#: a day in every zone, so that no counting with moments runs out of years.
FIRST_MOMENT: Final = datetime(1, 1, 3, tzinfo=UTC)
END_OF_MOMENTS: Final = datetime(9999, 12, 30, tzinfo=UTC)
_LAST_YEAR: Final = END_OF_MOMENTS.year
#: The same in words.
SPAN_OF_MOMENTS: Final = "from 0001-01-03 to 9999-12-29 in UTC"


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
        record: Which record of the file, from 1, where a line may hold several.
    """

    path: str
    problem: str
    remedy: str
    file: str | None = None
    line: int | None = None
    column: int | None = None
    excerpt: str | None = None
    record: int | None = None

    @property
    def place(self) -> str:
        """Where it stands, as ``deals.csv:12`` or ``deals.json:1, record 17``."""
        place = ":".join(str(part) for part in (self.file, self.line) if part is not None)
        return place if self.record is None else f"{place}, record {self.record}"

    def __str__(self) -> str:
        """Return ``file:line: path: problem. remedy``, then the excerpt if there is one."""
        head = f"{self.place}: " if self.place else ""
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


class MergeRefusedError(_ProblemsError):
    """Two records cannot be merged as asked; nothing was changed.

    Attributes:
        subject: What was asked for.
        problems: Everything that speaks against it.
    """

    code = "merge.refused"


class ClockRefusedError(_ProblemsError):
    """A clock may not be paused, resumed or extended as asked; nothing was changed.

    Attributes:
        subject: What was asked for.
        problems: Everything that speaks against it.
    """

    code = "clock.refused"


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


class MomentOutOfRangeError(CosellError, ValueError):
    """A moment or a day lies so near an end of the calendar that nothing can be counted from it.

    Attributes:
        name: The argument or field it was given for.
        moment: What was given.
    """

    code = "time.out_of_range"

    def __init__(self, name: str, moment: date) -> None:
        self.name = name
        self.moment = moment
        super().__init__(
            problem=f"`{name}` is {moment.isoformat()}, at an end of time",
            remedy=f"Give a moment {SPAN_OF_MOMENTS}, or none where it means never.",
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
        clock: The clock that needed it, with its track's name: ``poc.ends``; ``None`` if none did.
        calendar: What the process calls the calendar, if a clock of it needed it.
        record_id: The record that the clock belongs to.
    """

    code = "calendar.exhausted"

    def __init__(self, calendar_id: str, day: date, covers_from: date, covers_until: date) -> None:
        self.calendar_id = calendar_id
        self.day = day
        self.covers_from = covers_from
        self.covers_until = covers_until
        self.clock: str | None = None
        self.calendar: str | None = None
        self.record_id: str | None = None
        super().__init__(
            problem=(
                f"calendar `{calendar_id}` is known from {covers_from} to {covers_until},"
                f" and {day} is needed"
            ),
            remedy="Give a calendar that covers more years.",
        )

    def needed_by(self, clock: str, *, calendar: str | None, record_id: str) -> Self:
        """Return the error itself, which says then for which clock of which record it was.

        Args:
            clock: The clock, with its track's name.
            calendar: What the process calls the calendar.
            record_id: The record.
        """
        if self.clock is None:
            self.clock, self.calendar, self.record_id = clock, calendar, record_id
            own = "" if calendar in (None, self.calendar_id) else f", the process's `{calendar}`,"
            before, _, after = self.problem.partition(" is known from ")
            self.problem = (
                f"{before}{own} is known from {after} by clock `{clock}` of record `{record_id}`"
            )
            self.args = (self.problem, self.remedy)
        return self


class WrongKindError(CosellError, TypeError):
    """An argument is of a kind that the call cannot work with.

    Attributes:
        name: The argument.
        value: What was given.
    """

    code = "call.wrong_kind"

    def __init__(self, name: str, value: object, like: str) -> None:
        self.name = name
        self.value = value
        kind = "None" if value is None else f"a {type(value).__name__}"
        super().__init__(problem=f"`{name}` cannot be {kind}", remedy=f"Give it as {like}.")


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


def require_kind(value: object, kind: type | tuple[type, ...], name: str, *, like: str) -> None:
    """Raise ``WrongKindError`` unless an argument is of a kind.

    Args:
        value: What was given.
        kind: What it should be.
        name: The argument.
        like: How one is written, for the remedy.
    """
    if not isinstance(value, kind):
        raise WrongKindError(name, value, like)


def require_zone(at: Any, name: str = "at") -> datetime:
    """Return ``at``, or raise ``NaiveDatetimeError`` if it is no moment or has no time zone."""
    if not isinstance(at, datetime) or at.tzinfo is None or at.utcoffset() is None:
        raise NaiveDatetimeError(name)
    return at


def require_aware(at: Any, name: str = "at") -> datetime:
    """Return ``at``, if it is a moment that can be counted with.

    Raises:
        MomentOutOfRangeError: It lies at an end of time.
        NaiveDatetimeError: It is no moment or has no time zone.
    """
    if not is_in_range(require_zone(at, name)):
        raise MomentOutOfRangeError(name, at)
    return at  # type: ignore[no-any-return]  # it was looked at


def is_in_range(moment: datetime) -> bool:
    """Whether a moment with a time zone lies so far inside the calendar that one can count."""
    return 1 < moment.year < _LAST_YEAR or FIRST_MOMENT <= moment < END_OF_MOMENTS
