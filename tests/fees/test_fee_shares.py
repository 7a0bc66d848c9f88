"""Whose share it is, what a period leaves room for, and what is taken back."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosell.definition.fee_terms import Period
from cosell.events import EntryKind
from cosell.fees import (
    Assessment,
    BoundPlan,
    account_of,
    assess,
    differences,
    entries_due,
    next_entry,
)
from cosell.fees.periods import period_of
from cosell.money import Money
from fee_plan_samples import (
    CANCELLED,
    CLAWBACK,
    RATE,
    SPLIT,
    a_plan,
    payment,
    recurring,
    won_deal,
)
from fee_samples import LATER, PAID, an_entry, noon, usd


def shared(*shares: tuple[str, str, str | None], acv: str = "100000.10 USD") -> Assessment:
    deal = won_deal(
        acv=acv,
        fee_shares=tuple(
            {"party": party, "role": role, "share": share} for party, role, share in shares
        ),
    )
    return assess(a_plan(end=SPLIT), deal, at=LATER)


def test_shares_add_up_to_the_cent() -> None:
    """50/30/20 of 10,000.01 is 5,000.01 + 3,000.00 + 2,000.00, each with its reason (BX-23)."""
    assessment = shared(
        ("acme", "sourced", None), ("zeta", "influenced", None), ("kappa", "implemented", None)
    )
    assert [(line.payee, str(line.amount)) for line in assessment.lines] == [
        ("acme", "5000.01 USD"),
        ("zeta", "3000.00 USD"),
        ("kappa", "2000.00 USD"),
    ]
    assert str(assessment.lines[0].steps[-1]) == (
        "50 % of 10000.01 USD, shared out to the cent: 5000.01 USD"
    )
    assert len({line.fee_id for line in assessment.lines}) == len(assessment.lines)
    assert assessment.line("referral", payee="zeta").amount == usd("3000")


@pytest.mark.parametrize(
    ("shares", "problem"),
    [
        pytest.param((), "none of `fee_shares` is recorded", id="nobody has a share"),
        pytest.param(
            (("acme", "sourced", None),), "the shares of `fee_shares` add up to 50 %", id="half"
        ),
        pytest.param(
            (("acme", "sourced", "0.8"), ("zeta", "influenced", None)),
            "the shares of `fee_shares` add up to 110 %",
            id="more than all",
        ),
        pytest.param(
            (("acme", "sourced", None), ("zeta", "distributor", None)),
            "the share of `fee_shares[1]` is not known",
            id="a role without a share",
        ),
    ],
)
def test_shares_that_are_not_one_whole_pay_nobody(
    shares: tuple[tuple[str, str, str | None], ...], problem: str
) -> None:
    """A share is not guessed: there is no amount, and the answer says what is the matter."""
    assessment = shared(*shares)
    assert {line.computation.problem for line in assessment.lines} == {problem}
    assert entries_due(assessment, []) == ()


def test_shares_of_an_amount_that_is_not_known_are_not_known() -> None:
    """Where the whole is not known, each payee's line says why."""
    deal = won_deal(acv=None, fee_shares=({"party": "acme", "share": "1"},))
    line = assess(a_plan(end=SPLIT.replace("shares =", "#")), deal, at=LATER).lines[0]
    assert (line.payee, line.computation.problem) == ("acme", "`acv` is not recorded")


@given(
    amount=st.decimals("0.01", "9999999", places=2),
    currency=st.sampled_from(["USD", "JPY", "KWD"]),
    cuts=st.lists(st.integers(0, 100), min_size=1, max_size=5),
)
def test_shares_always_add_up_to_the_whole(amount: Decimal, currency: str, cuts: list[int]) -> None:
    """Whatever the shares and the currency's smallest unit, the parts add up to the whole."""
    ends = sorted([*cuts, 0, 100])
    shares = [
        (f"p-{index}", "sourced", str(Decimal(upper - lower) / 100))
        for index, (lower, upper) in enumerate(pairwise(ends))
    ]
    parts = [line.amount for line in shared(*shares, acv=f"{amount} {currency}").lines]
    whole = Money(amount=amount * Decimal("0.1"), currency=currency).rounded()
    assert sum((part.amount for part in parts if part), Decimal(0)) == whole.amount


@pytest.mark.parametrize(
    ("months", "starts_in", "day", "said"),
    [
        pytest.param(3, 1, "2026-07-15", "2026-07-01 to 2026-09-30", id="a quarter"),
        pytest.param(3, 2, "2027-01-31", "2026-11-01 to 2027-01-31", id="a quarter over the year"),
        pytest.param(12, 4, "2026-03-31", "2025-04-01 to 2026-03-31", id="the last day of a year"),
        pytest.param(12, 4, "2026-04-01", "2026-04-01 to 2027-03-31", id="the first of the next"),
        pytest.param(1, 7, "2024-02-29", "2024-02-01 to 2024-02-29", id="a month"),
        pytest.param(12, 7, "0001-02-01", "0001-01-01 to 0001-06-30", id="the first year there is"),
        pytest.param(12, 7, "9999-12-01", "9999-07-01 to 9999-12-31", id="the last year there is"),
    ],
)
def test_a_day_lies_in_one_fiscal_period(months: Any, starts_in: int, day: str, said: str) -> None:
    """Fiscal periods are the host's, and are told by their first and last day."""
    found = period_of(Period(months=months, starts_in=starts_in), noon(day).date())
    assert (str(found), noon(day).date() in found, "x" in found) == (said, True, False)


