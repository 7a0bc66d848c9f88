"""A definition that extends another one: what is merged, removed, replaced, and what is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosell import catalog
from cosell.catalog.bases import BASES
from cosell.definition import Process, parse_process, text_of
from cosell.engine import Bound
from cosell.errors import DefinitionError
from drawn_processes import bounds
from process_samples import RICH, TINY

RICH_BASE = {"rich@3": RICH}
HEAD = 'extends = "rich@3"\nid = "ours"\nversion = 1\n'


def ours(body: str, bases: dict[str, str] | None = None) -> Process:
    """Return a process that extends the rich one."""
    return parse_process(HEAD + body, file="ours.toml", bases=bases or RICH_BASE)


def problems_of(body: str, bases: dict[str, str] | None = None, head: str = HEAD) -> list[str]:
    """Return the problems of a process that extends, as they are read."""
    with pytest.raises(DefinitionError) as caught:
        parse_process(head + body, file="ours.toml", bases=RICH_BASE if bases is None else bases)
    return [str(problem) for problem in caught.value.problems]


def stages(process: Process) -> list[str]:
    """Return the ids of all stages, in order."""
    return [stage.id for stage in process.stages]


def moves(process: Process, trigger: str) -> list[tuple[tuple[str, ...], str]]:
    """Return sources and target of each candidate for a trigger, in order."""
    return [(each.source, each.target) for each in process.transitions if each.trigger == trigger]


def criteria(process: Process, gate: str = "acceptance") -> list[str]:
    """Return the ids of a gate's criteria, in order."""
    return [each.id for each in process.gates[gate].criteria]


def test_what_is_not_written_is_the_bases() -> None:
    """A definition that changes nothing has all of the base under an id and version of its own."""
    base = parse_process(RICH)
    content = ours("").model_dump()
    assert (content.pop("id"), content.pop("version")) == ("ours", 1)
    assert content == base.model_dump(exclude={"id", "version"})
    assert ours("").digest != base.digest


