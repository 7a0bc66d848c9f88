"""What is wrong with a process is said at once: file, line, path, problem and remedy."""

from __future__ import annotations

import json
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from cosell._base import in_words
from cosell.definition import Process, parse_process
from cosell.errors import DefinitionError, Problem
from process_samples import RICH, TINY


def problems_in(text: str, **how: Any) -> list[str]:
    """Return the problems of a definition as they are read."""
    with pytest.raises(DefinitionError) as caught:
        parse_process(text, file="x.toml", **how)
    return [str(problem) for problem in caught.value.problems]


#: Where the second transition of the tiny process begins, so that more can be put before it.
SECOND = '[[transitions]]\ntrigger = "win"'

CASES = [
    pytest.param(
        "version = 1\n", "", ["x.toml: version: it is missing. Give it."], id="a field is missing"
    ),
    pytest.param(
        "version = 1",
        'version = "1"',
        ["x.toml:2: version: it should be a whole number. Given was the text `1`."],
        id="a version is no text",
    ),
    pytest.param(
        "version = 1",
        "version = true",
        ["x.toml:2: version: it should be a whole number. Given was `True`."],
        id="a version is no truth value",
    ),
    pytest.param(
        "version = 1",
        "version = 0",
        ["x.toml:2: version: it should be greater than or equal to 1. Given was `0`."],
        id="versions begin at 1",
    ),
    pytest.param(
        'id = "tiny"',
        'id = "a b"',
        [
            (
                "x.toml:1: id: it should begin with a letter, a digit or _; letters, digits and"
                " _ - . : @ / + = follow. Given was `a b`."
            ),
        ],
        id="an id has no spaces",
    ),
    pytest.param(
        'record = "Opportunity"',
        'recrod = "Opportunity"',
        [
            "x.toml: record: it is missing. Give it.",
            "x.toml:3: recrod: `recrod` is not known here. Did you mean `record`?",
        ],
        id="a field is misspelt",
    ),
    pytest.param(
        'record = "Opportunity"',
        'record = "Opportunity"\nzone = "Europe/Parague"',
        [("x.toml:4: zone: there is no time zone `Europe/Parague`. Did you mean `Europe/Prague`?")],
        id="a zone is misspelt",
    ),
    pytest.param(
        'record = "Opportunity"',
        'record = "Opportunity"\nzone = "../../etc/passwd"',
        [
            (
                "x.toml:4: zone: there is no time zone `../../etc/passwd`."
                " Name one of the tz database, such as `Europe/Prague`."
            )
        ],
        id="a zone is no path",
    ),
    pytest.param(
        'record = "Opportunity"',
        'record = "Opportunity"\nzone = "localtime"',
        [
            (
                "x.toml:4: zone: there is no time zone `localtime`."
                " Name one of the tz database, such as `Europe/Prague`."
            )
        ],
        id="a zone is not that of the machine",
    ),
    pytest.param(
        'record = "Opportunity"',
        'record = "Opportunity"\nzone = "right/Europe/Prague"',
        [
            (
                "x.toml:4: zone: there is no time zone `right/Europe/Prague`."
                " Did you mean `Europe/Prague`?"
            )
        ],
        id="a zone has no leap seconds",
    ),
    pytest.param(
        'initial = "fresh"',
        'initial = "frech"',
        ["x.toml:4: initial: there is no stage `frech`. Did you mean `fresh`?"],
        id="the first stage is misspelt",
    ),
    pytest.param(
        'boss = "Boss" }',
        'boss = "Boss", clock = "Clock" }',
        ["x.toml:5: roles.clock: every process has the role `clock`. Remove it here."],
        id="the role of clocks is there already",
    ),
    pytest.param(
        'boss = "Boss" }',
        'boss = "Boss", "Big Boss" = "x" }',
        [
            (
                "x.toml:5: roles.Big Boss: it should begin with a small letter; letters, digits and"
                " _ follow. Given was `Big Boss`."
            )
        ],
        id="a role is a name",
    ),
    pytest.param(
        'roles = { seller = "Seller", boss = "Boss" }',
        "roles = {}",
        ["x.toml:5: roles: it should have at least 1 item, not 0. Given was a table."],
        id="somebody must be able to ask",
    ),
    pytest.param(
        ', kind = "won"',
        "",
        ["x.toml:6: stages: no stage is an end. Give one of them `kind`: won, lost or closed."],
        id="a process has an end",
    ),
    pytest.param(
        ', kind = "won"',
        ', kind = "one"',
        [
            (
                "x.toml:6: stages[2].kind: it should be 'open', 'won', 'lost' or 'closed'."
                " Given was `one`."
            )
        ],
        id="a kind is misspelt",
    ),
    pytest.param(
        '{ id = "mid" }',
        '\n  { id = "mid", },\n  { id = "mid" }'.replace(", }", " }"),
        ["x.toml:8: stages[2].id: stage `mid` is defined already. Rename one of them."],
        id="a stage stands twice",
    ),
    pytest.param(
        'source = "fresh"',
        'source = ["fresh", "nowhere", "*"]',
        [
            (
                "x.toml:10: transitions[0].source: there is no stage `nowhere`."
                " Use one of: fresh, mid, won."
            )
        ],
        id="a source is nowhere",
    ),
    pytest.param(
        'target = "won"',
        'target = "one"',
        ["x.toml:17: transitions[1].target: there is no stage `one`. Did you mean `won`?"],
        id="a target is misspelt",
    ),
    pytest.param(
        'target = "won"\nroles = ["seller"]',
        'target = "won"\nroles = ["seler"]',
        ["x.toml:18: transitions[1].roles: there is no role `seler`. Did you mean `seller`?"],
        id="a role is misspelt",
    ),
    pytest.param(
        'target = "won"',
        'target = "won"\ngates = ["gaet"]\nwithin = ["clok"]\nreleases = ["registration"]',
        [
            "x.toml:18: transitions[1].gates: there is no gate `gaet`. None is defined.",
            "x.toml:19: transitions[1].within: there is no clock `clok`. None is defined.",
            (
                "x.toml:20: transitions[1].releases: there is no claim `registration`."
                " None is defined."
            ),
        ],
        id="gate, clock and claim are not there",
    ),
    pytest.param(
        'target = "won"',
        'target = "won"\neffects = [\n  { kind = "tel" },\n  { kind = "x", to = "bos" },\n]',
        [
            "x.toml:19: transitions[1].effects[0].kind: there is no effect `tel`. None is defined.",
            "x.toml:20: transitions[1].effects[1].kind: there is no effect `x`. None is defined.",
            "x.toml:20: transitions[1].effects[1].to: there is no role `bos`. Did you mean `boss`?",
        ],
        id="effects and their roles are not there",
    ),
    pytest.param(
        'target = "won"',
        'target = "won"\noverride = { roles = ["clock"] }',
        [
            (
                "x.toml:18: transitions[1].override.roles: there is no role `clock`."
                " Use one of: boss, seller."
            )
        ],
        id="a clock overrides nothing",
    ),
    pytest.param(
        'target = "won"',
        'target = "won"\nclaims = ["a:{customer domain}", "b:}", "c:{acv}"]',
        [
            (
                "x.toml:18: transitions[1].claims[0]: `a:{customer domain}` has braces that hold no"
                " field. Write a field in braces, as `registration:{customer.domain}`."
            ),
            (
                "x.toml:18: transitions[1].claims[1]: `b:}` has braces that hold no field."
                " Write a field in braces, as `registration:{customer.domain}`."
            ),
        ],
        id="braces hold a field",
    ),
    pytest.param(
        'target = "won"',
        'target = "won"\nclaims = ["A"]',
        [
            (
                "x.toml:18: transitions[1].claims[0]: it should be a claim, as"
                " registration:{customer.domain}. Given was `A`."
            )
        ],
        id="a claim has a name",
    ),
    pytest.param(
        'target = "won"',
        'target = "won"\ninputs = [{ path = "acv" }, { path = "acv" }, { path = "A" }]',
        [
            (
                "x.toml:18: transitions[1].inputs[2].path: it should be a field, as acv or"
                " customer.domain. Given was `A`."
            ),
            (
                "x.toml:18: transitions[1].inputs[1].path: this transition writes `acv` already."
                " Keep one of the two."
            ),
        ],
        id="an input is a field",
    ),
    pytest.param(
        'target = "won"',
        'target = "won"\ninputs = [{ path = "acv" }, { path = "acv" }]',
        [
            (
                "x.toml:18: transitions[1].inputs[1].path: this transition writes `acv` already."
                " Keep one of the two."
            )
        ],
        id="an input stands twice",
    ),
    pytest.param(
        'target = "won"',
        'target = "won"\ninputs = [{ path = "customer" }]\n'
        'set = { "customer.domain" = { literal = "x" } }',
        [
            (
                "x.toml:19: transitions[1].set.customer.domain: this transition writes `customer`"
                " already. Keep one of the two."
            )
        ],
        id="an input and a set of the same",
    ),
    pytest.param(
        'target = "won"',
        'target = "won"\nset = { won_at = "now", plan = { literl = 1 }, x = 07:30:00 }',
        [
            (
                "x.toml:18: transitions[1].set.won_at: a transition sets at, actor.id, actor.role,"
                " actor.party, actor.principal, a number, true, false,"
                " or a text as { literal = ... }."
                " Given was `now`."
            ),
            "x.toml:18: transitions[1].set.plan.literal: it is missing. Give it.",
            (
                "x.toml:18: transitions[1].set.plan.literl: `literl` is not known here."
                " Did you mean `literal`?"
            ),
            (
                "x.toml:18: transitions[1].set.x: a transition sets at, actor.id, actor.role,"
                " actor.party, actor.principal, a number, true, false,"
                " or a text as { literal = ... }."
                " Given was `07:30:00`."
            ),
        ],
        id="what a transition can set",
    ),
    pytest.param(
        'target = "won"',
        'target = "won"\ninputs = [{ path = "acv", requird = true, fresh = "perhaps" }]',
        [
            (
                "x.toml:18: transitions[1].inputs[0].fresh: it should be true or false."
                " Given was `perhaps`."
            ),
            (
                "x.toml:18: transitions[1].inputs[0].requird: `requird` is not known here."
                " Did you mean `required`?"
            ),
        ],
        id="what an input can say",
    ),
    pytest.param(
        SECOND,
        '[[locks]]\npaths = ["acv"]\nstages = ["wn", "*"]\nexcept_roles = ["bos"]\n'
        f'remedy = ""\n{SECOND}',
        [
            "x.toml:16: locks[0].stages: there is no stage `wn`. Did you mean `won`?",
            "x.toml:17: locks[0].except_roles: there is no role `bos`. Did you mean `boss`?",
            (
                "x.toml:18: locks[0].remedy: it should not be empty, and hold no NUL."
                " Given was an empty text."
            ),
        ],
        id="a lock has a remedy",
    ),
    pytest.param(
        SECOND,
        '[[locks]]\npaths = ["acv"]\nstages = ["wn", "*"]\nexcept_roles = ["bos"]\n'
        f'remedy = "No."\n{SECOND}',
        [
            "x.toml:16: locks[0].stages: there is no stage `wn`. Did you mean `won`?",
            "x.toml:17: locks[0].except_roles: there is no role `bos`. Did you mean `boss`?",
        ],
        id="a lock names stages and roles",
    ),
    pytest.param(
        SECOND,
        "[parameters]\nx = 1.5\ny = [1, [2]]\nz = { a = { b = 1 } }\nt = 07:30:00\n"
        f'n = 2026-11-20T10:00:00\n[facts]\nw = "float"\n{SECOND}',
        [
            (
                "x.toml:16: parameters.y[1]: it should be a number, a text, true, false, a day or a"
                " moment. Given was a list."
            ),
            (
                "x.toml:17: parameters.z.a: it should be a number, a text, true, false, a day or a"
                " moment. Given was a table."
            ),
            (
                "x.toml:18: parameters.t: it should be a number, a text, true, false, a day or a"
                " moment. Given was `07:30:00`."
            ),
            (
                "x.toml:19: parameters.n: it should be a moment with its offset, as"
                " 2026-11-20T10:00:00+01:00. Given was `2026-11-20 10:00:00`."
            ),
            (
                "x.toml:21: facts.w: it should be 'bool', 'int', 'decimal', 'money', 'text', 'date'"
                " or 'instant'. Given was `float`."
            ),
        ],
        id="what a parameter can hold, and what a fact can be",
    ),
    pytest.param(
        SECOND,
        f'[parameters]\nx = 1\n[facts]\nx = "bool"\n{SECOND}',
        ["x.toml:17: facts.x: `x` is a parameter too. Rename one of them."],
        id="a fact and a parameter of one name",
    ),
    pytest.param(
        SECOND,
        '[gates.g]\ncriteria = []\n[[gates.h.criteria]]\nid = "a"\nneed = "acv > 1"\n'
        f'remedy = "x"\n[[gates.h.criteria]]\nid = "b"\nremedy = "x"\n{SECOND}',
        [
            "x.toml:15: gates.g.criteria: it should have at least 1 item, not 0. Given was a list.",
            (
                "x.toml:20: gates.h.criteria[1]: a criterion has either a `need` or a `predicate`."
                " Given was a table."
            ),
        ],
        id="a gate asks something",
    ),
    pytest.param(
        SECOND,
        f'[[gates.h.criteria]]\nid = "b"\nneed = "acv > 1"\n{SECOND}',
        ["x.toml:14: gates.h.criteria[0].remedy: it is missing. Give it."],
        id="the only criterion is half a one",
    ),
    pytest.param(
        SECOND,
        '[[clocks]]\nid = "c"\nallowance = 1\nunit = "elapsed_hours"\nstart = ["won_at"]\n'
        'pauses = { roles = ["bos"] }\nextensions = { roles = ["bos"], gates = ["gaet"] }\n'
        f"{SECOND}",
        [
            "x.toml:19: clocks[0].pauses.roles: there is no role `bos`. Did you mean `boss`?",
            "x.toml:20: clocks[0].extensions.roles: there is no role `bos`. Did you mean `boss`?",
            "x.toml:20: clocks[0].extensions.gates: there is no gate `gaet`. None is defined.",
        ],
        id="who may pause and extend a clock",
    ),
    pytest.param(
        SECOND,
        '[[clocks]]\nid = "c"\nallowance = 9\nunit = "elapsed_hours"\nstart = ["won_at"]\n'
        'cadence = { touches = ["moved(\'go\')"], effects = [{ kind = "x" }] }\n'
        f"{SECOND}",
        ["x.toml:19: clocks[0].cadence.effects[0].kind: there is no effect `x`. None is defined."],
        id="what a clock does again and again",
    ),
    pytest.param(
        SECOND,
        '[[gates.h.criteria]]\nid = "a"\nneed = "acv > 1"\nremedy = "x"\n'
        f'[[gates.h.criteria]]\nid = "a"\nneed = "acv > 2"\nremedy = "x"\n{SECOND}',
        [
            (
                "x.toml:19: gates.h.criteria[1].id: criterion `a` is defined already."
                " Rename one of them."
            )
        ],
        id="a criterion stands twice",
    ),
    pytest.param(
        SECOND,
        '[[clocks]]\nid = "c"\nallowance = 1\nunit = "elapsed_hours"\n'
        "start = [\"entered('frech')\"]\n"
        'owner = "bos"\non_breach = { trigger = "win", effects = [{ kind = "x" }] }\n'
        '[[clocks.steps]]\nid = "s"\nat = 0.5\neffects = [{ kind = "y", to = "z" }]\n'
        '[[clocks]]\nid = "c"\nallowance = 1\nunit = "elapsed_hours"\nstart = ["entered("]\n'
        f"{SECOND}",
        [
            "x.toml:18: clocks[0].start[0]: there is no stage `frech`. Did you mean `fresh`?",
            "x.toml:19: clocks[0].owner: there is no role `bos`. Did you mean `boss`?",
            (
                "x.toml:20: clocks[0].on_breach.effects[0].kind: there is no effect `x`."
                " None is defined."
            ),
            (
                "x.toml:20: clocks[0].on_breach.trigger: `win` cannot be asked for by a clock."
                " Add `clock` to the roles of that transition."
            ),
            (
                "x.toml:24: clocks[0].steps[0].effects[0].kind: there is no effect `y`."
                " None is defined."
            ),
            (
                "x.toml:24: clocks[0].steps[0].effects[0].to: there is no role `z`."
                " Use one of: boss, seller."
            ),
            "x.toml:26: clocks[1].id: clock `c` is defined already. Rename one of them.",
            (
                "x.toml:29: clocks[1].start[0]: `entered` takes one stage in quotes."
                " Write entered('stage').\n    entered(\n            ^"
            ),
        ],
        id="clocks name what is there, and point into their events",
    ),
    pytest.param(
        SECOND,
        '[tracks.record]\ninitial = "a"\nstages = [{ id = "b", kind = "won" }]\n[[tracks.record.'
        f'transitions]]\ntrigger = "x"\nsource = "b"\ntarget = "c"\nroles = ["boss"]\n{SECOND}',
        [
            "x.toml:14: tracks.record: `record` has a meaning of its own. Rename it.",
            "x.toml:15: tracks.record.initial: there is no stage `a`. Use one of: b.",
            "x.toml:20: tracks.record.transitions[0].target: there is no stage `c`. Use one of: b.",
        ],
        id="a track is a line with all its checks",
    ),
    pytest.param(
        SECOND,
        f'[tracks.mdp]\ninitial = "a"\nstages = []\n[tracks.poc]\nat_end = "stop"\n{SECOND}',
        [
            (
                "x.toml:16: tracks.mdp.stages: it should have at least 1 item, not 0."
                " Given was a list."
            ),
            "x.toml:17: tracks.poc.initial: it is missing. Give it.",
            "x.toml:17: tracks.poc.stages: it is missing. Give it.",
            "x.toml:18: tracks.poc.at_end: it should be 'cancel' or 'continue'. Given was `stop`.",
        ],
        id="a track has stages and a fate",
    ),
    pytest.param(
        'record = "Opportunity"',
        'record = "Opportunity"\nzoen = "UTC"\nrates_on = 5\nhelp = "\\u0000"',
        ["x.toml:6: help: a text holds NUL or half of a character. Remove it."],
        id="what no text may hold comes first",
    ),
]


