"""Assessments: moments and holds, what was paid, frozen terms, entries, and words."""

from __future__ import annotations

import json
import pickle
from datetime import UTC, datetime
from typing import Any

import pytest

from cosell.catalog import load_fee_plan
from cosell.errors import NaiveDatetimeError, UnknownNameError
from cosell.events import EntryKind
from cosell.fees import (
    TermsMismatchError,
    TruthName,
    account_of,
    assess,
    bind_plan,
    differences,
    entries_due,
    next_entry,
    plan_for,
    terms_of,
)
from cosell.findings import Severity, Verdict
from cosell.models import Opportunity, Record
from fee_samples import (
    ACCEPTED,
    DAY,
    LATER,
    PAID,
    WON,
    a_deal,
    a_partner,
    an_entry,
    example_plan,
    noon,
    tiny_bound,
    tiny_plan,
    usd,
)

REFERRAL = "o-1|tiny|referral|acme"


def test_a_moment_needs_a_zone() -> None:
    """A moment without a time zone is refused."""
    with pytest.raises(NaiveDatetimeError):
        assess(tiny_bound(), a_deal(), at=datetime(2026, 7, 15))  # noqa: DTZ001 - that is the point
    with pytest.raises(NaiveDatetimeError):
        terms_of(tiny_bound(), a_deal(), at=datetime(2026, 7, 15))  # noqa: DTZ001 - likewise


@pytest.mark.parametrize(
    ("zone", "paid_at", "since"),
    [
        pytest.param(
            "UTC",
            "2026-03-16T09:00:00+00:00",
            "2026-05-15T00:00:00+00:00",
            id="60 days from 2026-03-16 is 2026-05-15",
        ),
        pytest.param(
            "Europe/Prague",
            "2026-03-15T23:30:00+00:00",
            "2026-05-15T00:00:00+02:00",
            id="by the date in the plan's zone, across a clock change",
        ),
    ],
)
def test_a_hold_is_counted_in_days(zone: str, paid_at: str, since: str) -> None:
    """A fee is payable as the last day of its hold begins (BX-25)."""
    plan = tiny_bound(hold_days=60, zone=zone)
    deal = a_deal(
        accepted_at="2026-01-01T00:00:00Z", won_at="2026-01-02T00:00:00Z", invoice_paid_at=paid_at
    )
    begins = datetime.fromisoformat(since)

    before = assess(plan, deal, at=begins - DAY / 86400).line("referral").payable
    after = assess(plan, deal, at=begins).line("referral").payable

    assert [str(reason) for reason in before.reasons] == ["not payable before 2026-05-15"]
    assert before.reasons[0].remedy == "Wait until that day."
    assert before.reasons[0].finding.cites == ("BX-25",)
    assert (before.verdict, after.verdict) == (Verdict.UNMET, Verdict.MET)
    assert before.since == after.since == begins
    assert [finding.id for finding in after.findings] == ["invoice_paid", "hold"]


def test_a_fee_paid_upfront_is_payable_when_it_is_earned() -> None:
    """No truth holds before the one that it needs (MK-33)."""
    deal = a_deal(invoice_paid_at=ACCEPTED)

    line = assess(tiny_bound(), deal, at=LATER).line("referral")
    early = assess(tiny_bound(), deal, at=WON - DAY).line("referral")

    assert line.payable.since == line.earned.since == WON
    assert [str(reason) for reason in early.payable.reasons] == ["not earned before 2026-06-20"]


@pytest.mark.parametrize(
    ("closed_at", "remedy"),
    [
        pytest.param(None, "Record `closed_at`.", id="the moment is missing"),
        pytest.param(
            datetime(9999, 12, 29, tzinfo=UTC),
            "Correct the year.",
            id="no date is left for a hold",
        ),
    ],
)
def test_a_moment_that_is_not_known_is_not_yes(closed_at: datetime | None, remedy: str) -> None:
    """Criteria without their moment make a truth unknown, and the remedy names the field."""
    plan = tiny_plan(hold_days=9)
    asks_nothing = plan.pays.criteria[0].model_copy(update={"need": "True"})
    pays = plan.pays.model_copy(update={"since": "closed_at", "criteria": (asks_nothing,)})
    bound = bind_plan(plan.model_copy(update={"pays": pays}))

    payable = assess(bound, a_deal(closed_at=closed_at), at=LATER).line("referral").payable

    assert payable.verdict is Verdict.UNKNOWN
    assert [str(reason) for reason in payable.reasons] == ["not known: since when it is payable"]
    assert payable.reasons[0].remedy == remedy


