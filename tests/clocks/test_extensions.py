"""Extensions: what they add, from where it counts, and what a policy holds against them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from clock_samples import Deal, compiled, deal, extended, moved, opened, paused, prague
from cosell.clocks import ClockState, problems_in_extension, read_clock

REGISTERED = "2026-12-18T15:00"  # due on 2026-12-29
BEFORE = "2026-12-22T10:00"
AFTER = "2027-01-04T10:00"
FAR = prague("2027-03-01T00:00")


@pytest.mark.parametrize(
    ("policy", "granted", "units", "due_on"),
    [
        pytest.param({}, BEFORE, 5, "2027-01-06", id="BX-4: from the end"),
        pytest.param({"counts_from": "grant"}, BEFORE, 5, "2026-12-31", id="BX-4: from the grant"),
        pytest.param({}, AFTER, 5, "2026-12-29", id="SF-11: after expiry, not by this program"),
        pytest.param({"after_expiry": True}, AFTER, 6, "2027-01-07", id="after expiry"),
        pytest.param(
            {"after_expiry": True, "counts_from": "grant"}, AFTER, 5, "2027-01-11", id="from then"
        ),
    ],
)
def test_the_new_end(policy: dict[str, Any], granted: str, units: int, due_on: str) -> None:
    """An extension adds business days to the allowance, counted from where the policy says."""
    record = deal(opened(REGISTERED), extended(granted, units))

    reading = read_clock(compiled(extensions=policy), record, at=FAR)

    assert reading.due_on == date.fromisoformat(due_on)


def test_a_clock_that_ran_out_runs_again() -> None:
    """Extended after expiry, where that is allowed, it is no longer breached until its new end."""
    record = deal(opened(REGISTERED), extended(AFTER, 5))
    clock = compiled(extensions={"after_expiry": True, "counts_from": "grant"})

    assert read_clock(clock, record, at=prague(AFTER)).state is ClockState.RUNNING
    assert read_clock(clock, record, at=FAR).state is ClockState.BREACHED


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([extended("2026-12-17T10:00", 5), opened(REGISTERED)], id="before the start"),
        pytest.param(
            [opened(REGISTERED), moved(BEFORE, "accepted"), extended(AFTER, 5)], id="after the end"
        ),
        pytest.param([opened(REGISTERED), extended(BEFORE, 5, clock="other")], id="another clock"),
    ],
)
def test_what_extends_nothing(lines: list[dict[str, Any]]) -> None:
    """An extension of a clock that does not run, or of another one, changes nothing."""
    assert read_clock(compiled(), deal(*lines), at=FAR).due_on == date(2026, 12, 29)


def test_an_extension_without_a_number() -> None:
    """A line that lost its number adds nothing."""
    line = extended(BEFORE, 5) | {"allowance": None}

    assert read_clock(compiled(), deal(opened(REGISTERED), line), at=FAR).due_on == date(
        2026, 12, 29
    )


def test_pauses_and_extensions_add_up() -> None:
    """A paused day comes on top of what was added."""
    record = deal(
        opened(REGISTERED),
        paused("2026-12-21T10:00"),
        {**paused("2026-12-22T10:00"), "kind": "resumed"},
        extended("2026-12-22T11:00", 1),
    )

    assert read_clock(compiled(extensions={}), record, at=FAR).due_on == date(2026, 12, 31)


class TestPolicy:
    """Everything that a policy holds against an extension, at once. Time 7; BX-4."""

    @staticmethod
    def problems(record: Deal, policy: dict[str, Any] | None, at: str, units: int = 1) -> list[str]:
        """Return what keeps a clock from being extended."""
        clock = compiled(extensions=policy)
        found = problems_in_extension(clock, record, units=units, at=prague(at))
        return [problem.problem for problem in found]

    def test_without_a_policy(self) -> None:
        """A clock without a policy is never extended, and a number below one extends nothing."""
        assert self.problems(deal(opened(REGISTERED)), None, BEFORE, units=0) == [
            "`0` units cannot be added",
            "clock `answer` is never extended",
        ]

    def test_within_the_policy(self) -> None:
        """Nothing is held against an extension that the policy allows."""
        policy = {"count": 2, "total": 10}
        record = deal(opened(REGISTERED), extended(BEFORE, 5))

        assert self.problems(record, policy, "2026-12-23T10:00", units=5) == []

    def test_beyond_count_and_total(self) -> None:
        """Count and total are both named, with what is left."""
        policy = {"count": 1, "total": "days"}
        record = deal(opened(REGISTERED), extended(BEFORE, 4))

        assert self.problems(record, policy, "2026-12-23T10:00", units=2) == [
            "clock `answer` cannot be extended again",
            "clock `answer` cannot be extended by 2",
        ]

    @pytest.mark.parametrize(
        ("policy", "said"),
        [
            pytest.param({}, ["clock `answer` has run out"], id="not after expiry"),
            pytest.param({"after_expiry": True}, [], id="SF-11: also after expiry"),
        ],
    )
    def test_after_expiry(self, policy: dict[str, Any], said: list[str]) -> None:
        """Whether a clock that ran out may be extended is the program's choice."""
        assert self.problems(deal(opened(REGISTERED)), policy, AFTER) == said

    @pytest.mark.parametrize(
        "record",
        [
            pytest.param(deal(), id="not started"),
            pytest.param(deal(opened(REGISTERED), moved(BEFORE, "accepted")), id="over"),
        ],
    )
    def test_a_clock_that_does_not_run(self, record: Deal) -> None:
        """Only a clock that runs can be extended."""
        assert self.problems(record, {}, BEFORE) == ["clock `answer` does not run"]
