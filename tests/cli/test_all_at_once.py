"""A row tells all that is wrong with it at once, and a mapping for another file says so."""

from __future__ import annotations

import pytest

from cli_kit import MAP, Folder, folder, reader
from cosell.cli.row import Rejected, Row
from cosell.errors import Problem

__all__ = ["folder"]  # a fixture

HEADER = "id,stage,since,value,customer\n"
FIELDS = (
    "industry",
    "employees",
    "icp_reason",
    "matches_icp",
    "matches_persona",
    "has_paid_plan",
)
SHORT = "the row is too short"


def rejected(folder: Folder, deals: bytes) -> str:
    """Return what is said of a file of deals, on one line."""
    folder.write("deals.csv", HEADER.encode() + deals)
    _, out, err = folder.run()
    return " ".join((out + err).split())


@pytest.mark.parametrize(
    ("row", "said", "unsaid"),
    [
        pytest.param(b"d-9,nowhere,2026-11-31", ["`nowhere`", "no such day"], [], id="two cells"),
        pytest.param(b"d-1,fresh", ["stands on line 2 already"], ["names no"], id="duplicate"),
        pytest.param(b"d-9", [], ["names no stage"], id="a cell that is not there is not missing"),
        pytest.param(b",fresh", ["has no id"], [], id="an empty cell is missing"),
    ],
)
def test_a_short_row(folder: Folder, row: bytes, said: list[str], unsaid: list[str]) -> None:
    """It tells that it is short, and what is wrong in the cells that it has."""
    found = rejected(folder, b"d-1,fresh,,1,A\n" + row + b"\n")

    assert all(text in found for text in [SHORT, *said])
    assert not any(text in found for text in unsaid)


def test_a_cell_that_does_not_decode(folder: Folder) -> None:
    """The other cells of its row are examined, and it is told once."""
    found = rejected(folder, b"d-1,nowhere,,x,Pr\xf9m\n")

    assert found.count("does not decode") == 1
    assert "`nowhere`" in found
    assert "`x` is no number" in found


def test_a_row_that_is_too_long_tells_that_alone(folder: Folder) -> None:
    """Where a cell is too many nobody knows which cell is which."""
    found = rejected(folder, b"d-1,nowhere,2026-11-31,x,A,b\n")

    assert "too long" in found
    assert "nowhere" not in found


def test_a_rejected_row_keeps_no_id() -> None:
    """A later row of the same id is the first, and the rejected one is named by its id."""
    deals = reader(MAP)
    found = deals.examine(
        Rejected(
            2, (Problem("x", "it is wrong", "Correct it."),), cells={"id": "d-1", "stage": "fresh"}
        )
    )

    assert found.id == "d-1"
    assert not isinstance(deals.read(Row(3, {"id": "d-1", "stage": "fresh"})), Rejected)


def another(folder: Folder, header: str) -> str:
    """Return what is said where the file has this header, on one line."""
    folder.write("deals.csv", f"{header}\n")
    code, _, err = folder.run()
    assert code == 2
    return " ".join(err.split())


def test_a_mapping_for_another_file(folder: Folder) -> None:
    """One line says so, with the first columns of the file."""
    found = another(folder, ",".join(f"c{number}" for number in range(9)))

    assert "has none of the 5 columns that the mapping names" in found
    assert (
        "This one has the columns `c0`, `c1`, `c2`, `c3`, `c4`, `c5`, `c6`, `c7` and 1 more"
        in found
    )
    assert "has no column" not in found


def test_one_column_of_many(folder: Folder) -> None:
    """Nearly none is told as none is."""
    columns = [f'customer.{name} = "{name}"' for name in FIELDS]
    folder.write("map.toml", "\n".join([MAP, *columns]))
    assert "has 1 of the 11 columns" in another(folder, "id,other")


def test_some_columns_are_named_one_by_one(folder: Folder) -> None:
    """Where more are there, each that is missing is named with the nearest."""
    found = another(folder, "id,stage,sinc,valu,x")
    assert "has no column `value`. Did you mean `valu`?" in found
    assert "columns that the mapping names" not in found
