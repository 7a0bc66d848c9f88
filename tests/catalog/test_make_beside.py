"""What happens beside the stages of `make`: assets, touches, activities, fees, and the guidance."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from cosell.engine import Applied, Outcome, apply, decide, open_record, read_clocks, settle
from cosell.events import Actor
from cosell.models import Opportunity
from make_deals import AE, DAY, NOW, PARTNER, PROSPECT, SUCCESS, TEAM, deal, make, unveiled

FORM: Final = {"registration.channel": "website_form"}


def advice(record: Opportunity, trigger: str, actor: Actor, **data: Any) -> list[str]:
    """Return the ids of what is advised where the move is permitted."""
    decision = decide(make(), record, trigger, actor=actor, at=NOW, data=data)
    assert decision.permitted
    return [finding.id for finding in decision.advice]


class TestAssets:
    """Sales assets are offered by stage, with portal access only (MK-9, MK-42)."""

    @pytest.mark.parametrize(
        ("stage", "asset"),
        [
            ("identified", "use case repository"),
            ("qualified", "fact sheet"),
            ("registered", "fact sheet"),
            ("converted", "first call deck"),
            ("discovery", "operations calculator"),
            ("closing", "MDP template"),
        ],
    )
    def test_each_stage_has_its_own(self, stage: str, asset: str) -> None:
        """What is sent fits the stage, and is named in its help too (MK-42)."""
        sent = apply(make(), deal(stage), "ask_for_assets", actor=PARTNER, at=NOW)

        (effect,) = sent.effects
        assert (effect.kind, effect.to, effect.party) == ("send_assets", "partner", "acme")
        assert asset in str(effect.data["assets"])
        assert sent.record.stage == stage

    @pytest.mark.parametrize(
        ("day", "permitted"),
        [
            pytest.param("2026-06-01", True, id="access from today"),
            pytest.param("2026-06-02", False, id="access from tomorrow"),
            pytest.param(None, False, id="no access"),
        ],
    )
    def test_only_with_portal_access(self, day: str | None, permitted: Any) -> None:
        """Without access to the portal there are no assets (MK-9, MK-42)."""
        record = deal("discovery", {"partner.portal_access_on": day})

        decision = decide(make(), record, "ask_for_assets", actor=PARTNER, at=NOW)

        assert decision.permitted is permitted

    @pytest.mark.parametrize(
        ("signed", "permitted"),
        [
            pytest.param("2026-01-10", True, id="signed on the day of the certificates"),
            pytest.param("2026-01-09", False, id="signed before them"),
        ],
    )
    def test_access_is_earned_in_order(self, signed: str, permitted: Any) -> None:
        """Training and certificates come first, and then the contract (MK-9)."""
        record = deal("discovery", {"partner.contracts": [{"signed_on": signed}]})

        decision = decide(make(), record, "ask_for_assets", actor=PARTNER, at=NOW)

        assert decision.permitted is permitted

    def test_a_prospective_partner_has_none(self) -> None:
        """Who is no partner yet registers, and gets the assets later (MK-9, MK-10)."""
        record = deal("identified", {"partner": {"status": "prospective"}})

        decision = decide(make(), record, "ask_for_assets", actor=PROSPECT, at=NOW)

        assert [finding.id for finding in decision.obstacles] == ["access_given", "access_earned"]


class TestRegistration:
    """Two channels, and nobody is turned away who may not earn a fee yet (MK-10, MK-11)."""

    @pytest.mark.parametrize(
        "partner",
        [
            pytest.param({}, id="nothing is known of it"),
            pytest.param({"status": "prospective"}, id="prospective"),
            pytest.param({"status": "partner", "certifications": []}, id="not certified"),
            pytest.param({"status": "partner", "contracts": []}, id="no contract"),
        ],
    )
    def test_nobody_is_refused_for_the_fee(self, partner: dict[str, Any]) -> None:
        """Through the website anybody registers; eligibility is judged apart (MK-10)."""
        record = deal("qualified", {"partner": partner})

        assert decide(make(), record, "register", actor=PROSPECT, at=NOW, data=FORM).permitted

    @pytest.mark.parametrize(
        ("is_partner", "advised"),
        [pytest.param(True, ["partners_use_portal"], id="a partner"), (False, [])],
    )
    def test_the_website_points_partners_to_the_portal(
        self, is_partner: Any, advised: list[str]
    ) -> None:
        """A partner that uses the website is told of the portal, and registers (MK-10)."""
        record = deal("qualified", {"registration.submitter_is_partner": is_partner})

        assert advice(record, "register", PARTNER, **FORM) == advised

    def test_a_prospect_moves_its_own_deals_alone(self) -> None:
        """Once a deal is linked to one, another prospective partner moves it no more (MK-12)."""
        theirs = Actor("p-9", role="prospective_partner", party="acme")
        another = Actor("p-8", role="prospective_partner", party="zeta")
        record = deal("qualified")

        refused = decide(unveiled(), record, "register", actor=another, at=NOW, data=FORM)

        assert [finding.id for finding in refused.obstacles] == ["own_prospect"]
        assert decide(make(), record, "register", actor=theirs, at=NOW, data=FORM).permitted


START: Final = datetime(2026, 6, 1, 10, tzinfo=UTC)


def touched(*days: int) -> Applied[Opportunity]:
    """Return a lead that was touched on some days after the first of June."""
    done = open_record(make(), deal(), actor=PARTNER, at=START)
    for day in days:
        at = START + day * DAY
        done = apply(make(), done.record, "touch", actor=PARTNER, at=at, data={"activities": {}})
    return done


class TestOutreach:
    """Ten to fifteen touches over two to four weeks, one to four days apart (MK-38)."""

    def test_a_touch_is_an_activity(self) -> None:
        """Who, when and what is written by the move itself (MK-38)."""
        (item,) = touched(0).record.activities

        assert (item.kind, item.at, item.by, item.party) == ("touch", START, "p-7", "acme")

    @pytest.mark.parametrize(("days", "reminders"), [(4, 0), (5, 1)])
    def test_the_partner_is_reminded(self, days: int, reminders: int) -> None:
        """Four days after a touch the next may come; a day later its time is over (MK-38)."""
        record = touched(0).record

        settled = settle(make(), record, at=START + days * DAY)

        assert [it.kind for it in settled.effects] == ["remind_of_touch"] * reminders

    @pytest.mark.parametrize(
        ("count", "gap", "complete"),
        [
            pytest.param(10, 2, True, id="ten over eighteen days"),
            pytest.param(9, 2, False, id="nine are too few"),
            pytest.param(10, 1, False, id="ten within nine days are too dense"),
        ],
    )
    def test_when_it_is_complete(self, count: int, gap: int, complete: Any) -> None:
        """Ten touches over two weeks make it complete (MK-38)."""
        record = touched(*range(0, count * gap, gap)).record

        readings = {it.clock: it for it in read_clocks(make(), record, at=START + 27 * DAY)}

        assert readings["outreach"].cadence is not None
        assert readings["outreach"].cadence.complete is complete

    def test_it_binds_nobody(self) -> None:
        """A lead that nobody touched in a rhythm is qualified all the same (MK-38)."""
        record = touched(0).record

        after = apply(make(), record, "qualify", actor=PARTNER, at=START + 20 * DAY).record

        assert after.stage == "qualified"
        readings = {it.clock: it for it in read_clocks(make(), after, at=START + 40 * DAY)}
        assert readings["outreach"].state.value == "met"


class TestActivities:
    """What is done is recorded with evidence, and flagged at once where it came too early."""

    @pytest.mark.parametrize("missing", ["kind", "at", "side"])
    def test_it_says_what_when_and_who(self, missing: str) -> None:
        """An activity without kind, moment or side is refused (MK-3)."""
        item = {"kind": "key_meeting", "at": NOW, "side": "partner", "evidence": "Minutes."}
        del item[missing]

        decision = decide(
            make(),
            deal("discovery"),
            "log_activity",
            actor=PARTNER,
            at=NOW,
            data={"activities": item},
        )

        assert not decision.permitted

    def test_the_partnership_team_is_kept_aware(self) -> None:
        """Each activity is told to the partnership team, and co-selling is shown (MK-3, MK-45)."""
        item = {"kind": "key_meeting", "at": NOW, "side": "partner", "evidence": "Minutes."}

        logged = apply(
            make(),
            deal("discovery"),
            "log_activity",
            actor=PARTNER,
            at=NOW,
            data={"activities": item},
        )

        assert [(it.kind, it.to) for it in logged.effects] == [
            ("tell_partnership_team", "partnership_team")
        ]
        assert logged.record.co_sold is True

    @pytest.mark.parametrize(
        ("seconds", "flags"),
        [
            pytest.param(0, ["contacted_too_early"], id="at the same moment"),
            pytest.param(1, [], id="a second later"),
            pytest.param(-1, [], id="before the registration"),
        ],
    )
    def test_a_contact_before_the_partner_is_informed(self, seconds: int, flags: list[str]) -> None:
        """The vendor contacts the customer after the partner is informed, not before (MK-14)."""
        at = NOW + timedelta(seconds=seconds)
        item = {"kind": "meeting", "at": at, "side": "vendor", "with_customer": True}

        assert advice(deal("converted"), "log_activity", AE, activities=item) == flags


class TestEngagingTheTeam:
    """The business case first, then the vendor's team (MK-43)."""

    @pytest.mark.parametrize(
        ("identified", "obstacles"),
        [
            pytest.param(NOW, [], id="by then"),
            pytest.param(NOW + timedelta(seconds=1), ["case_identified"], id="later"),
            pytest.param(None, ["case_identified"], id="not yet"),
        ],
    )
    def test_the_case_comes_first(self, identified: datetime | None, obstacles: list[str]) -> None:
        """Whoever engages the team has the business case (MK-43)."""
        record = deal("discovery", {"business_case.identified_at": identified})

        decision = decide(make(), record, "engage_gtm", actor=PARTNER, at=NOW)

        assert [finding.id for finding in decision.obstacles] == obstacles

    def test_both_of_the_team_are_asked(self) -> None:
        """Account executive and solution engineer join in, and the moment is stamped (MK-43)."""
        later = NOW + DAY

        engaged = apply(make(), deal("discovery"), "engage_gtm", actor=PARTNER, at=later)

        assert [it.to for it in engaged.effects] == ["ae", "se"]
        assert engaged.record.discovery.gtm_engaged_at == later


