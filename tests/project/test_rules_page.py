"""Each rule that goes beyond one program is carried and tested where its page says, or owed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sources import ROOT

PAGE = (ROOT / "docs" / "rules.md").read_text("utf-8")
#: Every rule of the sheet, by its number.
NUMBERS = [*range(1, 11), *range(20, 33), *range(40, 48)]
#: What is not carried yet, and where it will be.
OWED = {"BX-46": "personal data"}

ROWS = {
    cells[0]: cells[1:]
    for line in PAGE.splitlines()
    if line.startswith("| BX-")
    for cells in [[cell.strip() for cell in line.strip("|").split("|")]]
}
CARRIED = [rule for rule in ROWS if rule not in OWED]


def cited_in(rule: str, files: str, folder: Path) -> dict[str, bool]:
    """Return for each file of a cell whether it is there and cites the rule."""
    names = re.findall(r"`([^`]+)`", files)
    word = re.compile(rf"\b{rule}\b")
    return {
        name: (folder / name).is_file() and bool(word.search((folder / name).read_text("utf-8")))
        for name in names
    }


def test_every_rule_has_a_row() -> None:
    """The page leaves out no rule, and has none that the sheet does not."""
    assert list(ROWS) == [f"BX-{number}" for number in NUMBERS]


def test_what_is_owed_is_named() -> None:
    """A rule without code says which part of cosell owes it, and none is owed beside these."""
    owed = {
        rule: cells[1].removeprefix("owed: ")
        for rule, cells in ROWS.items()
        if cells[1].startswith("owed: ")
    }

    assert owed == OWED


@pytest.mark.parametrize("rule", CARRIED)
def test_a_rule_is_carried_and_tested(rule: str) -> None:
    """Each module and each test that the page names is there, and cites the rule."""
    _, carried, tested = ROWS[rule]
    code = cited_in(rule, carried, ROOT / "src" / "cosell")
    tests = cited_in(rule, tested, ROOT / "tests")

    assert code
    assert tests
    assert [name for name, cites in (code | tests).items() if not cites] == []


def test_a_rule_that_nothing_cites_is_seen() -> None:
    """The test above can fail: a file without the rule, or no file at all, is no evidence."""
    files = "`money.py`, `nowhere.py`"

    assert cited_in("BX-47", files, ROOT / "src" / "cosell") == {
        "money.py": False,
        "nowhere.py": False,
    }
