"""A mapping says which column is what, and everything wrong with it is said at once."""

from __future__ import annotations

import re
from functools import partial

import pytest

import cli_kit
from cosell.cli.mapping import parse_mapping
from cosell.cli.targets import Kind, TargetError, find_target
from cosell.errors import DefinitionError


def said(text: str, *, against: bool = True) -> list[str]:
    """Return every problem of a mapping, as a reader is told."""
    read = cli_kit.reader if against else partial(parse_mapping, file="map.toml")
    with pytest.raises(DefinitionError) as caught:
        read(text)
    return [str(problem) for problem in caught.value.problems]


HEAD = 'id = "id"\nstage = "stage"\n[columns]\n'


def test_a_mapping_is_three_lines_at_least() -> None:
    """The id and the stage suffice; a text stands for a table with a column."""
    mapping, _ = parse_mapping(HEAD)

    assert mapping.stage.column == "stage"
    assert mapping.columns == {}


def test_paths_are_written_as_tables_or_quoted() -> None:
    """Dotted keys, tables and quoted paths mean the same."""
    texts = (
        'customer.name = "a"',
        '"customer.name" = "a"',
        '[columns.customer]\nname = "a"',
        'customer.name = { column = "a" }',
        'customer.name = ["a"]',
    )
    mappings = [parse_mapping(HEAD + text)[0] for text in texts]

    assert all(mapping == mappings[0] for mapping in mappings)


def test_every_column_that_is_read_is_known() -> None:
    """What a mapping reads is listed with its place, for the check against the file's header."""
    mapping, _ = parse_mapping(
        'id = "id"\n[stage]\ncolumn = "stage"\nsince = ["a", "b"]\n[columns]\n'
        'acv = { column = "value", currency_column = "cur", when = { stage = "won" } }\n'
    )

    assert [name for name, _ in mapping.reads] == [
        "id", "stage", "a", "b", "value", "stage", "cur",
    ]  # fmt: skip


def test_all_problems_are_said_at_once_with_their_lines() -> None:
    """Unknown fields, stages, encodings, calendars and patterns are named together, by line."""
    text = (
        'id = "id"\n'
        'encoding = "utf-9"\n'
        'dates = ["iso", "dd.mm.yyyy"]\n'
        'calendars = { ofice = "CZ" }\n'
        "[stage]\n"
        'column = "stage"\n'
        'default = "fesh"\n'
        'since = { column = "since", dates = "%d" }\n'
        "[stage.names]\n"
        'New = "frsh"\n'
        "[columns]\n"
        'acw = "value"\n'
        'mdp.stage = { column = "mdp", values = { d = "draftd" } }\n'
        'won_at = { column = "won", dates = "%d.%m" }\n'
        'customer.name = { column = "c", split = ";" }\n'
        'deal_type = { constant = "lend" }\n'
    )

    found = said(text)

    assert [line.split(": ", 2)[:2] for line in found] == [
        ["map.toml:2", "encoding"],
        ["map.toml:3", "dates"],
        ["map.toml:4", "calendars.ofice"],
        ["map.toml:7", "stage.default"],
        ["map.toml:8", "stage.since.dates"],
        ["map.toml:10", "stage.names.New"],
        ["map.toml:12", "columns.acw"],
        ["map.toml:13", "columns.mdp.stage.values.d"],
        ["map.toml:14", "columns.won_at.dates"],
        ["map.toml:15", "columns.customer.name.split"],
        ["map.toml:16", "columns.deal_type.constant"],
    ]
    assert found[5].endswith("has no stage `frsh`. Did you mean `fresh`?")
    assert found[7].endswith("Did you mean `drafted`?")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('id = "id"\nstage = "s"\ncolumns = 5\n', "map.toml:3: columns: "),
        ('id = "id"\nstage = "s"\nencodin = "x"\n', "`encodin` is not known here"),
        (HEAD + "acv = { }\n", "a field comes from a `column` or is a `constant`"),
        (HEAD + 'acv = { column = "a", constant = 5 }\n', "comes from a `column` or is a"),
        (HEAD + 'acv = { column = "a", tme = "09:00" }\n', "`tme` is not known here"),
        ('id = "id"\n', "map.toml: stage: it is missing"),
        ('id = "id"\n[stage]\nnames = { a = "b" }\n', "map.toml:2: stage: a stage comes from a"),
        ('id = "id"\nstage = "s"\nzone = "Prague"\n', "there is no time zone `Prague`"),
        ("id = \n", "invalid value"),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, problem: str) -> None:
    """A mapping that is no mapping is refused with its line."""
    assert problem in "\n".join(said(text, against=False))


