"""What the lists of a process come to together, as each of them is within its own bound."""

from __future__ import annotations

import pytest

from cosell import catalog
from cosell.definition import Process, parse_process, size
from cosell.definition.asked import criteria_of
from cosell.definition.size import MOST_CRITERIA, MOST_MOVES, moves_in
from cosell.engine import bind
from cosell.errors import DefinitionError
from cosell.models import Opportunity

ROWS = '{{ trigger = "t{n}", source = "*", target = "w", roles = ["s"] }}'


def _line(stages: int, transitions: int) -> str:
    """Return a line of so many open stages, each left by so many transitions."""
    opened = ", ".join(f'{{ id = "s{n}" }}' for n in range(stages))
    moves = ", ".join(ROWS.format(n=n) for n in range(transitions))
    return (
        'initial = "s0"\n'
        f'stages = [{opened}, {{ id = "w", kind = "won" }}]\n'
        f"transitions = [{moves}]\n"
    )


def _text(stages: int, transitions: int, track: tuple[int, int] | None = None) -> str:
    head = 'id = "t"\nversion = 1\nrecord = "Opportunity"\nroles = { s = "S" }\n'
    tail = "" if track is None else "[tracks.poc]\n" + _line(*track)
    return head + _line(stages, transitions) + tail


def _problem(text: str) -> tuple[str, int | None, str]:
    with pytest.raises(DefinitionError) as caught:
        parse_process(text, file="x.toml")
    (problem,) = caught.value.problems
    return problem.path, problem.line, problem.problem


@pytest.mark.parametrize(
    ("stages", "transitions", "track"),
    [
        pytest.param(200, 100, None, id="as many as there may be"),
        pytest.param(100, 100, (100, 100), id="as many with those of a track"),
        pytest.param(20, 20, None, id="fewer"),
    ],
)
def test_a_process_of_a_real_size_is_read(
    stages: int, transitions: int, track: tuple[int, int] | None
) -> None:
    """Up to 20,000 moves are allowed, those of tracks among them."""
    process = parse_process(_text(stages, transitions, track))

    assert sum(moves_in(process).values()) <= MOST_MOVES


@pytest.mark.parametrize(
    ("stages", "transitions", "track", "path", "says"),
    [
        pytest.param(
            *(667, 30, None, "transitions"),
            "the process has 20,010 moves, and may have 20,000: a transition is one for each stage"
            " that it leaves, and the 30 of this line come to 20,010",
            id="a few too many",
        ),
        pytest.param(
            *(999, 999, None, "transitions"),
            "the process has 998,001 moves, and may have 20,000: a transition is one for each stage"
            " that it leaves, and the 999 of this line come to 998,001",
            id="both lists near their own bound",
        ),
        pytest.param(
            *(1, 1, (200, 100), "tracks.poc.transitions"),
            "the process has 20,001 moves, and may have 20,000: a transition is one for each stage"
            " that it leaves, and the 100 of this line come to 20,000",
            id="one too many, most of them in a track",
        ),
    ],
)
def test_too_many_moves_are_refused(
    stages: int, transitions: int, track: tuple[int, int] | None, path: str, says: str
) -> None:
    """The product of stages and transitions is bounded, and told at the line that has most."""
    told = _problem(_text(stages, transitions, track))

    assert (told[0], told[2]) == (path, says)
    assert told[1] is not None


def test_what_rows_stand_for_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The criteria of methods and approval chains count with those that are written."""
    process = catalog.load("qualification").process
    asked = sum(
        len(criteria_of(process, name, gate))
        for name, line in process.lines.items()
        for gate in line.gates.values()
    )
    written = sum(len(g.criteria) for line in process.lines.values() for g in line.gates.values())

    monkeypatch.setattr(size, "MOST_CRITERIA", asked)
    within = list(size.problems_in_size(process))
    monkeypatch.setattr(size, "MOST_CRITERIA", asked - 1)
    (problem,) = size.problems_in_size(process)

    assert (within, written < asked) == ([], True)
    assert problem.problem.startswith(f"the gates of a process may ask {asked - 1:,} criteria")


def test_a_process_made_of_models_is_refused_by_bind() -> None:
    """What was not read from text is held to the same bound."""
    process = parse_process(_text(200, 100))
    further = process.transitions[0].model_copy(update={"trigger": "further"})
    larger = process.model_copy(update={"transitions": (*process.transitions, further)})

    with pytest.raises(DefinitionError, match="the process has 20,200 moves"):
        bind(Process.model_validate(larger.model_dump()), record=Opportunity)


def test_moves_are_counted_once_for_each_stage() -> None:
    """A stage that is named beside `*`, or twice, is left by one move."""
    text = _text(3, 2).replace('source = "*"', 'source = ["*", "s1", "s1"]')

    assert moves_in(parse_process(text)) == {None: 6}


def _gates(*counts: int) -> str:
    """Return gates with so many criteria each."""
    row = """[[gates.g{gate}.criteria]]\nid = "c{n}"\nneed = "acv > '{n} USD'"\nremedy = "r"\n"""
    return "".join(
        row.format(gate=gate, n=n) for gate, count in enumerate(counts) for n in range(count)
    )


def test_as_many_criteria_as_there_may_be_are_read() -> None:
    """2,000 criteria are allowed, however they are spread over gates."""
    process = parse_process(_text(2, 1) + _gates(*[200] * 10))

    assert sum(len(gate.criteria) for gate in process.gates.values()) == MOST_CRITERIA


@pytest.mark.parametrize(
    ("line", "path"),
    [
        pytest.param(_text(2, 1), "gates.g10", id="of the main line"),
        pytest.param(_text(2, 1, (2, 1)), "tracks.poc.gates.g10", id="of a track"),
    ],
)
def test_too_many_criteria_are_refused(line: str, path: str) -> None:
    """The first criterion too many is told at its gate."""
    rows = _gates(*[200] * 10, 1)
    if path.startswith("tracks"):
        rows = rows.replace("[[gates", "[[tracks.poc.gates")

    told = _problem(line + rows)

    assert told[0] == path
    assert "may ask 2,000 criteria together" in told[2]
