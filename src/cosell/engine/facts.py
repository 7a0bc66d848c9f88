"""Read the facts that a host gives with a call: known names, right types, all errors at once.

A fact that is not given is missing; so is one that is given as ``None``.

This module does not know what facts are used for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cosell.errors import InvalidDataError, Problem, did_you_mean
from cosell.rules import parse_fact

__all__ = ["read_facts"]


def read_facts(
    declared: Mapping[str, str], given: Mapping[str, Any] | None
) -> Mapping[str, Any] | None:
    """Return the given facts, checked against their declared types.

    Raises:
        InvalidDataError: Naming every fact that is not declared or is of another type; or what was
            given does not name facts at all.
    """
    if given is None:
        return None
    if not isinstance(given, Mapping):
        problem = f"`facts` is a {type(given).__name__}, which names no fact"
        raise InvalidDataError("facts", [Problem("facts", problem, "Give values by name.")])
    if not given:
        return None
    problems: list[Problem] = []
    facts: dict[str, Any] = {}
    for name, value in given.items():
        if name not in declared:
            problems.append(
                Problem(
                    f"facts.{name}", f"there is no fact `{name}`", did_you_mean(str(name), declared)
                )
            )
        elif value is not None:
            try:
                facts[name] = parse_fact(declared[name], value)
            except InvalidDataError as error:
                problems += [
                    Problem(f"facts.{name}", found.problem, found.remedy)
                    for found in error.problems
                ]
    if problems:
        raise InvalidDataError("facts", problems)
    return facts
