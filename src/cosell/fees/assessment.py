"""What assessing gives: for each activity four truths, the amount, and how both came about.

These are light, frozen values. They say everything in words (``explain``) and as plain values
(``as_dict``); a finance person can follow a line to its inputs, its rule, its rate and its date.

This module does not know how a truth is judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cosell.errors import UnknownNameError
from cosell.fees.account import FeeState
from cosell.fees.amounts import Computation, Step
from cosell.fees.clawback import TakenBack
from cosell.fees.truths import Truth, TruthName
from cosell.findings import Verdict
from cosell.money import Money, total_of

__all__ = ["Assessment", "FeeLine"]

_SAID = {Verdict.MET: "yes", Verdict.UNMET: "no", Verdict.UNKNOWN: "not known"}


@dataclass(frozen=True, slots=True)
class FeeLine:
    """What one activity of a deal earns its payee.

    Attributes:
        activity: The activity.
        label: What people read.
        occasion: The item of a list that it is for; ``None`` where the activity is earned once.
        payee: Id of the party that gets the fee; ``None`` when it is not known.
        fee_id: Which fee it is; ``None`` without a payee.
        eligible: Whether the program's terms are met.
        earned: Whether what it is for has happened.
        payable: Whether the customer has paid, and the hold is over.
        paid: Whether what is payable has been paid, by the account.
        computation: How much it is, and how that came about.
        limited: What a period's cap leaves of it, where that is less (BX-22).
        payable_amount: What of it is payable: by the account what was written, less what was taken
            back; before that all of it, or what the cap of a period leaves room for.
        takes_back: Whether it takes back a share that was earned, such as of a refund.
        state: What became of it, by the account; ``None`` where it has no entry.
        cites: Ids of the rules that the activity implements.
    """

    activity: str
    label: str
    occasion: str | None
    payee: str | None
    fee_id: str | None
    eligible: Truth
    earned: Truth
    payable: Truth
    paid: Truth
    computation: Computation
    limited: Step | None
    payable_amount: Money | None
    takes_back: bool
    state: FeeState | None
    cites: tuple[str, ...]

    @property
    def amount(self) -> Money | None:
        """The fee; ``None`` when it is not known. Whether it is owed is another matter."""
        return self.computation.amount

    @property
    def paid_so_far(self) -> Money | None:
        """What has been paid, by the account; ``None`` where it has no entry."""
        return None if self.state is None else self.state.paid

    @property
    def steps(self) -> tuple[Step, ...]:
        """How the amount came about, and what limits it, in order."""
        return self.computation.steps + (() if self.limited is None else (self.limited,))

    @property
    def truths(self) -> tuple[Truth, Truth, Truth, Truth]:
        """Eligible, earned, payable and paid, in this order."""
        return self.eligible, self.earned, self.payable, self.paid

    @property
    def standing(self) -> TruthName | None:
        """The furthest truth that holds; ``None`` when it is not even eligible."""
        return next((truth.name for truth in reversed(self.truths) if truth), None)

    def truth(self, name: str) -> Truth:
        """Return the truth called ``name``.

        Raises:
            ValueError: There is no such truth.
        """
        return self.truths[list(TruthName).index(TruthName(name))]

    def explain(self) -> str:
        """Return the line in words: who gets how much, each truth with its reasons, each step."""
        return "\n".join(self._said())

    def _said(self) -> Iterator[str]:
        amount = "amount not known" if self.amount is None else str(self.amount)
        payee = self.payee or "a payee that is not recorded"
        label = self.label if self.occasion is None else f"{self.label} ({self.occasion})"
        yield f"{label}: {amount} to {payee} ({self._standing_said()})"
        for truth in self.truths:
            yield f"  {truth.name}: {_SAID[truth.verdict]}{self._more_about(truth)}"
            for reason in truth.own_reasons:
                cites = f" [{', '.join(reason.finding.cites)}]" if reason.finding.cites else ""
                yield f"    {reason.text}. {reason.remedy}{cites}"
        yield "  amount:"
        yield from (f"    {step}" for step in self.steps)
        if self.computation.problem is not None:
            yield f"    {self.computation.problem}. {self.computation.remedy}"

    def _standing_said(self) -> str:
        """Return how far it got, with what the account says was paid and taken back."""
        missing = next((truth.name for truth in self.truths if not truth), None)
        return ", ".join(filter(None, (self._reached_said(), self._missing_said(missing))))

    def _reached_said(self) -> str | None:
        standing, paid = self.standing, self.paid_so_far
        if standing is not TruthName.PAID:
            return standing
        if self.takes_back:
            return "taken back"
        if paid is None or not paid.amount:
            return "nothing to pay"
        return "paid" if paid == self.amount else f"paid {paid}"

    def _missing_said(self, missing: TruthName | None) -> str | None:
        state = self.state
        if state is not None and state.clawed_back.amount and not self.takes_back:
            return f"taken back {-state.clawed_back}"
        if missing is TruthName.PAID and state is not None and state.is_disputed:
            return "disputed"
        if missing is TruthName.PAID and state is not None and state.paid.amount:
            return f"paid {state.paid} of {self.payable_amount}"
        return None if missing is None else f"not {missing}"

    def _more_about(self, truth: Truth) -> str:
        """Return since when a truth holds, or which truth before it does not."""
        if truth:
            return f" since {truth.since.date()}" if truth.since else ""
        missing = next(found.name for found in self.truths if not found)
        return "" if truth.own_reasons else f", as it is not {missing}"

    def as_dict(self) -> dict[str, Any]:
        """Return the line as plain values: amounts and moments as text."""
        return {
            "activity": self.activity,
            "label": self.label,
            "occasion": self.occasion,
            "payee": self.payee,
            "fee_id": self.fee_id,
            "amount": None if self.amount is None else str(self.amount),
            "takes_back": self.takes_back,
            "payable_amount": None if self.payable_amount is None else str(self.payable_amount),
            "paid_so_far": None if self.paid_so_far is None else str(self.paid_so_far),
            "truths": {truth.name.value: _truth_as_dict(truth) for truth in self.truths},
            "steps": [str(step) for step in self.steps],
            "problem": self.computation.problem,
            "remedy": self.computation.remedy,
            "cites": list(self.cites),
        }

    def as_row(self) -> dict[str, str]:
        """Return the line as a row of a table: all of it text, an empty one where there is none."""
        amounts = {
            "amount": self.amount,
            "payable_amount": self.payable_amount,
            "paid_so_far": self.paid_so_far,
        }
        return {
            "activity": self.label,
            "occasion": self.occasion or "",
            "payee": self.payee or "",
            **{name: "" if amount is None else str(amount) for name, amount in amounts.items()},
            **{truth.name.value: _SAID[truth.verdict] for truth in self.truths},
            "reasons": "; ".join(
                dict.fromkeys(reason.text for truth in self.truths for reason in truth.own_reasons)
            ),
        }


def _truth_as_dict(truth: Truth) -> dict[str, Any]:
    return {
        "verdict": truth.verdict.value,
        "since": None if truth.since is None else truth.since.isoformat(),
        "reasons": [
            {"text": reason.text, "remedy": reason.remedy, "cites": list(reason.finding.cites)}
            for reason in truth.own_reasons
        ],
        "findings": [finding.as_dict() for finding in truth.findings],
    }


@dataclass(frozen=True, slots=True)
class Assessment:
    """What one deal earns by a plan, as of a moment.

    Attributes:
        record_id: The deal.
        plan: Id and version of the plan, as ``make@1``.
        digest: Digest of the plan.
        at: The moment as of which it is true.
        lines: One line for each activity, in the order of the plan.
        stamped: Whether the deal carries the plan as its terms (BX-20).
        notice: What stands above every explanation.
        clawback: That the deal's fees are taken back, if they are (BX-26).
        clawback_to_come: That they will be, where nothing but time is lacking.
    """

    record_id: str
    plan: str
    digest: str
    at: datetime
    lines: tuple[FeeLine, ...]
    stamped: bool
    notice: str | None = None
    clawback: TakenBack | None = None
    clawback_to_come: TakenBack | None = None

    def line(
        self, activity: str, *, occasion: str | None = None, payee: str | None = None
    ) -> FeeLine:
        """Return the line of an activity.

        Args:
            activity: The activity.
            occasion: Which of several; the first if nothing is said.
            payee: Whose of several; the first if nothing is said.

        Raises:
            UnknownNameError: There is no such line.
        """
        asked = {"activity": activity, "occasion": occasion, "payee": payee}
        lines = self.lines
        for name, value in asked.items():
            found = [line for line in lines if value is None or getattr(line, name) == value]
            if not found:
                known = {str(getattr(line, name)) for line in lines}
                raise UnknownNameError(name, str(value), sorted(known))
            lines = tuple(found)
        return lines[0]

    def total(self, name: str) -> dict[str, Money]:
        """Return what is surely eligible, earned or payable, or what was paid, by currency.

        What was paid, in parts or as a whole, is told by the account, whatever the plan says now.
        Lines whose amount is not known are left out.

        Raises:
            ValueError: There is no such truth.
        """
        if TruthName(name) is TruthName.PAID:
            paid = (line.paid_so_far for line in self.lines)
            return total_of(amount for amount in paid if amount is not None and amount.amount)
        payable = TruthName(name) is TruthName.PAYABLE
        lines = [line for line in self.lines if line.truth(name)]
        amounts = (line.payable_amount if payable else line.amount for line in lines)
        return total_of(amount for amount in amounts if amount is not None)

    def explain(self) -> str:
        """Return the assessment in words, as a partner can read it."""
        head = f"Fees of {self.record_id} by {self.plan}, as of {self.at.date()}"
        parts = [head if self.notice is None else f"{head}\n{self.notice}"]
        if self.clawback is not None:
            parts.append(f"Taken back since {self.clawback.since.date()}: {self.clawback.reason}")
        if (later := self.clawback_to_come) is not None:
            parts.append(f"Taken back from {later.since.date()}: {later.reason}")
        return "\n\n".join([*parts, *(line.explain() for line in self.lines)])

    def as_rows(self) -> list[dict[str, str]]:
        """Return a row of text for each line, for a table on a page or in a sheet."""
        return [line.as_row() for line in self.lines]

    def as_dict(self) -> dict[str, Any]:
        """Return the assessment as plain values, ready for JSON."""
        return {
            "record_id": self.record_id,
            "plan": self.plan,
            "digest": self.digest,
            "at": self.at.isoformat(),
            "stamped": self.stamped,
            "notice": self.notice,
            "clawback": None
            if self.clawback is None
            else {"since": self.clawback.since.isoformat(), "reason": self.clawback.reason},
            "lines": [line.as_dict() for line in self.lines],
        }
