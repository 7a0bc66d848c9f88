"""The process `partner_center_registration`: states, reviews, the contract, the one exception."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from itertools import product
from typing import Any, Final

import pytest

from cosell.engine import (
    CLOCK,
    Outcome,
    TransitionRefusedError,
    apply,
    change,
    decide,
    open_record,
    read_clocks,
    settle,
)
from cosell.errors import EditRefusedError, InvalidDataError
from cosell.models import ExceptionRequest, IncentiveRegistration
from partner_center_deals import (
    DAY,
    NOW,
    PARTNER,
    REGISTRAR,
    REGISTRATION,
    VENDOR,
    advice,
    asked,
    bound,
    effects,
    entered,
    moved,
    obstacles,
    raw,
)

SECOND: Final = timedelta(seconds=1)
YEAR: Final = {"perpetual": False, "starts_on": "2026-06-01", "ends_on": "2027-05-31"}
#: Which states follow which: nothing else does, whoever asks.
STATES: Final = {
    "none": {"approved", "review_pending", "withdrawn"},
    "pending": {"approved", "review_pending"},
    "review_pending": {"passed", "failed", "action_required"},
    "action_required": {"review_pending"},
    "approved": {"closed"},
    "passed": {"closed"},
    "failed": {"closed"},
    "closed": {"exception_requested"},
    "exception_requested": {"exception_granted", "exception_denied"},
    "exception_granted": set(),
    "exception_denied": set(),
    "withdrawn": set(),
}
GIVEN: Final = {
    "asked": "The order form.",
    "answered": "It is attached.",
    "closed_reason": "No order.",
    "exception.reason": "As agreed.",
}


def submitted(**changes: Any) -> Any:
    """Return what comes of a submission."""
    new = open_record(bound(REGISTRATION), raw(REGISTRATION, **changes), actor=PARTNER, at=NOW)
    return moved(REGISTRATION, new.record, "submit", actor=REGISTRAR)


def closed(**changes: Any) -> IncentiveRegistration:
    found = entered(REGISTRATION, "closed", **changes)
    assert isinstance(found, IncentiveRegistration)
    return found


class TestStates:
    """The states of a registration, and what follows what (MS-15, MS-35)."""

    @pytest.mark.parametrize("stage", list(STATES))
    def test_nothing_else_follows(self, stage: str) -> None:
        """Every trigger is tried by everyone (MS-35)."""
        process = bound(REGISTRATION)
        reached = set()
        for trigger, actor in product(process.triggers, (PARTNER, REGISTRAR, VENDOR, CLOCK)):
            inputs = {
                each.path
                for transition in process.process.transitions
                if transition.trigger == trigger
                for each in transition.inputs
            }
            data = {path: value for path, value in GIVEN.items() if path in inputs}
            many = 2 if trigger == "review" or (trigger == "submit" and actor is PARTNER) else 1
            record = entered(REGISTRATION, stage, partners=many)
            try:
                reached.add(
                    apply(process, record, trigger, actor=actor, at=NOW, data=data).record.stage
                )
            except TransitionRefusedError:
                continue
        assert reached == STATES[stage]

    def test_action_required_comes_back_to_the_review(self) -> None:
        """The vendor asks, the partner answers, the review goes on (MS-15, MS-35)."""
        record = submitted(partners=2).record
        stages = [record.stage]
        for trigger, actor, data in (
            ("ask", VENDOR, {"asked": "The order form."}),
            ("answer", REGISTRAR, {"answered": "It is attached."}),
            ("pass", VENDOR, {}),
            ("close", VENDOR, {}),
        ):
            found = moved(REGISTRATION, record, trigger, actor=actor, **data)
            record = found.record
            stages.append(record.stage)
        assert stages == ["review_pending", "action_required", "review_pending", "passed", "closed"]
        assert record.accepted_at == record.decided_at == record.closed_at == NOW

    @pytest.mark.parametrize(
        ("stage", "trigger", "missing"),
        [
            ("review_pending", "ask", "input_asked"),
            ("action_required", "answer", "input_answered"),
            ("review_pending", "fail", "input_closed_reason"),
            ("exception_requested", "deny_exception", "input_exception_reason"),
        ],
    )
    def test_what_is_said(self, stage: str, trigger: str, missing: str) -> None:
        """A question, an answer and a rejection have their words (MS-15, MS-35, MS-36)."""
        actor = REGISTRAR if trigger == "answer" else VENDOR
        assert obstacles(asked(REGISTRATION, stage, trigger, actor=actor)) == [missing]

    def test_review_time_stands_still_while_the_partner_is_asked(self) -> None:
        """The review is measured in the vendor's hours, without that time (MS-35)."""
        record = submitted(partners=2).record
        record = moved(REGISTRATION, record, "ask", actor=VENDOR, asked="The order form.").record
        later = NOW + 7 * DAY
        reading = next(
            each
            for each in read_clocks(bound(REGISTRATION), record, at=later)
            if each.clock == "review"
        )
        assert reading.measured == timedelta(0)

    def test_what_was_submitted_is_not_edited(self) -> None:
        """Only answers and the exception change it (MS-35, MS-36)."""
        for stage in set(STATES) - {"none"}:
            with pytest.raises(EditRefusedError, match="It is submitted"):
                change(
                    bound(REGISTRATION),
                    entered(REGISTRATION, stage),
                    {"contract_value": "1 USD"},
                    actor=REGISTRAR,
                    at=NOW,
                )


