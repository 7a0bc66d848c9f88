"""Which definitions lie in this package, and the text of each.

Rules:

1. A definition is a file ``name.toml``; every earlier version that was released stays beside it
   as ``name@version.toml``.
2. A file whose name ends in ``_fees`` is a fee plan, any other a process. A plan is called by its
   name without that ending.
3. Files are read as data of the package, wherever it is installed from.

This module does not know what a definition says.
"""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from cosell.errors import UnknownNameError

__all__ = ["SHELF", "Shelf"]

_SUFFIX: Final = ".toml"
_FEES: Final = "_fees"


class Shelf:
    """The definitions in one folder."""

    def __init__(self, folder: Traversable) -> None:
        self._folder = folder

    def names(self, *, fees: bool) -> tuple[str, ...]:
        """Return what can be asked for, sorted: processes, or fee plans."""
        return tuple(sorted(self._files(fees=fees)))

    def text_of(self, name: str, *, fees: bool) -> tuple[str, str]:
        """Return the file name and the text of a definition, as it lies here.

        Raises:
            UnknownNameError: There is none of that name.
        """
        known = self._files(fees=fees)
        if name not in known:
            raise UnknownNameError("fee plan" if fees else "process", name, known)
        return known[name].name, known[name].read_text(encoding="utf-8")

    def _files(self, *, fees: bool) -> dict[str, Traversable]:
        found = {}
        for file in self._folder.iterdir():
            name, at, version = file.name.removesuffix(_SUFFIX).partition("@")
            if file.name.endswith(_SUFFIX) and name.endswith(_FEES) is fees:
                found[name.removesuffix(_FEES) + at + version] = file
        return found


#: What ships with cosell.
SHELF: Final = Shelf(files("cosell.catalog"))
