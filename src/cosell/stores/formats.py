"""The format of what is stored as text, and how what an older release wrote is read.

Rules:

1. Each stored text (an event, an effect, a record, a kept answer) is of a format with a number.
   From the second on the text begins with it, ``{"format":2,``; a text without one is of the first.
2. What is written is of the newest format. What is read and is older goes through one upgrade for
   each format between, on its way to the model; what is stored is not changed by that.
3. An upgrade is a function from the table of a text to the table of the next format. One that was
   released is never changed. A field that merely comes new, with a default, needs none.
4. A text of a format that this release does not know is refused, and left alone.
5. A sealed event is sealed as it was written. A field that comes new has the default ``None``, so
   that the seals of events before it hold.

This module does not know where texts are kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from cosell.errors import CosellError

__all__ = ["FORMATS", "Formats", "Kind", "NewerFormatError", "as_stored", "current"]

_NUMBER: Final = re.compile(r'\{"format":([0-9]{1,9})(,|\})')

#: From the table of a text to that of the next format.
Upgrade = Callable[[dict[str, Any]], dict[str, Any]]


class Kind(StrEnum):
    """What is stored as text."""

    EVENT = "event"
    EFFECT = "effect"
    RECORD = "record"
    ANSWER = "answer"


#: What a kept answer holds in lists; its record is a text of its own.
_INSIDE: Final = {"events": Kind.EVENT, "effects": Kind.EFFECT}


class NewerFormatError(CosellError):
    """A stored text was written by a newer release; nothing was changed.

    Attributes:
        kind: What it is.
        found: The format it is of.
        known: The newest format that this release knows.
    """

    code = "store.newer_format"

    def __init__(self, kind: Kind, found: int, known: int) -> None:
        self.kind = kind
        self.found = found
        self.known = known
        super().__init__(
            problem=f"a stored {kind.value} is of format {found}, and this release knows {known}",
            remedy="Install the release of cosell that wrote it, or a later one.",
        )


@dataclass(frozen=True, slots=True)
class Formats:
    """The newest format, and the way to it.

    Attributes:
        newest: Its number.
        upgrades: For each kind, what turns a format into the next one, by the number of the
            former; none where nothing of that kind changes.
    """

    newest: int
    upgrades: Mapping[Kind, Mapping[int, Upgrade]] = field(default_factory=dict)

    def stored(self, text: str) -> str:
        """Return a JSON table as it is stored: with the number of its format, but the first."""
        if self.newest == 1:
            return text
        rest = text[1:]
        return f'{{"format":{self.newest}{"" if rest == "}" else ","}{rest}'

    def current(self, kind: Kind, text: str) -> str:
        """Return a stored text in the newest format, without the number.

        Raises:
            NewerFormatError: It was written by a newer release.
        """
        numbered = _NUMBER.match(text)
        number = 1 if numbered is None else int(numbered[1])
        if number > self.newest:
            raise NewerFormatError(kind, number, self.newest)
        if numbered is not None:
            text = f"{{{text[numbered.end() :]}" if numbered[2] == "," else "{}"
        if number == self.newest:
            return text
        content = json.loads(text)
        for former in range(number, self.newest):
            content = self._next(kind, former, content)
        return json.dumps(content, ensure_ascii=False)

    def _next(self, kind: Kind, former: int, content: dict[str, Any]) -> dict[str, Any]:
        upgrade = self.upgrades.get(kind, {}).get(former)
        content = content if upgrade is None else upgrade(content)
        inside = _INSIDE if kind is Kind.ANSWER else {}
        for key, each in inside.items():
            content[key] = [self._next(each, former, item) for item in content.get(key, [])]
        return content


#: What this release writes and reads.
FORMATS: Final = Formats(newest=1)


def as_stored(text: str) -> str:
    """Return a JSON table as this release stores it."""
    return FORMATS.stored(text)


def current(kind: Kind, text: str) -> str:
    """Return a stored text as this release's models read it.

    Raises:
        NewerFormatError: It was written by a newer release.

    Example:
        >>> current(Kind.RECORD, '{"id":"o-1"}')
        '{"id":"o-1"}'
    """
    return FORMATS.current(kind, text)
