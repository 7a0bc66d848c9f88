"""Statements: what one payee gets for one period, and what is carried."""

from __future__ import annotations

from datetime import UTC, date
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosell.definition.fee_terms import Period
from cosell.events import Entry, EntryKind
from cosell.fees import Statement, StatementGapError, account_of, statement_of, statements_of
from cosell.money import Money
from fee_samples import an_entry, noon, usd

EARNED, PAYABLE, PAID = EntryKind.EARNED, EntryKind.PAYABLE, EntryKind.PAID
CLAWED_BACK = EntryKind.CLAWED_BACK
QUARTERS: Final = Period()
JULY, OCTOBER = date(2026, 7, 1), date(2026, 10, 1)


def entry(kind: EntryKind, amount: str, day: str, fee: str = "f-1", **more: Any) -> Entry:
    return an_entry(kind, amount, fee=fee, at=noon(day), **more)


def of_acme(ledger: list[Entry], on: date = JULY, **more: Any) -> Statement:
    terms = more.pop("terms", QUARTERS)
    zone = more.pop("zone", UTC)
    return statement_of(ledger, "acme", "USD", terms=terms, on=on, zone=zone, **more)


LEDGER: Final = [
    entry(EARNED, "100", "2026-05-10"),
    entry(PAYABLE, "100", "2026-06-30"),
    entry(EARNED, "50", "2026-07-01", "f-2"),
    entry(PAID, "100", "2026-07-10"),
    entry(PAYABLE, "50", "2026-09-30", "f-2"),
    entry(PAID, "50", "2026-10-01", "f-2"),
]


def test_a_statement_has_opening_entries_and_closing() -> None:
    """What lies before is the opening balance, what lies after is left out (BX-22)."""
    found = of_acme(LEDGER)
    assert (found.opening, found.closing, found.payout) == (usd(100), usd(50), usd(50))
    assert [(str(line.on), line.entry.kind.value, str(line.change)) for line in found.lines] == [
        ("2026-07-01", "earned", "0.00 USD"),
        ("2026-07-10", "paid", "-100.00 USD"),
        ("2026-09-30", "payable", "50.00 USD"),
    ]
    assert found.explain() == (
        "Statement of acme for 2026-07-01 to 2026-09-30, in USD\n"
        "opening balance: 100.00 USD\n"
        "  2026-07-01 earned 50.00 USD for referral of o-1\n"
        "  2026-07-10 paid 100.00 USD for referral of o-1\n"
        "  2026-09-30 payable 50.00 USD for referral of o-1\n"
        "closing balance: 50.00 USD\n"
        "to be paid out: 50.00 USD"
    )


def test_a_day_is_that_of_the_zone() -> None:
    """An entry of the last evening of June in New York is July's in Prague."""
    late = an_entry(PAYABLE, "5", fee="f-1", at="2026-06-30T23:30:00-04:00")
    prague = of_acme([late], zone=ZoneInfo("Europe/Prague"))
    new_york = of_acme([late], zone=ZoneInfo("America/New_York"))
    assert (prague.opening, len(prague.lines)) == (usd(0), 1)
    assert (new_york.opening, len(new_york.lines)) == (usd(5), 0)


def test_what_was_written_late_stands_in_the_next_statement() -> None:
    """A statement that was issued never changes; a late entry is marked (rules 1 and 2)."""
    first = of_acme(LEDGER)
    ledger = [*LEDGER, entry(CLAWED_BACK, "-100", "2026-07-20", reason="Refunded.", occasion="r-1")]
    second = of_acme(ledger, OCTOBER, previous=first)
    assert (second.opening, second.closing) == (first.closing, usd(-100))
    assert [(line.entry.kind.value, line.late) for line in second.lines] == [
        ("paid", False),
        ("clawed_back", True),
    ]
    assert (
        "  2026-07-20 clawed_back -100.00 USD for referral of o-1 (r-1), late: Refunded."
        in second.explain()
    )
    assert second.explain().endswith("carried: -100.00 USD, until it is earned back")
    assert of_acme(LEDGER, previous=None).counted == first.counted == len(LEDGER)


