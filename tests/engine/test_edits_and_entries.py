"""Records enter a process whole, and are edited whole or not at all."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from cosell.engine import Bound, WrongProcessError, adopt, apply, change, fold, open_record
from cosell.engine.paths import read_path
from cosell.errors import (
    EditRefusedError,
    InvalidDataError,
    NaiveDatetimeError,
    OutOfOrderError,
    UnknownNameError,
)
from cosell.events import EventKind
from cosell.models import Lead, Opportunity
from cosell.models.record import Record
from cosell.money import Money
from drawn_processes import bounds, contents
from process_samples import BOSS, DAY, NOON, RICH, SELLER, TINY, bound_of

Data = dict[str, Any]


@cache
def rich() -> Bound:
    return bound_of(RICH)


def deal(stage: str = "accepted", **fields: Any) -> Opportunity:
    """Return a deal that was adopted where the case needs it."""
    content = {"id": "o-1", "acv": "1 USD", "customer": {"domain": "acme.example"}, **fields}
    record = Opportunity.model_validate(content)
    return adopt(rich(), record, stage=stage, actor=SELLER, at=NOON).record


class TestChange:
    """An edit changes fields, and nothing else (BX-43)."""

    def test_it_is_an_event_of_its_own(self) -> None:
        """The stage stays, the version grows, the trail does not; values are as in the record."""
        before = deal()
        edited = change(
            rich(), before, {"acv": "5 USD", "plan": "pro"}, actor=SELLER, at=NOON, reason="Asked."
        )

        assert (edited.record.acv, edited.record.plan) == (Money.parse("5 USD"), "pro")
        assert (edited.record.stage, edited.record.version) == ("accepted", 2)
        assert edited.record.trail == before.trail
        assert edited.event.kind is EventKind.CHANGED
        assert edited.event.changes == {"acv": Money.parse("5 USD"), "plan": "pro"}
        assert edited.event.reason == "Asked."
        assert before.acv == Money.parse("1 USD")

    def test_a_field_can_be_cleared(self) -> None:
        """``None`` takes a value away, and the event says so."""
        edited = change(rich(), deal(), {"acv": None}, actor=SELLER, at=NOON)

        assert edited.record.acv is None
        assert edited.event.changes == {"acv": None}

    def test_deep_fields_are_written_beside_the_others(self) -> None:
        """What stands beside a deep field stays."""
        edited = change(rich(), deal(), {"customer.employees": 5}, actor=SELLER, at=NOON)

        assert edited.record.customer.employees == 5
        assert edited.record.customer.domain == "acme.example"

    @pytest.mark.parametrize(
        ("stage", "data", "problems"),
        [
            pytest.param(
                "won",
                {"acv": "2 USD", "customer.domain": "x.example", "plan": "pro"},
                [
                    "acv: `acv` is locked while in `won`. Ask the boss.",
                    "customer.domain: `customer.domain` is locked while in `won`. Ask the boss.",
                ],
                id="every locked field is named, and nothing is written",
            ),
            pytest.param(
                "accepted",
                {"registration": {"reason": "x"}},
                [("registration: `registration` is locked while in `accepted`. It is what it is.")],
                id="a whole that holds a locked field",
            ),
            pytest.param(
                "accepted",
                {
                    "id": "x",
                    "version": 9,
                    "stage": "won",
                    "trail": [],
                    "claims": ["x"],
                    "process": None,
                    "process.version": 9,
                    "mdp": {"stage": "agreed"},
                    "mdp.stage": "agreed",
                    "security_review": {},
                },
                [
                    f"{path}: `{path}` is written by cosell alone. Ask for a transition."
                    for path in (
                        "id",
                        "version",
                        "stage",
                        "trail",
                        "claims",
                        "process",
                        "process.version",
                        "mdp",
                        "mdp.stage",
                        "security_review",
                    )
                ],
                id="what cosell alone writes, whichever way it is named",
            ),
            pytest.param(
                "accepted",
                {
                    "acw": 1,
                    "customer.domian": "x",
                    "trail.at": 1,
                    "acv.amount.x": 1,
                    "touch_count": 1,
                },
                [
                    "acw: there is no field `acw`. Did you mean `acv`?",
                    (
                        "customer.domian: there is no field `customer.domian`."
                        " Did you mean `customer.domain`?"
                    ),
                    "trail.at: there is no field `trail.at`. Did you mean `trail`?",
                    "acv.amount.x: there is no field `acv.amount.x`. Did you mean `acv.amount`?",
                    "touch_count: there is no field `touch_count`.",
                ],
                id="fields that are not there, and derived ones",
            ),
        ],
    )
    def test_what_may_not_be_edited_is_refused_as_a_whole(
        self, stage: str, data: Data, problems: list[str]
    ) -> None:
        """Nothing is silently ignored: all fields are named."""
        record = deal(stage)
        before = record.model_dump_json()
        with pytest.raises(EditRefusedError) as caught:
            change(rich(), record, data, actor=SELLER, at=NOON)

        found = [str(problem) for problem in caught.value.problems]
        assert len(found) == len(problems)
        assert all(each.startswith(said) for each, said in zip(found, problems, strict=True))
        assert caught.value.subject == "edit of `o-1`"
        assert record.model_dump_json() == before

    def test_who_is_excepted_may(self) -> None:
        """A lock may leave a role out."""
        edited = change(rich(), deal("won"), {"acv": "2 USD"}, actor=BOSS, at=NOON)

        assert edited.record.acv == Money.parse("2 USD")

    def test_locks_of_a_track_hold_in_its_stages(self) -> None:
        """The part's field is locked while the part is there."""
        drafted = deal(mdp={"stage": "drafted"})
        agreed = deal(mdp={"stage": "agreed"})
        data = {"mdp.document": "https://acme.example/plan"}

        assert change(rich(), drafted, data, actor=SELLER, at=NOON).record.mdp.document
        with pytest.raises(EditRefusedError, match="locked while in `agreed`"):
            change(rich(), agreed, data, actor=SELLER, at=NOON)

    def test_values_that_do_not_fit_are_named_at_once(self) -> None:
        """Each value that the model refuses has its path."""
        data = {"acv": "lots", "customer.employees": -1, "is_oem": "perhaps"}
        with pytest.raises(InvalidDataError) as caught:
            change(rich(), deal(), data, actor=SELLER, at=NOON)

        paths = {problem.path for problem in caught.value.problems}
        assert paths >= {"customer.employees", "is_oem"}
        assert any(path.startswith("acv") for path in paths)
        assert caught.value.problem.startswith("edit of `o-1` has ")

    @pytest.mark.parametrize(
        "data",
        [
            {"customer": {"domain": "x.example"}, "customer.employees": 5},
            {"customer.employees": 5, "customer": {"domain": "x.example"}},
        ],
        ids=["the whole first", "the part first"],
    )
    def test_a_whole_and_its_part_are_not_given_together(self, data: Data) -> None:
        """One of them would undo the other."""
        with pytest.raises(InvalidDataError, match="`customer` is given too, and holds it"):
            change(rich(), deal(), data, actor=SELLER, at=NOON)

    def test_an_edit_of_nothing_is_refused(self) -> None:
        """An edit names a field."""
        with pytest.raises(InvalidDataError, match="nothing is given to change"):
            change(rich(), deal(), {}, actor=SELLER, at=NOON)

    def test_what_was_due_comes_first(self) -> None:
        """A deal that expired meanwhile is edited where it is then."""
        record = deal("submitted")
        edited = change(rich(), record, {"plan": "pro"}, actor=SELLER, at=NOON + 40 * DAY)

        assert [event.kind.value for event in edited.events][-3:] == [
            "breached",
            "moved",
            "changed",
        ]
        assert edited.record.stage == "expired"

    @pytest.mark.parametrize("reason", ["\0", "x" * 20_001])
    def test_a_reason_that_no_store_can_keep_is_refused(self, reason: str) -> None:
        """A reason is bounded text."""
        with pytest.raises(InvalidDataError, match="reason"):
            change(rich(), deal(), {"plan": "pro"}, actor=SELLER, at=NOON, reason=reason)
        with pytest.raises(InvalidDataError, match="reason"):
            adopt(rich(), Opportunity(id="o-1"), stage="won", actor=SELLER, at=NOON, reason=reason)

    def test_the_moment_is_checked(self) -> None:
        """It has a time zone, and is not before the last move."""
        with pytest.raises(NaiveDatetimeError):
            change(rich(), deal(), {"plan": "x"}, actor=SELLER, at=NOON.replace(tzinfo=None))
        with pytest.raises(OutOfOrderError):
            change(rich(), deal(), {"plan": "x"}, actor=SELLER, at=NOON - timedelta(seconds=1))


