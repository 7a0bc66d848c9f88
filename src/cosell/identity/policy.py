"""How alike two customers must be to be one and the same: a table that a program may change.

Rules that hold for every policy:

1. The same domain, and the same id in one system, are the same customer. That is BX-1, and no
   policy changes it.
2. What BX-1 lists beside, country variants and look-alike characters, is the same by default. A
   program that has met two companies of one name says *look again* instead.
3. What BX-1 does not list, another ending, another spelling, an equal name, is worth a look by
   default, and no more.

This module does not know how two customers are compared.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from pydantic import Field, field_validator

from cosell._base import Model
from cosell.identity.domains import normalise_domain
from cosell.models._scalars import DomainName

__all__ = ["BX_1", "IdentityPolicy", "Sameness"]


class Sameness(StrEnum):
    """Whether two customers are one."""

    SAME = "same"
    LOOK_AGAIN = "look_again"  # somebody should look: alike, or not enough is known
    NOT_THE_SAME = "not_the_same"


class IdentityPolicy(Model, frozen=True):
    """What each kind of likeness comes to.

    Attributes:
        country_variant: One name under endings of countries or ``com``: acme.de, acme.co.uk.
        lookalike: Characters of another script that look like Latin ones: a Cyrillic a.
        other_suffix: One name under other endings: acme.com, acme.tech.
        spelling: Accents, hyphens, and Latin letters that look alike: müller, mueller; rn and m.
        name: Names that are equal without legal forms, accents, case and punctuation.
        shared_domains: Domains that identify nobody, beside those that give mail to everybody: a
            group's, a purchasing association's, a landlord's.

    Example:
        >>> careful = IdentityPolicy(country_variant="look_again")
        >>> careful.country_variant.value, careful.lookalike.value
        ('look_again', 'same')
    """

    country_variant: Sameness = Sameness.SAME
    lookalike: Sameness = Sameness.SAME
    other_suffix: Sameness = Sameness.LOOK_AGAIN
    spelling: Sameness = Sameness.LOOK_AGAIN
    name: Sameness = Sameness.LOOK_AGAIN
    shared_domains: frozenset[DomainName] = Field(default=frozenset(), max_length=100_000)

    @field_validator("shared_domains")
    @classmethod
    def _in_one_form(cls, domains: frozenset[str]) -> frozenset[str]:
        return frozenset(map(normalise_domain, domains))


#: What BX-1 says, word for word; look again where it says nothing.
BX_1: Final = IdentityPolicy()
