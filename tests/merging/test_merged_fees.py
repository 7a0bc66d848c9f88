"""Fees of two deals that were found to be one: one deal earns one fee (BX-1, BX-26)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import product

import pytest

from cosell import FeePlan, Money, Opportunity
from cosell.definition import parse_fee_plan
from cosell.errors import NaiveDatetimeError
from cosell.events import Entry, EntryKind
from cosell.fees import (
    account_of,
    as_survivors,
    assess,
    bind_plan,
    entries_due,
    entries_of_merge,
    fee_id,
    next_entry,
)
from cosell.models import Partner
from fee_samples import an_entry

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HUNDRED = Money.parse("100 USD")

PLAN = """
id = "flat"
version = 1
record = "Opportunity"
valid_from = 2026-01-01
[eligible]
since = "created_at"
criteria = [{ id = "named", need = "recorded(name)", reason = "no name", remedy = "Name it." }]
[earns]
since = "won_at"
criteria = [{ id = "won", need = "recorded(won_at)", reason = "not won", remedy = "Win it." }]
[pays]
since = "won_at"
criteria = [{ id = "won", need = "recorded(won_at)", reason = "not won", remedy = "Win it." }]
[[activities]]
id = "sourcing"
label = "Sourcing"
amount = { flat = "100 USD" }
"""


def entry(record_id: str, kind: EntryKind, amount: Money = HUNDRED, **values: str) -> Entry:
    """Return an entry of the one fee of a deal."""
    fee = fee_id(record_id, "flat", "sourcing", "acme")
    said = {"cause": f"{record_id}{kind}{amount}", "activity": "sourcing", "at": NOON, **values}
    return an_entry(kind, amount, fee=fee, record_id=record_id, plan="flat@1", **said)


#: How far a fee can have come: its entries, by a word for it.
COURSES = {
    "nothing": [],
    "earned": [EntryKind.EARNED],
    "payable": [EntryKind.EARNED, EntryKind.PAYABLE],
    "paid": [EntryKind.EARNED, EntryKind.PAYABLE, EntryKind.PAID],
}


def ledger(duplicate: str, survivor: str) -> tuple[Entry, ...]:
    """Return what was written for two deals of which one is merged into the other."""
    return (
        *(entry("o-2", kind) for kind in COURSES[duplicate]),
        *(entry("o-1", kind) for kind in COURSES[survivor]),
    )


def merged(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return a ledger with the entries that a merge brings about."""
    written = tuple(entries)
    more = entries_of_merge(written, survivor="o-1", duplicate="o-2", at=NOON)
    return written + more


@pytest.mark.parametrize(
    ("duplicate", "survivor", "kinds"),
    [
        pytest.param("nothing", "paid", [], id="nothing was earned"),
        pytest.param("earned", "nothing", ["voided"], id="what was earned is voided"),
        pytest.param("payable", "paid", ["voided"], id="what was payable is voided"),
        pytest.param("paid", "nothing", [], id="what was paid counts for the survivor"),
        pytest.param("paid", "earned", ["clawed_back"], id="both have a fee"),
        pytest.param("paid", "paid", ["clawed_back"], id="both were paid"),
    ],
)
def test_entries_of_a_merge(duplicate: str, survivor: str, kinds: list[str]) -> None:
    """What is not paid is voided; what both were paid is clawed back from the duplicate."""
    before = ledger(duplicate, survivor)
    found = entries_of_merge(before, survivor="o-1", duplicate="o-2", at=NOON)

    assert [each.kind.value for each in found] == kinds
    for each in found:
        assert (each.record_id, each.amount) == ("o-2", -HUNDRED)
        assert (each.cause, each.reason) == ("merge:o-1", "merged into o-1")
    assert entries_of_merge(before + found, survivor="o-1", duplicate="o-2", at=NOON) == ()


def the_plan() -> FeePlan:
    """Return the plan of the tests."""
    return parse_fee_plan(PLAN)


SURVIVOR = Opportunity(
    id="o-1",
    name="Beta",
    partner=Partner(id="acme"),
    created_at=NOON,
    won_at=NOON,
    merged=("o-2",),
)