class TestOpening:
    """A record is opened once, at the start, with all that it has."""

    def test_its_event_holds_its_fields(self) -> None:
        """Whatever was recorded is in the first event, and nothing that is a default."""
        record = Opportunity.model_validate({"id": "o-1", "acv": "1 USD", "is_oem": False})
        opened = open_record(rich(), record, actor=SELLER, at=NOON)

        assert opened.event.changes == {"acv": Money.parse("1 USD"), "is_oem": False}
        assert (opened.event.seq, opened.event.kind) == (1, EventKind.OPENED)
        assert (opened.record.stage, opened.record.version) == ("submitted", 1)
        assert opened.record.process == rich().ref
        assert record.version == 0

    @pytest.mark.parametrize(
        "record",
        [
            pytest.param(Lead(id="l-1"), id="another model"),
            pytest.param(Opportunity(id="o-1", version=1), id="a version"),
            pytest.param(Opportunity(id="o-1", claims=("x",)), id="a claim"),
            pytest.param(
                Opportunity(id="o-1", process={"id": "x", "version": 1}),  # type: ignore[arg-type]  # as JSON has it
                id="a process",
            ),
        ],
    )
    def test_a_record_that_was_opened_is_refused(self, record: Any) -> None:
        """Opening twice, or what only events write, is a mistake."""
        for enter in (open_record, lambda *a, **how: adopt(*a, stage="won", **how)):
            with pytest.raises(WrongProcessError, match="not opened yet"):
                enter(rich(), record, actor=SELLER, at=NOON)

    def test_opening_twice_is_refused(self) -> None:
        """The record that was opened is loaded and moved instead."""
        opened = open_record(rich(), Opportunity(id="o-1"), actor=SELLER, at=NOON)

        with pytest.raises(WrongProcessError):
            open_record(rich(), opened.record, actor=SELLER, at=NOON)

    def test_nobody_is_opened_half_way(self) -> None:
        """A stage of the record or of a part that the table did not lead to is refused."""
        record = Opportunity.model_validate(
            {
                "id": "o-1",
                "stage": "won",
                "mdp": {"stage": "agreed"},
                "security_review": {"stage": "nowhere"},
            }
        )
        with pytest.raises(InvalidDataError) as caught:
            open_record(rich(), record, actor=SELLER, at=NOON)

        assert [str(problem) for problem in caught.value.problems] == [
            "stage: `stage` is `won`, and not `submitted`. Leave it out.",
            (
                "mdp.stage: `mdp.stage` is `agreed`, and begins at `not_started`."
                " Leave it out, or adopt the record as it stands."
            ),
            "security_review.stage: there is no stage `nowhere`. Use one of: done, not_started.",
        ]

    def test_the_moment_has_a_time_zone(self) -> None:
        """A naive moment is refused."""
        with pytest.raises(NaiveDatetimeError):
            open_record(rich(), Opportunity(id="o-1"), actor=SELLER, at=NOON.replace(tzinfo=None))


