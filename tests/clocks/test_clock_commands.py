"""People pause, resume and extend clocks: who may, why not, and what it leaves behind."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from clock_samples import PRAGUE, Deal, prague
from cosell.calendars import Calendar
from cosell.clocks import read_clock
from cosell.definition import parse_process
from cosell.engine import (
    Applied,
    Bound,
    WrongProcessError,
    apply,
    bind,
    extend,
    fold,
    open_record,
    pause,
    read_clocks,
    resume,
    seal,
    verify_seals,
)
from cosell.errors import (
    CalendarExhaustedError,
    ClockRefusedError,
    InvalidDataError,
    NaiveDatetimeError,
    OutOfOrderError,
    UnknownNameError,
)
from cosell.events import Actor, EventKind

TEXT = """
id = "timed"
version = 1
record = "Deal"
zone = "Europe/Prague"
calendars = ["vendor"]
initial = "registered"
roles = { partner = "Partner", manager = "Manager", director = "Director" }
effects = { warn = "Warn" }

[facts]
paid_at = "instant"

[[stages]]
id = "registered"

[[stages]]
id = "waiting"

[[stages]]
id = "won"
kind = "won"

[[stages]]
id = "expired"
kind = "closed"

[gates.evidence]
criteria = [
  { id = "named", need = "recorded(answered_at)", remedy = "Record the last activity." },
  { id = "signed", need = "recorded(signed_on)", remedy = "Record the day.", severity = "advised" },
  { id = "other", need = "actor.id != 'm-2'", remedy = "Ask a colleague." },
]

[[transitions]]
trigger = "wait"
source = "registered"
target = "waiting"
roles = ["partner", "manager"]

[[transitions]]
trigger = "go_on"
source = "waiting"
target = "registered"
roles = ["partner", "manager"]

[[transitions]]
trigger = "win"
source = "*"
target = "won"
roles = ["manager"]

[[transitions]]
trigger = "expire"
source = "*"
target = "expired"
roles = ["clock"]

[[clocks]]
id = "answer"
calendar = "vendor"
allowance = 5
at_most = 20
unit = "business_days"
ends = "close"
start = ["entered('registered')"]
stop = ["moved('win')"]
pause_while = ["waiting"]
pauses = { roles = ["manager", "director"] }
extensions = { roles = ["director", "manager"], gates = ["evidence"], count = 2, total = 10 }
on_breach = { effects = [{ kind = "warn" }] }

[[clocks]]
id = "plain"
allowance = 1000
unit = "elapsed_hours"
start = ["facts.paid_at"]

[[clocks]]
id = "expiry"
allowance = 30
unit = "calendar_days"
start = ["entered('registered')"]
stop = ["moved('win')"]
on_breach = { trigger = "expire" }
pauses = { roles = ["manager"] }
extensions = { roles = ["manager"], after_expiry = false }

[tracks.poc]
initial = "not_started"

[[tracks.poc.stages]]
id = "not_started"

[[tracks.poc.stages]]
id = "running"

[[tracks.poc.stages]]
id = "over"
kind = "closed"

[[tracks.poc.transitions]]
trigger = "begin"
source = "not_started"
target = "running"
roles = ["manager"]

[[tracks.poc.transitions]]
trigger = "finish"
source = "running"
target = "over"
roles = ["manager", "clock"]

