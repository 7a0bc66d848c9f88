"""Laws of fees on a desk: whatever people and clocks do, in whatever order, on both stores."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

from hypothesis import given
from hypothesis import strategies as st

from cosell import Desk, MemoryStore, SqliteStore
from cosell.events import Entry, EntryKind
from cosell.fees import BoundPlan, account_of, kinds_after, problems_in_ledger
from cosell.money import Money
from desk_kit import Around, outcome, require_coherent
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
        "pay",
        "adjust",
        "dispute",
        "settle",
        "void",
        "back",
    ]
)
Step: TypeAlias = tuple[str, int, int]
#: What is asked for, so many days after what came before, about so many units.
STEP: Final[st.SearchStrategy[Step]] = st.tuples(COMMANDS, st.integers(0, 4), st.integers(1, 200))
#: Most deals are won and paid for first: otherwise hardly one of them would have a fee.
COURSE: Final[tuple[Step, ...]] = (
    ("accept", 1, 1),
    ("win", 1, 1),
    ("invoice", 1, 1),
    ("tick", 4, 1),
    ("pay", 4, 15),
)
STEPS: Final = st.tuples(st.sampled_from([0, 1, 2, 3, 5, 5, 5]), st.lists(STEP, max_size=12)).map(
    lambda drawn: [*COURSE[: drawn[0]], *drawn[1]]
)
FEE: Final = "o-1|tiny|referral|acme"
TAKEN: Final = {EntryKind.CLAWED_BACK, EntryKind.VOIDED, EntryKind.ADJUSTED}


def carry_out(desk: Any, step: Step, number: int, at: datetime) -> None:
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
        "pay": lambda: desk.record_payment("o-1", FEE, usd(units * 200), **said),
        "adjust": lambda: desk.adjust("o-1", FEE, usd(units - 100), **said),
        "dispute": lambda: desk.dispute("o-1", FEE, **said),
        "settle": lambda: desk.settle_dispute("o-1", FEE, **said),
        "void": lambda: desk.void("o-1", FEE, **said),
        "back": lambda: desk.claw_back("o-1", FEE, usd(-units), **said),
    }
    outcome(asked[word])


def lived(store: Any, plan: BoundPlan, steps: list[Step]) -> Any:
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
def test_a_fee_lives_by_its_rules(plan: BoundPlan, steps: list[Step]) -> None:
    """Every entry may follow those before it, and none comes twice; assessing again adds none."""
    store = MemoryStore()
    desk = lived(store, plan, steps)
    entries: list[Entry] = list(store.entries())

    for count, entry in enumerate(entries):
        life = [each.kind for each in entries[:count] if each.fee_id == entry.fee_id]
        assert entry.kind in kinds_after(life)
    assert list(problems_in_ledger(entries)) == []
    assert len({entry.id for entry in entries}) == len(entries)
    again = desk.settle_fees("o-1", actor=SELLER, at=ACCEPTED + timedelta(days=400))
    assert (again.entries, again.fee_problem) == ((), None)
    assert entries == list(store.entries())


@given(plan=PLANS, steps=STEPS)
def test_nothing_is_owed_that_was_not_accepted(plan: BoundPlan, steps: list[Step]) -> None:
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
def test_nobody_owes_anything_back_before_something_was_taken_back(
    plan: BoundPlan, steps: list[Step]
) -> None:
    """Whatever is asked for, a balance is negative only after an entry that takes (BX-26)."""
    store = MemoryStore()
    lived(store, plan, steps)
    entries = store.entries()

    for count in range(len(entries) + 1):
        part = entries[:count]
        negative = any(total < usd(0) for total in account_of(part).balances.values())
        assert not negative or any(it.kind in TAKEN and it.amount < usd(0) for it in part)


class Interrupted(Around):
    """A store on which somebody else gets in between the first reading and the first commit."""

    def __init__(self, store: Any, meanwhile: Callable[[], object]) -> None:
        super().__init__(store)
        self.meanwhile: Callable[[], object] | None = meanwhile

    def commit(self, commit: Any) -> Any:
        """Let the other one go first, once."""
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            meanwhile()
        return self.store.commit(commit)


@given(plan=PLANS, steps=STEPS, ours=STEP, theirs=STEP)
def test_two_at_once_are_as_one_after_the_other(
    plan: BoundPlan, steps: list[Step], ours: Step, theirs: Step
) -> None:
    """Whoever gets in between, nothing is written twice: the ledger is that of two in turn."""
    at_once, in_turn = MemoryStore(), MemoryStore()
    for store in (at_once, in_turn):
        lived(store, plan, steps)
    late = ACCEPTED + timedelta(days=200)
    desk = a_desk(Desk, at_once, plan)
    between = Interrupted(at_once, lambda: carry_out(desk, theirs, 98, late))

    carry_out(a_desk(Desk, between, plan), ours, 99, late)
    for step, number in ((theirs, 98), (ours, 99))[between.meanwhile is not None :]:
        carry_out(a_desk(Desk, in_turn, plan), step, number, late)

    assert list(at_once.entries()) == list(in_turn.entries())
    require_coherent(paid_process(), at_once, "o-1")


@given(plan=PLANS, steps=STEPS)
def test_both_stores_keep_the_same_ledger(plan: BoundPlan, steps: list[Step]) -> None:
    """What is asked for in the same order leaves the same entries, wherever they are kept."""
    memory = MemoryStore()
    lived(memory, plan, steps)
    with SqliteStore(":memory:") as file:
        lived(file, plan, steps)
        assert list(memory.entries()) == list(file.entries())
