"""A definition as a tree in which every value knows the file and line where it stands.

Trees are made to be merged: a value that comes from a base keeps the place it has there.

This module does not know what a definition means.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cosell.definition.text import Path, Source, spelled_out

__all__ = ["Node", "grown", "source_of", "text_at"]


@dataclass(slots=True, eq=False)
class Node:
    """One value of a definition, and where it stands.

    Attributes:
        value: A table or a list of nodes, or a single value.
        file: Name of the file it stands in.
        line: One-based line in that file, where it is known.
        gone: Whether it was removed; what is written in its place replaces it as a whole.
    """

    value: Any
    file: str | None
    line: int | None
    gone: bool = False

    @property
    def table(self) -> dict[str, Node] | None:
        """The node as a table; ``None`` if it is none."""
        return self.value if isinstance(self.value, dict) else None

    @property
    def rows(self) -> list[Node] | None:
        """The node as a list; ``None`` if it is none."""
        return self.value if isinstance(self.value, list) else None


def grown(source: Source) -> Node:
    """Return what was read as a tree."""
    return _grown(source.content, source, ())


def _grown(value: Any, source: Source, path: Path) -> Node:
    if isinstance(value, dict):
        value = {key: _grown(item, source, (*path, key)) for key, item in value.items()}
    elif isinstance(value, list):
        value = [_grown(item, source, (*path, index)) for index, item in enumerate(value)]
    return Node(value, source.file_of(path), source.line_of(path))


def source_of(root: Node) -> Source:
    """Return a tree as what was read, without what was removed; each part keeps its place."""
    lines: dict[Path, int] = {}
    files: dict[Path, str | None] = {}
    content = _plain(root, (), lines, files)
    return Source(
        content=content,
        file=root.file,
        lines=lines | spelled_out(lines),
        files=files | spelled_out(files),
    )


def _plain(node: Node, path: Path, lines: dict[Path, int], files: dict[Path, str | None]) -> Any:
    files[path] = node.file
    if node.line is not None:
        lines[path] = node.line
    if node.table is not None:
        left = {key: item for key, item in node.table.items() if not item.gone}
        return {key: _plain(item, (*path, key), lines, files) for key, item in left.items()}
    if node.rows is not None:
        rows = [item for item in node.rows if not item.gone]
        return [_plain(item, (*path, index), lines, files) for index, item in enumerate(rows)]
    return node.value


def text_at(row: Node, key: str) -> str | None:
    """Return the text that a table has under ``key``, if it has one."""
    found = (row.table or {}).get(key)
    return found.value if found is not None and isinstance(found.value, str) else None


def texts_at(row: Node, key: str) -> Iterator[str]:
    """Yield the texts that a table has under ``key``: one, or a list of them."""
    found = (row.table or {}).get(key)
    items = [] if found is None else found.rows or [found]
    yield from (item.value for item in items if isinstance(item.value, str))
