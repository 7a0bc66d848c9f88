"""Fees on a desk: written in the commit that brings them about, once, and never lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, timedelta
from typing import Any

import pytest

from cosell import Lead, Money, Opportunity, Rates, bind, parse_process
from cosell.desk import AmbiguousProcessError, AsyncDesk, Desk
from cosell.desk.served import NoLedgerError
from cosell.engine import open_record, verify_seals
from cosell.engine.accounting import account_for
from cosell.errors import (
    DefinitionError,
    EditRefusedError,
    KeyReusedError,
    NaiveDatetimeError,
    OutOfOrderError,
    RecordNotFoundError,
    UnknownNameError,
)
from cosell.events import Actor, EntryKind, EventKind
from cosell.fees import EntryRefusedError, TermsMismatchError, account_of, bind_plan
from cosell.stores import EntryExistsError
from desk_kit import Around, Meeting, at_once
from fee_plan_samples import CLAWBACK, RATE, a_plan, payment
from fee_samples import ACCEPTED, LATER, PAID, WON, noon, tiny_bound, tiny_plan, usd
from paid_samples import (
    DAY,
    FEE,
    PARTNER,
    SELLER,
    STRANGER,
    a_desk,
    an_offer,
    paid_for,
    paid_process,
    said,
    won,
)

Of = Callable[..., Any]


def wire(desk: Any, amount: str, **named: Any) -> Any:
    asked = {"actor": SELLER, "at": PAID + DAY, "cause": "wire-1", **named}
    return desk.record_payment("o-1", FEE, usd(amount), **asked)


class TestWhatIsDue:
    """Rules 1 to 3 of ``cosell.desk.fees_due``."""

    def test_entries_are_written_with_what_brings_them_about(self, desk_of: Of, store: Any) -> None:
        """Winning earns the fee, the payment makes it payable; each in its commit (MK-33)."""
        desk = a_desk(desk_of, store)

        first, second = won(desk), paid_for(desk)

        assert said(first.entries) == ["earned 12000.00 USD"]
        assert said(second.entries) == ["payable 12000.00 USD"]
        assert [entry.at for entry in store.entries()] == [WON, PAID]
        assert list(store.entries(record_id="o-1")) == [*first.entries, *second.entries]

    def test_nothing_is_written_twice(self, desk_of: Of, store: Any) -> None:
        """Whatever else happens, an entry is written once; a key gives the first answer again."""
        desk = a_desk(desk_of, store)
        won(desk)
        asked = {"actor": SELLER, "at": PAID, "key": "k-1"}
        first = desk.change("o-1", {"invoice_paid_at": PAID}, **asked)
        again = desk.change("o-1", {"invoice_paid_at": PAID}, **asked)
        other = desk.change("o-1", {"name": "Deal"}, actor=SELLER, at=LATER)

        assert (again.repeated, again.entries) == (True, first.entries)
        assert other.entries == ()
        assert len(store.entries()) == 2

    def test_a_held_fee_is_ticked_and_dated_so(self, desk_of: Of, store: Any) -> None:
        """A hold of 30 days ends by time alone: the tick writes it, dated at its end (BX-25)."""
        desk = a_desk(desk_of, store, tiny_bound(hold_days=30))
        won(desk)
        paid_for(desk)
        ends = noon("2026-08-14") - timedelta(hours=12)  # days are held, not hours

        early = desk.tick(at=ends - timedelta(seconds=1))
        late = desk.tick(at=ends + 20 * DAY)
        again = desk.tick(at=ends + 21 * DAY)

        assert (early.answers, again.answers) == ((), ())
        assert said(late.answers[0].entries) == ["payable 12000.00 USD"]
        assert late.answers[0].entries[0].at == ends
        assert late.answers[0].events == ()

    def test_a_clawback_to_come_is_ticked_and_dated_so(self, desk_of: Of, store: Any) -> None:
        """Fees that are taken back on a day to come are so by time alone (BX-26)."""
        gone = noon("2026-08-20")
        desk = a_desk(desk_of, store, a_plan(end=CLAWBACK))
        won(desk)
        paid_for(desk)
        desk.change("o-1", {"closed_at": gone}, actor=SELLER, at=PAID)

        early = desk.tick(at=gone - timedelta(seconds=1))
        late = desk.tick(at=gone + 20 * DAY)
        again = desk.tick(at=gone + 21 * DAY)

        assert (early.answers, again.answers) == ((), ())
        assert said(late.answers[0].entries) == ["voided -12000.00 USD"]
        assert late.answers[0].entries[0].at == gone

    def test_an_adopted_deal_brings_its_fees(self, desk_of: Of, store: Any) -> None:
        """A deal that was won before cosell came has what it earned written at once."""
        desk = a_desk(desk_of, store)
        deal = an_offer(accepted_at=ACCEPTED, won_at=WON)

        adopted = desk.adopt(deal, stage="won", actor=SELLER, at=LATER)

        assert said(adopted.entries) == ["earned 12000.00 USD"]

    def test_without_a_plan_about_the_record_nothing_is_asked(
        self, desk_of: Of, store: Any
    ) -> None:
        """A desk without fee plans, or with those of another model, keeps no ledger."""

        class NoLedger(Around):
            def entries(self, **asked: Any) -> Any:
                raise AssertionError(asked)

        leads = bind(parse_process(_LEADS), record=Lead)
        desk = desk_of([leads], NoLedger(store), fee_plans=[tiny_bound()])

        assert desk.open(Lead(id="l-1"), actor=SELLER, at=WON).entries == ()

    def test_a_plan_that_cannot_assess_stops_no_move(self, desk_of: Of, store: Any) -> None:
        """The move is made, the answer says what is wrong, and every tick tries again."""
        own = {"partner": {"id": "acme", "fee_plan": "theirs"}}
        answer = won(a_desk(desk_of, store), **own)
        ticked = a_desk(desk_of, store).tick(at=PAID)
        theirs = bind_plan(tiny_plan().model_copy(update={"id": "theirs"}))
        mended = a_desk(desk_of, store, tiny_bound(), theirs).tick(at=PAID)
        after = a_desk(desk_of, store, tiny_bound(), theirs).tick(at=PAID)

        assert answer.record.stage == "won"
        assert "there is no fee plan `theirs`" in answer.fee_problem
        assert [each.fee_problem for each in ticked.answers] == [answer.fee_problem]
        assert said(mended.answers[0].entries) == ["earned 12000.00 USD"]
        assert (mended.answers[0].fee_problem, after.answers) == (None, ())

    def test_the_problem_is_told_again_under_the_key(self, desk_of: Of, store: Any) -> None:
        """Whoever repeats a command hears of the fees what was said first."""
        desk = a_desk(desk_of, store)
        deal = an_offer(partner={"id": "acme", "fee_plan": "theirs"})

        first, again = (desk.open(deal, actor=SELLER, at=WON, key="k") for _ in range(2))

        assert again.repeated
        assert again.fee_problem == first.fee_problem is not None

    def test_two_versions_of_one_name_are_refused(self, desk_of: Of, store: Any) -> None:
        """A version of a plan is given once."""
        with pytest.raises(DefinitionError, match="fee plan is given twice"):
            a_desk(desk_of, store, tiny_bound(), tiny_bound(hold_days=3))


_LEADS = """
id = "leads"
version = 1
record = "Lead"
initial = "fresh"
roles = { seller = "Seller" }
stages = [{ id = "fresh" }, { id = "over", kind = "closed" }]
transitions = [{ trigger = "end", source = "fresh", target = "over", roles = ["seller"] }]
"""


class TestRates:
    """An amount in another currency needs a dated rate (BX-30)."""

    PLAN = tiny_bound('base = "acv"\nrate = 0.10\ncap = "900000 USD"')
    RATES = Rates.of(("EUR", "USD", "2026-06-20", "1.10"))

    def test_without_a_rate_nothing_is_written_and_nothing_lost(
        self, desk_of: Of, store: Any
    ) -> None:
        """The fee is written as soon as the rate is given, dated as it was earned."""
        desk = a_desk(desk_of, store, self.PLAN)
        answer = won(desk, acv="100000 EUR")

        settled = desk.settle_fees("o-1", actor=SELLER, at=LATER, rates=self.RATES)
        again = desk.settle_fees("o-1", actor=SELLER, at=LATER, rates=self.RATES)

        assert answer.entries == again.entries == ()
        assert said(settled.entries) == ["earned 11000.00 USD"]
        assert (settled.entries[0].at, settled.events) == (WON, ())

    def test_a_host_may_keep_rates(self, desk_of: Of, store: Any) -> None:
        """`rates_for` gives them where the command brings none."""
        desk = a_desk(desk_of, store, self.PLAN, rates_for=lambda _: self.RATES)

        assert said(won(desk, acv="100000 EUR").entries) == ["earned 11000.00 USD"]

    def test_rates_that_cannot_be_had_stop_no_move(self, desk_of: Of, store: Any) -> None:
        """What the host's function raises is told with the answer."""

        def broken(record_id: str) -> Rates:
            raise OSError(record_id)

        answer = won(a_desk(desk_of, store, self.PLAN, rates_for=broken))

        assert "the rates for record `o-1` cannot be had: OSError: o-1" in answer.fee_problem