@pytest.mark.parametrize(
    ("text", "where"),
    [
        pytest.param('thousands = "."\n' + HEAD, "map.toml:1: thousands: ", id="the default"),
        pytest.param(
            'decimal = ","\nthousands = ","\n' + HEAD, "map.toml:2: thousands: ", id="both"
        ),
        pytest.param('decimal = "1"\n' + HEAD, "map.toml:1: decimal: ", id="a digit"),
        pytest.param(
            HEAD + 'acv = { column = "a", thousands = "." }\n',
            "map.toml:4: columns.acv.thousands: ",
            id="of one column",
        ),
        pytest.param(
            HEAD + 'acv = { column = "a", strip = "." }\n',
            "map.toml:4: columns.acv.strip: ",
            id="what is left out",
        ),
    ],
)
def test_signs_that_would_change_amounts_are_refused(text: str, where: str) -> None:
    """A mapping cannot make fifteen of 1.5: it is refused with file and line, once."""
    (found,) = said(text + 'contract_value = "b"\n')

    assert found.startswith(where)


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("Customer.name", "is no path of a field"),
        ("invoices[x].id", "is no path of a field"),
        ("stage", "`stage` is not filled from a column"),
        ("trail", "`trail` is not filled from a column"),
        ("acvv", "there is no field `acvv`. Did you mean `acv`?"),
        ("custmer.name", "there is no field `custmer` in `custmer.name`"),
        ("customer.nme", "there is no field `nme` in `customer.nme`"),
        ("customer.name.first", "there is no field `first`"),
        ("customer[0].name", "names an item of what is no list"),
        ("invoices.id", "goes through a list"),
        ("facts.credit", "there is no fact `credit`"),
    ],
)
def test_a_path_that_leads_nowhere_is_refused(path: str, problem: str) -> None:
    """A path names a field of the record or a fact of the process, and nothing else."""
    with pytest.raises(TargetError, match=re.escape(problem)):
        find_target(path, cli_kit.bound())


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("name", Kind.TEXT),
        ("owner", Kind.ID),
        ("deal_type", Kind.CHOICE),
        ("customer.has_paid_plan", Kind.BOOL),
        ("customer.employees", Kind.INT),
        ("probability", Kind.DECIMAL),
        ("acv", Kind.MONEY),
        ("expected_close_on", Kind.DATE),
        ("won_at", Kind.INSTANT),
        ("invoices", Kind.WHOLE),
        ("invoices[0].amount", Kind.MONEY),
        ("invoices[0].id", Kind.ID),
        ("engagements[].activity", Kind.CHOICE),
        ("mdp.stage", Kind.CHOICE),
        ("facts.credit_checked", Kind.BOOL),
        ("facts.limit", Kind.MONEY),
    ],
)
def test_a_path_leads_to_a_kind_of_value(path: str, kind: Kind) -> None:
    """What a field takes is read off the model, however deep it stands."""
    assert find_target(path, cli_kit.bound()).kind is kind


def test_the_stage_of_a_track_is_one_of_its_stages() -> None:
    """A column for a track's stage takes the stages of that track."""
    assert find_target("mdp.stage", cli_kit.bound()).choices == (
        "not_started", "drafted", "paused", "agreed", "dropped",
    )  # fmt: skip
