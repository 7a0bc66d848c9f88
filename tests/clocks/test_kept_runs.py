"""A record that is read again is not folded again, and reads the same."""

from __future__ import annotations

import copy
import gc
from datetime import timedelta
from typing import Any

import pytest

from clock_samples import compiled, deal, opened, paused, prague, resumed
from cosell.clocks import CompiledClock, read_clock
from cosell.clocks.history import latest_run
from cosell.clocks.kept import Kept

START = "2026-11-02T09:00"
LATER = prague("2026-11-05T09:00")


@pytest.fixture
def clock() -> CompiledClock:
    """Return a clock that has kept nothing yet."""
    return compiled()


def kept_by(clock: CompiledClock) -> dict[int, Kept]:
    """Return what a clock keeps."""
    assert clock.kept is not None
    return clock.kept._by_id


class TestKept:
    """What is kept, and for how long."""

    def test_the_same_record_has_the_same_run(self, clock: CompiledClock) -> None:
        """A later moment is answered from the run that was folded before."""
        record = deal(opened(START))
        run = latest_run(clock, record, until=LATER, facts=None)

        assert latest_run(clock, record, until=LATER + timedelta(days=9), facts=None) is run

    def test_an_equal_record_is_another(self, clock: CompiledClock) -> None:
        """A copy is folded by itself, and reads the same."""
        record = deal(opened(START))
        run = latest_run(clock, record, until=LATER, facts=None)

        assert latest_run(clock, copy.copy(record), until=LATER, facts=None) is not run
        assert read_clock(clock, copy.copy(record), at=LATER) == read_clock(clock, record, at=LATER)

    def test_that_nothing_ran_is_kept_too(self, clock: CompiledClock) -> None:
        """A clock that was never started is looked for once."""
        record = deal()
        found = [latest_run(clock, record, until=LATER, facts=None) for _ in range(2)]

        assert found == [None, None]
        assert len(kept_by(clock)) == 1

    def test_a_moment_before_the_last_thing_that_happened(self, clock: CompiledClock) -> None:
        """What happened later has not happened yet, however often the record was read."""
        record = deal(opened(START), paused("2026-11-04T09:00"))
        before = prague("2026-11-03T09:00")

        states = [read_clock(clock, record, at=at).state.value for at in (LATER, before, LATER)]

        assert states == ["paused", "running", "paused"]

    def test_nothing_outlives_its_record(self, clock: CompiledClock) -> None:
        """When a record is gone, so is what was kept for it."""
        record = deal(opened(START))
        read_clock(clock, record, at=LATER)
        assert len(kept_by(clock)) == 1

        del record
        gc.collect()

        assert not kept_by(clock)

    def test_only_so_many_are_kept(self, clock: CompiledClock) -> None:
        """Whoever reads a great many records holds no run for each of them."""
        records = [deal(opened(START)) for _ in range(300)]
        for record in records:
            read_clock(clock, record, at=LATER)

        assert 0 < len(kept_by(clock)) <= 128

    def test_a_copied_clock_keeps_nothing_yet(self, clock: CompiledClock) -> None:
        """What is kept stays with the clock."""
        record = deal(opened(START))
        read_clock(clock, record, at=LATER)

        assert not kept_by(copy.deepcopy(clock))

    @pytest.mark.parametrize(
        "settings",
        [
            pytest.param(
                {"repeats": "from_end", "cancel": ["left('registered')"]}, id="a_clock_that_repeats"
            ),
            pytest.param({"start": ["submitted_at"]}, id="a_clock_that_a_field_starts"),
        ],
    )
    def test_what_depends_on_more_than_the_trail_is_not_kept(
        self, settings: dict[str, Any]
    ) -> None:
        """Such a run may be another one a moment later."""
        assert compiled(**settings).kept is None


def test_resuming_is_a_new_record(clock: CompiledClock) -> None:
    """A record with one line more in its trail is not taken for the one before."""
    held = deal(opened(START), paused("2026-11-03T09:00"))
    assert read_clock(clock, held, at=LATER).due_at is None

    going = held.model_copy(
        update={"trail": deal(opened(START), paused("2026-11-03T09:00"), resumed(LATER)).trail}
    )

    assert read_clock(clock, going, at=LATER).due_at is not None
