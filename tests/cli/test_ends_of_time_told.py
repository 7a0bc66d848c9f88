"""A cell at an end of time rejects its row, and the others are done."""

from __future__ import annotations

import json

import pytest

from cli_kit import MAP, Folder, deal, folder, problems

__all__ = ["folder"]  # a fixture

MOMENTS = f'{MAP}won_at = "won"\n'
OUTSIDE = (
    "9999-12-31T23:59:59Z",
    "9999-12-30T00:00:00Z",
    "9999-12-29T23:59:59-01:00",
    "9999-12-31",
    "9999-12-31 08:00",
    "0001-01-02T23:59:59Z",
    "0001-01-01T00:00:00+14:00",
    "0001-01-01",
)
INSIDE = ("9999-12-29T23:59:59Z", "9999-12-29", "0001-01-03T00:00:00Z", "0001-01-04")


@pytest.mark.parametrize("cell", OUTSIDE)
@pytest.mark.parametrize("column", ["since", "won"])
def test_a_moment_outside_rejects_its_column(column: str, cell: str) -> None:
    """The problem names the cell, whichever column of moments it stands in."""
    found = problems(MOMENTS, **{column: cell})

    assert list(found) == [column]
    assert found[column].endswith("lies at an end of time")


@pytest.mark.parametrize("cell", INSIDE)
def test_a_moment_inside_is_read(cell: str) -> None:
    """Up to the ends a moment is one."""
    assert deal(MOMENTS, won=cell).record.won_at is not None


@pytest.mark.parametrize("command", ["review", "due", "explain", "fees"])
@pytest.mark.parametrize("cell", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00"])
@pytest.mark.parametrize("form", [[], ["--json"]], ids=["page", "json"])
def test_every_command_rejects_the_row(
    folder: Folder, command: str, cell: str, form: list[str]
) -> None:
    """No command stumbles over it; JSON is whole, and says so too."""
    deals = f"id,stage,since,value,customer\nd-1,fresh,{cell},1,A\nd-2,fresh,,1,B\n"
    folder.write("deals.csv", deals)
    options = {"explain": ["--id", "d-1"], "fees": ["--plan", "make_example"]}.get(command, [])

    code, out, err = folder.run(*form, *options, command=command)

    assert code == 1
    assert "lies at an end of time" in out + err
    if form and command != "explain":  # which tells of one deal, and there is none
        assert json.loads(out)
