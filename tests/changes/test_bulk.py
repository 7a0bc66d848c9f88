"""Many records at once: a result and a commit for each, begun again without repeating anything."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from cosell.desk import Desk, Request, Status
from cosell.errors import (
    InvalidDataError,
    KeyReusedError,
    NaiveDatetimeError,
    UnknownNameError,
    VersionConflictError,
)
from cosell.stores import MemoryStore
from desk_kit import GOOD, Failing, opened, rich, tiny
from process_samples import BOSS, DAY, NOON, PARTNER, SELLER, TINY, bound_of

ASKED: dict[str, Any] = {"actor": SELLER, "at": NOON + DAY, "key": "bulk-1"}


@pytest.fixture
def desk(desk_of: Callable[..., Any], store: Any) -> Any:
    """Give a desk with three deals."""
    desk = desk_of([rich()], store)
    for number in (1, 2, 3):
        opened(desk, f"o-{number}", f"b{number}.example")
    return desk


def statuses(results: Any) -> list[str]:
    """Return how each went."""
    return [result.status.value for result in results]


def test_each_record_has_its_result(desk: Any, store: Any) -> None:
    """One that is refused, or is not there, keeps no other from being done; the order stays."""
    opened(desk, "o-4", None)
    ids = ["o-1", "o-4", "nobody", "o-2"]
    results = list(desk.move_many(ids, "accept", data=GOOD, **ASKED))

    assert [result.id for result in results] == ids
    assert statuses(results) == ["done", "refused", "failed", "done"]
    assert "named" in [finding.id for finding in results[1].decision.obstacles]
    assert results[1].answer is None
    assert results[2].error.code == "record.not_found"
    assert results[0].answer.record.stage == "accepted"
    assert [result.decision is None for result in results] == [True, False, True, True]
    assert {store.load(each).version for each in ("o-1", "o-2")} == {2}
    assert {store.load(each).version for each in ("o-3", "o-4")} == {1}


def test_one_text_is_no_list_of_ids(desk: Any) -> None:
    """Its letters are not taken for ids: the error shows the list that is meant (BX-41)."""
    calls: list[Callable[[], Any]] = [
        lambda: desk.move_many("o-1", "accept", data=GOOD, **ASKED),
        lambda: desk.change_many("o-1", {"owner": "s-2"}, **ASKED),
    ]
    for call in calls:
        with pytest.raises(InvalidDataError, match=r'Give a list: \["o-1"\]'):
            list(call())


def test_a_second_run_repeats_nothing(desk: Any, store: Any) -> None:
    """Cut short and begun again with its key, a bulk goes on where it was."""
    first = desk.move_many(["o-1", "o-2", "o-3"], "accept", data=GOOD, **ASKED)
    assert statuses([next(first)]) == ["done"]
    assert [store.load(f"o-{n}").version for n in (1, 2, 3)] == [2, 1, 1]

    again = list(desk.move_many(["o-1", "o-2", "o-3"], "accept", data=GOOD, **ASKED))
    assert statuses(again) == ["repeated", "done", "done"]
    assert statuses(desk.move_many(["o-3"], "accept", data=GOOD, **ASKED)) == ["repeated"]
    assert [store.load(f"o-{n}").version for n in (1, 2, 3)] == [2, 2, 2]


def test_another_bulk_under_the_same_key_is_refused(desk: Any) -> None:
    """A key stands for one command on a record."""
    list(desk.move_many(["o-1"], "accept", data=GOOD, **ASKED))
    (result,) = desk.move_many(["o-1"], "lose", data={"closed_reason": "x"}, **ASKED)
    assert result.status is Status.FAILED
    assert isinstance(result.error, KeyReusedError)


def test_items_say_what_is_different(desk: Any) -> None:
    """Trigger, data, expected version and override may be a request's own."""
    requests = [
        Request(id="o-1", data={**GOOD, "owner": "s-9"}),
        Request(id="o-2", trigger="lose", data={"closed_reason": "No fit."}),
        Request(id="o-3", expected_version=7),
    ]
    results = list(desk.move_many(requests, "accept", data=GOOD, **ASKED))
    assert results[0].answer.record.owner == "s-9"
    assert results[1].answer.record.stage == "lost"
    assert results[2].decision.outcome.value == "stale_version"


def test_an_override_is_asked_for_all_or_for_one(desk_of: Callable[..., Any], store: Any) -> None:
    """It has its reason in each event, and only for who may (BX-40)."""
    desk = desk_of([rich()], store)
    opened(desk, "o-1", "b1.example")
    opened(desk, "o-2", "b2.example")
    asked = {**ASKED, "actor": BOSS}
    requests = ["o-1", Request(id="o-2", override="Hers.")]
    results = list(desk.move_many(requests, "accept", data=GOOD, override="All.", **asked))
    reasons = [result.answer.events[-1].reason for result in results]
    assert reasons == ["All.", "Hers."]


def test_something_is_asked(desk: Any) -> None:
    """A request without a trigger, in a bulk without one, is a mistake of that request alone."""
    results = list(desk.move_many(["o-1", Request(id="o-2", trigger="accept", data=GOOD)], **ASKED))
    assert statuses(results) == ["failed", "done"]
    assert isinstance(results[0].error, InvalidDataError)


