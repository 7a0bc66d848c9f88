"""Every clock that the rule sheets name: both sides, and the boundary between them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar

import pytest

from clock_samples import prague, utc
from cosell.clocks import ClockState, read_clock, steps_due
from cosell.events import EventKind
from rule_clocks import SHEETS, SheetDeal, clock_called, done, reading_of, sheet_deal

MICROSECOND = timedelta(microseconds=1)

#: Rules that name a clock, and those whose rhythm is one.
RULES = {
    *("MK-13", "MK-38", "PC-8", "SF-5", "SF-10", "SF-11", "SF-20", "MS-1", "MS-2", "MS-7"),
    *("MS-14", "MS-20", "MS-29", "MS-33", "MS-34", "MS-35", "MS-36", "QL-10", "QL-26"),
    *("BX-3", "BX-4", "BX-5", "BX-25", "BX-47"),
}

SUBMITTED = done("2026-12-18T15:00", "submit")
REGISTERED = done("2026-11-02T12:00", "register")
EXCEPTION = done("2026-12-18T12:00", "request_exception")


def test_every_rule_has_its_clock() -> None:
    """The definition cites each rule of the sheets that names a clock."""
    cited = {cite for clock in SHEETS.main.clocks for cite in clock.cites}
    policies = {cite for clock in SHEETS.main.clocks for cite in _policy_cites(clock)}

    assert cited | policies == RULES


def _policy_cites(clock: Any) -> tuple[str, ...]:
    policy = clock.clock.extensions
    return () if policy is None else policy.cites


@pytest.mark.parametrize(
    ("clock", "begun", "fields", "answer", "last"),
    [
        pytest.param("answer", SUBMITTED, {}, "approve", "2026-12-29T17:00", id="MK-13"),
        pytest.param(
            "receipt", done("2027-03-27T12:00", "submit"), {}, "approve", "2027-03-29T13:00",
            id="SF-5: 48 hours over the change of clocks",
        ),
        pytest.param(
            "lead", done("2026-10-24T12:00", "offer"), {}, "accept", "2026-11-07T11:00",
            id="MS-1, MS-2, MS-29: 14 times 24 hours, holidays and clocks do not matter",
        ),
        pytest.param(
            "protection", done("2026-12-18T15:00", "approve"), {}, "win",
            "2027-03-19T00:59:59.999999", id="SF-10: ninety days in UTC",
        ),
        pytest.param(
            "offered", done("2026-12-18T15:00", "assign"), {}, "accept",
            "2027-01-06T23:59:59.999999", id="SF-20",
        ),
        pytest.param(
            "register", None, {"won_at": utc("2026-11-20T23:30")}, "register",
            "2026-12-21T00:59:59.999999", id="MS-14: thirty days from winning",
        ),
        pytest.param(
            "signed_lately", None, {"signed_on": date(2026, 9, 1)}, "register",
            "2026-11-01T00:59:59.999999", id="MS-33: signed at most sixty days ago, in UTC",
        ),
        pytest.param(
            "started_lately", None, {"contract_starts_on": date(2026, 9, 1)}, "register",
            "2026-12-01T00:59:59.999999", id="MS-33: started at most ninety days ago",
        ),
        pytest.param(
            "exception", REGISTERED, {}, "request_exception", "2027-01-02T00:59:59.999999",
            id="MS-36: sixty days from registration",
        ),
        pytest.param(
            "exception_decision", EXCEPTION, {}, "decide", "2027-01-12T23:59:59.999999",
            id="MS-36: fourteen working days",
        ),
        pytest.param(
            "nurture", done("2026-11-02T12:00", "accept"), {}, "progress",
            "2026-12-29T00:59:59.999999", id="MS-7: eight weeks",
        ),
        pytest.param(
            "extension_decision", done("2026-12-18T12:00", "request_extension"), {},
            "deny_extension", "2026-12-23T23:59:59.999999", id="BX-4: a decision has a deadline",
        ),
        pytest.param(
            "protection_from_creation", None, {"created_at": utc("2026-08-31T12:00")}, "win",
            "2027-03-01T00:59:59.999999", id="BX-3: six months from creation",
        ),
        pytest.param(
            "protection_from_submission", SUBMITTED, {}, "win", "2027-01-18T00:59:59.999999",
            id="BX-3: thirty days from submission",
        ),
        pytest.param(
            "meeting", done("2026-11-02T12:00", "invite"), {}, "meet",
            "2026-11-17T00:59:59.999999", id="QL-10: a meeting within two weeks",
        ),
        pytest.param(
            "poc_time", None, {"poc_started_on": date(2026, 11, 2)}, "close_poc",
            "2026-11-17T00:59:59.999999", id="PC-8: two weeks without an approval",
        ),
    ],
)  # fmt: skip
def test_a_deadline(clock: str, begun: Any, fields: dict[str, Any], answer: str, last: str) -> None:
    """An answer at the last moment is in time; one a microsecond later is not."""
    lines = [] if begun is None else [begun]
    at = prague(last)
    in_time = sheet_deal(*lines, done(last, answer), **fields)
    late = done(last, answer).model_copy(update={"at": at + MICROSECOND})
    too_late = sheet_deal(*lines, late, **fields)

    compiled = clock_called(clock)
    far = at + timedelta(days=30)
    assert read_clock(compiled, in_time, at=far).state is ClockState.MET
    assert read_clock(compiled, too_late, at=far).state is ClockState.BREACHED


def test_a_lead_that_nobody_answered() -> None:
    """MS-29: after expiry contact data are hidden, and sender and customer are told."""
    record = sheet_deal(done("2026-11-02T12:00", "offer"))
    (expiry,) = steps_due(clock_called("lead"), record, at=prague("2026-11-16T12:01"))

    assert expiry.trigger == "expire"
    assert [effect.kind for effect in expiry.effects] == ["hide", "tell_partner", "tell_customer"]


class TestHolds:
    """What must wait: the other way round."""

    @pytest.mark.parametrize(
        ("won", "state"),
        [
            pytest.param("2026-11-05T11:59:59.999999", "breached", id="a microsecond too soon"),
            pytest.param("2026-11-05T12:00", "met", id="after 72 hours exactly"),
        ],
    )
    def test_a_deal_won_too_soon(self, won: str, state: str) -> None:
        """MS-34: at least 72 hours pass between creation and the win."""
        record = sheet_deal(done(won, "win"), created_at=prague("2026-11-02T12:00"))

        assert reading_of("too_soon", record, "2026-12-01T12:00").state == state

    @pytest.mark.parametrize(
        ("at", "in_time"),
        [("2026-05-15T01:59:59.999999", False), ("2026-05-15T02:00", True)],
    )
    def test_a_fee_on_hold(self, at: str, *, in_time: bool) -> None:
        """BX-25: sixty days from 2026-03-16 is 2026-05-15, in UTC; it starts at a fact."""
        reading = reading_of("fee_hold", sheet_deal(), at, paid_at=utc("2026-03-16T10:00"))

        assert reading.in_time is in_time
        assert reading.due_on == date(2026, 5, 15)
        assert reading_of("fee_hold", sheet_deal(), at).in_time is None

    @pytest.mark.parametrize(
        ("meeting", "state"),
        [("2026-11-04T11:59", "breached"), ("2026-11-04T12:00", "met")],
    )
    def test_an_invitation_in_advance(self, meeting: str, state: str) -> None:
        """QL-10: a day of opening hours lies between the last reschedule and the meeting."""
        record = sheet_deal(
            done("2026-11-02T12:00", "invite"),
            done("2026-11-03T12:00", "reschedule"),
            meeting_at=prague(meeting),
        )

        assert reading_of("notice", record, "2026-12-01T12:00").state == state


class TestProofOfConcept:
    """PC-8: ideally two weeks, more with an approval, and never more than four."""

    STARTED: ClassVar = {"poc_started_on": date(2026, 11, 2)}

    def test_the_target_is_a_step(self) -> None:
        """After two weeks the target is passed."""
        record = sheet_deal(**self.STARTED)

        assert [due.step for due in self.due(record, "2026-11-17T02:00")] == ["target", None]

    def due(self, record: SheetDeal, at: str) -> Any:
        """Return what is due."""
        return steps_due(clock_called("poc_time"), record, at=prague(at))

    @pytest.mark.parametrize(
        ("units", "closed", "state"),
        [
            (14, "2026-12-01T00:59:59.999999", "met"),
            (14, "2026-12-01T01:00", "breached"),
            (15, "2026-12-01T01:00", "breached"),
        ],
    )
    def test_an_approval_gives_two_weeks_more_and_no_day_beyond(
        self, units: int, closed: str, state: str
    ) -> None:
        """Whatever was granted, four weeks are the end."""
        granted = done("2026-11-10T12:00", "x").model_copy(
            update={
                "kind": EventKind.EXTENDED,
                "target": None,
                "clock": "poc_time",
                "allowance": units,
            }
        )
        record = sheet_deal(granted, done(closed, "close_poc"), **self.STARTED)

        assert reading_of("poc_time", record, "2026-12-05T12:00").state == state

    def test_a_pause_does_not_lengthen_it(self) -> None:
        """While it is paused its utmost end is known, and comes."""
        paused = done("2026-11-10T12:00", "x").model_copy(
            update={"kind": EventKind.PAUSED, "target": None, "clock": "poc_time"}
        )
        record = sheet_deal(paused, **self.STARTED)
        reading = reading_of("poc_time", record, "2026-11-20T12:00")

        assert (reading.due_at, reading.latest_at) == (None, utc("2026-12-01T00:00"))
        assert reading.next_at == utc("2026-12-01T00:00")
        late = reading_of("poc_time", record, "2026-12-01T01:00")
        assert late.state is ClockState.BREACHED
        assert late.due_on == date(2026, 11, 30)


class TestProtection:
    """SF-11, BX-3 to BX-5: it expires, is resubmitted or extended, and reminds."""

    APPROVED = done("2026-11-02T12:00", "approve")  # until 2027-01-31

    def test_reminders_before_and_after_each_once(self) -> None:
        """BX-5: two weeks before the end, at the end, and a week after."""
        record = sheet_deal(self.APPROVED)
        due = steps_due(clock_called("protection"), record, at=prague("2027-03-01T12:00"))

        assert [(each.step, str(each.at.date())) for each in due] == [
            ("two_weeks_before", "2027-01-18"),
            (None, "2027-02-01"),
            ("week_after", "2027-02-08"),
        ]
        assert due[1].trigger == "expire"

    def test_a_resubmission_begins_anew(self) -> None:
        """SF-11: after the expiry a resubmission has the whole time frame again."""
        record = sheet_deal(
            self.APPROVED,
            done("2027-02-01T01:00", "expire"),
            done("2027-02-10T12:00", "resubmit"),
        )
        reading = reading_of("protection", record, "2027-02-11T12:00")

        assert reading.state is ClockState.RUNNING
        assert reading.due_on == date(2027, 5, 11)

    def test_redistributing_a_lead_begins_anew(self) -> None:
        """SF-20: the next partner has the whole time."""
        record = sheet_deal(
            done("2026-11-02T12:00", "assign"), done("2026-11-18T12:00", "redistribute")
        )

        assert reading_of("offered", record, "2026-11-19T12:00").due_on == date(2026, 12, 2)

    def test_a_grant_answers_the_request(self) -> None:
        """BX-4: the decision's clock is met when the protection is extended."""
        granted = done("2026-12-22T12:00", "x").model_copy(
            update={
                "kind": EventKind.EXTENDED,
                "target": None,
                "clock": "protection",
                "allowance": 30,
            }
        )
        record = sheet_deal(self.APPROVED, done("2026-12-18T12:00", "request_extension"), granted)

        assert reading_of("extension_decision", record, "2027-02-01T12:00").state == "met"
        assert reading_of("protection", record, "2027-02-01T12:00").due_on == date(2027, 3, 2)


