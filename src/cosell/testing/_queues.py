"""Contract: records wait for a claim in order, and only while somebody else holds it."""

from __future__ import annotations

from functools import partial

from cosell.errors import ClaimedError
from cosell.stores import ClaimFreeError
from cosell.testing._kit import Contract, race, refused, same
from cosell.testing._samples import a_commit

__all__ = ["QueueContract"]

_CALLERS = 6


class QueueContract(Contract):
    """Who waits for which claim."""

    def test_records_wait_in_order(self) -> None:
        """Longest waiting first, at most so many; nobody waits for another key."""
        self.store.commit(a_commit(claims=["c"]))
        for number in (3, 2, 4):
            self.store.commit(a_commit(f"r-{number}", waits=("c",)))
        same(list(self.store.waiting("c", 9)), ["r-3", "r-2", "r-4"])
        same(list(self.store.waiting("c", 2)), ["r-3", "r-2"])
        same(list(self.store.waiting("d", 9)), [])

    def test_a_place_is_kept(self) -> None:
        """Waiting again changes nothing; leaving and waiting at once goes to the end."""
        self.store.commit(a_commit(claims=["c"]))
        for number in (2, 3):
            self.store.commit(a_commit(f"r-{number}", waits=("c",)))
        self.store.commit(a_commit("r-2", expected=1, waits=("c", "c")))
        same(list(self.store.waiting("c", 9)), ["r-2", "r-3"])
        self.store.commit(a_commit("r-2", expected=2, waits=("c",), leaves=("c",)))
        same(list(self.store.waiting("c", 9)), ["r-3", "r-2"])

    def test_who_leaves_waits_no_longer(self) -> None:
        """Leaving what a record does not wait for changes nothing, and moves nobody else."""
        self.store.commit(a_commit(claims=["c"]))
        for number in (2, 3):
            self.store.commit(a_commit(f"r-{number}", waits=("c",)))
        self.store.commit(a_commit("r-2", expected=1, leaves=("c", "nobody's")))
        same(list(self.store.waiting("c", 9)), ["r-3"])

    def test_nobody_waits_for_what_is_free(self) -> None:
        """Whether nobody holds the key or the record itself does: nothing is written."""
        with refused(ClaimFreeError("c")):
            self.store.commit(a_commit(waits=("c", "d")))
        same(list(self.store.ids(limit=9)), [])
        self.store.commit(a_commit(claims=["c"]))
        with refused(ClaimFreeError("c")):
            self.store.commit(a_commit(expected=1, waits=("c",)))
        same(list(self.store.waiting("c", 9)), [])

    def test_one_taken_key_is_enough(self) -> None:
        """Of several keys the record waits for all, as long as another holds one of them."""
        self.store.commit(a_commit(claims=["c"]))
        self.store.commit(a_commit("r-2", waits=("free", "c")))
        same([list(self.store.waiting(key, 9)) for key in ("free", "c")], [["r-2"], ["r-2"]])

    def test_a_taken_claim_comes_before_a_free_one(self) -> None:
        """Who claims what is held is told of that first; nothing is written."""
        self.store.commit(a_commit(claims=["c"]))
        with refused(ClaimedError("c", "r-1")):
            self.store.commit(a_commit("r-2", claims=["c"], waits=("free",)))
        with refused(ClaimedError("c", "r-1")):
            self.store.commit(a_commit("r-2", claims=["c"], waits=("c",)))
        same(list(self.store.waiting("c", 9)), [])

    def test_a_limit_below_one_is_a_mistake(self) -> None:
        """It raises, and does not answer with nothing."""
        with refused(ValueError):
            self.store.waiting("c", 0)

    def test_who_comes_at_once_waits_once(self) -> None:
        """Records that wait at once all stand in line, each in one place."""
        self.store.commit(a_commit("holder", claims=["c"]))
        commits = [a_commit(f"r-{number}", waits=("c",)) for number in range(_CALLERS)]
        handles = self.handles(_CALLERS)
        jobs = [partial(h.commit, c) for h, c in zip(handles, commits, strict=True)]
        same(race(jobs), [None] * _CALLERS)
        same(sorted(self.store.waiting("c", 99)), sorted(each.record.id for each in commits))

    def test_nobody_waits_in_vain(self) -> None:
        """A release and a wait at once: either the wait came first, or it was refused."""
        for number in range(_CALLERS):
            holder, other, key = f"h-{number}", f"w-{number}", f"c-{number}"
            self.store.commit(a_commit(holder, claims=[key]))
            one, two = self.handles(2)
            frees = a_commit(holder, expected=1, releases=(key,))
            asks = a_commit(other, waits=(key,))
            freed, waits = race([partial(one.commit, frees), partial(two.commit, asks)])
            same(freed, None)
            in_line = list(self.store.waiting(key, 9))
            same(in_line, [other] if waits is None else [])
            same(waits, None if in_line else ClaimFreeError(key))
