"""One JSON document, written as a stream: what is many stands in lists, a thing a line.

Text that is not ASCII is escaped, so that output is the same on every machine.

This module does not know what is written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, TextIO

__all__ = ["JsonStream"]


class JsonStream:
    """A document that begins with some values, goes on with lists, and ends with other values.

    Args:
        out: Where to.
        head: What it begins with.
        first: The name of the first list.
    """

    def __init__(self, out: TextIO, head: Mapping[str, Any], first: str) -> None:
        self._out = out
        self._before = "\n"
        out.write(f'{json.dumps(head)[:-1]}, "{first}": [')

    def add(self, text: str) -> None:
        """Write a thing, as JSON, to the list."""
        self._out.write(f"{self._before}{text}")
        self._before = ",\n"

    def list(self, name: str, texts: Iterable[str]) -> None:
        """End the list that is open, and write another one."""
        self._out.write(f'\n], "{name}": [')
        self._before = "\n"
        for text in texts:
            self.add(text)

    def close(self, rest: Mapping[str, Any] = MappingProxyType({})) -> None:
        """End the list that is open, and write the rest of the document."""
        end = f", {json.dumps(dict(rest))[1:]}" if rest else "}"
        self._out.write(f"\n]{end}\n")
        self._out.flush()
