"""Check a definition that is being read against the model that it names: fields and types.

What a host gives with a definition, calendars and predicates, is not looked at.

This module does not compile anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cosell.definition.expressions import about_model
from cosell.definition.process import Process
from cosell.engine.bindcheck import problems_in_lines
from cosell.engine.scopes import line_scopes
from cosell.errors import Problem
from cosell.models.record import Record

__all__ = ["problems_with_model"]


#: Stands for each calendar that is given when the process is bound.
_GIVEN: Final = object()


def problems_with_model(process: Process, record: type[Record]) -> Iterator[Problem]:
    """Yield what in ``process`` does not fit ``record``, each with what it rests on.

    Args:
        process: A process, which may be wrong in other places.
        record: The model of its records.
    """
    record.model_rebuild()
    scopes = line_scopes(process, record, dict.fromkeys(process.calendars, _GIVEN))
    yield from about_model(process, problems_in_lines(process, scopes, {}))
