"""The same table gives the same deals, whatever kind of file it is in."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli_kit import bound, reader, run
from cosell.cli.deals import Deal
from cosell.cli.row import Layout, Row
from cosell.cli.rows import open_rows
from extras import needs_extra
from fee_samples import tiny_text

needs_extra("excel", "openpyxl")
needs_extra("parquet", "pyarrow")

AWARE = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
MIDNIGHT = AWARE.replace(tzinfo=None)

Table = Sequence[dict[str, Any]]


def _text(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat(sep=" ") if isinstance(value, dt.datetime) else value


def write_csv(path: Path, rows: Table) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows({name: _text(value) for name, value in row.items()} for row in rows)


def _as_json(row: dict[str, Any]) -> str:
    numbers = {name: value for name, value in row.items() if isinstance(value, Decimal)}
    texts = {name: _text(value) for name, value in row.items() if not isinstance(value, bool)}
    written = json.dumps(row | texts | dict.fromkeys(numbers, "*"), default=str)
    for number in numbers.values():
        written = written.replace('"*"', str(number), 1)
    return written


def write_json(path: Path, rows: Table) -> None:
    path.write_text(f"[{','.join(map(_as_json, rows))}]", encoding="utf-8")


def write_jsonl(path: Path, rows: Table) -> None:
    path.write_text("\n".join(map(_as_json, rows)), encoding="utf-8")


def write_excel(path: Path, rows: Table) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(list(rows[0]))
    for row in rows:
        book.active.append(list(row.values()))
    book.save(path)


def _as_moment(value: dt.date | None) -> dt.datetime | None:
    """Return what a column of moments holds of a day: its midnight."""
    if value is None or isinstance(value, dt.datetime):
        return value
    return dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001 - as tables of data write days


def write_parquet(path: Path, rows: Table) -> None:
    import pyarrow as pa
    from pyarrow.parquet import write_table

    kinds = {
        "value": pa.decimal128(18, 2),
        "staff": pa.float64(),  # as tables of data keep whole numbers with gaps
        "new": pa.bool_(),
        "since": pa.timestamp("us"),
    }
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    columns["since"] = list(map(_as_moment, columns["since"]))
    columns["staff"] = [None if it is None else float(it) for it in columns["staff"]]
    arrays = [pa.array(columns[name], kinds.get(name, pa.string())) for name in columns]
    write_table(pa.table(arrays, names=list(columns)), path)


WRITERS: dict[str, Callable[[Path, Table], None]] = {
    "csv": write_csv,
    "json": write_json,
    "jsonl": write_jsonl,
    "xlsx": write_excel,
    "parquet": write_parquet,
}

MAP = """
id = "id"
stage = { column = "stage", since = "since" }
currency = "USD"
zone = "Europe/Prague"

