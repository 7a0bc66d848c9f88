"""Claims of a definition: keys that one record alone may hold, made of its fields.

``registration:{customer.domain}`` is the claim ``registration`` of one customer; ``{...}`` is a
field of the record, filled in when the transition is taken.

This module does not know who holds a key.
"""

from __future__ import annotations

import re
from typing import Annotated, Final

from pydantic import StringConstraints

from cosell._base import told_pattern

__all__ = ["PLACEHOLDER", "ClaimKey", "claim_name", "claim_paths", "has_stray_braces"]

#: ``name:{path}`` with any number of placeholders; the name says what kind of claim it is.
ClaimKey = Annotated[
    str,
    StringConstraints(
        max_length=300,
        pattern=told_pattern(
            r"^[a-z][a-z0-9_]*(:[^\x00-\x1f]+)?$",
            "be a claim, as registration:{customer.domain}",
        ),
    ),
]

#: A field in braces.
PLACEHOLDER: Final = re.compile(r"\{([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*)\}")


def claim_name(key: str) -> str:
    """Return what kind of claim a key is.

    Example:
        >>> claim_name("registration:{customer.domain}"), claim_name("registration:acme.com")
        ('registration', 'registration')
    """
    return key.partition(":")[0]


def claim_paths(template: str) -> tuple[str, ...]:
    """Return the field paths that stand in braces in a claim.

    Example:
        >>> claim_paths("registration:{customer.domain}:{plan}")
        ('customer.domain', 'plan')
    """
    return tuple(PLACEHOLDER.findall(template))


def has_stray_braces(template: str) -> bool:
    """Whether a claim has braces that hold no field: all records would share that key."""
    rest = PLACEHOLDER.sub("", template)
    return "{" in rest or "}" in rest
