"""The paper process: forms, questionnaires and contracts that stand between a yes and a signature.

This module does not know which of them a deal needs.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from cosell._base import Id, Instant, LongText
from cosell.models._scalars import Side, Url
from cosell.models.record import Part

__all__ = ["PaperItem", "PaperKind"]

#: What kind of paper it is (QL-15).
PaperKind = Literal[
    "vendor_form", "security_questionnaire", "nda", "master_agreement", "order_form", "other"
]


class PaperItem(Part, frozen=True):
    """One item of the paper process, with its owner and its due date (QL-13, QL-15).

    Attributes:
        id: What it is called among the items of its deal: ``nda``, ``msa``.
        kind: What kind of paper it is.
        side: Which side owns it.
        owner: Id of the person who does.
        due_on: Day by which it is to be done, in the mutual close plan.
        sent_at: When it went to the other side.
        redlines: What is to be changed in it.
        finished_at: When it was signed, answered or accepted.
        document: Where it is.
    """

    id: Id
    kind: PaperKind | None = None
    side: Side | None = None
    owner: Id | None = None
    due_on: date | None = None
    sent_at: Instant | None = None
    redlines: LongText | None = None
    finished_at: Instant | None = None
    document: Url | None = None
