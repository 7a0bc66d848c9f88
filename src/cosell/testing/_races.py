"""Contract: of callers who come at once, one wins, and the others are told what happened.

Every caller has a handle of its own where the store can be opened twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain, takewhile
from typing import Final

from cosell.errors import ClaimedError, RecordExistsError, VersionConflictError
from cosell.events import Commit
from cosell.stores import EntryExistsError, FullStore, KeyKeptError
from cosell.testing._kit import Contract, race, same
from cosell.testing._samples import HOUR, NOON, a_commit, an_entry

__all__ = ["RaceContract"]

_CALLERS: Final = 8
_ROUNDS: Final = 5
_ATTEMPTS: Final = 2_000


class RaceContract(Contract):
    """Several callers at once."""

    def _commit_at_once(self, commits: Sequence[Commit]) -> list[object]:
        """Commit each from a thread of its own; return ``None`` or the error for each."""
        handles = self.handles(len(commits))
        return race([partial(h.commit, c) for h, c in zip(handles, commits, strict=True)])

    def test_one_version_is_continued_once(self) -> None:
        """Of commits from one version exactly one is written, whole."""
        self.store.commit(a_commit())
        commits = [
            a_commit(expected=1, events=n + 1, record={"body": f"{n}"}) for n in range(_CALLERS)
        ]
        outcomes = self._commit_at_once(commits)
        same(outcomes.count(None), 1)
        winner = commits[outcomes.index(None)]
        actual = winner.record.version
        lost = VersionConflictError("r-1", expected=1, actual=actual)
        same(Counter(outcomes), Counter({None: 1, lost: _CALLERS - 1}))
        same(self.store.load("r-1"), winner.record)
        same([event.seq for event in self.store.history("r-1")], list(range(1, actual + 1)))

    def test_a_record_is_opened_by_one(self) -> None:
        """Of those who open one id, one does, and the others learn that it exists."""
        outcomes = self._commit_at_once([a_commit()] * _CALLERS)
        same(Counter(outcomes), Counter({None: 1, RecordExistsError("r-1"): _CALLERS - 1}))

    def test_a_claim_is_won_by_one(self) -> None:
        """Of records that claim one key, one holds it, and the others are told which."""
        commits = [a_commit(f"r-{n}", claims=["c"], effects=1) for n in range(_CALLERS)]
        outcomes = self._commit_at_once(commits)
        holder = self.store.holder("c") or ""
        same(Counter(outcomes), Counter({None: 1, ClaimedError("c", holder): _CALLERS - 1}))
        same(list(self.store.ids(limit=99)), [holder])

    def test_a_key_is_used_once(self) -> None:
        """Of commands under one key, one is carried out, and its answer is kept."""
        self.store.commit(a_commit())
        commits = [a_commit(expected=1, key="k", answer=f"answer of {n}") for n in range(_CALLERS)]
        outcomes = self._commit_at_once(commits)
        lost = KeyKeptError("r-1", "acme", "k")
        same(Counter(outcomes), Counter({None: 1, lost: _CALLERS - 1}))
        kept = self.store.kept("r-1", "acme", "k")
        same(kept and kept.answer, commits[outcomes.index(None)].answer)

    def test_a_fee_is_paid_once(self) -> None:
        """Of runs that write one entry, one does, and of the others nothing is left."""
        commits = [
            a_commit(f"r-{n}", entries=(an_entry("e", record_id=f"r-{n}"),))
            for n in range(_CALLERS)
        ]
        outcomes = self._commit_at_once(commits)
        same(Counter(outcomes), Counter({None: 1, EntryExistsError("e"): _CALLERS - 1}))
        same([[e.record_id] for e in self.store.entries()], [list(self.store.ids(limit=99))])

    def test_those_who_do_not_meet_do_not_hinder_each_other(self) -> None:
        """Commits to different records are all written, however many come at once."""

        def work(store: FullStore, record_id: str) -> None:
            for version in range(_ROUNDS):
                store.commit(a_commit(record_id, expected=version, effects=1))

        jobs = [partial(work, store, f"r-{n}") for n, store in enumerate(self.handles(_CALLERS))]
        same(race(jobs), [None] * _CALLERS)
        versions = [self.store.load(record_id).version for record_id in self.store.ids(limit=99)]
        same(versions, [_ROUNDS] * _CALLERS)

    def test_a_reader_sees_all_of_a_commit_or_nothing(self) -> None:
        """Two events of one commit are never seen one without the other."""
        self.store.commit(a_commit(events=2))

        def write(store: FullStore) -> set[int]:
            for version in range(2, 2 + 2 * _ROUNDS, 2):
                store.commit(a_commit(expected=version, events=2))
            return set()

        def read(store: FullStore) -> set[int]:
            return {
                number % 2
                for _ in range(4 * _ROUNDS)
                for number in (len(store.history("r-1")), store.load("r-1").version)
            }

        writer, *readers = self.handles(4)
        jobs: list[Callable[[], set[int]]] = [partial(write, writer)]
        jobs += [partial(read, reader) for reader in readers]
        same(race(jobs), [set(), {0}, {0}, {0}])

    def test_relays_share_the_work(self) -> None:
        """No effect is handed out twice, and none of a record before its forerunners are done."""
        for version in range(_ROUNDS):
            for record_id in ("a", "b", "c"):
                self.store.commit(a_commit(record_id, expected=version, effects=2))
        done = list[str]()

        def relay(store: FullStore) -> list[str]:
            mine = list[str]()
            # Others may hold all that waits: an empty answer is not the end. What is lost never
            # comes, so there is an end to asking.
            for _ in takewhile(lambda _: len(done) < 3 * 2 * _ROUNDS, range(_ATTEMPTS)):
                page = [effect.id for effect in store.lease(3, until=NOON + HOUR, at=NOON)]
                done.extend(page)
                mine += page
                store.acknowledge(page)
            return mine

        seen = race([partial(relay, store) for store in self.handles(4)])
        same(set(Counter(chain.from_iterable(seen)).values()), {1})
        same(len(done), 3 * 2 * _ROUNDS)
        for record_id in ("a", "b", "c"):
            own = [effect_id for effect_id in done if effect_id.startswith(record_id)]
            same(own, sorted(own))