def test_a_missing_field_is_named() -> None:
    """What is not known says which field of the deal is not recorded."""
    plan = tiny_plan()
    criterion = plan.earns.criteria[0].model_copy(update={"need": "lost_at < at and co_sold"})
    earns = plan.earns.model_copy(update={"criteria": (criterion,)})
    bound = bind_plan(plan.model_copy(update={"earns": earns}))

    (reason,) = assess(bound, a_deal(), at=LATER).line("referral").earned.reasons

    assert str(reason) == "not known: won: lost_at is not recorded"


def test_what_is_advised_stops_nothing() -> None:
    """An advised criterion is found and reported, and the fee is payable all the same."""
    plan = load_fee_plan("make_example")
    advised = plan.pays.criteria[0].model_copy(update={"id": "x", "severity": Severity.ADVISED})
    activity = plan.activities[1].model_copy(update={"pays": (advised,)})
    won = advised.model_copy(update={"id": "won", "need": "recorded(won_at)"})
    pays = plan.pays.model_copy(update={"criteria": (won,), "since": "won_at"})
    bound = bind_plan(plan.model_copy(update={"pays": pays, "activities": (activity,)}))

    line = assess(bound, a_deal(), at=LATER).line("co_selling")

    assert [finding.verdict for finding in line.payable.findings] == [Verdict.MET, Verdict.UNMET]
    assert bool(line.payable) is True
    assert "customer invoice unpaid" not in line.explain()


def test_a_broken_derived_field_is_no_yes() -> None:
    """What a host's own field raises is unknown, with its reason, and stops nobody."""

    class Broken(Opportunity, frozen=True):
        """A deal whose own fields cannot be computed."""

        @property
        def audited(self) -> bool | None:
            """Raise."""
            message = "no such ledger"
            raise RuntimeError(message)

        @property
        def flaws(self) -> tuple[str, ...]:
            """Raise too."""
            raise KeyError

    plan = tiny_plan()
    changes: dict[str, Any] = {"details": "flaws", "names": {"x": "y"}}
    criterion = plan.earns.criteria[0].model_copy(update={"need": "audited", **changes})
    other = plan.earns.criteria[0].model_copy(update={"id": "lost", "need": "not audited"})
    earns = plan.earns.model_copy(update={"criteria": (criterion, other)})
    bound = bind_plan(plan.model_copy(update={"earns": earns}), Broken)

    line = assess(bound, Broken.model_validate(a_deal().__dict__), at=LATER).line("referral")
    won, lost = (str(reason) for reason in line.earned.reasons)

    assert won.startswith("not known: won: `flaws` cannot be read (KeyError), ")
    assert lost.startswith("not known: lost: ")
    assert won.endswith("RuntimeError: no such ledger")
    assert lost.endswith("RuntimeError: no such ledger")


# --- What was paid --------------------------------------------------------------------------------


def test_paid_is_what_the_ledger_says() -> None:
    """A fee is paid once all that became payable was paid, in parts or at once (BX-27)."""
    plan, deal = tiny_bound('flat = "100 USD"'), a_deal(invoice_paid_at=PAID)
    ledger = list(entries_due(assess(plan, deal, at=LATER), ()))
    seen = []
    for cause, amount in (("w1", 60), ("w2", 40)):
        line = assess(plan, deal, at=LATER, account=account_of(ledger)).line("referral")
        seen.append((bool(line.paid), line.paid_so_far, line.standing))
        ledger.append(next_entry(ledger, EntryKind.PAID, usd(amount), at=LATER, cause=cause))
    line = assess(plan, deal, at=LATER, account=account_of(ledger)).line("referral")

    assert seen == [(False, usd(0), TruthName.PAYABLE), (False, usd(60), TruthName.PAYABLE)]
    assert (bool(line.paid), line.paid_so_far, line.paid.since) == (True, usd(100), LATER)
    assert line.standing is TruthName.PAID
    assert line.explain().startswith("referral: 100.00 USD to acme (paid)\n")


def test_what_was_paid_stays_paid() -> None:
    """Paid is a fact of the ledger, even of a deal that turns out not to be eligible."""
    ledger = [an_entry(kind, "12000") for kind in list(EntryKind)[:3]]

    deal = a_deal(accepted_at=None)
    line = assess(tiny_bound(), deal, at=LATER, account=account_of(ledger)).line("referral")

    assert (bool(line.eligible), bool(line.paid)) == (False, True)
    assert "(paid, not eligible)" in line.explain()


