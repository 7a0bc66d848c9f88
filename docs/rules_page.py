"""Write ``docs/rules-by-system.md``: each rule of the five systems, and the files that cite it.

Rules of this script:

1. The rules stand in ``docs/rules.toml``, in a few words each.
2. A definition carries a rule that one of its rows cites, any other module one that it names.
3. A test tests a rule that it names. One that spoils every criterion of a sheet, and takes ids from
   the definition, tests what these criteria cite.

Run ``python docs/rules_page.py`` after citations have changed.
"""

# ruff: noqa: INP001 - a script, not a package

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

DOCS: Final = Path(__file__).parent
PAGE: Final = DOCS / "rules-by-system.md"
CODE: Final = DOCS.parent / "src" / "cosell"
TESTS: Final = DOCS.parent / "tests"
SHEETS: Final = ("MK", "PC", "SF", "MS", "QL")

_ID: Final = re.compile(rf"\b(?:{'|'.join(SHEETS)})-\d+\b")
_HEAD: Final = """\
# Rules of the five systems, and where they are kept

Each rule that a system must be able to run has an id.
Whatever carries it cites it, and so do the tests that try it; a search for an id finds all of it.
What goes beyond any single system stands on [a page of its own](rules.md).

This page is written by `python docs/rules_page.py` from `docs/rules.toml` and the citations.
The tests compare it with the files.
"""
_COLUMNS: Final = ("id", "rule", "carried in", "tested in", "left to the host, or owed")


class Kept(NamedTuple):
    """Where rules are kept.

    Attributes:
        carried: Files below ``src/cosell`` that carry each rule, sorted.
        tested: Files below ``tests`` that name it, sorted.
    """

    carried: Mapping[str, list[str]]
    tested: Mapping[str, list[str]]


def read() -> dict[str, Any]:
    """Return what ``docs/rules.toml`` says."""
    return tomllib.loads((DOCS / "rules.toml").read_text("utf-8"))


def kept() -> Kept:
    """Return where each rule is carried and tested."""
    carried, tested = defaultdict(list), defaultdict(list)
    for path in sorted(CODE.glob("**/*")):
        for rule in carried_in(path):
            carried[rule].append(path.relative_to(CODE).as_posix())
    for path in sorted(TESTS.glob("**/test_*.py")):
        name = path.relative_to(TESTS).as_posix()
        for rule in sorted({*_ID.findall(path.read_text("utf-8")), *_spoiled_in(name)}):
            tested[rule].append(name)
    return Kept(carried, tested)


def _spoiled_in(name: str) -> Iterator[str]:
    """Yield the rules whose criteria a test spoils one by one."""
    for sheet, names in read()["spoiled"].items():
        if name in names:
            yield from (rule for rule in _cited_by_criteria() if rule.startswith(f"{sheet}-"))


@cache
def _cited_by_criteria() -> frozenset[str]:
    """Return the rules that criteria of any definition cite."""
    found = (tomllib.loads(path.read_text("utf-8")) for path in CODE.glob("catalog/*.toml"))
    return frozenset(rule for each in found for rule in _cited(each, "criteria"))


def carried_in(path: Path) -> set[str]:
    """Return the rules that a file carries: what rows of a definition cite, what a module names."""
    if path.suffix == ".toml":
        return set(_cited(tomllib.loads(path.read_text("utf-8"))))
    return set(_ID.findall(path.read_text("utf-8"))) if path.suffix == ".py" else set()


def _cited(found: Any, within: str = "") -> Iterator[str]:
    """Yield what the rows of a definition cite, or those alone that stand in lists of one name."""
    if isinstance(found, dict):
        yield from () if within else found.get("cites", ())
        for name, value in found.items():
            yield from _cited(value, "" if name == within else within)
    elif isinstance(found, list):
        for value in found:
            yield from _cited(value, within)


def rules(said: Mapping[str, Any]) -> dict[str, str]:
    """Return every rule with what it says, in order."""
    return {
        f"{sheet}-{number}": text
        for sheet in SHEETS
        for number, text in said[sheet]["rules"].items()
    }


def owed(said: Mapping[str, Any]) -> dict[str, str]:
    """Return the rules that another part of cosell completes, each with that part."""
    return {rule: part for part, named in said["owed"].items() for rule in named}


def page() -> str:
    """Return the page."""
    said, found = read(), kept()
    sections = (_section(sheet, said, found) for sheet in SHEETS)
    return "\n".join([_HEAD, *sections])


def _section(sheet: str, said: Mapping[str, Any], found: Kept) -> str:
    rows = (
        (
            rule,
            text,
            _files(found.carried.get(rule, [])),
            _files(found.tested.get(rule, [])),
            _left(rule, said),
        )
        for rule, text in rules(said).items()
        if rule.startswith(f"{sheet}-")
    )
    lines = (_COLUMNS, ["---"] * len(_COLUMNS), *rows)
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return f"## {sheet}: {said[sheet]['label']}\n\n{table}\n"


def _files(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _left(rule: str, said: Mapping[str, Any]) -> str:
    part = owed(said).get(rule)
    parts = (
        said["host"].get(rule, ""),
        f"owed: {part}" if part else "",
        "open" if rule in said["open"]["rules"] else "",
    )
    return "; ".join(filter(None, parts))


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
