"""Moves that stay where they are, lists that gain an item, fields that are emptied."""

from __future__ import annotations

from typing import Any, Final

import pytest
from pydantic import Field

from cosell.definition import parse_process
from cosell.engine import (
    Bound,
    Outcome,
    apply,
    bind,
    decide,
    fold,
    open_record,
    options,
    read_clocks,
    settle,
    time_in_stage,
)
from cosell.engine.append import append_of
from cosell.errors import DefinitionError, InvalidDataError
from cosell.models import Lead, LeadOffer
from process_samples import DAY, NOON, PARTNER, SELLER, bound_of

OFFERS: Final = """\
id = "offers"
version = 1
record = "Lead"
initial = "fresh"
roles = { seller = "Seller", partner = "Partner" }
stages = [{ id = "fresh" }, { id = "mid" }, { id = "won", kind = "won" }]

[gates.few]
criteria = [{ id = "few", need = "count(True for o in offers) <= 2", remedy = "Wait." }]

[[transitions]]
trigger = "go"
source = "fresh"
target = "mid"
roles = ["seller"]
gates = ["few"]

[[transitions]]
trigger = "win"
source = "*"
target = "won"
roles = ["seller"]

[[transitions]]
trigger = "back"
source = ["mid", "won"]
target = "fresh"
roles = ["seller"]
clear = ["offers", "closed_reason", "customer.domain", "gpca"]

[[transitions]]
trigger = "offer"
source = "*"
target = "stay"
roles = ["seller", "clock"]
gates = ["few"]
[[transitions.inputs]]
path = "offers"
append = true
required = true
help = "Say to whom."
stamp = { offered_at = "at", representative = "actor.id", reason = { literal = "new" } }

[[transitions]]
trigger = "again"
source = "mid"
target = "mid"
roles = ["seller"]

[[transitions]]
trigger = "note"
source = "*"
target = "stay"
roles = ["seller"]
inputs = [
  { path = "notes", append = true, stamp = { at = "at" }, needs = ["by"] },
  { path = "activities", append = true, stamp = { kind = { literal = "touch" }, at = "at" } },
  { path = "closed_reason" },
]

[[clocks]]
id = "age"
allowance = 5
unit = "calendar_days"
start = ["entered('mid')"]
restart = ["left('mid')"]
on_breach = { trigger = "offer" }

[[clocks]]
id = "answer"
allowance = 2
unit = "calendar_days"
start = ["moved('offer')"]
"""


@pytest.fixture(scope="module")
def bound() -> Bound:
    """Return the process in which leads are offered."""
    return bound_of(OFFERS, record=Lead)


@pytest.fixture
def fresh(bound: Bound) -> Lead:
    """Return a lead that was just opened."""
    return open_record(bound, Lead(id="l-1"), actor=SELLER, at=NOON).record


