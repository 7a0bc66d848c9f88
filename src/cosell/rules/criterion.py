"""A criterion: one thing that must hold, as people write it in a definition.

Rules that hold for every criterion:

1. It asks by an expression (``need``) or by a host's registered predicate, never by both.
2. ``when`` says for which records it applies; without one it applies to all.
3. The texts are plain data here: whether they can be read, and fit a model, is checked when a
   gate is compiled, so that everything wrong with a definition is said at once.

This module does not know how an expression is read or evaluated.
"""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from cosell._base import LongText, Model, Name, Text
from cosell.findings import Severity

__all__ = ["Criterion"]


class Criterion(Model, frozen=True):
    """One thing that must hold before a transition is taken.

    Attributes:
        id: What findings, overrides and ``remove`` name it by.
        when: Expression that says for which records it applies; ``None`` is for all.
        need: Expression that must hold.
        predicate: Name of the host's own predicate, instead of ``need``.
        inputs: Expressions whose values the predicate is given, in its order.
        severity: Whether it stops a transition or only advises.
        remedy: What would cure it.
        cites: Ids of the rules it implements.
        label: What people read instead of the id.
        help: A longer text for people.

    Example:
        >>> criterion = Criterion(id="worth_it", need="acv > 10000", remedy="Ask for more.")
        >>> criterion.severity.value
        'required'
    """

    id: Name
    when: str | None = None
    need: str | None = None
    predicate: Name | None = None
    inputs: tuple[str, ...] = ()
    severity: Severity = Severity.REQUIRED
    remedy: Text
    cites: tuple[Text, ...] = ()
    label: Text | None = None
    help: LongText | None = None

    @model_validator(mode="after")
    def _asks_once(self) -> Self:
        if (self.need is None) is (self.predicate is None):
            message = "a criterion has either a `need` or a `predicate`"
            raise ValueError(message)
        if self.inputs and self.predicate is None:
            message = "`inputs` stand beside a `predicate` only"
            raise ValueError(message)
        return self