@pytest.mark.parametrize(("before", "after", "problems"), CASES)
def test_what_is_wrong_is_named_with_its_line(before: str, after: str, problems: list[str]) -> None:
    """Each problem has file, line and path, says what is wrong and what to do (BX-41)."""
    assert before in TINY
    at = TINY.rindex(before)

    assert problems_in(TINY[:at] + after + TINY[at + len(before) :]) == problems


def test_fields_and_names_are_told_together() -> None:
    """A misspelt key does not hide a stage that is not there."""
    text = TINY.replace('target = "won"', 'target = "one"\ngaets = ["x"]\nlabel = 5')

    assert problems_in(text) == [
        "x.toml:17: transitions[1].target: there is no stage `one`. Did you mean `won`?",
        "x.toml:18: transitions[1].gaets: `gaets` is not known here. Did you mean `gates`?",
        "x.toml:19: transitions[1].label: it should be a text. Given was `5`.",
    ]


def test_what_a_wrong_field_causes_is_not_told() -> None:
    """A parameter that cannot be read is one problem, not one more wherever it is used."""
    clock = '[[clocks]]\nid = "c"\nallowance = "days"\nunit = "calendar_days"\nstart = ["won_at"]\n'
    text = TINY + "[parameters]\ndays = 07:30:00\n" + clock

    assert problems_in(text) == [
        (
            "x.toml:20: parameters.days: it should be a number, a text, true, false, a day or a"
            " moment. Given was `07:30:00`."
        )
    ]