[columns]
name = "name"
acv = "value"
customer.employees = "staff"
customer.has_paid_plan = "new"
accepted_at = "since"
expected_close_on = "since"
"""

BOUND = bound()
DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2026, 11, 19))
HOURS = st.builds(
    dt.datetime.combine,
    DAYS,
    st.just(dt.time(0)) | st.times().map(lambda it: it.replace(microsecond=0)),
)
NAMES = st.text("Añ 9-'&", min_size=1).map(str.strip).filter(lambda it: it[:1].isalpha())
COLUMNS = ("name", "stage", "since", "value", "staff", "new")
ROWS = st.fixed_dictionaries(
    {
        "name": st.none() | NAMES,
        "stage": st.sampled_from(("fresh", "asked")),
        "since": st.none() | DAYS | HOURS,
        "value": st.none() | st.decimals(0, 10**9, places=2),
        "staff": st.none() | st.integers(1, 10**6),
        "new": st.none() | st.booleans(),
    }
)


def deals_in(path: Path, mapping: str = MAP) -> list[Deal]:
    read, found = reader(mapping, to=BOUND), []
    with open_rows(path, Layout()) as rows:
        for row in rows.rows:
            assert isinstance(row, Row)
            deal = read.read(row)
            assert isinstance(deal, Deal), deal
            found.append(deal)
    return found


@given(rows=st.lists(ROWS, min_size=1, max_size=4))
def test_one_table_gives_the_same_deals_in_every_kind_of_file(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]]
) -> None:
    """Days, moments, amounts, counts, truths and gaps are read alike in every kind of file."""
    folder = tmp_path_factory.mktemp("same")
    table = [
        {"id": f"d-{number}"} | {name: row[name] for name in COLUMNS}
        for number, row in enumerate(rows)
    ]
    found = {}
    for kind, write in WRITERS.items():
        path = folder / f"deals.{kind}"
        write(path, table)
        found[kind] = [(deal.record, deal.since) for deal in deals_in(path)]

    for kind in WRITERS:
        assert found[kind] == found["csv"], kind


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize(
    ("since", "expected"),
    [
        pytest.param(dt.date(2026, 7, 1), "2026-07-01T12:00:00+02:00", id="a day is noon"),
        pytest.param(MIDNIGHT, "2026-07-01T12:00:00+02:00", id="midnight is a day"),
        pytest.param(
            MIDNIGHT.replace(minute=30),
            "2026-07-01T00:30:00+02:00",
            id="a minute later is a moment",
        ),
    ],
)
def test_what_a_date_means(tmp_path: Path, kind: str, since: dt.date, expected: str) -> None:
    """Rules 2 and 3 of ``cosell.cli.moments``."""
    path = tmp_path / f"deals.{kind}"
    row = {"id": "d", "name": "a", "stage": "fresh", "since": since, "value": None}
    WRITERS[kind](path, [row | {"staff": None, "new": None}])

    (deal,) = deals_in(path)

    assert deal.since is not None
    assert deal.since.isoformat() == expected


def test_midnight_with_a_zone_is_midnight(tmp_path: Path) -> None:
    """Who says a zone says an hour, in text and in Parquet alike."""
    import pyarrow as pa
    from pyarrow.parquet import write_table

    write_table(pa.table({"id": ["d"], "since": [AWARE]}), tmp_path / "d.parquet")
    (tmp_path / "d.csv").write_text(f"id,since\nd,{AWARE.isoformat()}\n", encoding="utf-8")
    mapping = 'id = "id"\nstage = { column = "x", default = "fresh", since = "since" }\n'

    for name in ("d.parquet", "d.csv"):
        (deal,) = deals_in(tmp_path / name, mapping)
        assert deal.since == AWARE


def test_a_mapping_may_say_that_days_begin_at_midnight(tmp_path: Path) -> None:
    """A column's own hour goes before noon."""
    path = tmp_path / "d.csv"
    path.write_text("id,since\nd,2026-07-01\n", encoding="utf-8")
    since = '{ column = "since", time = "00:00" }'

    (deal,) = deals_in(
        path, f'id = "id"\nstage = {{ column = "x", default = "fresh", since = {since} }}\n'
    )

    assert deal.since is not None
    assert deal.since.hour == 0


FEES_MAP = """
id = "id"
stage = { column = "stage", names = { "won" = "closed_won" } }
currency = "USD"

[columns]
acv = "value"
partner.id = "name"
accepted_at = "since"
won_at = "since"
invoice_paid_at = "since"
"""
WON = {"id": "d-1", "name": "acme", "stage": "won", "value": Decimal(1000), "staff": 1, "new": True}


def fees(folder: Path, kind: str, since: dt.date, *, mapping: str, plan: str) -> dict[str, Any]:
    """Return what the fees of one won deal come to at the end of the second quarter."""
    deals = folder / f"deals.{kind}"
    WRITERS[kind](deals, [WON | {"since": since}])
    (folder / "map.toml").write_text(mapping, encoding="utf-8")
    (folder / "plan.toml").write_text(plan, encoding="utf-8")
    usual = ("--map", str(folder / "map.toml"), "--plan", str(folder / "plan.toml"))
    code, out, err = run("fees", str(deals), *usual, "--at", "2026-06-30", "--json")
    assert code == 0, err
    return dict(json.loads(out))


@pytest.mark.parametrize("kind", WRITERS)
def test_a_deal_of_july_earns_nothing_in_june(tmp_path: Path, kind: str) -> None:
    """Midnight on 1 July is the third quarter, in every kind of file."""
    found = fees(tmp_path, kind, MIDNIGHT, mapping=FEES_MAP, plan=tiny_text())

    assert found["entries"] == []


@pytest.mark.parametrize(
    ("mapping", "plan", "zone", "entries"),
    [
        pytest.param(FEES_MAP, tiny_text(), ("UTC", "fee plan tiny"), 0, id="the plan's"),
        pytest.param(
            FEES_MAP,
            tiny_text(zone="America/New_York"),
            ("America/New_York", "fee plan tiny"),
            0,
            id="the plan's own",
        ),
        pytest.param(
            'zone = "Asia/Tokyo"\n' + FEES_MAP,
            tiny_text(),
            ("Asia/Tokyo", "the mapping"),
            2,
            id="the map's",
        ),
    ],
)
def test_fees_are_read_in_the_zone_of_the_plan(
    tmp_path: Path, mapping: str, plan: str, zone: tuple[str, str], entries: int
) -> None:
    """Half past midnight is in July by the clocks of the plan, unless the mapping names others."""
    since = MIDNIGHT.replace(minute=30)

    found = fees(tmp_path, "csv", since, mapping=mapping, plan=plan)

    assert found["zone"] == {"zone": zone[0], "given_by": zone[1]}
    assert len(found["entries"]) == entries
