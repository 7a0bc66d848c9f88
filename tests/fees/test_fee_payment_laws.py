"""Laws of fees for each payment, which are shared, refunded and taken back."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from hypothesis import given
from hypothesis import strategies as st

from cosell.events import Entry, EntryKind
from cosell.fees import (
    BoundPlan,
    account_of,
    assess,
    entries_due,
    next_entry,
    problems_in_ledger,
)
from cosell.models import Opportunity
from cosell.money import Money
from fee_plan_samples import CLAWBACK, recurring, won_deal
from fee_samples import DAY, MANY, PAID

MOMENTS: Final = st.integers(0, 60).map(lambda days: PAID + days * DAY)
FIFTH: Final = 'base = "amount"\nrate = 0.20'
PLANS: Final = st.sampled_from([recurring(FIFTH), recurring(FIFTH, CLAWBACK)])
#: Whole dollars: what a refund takes back of a fifth of them is a whole number of cents.
DOLLARS: Final = st.integers(1, 500)


@st.composite
def deals(draw: st.DrawFn) -> Opportunity:
    """Draw a deal with payments of which some are refunded, in part or whole; it may be closed."""
    payments: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 3))):
        paid, dollars = draw(MOMENTS), draw(DOLLARS)
        name = f"p-{number}"
        payments.append({"id": name, "amount": f"{dollars} USD", "booked_at": paid})
        for part in range(draw(st.integers(0, 2))):
            dollars_back = draw(st.integers(0, dollars))
            dollars -= dollars_back
            if dollars_back:
                refund = {"id": f"r-{number}-{part}", "kind": "refund", "refund_of": name}
                at = paid + draw(st.integers(0, 30)) * DAY
                payments.append({**refund, "amount": f"{dollars_back} USD", "booked_at": at})
    closed = draw(st.none() | MOMENTS)
    return won_deal(payments=tuple(payments), closed_at=closed)


Runs = list[tuple[datetime, bool]]
#: When the plan runs, and whether what is owed is paid then.
RUNS: Final = st.lists(st.tuples(MOMENTS, st.booleans()), min_size=1, max_size=6).map(sorted)


def lived(plan: BoundPlan, deal: Opportunity, runs: Runs) -> list[Entry]:
    """Return the ledger of a deal whose plan runs now and then."""
    ledger: list[Entry] = []
    for number, (at, pays) in enumerate(runs):
        ledger += due(plan, deal, ledger, at)
        for fee in account_of(ledger).fees.values() if pays else ():
            if EntryKind.PAID in fee.next_kinds and fee.balance.amount > 0:
                life = [entry for entry in ledger if entry.fee_id == fee.fee_id]
                cause = f"wire-{number}"
                ledger.append(next_entry(life, EntryKind.PAID, fee.balance, at=at, cause=cause))
    return ledger


def due(plan: BoundPlan, deal: Opportunity, ledger: list[Entry], at: datetime) -> tuple[Entry, ...]:
    return entries_due(assess(plan, deal, at=at, account=account_of(ledger)), ledger)


class TestPayments:
    """Issue: fees, laws; where a fee is earned by each payment and taken back by each refund."""

    @MANY
    @given(plan=PLANS, deal=deals(), runs=RUNS)
    def test_assessing_twice_changes_nothing(
        self, plan: BoundPlan, deal: Opportunity, runs: Runs
    ) -> None:
        """What was written is not due again, refunds and clawbacks included (BX-26)."""
        ledger = lived(plan, deal, runs)

        assert due(plan, deal, ledger, runs[-1][0]) == ()
        assert list(problems_in_ledger(ledger)) == []
        assert len({entry.id for entry in ledger}) == len(ledger)

    @MANY
    @given(plan=PLANS, deal=deals(), first=RUNS, second=RUNS)
    def test_two_runs_at_once_write_the_same_entries(
        self, plan: BoundPlan, deal: Opportunity, first: Runs, second: Runs
    ) -> None:
        """Whoever writes an entry, it is the same one: nothing is earned or refunded twice."""
        by_id: dict[str, Entry] = {}
        for runs in (first, second):
            for at, _ in runs:
                for entry in due(plan, deal, [], at):
                    assert by_id.setdefault(entry.id, entry) == entry

    @MANY
    @given(plan=PLANS, deal=deals(), runs=RUNS)
    def test_in_the_end_a_partner_keeps_its_share_of_what_was_kept(
        self, plan: BoundPlan, deal: Opportunity, runs: Runs
    ) -> None:
        """Once all is booked and settled, a fifth of payments less refunds, or nothing is left."""
        ledger = lived(plan, deal, [*runs, (PAID + timedelta(days=200), True)])
        signs = {"payment": 1, "refund": -1}
        kept = sum(
            (signs[it.kind] * it.amount.amount for it in deal.payments if it.amount), Decimal(0)
        )
        taken = plan.clawback is not None and deal.closed_at is not None

        account = account_of(ledger)
        paid = sum((fee.paid.amount for fee in account.fees.values()), Decimal(0))
        share = Decimal(0) if taken else kept / 5
        assert account.balance("acme", "USD") == Money(amount=share - paid, currency="USD")
