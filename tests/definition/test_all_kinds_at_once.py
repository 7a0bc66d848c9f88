"""Keys, names and expressions that are wrong are told in one error, and nothing follows from them.

A fault is one line of a sound definition, written otherwise.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from datetime import time
from decimal import Decimal
from functools import partial
from typing import Any, Final, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError, model_validator

from cosell import catalog
from cosell.catalog.shelf import SHELF
from cosell.cli.job import problems_with_own_model
from cosell.definition import FeePlan, Process, parse_fee_plan, parse_process
from cosell.definition.fee_plan import read_fee_plan
from cosell.definition.load import parse_model, read_process
from cosell.definition.mending import mended
from cosell.definition.text import Path, Source
from cosell.errors import DefinitionError
from fee_samples import TINY as TINY_PLAN
from process_samples import RICH, TINY


class Fault(NamedTuple):
    """A line of a definition that is written wrongly.

    Attributes:
        kind: What is wrong with it.
        at: Its index.
        text: What stands there.
    """

    kind: str
    at: int
    text: str


#: What does not hide anything else: whoever reads it knows what is meant.
CLEAR: Final = ("misspelt", "nowhere", "unreadable", "no field")
_KEY: Final = re.compile(r"([a-z_]{3,}) = (?!\"\"\"|\[$)")
_NAMES: Final = re.compile(r'(?:source|target|roles|gates|within|initial|to|method) = \[?"(\w+)"')
_FIELD: Final = re.compile(r"""(recorded\(|path = "|data = \["|since = ")([a-z])""")
_EXPRESSION: Final = re.compile(r'(?:when|need|since|payee|base|of|starts) = "[^"]+"$')


def faults_in(text: str) -> list[Fault]:
    """Return what can be done to each line of a definition."""
    found = []
    table = ""
    for at, line in enumerate(text.split("\n")):
        table = line if line.startswith("[") else table
        key, name = _KEY.match(line), _NAMES.match(line)
        if key and table not in _OF_NAMES:
            found.append(Fault("misspelt", at, f"{key[1][:-1]}x{key[1][-1]}{line[key.end(1) :]}"))
            found.append(Fault("foreign", at, f"zqj{at}{line[key.end(1) :]}"))
            found.append(Fault("of no kind", at, f"{key[1]} = 07:30:00"))
        if name:
            found.append(Fault("nowhere", at, line.replace(name[1], f"nowhere_{name[1]}", 1)))
        if _EXPRESSION.match(line):
            found.append(Fault("unreadable", at, f'{line[:-1]} >"'))
        if _FIELD.search(line):
            found.append(Fault("no field", at, _FIELD.sub(r"\1no_\2", line, count=1)))
    return found


#: Tables whose keys are names: one that is misspelt is another name.
_OF_NAMES: Final = ("[roles]", "[effects]", "[parameters]", "[facts]")


def spoiled(text: str, faults: Sequence[Fault]) -> str:
    lines = text.split("\n")
    for fault in faults:
        lines[fault.at] = fault.text
    return "\n".join(lines)


Read = Callable[[str], object]


def told_of(text: str, read: Read) -> set[tuple[int | None, str]]:
    """Return line and words of everything that is wrong; rows of a base have other numbers."""
    try:
        read(text)
    except DefinitionError as error:
        found = error.problems
        return {(each.line, f"{each.problem}. {each.remedy} {each.excerpt}") for each in found}
    return set()


PLAN: Final = TINY_PLAN.format(zone="UTC", hold_days=0, amount='flat = "1 USD"')
_PROCESS: Final = partial(parse_process, file="x.toml", bases=catalog.BASES)
_PLAN: Final = partial(parse_fee_plan, file="x.toml")


def read_with_model(text: str) -> object:
    """Read a process and hold it against the model that it names, as the command line does."""
    return read_process(
        text,
        file="x.toml",
        bases=catalog.BASES,
        further=problems_with_own_model,
    )


def read_plan_with_model(text: str) -> object:
    return read_fee_plan(
        text,
        file="x.toml",
        further=problems_with_own_model,
    )


SAMPLES: Final[list[tuple[str, Read]]] = [
    (RICH, read_with_model),
    *((SHELF.text_of(name, fees=False)[1], read_with_model) for name in catalog.names()),
    *(
        (SHELF.text_of(name, fees=True)[1], read_plan_with_model)
        for name in catalog.fee_plan_names()
    ),
]
FAULTS: Final = {text: faults_in(text) for text, _ in SAMPLES}


def some_faults(text: str) -> st.SearchStrategy[list[Fault]]:
    return st.lists(
        st.sampled_from(FAULTS[text]), min_size=2, max_size=5, unique_by=lambda each: each.at
    )


@given(st.data())
def test_what_is_told_of_several_faults_is_told_of_one_of_them(data: st.DataObject) -> None:
    """Nothing is told that goes away when another fault is mended: no fault has followers."""
    text, read = data.draw(st.sampled_from(SAMPLES))
    faults = data.draw(some_faults(text))
    alone = [told_of(spoiled(text, [fault]), read) for fault in faults]

    assert told_of(spoiled(text, faults), read) <= set().union(*alone)


@given(st.data())
def test_every_fault_that_hides_none_is_told_at_its_line(data: st.DataObject) -> None:
    """Misspelt keys, names of nothing, texts that are no expressions, fields that are not there."""
    faults = data.draw(some_faults(RICH).map(lambda some: [x for x in some if x.kind in CLEAR]))

    told = {line for line, _ in told_of(spoiled(RICH, faults), read_with_model)}

    assert told >= {fault.at + 1 for fault in faults}


def problems_in(text: str, read: Read = _PROCESS) -> list[str]:
    with pytest.raises(DefinitionError) as caught:
        read(text)
    return [str(problem).partition("\n")[0] for problem in caught.value.problems]


def test_three_kinds_of_faults_are_one_error() -> None:
    """A misspelt key, a stage that is not there and a text that cannot be read, by line."""
    text = (
        TINY.replace('source = "mid"\n', 'source = "mid"\ngaets = ["ready"]\n').replace(
            'target = "mid"', 'target = "middle"'
        )
        + '[[gates.ready.criteria]]\nid = "big"\nneed = "acv >"\nremedi = "Sell more."\n'
    )

    assert problems_in(text) == [
        "x.toml:11: transitions[0].target: there is no stage `middle`. Did you mean `mid`?",
        "x.toml:17: transitions[1].gaets: `gaets` is not known here. Did you mean `gates`?",
        "x.toml:20: gates.ready.criteria[0].remedy: it is missing. Give it.",
        (
            "x.toml:22: gates.ready.criteria[0].need: this cannot be read as an expression."
            " Look around the mark: a name, an operator or a comma may be missing."
        ),
        (
            "x.toml:23: gates.ready.criteria[0].remedi: `remedi` is not known here."
            " Did you mean `remedy`?"
        ),
    ]


CLOCK: Final = (
    '[[clocks]]\nid = "c"\nallowance = "days"\nunit = "calendar_days"\nstart = ["won_at"]\n'
)

ALONE = [
    pytest.param(
        TINY.replace('{ id = "mid" }', '{ idd = "mid" }'),
        [
            "x.toml:6: stages[1].id: it is missing. Give it.",
            "x.toml:6: stages[1].idd: `idd` is not known here. Did you mean `id`?",
        ],
        id="a stage whose key is misspelt is a stage",
    ),
    pytest.param(
        TINY.replace('{ id = "mid" }', "{ id = 5 }"),
        ["x.toml:6: stages[1].id: it should be a text. Given was `5`."],
        id="a stage whose name cannot be read may be any",
    ),
    pytest.param(
        TINY.replace('{ id = "mid" }', "5"),
        ["x.toml:6: stages[1]: it should be a table. Given was `5`."],
        id="and so may one that is no table",
    ),
    pytest.param(
        TINY.replace('kind = "won"', 'sort = "won"'),
        [
            (
                "x.toml:6: stages[2].sort: `sort` is not known here."
                " Use one of: cites, fields, forecast, help, id, kind, label, probability."
            )
        ],
        id="an unknown key may be what makes a stage an end",
    ),
    pytest.param(
        TINY.replace('boss = "Boss" }', 'Boss = "Boss" }').replace('["seller"]', '["boss"]'),
        [
            (
                "x.toml:5: roles.Boss: it should begin with a small letter; letters, digits and _"
                " follow. Given was `Boss`."
            )
        ],
        id="a role whose name is none may be any",
    ),
    pytest.param(
        TINY + "[setup]\ndays = 5\n" + CLOCK,
        [
            (
                "x.toml:19: setup: `setup` is not known here. Use one of: approvals, calendars,"
                " cites, claims, clocks, edits, effects, facts, gates, help, id, initial and 15"
                " more."
            )
        ],
        id="an unknown table may be the one of parameters",
    ),
    pytest.param(
        TINY + "[paramters]\ndays = 5\n" + CLOCK,
        [("x.toml:19: paramters: `paramters` is not known here. Did you mean `parameters`?")],
        id="a misspelt table is the one that is meant",
    ),
    pytest.param(
        TINY
        + "[tracks]\nmdp = 5\n"
        + CLOCK.replace("won_at", "entered('mdp.agreed')").replace('"days"', "5"),
        ["x.toml:20: tracks.mdp: it should be a table. Given was `5`."],
        id="a track that is no table has any stage",
    ),
    pytest.param(
        TINY + '[approvals.big]\nsource = "mid"\nrows = [{ id = "boss", role = "boss" }]\n'
        '[gates.g]\nasks = ["big"]\n',
        [
            (
                "x.toml:23: gates.g.asks: `asks` is not known here. Use one of: approvals, cites,"
                " criteria, help, label, methods."
            )
        ],
        id="an unknown key may be what a chain is asked for by",
    ),
    pytest.param(
        TINY + '[translations.cs]\n"stage:middle" = "x"\n[[stagse]]\nid = "middle"\n',
        ["x.toml:21: stagse: `stagse` is not known here. Did you mean `stages`?"],
        id="what is translated may be what is wrong",
    ),
    pytest.param(
        TINY
        + '[facts]\nsigned = "moment"\n'
        + CLOCK.replace("won_at", "facts.signed").replace('"days"', "5"),
        [
            (
                "x.toml:20: facts.signed: it should be 'bool', 'int', 'decimal', 'money', 'text',"
                " 'date' or 'instant'. Given was `moment`."
            )
        ],
        id="a fact of no kind may hold a moment",
    ),
    pytest.param(
        TINY + '[gates.g]\n[[gates.g.criteria]]\nid = "a"\nremedy = "A."\n'
        '[[gates.g.criteria]]\nid = "b"\nneed = "acv >"\nremedy = "B."\n'
        '[[locks]]\npaths = ["acv"]\nremedy = "No."\n',
        [
            (
                "x.toml:20: gates.g.criteria[0]: a criterion has either a `need` or a `predicate`."
                " Given was a table."
            ),
            (
                "x.toml:25: gates.g.criteria[1].need: this cannot be read as an expression."
                " Look around the mark: a name, an operator or a comma may be missing."
            ),
            (
                "x.toml:27: locks[0]: a lock names its `stages`, unless it is `once`."
                " Given was a table."
            ),
        ],
        id="a row that contradicts itself leaves the others to be read",
    ),
]


@pytest.mark.parametrize(("text", "told"), ALONE)
def test_a_fault_stands_alone(text: str, told: list[str]) -> None:
    """Where something cannot be known because of a fault, nothing is told of it."""
    assert problems_in(text) == told


WHERE = [
    pytest.param(
        TINY.replace("initial", 'rates_on = "day("\ninitial') + "[gates.g]\ncriteria = [\n"
        '  { id = "a", when = "acv >", need = "not", remedy = "A." },\n'
        '  { id = "b", predicate = "p", inputs = ["acv", "1 +"], remedy = "B." },\n]\n'
        'approvals = ["big"]\n'
        '[approvals.big]\nsource = "mid"\nrows = [{ id = "b", role = "boss", when = "(" }]\n'
        '[[edits]]\nid = "e"\nroles = ["boss"]\npaths = ["*"]\nwhen = "acv ="\n'
        '[[views]]\nid = "v"\nroles = ["*"]\nwhen = ")"\n'
        '[[clocks]]\nid = "c"\nunits = "none"\nstart = ["entered("]\n',
        _PROCESS,
        [
            "rates_on",
            "gates.g.criteria[0].when",
            "gates.g.criteria[0].need",
            "gates.g.criteria[1].inputs[1]",
            "approvals.big.rows[0].when",
            "edits[0].when",
            "views[0].when",
            "clocks[0].unit",
            "clocks[0].units",
            "clocks[0].start[0]",
        ],
        id="in a process",
    ),
    pytest.param(
        PLAN.replace('record = "Opportunity"', 'record = "Opportunity"\npayee = "a b"')
        + '[amount]\nof = "x"\n[clawback]\nsince = "lost_at +"\ncriteria = [{ id = "lost" }]\n'
        '[[windows]]\nid = "w"\nstarts = "won_at +"\nof = "("\nwhen = "x y"\n'
        'months = 1\nreason = "no"\nremedy = "Wait."\n',
        _PLAN,
        [
            "payee",
            "amount",
            "clawback.since",
            "clawback.criteria[0].remedy",
            "clawback.criteria[0].reason",
            "windows[0].last_day",
            "windows[0].starts",
            "windows[0].of",
            "windows[0].when",
        ],
        id="in a fee plan",
    ),
]


@pytest.mark.parametrize(("text", "read", "places"), WHERE)
def test_each_text_that_cannot_be_read_is_told(text: str, read: Read, places: list[str]) -> None:
    """Wherever an expression stands, it is read with the rest, and told beside wrong keys."""
    with pytest.raises(DefinitionError) as caught:
        read(text)

    assert [problem.path for problem in caught.value.problems] == places


GATE: Final = '[[gates.g.criteria]]\nid = "a"\nneed = "{need}"\nremedy = "A."\n'
NO_TYPE: Final = (
    "it should be 'bool', 'int', 'decimal', 'money', 'text', 'date' or 'instant'."
    " Given was `moment`."
)
MEANT = [
    pytest.param(
        TINY + "[parameters]\nleast = 07:30:00\n" + GATE.format(need="acv > least and plann"),
        read_with_model,
        [
            (
                "x.toml:20: parameters.least: it should be a number, a text, true, false, a day or"
                " a moment. Given was `07:30:00`."
            )
        ],
        id="what a name stands for that cannot be read may be of any type",
    ),
    pytest.param(
        TINY + "[parameters]\nleast = 07:30:00\n" + GATE.format(need="recorded(plann)"),
        read_with_model,
        [
            (
                "x.toml:20: parameters.least: it should be a number, a text, true, false, a day or"
                " a moment. Given was `07:30:00`."
            ),
            "x.toml:23: gates.g.criteria[0].need: there is no field `plann`. Did you mean `plan`?",
        ],
        id="another name is not concerned",
    ),
    pytest.param(
        TINY + "[setup]\nleast = 5\n" + GATE.format(need="acv > least"),
        read_with_model,
        [
            (
                "x.toml:19: setup: `setup` is not known here. Use one of: approvals, calendars,"
                " cites, claims, clocks, edits, effects, facts, gates, help, id, initial and 15"
                " more."
            )
        ],
        id="an unknown table may say what a name stands for",
    ),
    pytest.param(
        TINY + '[facts]\nsigned = "moment"\n' + GATE.format(need="facts.signed"),
        read_with_model,
        [f"x.toml:20: facts.signed: {NO_TYPE}"],
        id="a fact of no type may be of any",
    ),
    pytest.param(
        TINY.replace('{ id = "mid" }', "{ id = 5 }") + GATE.format(need="stage == 'mid'"),
        read_with_model,
        ["x.toml:6: stages[1].id: it should be a text. Given was `5`."],
        id="a stage whose name cannot be read may be one that a gate asks for",
    ),
    pytest.param(
        TINY
        + GATE.format(need="all(p.kind == 'x' for p in paper_items)")
        + GATE.format(need="count(True for p in paper_items) >= 1")
        .replace('"a"', '"b"')
        .replace("need", "asks"),
        read_with_model,
        [
            (
                "x.toml:25: gates.g.criteria[1].asks: `asks` is not known here. Use one of: cites,"
                " help, id, inputs, label, need, predicate, remedy, severity, when."
            )
        ],
        id="what counts a list may be what cannot be read",
    ),
    pytest.param(
        TINY
        + GATE.format(need="recorded(plann)")
        + GATE.format(need="acv > least").replace('"a"', '"b"').replace("need", "asks"),
        read_with_model,
        [
            "x.toml:21: gates.g.criteria[0].need: there is no field `plann`. Did you mean `plan`?",
            (
                "x.toml:25: gates.g.criteria[1].asks: `asks` is not known here. Use one of: cites,"
                " help, id, inputs, label, need, predicate, remedy, severity, when."
            ),
        ],
        id="what is no list is counted by nothing",
    ),
    pytest.param(
        TINY.replace('record = "Opportunity"', 'record = "Opportunity"\nzone = "Nowhere"')
        + '[[gates.g.criteria]]\nid = "a"\npredicate = "ours"\nremedy = "A."\n',
        read_with_model,
        [
            (
                "x.toml:4: zone: there is no time zone `Nowhere`."
                " Name one of the tz database, such as `Europe/Prague`."
            )
        ],
        id="a zone is told once, and a predicate is the host's",
    ),
    pytest.param(
        PLAN.replace('"UTC"', '"Nowhere"').replace(
            'need = "recorded(won_at)"', 'predicate = "is_won"', 1
        ),
        read_plan_with_model,
        [
            (
                "x.toml:4: zone: there is no time zone `Nowhere`."
                " Name one of the tz database, such as `Europe/Prague`."
            )
        ],
        id="and so it is in a fee plan",
    ),
    pytest.param(
        PLAN.replace('flat = "1 USD"', 'base = "amount"\nrate = 0.1')
        + '[activities.many]\nof = "payments"\nat = "booked_at"\n',
        read_plan_with_model,
        [
            (
                "x.toml:40: activities[0].many: `many` is not known here. Use one of: amount,"
                " cites, each, earns, eligible, help, id, label, pays, windows."
            )
        ],
        id="an unknown table may say whose fields an activity is about",
    ),
    pytest.param(
        PLAN.replace(
            'record = "Opportunity"', 'record = "Opportunity"\npaye = "partner.id"'
        ).replace('since = "won_at"', 'since = "wonn_at"'),
        read_plan_with_model,
        [
            "x.toml:4: paye: `paye` is not known here. Did you mean `payee`?",
            "x.toml:17: earns.since: there is no field `wonn_at`. Did you mean `won_at`?",
        ],
        id="a key of a plan and a field",
    ),
]


@pytest.mark.parametrize(("text", "read", "told"), MEANT)
def test_what_a_fault_may_mean_is_left_open(text: str, read: Read, told: list[str]) -> None:
    """A field is not told to be missing while what would define its name cannot be read."""
    assert problems_in(text, read) == told


def test_what_cannot_be_mended_is_told_as_it_is() -> None:
    """A model that nothing fits is not checked any further."""

    class Never(BaseModel):
        """A model that refuses everything."""

        @model_validator(mode="after")
        def _refuses(self) -> Any:
            message = "it is never right"
            raise ValueError(message)

    source = Source(content={}, file="x.toml", lines={})

    assert problems_in("", lambda _: parse_model(Never, source)) == [
        "x.toml: it is never right. Given was a table."
    ]


@pytest.mark.parametrize("model", [Process, FeePlan])
def test_whatever_is_missing_has_a_stand_in(model: type[Process | FeePlan]) -> None:
    """Of nothing at all something is made that can be checked."""
    with pytest.raises(ValidationError) as caught:
        model.model_validate({})

    assert mended(model, {}, caught.value) is not None


CONTENT: Final = {
    Process: tomllib.loads(RICH, parse_float=Decimal),
    FeePlan: tomllib.loads(SHELF.text_of("make_example", fees=True)[1], parse_float=Decimal),
}


@given(st.data())
def test_whatever_is_wrong_can_be_mended(data: st.DataObject) -> None:
    """Wherever something stands that fits nowhere, the rest can be checked."""
    model = data.draw(st.sampled_from([Process, FeePlan]))
    content = deepcopy(CONTENT[model])
    for place in data.draw(st.lists(st.sampled_from(list(places_in(content))), max_size=4)):
        put(content, place, data.draw(st.sampled_from([time(7, 30), {}, [], [5], {"a": {}}])))
    try:
        model.model_validate(content)
    except ValidationError as error:
        assert mended(model, content, error) is not None  # noqa: PT017 - either outcome is right


def places_in(content: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the place of each value that a table or list holds, however deep."""
    rows = enumerate(content) if isinstance(content, list) else ()
    for key, value in content.items() if isinstance(content, dict) else rows:
        yield (*path, key)
        yield from places_in(value, (*path, key))


def put(content: Any, path: Path, value: Any) -> None:
    """Put a value somewhere, unless that place is not there any more."""
    for key in path[:-1]:
        if not holds(content, key):
            return
        content = content[key]
    if holds(content, path[-1]):
        content[path[-1]] = value


def holds(content: Any, key: str | int) -> bool:
    if isinstance(content, list):
        return key in range(len(content))
    return isinstance(content, dict) and key in content
