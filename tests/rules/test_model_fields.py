"""The static types of a model's fields: what an annotation means (cosell.rules.fields)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, StrEnum
from functools import cached_property
from typing import Annotated, Any, Literal

import pytest
from pydantic import AwareDatetime, BaseModel, Field, computed_field

from cosell._base import Amount, Instant, Model, Rate
from cosell.errors import ExpressionError
from cosell.money import Money
from cosell.rules import Scope, check, compile_value
from cosell.rules.fields import names_in, step_of
from cosell.rules.types import Kind


class Colour(StrEnum):
    RED = "red"


class Mixed(str, Enum):
    ONE = "one"


class Inner(BaseModel):
    name: str | None = None


class Held(BaseModel):
    """A host's own model, with every kind of field; it is not one of cosell's."""

    flag: bool
    maybe_flag: bool | None = None
    whole: int = 0
    bounded: Annotated[int, Field(ge=0, le=999)] = 0
    open_bounds: Annotated[int, Field(gt=-10_000, lt=10)] = 0
    one_bound: Annotated[int, Field(ge=0)] = 0
    huge_bounds: Annotated[int, Field(ge=0, le=10**30)] = 0
    amount: Amount = Decimal(0)
    maybe_amount: Amount | None = None
    rate: Rate = Decimal(0)
    own_decimal: Decimal = Field(default=Decimal(0), max_digits=5, decimal_places=1)
    money: Money | None = None
    text: str = ""
    named: Annotated[str, Field(max_length=5)] = ""
    label: Literal["a", "b"] = "a"
    colour: Colour = Colour.RED
    day: date | None = None
    moment: Instant | None = None
    aware: AwareDatetime | None = None
    inner: Inner = Inner()
    maybe_inner: Inner | None = None
    many: tuple[Inner, ...] = ()
    many_listed: list[Inner] = []
    many_in_a_row: Sequence[Inner] = ()
    labels: tuple[Literal["x", "y"], ...] = ()
    # What expressions do not have.
    floating: float = 0.0
    loose: Decimal = Decimal(0)
    half_bound: Decimal = Field(default=Decimal(0), max_digits=5)
    wide: Decimal = Field(default=Decimal(0), max_digits=40, decimal_places=2)
    naive: datetime | None = None
    table: Mapping[str, int] = {}
    either: int | str = 0
    numbers: Literal[1, 2] = 1
    mixed: Mixed = Mixed.ONE
    pair: tuple[int, int] = (1, 2)
    bare: tuple = ()  # type: ignore[type-arg] - the annotation that is tested
    nested: tuple[tuple[int, ...], ...] = ()
    gaps: tuple[int | None, ...] = ()
    anything: Any = None

    @property
    def derived(self) -> Amount | None:
        return None

    @cached_property
    def kept(self) -> bool:
        return True

    @computed_field  # type: ignore[prop-decorator] - pydantic's own way to write it
    @property
    def shown(self) -> datetime:
        return datetime(2026, 1, 1).astimezone()

    @property
    def bare_property(self):  # type: ignore[no-untyped-def] # noqa: ANN201 - tested: no annotation
        return 1

    @property
    def unresolved(self) -> Nowhere:  # type: ignore[name-defined] # noqa: F821 - tested: no such name
        return 1

    @property
    def loose_property(self) -> Decimal:
        return Decimal(1)

    def method(self) -> bool:
        return True

    @property
    def _hidden(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("name", "kind", "size", "optional"),
    [
        ("flag", Kind.BOOL, (0, 0), False),
        ("maybe_flag", Kind.BOOL, (0, 0), True),
        ("whole", Kind.INT, (19, 0), False),
        ("bounded", Kind.INT, (3, 0), False),
        ("open_bounds", Kind.INT, (5, 0), False),
        ("one_bound", Kind.INT, (19, 0), False),
        ("huge_bounds", Kind.INT, (19, 0), False),
        ("amount", Kind.DECIMAL, (19, 4), False),
        ("maybe_amount", Kind.DECIMAL, (19, 4), True),
        ("rate", Kind.DECIMAL, (12, 8), False),
        ("own_decimal", Kind.DECIMAL, (5, 1), False),
        ("money", Kind.MONEY, (19, 4), True),
        ("text", Kind.TEXT, (0, 0), False),
        ("named", Kind.TEXT, (0, 0), False),
        ("label", Kind.LABEL, (0, 0), False),
        ("colour", Kind.LABEL, (0, 0), False),
        ("day", Kind.DATE, (0, 0), True),
        ("moment", Kind.INSTANT, (0, 0), True),
        ("aware", Kind.INSTANT, (0, 0), True),
        ("inner", Kind.MODEL, (0, 0), False),
        ("maybe_inner", Kind.MODEL, (0, 0), True),
        ("many", Kind.LIST, (0, 0), False),
        ("many_listed", Kind.LIST, (0, 0), False),
        ("many_in_a_row", Kind.LIST, (0, 0), False),
        ("labels", Kind.LIST, (0, 0), False),
        ("derived", Kind.DECIMAL, (19, 4), True),
        ("kept", Kind.BOOL, (0, 0), False),
        ("shown", Kind.INSTANT, (0, 0), False),
    ],
)
def test_an_annotation_is_a_type(
    name: str, kind: Kind, size: tuple[int, int], *, optional: bool
) -> None:
    """A field has the type, the bounds and the optionality of its annotation."""
    step = step_of(Held, name)

    assert step is not None
    assert (step.type.kind, step.optional) == (kind, optional)
    assert (step.type.digits, step.type.places) == size


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("floating", "`floating` is a float"),
        ("loose", "`loose` is a decimal without bounds"),
        ("half_bound", "`half_bound` is a decimal without bounds"),
        ("wide", "`wide` has 40 digits"),
        ("naive", "`naive` may have no time zone"),
        ("table", "`table` has a type that expressions do not have"),
        ("either", "`either` has a type that expressions do not have"),
        ("numbers", "`numbers` has a type that expressions do not have"),
        ("mixed", "`mixed` has a type that expressions do not have"),
        ("pair", "`pair` has a type that expressions do not have"),
        ("bare", "`bare` has a type that expressions do not have"),
        ("nested", "`nested` has a type that expressions do not have"),
        ("gaps", "`gaps` has a type that expressions do not have"),
        ("anything", "`anything` has a type that expressions do not have"),
        ("bare_property", "`bare_property` is a property whose return annotation is missing"),
        ("unresolved", "`unresolved` is a property whose return annotation is missing"),
        ("loose_property", "`loose_property` is a decimal without bounds"),
        ("method", "there is no field `method`"),
        ("model_fields", "there is no field `model_fields`"),
        ("_hidden", "there is no field `_hidden`"),
        ("__class__", "there is no field `__class__`"),
    ],
)
def test_a_field_that_no_expression_can_read(name: str, problem: str) -> None:
    """A field of another type is refused where it is used, with what to do; others are fine."""
    with pytest.raises(ExpressionError) as caught:
        check(f"{name} == 1", Scope(Held))

    assert caught.value.problem.startswith(problem)


def test_names_are_fields_and_derived_fields() -> None:
    """Names are those of fields and of properties; nothing of pydantic's own is one."""
    names = names_in(Held)

    assert {"flag", "derived", "kept", "shown"} <= names
    assert not any(name.startswith(("_", "model_")) for name in names)


class Early(Model, frozen=True):
    """A model that names one that is defined after it."""

    later: Later | None = None


class Later(Model, frozen=True):
    """Defined after what names it."""

    count: int = 5


def test_a_model_may_name_a_later_one() -> None:
    """Annotations that could not be resolved at first are resolved when they are needed."""
    value = compile_value("later.count", Scope(Early)).value
    call = Early(later=Later()), None, None, None, None, None

    assert value(*call) == 5


def test_a_host_model_is_read_like_any_other() -> None:
    """Lists, sequences and models of a host are read as its own model holds them."""
    record = Held(flag=True, many_listed=[Inner(name="a"), Inner()], many_in_a_row=[Inner()])
    scope = Scope(Held)

    def value(text: str) -> object:
        fast = compile_value(text, scope).value
        slow = compile_value(text, scope, generated=False).value
        found = fast(record, None, None, None, None, None)
        assert slow(record, None, None, None, None, None) == found
        return found

    assert value("count(recorded(i.name) for i in many_listed)") == 1
    assert value("count(True for i in many_in_a_row)") == 1
    assert value("kept and colour == 'red'") is True