class TestTerms:
    """The transition that accepts stamps the terms in force (BX-20)."""

    def test_the_terms_are_stamped(self, desk_of: Of, store: Any) -> None:
        """Plan, version and digest are those of the desk, at the moment of acceptance."""
        desk = a_desk(desk_of, store)
        won(desk)

        terms = desk.load("o-1").terms

        plan = tiny_bound()
        assert (terms.plan, terms.version, terms.digest) == ("tiny", 1, plan.digest)
        assert terms.stamped_at == ACCEPTED
        verify_seals(store.history("o-1"))

    @pytest.mark.parametrize(
        "data",
        [
            pytest.param({"terms": {"plan": "tiny", "version": 1}}, id="given as a whole"),
            pytest.param({"terms.plan": "tiny"}, id="given in part"),
        ],
    )
    def test_given_terms_stay(self, desk_of: Of, store: Any, data: dict[str, Any]) -> None:
        """What the caller gives is not replaced."""
        desk = a_desk(desk_of, store)
        desk.open(an_offer(), actor=SELLER, at=ACCEPTED)
        if "terms" in data:
            desk.move("o-1", "accept", actor=SELLER, at=ACCEPTED, data=data)
            assert desk.load("o-1").terms.stamped_at is None
        else:
            with pytest.raises(Exception, match=r"terms\.plan"):
                desk.move("o-1", "accept", actor=SELLER, at=ACCEPTED, data=data)

    def test_a_later_rate_never_touches_them(self, desk_of: Of, store: Any) -> None:
        """A deal goes on by its version, and the next one by the later (BX-20)."""
        later = bind_plan(
            tiny_plan('base = "acv"\nrate = 0.50').model_copy(
                update={"version": 2, "valid_from": date(2026, 6, 1)}
            )
        )
        won_before = a_desk(desk_of, store)
        won_before.open(an_offer(), actor=SELLER, at=ACCEPTED)
        won_before.move("o-1", "accept", actor=SELLER, at=ACCEPTED)
        desk = a_desk(desk_of, store, tiny_bound(), later)
        first = desk.move("o-1", "win", actor=SELLER, at=LATER)
        desk.open(an_offer("o-2"), actor=SELLER, at=LATER)
        desk.move("o-2", "accept", actor=SELLER, at=LATER)
        second = desk.move("o-2", "win", actor=SELLER, at=LATER)

        assert said(first.entries + second.entries) == [
            "earned 12000.00 USD",
            "earned 60000.00 USD",
        ]
        assert desk.load("o-2").terms.version == 2

    def test_another_wording_is_told(self, desk_of: Of, store: Any) -> None:
        """A plan that reads otherwise under the same version is a problem, not another amount."""
        won(a_desk(desk_of, store))
        changed = bind_plan(tiny_plan('flat = "1 USD"'))
        desk = a_desk(desk_of, store, changed)

        assert "that plan reads otherwise now" in paid_for(desk).fee_problem
        with pytest.raises(TermsMismatchError):
            desk.assess("o-1", at=LATER)

    def test_without_plans_nothing_is_stamped(self, desk_of: Of, store: Any) -> None:
        """A desk without fee plans leaves the input as it is."""
        desk = desk_of([paid_process()], store)

        assert won(desk).record.terms.plan is None