[[tracks.poc.clocks]]
id = "ends"
allowance = 14
unit = "calendar_days"
start = ["moved('begin')"]
stop = ["moved('finish')", "entered('record.won')"]
pauses = { roles = ["manager"] }
extensions = { roles = ["manager"] }
"""

EVA = Actor("m-1", role="manager", party="vendor")
ADA = Actor("p-7", role="partner", party="acme")
FRIDAY = prague("2026-12-18T15:00")  # due on 2026-12-29
MONDAY = prague("2026-12-21T17:00")
WEDNESDAY = prague("2026-12-23T17:00")


def timed(calendar: Calendar = PRAGUE) -> Bound:
    """Return the process, bound."""
    return bind(parse_process(TEXT), record=Deal, calendars={"vendor": calendar})


TIMED = timed()


def opened(**fields: Any) -> Deal:
    """Return a deal that was opened on Friday."""
    return open_record(TIMED, Deal(id="d-1", **fields), actor=ADA, at=FRIDAY).record


def due(record: Deal, clock: str = "answer", at: datetime = WEDNESDAY) -> Any:
    """Return when a clock is due."""
    return read_clock(TIMED.clock(clock)[1], record, at=at).due_at


def refused(function: Any, *arguments: Any, **asked: Any) -> list[str]:
    """Return everything that speaks against what is asked."""
    with pytest.raises(ClockRefusedError) as raised:
        function(TIMED, *arguments, **asked)
    return [problem.problem for problem in raised.value.problems]


class TestPausing:
    """A pause is an interval with a reason. Time 7; QL-25."""

    def test_a_paused_clock_waits(self) -> None:
        """MK-13, paused from Monday 17:00 to Wednesday 17:00: due on the 31st, not the 29th."""
        stopped = pause(
            TIMED, opened(), "answer", actor=EVA, at=MONDAY, reason="The customer is away."
        )
        assert due(stopped.record) is None
        gone_on = resume(TIMED, stopped.record, "answer", actor=EVA, at=WEDNESDAY)

        assert due(gone_on.record) == prague("2026-12-31T17:00")
        assert due(opened()) == prague("2026-12-29T17:00")

    def test_the_events(self) -> None:
        """Each leaves an event of its kind, with clock, actor and reason, and no effect."""
        stopped = pause(TIMED, opened(), "answer", actor=EVA, at=MONDAY, reason="Away.")
        gone_on = resume(TIMED, stopped.record, "answer", actor=EVA, at=WEDNESDAY, reason="Back.")

        for applied, kind, reason in (
            (stopped, EventKind.PAUSED, "Away."),
            (gone_on, EventKind.RESUMED, "Back."),
        ):
            event = applied.event
            assert (event.kind, event.clock, event.track) == (kind, "answer", None)
            assert (event.actor, event.reason, applied.effects) == (EVA, reason, ())

    def test_a_clock_of_a_track(self) -> None:
        """A clock of a track is asked for with the track's name."""
        begun = apply(TIMED, opened(), "poc.begin", actor=EVA, at=FRIDAY).record
        stopped = pause(TIMED, begun, "poc.ends", actor=EVA, at=MONDAY, reason="Away.")

        assert stopped.event.track == "poc"
        assert due(stopped.record, "poc.ends") is None
        assert due(stopped.record) is not None

    def test_what_was_due_is_settled_first(self) -> None:
        """What ran out before stays breached; the pause is refused, and nothing is written."""
        late = prague("2026-12-30T09:00")

        assert refused(pause, opened(), "answer", actor=EVA, at=late, reason="Late.") == [
            "clock `answer` has run out"
        ]

    @pytest.mark.parametrize(
        ("clock", "actor", "reason", "said"),
        [
            pytest.param(
                "answer", ADA, "", [
                    "`partner` may not pause clock `answer`", "no reason is given",
                ],
                id="the wrong role, and no reason",
            ),
            pytest.param(
                "poc.ends", EVA, "Away.", ["clock `ends` does not run"], id="not started",
            ),
            pytest.param(
                "plain", ADA, "", ["no reason is given", "clock `plain` is not paused by people"],
                id="a clock that nobody pauses",
            ),
        ],
    )  # fmt: skip
    def test_refusals(self, clock: str, actor: Actor, reason: str, said: list[str]) -> None:
        """A refusal names everything that speaks against it. BX-41."""
        assert refused(pause, opened(), clock, actor=actor, at=MONDAY, reason=reason) == said

    def test_a_refusal_says_who_may(self) -> None:
        """The remedy names the roles; the record is as it was."""
        record = opened()
        with pytest.raises(ClockRefusedError, match="Ask one of these: director, manager") as found:
            pause(TIMED, record, "answer", actor=ADA, at=MONDAY, reason="Away.")

        assert found.value.code == "clock.refused"
        assert str(found.value).startswith(
            "a pause of clock `answer` of record `d-1` has 1 problem"
        )
        assert record == opened()

    def test_twice(self) -> None:
        """A paused clock is not paused again, and one that runs cannot go on."""
        stopped = pause(TIMED, opened(), "answer", actor=EVA, at=MONDAY, reason="Away.").record

        assert refused(pause, stopped, "answer", actor=EVA, at=WEDNESDAY, reason="Again.") == [
            "clock `answer` is paused already"
        ]
        assert refused(resume, opened(), "answer", actor=ADA, at=MONDAY) == [
            "`partner` may not resume clock `answer`",
            "clock `answer` was not paused by a person",
        ]
        assert refused(resume, opened(), "plain", actor=EVA, at=MONDAY) == [
            "clock `plain` was not paused by a person"
        ]

    def test_a_person_and_a_stage(self) -> None:
        """A clock that a stage holds can be paused too; it runs when neither holds it."""
        waiting = apply(TIMED, opened(), "wait", actor=EVA, at=MONDAY).record
        stopped = pause(TIMED, waiting, "answer", actor=EVA, at=MONDAY, reason="Away.").record
        going = apply(TIMED, stopped, "go_on", actor=EVA, at=prague("2026-12-22T10:00")).record
        assert due(going) is None

        gone_on = resume(TIMED, going, "answer", actor=EVA, at=WEDNESDAY).record
        assert due(gone_on) == prague("2026-12-31T17:00")

    def test_after_the_record_has_ended(self) -> None:
        """A track that ended with the record has no clock to pause, and the main line's is met."""
        begun = apply(TIMED, opened(), "poc.begin", actor=EVA, at=FRIDAY).record
        won = apply(TIMED, begun, "win", actor=EVA, at=FRIDAY).record

        assert refused(pause, won, "poc.ends", actor=EVA, at=MONDAY, reason="Away.") == [
            "clock `ends` does not run",
            "clock `poc.ends` ended with the record",
        ]
        assert refused(pause, won, "answer", actor=EVA, at=MONDAY, reason="Away.") == [
            "clock `answer` does not run"
        ]

    def test_a_clock_that_a_fact_starts(self) -> None:
        """A clock that begins outside the record is read with the facts of the call."""
        paid = {"paid_at": FRIDAY.astimezone(UTC)}
        reading = read_clocks(TIMED, opened(), at=MONDAY, facts=paid)[1]

        assert reading.started_at == FRIDAY
        assert refused(pause, opened(), "plain", actor=EVA, at=MONDAY, reason="x", facts=paid)


