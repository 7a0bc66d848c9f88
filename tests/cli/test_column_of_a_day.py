"""A deal whose date lies outside a calendar is rejected with the column of that date."""

from __future__ import annotations

import pytest

from cli_kit import MAP, Folder, folder

__all__ = ["folder"]  # a fixture


@pytest.mark.parametrize(
    ("mapping", "row", "column"),
    [
        pytest.param(MAP, "d-1,asked,1850-03-04,", "since: ", id="since when it stands there"),
        pytest.param(
            f'{MAP}won_at = "won"\n',
            "d-1,asked,1850-03-04,2026-01-05",
            "since: ",
            id="not another date",
        ),
        pytest.param(
            MAP.replace('"since"', '["never", "since"]'),
            "d-1,asked,1850-03-04,",
            "since: ",
            id="the one of several that is filled",
        ),
    ],
)
def test_the_column_of_the_date_is_named(
    folder: Folder, mapping: str, row: str, column: str
) -> None:
    """The calendar says which day it does not know, and the row where it stands."""
    folder.write("map.toml", mapping)
    folder.write("deals.csv", f"id,stage,since,won,never,value,customer\n{row},,1,A\n")

    code, out, _ = folder.run()

    said = " ".join(out.split())
    assert code == 1
    assert f"deals.csv:2: {column}calendar `office`" in said.replace(" :", ":")
    assert "1850-03-04 is needed by clock" in said


@pytest.mark.parametrize("closed", ["", "2026-11-05"], ids=["no date", "another date"])
def test_a_day_that_no_cell_holds_names_no_column(folder: Folder, closed: str) -> None:
    """The moment of the review is in no cell, and no cell is to blame."""
    folder.write("map.toml", f'{MAP}closed_at = "closed"\n')
    folder.write("deals.csv", f"id,stage,since,closed,value,customer\nd-1,asked,,{closed},1,A\n")

    code, out, _ = folder.run("--at", "9998-11-20")

    assert code == 1
    assert "deals.csv:2: calendar `office`" in " ".join(out.split())


def test_without_a_column_for_since(folder: Folder) -> None:
    """The fields of the deal are looked at alone."""
    folder.write("map.toml", MAP.replace('since = "since"', ""))
    folder.write("deals.csv", "id,stage,value,customer\nd-1,asked,1,A\n")

    assert "deals.csv:2: calendar `office`" in " ".join(folder.run("--at", "9998-11-20")[1].split())
