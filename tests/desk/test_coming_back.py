"""What a desk answers is what it gives again: what would come back otherwise is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

import pytest
from pydantic import BaseModel, Field, computed_field, field_serializer

from cosell.engine import fold
from cosell.errors import InvalidDataError
from cosell.models.record import Record
from cosell.stores import MemoryStore
from desk_kit import DESKS
from process_samples import DAY, NOON, SELLER, bound_of, one_move

TEXT: Final = one_move("tiny", "Deal") + 'inputs = [{ path = "when" }, { path = "bag" }]'


class Strict(BaseModel, frozen=True, strict=True):
    """A model that takes no text for a day."""

    on: date | None = None


class Filled(BaseModel, frozen=True):
    """A part in which empty is not the default."""

    note: str | None = "none yet"


class Written(BaseModel, frozen=True):
    """A part that is written in a way in which it is not read."""

    on: date | None = None

    @field_serializer("on")
    def _short(self, value: date | None) -> str | None:
        return value and f"{value:%d.%m.}"


class Deal(Record, frozen=True):
    """A host's model whose types leave much open."""

    name: str | None = None
    when: date | str | None = None
    anything: Any = None
    bag: dict[str, Any] = Field(default_factory=dict)
    strict: Strict | None = None
    filled: Filled | None = None
    number: float | None = None
    written: Written | None = None

    @computed_field  # type: ignore[prop-decorator]  # as pydantic says
    @property
    def shown(self) -> str:
        """Stand in the JSON of the record."""
        return f"about {self.name}"


@pytest.fixture(params=sorted(DESKS))
def desk(request: pytest.FixtureRequest) -> Any:
    made: Callable[..., Any] = DESKS[request.param]
    return made([bound_of(TEXT, record=Deal)], MemoryStore())


OTHERWISE: Final = [
    pytest.param({"when": date(2026, 1, 1)}, "when", id="a day that may be a text"),
    pytest.param({"anything": date(2026, 1, 1)}, "anything", id="a day in a field of anything"),
    pytest.param({"bag": {"on": date(2026, 1, 1)}}, "bag", id="a day in a table of anything"),
    pytest.param({"bag": {"many": (1, 2)}}, "bag", id="a tuple in a table of anything"),
    pytest.param({"bag": {"share": 0.5}}, "bag", id="a float in a table of anything"),
    pytest.param({"filled": Filled(note=None)}, "filled", id="what is empty and is filled again"),
    pytest.param({"strict": Strict(on=date(2026, 1, 1))}, "strict.on", id="what is not read"),
    pytest.param({"written": Written(on=date(2026, 1, 1))}, "written.on", id="what is misread"),
]
SAME: Final = [
    pytest.param({"when": "soon"}, id="a text that may be a day"),
    pytest.param({"anything": "2026-01-01"}, id="a text in a field of anything"),
    pytest.param({"bag": {"on": "2026-01-01", "n": [1, None, {"a": True}]}}, id="plain values"),
    pytest.param({"filled": Filled(note="x")}, id="what is filled"),
    pytest.param({"strict": Strict()}, id="a strict model without a day"),
    pytest.param({"number": 0.5}, id="a float"),
    pytest.param({"name": "x"}, id="a text"),
]


@pytest.mark.parametrize(("data", "path"), OTHERWISE)
def test_what_would_come_back_otherwise_is_refused(
    desk: Any, data: dict[str, Any], path: str
) -> None:
    """Opened or edited, it is refused with the field named, and nothing is written."""
    desk.open(Deal(id="d-1"), actor=SELLER, at=NOON)
    for command in (
        lambda: desk.open(Deal(id="d-2", **data), actor=SELLER, at=NOON),
        lambda: desk.adopt(Deal(id="d-2", **data), stage="won", actor=SELLER, at=NOON),
        lambda: desk.change("d-1", {"name": "x", **data}, actor=SELLER, at=NOON, key="k"),
    ):
        with pytest.raises(InvalidDataError) as caught:
            command()
        assert [problem.path for problem in caught.value.problems] == [path]
    assert desk.load("d-1") == Deal.model_validate(desk.load("d-1"))
    assert (desk.load("d-1").version, len(desk.history("d-1"))) == (1, 1)


@pytest.mark.parametrize("data", SAME)
def test_what_comes_back_is_written(desk: Any, data: dict[str, Any]) -> None:
    """What was answered is what is loaded, and what the events add up to."""
    opened = desk.open(Deal(id="d-1", **data), actor=SELLER, at=NOON).record
    assert desk.load("d-1") == fold(Deal, desk.history("d-1")) == opened
    desk.open(Deal(id="d-2"), actor=SELLER, at=NOON)
    edited = desk.change("d-2", data, actor=SELLER, at=NOON).record
    assert desk.load("d-2") == fold(Deal, desk.history("d-2")) == edited
    won = desk.move("d-2", "win", actor=SELLER, at=NOON + DAY).record
    assert desk.load("d-2") == fold(Deal, desk.history("d-2")) == won


def test_the_data_of_a_move_is_compared_too(desk: Any) -> None:
    """Both fields are named, each with what to do."""
    desk.open(Deal(id="d-1"), actor=SELLER, at=NOON)
    data = {"when": date(2026, 1, 1), "bag": {"on": date(2026, 1, 1)}}
    with pytest.raises(InvalidDataError) as caught:
        desk.move("d-1", "win", actor=SELLER, at=NOON, data=data)
    said = {problem.path: str(problem) for problem in caught.value.problems}
    assert sorted(said) == ["bag", "when"]
    assert said["when"] == (
        "when: it would come back from the store as something else."
        " Give the field a type that JSON tells apart. Given was `2026-01-01`."
    )
    assert desk.load("d-1").stage == "fresh"


class NewDeal(Deal, frozen=True):
    """The model of the next version, with a field more."""

    more: Any = None


def test_a_record_that_gets_another_model_is_read_from_its_body() -> None:
    """Its events began with the model before, so that they are not folded with this one."""
    text = TEXT.replace("version = 1", "version = 2").replace(
        'id = "fresh" }', 'id = "fresh", fields = { name = "new" } }'
    )
    both = [bound_of(TEXT, record=Deal), bound_of(text, record=NewDeal)]
    store = MemoryStore()
    DESKS["desk"](both[:1], store).open(Deal(id="d-1"), actor=SELLER, at=NOON)
    after = DESKS["desk"](both, store)
    moved = after.migrate("d-1", to="tiny@2", actor=SELLER, at=NOON + DAY).record
    assert after.load("d-1") == moved
    assert type(moved) is NewDeal
