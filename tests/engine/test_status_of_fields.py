"""A status of two fields changes as one, and no pair outside the declared table ever stands."""

from __future__ import annotations

from itertools import product
from typing import Any, Final, Literal, get_args

import pytest

from cosell.desk import Desk
from cosell.engine import Applied, Bound, adopt, apply, change, fold, open_record, options
from cosell.errors import CosellError, DefinitionError, EditRefusedError, InvalidDataError
from cosell.events import Actor
from cosell.models import Opportunity
from cosell.stores import MemoryStore
from process_samples import NOON, SELLER, bound_of

Status = Literal["New", "Active", "Closed"]
Substatus = Literal["Pending", "Received", "Accepted", "Won", "Lost", "Declined", "Expired"]


class Referral(Opportunity, frozen=True):
    """A referral whose status is a pair (MS-26)."""

    status: Status | None = None
    substatus: Substatus | None = None


#: The pairs that MS-26 allows, by the stage that stands for each.
PAIRS: Final = {
    "pending": ("New", "Pending"),
    "received": ("New", "Received"),
    "accepted": ("Active", "Accepted"),
    "won": ("Closed", "Won"),
    "lost": ("Closed", "Lost"),
    "declined": ("Closed", "Declined"),
    "expired": ("Closed", "Expired"),
}
KINDS: Final = {"won": "won", "lost": "lost", "declined": "closed", "expired": "closed"}
ALL: Final = set(product((*get_args(Status), None), (*get_args(Substatus), None)))
OTHERS: Final = sorted(ALL - set(PAIRS.values()), key=str)

HEAD = """
id = "referrals"
version = 1
record = "Referral"
initial = "pending"
roles = { seller = "Seller" }
"""
#: Which stages may become which: new becomes new, active or closed; closed stays closed.
MOVES: Final = [
    *(("pending", target) for target in ("received", "accepted", "declined", "expired", "lost")),
    *(("received", target) for target in ("accepted", "declined", "expired", "lost")),
    *(("accepted", target) for target in ("won", "lost")),
]


def _stage(name: str, *, held: bool) -> str:
    status, substatus = PAIRS[name]
    fields = f'fields = {{ status = "{status}", substatus = "{substatus}" }}' if held else ""
    return f'[[stages]]\nid = "{name}"\nkind = "{KINDS.get(name, "open")}"\n{fields}\n'


def _move(source: str, target: str, *, held: bool) -> str:
    literals = (f'{{ literal = "{value}" }}' for value in PAIRS[target])
    pair = "" if held else "set = {{ status = {}, substatus = {} }}\n".format(*literals)
    return (
        f'[[transitions]]\ntrigger = "to_{target}"\nsource = "{source}"\ntarget = "{target}"\n'
        f'roles = ["seller"]\n{pair}'
    )


def text_of(*, held: bool) -> str:
    """Return the process: the pairs at the stages, or as two rows of each transition."""
    locked = ", ".join(f'"{name}"' for name in PAIRS)
    lock = f'[[locks]]\npaths = ["status", "substatus"]\nstages = [{locked}]\nremedy = "Move it."\n'
    stages = "".join(_stage(name, held=held) for name in PAIRS)
    moves = "".join(_move(*each, held=held) for each in MOVES)
    return HEAD + stages + moves + ("" if held else lock)


HELD: Final = bound_of(text_of(held=True), record=Referral)
SET: Final = bound_of(text_of(held=False), record=Referral)
BOTH = pytest.mark.parametrize("bound", [HELD, SET], ids=["at the stages", "set by transitions"])


def pair_of(record: Referral) -> tuple[str | None, str | None]:
    """Return the status of a referral."""
    return record.status, record.substatus


def at_stage(bound: Bound, stage: str) -> Applied[Referral]:
    """Return a referral adopted at a stage; where transitions set the pair, with that pair."""
    given: dict[str, Any] = {}
    if bound is SET:
        given = dict(zip(("status", "substatus"), PAIRS[stage], strict=True))
    return adopt(bound, Referral(id="r-1", **given), stage=stage, actor=SELLER, at=NOON)


@BOTH
@pytest.mark.parametrize(("source", "target"), MOVES, ids=[f"{a} to {b}" for a, b in MOVES])
def test_both_fields_change_in_one_event(bound: Bound, source: str, target: str) -> None:
    """A move writes status and substatus in one event, with the stage (MS-26)."""
    before = at_stage(bound, source)

    moved = apply(bound, before.record, f"to_{target}", actor=SELLER, at=NOON)

    assert (moved.record.stage, pair_of(moved.record)) == (target, PAIRS[target])
    assert len(moved.events) == 1
    assert (moved.event.changes["status"], moved.event.changes["substatus"]) == PAIRS[target]
    assert fold(Referral, (*before.events, *moved.events)) == moved.record


