"""Tell a business case as plain text: both processes, what is saved, bottlenecks, impact.

Rules:

1. What is not recorded is not told; a number that cannot be known is left out, never guessed.
2. A step is told by its name: what the new process does not name falls away, and what the old one
   does not name is new.

This module does not know how a case is drawn.

Source:
    PC-19.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from cosell.errors.kinds import tells_kinds
from cosell.models import BusinessCase, ProcessStep

__all__ = ["text_of_case"]


@tells_kinds
def text_of_case(case: BusinessCase) -> str:
    """Return the business case in words, line by line (PC-19).

    Args:
        case: The business case; what it does not record is left out.

    Returns:
        Lines of text: the process before, the process after, how many steps are saved and which,
        the bottlenecks with the step they stand in, the impact; empty if nothing is recorded.

    Source:
        PC-19.

    Example:
        >>> from cosell.models import BusinessCase
        >>> case = BusinessCase.model_validate(
        ...     {
        ...         "steps_before": [{"name": "Copy it"}, {"name": "Send it"}],
        ...         "steps_after": [{"name": "Send it", "lane": "Mail", "mode": "automatic"}],
        ...         "impact_value": "12000 EUR",
        ...     }
        ... )
        >>> print(text_of_case(case))
        Before: 2 steps
          1. Copy it
          2. Send it
        After: 1 step, of these automatic 1
          1. Send it - Mail, automatic
        Saved: 1 step, 2 become 1
          falls away: Copy it
        Impact
          12000.00 EUR a year
    """
    return "\n".join(
        [
            *_process("Before", case.steps_before),
            *_process("After", case.steps_after),
            *_saved(case),
            *_bottlenecks(case),
            *_impact(case),
        ]
    )


def _process(label: str, steps: Sequence[ProcessStep]) -> Iterator[str]:
    if not steps:
        return
    modes = Counter(step.mode for step in steps if step.mode)
    of_these = ", ".join(f"{mode} {count}" for mode, count in sorted(modes.items()))
    yield f"{label}: {_counted(len(steps))}" + (f", of these {of_these}" if modes else "")
    for number, step in enumerate(steps, start=1):
        details = ", ".join(detail for detail in (step.lane, step.actor, step.mode) if detail)
        yield f"  {number}. {_flat(step.name)}" + (f" - {details}" if details else "")


def _saved(case: BusinessCase) -> Iterator[str]:
    if case.steps_saved is None:
        return
    before, after = len(case.steps_before), len(case.steps_after)
    word = "Saved" if case.steps_saved >= 0 else "Added"
    yield f"{word}: {_counted(abs(case.steps_saved))}, {before} become {after}"
    yield from _names("falls away", case.steps_before, case.steps_after)
    yield from _names("is new", case.steps_after, case.steps_before)


def _names(
    label: str, these: Iterable[ProcessStep], others: Iterable[ProcessStep]
) -> Iterator[str]:
    known = {step.name for step in others}
    yield from (f"  {label}: {_flat(step.name)}" for step in these if step.name not in known)


def _bottlenecks(case: BusinessCase) -> Iterator[str]:
    if case.bottlenecks:
        yield "Bottlenecks"
    for bottleneck in case.bottlenecks:
        yield f"  {_flat(bottleneck.text)}" + (
            f" (in: {bottleneck.step})" if bottleneck.step else ""
        )


def _impact(case: BusinessCase) -> Iterator[str]:
    value = None if case.impact_value is None else f"{case.impact_value} a year"
    told = [f"  {_flat(line)}" for line in (case.impact, value) if line]
    if told:
        yield "Impact"
    yield from told


def _counted(steps: int) -> str:
    return f"{steps} step" if steps == 1 else f"{steps} steps"


def _flat(text: str) -> str:
    return " ".join(text.split())
