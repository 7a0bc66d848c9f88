"""Contract: effects wait until they are done, at least once, in order for each record."""

from __future__ import annotations

from collections.abc import Sequence

from cosell.errors import NaiveDatetimeError, VersionConflictError
from cosell.stores import FullStore
from cosell.testing._kit import Contract, refused, same
from cosell.testing._samples import HOUR, NOON, a_commit

__all__ = ["OutboxContract"]


def _leased(store: FullStore, limit: int = 9, *, hour: int = 0) -> Sequence[str]:
    """Lease for one hour, so many hours after noon, and return the ids."""
    at = NOON + hour * HOUR
    return [effect.id for effect in store.lease(limit, until=at + HOUR, at=at)]


class OutboxContract(Contract):
    """The outbox."""

    def test_effects_are_handed_out_as_they_were_committed(self) -> None:
        """Every field comes back, in the order of the commits."""
        first, second = a_commit(effects=2), a_commit("r-2", effects=1)
        self.store.commit(first)
        self.store.commit(second)
        found = self.store.lease(9, until=NOON + HOUR, at=NOON)
        same(list(found), [*first.effects, *second.effects])

    def test_an_empty_outbox_gives_nothing(self) -> None:
        """There is nothing to wait for."""
        self.store.commit(a_commit())
        same(list(_leased(self.store)), [])

    def test_what_is_on_lease_is_not_handed_out_again(self) -> None:
        """Nor is anything else of that record; other records go on."""
        self.store.commit(a_commit(effects=3))
        self.store.commit(a_commit("r-2", effects=1))
        same(_leased(self.store, 2), ["r-1/1/1", "r-1/1/2"])
        same(_leased(self.store), ["r-2/1/1"])
        same(_leased(self.store), [])

    def test_what_is_acknowledged_is_gone(self) -> None:
        """When all that was leased of a record is done, its next ones come."""
        self.store.commit(a_commit(effects=3))
        self.store.acknowledge(_leased(self.store, 2))
        same(_leased(self.store), ["r-1/1/3"])
        self.store.acknowledge(["r-1/1/3"])
        same(_leased(self.store, hour=99), [])

    def test_a_record_waits_for_all_that_is_on_lease(self) -> None:
        """One effect done and one not: the rest of the record still waits."""
        self.store.commit(a_commit(effects=3))
        _leased(self.store, 2)
        self.store.acknowledge(["r-1/1/1"])
        same(_leased(self.store), [])
        self.store.acknowledge(["r-1/1/2"])
        same(_leased(self.store), ["r-1/1/3"])

    def test_new_effects_stand_behind_the_old_ones(self) -> None:
        """What a later commit adds waits until the lease on its record is over."""
        self.store.commit(a_commit(effects=1))
        _leased(self.store)
        self.store.commit(a_commit(expected=1, effects=1))
        same(_leased(self.store), [])
        same(_leased(self.store, hour=1), ["r-1/1/1", "r-1/2/1"])

    def test_a_lease_ends_at_its_moment(self) -> None:
        """``until`` is exclusive: at that very moment the effects are handed out again."""
        self.store.commit(a_commit(effects=2))
        self.store.lease(1, until=NOON + HOUR, at=NOON)
        same(list(self.store.lease(9, until=NOON + HOUR, at=NOON + HOUR * 999 // 1000)), [])
        same(_leased(self.store, hour=1), ["r-1/1/1", "r-1/1/2"])

    def test_a_lease_that_is_over_before_it_begins_holds_nothing(self) -> None:
        """It shows what waits, and leaves it free."""
        self.store.commit(a_commit(effects=1))
        self.store.lease(9, until=NOON, at=NOON)
        same(_leased(self.store), ["r-1/1/1"])

    def test_who_comes_late_may_still_acknowledge(self) -> None:
        """What is done is done, though another has it on lease by now."""
        self.store.commit(a_commit(effects=1))
        late = _leased(self.store)
        _leased(self.store, hour=1)
        self.store.acknowledge(late)
        same(_leased(self.store, hour=99), [])

    def test_acknowledging_again_changes_nothing(self) -> None:
        """Ids that are gone or were never known are passed over."""
        self.store.commit(a_commit(effects=2))
        done = _leased(self.store, 1)
        self.store.acknowledge(done)
        self.store.acknowledge(iter([*done, "r-9/1/1", *done]))
        self.store.acknowledge([])
        same(_leased(self.store), ["r-1/1/2"])

    def test_a_gap_is_never_handed_out(self) -> None:
        """Whatever the limit, a record's effects come from the first that waits."""
        for version in range(3):
            self.store.commit(a_commit("a", expected=version, effects=2))
            self.store.commit(a_commit("b", expected=version, effects=1))
        seen = list[str]()
        while page := _leased(self.store, 2):
            seen += page
            self.store.acknowledge(page)
        wanted = ["a/1/1", "a/1/2", "b/1/1", "a/2/1", "a/2/2", "b/2/1", "a/3/1", "a/3/2", "b/3/1"]
        same(seen, wanted)

    def test_a_refused_commit_brings_no_effects(self) -> None:
        """Nothing is announced that did not happen."""
        self.store.commit(a_commit())
        with refused(VersionConflictError):
            self.store.commit(a_commit(expected=5, effects=2))
        same(_leased(self.store), [])

    def test_a_lease_of_a_wrong_moment_or_limit_is_refused(self) -> None:
        """A limit below one and a moment without a zone are mistakes."""
        naive = NOON.replace(tzinfo=None)
        for limit in (0, -1):
            with refused(ValueError):
                self.store.lease(limit, until=NOON, at=NOON)
        with refused(NaiveDatetimeError("at")):
            self.store.lease(1, until=NOON, at=naive)
        with refused(NaiveDatetimeError("until")):
            self.store.lease(1, until=naive, at=NOON)
        same(list(self.store.lease(2**80, until=NOON, at=NOON)), [])
