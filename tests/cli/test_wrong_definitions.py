"""A definition that is wrong in many places is told whole, whichever command reads it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli_kit import run
from process_samples import TINY

PROCESS = (
    TINY.replace('target = "mid"', 'target = "middle"').replace("trigger", "triger", 1)
    + '[[gates.ready.criteria]]\nid = "big"\nneed = "acw > 5"\nremedy = "Sell more."\n'
    + '[[gates.ready.criteria]]\nid = "known"\nneed = "acv >"\nremedy = "Sell more."\n'
)
TOLD = [
    "process `tiny` has 5 problems:",
    "{file}:8: transitions[0].trigger: it is missing. Give it.",
    "{file}:9: transitions[0].triger: `triger` is not known here. Did you mean `trigger`?",
    "{file}:11: transitions[0].target: there is no stage `middle`. Did you mean `mid`?",
    "{file}:21: gates.ready.criteria[0].need: there is no field `acw`. Did you mean `acv`?",
    "    acw > 5",
    "    ^",
    (
        "{file}:25: gates.ready.criteria[1].need: this cannot be read as an expression."
        " Look around the mark: a name, an operator or a comma may be missing."
    ),
    "    acv >",
    "        ^",
]


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(["show", "{file}"], id="one that shows it"),
        pytest.param(
            ["review", "{folder}/deals.csv", "--map", "{folder}/map.toml", "--process", "{file}"],
            id="one that works by it",
        ),
    ],
)
def test_a_wrong_process_is_told_whole(tmp_path: Path, command: list[str]) -> None:
    """Keys, names, expressions and fields are told in one error, by line."""
    file = tmp_path / "ours.toml"
    file.write_text(PROCESS, encoding="utf-8")
    names = {"file": str(file), "folder": str(tmp_path)}
    for name in ("deals.csv", "map.toml"):
        (tmp_path / name).write_text("", encoding="utf-8")

    code, _, err = run(*(part.format(**names) for part in command))

    assert code == 2
    assert err.splitlines() == [line.format(**names) for line in TOLD]
