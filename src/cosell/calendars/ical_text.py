"""Take an iCalendar file apart into components whose properties know their line (RFC 5545).

Rules that hold for every file:

1. Lines are unfolded here, so that each property has the number of the line on which it begins;
   what a line says is read by the package ``icalendar``.
2. A file is bounded: how long it is and how deeply components nest. What no calendar needs is not
   looked at.
3. Every problem is noted with its line, up to a stated number of them.

This module does not know what an event means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cosell.calendars.recurrence import TooMuchError
from cosell.errors import InvalidDataError, MissingExtraError, Problem

__all__ = ["Component", "Property", "Reading", "WrongError", "read_components"]

_MOST_CHARACTERS: Final = 4_000_000
_MOST_DEPTH: Final = 8
_MOST_PROBLEMS: Final = 50
#: How many dates may be looked at for one file: some tenths of a second of work.
_MOST_DATES: Final = 200_000
_NAME: Final = re.compile(r"[A-Za-z0-9-]+(?=[:;])")
_SHOWN: Final = 60

#: The properties that are read, by component.
_READ: Final[Mapping[str, frozenset[str]]] = {
    "VEVENT": frozenset(
        {
            "UID",
            "SUMMARY",
            "STATUS",
            "DTSTART",
            "DTEND",
            "DURATION",
            "RRULE",
            "EXRULE",
            "RDATE",
            "EXDATE",
            "RECURRENCE-ID",
        }
    ),
    "VTIMEZONE": frozenset({"TZID", "X-LIC-LOCATION"}),
    **dict.fromkeys(
        ("STANDARD", "DAYLIGHT"),
        frozenset({"DTSTART", "RRULE", "RDATE", "TZOFFSETFROM", "TZOFFSETTO"}),
    ),
}


class WrongError(Exception):
    """What is wrong with a component or property, and what to do about it."""

    def __init__(self, line: int, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.line = line
        self.problem = problem
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Property:
    """One line, unfolded: ``NAME;PARAMETER=...:value``."""

    line: int
    name: str
    parameters: Mapping[str, Any]
    value: str

    def wrong(self, problem: str, remedy: str = "Correct it, or leave it out.") -> WrongError:
        """Return the error for something that is wrong here."""
        return WrongError(self.line, f"{self.name} {problem}", remedy)


@dataclass(slots=True)
class Component:
    """What stands between ``BEGIN`` and ``END``, without what is not read."""

    kind: str
    line: int
    properties: list[Property] = field(default_factory=list)
    parts: list[Component] = field(default_factory=list)

    def all(self, name: str) -> list[Property]:
        """Return the properties of that name."""
        return [each for each in self.properties if each.name == name]

    def one(self, name: str) -> Property | None:
        """Return the property of that name, which may stand once.

        Raises:
            WrongError: It stands several times.
        """
        found = self.all(name)
        if len(found) > 1:
            raise found[1].wrong("stands twice", "Leave one of them.")
        return found[0] if found else None


@dataclass
class Reading:
    """What is read: its name, what is wrong with it, and how much work it may still make."""

    file: str | None
    problems: list[Problem] = field(default_factory=list)
    dates_left: int = _MOST_DATES

    def note(self, wrong: WrongError) -> None:
        """Note a problem; so many end the reading."""
        self.problems.append(
            Problem("", wrong.problem, wrong.remedy, file=self.file, line=wrong.line)
        )
        if len(self.problems) == _MOST_PROBLEMS:
            self.finish()

    def finish(self) -> None:
        """Raise ``InvalidDataError`` if there is a problem."""
        if self.problems:
            raise InvalidDataError(
                f"calendar file `{self.file}`" if self.file else "the calendar file", self.problems
            )

    def spend(self, dates: int) -> None:
        """Pay for looking at so many dates.

        Raises:
            TooMuchError: The file asks for more than a calendar needs.
        """
        self.dates_left -= dates
        if self.dates_left < 0:
            raise TooMuchError


def read_components(text: str, reading: Reading) -> Component:
    """Return the file as one component that holds those of the file.

    Raises:
        InvalidDataError: It is not an iCalendar file, or is too large.
        MissingExtraError: The extra ``ical`` is not installed.
    """
    if len(text) > _MOST_CHARACTERS:
        reading.note(
            WrongError(
                1,
                f"the file has {len(text)} characters",
                f"Give at most {_MOST_CHARACTERS}, such as the years that are needed.",
            )
        )
        reading.finish()
    root = Component("", 1)
    stack = [root]
    for line, content in _unfolded(text):
        try:
            _place(line, content, stack)
        except WrongError as wrong:
            reading.note(wrong)
    if len(stack) > 1:
        kind, line = stack[-1].kind, stack[-1].line
        reading.note(WrongError(line, f"{kind} has no END", "Give the whole file."))
    if not any(part.kind == "VCALENDAR" for part in root.parts):
        reading.note(WrongError(1, "this is no iCalendar file", "Begin it with BEGIN:VCALENDAR."))
        reading.finish()
    return root


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Yield each content line with the number of the line on which it begins."""
    begun, parts = 1, [""]
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text.removeprefix("\ufeff")), 1):
        if line.startswith((" ", "\t")):
            parts.append(line[1:])
            continue
        if content := "".join(parts).strip():
            yield begun, content
        begun, parts = number, [line]
    if content := "".join(parts).strip():
        yield begun, content


def _place(line: int, content: str, stack: list[Component]) -> None:
    """Put a content line where it belongs."""
    match = _NAME.match(content)
    if match is None:
        raise WrongError(
            line, f"`{content[:_SHOWN]}` is no line of an iCalendar file", "Write it as NAME:value."
        )
    name, value = match[0].upper(), content[match.end() + 1 :].strip().upper()
    if name == "BEGIN":
        if len(stack) > _MOST_DEPTH:
            raise WrongError(line, "components are nested too deeply", "Take them apart.")
        part = Component(value, line)
        stack[-1].parts.append(part)
        stack.append(part)
    elif name == "END":
        if len(stack) == 1 or stack[-1].kind != value:
            raise WrongError(line, f"END:{value[:_SHOWN]} ends nothing", "Give each BEGIN one END.")
        stack.pop()
    elif name in _READ.get(stack[-1].kind, ()):
        stack[-1].properties.append(_property(line, name, content))


def _property(line: int, name: str, content: str) -> Property:
    try:
        from icalendar.parser import Contentline
    except ImportError as error:
        raise MissingExtraError("ical", "reading an iCalendar file") from error
    try:
        _, parameters, value = Contentline.from_ical(content).parts()
    except ValueError:
        raise WrongError(
            line, f"`{content[:_SHOWN]}` cannot be read", "Correct it, or leave it out."
        ) from None
    return Property(line, name, {key.upper(): one for key, one in parameters.items()}, value)
