"""What an assessment says of a fee that was paid, paid in part, disputed, or taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosell.definition import parse_fee_plan
from cosell.errors import CosellError, InvalidDataError
from cosell.events import Entry, EntryKind
from cosell.fees import (
    Assessment,
    BoundPlan,
    account_of,
    assess,
    bind_plan,
    entries_due,
    next_entry,
)
from cosell.models import Lead, Opportunity
from cosell.money import Money
from fee_plan_samples import payment, recurring, won_deal
from fee_samples import LATER, PAID, TINY, WON, a_deal, tiny_bound, usd

CLAWBACK = """
[clawback]
since = "closed_at"
cites = ["BX-26"]

[[clawback.criteria]]
id = "withdrawn"
need = "recorded(closed_at)"
reason = "the customer withdrew"
remedy = "None."
"""
RATE = 'base = "acv"\nrate = 0.10'


def with_clawback(amount: str = RATE) -> BoundPlan:
    """Return the small plan with a clawback."""
    text = TINY.format(zone="UTC", hold_days=0, amount=amount)
    return bind_plan(parse_fee_plan(text + CLAWBACK))


def paid_deal(acv: str = "500 USD", **more: Any) -> Opportunity:
    """Return a deal that was won, and whose customer paid."""
    return a_deal(acv=acv, invoice_paid_at=PAID, **more)


def written(plan: BoundPlan, deal: Opportunity, *more: tuple[str, str]) -> list[Entry]:
    """Return what is due for a deal, and what people then wrote."""
    ledger = list(entries_due(assess(plan, deal, at=LATER), ()))
    for index, (kind, amount) in enumerate(more):
        ledger.append(
            next_entry(
                ledger, EntryKind(kind), usd(amount), at=LATER, cause=f"c{index}", reason="Because."
            )
        )
    return ledger


def judged(plan: BoundPlan, deal: Opportunity, ledger: list[Entry]) -> Assessment:
    return assess(plan, deal, at=LATER, account=account_of(ledger))


def totals(assessment: Assessment) -> dict[str, dict[str, str]]:
    names = ("eligible", "earned", "payable", "paid")
    return {
        name: {currency: str(amount) for currency, amount in assessment.total(name).items()}
        for name in names
    }


class TestTakenBack:
    """A fee that is taken back is not to be paid, whoever takes it (BX-26)."""

    GONE = paid_deal(closed_at=LATER - timedelta(days=5))

    @pytest.mark.parametrize(
        ("paid", "head"),
        [
            pytest.param([], "eligible, not earned", id="it was not paid"),
            pytest.param([("paid", "50")], "paid, taken back 50.00 USD", id="it was paid"),
            pytest.param(
                [("paid", "20")], "paid 20.00 USD, taken back 50.00 USD", id="a part was paid"
            ),
        ],
    )
    @pytest.mark.parametrize("entered", [True, False], ids=["written", "not written yet"])
    def test_by_the_plan(self, paid: list[tuple[str, str]], head: str, entered: bool) -> None:  # noqa: FBT001 - a case of a table
        """Nothing is payable once the clawback holds, before and after its entry."""
        plan = with_clawback()
        ledger = written(plan, paid_deal(), *paid)
        if entered:
            ledger += entries_due(judged(plan, self.GONE, ledger), ledger)

        found = judged(plan, self.GONE, ledger)

        line = found.line("referral")
        assert (bool(line.eligible), bool(line.earned), bool(line.payable)) == (True, False, False)
        assert totals(found) == {
            "eligible": {"USD": "50.00 USD"},
            "earned": {},
            "payable": {},
            "paid": {"USD": str(usd(paid[0][1]))} if paid else {},
        }
        said = found.explain()
        assert "Pay what is payable" not in said
        assert (
            "    taken back since 2026-08-27: the customer withdrew. Pay nothing of it; what was"
            " paid is to be returned. [BX-26]\n" in said
        )
        if entered:
            assert said.splitlines()[4] == f"referral: 50.00 USD to acme ({head})"

    @pytest.mark.parametrize(
        ("more", "said", "head"),
        [
            pytest.param(
                [("voided", "-50")],
                "voided on 2026-09-01",
                "eligible, not earned",
                id="a void",
            ),
            pytest.param(
                [("paid", "50"), ("clawed_back", "-50")],
                "taken back on 2026-09-01",
                "paid, taken back 50.00 USD",
                id="a clawback of all of it",
            ),
        ],
    )
    def test_by_a_person(self, more: list[tuple[str, str]], said: str, head: str) -> None:
        """What the ledger ended is not payable, though the deal still is as it was."""
        plan = tiny_bound(RATE)
        found = judged(plan, paid_deal(), written(plan, paid_deal(), *more))

        line = found.line("referral")
        assert [str(reason) for reason in line.payable.reasons] == [said]
        assert found.total("payable") == {}
        assert line.explain().startswith(f"referral: 50.00 USD to acme ({head})\n")

    def test_a_part_that_is_taken_back_leaves_the_rest(self) -> None:
        """What is payable is what was written less what was taken back."""
        plan = tiny_bound(RATE)
        ledger = written(plan, paid_deal(), ("paid", "50"), ("clawed_back", "-20"))
        found = judged(plan, paid_deal(), ledger)

        assert totals(found)["payable"] == {"USD": "30.00 USD"}
        assert totals(found)["paid"] == {"USD": "50.00 USD"}
        assert "(paid, taken back 20.00 USD)" in found.explain()

    def test_a_refund_that_was_taken_back(self) -> None:
        """What takes back a share says so, and nobody is told that it was paid (BX-27)."""
        plan = recurring('base = "amount"\nrate = 0.20')
        refund = payment("r-1", "2026-08-02", "500 USD", kind="refund", refund_of="p-1")
        deal = won_deal(payments=(payment("p-1", "2026-08-01"), refund))
        ledger = list(entries_due(assess(plan, deal, at=LATER), ()))

        found = judged(plan, deal, ledger)

        assert "(r-1): -100.00 USD to acme (taken back)\n" in found.explain()
        assert totals(found)["paid"] == {}

    def test_before_its_day_it_is_payable(self) -> None:
        """A clawback that is still to come takes nothing back yet."""
        later = paid_deal(closed_at=LATER + timedelta(days=5))

        assert assess(with_clawback(), later, at=LATER).total("payable") == {"USD": usd(50)}


class TestDisputed:
    """While a fee is disputed nothing of it is paid (BX-31)."""

    def test_nobody_is_told_to_pay(self) -> None:
        """The line says that it is disputed, and how that is settled."""
        plan = tiny_bound(RATE)
        ledger = written(plan, paid_deal(), ("disputed", "0"))
        line = judged(plan, paid_deal(), ledger).line("referral")

        assert [str(reason) for reason in line.paid.reasons] == [
            "disputed: nothing is paid meanwhile"
        ]
        assert line.paid.reasons[0].remedy.startswith("Settle the dispute: ")
        assert line.explain().startswith("referral: 50.00 USD to acme (payable, disputed)\n")
        assert "Pay what is payable" not in line.explain()

    def test_once_it_is_settled_it_is_paid(self) -> None:
        """Adjusted by nothing, it goes on as before."""
        plan = tiny_bound(RATE)
        ledger = written(plan, paid_deal(), ("disputed", "0"), ("adjusted", "0"))

        line = judged(plan, paid_deal(), ledger).line("referral")
        assert [str(reason) for reason in line.paid.reasons] == ["not paid out yet"]


class TestPaid:
    """Paid is what the entries say, whatever the plan says now."""

    @pytest.mark.parametrize(
        ("paid", "acv", "head", "total", "holds"),
        [
            pytest.param("50", "500", "paid", "50.00 USD", True, id="all of it"),
            pytest.param("50", "600", "paid 50.00 USD", "50.00 USD", True, id="the base went up"),
            pytest.param("50", "400", "paid 50.00 USD", "50.00 USD", True, id="the base went down"),
            pytest.param(
                "10",
                "500",
                "payable, paid 10.00 USD of 50.00 USD",
                "10.00 USD",
                False,
                id="a part",
            ),
        ],
    )
    def test_it_is_told_by_the_entries(
        self,
        paid: str,
        acv: str,
        head: str,
        total: str,
        holds: bool,  # noqa: FBT001 - a case of a table
    ) -> None:
        """Total, explanation and truth tell what left, a part as a part."""
        plan = tiny_bound(RATE)
        ledger = written(plan, paid_deal(), ("paid", paid))

        found = judged(plan, paid_deal(f"{acv} USD"), ledger)

        line = found.line("referral")
        assert (totals(found)["paid"], bool(line.paid)) == ({"USD": total}, holds)
        assert f"to acme ({head})\n" in line.explain()
        assert totals(found)["payable"] == {"USD": "50.00 USD"}
        rest = "paid 10.00 USD of 50.00 USD. Pay the rest, 40.00 USD, and write down that it was"
        assert (rest in line.explain()) is not holds

    def test_what_was_adjusted_counts(self) -> None:
        """A fee that a person adjusted is paid once that much was."""
        plan = tiny_bound(RATE)
        adjusted = ("adjusted", "-10")
        ledger = written(plan, paid_deal(), adjusted, ("paid", "40"))
        found = judged(plan, paid_deal(), ledger)

        assert bool(found.line("referral").paid)
        assert totals(found)["payable"] == totals(found)["paid"] == {"USD": "40.00 USD"}

    def test_adjusted_before_it_is_payable(self) -> None:
        """What becomes payable is what a person adjusted it to."""
        plan = tiny_bound(RATE)
        earned = assess(plan, a_deal(acv="500 USD"), at=LATER)
        ledger = list(entries_due(earned, ()))
        ledger.append(
            next_entry(
                ledger, EntryKind.ADJUSTED, usd(5), at=LATER, cause="review", reason="Agreed."
            )
        )

        found = judged(plan, paid_deal(), ledger)

        assert totals(found)["payable"] == {"USD": "55.00 USD"}
        assert [str(entry.amount) for entry in entries_due(found, ledger)] == ["55.00 USD"]

    @pytest.mark.parametrize(
        "more",
        [
            pytest.param([], id="it comes to nothing"),
            pytest.param([("adjusted", "-50")], id="it was adjusted to nothing"),
        ],
    )
    def test_nothing_is_paid_at_once(self, more: list[tuple[str, str]]) -> None:
        """A fee of nothing is paid as soon as it is payable: nobody waits for it."""
        plan, deal = tiny_bound(RATE), paid_deal("500 USD" if more else "0 USD")
        line = judged(plan, deal, written(plan, deal, *more)).line("referral")

        assert (bool(line.paid), line.paid.since) == (True, PAID)
        assert "to acme (nothing to pay)\n" in line.explain()

    @given(
        tries=st.lists(
            st.tuples(
                st.sampled_from(["paid", "adjusted", "disputed", "clawed_back", "voided"]),
                st.integers(-60, 60),
            ),
            max_size=6,
        )
    )
    def test_payable_less_paid_is_the_balance(self, tries: list[tuple[str, int]]) -> None:
        """Whatever people write, the totals of an assessment come to what the ledger owes."""
        plan = tiny_bound(RATE)
        ledger = written(plan, paid_deal())
        for index, (kind, units) in enumerate(tries):
            amount = usd(0 if kind == "disputed" else units)
            if kind == "voided":  # all of it, as a desk does
                amount = -account_of(ledger).fees[ledger[0].fee_id].earned
            asked: dict[str, Any] = {"at": LATER, "cause": f"c{index}", "reason": "Drawn."}
            try:
                ledger.append(next_entry(ledger, EntryKind(kind), amount, **asked))
            except CosellError:
                continue

        found = judged(plan, paid_deal(), ledger)

        nothing = {"USD": usd(0)}
        owed: Money = {**nothing, **found.total("payable")}["USD"]
        paid: Money = {**nothing, **found.total("paid")}["USD"]
        line = found.line("referral")
        state = account_of(ledger).fees[ledger[0].fee_id]
        assert paid == state.paid
        # A fee that was taken back below zero is not payable at all; the rest is a debt.
        assert owed - paid == state.balance or (not line.payable and state.kept.amount <= 0)
        assert not line.payable or bool(line.paid) is (state.balance.amount <= 0)


@pytest.mark.parametrize(
    "deal",
    [pytest.param({"id": "x"}, id="plain values"), pytest.param(Lead(id="l-1"), id="a lead")],
)
def test_a_deal_is_a_record_of_the_plans_model(deal: Any) -> None:
    """Anything else is refused by an error of ours, not by a reason of some criterion."""
    with pytest.raises(InvalidDataError, match="is about records of `Opportunity`, and this is no"):
        assess(tiny_bound(), deal, at=WON)