class TestApproval:
    """Approved at once, unless something asks for a review (MS-35)."""

    @pytest.mark.parametrize(
        ("changes", "stage"),
        [
            pytest.param({"contract_value": "6000000 USD"}, "approved", id="1,000,000 a year"),
            pytest.param({"contract_value": "6000000.01 USD"}, "review_pending", id="more a year"),
            pytest.param({**YEAR, "contract_value": "1000000 USD"}, "approved", id="one year"),
            pytest.param({**YEAR, "contract_value": "1000000.01 USD"}, "review_pending", id="more"),
            pytest.param(
                {**YEAR, "ends_on": "2028-05-31", "contract_value": "2000000 USD"},
                "approved",
                id="two years, one with a leap day",
            ),
            pytest.param({"partners": 1}, "approved", id="one partner"),
            pytest.param({"partners": 2}, "review_pending", id="two partners"),
            pytest.param({"pay_as_you_go": True}, "review_pending", id="pay as you go"),
        ],
    )
    def test_at_once_or_reviewed(self, changes: dict[str, Any], stage: str) -> None:
        """It follows by itself, right after the submission (MS-35)."""
        found = submitted(**changes)
        assert found.record.stage == stage
        told = {"approved": "tell_registrar", "review_pending": "tell_reviewer"}[stage]
        assert [effect.kind for effect in found.effects] == [told]
        assert (found.record.accepted_at == NOW) is (stage == "approved")