class TestExtending:
    """More time, with approver and reason, under a policy. Time 7; SF-11, BX-4."""

    ACTIVE = opened(answered_at=FRIDAY)

    def extended(self, record: Deal, units: int = 3, **asked: Any) -> Applied[Deal]:
        """Return the record with more time for its answer."""
        given = {"actor": EVA, "at": MONDAY, "reason": "The customer asked for it.", **asked}
        return extend(TIMED, record, "answer", units=units, **given)

    def test_the_new_end(self) -> None:
        """Three business days more end on the fourth of January."""
        granted = self.extended(self.ACTIVE)

        assert due(granted.record) == prague("2027-01-04T17:00")
        assert granted.event.kind is EventKind.EXTENDED
        assert (granted.event.allowance, granted.event.reason) == (3, "The customer asked for it.")
        assert granted.record.trail[-1].actor == EVA

    def test_everything_at_once(self) -> None:
        """Role, reason, number, policy, and every criterion of its gates. BX-41."""
        mallory = Actor("m-2", role="partner")

        said = refused(extend, opened(), "answer", units=11, actor=mallory, at=MONDAY, reason="")
        assert said == [
            "`partner` may not extend clock `answer`",
            "no reason is given",
            "clock `answer` cannot be extended by 11",
            "`recorded(answered_at)` is unmet",
            "`actor.id != 'm-2'` is unmet",
        ]

    @pytest.mark.parametrize("units", [0, -1, True, 1.5, "3", None, 10**9])
    def test_what_is_no_number(self, units: Any) -> None:
        """A whole number of units is added, one or more."""
        said = refused(extend, self.ACTIVE, "answer", units=units, actor=EVA, at=MONDAY, reason="x")
        assert said == [f"`{units}` units cannot be added"]

    def test_count_and_total(self) -> None:
        """Two extensions are granted, and ten units in all. BX-4."""
        once = self.extended(self.ACTIVE, 4).record
        assert refused(extend, once, "answer", units=7, actor=EVA, at=MONDAY, reason="x") == [
            "clock `answer` cannot be extended by 7"
        ]
        twice = self.extended(once, 6).record
        assert refused(extend, twice, "answer", units=1, actor=EVA, at=MONDAY, reason="x") == [
            "clock `answer` cannot be extended again",
            "clock `answer` cannot be extended by 1",
        ]

    def test_the_utmost_end(self) -> None:
        """Beyond ``at_most`` nothing is granted. PC-8."""
        text = TEXT.replace("at_most = 20", "at_most = 7")
        strict = bind(parse_process(text), record=Deal, calendars={"vendor": PRAGUE})
        record = open_record(
            strict, Deal(id="d-1", answered_at=FRIDAY), actor=ADA, at=FRIDAY
        ).record

        extend(strict, record, "answer", units=2, actor=EVA, at=MONDAY, reason="x")
        with pytest.raises(ClockRefusedError, match="It ends after 7 at the latest"):
            extend(strict, record, "answer", units=3, actor=EVA, at=MONDAY, reason="x")

    def test_after_expiry(self) -> None:
        """A program that does not extend after expiry says so; the deal has moved on by then."""
        late = prague("2027-01-20T10:00")

        assert refused(extend, opened(), "expiry", units=3, actor=EVA, at=late, reason="x") == [
            "clock `expiry` has run out"
        ]

    def test_a_clock_that_is_never_extended(self) -> None:
        """Without a policy nobody may."""
        said = refused(extend, opened(), "plain", units=1, actor=EVA, at=MONDAY, reason="x")

        assert said == ["clock `plain` is never extended"]

    def test_past_what_the_calendar_knows(self) -> None:
        """An end that no calendar knows is an error, and nothing is written."""
        known = (date(2026, 1, 1), date(2026, 12, 31))
        short = timed(Calendar.from_holidays("CZ", tz="Europe/Prague", covers=known))
        record = open_record(short, Deal(id="d-1", answered_at=FRIDAY), actor=ADA, at=FRIDAY).record

        with pytest.raises(CalendarExhaustedError):
            extend(short, record, "answer", units=10, actor=EVA, at=MONDAY, reason="x")


