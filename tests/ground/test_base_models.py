"""The base of every model: frozen, bounded, and told in words when something does not fit."""

from __future__ import annotations

import pickle
from copy import copy, deepcopy
from datetime import UTC, datetime
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, ValidationError

from cosell._base import (
    PERSONAL,
    Amount,
    Currency,
    FieldPath,
    Id,
    Instant,
    LongText,
    Model,
    Name,
    Rate,
    Text,
    problems_from,
    shown_input,
    trusting,
    validated,
)
from cosell.errors import InvalidDataError


class Inner(Model, frozen=True):
    """A part."""

    count: int = 0


class Sample(Model, frozen=True):
    """One field of each kind of scalar."""

    id: Id = "a"
    name: Name = "a"
    path: FieldPath = "a"
    text: Text = "a"
    long: LongText = "a"
    currency: Currency = "EUR"
    amount: Amount = Decimal(0)
    rate: Rate = Decimal(0)
    at: Instant | None = None
    flag: bool = False
    items: tuple[int, ...] = ()
    inner: Inner = Inner()
    table: dict[str, int] = Field(default_factory=dict)

    @cached_property
    def twice(self) -> str:
        """What is derived from a field."""
        return self.text * 2


#: How an id begins and goes on.
ID = "a letter, a digit or _; letters, digits and _ - . : @ / + = follow"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        *(("id", given, f"it should begin with {ID}") for given in ("", " a", "=1+1")),
        ("id", "a" * 201, "it should have at most 200 characters"),
        ("name", "Aa", "it should begin with a small letter; letters, digits and _ follow"),
        ("path", "a..b", "it should be a field, as acv or customer.domain"),
        ("text", "", "it should not be empty, and hold no NUL"),
        ("text", "a\0", "it should not be empty, and hold no NUL"),
        ("text", 5, "it should be a text"),
        ("text", "a" * 501, "it should have at most 500 characters"),
        ("long", "a" * 20_001, "it should have at most 20000 characters"),
        ("currency", "eur", "it should be a currency, as USD"),
        ("amount", "x", "it should be a number"),
        ("amount", "0.00001", "it should have no more than 4 decimal places"),
        ("amount", "NaN", "it should be a finite number"),
        ("amount", "1e999999", "it should have no more than 19 digits in total"),
        ("rate", "100000000000000", "it should have no more than 12 digits in total"),
        (
            "at",
            datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None),
            "it should be a moment with its offset, as 2026-11-20T10:00:00+01:00",
        ),
        ("flag", "perhaps", "it should be true or false"),
        ("items", 5, "it should be a list"),
        ("inner", 5, "it should be a table"),
        ("table", 5, "it should be a table"),
        ("nothing", 5, "there is no such field"),
    ],
)
def test_what_does_not_fit_is_told_without_names_of_types(
    field: str, value: object, said: str
) -> None:
    """A value out of bounds is refused with its path, in words that a sales manager knows."""
    with pytest.raises(InvalidDataError) as caught:
        validated(Sample, {field: value}, "the sample")

    (problem,) = caught.value.problems
    assert (problem.path, problem.problem) == (field, said)


def test_a_lone_surrogate_is_refused() -> None:
    """Half of a character cannot be stored, and is no text."""
    with pytest.raises(InvalidDataError) as caught:
        validated(Sample, {"text": "\ud800"}, "the sample")

    assert caught.value.problems[0].path == "text"
    assert str(caught.value).encode()


def test_all_that_does_not_fit_is_named_at_once() -> None:
    """Every field that is wrong is a problem, with its dotted path."""
    with pytest.raises(InvalidDataError) as caught:
        validated(Sample, {"inner": {"count": "x", "more": 1}, "items": [1, "y"]}, "the sample")

    assert {problem.path for problem in caught.value.problems} == {
        "inner.count",
        "inner.more",
        "items.1",
    }


def test_a_missing_field_is_to_be_given() -> None:
    """A field without a default that is not there is missing, and the remedy is to give it."""

    class Needy(BaseModel):
        must: int

    with pytest.raises(ValidationError) as caught:
        Needy.model_validate({})

    (problem,) = problems_from(caught.value, "record")
    assert str(problem) == "record.must: it is missing. Give it."


def test_a_validators_own_words_are_kept() -> None:
    """What a host's validator says stands as it is, in the middle of a sentence."""

    class Strict(BaseModel):
        even: Annotated[int, Field(multiple_of=2)]

    with pytest.raises(ValidationError) as caught:
        Strict.model_validate({"even": 3})

    assert str(problems_from(caught.value)[0]) == (
        "even: it should be a multiple of 2. Given was `3`."
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param("acept", "`acept`", id="a text"),
        pytest.param("x" * 61, f"`{'x' * 60}...`", id="a long text is cut"),
        pytest.param("a\0b\nc", "`a\\x00b\\nc`", id="what cannot be printed is escaped"),
        pytest.param("\ud800", "`\\ud800`", id="a lone surrogate is escaped"),
        pytest.param({"a": 1}, "a table", id="a table"),
        pytest.param(Inner(), "a table", id="a model"),
        pytest.param([1], "a list", id="a list"),
        pytest.param({1}, "a list", id="a set"),
        pytest.param(10**5000, "a very long number", id="a number that Python will not write"),
        pytest.param(None, "`None`", id="nothing"),
        pytest.param(True, "`True`", id="a truth value"),
    ],
)
def test_what_was_given_is_shown_short_and_printable(value: object, text: str) -> None:
    """Whatever was given, it can be shown in one line of bounded length."""
    assert shown_input(value) == text


@given(st.text())
def test_any_text_can_be_shown(text: str) -> None:
    """What is shown can be printed anywhere and stays short."""
    shown = shown_input(text)

    assert shown.isprintable()
    assert shown.encode()
    assert len(shown) <= 62 * 10


class TestModel:
    """Models are values."""

    def test_it_is_frozen(self) -> None:
        """No field can be set."""
        with pytest.raises(ValidationError):
            Sample().text = "b"  # type: ignore[misc]  # that is the point

    def test_what_is_trusted_equals_what_is_validated(self) -> None:
        """An instance made of validated parts is like any other."""
        sample = Sample(text="b")
        trusted = trusting(Sample)({**sample.__dict__})

        assert trusted == sample
        assert trusted.model_dump() == sample.model_dump()
        assert trusted.model_copy(update={"text": "c"}).text == "c"
        assert pickle.loads(pickle.dumps(trusted)) == sample  # noqa: S301 - our own bytes
        assert trusted.model_fields_set == set(Sample.model_fields)

    @pytest.mark.parametrize("how", [copy, deepcopy, lambda value: value.model_copy()])
    def test_a_copy_derives_anew(self, how: Any) -> None:
        """What was derived from a field does not come along: the copy may have another."""
        sample = Sample(text="b")
        assert sample.twice == "bb"

        assert how(sample) == sample
        assert "twice" not in how(sample).__dict__
        assert sample.model_copy(update={"text": "c"}).twice == "cc"

    def test_the_marker_of_personal_data_reads_as_it_is_imported(self) -> None:
        """The marker shows as its own name."""
        assert repr(PERSONAL) == "PERSONAL"