class TestEntriesOfPeople:
    """Rules of ``cosell.desk.entering``."""

    def test_a_payment_leaves_an_event(self, desk_of: Of, store: Any) -> None:
        """The entry is in the ledger, who wrote it and why in the history; the fields stay."""
        desk = a_desk(desk_of, store)
        won(desk)
        before = paid_for(desk).record

        answer = wire(desk, "12000", reason="June run")

        event = answer.events[-1]
        assert said(answer.entries) == ["paid 12000.00 USD"]
        assert (event.kind, event.changes, event.actor) == (EventKind.ACCOUNTED, {}, SELLER)
        assert event.reason == f"paid 12000.00 USD for {FEE}, cause wire-1: June run"
        assert answer.record.version == before.version + 1
        assert answer.record.trail == before.trail
        assert desk.account("acme").balance("acme", "USD") == usd(0)
        assert bool(desk.assess("o-1", at=LATER).line("referral").paid)

    def test_what_is_due_comes_first(self, desk_of: Of, store: Any) -> None:
        """A held fee that nobody ticked is made payable by the command that pays it."""
        desk = a_desk(desk_of, store, tiny_bound(hold_days=30))
        won(desk)
        paid_for(desk)

        answer = wire(desk, "12000", at=PAID + 40 * DAY)

        assert said(answer.entries) == ["payable 12000.00 USD", "paid 12000.00 USD"]

    def test_after_an_adjustment_the_rest_follows(self, desk_of: Of, store: Any) -> None:
        """What came out otherwise is due again once a person has adjusted it."""
        desk = a_desk(desk_of, store)
        won(desk)
        desk.change("o-1", {"acv": "100000 USD", "invoice_paid_at": PAID}, actor=SELLER, at=PAID)

        asked = {"actor": SELLER, "at": LATER, "cause": "review", "reason": "Smaller contract."}
        answer = desk.adjust("o-1", FEE, usd(-2000), **asked)

        assert said(answer.entries) == ["adjusted -2000.00 USD", "payable 10000.00 USD"]

    def test_parts_disputes_and_clawbacks(self, desk_of: Of, store: Any) -> None:
        """Paid in parts, disputed, settled, taken back: each by its own command (BX-26, BX-31)."""
        desk = a_desk(desk_of, store)
        won(desk)
        paid_for(desk)
        say = {"actor": SELLER, "reason": "Because."}
        wire(desk, "2000")
        desk.dispute("o-1", FEE, at=PAID + DAY, cause="mail-1", **say)
        with pytest.raises(EntryRefusedError, match="`paid` may not follow `disputed`"):
            wire(desk, "10000", cause="wire-2")
        desk.settle_dispute("o-1", FEE, usd(500), at=PAID + DAY, cause="ruling", **say)
        wire(desk, "10500", cause="wire-2")
        desk.claw_back("o-1", FEE, usd(-12500), at=LATER, cause="refund", **say)

        assert said(store.entries())[2:] == [
            "paid 2000.00 USD",
            "disputed 0.00 USD",
            "adjusted 500.00 USD",
            "paid 10500.00 USD",
            "clawed_back -12500.00 USD",
        ]
        assert desk.account("acme").balance("acme", "USD") == usd(-12500)

    def test_a_void_takes_everything(self, desk_of: Of, store: Any) -> None:
        """What was not paid is cancelled whole, and nothing comes after it."""
        desk = a_desk(desk_of, store)
        won(desk)

        answer = desk.void("o-1", FEE, actor=SELLER, at=PAID, cause="x", reason="Mistake.")

        assert said(answer.entries) == ["voided -12000.00 USD"]
        assert paid_for(desk, key="k").entries == ()
        with pytest.raises(EntryRefusedError, match="at its end"):
            wire(desk, "1")

    def test_a_dispute_may_be_settled_as_it_stands(self, desk_of: Of, store: Any) -> None:
        """Without an amount the fee stands, and goes on."""
        desk = a_desk(desk_of, store)
        won(desk)
        say = {"actor": SELLER, "at": WON, "reason": "Because."}
        desk.dispute("o-1", FEE, cause="mail-1", **say)

        assert paid_for(desk).entries == ()
        answer = desk.settle_dispute("o-1", FEE, cause="ruling", **{**say, "at": LATER})
        assert said(answer.entries) == ["adjusted 0.00 USD", "payable 12000.00 USD"]

    def test_keys_and_causes(self, desk_of: Of, store: Any) -> None:
        """A key repeats the answer, another command under it is refused; a cause counts once."""
        desk = a_desk(desk_of, store)
        won(desk)
        paid_for(desk)
        first = wire(desk, "2000", key="k-1")

        assert wire(desk, "2000", key="k-1").entries == first.entries
        with pytest.raises(KeyReusedError):
            wire(desk, "3000", key="k-1")
        with pytest.raises(EntryExistsError):
            wire(desk, "2000")

    @pytest.mark.parametrize(
        ("changes", "error"),
        [
            pytest.param({"fee_id": "o-1|tiny|referral|other"}, UnknownNameError, id="no such fee"),
            pytest.param({"record_id": "o-9"}, RecordNotFoundError, id="no such record"),
            pytest.param({"amount": None}, EntryRefusedError, id="a payment without an amount"),
            pytest.param({"amount": Money.parse("5 EUR")}, EntryRefusedError, id="other currency"),
            pytest.param({"at": PAID.replace(tzinfo=None)}, NaiveDatetimeError, id="no zone"),
            pytest.param({"at": ACCEPTED}, OutOfOrderError, id="before the last event"),
            pytest.param(
                {"actor": Actor("d", role="seller", on_behalf_of="s-1")},
                (EditRefusedError, RecordNotFoundError),
                id="a deputy without a deputyship",
            ),
        ],
    )
    def test_what_is_refused_writes_nothing(
        self, desk_of: Of, store: Any, changes: dict[str, Any], error: Any
    ) -> None:
        """Neither an entry nor an event comes of a refused command."""
        desk = a_desk(desk_of, store)
        won(desk)
        paid_for(desk)
        count = len(store.history("o-1"))
        asked = {
            "record_id": "o-1",
            "fee_id": FEE,
            "kind": EntryKind.PAID,
            "amount": usd(1),
            "actor": SELLER,
            "at": LATER,
            "cause": "wire",
            **changes,
        }

        with pytest.raises(error):
            desk.write_entry(**asked)

        assert (len(store.entries()), len(store.history("o-1"))) == (2, count)

    @pytest.mark.parametrize(
        ("first", "second", "said"),
        [
            pytest.param("12000", "12000", "0.00 USD that are owed", id="all of it twice"),
            pytest.param("2000", "10000.01", "10000.00 USD that are owed", id="more than the rest"),
            pytest.param("2000", "0.001", "USD has 2 decimal places", id="less than a cent"),
        ],
    )
    def test_nothing_is_paid_twice(
        self, desk_of: Of, store: Any, first: str, second: str, said: str
    ) -> None:
        """Another cause is another payment, and takes no more than is left of the fee (BX-26)."""
        desk = a_desk(desk_of, store)
        won(desk)
        paid_for(desk)
        wire(desk, first)

        with pytest.raises(EntryRefusedError, match=said):
            wire(desk, second, cause="wire-2")

        assert len(store.entries()) == 3

    def test_what_is_disputed_is_not_to_be_paid_out(self, desk_of: Of, store: Any) -> None:
        """The balance has it, payout and what is due have not, until it is settled (BX-31)."""
        desk = a_desk(desk_of, store)
        won(desk)
        paid_for(desk)
        say = {"actor": SELLER, "reason": "Because."}

        def owed() -> tuple[Money, ...]:
            account, (found,) = desk.account("acme"), desk.statements(date(2026, 8, 1))
            return account.balance("acme", "USD"), account.due_to("acme", "USD"), found.payout

        desk.dispute("o-1", FEE, at=PAID + DAY, cause="mail-1", **say)
        during = owed()
        desk.settle_dispute("o-1", FEE, usd(500), at=PAID + DAY, cause="ruling", **say)

        assert (during, owed()) == ((usd(12000), usd(0), usd(0)), (usd(12500),) * 3)

    def test_a_partner_disputes_its_own_fee_alone(self, desk_of: Of, store: Any) -> None:
        """Who sees a part of the record objects to its own fee; outsiders see no record."""
        desk = a_desk(desk_of, store)
        won(desk)
        say = {"at": LATER, "cause": "mail", "reason": "Too little."}

        with pytest.raises(EditRefusedError, match="you may dispute a fee"):
            desk.void("o-1", FEE, actor=PARTNER, **say)
        with pytest.raises(RecordNotFoundError):
            desk.dispute("o-1", FEE, actor=STRANGER, **say)
        with pytest.raises(RecordNotFoundError):
            desk.assess("o-1", at=LATER, actor=STRANGER)
        with pytest.raises(EditRefusedError, match="not shown to you"):
            desk.assess("o-1", at=LATER, actor=PARTNER)
        assert said(desk.dispute("o-1", FEE, actor=PARTNER, **say).entries) == ["disputed 0.00 USD"]
        assert desk.assess("o-1", at=LATER, actor=SELLER).line("referral").fee_id == FEE

    def test_another_payees_fee_does_not_exist_for_a_partner(self, desk_of: Of, store: Any) -> None:
        """Of a fee that is split a partner hears of its own share alone (BX-23)."""
        split = a_plan(end='[split]\nof = "fee_shares"\nshares = { sourced = 0.5 }\n')
        shares = [{"party": "acme", "share": "0.5"}, {"party": "beta", "share": "0.5"}]
        desk = a_desk(desk_of, store, split)
        won(desk, fee_shares=shares)
        say = {"at": LATER, "cause": "mail", "reason": "Too much."}

        with pytest.raises(UnknownNameError) as caught:
            desk.dispute("o-1", "o-1|tiny|referral|beta", actor=PARTNER, **say)

        assert caught.value.known == (FEE,)

    def test_a_ledger_without_plans_can_be_kept_up(self, desk_of: Of, store: Any) -> None:
        """Fees that were written before can be paid by a desk without a plan."""
        won(a_desk(desk_of, store))
        paid_for(a_desk(desk_of, store))
        desk = desk_of([paid_process()], store)

        assert said(wire(desk, "12000").entries) == ["paid 12000.00 USD"]
        with pytest.raises(UnknownNameError, match="fee plan about"):
            desk.assess("o-1", at=LATER)
        with pytest.raises(UnknownNameError):
            desk.statements(date(2026, 8, 1))