@BOTH
def test_closed_stays_closed(bound: Bound) -> None:
    """No transition leaves a closed pair, and none leads back to a new one (MS-26)."""
    here = {stage: at_stage(bound, stage).record for stage in PAIRS}

    leaving = {
        stage: {it.trigger for it in options(bound, record, actor=SELLER, at=NOON)}
        for stage, record in here.items()
    }

    assert all(leaving[stage] == set() for stage in KINDS)
    assert leaving["accepted"] == {"to_won", "to_lost"}


@BOTH
@pytest.mark.parametrize("pair", sorted(ALL, key=str), ids=str)
def test_no_edit_changes_the_pair(bound: Bound, pair: tuple[Any, Any]) -> None:
    """In every stage an edit of the pair is refused, whichever it is, naming both fields."""
    data = dict(zip(("status", "substatus"), pair, strict=True))
    for stage in PAIRS:
        record = at_stage(bound, stage).record

        with pytest.raises(EditRefusedError) as caught:
            change(bound, record, data, actor=SELLER, at=NOON)

        assert {problem.path for problem in caught.value.problems} == {"status", "substatus"}


@BOTH
@pytest.mark.parametrize("pair", OTHERS, ids=str)
def test_no_move_takes_a_pair(bound: Bound, pair: tuple[Any, Any]) -> None:
    """The pair is no input: who gives one with a move is told that it is none."""
    data = dict(zip(("status", "substatus"), pair, strict=True))
    record = at_stage(bound, "pending").record

    with pytest.raises(InvalidDataError, match="`status` is no input of `to_accepted`"):
        apply(bound, record, "to_accepted", actor=SELLER, at=NOON, data=data)


@pytest.mark.parametrize("pair", sorted(ALL, key=str), ids=str)
def test_only_the_stage_s_own_pair_enters(pair: tuple[Any, Any]) -> None:
    """A referral is adopted or opened with the pair of its stage, or with none; else refused."""
    given = dict(zip(("status", "substatus"), pair, strict=True))
    for stage, own in PAIRS.items():
        fits = all(value in (None, mine) for value, mine in zip(pair, own, strict=True))
        referral = Referral(id="r-1", **given)
        if fits:
            entered = adopt(HELD, referral, stage=stage, actor=SELLER, at=NOON)
            assert pair_of(entered.record) == own
            assert fold(Referral, entered.events) == entered.record
            continue
        with pytest.raises(InvalidDataError) as caught:
            adopt(HELD, referral, stage=stage, actor=SELLER, at=NOON)
        assert {problem.path for problem in caught.value.problems} <= {"status", "substatus"}


def test_an_opened_record_has_the_first_pair() -> None:
    """Opening writes the pair of the initial stage in the first event."""
    opened = open_record(HELD, Referral(id="r-1"), actor=SELLER, at=NOON)

    assert pair_of(opened.record) == PAIRS["pending"]
    assert opened.event.changes == {"status": "New", "substatus": "Pending"}


def test_every_caller_is_refused_alike() -> None:
    """Core and desk name the same fields with the same words (BX-40)."""
    desk = Desk([HELD], MemoryStore())
    desk.open(Referral(id="r-1"), actor=SELLER, at=NOON)
    record = at_stage(HELD, "pending").record
    said: list[set[str]] = []
    for call in (
        lambda: change(HELD, record, {"status": "Closed"}, actor=SELLER, at=NOON),
        lambda: desk.change("r-1", {"status": "Closed"}, actor=SELLER, at=NOON),
    ):
        with pytest.raises(EditRefusedError) as caught:
            call()
        said.append({str(problem) for problem in caught.value.problems})

    assert said[0] == said[1]


