"""The commands that concern clocks, as pure plans: pause, resume, extend, and look again when.

This module does not know what a store is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from cosell.desk.commands import Command, Loaded, require_later
from cosell.engine import Applied, extend, pause, resume
from cosell.models.record import Record
from cosell.money import Rates

__all__ = ["Extend", "Pause", "Recalculate", "Resume"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held(Command):
    """Hold a clock, or let it go on."""

    turn: ClassVar[Callable[..., Applied[Record]]]
    clock: str
    reason: str | None = None

    @property
    def content(self) -> dict[str, Any]:
        """Clock and reason."""
        return {"clock": self.clock, "reason": self.reason}

    def applied(self, loaded: Loaded) -> Applied[Record]:
        """Return the record with the clock paused, or going on."""
        require_later(loaded, self.at)
        return type(self).turn(
            loaded.bound,
            loaded.record,
            self.clock,
            actor=self.actor,
            at=self.at,
            reason=self.reason,
            facts=self.facts,
        )


class Pause(_Held):
    """Pause a clock."""

    word = "pause"
    turn = staticmethod(pause)


class Resume(_Held):
    """Let a paused clock go on."""

    word = "resume"
    turn = staticmethod(resume)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extend(Command):
    """Give a clock more time."""

    word: ClassVar[str] = "extend"
    clock: str
    units: int
    reason: str
    rates: Rates | None = None

    @property
    def content(self) -> dict[str, Any]:
        """Clock, units and reason."""
        return {"clock": self.clock, "units": self.units, "reason": self.reason}

    def applied(self, loaded: Loaded) -> Applied[Record]:
        """Return the record with the clock extended."""
        require_later(loaded, self.at)
        return extend(
            loaded.bound,
            loaded.record,
            self.clock,
            units=self.units,
            actor=self.actor,
            at=self.at,
            reason=self.reason,
            facts=self.facts,
            rates=self.rates,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalculate(Command):
    """Write down anew when a record must be ticked next. Nothing happens to the record."""

    word: ClassVar[str] = "recalculate"

    def applied(self, loaded: Loaded) -> Applied[Record]:
        """Return the record as it is."""
        require_later(loaded, self.at)
        return Applied(loaded.record)
