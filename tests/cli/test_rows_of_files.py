"""The rows of a file come as a stream: each is read or rejected, and none is lost."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosell.cli.json_rows import find_value
from cosell.cli.row import FileError, Layout, MissingColumnsError, Rejected, Row
from cosell.cli.rows import open_rows

HEADER = b"id,name\n"


def rows_of(folder: Path, content: bytes, name: str = "f.csv", **layout: object) -> list[object]:
    """Return the rows of a file with this content."""
    path = folder / name
    path.write_bytes(content)
    with open_rows(path, Layout(**layout)) as rows:  # type: ignore[arg-type]  # fields by name
        return list(rows.rows)


def told(found: list[object]) -> list[tuple[int, object]]:
    """Return each row's line with its cells, or with its problems."""
    return [
        (row.line, row.cells if isinstance(row, Row) else [it.problem for it in row.problems])
        for row in found
        if isinstance(row, Row | Rejected)
    ]


def test_rows_come_with_their_lines(tmp_path: Path) -> None:
    """Empty lines are no rows, and a row with line breaks stands on its first line."""
    found = rows_of(tmp_path, b'\xef\xbb\xbfid,name\r\n\r\na,"x\r\ny"\r\nb,z\r\n')

    assert told(found) == [(3, {"id": "a", "name": "x\r\ny"}), (5, {"id": "b", "name": "z"})]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"a", "the row is too short: it has 1 cells, and the header 2"),
        (b"a,b,c", "the row is too long: it has 3 cells, and the header 2"),
        (b"a,Pr\xf9m", r"`Pr\udcf9m` does not decode"),
        (b'a,"b" c', "the row cannot be taken apart: ',' expected after '\"'"),
        (b'a,"b', "a quote is opened and never closed; lines 2 to 3 were read as one row"),
    ],
)
def test_a_broken_row_is_rejected_alone(tmp_path: Path, line: bytes, problem: str) -> None:
    """A broken row says what is wrong, and the rows after it are read where that can be."""
    found = told(rows_of(tmp_path, HEADER + line + b"\nb,c\n"))

    assert found[0] == (2, [problem])
    assert found[1:] in ([], [(3, {"id": "b", "name": "c"})])


def test_all_problems_of_a_row_are_said_at_once(tmp_path: Path) -> None:
    """A row that is too long and does not decode says both."""
    ((_, problems),) = told(rows_of(tmp_path, HEADER + b"a,\xf9,c\n"))

    assert isinstance(problems, list)
    assert len(problems) == 2


def test_an_unclosed_quote_in_the_last_line(tmp_path: Path) -> None:
    """A quote that only takes the rest of its own line names no span."""
    ((_, problems),) = told(rows_of(tmp_path, HEADER + b'a,"b'))

    assert problems == ["a quote is opened and never closed"]


def test_other_delimiters_and_encodings(tmp_path: Path) -> None:
    """The mapping names what parts the cells, and how bytes are read."""
    content = "id;name\na;Průmysl\n"

    for encoding in ("utf-8", "utf-16", "cp1250"):
        found = rows_of(tmp_path, content.encode(encoding), encoding=encoding, delimiter=";")
        assert told(found) == [(2, {"id": "a", "name": "Průmysl"})]


@pytest.mark.parametrize(
    ("content", "layout", "problem"),
    [
        (b"", {}, "is empty"),
        (b"\n\n", {}, "is empty"),
        ("id,ř\n".encode("cp1250"), {}, "is not written in utf-8"),
        (b"i\x00d,name\n", {}, "is not written in utf-8"),
        (b"\xff\xfei", {"encoding": "utf-16"}, "cannot be read from line 1 on"),
        (b'"id" x,name\n', {}, "cannot be read from line"),
        (b"id,id\n", {"columns": ["id"]}, "has the column `id` twice"),
    ],
)
def test_a_header_that_cannot_be_used(
    tmp_path: Path, content: bytes, layout: dict[str, object], problem: str
) -> None:
    """Without a usable header no row is read, and the file says why."""
    with pytest.raises(FileError, match=problem):
        rows_of(tmp_path, content, **layout)


def test_bytes_that_break_the_encoding_on_the_way(tmp_path: Path) -> None:
    """Where nothing more can be decoded, the file says from which line on."""
    content = "id\n" + "a\n" * 9000
    with pytest.raises(FileError, match="cannot be read from line"):
        rows_of(tmp_path, content.encode("utf-16") + b"\x00", encoding="utf-16")


