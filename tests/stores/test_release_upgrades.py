"""What an older release stored is read for ever; what a newer one stored is left alone.

``release_1`` holds a store as the first release wrote it: it is never written again.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosell.desk import Desk
from cosell.engine import Bound, fold, verify_seals
from cosell.errors import CosellError
from cosell.events import Event
from cosell.models import Opportunity
from cosell.stores import MemoryStore, NewerFormatError, SqliteStore, formats
from cosell.stores._codec import event_of
from cosell.stores.formats import Formats, Kind
from desk_kit import GOOD, a_deal, opened, require_coherent, rich
from process_samples import DAY, NOON, PARTNER, SELLER, bound_of

HERE: Final = Path(__file__).with_name("release_1")
LATER: Final = NOON + 30 * DAY


def bounds() -> tuple[Bound, Bound]:
    """Return the two versions that the records of the first release follow."""
    text = (HERE / "process.toml").read_text("utf-8")
    return bound_of(text), bound_of(text.replace("version = 3", "version = 4"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """Give a store that the first release wrote."""
    db = sqlite3.connect(tmp_path / "deals.db")
    db.executescript((HERE / "store.sql").read_text("utf-8"))
    db.close()
    with SqliteStore(tmp_path / "deals.db") as store:
        yield store


class TestFirstRelease:
    """Rows and events of the first release."""

    def test_its_definitions_have_their_digests(self, store: SqliteStore) -> None:
        """What a record follows is recognised by its digest, whatever a definition may hold now."""
        first, second = bounds()
        assert store.load("o-2").process == first.ref
        assert store.load("o-1").process == second.ref

    @pytest.mark.parametrize("record_id", ["o-1", "o-2", "o-3"])
    def test_its_records_and_events_hold(self, store: SqliteStore, record_id: str) -> None:
        """Each record loads, is the fold of its events, and every seal holds."""
        first, second = bounds()
        bound = second if record_id == "o-1" else first
        require_coherent(bound, store, record_id)
        assert Desk([first, second], store).load(record_id).version >= 1

    def test_its_events_load_by_themselves(self) -> None:
        """Events that a host keeps elsewhere are read as they were written, seals included."""
        texts = [json.dumps(each) for each in json.loads((HERE / "events.json").read_text("utf-8"))]
        events = [event_of(text) for text in texts]
        for record_id in ("o-1", "o-2", "o-3"):
            own = [event for event in events if event.record_id == record_id]
            verify_seals(own)
            assert fold(Opportunity, own, parts=rich().parts).id == record_id

    def test_its_answers_are_given_again(self, store: SqliteStore) -> None:
        """A command of then, repeated with its key, has the answer of then."""
        desk = Desk(bounds(), store)
        asked = {"actor": SELLER, "at": LATER, "key": "req-1"}
        again = desk.move("o-1", "accept", data=GOOD, **asked)
        assert (again.repeated, again.record.stage) == (True, "accepted")

    def test_its_claims_effects_and_deadlines_go_on(self, store: SqliteStore) -> None:
        """Whoever held a key holds it, and effects wait."""
        assert store.holder("registration:beta.example") == "o-1"
        effects = store.lease(100, until=LATER, at=LATER)
        assert {effect.record_id for effect in effects} == {"o-1", "o-2"}

    def test_its_records_move_on(self, store: SqliteStore) -> None:
        """A record of then is moved today, and everything still holds."""
        desk = Desk(bounds(), store)
        facts = {"budget_free": True}
        asked: dict[str, Any] = {"actor": SELLER, "at": LATER, "facts": facts}
        desk.move("o-1", "lose", data={"closed_reason": "No fit."}, **asked)
        require_coherent(bounds()[1], store, "o-1")


#: Every field that an event of the first release had: what its seals cover.
_FIRST_FIELDS: Final = {
    *("record_id", "seq", "kind", "at", "actor", "process", "track", "trigger", "source", "target"),
    *("clock", "step", "allowance", "reason", "changes", "findings", "overridden"),
    *("previous", "digest"),
}


def test_a_field_that_comes_new_leaves_seals_as_they_are() -> None:
    """A seal covers what is not missing: fields that events gained since are ``None`` by default.

    Otherwise no event of an older release could be verified.
    """
    for name, field in Event.model_fields.items():
        assert name in _FIRST_FIELDS or field.default is None


# --- formats to come ------------------------------------------------------------------------


def _reasoned(content: dict[str, Any]) -> dict[str, Any]:
    return {**content, "reason": content.pop("why", None) or "Of the first format."}


#: Formats as a later release may have them: events call a field otherwise, records lack one.
NEXT: Final = Formats(
    newest=3,
    upgrades={
        Kind.EVENT: {1: _reasoned},
        Kind.RECORD: {2: lambda content: {**content, "plan": "team"}},
    },
)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let this release be a later one."""
    with monkeypatch.context() as patch:
        patch.setattr(formats, "FORMATS", NEXT)
        yield


