"""Which claims of a process tell a field that somebody may not see.

A key is made of fields: ``lead:beta.example`` tells the customer's domain. Such a claim is shown
by its name alone.

This module does not know who sees what.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from cosell.definition.claim import claim_name, claim_paths
from cosell.engine.bound import Bound
from cosell.findings import Check, CheckKind

__all__ = ["HIDDEN", "KEY_FIELDS", "hidden_claims", "is_about_holder", "nameless", "without_key"]

#: What stands for a value that the actor may not see.
HIDDEN: Final = "(hidden)"
_CLAIMS: Final = "claims"
#: Fields of every record that hold keys.
KEY_FIELDS: Final = frozenset({_CLAIMS, "waits"})


def hidden_claims(bound: Bound, sees: Callable[[str], bool]) -> set[str]:
    """Return the names of claims that are made of something that is not seen."""
    keys = [(bound.main, key) for kind in bound.process.claim_kinds.values() for key in kind.keys]
    for line in bound.lines.values():
        for transition in line.definition.transitions:
            keys += [(line, key) for key in (*transition.claims, *transition.waits)]
    return {
        claim_name(key)
        for line, key in keys
        if not all(sees(line.full_path(path)) for path in claim_paths(key))
    }


def nameless(keys: Iterable[str], hidden: set[str]) -> list[str]:
    """Return keys, of hidden claims the name alone."""
    return [f"{claim_name(key)}:{HIDDEN}" if claim_name(key) in hidden else key for key in keys]


def is_about_holder(check: Check) -> bool:
    """Whether a check asks for a key itself: whether another record holds it."""
    return check.kind is CheckKind.CLAIM and check.paths[0].startswith(f"{_CLAIMS}.")


def without_key(check: Check, hidden: set[str]) -> Check:
    """Return a check that asks for a key, of hidden claims with the name alone."""
    name = check.paths[0].partition(".")[2]
    return replace(check, needed=f"`{name}:{HIDDEN}` is free") if name in hidden else check