@pytest.mark.parametrize(
    ("amount", "payout", "carried"),
    [
        pytest.param("24.99", "0", "24.99", id="below the threshold"),
        pytest.param("25.00", "25", "0", id="exactly the threshold"),
        pytest.param("25.01", "25.01", "0", id="above the threshold"),
    ],
)
def test_a_small_balance_is_carried(amount: str, payout: str, carried: str) -> None:
    """The threshold is the least that is paid out (BX-22)."""
    terms = Period(threshold=usd(25))
    ledger = [entry(EARNED, amount, "2026-07-01"), entry(PAYABLE, amount, "2026-07-02")]
    found = of_acme(ledger, terms=terms)
    assert (found.payout, found.carried) == (usd(payout), usd(carried))
    assert ("as it is below 25.00 USD" in found.explain()) is (carried != "0")


def test_a_threshold_in_another_currency_holds_nothing_back() -> None:
    """A threshold of euros says nothing about dollars."""
    terms = Period(threshold=Money.parse("25 EUR"))
    ledger = [entry(EARNED, "1", "2026-07-01"), entry(PAYABLE, "1", "2026-07-02")]
    assert of_acme(ledger, terms=terms).payout == usd(1)


def test_every_payee_has_a_statement_in_every_currency() -> None:
    """One for each, sorted; whoever had a statement before has one again."""
    ledger = [
        entry(EARNED, "1", "2026-07-01"),
        an_entry(EARNED, Money.parse("2 EUR"), fee="f-3", at=noon("2026-07-01")),
        an_entry(EARNED, "3", fee="f-4", at=noon("2026-07-01"), payee="zeta"),
    ]
    found = statements_of(ledger, terms=QUARTERS, on=JULY, zone=UTC)
    whose = [(each.payee, each.currency) for each in found]
    assert whose == [("acme", "EUR"), ("acme", "USD"), ("zeta", "USD")]
    following = statements_of([], terms=QUARTERS, on=OCTOBER, zone=UTC, previous=found)
    assert [(each.payee, each.currency) for each in following] == whose


@pytest.mark.parametrize(
    ("on", "payee"),
    [
        pytest.param(date(2027, 1, 1), "acme", id="a quarter is left out"),
        pytest.param(JULY, "acme", id="the same quarter again"),
        pytest.param(OCTOBER, "zeta", id="another payee"),
    ],
)
def test_a_statement_follows_on_the_one_before(on: date, payee: str) -> None:
    """A gap would hide entries: it is refused, and the remedy says what to give."""
    with pytest.raises(
        StatementGapError, match="Give the statement of the period before"
    ) as caught:
        statement_of(
            LEDGER, payee, "USD", terms=QUARTERS, on=on, zone=UTC, previous=of_acme(LEDGER)
        )
    assert caught.value.previous.payee == "acme"


def test_a_statement_is_plain_values_too() -> None:
    """Amounts and days are text, ready for JSON and for a table."""
    found = of_acme(LEDGER).as_dict()
    assert (found["opening"], found["payout"], found["first"]) == (
        "100.00 USD",
        "50.00 USD",
        "2026-07-01",
    )
    assert found["lines"][1]["kind"] == "paid"
    assert found["lines"][1]["change"] == "-100.00 USD"


@given(
    days=st.lists(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=8),
    cut=st.integers(0, 16),
)
def test_statements_of_a_year_add_up_to_the_balance(days: list[date], cut: int) -> None:
    """Whenever entries were written, the last closing balance is the fold of the ledger (BX-26)."""
    ledger = [
        entry(kind, "10", str(day), f"f-{index}")
        for index, day in enumerate(days)
        for kind in (EARNED, PAYABLE)
    ]
    previous: Statement | None = None
    for month in (1, 4, 7, 10):
        known = ledger[:cut] if month < 10 else ledger
        found = of_acme(known, date(2026, month, 1), previous=previous)
        assert previous is None or found.opening == previous.closing
        assert found.closing == sum((line.change for line in found.lines), start=found.opening)
        previous = found
    assert previous is not None
    assert previous.closing == account_of(ledger).balance("acme", "USD")