class TestStay:
    """A move to ``stay`` leaves the stage as it is, wherever it is."""

    @pytest.mark.parametrize("stage", ["fresh", "mid"])
    def test_one_row_serves_every_stage_that_it_names(
        self, bound: Bound, fresh: Lead, stage: str
    ) -> None:
        """It is a move from each of its sources, and the record remains there."""
        here = fresh
        if stage == "mid":
            here = apply(bound, fresh, "go", actor=SELLER, at=NOON).record
        done = apply(bound, here, "offer", actor=SELLER, at=NOON, data={"offers": {"party": "p"}})

        assert done.record.stage == stage
        assert done.decision is not None
        assert (done.decision.source, done.decision.target) == (stage, stage)
        assert (done.event.kind.value, done.event.source, done.event.target) == (
            "moved",
            stage,
            None,
        )
        assert done.record.version == here.version + 1
        assert done.record.trail[-1].trigger == "offer"

    def test_it_does_not_leave_from_elsewhere(self, bound: Bound, fresh: Lead) -> None:
        """A stage that is no source has no such move."""
        won = apply(bound, fresh, "win", actor=SELLER, at=NOON).record

        assert decide(bound, won, "offer", actor=SELLER, at=NOON).outcome is Outcome.TERMINAL

    def test_clocks_see_the_move_and_no_arrival(self, bound: Bound, fresh: Lead) -> None:
        """``moved`` starts a clock; ``entered`` and ``left`` do not begin again (BX-47)."""
        mid = apply(bound, fresh, "go", actor=SELLER, at=NOON).record
        offered = apply(
            bound, mid, "offer", actor=SELLER, at=NOON + DAY, data={"offers": {"party": "p"}}
        ).record
        again = apply(bound, mid, "again", actor=SELLER, at=NOON + DAY).record
        age, answer = read_clocks(bound, offered, at=NOON + 2 * DAY)

        assert age.started_at == NOON
        assert answer.started_at == NOON + DAY
        assert read_clocks(bound, again, at=NOON + 2 * DAY)[0].started_at == NOON

    def test_time_in_the_stage_goes_on(self, bound: Bound, fresh: Lead) -> None:
        """One stay, from the arrival on (BX-47)."""
        mid = apply(bound, fresh, "go", actor=SELLER, at=NOON).record
        data = {"offers": {"party": "p"}}
        offered = apply(bound, mid, "offer", actor=SELLER, at=NOON + DAY, data=data).record
        spent = time_in_stage(bound, offered, "mid", at=NOON + 2 * DAY, unit="elapsed_hours")

        assert [stay.started_at for stay in spent.stays] == [NOON]

    def test_a_clock_may_ask_for_it(self, bound: Bound, fresh: Lead) -> None:
        """A breach whose move stays where it is, and needs what nobody gives, changes nothing."""
        mid = apply(bound, fresh, "go", actor=SELLER, at=NOON).record
        settled = settle(bound, mid, at=NOON + 20 * DAY)

        assert [event.kind.value for event in settled.events] == ["breached"]
        assert settled.record.stage == "mid"

    def test_a_machine_of_transitions_stays_too(self, bound: Bound, fresh: Lead) -> None:
        """The graph has an internal transition: no stage is left or entered."""

        class Deal:
            """A host's own object."""

            stage: str

        deal = Deal()
        bound.machine.add_model(deal, initial="fresh")
        question: dict[str, Any] = {"record": fresh, "actor": SELLER, "at": NOON}

        assert deal.trigger("offer", data={"offers": {"party": "p"}}, **question)  # type: ignore[attr-defined]  # added by it
        assert deal.stage == "fresh"
        bound.machine.remove_model(deal)

    @pytest.mark.parametrize("prefix", ["", "tracks.mdp."])
    def test_no_stage_is_called_so(self, prefix: str) -> None:
        """A stage called ``stay`` could not be told from staying."""
        stage = '{ id = "stay" }, { id = "fresh" }'
        text = OFFERS.replace('{ id = "fresh" }', stage)
        if prefix:
            text = OFFERS + (
                '[tracks.mdp]\ninitial = "not_started"\nstages = '
                '[{ id = "stay" }, { id = "not_started" }, { id = "over", kind = "won" }]\n'
            )
        with pytest.raises(DefinitionError) as caught:
            parse_process(text)
        (problem,) = caught.value.problems

        assert problem.path == f"{prefix}stages[0].id"
        assert "leave the stage as it is" in problem.problem