@pytest.mark.parametrize("made", [MemoryStore, lambda: SqliteStore(":memory:")])
def test_what_is_older_is_upgraded_when_it_is_read(
    made: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each upgrade on the way is taken: of events, records, answers; new ones carry a number."""
    store = made()
    desk = Desk([rich()], store)
    desk.open(a_deal(), actor=PARTNER, at=NOON, key="form-1")
    monkeypatch.setattr(formats, "FORMATS", NEXT)

    assert desk.load("o-1").plan == "team"
    assert [event.reason for event in desk.history("o-1")] == ["Of the first format."]
    again = desk.open(a_deal(), actor=PARTNER, at=NOON, key="form-1")
    assert (again.repeated, again.record.plan) == (True, "team")
    assert again.events[0].reason == "Of the first format."

    moved = desk.move("o-1", "accept", actor=SELLER, at=NOON + DAY, data=GOOD, override="New.")
    assert moved.record.plan == "team"
    assert store.load("o-1").body.startswith('{"format":3,')
    assert [event.reason for event in desk.history("o-1")] == ["Of the first format.", "New."]
    getattr(store, "close", lambda: None)()


@pytest.mark.parametrize("made", [MemoryStore, lambda: SqliteStore(":memory:")])
@pytest.mark.parametrize(
    ("ask", "kind"),
    [
        pytest.param(lambda desk: desk.load("o-1"), Kind.RECORD, id="a record"),
        pytest.param(lambda desk: desk.history("o-1"), Kind.EVENT, id="an event"),
        pytest.param(
            lambda desk: desk.open(a_deal(), actor=PARTNER, at=NOON, key="form-1"),
            Kind.ANSWER,
            id="an answer",
        ),
        pytest.param(
            lambda desk: desk.store.lease(9, until=LATER, at=LATER), Kind.EFFECT, id="an effect"
        ),
    ],
)
def test_what_is_newer_is_refused(made: Any, ask: Any, kind: Kind, later: None) -> None:
    """A text of a later release is named with both numbers, and nothing is changed."""
    del later
    store = made()
    desk = Desk([rich()], store)
    desk.open(a_deal(), actor=PARTNER, at=NOON, key="form-1")
    desk.move("o-1", "accept", actor=SELLER, at=NOON + DAY, data=GOOD)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(formats, "FORMATS", Formats(newest=2))
        with pytest.raises(NewerFormatError) as caught:
            ask(desk)
    assert (caught.value.kind, caught.value.found, caught.value.known) == (kind, 3, 2)
    assert isinstance(caught.value, CosellError)
    assert desk.load("o-1").stage == "accepted"
    getattr(store, "close", lambda: None)()


def test_a_tick_names_a_record_that_it_cannot_read(later: None) -> None:
    """One record of a later release keeps no other from being ticked."""
    del later
    store = MemoryStore()
    opened(Desk([rich()], store))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(formats, "FORMATS", Formats(newest=1))
        desk = Desk([rich()], store)
        opened(desk, "o-2", "gamma.example")
        ticked = desk.tick(at=NOON + timedelta(days=20))
    assert [answer.id for answer in ticked.answers] == ["o-2"]
    assert [(record_id, type(error)) for record_id, error in ticked.failed] == [
        ("o-1", NewerFormatError)
    ]


TABLES = st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=3)


@given(table=TABLES.filter(lambda table: "format" not in table), newest=st.integers(1, 20))
def test_what_is_stored_is_read_again(table: dict[str, Any], newest: int) -> None:
    """Whatever a table holds, storing it and reading it gives it back."""
    known = Formats(newest=newest)
    text = json.dumps(table, separators=(",", ":"))
    assert json.loads(known.current(Kind.RECORD, known.stored(text))) == table
    assert json.loads(Formats(newest=21).current(Kind.EVENT, known.stored(text))) == table