class TestAll:
    """What holds for all three."""

    def history(self) -> tuple[Deal, list[Any]]:
        """Return a record with everything that happened to it."""
        first = open_record(TIMED, Deal(id="d-1", answered_at=FRIDAY), actor=ADA, at=FRIDAY)
        stopped = pause(TIMED, first.record, "answer", actor=EVA, at=MONDAY, reason="Away.")
        gone_on = resume(TIMED, stopped.record, "answer", actor=EVA, at=WEDNESDAY)
        granted = extend(
            TIMED, gone_on.record, "answer", units=2, actor=EVA, at=WEDNESDAY, reason="Asked."
        )
        # Settling comes first: the breach is written before the resumption.
        late = pause(
            TIMED, granted.record, "expiry", actor=EVA, at=prague("2027-01-12T10:00"), reason="x"
        )
        steps = (first, stopped, gone_on, granted, late)
        return late.record, [event for applied in steps for event in applied.events]

    def test_a_record_is_the_fold_of_its_events(self) -> None:
        """Pauses, resumptions and extensions fold like every event; settling came first."""
        record, events = self.history()

        assert fold(Deal, events, parts=TIMED.parts) == record
        assert [event.kind.value for event in events] == [
            "opened",
            "paused",
            "resumed",
            "extended",
            "breached",
            "paused",
        ]

    def test_their_events_are_sealed(self) -> None:
        """They stand in the chain of digests like every event."""
        _, events = self.history()
        sealed = seal(events)

        verify_seals(sealed)
        assert len({event.digest for event in sealed}) == len(events)

    @pytest.mark.parametrize(
        ("asked", "error"),
        [
            pytest.param({"clock": "anser"}, UnknownNameError, id="no such clock"),
            pytest.param({"at": datetime(2026, 12, 21)}, NaiveDatetimeError, id="no zone"),  # noqa: DTZ001 # what is refused
            pytest.param({"at": FRIDAY - timedelta(days=1)}, OutOfOrderError, id="before"),
            pytest.param({"facts": {"paid": FRIDAY}}, InvalidDataError, id="no such fact"),
            pytest.param({"reason": "x" * 30_000}, InvalidDataError, id="a reason without end"),
            pytest.param({"record": Deal(id="d-2")}, WrongProcessError, id="not opened"),
        ],
    )
    def test_mistakes(self, asked: dict[str, Any], error: type[Exception]) -> None:
        """A wrong call is an error of cosell's own."""
        given = {"record": opened(), "clock": "answer", "at": MONDAY, "reason": "x", **asked}
        record, clock = given.pop("record"), given.pop("clock")
        for function, more in ((pause, {}), (resume, {}), (extend, {"units": 1})):
            with pytest.raises(error):
                function(TIMED, record, clock, actor=EVA, **given, **more)  # type: ignore[operator] # each takes these
