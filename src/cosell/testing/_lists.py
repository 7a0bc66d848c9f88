"""Contract: what is due comes soonest first, and ids come in pages."""

from __future__ import annotations

from datetime import timedelta, timezone
from typing import Final

from cosell.errors import NaiveDatetimeError
from cosell.events import ProcessRef
from cosell.testing._kit import Contract, refused, same
from cosell.testing._samples import HOUR, NOON, a_commit

__all__ = ["DueContract", "IdsContract"]

_MICROSECOND: Final = timedelta(microseconds=1)
_LATE: Final = NOON + 1000 * HOUR


class DueContract(Contract):
    """Which records must be ticked."""

    def test_what_is_due_comes_soonest_first(self) -> None:
        """Moments decide, and ids by code point where moments are equal."""
        moments = {"c": 2, "b": 1, "a": 2, "B": 2, "never": None, "d": 3}
        for record_id, hours in moments.items():
            next_at = None if hours is None else NOON + hours * HOUR
            self.store.commit(a_commit(record_id, next_at=next_at))
        same(list(self.store.due(_LATE, 9)), ["b", "B", "a", "c", "d"])

    def test_due_now_is_due(self) -> None:
        """The bound is inclusive, to the microsecond."""
        self.store.commit(a_commit(next_at=NOON + _MICROSECOND))
        same(list(self.store.due(NOON, 9)), [])
        same(list(self.store.due(NOON + _MICROSECOND, 9)), ["r-1"])

    def test_moments_are_compared_as_moments(self) -> None:
        """Offsets do not matter: 13:30 at +02:00 is before noon in UTC."""
        east, west = timezone(timedelta(hours=2)), timezone(timedelta(hours=-9))
        self.store.commit(a_commit("west", next_at=(NOON - 2 * HOUR).astimezone(west)))
        self.store.commit(a_commit("east", next_at=(NOON - HOUR).astimezone(east)))
        same(list(self.store.due(NOON.astimezone(west), 9)), ["west", "east"])
        same(list(self.store.due((NOON - 2 * HOUR).astimezone(east), 9)), ["west"])

    def test_moments_before_1970_are_moments_too(self) -> None:
        """An old moment is long due."""
        self.store.commit(a_commit(next_at=NOON.replace(year=1900)))
        same(list(self.store.due(NOON.replace(year=1899), 9)), [])
        same(list(self.store.due(NOON.replace(year=1901), 9)), ["r-1"])

    def test_no_more_than_the_limit(self) -> None:
        """The soonest are given first; a limit beyond all is fine."""
        for number in range(5):
            self.store.commit(a_commit(f"r-{number}", next_at=NOON - number * HOUR))
        same(list(self.store.due(NOON, 2)), ["r-4", "r-3"])
        same(len(self.store.due(NOON, 2**80)), 5)

    def test_each_commit_says_anew_when(self) -> None:
        """The moment is replaced, and ``None`` is never."""
        self.store.commit(a_commit(next_at=NOON))
        self.store.commit(a_commit(expected=1, next_at=NOON + HOUR))
        same(list(self.store.due(NOON, 9)), [])
        same(list(self.store.due(NOON + HOUR, 9)), ["r-1"])
        self.store.commit(a_commit(expected=2, next_at=None))
        same(list(self.store.due(_LATE, 9)), [])

    def test_due_by_a_wrong_moment_or_limit_is_refused(self) -> None:
        """A limit below one and a moment without a zone are mistakes."""
        for limit in (0, -1):
            with refused(ValueError):
                self.store.due(NOON, limit)
        with refused(NaiveDatetimeError("before")):
            self.store.due(NOON.replace(tzinfo=None), 9)


class IdsContract(Contract):
    """Lists of ids."""

    def test_ids_come_by_code_point(self) -> None:
        """Digits, upper case, underscore, lower case; no collation of a language."""
        for record_id in ("b", "a", "B", "_", "10", "9", "a.1", "a-1"):
            self.store.commit(a_commit(record_id))
        same(list(self.store.ids(limit=99)), ["10", "9", "B", "_", "a", "a-1", "a.1", "b"])

    def test_pages_join_to_the_whole(self) -> None:
        """The last id of one page begins the next."""
        wanted = [f"r-{number}" for number in range(7)]
        for record_id in reversed(wanted):
            self.store.commit(a_commit(record_id))
        pages, after = list[list[str]](), ""
        while page := list(self.store.ids(limit=3, after=after)):
            pages.append(page)
            after = page[-1]
        same(pages, [wanted[:3], wanted[3:6], wanted[6:]])

    def test_filters_hold_together(self) -> None:
        """Process in any version, stage, and open records alone; each narrows the list."""
        other = ProcessRef(id="referral", version=1)
        newer = ProcessRef(id="make", version=4)
        self.store.commit(a_commit("a"))
        self.store.commit(a_commit("b", record={"process": other}))
        self.store.commit(a_commit("c", record={"stage": "closed_won", "ended": True}))
        self.store.commit(a_commit("d", record={"stage": "closed_won", "process": newer}))
        ids = self.store.ids
        same(list(ids(limit=9, process="make")), ["a", "c", "d"])
        same(list(ids(limit=9, stage="closed_won")), ["c", "d"])
        same(list(ids(limit=9, open_only=True)), ["a", "b", "d"])
        same(list(ids(limit=9, process="make", stage="closed_won", open_only=True)), ["d"])
        same(list(ids(limit=1, after="a", process="make", open_only=True)), ["d"])

    def test_the_list_follows_the_record(self) -> None:
        """An open record is listed once; it leaves when it ends, and may come back."""
        ids = self.store.ids
        self.store.commit(a_commit())
        self.store.commit(a_commit(expected=1))
        same((list(ids(limit=9, open_only=True)), list(ids(limit=9))), (["r-1"], ["r-1"]))
        self.store.commit(a_commit(expected=2, record={"ended": True, "stage": "lost"}))
        same((list(ids(limit=9, open_only=True)), list(ids(limit=9, stage="open"))), ([], []))
        self.store.commit(a_commit(expected=3, record={"ended": True, "stage": "rejected"}))
        self.store.commit(a_commit(expected=4))
        same(list(ids(limit=9, open_only=True, stage="open")), ["r-1"])

    def test_a_page_of_a_wrong_length_is_refused(self) -> None:
        """A limit below one is a mistake; one beyond all is fine."""
        for limit in (0, -1):
            with refused(ValueError):
                self.store.ids(limit=limit)
        same(list(self.store.ids(limit=2**80)), [])
