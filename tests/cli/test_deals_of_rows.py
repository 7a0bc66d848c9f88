"""A row becomes a deal where it stands, or is rejected with everything that is wrong with it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cli_kit
from cli_kit import AT, MAP, deal, problems, reader
from cosell.cli.deals import Deal
from cosell.cli.row import Rejected, Row
from cosell.models import Opportunity
from cosell.money import Money

HEAD = 'id = "id"\ncurrency = "USD"\nzone = "Europe/Prague"\nstage = "stage"\n[columns]\n'


def record(columns: str, **cells: object) -> Opportunity:
    """Return the record of one row by these columns."""
    found = deal(HEAD + columns, **cells).record
    assert isinstance(found, Opportunity)
    return found


def test_a_deal_is_adopted_where_it_stands() -> None:
    """The record is in its process, at its stage, since the moment that the file names."""
    found = deal(MAP, stage="Asked", since="2026-11-09", value="60000", customer="Acme")

    assert found.record.stage == "asked"
    assert found.record.trail[0].at.isoformat() == "2026-11-09T12:00:00+01:00"
    assert found.record.acv == Money.parse("60000 USD")  # type: ignore[attr-defined]  # it is an opportunity
    assert found.since == found.record.trail[0].at


def test_empty_cells_are_missing_and_no_error() -> None:
    """A row of an id and a stage is a deal; since when it stands there is not known."""
    found = deal(MAP, value="", customer=" ", since=None)

    assert found.since is None
    assert found.record.trail[0].at == AT
    assert found.record == deal(MAP).record


def test_a_label_or_an_id_names_a_stage_where_no_names_are_given() -> None:
    """Without names of its own a file may use the process's labels and ids."""
    assert deal(stage="Fresh lead").record.stage == deal(stage="fresh").record.stage == "fresh"


def test_with_names_of_its_own_a_file_uses_no_others() -> None:
    """With names in the mapping, an id that is not among them is refused."""
    names = MAP.replace("[columns]", '[stage.names]\nNew = "fresh"\n[columns]')

    assert deal(names, stage="New").record.stage == "fresh"
    assert problems(names, stage="fresh") == {"stage": "`fresh` is mapped to no stage"}


def test_a_default_stage_is_for_rows_that_name_none() -> None:
    """A mapping may say where a deal stands that names no stage."""
    default = MAP.replace('since = "since"', 'default = "fresh"')

    assert deal(default, stage="").record.stage == "fresh"


def test_a_file_whose_deals_stand_in_one_stage_needs_no_column_for_it() -> None:
    """A list of won deals, as one has for fees, says so once, in the mapping."""
    alone = HEAD.replace('stage = "stage"', 'stage = { default = "fresh" }')

    assert deal(alone, stage="not read").record.stage == "fresh"


def test_all_problems_of_a_row_are_said_at_once() -> None:
    """Id, stage, date and amount are all named, each with its column."""
    found = problems(MAP, id="a b", stage="frsh", since="soon", value="x", customer="=1")

    assert found == {
        "id": "`a b` is no id",
        "stage": "`frsh` is mapped to no stage",
        "since": "`soon` is no date",
        "value": "`x` is no number",
        "customer": "`=1` begins as a formula does",
    }


def test_a_row_without_id_and_stage() -> None:
    """A row names its deal and its stage."""
    assert problems(MAP, id="", stage="") == {
        "id": "the deal has no id",
        "stage": "the deal names no stage",
    }


def test_a_stage_that_is_a_formula() -> None:
    """A formula is no name of a stage."""
    assert problems(MAP, stage="=A1") == {"stage": "`=A1` begins as a formula does"}


def test_a_second_row_of_one_id_is_rejected() -> None:
    """The first row of an id stays; the second says on which line it stands."""
    rows = reader()

    first = rows.read(Row(2, {"id": "d-1", "stage": "fresh"}))
    second = rows.read(Row(3, {"id": "d-1", "stage": "asked"}))

    assert isinstance(first, Deal)
    assert isinstance(second, Rejected)
    assert [it.problem for it in second.problems] == ["`d-1` stands on line 2 already"]


def test_a_rejected_row_does_not_take_its_id() -> None:
    """The id of a row that was rejected for another reason is free for the next."""
    rows = reader()

    assert isinstance(rows.read(Row(2, {"id": "d-1", "stage": "?"})), Rejected)
    assert isinstance(rows.read(Row(3, {"id": "d-1", "stage": "fresh"})), Deal)


