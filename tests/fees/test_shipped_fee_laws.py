"""Laws of every fee plan that ships, and of amounts by drawn bands, over drawn deals."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Final

from hypothesis import given
from hypothesis import strategies as st

from cosell import catalog
from cosell.catalog.shipped import model_named
from cosell.events import Entry, EntryKind
from cosell.fees import (
    BoundPlan,
    account_of,
    assess,
    bind_plan,
    entries_due,
    kinds_after,
    next_entry,
    plan_for,
    terms_of,
)
from cosell.models import Opportunity, Record
from cosell.money import Money
from cosell.verify import verify_plans
from fee_samples import CERTIFICATES, CONTRACT, MEETING, a_deal, tiny_plan

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


@st.composite
def cases(draw: st.DrawFn) -> tuple[BoundPlan, Record]:
    """Draw a plan that ships and a deal of its model, with anything missing."""
    plan = shipped(draw(NAMES))
    fields = {name: each for name, each in FIELDS.items() if name in plan.model.model_fields}
    given_fields = draw(st.fixed_dictionaries(fields))
    return plan, plan.model.model_validate({"id": "o-1", **given_fields})


def write(ledger: list[Entry], plan: BoundPlan, deal: Record, at: datetime) -> None:
    """Write what is due, as a host does."""
    found = assess(plan, deal, at=at, account=account_of(ledger))
    ledger += entries_due(found, ledger)


#: What a person may write, with the sign of its amount.
HAND: Final = {
    EntryKind.PAID: 1,
    EntryKind.ADJUSTED: -1,
    EntryKind.CLAWED_BACK: -1,
    EntryKind.DISPUTED: 0,
    EntryKind.VOIDED: 0,
}
STEPS: Final = st.lists(
    st.tuples(MOMENTS, st.sampled_from([*HAND]), st.integers(1, 10**4)), max_size=12
)


class TestEveryPlanThatShips:
    """Issue: fees, laws."""

    @given(case=cases(), steps=STEPS, late=MOMENTS)
    def test_nothing_is_payable_without_an_accepted_registration(
        self,
        case: tuple[BoundPlan, Record],
        steps: list[tuple[datetime, EntryKind, int]],
        late: datetime,
    ) -> None:
        """Whatever is recorded and written by hand, an entry `payable` needs an acceptance."""
        plan, deal = case
        ledger = grown(plan, deal, steps)
        accepted = getattr(deal, "accepted_at", None)

        for line in assess(plan, deal, at=late, account=account_of(ledger)).lines:
            assert not line.payable or (accepted is not None and accepted <= late)
        assert accepted is not None or ledger == []

    @given(case=cases(), steps=STEPS)
    def test_each_amount_is_earned_before_payable_before_paid(
        self, case: tuple[BoundPlan, Record], steps: list[tuple[datetime, EntryKind, int]]
    ) -> None:
        """Up to the first clawback or void a fee goes through its truths in order."""
        for kinds in lives(grown(*case, steps)).values():
            plain = [kind for kind in kinds if kind in list(EntryKind)[:3]]
            assert plain[:1] == [EntryKind.EARNED]
            assert plain == sorted(plain, key=list(EntryKind).index)
            assert plain.count(EntryKind.EARNED) == 1
            assert plain.count(EntryKind.PAYABLE) <= 1

    @given(case=cases(), steps=STEPS)
    def test_a_balance_is_negative_only_after_something_was_taken_back(
        self, case: tuple[BoundPlan, Record], steps: list[tuple[datetime, EntryKind, int]]
    ) -> None:
        """Who pays no more than what is owed owes nothing, until something is taken back."""
        ledger = grown(*case, steps)
        for count in range(len(ledger) + 1):
            part = ledger[:count]
            negative = any(total < ZERO for total in account_of(part).balances.values())
            taken = {EntryKind.CLAWED_BACK, EntryKind.VOIDED, EntryKind.ADJUSTED}
            assert not negative or taken & {entry.kind for entry in part}

    @given(case=cases(), steps=STEPS)
    def test_the_balance_is_the_fold_of_the_entries(
        self, case: tuple[BoundPlan, Record], steps: list[tuple[datetime, EntryKind, int]]
    ) -> None:
        """Folded in two goes or in one, a ledger comes to the same; and to the sum of its parts."""
        ledger = grown(*case, steps)
        for count in range(len(ledger) + 1):
            once = account_of(ledger)
            assert account_of(ledger[:count]).after(ledger[count:]) == once
            owed = sum((state.balance.amount for state in once.fees.values()), Decimal(0))
            assert once.balance("acme", "USD").amount == owed

    @given(case=cases(), steps=STEPS, at=MOMENTS)
    def test_what_was_written_is_not_due_again(
        self,
        case: tuple[BoundPlan, Record],
        steps: list[tuple[datetime, EntryKind, int]],
        at: datetime,
    ) -> None:
        """Assessing twice changes nothing, whatever people wrote in between."""
        ledger = grown(*case, steps)
        write(ledger, *case, at)
        before = list(ledger)

        write(ledger, *case, at)

        assert ledger == before


def grown(
    plan: BoundPlan, deal: Record, steps: list[tuple[datetime, EntryKind, int]]
) -> list[Entry]:
    """Return a ledger that was written by runs of the plan and, where it may be, by people."""
    ledger: list[Entry] = []
    for number, (at, kind, cents) in enumerate(sorted(steps, key=lambda step: step[0])):
        write(ledger, plan, deal, at)
        for state in account_of(ledger).fees.values():
            if kind not in kinds_after(state.kinds):
                continue
            wanted = Money(amount=HAND[kind] * Decimal(cents) / 100, currency="USD")
            amount = min(wanted, state.balance) if kind is EntryKind.PAID else wanted
            if kind is EntryKind.PAID and amount <= ZERO:
                continue
            life = [entry for entry in ledger if entry.fee_id == state.fee_id]
            cause = f"step-{number}"
            ledger.append(next_entry(life, kind, amount, at=at, cause=cause, reason="Drawn."))
            break
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
def bands(draw: st.DrawFn) -> str:
    """Draw the amount of a plan that has bands, marginal or whole."""
    ends = sorted(draw(st.sets(st.integers(1, 9), min_size=1, max_size=3)))
    rows = [f'{{ up_to = "{end}00 USD", rate = {draw(RATES)} }}' for end in ends]
    rows.append(f"{{ rate = {draw(RATES)} }}")
    apply = draw(st.sampled_from(["marginal", "whole"]))
    return f'base = "acv"\nbands_apply = "{apply}"\nbands = [{", ".join(rows)}]'


@given(amount=bands(), first=st.integers(0, 100_000), more=st.integers(0, 50_000))
def test_raising_the_base_never_lowers_the_whole(amount: str, first: int, more: int) -> None:
    """A larger deal earns no less, unless the soundness check says where it may (BX-22)."""
    definition = tiny_plan(amount)
    plan = bind_plan(definition)
    fees = []
    for cents in (first, first + more):
        deal = a_deal(acv=Money(amount=Decimal(cents) / 100, currency="USD"))
        fee = assess(plan, deal, at=START).line("referral").amount
        assert fee is not None
        fees.append(fee)

    steps_down = any("the fee falls" in each.problem for each in verify_plans([definition]))
    assert fees[0] <= fees[1] or steps_down


@given(rate=RATES, deals=st.lists(st.integers(1, 10**6), min_size=1, max_size=5))
def test_a_later_rate_change_never_touches_frozen_terms(rate: str, deals: list[int]) -> None:
    """What was accepted on one version comes to the same, whatever the next one says (BX-20)."""
    first = bind_plan(tiny_plan())
    later = bind_plan(
        tiny_plan(f'base = "acv"\nrate = {rate}').model_copy(
            update={"version": 2, "valid_from": START.date()}
        )
    )
    for units in deals:
        deal = a_deal(acv=f"{units} USD")
        frozen = deal.model_copy(update={"terms": terms_of(first, deal, at=START)})
        found = plan_for(frozen, [first, later], at=START)
        assert assess(found, frozen, at=START).lines == assess(first, deal, at=START).lines
        assert plan_for(deal, [first, later], at=START) is later


def test_a_drawn_deal_can_earn_in_each_plan() -> None:
    """The laws are about something: a full deal is payable in every plan that ships."""
    moments = dict.fromkeys(
        ("registered_at", "accepted_at", "won_at", "invoice_paid_at", "proof_submitted_at"), START
    )
    full: dict[str, Any] = {
        "id": "o-1",
        "acv": "10 USD",
        "partner": {"id": "acme", "certifications": CERTIFICATES, "contracts": (CONTRACT,)},
        "stakeholders": ({"introduced_by": "partner"},),
        "registration": {"channel": "partner_portal"},
        "contract_value": "600000 USD",
        "solution_value": "10 USD",
        "products": ({"id": "s-1", "registrable": True},),
        "sharing": "partner_led",
        "account_managed": True,
        "is_solution_assessment": False,
        "perpetual": True,
        **moments,
    }
    for name in catalog.fee_plan_names():
        plan = shipped(name)
        fields = plan.model.model_fields
        deal = plan.model.model_validate({key: full[key] for key in full if key in fields})
        assert any(line.payable for line in assess(plan, deal, at=START).lines), name
    assert issubclass(shipped("make_example").model, Opportunity)
