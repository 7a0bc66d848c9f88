"""Clocks at the desk: commands with keys, ticks that starve nobody, and looking at all again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from clock_samples import PRAGUE, Deal, prague
from cosell.calendars import Calendar
from cosell.clocks import Correction, Scope
from cosell.definition import parse_process
from cosell.desk import AsyncDesk, Desk, FactsError
from cosell.engine import Bound, bind, fold, verify_seals
from cosell.errors import (
    CalendarExhaustedError,
    ClockRefusedError,
    KeyReusedError,
    NaiveDatetimeError,
    OutOfOrderError,
    UnknownNameError,
)
from cosell.events import Actor, EventKind
from cosell.stores import AsyncStoreAdapter, MemoryStore, SqliteStore

TEXT = """
id = "promised"
version = 1
record = "Deal"
zone = "Europe/Prague"
calendars = ["vendor"]
initial = "registered"
roles = { partner = "Partner", manager = "Manager" }
effects = { warn = "Warn" }

[facts]
paid_at = "instant"

[[stages]]
id = "registered"

[[stages]]
id = "won"
kind = "won"

[[transitions]]
trigger = "win"
source = "registered"
target = "won"
roles = ["manager"]

[[clocks]]
id = "answer"
calendar = "vendor"
allowance = 5
unit = "business_days"
ends = "close"
start = ["submitted_at"]
stop = ["moved('win')"]
pauses = { roles = ["manager"] }
extensions = { roles = ["manager"] }
steps = [{ id = "half", at = 0.5, effects = [{ kind = "warn" }] }]
on_breach = { effects = [{ kind = "warn" }] }

