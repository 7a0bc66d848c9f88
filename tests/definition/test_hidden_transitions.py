"""A transition that stands twice: the second can never be taken."""

from __future__ import annotations

import pytest

from cosell.definition import parse_process
from cosell.errors import DefinitionError
from process_samples import TINY

AGAIN = """
[[transitions]]
trigger = "go"
source = "{source}"
target = "{target}"
roles = ["seller"]
"""


@pytest.mark.parametrize("source", ["fresh", "*"])
def test_a_transition_written_twice_is_found(source: str) -> None:
    """The second of two transitions that differ in nothing is named, with its line."""
    with pytest.raises(DefinitionError) as caught:
        parse_process(TINY + AGAIN.format(source=source, target="mid"), file="x.toml")

    (problem,) = caught.value.problems
    assert (problem.path, problem.line) == ("transitions[2]", 20)
    assert problem.problem == "`go` from fresh is written before, word for word"


@pytest.mark.parametrize(
    ("source", "target"), [("mid", "mid"), ("fresh", "won")], ids=["elsewhere", "another target"]
)
def test_a_transition_that_differs_stays(source: str, target: str) -> None:
    """Another stage, or another target, is another transition."""
    process = parse_process(TINY + AGAIN.format(source=source, target=target))

    assert len(process.transitions) == 3


def test_each_further_copy_is_named_once() -> None:
    """A hundred copies are a hundred problems, not one for every pair of them."""
    copies = 100

    with pytest.raises(DefinitionError) as caught:
        parse_process(TINY + AGAIN.format(source="fresh", target="mid") * copies)

    paths = [problem.path for problem in caught.value.problems]
    assert paths == [f"transitions[{index}]" for index in range(2, 2 + copies)]