# --- Entries --------------------------------------------------------------------------------------


def test_the_entries_of_a_paid_deal() -> None:
    """Earned at the win, payable at the payment, each once, with plan, payee and cause."""
    entries = entries_due(assess(tiny_bound(), a_deal(invoice_paid_at=PAID), at=LATER), ())

    assert [(entry.kind, entry.at, str(entry.amount)) for entry in entries] == [
        (EntryKind.EARNED, WON, "12000.00 USD"),
        (EntryKind.PAYABLE, PAID, "12000.00 USD"),
    ]
    assert {(e.fee_id, e.plan, e.activity, e.payee, e.cause) for e in entries} == {
        (REFERRAL, "tiny@1", "referral", "acme", "o-1")
    }


@pytest.mark.parametrize(
    ("written", "due"),
    [
        pytest.param([], ["earned", "payable"], id="nothing was written"),
        pytest.param([("earned", "12000")], ["payable"], id="earned was written"),
        pytest.param([("earned", "12000"), ("payable", "12000")], [], id="both were"),
        pytest.param([("earned", "9000")], [], id="with another amount, until it is adjusted"),
        pytest.param(
            [("earned", "9000"), ("adjusted", "-1000")],
            ["payable 8000.00 USD"],
            id="a person has adjusted it: the ledger's amount counts",
        ),
        pytest.param(
            [("earned", "12000"), ("adjusted", "-12000")], [], id="adjusted to nothing at all"
        ),
        pytest.param([("earned", "12000"), ("disputed", "0")], [], id="BX-31 disputed"),
        pytest.param([("earned", "12000"), ("voided", "-12000")], [], id="voided"),
    ],
)
def test_only_what_is_missing_is_due(written: list[tuple[str, str]], due: list[str]) -> None:
    """What stands in the ledger is neither written again nor changed."""
    ledger = [an_entry(EntryKind(kind), amount, reason="because") for kind, amount in written]
    others = [an_entry(EntryKind.EARNED, "12000", record_id="o-2", fee="another")]

    entries = entries_due(
        assess(tiny_bound(), a_deal(invoice_paid_at=PAID), at=LATER), [*others, *ledger]
    )

    said = [entry.kind.value for entry in entries]
    assert said == [each.partition(" ")[0] for each in due]
    assert all(
        str(entry.amount) == (each.partition(" ")[2] or "12000.00 USD")
        for entry, each in zip(entries, due, strict=True)
    )


def test_an_amount_that_comes_out_otherwise_is_named() -> None:
    """A corrected deal does not change the ledger: a person is told to (BX-20)."""
    ledger = [an_entry(EntryKind.EARNED, "9000")]
    voided = [*ledger, an_entry(EntryKind.VOIDED, "-9000", reason="Not the partner's deal.")]
    assessment = assess(tiny_bound(), a_deal(), at=LATER)

    (found,) = differences(assessment, ledger)

    assert (found.fee_id, found.written, found.assessed) == (REFERRAL, usd(9000), usd(12000))
    assert differences(assessment, voided) == differences(assessment, ()) == ()


@pytest.mark.parametrize(
    ("voided", "remedy"),
    [
        pytest.param(
            "-4000",
            "Void the rest too: 8000.00 USD is still owed by the ledger.",
            id="in part, as a ledger from elsewhere may have it",
        ),
        pytest.param(
            "-12000", "Pay nothing of it; what was paid is to be returned.", id="as a whole"
        ),
    ],
)
def test_a_fee_that_was_voided_is_not_payable(voided: str, remedy: str) -> None:
    """A void ends it; where one left something in the balance, that is said (BX-26)."""
    ledger = [
        an_entry(EntryKind.EARNED, "12000"),
        an_entry(EntryKind.PAYABLE, "12000"),
        an_entry(EntryKind.VOIDED, voided, reason="Not the partner's deal."),
    ]
    deal = a_deal(invoice_paid_at=PAID)
    line = assess(tiny_bound(), deal, at=LATER, account=account_of(ledger)).line("referral")

    assert not line.payable
    assert [str(reason) for reason in line.earned.reasons] == ["voided on 2026-07-15"]
    assert line.earned.reasons[0].remedy == remedy


# --- Frozen terms ---------------------------------------------------------------------------------


