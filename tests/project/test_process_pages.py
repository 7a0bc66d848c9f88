"""The page of each process says what its definition says."""

from __future__ import annotations

import runpy

import pytest

from cosell import catalog
from cosell.definition import criteria_of
from sources import ROOT

FOLDER = ROOT / "docs" / "processes"
WRITTEN = runpy.run_path(str(ROOT / "docs" / "processes_page.py"))["pages"]()


@pytest.mark.parametrize("name", catalog.names())
def test_the_page_is_what_the_definition_gives(name: str) -> None:
    """Nothing of it is out of date; ``python docs/processes_page.py`` writes all of them anew."""
    assert (FOLDER / f"{name}.md").read_text("utf-8") == WRITTEN[name]


def test_no_page_is_left_of_a_process_that_is_gone() -> None:
    """There is a page for each process that ships, and none beside them."""
    assert sorted(page.stem for page in FOLDER.glob("*.md")) == list(catalog.names())


@pytest.mark.parametrize("name", catalog.names())
def test_a_page_has_every_criterion_and_its_rules(name: str) -> None:
    """Each criterion of each gate is a row, with the rules that it cites."""
    page = (FOLDER / f"{name}.md").read_text("utf-8")
    process = catalog.load(name).process
    for track, line in process.lines.items():
        for gate in line.gates.values():
            for each in criteria_of(process, track, gate.model_copy(update={"approvals": ()})):
                rows = [row for row in page.splitlines() if row.startswith(f"| `{each.id}` |")]
                assert any(row.endswith(f"| {', '.join(each.cites)} |") for row in rows), each.id


def test_a_changed_definition_changes_its_page() -> None:
    """The test above can fail: what a definition says otherwise, its page says otherwise."""
    page = runpy.run_path(str(ROOT / "docs" / "processes_page.py"))["page_of"]
    process = catalog.load("qualification").process
    other = process.model_copy(update={"parameters": {**process.parameters, "reschedules_most": 3}})

    assert page(other) != page(process)