class TestAdoption:
    """A deal that was under way before cosell came is taken in where it stands."""

    def test_gates_are_not_asked(self) -> None:
        """The event says that it was adopted, by whom, and from where."""
        record = Opportunity.model_validate({"id": "o-1", "mdp": {"stage": "agreed"}})
        adopted = adopt(
            rich(), record, stage="won", actor=SELLER, at=NOON, reason="From the old CRM."
        )

        assert (adopted.record.stage, adopted.record.mdp.stage) == ("won", "agreed")
        assert (adopted.event.kind, adopted.event.reason) == (
            EventKind.ADOPTED,
            "From the old CRM.",
        )
        assert fold(Opportunity, adopted.events) == adopted.record

    def test_the_stage_must_be_one(self) -> None:
        """An unknown stage is named with the nearest one."""
        with pytest.raises(UnknownNameError, match="Did you mean `won`"):
            adopt(rich(), Opportunity(id="o-1"), stage="wonn", actor=SELLER, at=NOON)

    def test_two_stages_are_one_too_many(self) -> None:
        """The record does not say another stage than the call."""
        record = Opportunity(id="o-1", stage="lost")
        with pytest.raises(InvalidDataError, match="is `lost`, and not `won`"):
            adopt(rich(), record, stage="won", actor=SELLER, at=NOON)


