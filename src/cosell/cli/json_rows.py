"""Read the records of a JSON document or of JSON lines, one after the other.

Rules:

1. A document is a list of records, or holds one at the dotted path that the mapping names; a
   single record is a list of one. In JSON lines every line that is not empty is a record.
2. Numbers with a point are decimals; NaN and infinity are no numbers; a key that stands twice in
   one record makes it unclear. Such a record is rejected, and the others are read.
3. A record of a document is named by its line and its number: a line may hold all of them.
4. From where a document is broken, nothing more can be read of it: that is one rejected row, which
   says so.

This module does not know what a value means.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final, TextIO

from cosell.cli.row import FileError, Layout, Rejected, Row, rejected

__all__ = ["find_value", "read_json", "read_json_lines"]

_SPACE: Final = re.compile(r"[ \t\r\n]*")
_CANNOT: Final = (ValueError, RecursionError)


def find_value(record: Any, path: str) -> Any:
    """Return what stands in a record at a dotted path; ``None`` when nothing does.

    A key that holds dots itself goes before the dotted path.

    Example:
        >>> find_value({"a": {"b.c": [{"d": 1}]}}, "a.b.c.0.d")
        1
    """
    if isinstance(record, list):
        head, _, rest = path.partition(".")
        inside = head.isdecimal() and int(head) < len(record)
        found = record[int(head)] if inside else None
        return find_value(found, rest) if rest else found
    if not isinstance(record, dict):
        return None
    if path in record:
        return record[path]
    cut = path.rfind(".")
    while cut > 0:
        if path[:cut] in record:
            return find_value(record[path[:cut]], path[cut + 1 :])
        cut = path.rfind(".", 0, cut)
    return None


class _Decoder:
    """Decodes one value after the other, and notes what was strange in each."""

    def __init__(self) -> None:
        self._strange: list[str] = []
        self._decoder = json.JSONDecoder(
            parse_float=Decimal, parse_constant=self._constant, object_pairs_hook=self._pairs
        )

    def _constant(self, name: str) -> None:
        self._strange.append(f"`{name}` is no number")

    def _pairs(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        table = dict(pairs)
        if len(table) < len(pairs):
            keys = [key for key, _ in pairs]
            twice = next(key for key in keys if keys.count(key) > 1)
            self._strange.append(f"the key `{twice}` stands twice")
        return table

    def value(self, text: str, at: int) -> tuple[Any, int, list[str]]:
        """Return the value at ``at``, where it ends, and what is strange in it."""
        self._strange.clear()
        value, end = self._decoder.raw_decode(text, at)
        return value, end, list(self._strange)


def read_json_lines(text: TextIO, file: str, layout: Layout) -> Iterator[Row | Rejected]:
    """Yield the records of JSON lines."""
    decoder = _Decoder()
    for number, written in _numbered(text, file, layout):
        line = written.strip()
        if not line:
            continue
        try:
            value, end, strange = decoder.value(line, 0)
            if end < len(line):
                strange.append("more than one value stands on the line")
        except _CANNOT as error:
            yield rejected(file, number, f"the line is no JSON: {_said(error)}", "Correct it.")
            continue
        yield _row(file, number, value, strange)


def read_json(text: TextIO, file: str, layout: Layout) -> Iterator[Row | Rejected]:
    """Return the records of a JSON document, or of the list at ``layout.records`` in it.

    Raises:
        FileError: It is no JSON, or holds no list of records there.
    """
    document = _Document("".join(line for _, line in _numbered(text, file, layout)), file)
    keys = layout.records.split(".") if layout.records else []
    return document.rows(document.find(0, keys))


def _numbered(text: TextIO, file: str, layout: Layout) -> Iterator[tuple[int, str]]:
    """Yield the lines of a file with their numbers; bytes that do not decode stand out in them."""
    try:
        yield from enumerate(text, 1)
    except UnicodeError as error:
        raise FileError(
            f"`{file}` is not written in {layout.encoding}: {error}",
            "Name its `encoding` in the mapping.",
        ) from None


def _said(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return error.msg[:1].lower() + error.msg[1:]
    return (
        "it is nested too deeply" if isinstance(error, RecursionError) else "a number is too long"
    )


def _row(
    file: str, line: int, value: Any, strange: list[str], record: int | None = None
) -> Row | Rejected:
    if strange:
        return rejected(file, line, strange[0], "Correct the record.", record=record)
    if not isinstance(value, dict):
        remedy = "Write a record as a table in braces."
        return rejected(file, line, "this is no record", remedy, record=record)
    return Row(line, value, record)


class _Document:
    """A JSON document, read from the front."""

    def __init__(self, text: str, file: str) -> None:
        self._text = text
        self._file = file
        self._decoder = _Decoder()
        self._line, self._counted = 1, 0

    def _line_at(self, at: int) -> int:
        self._line += self._text.count("\n", self._counted, at)
        self._counted = at
        return self._line

    def _skip(self, at: int) -> int:
        found = _SPACE.match(self._text, at)
        return found.end() if found else at

    def _opening(self, at: int) -> str:
        return self._text[at : at + 1]

    def find(self, at: int, keys: list[str]) -> int:
        """Return where the value at a path of keys begins."""
        at = self._skip(at)
        if not keys:
            return at
        if self._opening(at) == "{":
            at = self._skip(at + 1)
            while self._opening(at) == '"':
                key, at = self._value(at)
                at = self._skip(self._skip(at) + 1)
                if key == keys[0]:
                    return self.find(at, keys[1:])
                at = self._skip(self._skip(self._value(at)[1]) + 1)
        raise FileError(
            f"`{self._file}` has no `{keys[0]}` where the mapping looks for its records",
            "Correct `records` in the mapping.",
        )

    def _value(self, at: int) -> tuple[Any, int]:
        try:
            return self._decoder.value(self._text, at)[:2]
        except _CANNOT as error:
            raise FileError(
                f"`{self._file}` is no JSON at line {self._line_at(at)}: {_said(error)}",
                "Correct it there.",
            ) from None

    def rows(self, at: int) -> Iterator[Row | Rejected]:
        """Return the records of the list, or the one record, that begins at ``at``."""
        opening = self._opening(at)
        if opening == "[":
            return self._items(self._skip(at + 1))
        if opening == "{":
            return self._only(at)
        raise FileError(
            f"`{self._file}` holds no list of records at line {self._line_at(at)}",
            "Give a list of records, or name its place as `records` in the mapping.",
        )

    def _only(self, at: int) -> Iterator[Row | Rejected]:
        line = self._line_at(at)
        try:
            value, _, strange = self._decoder.value(self._text, at)
        except _CANNOT as error:
            yield self._rest(line, _said(error))
            return
        yield _row(self._file, line, value, strange)

    def _items(self, at: int) -> Iterator[Row | Rejected]:
        number = 0
        while self._opening(at) != "]":
            number += 1
            line = self._line_at(at)
            try:
                value, end, strange = self._decoder.value(self._text, at)
            except _CANNOT as error:
                yield self._rest(line, _said(error), number)
                return
            yield _row(self._file, line, value, strange, number)
            at = self._skip(end)
            if self._opening(at) == ",":
                at = self._skip(at + 1)
            elif self._opening(at) != "]":
                why = "a comma or the end of the list is missing"
                yield self._rest(self._line_at(at), why, number + 1)
                return

    def _rest(self, line: int, why: str, number: int | None = None) -> Rejected:
        return rejected(
            self._file,
            line,
            f"from here on the file is no JSON: {why}; what follows was not read",
            "Correct it there.",
            record=number,
        )
