"""Laws that hold for every model of the field, by walking all of them."""

from __future__ import annotations

import json
import pickle
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

import cosell.models
from cosell._base import Model
from cosell.models import NOT_STARTED, Approval, Deal, Opportunity, Part, Record
from cosell.money import Money
from model_samples import LEFT_OUT, MODELS, all_fields, bare, filled, instances, leaves, own_fields

EVERY_MODEL = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
LEAVES = [
    pytest.param(leaf, id=f"{model.__name__}.{name}")
    for model in MODELS
    for name, hint in own_fields(model).items()
    for leaf in leaves(hint)
    if model is not Record
    if not (isinstance(bare(leaf), type) and issubclass(bare(leaf), BaseModel))
]
#: The scalar types a field may have. There are no floats, and no moments without a zone.
SCALARS = {bool, int, str, date, datetime, Decimal}


def fits(leaf: Any, value: Any) -> bool:
    try:
        TypeAdapter(leaf).validate_python(value)
    except ValidationError:
        return False
    return True


def pickled(instance: Model) -> object:
    return pickle.loads(pickle.dumps(instance))  # noqa: S301 - our own bytes


def leaves_of_type(*kinds: type) -> list[Any]:
    return [param for param in LEAVES if bare(param.values[0]) in kinds]


def derived(model: type[BaseModel]) -> Iterator[tuple[str, property]]:
    for name in dir(model):
        found = getattr(model, name, None)
        if (
            isinstance(found, property)
            and not name.startswith("_")
            and not name.startswith("model")
        ):
            yield name, found


DERIVED = [
    pytest.param(model, name, found, id=f"{model.__name__}.{name}")
    for model in MODELS
    for name, found in derived(model)
]


@EVERY_MODEL
def test_a_model_is_frozen(model: type[Model]) -> None:
    """No field of an instance can be set, by declaration on each class."""
    instance = filled(model)

    with pytest.raises(ValidationError, match="frozen"):
        setattr(instance, next(iter(model.model_fields)), None)
    assert model.model_config["frozen"] is True


@EVERY_MODEL
def test_a_model_refuses_unknown_fields(model: type[Model]) -> None:
    """A field that the model does not know is refused, and named."""
    with pytest.raises(ValidationError, match="no_such_field"):
        model.model_validate({**filled(model).__dict__, "no_such_field": 1})


@EVERY_MODEL
def test_a_model_says_what_each_field_means(model: type[Model]) -> None:
    """Each field that a model declares stands in its docstring."""
    assert model.__doc__
    assert model.__doc__ is not Model.__doc__
    described = set(re.findall(r"^\s+(\w+): ", model.__doc__, re.MULTILINE))
    assert described == set(model.__annotations__)


@EVERY_MODEL
def test_a_model_has_a_json_schema(model: type[Model]) -> None:
    """Its JSON Schema can be built and written as JSON, and refuses unknown fields."""
    schema = model.model_json_schema()

    assert json.loads(json.dumps(schema)) == schema
    assert schema["additionalProperties"] is False
    assert set(schema["properties"]) == set(model.model_fields)


@EVERY_MODEL
def test_a_full_instance_survives_json_and_pickle(model: type[Model]) -> None:
    """With every field recorded, JSON and pickle give the same instance again."""
    instance = filled(model)

    assert model.model_validate_json(instance.model_dump_json()) == instance
    assert model.model_validate(instance.model_dump()) == instance
    assert pickled(instance) == instance
    assert hash(pickled(instance)) == hash(instance)


@given(st.sampled_from(MODELS).flatmap(instances))
def test_any_instance_survives_json_and_pickle(instance: Model) -> None:
    """With some fields missing, JSON and pickle give the same instance again."""
    model = type(instance)

    assert model.model_validate_json(instance.model_dump_json()) == instance
    assert pickled(instance) == instance


@EVERY_MODEL
def test_lists_and_groups_are_never_missing(model: type[Model]) -> None:
    """A list is empty and a group blank by default, and neither can be missing (MK-26)."""
    for name, hint in own_fields(model).items():
        if name in LEFT_OUT:
            continue
        kinds = [bare(leaf) for leaf in leaves(hint)]
        optional = type(None) in get_args(hint)
        if get_origin(hint) is tuple:
            assert model.model_fields[name].get_default() == (), name
        elif any(issubclass(k, Model) and k is not Money for k in kinds if isinstance(k, type)):
            assert not optional, name
            assert model.model_fields[name].get_default(call_default_factory=True) == kinds[0]()


@EVERY_MODEL
def test_lists_hold_flat_records(model: type[Model]) -> None:
    """The items of a list have no lists or groups of their own; the language sees one item."""
    for name, hint in all_fields(model).items():
        if get_origin(hint) is not tuple or name in LEFT_OUT:
            continue
        (item,) = leaves(hint)
        assert issubclass(item, Model)
        for inner, part in all_fields(item).items():
            if (item, inner) == (Approval, "covered"):
                continue  # what an answer was given for is compared by cosell, and read by no rule
            kinds = [bare(leaf) for leaf in leaves(part)]
            assert get_origin(part) is not tuple, (name, inner)
            assert not any(
                isinstance(k, type) and issubclass(k, Model) and k is not Money for k in kinds
            )


@EVERY_MODEL
def test_a_question_may_be_unanswered(model: type[Model]) -> None:
    """A yes or no that a person answers is missing by default, never no."""
    settled = {"open_ended"}
    for name, hint in own_fields(model).items():
        if bool in [bare(leaf) for leaf in leaves(hint)] and name not in settled:
            assert type(None) in get_args(hint), name
            assert model.model_fields[name].default is None