def test_json_is_told_alike() -> None:
    """The same definition as JSON has the same problems, with its own lines."""
    text = json.dumps(
        {
            "id": "tiny",
            "version": 1,
            "record": "Opportunity",
            "initial": "frech",
            "roles": {"seller": "Seller"},
            "stages": [{"id": "fresh"}, {"id": "won", "kind": "won", "labl": "x"}],
            "transitions": [
                {"trigger": "win", "source": "fresh", "target": "wn", "roles": ["seller"]}
            ],
        },
        indent=1,
    )

    assert problems_in(text, format="json") == [
        "x.toml:5: initial: there is no stage `frech`. Did you mean `fresh`?",
        "x.toml:16: stages[1].labl: `labl` is not known here. Did you mean `label`?",
        "x.toml:23: transitions[0].target: there is no stage `wn`. Did you mean `won`?",
    ]


def test_a_table_where_a_list_should_be() -> None:
    """A shape that does not fit is one problem, whatever stands in it."""
    text = TINY.replace('[{ id = "fresh" }, { id = "mid" }, { id = "won", kind = "won" }]', "{}")

    assert problems_in(text) == ["x.toml:6: stages: it should be a list. Given was a table."]


def test_an_id_that_is_none_is_not_repeated() -> None:
    """What stands as the id may be anything."""
    with pytest.raises(DefinitionError) as caught:
        parse_process("id = [1]")

    assert caught.value.problem.startswith("process has ")