CHANGES: list[Any] = [
    pytest.param(
        '[parameters]\nplan_above = "20000 USD"\n',
        lambda it: it.parameters,
        {"plan_above": "20000 USD", "answer_days": 5},
        id="a parameter is replaced, the others stay",
    ),
    pytest.param(
        'label = "Ours"\n', lambda it: (it.label, it.zone), ("Ours", "Europe/Prague"), id="a label"
    ),
    pytest.param(
        '[roles]\nadmin = "Administrator"\n',
        lambda it: list(it.roles),
        ["partner", "seller", "boss", "admin"],
        id="a role is added",
    ),
    pytest.param(
        '[[stages]]\nid = "accepted"\nlabel = "Yes"\n[[stages]]\nid = "parked"\n',
        lambda it: (stages(it), it.stages[1].label),
        (
            [
                "submitted",
                "accepted",
                "negotiation",
                "won",
                "onboarding",
                "lost",
                "expired",
                "parked",
            ],
            "Yes",
        ),
        id="a stage is changed where it stands, and a new one comes last",
    ),
    pytest.param(
        '[[stages]]\nid = "pilot"\nafter = "accepted"\n[[stages]]\nid = "lost"\nbefore = "won"\n',
        stages,
        ["submitted", "accepted", "pilot", "negotiation", "lost", "won", "onboarding", "expired"],
        id="a row stands where it says, new or not",
    ),
    pytest.param(
        '[[gates.acceptance.criteria]]\nid = "named"\nseverity = "advised"\n'
        '[[gates.acceptance.criteria]]\nid = "big"\nneed = "acv > plan_above"\nremedy = "Grow."\n'
        'before = "named"\n',
        lambda it: (criteria(it), it.gates["acceptance"].criteria[1].remedy),
        (["big", "named", "other_person"], "Record the customer's domain."),
        id="a criterion keeps what is not written anew",
    ),
    pytest.param(
        '[[clocks]]\nid = "answer"\nallowance = 3\n[[clocks.steps]]\nid = "soon"\noffset = -2\n',
        lambda it: (it.clocks[0].allowance, it.clocks[0].steps[0].offset, it.clocks[0].stop),
        (3, -2, ("moved('accept')",)),
        id="a step of a clock is merged by its id",
    ),
    pytest.param(
        '[[clocks]]\nid = "answer"\nsteps = []\n',
        lambda it: it.clocks[0].steps,
        (),
        id="an empty list empties the base's",
    ),
    pytest.param(
        '[[transitions]]\ntrigger = "accept"\nroles = ["seller", "boss"]\n',
        lambda it: (it.transitions[0].roles, it.transitions[0].within),
        (("seller", "boss"), ("answer",)),
        id="a transition is found by its trigger alone",
    ),
    pytest.param(
        '[[transitions]]\ntrigger = "advance"\nsource = "accepted"\ntarget = "won"\nlabel = "W"\n',
        lambda it: (moves(it, "advance"), it.transitions[1].label),
        ([(("accepted",), "won"), (("accepted",), "negotiation")], "W"),
        id="a candidate is found by its target",
    ),
    pytest.param(
        '[[transitions]]\nid = "park"\ntrigger = "advance"\nsource = "accepted"\ntarget = "lost"\n'
        'roles = ["boss"]\nbefore = "advance"\n',
        lambda it: moves(it, "advance"),
        [(("accepted",), "lost"), (("accepted",), "won"), (("accepted",), "negotiation")],
        id="with an id of its own a candidate is put beside the others",
    ),
    pytest.param(
        '[[transitions]]\ntrigger = "advance"\nsource = "negotiation"\ntarget = "lost"\n'
        'roles = ["boss"]\nafter = "advance@accepted>won"\n',
        lambda it: moves(it, "advance"),
        [(("accepted",), "won"), (("negotiation",), "lost"), (("accepted",), "negotiation")],
        id="other sources make another transition",
    ),
    pytest.param(
        '[[locks]]\nid = "mine"\npaths = ["owner"]\nstages = ["won"]\nremedy = "No."\n',
        lambda it: [lock.paths for lock in it.locks],
        [("acv", "customer"), ("registration.submitted_by",), ("owner",)],
        id="a lock is added",
    ),
    pytest.param(
        '[[tracks.mdp.stages]]\nid = "reviewed"\nafter = "drafted"\n',
        lambda it: stages(it.tracks["mdp"]),
        ["not_started", "drafted", "reviewed", "agreed", "dropped"],
        id="a track is merged as the whole is",
    ),
    pytest.param(
        '[gates.other]\n[[gates.other.criteria]]\nid = "a"\nneed = "recorded(acv)"\nremedy = "A."\n'
        '[[gates.other.criteria]]\nid = "b"\nneed = "recorded(plan)"\nremedy = "B"\nbefore = "a"\n',
        lambda it: criteria(it, "other"),
        ["b", "a"],
        id="rows of something new may say where they stand too",
    ),
    pytest.param(
        'remove = ["stage:onboarding", "criterion:other_person"]\n',
        lambda it: (stages(it)[-3:], moves(it, "board"), it.locks[0].stages, criteria(it)),
        (["won", "lost", "expired"], [], ("won", "lost"), ["named"]),
        id="a removed stage takes what leads to it along",
    ),
    pytest.param(
        'remove = ["stage:negotiation"]\n',
        lambda it: (moves(it, "win"), moves(it, "advance")),
        ([(("accepted",), "won")], [(("accepted",), "won")]),
        id="a removed stage is no source any more",
    ),
    pytest.param(
        'remove = ["gate:stamped", "effect:warn"]\n',
        lambda it: (it.transitions[3].gates, [len(each.effects) for each in it.transitions[:1]]),
        (("ready",), [1]),
        id="a removed gate or effect is left out where it was named",
    ),
    pytest.param(
        'remove = ["transition:advance>won"]\n',
        lambda it: moves(it, "advance"),
        [(("accepted",), "negotiation")],
        id="one candidate is removed by its target",
    ),
    pytest.param(
        'remove = ["transition:advance"]\n',
        lambda it: moves(it, "advance"),
        [],
        id="all of a trigger are removed by it",
    ),
    pytest.param(
        'remove = ["transition:win@negotiation"]\n',
        lambda it: moves(it, "win"),
        [],
        id="a transition is removed by a source",
    ),
    pytest.param(
        'remove = ["criterion:named"]\n[[gates.acceptance.criteria]]\nid = "named"\n'
        'need = "recorded(customer.name)"\nremedy = "Name it."\n',
        lambda it: (criteria(it), it.gates["acceptance"].criteria[0].cites),
        (["named", "other_person"], ()),
        id="what is removed and written anew is replaced where it stood",
    ),
    pytest.param(
        'remove = ["stage:expired"]\n[[stages]]\nid = "expired"\nkind = "lost"\n',
        lambda it: (stages(it)[-1], it.stages[-1].kind, moves(it, "expire")),
        ("expired", "lost", [(("submitted",), "expired")]),
        id="what is written anew is still what others name",
    ),
    pytest.param(
        'remove = ["step:soon", "track:review", "parameter:answer_days", "fact:limit"]\n'
        '[[clocks]]\nid = "answer"\nallowance = 5\n',
        lambda it: (it.clocks[0].steps, list(it.tracks), list(it.parameters), "limit" in it.facts),
        ((), ["mdp"], ["plan_above"], False),
        id="steps, tracks, parameters and facts are removed",
    ),
    pytest.param(
        'remove = ["stage:mdp.dropped", "clock:draft_age"]\n',
        lambda it: (stages(it.tracks["mdp"]), it.tracks["mdp"].clocks),
        (["not_started", "drafted", "agreed"], ()),
        id="in a track a thing has its name in front, where that is needed",
    ),
    pytest.param(
        'remove = "clock:answer"\n[[transitions]]\ntrigger = "expire"\nroles = ["boss"]\n',
        lambda it: (it.clocks, it.transitions[0].within),
        ((), ()),
        id="one thing to remove needs no list",
    ),
]