class TestFees:
    """The partnership team confirms fee and payout after closing (MK-45)."""

    def test_the_fee_is_confirmed_to_the_partner(self) -> None:
        """The confirmation is stamped, and told to the partner itself (MK-45)."""
        done = apply(make(), deal("closed_won"), "confirm_fee", actor=TEAM, at=NOW)

        assert done.record.closing.fee_confirmed_at == NOW
        assert [(it.to, it.party) for it in done.effects] == [("partner", "acme")]

    @pytest.mark.parametrize("paid_at", [None, NOW])
    def test_a_payout_waits_for_the_customer(self, paid_at: datetime | None) -> None:
        """No payout is confirmed before the customer has paid (MK-33, MK-45)."""
        record = deal("closed_won", {"invoice_paid_at": paid_at})

        decision = decide(make(), record, "confirm_payout", actor=TEAM, at=NOW)

        assert [it.id for it in decision.obstacles] == ([] if paid_at else ["invoice_paid"])

    @pytest.mark.parametrize("actor", [PARTNER, AE, SUCCESS])
    @pytest.mark.parametrize("trigger", ["confirm_fee", "confirm_payout"])
    def test_nobody_else_does(self, actor: Actor, trigger: str) -> None:
        """Fee and payout are the partnership team's to confirm (MK-45)."""
        record = deal("closed_won", {"invoice_paid_at": NOW})

        decision = decide(make(), record, trigger, actor=actor, at=NOW)

        assert decision.outcome is Outcome.WRONG_ROLE


