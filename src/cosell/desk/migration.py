"""The command that lets a record go on to another version, as a pure plan.

This module does not know what a store is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from cosell.desk.commands import Command, Loaded, require_later
from cosell.engine import Applied, Bound, migrate
from cosell.models.record import Record

__all__ = ["Migrate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Migrate(Command):
    """Go on to another version."""

    word: ClassVar[str] = "migrate"
    to: Bound
    stages: Mapping[str, str]
    reason: str | None = None

    @property
    def content(self) -> dict[str, Any]:
        """The version, the map and the reason."""
        to = self.to.ref.model_dump()
        return {"to": to, "stages": dict(self.stages), "reason": self.reason}

    def applied(self, loaded: Loaded) -> Applied[Record]:
        """Return the record on the other version."""
        require_later(loaded, self.at)
        return migrate(
            loaded.bound,
            self.to,
            loaded.record,
            actor=self.actor,
            at=self.at,
            stages=self.stages,
            reason=self.reason,
            facts=self.facts,
        )

    def follows(self, loaded: Loaded) -> Bound:
        """Return the version that it goes on to."""
        del loaded
        return self.to
