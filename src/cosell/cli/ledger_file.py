"""A ledger in a file: an entry a line, as JSON Lines.

Rules:

1. A ledger is read whole or not at all: with an entry missing, a fee could be paid twice. All its
   problems are said at once; of a file without any entry, that it is none.
2. An entry that stands in it twice, word for word, counts once, as two runs at once may leave it.
   Two entries of one id that differ are refused.
3. Entries are only ever added. A file that holds some is never overwritten.
4. Where the new entries cannot all be written, none of them is.

This module does not know what brings an entry about.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, Final

from cosell._base import validated
from cosell.cli.pile import Pile
from cosell.cli.row import FileError, Layout, Rejected
from cosell.cli.rows import open_rows
from cosell.cli.scratch import SeenIds
from cosell.errors import InvalidDataError, Problem
from cosell.events import Entry

__all__ = ["append_ledger", "create_ledger", "new_pile", "read_ledger", "refuse_to_overwrite"]

_ENDS: Final = frozenset({".jsonl", ".ndjson"})


def new_pile() -> Pile[Entry]:
    """Return a pile for entries, which are looked up by deal and by payee."""
    return Pile(Entry, "record_id", "payee")


def read_ledger(path: Path) -> Pile[Entry]:
    """Return the entries of a ledger, in the order in which they were written.

    Raises:
        FileError: It cannot be opened, or is not named as a ledger is.
        InvalidDataError: Lines are no entries; all of them are named.
    """
    _require_lines(path)
    found, ids = new_pile(), SeenIds()
    problems: list[Problem] = []
    with open_rows(path, Layout()) as rows:
        for row in rows.rows:
            if isinstance(row, Rejected):
                problems += row.problems
                continue
            try:
                entry = validated(Entry, row.cells, "entry")
            except InvalidDataError as error:
                problems += [_placed(each, path, row.line) for each in error.problems]
                continue
            if ids.line_of(entry.id) is None:
                ids.add(entry.id, row.line)
                found.add([entry])
            elif entry not in found.having("record_id", entry.record_id):
                said = Problem("id", f"`{entry.id}` stands there already, and says otherwise", _ONE)
                problems.append(_placed(said, path, row.line))
    if problems and not found and len({problem.line for problem in problems}) > 1:
        raise FileError(
            f"`{path}` is no ledger: none of its lines is an entry",
            "Give a file that `cosell fees --ledger` wrote.",
        )
    if problems:
        raise InvalidDataError(f"`{path}`", problems)
    return found


_ONE: Final = "Keep the one that was written first."


def _placed(problem: Problem, path: Path, line: int) -> Problem:
    return Problem(problem.path, problem.problem, problem.remedy, file=str(path), line=line)


def _require_lines(path: Path) -> None:
    if path.suffix.casefold() not in _ENDS:
        raise FileError(f"`{path}` is not named as a ledger is", "Name it .jsonl: an entry a line.")


def refuse_to_overwrite(path: Path) -> None:
    """Raise where a ledger that is to be made holds entries already, or could not be read again.

    Raises:
        FileError: It does.
    """
    _require_lines(path)
    if path.exists() and path.stat().st_size:
        raise FileError(
            f"`{path}` holds entries already, and a ledger is never overwritten",
            f"Name another file, or add to this one: --since {path} --ledger {path}",
        )


def create_ledger(path: Path, entries: Iterable[Entry]) -> None:
    """Write entries to a file of their own.

    Raises:
        FileError: It cannot be written, or holds entries already.
    """
    refuse_to_overwrite(path)
    append_ledger(path, entries)


def append_ledger(path: Path, entries: Iterable[Entry]) -> None:
    """Add entries to a ledger: all of them, or none.

    Raises:
        FileError: It cannot be written.
    """
    try:
        with path.open("ab+") as file:
            before = file.seek(0, os.SEEK_END)
            try:
                file.write(_break_at(file, before))
                file.writelines(_line(entry) for entry in entries)
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                file.truncate(before)
                raise
    except OSError as error:
        raise FileError(
            f"`{path}` cannot be written: {error.strerror}",
            "Name a file in a folder that you may write to, with room on its disk.",
        ) from None


def _line(entry: Entry) -> bytes:
    return f"{entry.model_dump_json(exclude_none=True)}\n".encode()


def _break_at(file: BinaryIO, end: int) -> bytes:
    """Return the line break that the last line of a file lacks, if it does."""
    if end == 0:
        return b""
    file.seek(end - 1)
    return b"" if file.read(1) == b"\n" else b"\n"
