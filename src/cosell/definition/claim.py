"""Claims of a definition: keys that one record alone may hold, made of its fields.

``registration:{customer.domain}`` is the claim ``registration`` of one customer; ``{...}`` is a
field of the record, filled in when the transition is taken. ``{products[*].id}`` stands for each
item of a list: one key for each.

This module does not know who holds a key.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Final

from pydantic import Field, StringConstraints

from cosell._base import FieldPath, LongText, Model, Name, Text, told_pattern

__all__ = [
    "EXTERNAL",
    "PLACEHOLDER",
    "SHIPPED_CLAIMS",
    "ClaimKey",
    "ClaimKind",
    "IfClaimed",
    "claim_name",
    "claim_paths",
    "has_stray_braces",
    "lists_of",
]

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

_PATH: Final = r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*"
#: A field in braces, or one of each item of a list.
PLACEHOLDER: Final = re.compile(rf"\{{({_PATH}(?:\[\*\](?:\.{_PATH})?)?)\}}")

#: The claim that every record has on its ids in other systems.
EXTERNAL: Final = "external"


class ClaimKind(Model, frozen=True):
    """What a definition says of all claims with one name.

    Attributes:
        label: What people read.
        help: What it means to hold one.
        keys: Keys that every record holds as long as its fields say so, from its opening on.
        known_to: Roles that are told which record holds a key; without it, everyone is.
        next: What the next in line asks for when a key is given back.
        cites: Ids of the rules it implements.
    """

    label: Text | None = None
    help: LongText | None = None
    keys: tuple[ClaimKey, ...] = Field(default=(), max_length=20)
    known_to: tuple[Name, ...] | None = Field(default=None, max_length=100)
    next: Name | None = None
    cites: tuple[Text, ...] = Field(default=(), max_length=100)


class IfClaimed(Model, frozen=True):
    """What happens instead of a transition of which another record holds a claim.

    Attributes:
        trigger: What is asked for instead, in the same command.
        key: The input of that transition that is given the key.
        holder: The input of it that is given the id of the record that holds the key.
    """

    trigger: Name
    key: FieldPath | None = None
    holder: FieldPath | None = None


#: Claims that no definition need name.
SHIPPED_CLAIMS: Final[Mapping[str, ClaimKind]] = MappingProxyType(
    {EXTERNAL: ClaimKind(keys=("external:{external_ids[*].key}",))}
)


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
        >>> claim_paths("registration:{customer.domain}:{products[*].id}")
        ('customer.domain', 'products[*].id')
    """
    return tuple(PLACEHOLDER.findall(template))


def lists_of(template: str) -> tuple[str, ...]:
    """Return the lists whose items a claim stands for, each once.

    Example:
        >>> lists_of("registration:{customer.domain}:{products[*].id}")
        ('products',)
    """
    heads = (path.partition("[*]") for path in claim_paths(template))
    return tuple(dict.fromkeys(head for head, star, _ in heads if star))


def has_stray_braces(template: str) -> bool:
    """Whether a claim has braces that hold no field: all records would share that key."""
    rest = PLACEHOLDER.sub("", template)
    return "{" in rest or "}" in rest
