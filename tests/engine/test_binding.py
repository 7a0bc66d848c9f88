"""Binding checks a process against the model of its records, all at once."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from pydantic import Field

from cosell._base import Model
from cosell.definition import Process, parse_process
from cosell.engine import apply, bind, decide, open_record
from cosell.errors import DefinitionError, UnknownNameError
from cosell.models import Lead, Opportunity
from cosell.models.record import Part, Record
from process_samples import NOON, RICH, SELLER, TINY, bound_of, office, process_of

#: Where the second transition of the tiny process begins.
SECOND = '[[transitions]]\ntrigger = "win"'


def track(part: str, name: str = "led", initial: str = "not_started") -> str:
    """Return a track over a part."""
    return (
        f'[tracks.{name}]\npart = "{part}"\ninitial = "{initial}"\n'
        f'stages = [{{ id = "{initial}" }}, {{ id = "done", kind = "won" }}]\n'
    )


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        pytest.param(
            TINY.replace('"Opportunity"', '"Opportunity"\ncalendars = ["office", "bank"]'),
            [
                ("x.toml:4: calendars: the process needs a calendar `bank`."
                " Give it to bind: calendars={'bank': Calendar.from_holidays(...)}.")
            ],
            id="a calendar is not given",
        ),
        pytest.param(
            TINY.replace(
                'target = "won"',
                'target = "won"\ninputs = [{ path = "ownr" }, { path = "customer.domian" }]\n'
                'set = { wonat = "at" }\nclaims = ["a:{acv}:{acvv}"]',
            ),
            [
                ("x.toml:18: transitions[1].inputs[0].path: there is no field `ownr`."
                " Did you mean `owner`?"),
                ("x.toml:18: transitions[1].inputs[1].path: there is no field `customer.domian`."
                " Did you mean `customer.domain`?"),
                ("x.toml:19: transitions[1].set.wonat: there is no field `wonat`."
                " Did you mean `won_at`?"),
                "x.toml:20: transitions[1].claims: there is no field `acvv`. Did you mean `acv`?",
            ],
            id="fields are misspelt",
        ),
        pytest.param(
            TINY.replace(
                'target = "won"',
                'target = "won"\ninputs = [{ path = "stage" }, { path = "process.version" },'
                ' { path = "trail" }, { path = "activities.kind" }]\n'
                'set = { version = 1, claims = { literal = "x" } }',
            ),
            [
                ("x.toml:18: transitions[1].inputs[0].path: `stage` is written by cosell alone."
                " Leave it out."),
                ("x.toml:18: transitions[1].inputs[1].path: `process.version` is written by cosell"
                " alone. Leave it out."),
                ("x.toml:18: transitions[1].inputs[2].path: `trail` is written by cosell alone."
                " Leave it out."),
                ("x.toml:18: transitions[1].inputs[3].path: there is no field `activities.kind`."
                " Did you mean `activities`?"),
                ("x.toml:19: transitions[1].set.version: `version` is written by cosell alone."
                " Leave it out."),
                ("x.toml:19: transitions[1].set.claims: `claims` is written by cosell alone."
                " Leave it out."),
            ],
            id="what cosell alone writes, and what is no single field",
        ),
        pytest.param(
            TINY.replace('target = "won"', 'target = "won"\ninputs = [{ path = "mdp" }]')
            + track("mdp")
            + '[[tracks.led.transitions]]\ntrigger = "x"\nsource = "not_started"\ntarget = "done"\n'
            'roles = ["boss"]\ninputs = [{ path = "stage" }, { path = "record.stage" },'
            ' { path = "record.mdp.stage" }, { path = "record.acv" }, { path = "document" }]\n',
            [
                ("x.toml:18: transitions[1].inputs[0].path: `mdp` is written by cosell alone."
                " Leave it out."),
                ("x.toml:29: tracks.led.transitions[0].inputs[0].path: `stage` is written by cosell"
                " alone. Leave it out."),
                ("x.toml:29: tracks.led.transitions[0].inputs[1].path: `record.stage` is written by"
                " cosell alone. Leave it out."),
                ("x.toml:29: tracks.led.transitions[0].inputs[2].path: `record.mdp.stage` is"
                " written by cosell alone. Leave it out."),
            ],
            id="the stage of a part, whichever way it is named",
        ),
        pytest.param(
            TINY.replace(
                'target = "won"',
                'target = "won"\nset = { acv = 5, plan = { literal = "Pro Plan" }, is_oem = "at",'
                ' won_at = "actor.id", owner = "actor.party", "customer.employees" = 5 }',
            ),
            [
                ("x.toml:18: transitions[1].set.acv: `acv`: it should be an amount with its"
                " currency, as 50000 USD. Given was `5`."),
                ("x.toml:18: transitions[1].set.plan: `plan`: it should begin with a small letter;"
                " letters, digits and _ follow. Given was `Pro Plan`."),
                ("x.toml:18: transitions[1].set.is_oem: `is_oem`: it should be true or false."
                " It is set to `at`."),
                ("x.toml:18: transitions[1].set.won_at: `won_at`: it should be a moment with its"
                " offset, as 2026-11-20T10:00:00+01:00. It is set to `actor.id`."),
            ],
            id="what a transition sets does not fit",
        ),
        pytest.param(
            TINY.replace(
                'target = "won"',
                'target = "won"\nclaims = ["a:{touch_count}"]\neffects = [{ kind = "x",'
                ' data = ["co_sold", "customer.co_sold", "poc.x.y", "won_att"] }]',
            ).replace('boss = "Boss" }', 'boss = "Boss" }\neffects = { x = "X" }'),
            [
                ("x.toml:20: transitions[1].effects: there is no field `customer.co_sold`."
                " Did you mean `customer.icp_reason`?"),
                ("x.toml:20: transitions[1].effects: there is no field `poc.x.y`."
                " Did you mean `poc`?"),
                ("x.toml:20: transitions[1].effects: there is no field `won_att`."
                " Did you mean `won_at`?"),
            ],
            id="derived fields can be read, and others not",
        ),
        pytest.param(
            TINY + '[[locks]]\npaths = ["acw"]\nstages = ["won"]\nremedy = "No."\n',
            ["x.toml:20: locks[0].paths: there is no field `acw`. Did you mean `acv`?"],
            id="a lock of a field that is not there",
        ),
        pytest.param(
            TINY.replace(
                SECOND,
                '[[gates.g.criteria]]\nid = "a"\nneed = "acw > 5"\nremedy = "x"\n'
                '[[gates.g.criteria]]\nid = "b"\npredicate = "nowhere"\ninputs = ["acv"]\n'
                f'remedy = "x"\n{SECOND}',
            ),
            [
                ("x.toml:16: gates.g.criteria[0].need: there is no field `acw`."
                " Did you mean `acv`?\n    acw > 5\n    ^"),
                ("x.toml:20: gates.g.criteria[1].predicate: there is no predicate `nowhere`."
                " None is defined."),
            ],
            id="expressions point into their text",
        ),
        pytest.param(
            TINY
            + '[[clocks]]\nid = "c"\nallowance = 1\nunit = "elapsed_hours"\nstart = ["won_att"]\n',
            ["x.toml:23: clocks[0].start[0]: there is no field `won_att`. Did you mean `won_at`?"],
            id="a clock starts at a field that is not there",
        ),
        pytest.param(
            TINY + track("pocc"),
            [
                ("x.toml:19: tracks.led: the record has no part `pocc` that is never missing."
                " Did you mean `poc`?")
            ],
            id="a track leads a part",
        ),
        pytest.param(
            TINY + track("mdp", "a") + track("mdp", "b"),
            [
                "x.toml:23: tracks.b: track `a` leads `mdp` already. Join the two tracks.",
            ],
            id="a part is led once",
        ),
        pytest.param(
            TINY + track("mdp", initial="begun"),
            [
                ("x.toml:21: tracks.led.initial: a track begins at `not_started`."
                " Make `not_started` its first stage.")
            ],
            id="a track begins where parts begin",
        ),
    ],
)  # fmt: skip
def test_what_does_not_fit_the_model_is_named_with_its_line(text: str, problems: list[str]) -> None:
    """Paths, values, expressions, parts, calendars: everything that is wrong, at once."""
    process = process_of(text)
    with pytest.raises(DefinitionError) as caught:
        bind(process, record=Opportunity, calendars={"office": office()})

    assert [str(problem) for problem in caught.value.problems] == problems
    assert caught.value.subject == "process `tiny`"


@pytest.mark.parametrize("part", ["customer", "acv", "poc.goals"])
def test_what_is_no_part_is_led_by_no_track(part: str) -> None:
    """A track leads a part: it has a stage, and is always there."""
    with pytest.raises(DefinitionError, match=f"no part `{part}` that is never missing"):
        bound_of(TINY + track(part))


def test_a_process_made_in_python_is_checked_as_a_whole() -> None:
    """Names are checked at bind too: nobody need have read the process from text."""
    transition = process_of(TINY).transitions[0].model_copy(update={"target": "nowhere"})
    process = process_of(TINY).model_copy(update={"transitions": (transition,)})
    with pytest.raises(DefinitionError) as caught:
        bind(process, record=Opportunity)

    assert [problem.problem for problem in caught.value.problems] == ["there is no stage `nowhere`"]


def test_problems_of_both_kinds_come_in_file_order() -> None:
    """What is wrong with names and what is wrong with the model are told together."""
    text = TINY.replace('target = "won"', 'target = "won"\ninputs = [{ path = "x" }]')
    process = process_of(text)
    roles = process.transitions[1].model_copy(update={"roles": ("nobody",)})
    broken = process.model_copy(update={"transitions": (process.transitions[0], roles)})
    with pytest.raises(DefinitionError) as caught:
        bind(broken, record=Opportunity)

    assert [(problem.path, problem.line) for problem in caught.value.problems] == [
        ("transitions[1].inputs[0].path", 18),
        ("transitions[1].roles", 19),
    ]


class TestModels:
    """A process is bound to cosell's models, or to a host's own."""

    def test_a_host_may_add_fields(self) -> None:
        """Criteria, inputs and claims may read and write them."""

        class Mine(Opportunity, frozen=True):
            region: str | None = None

            @property
            def is_local(self) -> bool | None:
                return None if self.region is None else self.region == "cz"

        bound = bound_of(
            TINY.replace(
                'target = "won"',
                'target = "won"\ngates = ["g"]\ninputs = [{ path = "region" }]'
                '\nclaims = ["r:{region}"]',
            )
            + '[[gates.g.criteria]]\nid = "local"\nneed = "is_local"\nremedy = "x"\n',
            record=Mine,
        )
        record = Mine(id="o-1", stage="mid")
        won = apply(bound, record, "win", actor=SELLER, at=NOON, data={"region": "cz"})

        assert (won.record.stage, won.record.claims) == ("won", ("r:cz",))
        assert not decide(bound, record, "win", actor=SELLER, at=NOON).permitted

    def test_a_model_may_ask_for_fields(self) -> None:
        """A field without a default is in the opening event."""

        class Strict(Record, frozen=True):
            region: str

        bound = bound_of(TINY.replace("Opportunity", "Strict"), record=Strict)
        opened = open_record(bound, Strict(id="o-1", region="cz"), actor=SELLER, at=NOON)

        assert opened.event.changes == {"region": "cz"}

    @pytest.mark.parametrize(
        ("annotation", "fits"),
        [
            pytest.param(Part, True, id="a part"),
            pytest.param(Annotated[Part, Field(description="x")], True, id="a part with a note"),
            pytest.param(Part | None, False, id="a part that may be missing"),
            pytest.param(tuple[Part, ...], False, id="a list of parts"),
            pytest.param(dict[str, Part], False, id="a table of parts"),
        ],
    )
    def test_a_part_is_never_missing(self, annotation: Any, fits: bool) -> None:  # noqa: FBT001
        """A track leads one part that is always there."""
        fields = {"__annotations__": {"led": annotation}, "led": Part(), "__module__": __name__}
        model = type("Held", (Record,), fields, frozen=True)
        process = process_of(TINY + track("led"))

        if fits:
            assert bind(process, record=model).parts == {"led": "led"}
        else:
            with pytest.raises(DefinitionError, match=r"never missing|nothing names its items"):
                bind(process, record=model)

    def test_a_part_may_stand_deep(self) -> None:
        """A track may lead a part of a group that is never missing."""

        class Group(Model, frozen=True):
            inner: Part = Part()

        class Deep(Record, frozen=True):
            group: Group = Group()

        text = (
            TINY
            + track("group.inner")
            + (
                '[[tracks.led.transitions]]\ntrigger = "end"\nsource = "not_started"\n'
                'target = "done"\nroles = ["seller"]\n'
            )
        )
        bound = bound_of(text, record=Deep)
        opened = open_record(bound, Deep(id="o-1"), actor=SELLER, at=NOON).record
        ended = apply(bound, opened, "led.end", actor=SELLER, at=NOON)

        assert ended.record.group.inner.stage == "done"


class TestBound:
    """What a bound process tells."""

    def test_it_is_shown_by_name(self) -> None:
        """A bound process, its lines and its moves are shown short."""
        bound = bound_of(TINY)
        (move,) = bound.main.moves["go", "fresh"]

        assert repr(bound) == f"<Bound process `tiny` version 1 ({bound.ref.digest[:8]})>"
        assert (repr(bound.main), repr(move)) == (
            "<BoundLine main>",
            "<Move go from fresh to mid>",
        )
        assert repr(bound_of(RICH).lines["mdp"]) == "<BoundLine mdp>"

    def test_its_clocks_are_found_by_name(self) -> None:
        """A clock of a track has the track's name before its own."""
        bound = bound_of(RICH)

        assert bound.clock("answer")[0] is bound.main
        assert bound.clock("mdp.draft_age")[0] is bound.lines["mdp"]
        with pytest.raises(UnknownNameError, match="no clock `draft_age`"):
            bound.clock("draft_age")

    @pytest.mark.parametrize("text", [TINY, RICH], ids=["tiny", "rich"])
    def test_hosts_that_forbid_generated_code_get_the_same(self, text: str) -> None:
        """Closures give the answers of generated code."""
        generated, plain = bound_of(text), bound_of(text, generated=False)
        record = Opportunity.model_validate(
            {"id": "o-1", "acv": "60000 USD", "customer": {"domain": "a.example"}}
        )
        for bound in (generated, plain):
            opened = open_record(bound, record, actor=SELLER, at=NOON).record
        for trigger in generated.triggers:
            assert decide(plain, opened, trigger, actor=SELLER, at=NOON) == decide(
                generated, opened, trigger, actor=SELLER, at=NOON
            )

    def test_a_process_without_a_digest_is_named_by_its_version(self) -> None:
        """A reference need not carry a digest."""
        record = Opportunity(id="o-1", stage="fresh", process={"id": "tiny", "version": 1})  # type: ignore[arg-type]  # as JSON has it
        with pytest.raises(Exception, match="is on process `tiny` version 1, and this"):
            decide(bound_of(TINY), record, "go", actor=SELLER, at=NOON)


def test_a_process_of_leads_is_bound_to_leads() -> None:
    """The record's name in the definition is for readers; the model is given."""
    bound = bind(parse_process(TINY.replace("Opportunity", "Lead")), record=Lead)

    assert isinstance(bound.process, Process)
    assert bound.model is Lead
