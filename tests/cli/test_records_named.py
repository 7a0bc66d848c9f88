"""A rejected record of a JSON document is named by its number, wherever it is told."""

from __future__ import annotations

import csv
import json

import pytest

from cli_kit import Folder, folder, run

__all__ = ["folder"]

RECORDS = [
    {"id": "d-1", "deal": {"stage": "fresh"}},
    {"id": "d-1", "deal": {"stage": "fresh"}},
    {"deal": {"stage": "nowhere"}},
]
MAP = 'id = "id"\nstage = "deal.stage"\n'
SAID = {
    2: "id: `d-1` stands in record 1 already. Give each deal an id of its own.",
    3: "id: the deal has no id. Give each deal an id of its own.",
}


def reviewed(folder: Folder, *arguments: object) -> tuple[int, str]:
    """Review the records, nested and on one line."""
    deals, mapping = folder.path / "j.json", folder.write("map.toml", MAP)
    deals.write_text(json.dumps(RECORDS, separators=(",", ":")), encoding="utf-8")
    usual = ("--map", mapping, "--process", folder.path / "small.toml", "--at", "2026-11-20")
    code, out, _ = run("review", str(deals), *map(str, usual), *map(str, arguments))
    return code, " ".join(out.split()).replace(f"{folder.path}/", "")


def test_the_report_names_the_record(folder: Folder) -> None:
    """Every record of a file of one line stands on line 1."""
    code, out = reviewed(folder)

    assert code == 1
    for record, said in SAID.items():
        assert f"j.json:1, record {record}: {said}" in out
    assert "j.json:1, record 3: deal.stage: `nowhere` is mapped to no stage." in out


def test_json_names_the_record(folder: Folder) -> None:
    """The number stands beside the line, for a deal as for a rejected record."""
    document = json.loads(reviewed(folder, "--json")[1])

    assert [deal["record"] for deal in document["deals"]] == [1]
    assert [(row["line"], row["record"]) for row in document["rejected"]] == [(1, 2), (1, 3)]


def test_a_table_names_the_record(folder: Folder) -> None:
    """The column of lines says 1 for each; what is wrong says which."""
    out = folder.path / "out.csv"
    reviewed(folder, "--csv", out)

    with out.open(encoding="utf-8-sig", newline="") as file:
        problems = [row["problems"] for row in csv.DictReader(file)]
    assert problems[0] == ""
    assert problems[1].startswith("record 2: id: ")
    assert "; record 3: deal.stage: " in problems[2]


@pytest.mark.parametrize("option", ["--json", "--csv"])
def test_whole_deals_are_named_too(folder: Folder, option: str) -> None:
    """``cosell fees`` names a record that is no deal, and one whose id stood before."""
    deals = folder.write("whole.json", json.dumps([{"id": "d"}, {"id": "d"}, {"name": "x"}]))
    out = folder.path / "fees.csv"
    wanted = [option] if option == "--json" else [option, str(out)]

    code, said, _ = run("fees", str(deals), "--plan", "make_example", *wanted)

    assert code == 1
    if option == "--json":
        rejected = json.loads(said)["rejected"]
        assert [row["record"] for row in rejected] == [2, 3]
        assert rejected[0]["problems"][0]["problem"] == "`d` stands in record 1 already"
    else:
        assert "whole.json:1, record 3: id: it is missing. Give it." in " ".join(said.split())
        assert "record 2: id: `d` stands in record 1 already" in out.read_text("utf-8-sig")
