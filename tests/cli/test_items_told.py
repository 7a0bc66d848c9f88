"""A review tells of the items of a list by their names: what is due, what may be done."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli_kit import Folder, run
from cosell.cli.targets import Kind, find_target
from cosell.errors import CosellError
from paper_samples import PAPERS, papers

MAP = """
id = "id"
currency = "USD"
zone = "Europe/Prague"

[stage]
column = "stage"
since = "since"

[columns]
name = "name"
"paper_items[].id" = { column = "papers", split = "," }
"paper_items[].stage" = { column = "stages", split = "," }
"paper_items[].owner" = { column = "owners", split = "," }
"""
DEALS = """\
id,stage,since,name,papers,stages,owners
o-1,closing,2026-11-09,Acme,"nda,msa","sent,not_started","ada,ada"
o-2,closing,2026-11-09,Beta,"nda,nda","sent,sent","ada,ada"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Return a folder with the process of papers, a mapping and two deals."""
    made = Folder(tmp_path)
    made.write("small.toml", PAPERS)
    made.write("map.toml", MAP)
    made.write("deals.csv", DEALS)
    return made


def test_moves_are_told_item_by_item(folder: Folder) -> None:
    """Each move has the name of its item; a deal with two items of one name is rejected."""
    code, out, _ = folder.run()
    said = " ".join(out.split())

    assert code == 1
    assert "✓ drop nda → dropped (Seller)" in said
    assert "Papers msa (Send it: open)" in said
    assert ":3: papers: `paper_items` has an item `nda` already." in said


def test_totals_count_a_move_once_for_a_deal(folder: Folder) -> None:
    """Whatever number of its items may take it."""
    folder.write("deals.csv", DEALS.replace('"nda,nda"', '"nda,msa"'))
    code, out, _ = folder.run()
    said = " ".join(out.split())

    assert code == 0
    assert "2 deals drop" in said


def test_json_has_triggers_and_tracks_of_items(folder: Folder) -> None:
    """The names are those that the engine takes."""
    _, out, _ = folder.run("--json")
    (deal,) = json.loads(out)["deals"]
    triggers = {each["trigger"]: each["track"] for each in deal["moves"]}

    assert triggers["paper_items[nda].sign"] == "paper_items[nda]"
    assert triggers["paper_items[msa].send"] == "paper_items[msa]"


def test_what_is_due_has_the_item_in_its_name(folder: Folder) -> None:
    """A promise of one item is told apart from that of another."""
    more = MAP + '"paper_items[].sent_at" = { column = "sent", split = "," }\n'
    folder.write("map.toml", more)
    folder.write(
        "deals.csv",
        "id,stage,since,name,papers,stages,owners,sent\n"
        'o-1,closing,2026-11-09,Acme,"nda,msa","sent,sent","ada,ada",'
        '"2026-11-19,2026-11-20T08:00"\n',
    )
    _, out, _ = folder.run(command="due")

    assert "paper_items[nda].prepared" in " ".join(out.split())
    assert "paper_items[msa].prepared" in " ".join(out.split())


def test_a_process_with_items_is_shown(folder: Folder) -> None:
    """The track of a list is shown as any track."""
    code, out, _ = run("show", str(folder.path / "small.toml"))

    assert code == 0
    assert "Papers" in out


@pytest.mark.parametrize("path", ["paper_items[].stage", "paper_items[0].stage"])
def test_the_stage_of_an_item_is_one_of_its_track(path: str) -> None:
    """A column gives one of the stages, for one item or for as many as there are."""
    found = find_target(path, papers())

    assert (found.kind, found.choices) == (
        Kind.CHOICE,
        ("not_started", "sent", "signed", "dropped"),
    )
    with pytest.raises(CosellError, match="goes through a list"):
        find_target("paper_items.stage", papers())
