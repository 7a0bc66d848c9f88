"""A table of data may hold moments past the year 9999: their rows are rejected, not the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from cosell.cli.row import Layout, Rejected, Row
from cosell.cli.rows import open_rows
from extras import needs_extra

needs_extra("parquet", "pyarrow")

#: 9999-12-31T23:59:59Z in microseconds since 1970.
LAST = 253_402_300_799_000_000


@pytest.mark.parametrize("past", [0, 1], ids=["the first row", "the second row"])
def test_a_moment_past_the_end_rejects_its_row(tmp_path: Path, past: int) -> None:
    """The problem names the column, the other cells are kept, and the other row is read."""
    import pyarrow as pa
    from pyarrow.parquet import write_table

    moments = [LAST, LAST]
    moments[past] += 1_000_000
    columns = {"id": ["a", "b"], "won": pa.array(moments, pa.timestamp("us"))}
    write_table(pa.table(columns), tmp_path / "deals.parquet")

    with open_rows(tmp_path / "deals.parquet", Layout()) as found:
        rows = list(found.rows)

    [broken] = [row for row in rows if isinstance(row, Rejected)]
    [whole] = [row for row in rows if isinstance(row, Row)]
    assert (broken.line, dict(broken.cells)) == (past + 1, {"id": "ab"[past]})
    assert [problem.path for problem in broken.problems] == ["won"]
    assert (whole.line, whole.cells["id"]) == (2 - past, "ab"[1 - past])
