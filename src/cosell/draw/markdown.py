"""Write Markdown: headings, lists and tables whose cells hold anything.

This module does not know what is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

__all__ = ["bullets", "code", "section", "table"]


def code(text: str) -> str:
    """Return a text as code.

    Example:
        >>> code("acv > 5"), code("`done`")
        ('`acv > 5`', '`done`')
    """
    return f"`{text.strip('`')}`"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    r"""Return a table without the columns that no row fills; nothing if there are no rows.

    Example:
        >>> print(table(["name", "help", "rule"], [["a", "", "X-1"], ["b | c", "", ""]]))
        | name | rule |
        | --- | --- |
        | a | X-1 |
        | b \| c |  |
    """
    cells = [[_cell(cell) for cell in row] for row in rows]
    filled = [at for at in range(len(head)) if any(row[at] for row in cells)]
    lines = [list(head), ["---"] * len(head), *cells]
    shown = (" | ".join(line[at] for at in filled) for line in lines)
    return "\n".join(f"| {line} |" for line in shown) if cells else ""


def bullets(lines: Iterable[str]) -> str:
    """Return a list."""
    return "\n".join(f"- {' '.join(line.split())}" for line in lines)


def section(level: int, title: str, *blocks: str) -> str:
    """Return a section with its heading; nothing where all of its blocks are empty."""
    filled = [block for block in blocks if block]
    return "\n\n".join([f"{'#' * level} {title}", *filled]) if filled else ""


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