def test_statements_come_of_the_ledger(desk_of: Of, store: Any) -> None:
    """Each payee gets its statement by the periods of the plan; the next one follows on it."""
    desk = a_desk(desk_of, store)
    won(desk)
    paid_for(desk)
    won(desk, "o-2", partner={"id": "beta"})

    third = desk.statements(date(2026, 8, 1))
    fourth = desk.statements(date(2026, 10, 1), previous=third, zone=UTC)

    assert [(each.payee, each.payout) for each in third] == [
        ("acme", usd(12000)),
        ("beta", usd(0)),
    ]
    assert [each.opening for each in fourth] == [usd(12000), usd(0)]
    assert [each.payee for each in desk.statements(date(2026, 8, 1), payee="beta")] == ["beta"]


class TestMerges:
    """One deal earns one fee, whatever was written before it was found out (BX-1)."""

    def merged(self, desk: Any, duplicate: str = "o-2", survivor: str = "o-1") -> Any:
        return desk.merge(survivor, duplicate, actor=SELLER, at=LATER, reason="One deal.")

    def test_an_unpaid_fee_of_the_duplicate_is_voided(self, desk_of: Of, store: Any) -> None:
        """What the duplicate earned is voided in the commit that ends it."""
        desk = a_desk(desk_of, store)
        won(desk)
        won(desk, "o-2")

        merged = self.merged(desk)

        assert said(merged.duplicate.entries) == ["voided -12000.00 USD"]
        assert merged.survivor.entries == ()
        assert self.merged(desk).repeated
        assert account_of(store.entries()).fees[FEE].earned == usd(12000)

    def test_what_was_paid_for_both_is_clawed_back(self, desk_of: Of, store: Any) -> None:
        """Where both have a fee, that of the duplicate is taken back."""
        desk = a_desk(desk_of, store)
        for each in ("o-1", "o-2"):
            won(desk, each)
            paid_for(desk, each)
        fee = FEE.replace("o-1", "o-2")
        asked = {"actor": SELLER, "at": PAID, "cause": "wire-2"}
        desk.record_payment("o-2", fee, usd(12000), **asked)

        assert said(self.merged(desk).duplicate.entries) == ["clawed_back -12000.00 USD"]

    def test_what_was_paid_for_the_duplicate_counts(self, desk_of: Of, store: Any) -> None:
        """The survivor earns nothing twice, though it has no fee of its own; so over two steps."""
        desk = a_desk(desk_of, store)
        won(desk, "o-2")
        paid_for(desk, "o-2")
        fee = FEE.replace("o-1", "o-2")
        asked = {"actor": SELLER, "at": PAID, "cause": "wire-2"}
        desk.record_payment("o-2", fee, usd(12000), **asked)
        for each in ("o-1", "o-3"):
            desk.open(an_offer(each), actor=SELLER, at=PAID)
        self.merged(desk, survivor="o-3")
        self.merged(desk, duplicate="o-3")
        desk.move("o-1", "accept", actor=SELLER, at=LATER)
        answer = desk.move("o-1", "win", actor=SELLER, at=LATER)
        last = desk.change("o-1", {"invoice_paid_at": LATER}, actor=SELLER, at=LATER)

        assert (answer.entries, last.entries) == ((), ())
        assert bool(desk.assess("o-1", at=LATER).line("referral").paid)


