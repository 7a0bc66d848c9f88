"""Events, the trail, commits: their parts fit together, and come back from JSON as they were."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from cosell.events import (
    Actor,
    Claim,
    Commit,
    Effect,
    Event,
    EventKind,
    ProcessRef,
    Snapshot,
    TrailEntry,
)

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ME = Actor("p-7", role="partner", party="acme")
MAKE = ProcessRef(id="make", version=3, digest="d" * 64)


def an_event(seq: int, record_id: str = "o-1") -> Event:
    return Event(
        record_id=record_id, seq=seq, kind=EventKind.MOVED, at=NOON, actor=ME, process=MAKE
    )


def a_commit(**parts: Any) -> Commit:
    return Commit.model_validate(
        {
            "record": Snapshot(
                id="o-1",
                version=2,
                process=MAKE,
                stage="open",
                ended=False,
                digest="d",
                last_at=NOON,
                body="{}",
            ),
            "expected_version": 1,
            "events": (an_event(2),),
            "effects": (Effect(id="o-1/2/1", record_id="o-1", kind="tell"),),
            "claims": (Claim(key="a", holder="o-1"),),
            "party": "acme",
            "command_digest": "d",
            "answer": "",
            **parts,
        }
    )


class TestActor:
    """Who asks is given by the host."""

    def test_the_id_comes_first(self) -> None:
        """The id has no name in the call; role and party have."""
        assert Actor.model_validate({"id": "p-7", "role": "partner", "party": "acme"}) == ME
        assert Actor("p-7", role="partner").party is None
        assert Actor.model_validate_json(ME.model_dump_json()) == ME

    @pytest.mark.parametrize(
        "fields", [{"role": "Partner"}, {"role": "partner", "party": ""}, {}], ids=repr
    )
    def test_what_is_no_actor_is_refused(self, fields: dict[str, str]) -> None:
        """A role is a name of the process, a party an id."""
        with pytest.raises(ValidationError):
            Actor("p-7", **fields)  # type: ignore[arg-type]  # that is the point

    def test_an_id_is_needed(self) -> None:
        """Nobody is no actor."""
        with pytest.raises(ValidationError):
            Actor(role="partner")  # type: ignore[call-arg]  # that is the point


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        pytest.param({"expected_version": 0}, "version is not", id="another version"),
        pytest.param({"events": (an_event(3),)}, "not numbered", id="a gap in the numbers"),
        pytest.param(
            {"events": (an_event(2, "o-2"),)}, "another record", id="an event of another record"
        ),
        pytest.param(
            {"effects": (Effect(id="o-1/2/1", record_id="o-2", kind="tell"),)},
            "another record",
            id="an effect of another record",
        ),
        pytest.param(
            {"claims": (Claim(key="a", holder="o-2"),)}, "another record", id="another's claim"
        ),
        pytest.param(
            {"effects": (Effect(id="o-1/2/1", record_id="o-1", kind="tell"),) * 2},
            "same id",
            id="one effect twice",
        ),
        pytest.param(
            {"effects": (Effect(id="o-1/9/1", record_id="o-1", kind="tell"),)},
            "not that of one of the events",
            id="an effect of no event",
        ),
    ],
)
def test_a_commit_that_does_not_fit_together_is_refused(parts: dict[str, Any], said: str) -> None:
    """Stores rely on the parts of a commit: they are checked when it is made."""
    with pytest.raises(ValidationError, match=said):
        a_commit(**parts)


def test_a_commit_that_fits_together_is_made() -> None:
    """Events follow the expected version, effects and claims are the record's own."""
    assert a_commit().record.version == 2
    assert a_commit(effects=(), claims=()).effects == ()


def test_an_event_comes_back_from_json() -> None:
    """What an event says survives a store."""
    event = an_event(2).model_copy(update={"changes": {"acv": {"amount": "1", "currency": "USD"}}})

    assert Event.model_validate_json(event.model_dump_json()) == event


def test_a_line_of_the_trail_has_nothing_that_an_event_has_not() -> None:
    """The trail is the events, shortened."""
    assert set(TrailEntry.model_fields) < set(Event.model_fields)