def test_of_very_many_problems_the_first_are_named() -> None:
    """Two hundred are enough to begin with; that there are more is said."""
    problems = problems_in(TINY + "\n".join(f"x{number} = 1" for number in range(1000)))

    assert len(problems) == 201
    assert (
        problems[0]
        == "x.toml:19: transitions[1].x0: `x0` is not known here. "
        + (problems[0].partition("here. ")[2])
    )
    assert problems[-1] == "x.toml: there are more problems. Correct these first."


def stages(count: int) -> str:
    """Return a list of so many stages, the last of which is an end."""
    names = ", ".join(f'{{ id = "s{number}" }}' for number in range(count))
    return (
        f'stages = [{{ id = "fresh" }}, {{ id = "mid" }}, {names}, {{ id = "won", kind = "won" }}]'
    )


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(TINY + "x = " + "[" * 39 + "]" * 39, id="a deep list"),
        pytest.param(TINY + "".join(f"k{n} = 1\n" for n in range(30_000)), id="many unknown keys"),
        pytest.param(
            TINY + "[parameters]\n" + "".join(f"k{n} = [[1]]\n" for n in range(20_000)),
            id="many parameters that are none",
        ),
        pytest.param(
            TINY.replace(
                'stages = [{ id = "fresh" }, { id = "mid" }, { id = "won", kind = "won" }]',
                stages(20_000),
            ),
            id="many stages",
        ),
        pytest.param(
            TINY.replace(
                'stages = [{ id = "fresh" }, { id = "mid" }, { id = "won", kind = "won" }]',
                stages(900),
            ).replace(
                'source = "mid"', "source = [" + ", ".join(f'"t{n}"' for n in range(900)) + "]"
            ),
            id="many names that are not there, and many that are",
        ),
        pytest.param(
            TINY + '[[transitions]]\ntrigger = "a"\nsource = []\n' * 4_000,
            id="many half transitions",
        ),
        pytest.param(TINY.replace('"mid" }', '"' + "m" * 200_000 + '" }'), id="a huge name"),
        pytest.param(
            TINY + "inputs = [" + '{ path = "acv" },' * 5_000 + "]",
            id="one input thousands of times",
        ),
    ],
)
def test_a_hostile_definition_is_refused_quickly(text: str) -> None:
    """Whatever its size and shape, a definition is refused in seconds."""
    started = process_time()
    problems = problems_in(text)

    assert process_time() - started < 20
    assert 1 <= len(problems) <= 201