@pytest.mark.parametrize(("body", "seen", "expected"), CHANGES)
def test_a_change(body: str, seen: Callable[[Process], Any], expected: Any) -> None:
    """Each table is merged, replaced or removed as the rules of ``extend`` say."""
    assert seen(ours(body)) == expected


@pytest.mark.parametrize("body", [pytest.param(case.values[0], id=case.id) for case in CHANGES])
def test_the_result_is_as_if_written_out(body: str) -> None:
    """Written out as TOML and read again it is the same process with the same digest."""
    process = ours(body)
    again = parse_process(text_of(process))
    assert (again, again.digest) == (process, process.digest)


PROBLEMS = [
    pytest.param(
        'remove = ["stage:onbording"]\n',
        [
            (
                "ours.toml:4: remove: there is no stage `onbording` to remove."
                " Did you mean `onboarding`?"
            )
        ],
        id="what is not there cannot be removed",
    ),
    pytest.param(
        'remove = [\n  "stages:won",\n  "won",\n  7,\n]\n',
        [
            "ours.toml:5: remove: there is no stages to remove. Did you mean `stage`?",
            (
                "ours.toml:6: remove: it should name what to remove by kind and name."
                " Write it as `stage:onboarding`."
            ),
            (
                "ours.toml:7: remove: it should name what to remove by kind and name."
                " Write it as `stage:onboarding`."
            ),
        ],
        id="what is to be removed has a kind and a name",
    ),
    pytest.param(
        '[tracks.mdp.gates.acceptance]\n[[tracks.mdp.gates.acceptance.criteria]]\nid = "named"\n',
        [
            "ours.toml:5: tracks.mdp.gates.acceptance.criteria[0].remedy: it is missing. Give it.",
        ],
        id="a new criterion is written whole",
    ),
    pytest.param(
        '[[stages]]\nid = "pilot"\nafter = "acepted"\n',
        ["ours.toml:6: stages.after: there is no `acepted` in `stages`. Did you mean `accepted`?"],
        id="a row stands beside one that is there",
    ),
    pytest.param(
        '[[stages]]\nidd = "pilot"\n[[stages]]\nid = "trial"\nafter = "pilot"\n',
        [
            "ours.toml:4: stages[7].id: it is missing. Give it.",
            "ours.toml:5: stages[7].idd: `idd` is not known here. Did you mean `id`?",
        ],
        id="a row may stand beside one whose name cannot be read",
    ),
    pytest.param(
        '[[transitions]]\ntrigger = "advance"\nsource = "accepted"\nlabel = "On"\n',
        [
            (
                "ours.toml:4: transitions: several transitions `advance` of the base are alike."
                " Give `source` and `target`, or remove them and write them anew."
            )
        ],
        id="one of several candidates is named by its target",
    ),
    pytest.param(
        '[[stages]]\nid = "won"\n[[stages]]\nid = "won"\n',
        ["ours.toml:7: stages[7].id: stage `won` is defined already. Rename one of them."],
        id="a row is written once",
    ),
    pytest.param(
        'remove = ["clock:answer"]\n[[transitions]]\ntrigger = "accept"\nwithin = ["answer"]\n',
        ["ours.toml:7: transitions[0].within: there is no clock `answer`. None is defined."],
        id="what is removed cannot be named by who removes it",
    ),
    pytest.param(
        'remove = ["parameter:answer_days"]\n',
        [
            (
                "rich@3:156: clocks[0].allowance: there is no parameter `answer_days`."
                " Use one of: plan_above."
            )
        ],
        id="what is left of the base is told where it stands there",
    ),
]