def test_columns_that_are_twice_and_not_asked_for_do_not_matter(tmp_path: Path) -> None:
    """A name that stands twice is only a problem where it is read."""
    assert len(rows_of(tmp_path, b"id,x,x\na,b,c\n", columns=["id"])) == 1


def test_missing_columns_are_all_named(tmp_path: Path) -> None:
    """Columns that the mapping names and the file does not have are named together."""
    with pytest.raises(MissingColumnsError) as caught:
        rows_of(tmp_path, HEADER, columns=["id", "a", "b", "a"])

    assert caught.value.missing == ("a", "b")
    assert caught.value.remedy == "It has: id, name."


@pytest.mark.parametrize("name", ["f.xls", "f", "f.csv.gz"])
def test_an_unknown_kind_of_file_is_refused(tmp_path: Path, name: str) -> None:
    """A file says by its name what it is."""
    with pytest.raises(FileError, match="of no known kind"):
        rows_of(tmp_path, b"", name)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """A file that cannot be opened is told by its name."""
    with (
        pytest.raises(FileError, match="cannot be opened: No such file"),
        open_rows(tmp_path / "none.csv", Layout()),
    ):
        pass


@given(
    table=st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), max_size=4),
        max_size=8,
    ),
    junk=st.binary(max_size=20),
)
def test_read_and_rejected_are_the_rows(
    tmp_path_factory: pytest.TempPathFactory, table: list[list[str]], junk: bytes
) -> None:
    """Law: whatever stands in a file, each row of it is read or rejected, and lines only rise."""
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([row for row in table if row])
    folder = tmp_path_factory.mktemp("rows")

    clean = rows_of(folder, HEADER + out.getvalue().encode())
    dirty = rows_of(folder, HEADER + out.getvalue().encode() + junk)

    assert len(clean) == sum(bool(row) for row in table)
    for found in (clean, dirty):
        lines = [line for line, _ in told(found)]
        assert lines == sorted(set(lines))
        assert len(lines) == len(found)


RECORD = {"a": {"b": [{"c": 1}], "x.y": 2}, "p.q": {"r": 3}, "@odata.id": 4}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("a.b.0.c", 1),
        ("a.x.y", 2),
        ("p.q.r", 3),
        ("@odata.id", 4),
        ("a.b", [{"c": 1}]),
        ("a.b.0", {"c": 1}),
        ("a.b.1.c", None),
        ("a.b.x", None),
        ("a.z", None),
        ("z", None),
        ("@odata.id.x", None),
    ],
)
def test_a_dotted_path_leads_into_a_record(path: str, value: object) -> None:
    """Tables by key, lists by number, and a key with dots before a dotted path."""
    assert find_value(RECORD, path) == value


def test_a_list_of_records(tmp_path: Path) -> None:
    """Each record of a list stands on its line; numbers are exact."""
    found = rows_of(tmp_path, b'[\n {"id": 1},\n\n {"id": 1.10}, {"id": 3}\n]\n', "f.json")

    assert [line for line, _ in told(found)] == [2, 4, 4]
    assert str(told(found)[1][1]) == "{'id': Decimal('1.10')}"


@pytest.mark.parametrize(
    ("content", "records"),
    [
        (b'{"a": [1, {"x": "}"}], "b": {"c": [{"id": 1}]}}', "b.c"),
        (b' { "b" : {"c": {"id": 1}}}', "b.c"),
        (b'{"id": 1}', None),
        (b"[{}]", None),
        (b"[]", None),
        (b'\xef\xbb\xbf[{"id": 1},]', None),
    ],
)
def test_records_lie_where_the_mapping_says(
    tmp_path: Path, content: bytes, records: str | None
) -> None:
    """A list in a document is found by its path; one record is a list of one."""
    found = rows_of(tmp_path, content, "f.json", records=records)

    assert all(isinstance(row, Row) for row in found)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b'[{"id": NaN}, {}]', "`NaN` is no number"),
        (b'[{"id": 1, "id": 2}, {}]', "the key `id` stands twice"),
        (b"[5, {}]", "this is no record"),
    ],
)
def test_a_strange_record_is_rejected_alone(tmp_path: Path, content: bytes, problem: str) -> None:
    """A record that is not clear is rejected, and the next is read."""
    found = rows_of(tmp_path, content, "f.json")

    assert told(found) == [(1, [problem]), (1, {})]


