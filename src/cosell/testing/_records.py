"""Contract: what is committed is what is loaded, whole or not at all."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta, timezone
from typing import Final, cast

from cosell.errors import RecordExistsError, RecordNotFoundError, VersionConflictError
from cosell.events import EventKind
from cosell.testing._kit import Contract, refused, same
from cosell.testing._samples import HOUR, NOON, a_commit, an_event

__all__ = ["RecordContract"]

_ODD_TEXT: Final = "ž ß 漢字 🤝 e\u0301 é \u202eabc \" ' \\ % _ ; -- \t\r\n \ufeff \U0010ffff"
_FAR_AWAY: Final = timezone(timedelta(hours=-11, minutes=-30))
_HOSTILE: Final = ("", " ", "\x00", "r-1\x00", "\ud800", "' OR 1=1 --", "%", "_-1", "x" * 10_000)


class RecordContract(Contract):
    """Records and their events."""

    def test_a_record_is_loaded_as_it_was_committed(self) -> None:
        """Every field of the snapshot comes back as it was."""
        commit = a_commit(record={"stage": "closed_won", "ended": True})
        self.store.commit(commit)
        same(self.store.load("r-1"), commit.record)

    def test_the_last_commit_is_the_one_that_is_loaded(self) -> None:
        """A later commit replaces the snapshot."""
        later = a_commit(expected=1, record={"stage": "accepted", "body": '{"a": 1}'})
        self.store.commit(a_commit())
        self.store.commit(later)
        same(self.store.load("r-1"), later.record)

    def test_an_unknown_record_is_not_found(self) -> None:
        """Load and history raise alike for an id that was never committed."""
        self.store.commit(a_commit("r-2"))
        with refused(RecordNotFoundError("r-1")):
            self.store.load("r-1")
        with refused(RecordNotFoundError("r-1")):
            self.store.history("r-1")

    def test_a_hostile_id_is_just_not_found(self) -> None:
        """No text that is looked up matches another, breaks a query or raises anything else."""
        self.store.commit(a_commit(claims=["k"], key="k"))
        for text in _HOSTILE:
            with refused(RecordNotFoundError(text)):
                self.store.load(text)
            with refused(RecordNotFoundError(text)):
                self.store.history(text)
            same(self.store.holder(text), None)
            same(list(self.store.waiting(text, 9)), [])
            same(self.store.kept("r-1", "acme", text), None)
            same(list(self.store.entries(payee=text)), [])
            same(list(self.store.ids(limit=9, stage=text)), [])
            self.store.acknowledge([text])

    def test_ids_are_told_apart_by_case(self) -> None:
        """``deal`` and ``DEAL`` are two records."""
        self.store.commit(a_commit("deal"))
        self.store.commit(a_commit("DEAL", events=2))
        same([self.store.load(id_).version for id_ in ("deal", "DEAL")], [1, 2])

    def test_a_record_is_opened_once(self) -> None:
        """Expected version 0 is refused when the record exists, whatever its version."""
        self.store.commit(a_commit(events=2))
        with refused(RecordExistsError("r-1")):
            self.store.commit(a_commit(record={"body": "other"}))
        same(self.store.load("r-1"), a_commit(events=2).record)

    def test_a_record_that_was_never_opened_cannot_go_on(self) -> None:
        """A version other than 0 is refused when there is no such record."""
        with refused(RecordNotFoundError("r-1")):
            self.store.commit(a_commit(expected=1))
        same(list(self.store.ids(limit=9)), [])

    def test_a_stale_version_is_refused(self) -> None:
        """A commit from an earlier version names both versions, and writes nothing."""
        self.store.commit(a_commit(events=2))
        with refused(VersionConflictError("r-1", expected=1, actual=2)):
            self.store.commit(a_commit(expected=1, events=3))
        same(len(self.store.history("r-1")), 2)

    def test_a_version_from_the_future_is_refused(self) -> None:
        """A commit from a version that is not reached yet would leave a gap."""
        self.store.commit(a_commit())
        with refused(VersionConflictError("r-1", expected=2, actual=1)):
            self.store.commit(a_commit(expected=2))

    def test_history_is_told_in_order(self) -> None:
        """All events come back, oldest first, over any number of commits."""
        self.store.commit(a_commit(events=2))
        self.store.commit(a_commit("r-2", events=3))
        self.store.commit(a_commit(expected=2, events=9))
        same(list(self.store.history("r-1")), [an_event("r-1", seq) for seq in range(1, 12)])

    def test_history_after_a_number_leaves_out_what_was_seen(self) -> None:
        """``after`` is exclusive; beyond the end nothing is left, and below 1 all is."""
        self.store.commit(a_commit(events=3))
        cases = {-(2**70): 3, -1: 3, 0: 3, 1: 2, 2: 1, 3: 0, 4: 0, 2**70: 0}
        found = {after: len(self.store.history("r-1", after)) for after in cases}
        same(found, cases)

    def test_an_event_comes_back_with_all_it_says(self) -> None:
        """Open values, offsets, microseconds and reasons survive."""
        event = an_event(
            "r-1",
            1,
            kind=EventKind.EXTENDED,
            at=datetime(2026, 2, 3, 4, 5, 6, 789012, tzinfo=_FAR_AWAY),
            track="paper_items[nda]",
            trigger="accept",
            source="submitted",
            target="accepted",
            clock="answer",
            step="half",
            allowance=-3,
            reason=_ODD_TEXT,
            changes={"acv": "50000.10 USD", "n": 2**70, "flag": True, "gone": None, "l": [1, "1"]},
            findings=({"id": "icp", "actual": {"size": None}},),
            overridden=("icp", "budget"),
        )
        self.store.commit(a_commit(events=(event,)))
        (found,) = self.store.history("r-1")
        same(found, event)
        same(found.at.utcoffset(), event.at.utcoffset())
        same([type(value) for value in found.changes.values()], [str, int, bool, type(None), list])

    def test_what_is_stored_cannot_be_changed_from_outside(self) -> None:
        """A dictionary that the caller keeps or is given is a copy of what is stored."""
        changes = {"owner": "ae-3"}
        event = an_event("r-1", 1, changes=changes)
        self.store.commit(a_commit(events=(event,)))
        changes["owner"] = "someone else"
        with suppress(TypeError):  # what cannot be written to is even better
            cast("dict[str, object]", self.store.history("r-1")[0].changes)["owner"] = "me"
        same(self.store.history("r-1")[0].changes, {"owner": "ae-3"})

    def test_any_text_survives(self) -> None:
        """Accents, other scripts, quotes, line ends and the highest code point are kept."""
        commit = a_commit(
            record={"body": _ODD_TEXT, "digest": _ODD_TEXT},
            key=_ODD_TEXT,
            answer=_ODD_TEXT,
            command_digest=_ODD_TEXT,
        )
        self.store.commit(commit)
        kept = self.store.kept("r-1", "acme", _ODD_TEXT)
        same(self.store.load("r-1"), commit.record)
        same(kept and (kept.answer, kept.command_digest), (_ODD_TEXT, _ODD_TEXT))

    def test_a_large_body_survives(self) -> None:
        """A million characters are kept, in the record and in the answer."""
        large = "ž🤝" * 500_000
        self.store.commit(a_commit(record={"body": large}, key="k", answer=large))
        kept = self.store.kept("r-1", "acme", "k")
        same(self.store.load("r-1").body == large, True)
        same(kept is not None and kept.answer == large, True)

    def test_a_moment_keeps_its_offset(self) -> None:
        """The moment of the last event is the same moment, written as it was."""
        at = datetime(2026, 2, 3, 4, 5, 6, 7, tzinfo=_FAR_AWAY)
        self.store.commit(a_commit(record={"last_at": at}))
        same(self.store.load("r-1").last_at.isoformat(), at.isoformat())

    def test_a_commit_without_events_keeps_the_version(self) -> None:
        """Only the snapshot and what hangs on it change."""
        self.store.commit(a_commit(next_at=NOON))
        self.store.commit(a_commit(expected=1, events=0, next_at=NOON + HOUR))
        same(self.store.load("r-1").version, 1)
        same(list(self.store.due(NOON, 9)), [])
