"""Errors say what is wrong and what to do, and are values: compared, hashed and pickled."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime

import pytest

from cosell.engine import BrokenHistoryError, BrokenSealError, WrongProcessError
from cosell.errors import (
    CalendarError,
    CalendarExhaustedError,
    ClaimedError,
    CosellError,
    DefinitionError,
    EditRefusedError,
    ExpressionError,
    InvalidDataError,
    KeyReusedError,
    MissingExtraError,
    MomentOutOfRangeError,
    NaiveDatetimeError,
    OutOfOrderError,
    Problem,
    RecordExistsError,
    RecordNotFoundError,
    UnknownNameError,
    VersionConflictError,
    did_you_mean,
    require_aware,
)
from cosell.money import AmountTooLargeError, CurrencyMismatchError

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ONE = Problem("acv", "it should be a number", "Given was `x`.", "a.toml", 3)

ERRORS: tuple[CosellError, ...] = (
    CosellError("something is wrong", "Correct it."),
    DefinitionError("process `make`", [ONE, ONE]),
    InvalidDataError("data", [ONE]),
    EditRefusedError("edit", [ONE]),
    ExpressionError("acv > nix", 7, "`nix` is not known", "Use a field."),
    NaiveDatetimeError("at"),
    MomentOutOfRangeError("at", NOON),
    UnknownNameError("stage", "wonn", ["won", "lost"]),
    CalendarError("it is empty", "Open a day."),
    CalendarExhaustedError("office", date(2027, 1, 2), date(2026, 1, 1), date(2026, 12, 31)),
    RecordNotFoundError("o-1"),
    RecordExistsError("o-1"),
    VersionConflictError("o-1", 3, 4),
    ClaimedError("protection:acme.com", "o-2"),
    KeyReusedError("req-1", "o-1"),
    OutOfOrderError("o-1", NOON, NOON),
    MissingExtraError("cli", "the command line"),
    CurrencyMismatchError("EUR", "USD"),
    AmountTooLargeError("EUR"),
    BrokenHistoryError("o-1", 2, 3),
    BrokenSealError("o-1", 2),
    WrongProcessError("o-1", "of model Lead", "the model Opportunity", "Bind it."),
)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
class TestEveryError:
    """What holds for each error, whatever it is about."""

    def test_it_pickles_and_compares_by_value(self, error: CosellError) -> None:
        """A copy through pickle is equal, hashes alike, and reads the same."""
        copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes

        assert copy == error
        assert hash(copy) == hash(error)
        assert str(copy) == str(error)
        assert copy.__dict__ == error.__dict__

    def test_it_says_what_is_wrong_and_what_to_do(self, error: CosellError) -> None:
        """The problem has no final full stop, the remedy ends as a sentence does."""
        assert error.problem
        assert not error.problem.endswith(".")
        assert error.remedy[-1] in ".?'"
        assert error.problem in str(error)
        assert error.remedy in str(error)

    def test_it_differs_from_another_kind_of_error(self, error: CosellError) -> None:
        """An error equals neither an error of another class nor anything else."""
        assert error != Exception(*error.args)
        assert error != str(error)


def test_codes_are_told_apart() -> None:
    """Each class has a code of its own, so that a host can match on it."""
    codes = [type(error).code for error in ERRORS]

    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize(
    ("given", "known", "remedy"),
    [
        pytest.param("acept", ["accept", "reject"], "Did you mean `accept`?", id="the nearest"),
        pytest.param("x", ["b", "a"], "Use one of: a, b.", id="all of them, sorted"),
        pytest.param("x", [], "None is defined.", id="there is none"),
        pytest.param(
            "x",
            [f"name_{number:02}" for number in range(14)],
            f"Use one of: {', '.join(f'name_{number:02}' for number in range(12))} and 2 more.",
            id="a dozen and how many more",
        ),
    ],
)
def test_a_name_that_is_not_known_is_answered_by_those_that_are(
    given: str, known: list[str], remedy: str
) -> None:
    """The remedy names the nearest known name, or all of them, or says that there is none."""
    assert did_you_mean(given, known) == remedy


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        pytest.param(Problem("", "no", "Do."), "no. Do.", id="nothing but the problem"),
        pytest.param(Problem("a.b", "no", "Do."), "a.b: no. Do.", id="with its path"),
        pytest.param(Problem("a", "no", "Do.", "x.toml"), "x.toml: a: no. Do.", id="with its file"),
        pytest.param(
            Problem("a", "no", "Do.", "x.toml", 3), "x.toml:3: a: no. Do.", id="with its line"
        ),
        pytest.param(Problem("a", "no", "Do.", None, 3), "3: a: no. Do.", id="a line without file"),
        pytest.param(
            Problem("a", "no", "Do.", excerpt="  x\n  ^"), "a: no. Do.\n  x\n  ^", id="with a caret"
        ),
    ],
)
def test_a_problem_reads_as_one_line_with_its_place(problem: Problem, text: str) -> None:
    """File, line and path stand before the problem, an excerpt below it."""
    assert str(problem) == text


@pytest.mark.parametrize(
    ("count", "head"),
    [
        pytest.param(1, "data has 1 problem:\n", id="one"),
        pytest.param(2, "data has 2 problems:\n", id="two"),
    ],
)
def test_several_problems_are_counted_and_listed(count: int, head: str) -> None:
    """The first line counts, then each problem has a line of its own."""
    error = InvalidDataError("data", [ONE] * count)

    assert str(error) == head + "\n".join(
        ["a.toml:3: acv: it should be a number. Given was `x`."] * count
    )
    assert error.problems == (ONE,) * count


@pytest.mark.parametrize(
    ("text", "column", "excerpt"),
    [
        pytest.param("acv > nix", 7, "    acv > nix\n          ^", id="in the only line"),
        pytest.param("a and\nnix", 7, "    nix\n    ^", id="in the last line"),
        pytest.param("nix and\na", 1, "    nix and\n    ^", id="in the first line"),
        pytest.param("a\nb\nc", 3, "    b\n    ^", id="in the middle"),
        pytest.param("", 1, "    \n    ^", id="in an empty text"),
    ],
)
def test_an_expression_error_points_into_its_line(text: str, column: int, excerpt: str) -> None:
    """The caret stands under the column, in the line that it is in."""
    error = ExpressionError(text, column, "no", "Do.")

    assert error.excerpt == excerpt
    assert str(error) == f"no. Do.\n{excerpt}"


def test_an_aware_moment_is_returned() -> None:
    """A moment with a time zone is given back as it is."""
    assert require_aware(NOON) is NOON


def test_a_naive_moment_is_refused_by_its_name() -> None:
    """A moment without a time zone is an error that names the argument."""
    with pytest.raises(NaiveDatetimeError) as caught:
        require_aware(NOON.replace(tzinfo=None), "before")

    assert str(caught.value) == (
        "`before` has no time zone. Give a datetime with one, such as datetime(..., tzinfo=UTC)."
    )
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize(
    ("error", "builtin"),
    [
        (RecordNotFoundError("o-1"), LookupError),
        (UnknownNameError("stage", "x", ()), LookupError),
        (OutOfOrderError("o-1", NOON, NOON), ValueError),
        (MissingExtraError("cli", "it"), ImportError),
    ],
    ids=lambda value: getattr(value, "code", getattr(value, "__name__", "")),
)
def test_errors_can_be_caught_as_pythons_own(error: CosellError, builtin: type) -> None:
    """Where Python has a word for it, the error is of that class too, and reads as ours."""
    assert isinstance(error, builtin)
    assert str(error) == f"{error.problem}. {error.remedy}"