def test_terms_are_frozen_at_the_acceptance() -> None:
    """A later version of a plan does not touch a deal that was accepted before (BX-20)."""
    first = tiny_bound()
    second = bind_plan(
        tiny_plan('base = "acv"\nrate = 0.01').model_copy(update={"version": 2, "id": "tiny"})
    )
    terms = terms_of(first, a_deal(partner=a_partner(level="gold")), at=ACCEPTED)
    deal = a_deal(terms=terms)

    assert (terms.plan, terms.version, terms.partner_level) == ("tiny", 1, "gold")
    assert (terms.digest, terms.stamped_at) == (first.digest, ACCEPTED)
    assert assess(first, deal, at=LATER).stamped is True
    assert assess(second, a_deal(), at=LATER).stamped is False
    assert plan_for(deal, [second, first]) is first
    with pytest.raises(TermsMismatchError) as caught:
        assess(second, deal, at=LATER)
    assert str(caught.value) == (
        "deal `o-1` was accepted on fee plan `tiny@1`, and `tiny@2` was given."
        " Assess it by `tiny@1`; plan_for() chooses it."
    )


def test_a_plan_that_was_changed_in_place_is_refused() -> None:
    """The same version with another rate is not the plan that the deal was accepted on."""
    terms = terms_of(tiny_bound(), a_deal(), at=ACCEPTED)
    reworded = tiny_bound('base = "acv"\nrate = 0.01')

    with pytest.raises(TermsMismatchError, match="that plan reads otherwise now"):
        assess(reworded, a_deal(terms=terms), at=LATER)


def test_a_stamp_may_name_the_plan_alone() -> None:
    """Where version and digest were not recorded, the plan's id is enough."""
    deal = a_deal(terms={"plan": "tiny"})

    assert assess(tiny_bound(), deal, at=LATER).stamped is True
    with pytest.raises(TermsMismatchError, match="`tiny`"):
        assess(example_plan(), deal, at=LATER)


def test_the_plan_that_a_deal_goes_by() -> None:
    """The stamped version; else the latest of the partner's own plan; else the program's."""
    program, old = example_plan(), tiny_bound()
    new = bind_plan(tiny_plan().model_copy(update={"version": 2}))
    plans = [program, old, new]
    own = a_partner(fee_plan="tiny")

    assert plan_for(a_deal(), plans) is program
    assert plan_for(a_deal(partner=own), plans) is new
    assert plan_for(a_deal(partner=own, terms={"plan": "tiny", "version": 1}), plans) is old
    assert plan_for(Record(id="r-1"), plans) is program


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        pytest.param(
            {"terms": {"plan": "tiny", "version": 3}},
            "there is no fee plan `tiny@3`",
            id="an unknown version",
        ),
        pytest.param(
            {"partner": a_partner(fee_plan="special")},
            "there is no fee plan `special`",
            id="an unknown plan of the partner's own",
        ),
    ],
)
def test_a_plan_that_is_not_given_is_named(changes: dict[str, Any], problem: str) -> None:
    """A deal is not assessed by another plan instead (MK-46)."""
    with pytest.raises(UnknownNameError) as caught:
        plan_for(a_deal(**changes), [tiny_bound()])

    assert caught.value.problem == problem


def test_without_plans_there_is_none_to_go_by() -> None:
    """A program without a plan is named as such."""
    with pytest.raises(UnknownNameError, match="None is defined"):
        plan_for(a_deal(), [])


# --- Words ----------------------------------------------------------------------------------------

SAID = """\
Fees of o-1 by make_example@1, as of 2026-09-01
An example: the rates are made up, as no source publishes any.

Lead sourcing: 6000.00 USD to acme (not eligible)
  eligible: no
    no partner contract in place: contract missing. \
Sign the partner contract before the next registration is accepted. [MK-32, MK-34]
  earned: no
    lead not sourced by the partner. \
Record which stakeholders the partner introduced, and the registration. [MK-2, MK-35]
  payable: no
    customer invoice unpaid. Wait until the customer has paid the invoice. [MK-33]
  paid: no, as it is not eligible
  amount:
    acv: 120000.00 USD
    5 % of 120000.00 USD: 6000.00 USD
    rounded half up: 6000.00 USD

Co-selling: 13400.00 USD to acme (not eligible)
  eligible: no
    no partner contract in place: contract missing. \
Sign the partner contract before the next registration is accepted. [MK-32, MK-34]
  earned: no, as it is not eligible
"""


def test_an_assessment_is_explained() -> None:
    """Every line says who gets how much, each truth with reasons and rules, and each step."""
    assessment = assess(example_plan(), a_deal(partner=a_partner(contracts=())), at=LATER)

    assert assessment.explain().startswith(SAID)