[[clocks]]
id = "payout"
allowance = 30
unit = "calendar_days"
start = ["facts.paid_at"]
"""

EVA = Actor("m-1", role="manager", party="vendor")
FRIDAY = prague("2026-12-18T15:00")
MONDAY = prague("2026-12-21T10:00")
FAR = prague("2027-02-01T10:00")


def promised(calendar: Calendar = PRAGUE, **asked: Any) -> Bound:
    """Return the process, bound."""
    return bind(parse_process(TEXT), record=Deal, calendars={"vendor": calendar}, **asked)


PROMISED = promised()


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """Return each of the stores that ship, empty."""
    if request.param == "memory":
        yield MemoryStore()
    else:
        with SqliteStore(tmp_path / "deals.db") as opened:
            yield opened


class Awaited:
    """An asynchronous desk whose every command is awaited at once."""

    def __init__(self, desk: AsyncDesk) -> None:
        self._desk = desk

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """Return a command that waits for its answer."""
        command = getattr(self._desk, name)
        return lambda *arguments, **named: asyncio.run(command(*arguments, **named))


def open_deals(desk: Any, count: int = 1) -> list[str]:
    """Open deals that wait for an answer, and return their ids."""
    ids = [f"d-{number:03}" for number in range(count)]
    for record_id in ids:
        desk.open(Deal(id=record_id, submitted_at=FRIDAY), actor=EVA, at=FRIDAY)
    return ids


@pytest.mark.parametrize("kind", ["desk", "awaited desk"])
class TestCommands:
    """Pause, resume and extend at both kinds of desk. Time 7."""

    @pytest.fixture
    def desk(self, kind: str, store: Any) -> Any:
        """Return a desk with one deal."""
        if kind == "desk":
            desk: Any = Desk([PROMISED], store)
        else:
            desk = Awaited(AsyncDesk([PROMISED], AsyncStoreAdapter(store)))
        open_deals(desk)
        return desk

    def test_what_they_leave_behind(self, desk: Any) -> None:
        """The stored record is the fold of its sealed events, and its clock reads accordingly."""
        desk.pause("d-000", "answer", actor=EVA, at=MONDAY, reason="Away.")
        assert desk.clocks("d-000", at=MONDAY)[0].due_at is None
        assert desk.tick(at=FAR).answers == ()
        later = prague("2027-02-01T12:00")
        desk.resume("d-000", "answer", actor=EVA, at=later)
        answer = desk.extend("d-000", "answer", units=2, actor=EVA, at=later, reason="Asked.")

        assert answer.events[-1].kind is EventKind.EXTENDED
        history = desk.history("d-000")
        verify_seals(history)
        assert fold(Deal, history) == desk.load("d-000") == answer.record
        assert desk.clocks("d-000", at=later)[0].due_at == prague("2027-02-09T17:00")

    def test_a_resumed_clock_is_due_again(self, desk: Any) -> None:
        """The store is told when it must be ticked next: not while it is paused, and then again."""
        desk.pause("d-000", "answer", actor=EVA, at=MONDAY, reason="Away.")
        desk.resume("d-000", "answer", actor=EVA, at=prague("2026-12-23T18:00"))

        kinds = [event.kind.value for event in desk.tick(at=FAR).answers[0].events]
        assert kinds == ["stepped", "breached"]

    def test_a_repeated_command_is_done_once(self, desk: Any) -> None:
        """The same key gives the first answer again; the same key for another one is an error."""
        asked = {"actor": EVA, "at": MONDAY, "key": "k-1"}
        first = desk.pause("d-000", "answer", reason="Away.", **asked)
        again = desk.pause("d-000", "answer", reason="Away.", **{**asked, "at": FAR})

        assert (first.repeated, again.repeated) == (False, True)
        assert again.record == first.record
        assert [event.digest for event in again.events] == [event.digest for event in first.events]
        with pytest.raises(KeyReusedError):
            desk.pause("d-000", "answer", reason="Another.", **asked)
        with pytest.raises(KeyReusedError):
            desk.resume("d-000", "answer", **asked)
        with pytest.raises(KeyReusedError):
            desk.extend("d-000", "answer", units=1, reason="Away.", **asked)

    def test_a_refusal_is_not_kept(self, desk: Any) -> None:
        """What was refused can be asked again under its key, and nothing was written."""
        partner = Actor("p-7", role="partner", party="vendor")
        for command, more in (
            (desk.pause, {"reason": "x"}),
            (desk.resume, {}),
            (desk.extend, {"units": 1, "reason": "x"}),
        ):
            with pytest.raises(ClockRefusedError, match="`partner` may not"):
                command("d-000", "answer", actor=partner, at=MONDAY, key="k-2", **more)
        assert desk.load("d-000").version == 1

        done = desk.pause("d-000", "answer", actor=EVA, at=MONDAY, reason="x", key="k-2")
        assert (done.repeated, done.record.version) == (False, 2)

    def test_order(self, desk: Any) -> None:
        """A command is not dated before the record's last event, whatever it was."""
        desk.change("d-000", {"name": "Other"}, actor=EVA, at=MONDAY)

        for command, more in (
            (desk.pause, {"reason": "x"}),
            (desk.resume, {}),
            (desk.extend, {"units": 1, "reason": "x"}),
        ):
            with pytest.raises(OutOfOrderError):
                command("d-000", "answer", actor=EVA, at=FRIDAY, **more)

    def test_recalculating(self, desk: Any) -> None:
        """Every record is looked at; where nothing was corrected, nothing changes."""
        found = desk.recalculate(at=MONDAY)

        assert (found.count, found.changed, found.failed) == (1, (), ())
        assert desk.load("d-000").version == 1


