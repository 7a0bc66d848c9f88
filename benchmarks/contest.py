"""A contest: several ways of doing the same work, checked before they are timed.

Rules that hold for every contest:

1. Each way is asked once and has to give the right answer, otherwise nothing is timed.
2. What a service would make once is made before: the call holds what it does for each request.
3. A peer that is not installed is left out, and named.

This module does not know what work it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, TypeVar

from report import Outcome, Sheet, figure
from timing import Timing, run_once, time_all

__all__ = ["Contest", "Goal", "Row", "WrongAnswerError", "gather", "peer"]

_PER_SECOND: Final = MappingProxyType({"µs": 1e6, "ms": 1e3})
_T = TypeVar("_T")


class WrongAnswerError(Exception):
    """A way does not do the work that is measured."""


@dataclass(frozen=True)
class Goal:
    """The most that a row may take, as a multiple of another row of the same contest."""

    at_most: float
    of: str


@dataclass(frozen=True)
class Row:
    """One way of doing the work.

    Attributes:
        name: What it is called in the table.
        call: Does the work; may be a coroutine function.
        is_right: Whether what the call gave is the right answer.
        goals: What is asked of it.
        per: How many pieces of work one call does.
    """

    name: str
    call: Callable[[], Any]
    is_right: Callable[[Any], bool]
    goals: tuple[Goal, ...] = ()
    per: int = 1


@dataclass
class Contest:
    """The same work, done in several ways.

    Attributes:
        title: What the work is.
        baseline: Name of the row that the others are measured by.
        rows: The ways.
        absent: Peers that are left out.
        unit: ``µs`` or ``ms``.
        note: What a reader must know about the work.
    """

    title: str
    baseline: str
    rows: list[Row]
    absent: list[str] = field(default_factory=list)
    unit: str = "µs"
    note: str = ""

    def check(self) -> None:
        """Ask each row once.

        Raises:
            WrongAnswerError: One does not do the work.
        """
        for row in self.rows:
            answer = run_once(row.call)
            if not row.is_right(answer):
                raise WrongAnswerError(f"{self.title}: {row.name} gave {answer!r}")

    def measure(self, rounds: int) -> Sheet:
        """Time every row and return the table."""
        timings = self._timings(rounds)
        unit, scale = self.unit, _PER_SECOND[self.unit]
        header = ("", f"best, {unit}", f"median, {unit}", "× baseline", "goal")
        base = timings[self.baseline]
        sheet = Sheet(self.title, header, note=self.note, absent=self.absent)
        sheet.unrest = base.median / base.best
        for row in self.rows:
            timing = timings[row.name]
            outcomes = [*self._outcomes(row, timings)]
            said = "; ".join(self._said(goal, timings, row) for goal in row.goals)
            times = figure(timing.best * scale), figure(timing.median * scale)
            sheet.rows.append((row.name, *times, figure(timing.ratio), said))
            sheet.outcomes += outcomes
        return sheet

    def _timings(self, rounds: int) -> dict[str, Timing]:
        """Return the time of each row for one piece of work."""
        found = time_all({row.name: row.call for row in self.rows}, self.baseline, rounds=rounds)
        parts = {row.name: row.per for row in self.rows}
        share = parts[self.baseline]
        return {
            name: Timing(
                timing.best / parts[name],
                timing.median / parts[name],
                timing.ratio / parts[name] * share,
            )
            for name, timing in found.items()
        }

    def _outcomes(self, row: Row, timings: dict[str, Timing]) -> Iterator[Outcome]:
        for goal in row.goals:
            if goal.of in timings:
                multiple = timings[row.name].ratio / timings[goal.of].ratio
                what = f"× {goal.of}: {row.name} ({self.title})"
                yield Outcome(what, multiple, goal.at_most)

    def _said(self, goal: Goal, timings: dict[str, Timing], row: Row) -> str:
        of = "" if goal.of == self.baseline else f" × {goal.of}"
        asked = f"≤ {figure(goal.at_most)}{of}"
        if goal.of not in timings:
            return f"{asked}: not measured"
        multiple = timings[row.name].ratio / timings[goal.of].ratio
        word = "reached" if multiple <= goal.at_most else "**missed**"
        return f"{asked}: {word}{f' ({figure(multiple)})' if of else ''}"


_PACKAGES: dict[Callable[..., Iterator[Any]], str] = {}
_Maker = TypeVar("_Maker", bound=Callable[..., Iterator[Any]])


def peer(package: str) -> Callable[[_Maker], _Maker]:
    """Mark what makes the rows of a peer, with the package that it needs."""

    def marked(maker: _Maker) -> _Maker:
        _PACKAGES[maker] = package
        return maker

    return marked


def gather(
    makers: Iterable[Callable[..., Iterator[_T]]], *given: Any
) -> tuple[list[_T], list[str]]:
    """Return the rows of the peers that are installed, and the names of the others."""
    rows: list[_T] = []
    absent: list[str] = []
    for maker in makers:
        try:
            rows.extend(maker(*given))
        except ModuleNotFoundError:
            absent.append(_PACKAGES[maker])
    return rows, list(dict.fromkeys(absent))