class TestAppend:
    """A caller gives one item; the transition stamps it and adds it to the list."""

    def test_an_item_is_stamped_and_added(self, bound: Bound, fresh: Lead) -> None:
        """What was in the list stays; the event holds the list, and the fold agrees."""
        first = apply(bound, fresh, "offer", actor=SELLER, at=NOON, data={"offers": {"party": "p"}})
        given = LeadOffer(party="q")
        second = apply(
            bound, first.record, "offer", actor=SELLER, at=NOON + DAY, data={"offers": given}
        )
        opened = open_record(bound, Lead(id="l-1"), actor=SELLER, at=NOON)

        assert second.record.offers == (
            LeadOffer(party="p", representative="s-1", offered_at=NOON, reason="new"),
            LeadOffer(party="q", representative="s-1", offered_at=NOON + DAY, reason="new"),
        )
        events = (*opened.events, *first.events, *second.events)
        assert fold(Lead, events) == second.record

    def test_the_gate_reads_the_list_with_the_item(self, bound: Bound, fresh: Lead) -> None:
        """Two are in order, and the third is one too many."""
        for _ in range(2):
            offer = {"offers": {"party": "p"}}
            fresh = apply(bound, fresh, "offer", actor=SELLER, at=NOON, data=offer).record
        decision = decide(bound, fresh, "offer", actor=SELLER, at=NOON, data=offer)

        assert [finding.id for finding in decision.obstacles] == ["few"]

    @pytest.mark.parametrize(
        ("given", "paths"),
        [
            pytest.param({"party": "p", "offered_at": NOON}, ["offers.offered_at"], id="stamped"),
            pytest.param(
                {"reason": "old", "representative": "x"},
                ["offers.reason", "offers.representative"],
                id="two stamped",
            ),
            pytest.param(LeadOffer(party="p", reason="mine"), ["offers.reason"], id="of a model"),
            pytest.param({"party": "p", "wrong": 1}, ["offers.wrong"], id="unknown field"),
            pytest.param({"party": 7}, ["offers.party"], id="wrong type"),
            pytest.param({}, ["offers.party"], id="not enough"),
            pytest.param([{"party": "p"}], ["offers"], id="the whole list"),
        ],
    )
    def test_what_does_not_fit_is_named(
        self, bound: Bound, fresh: Lead, given: Any, paths: list[str]
    ) -> None:
        """Every field of the item that is wrong is named; nothing is added."""
        with pytest.raises(InvalidDataError) as caught:
            decide(bound, fresh, "offer", actor=SELLER, at=NOON, data={"offers": given})

        assert [problem.path for problem in caught.value.problems] == paths

    def test_a_required_item_is_asked_for(self, bound: Bound, fresh: Lead) -> None:
        """Items of before do not count, and nothing is added."""
        fresh = apply(
            bound, fresh, "offer", actor=SELLER, at=NOON, data={"offers": {"party": "p"}}
        ).record
        decision = decide(bound, fresh, "offer", actor=SELLER, at=NOON)

        (finding,) = decision.obstacles
        assert (finding.id, finding.code, finding.remedy) == (
            "input_offers",
            "input.unknown",
            "Say to whom.",
        )

    def test_what_an_item_needs_is_asked_for(self, bound: Bound, fresh: Lead) -> None:
        """A needed field is an input that is missing until it is given."""
        without = decide(
            bound, fresh, "note", actor=SELLER, at=NOON, data={"notes": {"text": "hm"}}
        )
        whole = apply(
            bound, fresh, "note", actor=SELLER, at=NOON, data={"notes": {"text": "hm", "by": "x"}}
        )

        assert [finding.id for finding in without.obstacles] == ["input_notes_by"]
        assert [note.by for note in whole.record.notes] == ["x"]

    def test_a_stamp_that_is_enough_makes_an_item_alone(self, bound: Bound, fresh: Lead) -> None:
        """Where the stamp says all that an item must say, one is added in any case."""
        data = {"notes": {"text": "hm", "by": "x"}, "closed_reason": "no"}
        done = apply(bound, fresh, "note", actor=SELLER, at=NOON, data=data).record

        assert [(it.kind, it.at) for it in done.activities] == [("touch", NOON)]
        assert done.closed_reason == "no"

    def test_a_form_asks_for_what_the_caller_gives(self, bound: Bound, fresh: Lead) -> None:
        """The schema is that of one item, without what is stamped and with what is needed."""
        inputs = {
            field.path: field
            for option in options(bound, fresh, actor=SELLER, at=NOON)
            for field in option.inputs
        }
        offer, note = inputs["offers"], inputs["notes"]

        assert offer.append
        assert sorted(offer.value_schema["properties"]) == ["accepted", "answered_at", "party"]
        assert offer.value_schema["required"] == ["party"]
        assert note.value_schema["required"] == ["text", "by"]
        assert not inputs["closed_reason"].append

    def test_a_list_of_plain_values_gains_one(self) -> None:
        """Without a stamp an item is what the caller gives."""

        class Tagged(Lead, frozen=True):
            """A lead with short tags."""

            tags: tuple[str, ...] = Field(default=(), max_length=2)

        text = OFFERS.replace('{ path = "closed_reason" },', '{ path = "tags", append = true },')
        bound = bound_of(text, record=Tagged)
        lead = open_record(bound, Tagged(id="l-1"), actor=SELLER, at=NOON).record
        data = {"notes": {"text": "hm", "by": "x"}, "tags": "hot"}
        for _ in range(2):
            lead = apply(bound, lead, "note", actor=SELLER, at=NOON, data=data).record

        assert lead.tags == ("hot", "hot")
        with pytest.raises(InvalidDataError) as caught:
            apply(bound, lead, "note", actor=SELLER, at=NOON, data=data)
        assert [problem.path for problem in caught.value.problems] == ["tags"]
        process = parse_process(text)
        (given,) = (it for t in process.transitions for it in t.inputs if it.path == "tags")
        assert append_of(given, "tags", Tagged, "tags", str).schema() == {"type": "string"}


