"""Each rule of the five systems is carried and tested where its page says, owed, or open."""

from __future__ import annotations

import re
import runpy

import pytest

from sources import ROOT

SCRIPT = runpy.run_path(str(ROOT / "docs" / "rules_page.py"))
SAID, KEPT = SCRIPT["read"](), SCRIPT["kept"]()
RULES, OWED = SCRIPT["rules"](SAID), SCRIPT["owed"](SAID)
OPEN = SAID["open"]["rules"]
#: How many rules each sheet has.
SIZES = {"MK": 50, "PC": 26, "SF": 23, "MS": 48, "QL": 26}
PAGE = (ROOT / "docs" / "rules-by-system.md").read_text("utf-8")
ROWS = {
    cells[0]: cells[1:]
    for line in PAGE.splitlines()
    if re.match(r"\| [A-Z]{2}-\d", line)
    for cells in [[cell.strip() for cell in line.strip("|").split("|")]]
}


def test_every_rule_has_a_row() -> None:
    """The page and its table leave out no rule, and have none that no sheet has."""
    assert list(RULES) == [
        f"{name}-{n}" for name, size in SIZES.items() for n in range(1, size + 1)
    ]
    assert list(ROWS) == list(RULES)
    assert {rule: row[0] for rule, row in ROWS.items()} == RULES


def test_only_rules_are_owed_open_or_left_to_the_host() -> None:
    """No name beside the table is misspelt, and what is owed or left stands in its row."""
    named = {*OWED, *OPEN, *SAID["host"]}

    assert named - set(RULES) == set()
    assert {rule for rule, row in ROWS.items() if row[3]} == named
    for rule, part in OWED.items():
        assert f"owed: {part}" in ROWS[rule][3]


def test_what_is_open_is_named_exactly() -> None:
    """Every rule that nothing carries, or nothing tests, is owed by a part of cosell or is open."""
    lacking = {it for it in RULES if not (KEPT.carried.get(it) and KEPT.tested.get(it))}

    assert lacking - set(OWED) == set(OPEN)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_kept_where_its_page_says(rule: str) -> None:
    """Each file that the page names is there, and cites the rule.

    ``python docs/rules_page.py`` writes the page anew.
    """
    _, carried, tested, _ = ROWS[rule]

    assert set(re.findall(r"`([^`]+)`", carried)) <= set(KEPT.carried.get(rule, []))
    assert set(re.findall(r"`([^`]+)`", tested)) <= set(KEPT.tested.get(rule, []))


def test_a_comment_carries_nothing() -> None:
    """A definition carries what its rows cite, and not what stands in a comment."""
    carried_in = SCRIPT["carried_in"]
    make = ROOT / "src" / "cosell" / "catalog" / "make.toml"

    assert "MK-13" in carried_in(make)
    assert carried_in(ROOT / "pyproject.toml") == set()
    assert carried_in(ROOT / "README.md") == set()


def test_a_rule_that_nothing_cites_is_seen() -> None:
    """The tests above can fail: a rule that no file names is carried and tested nowhere."""
    unknown = "QL-" + "99"

    assert unknown not in KEPT.carried
    assert unknown not in KEPT.tested


def test_what_spoils_every_criterion_says_so() -> None:
    """A file that takes its ids from a definition has a test that no criterion is left out."""
    for names in SAID["spoiled"].values():
        for name in names:
            text = (ROOT / "tests" / name).read_text("utf-8")
            assert re.search(r"def test_every_criterion_\w*has_a_row", text)
