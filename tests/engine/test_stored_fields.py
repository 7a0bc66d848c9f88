"""A model that a store would not give back is refused when a process is bound with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, NewType
from uuid import UUID

import pytest
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    Secret,
    SecretBytes,
    SecretStr,
    StringConstraints,
    computed_field,
    create_model,
    field_serializer,
    field_validator,
)

import cosell.models
from cosell._base import PERSONAL, Amount, Text
from cosell.engine.stored_fields import is_in_doubt, problems_in_fields
from cosell.errors import DefinitionError
from cosell.models.record import Record
from cosell.money import Money
from process_samples import TINY, bound_of


class Color(StrEnum):
    """Labels."""

    RED = "red"


class Level(IntEnum):
    """Numbers with names."""

    LOW = 1


class Odd(Enum):
    """A label that JSON does not have."""

    ODD = (1, 2)


class Thing:
    """What pydantic does not know."""


class Tree(BaseModel, frozen=True):
    """A model that holds itself."""

    name: str | None = None
    under: tuple[Tree, ...] = ()


class Early(BaseModel, frozen=True):
    """A model that names one which comes later."""

    later: Later | None = None


class Later(BaseModel, frozen=True):
    """It comes later."""

    token: SecretStr | None = None


class Strict(BaseModel, frozen=True, strict=True):
    """A model that takes no text for a day."""

    on: date | None = None


class Shouting(BaseModel, frozen=True):
    """A model with code of the host's own."""

    name: str | None = None

    @field_validator("name")
    @classmethod
    def _loud(cls, value: str | None) -> str | None:
        return value and value.upper()


class Written(BaseModel, frozen=True):
    """A model that is written in a way of its own."""

    on: date | None = None

    @field_serializer("on")
    def _short(self, value: date | None) -> str | None:
        return value and f"{value:%d.%m.}"


class Computed(BaseModel, frozen=True):
    """A part with a computed field."""

    name: str | None = None

    @computed_field  # type: ignore[prop-decorator]  # as pydantic says
    @property
    def shown(self) -> str:
        """Stand in the JSON."""
        return f"about {self.name}"


class Filled(BaseModel, frozen=True):
    """A part in which empty is not the default."""

    note: str | None = "none yet"


class Named(BaseModel, frozen=True, validate_by_name=True):
    """A part with an alias, which is read by its name as well."""

    note: str | None = Field(default=None, alias="Note")


class Hidden(BaseModel, frozen=True):
    """A part of which something is left out."""

    token: SecretStr | None = None
    note: str | None = Field(default=None, exclude=True)


def model_with(annotation: Any, field: Any = None) -> type[Record]:
    """Return a host's model with one field of its own."""
    made = create_model(
        "OurDeal",
        __base__=Record,
        __config__=None,
        own=(annotation, Field(default=None) if field is None else field),
    )
    made.model_config = ConfigDict(**made.model_config, arbitrary_types_allowed=True)
    return made


class Loose(Record, frozen=True, arbitrary_types_allowed=True):
    """A model with a field that pydantic passes on as it is."""

    thing: Thing | None = None


class Told(Record, frozen=True):
    """A record with a computed field, which is not stored."""

    name: str | None = None

    @computed_field  # type: ignore[prop-decorator]  # as pydantic says
    @property
    def shown(self) -> str:
        """Stand in the JSON."""
        return f"about {self.name}"


NEVER = [
    pytest.param(SecretStr | None, None, "OurDeal.own", "a secret", id="a secret text"),
    pytest.param(SecretBytes | None, None, "OurDeal.own", "a secret", id="secret bytes"),
    pytest.param(Secret[int] | None, None, "OurDeal.own", "a secret", id="a secret number"),
    pytest.param(bytes | None, None, "OurDeal.own", "bytes", id="bytes"),
    pytest.param(
        tuple[bytes, ...], Field(default=()), "OurDeal.own", "bytes", id="a list of bytes"
    ),
    pytest.param(dict[str, bytes] | None, None, "OurDeal.own", "bytes", id="a table of bytes"),
    pytest.param(
        Annotated[bytes, PERSONAL] | None, None, "OurDeal.own", "bytes", id="marked bytes"
    ),
    pytest.param(
        date | SecretStr | None, None, "OurDeal.own", "a secret", id="one of several types"
    ),
    pytest.param(
        str | None, Field(default=None, exclude=True), "OurDeal.own", "left out", id="excluded"
    ),
    pytest.param(
        str | None, Field(default=None, alias="Own"), "OurDeal.own", "an alias", id="an alias"
    ),
    pytest.param(
        str | None,
        Field(default=None, validation_alias="Own"),
        "OurDeal.own",
        "an alias",
        id="an alias to read by",
    ),
    pytest.param(
        str | None,
        Field(default=None, serialization_alias="Own"),
        "OurDeal.own",
        "an alias",
        id="an alias to write by",
    ),
    pytest.param(Hidden | None, None, "Hidden.token", "a secret", id="a secret in a group"),
    pytest.param(tuple[Hidden, ...], Field(default=()), "Hidden.note", "left out", id="in a list"),
]