class TestClear:
    """A transition empties the fields that it names."""

    def test_fields_are_emptied(self, bound: Bound) -> None:
        """A list is empty then, a field is missing, a group is as new; the fold agrees."""
        opened = open_record(
            bound,
            Lead.model_validate(
                {
                    "id": "l-1",
                    "offers": [{"party": "p"}],
                    "closed_reason": "no",
                    "customer": {"name": "Beta", "domain": "beta.example"},
                }
            ),
            actor=SELLER,
            at=NOON,
        )
        won = apply(bound, opened.record, "win", actor=SELLER, at=NOON)
        back = apply(bound, won.record, "back", actor=SELLER, at=NOON)

        assert (back.record.offers, back.record.closed_reason) == ((), None)
        assert (back.record.customer.name, back.record.customer.domain) == ("Beta", None)
        assert set(back.event.changes) == {"offers", "closed_reason", "customer.domain"}
        assert fold(Lead, (*opened.events, *won.events, *back.events)) == back.record

    def test_what_is_empty_is_left_alone(self, bound: Bound, fresh: Lead) -> None:
        """The event does not tell of changes that there are not."""
        won = apply(bound, fresh, "win", actor=SELLER, at=NOON).record

        assert apply(bound, won, "back", actor=SELLER, at=NOON).event.changes == {}

    def test_a_gate_reads_what_is_left(self) -> None:
        """The criteria see the record with the fields emptied."""
        text = OFFERS.replace('clear = ["offers"', 'gates = ["few"]\nclear = ["offers"')
        bound = bound_of(text, record=Lead)
        lead = Lead.model_validate({"id": "l-1", "offers": [{"party": "p"}] * 3})
        lead = open_record(bound, lead, actor=SELLER, at=NOON).record

        assert not decide(bound, lead, "go", actor=SELLER, at=NOON)
        lead = apply(bound, lead, "win", actor=SELLER, at=NOON).record
        assert apply(bound, lead, "back", actor=SELLER, at=NOON).record.offers == ()

    def test_a_field_that_takes_none_needs_no_default(self) -> None:
        """A required field can be emptied where its model lets it be."""

        class Strict(Lead, frozen=True):
            """A lead with fields that are always given."""

            code: str | None
            codes: tuple[str, ...]

        text = OFFERS.replace('clear = ["offers"', 'clear = ["code", "codes"')
        bound = bound_of(text, record=Strict)
        lead = Strict(id="l-1", code="c", codes=("d",))
        lead = open_record(bound, lead, actor=SELLER, at=NOON).record
        lead = apply(bound, lead, "win", actor=SELLER, at=NOON).record
        back = apply(bound, lead, "back", actor=SELLER, at=NOON).record

        assert (back.code, back.codes) == (None, ())