class TestCapsOfAPeriod:
    """Rule 5 of ``cosell.desk.fees_due`` (BX-22)."""

    CAPPED = a_plan(RATE + '\nperiod_cap = "15000 USD"')

    def test_the_payees_ledger_leaves_room(self, desk_of: Of, store: Any) -> None:
        """What became payable for another deal in the period takes room."""
        desk = a_desk(desk_of, store, self.CAPPED)
        won(desk)
        won(desk, "o-2")

        first, second = paid_for(desk), paid_for(desk, "o-2")

        assert said(first.entries + second.entries) == [
            "payable 12000.00 USD",
            "payable 3000.00 USD",
        ]

    def test_two_occasions_of_one_deal_share_the_room(self, desk_of: Of, store: Any) -> None:
        """Two payments that become payable with one command stay below the cap together."""
        each = '[activities.each]\nof = "payments"\nat = "booked_at"\n'
        amount = 'base = "amount"\nrate = 0.20\nperiod_cap = "300 USD"'
        plan = a_plan(amount, end=each)
        desk = a_desk(desk_of, store, plan)
        won(desk)
        payments = [payment("i-1", "2026-07-20"), payment("i-2", "2026-07-21")]
        data = {"invoice_paid_at": PAID, "payments": payments}

        answer = desk.change("o-1", data, actor=SELLER, at=LATER)

        payable = [each for each in answer.entries if each.kind is EntryKind.PAYABLE]
        assert [each.amount for each in payable] == [usd(200), usd(100)]

    def test_two_deals_at_once_stay_below_it(self, store: Any, desk_of: Of) -> None:
        """Of two that want the same room the later decides anew."""
        quiet = a_desk(desk_of, store, self.CAPPED)
        won(quiet)
        won(quiet, "o-2")
        desk = a_desk(desk_of, Meeting(store), self.CAPPED)

        at_once(lambda: paid_for(desk), lambda: paid_for(desk, "o-2"))

        payable = [e.amount for e in store.entries() if e.kind is EntryKind.PAYABLE]
        assert sorted(payable) == [usd(3000), usd(12000)]


