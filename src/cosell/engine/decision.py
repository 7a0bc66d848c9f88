"""A decision: permitted or not, and every reason.

Findings are made when they are first read: whoever only wants to know whether a deal may move
does not pay for them. Reading later gives the same, since everything a decision holds is frozen.

This module does not know how a decision is made.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from cosell.errors import CosellError
from cosell.findings import CheckKind, Finding, advice_in, obstacles_in

if TYPE_CHECKING:
    from cosell.definition import Words
    from cosell.engine.bound import Move
    from cosell.models.record import Record

__all__ = ["Decision", "Outcome", "TransitionRefusedError"]


class Outcome(StrEnum):
    """What a decision comes to. Where several are true, the first of this list is given."""

    UNKNOWN_TRIGGER = "unknown_trigger"  # no stage of the process has it
    TERMINAL = "terminal"  # the line has ended, and this does not leave the end
    NOT_FROM_HERE = "not_from_here"  # other stages have it
    STALE_VERSION = "stale_version"  # the asker saw an older record
    WRONG_ROLE = "wrong_role"
    OUT_OF_TIME = "out_of_time"  # a clock of it has run out, or moved the record on
    OBSTACLES = "obstacles"
    PERMITTED = "permitted"


#: What was asked for, from which stage, and where it leads, as far as the last two are known.
Asked = tuple[str, str | None, str | None]
_PERMITTED: Final = Outcome.PERMITTED


#: The record that was judged, who asked, when, and by which exchange rates; who only reads a
#: decision that another one made is told neither of the two.
Given = tuple["Record", Any, datetime, Any]


def is_overridden(finding: Finding, overridden: Collection[str]) -> bool:
    """Whether a finding is one of the criteria that an override sets aside, by id."""
    return finding.check.kind is CheckKind.CRITERION and finding.id in overridden


class Decision:
    """Whether a record may take a transition, with every reason. Compares by value.

    A decision is true when it is permitted: ``if decide(...)`` does what it says.

    Attributes:
        trigger: What was asked for.
        outcome: What it comes to.
        source: The stage from which it was asked, after due clocks were settled.
        target: Where it leads, if there is one transition that it comes down to.
        decided_at: The moment it holds for.
        record: The settled record that was judged.
        overridden: Ids of the obstacles that an override sets aside.
    """

    __slots__ = ("_asked", "_given", "_reasons", "move", "outcome", "overridden")

    def __init__(
        self,
        asked: Asked,
        outcome: Outcome,
        move: Move | None,
        given: Given,
        reasons: Move | tuple[Finding, ...],
        overridden: tuple[str, ...] = (),
    ) -> None:
        self._asked = asked
        self.outcome = outcome
        self.move = move
        self._given = given
        self._reasons = reasons  # the findings, or what makes them when they are read
        self.overridden = overridden

    @property
    def trigger(self) -> str:
        """What was asked for."""
        return self._asked[0]

    @property
    def source(self) -> str | None:
        """The stage from which it was asked, after due clocks were settled."""
        return self._asked[1]

    @property
    def target(self) -> str | None:
        """Where it leads, if there is one transition that it comes down to."""
        return self._asked[2]

    @property
    def decided_at(self) -> datetime:
        """The moment it holds for."""
        return self._given[2]

    @property
    def record(self) -> Record:
        """The settled record that was judged."""
        return self._given[0]

    @property
    def permitted(self) -> bool:
        """Whether the transition may be taken."""
        return self.outcome is _PERMITTED

    def __bool__(self) -> bool:
        """Return whether the transition may be taken."""
        return self.outcome is _PERMITTED

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle with the findings; the compiled move stays behind."""
        content = (self.trigger, self.outcome, self.source, self.target, self.decided_at)
        return (_restored, (*content, self.record, self.findings, self.overridden))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that was checked: stage or role first, then inputs, clocks, criteria."""
        reasons = self._reasons
        if not isinstance(reasons, tuple):
            reasons = self._reasons = reasons.findings(*self._given)
        return reasons

    @property
    def obstacles(self) -> tuple[Finding, ...]:
        """The findings that stand in the way; what an override sets aside does not."""
        reasons = self._reasons
        if not isinstance(reasons, tuple):  # the others need not be made
            return reasons.obstacles(*self._given)
        found = obstacles_in(reasons)
        if not self.overridden:
            return found
        return tuple(it for it in found if not is_overridden(it, self.overridden))

    @property
    def advice(self) -> tuple[Finding, ...]:
        """The findings that advise and stop nothing."""
        return advice_in(self.findings)

    def in_words(self, words: Words) -> Decision:
        """Return the decision with labels and remedies as ``words`` has them.

        Example:
            >>> from datetime import UTC, datetime
            >>> from cosell import Actor, Calendar, Opportunity, catalog, decide, open_record
            >>> from cosell.definition import Translation, Words, translated
            >>> table = {"cs": {"input:closed_reason": "Důvod"}}
            >>> make = translated(
            ...     catalog.load("make").process, Translation(process="make", translations=table)
            ... )
            >>> vendor = Calendar.from_holidays("CZ", tz="Europe/Prague")
            >>> bound = catalog.load("make").bind(calendars={"vendor": vendor})
            >>> me, now = Actor("ae-3", role="ae", party="v"), datetime(2026, 11, 20, tzinfo=UTC)
            >>> deal = open_record(bound, Opportunity(id="o-1"), actor=me, at=now).record
            >>> refused = decide(bound, deal, "lose", actor=me, at=now)
            >>> refused.in_words(Words(make, language="cs")).obstacles[0].check.label
            'Důvod'
        """
        found = tuple(words.finding(it, trigger=self.trigger) for it in self.findings)
        return Decision(self._asked, self.outcome, self.move, self._given, found, self.overridden)

    def explain(self) -> str:
        """Return the decision in words, a line for each obstacle and each advice."""
        lead = f" to {self.target}" if self.target else ""
        start = f" from {self.source}" if self.source else ""
        head = f"{self.trigger}{start}{lead}: {self.outcome.value.replace('_', ' ')}"
        lines = [head]
        lines += [f"  obstacle: {finding}" for finding in self.obstacles]
        lines += [f"  overridden: {name}" for name in self.overridden]
        lines += [f"  advice: {finding}" for finding in self.advice]
        return "\n".join(lines)

    def as_dict(self) -> dict[str, Any]:
        """Return the decision as plain values, ready for JSON."""
        return {
            "trigger": self.trigger,
            "outcome": self.outcome.value,
            "permitted": self.permitted,
            "source": self.source,
            "target": self.target,
            "decided_at": self.decided_at.isoformat(),
            "record_id": self.record.id,
            "version": self.record.version,
            "overridden": list(self.overridden),
            "findings": [finding.as_dict() for finding in self.findings],
        }

    def __eq__(self, other: object) -> bool:
        """Compare by content."""
        return isinstance(other, Decision) and self.as_dict() == other.as_dict()

    def __hash__(self) -> int:
        """Hash by what was asked and what it comes to."""
        return hash((self.trigger, self.outcome, self.record.id, self.record.version))

    def __repr__(self) -> str:
        """Return trigger and outcome."""
        return f"<Decision {self.trigger}: {self.outcome.value}>"


def _restored(
    trigger: str,
    outcome: Outcome,
    source: str | None,
    target: str | None,
    decided_at: datetime,
    record: Record,
    findings: tuple[Finding, ...],
    overridden: tuple[str, ...],
) -> Decision:
    asked, given = (trigger, source, target), (record, None, decided_at, None)
    return Decision(asked, outcome, None, given, findings, overridden)


class TransitionRefusedError(CosellError):
    """A transition was asked for that is not permitted; nothing was changed.

    Attributes:
        decision: The whole decision, with every obstacle.
    """

    code = "transition.refused"

    def __init__(self, decision: Decision) -> None:
        self.decision = decision
        obstacles = decision.obstacles
        super().__init__(
            problem=(
                f"`{decision.trigger}` is refused for record `{decision.record.id}`:"
                f" {decision.outcome.value.replace('_', ' ')}"
            ),
            remedy="\n".join(str(finding) for finding in obstacles) or "See the decision.",
        )

    @property
    def facts(self) -> Mapping[str, Any]:
        """The decision as plain values, for a host's own words."""
        return self.decision.as_dict()