class TestTicks:
    """Each step once, dated at its own instant, however often and however late. Time 9."""

    def test_records_that_fail_do_not_starve_the_others(self, store: Any) -> None:
        """Though the failing ones are due first and each tick is small, all others are ticked."""
        desk = Desk([PROMISED], store)
        ids = open_deals(desk, 12)
        broken = set(ids[:5])

        def facts_for(record_id: str) -> Mapping[str, Any] | None:
            if record_id in broken:
                raise RuntimeError("the ledger is away")
            return None

        done: list[str] = []
        for _ in range(6):
            ticked = desk.tick(at=FAR, facts_for=facts_for, limit=2)
            done += [answer.id for answer in ticked.answers]
            assert {record_id for record_id, _ in ticked.failed} <= broken
        assert sorted(done) == ids[5:]
        failed = desk.tick(at=FAR, facts_for=facts_for).failed
        assert {record_id for record_id, _ in failed} == broken
        assert all(isinstance(error, FactsError) for _, error in failed)

        healed = desk.tick(at=FAR)
        assert sorted(answer.id for answer in healed.answers) == sorted(broken)
        assert desk.tick(at=FAR).answers == ()

    @pytest.mark.parametrize("hours", [7, 24, 24 * 40])
    def test_the_pace_does_not_matter(self, store: Any, hours: int) -> None:
        """Ticked by the hour, by the day or once: the same events at the same instants."""
        desk = Desk([PROMISED], store)
        (record_id,) = open_deals(desk)
        at = FRIDAY.astimezone(UTC)
        while at < FAR:
            desk.tick(at=at)
            at += timedelta(hours=hours)
        desk.tick(at=FAR)

        assert [(event.kind.value, event.at) for event in desk.history(record_id)[1:]] == [
            ("stepped", prague("2026-12-23T17:00")),
            ("breached", prague("2026-12-29T17:00")),
        ]

    def test_two_desks_at_once(self, store: Any) -> None:
        """Whoever is faster writes; no step is lost, and none is written twice."""
        desks = [Desk([PROMISED], store) for _ in range(2)]
        ids = open_deals(desks[0], 20)
        for at in (prague("2026-12-24T00:00"), FAR):
            with ThreadPoolExecutor(2) as pool:
                ticked = list(pool.map(lambda desk, at=at: desk.tick(at=at), desks))
            # Who loses a race five times in a row says so; the other one did it.
            failed = {record_id for each in ticked for record_id, _ in each.failed}
            assert failed <= {answer.id for each in ticked for answer in each.answers}

        for record_id in ids:
            kinds = [event.kind.value for event in store.history(record_id)]
            assert kinds == ["opened", "stepped", "breached"]
        effects = store.lease(1_000, until=FAR, at=FRIDAY)
        assert len({effect.id for effect in effects}) == len(effects) == 2 * len(ids)

    def test_a_tick_and_a_move_at_once(self, store: Any) -> None:
        """A move settles what a tick would have done: once, whoever comes first."""
        desk = Desk([PROMISED], store)
        ids = open_deals(desk, 10)
        with ThreadPoolExecutor(2) as pool:
            ticking = pool.submit(desk.tick, at=FAR)
            moving = pool.submit(
                lambda: [desk.move(each, "win", actor=EVA, at=FAR) for each in ids]
            )
            ticking.result()
            moving.result()

        for record_id in ids:
            kinds = [event.kind.value for event in store.history(record_id)]
            assert kinds == ["opened", "stepped", "breached", "moved"]


