"""Organisations, and the people in them: contacts, and their part in the buying process.

Rules that hold for every person:

1. Name, mail, telephone, position and opinions are personal data (``PERSONAL``): events carry a
   digest of them, and erasure deletes them (BX-46).
2. Consent is recorded or missing; missing is never consent (MS-8).

This module does not know what a deal is.
"""

from __future__ import annotations

from typing import Annotated, Literal

from cosell._base import PERSONAL, Id, Instant, Model, Text
from cosell.models._scalars import Country, DomainName, Email, Phone, Side, ZoneName

__all__ = ["Contact", "Influence", "Party", "Stakeholder", "StakeholderRole"]

#: The part a person plays in the buying process (MK-37, MK-50, PC-24).
StakeholderRole = Literal[
    "champion",
    "decision_maker",
    "procurement",
    "executive",
    "middle_manager",
    "participant",
    "user",
    "legal",
    "security",
    "it",
    "other",
]
#: How much a person's word weighs (MK-50).
Influence = Literal["low", "medium", "high", "very_high"]


class Party(Model, frozen=True):
    """An organisation: a vendor, a partner or a customer.

    Attributes:
        id: The host's id for it; what ``actor.party`` is compared with.
        name: What people call it.
        domain: Its web domain, such as ``acme.example``.
        country: Where it is, as two letters.
        zone: Whose days its dates mean.
    """

    id: Id | None = None
    name: Text | None = None
    domain: DomainName | None = None
    country: Country | None = None
    zone: ZoneName = "UTC"


class Contact(Model, frozen=True):
    """A person who can be reached (MK-11, PC-9), with their consent (MS-8, MS-31).

    Attributes:
        id: The host's id for the person.
        first_name: Given name.
        last_name: Family name.
        email: Mail address.
        phone: Telephone number.
        position: Position, title or role in the organisation.
        side: On whose side of the deal the person stands.
        consents_to_contact: Whether the person agreed to be contacted.
        consents_to_sharing: Whether the person agreed that the data are shared with others.
        consented_at: When the consent was given.
    """

    id: Id | None = None
    first_name: Annotated[Text | None, PERSONAL] = None
    last_name: Annotated[Text | None, PERSONAL] = None
    email: Annotated[Email | None, PERSONAL] = None
    phone: Annotated[Phone | None, PERSONAL] = None
    position: Annotated[Text | None, PERSONAL] = None
    side: Side | None = None
    consents_to_contact: bool | None = None
    consents_to_sharing: bool | None = None
    consented_at: Instant | None = None


class Stakeholder(Contact, frozen=True):
    """A contact's part in the buying process (MK-6, MK-37, MK-50).

    One person who plays two parts, as in small companies (MK-37), is listed once for each.

    Attributes:
        role: The part played.
        influence: How much the person's word weighs.
        owns_budget: Whether the person decides on an own budget, as some champions do (MK-50).
        engaged: Whether the person takes part by now.
        bought_in: Whether the person wants the purchase; none closes without the decision maker's.
        introduced_by: Who introduced the person to the vendor (MK-2).
        introduced_at: When.
        motivation: What the person wants from it (QL-5).
        objection: What the person holds against it (QL-5).
    """

    role: StakeholderRole | None = None
    influence: Influence | None = None
    owns_budget: bool | None = None
    engaged: bool | None = None
    bought_in: bool | None = None
    introduced_by: Side | None = None
    introduced_at: Instant | None = None
    motivation: Annotated[Text | None, PERSONAL] = None
    objection: Annotated[Text | None, PERSONAL] = None