@pytest.mark.parametrize(("body", "expected"), PROBLEMS)
def test_what_is_wrong_is_told_with_its_place(body: str, expected: list[str]) -> None:
    """Each problem names the file and line of the text in which it stands (BX-41)."""
    assert problems_of(body) == expected


def test_everything_is_told_at_once() -> None:
    """Removals, places and fields that are wrong are named together, file by file (BX-41)."""
    found = problems_of(
        'remove = ["role:bos"]\n[[stages]]\nid = "won"\nkind = "wno"\nafter = "x"\n'
        '[[clocks]]\nid = "answer"\nowner = "nobody"\n'
    )
    assert [problem.split(": ")[:2] for problem in found] == [
        ["ours.toml:4", "remove"],
        ["ours.toml:7", "stages[3].kind"],
        ["ours.toml:8", "stages.after"],
        ["ours.toml:11", "clocks[0].owner"],
    ]


BASE_PROBLEMS = [
    pytest.param(
        'extends = "rich"\n',
        "ours.toml:1: extends: it should name one definition and its version. Write `make@1`.",
        id="a base has a version",
    ),
    pytest.param(
        "extends = 3\n",
        "ours.toml:1: extends: it should name one definition and its version. Write `make@1`.",
        id="a base is a text",
    ),
    pytest.param(
        'extends = "rich@2"\n',
        "ours.toml:1: extends: there is no definition `rich@2` among the bases that are given."
        " Did you mean `rich@3`?",
        id="a base is given",
    ),
    pytest.param(
        'extends = "tiny@9"\n',
        "ours.toml:1: extends: what is given as `tiny@9` is `tiny@1`."
        " Give each base by its own id and version.",
        id="a base is what it is called",
    ),
    pytest.param(
        'extends = "a@1"\n',
        "b@1:1: extends: this goes round or too far: ours@1 -> a@1 -> b@1 -> a@1."
        " Extend another one.",
        id="bases do not go round",
    ),
    pytest.param(
        'extends = "ours@1"\n',
        "ours.toml:1: extends: this goes round or too far: ours@1 -> ours@1. Extend another one.",
        id="nothing extends itself",
    ),
    pytest.param(
        'extends = "c1@1"\n',
        "c10@1:1: extends: this goes round or too far: ours@1 -> c1@1 -> c2@1 -> c3@1 -> c4@1"
        " -> c5@1 -> c6@1 -> c7@1 -> c8@1 -> c9@1 -> c10@1 -> c11@1. Extend another one.",
        id="bases do not go on for ever",
    ),
    pytest.param(
        'extends = "torn@1"\n',
        "torn@1:1: expected '=' after a key in a key/value pair.",
        id="a base can be read",
    ),
]


@pytest.mark.parametrize(("head", "expected"), BASE_PROBLEMS)
def test_a_base_that_cannot_be_had(head: str, expected: str) -> None:
    """A base that is unknown, another one, endless or torn is one problem with its remedy."""
    bases = {
        "rich@3": RICH,
        "tiny@9": TINY,
        "a@1": 'extends = "b@1"\nid = "a"\nversion = 1\n',
        "b@1": 'extends = "a@1"\nid = "b"\nversion = 1\n',
        "torn@1": "what",
        **{f"c{n}@1": f'extends = "c{n + 1}@1"\nid = "c{n}"\nversion = 1\n' for n in range(1, 20)},
    }
    (found,) = problems_of("", bases, head=f'{head}id = "ours"\nversion = 1\n')
    assert found.startswith(expected)


def test_without_bases_nothing_is_known() -> None:
    """A process that extends needs its base; what to do is said."""
    with pytest.raises(DefinitionError) as caught:
        parse_process(HEAD)
    assert "None is defined" in str(caught.value)


def test_removing_needs_a_base() -> None:
    """``remove`` without ``extends`` is no key of a process."""
    (found,) = problems_of("", {}, head=f'remove = ["stage:won"]\n{TINY}')
    assert "`remove` is not known here" in found


