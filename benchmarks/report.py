"""What was measured, as Markdown tables, with the goals that were reached and those that were not.

This module does not know how anything is measured.
"""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Outcome", "Sheet", "figure"]

#: From here on a table says that it was made on a busy machine.
_RESTLESS = 1.25


@dataclass(frozen=True)
class Outcome:
    """What became of one goal: at most so much, or at least."""

    goal: str
    came_to: float
    bound: float
    least: bool = False

    @property
    def reached(self) -> bool:
        """Whether it was reached."""
        return self.came_to >= self.bound if self.least else self.came_to <= self.bound

    def __str__(self) -> str:
        """Return one line."""
        word = "reached" if self.reached else "MISSED"
        sign = "≥" if self.least else "≤"
        return f"{word:7} {figure(self.came_to):>8} {sign} {figure(self.bound):>5}  {self.goal}"


@dataclass
class Sheet:
    """One table.

    Attributes:
        title: What was measured.
        header: Heads of the columns; the first is that of the names.
        rows: As many texts for each row.
        outcomes: The goals.
        note: What a reader must know.
        absent: What was left out, with the reason.
        unrest: How much slower the baseline's median round was than its best; 1 is a quiet machine.
    """

    title: str
    header: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    note: str = ""
    absent: list[str] = field(default_factory=list)
    unrest: float = 1.0

    def __str__(self) -> str:
        """Return the table as Markdown."""
        rule = ("---", *("---:" for _ in self.header[1:]))
        lines = [f"## {self.title}", ""]
        lines += [self.note, ""] if self.note else []
        lines += [f"| {' | '.join(cells)} |" for cells in (self.header, rule, *self.rows)]
        lines += ["", f"Not installed: {', '.join(self.absent)}."] if self.absent else []
        if self.unrest > _RESTLESS:
            lines += ["", f"The machine was busy: the baseline took {self.unrest:.1f} x its best."]
        return "\n".join(lines) + "\n"


def figure(number: float) -> str:
    """Return a number with about three digits."""
    places = next((places for places, above in enumerate((100, 10, 0.1)) if number >= above), 3)
    return f"{number:,.{places}f}"