def test_what_is_not_known_is_said() -> None:
    """Without a payee or a base the line says so, and no total counts it."""
    deal = a_deal(acv=None, partner=a_partner(id=None), invoice_paid_at=PAID)

    assessment = assess(tiny_bound(), deal, at=LATER)
    line = assessment.line("referral")

    assert line.explain() == (
        "referral: amount not known to a payee that is not recorded (payable, not paid)\n"
        "  eligible: yes since 2026-05-08\n"
        "  earned: yes since 2026-06-20\n"
        "  payable: yes since 2026-07-15\n"
        "  paid: no\n"
        "    not paid out yet. Pay what is payable, and write down that it was paid.\n"
        "  amount:\n"
        "    `acv` is not recorded. Record `acv`."
    )
    assert (line.payee, line.fee_id, line.amount) == (None, None, None)
    assert assessment.total("payable") == {}
    assert entries_due(assessment, ()) == ()
    assert differences(assessment, ()) == ()


def test_days_are_said_in_the_zone_of_the_plan() -> None:
    """A payment late in the evening is one of the next day where the plan is at home."""
    deal = a_deal(invoice_paid_at="2026-07-15T23:30:00Z")
    at = noon("2026-08-31").replace(hour=23)

    assessment = assess(tiny_bound(zone="Europe/Prague"), deal, at=at)

    assert assessment.explain().startswith("Fees of o-1 by tiny@1, as of 2026-09-01\n\n")
    assert "payable: yes since 2026-07-16" in assessment.explain()
    assert assessment.at == at


def test_totals_by_truth_and_currency() -> None:
    """What is eligible, earned and payable is added up, each on its own."""
    assessment = assess(example_plan(), a_deal(invoice_paid_at=PAID), at=LATER)

    assert {name.value: assessment.total(name) for name in TruthName} == {
        "eligible": {"USD": usd("20900.00")},
        "earned": {"USD": usd("13400.00")},
        "payable": {"USD": usd("13400.00")},
        "paid": {},
    }


def test_a_name_that_is_none_is_refused() -> None:
    """An activity or a truth that does not exist is an error with a remedy."""
    assessment = assess(example_plan(), a_deal(), at=LATER)

    with pytest.raises(UnknownNameError, match="Did you mean `co_selling`"):
        assessment.line("coselling")
    with pytest.raises(ValueError, match="owed"):
        assessment.total("owed")


def test_plain_values_are_json() -> None:
    """An assessment can be written as JSON, with every reason, step and citation."""
    deal = a_deal(partner=a_partner(contracts=()))
    ledger = [an_entry(kind, "5") for kind in list(EntryKind)[:3]]

    plain = assess(tiny_bound(), deal, at=LATER, account=account_of(ledger)).as_dict()
    (line,) = plain["lines"]

    assert json.loads(json.dumps(plain)) == plain
    assert (line["amount"], line["paid_so_far"]) == ("12000.00 USD", "5.00 USD")
    assert line["truths"]["earned"]["since"] == "2026-06-20T12:00:00+00:00"
    assert line["truths"]["payable"]["reasons"] == [
        {"text": "customer invoice unpaid", "remedy": "Wait for the payment.", "cites": []}
    ]
    assert line["steps"][1] == "10 % of 120000.00 USD: 12000.00 USD"
    assert line["problem"] is None
    empty = assess(tiny_bound(), a_deal(acv=None), at=LATER).as_dict()["lines"][0]
    assert (empty["amount"], empty["paid_so_far"]) == (None, None)


def test_an_assessment_can_be_kept_and_sent() -> None:
    """It is frozen, pickles and has a hash, as hosts with worker processes need."""
    assessment = assess(example_plan(), a_deal(), at=LATER)

    again = pickle.loads(pickle.dumps(assessment))  # noqa: S301 - our own bytes
    assert (again, hash(again)) == (assessment, hash(assessment))
    with pytest.raises(AttributeError):
        assessment.plan = "other"  # type: ignore[misc]  # it is frozen


def test_an_assessment_is_a_table_too() -> None:
    """Each line is a row of text: amounts, the four truths in words, and why not."""
    first, *_ = assess(example_plan(), a_deal(), at=LATER).as_rows()[1:]
    assert first == {
        "activity": "Co-selling",
        "occasion": "",
        "payee": "acme",
        "amount": "13400.00 USD",
        "payable_amount": "13400.00 USD",
        "paid_so_far": "",
        "eligible": "yes",
        "earned": "yes",
        "payable": "no",
        "paid": "no",
        "reasons": "customer invoice unpaid",
    }