def test_what_several_tracks_have_is_told_apart() -> None:
    """A name that stands in several places is asked for with what stands around it."""
    body = (
        '[[tracks.mdp.gates.has_customer.criteria]]\nid = "named"\nneed = "recorded(drafted_at)"\n'
        'remedy = "Do."\n'
    )
    bases = {"rich@3": RICH, "mid@1": HEAD.replace('"ours"', '"mid"') + body}
    head = 'extends = "mid@1"\nid = "top"\nversion = 1\n'
    (found,) = problems_of('remove = ["criterion:named"]\n', bases, head=head)
    assert found == (
        "ours.toml:4: remove: there are several called `named`."
        " Say which: `criterion:acceptance.named`, `criterion:mdp.has_customer.named`."
    )
    text = head + 'remove = ["criterion:has_customer.named"]\n'
    top = parse_process(text, bases=bases)
    gate = top.tracks["mdp"].gates["has_customer"]
    assert [each.id for each in gate.criteria] == ["customer_takes_part"]
    assert criteria(top) == ["named", "other_person"]


def test_a_base_may_be_json_and_extended_twice() -> None:
    """A chain of definitions in both formats comes to one process."""
    base = parse_process(TINY).model_dump(mode="json", exclude_defaults=True)
    middle = {"extends": "tiny@1", "id": "middle", "version": 4, "label": "Middle"}
    bases = {"tiny@1": json.dumps(base), "middle@4": json.dumps(middle)}
    text = 'extends = "middle@4"\nid = "top"\nversion = 2\nhelp = "On top."\n'
    top = parse_process(text, bases=bases)
    assert (top.id, top.version, top.label, top.help) == ("top", 2, "Middle", "On top.")
    assert stages(top) == ["fresh", "mid", "won"]


def test_the_catalog_is_there_to_be_extended() -> None:
    """A host's own file extends what ships, and further bases that it gives."""
    assert "make@1" in BASES
    assert len(BASES) == len(list(BASES)) == len(catalog.names())
    mine = {"mine@1": 'extends = "make@1"\nid = "mine"\nversion = 1\nlabel = "Mine"\n'}
    shipped = catalog.parse('extends = "mine@1"\nid = "more"\nversion = 1\n', bases=mine)
    assert shipped.process.label == "Mine"
    assert stages(shipped.process) == stages(catalog.load("make").process)


@given(bounds)
def test_every_process_is_written_out_whole(bound: Bound) -> None:
    """What is written out and read again has the same digest, and extends to the same."""
    process = bound.process
    text = text_of(process)
    assert parse_process(text).digest == process.digest
    name = f"{process.id}@{process.version}"
    own = f'extends = "{name}"\nid = "own"\nversion = 7\n'
    extended = parse_process(own, bases={name: text})
    assert extended == process.model_copy(update={"id": "own", "version": 7})


@given(
    st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1),
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)
        | st.booleans()
        | st.integers(-(2**63), 2**63 - 1)
        | st.dates(min_value=date(1900, 1, 1))
        | st.datetimes(min_value=datetime(1900, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - zones are drawn beside
        | st.decimals(allow_nan=False, allow_infinity=False, places=3, max_value=10**9).map(abs),
        max_size=5,
    )
)
def test_every_parameter_is_written_out(values: dict[str, Any]) -> None:
    """Texts in any characters, numbers, days and moments keep value and type."""
    tiny = parse_process(TINY)
    process = Process.model_validate(
        {
            **tiny.model_dump(),
            "parameters": {"table": values, "list": [Decimal("0.10"), Decimal(5), True]},
        }
    )
    assert parse_process(text_of(process)).digest == process.digest


WORDS = """
[translations.cs]
"stage:onboarding" = "Zavedení"
"criterion:named.remedy" = "Doplňte doménu."
"stage:won" = "Vyhráno"
"""


def test_translations_of_what_is_removed_go_with_it() -> None:
    """The others stay; one's own that names nothing is an error in its place."""
    bases = {"rich@3": RICH + WORDS}
    process = ours('remove = ["stage:onboarding", "criterion:named"]\n', bases)
    assert dict(process.translations["cs"]) == {"stage:won": "Vyhráno"}
    assert parse_process(text_of(process)).digest == process.digest

    own = 'remove = ["stage:onboarding"]\n[translations.cs]\n"stage:wn" = "x"\n'
    assert problems_of(own, bases) == [
        (
            "ours.toml:6: translations.cs.stage:wn: there is no text `stage:wn`."
            " Did you mean `stage:won`?"
        )
    ]
