"""A cell becomes a value, or an error that says what to do; nothing is guessed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosell.cli.cells import (
    CellError,
    is_missing,
    quoted,
    read_choice,
    read_id,
    read_text,
    read_truth,
    text_of,
)
from cosell.cli.moments import Dates, date_pattern_problem
from cosell.cli.numbers import Numbers
from cosell.cli.plain import safe_cell

PRAGUE = ZoneInfo("Europe/Prague")
COMMA = Numbers(decimal=",", thousands=".")
THOUSANDS = Numbers(thousands=",")


@pytest.mark.parametrize("cell", [None, "", "  ", "\t", "\N{NO-BREAK SPACE}"])
def test_an_empty_cell_is_missing(cell: Any) -> None:
    """An empty cell, or one of blanks, holds nothing."""
    assert is_missing(cell)


@pytest.mark.parametrize("cell", ["0", 0, False, "-"])
def test_a_nought_is_a_value(cell: Any) -> None:
    """Zero, no and a dash are values."""
    assert not is_missing(cell)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (" Acme ", "Acme"),
        ("-5", "-5"),
        ("+420 601 234 567", "+420 601 234 567"),
        ("-", "-"),
        (True, "true"),
        (False, "false"),
        (12, "12"),
        (Decimal("1.50"), "1.50"),
        (date(2026, 11, 20), "2026-11-20"),
    ],
)
def test_text_is_read_without_blanks_around_it(cell: Any, text: str) -> None:
    """What a file or a record holds as one value is text; a sign before digits stays."""
    assert read_text(cell) == text


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("=1+1", "begins as a formula does"),
        (" =1+1", "begins as a formula does"),
        ("@SUM(A1)", "begins as a formula does"),
        ("+cmd|' /C calc'!A0", "begins as a formula does"),
        ("-2+3+cmd", "begins as a formula does"),
        ("\t=1", "begins as a formula does"),
        ("a\x00b", "holds a NUL"),
        ("Pr\udcf9", "does not decode"),
        ([1], "a list stands where one value is expected"),
        ({"a": 1}, "a table stands where one value is expected"),
    ],
)
def test_what_is_no_text_is_refused(cell: Any, problem: str) -> None:
    """Formulas, NUL, undecoded bytes, lists and tables are no text."""
    with pytest.raises(CellError, match=problem):
        read_text(cell)


@given(st.text())
def test_no_text_that_is_read_is_a_formula(cell: str) -> None:
    """What is read as text is harmless in a spreadsheet: making it safe changes nothing."""
    try:
        read = text_of(cell)
    except CellError:
        return
    assert safe_cell(read)[:1] != "'" or read[:1] in {"'", "+", "-"}


def test_a_shown_cell_is_short_and_printable() -> None:
    """A cell in a message is cut, and control characters are written out."""
    assert quoted("a" * 99) == f"`{'a' * 60}...`"
    assert quoted("a\x1b[2J\udcf9") == r"`a\x1b[2J\udcf9`"


@pytest.mark.parametrize(
    ("cell", "slug", "expected"),
    [
        ("D-1", False, "D-1"),
        (1, False, "1"),
        ("Moses Frase", True, "moses-frase"),
        ("  Škoda Auto, a.s. ", True, "koda-auto-a.s"),
    ],
)
def test_an_id_is_read(cell: Any, slug: bool, expected: str) -> None:  # noqa: FBT001 - a column of the table
    """An id stands as it is, or is made of a name where the mapping says so."""
    assert read_id(cell, slug=slug) == expected


@pytest.mark.parametrize(
    ("cell", "slug"), [("a b", False), ("-5", False), ("č1", False), ("!", True)]
)
def test_what_is_no_id_is_refused(cell: str, slug: bool) -> None:  # noqa: FBT001 - a column of the table
    """An id holds no blanks, begins with a letter or digit, and is not empty."""
    with pytest.raises(CellError, match="is no id"):
        read_id(cell, slug=slug)


def test_a_choice_is_read_with_or_without_a_table() -> None:
    """A choice stands as it is, or means what the mapping says."""
    assert read_choice("won", ("won", "lost")) == "won"
    assert read_choice("Closed Won", ("won", "lost"), {"Closed Won": "won"}) == "won"


@pytest.mark.parametrize(
    ("values", "problem", "remedy"),
    [
        ({}, "`wonn` is none of its values", "Did you mean `won`?"),
        ({"won!": "won"}, "`wonn` is not in `values`", "Did you mean `won!`?"),
    ],
)
def test_an_unknown_choice_names_the_nearest(
    values: dict[str, str], problem: str, remedy: str
) -> None:
    """What is no choice is refused, with the nearest that is."""
    with pytest.raises(CellError) as caught:
        read_choice("wonn", ("won", "lost"), values)

    assert (caught.value.problem, caught.value.remedy) == (problem, remedy)


@pytest.mark.parametrize(
    ("cell", "truth"),
    [
        *((cell, True) for cell in ("yes", "Y", "TRUE", "1", True, 1)),
        *((cell, False) for cell in ("no", "N", "false", "0", False, 0)),
    ],
)
def test_yes_and_no_are_read(cell: Any, truth: bool) -> None:  # noqa: FBT001 - a column of the table
    """Yes and no are read in the usual spellings."""
    assert read_truth(cell) is truth


def test_maybe_is_neither() -> None:
    """Anything else is neither yes nor no, and is not guessed."""
    with pytest.raises(CellError, match="neither yes nor no"):
        read_truth("maybe")


@pytest.mark.parametrize(
    ("numbers", "cell", "expected"),
    [
        (Numbers(), "1054", "1054"),
        (Numbers(), "-5.50", "-5.50"),
        (Numbers(), "+5", "5"),
        (Numbers(), 7, "7"),
        (Numbers(), Decimal("7.25"), "7.25"),
        (Numbers(), "75 %", "0.75"),
        (Numbers(percent=True), "75", "0.75"),
        (Numbers(percent=True), 75, "0.75"),
        (THOUSANDS, "62,000.00", "62000.00"),
        (THOUSANDS, "1,234,567", "1234567"),
        (THOUSANDS, "62000", "62000"),
        (COMMA, "1.234,5", "1234.5"),
        (Numbers(strip="$ ", thousands=","), "$ 1,000", "1000"),
    ],
)
def test_a_number_is_read_as_the_mapping_says(numbers: Numbers, cell: Any, expected: str) -> None:
    """A number is exact, with the signs that the mapping names."""
    assert numbers.read(cell) == Decimal(expected)


@pytest.mark.parametrize(
    ("numbers", "cell"),
    [
        (Numbers(), "1,000"),
        (THOUSANDS, "12,34"),
        (THOUSANDS, "1,2345"),
        (THOUSANDS, "62.000,00"),
        (COMMA, "1,234.5"),
        (Numbers(), "1e3"),
        (Numbers(), "NaN"),
        (Numbers(), "٣"),
        (Numbers(), "forty"),
        (Numbers(), "$5"),
        (Numbers(), True),
    ],
)
def test_what_is_no_number_is_refused(numbers: Numbers, cell: Any) -> None:
    """Other signs, exponents, words and digits of other scripts are no numbers."""
    with pytest.raises(CellError, match="is no number"):
        numbers.read(cell)


@pytest.mark.parametrize(
    ("numbers", "keys"),
    [
        pytest.param(Numbers(), [], id="a point and nothing"),
        pytest.param(COMMA, [], id="a comma and a point"),
        pytest.param(Numbers(thousands="\N{NO-BREAK SPACE}"), [], id="a blank parts thousands"),
        pytest.param(Numbers(decimal=",", thousands="'"), [], id="an apostrophe"),
        pytest.param(Numbers(strip="$ Kč,"), [], id="what no number needs is left out"),
        pytest.param(Numbers(thousands="."), ["thousands"], id="one sign for both"),
        pytest.param(Numbers(","), [], id="a comma before decimals"),
        pytest.param(Numbers(",", ","), ["thousands"], id="a comma for both"),
        *(
            pytest.param(Numbers(sign), ["decimal"], id=f"{sign!r} before decimals")
            for sign in ("1", "e", "٣", "-", "+", "%", " ")
        ),
        *(
            pytest.param(Numbers(thousands=sign), ["thousands"], id=f"{sign!r} for thousands")
            for sign in ("0", "k", "-", "%")
        ),
        pytest.param(Numbers(strip="0"), ["strip"], id="a digit is left out"),
        pytest.param(Numbers(strip="$-"), ["strip"], id="a minus is left out"),
        pytest.param(Numbers(strip="."), ["strip"], id="the decimal sign is left out"),
    ],
)
def test_no_sign_turns_a_number_into_another(numbers: Numbers, keys: list[str]) -> None:
    """Signs that would make ten of one, or change a sign, are refused."""
    assert [key for key, _, _ in numbers.problems()] == keys


@given(
    amount=st.decimals(min_value=-(10**9), max_value=10**9, places=2),
    signs=st.lists(st.sampled_from(".,'· -1e%") | st.characters(), min_size=2, max_size=2),
    form=st.sampled_from((".2f", ",.2f")),
)
def test_what_is_written_is_what_is_read(amount: Decimal, signs: list[str], form: str) -> None:
    """By any signs that are allowed, a number is read as it was written."""
    numbers = Numbers(*signs)
    if list(numbers.problems()):
        return  # refused before the first row
    written = format(amount, form).translate(str.maketrans(".,", "".join(signs)))

    try:
        read = numbers.read(written)
    except CellError:
        return  # never another number
    assert read == amount


@pytest.mark.parametrize("cell", ["100 %", "100% EUR", "EUR 100 %"])
def test_an_amount_is_no_share(cell: str) -> None:
    """One hundred per cent is no dollar."""
    with pytest.raises(CellError, match="is a share"):
        Numbers().read_money(cell, (None, "EUR"))


def test_a_count_is_no_share() -> None:
    """Five hundred per cent of something are not five."""
    with pytest.raises(CellError, match="is a share"):
        Numbers().read_whole("500 %")


def test_a_whole_number_has_no_fraction() -> None:
    """A count is a whole number; 5.0 is one, 5.5 is not."""
    assert Numbers().read_whole("5.0") == 5
    with pytest.raises(CellError, match="no whole number"):
        Numbers().read_whole("5.5")


@pytest.mark.parametrize(
    ("cell", "currencies", "expected"),
    [
        ("100", (None, "USD"), "100 USD"),
        ("100", ("EUR", "USD"), "100 EUR"),
        ("100 EUR", (None, "USD"), "100 EUR"),
        ("EUR100", (None, None), "100 EUR"),
        ("EUR 100 EUR", ("EUR", None), "100 EUR"),
        (100, (None, "USD"), "100 USD"),
    ],
)
def test_an_amount_names_its_currency(cell: Any, currencies: Any, expected: str) -> None:
    """The currency stands in the cell, beside it, or in the mapping, in this order."""
    read = Numbers().read_money(cell, currencies)

    assert f"{read['amount']} {read['currency']}" == expected


def test_an_amount_of_a_record_stays_as_it_is() -> None:
    """Nested records may hold an amount with its currency already."""
    assert Numbers().read_money({"amount": "1"}, (None, None)) == {"amount": "1"}


@pytest.mark.parametrize(
    ("cell", "currencies", "problem"),
    [
        ("100", (None, None), "names no currency"),
        (100, (None, None), "names no currency"),
        ("100 EUR", ("USD", None), "EUR and USD are both named"),
        ("EUR 100 USD", (None, None), "EUR and USD are both named"),
        ("forty", (None, None), "is no number"),
    ],
)
def test_an_amount_without_one_currency_is_refused(
    cell: Any, currencies: Any, problem: str
) -> None:
    """No currency, or two of them, is an error, never a guess."""
    with pytest.raises(CellError, match=problem):
        Numbers().read_money(cell, currencies)


@pytest.mark.parametrize(
    ("patterns", "cell", "expected"),
    [
        (("iso",), "2026-11-20", date(2026, 11, 20)),
        (("iso",), "2026-11-20T09:30:00Z", datetime(2026, 11, 20, 9, 30, tzinfo=UTC)),
        (("iso",), "2020-10-30T21:03:00.0000000Z", datetime(2020, 10, 30, 21, 3, tzinfo=UTC)),
        (("iso",), "2024-08-01T09:30:00.000+0000", datetime(2024, 8, 1, 9, 30, tzinfo=UTC)),
        (("%m/%d/%Y",), "3/1/2017", date(2017, 3, 1)),
        (("%d.%m.%Y %H:%M",), "1.3.2017 14:05", datetime(2017, 3, 1, 14, 5)),  # noqa: DTZ001 - as it is written
        (("%d.%m.%Y", "iso"), "2017-03-01", date(2017, 3, 1)),
        (("unix",), "1795165200", datetime(2026, 11, 20, 9, tzinfo=UTC)),
        (("unix_ms",), 1795165200000, datetime(2026, 11, 20, 9, tzinfo=UTC)),
        (("%d.%m.%Y",), date(2017, 3, 1), date(2017, 3, 1)),
    ],
)
def test_a_date_is_read_as_the_mapping_says(patterns: Any, cell: Any, expected: Any) -> None:
    """Dates follow the named way or the pattern; a constant of the mapping is a date already."""
    assert Dates(patterns, PRAGUE).read(cell) == expected


@pytest.mark.parametrize(
    ("patterns", "cell"),
    [
        (("iso",), "20.11.2026"),
        (("%m/%d/%Y",), "20/11/2026"),
        (("unix",), "soon"),
        (("unix",), "1_000"),
        (("unix",), "999999999999999999"),
    ],
)
def test_what_is_no_date_is_refused(patterns: Any, cell: str) -> None:
    """Day and month are never exchanged to make a date fit."""
    with pytest.raises(CellError, match="is no date"):
        Dates(patterns, PRAGUE).read(cell)


@pytest.mark.parametrize(
    ("patterns", "cell", "said"),
    [
        pytest.param(("%d.%m.%Y",), "31.11.2026", "`31.11.2026`: there is no such day", id="a day"),
        pytest.param(("iso",), "2026-11-31", "there is no such day", id="a day by ISO 8601"),
        pytest.param(("iso",), "2026-13-01", "there is no such day", id="a month"),
        pytest.param(("iso",), "2026-11-20T25:00", "there is no such time", id="an hour"),
        pytest.param(
            ("iso", "%d.%m.%Y"), "29.02.2027", "there is no such day", id="by one of two ways"
        ),
    ],
)
def test_a_day_that_does_not_exist(patterns: Any, cell: str, said: str) -> None:
    """What is written as it should be is not asked to be written so."""
    with pytest.raises(CellError) as caught:
        Dates(patterns, PRAGUE).read(cell)

    assert said in str(caught.value)
    assert "Write it" not in str(caught.value)


def test_a_day_that_exists_by_another_pattern() -> None:
    """One way that fits is enough."""
    assert Dates(("%d/%m/%Y", "%m/%d/%Y"), PRAGUE).read("11/30/2026") == date(2026, 11, 30)
    assert Dates(("%d.%m.%Y", "%m.%d.%y"), PRAGUE).read("02.28.27") == date(2027, 2, 28)


def test_the_remedy_shows_how_dates_are_written() -> None:
    """An error names every way that was tried."""
    with pytest.raises(CellError) as caught:
        Dates(("unix", "%d.%m.%Y"), PRAGUE).read("x")

    assert caught.value.remedy.startswith("Write it as 1795165200 or %d.%m.%Y")


def test_a_date_without_an_hour_is_noon() -> None:
    """A day is the same for customer and partner when it is taken at noon, or as the map says."""
    noon = Dates(("iso",), PRAGUE).read_instant("2026-11-20")
    eight = Dates(("iso",), PRAGUE, at=time(8)).read_instant("2026-11-20")

    assert noon.isoformat() == "2026-11-20T12:00:00+01:00"
    assert eight.isoformat() == "2026-11-20T08:00:00+01:00"


def test_a_time_without_a_zone_is_in_that_of_the_file() -> None:
    """A wall-clock time means the file's zone; one with an offset keeps its instant."""
    dates = Dates(("iso",), PRAGUE)

    assert dates.read_instant("2026-11-20 09:00").isoformat() == "2026-11-20T09:00:00+01:00"
    assert dates.read_instant("2026-11-20T08:00Z").isoformat() == "2026-11-20T09:00:00+01:00"


def test_the_day_of_a_moment_is_that_of_the_file() -> None:
    """A moment late in the evening of UTC is the next day in Prague."""
    dates = Dates(("iso",), PRAGUE)

    assert dates.read_day("2026-11-20T23:30Z") == date(2026, 11, 21)
    assert dates.read_day("2026-11-20") == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("iso", None),
        ("%d.%m.%Y", None),
        ("%Y-%m-%dT%H:%M", None),
        ("%d.%m", "it does not hold day, month and year"),
        ("dd.mm.yyyy", "it does not hold day, month and year"),
        ("%Q", "it cannot be read"),
    ],
)
def test_a_pattern_of_dates_is_checked(pattern: str, problem: str | None) -> None:
    """A pattern that no date comes back from is refused before a row is read."""
    assert date_pattern_problem(pattern) == problem
