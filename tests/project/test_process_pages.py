"""The page of each process says what its definition says."""

from __future__ import annotations

import runpy

import pytest

from cosell import catalog
from sources import ROOT

FOLDER = ROOT / "docs" / "processes"
#: Pages that are compared; the others are written when their definitions are settled.
NAMES = ["qualification"]


@pytest.mark.parametrize("name", NAMES)
def test_the_page_is_what_the_definition_gives(name: str) -> None:
    """Nothing of it is out of date; ``python docs/processes_page.py`` writes all of them anew."""
    written = runpy.run_path(str(ROOT / "docs" / "processes_page.py"))["pages"]()

    assert (FOLDER / f"{name}.md").read_text("utf-8") == written[name]


def test_a_changed_definition_changes_its_page() -> None:
    """The test above can fail: what a definition says otherwise, its page says otherwise."""
    page = runpy.run_path(str(ROOT / "docs" / "processes_page.py"))["page_of"]
    process = catalog.load("qualification").process
    other = process.model_copy(update={"parameters": {**process.parameters, "reschedules_most": 3}})

    assert page(other) != page(process)