def test_edits_are_made_one_by_one(desk: Any, store: Any) -> None:
    """A forbidden edit is refused and names each field; the others are made (BX-43)."""
    requests = [
        "o-1",
        Request(id="o-2", data={"registration.submitted_by": "x", "stage": "won"}),
        "o-3",
    ]
    results = list(desk.change_many(requests, {"owner": "s-2"}, reason="New owner.", **ASKED))
    assert statuses(results) == ["done", "refused", "done"]
    assert {problem.path for problem in results[1].error.problems} == {
        "registration.submitted_by",
        "stage",
    }
    assert store.history("o-1")[-1].reason == "New owner."
    again = desk.change_many(["o-1"], {"owner": "s-2"}, reason="New owner.", **ASKED)
    assert statuses(again) == ["repeated"]


def test_facts_are_asked_for_each(desk: Any) -> None:
    """What the host knows of a record goes with it; where that fails, that record fails."""

    def facts_for(record_id: str) -> dict[str, Any]:
        if record_id == "o-2":
            raise RuntimeError("down")
        return {"budget_free": True}

    results = list(
        desk.move_many(["o-1", "o-2"], "accept", data=GOOD, facts_for=facts_for, **ASKED)
    )
    assert statuses(results) == ["done", "failed"]
    assert results[1].error.code == "facts.unavailable"


def test_a_lost_race_is_a_conflict(desk_of: Callable[..., Any]) -> None:
    """Who was slower several times in a row is told so, and may run again."""
    store = MemoryStore()
    opened(desk_of([rich()], store))
    lost = [VersionConflictError("o-1", 1, 2) for _ in range(5)]
    (result,) = desk_of([rich()], Failing(store, lost)).move_many(
        ["o-1"], "accept", data=GOOD, **ASKED
    )
    assert result.status is Status.CONFLICT


def test_the_moment_has_a_zone(desk: Any) -> None:
    """A moment without a zone is refused before anything is done."""
    asked = {**ASKED, "at": datetime(2026, 11, 21)}  # noqa: DTZ001 - that is the case
    with pytest.raises(NaiveDatetimeError):
        desk.move_many(["o-1"], "accept", **asked)


def test_many_are_migrated(desk_of: Callable[..., Any], store: Any) -> None:
    """Each goes on to the version in a commit of its own, once."""
    desk = desk_of([tiny()], store)
    for number in (1, 2):
        opened(desk, f"o-{number}")
    newer = bound_of(TINY.replace("version = 1", "version = 2"))
    desk = desk_of([tiny(), newer], store)
    asked = {"to": "tiny@2", **ASKED}
    results = [*desk.migrate_many(["o-1"], **asked), *desk.migrate_many(["o-1", "o-2"], **asked)]
    assert statuses(results) == ["done", "repeated", "done"]
    other = list(desk.migrate_many(["o-1"], **{**asked, "key": "bulk-2"}))
    assert statuses(other) == ["failed"]
    with pytest.raises(UnknownNameError):
        desk.migrate_many(["o-1"], **{**asked, "to": "tiny@3"})


def test_records_are_taken_one_after_the_other(desk: Any) -> None:
    """Nothing is read ahead: what is asked for next is taken next."""
    taken: list[str] = []

    def ids() -> Iterator[str]:
        for number in (1, 2, 3):
            taken.append(f"o-{number}")
            yield taken[-1]

    results = desk.move_many(ids(), "accept", data=GOOD, **ASKED)
    assert taken == []
    next(results)
    assert taken == ["o-1"]


def test_memory_does_not_grow_with_the_number_of_records() -> None:
    """A bulk over many ids holds one record at a time."""
    desk = Desk([tiny()], MemoryStore())
    ids = (f"nobody-{number}" for number in range(3_000))
    asked = {"actor": PARTNER, "at": NOON, "key": "bulk"}
    tracemalloc.start()
    count = sum(1 for _ in desk.move_many(ids, "go", **asked))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 3_000
    assert peak < 1_000_000


def test_what_is_no_error_of_ours_stops_the_bulk(desk_of: Callable[..., Any]) -> None:
    """A store that is gone is not a record's result; the next run goes on from there."""
    store = MemoryStore()
    opened(desk_of([rich()], store))

    class Gone(Failing):
        def load(self, record_id: str) -> Any:
            raise ConnectionError(record_id)

    with pytest.raises(ConnectionError):
        next(desk_of([rich()], Gone(store, [])).move_many(["o-1"], "accept", **ASKED))
    assert statuses(desk_of([rich()], store).move_many(["o-1"], "accept", data=GOOD, **ASKED)) == [
        "done"
    ]


def test_a_claim_that_another_record_holds_is_a_refusal(desk: Any) -> None:
    """Of two deals for one customer the first has the protection, and the second is told so."""
    opened(desk, "o-9", "b1.example")
    results = list(desk.move_many(["o-1", "o-9"], "accept", data=GOOD, **ASKED))
    assert statuses(results) == ["done", "refused"]
    assert results[1].error.code == "claim.taken"