PIECES = st.sampled_from(
    [
        "[[transitions]]", "[tracks.mdp]", "[[stages]]", "[gates.g]", "[[gates.g.criteria]]",
        "[parameters]", "[[clocks]]", "[[locks]]", "[facts]", "set", "inputs", "claims", "id",
        "kind", "trigger", "source", "target", "roles", "=", "=", "=", "{", "}", "[", "]", ",",
        ".", '"', "'", '"""', "#", "\n", "\n", "\n", " ", "1", "1.5", "true", '"fresh"', '"won"',
        '"seller"', '"*"', '"clock"', '"{a}"', "2026-11-20", "1e999999", "\0", "\ud800", "\\",
        "\u2028", "é",
    ]
)  # fmt: skip


@st.composite
def broken(draw: st.DrawFn) -> str:
    """Return a definition with pieces of others put in and parts taken out."""
    text = draw(st.sampled_from([TINY, RICH]))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        end = draw(st.integers(at, min(len(text), at + 40)))
        text = text[:at] + "".join(draw(st.lists(PIECES, max_size=4))) + text[end:]
    return text


@given(broken() | st.lists(PIECES, max_size=40).map(" ".join))
def test_any_text_is_a_process_or_a_definition_error(text: str) -> None:
    """There is no third outcome, the error can be shown anywhere, and its places exist."""
    try:
        process = parse_process(text, file="x.toml")
    except DefinitionError as error:
        assert str(error).encode()  # noqa: PT017 - either outcome is right
        assert all(_is_placed(problem, text) for problem in error.problems)  # noqa: PT017
    else:
        assert isinstance(process, Process)