class TestDeclaring:
    """What stages hold is checked with the definition and the model."""

    STAGES = '[[stages]]\nid = "pending"\n{}\n[[stages]]\nid = "won"\nkind = "won"\n{}\n'
    WIN = (
        '[[transitions]]\ntrigger = "win"\nsource = "pending"\ntarget = "{}"\nroles = ["seller"]\n'
    )

    def made(self, first: str, second: str = "", more: str = "", target: str = "won") -> Bound:
        """Return a process of two stages with these fields."""
        stages = self.STAGES.format(first, second)
        return bound_of(HEAD + stages + self.WIN.format(target) + more, record=Referral)

    def test_what_a_stage_does_not_name_is_empty_there(self) -> None:
        """A field that another stage holds is emptied on the way to one that does not name it."""
        bound = self.made('fields = { status = "New", substatus = "Pending" }')
        deal = open_record(bound, Referral(id="r-1"), actor=SELLER, at=NOON).record

        won = apply(bound, deal, "win", actor=SELLER, at=NOON)

        assert pair_of(won.record) == (None, None)
        assert won.event.changes == {"status": None, "substatus": None}

    def test_a_move_that_stays_writes_nothing(self) -> None:
        """A transition that leaves the stage as it is leaves its fields alone."""
        bound = self.made('fields = { status = "New" }', target="stay")
        deal = open_record(bound, Referral(id="r-1"), actor=SELLER, at=NOON).record

        assert apply(bound, deal, "win", actor=SELLER, at=NOON).event.changes == {}

    def test_a_gate_reads_what_the_target_holds(self) -> None:
        """As with `set`, a gate reads the record as it would be."""
        gate = (
            '[gates.g]\ncriteria = [{ id = "c", need = "status == \'Closed\'", remedy = "No." }]\n'
        )
        text = self.WIN.replace('["seller"]\n', '["seller"]\ngates = ["g"]\n').format("won")
        stages = self.STAGES.format('fields = { status = "New" }', 'fields = { status = "Closed" }')
        bound = bound_of(HEAD + stages + text + gate, record=Referral)
        deal = open_record(bound, Referral(id="r-1"), actor=SELLER, at=NOON).record

        assert apply(bound, deal, "win", actor=SELLER, at=NOON).record.status == "Closed"

    def test_a_part_has_a_status_too(self) -> None:
        """In a track the fields are those of its part."""
        track = (
            '[tracks.poc]\ninitial = "not_started"\n[[tracks.poc.stages]]\nid = "not_started"\n'
            '[[tracks.poc.stages]]\nid = "done"\nkind = "won"\nfields = { approved_by = "all" }\n'
            '[[tracks.poc.transitions]]\ntrigger = "finish"\nsource = "not_started"\n'
            'target = "done"\nroles = ["seller"]\n'
        )
        bound = self.made("", more=track)
        deal = open_record(bound, Referral(id="r-1"), actor=SELLER, at=NOON).record

        done = apply(bound, deal, "poc.finish", actor=SELLER, at=NOON).record

        assert (deal.poc.approved_by, done.poc.approved_by) == (None, "all")
        with pytest.raises(
            EditRefusedError, match=r"`poc\.approved_by` is written by cosell alone"
        ):
            change(bound, done, {"poc.approved_by": "x"}, actor=SELLER, at=NOON)

    @pytest.mark.parametrize(
        ("first", "more", "said"),
        [
            pytest.param(
                'fields = { status = "Old" }', "", "stages[0].fields.status: `status`: ",
                id="a value that the field cannot have",
            ),
            pytest.param(
                'fields = { state = "New" }', "", "no field `state`. Did you mean `stage`?",
                id="a field that is not there",
            ),
            pytest.param(
                'fields = { stage = "New" }', "", "`stage` is written by cosell alone",
                id="a field of cosell's own",
            ),
            pytest.param(
                'fields = { status = "New" }',
                '[[transitions]]\ntrigger = "x"\nsource = "pending"\ntarget = "won"\n'
                'roles = ["seller"]\nset = { status = { literal = "Active" } }\n',
                "transitions[1].set.status: `status` is written by cosell alone",
                id="a transition that writes it too",
            ),
            pytest.param(
                'fields = { status = "New" }',
                '[[transitions]]\ntrigger = "x"\nsource = "pending"\ntarget = "won"\n'
                'roles = ["seller"]\ninputs = [{ path = "status" }]\n',
                "transitions[1].inputs[0].path: `status` is written by cosell alone",
                id="a transition that asks for it",
            ),
        ],
    )  # fmt: skip
    def test_what_does_not_fit_is_named(self, first: str, more: str, said: str) -> None:
        """A field or value that does not fit, or is written elsewhere too, is a problem."""
        with pytest.raises(DefinitionError) as caught:
            self.made(first, more=more)

        assert said in str(caught.value)

    def test_a_field_that_cannot_be_empty(self) -> None:
        """Where the model always needs a value, every stage must name one."""

        class Strict(Opportunity, frozen=True):
            """A model whose status is always there."""

            status: Status

        text = HEAD + self.STAGES.format('fields = { status = "New" }', "") + self.WIN.format("won")
        with pytest.raises(DefinitionError, match=r"stages\[1\].fields: `status` cannot be empty"):
            bound_of(text, record=Strict)


def test_a_host_outside_cannot_go_around() -> None:
    """Whoever asks, in whatever role, gets the same refusal (BX-40)."""
    record = at_stage(HELD, "won").record
    for role in ("seller", "clock", "admin"):
        with pytest.raises(CosellError, match="written by cosell alone"):
            change(HELD, record, {"substatus": "Lost"}, actor=Actor("x", role=role), at=NOON)