class TestDisputes:
    """What is disputed is owed, and not paid out until that is settled (BX-31)."""

    OWED: Final = [entry(EARNED, "100", "2026-07-01"), entry(PAYABLE, "100", "2026-07-02")]
    OTHER: Final = [
        entry(EARNED, "30", "2026-07-01", "f-2"),
        entry(PAYABLE, "30", "2026-07-02", "f-2"),
    ]
    OBJECTION: Final = entry(EntryKind.DISPUTED, "0", "2026-07-05", reason="Too little.")

    @pytest.mark.parametrize(
        ("more", "said"),
        [
            pytest.param(
                [],
                [
                    "closing balance: 100.00 USD",
                    "disputed: 100.00 USD, not paid out until that is settled",
                    "to be paid out: 0.00 USD",
                    "carried: 100.00 USD, as it is disputed",
                ],
                id="all of it",
            ),
            pytest.param(
                OTHER,
                [
                    "closing balance: 130.00 USD",
                    "disputed: 100.00 USD, not paid out until that is settled",
                    "to be paid out: 30.00 USD",
                    "carried: 100.00 USD, as it is disputed",
                ],
                id="beside what is not disputed",
            ),
            pytest.param(
                [*OTHER[:1], entry(PAYABLE, "20", "2026-07-02", "f-2")],
                [
                    "closing balance: 120.00 USD",
                    "disputed: 100.00 USD, not paid out until that is settled",
                    "to be paid out: 0.00 USD",
                    "carried: 120.00 USD, as the rest is below 25.00 USD",
                ],
                id="beside too little",
            ),
            pytest.param(
                [entry(EntryKind.ADJUSTED, "0", "2026-07-08", reason="It stands.")],
                ["closing balance: 100.00 USD", "to be paid out: 100.00 USD"],
                id="until it is settled",
            ),
            pytest.param(
                [entry(EntryKind.ADJUSTED, "0", "2026-10-08", reason="It stands.")],
                [
                    "closing balance: 100.00 USD",
                    "disputed: 100.00 USD, not paid out until that is settled",
                    "to be paid out: 0.00 USD",
                    "carried: 100.00 USD, as it is disputed",
                ],
                id="settled in the next period",
            ),
        ],
    )
    def test_a_statement_shows_it_apart(self, more: list[Entry], said: list[str]) -> None:
        """The balance has it, the payout has not."""
        found = of_acme([*self.OWED, self.OBJECTION, *more], terms=Period(threshold=usd(25)))

        assert found.explain().splitlines()[-len(said) :] == said
        assert found.as_dict()["disputed"] == str(found.disputed)
        assert found.payout + found.carried == found.closing

    def test_an_account_does_not_pay_it_out(self) -> None:
        """What may be paid out now is the balance without it; a debt that is disputed stays one."""
        account = account_of([*self.OWED, *self.OTHER, self.OBJECTION])
        assert (account.balance("acme", "USD"), account.due_to("acme", "USD")) == (
            usd(130),
            usd(30),
        )
        assert account.disputed("acme", "USD") == usd(100)
        assert account.disputed("nobody", "USD") == usd(0)

        paid = [entry(PAID, "100", "2026-07-03"), entry(CLAWED_BACK, "-50", "2026-07-04")]
        debt = account_of([*self.OWED, *paid, self.OBJECTION, *self.OTHER])
        assert (debt.disputed("acme", "USD"), debt.due_to("acme", "USD")) == (usd(0), usd(0))
        assert debt.balance("acme", "USD") == usd(-20)
