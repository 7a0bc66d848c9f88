"""Laws of fees on a desk: whatever people and clocks do, in whatever order, on both stores."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from hypothesis import given
from hypothesis import strategies as st

from cosell import Desk, MemoryStore, SqliteStore
from cosell.events import Entry, EntryKind
from cosell.fees import BoundPlan, account_of, kinds_after
from cosell.money import Money
from desk_kit import outcome, require_coherent
from fee_samples import ACCEPTED, tiny_bound, usd
from paid_samples import DAY, SELLER, a_desk, an_offer, paid_process

PLANS: Final = st.sampled_from([("plain", 0), ("held", 5)]).map(
    lambda drawn: tiny_bound('base = "acv"\nrate = 0.10', hold_days=drawn[1])
)
COMMANDS: Final = st.sampled_from(
    [
        "accept",
        "win",
        "invoice",
        "acv",
        "tick",
        "pay",
        "adjust",
        "dispute",
        "settle",
        "void",
        "back",
    ]
)
STEPS: Final = st.lists(st.tuples(COMMANDS, st.integers(0, 4), st.integers(1, 200)), max_size=14)
FEE: Final = "o-1|tiny|referral|acme"


def carry_out(desk: Any, step: tuple[str, int, int], number: int, at: Any) -> None:
    """Ask for one thing; what is refused changes nothing."""
    word, _, units = step
    who = {"actor": SELLER, "at": at}
    said = {**who, "cause": f"step-{number}", "reason": "Drawn."}
    asked = {
        "accept": lambda: desk.move("o-1", "accept", **who),
        "win": lambda: desk.move("o-1", "win", **who),
        "invoice": lambda: desk.change("o-1", {"invoice_paid_at": at}, **who),
        "acv": lambda: desk.change("o-1", {"acv": f"{units} USD"}, **who),
        "tick": lambda: desk.tick(at=at),
        "pay": lambda: desk.record_payment("o-1", FEE, usd(units), **said),
        "adjust": lambda: desk.adjust("o-1", FEE, usd(units - 100), **said),
        "dispute": lambda: desk.dispute("o-1", FEE, **said),
        "settle": lambda: desk.settle_dispute("o-1", FEE, **said),
        "void": lambda: desk.void("o-1", FEE, **said),
        "back": lambda: desk.claw_back("o-1", FEE, usd(-units), **said),
    }
    outcome(asked[word])


def lived(store: Any, plan: BoundPlan, steps: list[tuple[str, int, int]]) -> Any:
    """Return a desk on which all steps were asked for, one after the other."""
    desk = a_desk(Desk, store, plan)
    at = ACCEPTED
    desk.open(an_offer(), actor=SELLER, at=at)
    for number, step in enumerate(steps):
        at += step[1] * DAY
        carry_out(desk, step, number, at)
        require_coherent(paid_process(), store, "o-1")
    desk.tick(at=at + 30 * DAY)
    return desk


@given(plan=PLANS, steps=STEPS)
def test_a_fee_lives_by_its_rules(plan: BoundPlan, steps: list[tuple[str, int, int]]) -> None:
    """Every entry may follow those before it, and none comes twice; assessing again adds none."""
    store = MemoryStore()
    desk = lived(store, plan, steps)
    entries: list[Entry] = list(store.entries())

    for count, entry in enumerate(entries):
        life = [each.kind for each in entries[:count] if each.fee_id == entry.fee_id]
        assert entry.kind in kinds_after(life)
    assert len({entry.id for entry in entries}) == len(entries)
    again = desk.settle_fees("o-1", actor=SELLER, at=ACCEPTED + timedelta(days=400))
    assert (again.entries, again.fee_problem) == ((), None)
    assert entries == list(store.entries())


@given(plan=PLANS, steps=STEPS)
def test_nothing_is_owed_that_was_not_accepted(
    plan: BoundPlan, steps: list[tuple[str, int, int]]
) -> None:
    """Without an acceptance there is no entry; the balance is the fold of what there is."""
    store = MemoryStore()
    desk = lived(store, plan, steps)
    record, entries = desk.load("o-1"), store.entries()

    assert record.accepted_at is not None or not entries
    payable = [entry for entry in entries if entry.kind is EntryKind.PAYABLE]
    assert not payable or record.won_at is not None is not record.invoice_paid_at
    assert desk.account("acme") == account_of(entries)
    owed = desk.account("acme").balance("acme", "USD")
    parts = [entry.amount for entry in entries if entry.kind is EntryKind.PAID]
    assert bool(payable) or (not parts and owed == Money.parse("0 USD"))


@given(plan=PLANS, steps=STEPS)
def test_both_stores_keep_the_same_ledger(
    plan: BoundPlan, steps: list[tuple[str, int, int]]
) -> None:
    """What is asked for in the same order leaves the same entries, wherever they are kept."""
    memory = MemoryStore()
    lived(memory, plan, steps)
    with SqliteStore(":memory:") as file:
        lived(file, plan, steps)
        assert list(memory.entries()) == list(file.entries())
