"""Write ``docs/processes/ID.md`` for each process that ships, from its definition.

Run ``python docs/processes_page.py`` after a definition has changed.
"""

# ruff: noqa: INP001 - a script, not a package

from __future__ import annotations

from pathlib import Path
from typing import Final

from cosell import catalog
from cosell.draw import page_of

FOLDER: Final = Path(__file__).with_name("processes")

_NOTE: Final = """\
This page is written by `python docs/processes_page.py`, and the tests compare it with the process.
`cosell show {id}` says the same in a terminal; `cosell show {id} --toml` is the definition itself.
The ids behind the rows are those of the [rules](../rules.md).
"""


def pages() -> dict[str, str]:
    """Return the page of each process that ships, by its name."""
    return {name: _page(name) for name in catalog.names()}


def _page(name: str) -> str:
    process = catalog.load(name).process
    title, _, rest = page_of(process).partition("\n")
    return f"{title}\n\n{_NOTE.format(id=name)}{rest}"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for stale in FOLDER.glob("*.md"):
        stale.unlink()
    for name, page in pages().items():
        (FOLDER / f"{name}.md").write_text(page, "utf-8")