def test_two_at_once_write_nothing_twice(store: Any, desk_of: Of) -> None:
    """Two ticks that find the same fee due write it once, and neither fails."""
    held = tiny_bound(hold_days=30)
    quiet = a_desk(desk_of, store, held)
    won(quiet)
    paid_for(quiet)
    desk = a_desk(desk_of, Meeting(store), held)

    ticks = at_once(*[lambda: desk.tick(at=PAID + 40 * DAY)] * 2)

    assert [each.failed for each in ticks] == [(), ()]
    assert said(store.entries()) == ["earned 12000.00 USD", "payable 12000.00 USD"]


def test_two_payments_at_once_of_one_cause_are_one(store: Any, desk_of: Of) -> None:
    """One is written; the other hears that it was, and nothing is paid twice."""
    quiet = a_desk(desk_of, store)
    won(quiet)
    paid_for(quiet)
    desk = a_desk(desk_of, Meeting(store))

    outcomes = at_once(*[lambda: wire(desk, "12000")] * 2)

    assert sum(isinstance(each, EntryExistsError) for each in outcomes) == 1
    assert said(store.entries())[2:] == ["paid 12000.00 USD"]


def test_a_deputy_writes_while_it_is_one() -> None:
    """An entry of a deputy whose time is over is refused, as any other command."""
    process = bind(parse_process(_LEADS), record=Lead)
    lead = open_record(process, Lead(id="l-1"), actor=SELLER, at=WON).record
    until = {"deputy_from": WON, "deputy_until": PAID}
    deputy = Actor("d-1", role="seller", on_behalf_of="s-1", **until)

    done = account_for(process, lead, actor=deputy, at=PAID - DAY, reason="paid 1 USD")
    with pytest.raises(EditRefusedError):
        account_for(process, lead, actor=deputy, at=PAID, reason="paid 1 USD")

    assert (done.event.kind, done.record.version) == (EventKind.ACCOUNTED, 2)


def test_a_desk_says_that_it_serves_several(desk_of: Of, store: Any) -> None:
    """Fee plans change nothing about which process a record enters."""
    other = bind(parse_process(_LEADS.replace("Lead", "Opportunity")), record=Opportunity)
    desk = desk_of([paid_process(), other], store, fee_plans=[tiny_bound()])

    with pytest.raises(AmbiguousProcessError):
        desk.open(an_offer(), actor=SELLER, at=noon("2026-01-01"))


class WithoutLedger:
    """A store that keeps records, and no entries."""

    load = commit = staticmethod(print)


def test_fee_plans_want_a_store_that_keeps_entries() -> None:
    """The desk says so when it is built, and not at the first move."""
    store: Any = WithoutLedger()
    for kind in (Desk, AsyncDesk):
        with pytest.raises(NoLedgerError, match="`WithoutLedger` keeps no fee entries"):
            kind([paid_process()], store, fee_plans=[tiny_bound()])
        assert kind([paid_process()], store).served.plans == ()