class TestMeasuring:
    """Clocks without an allowance only measure."""

    def test_time_in_a_stage_in_working_time(self) -> None:
        """BX-47: from Friday 16:00 to Monday 10:00 two hours have passed, and not 66."""
        record = sheet_deal(
            done("2026-11-06T16:00", "review"),
            done("2026-11-09T10:00", "approve", source="reviewing"),
        )
        reading = reading_of("time_in_review", record, "2026-12-01T12:00")

        assert reading.measured == reading.consumed == timedelta(hours=2)
        assert reading.state is ClockState.MET
        assert (reading.allowance, reading.due_at, reading.fraction) == (None, None, None)

    def test_what_the_partner_takes_is_not_counted(self) -> None:
        """MS-35: while more information is asked for, the review stands still."""
        record = sheet_deal(
            done("2026-11-02T09:00", "review"),
            done("2026-11-02T12:00", "ask", source="reviewing"),
            done("2026-11-05T12:00", "review", source="action_required"),
            done("2026-11-05T13:00", "approve", source="reviewing"),
        )

        assert reading_of("review", record, "2026-12-01T12:00").measured == timedelta(hours=4)


class TestRhythms:
    """MS-7, MK-38, MS-20, QL-26."""

    @pytest.mark.parametrize(
        ("touches", "complete"),
        [
            pytest.param(["2026-11-02", "2026-11-20", "2026-12-14"], True, id="MS-7: six weeks"),
            pytest.param(["2026-11-02", "2026-11-20", "2026-12-13"], False, id="MS-7: a day less"),
            pytest.param(["2026-11-02", "2026-12-20"], False, id="MS-7: two touches"),
        ],
    )
    def test_three_touches_over_six_weeks(self, touches: list[str], *, complete: bool) -> None:
        """MS-7: three touches over six weeks at least are enough."""
        moves = [done(f"{day}T13:00", "touch") for day in touches]
        record = sheet_deal(done("2026-11-02T12:00", "accept"), *moves)
        reading = reading_of("nurture", record, "2026-12-25T12:00")

        assert reading.cadence is not None
        assert reading.cadence.complete is complete

    def test_without_progress_it_is_lost(self) -> None:
        """MS-7: after eight weeks without progress the deal is closed as lost."""
        record = sheet_deal(done("2026-11-02T12:00", "accept"))
        (lost,) = steps_due(clock_called("nurture"), record, at=prague("2026-12-29T01:00"))

        assert lost.trigger == "lose"

    @pytest.mark.parametrize(
        ("days", "complete", "breaks"),
        [
            pytest.param(range(0, 20, 2), True, 0, id="ten over eighteen days"),
            pytest.param(range(0, 18, 2), False, 0, id="nine are too few"),
            pytest.param(range(10), False, 0, id="nine days are too short"),
            pytest.param([*range(0, 28, 2), 27], True, 0, id="fifteen are enough"),
            pytest.param([*range(0, 28, 2), 27, 28], True, 1, id="sixteen are too many"),
            pytest.param([0, 0, *range(2, 20, 2)], True, 1, id="none on one day with another"),
            pytest.param([0, 4, *range(6, 24, 2)], True, 0, id="four days apart"),
            pytest.param([0, 5, *range(6, 24, 2)], True, 1, id="five days apart are too far"),
        ],
    )
    def test_outreach(self, days: Any, *, complete: bool, breaks: int) -> None:
        """MK-38: 10 to 15 touches over two to four weeks, at least one and at most four apart."""
        first = prague("2026-11-02T10:00")
        record = sheet_deal(touched_at=tuple(first + timedelta(days=day) for day in days))
        rhythm = reading_of("outreach", record, "2026-12-05T12:00").cadence

        assert rhythm is not None
        assert (rhythm.complete, len(rhythm.breaks)) == (complete, breaks)

    def test_an_overdue_touch_is_a_step(self) -> None:
        """MK-38: five days after the second touch the third one is overdue, once."""
        touched = (prague("2026-11-02T10:00"), prague("2026-11-04T10:00"))
        record = sheet_deal(touched_at=touched)
        (late,) = steps_due(clock_called("outreach"), record, at=prague("2026-11-10T12:00"))

        assert (late.step, late.at) == ("touch_3", utc("2026-11-09T00:00"))
        assert [effect.kind for effect in late.effects] == ["tell_partner"]
        assert steps_due(clock_called("outreach"), record, at=prague("2026-11-09T00:59")) == ()

    def test_a_monthly_review(self) -> None:
        """MS-20: each month has a review of its own; months clip, and do not drift."""
        record = sheet_deal(
            done("2027-01-31T12:00", "approve"),
            done("2027-02-10T12:00", "look"),
            done("2027-03-30T12:00", "look"),
        )
        dues = [
            (reading.number, str(reading.due_on), reading.state.value)
            for reading in (
                reading_of("monthly_review", record, at)
                for at in ("2027-02-01T12:00", "2027-03-01T12:00", "2027-04-01T12:00")
            )
        ]

        assert dues == [
            (1, "2027-02-28", "running"),
            (2, "2027-03-31", "running"),
            (3, "2027-04-30", "running"),
        ]
        late = reading_of("monthly_review", record, "2027-06-01T12:00")
        assert (late.number, late.missed) == (5, 2)

    def test_feedback_every_two_weeks(self) -> None:
        """QL-26: each feedback gives two weeks more; a reminder comes a week before the end."""
        record = sheet_deal(
            done("2026-11-02T12:00", "approve"), done("2026-11-09T12:00", "give_feedback")
        )
        reading = reading_of("feedback", record, "2026-11-11T12:00")

        assert (reading.number, reading.due_on) == (2, date(2026, 11, 23))
        assert (reading.next_step, str(reading.next_at)) == ("ask", "2026-11-17 00:00:00+00:00")