@pytest.mark.parametrize(
    ("since", "at", "expected"),
    [
        ("2026-11-20", "2026-11-20T08:00+00:00", "2026-11-20T08:00:00+00:00"),
        ("2026-11-20", "2026-11-20T16:00+00:00", "2026-11-20T12:00:00+01:00"),
    ],
)
def test_a_deal_of_today_stands_there_by_the_review(since: str, at: str, expected: str) -> None:
    """A date without an hour that is the day of the review is never after it."""
    moment = datetime.fromisoformat(at)
    found = reader(at=moment).read(Row(2, {"id": "d", "stage": "fresh", "since": since}))

    assert isinstance(found, Deal)
    assert found.since == datetime.fromisoformat(expected)


@pytest.mark.parametrize("since", ["2026-11-21", "2026-11-20T17:30+01:00"])
def test_a_stage_after_the_review_is_refused(since: str) -> None:
    """A deal cannot stand where it comes to only after the review."""
    assert next(iter(problems(since=since).values())).endswith("is after the moment of the review")


def test_the_first_column_that_is_not_empty_is_taken() -> None:
    """Several columns are alternatives, in their order."""
    either = MAP.replace('since = "since"', 'since = ["closed", "opened"]')

    assert (
        deal(either, closed="", opened="2026-01-02").since
        == deal(either, closed="2026-01-02", opened="2026-05-05").since
    )
    assert list(problems(either, closed="", opened="x")) == ["opened"]


@pytest.mark.parametrize(
    ("columns", "cells", "path", "expected"),
    [
        ('owner = { column = "o", slug = true }', {"o": "Moses Frase"}, "owner", "moses-frase"),
        ('owner = { column = "o", values = { M = "m-1" } }', {"o": "M"}, "owner", "m-1"),
        ('plan = { column = "p" }', {"p": "enterprise"}, "plan", "enterprise"),
        ('name = { column = "n", values = { a = "Acme" } }', {"n": "a"}, "name", "Acme"),
        ('is_oem = "x"', {"x": "no"}, "is_oem", False),
        ('is_oem = { column = "x", values = { Ja = true } }', {"x": "Ja"}, "is_oem", True),
        ('customer.employees = "e"', {"e": "320"}, "customer.employees", 320),
        (
            'probability = { column = "p", percent = true }',
            {"p": "75"}, "probability", Decimal("0.75"),
        ),
        ('expected_close_on = "d"', {"d": "2026-12-01"}, "expected_close_on", date(2026, 12, 1)),
        ('deal_type = "t"', {"t": "land"}, "deal_type", "land"),
        ('acv = { column = "v", thousands = "," }', {"v": "1,000"}, "acv", Money.parse("1000 USD")),
        ('acv = { column = "v", decimal = "," }', {"v": "1,5"}, "acv", Money.parse("1.5 USD")),
        ('acv = { column = "v", currency = "EUR" }', {"v": "1"}, "acv", Money.parse("1 EUR")),
        ('acv = { column = "v", strip = "$" }', {"v": "$1"}, "acv", Money.parse("1 USD")),
        (
            'acv = { column = "v", currency_column = "c" }',
            {"v": "1", "c": "GBP"}, "acv", Money.parse("1 GBP"),
        ),
        (
            'acv = { column = "v", currency_column = "c" }',
            {"v": "1", "c": ""}, "acv", Money.parse("1 USD"),
        ),
        ('deal_type = { constant = "land" }', {}, "deal_type", "land"),
        ("is_oem = { constant = true }", {}, "is_oem", True),
        ("customer.employees = { constant = 5 }", {}, "customer.employees", 5),
        (
            "expected_close_on = { constant = 2026-12-01 }",
            {}, "expected_close_on", date(2026, 12, 1),
        ),
        ("acv = { constant = 5.50 }", {}, "acv", Money.parse("5.50 USD")),
        (
            'deal_type = { constant = "land", when = { k = ["a", "b"] } }',
            {"k": "b"}, "deal_type", "land",
        ),
        ('deal_type = { constant = "land", when = { k = "a" } }', {"k": "b"}, "deal_type", None),
        ('deal_type = { constant = "land", when = { k = "a" } }', {"k": ""}, "deal_type", None),
        (
            'deal_type = { column = "t", when = { k = "a" } }',
            {"t": "x", "k": "b"}, "deal_type", None,
        ),
    ],
)  # fmt: skip
def test_a_cell_fills_its_field(
    columns: str, cells: dict[str, object], path: str, expected: object
) -> None:
    """Each kind of field is filled as the mapping says."""
    value: Any = record(columns, **cells)
    for name in path.split("."):
        value = getattr(value, name)

    assert value == expected