class Host(Record, frozen=True):
    """A host's model with values of every kind."""

    must: str
    many: tuple[int, ...] = ()
    table: dict[str, Any] = Field(default_factory=dict)
    length: timedelta | None = None
    labels: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("many", iter([1, 2])),
        ("many", [3, 4]),
        ("length", timedelta(days=1, hours=2)),
        ("length", "P1DT2H"),
        ("labels", {"b", "a", "c"}),
        ("table", {"a": {"b": [1, None]}}),
        ("must", "x"),
    ],
)
def test_whatever_is_written_is_what_the_events_add_up_to(path: str, value: Any) -> None:
    """The event keeps the record's value, and through JSON it is the same again."""
    bound = bound_of(TINY, record=Host)
    opened = open_record(bound, Host(id="h-1", must="y"), actor=SELLER, at=NOON)
    edited = change(bound, opened.record, {path: value}, actor=SELLER, at=NOON)
    sealed = [*opened.sealed("0" * 64)]
    sealed += edited.sealed(str(sealed[-1].digest))
    stored = [type(event).model_validate_json(event.model_dump_json()) for event in sealed]

    assert edited.event.changes == {path: read_path(edited.record, path)}
    assert fold(Host, [*opened.events, *edited.events]) == edited.record
    assert fold(Host, stored) == edited.record


@given(bounds, contents, contents)
def test_any_edit_is_the_fold_of_its_events(bound: Bound, content: Data, edit: Data) -> None:
    """Whatever is opened and edited, the events add up to the record, and a move still may."""
    record = Opportunity.model_validate({**content, "id": "o-1"})
    opened = open_record(bound, record, actor=SELLER, at=NOON)
    data = {path: value for path, value in edit.items() if path != "mdp"}
    if not data:
        return
    edited = change(bound, opened.record, data, actor=SELLER, at=NOON)

    assert fold(Opportunity, [*opened.events, *edited.events], parts=bound.parts) == edited.record
    assert edited.record.version == 2


@given(st.text(max_size=30))
def test_any_path_is_edited_or_refused(path: str) -> None:
    """Whatever is named, there is an edit or an error of ours."""
    with pytest.raises((EditRefusedError, InvalidDataError)):
        change(rich(), deal(), {path: object()}, actor=SELLER, at=NOON)


def test_a_move_after_an_edit_reads_it() -> None:
    """What was edited is what the gate reads."""
    edited = change(rich(), deal(), {"mdp.prepared_with_customer": True}, actor=SELLER, at=NOON)

    assert apply(rich(), edited.record, "mdp.draft", actor=SELLER, at=NOON).record.version == 3
