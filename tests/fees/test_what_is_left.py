"""No entry takes more than is left of a fee, and what a ledger holds beyond that is pointed out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosell.errors import CosellError
from cosell.events import Entry, EntryKind
from cosell.fees import (
    EntryRefusedError,
    account_of,
    assess,
    entries_due,
    kinds_after,
    next_entry,
    problems_in_ledger,
)
from cosell.models import Opportunity
from cosell.money import Money
from fee_samples import LATER, PAID, a_deal, an_entry, tiny_bound, usd

EARNED, PAYABLE, PAID_OUT, ADJUSTED, CLAWED_BACK, DISPUTED, VOIDED = EntryKind
OWED = [an_entry(EARNED, "120"), an_entry(PAYABLE, "120")]


def grown(*written: tuple[EntryKind, str]) -> list[Entry]:
    """Return a fee of 120 that is payable, with more entries, whether or not they fit."""
    return OWED + [
        an_entry(kind, amount, cause=f"c{index}", reason="because")
        for index, (kind, amount) in enumerate(written)
    ]


def refusal(history: list[Entry], kind: EntryKind, amount: str) -> str:
    """Return why an entry is refused, and what to do."""
    with pytest.raises(EntryRefusedError) as caught:
        next_entry(history, kind, Money.parse(amount), at=LATER, cause="c", reason="because")
    return str(caught.value)


@pytest.mark.parametrize(
    ("written", "kind", "amount", "said"),
    [
        pytest.param(
            [], PAID_OUT, "121 USD", "120.00 USD that are owed", id="more than is payable"
        ),
        pytest.param(
            [(PAID_OUT, "120")],
            PAID_OUT,
            "120 USD",
            "0.00 USD that are owed",
            id="all of it again",
        ),
        pytest.param(
            [(PAID_OUT, "70")],
            PAID_OUT,
            "50.01 USD",
            "50.00 USD that are owed. Write down what is owed. If more has left, adjust the fee"
            " first, with the reason.",
            id="more than a part left",
        ),
        pytest.param(
            [(PAID_OUT, "120"), (ADJUSTED, "-20")],
            PAID_OUT,
            "1 USD",
            "0.00 USD that are owed",
            id="of a fee that was lowered below what was paid",
        ),
        pytest.param(
            [(PAID_OUT, "120")],
            CLAWED_BACK,
            "-121 USD",
            "120.00 USD that are left of the fee",
            id="more is taken back than there is",
        ),
        pytest.param(
            [(PAID_OUT, "120"), (CLAWED_BACK, "-120")],
            CLAWED_BACK,
            "-120 USD",
            "0.00 USD that are left of the fee. Take back what is left, or nothing.",
            id="all is taken back again",
        ),
        pytest.param(
            [], VOIDED, "-121 USD", "120.00 USD that are earned", id="more is voided than earned"
        ),
        pytest.param(
            [],
            VOIDED,
            "-40 USD",
            "-40.00 USD voids a part of the 120.00 USD that are earned. Void all of it,"
            " -120.00 USD, or adjust the fee by -40.00 USD.",
            id="a part is voided",
        ),
        pytest.param(
            [(VOIDED, "-40")],
            PAID_OUT,
            "80 USD",
            "`paid` may not follow `voided`. Write one of: voided.",
            id="the rest of what was voided in part is not paid",
        ),
        pytest.param(
            [(VOIDED, "-120")],
            VOIDED,
            "0 USD",
            "`voided` may not follow `voided`. The fee is at its end.",
            id="what was voided is voided again",
        ),
        pytest.param(
            [],
            PAID_OUT,
            "1.001 USD",
            "1.001 USD is too fine: USD has 2 decimal places. Round it to the minor unit.",
            id="a tenth of a cent",
        ),
        pytest.param(
            [],
            ADJUSTED,
            "0.005 USD",
            "0.005 USD is too fine: USD has 2 decimal places. Round it to the minor unit.",
            id="an adjustment of half a cent",
        ),
        pytest.param(
            [(PAID_OUT, "120")],
            CLAWED_BACK,
            "-0.001 USD",
            "-0.001 USD is too fine: USD has 2 decimal places. Round it to the minor unit.",
            id="a tenth of a cent is taken back",
        ),
    ],
)
def test_an_entry_takes_no_more_than_there_is(
    written: list[tuple[EntryKind, str]], kind: EntryKind, amount: str, said: str
) -> None:
    """The refusal names what is left, and what to do where more has left already (BX-26)."""
    assert said in refusal(grown(*written), kind, amount)


@pytest.mark.parametrize(
    ("written", "kind", "amount", "balance"),
    [
        pytest.param([], PAID_OUT, "120", "0", id="all that is payable"),
        pytest.param([(PAID_OUT, "70")], PAID_OUT, "50", "0", id="the rest"),
        pytest.param([(PAID_OUT, "120"), (ADJUSTED, "5")], PAID_OUT, "5", "0", id="what was added"),
        pytest.param([(PAID_OUT, "70")], CLAWED_BACK, "-120", "-70", id="all of it is taken back"),
        pytest.param([], VOIDED, "-120", "0", id="all of it is voided"),
        pytest.param(
            [(VOIDED, "-40")], VOIDED, "-80", "0", id="the rest of what was voided in part"
        ),
        pytest.param([(ADJUSTED, "-125")], VOIDED, "0", "-5", id="a fee below zero has nothing"),
        pytest.param(
            [(PAID_OUT, "120.001")], ADJUSTED, "0.001", "0", id="a fraction mends a fraction"
        ),
        pytest.param(
            [(ADJUSTED, "1"), (PAID_OUT, "121")],
            CLAWED_BACK,
            "-1",
            "-1",
            id="what was paid too much is owed back",
        ),
    ],
)
def test_an_entry_takes_all_there_is(
    written: list[tuple[EntryKind, str]], kind: EntryKind, amount: str, balance: str
) -> None:
    """Exactly what is left can be taken; where more has left, the remedy leads to what is owed."""
    history = grown(*written)
    entry = next_entry(history, kind, usd(amount), at=LATER, cause="c", reason="because")

    assert account_of([*history, entry]).balance("acme", "USD") == usd(balance)


def test_a_currency_without_a_minor_unit_has_whole_amounts() -> None:
    """Half a yen cannot be paid, a thousandth of a dinar can."""
    yen = [an_entry(kind, Money.parse("100 JPY")) for kind in (EARNED, PAYABLE)]
    dinars = [an_entry(kind, Money.parse("100 KWD")) for kind in (EARNED, PAYABLE)]

    assert "99.5 JPY is too fine: JPY has no decimal places" in refusal(yen, PAID_OUT, "99.5 JPY")
    paid = next_entry(dinars, PAID_OUT, Money.parse("99.999 KWD"), at=LATER, cause="c")
    assert str(paid.amount) == "99.999 KWD"


@pytest.mark.parametrize(
    ("early", "fits"),
    [
        pytest.param(timedelta(microseconds=1), False, id="before"),
        pytest.param(timedelta(0), True, id="at that very moment"),
    ],
)
def test_nothing_is_paid_before_it_is_payable(early: timedelta, fits: bool) -> None:  # noqa: FBT001 - a case of a table
    """Each amount is payable before it is paid (MK-33)."""
    asked = {"at": PAID - early, "cause": "c"}
    if fits:
        assert next_entry(OWED, PAID_OUT, usd(120), **asked).at == PAID
        return
    with pytest.raises(EntryRefusedError, match="it was not payable before 2026-07-15T12:00:00"):
        next_entry(OWED, PAID_OUT, usd(120), **asked)


@pytest.mark.parametrize(
    ("history", "said"),
    [
        pytest.param([], "no entry of the fee is given", id="none"),
        pytest.param(
            [*OWED, an_entry(EARNED, "1", fee="f")],
            r"entries of `f`, `o-1\|tiny\|referral\|acme` are given",
            id="of two fees",
        ),
    ],
)
def test_a_history_is_that_of_one_fee(history: list[Entry], said: str) -> None:
    """What is no history of one fee is refused by an error of ours."""
    with pytest.raises(EntryRefusedError, match=said):
        next_entry(history, PAID_OUT, usd(1), at=LATER, cause="c")


# --- What a ledger holds --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ledger", "said"),
    [
        pytest.param(grown((PAID_OUT, "70"), (PAID_OUT, "50")), None, id="paid in parts"),
        pytest.param(
            grown((PAID_OUT, "120"), (PAID_OUT, "120")),
            "paid 120.00 USD of fee `o-1|tiny|referral|acme` (c1): 120.00 USD is more"
            " than the 0.00 USD that are owed",
            id="paid twice",
        ),
        pytest.param(
            [an_entry(PAID_OUT, "5")],
            "paid 5.00 USD of fee `o-1|tiny|referral|acme` (o-1): `paid` begins no fee",
            id="paid from nothing",
        ),
        pytest.param(
            [*OWED, an_entry(PAID_OUT, Money.parse("120 EUR"))],
            "paid 120.00 EUR of fee `o-1|tiny|referral|acme` (o-1): the fee is in USD, not in EUR",
            id="in another currency",
        ),
    ],
)
def test_what_does_not_fit_in_a_ledger_is_pointed_out(
    ledger: list[Entry], said: str | None
) -> None:
    """What was written counts as it stands; what would have been refused is named."""
    found = list(problems_in_ledger(ledger))

    assert [problem.problem for problem in found] == ([] if said is None else [said])
    assert [problem.path for problem in found] == ([] if said is None else [ledger[-1].id])


@pytest.mark.parametrize(
    ("payable", "voided", "owed"),
    [
        pytest.param("120", "-120", "0", id="all was payable"),
        pytest.param("70", "-120", "0", id="a cap kept a part from it"),
        pytest.param("70", "-50", "70", id="what was never payable"),
        pytest.param("70", "-50.01", "69.99", id="a cent more"),
    ],
)
def test_a_void_takes_what_was_never_payable_first(payable: str, voided: str, owed: str) -> None:
    """Nobody owes what a cap kept from being payable, so a void leaves no debt (BX-22, BX-26)."""
    ledger = [an_entry(EARNED, "120"), an_entry(PAYABLE, payable), an_entry(VOIDED, voided)]

    assert account_of(ledger).balance("acme", "USD") == usd(owed)


#: Steps of a fee: what is tried, and how many cents.
TRIES = st.lists(
    st.tuples(
        st.sampled_from([PAID_OUT, ADJUSTED, DISPUTED, CLAWED_BACK, VOIDED]),
        st.integers(-20_000, 20_000),
    ),
    max_size=8,
)


@given(tries=TRIES)
def test_a_balance_is_negative_only_after_something_was_taken(
    tries: list[tuple[EntryKind, int]],
) -> None:
    """Whatever is tried, payments alone never leave a debt, and no ledger of ours is doubted."""
    ledger = list(
        entries_due(assess(tiny_bound('flat = "100 USD"'), _paid_deal(), at=LATER), ledger=())
    )
    for index, (kind, cents) in enumerate(tries):
        amount = usd(cents).rounded() if kind is not DISPUTED else usd(0)
        amount = Money(amount=amount.amount / 100, currency="USD")
        try:
            ledger.append(
                next_entry(ledger, kind, amount, at=LATER, cause=f"c{index}", reason="because")
            )
        except CosellError:
            continue

    state = account_of(ledger).fees[ledger[0].fee_id]
    taken = {CLAWED_BACK, VOIDED, ADJUSTED} & set(state.kinds)
    assert state.balance.amount >= 0 or taken
    assert state.next_kinds == kinds_after(state.kinds)
    assert list(problems_in_ledger(ledger)) == []


def _paid_deal() -> Opportunity:
    return a_deal(invoice_paid_at=PAID)