class TestContract:
    """What the contract has to be (MS-14, MS-16, MS-33)."""

    def test_a_perpetual_contract_of_150_000(self) -> None:
        """Its annual value is 25,000, which is not above; nothing is rounded (MS-33)."""
        refused = asked(REGISTRATION, "none", "submit", contract_value="150000.00 USD")
        assert obstacles(refused) == ["annual_value"]
        assert asked(REGISTRATION, "none", "submit", contract_value="150000.01 USD").permitted
        assert asked(REGISTRATION, "none", "submit", contract_value="150000.0001 USD").permitted

    @pytest.mark.parametrize(
        ("at", "permitted"),
        [
            pytest.param(datetime(2026, 6, 1, 23, 59, 59, tzinfo=UTC), False, id="the day before"),
            pytest.param(datetime(2026, 6, 2, tzinfo=UTC), True, id="the day itself"),
            pytest.param(
                datetime(2026, 6, 1, 20, tzinfo=timezone(timedelta(hours=-5))),
                True,
                id="the day before elsewhere, the day itself in UTC",
            ),
        ],
    )
    def test_days_are_those_of_utc(self, at: datetime, *, permitted: bool) -> None:
        """A signature of 2 June is in the future until that day begins in UTC (MS-33)."""
        record = entered(REGISTRATION, "none", signed_on="2026-06-02")
        found = decide(bound(REGISTRATION), record, "submit", actor=PARTNER, at=at)
        assert found.permitted is permitted

    def test_a_deal_that_was_no_referral(self) -> None:
        """It has no record, nobody invited it, and it can be registered (MS-16)."""
        own = {"deal": None, "kind": None, "sharing": None, "invited_at": None}
        found = submitted(**own, vendor_accepted_at=None)
        assert found.record.stage == "approved"
        assert found.record.registered_at == NOW

    def test_everything_that_is_asked_for_is_named_in_one_answer(self) -> None:
        """The form says what the contract has to tell (MS-15, MS-21)."""
        bare = dict.fromkeys(("perpetual", "contract_value", "solution_value", "signed_on"))
        more = dict.fromkeys(("starts_on", "partners", "pay_as_you_go", "location__id"))
        found = asked(REGISTRATION, "none", "submit", **bare, **more)
        assert [name for name in obstacles(found) if name.startswith("input_")] == [
            "input_perpetual",
            "input_contract_value",
            "input_solution_value",
            "input_signed_on",
            "input_starts_on",
            "input_partners",
            "input_pay_as_you_go",
            "input_location_id",
        ]

    @pytest.mark.parametrize(
        ("changes", "in_the_way"),
        [
            pytest.param({"contract_value": "150000.01 USD"}, [], id="all of it"),
            pytest.param(
                {**YEAR, "contract_value": "25000.01 USD", "solution_value": "1 USD"},
                [],
                id="more than the least",
            ),
            pytest.param(
                {**YEAR, "contract_value": "25000 USD", "solution_value": "1 USD"},
                ["annual_value"],
                id="the least itself",
            ),
            pytest.param({"sharing": "private"}, ["shared"], id="a private deal"),
            pytest.param(
                {"sharing": "partner_led", "vendor_accepted_at": None}, [], id="partner-led"
            ),
            pytest.param(
                {"vendor_accepted_at": None}, ["accepted_by_vendor"], id="nobody accepted"
            ),
            pytest.param({"is_solution_assessment": True}, ["no_assessment"], id="an assessment"),
            pytest.param({"account_managed": False}, ["managed_account"], id="not managed"),
            pytest.param({"products": []}, ["eligible_solution"], id="no solution"),
            pytest.param({"won_at": None}, ["won"], id="not won"),
        ],
    )
    def test_which_deals_may_be_registered(
        self, changes: dict[str, Any], in_the_way: list[str]
    ) -> None:
        """All of it has to hold, and what does not is named alone (MS-32)."""
        assert obstacles(asked(REGISTRATION, "none", "submit", **changes)) == in_the_way

    @pytest.mark.parametrize("solution", ["150000.01 USD", "150000.00 USD", "150000.02 USD"])
    def test_between_partners_contract_and_solution_are_worth_the_same(self, solution: str) -> None:
        """A partner-to-partner deal is registered with one total for both (MS-18)."""
        between = {"kind": "partner_to_partner", "sharing": "private", "solution_value": solution}
        found = asked(REGISTRATION, "none", "submit", **between)
        assert ("same_values" in obstacles(found)) is (solution != "150000.01 USD")
        assert found.permitted is (solution == "150000.01 USD")
        assert asked(REGISTRATION, "none", "submit", solution_value="150000.00 USD").permitted

    @pytest.mark.parametrize(("days", "late"), [(30, False), (31, True)])
    def test_thirty_days_from_winning_are_advice(self, days: int, *, late: bool) -> None:
        """The guide's window warns, the 60 days from the signature bind (MS-14, MS-33)."""
        won = {"won_at": NOW - days * DAY, "created_at": NOW - 50 * DAY, "invited_at": None}
        found = asked(REGISTRATION, "none", "submit", **won)
        assert found.permitted
        assert (advice(found) == ["won_lately"]) is late

    @pytest.mark.parametrize(
        ("first", "last", "days"),
        [
            pytest.param("2026-06-01", "2027-05-31", 365, id="a year"),
            pytest.param("2027-06-01", "2028-05-31", 365, id="a year with a leap day"),
            pytest.param("2026-06-01", "2029-05-31", 1_095, id="three years"),
            pytest.param("2028-02-28", "2028-02-29", 1, id="a leap day counts with the day before"),
            pytest.param("2028-02-29", "2028-03-01", 2, id="from a leap day"),
            pytest.param("2026-06-01", "2026-06-01", 1, id="one day"),
            pytest.param(None, "2026-06-01", None, id="no first day"),
            pytest.param("2026-06-01", None, None, id="no last day"),
        ],
    )
    def test_every_year_is_a_year(self, first: str, last: str, days: int | None) -> None:
        """Leap days are left out, so that an annual value is exact (MS-33)."""
        assert raw(REGISTRATION, starts_on=first, ends_on=last).term_days == days