CAPPED: Final = a_plan(RATE + '\nperiod_cap = "15000 USD"')


def test_a_period_leaves_room_for_so_much_and_no_more() -> None:
    """What became payable before takes room from a later fee, in its period alone (BX-22)."""
    other = {"fee": "o-0|tiny|referral|acme", "record_id": "o-0", "activity": "referral"}
    before = [
        an_entry(EntryKind.EARNED, "9000", **other, at=noon("2026-07-01")),
        an_entry(EntryKind.PAYABLE, "9000", **other, at=noon("2026-07-01")),
    ]
    line = assess(CAPPED, won_deal(), at=LATER, account=account_of(before)).line("referral")
    assert (line.amount, line.payable_amount) == (usd(12000), usd(6000))
    assert str(line.steps[-1]) == (
        "what is left of 15000.00 USD in 2026-07-01 to 2026-09-30: 6000.00 USD"
    )
    alone = assess(CAPPED, won_deal(), at=LATER).line("referral")
    assert (alone.payable_amount, alone.limited) == (usd(12000), None)
    june = [entry.model_copy(update={"at": noon("2026-06-30")}) for entry in before]
    earlier = assess(CAPPED, won_deal(), at=LATER, account=account_of(june)).line("referral")
    assert earlier.payable_amount == usd(12000)


def test_what_a_period_leaves_no_room_for_is_earned_and_not_payable() -> None:
    """The entry of what is earned has the whole, that of what is payable has the rest (BX-22)."""
    other = {"fee": "o-0|tiny|referral|acme", "record_id": "o-0", "activity": "referral"}
    before = [
        an_entry(kind, "10000", **other, at=noon("2026-07-01"))
        for kind in (EntryKind.EARNED, EntryKind.PAYABLE)
    ]
    assessment = assess(CAPPED, won_deal(), at=LATER, account=account_of(before))
    due = entries_due(assessment, before)
    assert [(entry.kind.value, entry.amount) for entry in due] == [
        ("earned", usd(12000)),
        ("payable", usd(5000)),
    ]
    assert assessment.total("earned") == {"USD": usd(12000)}
    assert assessment.total("payable") == {"USD": usd(5000)}
    ledger = [*before, *due]
    again = assess(CAPPED, won_deal(), at=LATER, account=account_of(ledger))
    assert (entries_due(again, ledger), differences(again, ledger)) == ((), ())
    full = [entry.model_copy(update={"amount": usd(15000)}) for entry in before]
    nothing = assess(CAPPED, won_deal(), at=LATER, account=account_of(full))
    assert [entry.kind.value for entry in entries_due(nothing, full)] == ["earned"]


def life(plan: BoundPlan, *, paid: str | None = None, **changes: Any) -> list[Any]:
    """Return the ledger of a deal that was paid, in part or not, and then cancelled."""
    ledger = list(entries_due(assess(plan, won_deal(**changes), at=PAID), []))
    if paid is not None:
        amount = Money.parse(f"{paid} USD")
        ledger.append(next_entry(ledger, EntryKind.PAID, amount, at=PAID, cause="wire-1"))
    gone = won_deal(closed_at=CANCELLED, **changes)
    return ledger + list(entries_due(assess(plan, gone, at=LATER), ledger))


@pytest.mark.parametrize(
    ("paid", "last", "balance"),
    [
        pytest.param(None, ("voided", "-12000"), "0", id="what was not paid is voided"),
        pytest.param(
            "12000", ("clawed_back", "-12000"), "-12000", id="what was paid is taken back"
        ),
        pytest.param("5000", ("clawed_back", "-12000"), "-5000", id="what was paid in part"),
    ],
)
def test_a_clawback_takes_back_what_was_paid_and_voids_the_rest(
    paid: str | None, last: tuple[str, str], balance: str
) -> None:
    """Afterwards the balance is what the partner has to give back, and is carried (BX-26)."""
    plan = a_plan(end=CLAWBACK)
    ledger = life(plan, paid=paid)
    kind, amount = last
    assert (ledger[-1].kind.value, ledger[-1].amount) == (kind, usd(amount))
    assert (ledger[-1].reason, ledger[-1].at) == ("the customer withdrew", CANCELLED)
    assert account_of(ledger).balance("acme", "USD") == usd(balance)
    gone = assess(plan, won_deal(closed_at=CANCELLED), at=LATER, account=account_of(ledger))
    assert entries_due(gone, ledger) == ()
    assert "Taken back since 2026-08-20: the customer withdrew" in gone.explain()
    assert gone.as_dict()["clawback"] == {
        "since": CANCELLED.isoformat(),
        "reason": "the customer withdrew",
    }


