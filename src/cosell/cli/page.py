"""Write lines to a terminal or a pipe: wrapped to its width, coloured where that is wanted.

Rules:

1. Text of a file is shown as text: control characters are written out, so that no cell can move
   the cursor, colour the screen or ring the bell.
2. Colours are used on a terminal only, and not where ``NO_COLOR`` is set. Nothing is said by
   colour alone.
3. Where the output cannot show a sign, a plain one stands for it.

This module does not know what is written.
"""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Iterable, Sequence
from typing import Any, Final, NoReturn

from rich.console import Console

__all__ = ["BROKEN_PIPE", "Page", "printable", "silence_output"]

#: What a program ends with whose reader has gone away, as shells have it.
BROKEN_PIPE: Final = 141
_LEAST_WIDTH: Final = 40
_MOST_WIDTH: Final = 120
_PLAIN: Final = str.maketrans(
    {"→": "->", "·": "-", "✓": "+", "✗": "x", "…": "...", "●": "*", "—": "-"}
)


def silence_output() -> None:
    """Send what is still to be written nowhere: it would fail again when the program ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Console(Console):
    def on_broken_pipe(self) -> NoReturn:
        """End quietly when the reader has gone away."""
        silence_output()
        raise SystemExit(BROKEN_PIPE)


def printable(text: str) -> str:
    r"""Return ``text`` with what cannot be printed written out.

    Example:
        >>> printable("a\x1b[2Jb")
        'a\\x1b[2Jb'
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


class Page:
    """Where a report is written to."""

    def __init__(self, **settings: Any) -> None:
        self.console = _Console(highlight=False, markup=False, emoji=False, **settings)
        self.width = max(_LEAST_WIDTH, min(self.console.width, _MOST_WIDTH))
        self._plain = not self.console.encoding.startswith("utf")

    def line(
        self, text: str = "", *, mark: str = "", indent: int = 0, style: str | None = None
    ) -> None:
        """Write one paragraph; what does not fit goes on below its beginning.

        Args:
            text: What to write.
            mark: A sign before it, under which nothing else stands.
            indent: How far it stands in.
            style: Its colour.
        """
        first = self._shown(" " * indent + (f"{mark} " if mark else ""))
        lines = textwrap.wrap(
            self._shown(printable(text)),
            width=self.width,
            initial_indent=first,
            subsequent_indent=" " * len(first),
            break_on_hyphens=False,
        )
        for each in lines or [first.rstrip()]:
            self.raw(each, style=style)

    def raw(self, text: str, *, style: str | None = None) -> None:
        """Write one line as it is."""
        self.console.out(self._shown(text), style=style, highlight=False)

    def _shown(self, text: str) -> str:
        return text.translate(_PLAIN) if self._plain else text

    def heading(self, text: str) -> None:
        """Write a heading, with an empty line before it."""
        self.raw("")
        self.line(text, style="bold")

    def table(self, rows: Iterable[Sequence[str]], *, right: Sequence[int] = ()) -> None:
        """Write rows with their cells below each other; the last cell of a row may wrap.

        Args:
            rows: Rows of one length.
            right: Numbers of the cells that stand to the right.
        """
        kept = [[printable(cell) for cell in row] for row in rows]
        if not kept:
            return
        widths = [max(len(row[at]) for row in kept) for at in range(len(kept[0]))]
        for row in kept:
            cells = [
                cell.rjust(widths[at]) if at in right else cell.ljust(widths[at])
                for at, cell in enumerate(row[:-1])
            ]
            self.line(row[-1], mark="  ".join(cells) + " ", indent=2)
