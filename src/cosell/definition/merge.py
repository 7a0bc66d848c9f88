"""How two records that are found to be one are merged: which move ends the duplicate, and who may.

This module does not know what becomes of a record that is merged.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Annotated

from pydantic import Field

from cosell._base import Model, Name, Text
from cosell.definition.known import Resting, unknown
from cosell.definition.line import Line, StageKind
from cosell.errors import Problem

__all__ = ["Merge", "problems_in_merge"]


class Merge(Model, frozen=True):
    """How records of a process are merged.

    Attributes:
        trigger: The move that ends the duplicate; its own roles and gates hold too.
        roles: Who may merge.
        cites: Ids of the rules it implements.
    """

    trigger: Name
    roles: tuple[Name, ...] = Field(min_length=1, max_length=100)
    cites: Annotated[tuple[Text, ...], Field(max_length=100)] = ()


def problems_in_merge(
    merge: Merge, line: Line, roles: Mapping[str, str] | Collection[str]
) -> Iterator[Problem]:
    """Yield what does not fit together in a process's ``merge``.

    Args:
        merge: The table.
        line: The main line.
        roles: The roles of the process.
    """
    for index, role in enumerate(merge.roles):
        yield from unknown([role], roles, f"merge.roles[{index}]", "role")
    triggers = {transition.trigger for transition in line.transitions}
    yield from unknown([merge.trigger], triggers, "merge.trigger", "trigger")
    ends = {stage.id for stage in line.stages if stage.kind in {StageKind.LOST, StageKind.CLOSED}}
    if any(each.trigger == merge.trigger and each.target not in ends for each in line.transitions):
        problem = f"`{merge.trigger}` leads to a stage that is no end, or is won"
        remedy = "Name a move to a stage that is closed or lost."
        yield Resting(
            "merge.trigger",
            problem,
            remedy,
            on=("stages.*.kind", "stages.*.id", "transitions.*.target"),
        )