class TestGuidance:
    """What the source advises is offered as advice, and keeps nobody (guidance rows)."""

    @pytest.mark.parametrize(
        ("growth", "revenue", "employees", "advised"),
        [
            pytest.param("0.31", "99999999.99 USD", 50, [], id="a scale-up"),
            pytest.param("0.30", "1 USD", 50, ["profile_values"], id="30 % is not above 30 %"),
            pytest.param("0.31", "100000000 USD", 50, ["profile_values"], id="100 million"),
            pytest.param("0", "500000000.01 USD", 1001, [], id="a front office"),
            pytest.param("0", "500000000 USD", 1001, ["profile_values"], id="500 million"),
            pytest.param("0", "500000001 USD", 1000, ["profile_values"], id="1,000 staff"),
            pytest.param(None, None, 50, [], id="not recorded is not asked"),
        ],
    )
    def test_the_ideal_customer(
        self, growth: str | None, revenue: str | None, employees: int, advised: list[str]
    ) -> None:
        """Values of the ideal customer profile are checked where they are known (MK-8)."""
        changes = {
            "customer.staff_growth": growth,
            "customer.revenue": revenue,
            "customer.employees": employees,
        }

        assert advice(deal("identified", changes), "qualify", PARTNER) == advised

    @pytest.mark.parametrize(
        ("kind", "acv", "advised"),
        [
            pytest.param("land", "25000 USD", [], id="a first deal"),
            pytest.param("expand", "50000 USD", ["expand_size"], id="50,000 is not above"),
            pytest.param("expand", "50000.01 USD", [], id="above"),
            pytest.param(None, "25000 USD", [], id="not said"),
        ],
    )
    def test_usual_sizes(self, kind: str | None, acv: str, advised: list[str]) -> None:
        """A deal with an existing customer is usually above 50,000 (MK-36)."""
        changes = {"deal_type": kind, "acv": acv}
        record = deal("mdp.drafted", changes)

        assert advice(record, "start_closing", AE) == advised

    @pytest.mark.parametrize(("days", "advised"), [(35, []), (36, ["cycle_usual"])])
    def test_usual_time(self, days: int, advised: list[str]) -> None:
        """From qualified to closed it usually takes three to five weeks (MK-36)."""
        record = deal("closing", {"qualified_at": NOW - days * DAY})

        assert advice(record, "win", AE) == advised

    @pytest.mark.parametrize(
        ("people", "advised"),
        [
            pytest.param([{"role": "champion", "owns_budget": True}], [], id="an own budget"),
            pytest.param([{"role": "champion", "owns_budget": False}], ["buyer_known"], id="none"),
            pytest.param(
                [{"role": "champion", "owns_budget": False}, {"role": "decision_maker"}],
                [],
                id="a decision maker",
            ),
        ],
    )
    def test_who_signs_off(self, people: list[dict[str, Any]], advised: list[str]) -> None:
        """Champion, then decision maker; a champion may have an own budget (MK-37, MK-50)."""
        assert advice(deal("discovery", {"stakeholders": people}), "start_closing", AE) == advised

    @pytest.mark.parametrize(("bought_in", "advised"), [(True, []), (False, ["buyer_bought_in"])])
    def test_the_decision_makers_word(self, bought_in: Any, advised: list[str]) -> None:
        """Nothing closes without the decision maker's buy-in (MK-50)."""
        people = [{"role": "decision_maker", "bought_in": bought_in}]

        assert advice(deal("closing", {"stakeholders": people}), "win", AE) == advised

    @pytest.mark.parametrize(
        ("stage", "said"),
        [
            pytest.param("discovery", "champion, decision maker, procurement", id="MK-37 order"),
            pytest.param("discovery", "25,000 USD", id="MK-36 a typical deal"),
            pytest.param(
                "discovery", "Below about 200 staff one person", id="MK-37 small companies"
            ),
            pytest.param("discovery", "decision maker's word weighs most", id="MK-50 weights"),
            pytest.param("onboarded", "eight and a half months", id="MK-36 first upsell"),
            pytest.param("closing", "two to four years", id="MK-48 terms"),
            pytest.param("closing", "sales director from the start", id="MK-47 who joins when"),
            pytest.param("identified", "use case repository", id="MK-42 assets"),
        ],
    )
    def test_the_stage_says_it(self, stage: str, said: str) -> None:
        """Guidance that no field can check stands in the help of its stage."""
        help_text = make().process.stage(stage).help

        assert said in " ".join(str(help_text).split())