class TestRecalculating:
    """A corrected calendar, or a fact that became known. Time 9."""

    CORRECTED = PRAGUE.override(prague("2026-12-28T00:00").date(), None, name="Mourning")

    def test_a_new_holiday(self, store: Any) -> None:
        """The open clocks are due a day later; the records are as they were."""
        open_deals(Desk([PROMISED], store), 3)
        desk = Desk([promised(self.CORRECTED)], store)
        # What the store says is still by the calendar of then.
        assert store.due(prague("2026-12-23T17:00"), 10)
        found = desk.recalculate(at=MONDAY, before=[PROMISED])

        assert found.count == 3
        shifts = [shift for each in found.changed for shift in each.shifts]
        assert [shift.clock for shift in shifts] == ["answer"] * 3
        assert {shift.changes["due_at"] for shift in shifts} == {
            (prague("2026-12-29T17:00"), prague("2026-12-30T17:00"))
        }
        assert [desk.load(each.record_id).version for each in found.changed] == [1, 1, 1]
        ticked = desk.tick(at=FAR)
        assert {event.at for answer in ticked.answers for event in answer.events} == {
            prague("2026-12-23T17:00"),
            prague("2026-12-30T17:00"),
        }

    def test_what_was_promised_is_kept(self, store: Any) -> None:
        """With the scope `keep` what was promised before the correction stays."""
        open_deals(Desk([PROMISED], store))
        before = Correction({"vendor": PRAGUE}, MONDAY, Scope.KEEP)
        desk = Desk([promised(self.CORRECTED, corrections=[before])], store)
        desk.open(Deal(id="later", submitted_at=FAR), actor=EVA, at=MONDAY)

        assert desk.recalculate(at=MONDAY, before=[PROMISED]).changed == ()
        assert desk.clocks("d-000", at=MONDAY)[0].due_at == prague("2026-12-29T17:00")

    def test_the_store_learns_when_to_tick(self, store: Any) -> None:
        """A fact that became known starts a clock; from then on its record is due."""
        desk = Desk([PROMISED], store)
        (record_id,) = open_deals(desk)
        desk.tick(at=FAR)
        assert store.due(prague("2027-12-01T00:00"), 10) == []

        def facts_for(_: str) -> Mapping[str, Any]:
            return {"paid_at": datetime(2027, 2, 1, tzinfo=UTC)}

        found = desk.recalculate(at=FAR, facts_for=facts_for, only=[record_id])
        assert (found.count, found.changed) == (1, ())
        ticked = desk.tick(at=prague("2027-03-10T00:00"), facts_for=facts_for)
        assert [event.clock for event in ticked.answers[0].events] == ["payout"]

    def test_ended_records_are_looked_at_if_it_is_asked(self, store: Any) -> None:
        """A record whose main line has ended is left out, unless all are wanted."""
        desk = Desk([PROMISED], store)
        ids = open_deals(desk, 3)
        desk.move(ids[0], "win", actor=EVA, at=MONDAY)

        assert desk.recalculate(at=MONDAY).count == 2
        assert desk.recalculate(at=MONDAY, open_only=False).count == 3

    def test_records_that_fail_are_named(self, store: Any) -> None:
        """One that cannot be looked at does not keep the others from it."""
        desk = Desk([PROMISED], store)
        ids = open_deals(desk, 2)
        desk.change(ids[0], {"name": "Other"}, actor=EVA, at=FAR)
        found = desk.recalculate(at=MONDAY, only=[*ids, "none"])

        assert [(record_id, type(error).__name__) for record_id, error in found.failed] == [
            (ids[0], "OutOfOrderError"),
            ("none", "RecordNotFoundError"),
        ]

    def test_a_calendar_that_knows_too_little(self, store: Any) -> None:
        """A record that the new calendar does not reach is named, with the reason."""
        open_deals(Desk([PROMISED], store))
        days = (FRIDAY.date(), prague("2026-12-24T00:00").date())
        short = Calendar.from_holidays("CZ", tz="Europe/Prague", covers=days)
        found = Desk([promised(short)], store).recalculate(at=MONDAY)

        assert [type(error) for _, error in found.failed] == [CalendarExhaustedError]

    def test_a_moment_has_a_zone(self, store: Any) -> None:
        """A naive moment is refused at once."""
        with pytest.raises(NaiveDatetimeError):
            Desk([PROMISED], store).recalculate(at=datetime(2026, 12, 21))  # noqa: DTZ001 # this is what is refused

    def test_more_records_than_a_page(self, store: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        """All records are looked at, a page after the other."""
        monkeypatch.setattr("cosell.desk.recalculation._PAGE", 4)
        desk = Desk([PROMISED], store)
        open_deals(desk, 9)

        assert desk.recalculate(at=MONDAY).count == 9


def test_a_clock_that_does_not_exist(store: Any) -> None:
    """A command for an unknown clock says which there are."""
    desk = Desk([PROMISED], store)
    open_deals(desk)

    with pytest.raises(UnknownNameError, match="Did you mean `answer`"):
        desk.pause("d-000", "anser", actor=EVA, at=MONDAY, reason="x")
