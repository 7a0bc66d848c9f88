"""What is wrong is told with the way out: delimiters, offsets, zones, models."""

from __future__ import annotations

import pytest

import cli_kit
from cli_kit import MAP, PROCESS, Folder, folder
from cosell.cli.calendars import parse_calendar, zone_of
from cosell.cli.implied import implied_moments
from cosell.errors import CosellError, UnknownNameError

__all__ = ["folder"]

HEADER = "id,stage,since,value,customer\n"


def said(folder: Folder, *arguments: object) -> str:
    """Return the errors of a review that must not begin."""
    code, out, errors = folder.run(*arguments)
    assert (code, out) == (2, "")
    return errors.replace(str(folder.path), ".")


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        pytest.param(HEADER.replace(",", ";"), 'by `;`. Write `delimiter = ";"`', id="semicolons"),
        pytest.param(HEADER.replace(",", "\t"), r'by a tab. Write `delimiter = "\t"`', id="tabs"),
        pytest.param('a;b,c;"d"\n', 'by `;`. Write `delimiter = ";"`', id="no column is found"),
    ],
)
def test_another_delimiter_is_named(folder: Folder, text: str, sign: str) -> None:
    """A header that another sign parts is told with the line to write."""
    folder.write("deals.csv", text)

    assert sign in said(folder)


def test_a_column_that_is_missing_is_no_delimiter(folder: Folder) -> None:
    """Where some columns are found, the one that is missing is named."""
    folder.write("deals.csv", "id,stage,since,value;x\n")

    assert "has no column `value`" in said(folder)


def test_a_file_of_rates_is_parted_by_commas(folder: Folder) -> None:
    """The delimiter of the mapping is not that of the rates."""
    rates = folder.write("rates.csv", "source;target;on;rate\n")

    assert "Part the cells of a file of rates by commas" in said(folder, "--rates", rates)


def test_a_moment_without_an_offset(folder: Folder) -> None:
    """The offset of the process's zone is offered, and no Python."""
    assert said(folder, "--at", "2026-11-20T10:00") == (
        "`2026-11-20T10:00` has no offset. Add an offset, as 2026-11-20T10:00+01:00.\n"
    )


def test_a_country_that_nobody_knows() -> None:
    """Names of countries are checked before their zones."""
    with pytest.raises(UnknownNameError, match="there is no country or market `ZZ`"):
        parse_calendar("ZZ")


def test_a_country_of_several_zones_is_in_that_of_its_mapping() -> None:
    """A mapping's own zone is meant, if the country lies in it; else it is asked for."""
    assert parse_calendar("US", own="America/Denver").tz == "America/Denver"
    with pytest.raises(CosellError, match="time zones"):
        zone_of("US", own="Europe/Prague")


def test_a_calendar_of_a_mapping_is_told_with_its_line(folder: Folder) -> None:
    """File, line and key are named, of every calendar that cannot be read."""
    folder.write("map.toml", 'calendars = { office = "US" }\n' + MAP)

    _, problem, *_ = said(folder).splitlines()
    assert problem.startswith("./map.toml:1: calendars.office: `US` lies in 29 time zones.")
    assert "Say which one, as `US,zone=" in problem


def test_a_calendar_that_the_process_does_not_list(folder: Folder) -> None:
    """A name that no calendar of the process has is told, and its country not looked at."""
    folder.write("map.toml", 'calendars = { ofice = "US" }\n' + MAP)

    assert "./map.toml:1: calendars.ofice: process `small` has no calendar `ofice`." in said(folder)


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        pytest.param(
            '{ colum = "partner", slug = true }',
            "columns.partner.id.colum: `colum` is not known here. Did you mean `column`?",
            id="beside another key",
        ),
        pytest.param(
            '{ colum = "partner" }',
            "columns.partner.id.colum: `colum` is not known here. Did you mean `column`?",
            id="alone",
        ),
        pytest.param(
            "{ slug = true }",
            "columns.partner.id: a field comes from a `column` or is a `constant`. Given",
            id="left out",
        ),
    ],
)
def test_a_key_of_a_column_that_is_misspelt(folder: Folder, table: str, problem: str) -> None:
    """A table about one column is told from one of fields inside a part."""
    folder.write("map.toml", MAP + f"partner.id = {table}\n")

    assert problem in said(folder)


def test_a_mapping_is_called_by_its_file(folder: Folder) -> None:
    """Not by the column of ids; and the nearest zone is offered (Time 1)."""
    folder.write("map.toml", MAP.replace("Europe/Prague", "Europe/Prag").replace('"USD"', '"usd"'))
    errors = said(folder)

    assert errors.startswith("`./map.toml` has 2 problems:\n")
    assert "there is no time zone `Europe/Prag`. Did you mean `Europe/Prague`?" in errors


def test_a_header_alone(folder: Folder) -> None:
    """No deals, no headings of totals."""
    folder.write("deals.csv", HEADER)
    _, out, _ = folder.run()

    assert "Totals" not in out
    assert out.endswith("\n0 rows: 0 read, 0 rejected.\n")


def test_a_rejected_row_explained(folder: Folder) -> None:
    """The reason stands on the first line."""
    folder.write("deals.csv", f"{HEADER}d-1,asked,2026-13-01,1,\n")
    _, out, _ = folder.run("--id", "d-1", command="explain")

    assert out.startswith("Rejected\n")


def test_a_bad_cell_of_two_fields_is_told_once(folder: Folder) -> None:
    """The problem is that of the cell, not of each field it fills."""
    folder.write("map.toml", f'{MAP}budget = "value"\n')
    folder.write("deals.csv", f"{HEADER}d-1,asked,,x,\n")

    assert " ".join(folder.run()[1].split()).count("`x` is no number") == 1


@pytest.mark.parametrize(
    ("model", "told"), [("OurThing", "Is it your own?"), ("Oportunity", "`Opportunity`?")]
)
def test_a_model_of_the_host_is_for_the_library(folder: Folder, model: str, told: str) -> None:
    """The command line knows cosell's models only, and says what to do."""
    folder.write("small.toml", PROCESS.replace('record = "Opportunity"', f'record = "{model}"'))
    errors = said(folder)

    assert "the command line knows cosell's models only" in errors
    assert told in errors
    assert f"bind(process, record={model})" in errors


def test_a_stage_implies_moments(folder: Folder) -> None:
    """A deal that is won has been won at some moment; a file that lacks it is told (MK-33)."""
    folder.write("deals.csv", f"{HEADER}d-1,won,2026-11-18,1,\nd-2,lost,2026-11-18,1,\n")
    _, out, _ = folder.run()

    assert implied_moments(cli_kit.bound().process.lines[None]) == {
        "won": ("won_at",),
        "served": ("won_at",),
    }
    assert "that the file does not give: `won_at` of 1 deal." in " ".join(out.split())


def test_a_deal_that_is_won_is_not_sent_to_its_end_again(folder: Folder) -> None:
    """It says that it is won, and shows no way to that."""
    folder.write("deals.csv", f"{HEADER}d-1,won,2026-11-18,1,\n")
    _, out, _ = folder.run("--id", "d-1", command="explain")

    assert "  It is won.\n" in out
    assert "on which it is won" not in out