@pytest.mark.parametrize(("duplicate", "survivor"), list(product(COURSES, COURSES)))
def test_one_deal_earns_one_fee(duplicate: str, survivor: str) -> None:
    """However far both fees had come, one fee is owed in the end, and nothing is paid twice."""
    plan = bind_plan(the_plan())
    written = merged(ledger(duplicate, survivor))
    seen = as_survivors(written, survivor="o-1", duplicates=SURVIVOR.merged)
    assessment = assess(plan, SURVIVOR, at=NOON, account=account_of(seen))
    due = entries_due(assessment, seen)
    balance = account_of(written + due).balance("acme", "USD")

    paid = [each.amount for each in written + due if each.kind is EntryKind.PAID]
    assert balance + sum(paid, start=Money.parse("0 USD")) == HUNDRED
    assert entries_due(assessment, (*seen, *due)) == ()


def test_paid_for_the_duplicate_is_paid_for_the_survivor() -> None:
    """The survivor's line says that it was paid, and how much."""
    plan = bind_plan(the_plan())
    written = merged(ledger("paid", "nothing"))
    seen = as_survivors(written, survivor="o-1", duplicates=["o-2"])
    line = assess(plan, SURVIVOR, at=NOON, account=account_of(seen)).line("sourcing")

    assert line.paid
    assert line.paid_so_far == HUNDRED


def test_a_merged_deal_is_not_eligible() -> None:
    """The duplicate earns nothing, and says where to look; the survivor is as it was."""
    plan = bind_plan(the_plan())
    duplicate = SURVIVOR.model_copy(update={"id": "o-2", "merged": (), "merged_into": "o-1"})
    line = assess(plan, duplicate, at=NOON).line("sourcing")

    assert not line.eligible
    assert not line.earned
    assert [str(reason) for reason in line.eligible.reasons] == ["this deal was merged into o-1"]
    assert line.eligible.reasons[0].remedy == "Assess the deal that it was merged into."
    assert line.eligible.findings[0].cites == ("BX-1",)
    assert entries_due(assess(plan, duplicate, at=NOON), ()) == ()
    assert assess(plan, SURVIVOR, at=NOON).line("sourcing").payable


def test_what_was_voided_or_taken_back_stays_so() -> None:
    """A fee that came to nothing before is left alone, and is nobody's."""
    earned = entry("o-2", EntryKind.EARNED)
    voided = next_entry([earned], EntryKind.VOIDED, -HUNDRED, at=NOON, cause="x", reason="error")
    assert merged([earned, voided]) == (earned, voided)

    paid = [entry("o-2", kind) for kind in COURSES["paid"]]
    back = next_entry(paid, EntryKind.CLAWED_BACK, -HUNDRED, at=NOON, cause="x", reason="error")
    written = (*paid, back, *ledger("nothing", "paid"))
    assert merged(written) == written
    assert as_survivors(written, survivor="o-1", duplicates=["o-2"]) == written


def test_a_disputed_fee_is_left_to_the_dispute() -> None:
    """What was paid and is disputed is not taken back before the dispute is decided."""
    paid = [entry("o-2", kind) for kind in COURSES["paid"]]
    nothing = Money.parse("0 USD")
    disputed = next_entry(paid, EntryKind.DISPUTED, nothing, at=NOON, cause="x", reason="unclear")
    written = (*paid, disputed, *ledger("nothing", "paid"))

    assert merged(written) == written


def test_an_earned_fee_of_nothing_is_left_alone() -> None:
    """A fee that was adjusted to nothing has nothing to be voided."""
    earned = entry("o-2", EntryKind.EARNED)
    adjusted = next_entry(
        [earned], EntryKind.ADJUSTED, -HUNDRED, at=NOON, cause="x", reason="no fee"
    )

    assert merged([earned, adjusted]) == (earned, adjusted)


def test_a_moment_has_a_zone() -> None:
    """A moment without a zone is refused."""
    with pytest.raises(NaiveDatetimeError):
        entries_of_merge([], survivor="o-1", duplicate="o-2", at=datetime(2026, 1, 1))  # noqa: DTZ001 - the case