def _is_placed(problem: Problem, text: str) -> bool:
    return problem.line is None or 1 <= problem.line <= text.count("\n") + 1


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*Process.model_fields, "x", "source"]), inner, max_size=4
        )
    ),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from([*Process.model_fields, "x"]), json_values))
def test_any_json_is_a_process_or_a_definition_error(content: dict[str, Any]) -> None:
    """Fields of the right name and any content give an error of ours."""
    with pytest.raises(DefinitionError) as caught:
        parse_process(json.dumps(content), format="json")

    assert str(caught.value).encode()


def test_every_pattern_of_a_definition_is_told_in_words() -> None:
    """Nobody who reads an error has to know regular expressions."""
    shown = []
    for pattern in sorted(_patterns(Process.model_json_schema())):
        said, _ = in_words(
            {
                "type": "string_pattern_mismatch",
                "loc": (),
                "msg": f"String should match pattern '{pattern}'",
                "input": "x",
            }
        )
        shown.append(said)

    assert [said for said in shown if "pattern" in said] == []


def _patterns(schema: Any) -> set[str]:
    if isinstance(schema, dict):
        own = {schema["pattern"]} if isinstance(schema.get("pattern"), str) else set()
        return own.union(*map(_patterns, schema.values()))
    return set().union(*map(_patterns, schema)) if isinstance(schema, list) else set()


def test_the_format_of_definitions_is_a_json_schema() -> None:
    """Editors can complete and check a definition while it is written."""
    schema = TypeAdapter(Process).json_schema()

    assert schema["required"] == ["initial", "stages", "id", "version", "record", "roles"]
    assert schema["additionalProperties"] is False