@pytest.mark.parametrize(("annotation", "field", "where", "why"), NEVER)
def test_a_field_that_no_store_gives_back_is_refused(
    annotation: Any, field: Any, where: str, why: str
) -> None:
    """The error names model and field, says why, and what to do."""
    with pytest.raises(DefinitionError) as caught:
        bound_of(TINY, record=model_with(annotation, field))
    told = [each for each in caught.value.problems if f"`{where}`" in each.problem]
    assert len(told) == 1
    assert why in told[0].problem
    assert told[0].remedy.endswith(".")


def test_models_that_come_later_are_looked_into() -> None:
    """A name that was not known yet when the model was written is followed."""
    assert [each.problem.split()[0] for each in problems_in_fields(Early)] == ["`Later.token`"]


def test_an_object_is_refused() -> None:
    """What pydantic passes on as it is has no form in JSON."""
    with pytest.raises(DefinitionError, match=r"`Loose\.thing` holds objects .* Use texts"):
        bound_of(TINY, record=Loose)


def test_every_field_is_named_at_once() -> None:
    """All that is wrong is one error."""
    assert [each.problem.split()[0] for each in problems_in_fields(Hidden)] == [
        "`Hidden.token`",
        "`Hidden.note`",
    ]


@pytest.mark.parametrize(
    "annotation",
    [
        str,
        Text,
        int,
        bool,
        date,
        AwareDatetime,
        time,
        timedelta,
        UUID,
        Decimal,
        Amount,
        Money,
        Color,
        Level,
        Tree,
        Literal["a", 1],
        Annotated[int, Field(ge=0)],
        Annotated[str, StringConstraints(max_length=3)],
        Annotated[Text, PERSONAL],
        tuple[str, ...],
        tuple[str, int],
        list[int],
        frozenset[str],
        Sequence[date],
        dict[str, int],
        Mapping[str, tuple[Money, ...]],
        cosell.models.Customer,
    ],
    ids=str,
)
def test_types_that_come_back_are_free(annotation: Any) -> None:
    """They are neither refused nor in doubt, with or without being missing."""
    for each in (annotation, annotation | None):
        found = model_with(each)
        assert list(problems_in_fields(found)) == []
        assert not is_in_doubt(found)


@pytest.mark.parametrize(
    "annotation",
    [
        pytest.param(Any, id="anything"),
        pytest.param(object, id="any object"),
        pytest.param(dict[str, Any], id="a table of anything"),
        pytest.param(date | str, id="a day or a text"),
        pytest.param(tuple[date | str, ...], id="in a list"),
        pytest.param(float, id="a float, which need not be a number"),
        pytest.param(Path, id="another type that pydantic knows"),
        pytest.param(Odd, id="labels that JSON does not have"),
        pytest.param(Literal[b"a"], id="a literal that JSON does not have"),
        pytest.param(Callable[[], int], id="a function"),
        pytest.param(NewType("Region", str), id="a type with a name of its own"),
        pytest.param(Strict, id="a strict model"),
        pytest.param(Shouting, id="a model with a validator"),
        pytest.param(Written, id="a model with a serializer"),
        pytest.param(Computed, id="a part with a computed field"),
        pytest.param(Filled, id="a part in which empty is not the default"),
        pytest.param(Named, id="a part that is read by its name as well"),
        pytest.param(Annotated[str, AfterValidator(lambda x: x)], id="a validator beside it"),
        pytest.param(Annotated[str, PlainSerializer(lambda x: x)], id="a serializer beside it"),
        pytest.param(Annotated[date, Field(strict=True)], id="strict beside it"),
    ],
)
def test_types_that_do_not_tell_are_in_doubt(annotation: Any) -> None:
    """They may be bound, and what is written is compared."""
    found = model_with(annotation | None if annotation is not object else object)
    assert list(problems_in_fields(found)) == []
    assert is_in_doubt(found)


def test_a_computed_field_of_a_record_is_no_doubt() -> None:
    """It is not stored, so that nothing of it can come back otherwise."""
    assert not is_in_doubt(Told)


def test_every_model_that_ships_comes_back() -> None:
    """None of cosell's own models is refused or in doubt."""
    models = [getattr(cosell.models, name) for name in cosell.models.__all__]
    shipped = [each for each in models if isinstance(each, type) and issubclass(each, BaseModel)]
    assert len(shipped) > 50
    assert [each for each in shipped if is_in_doubt(each)] == []
