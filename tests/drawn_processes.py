"""Processes and records drawn at random: small, sound, and using all that a definition can say.

A process is drawn from a seed, and bound once for all tests; records and questions are drawn by
Hypothesis.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache
from random import Random
from typing import Any, Final, TypeVar

from hypothesis import settings
from hypothesis import strategies as st

from cosell.definition import Process
from cosell.engine import Bound, bind
from cosell.events import Actor
from cosell.models import Opportunity
from cosell.money import Rates
from process_samples import NOON, TODAY

_T = TypeVar("_T")

ROLES: Final = ("seller", "partner", "boss")
STAGES: Final = ("s0", "s1", "s2", "s3", "s4")
ITEMS: Final = ("nda", "msa", "v1.2")
TRIGGERS: Final = ("t0", "t1", "t2", "t3")
PART_STAGES: Final = ("not_started", "drafted", "agreed")

#: Expressions over the record, over what transitions write, over facts, and over who asks.
NEEDS: Final = (
    "recorded(owner)",
    "acv > '50000 USD'",
    "mdp.stage in {'drafted', 'agreed'}",
    "is_oem",
    "not is_oem or recorded(plan)",
    "recorded(won_at)",
    "actor.id != owner",
    "facts.free",
    "customer.employees > 100",
    "expected_close_on >= as_of",
    "touch_count == 0",
    "any(i.stage == 'agreed' for i in paper_items)",
    "count(i.stage != 'not_started' for i in paper_items) >= 1",
)
ITEM_NEEDS: Final = (
    "recorded(owner)",
    "id != 'msa'",
    "record.is_oem",
    "recorded(sent_at)",
    "actor.id != owner",
)
PART_NEEDS: Final = (
    "prepared_with_se",
    "record.is_oem",
    "recorded(drafted_at)",
    "actor.role == 'boss'",
)
INPUTS: Final = ("owner", "plan", "closed_reason", "customer.employees")
SETS: Final[Sequence[dict[str, Any]]] = (
    {},
    {"won_at": "at"},
    {"owner": "actor.id"},
    {"is_oem": True},
    {"lost_at": "at", "plan": {"literal": "pro"}},
)
CLAIMS: Final = ((), (), ("kept:{owner}",), ("one", "two:{id}"))
EFFECTS: Final[Sequence[Any]] = ((), ({"kind": "tell", "data": ("acv", "mdp.stage")},))


class _Drawer:
    """Draws the parts of a definition from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - nothing is kept secret here

    def some(self, values: Sequence[_T], least: int, most: int) -> list[_T]:
        """Return some of the values, each once."""
        return self.random.sample(values, self.random.randint(least, min(most, len(values))))

    def maybe(self, value: _T) -> _T | None:
        """Return the value, or nothing."""
        return value if self.random.random() < 1 / 2 else None

    def criteria(self, needs: Sequence[str]) -> list[dict[str, Any]]:
        """Return one criterion or two."""
        return [
            {
                "id": f"c{index}",
                "need": need,
                "when": self.maybe(self.random.choice(needs)),
                "severity": self.random.choice(["required", "required", "advised"]),
                "remedy": "Do it.",
            }
            for index, need in enumerate(self.some(needs, 1, 2))
        ]

    def transition(self, stages: Sequence[str]) -> dict[str, Any]:
        """Return a transition between two of the stages."""
        return {
            "trigger": self.random.choice(TRIGGERS),
            "source": self.some(stages, 1, 2),
            "target": self.random.choice([*stages, "stay"]),
            "roles": self.some(ROLES, 1, 2),
            "gates": self.random.choice([[], ["g0"], ["g1"], ["g0", "g1"]]),
        }

    def full_transition(self, stages: Sequence[str]) -> dict[str, Any]:
        """Return a transition of the main line, which writes and claims."""
        taken = self.some(INPUTS, 0, 2)
        return {
            **self.transition(stages),
            "inputs": [
                {
                    "path": path,
                    "required": self.maybe(value=True) or False,
                    "fresh": self.maybe(value=True) or False,
                }
                for path in taken
            ],
            "set": self.random.choice([each for each in SETS if not each.keys() & set(taken)]),
            "claims": self.random.choice(CLAIMS),
            "effects": self.random.choice(EFFECTS),
            "override": self.maybe({"roles": self.some(ROLES, 1, 2)}),
        }

    def line(self, stages: Sequence[str], needs: Sequence[str], *, main: bool) -> dict[str, Any]:
        """Return a line over the stages, of which the last is an end, and others may be."""
        kinds = [self.random.choice(["open", "open", "lost"]) for _ in stages[2:]]
        draw = self.full_transition if main else self.transition
        transitions = [draw(stages) for _ in range(self.random.randint(2, 7))]
        claims = sorted(
            {key.partition(":")[0] for each in transitions for key in each.get("claims", ())}
        )
        for each in transitions:
            each["releases"] = self.some(claims, 0, 1)
        return {
            "initial": stages[0],
            "stages": [
                {"id": stage, "kind": kind}
                for stage, kind in zip(stages, ["open", *kinds, "won"], strict=True)
            ],
            "gates": {gate: {"criteria": self.criteria(needs)} for gate in ("g0", "g1")},
            "transitions": transitions,
        }

    def items(self) -> dict[str, Any]:
        """Return a track over the paper items, each by itself."""
        line = self.line(PART_STAGES, ITEM_NEEDS, main=False)
        for each in line["transitions"]:
            each["set"] = self.random.choice([{}, {"sent_at": "at"}, {"owner": "actor.id"}])
            each["effects"] = self.random.choice([(), ({"kind": "tell", "data": ("id",)},)])
            each["claims"] = self.random.choice([(), ("paper:{id}",)])
        return {**line, "at_end": self.random.choice(["cancel", "continue"]), "key": "id"}

    def process(self) -> Process:
        """Return a process of a main line, and perhaps tracks of the plan and of the papers."""
        tracks = {}
        if self.maybe(value=True):
            fate = self.random.choice(["cancel", "continue"])
            tracks["mdp"] = {**self.line(PART_STAGES, PART_NEEDS, main=False), "at_end": fate}
        if self.maybe(value=True):
            tracks["paper_items"] = self.items()
        return Process.model_validate(
            {
                **self.line(STAGES[: self.random.randint(2, 5)], NEEDS, main=True),
                "id": "drawn",
                "version": 1,
                "record": "Opportunity",
                "roles": {role: role for role in ROLES},
                "effects": {"tell": "Tell"},
                "facts": {"free": "bool"},
                "tracks": tracks,
            }
        )