@EVERY_MODEL
def test_names_say_what_kind_of_time_they_hold(model: type[Model]) -> None:
    """A moment ends in ``_at`` and a day in ``_on``; an interval says from and until."""
    moments = {"at", "protected_from", "protected_until"}
    days = {"on", "valid_from", "valid_until"}
    for name, hint in own_fields(model).items():
        kinds = {bare(leaf) for leaf in leaves(hint)}
        if datetime in kinds:
            assert name.endswith("_at") or name in moments
        if date in kinds:
            assert name.endswith("_on") or name in days


@pytest.mark.parametrize("leaf", LEAVES)
def test_a_scalar_is_of_a_known_kind(leaf: Any) -> None:
    """Scalars are labels, yes or no, numbers, texts, days and moments; there are no floats."""
    assert get_origin(bare(leaf)) is Literal or bare(leaf) in SCALARS


@pytest.mark.parametrize("leaf", leaves_of_type(str))
def test_a_text_is_bounded(leaf: Any) -> None:
    """No text may be endless, empty or hold NUL."""
    assert not fits(leaf, "a" * 20_001)
    assert not fits(leaf, "")
    assert not fits(leaf, "a\x00b")
    assert not fits(leaf, "\ud800")


@pytest.mark.parametrize("leaf", leaves_of_type(int, Decimal))
def test_a_number_is_bounded(leaf: Any) -> None:
    """No number is beyond 64 bits, infinite or not a number."""
    for value in (10**19, -(10**19), Decimal("1e999999"), Decimal("NaN"), Decimal("Infinity")):
        assert not fits(leaf, value)


@pytest.mark.parametrize("leaf", leaves_of_type(datetime))
def test_a_moment_has_a_zone(leaf: Any) -> None:
    """A moment without a zone is refused."""
    assert fits(leaf, datetime(2026, 3, 2, 12, tzinfo=UTC))
    assert not fits(leaf, datetime(2026, 3, 2, 12))  # noqa: DTZ001 - the case


@pytest.mark.parametrize(("model", "name", "found"), DERIVED)
def test_a_derived_field_is_typed_and_says_what_it_is(
    model: type[Model], name: str, found: property
) -> None:
    """It has a return annotation and a docstring, and gives that type with all or nothing known."""
    assert found.fget is not None
    assert found.fget.__doc__
    hint = get_type_hints(found.fget)["return"]

    values = [getattr(filled(model), name)]
    if not any(field.is_required() for field in model.model_fields.values()):
        values.append(getattr(model(), name))

    for value in values:
        TypeAdapter(hint).validate_python(value, strict=True)


class TestTakingAValueAway:
    """The law of unknowns, for derived fields: taking a value away never turns no into yes.

    Days on which something was ended are left out: without one, it was not (MK-34).
    """

    kept = frozenset({"ended_on", "open_ended", "zone"})

    @given(
        st.sampled_from(sorted({param.values[0] for param in DERIVED}, key=lambda m: m.__name__)),
        st.data(),
    )
    def test_a_missing_value_is_not_a_yes(self, model: type[Model], data: st.DataObject) -> None:
        """Whatever scalar is taken away, what was no or missing does not become yes."""
        whole = data.draw(instances(model))
        less = data.draw(st.sampled_from(list(self.without_one(whole)) or [whole]))

        for name, found in derived(model):
            assert found.fget is not None
            if get_type_hints(found.fget)["return"] == bool | None:
                assert getattr(less, name) is not True or getattr(whole, name) is True, name

    def without_one(self, whole: Model) -> Iterator[Model]:
        for name in type(whole).model_fields:
            value = getattr(whole, name)
            if isinstance(value, Model) and not isinstance(value, Money):
                for part in self.without_one(value):
                    yield whole.model_copy(update={name: part})
            elif isinstance(value, tuple):
                for index, item in enumerate(value):
                    for part in self.without_one(item):
                        items = (*value[:index], part, *value[index + 1 :])
                        yield whole.model_copy(update={name: items})
            elif self._can_be_missing(type(whole), name) and value is not None:
                yield whole.model_copy(update={name: None})

    def _can_be_missing(self, model: type[Model], name: str) -> bool:
        hint = all_fields(model)[name]
        inner = (
            get_args(hint)[0]
            if get_origin(hint) not in (Union, UnionType) and get_args(hint)
            else hint
        )
        return name not in self.kept and type(None) in (*get_args(hint), *get_args(inner))


def test_parts_of_an_opportunity_have_not_started() -> None:
    """A part is never missing: nobody began, so its stage is ``not_started`` (MK-26)."""
    opportunity = Opportunity(id="o-1")
    parts = {
        name: value
        for name in Opportunity.model_fields
        if isinstance(value := getattr(opportunity, name), Part)
    }

    assert set(parts) >= {
        "poc",
        "mdp",
        "security_review",
        "trial",
        "quote",
        "order_form",
        "contract",
    }
    assert {part.stage for part in parts.values()} == {NOT_STARTED}


def test_blank_groups_are_shared() -> None:
    """Blank parts are one frozen instance, so that an empty deal costs nothing."""
    assert Opportunity(id="o-1").poc is Opportunity(id="o-2").poc


def test_everything_public_is_exported() -> None:
    """Every model of the package can be imported from it, once and in order."""
    names = cosell.models.__all__

    assert len(set(names)) == len(names)
    assert set(vars(cosell.models)) >= set(names)
    modules = {model.__module__ for model in MODELS}
    assert Deal in MODELS
    assert all(module.startswith("cosell.models.") for module in modules)