def test_a_fee_that_has_no_entry_gets_none_once_it_is_taken_back() -> None:
    """What is taken back before anything was written leaves no trace in the ledger (BX-26)."""
    gone = assess(a_plan(end=CLAWBACK), won_deal(closed_at=CANCELLED), at=LATER)
    assert entries_due(gone, []) == ()


def test_a_clawback_still_to_come_takes_nothing_back_yet() -> None:
    """Before its moment, and where it is not met, fees stay (BX-26)."""
    plan = a_plan(end=CLAWBACK)
    later = won_deal(closed_at=CANCELLED)
    early = assess(plan, later, at=PAID)
    assert (early.clawback, early.clawback_to_come and early.clawback_to_come.since) == (
        None,
        CANCELLED,
    )
    assert "Taken back from 2026-08-20: the customer withdrew" in early.explain()
    assert assess(plan, later, at=CANCELLED).clawback_to_come is None
    assert assess(plan, won_deal(), at=LATER).clawback is None
    unknown = CLAWBACK.replace('since = "closed_at"', 'since = "lost_at"')
    assert assess(a_plan(end=unknown), later, at=LATER).clawback is None


@pytest.mark.parametrize(
    ("refunded", "taken"),
    [
        pytest.param("500 USD", ["-100.00 USD", "-100.00 USD"], id="half of it"),
        pytest.param("1000 USD", ["-200.00 USD"], id="all of it"),
    ],
)
def test_a_clawback_does_not_take_back_twice_what_a_refund_took(
    refunded: str, taken: list[str]
) -> None:
    """What was refunded is taken once: the balance is what was paid, whatever came first."""
    plan = recurring('base = "amount"\nrate = 0.20', CLAWBACK)
    refund = payment("r-1", "2026-08-02", refunded, kind="refund", refund_of="p-1")
    paid = (payment("p-1", "2026-08-01"), refund)
    first = won_deal(payments=paid)
    ledger = list(entries_due(assess(plan, first, at=noon("2026-08-10")), []))
    fee = [entry for entry in ledger if entry.occasion == "p-1"]
    ledger.append(next_entry(fee, EntryKind.PAID, usd(200), at=noon("2026-08-11"), cause="w-1"))
    gone = assess(plan, won_deal(payments=paid, closed_at=CANCELLED), at=LATER)
    ledger += entries_due(gone, ledger)
    clawed = [str(entry.amount) for entry in ledger if entry.kind is EntryKind.CLAWED_BACK]
    assert clawed == taken
    assert account_of(ledger).balance("acme", "USD") == usd(-200)


@pytest.mark.parametrize(
    ("refunded", "taken"),
    [
        pytest.param("500 USD", ["clawed_back -100.00 USD", "voided -100.00 USD"], id="half of it"),
        pytest.param("1000 USD", ["clawed_back -200.00 USD"], id="all of it"),
    ],
)
def test_a_void_does_not_take_twice_what_a_refund_took(refunded: str, taken: list[str]) -> None:
    """Where nothing was paid yet, the refund and the void together leave nothing owed."""
    plan = recurring('base = "amount"\nrate = 0.20', CLAWBACK)
    refund = payment("r-1", "2026-08-02", refunded, kind="refund", refund_of="p-1")
    paid = (payment("p-1", "2026-08-01"), refund)
    ledger = list(entries_due(assess(plan, won_deal(payments=paid), at=noon("2026-08-10")), []))
    gone = assess(plan, won_deal(payments=paid, closed_at=CANCELLED), at=LATER)
    ledger += entries_due(gone, ledger)
    assert [f"{it.kind} {it.amount}" for it in ledger if it.amount < usd(0)] == taken
    assert account_of(ledger).balance("acme", "USD") == usd(0)


def test_a_negative_balance_is_carried_until_it_is_earned_back() -> None:
    """Earned 20 and clawed back 100 is -80; +50 is -30; +40 is +10, and 10 is paid (BX-26)."""
    deal = won_deal(acv="200 USD")
    plan = recurring('base = "amount"\nrate = 1')

    def entries(name: str, amount: str, **more: Any) -> list[Any]:
        paid = (
            payment("p-0", "2026-08-01", "100 USD"),
            payment(name, "2026-08-02", amount, **more),
        )
        found = entries_due(assess(plan, won_deal(payments=paid), at=LATER), [])
        return [entry for entry in found if entry.occasion == name]

    assert deal.id == "o-1"
    ledger = entries("p-1", "20 USD") + entries("r-1", "100 USD", kind="refund", refund_of="p-0")
    balances = [account_of(ledger)]
    for name, amount in (("p-2", "50 USD"), ("p-3", "40 USD")):
        ledger += entries(name, amount)
        balances.append(account_of(ledger))
    assert [str(each.balance("acme", "USD")) for each in balances] == [
        "-80.00 USD",
        "-30.00 USD",
        "10.00 USD",
    ]
    assert [str(each.due_to("acme", "USD")) for each in balances] == [
        "0.00 USD",
        "0.00 USD",
        "10.00 USD",
    ]