@cache
def bound_from(seed: int) -> Bound:
    """Return the process of this seed, bound."""
    return bind(_Drawer(seed).process(), record=Opportunity)


bounds = st.integers(0, settings.default.max_examples).map(bound_from)

#: What is recorded in a record, apart from where it stands.
contents = st.fixed_dictionaries(
    {},
    optional={
        "owner": st.sampled_from(["a-1", "a-2"]),
        "acv": st.sampled_from(["50000 USD", "50000.01 USD", "60000 EUR"]),
        "is_oem": st.booleans(),
        "plan": st.sampled_from(["pro", "team"]),
        "won_at": st.just(NOON),
        "customer": st.fixed_dictionaries({}, optional={"employees": st.integers(99, 102)}),
        "expected_close_on": st.sampled_from([TODAY - timedelta(days=1), TODAY]),
        "mdp": st.fixed_dictionaries({}, optional={"prepared_with_se": st.booleans()}),
        "paper_items": st.lists(st.sampled_from(ITEMS), unique=True).map(
            lambda names: [{"id": name} for name in names]
        ),
    },
)
actors = st.tuples(
    st.sampled_from(["a-1", "a-2", "a-3"]), st.sampled_from(ROLES), st.sampled_from([None, "acme"])
).map(lambda each: Actor(each[0], role=each[1], party=each[2]))
questions = st.fixed_dictionaries(
    {"actor": actors, "at": st.just(NOON)},
    optional={
        "facts": st.sampled_from([{}, {"free": True}, {"free": False}, {"free": None}]),
        "rates": st.just(Rates.of(("EUR", "USD", TODAY.isoformat(), "1.08"))),
        "override": st.sampled_from(["", "because"]),
        "expected_version": st.sampled_from([1, 1, 1, 0]),
    },
)


@st.composite
def records(draw: st.DrawFn, bound: Bound) -> Opportunity:
    """Return a record of the process, at any of its stages."""
    content = draw(contents)
    if "mdp" in bound.lines:
        content["mdp"] = {**content.get("mdp", {}), "stage": draw(st.sampled_from(PART_STAGES))}
    for item in content.get("paper_items", ()) if "paper_items" in bound.lines else ():
        item["stage"] = draw(st.sampled_from(PART_STAGES))
    return Opportunity.model_validate(
        {
            **content,
            "id": "o-1",
            "version": 1,
            "stage": draw(st.sampled_from(sorted(bound.main.kinds))),
            "process": bound.ref if draw(st.booleans()) else None,
        }
    )


def triggers_of(bound: Bound, record: Opportunity) -> st.SearchStrategy[str]:
    """Return triggers, most often one that leaves a stage of the record."""
    leaving = [
        line.trigger_of(trigger)
        for line in bound.lines_of(record)
        for trigger, stage in line.moves
        if stage == line.stage_of(record)
    ]
    others = [*bound.triggers_of(record), *bound.triggers, "mdp.t0", "t9", "paper_items[x].t0"]
    return st.sampled_from([*leaving, *leaving, *leaving, *others])


def in_full(bound: Bound) -> Bound:
    """Return the same bound process without its quick way."""
    return replace(bound, quick={})


def data_for(bound: Bound, trigger: str, stage: str) -> st.SearchStrategy[dict[str, Any]]:
    """Return data that one of the candidates takes, most often all that it asks for."""
    values: dict[str, Any] = {
        "owner": st.sampled_from(["a-1", "a-2"]),
        "plan": st.sampled_from(["pro", "team"]),
        "closed_reason": st.just("No fit."),
        "customer.employees": st.integers(99, 102),
    }
    moves = bound.main.moves.get((trigger, stage), ())
    taken = sorted({path for move in moves for path in move.inputs})
    return st.fixed_dictionaries({}, optional={path: values[path] for path in taken})