class Whole(Lead, frozen=True):
    """A lead with a field that is never missing, and a pair."""

    number: int
    pair: tuple[int, int] = (0, 0)


@pytest.mark.parametrize(
    ("old", "new", "path", "problem"),
    [
        ('clear = ["offers"', 'clear = ["number"', "2].clear[0]", "`number` cannot be empty"),
        ('clear = ["offers"', 'clear = ["ofers"', "2].clear[0]", "there is no field `ofers`"),
        ('clear = ["offers"', 'clear = ["trail"', "2].clear[0]", "written by cosell alone"),
        ('"offers"\nappend', '"name"\nappend', "3].inputs[0].path", "`name` is no list"),
        ('"offers"\nappend', '"pair"\nappend', "3].inputs[0].path", "`pair` is no list"),
        ('"offers"\nappend', '"of"\nappend', "3].inputs[0].path", "there is no field `of`"),
        ("stamp = { offered_at", "stamp = { offer_at", "stamp.offer_at", "has no field"),
        ('reason = { literal = "new" }', "reason = 7", "stamp.reason", "reason"),
        ('needs = ["by"]', 'needs = ["bye"]', "5].inputs[0].needs[0]", "has no field `bye`"),
        ('needs = ["by"]', 'needs = ["at"]', "5].inputs[0].stamp.at", "nobody can give it"),
        (
            '{ path = "closed_reason" },',
            '{ path = "tags", append = true, needs = ["x"] },',
            "5].inputs[2].needs[0]",
            "has no field `x`",
        ),
    ],
)
def test_what_does_not_fit_the_model_is_found(old: str, new: str, path: str, problem: str) -> None:
    """Binding names each write that the record's model cannot take."""

    class Tagged(Whole, frozen=True):
        """With a list of plain values."""

        tags: tuple[str, ...] = ()

    assert old in OFFERS
    with pytest.raises(DefinitionError) as caught:
        bind(parse_process(OFFERS.replace(old, new)), record=Tagged)

    assert any(path in it.path and problem in it.problem for it in caught.value.problems)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('{ path = "closed_reason" }', '{ path = "name", needs = ["x"] }', "append = true"),
        ("append = true\n", "append = true\nfresh = true\n", "given anew"),
        ('clear = ["offers"', 'clear = ["gpca.goals", "offers"', "writes `gpca.goals` already"),
        ('clear = ["offers"', 'set = { offers = 1 }\nclear = ["offers"', "writes `offers` already"),
        ('target = "stay"', 'target = "stays"', "there is no stage `stays`"),
    ],
)
def test_what_contradicts_itself_is_found(old: str, new: str, problem: str) -> None:
    """Reading names each write that undoes another, and what says nothing."""
    assert old in OFFERS
    with pytest.raises(DefinitionError) as caught:
        parse_process(OFFERS.replace(old, new))

    assert any(problem in it.problem for it in caught.value.problems)


def test_a_stamp_is_not_for_outsiders(bound: Bound, fresh: Lead) -> None:
    """Nobody signs for somebody else: what is stamped is the one who asks (BX-40)."""
    decision = decide(
        bound, fresh, "offer", actor=PARTNER, at=NOON, data={"offers": {"party": "p"}}
    )

    assert decision.outcome is Outcome.WRONG_ROLE
