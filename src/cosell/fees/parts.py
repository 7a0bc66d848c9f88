"""One fee's parts: the share of each payee, and what a period leaves room for.

Rules that hold for every split:

1. The whole is rounded first, and then split by largest remainder: the parts add up to the cent
   (BX-23).
2. Shares that do not add up to one whole, or that nobody recorded, give no amount: nobody is paid
   a share that was guessed.
3. A period's cap counts what became payable to that payee for that activity by the ledger. It
   limits what becomes payable, not what is earned, for each payee on its own (BX-22).

This module does not know how the whole came about.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final, NamedTuple

from pydantic import BaseModel

from cosell.definition.fee_terms import Split
from cosell.fees.amounts import Computation, Step, StepKind, percent_text
from cosell.fees.question import Question
from cosell.money import Money

__all__ = ["Part", "limit", "parts_of"]

_ONE: Final = Decimal(1)


class Part(NamedTuple):
    """One payee's part of a fee.

    Attributes:
        payee: Id of the party; ``None`` where it is not known.
        computation: Its amount.
    """

    payee: str | None
    computation: Computation


def parts_of(question: Question, whole: Computation) -> Iterator[Part]:
    """Yield the part of each payee, in the order of the deal's list; or the whole, unsplit."""
    split = question.plan.plan.split
    if split is None:
        yield Part(question.value(question.plan.payee), whole)
        return
    items: tuple[BaseModel, ...] = getattr(question.deal, split.of)
    shares = [_share(split, item) for item in items]
    if None in shares or sum(filter(None, shares)) != _ONE:
        unknown = replace(whole, amount=None, problem=_said(split, shares), remedy=_remedy(split))
        payees = [getattr(item, split.payee) for item in items] or [None]
        yield from (Part(payee, unknown) for payee in payees)
        return
    yield from _split(split, items, [share for share in shares if share is not None], whole)


def _split(
    split: Split, items: tuple[BaseModel, ...], shares: list[Decimal], whole: Computation
) -> Iterator[Part]:
    amounts: tuple[Money | None, ...] = (None,) * len(items)
    if whole.amount is not None:
        amounts = whole.amount.split(shares)
    for item, share, amount in zip(items, shares, amounts, strict=True):
        payee = getattr(item, split.payee)
        if amount is None or whole.amount is None:
            yield Part(payee, whole)
            continue
        note = f"{percent_text(share)} of {whole.amount}, shared out to the cent"
        step = Step(StepKind.SHARE, amount.amount, amount.currency, note=note)
        yield Part(payee, replace(whole, amount=amount, steps=(*whole.steps, step)))


def _share(split: Split, item: Any) -> Decimal | None:
    """Return the share that is agreed on the deal, else that of the item's role."""
    agreed: Decimal | None = getattr(item, split.share)
    if agreed is not None or not split.shares:
        return agreed
    return split.shares.get(getattr(item, split.role))


def _said(split: Split, shares: list[Decimal | None]) -> str:
    if not shares:
        return f"none of `{split.of}` is recorded"
    if None in shares:
        return f"the share of `{split.of}[{shares.index(None)}]` is not known"
    total = sum((share for share in shares if share is not None), Decimal(0))
    return f"the shares of `{split.of}` add up to {percent_text(total)}"


def _remedy(split: Split) -> str:
    return f"Record who gets which share in `{split.of}`; together they are 100 %."


def limit(amount: Money | None, left: Money, cap: Money, period: str) -> Step | None:
    """Return the step that lowers an amount to what a period leaves room for, if it does.

    Args:
        amount: The amount, if it is known.
        left: What is left of the cap, not below zero.
        cap: The whole cap.
        period: What people call the period.
    """
    if amount is None or amount <= left:
        return None
    note = f"what is left of {cap} in {period}"
    return Step(StepKind.PERIOD, left.amount, left.currency, note=note)