def test_moments_take_the_hour_that_the_mapping_names() -> None:
    """A column may say how its dates are written, and which hour a day has."""
    columns = 'won_at = { column = "w", dates = "%d.%m.%Y", time = "08:30" }\n'

    found = record(columns, w="1.3.2026")

    assert found.won_at is not None
    assert found.won_at.isoformat() == "2026-03-01T08:30:00+01:00"


LISTS = """
"invoices[0].id" = "i0"
"invoices[0].contract_year" = { constant = 1 }
"invoices[1].id" = "i1"
"invoices[1].contract_year" = { constant = 2 }
"engagements[].activity" = { column = "what", split = ";" }
"engagements[].party" = { constant = "acme" }
"stakeholders[0].role" = { constant = "champion" }
"""


def test_an_item_of_a_list_is_there_when_a_column_fills_it() -> None:
    """Constants go with an item that is there; alone they make one only where no column could."""
    found = record(LISTS, i1="A-2", what="co_selling; lead_sourcing;")

    assert [(it.id, it.contract_year) for it in found.invoices] == [("A-2", 2)]
    assert [(it.activity, it.party) for it in found.engagements] == [
        ("co_selling", "acme"),
        ("lead_sourcing", "acme"),
    ]
    assert [it.role for it in found.stakeholders] == ["champion"]


def test_without_any_cell_there_are_no_items() -> None:
    """Empty cells make no items."""
    found = record(LISTS)

    assert found.invoices == found.engagements == ()


def test_one_value_may_stand_for_every_item() -> None:
    """Without `split` a cell is one item."""
    columns = '"engagements[].activity" = "what"\n'

    assert [it.activity for it in record(columns, what="co_selling").engagements] == ["co_selling"]


def test_a_part_that_is_no_choice_is_named() -> None:
    """Each part of a cell is read by itself."""
    found = problems(HEAD + LISTS, what="co_selling;x")

    assert found == {"what": "`x` is none of its values"}


def test_nested_records_bring_whole_lists() -> None:
    """A list or a table of a nested record is taken as it stands, and checked by the model."""
    columns = 'invoices = "data.invoices"\ncustomer.name = "data.company"\n'

    found = record(columns, data={"invoices": [{"id": "A-1"}], "company": "Acme"})

    assert [it.id for it in found.invoices] == ["A-1"]
    assert found.customer.name == "Acme"


def test_a_whole_list_does_not_stand_in_one_cell() -> None:
    """A cell of a table holds one value."""
    found = problems(HEAD + 'invoices = "i"\n', i="A-1")

    assert found == {"i": "`invoices` is a list or a table, and the cell one value"}


def test_what_the_model_refuses_names_its_column() -> None:
    """A value that fits its kind and not its field is told by the column that it came from."""
    columns = (
        'customer.country = "land"\nprobability = "p"\n"invoices[0].amount" = "v"\nplan = "plan"\n'
        '"contract.term_months" = { constant = 12 }\n'
    )

    found = problems(HEAD + columns, land="Czechia", p="7", plan="Enterprise Plan", v="1")

    assert set(found) == {"land", "p", "plan", "invoices.0.id"}
    assert not any("pattern" in said for said in found.values())


def test_two_columns_that_do_not_fit_together() -> None:
    """What only the whole shows is told by the column of the part that it stands in."""
    columns = '"partner.contracts[0].valid_from" = "a"\n"partner.contracts[0].valid_until" = "b"\n'

    found = problems(HEAD + columns, a="2026-02-01", b="2026-01-01")

    assert list(found) == ["partner.contracts.0"]


def test_facts_stand_beside_the_record() -> None:
    """A column may fill a fact that the process declares."""
    columns = 'facts.credit_checked = "c"\nfacts.limit = "l"\n'

    found = deal(HEAD + columns, c="yes", l="100")

    assert found.facts == {
        "credit_checked": True,
        "limit": {"amount": Decimal(100), "currency": "USD"},
    }


def test_columns_that_stand_nowhere_are_known() -> None:
    """A path of the mapping that no record has is told at the end."""
    rows = reader(MAP)
    assert rows.unseen == ()

    rows.read(Row(2, {"id": "d-1", "stage": "fresh", "value": 5}))

    assert rows.unseen == ("customer", "since")


@given(
    st.dictionaries(
        st.sampled_from(["id", "stage", "since", "value", "customer"]),
        st.one_of(st.text(max_size=12), st.none(), st.integers(), st.lists(st.integers())),
    )
)
def test_any_row_is_a_deal_or_rejected(cells: dict[str, object]) -> None:
    """Law: whatever stands in its cells, a row is a deal, or is rejected with a reason."""
    found = _READER.read(Row(2, {"id": "d", "stage": "fresh"} | cells))

    assert isinstance(found, Deal) or found.problems


_READER = cli_kit.reader()
