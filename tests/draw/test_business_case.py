"""A business case is drawn in lanes and told in words (PC-19)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosell.draw import mermaid_of_case, text_of_case
from cosell.models import BusinessCase


def step(
    name: str, lane: str | None = None, mode: str | None = None, **more: Any
) -> dict[str, Any]:
    """Return one step of a process."""
    return {"name": name, "lane": lane, "mode": mode, **more}


HIRING = BusinessCase.model_validate(
    {
        "steps_before": [
            step("Hire", "Recruiting", "manual", actor="system"),
            step("Copy the data", "HR", "manual", actor="person"),
            step("Is it complete?", "HR", "decision", actor="person"),
            step("Open the account", "Recruiting", "automatic"),
        ],
        "steps_after": [
            step("Hire", "Recruiting", "manual", actor="system"),
            step("Open the account", "Recruiting", "automatic"),
            step("Tell the manager", None, "automatic"),
        ],
        "bottlenecks": [
            {"text": "Typing it in anew", "step": "Copy the data"},
            {"text": "Waiting"},
        ],
        "impact": "Half a day\nfor each new hire.",
        "impact_value": "12000 EUR",
    }
)


def test_the_drawing() -> None:
    """Before and after stand in lanes, steps in their shapes, marks on what is slow (PC-19)."""
    assert mermaid_of_case(HIRING).splitlines() == [
        "flowchart LR",
        '    subgraph before["Before: 4 steps"]',
        '        subgraph before_lane1["Recruiting (system)"]',
        '            before1["Hire"]',
        '            before4(["Open the account"])',
        "        end",
        '        subgraph before_lane2["HR (person)"]',
        '            before2["Copy the data"]',
        '            before3{"Is it complete?"}',
        "        end",
        "    end",
        "    before1 --> before2 --> before3 --> before4",
        '    subgraph after["After: 3 steps"]',
        '        subgraph after_lane1["Recruiting (system)"]',
        '            after1["Hire"]',
        '            after2(["Open the account"])',
        "        end",
        '        subgraph after_lane2["no lane"]',
        '            after3(["Tell the manager"])',
        "        end",
        "    end",
        "    after1 --> after2 --> after3",
        "    classDef bottleneck stroke:#c00,stroke-width:3px",
        "    classDef gone stroke-dasharray:4",
        "    class before2 bottleneck",
        "    class before2,before3 gone",
    ]


def test_the_words() -> None:
    """Steps, what is saved and which, bottlenecks and impact are told in lines (PC-19)."""
    assert text_of_case(HIRING).splitlines() == [
        "Before: 4 steps, of these automatic 1, decision 1, manual 2",
        "  1. Hire - Recruiting, system, manual",
        "  2. Copy the data - HR, person, manual",
        "  3. Is it complete? - HR, person, decision",
        "  4. Open the account - Recruiting, automatic",
        "After: 3 steps, of these automatic 2, manual 1",
        "  1. Hire - Recruiting, system, manual",
        "  2. Open the account - Recruiting, automatic",
        "  3. Tell the manager - automatic",
        "Saved: 1 step, 4 become 3",
        "  falls away: Copy the data",
        "  falls away: Is it complete?",
        "  is new: Tell the manager",
        "Bottlenecks",
        "  Typing it in anew (in: Copy the data)",
        "  Waiting",
        "Impact",
        "  Half a day for each new hire.",
        "  12000.00 EUR a year",
    ]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        pytest.param(12, 9, ["Saved: 3 steps, 12 become 9"], id="PC-19 the source's example"),
        pytest.param(9, 9, ["Saved: 0 steps, 9 become 9"], id="PC-19 nothing is saved"),
        pytest.param(9, 10, ["Added: 1 step, 9 become 10"], id="PC-19 a step more"),
        pytest.param(12, 0, [], id="PC-19 the new process is not known"),
        pytest.param(0, 9, [], id="PC-19 today's process is not known"),
    ],
)
def test_what_is_saved(before: int, after: int, said: list[str]) -> None:
    """Steps saved are counted once both processes are recorded (PC-19)."""
    steps = [step(f"Step {number}") for number in range(12)]
    case = BusinessCase.model_validate(
        {"steps_before": steps[:before], "steps_after": steps[:after]}
    )

    told = text_of_case(case).splitlines()

    assert [line for line in told if line.startswith(("Saved", "Added"))] == said


def test_one_process_alone() -> None:
    """What is not recorded is left out, and nothing is said to fall away (PC-19)."""
    case = BusinessCase.model_validate({"steps_before": [step("Copy it")]})

    assert "after" not in mermaid_of_case(case)
    assert "class before" not in mermaid_of_case(case)
    assert text_of_case(case) == "Before: 1 step\n  1. Copy it"


def test_an_empty_case() -> None:
    """Nothing recorded is nothing told, and an empty drawing (PC-19)."""
    assert text_of_case(BusinessCase()) == ""
    assert mermaid_of_case(BusinessCase()).splitlines()[0] == "flowchart LR"
    assert "subgraph" not in mermaid_of_case(BusinessCase())


@given(st.text(min_size=1, max_size=20, alphabet='"];}<>#&`\\\n -x'))
def test_text_stays_text(name: str) -> None:
    """Whatever a step is called, it neither ends its label nor adds a line (PC-19)."""
    plain = mermaid_of_case(BusinessCase.model_validate({"steps_before": [step("x")]}))
    case = BusinessCase.model_validate({"steps_before": [step(f"x{name}x", f"x{name}x")]})

    drawn = mermaid_of_case(case).splitlines()

    assert len(drawn) == len(plain.splitlines())
    assert re.fullmatch(r' +before1\["[^"<>`\\]*"\]', drawn[3])
    assert re.fullmatch(r' +subgraph before_lane1\["[^"<>`\\]*"\]', drawn[2])