class TestException:
    """One exception, from Closed only, within 60 days; the answer is final (MS-36)."""

    def test_sixty_days_from_the_registration(self) -> None:
        """On the sixtieth day it is in time, and a day later it is not (MS-36)."""
        record = closed()
        last = datetime(2026, 7, 31, 23, 59, 59, tzinfo=UTC)
        for at, outcome in ((last, Outcome.PERMITTED), (last + SECOND, Outcome.OUT_OF_TIME)):
            found = decide(bound(REGISTRATION), record, "request_exception", actor=REGISTRAR, at=at)
            assert found.outcome is outcome
        reminded = settle(bound(REGISTRATION), record, at=last - 6 * DAY)
        assert effects(reminded) == [("remind_of_exception", "registrar")]

    @pytest.mark.parametrize(("length", "fits"), [(5_000, True), (5_001, False)])
    def test_at_most_5_000_characters(self, length: int, *, fits: bool) -> None:
        """A longer request is refused, and none at all too (MS-36)."""
        data = {"exception.text": "x" * length}
        if fits:
            assert asked(REGISTRATION, "closed", "request_exception", data).permitted
        else:
            with pytest.raises(InvalidDataError, match=r"exception\.text"):
                asked(REGISTRATION, "closed", "request_exception", data)
        none = asked(REGISTRATION, "closed", "request_exception", exception__text=None)
        assert obstacles(none) == ["input_exception_text"]

    def test_it_may_change_five_things(self) -> None:
        """The flag, the total, the signature, the first and the last day, and no more (MS-36)."""
        may = {"perpetual", "contract_value", "signed_on", "starts_on", "ends_on"}
        asks = set(ExceptionRequest.model_fields)
        noted = {"text", "requested_at", "requested_by", "decided_at", "decided_by", "reason"}
        assert asks - noted == may
        record = entered(REGISTRATION, "exception_requested")
        for path in ("solution_value", "partners", "won_at", "products"):
            with pytest.raises(InvalidDataError, match="is no input"):
                moved(REGISTRATION, record, "grant_exception", actor=VENDOR, **{path: None})

    def test_what_is_granted_is_what_was_asked_for(self) -> None:
        """The registration then says what was asked for, with who decided (MS-36)."""
        asked_for = {"exception.contract_value": "200000 USD"}
        record = apply(
            bound(REGISTRATION),
            closed(),
            "request_exception",
            actor=REGISTRAR,
            at=NOW,
            data=asked_for,
        ).record
        refused = decide(bound(REGISTRATION), record, "grant_exception", actor=VENDOR, at=NOW)
        assert obstacles(refused) == ["total_as_asked"]
        granted = moved(
            REGISTRATION, record, "grant_exception", actor=VENDOR, contract_value="200000 USD"
        ).record
        assert (granted.stage, str(granted.contract_value)) == (
            "exception_granted",
            "200000.00 USD",
        )
        assert (granted.exception.requested_by, granted.exception.decided_by) == ("p-2", "v-1")

    @pytest.mark.parametrize("stage", sorted(set(STATES) - {"closed"}))
    def test_from_closed_only(self, stage: str) -> None:
        """Nor a second time, after an answer or before (MS-36)."""
        found = asked(REGISTRATION, stage, "request_exception")
        assert found.outcome in {Outcome.NOT_FROM_HERE, Outcome.TERMINAL}

    def test_fourteen_working_days(self) -> None:
        """After them the vendor is late; weekends and holidays do not count (MS-36)."""
        record = moved(REGISTRATION, closed(), "request_exception", actor=REGISTRAR).record
        reading = next(
            each
            for each in read_clocks(bound(REGISTRATION), record, at=NOW)
            if each.clock == "exception_decision"
        )
        assert str(reading.due_on) == "2026-06-19"
        end = reading.due_at
        assert settle(bound(REGISTRATION), record, at=end - SECOND).effects == ()
        assert effects(settle(bound(REGISTRATION), record, at=end)) == [
            ("exception_late", "vendor")
        ]
