"""Whatever is committed and asked in whatever order, both stores say the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from cosell.errors import CosellError
from cosell.events import Commit
from cosell.stores import FullStore, MemoryStore, SqliteStore
from cosell.testing._samples import HOUR, NOON, a_commit, an_entry

RECORDS = ("r-1", "r-2", "R-1")
PARTIES = ("acme", "other")
KEYS = ("k", "K", "k ")
record_ids = st.sampled_from(RECORDS)
parties = st.sampled_from(PARTIES)
keys = st.sampled_from(KEYS)
few_keys = st.lists(keys, max_size=2)
hours = st.integers(0, 5)
limits = st.integers(1, 5)


@st.composite
def commits(draw: st.DrawFn, version: int) -> dict[str, Any]:
    """Return what ``a_commit`` makes a commit from, most often one for this version."""
    events = draw(st.integers(0 if version else 1, 2))
    entries = draw(st.lists(st.integers(0, 30).map("e-{}".format), max_size=2))
    return {
        "expected": max(0, version + draw(st.sampled_from([0, 0, 0, 0, -1, 1]))),
        "events": events or 1 - min(version, 1),
        "effects": draw(st.integers(0, 3)) if events else 0,
        "claims": draw(few_keys),
        "releases": tuple(draw(st.lists(keys, max_size=3))),
        "waits": tuple(draw(st.just([]) | few_keys)),
        "leaves": tuple(draw(few_keys)),
        "record": {
            "stage": draw(st.sampled_from(["open", "won"])),
            "ended": draw(st.booleans()),
            "body": draw(st.text(max_size=5)),
        },
        "entries": tuple(an_entry(one, payee=draw(parties)) for one in entries),
        "next_at": draw(st.none() | hours.map(lambda number: NOON + number * HOUR)),
        "key": draw(st.none() | keys | st.text("abc", min_size=1, max_size=3)),
        "party": draw(parties),
    }


def _outcome(call: Callable[[], Any]) -> Any:
    """Return what ``call`` returns, or the error of ours that it raises."""
    try:
        return call()
    except CosellError as error:
        return error


class StoresAgree(RuleBasedStateMachine):
    """One store in memory and one in a file, asked alike."""

    @initialize()
    def _open(self) -> None:
        self.memory = MemoryStore()
        self.file = SqliteStore(":memory:")
        self.versions = dict.fromkeys(RECORDS, 0)
        self.leased: list[str] = []

    def teardown(self) -> None:
        if hasattr(self, "file"):
            self.file.close()

    def _both(self, ask: Callable[[FullStore], Any]) -> Any:
        wanted = _outcome(lambda: ask(self.memory))
        assert _outcome(lambda: ask(self.file)) == wanted
        return wanted

    @rule(records=st.lists(record_ids, min_size=1, max_size=5), data=st.data())
    def commit(self, records: list[str], data: st.DataObject) -> None:
        for record_id in records:
            self._commit(record_id, data)

    def _commit(self, record_id: str, data: st.DataObject) -> None:
        version = self.versions[record_id]
        parts = data.draw(commits(version))
        if parts["expected"] + parts["events"] < 1:
            parts["events"], parts["effects"] = 1, 0
        commit: Commit = a_commit(record_id, **parts)
        if self._both(lambda store: store.commit(commit)) is None:
            self.versions[record_id] = commit.record.version
        self._both(lambda store: store.load(record_id))
        self._both(lambda store: [store.holder(key) for key in KEYS])
        self._both(lambda store: [list(store.waiting(key, 9)) for key in KEYS])

    @rule(record_id=record_ids, after=st.integers(-1, 9))
    def history(self, record_id: str, after: int) -> None:
        self._both(lambda store: list(store.history(record_id, after)))

    @rule(record_id=record_ids, party=parties, key=keys)
    def kept(self, record_id: str, party: str, key: str) -> None:
        self._both(lambda store: store.kept(record_id, party, key))

    @rule(hour=hours, limit=limits)
    def due(self, hour: int, limit: int) -> None:
        self._both(lambda store: list(store.due(NOON + hour * HOUR, limit)))

    @rule(
        limit=limits,
        after=st.sampled_from(["", "R", "R-1", "r-1", "s"]),
        process=st.sampled_from([None, "make", "other"]),
        stage=st.sampled_from([None, "open", "won"]),
        open_only=st.booleans(),
    )
    def ids(self, **question: Any) -> None:
        self._both(lambda store: list(store.ids(**question)))

    @rule(payee=st.none() | parties, record_id=st.none() | record_ids)
    def entries(self, payee: str | None, record_id: str | None) -> None:
        self._both(lambda store: list(store.entries(payee=payee, record_id=record_id)))

    @rule(hour=hours, length=hours, limit=limits)
    def lease(self, hour: int, length: int, limit: int) -> None:
        at: datetime = NOON + hour * HOUR
        until = at + length * HOUR
        found = self._both(lambda store: list(store.lease(limit, until=until, at=at)))
        self.leased += [effect.id for effect in found]

    @rule(data=st.data())
    def acknowledge(self, data: st.DataObject) -> None:
        done = data.draw(st.lists(st.sampled_from(["r-1/1/1", *self.leased]), max_size=3))
        self._both(lambda store: store.acknowledge(done))


TestStoresAgree = StoresAgree.TestCase
TestStoresAgree.settings = settings(stateful_step_count=30)