@pytest.mark.parametrize(
    "content",
    [
        b'[{"id": 1},\n {"id": x}, {"id": 3}]',
        b'[{"id": 1}\n {"id": 2}]',
        b'[{"id": 1},\n',
        b'[{"id": 1},\n' + b"[" * 100_000,
        b'[{"id": 1},\n {"id": ' + b"9" * 5000 + b"}]",
    ],
)
def test_what_follows_a_break_is_one_rejected_row(tmp_path: Path, content: bytes) -> None:
    """From where a document is broken nothing more is read, and the report says so."""
    first, last = rows_of(tmp_path, content, "f.json")

    assert isinstance(first, Row)
    assert isinstance(last, Rejected)
    assert last.line == 2
    assert last.problems[0].problem.startswith("from here on the file is no JSON")


def test_a_single_broken_record(tmp_path: Path) -> None:
    """A document that is one broken record is one rejected row."""
    ((line, problems),) = told(rows_of(tmp_path, b'\n{"id": }', "f.json"))

    assert line == 2
    assert "no JSON" in str(problems)


@pytest.mark.parametrize(
    ("content", "records", "problem"),
    [
        (b"", None, "holds no list of records at line 1"),
        (b"\n5", None, "holds no list of records at line 2"),
        (b'{"a": 5}', "a", "holds no list of records"),
        (b'{"a": 5}', "b", "has no `b` where"),
        (b'{"a": [5]}', "a.b", "has no `b` where"),
        (b'{"a": x}', "b", "is no JSON at line 1"),
        (b"\xff\xfei", None, "is not written in utf-16"),
    ],
)
def test_a_document_without_records(
    tmp_path: Path, content: bytes, records: str | None, problem: str
) -> None:
    """A document without a list of records where the mapping looks for it is refused."""
    encoding = "utf-16" if content.startswith(b"\xff") else "utf-8"
    with pytest.raises(FileError, match=problem):
        rows_of(tmp_path, content, "f.json", records=records, encoding=encoding)


def test_json_lines(tmp_path: Path) -> None:
    """Each line is a record; a broken one is rejected alone."""
    content = b'{"id": 1}\n\n{"id": }\n{"id": 2} {"id": 3}\n[]\n{"id": 4}\n'

    found = told(rows_of(tmp_path, content, "f.jsonl"))

    assert [line for line, _ in found] == [1, 3, 4, 5, 6]
    assert found[1][1] == ["the line is no JSON: expecting value"]
    assert found[2][1] == ["more than one value stands on the line"]
    assert found[3][1] == ["this is no record"]


@given(st.lists(st.one_of(st.dictionaries(st.text(max_size=3), st.integers()), st.integers())))
def test_every_record_is_read_or_rejected(
    tmp_path_factory: pytest.TempPathFactory, records: list[object]
) -> None:
    """Law: a list of records has as many rows as records, as a document and as lines."""
    folder = tmp_path_factory.mktemp("records")
    lines = "".join(json.dumps(record) + "\n" for record in records)

    document = rows_of(folder, json.dumps(records, indent=1).encode(), "f.json")
    by_line = rows_of(folder, lines.encode(), "f.jsonl")

    assert len(document) == len(by_line) == len(records)
    assert [type(row) for row in document] == [type(row) for row in by_line]


@pytest.mark.parametrize("space", [pytest.param("", id="one line"), pytest.param("\n", id="lines")])
def test_a_record_of_a_document_is_named_by_its_number(tmp_path: Path, space: str) -> None:
    """Where a document is one line, the line tells no record from another."""
    records = ('{"id": 1}', '{"id": 2, "id": 3}', "4", '{"id": 5}', "{")
    content = f'{{"deals": {{"all": [{f",{space}".join(records)}'.encode()

    found = rows_of(tmp_path, content, "f.json", records="deals.all")

    assert [row.record for row in found] == [1, 2, 3, 4, 5]
    assert [row.problems[0].place for row in found if isinstance(row, Rejected)] == [
        f"{tmp_path / 'f.json'}:{line if space else 1}, record {line}" for line in (2, 3, 5)
    ]


def test_where_a_comma_is_missing_the_next_record_is_broken(tmp_path: Path) -> None:
    """What follows a record that nothing parts from it is named as the next one."""
    _, last = rows_of(tmp_path, b'[{"id": 1} {"id": 2}]', "f.json")

    assert (last.line, last.record) == (1, 2)


def test_one_record_alone_needs_no_number(tmp_path: Path) -> None:
    """A document that is one record, and a line of JSON lines, are named by the line."""
    (only,) = rows_of(tmp_path, b'{"id": 1}', "f.json")
    (line,) = rows_of(tmp_path, b'{"id": 1}', "f.jsonl")

    assert (only.record, line.record) == (None, None)
