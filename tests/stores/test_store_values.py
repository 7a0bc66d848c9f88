"""Commits fit together, moments become numbers exactly, errors travel, calls can be awaited."""

from __future__ import annotations

import asyncio
import pickle
import threading
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from cosell.errors import CosellError, NaiveDatetimeError
from cosell.events import Claim, Commit, Effect
from cosell.stores import (
    AsyncStoreAdapter,
    EntryExistsError,
    KeyKeptError,
    MemoryStore,
    StoreBusyError,
    StoreError,
)
from cosell.stores._codec import microseconds, require_limit
from cosell.testing._samples import NOON, a_commit, an_event

offsets = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(timezones=offsets)


def _effect(effect_id: str, record_id: str = "r-1") -> Effect:
    return Effect(id=effect_id, record_id=record_id, kind="notify")


class TestCommitFitsTogether:
    """A commit whose parts contradict each other cannot be made."""

    @pytest.mark.parametrize(
        ("parts", "problem"),
        [
            pytest.param(
                {"record": {"version": 3}}, "not that of its last event", id="version and events"
            ),
            pytest.param(
                {"events": (an_event("r-1", 2),)}, "numbered from", id="a number that was left out"
            ),
            pytest.param(
                {"events": (an_event("r-1", 1), an_event("r-1", 1))},
                "numbered from",
                id="a number that comes twice",
            ),
            pytest.param(
                {"events": (an_event("r-2", 1),)}, "another record", id="an event of another"
            ),
            pytest.param(
                {"effects": (_effect("r-1/1/1", "r-2"),)}, "another record", id="its effect"
            ),
            pytest.param(
                {"claims": (Claim(key="c", holder="r-2"),)}, "another record", id="its claim"
            ),
            pytest.param(
                {"effects": (_effect("r-1/1/1"), _effect("r-1/1/1"))},
                "the same id",
                id="an effect that comes twice",
            ),
            pytest.param(
                {"effects": (_effect("r-1/2/1"),)}, "not that of one", id="an effect of no event"
            ),
            pytest.param({"effects": (_effect("e-1"),)}, "not that of one", id="a free effect id"),
        ],
    )
    def test_what_does_not_fit_is_refused(self, parts: dict[str, Any], problem: str) -> None:
        """The problem is named, and stores never meet it."""
        whole = {name: getattr(a_commit(), name) for name in Commit.model_fields}
        record = whole["record"].model_copy(update=parts.pop("record", {}))
        if len(parts.get("events", ())) == 2:
            record = record.model_copy(update={"version": 2})
        with pytest.raises(ValidationError, match=problem):
            Commit(**{**whole, "record": record, **parts})

    def test_the_longest_id_has_effects_too(self) -> None:
        """An effect's id may be longer than the id of its record."""
        commit = a_commit("r" * 200, effects=1)
        assert commit.effects[0].id == "r" * 200 + "/1/1"


class TestMoments:
    """Moments as numbers."""

    @given(one=moments, other=moments)
    def test_numbers_sort_as_moments_do(self, one: datetime, other: datetime) -> None:
        """Whatever the offsets, and however far back."""
        found = microseconds(one, "at"), microseconds(other, "at")
        assert (found[0] < found[1], found[0] == found[1]) == (one < other, one == other)

    @given(at=moments)
    def test_a_number_is_exact(self, at: datetime) -> None:
        """The moment can be had back to the microsecond."""
        again = datetime(1970, 1, 1) + timedelta(microseconds=microseconds(at, "at"))  # noqa: DTZ001 - wall time in UTC
        assert again - at.replace(tzinfo=None) == -(at.utcoffset() or timedelta())

    def test_the_ends_of_time_are_numbers(self) -> None:
        """The first and last moment of all, in the zones that reach beyond them."""
        east, west = timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))
        first = microseconds(datetime.min.replace(tzinfo=east), "at")
        last = microseconds(datetime.max.replace(tzinfo=west), "at")
        assert -(2**63) < first < microseconds(datetime.min.replace(tzinfo=UTC), "at")
        assert microseconds(datetime.max.replace(tzinfo=UTC), "at") < last < 2**63

    def test_a_moment_without_a_zone_is_refused(self) -> None:
        """The error names the argument."""
        with pytest.raises(NaiveDatetimeError, match="`until` has no time zone"):
            microseconds(NOON.replace(tzinfo=None), "until")

    @pytest.mark.parametrize(("limit", "wanted"), [(1, 1), (7, 7), (2**63, 2**63 - 1)])
    def test_a_limit_fits_every_database(self, limit: int, wanted: int) -> None:
        """A limit beyond the largest number is the largest number."""
        assert require_limit(limit) == wanted


class TestErrors:
    """Errors of stores."""

    @pytest.mark.parametrize(
        ("error", "text"),
        [
            pytest.param(
                KeyKeptError("r-1", "acme", "k"),
                "key `k` of `acme` on record `r-1` has an answer already."
                " Read the answer that is kept under it.",
                id="key.kept",
            ),
            pytest.param(
                EntryExistsError("e"),
                "ledger entry `e` was written before."
                " Read the ledger again: what this entry would say has been said.",
                id="entry.exists",
            ),
            pytest.param(
                StoreError("deals.db", "is full", "Make room."),
                "store `deals.db` is full. Make room.",
                id="store.unusable",
            ),
            pytest.param(
                StoreBusyError("deals.db"),
                "store `deals.db` is busy. Try again; allow a longer wait if it happens often.",
                id="store.busy",
            ),
        ],
    )
    def test_an_error_says_what_to_do_and_travels(
        self, error: CosellError, text: str, request: pytest.FixtureRequest
    ) -> None:
        """The text is stable, and so is the code; pickling keeps both."""
        assert str(error) == text
        assert error.code in request.node.name
        assert pickle.loads(pickle.dumps(error)) == error  # noqa: S301 - our own pickle


class TestAwaited:
    """A store awaited through a thread."""

    def test_a_commit_that_nobody_waits_for_is_still_carried_out(self) -> None:
        """Cancelling ends the waiting, not the work."""
        go_on = threading.Event()

        class Slow(MemoryStore):
            def commit(self, commit: Commit) -> None:
                go_on.wait(60)
                super().commit(commit)

        store = AsyncStoreAdapter(Slow())

        async def give_up() -> None:
            task = asyncio.create_task(store.commit(a_commit(key="k")))
            await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            go_on.set()

        asyncio.run(give_up())  # waits for its threads before it returns
        assert store.store.kept("r-1", "acme", "k") is not None

    def test_errors_come_through(self) -> None:
        """What the store raises is what is awaited."""

        async def twice() -> None:
            store = AsyncStoreAdapter(MemoryStore())
            await store.commit(a_commit())
            with pytest.raises(CosellError, match="was opened before"):
                await store.commit(a_commit())

        asyncio.run(twice())
