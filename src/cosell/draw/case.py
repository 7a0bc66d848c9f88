"""Draw a business case as a Mermaid flowchart: the process before and after, step by step in lanes.

Rules:

1. Before and after are a box each; in it a lane is a box, in the order in which lanes come up.
2. A manual step is a rectangle, a decision a rhombus, an automatic one rounded; arrows go in order.
3. A step before that a bottleneck names is marked, and so is one that the new process has no more.
4. Whatever a text says stays text: nothing that people wrote becomes part of the drawing.

This module does not know which deal the case belongs to.

Source:
    PC-19.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from cosell.errors.kinds import tells_kinds
from cosell.models import BusinessCase, ProcessStep

__all__ = ["NO_LANE", "mermaid_of_case"]

#: What a step is in that names no lane.
NO_LANE: Final = "no lane"
#: How a step is drawn (rule 2).
_SHAPES: Final = {
    "manual": ('["', '"]'),
    "decision": ('{"', '"}'),
    "automatic": ('(["', '"])'),
}
#: Characters that mean something in a label, and what is written instead.
_WRITTEN: Final = str.maketrans({character: f"#{ord(character)};" for character in '#&<>"`\\'})
_STYLES: Final = (
    "    classDef bottleneck stroke:#c00,stroke-width:3px",
    "    classDef gone stroke-dasharray:4",
)


@tells_kinds
def mermaid_of_case(case: BusinessCase) -> str:
    """Return a ``flowchart`` of the customer's process before and after (PC-19).

    Args:
        case: The business case; a process without steps is left out.

    Returns:
        Text in Mermaid. Steps before that a bottleneck names have the class ``bottleneck``, those
        whose name the new process does not have the class ``gone``.

    Source:
        PC-19.

    Example:
        >>> from cosell.models import BusinessCase
        >>> step = {"name": "Copy it", "lane": "HR", "actor": "person", "mode": "manual"}
        >>> case = BusinessCase.model_validate({"steps_before": [step]})
        >>> print(mermaid_of_case(case))
        flowchart LR
            subgraph before["Before: 1 step"]
                subgraph before_lane1["HR (person)"]
                    before1["Copy it"]
                end
            end
            classDef bottleneck stroke:#c00,stroke-width:3px
            classDef gone stroke-dasharray:4
    """
    kept = {step.name for step in case.steps_after}
    slow = {bottleneck.step for bottleneck in case.bottlenecks}
    gone = [step.name not in kept for step in case.steps_before if case.steps_after]
    return "\n".join(
        [
            "flowchart LR",
            *_process("before", "Before", case.steps_before),
            *_process("after", "After", case.steps_after),
            *_STYLES,
            *_marked("bottleneck", [step.name in slow for step in case.steps_before]),
            *_marked("gone", gone),
        ]
    )


def _process(name: str, label: str, steps: Sequence[ProcessStep]) -> Iterator[str]:
    if not steps:
        return
    yield f'    subgraph {name}["{label}: {len(steps)} step{"s" * (len(steps) > 1)}"]'
    lanes = list(dict.fromkeys(step.lane for step in steps))
    for number, lane in enumerate(lanes, start=1):
        yield f'        subgraph {name}_lane{number}["{_lane(lane, steps)}"]'
        for place, step in enumerate(steps, start=1):
            if step.lane == lane:
                left, right = _SHAPES[step.mode or "manual"]
                yield f"            {name}{place}{left}{_text(step.name)}{right}"
        yield "        end"
    yield "    end"
    if len(steps) > 1:
        yield "    " + " --> ".join(f"{name}{place + 1}" for place in range(len(steps)))


def _lane(lane: str | None, steps: Sequence[ProcessStep]) -> str:
    actors = [step.actor for step in steps if step.lane == lane and step.actor]
    return _text(lane or NO_LANE) + (f" ({actors[0]})" if actors else "")


def _marked(mark: str, marked: Sequence[bool]) -> Iterator[str]:
    places = [f"before{place}" for place, is_marked in enumerate(marked, start=1) if is_marked]
    if places:
        yield f"    class {','.join(places)} {mark}"


def _text(text: str) -> str:
    return " ".join(text.translate(_WRITTEN).split())
