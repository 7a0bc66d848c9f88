"""Laws of assessments and of the entries they bring about, over drawn deals, plans and moments."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cosell.events import Entry, EntryKind
from cosell.fees import (
    EMPTY,
    Assessment,
    BoundPlan,
    account_of,
    assess,
    differences,
    entries_due,
    kinds_after,
    next_entry,
)
from cosell.findings import Verdict
from cosell.models import Opportunity
from cosell.money import Money
from fee_samples import CERTIFICATES, CONTRACT, MANY, MEETING, example_plan, tiny_bound

START = datetime(2026, 5, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 100 * 24).map(lambda hours: START + timedelta(hours=hours))
COURSE = ("registered_at", "accepted_at", "won_at", "invoice_paid_at")
PLANS: st.SearchStrategy[BoundPlan] = st.sampled_from(["a", "b", "c", "d"]).map(
    lambda name: {
        "a": example_plan(),
        "b": example_plan(eligible_on="payable"),
        "c": tiny_bound('flat = "100 USD"', hold_days=30, zone="Europe/Prague"),
        "d": tiny_bound('base = "acv"\nrate = 0.10\nfloor = "5 USD"'),
    }[name]
)


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


#: What a deal may record instead of what it needs, or not at all.
OTHERWISE: dict[str, st.SearchStrategy[Any]] = {
    "acv": maybe(st.integers(0, 10**6).map(lambda units: f"{units}.55 USD")),
    "partner": st.fixed_dictionaries(
        {
            "id": maybe(st.just("acme")),
            "certifications": st.lists(st.sampled_from(CERTIFICATES), max_size=2),
            "contracts": st.lists(st.just(CONTRACT), max_size=1),
        }
    ),
    "stakeholders": st.just(()),
    "registration": st.just({}),
    "activities": st.just(()),
    **dict.fromkeys(COURSE, maybe(MOMENTS)),
}


@st.composite
def deals(draw: st.DrawFn) -> Opportunity:
    """Draw a deal that earns, spoilt in up to three places: missing, or in any order of time."""
    moments = sorted(draw(st.lists(MOMENTS, min_size=len(COURSE), max_size=len(COURSE))))
    fields = {
        "id": "o-1",
        "acv": draw(st.integers(0, 10**6).map(lambda units: f"{units}.55 USD")),
        "partner": {"id": "acme", "certifications": CERTIFICATES, "contracts": (CONTRACT,)},
        "stakeholders": ({"introduced_by": "partner"},),
        "registration": {"channel": "partner_portal"},
        "activities": (MEETING,),
        **dict(zip(COURSE, moments, strict=True)),
    }
    for name in draw(st.lists(st.sampled_from([*OTHERWISE]), max_size=3)):
        fields[name] = draw(OTHERWISE[name])
    return Opportunity.model_validate(fields)


#: What taking away can only make less sure; the rest are lists, which are empty, not missing.
TAKEN_AWAY = ("acv", "registered_at", "accepted_at", "won_at", "invoice_paid_at")


def ranks(assessment: Assessment) -> list[list[int]]:
    """Return for each line how far from yes each truth is."""
    order = [Verdict.MET, Verdict.UNKNOWN, Verdict.UNMET]
    return [[order.index(truth.verdict) for truth in line.truths[:3]] for line in assessment.lines]


class TestAssessments:
    """Rules of ``cosell.fees.truths`` and ``cosell.fees.assess``."""

    @MANY
    @given(plan=PLANS, deal=deals(), at=MOMENTS)
    def test_assessing_twice_changes_nothing(
        self, plan: BoundPlan, deal: Opportunity, at: datetime
    ) -> None:
        """The same question has the same answer, and the deal stays as it was."""
        before = deal.model_dump()

        assert assess(plan, deal, at=at) == assess(plan, deal, at=at)
        assert deal.model_dump() == before

    @MANY
    @given(plan=PLANS, deal=deals(), at=MOMENTS)
    def test_each_truth_needs_the_one_before(
        self, plan: BoundPlan, deal: Opportunity, at: datetime
    ) -> None:
        """Nothing is earned that is not eligible, nothing payable that is not earned."""
        for rank in ranks(assess(plan, deal, at=at)):
            assert rank == sorted(rank)

    @MANY
    @given(plan=PLANS, deal=deals(), at=MOMENTS)
    def test_nothing_is_payable_without_an_accepted_registration(
        self, plan: BoundPlan, deal: Opportunity, at: datetime
    ) -> None:
        """Whatever else is recorded, acceptance, winning and payment come first (MK-32, MK-33)."""
        for line in assess(plan, deal, at=at).lines:
            moments = (deal.accepted_at, deal.won_at, deal.invoice_paid_at)
            assert not line.payable or all(each is not None and each <= at for each in moments)

    @given(plan=PLANS, deal=deals(), at=MOMENTS)
    def test_a_truth_either_holds_or_has_a_reason(
        self, plan: BoundPlan, deal: Opportunity, at: datetime
    ) -> None:
        """A truth that holds says since when; one that does not says why, with a remedy."""
        for line in assess(plan, deal, at=at).lines:
            for truth in line.truths:
                assert bool(truth) is not bool(truth.reasons)
                assert not truth or (truth.since is not None and truth.since <= at)
                assert all(str(reason) and reason.remedy for reason in truth.reasons)

    @given(plan=PLANS, deal=deals(), at=MOMENTS, later=st.integers(0, 10**4))
    def test_what_holds_goes_on_holding(
        self, plan: BoundPlan, deal: Opportunity, at: datetime, later: int
    ) -> None:
        """Time alone takes nothing back: what is payable now is payable later."""
        then = ranks(assess(plan, deal, at=at + timedelta(hours=later)))

        for now, after in zip(ranks(assess(plan, deal, at=at)), then, strict=True):
            assert all(second <= first for first, second in zip(now, after, strict=True))

    @given(plan=PLANS, deal=deals(), at=MOMENTS, field=st.sampled_from(TAKEN_AWAY))
    def test_taking_away_makes_nothing_true(
        self, plan: BoundPlan, deal: Opportunity, at: datetime, field: str
    ) -> None:
        """Unknown is never yes: without a value nothing becomes eligible, earned or payable."""
        less = deal.model_copy(update={field: None})

        for with_it, without in zip(
            assess(plan, deal, at=at).lines, assess(plan, less, at=at).lines, strict=True
        ):
            # A certificate is judged when the fee is payable, which is another day without it.
            if plan.plan.eligible_on == "accepted":
                assert bool(without.payable) <= bool(with_it.payable)
                assert bool(without.earned) <= bool(with_it.earned)

    @given(deal=deals(), at=MOMENTS)
    def test_every_line_can_be_explained(self, deal: Opportunity, at: datetime) -> None:
        """Words and plain values come of every assessment."""
        assessment = assess(example_plan(), deal, at=at)

        said = assessment.explain()

        assert all(line.label in said for line in assessment.lines)
        assert [line["activity"] for line in assessment.as_dict()["lines"]] == [
            line.activity for line in assessment.lines
        ]


def grown(
    ledger: list[Entry], plan: BoundPlan, deal: Opportunity, at: datetime
) -> tuple[Entry, ...]:
    due = entries_due(assess(plan, deal, at=at, account=account_of(ledger)), ledger)
    ledger += due
    return due


class TestEntries:
    """Rules of ``cosell.fees.due`` and ``cosell.fees.ledger``."""

    @MANY
    @given(plan=PLANS, deal=deals(), at=MOMENTS)
    def test_what_was_written_is_not_due_again(
        self, plan: BoundPlan, deal: Opportunity, at: datetime
    ) -> None:
        """After its entries were written an assessment brings about none."""
        ledger: list[Entry] = []

        grown(ledger, plan, deal, at)

        assert grown(ledger, plan, deal, at) == ()
        assert differences(assess(plan, deal, at=at), ledger) == ()

    @MANY
    @given(plan=PLANS, deal=deals(), first=MOMENTS, second=MOMENTS)
    def test_two_runs_at_once_write_the_same_ids(
        self, plan: BoundPlan, deal: Opportunity, first: datetime, second: datetime
    ) -> None:
        """Whoever writes an entry of a kind for a fee, it has the one id: nothing is paid twice."""
        runs = [entries_due(assess(plan, deal, at=at), ()) for at in (first, second)]
        by_id: dict[str, Entry] = {}
        for entry in (*runs[0], *runs[1]):
            assert by_id.setdefault(entry.id, entry) == entry

        assert len(by_id) == len({(entry.fee_id, entry.kind) for entry in by_id.values()})

    @given(plan=PLANS, deal=deals(), moments=st.lists(MOMENTS, max_size=5))
    def test_each_amount_is_earned_before_payable(
        self, plan: BoundPlan, deal: Opportunity, moments: list[datetime]
    ) -> None:
        """However often and whenever it is asked, entries come in order, each once, dated so."""
        ledger: list[Entry] = []
        for at in sorted(moments):
            for entry in grown(ledger, plan, deal, at):
                assert entry.at <= at
        for fee in {entry.fee_id for entry in ledger}:
            life = [entry for entry in ledger if entry.fee_id == fee]
            assert [entry.kind for entry in life] == list(EntryKind)[: len(life)]
            assert [entry.at for entry in life] == sorted(entry.at for entry in life)
            assert len({entry.amount for entry in life}) == 1

    @given(plan=PLANS, deal=deals(), at=MOMENTS)
    def test_what_is_payable_is_what_is_owed(
        self, plan: BoundPlan, deal: Opportunity, at: datetime
    ) -> None:
        """The balance of the payee is the total of the payable lines, and zero once it is paid."""
        ledger: list[Entry] = []
        grown(ledger, plan, deal, at)
        assessment = assess(plan, deal, at=at, account=account_of(ledger))
        payable = assessment.total("payable").get("USD", Money.parse("0 USD"))
        if deal.partner.id is None:
            payable = Money.parse("0 USD")

        assert account_of(ledger).balance("acme", "USD") == payable

        for state in account_of(ledger).fees.values():
            if EntryKind.PAID in kinds_after(state.kinds):
                life = [entry for entry in ledger if entry.fee_id == state.fee_id]
                ledger.append(
                    next_entry(life, EntryKind.PAID, state.balance, at=at, cause="wire-1")
                )
        after = assess(plan, deal, at=at, account=account_of(ledger))
        assert account_of(ledger).balance("acme", "USD") == Money.parse("0 USD")
        for line in after.lines:
            owed = line.payable and line.amount is not None and line.amount.amount > 0
            assert bool(line.paid) is bool(owed and line.payee)

    @given(plan=PLANS, deal=deals(), at=MOMENTS)
    def test_a_fee_without_amount_or_payee_is_not_written(
        self, plan: BoundPlan, deal: Opportunity, at: datetime
    ) -> None:
        """What is not known is not owed: every entry has its payee and an amount above zero."""
        assessment = assess(plan, deal, at=at, account=EMPTY)
        fees = {line.fee_id: line for line in assessment.lines}

        for entry in entries_due(assessment, ()):
            assert fees[entry.fee_id].amount == entry.amount
            assert entry.amount.amount > 0
            assert entry.payee == deal.partner.id
