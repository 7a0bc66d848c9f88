"""Laws of every fee plan that ships, and of amounts by drawn bands, over drawn deals."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Final, TypeAlias

from hypothesis import given
from hypothesis import strategies as st

from cosell import catalog
from cosell.catalog.shipped import model_named
from cosell.events import Entry, EntryKind
from cosell.fees import (
    BoundPlan,
    EntryRefusedError,
    FeeState,
    account_of,
    assess,
    bind_plan,
    entries_due,
    next_entry,
    plan_for,
    terms_of,
)
from cosell.models import Opportunity, Record
from cosell.money import Money
from cosell.verify import verify_plans
from fee_samples import CERTIFICATES, CONTRACT, MANY, MEETING, a_deal, tiny_bound, tiny_plan

START: Final = datetime(2026, 5, 1, tzinfo=UTC)
MOMENTS: Final = st.integers(0, 60 * 24).map(lambda hours: START + timedelta(hours=hours))
NAMES: Final = st.sampled_from(catalog.fee_plan_names())
ZERO: Final = Money.parse("0 USD")


@cache
def shipped(name: str) -> BoundPlan:
    found = catalog.load_fee_plan(name)
    return bind_plan(found, model_named(found.record))


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


#: What a drawn deal may record; each plan's model takes what it has.
FIELDS: Final[dict[str, st.SearchStrategy[Any]]] = {
    "acv": maybe(st.integers(0, 10**6).map(lambda units: f"{units}.55 USD")),
    "contract_value": maybe(st.integers(0, 10**6).map(lambda units: f"{units}.01 USD")),
    "solution_value": maybe(st.integers(0, 10**6).map(lambda units: f"{units}.01 USD")),
    "partner": st.fixed_dictionaries(
        {
            "id": maybe(st.just("acme")),
            "level": maybe(st.just("gold")),
            "certifications": st.just(CERTIFICATES),
            "contracts": st.just((CONTRACT,)),
        }
    ),
    "stakeholders": st.lists(st.just({"introduced_by": "partner"}), max_size=1),
    "registration": st.just({"channel": "partner_portal"}),
    "registered_at": maybe(MOMENTS),
    "accepted_at": maybe(MOMENTS),
    "won_at": maybe(MOMENTS),
    "invoice_paid_at": maybe(MOMENTS),
    "proof_submitted_at": maybe(MOMENTS),
    "activities": st.lists(st.just(MEETING), max_size=1),
    "origin": st.sampled_from([{}, {"id": "l-1", "process": "salesforce_lead_distribution"}]),
    "products": st.just(({"id": "s-1", "registrable": True},)),
    "kind": maybe(st.just("co_sell")),
    "sharing": maybe(st.sampled_from(["private", "partner_led", "co_sell"])),
    "account_managed": maybe(st.booleans()),
    "is_solution_assessment": maybe(st.booleans()),
    "vendor_accepted_at": maybe(MOMENTS),
    "perpetual": maybe(st.booleans()),
}


#: A deal that earns in every plan that ships, but for its moments.
FULL: Final[dict[str, Any]] = {
    "acv": "1000 USD",
    "partner": {"id": "acme", "certifications": CERTIFICATES, "contracts": (CONTRACT,)},
    "stakeholders": ({"introduced_by": "partner"},),
    "registration": {"channel": "partner_portal"},
    "contract_value": "600000 USD",
    "solution_value": "1000 USD",
    "products": ({"id": "s-1", "registrable": True},),
    "sharing": "partner_led",
    "account_managed": True,
    "is_solution_assessment": False,
    "perpetual": True,
    "activities": (MEETING,),
}
COURSE: Final = ("registered_at", "accepted_at", "won_at", "invoice_paid_at", "proof_submitted_at")


@st.composite
def cases(draw: st.DrawFn) -> tuple[BoundPlan, Record]:
    """Draw a plan that ships and a deal of its model: complete, or spoilt in one place or two."""
    plan = shipped(draw(NAMES))
    known = plan.model.model_fields
    moments = draw(st.lists(MOMENTS, min_size=len(COURSE), max_size=len(COURSE)))
    if draw(st.integers(0, 3)):  # deals that come from files may have any order of time
        moments.sort()
    fields = {"id": "o-1", **FULL, **dict(zip(COURSE, moments, strict=True))}
    for name in draw(st.lists(st.sampled_from([*FIELDS]), max_size=2)):
        fields[name] = draw(FIELDS[name])
    return plan, plan.model.model_validate({it: fields[it] for it in fields if it in known})


def write(ledger: list[Entry], plan: BoundPlan, deal: Record, at: datetime) -> None:
    """Write what is due, as a host does."""
    found = assess(plan, deal, at=at, account=account_of(ledger))
    ledger += entries_due(found, ledger)


#: What a person may write, and of what its amount is a share.
HAND: Final[dict[EntryKind, Callable[[FeeState], Money]]] = {
    EntryKind.PAID: lambda fee: fee.balance,
    EntryKind.ADJUSTED: lambda fee: -fee.earned,
    EntryKind.CLAWED_BACK: lambda fee: -fee.paid,
    EntryKind.DISPUTED: lambda fee: fee.paid - fee.paid,
    EntryKind.VOIDED: lambda fee: -fee.earned,
}
#: When something is written by hand, for which fee, which kind of those that may follow, and which
#: share of what it may be about, in per cent: more than the whole, and nothing, too.
STEPS: Final = st.lists(
    st.tuples(MOMENTS, st.integers(0, 9), st.integers(0, 9), st.integers(0, 150)), max_size=12
)
Steps: TypeAlias = list[tuple[datetime, int, int, int]]


class TestEveryPlanThatShips:
    """Issue: fees, laws."""

    @MANY
    @given(case=cases(), steps=STEPS, late=MOMENTS)
    def test_nothing_is_payable_without_an_accepted_registration(
        self,
        case: tuple[BoundPlan, Record],
        steps: Steps,
        late: datetime,
    ) -> None:
        """Whatever is recorded and written by hand, an entry `payable` needs an acceptance."""
        plan, deal = case
        ledger = grown(plan, deal, steps)
        accepted = getattr(deal, "accepted_at", None)

        for line in assess(plan, deal, at=late, account=account_of(ledger)).lines:
            assert not line.payable or (accepted is not None and accepted <= late)
        assert accepted is not None or ledger == []

    @MANY
    @given(case=cases(), steps=STEPS)
    def test_each_amount_is_earned_before_payable_before_paid(
        self, case: tuple[BoundPlan, Record], steps: Steps
    ) -> None:
        """Up to the first clawback or void a fee goes through its truths in order."""
        for kinds in lives(grown(*case, steps)).values():
            plain = [kind for kind in kinds if kind in list(EntryKind)[:3]]
            assert plain[:1] == [EntryKind.EARNED]
            assert plain == sorted(plain, key=list(EntryKind).index)
            assert plain.count(EntryKind.EARNED) == 1
            assert plain.count(EntryKind.PAYABLE) <= 1

    @MANY
    @given(case=cases(), steps=STEPS)
    def test_a_balance_is_negative_only_after_something_was_taken_back(
        self, case: tuple[BoundPlan, Record], steps: Steps
    ) -> None:
        """Whatever people ask for, nobody owes anything back until something was taken back."""
        ledger = grown(*case, steps)
        for count in range(len(ledger) + 1):
            part = ledger[:count]
            negative = any(total < ZERO for total in account_of(part).balances.values())
            taken = {EntryKind.CLAWED_BACK, EntryKind.VOIDED, EntryKind.ADJUSTED}
            assert not negative or any(it.kind in taken and it.amount < ZERO for it in part)

    @MANY
    @given(case=cases(), steps=STEPS)
    def test_the_balance_is_the_fold_of_the_entries(
        self, case: tuple[BoundPlan, Record], steps: Steps
    ) -> None:
        """Folded in two goes or in one, a ledger comes to the same; and to the sum of its parts."""
        ledger = grown(*case, steps)
        for count in range(len(ledger) + 1):
            once = account_of(ledger)
            assert account_of(ledger[:count]).after(ledger[count:]) == once
            owed = sum((state.balance.amount for state in once.fees.values()), Decimal(0))
            assert once.balance("acme", "USD").amount == owed

    @MANY
    @given(case=cases(), steps=STEPS, at=MOMENTS)
    def test_what_was_written_is_not_due_again(
        self,
        case: tuple[BoundPlan, Record],
        steps: Steps,
        at: datetime,
    ) -> None:
        """Assessing twice changes nothing, whatever people wrote in between."""
        ledger = grown(*case, steps)
        write(ledger, *case, at)
        before = list(ledger)

        write(ledger, *case, at)

        assert ledger == before


def grown(plan: BoundPlan, deal: Record, steps: Steps) -> list[Entry]:
    """Return a ledger that was written by runs of the plan and, where it may be, by people."""
    ledger: list[Entry] = []
    for number, (at, which, what, percent) in enumerate(sorted(steps)):
        write(ledger, plan, deal, at)
        fees = [it for it in account_of(ledger).fees.values() if it.next_kinds & HAND.keys()]
        if not fees:
            continue
        fee = fees[which % len(fees)]
        permitted = sorted(fee.next_kinds & HAND.keys())
        kind = permitted[what % len(permitted)]
        whole = HAND[kind](fee)
        part = Money(amount=whole.amount * percent / 100, currency=whole.currency).rounded()
        life = [entry for entry in ledger if entry.fee_id == fee.fee_id]
        with suppress(EntryRefusedError):
            cause = f"step-{number}"
            ledger.append(next_entry(life, kind, part, at=at, cause=cause, reason="Drawn."))
    return ledger


def lives(ledger: list[Entry]) -> dict[str, list[EntryKind]]:
    """Return the kinds of each fee up to what takes it back."""
    found: dict[str, list[EntryKind]] = {}
    for entry in ledger:
        found.setdefault(entry.fee_id, []).append(entry.kind)
    ends = {EntryKind.CLAWED_BACK, EntryKind.VOIDED}
    return {
        fee: kinds[: next((i for i, kind in enumerate(kinds) if kind in ends), len(kinds))]
        for fee, kinds in found.items()
    }


RATES: Final = st.integers(0, 50).map(lambda points: f"0.{points:02}")


@st.composite
def raised(draw: st.DrawFn) -> tuple[str, int, int]:
    """Draw the amount of a plan that has bands, and two bases in cents, often around an end."""
    ends = sorted(draw(st.sets(st.integers(1, 9), min_size=1, max_size=3)))
    rows = [f'{{ up_to = "{end}00 USD", rate = {draw(RATES)} }}' for end in ends]
    rows.append(f"{{ rate = {draw(RATES)} }}")
    apply = draw(st.sampled_from(["whole", "marginal"]))
    cents = draw(st.sampled_from(ends)) * 10_000
    below, above = draw(st.sampled_from([2_000, 100_000])), draw(st.sampled_from([2_000, 50_000]))
    first = max(cents - draw(st.integers(0, below)), 0)
    amount = f'base = "acv"\nbands_apply = "{apply}"\nbands = [{", ".join(rows)}]'
    return amount, first, cents + draw(st.integers(0, above))


FALLS: Final = re.compile(r"just above (\S+) USD the fee falls")


@MANY
@given(drawn=raised())
def test_raising_the_base_never_lowers_the_whole(drawn: tuple[str, int, int]) -> None:
    """A larger deal earns no less, unless the soundness check names a step down between (BX-22)."""
    amount, first, second = drawn
    definition = tiny_plan(amount)
    plan = bind_plan(definition)
    fees = []
    for cents in (first, second):
        deal = a_deal(acv=Money(amount=Decimal(cents) / 100, currency="USD"))
        fee = assess(plan, deal, at=START).line("referral").amount
        assert fee is not None
        fees.append(fee)

    said = (FALLS.search(each.problem) for each in verify_plans([definition]))
    falls = [Decimal(found[1].replace(",", "")) * 100 for found in said if found]
    assert fees[0] <= fees[1] or any(first <= fall < second for fall in falls)


@cache
def later_version(rate: str) -> BoundPlan:
    """Return a second version of the small plan, with another rate."""
    plan = tiny_plan(f'base = "acv"\nrate = {rate}')
    return bind_plan(plan.model_copy(update={"version": 2, "valid_from": START.date()}))


@MANY
@given(rate=RATES, deals=st.lists(st.integers(1, 10**6), min_size=1, max_size=5))
def test_a_later_rate_change_never_touches_frozen_terms(rate: str, deals: list[int]) -> None:
    """What was accepted on one version comes to the same, whatever the next one says (BX-20)."""
    first, later = tiny_bound(), later_version(rate)
    for units in deals:
        deal = a_deal(acv=f"{units} USD")
        frozen = deal.model_copy(update={"terms": terms_of(first, deal, at=START)})
        found = plan_for(frozen, [first, later], at=START)
        assert assess(found, frozen, at=START).lines == assess(first, deal, at=START).lines
        assert plan_for(deal, [first, later], at=START) is later


def test_a_full_deal_is_payable_in_each_plan() -> None:
    """The laws are about something: a full deal is payable in every plan that ships."""
    full = {"id": "o-1", **FULL, **dict.fromkeys(COURSE, START)}
    for name in catalog.fee_plan_names():
        plan = shipped(name)
        fields = plan.model.model_fields
        deal = plan.model.model_validate({key: full[key] for key in full if key in fields})
        assert any(line.payable for line in assess(plan, deal, at=START).lines), name
    assert issubclass(shipped("make_example").model, Opportunity)
