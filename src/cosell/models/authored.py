"""Texts with an author, answers with evidence, notes, links and the ids of other systems.

This module does not know which document or method a text or an answer belongs to.
"""

from __future__ import annotations

from urllib.parse import quote

from cosell._base import Id, Instant, LongText, Model, Name, Text
from cosell.models._scalars import AuthorKind, Level, Url

__all__ = ["Answer", "AuthoredText", "ExternalId", "Link", "Note"]

#: The highest level that needs no evidence: somebody said it.
_IDENTIFIED = 1


class AuthoredText(Model, frozen=True):
    """A text, and in whose words it is (PC-2).

    Attributes:
        text: What was written.
        author: Whose words these are: customer, partner, vendor or solution engineer.
        by: Id of the person who wrote them.
        at: When.
    """

    text: LongText | None = None
    author: AuthorKind | None = None
    by: Id | None = None
    at: Instant | None = None


class Answer(Model, frozen=True):
    """What a qualification method asks, as it was answered (MK-5, BX-45).

    Attributes:
        value: The answer.
        level: How sure it is: 0 unknown, 1 identified, 2 validated, 3 confirmed.
        evidence: What shows it: a quotation, a document, a meeting.
        by: Id of the person who recorded it.
        at: When.

    Example:
        >>> Answer(level=2).proven_level is None
        True
        >>> Answer(level=2, evidence="mail of 3 March").proven_level
        2
    """

    value: LongText | None = None
    level: Level | None = None
    evidence: LongText | None = None
    by: Id | None = None
    at: Instant | None = None

    @property
    def proven_level(self) -> int | None:
        """The level; missing when it is above 1 and no evidence is recorded (BX-45)."""
        if self.level is None or (self.level > _IDENTIFIED and self.evidence is None):
            return None
        return self.level


class Note(Model, frozen=True):
    """Something that was heard or found out (PC-26, QL-24).

    Attributes:
        text: What.
        topic: What it is about, such as ``pain`` or ``technology``.
        by: Id of the person who noted it.
        at: When.
    """

    text: LongText
    topic: Name | None = None
    by: Id | None = None
    at: Instant | None = None


class Link(Model, frozen=True):
    """A document or page elsewhere.

    Attributes:
        url: Where it is.
        label: What people call it.
    """

    url: Url
    label: Text | None = None


class ExternalId(Model, frozen=True):
    """The record's id in another system.

    Attributes:
        system: The system, such as ``salesforce``.
        value: The id there.
        kind: What it is called there, such as ``opportunity``; for systems in which things of
            two kinds may have one id.

    Example:
        >>> ExternalId(system="hubspot", kind="deal", value="123").key
        'hubspot/deal:123'
    """

    system: Name
    value: Text
    kind: Text | None = None

    @property
    def key(self) -> str:
        """System, kind and value as one text, another one for each id."""
        kind = "" if self.kind is None else f"/{quote(self.kind, safe='')}"
        return f"{self.system}{kind}:{self.value}"
