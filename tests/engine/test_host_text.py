"""Text in a host's own fields is held to the rule of cosell's own: every store can take it."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import pytest
from pydantic import BaseModel, Field, InstanceOf

from cosell import Desk, MemoryStore
from cosell.engine import Bound, adopt, apply, change, open_record
from cosell.errors import InvalidDataError
from cosell.models.record import Record
from process_samples import NOON, SELLER, bound_of, one_move

HALF: Final = "\ud800"
INPUTS: Final = """\
inputs = [{ path = "region" }, { path = "group.note" }, { path = "tags" }, { path = "table" }]
"""
TEXT: Final = one_move("tiny", "Deal") + INPUTS


class Group(BaseModel, frozen=True):
    """A group of fields, not of cosell's own base."""

    note: str | None = None


class Thing:
    """What has no form in JSON."""


class Deal(Record, frozen=True):
    """A host's model whose texts have no bounds."""

    region: str | None = None
    group: Group = Group()
    tags: tuple[str, ...] = ()
    marks: frozenset[str] = frozenset()
    table: dict[str, str] = Field(default_factory=dict)
    thing: InstanceOf[Thing] | None = None


@cache
def bound() -> Bound:
    return bound_of(TEXT, record=Deal)


def opened() -> Deal:
    return open_record(bound(), Deal(id="d-1"), actor=SELLER, at=NOON).record


@pytest.mark.parametrize(
    ("data", "path"),
    [
        pytest.param({"region": HALF}, "region", id="half a character in a field"),
        pytest.param({"region": "a\x00b"}, "region", id="a NUL in a field"),
        pytest.param({"group": {"note": HALF}}, "group.note", id="in a group"),
        pytest.param({"group": {"note": "\x00"}}, "group.note", id="a NUL in a group"),
        pytest.param({"tags": ("a", HALF)}, "tags.1", id="in a list"),
        pytest.param({"marks": {HALF}}, "marks.0", id="in a set"),
        pytest.param({"table": {"a": "\x00"}}, "table.a", id="in a table"),
        pytest.param({"table": {HALF: "a"}}, "table", id="in a key of a table"),
        pytest.param({"thing": Thing()}, "thing", id="what has no form in JSON at all"),
    ],
)
def test_what_no_store_takes_is_refused_by_every_command(data: dict[str, Any], path: str) -> None:
    """It is refused with the field named, whether it is opened, adopted or edited."""
    record = Deal.model_validate({"id": "d-1", **data})
    for command in (
        lambda: open_record(bound(), record, actor=SELLER, at=NOON),
        lambda: adopt(bound(), record, stage="won", actor=SELLER, at=NOON),
        lambda: change(bound(), opened(), data, actor=SELLER, at=NOON),
    ):
        with pytest.raises(InvalidDataError) as caught:
            command()
        assert [problem.path for problem in caught.value.problems] == [path]
        str(caught.value).encode()


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        ("region", HALF, "region"),
        ("group.note", "\x00", "group.note"),
        ("tags", [HALF], "tags.0"),
        ("table", {"a": HALF}, "table.a"),
    ],
)
def test_a_move_refuses_it_in_its_data(path: str, value: Any, place: str) -> None:
    """Data of a move is a write like another."""
    with pytest.raises(InvalidDataError) as caught:
        apply(bound(), opened(), "win", actor=SELLER, at=NOON, data={path: value})
    assert [problem.path for problem in caught.value.problems] == [place]


def test_everything_wrong_is_told_at_once() -> None:
    """Each field is named, with what it holds and what to do."""
    data = {"region": HALF, "tags": ["\x00", "fine"], "table": {"a": "fine"}}
    with pytest.raises(InvalidDataError) as caught:
        change(bound(), opened(), data, actor=SELLER, at=NOON)
    assert [str(problem) for problem in caught.value.problems] == [
        (
            r"region: it should hold whole characters, and holds half of one."
            r" Take it out. Given was `\ud800`."
        ),
        r"tags.0: it should hold no NUL. Take it out. Given was `\x00`.",
    ]


@pytest.mark.parametrize("text", ["", "č 🎉", "\\u0000", "a\nb\x01", "\U0010ffff"])
def test_other_text_is_written_as_it_is(text: str) -> None:
    """Whole characters are free, and so is a text that only spells a NUL."""
    data = {"region": text, "group.note": text, "tags": [text], "table": {text: text}}
    edited = change(bound(), opened(), data, actor=SELLER, at=NOON).record
    assert (edited.region, edited.group.note, edited.tags) == (text, text, (text,))


def test_a_desk_writes_nothing_of_it() -> None:
    """What is refused leaves the stored record as it was."""
    desk = Desk([bound()], MemoryStore())
    desk.open(Deal(id="d-1", region="north"), actor=SELLER, at=NOON)
    with pytest.raises(InvalidDataError, match="region"):
        desk.change("d-1", {"tags": ["a"], "region": HALF}, actor=SELLER, at=NOON)
    assert (desk.load("d-1").version, len(desk.history("d-1"))) == (1, 1)
