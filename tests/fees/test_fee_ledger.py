"""The life of a fee, entry by entry, and what a ledger folds to."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosell.errors import NaiveDatetimeError
from cosell.events import Entry, EntryKind
from cosell.fees import (
    EMPTY,
    FIRST_KINDS,
    NEXT_KINDS,
    Account,
    EntryRefusedError,
    account_of,
    entry_id,
    fee_id,
    kinds_after,
    next_entry,
)
from cosell.money import Money
from fee_samples import MANY, PAID, an_entry, usd

EARNED, PAYABLE, PAID_OUT, ADJUSTED, CLAWED_BACK, DISPUTED, VOIDED = EntryKind
#: Amounts that each kind of entry may have.
AMOUNTS = {
    EARNED: "20",
    PAYABLE: "20",
    PAID_OUT: "10",
    ADJUSTED: "-5",
    CLAWED_BACK: "-10",
    DISPUTED: "0",
    VOIDED: "-20",
}


@st.composite
def lives(draw: st.DrawFn) -> tuple[EntryKind, ...]:
    """Draw the life of a fee that the table allows."""
    kinds: list[EntryKind] = []
    for _ in range(draw(st.integers(0, 8))):
        permitted = sorted(kinds_after(kinds))
        if not permitted:
            break
        kinds.append(draw(st.sampled_from(permitted)))
    return tuple(kinds)


def written(kinds: Sequence[EntryKind], fee: str = "f") -> list[Entry]:
    """Return the entries of a life."""
    return [
        an_entry(kind, AMOUNTS[kind], fee=fee, cause=f"c{index}", reason="because")
        for index, kind in enumerate(kinds)
    ]


def test_every_kind_has_a_row() -> None:
    """A final kind has an empty row, so that a missing one is a mistake."""
    assert set(NEXT_KINDS) == set(EntryKind)
    assert NEXT_KINDS[VOIDED] == frozenset()
    assert all(EARNED not in following for following in NEXT_KINDS.values())


@pytest.mark.parametrize(
    ("history", "permitted"),
    [
        pytest.param(
            (), {EARNED, CLAWED_BACK}, id="a life begins with earned, a refund with what it takes"
        ),
        pytest.param((EARNED,), {PAYABLE, ADJUSTED, DISPUTED, VOIDED}, id="earned is not paid"),
        pytest.param(
            (EARNED, PAYABLE), {PAID_OUT, ADJUSTED, DISPUTED, VOIDED}, id="then it can be"
        ),
        pytest.param(
            (EARNED, PAYABLE, PAID_OUT),
            {PAID_OUT, ADJUSTED, CLAWED_BACK, DISPUTED},
            id="paid repeats, and is taken back, not voided",
        ),
        pytest.param(
            (EARNED, ADJUSTED),
            {PAYABLE, ADJUSTED, DISPUTED, VOIDED},
            id="what is adjusted stands where it stood: earned",
        ),
        pytest.param(
            (EARNED, PAYABLE, PAID_OUT, ADJUSTED),
            {PAID_OUT, ADJUSTED, CLAWED_BACK, DISPUTED},
            id="what is adjusted stands where it stood: paid",
        ),
        pytest.param((EARNED, DISPUTED), {ADJUSTED, VOIDED}, id="nothing is paid in a dispute"),
        pytest.param(
            (EARNED, PAYABLE, PAID_OUT, DISPUTED),
            {ADJUSTED},
            id="what was paid is not voided in a dispute either",
        ),
        pytest.param((EARNED, VOIDED), set(), id="nothing follows a void"),
        pytest.param((ADJUSTED,), NEXT_KINDS[EARNED], id="a torn history counts as earned"),
    ],
)
def test_what_may_follow_what(history: tuple[EntryKind, ...], permitted: set[EntryKind]) -> None:
    """Earned before payable before paid; adjustments and disputes change no standing (BX-31)."""
    assert kinds_after(history) == permitted


@pytest.mark.parametrize(
    ("history", "kind", "amount", "problem"),
    [
        pytest.param(
            (EARNED,), PAID_OUT, "20 USD", "`paid` may not follow `earned`", id="out of order"
        ),
        pytest.param(
            (EARNED, VOIDED),
            PAYABLE,
            "20 USD",
            "`payable` may not follow `voided`",
            id="at the end",
        ),
        pytest.param(
            (EARNED,), PAYABLE, "20 EUR", "the fee is in USD, not in EUR", id="another currency"
        ),
        pytest.param(
            (EARNED, PAYABLE, PAID_OUT),
            CLAWED_BACK,
            "5 USD",
            "5.00 USD cannot be `clawed_back`",
            id="taken back with a plus",
        ),
        pytest.param(
            (EARNED,), DISPUTED, "1 USD", "1.00 USD cannot be `disputed`", id="a dispute of money"
        ),
        pytest.param((EARNED,), ADJUSTED, "1 USD", "`adjusted` has no reason", id="without a why"),
    ],
)
def test_an_entry_that_does_not_fit_is_refused(
    history: tuple[EntryKind, ...], kind: EntryKind, amount: str, problem: str
) -> None:
    """Order, currency, sign and reason of an entry are checked before it is made."""
    entries = [an_entry(each, AMOUNTS[each], reason="because") for each in history]

    with pytest.raises(EntryRefusedError) as caught:
        next_entry(entries, kind, Money.parse(amount), at=PAID, cause="c")

    assert (caught.value.problem, caught.value.kind) == (problem, kind)
    assert caught.value.fee == entries[-1].fee_id


@pytest.mark.parametrize(
    ("kinds", "most"),
    [
        pytest.param((EARNED, PAYABLE), "20", id="all that is payable"),
        pytest.param((EARNED, PAYABLE, PAID_OUT), "10", id="what is left of it"),
        pytest.param((EARNED, PAYABLE, ADJUSTED), "15", id="what an adjustment left of it"),
    ],
)
def test_no_more_is_paid_than_is_owed(kinds: tuple[EntryKind, ...], most: str) -> None:
    """To the cent what is owed, and not a cent more; otherwise a balance would be negative."""
    history = written(kinds)
    pay = {"at": PAID, "cause": "wire-9"}

    assert next_entry(history, PAID_OUT, usd(most), **pay).amount == usd(most)
    with pytest.raises(EntryRefusedError, match=f"is more than the {most}.00 USD that are owed"):
        next_entry(history, PAID_OUT, usd(most) + usd("0.01"), **pay)


def test_a_payment_is_written_down() -> None:
    """The host reports that money left; the same cause gives the same id, another another."""
    history = [an_entry(EARNED, "20"), an_entry(PAYABLE, "20", occasion="2026")]

    paid = next_entry(history, PAID_OUT, usd(12), at=PAID, cause="wire-1")
    rest = next_entry([*history, paid], PAID_OUT, usd(8), at=PAID, cause="wire-2")

    assert paid.id == entry_id(paid.fee_id, PAID_OUT, "wire-1") != rest.id
    assert (paid.payee, paid.occasion, paid.reason) == ("acme", "2026", None)
    assert account_of([*history, paid, rest]).balance("acme", "USD") == usd(0)


def test_an_entry_has_a_zone() -> None:
    """A moment without a time zone is refused."""
    with pytest.raises(NaiveDatetimeError):
        next_entry([an_entry(EARNED, "20")], PAYABLE, usd(20), at=datetime(2026, 7, 15), cause="c")  # noqa: DTZ001 - that is the point


def test_a_negative_balance_is_carried() -> None:
    """Earned 20 and clawed back 100 is -80; +50 is -30; +40 is +10, and 10 is paid (BX-26)."""
    before = [an_entry(kind, "100", fee="old", cause=kind) for kind in (EARNED, PAYABLE, PAID_OUT)]

    def with_fee(fee: str, amount: str) -> list[Entry]:
        return [an_entry(EARNED, amount, fee=fee), an_entry(PAYABLE, amount, fee=fee)]

    account = account_of([*before, *with_fee("a", "20")])
    balances = [account.balance("acme", "USD")]
    for entries in (
        [an_entry(CLAWED_BACK, "-100", fee="old", reason="The customer left.")],
        with_fee("b", "50"),
        with_fee("c", "40"),
        [an_entry(PAID_OUT, "10", fee="c")],
    ):
        account = account.after(entries)
        balances.append(account.balance("acme", "USD"))

    assert balances == [usd(20), usd(-80), usd(-30), usd(10), usd(0)]


@pytest.mark.parametrize(
    ("balance", "due"),
    [("-80", "0"), ("0", "0"), ("10", "10")],
    ids=["a negative balance", "nothing", "a positive balance"],
)
def test_nothing_is_paid_out_of_a_negative_balance(balance: str, due: str) -> None:
    """What may be paid out is the balance once it is positive (BX-26)."""
    account = account_of(
        [an_entry(PAYABLE, "100"), an_entry(ADJUSTED, usd(int(balance) - 100), reason="because")]
    )

    assert account.balance("acme", "USD") == usd(balance)
    assert account.due_to("acme", "USD") == usd(due)


def test_balances_are_by_payee_and_currency() -> None:
    """Each payee has a balance in each currency; nothing is put together across them."""
    account = account_of(
        [
            an_entry(PAYABLE, "20", fee="a"),
            an_entry(PAYABLE, Money.parse("7 EUR"), fee="b"),
            an_entry(PAYABLE, "5", fee="c", payee="zeta"),
            an_entry(PAYABLE, "1", fee="d"),
        ]
    )

    assert {owner: str(money) for owner, money in account.balances.items()} == {
        ("acme", "EUR"): "7.00 EUR",
        ("acme", "USD"): "21.00 USD",
        ("zeta", "USD"): "5.00 USD",
    }
    assert account.balance("nobody", "USD") == usd(0)
    assert EMPTY.balances == {}


@pytest.mark.parametrize(
    ("kinds", "earned", "payable", "balance"),
    [
        pytest.param((EARNED,), "20", "0", "0", id="what is only earned is not owed"),
        pytest.param((EARNED, ADJUSTED), "15", "0", "0", id="adjusted before it is payable"),
        pytest.param((EARNED, PAYABLE, ADJUSTED), "15", "15", "15", id="adjusted afterwards"),
        pytest.param((EARNED, VOIDED), "0", "0", "0", id="voided before it is payable"),
        pytest.param((EARNED, PAYABLE, VOIDED), "0", "0", "0", id="voided afterwards"),
        pytest.param((EARNED, PAYABLE, DISPUTED), "20", "20", "20", id="a dispute moves nothing"),
        pytest.param(
            (EARNED, PAYABLE, PAID_OUT, CLAWED_BACK), "20", "20", "0", id="half paid, taken back"
        ),
    ],
)
def test_what_became_of_a_fee(
    kinds: tuple[EntryKind, ...], earned: str, payable: str, balance: str
) -> None:
    """Totals of a fee follow from its entries alone."""
    state = account_of(written(kinds)).fees["f"]

    assert (state.earned, state.payable, state.balance) == (usd(earned), usd(payable), usd(balance))
    assert state.next_kinds == kinds_after(kinds)
    assert state.paid_at == (PAID if PAID_OUT in kinds else None)


def test_fees_have_ids_of_their_own() -> None:
    """Another record, plan, activity, payee or occasion is another fee; long ones are digests."""
    parts = ("o-1", "make", "co_selling", "acme")
    ids = {
        fee_id(*parts),
        fee_id(*parts, occasion="year-2"),
        *(fee_id(*(*parts[:n], f"{parts[n]}x", *parts[n + 1 :])) for n in range(4)),
    }
    long = fee_id("r" * 200, "p" * 150, "a" * 80, "y" * 200)

    assert len(ids) == 6
    assert long.startswith("sha256:")
    assert len(long) < 100
    assert long != fee_id("r" * 200, "p" * 150, "a" * 80, "z" * 200)


class TestAccounts:
    """An account is the fold of its entries: rules 1 to 4 of ``cosell.fees.account``."""

    @MANY
    @given(lives=st.lists(lives(), max_size=4), data=st.data())
    def test_folding_in_parts_changes_nothing(
        self, lives: list[tuple[EntryKind, ...]], data: st.DataObject
    ) -> None:
        """A ledger folded entry by entry, in parts or at once gives one account."""
        entries = [
            entry for number, life in enumerate(lives) for entry in written(life, f"fee-{number}")
        ]
        cut = data.draw(st.integers(0, len(entries)))
        one_by_one = EMPTY
        for entry in entries:
            one_by_one = one_by_one.after([entry])

        assert account_of(entries[:cut]).after(entries[cut:]) == account_of(entries) == one_by_one

    @MANY
    @given(life=lives())
    def test_the_balance_is_the_sum_of_what_moved_it(self, life: tuple[EntryKind, ...]) -> None:
        """Payable adds, paid takes, clawed back takes, and so do adjustments once it is payable."""
        expected, payable = usd(0), False
        for entry in written(life):
            payable = payable or entry.kind is PAYABLE
            moves = entry.kind in {PAYABLE, CLAWED_BACK} or (
                payable and entry.kind in {ADJUSTED, VOIDED}
            )
            if moves:
                expected += entry.amount
            elif entry.kind is PAID_OUT:
                expected -= entry.amount

        assert account_of(written(life)).balance("acme", "USD") == expected

    @MANY
    @given(life=lives())
    def test_each_amount_is_earned_before_payable_before_paid(
        self, life: tuple[EntryKind, ...]
    ) -> None:
        """Whatever happens in between, the first of each kind comes in this order."""
        firsts = [life.index(kind) for kind in (EARNED, PAYABLE, PAID_OUT) if kind in life]

        assert firsts == sorted(firsts)
        assert not life or life[0] in FIRST_KINDS
        assert EARNED in life or PAYABLE not in life
        assert PAYABLE in life or PAID_OUT not in life
        assert PAID_OUT in life or CLAWED_BACK not in life or life[0] is CLAWED_BACK

    @given(life=lives().filter(lambda life: not {ADJUSTED, CLAWED_BACK, VOIDED} & set(life)))
    def test_only_what_is_taken_back_makes_a_balance_negative(
        self, life: tuple[EntryKind, ...]
    ) -> None:
        """As long as no more is paid than is payable, a plain life owes nothing back."""
        entries, left = [], usd(20)
        for entry in written(life):
            if entry.kind is PAID_OUT:
                if left.amount <= 0:
                    continue
                left -= entry.amount
            entries.append(entry)

        assert account_of(entries).balance("acme", "USD") >= usd(0)

    @given(life=lives())
    def test_an_account_can_be_kept_and_sent(self, life: tuple[EntryKind, ...]) -> None:
        """It pickles, as hosts that fold in worker processes need."""
        account: Account = account_of(written(life))

        assert pickle.loads(pickle.dumps(account)) == account  # noqa: S301 - our own bytes
