"""The kit for hosts finds what is wrong with a store, and needs no test framework for it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import pytest

from cosell.errors import CosellError, RecordExistsError, RecordNotFoundError
from cosell.events import Commit, Effect, Entry, Event, Kept, Snapshot
from cosell.money import Money
from cosell.stores import FullStore, MemoryStore
from cosell.testing import StoreConformance
from cosell.testing._kit import Contract, race, refused, same


class _Forgetful(MemoryStore):
    """Writes, then checks."""

    def commit(self, commit: Commit) -> None:
        self._write_claims(commit)
        super().commit(commit)


class _Unlocked(MemoryStore):
    """Looks, waits, and writes what it no longer knows to be right."""

    def commit(self, commit: Commit) -> None:
        version = self._records.get(commit.record.id)
        time.sleep(0.02)
        if version is not None:
            self._records[commit.record.id] = version
            del self._events[commit.record.id][version.version :]
        super().commit(commit)


class _Folding(MemoryStore):
    """Takes keys for each other that differ in case alone, as some collations do."""

    def holder(self, key: str) -> str | None:
        return super().holder(key.lower())

    def kept(self, record_id: str, party: str, key: str) -> Kept | None:
        return super().kept(record_id, party, key.lower())


class _Generous(MemoryStore):
    """Answers an unknown id with nothing."""

    def history(self, record_id: str, after: int = 0) -> Sequence[Event]:
        return super().history(record_id, after) if record_id in self._records else []


class _Keen(MemoryStore):
    """Hands out all that is not itself on lease, whatever stands before it."""

    def lease(self, limit: int, *, until: datetime, at: datetime) -> Sequence[Effect]:
        for effect_id, waiting in self._outbox.items():
            waiting.record_id = effect_id
        return super().lease(limit, until=until, at=at)


class _Sloppy(MemoryStore):
    """Leaves out the bound itself."""

    def due(self, before: datetime, limit: int) -> Sequence[str]:
        return [
            one for one in super().due(before, limit) if self._next_at[one] < before.timestamp()
        ]


class _Lavish(MemoryStore):
    """Writes an entry as often as it comes."""

    def _refuse_entries(self, commit: Commit) -> None:
        del commit


class _Floating(MemoryStore):
    """Keeps amounts without the noughts at their end, as numbers are kept."""

    def entries(self, **question: Any) -> Sequence[Entry]:
        found = super().entries(**question)
        return [one.model_copy(update={"amount": _without_noughts(one.amount)}) for one in found]


def _without_noughts(money: Money) -> Money:
    return Money(amount=money.amount.normalize(), currency=money.currency)


class _Cutting(MemoryStore):
    """Cuts off long text."""

    def load(self, record_id: str) -> Snapshot:
        found = super().load(record_id)
        return found.model_copy(update={"body": found.body[:65_535]})


class _Hasty(MemoryStore):
    """Looks at the version before the key."""

    def _refuse_kept(self, commit: Commit) -> None:
        self._refuse_version(commit)
        super()._refuse_kept(commit)


class _Blocking(MemoryStore):
    """Lets records wait for what is free."""

    def _refuse_waits(self, commit: Commit) -> None:
        del commit


class _Pushing(MemoryStore):
    """Gives the last who came the first place."""

    def waiting(self, key: str, limit: int) -> Sequence[str]:
        return list(super().waiting(key, 1_000))[::-1][:limit]


class _Losing(MemoryStore):
    """Takes out more than was done."""

    def acknowledge(self, ids: Iterable[str]) -> None:
        super().acknowledge([other for one in ids for other in (one, f"{one[:-1]}2")])


@pytest.mark.parametrize(
    ("broken", "test"),
    [
        pytest.param(
            _Forgetful, "test_a_refused_commit_releases_nothing", id="half a commit is found"
        ),
        pytest.param(_Unlocked, "test_one_version_is_continued_once", id="a lost race is found"),
        pytest.param(
            _Folding, "test_claims_are_told_apart_to_the_last_character", id="folded claims"
        ),
        pytest.param(_Folding, "test_keys_are_told_apart_to_the_last_character", id="folded keys"),
        pytest.param(_Generous, "test_an_unknown_record_is_not_found", id="a missing error"),
        pytest.param(_Keen, "test_what_is_on_lease_is_not_handed_out_again", id="lost order"),
        pytest.param(_Sloppy, "test_due_now_is_due", id="a bound left out"),
        pytest.param(_Lavish, "test_a_fee_is_paid_once", id="a fee paid twice"),
        pytest.param(_Lavish, "test_an_entry_twice_in_one_commit_is_refused", id="a double entry"),
        pytest.param(_Floating, "test_amounts_are_exact_to_the_last_place", id="lost places"),
        pytest.param(_Cutting, "test_a_large_body_survives", id="text that was cut"),
        pytest.param(_Hasty, "test_a_kept_key_comes_before_a_stale_version", id="a wrong order"),
        pytest.param(_Blocking, "test_nobody_waits_for_what_is_free", id="waiting in vain"),
        pytest.param(_Pushing, "test_records_wait_in_order", id="a queue from its end"),
        pytest.param(_Losing, "test_relays_share_the_work", id="an effect that is lost"),
    ],
)
def test_a_broken_store_fails(broken: type[FullStore], test: str) -> None:
    """Each fault that stores are known for fails the line of the contract that forbids it."""

    class TestBroken(StoreConformance):
        def make_store(self) -> FullStore:
            return broken()

    with pytest.raises(AssertionError):
        getattr(TestBroken(), test)()


def test_a_subclass_must_say_how_its_store_is_made() -> None:
    """Whoever forgets is told what to define."""
    with pytest.raises(TypeError, match="make_store"):
        StoreConformance()  # type: ignore[abstract]  # what is tested


def test_a_store_is_closed_after_its_test_and_each_handle_too() -> None:
    """What has a ``close`` is closed once, and what has none is let go."""
    closed = list[str]()

    class Closing(MemoryStore):
        def __init__(self, name: str) -> None:
            super().__init__()
            self.close = lambda: closed.append(name)

    class Two(Contract):
        def make_store(self) -> FullStore:
            return Closing("store")

        def make_handle(self) -> FullStore:
            return Closing("handle")

    contract = Two()
    assert len(contract.handles(2)) == 2
    contract.teardown_method()
    assert closed == ["store", "handle"]


def test_the_kit_needs_no_test_framework() -> None:
    """Importing it imports neither pytest nor Hypothesis."""
    code = "import sys, cosell.testing; print(sorted({'pytest', 'hypothesis'} & set(sys.modules)))"
    found = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": ":".join(filter(None, sys.path))},
    )
    assert found.stdout.strip() == "[]"


def test_no_line_of_the_contract_hides_another() -> None:
    """Two parts of the contract with one name for a test would run one of them only."""
    names = [
        name for part in StoreConformance.__mro__ for name in vars(part) if name.startswith("test_")
    ]
    assert len(names) == len(set(names))


class TestHelpers:
    """What the contracts are written with."""

    def test_different_values_are_shown(self) -> None:
        """The message has what was wanted and what was found."""
        same(1, 1)
        with pytest.raises(AssertionError, match="wanted 2, found 1"):
            same(1, 2)

    @pytest.mark.parametrize(
        "wanted",
        [
            pytest.param(RecordNotFoundError("r-1"), id="the same error"),
            pytest.param(RecordNotFoundError, id="its class"),
            pytest.param(CosellError, id="the class above"),
        ],
    )
    def test_the_wanted_error_passes(self, wanted: type[Exception] | CosellError) -> None:
        """An error is known by its value or its class."""
        with refused(wanted):
            raise RecordNotFoundError("r-1")

    @pytest.mark.parametrize(
        "wanted",
        [
            pytest.param(RecordNotFoundError("r-2"), id="the same class with another id"),
            pytest.param(RecordExistsError, id="another class"),
        ],
    )
    def test_another_error_fails(self, wanted: type[Exception] | CosellError) -> None:
        """The message has the error that was raised."""
        with pytest.raises(AssertionError, match="raised was RecordNotFoundError"), refused(wanted):
            raise RecordNotFoundError("r-1")

    def test_no_error_fails(self) -> None:
        """A call that should have been refused and was not is a failure."""
        with pytest.raises(AssertionError, match="nothing was raised"), refused(ValueError):
            pass

    def test_a_race_returns_errors_of_ours_and_raises_others(self) -> None:
        """A lost race is an outcome; anything else is a failure."""

        def lose() -> None:
            raise RecordExistsError("r-1")

        assert race([lambda: 1, lose]) == [1, RecordExistsError("r-1")]
        with pytest.raises(ZeroDivisionError):
            race([lambda: 1, lambda: 1 // 0])
