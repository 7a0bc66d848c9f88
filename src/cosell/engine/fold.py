"""Write an event into a record, and fold a record out of its events.

``apply`` and ``fold`` use the same function: that a record equals the fold of its events is how
it is built, not a coincidence.

This module does not know why an event happened.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal, TypeVar, overload

from pydantic import ValidationError

from cosell._base import problems_from, trusting, validated
from cosell.engine.bound import Bound
from cosell.engine.items import split_name
from cosell.engine.paths import NO_KEYS, Keys, merged, put, read_path
from cosell.engine.writable import require_writable
from cosell.errors import CosellError, InvalidDataError
from cosell.errors.kinds import tells_kinds
from cosell.events import Event, EventKind, TrailEntry
from cosell.models.record import Record

__all__ = ["BrokenHistoryError", "fold", "folded", "happened", "with_event"]

_R = TypeVar("_R", bound=Record)

# Both are made of an event's own parts and values of a valid record.
_event: Final = trusting(Event)
_trail_entry: Final = trusting(TrailEntry)
_TRAILED: Final = tuple(TrailEntry.model_fields)
#: Kinds whose events leave nothing in the trail: no clock reads them.
_UNTRAILED: Final = (
    EventKind.CHANGED,
    EventKind.ERASED,
    EventKind.MERGED,
    EventKind.ACCOUNTED,
)


def _line_of(said: Mapping[str, Any]) -> TrailEntry | None:
    """Return the line that an event leaves in the trail, if it leaves one."""
    if said["kind"] in _UNTRAILED:
        return None
    return _trail_entry({name: said[name] for name in _TRAILED})


def with_event(
    record: _R,
    event: Event,
    stage_path: str = "stage",
    entry: TrailEntry | None = None,
    keys: Keys = NO_KEYS,
    subject: str | None = None,
) -> _R:
    """Return ``record`` after ``event``, validated as one model.

    Args:
        record: The record before.
        event: What happened to it.
        stage_path: Where the stage stands that the event changes; ``poc.stage`` in a track.
        entry: The line that the event leaves in the trail, where that is made already.
        keys: Which field names the items of each list that a track leads.
        subject: What somebody asked for who gave what the event writes; ``None`` where nobody did.

    Raises:
        InvalidDataError: What the event writes does not fit.
    """
    said = event.__dict__
    changes = said["changes"]
    values = merged(record, changes, keys) if changes else record.__dict__.copy()
    # Without changes there is no unknown field to look for, only values that were derived.
    extra: Literal["ignore"] | None = None if changes else "ignore"
    target = said["target"]
    if target is not None:
        if stage_path == "stage":  # nearly always, and in a fifth of the time
            values["stage"] = target
        else:
            put(values, stage_path, target, keys)
    values["version"] = said["seq"]
    values["process"] = said["process"]
    line = entry or _line_of(said)
    if line is not None:
        values["trail"] = (*values["trail"], line)
    try:
        new: _R = record.__pydantic_validator__.validate_python(values, extra=extra)
    except ValidationError as error:
        raise InvalidDataError(subject or _named(event), problems_from(error)) from None
    return new


def happened(
    record: _R, event: Event, keys: Keys = NO_KEYS, subject: str | None = None
) -> tuple[_R, Event]:
    """Return ``record`` after a new ``event``, and the event with what it really wrote.

    A caller's data may be text for an amount, or a list that the caller changes later; the event
    keeps the values that the record has.
    """
    after = with_event(record, event, keys=keys, subject=subject)
    return after, as_written(event, after, keys, subject) if event.changes else event


def as_written(event: Event, after: Record, keys: Keys, subject: str | None = None) -> Event:
    """Return an event with the values that the record has after it.

    Raises:
        InvalidDataError: One of them cannot be stored.
    """
    changes = {path: read_path(after, path, keys) for path in event.changes}
    require_writable(changes, subject or _named(event))
    return _event({**event.__dict__, "changes": changes})


def _named(event: Event) -> str:
    return f"event {event.seq} of `{event.record_id}`"


@overload
def fold(
    model: type[_R], events: Iterable[Event], *, parts: Mapping[str, str] | None = None
) -> _R: ...
@overload
def fold(
    model: Bound, events: Iterable[Event], *, parts: Mapping[str, str] | None = None
) -> Record: ...
@tells_kinds
def fold(
    model: Bound | type[Record],
    events: Iterable[Event],
    *,
    parts: Mapping[str, str] | None = None,
) -> Record:
    """Return the record that ``events`` add up to.

    Args:
        model: The bound process of the record, or the record's model: a type checker then knows
            that the record is one of these.
        events: All its events, oldest first.
        parts: The field path of each track's part, by track; by default those of the bound
            process. With a model alone it is the track's own name, which is not enough where a
            track leads the items of a list.

    Returns:
        The same record that the store holds.

    Raises:
        BrokenHistoryError: The events do not start at 1, have a gap, or are not one record's.
        InvalidDataError: What an event wrote does not fit the model.

    Source:
        BX-40: whatever changed a record left an event.

    Example:
        >>> from datetime import UTC, datetime
        >>> from cosell import Actor, Calendar, Opportunity, catalog, open_record
        >>> vendor = Calendar.from_holidays("CZ", tz="Europe/Prague")
        >>> make = catalog.load("make").bind(calendars={"vendor": vendor})
        >>> me, now = Actor("ae-3", role="ae", party="vendor"), datetime(2026, 11, 20, tzinfo=UTC)
        >>> opened = open_record(make, Opportunity(id="o-1"), actor=me, at=now)
        >>> fold(make, opened.events) == opened.record
        True
    """
    if isinstance(model, Bound):
        parts = model.parts if parts is None else parts
        model = model.model
    paths = parts or {}
    keys = _keys_in(paths.values())
    record: Record | None = None
    for seq, event in enumerate(events, start=1):
        if event.seq != seq or (record is not None and event.record_id != record.id):
            raise BrokenHistoryError(event.record_id, seq, event.seq)
        if record is None:
            record = validated(model, _opened_by(event), _named(event))
            continue
        record = with_event(record, event, _stage_path(event.track, paths), keys=keys)
    if record is None:
        raise BrokenHistoryError("?", 1, 0)
    return record


def folded(record: _R, events: Iterable[Event], parts: Mapping[str, str]) -> _R:
    """Return ``record`` after more ``events``, which are taken as they come.

    Raises:
        InvalidDataError: What an event wrote does not fit the model.
    """
    keys = _keys_in(parts.values())
    for event in events:
        record = with_event(record, event, _stage_path(event.track, parts), keys=keys)
    return record


def _opened_by(event: Event) -> dict[str, Any]:
    """Return all values of a record: a host's model may have fields without a default."""
    line = _line_of(event.__dict__)
    trail = event.changes.get("trail", ())
    return {
        **event.changes,
        "id": event.record_id,
        "stage": event.target,
        "version": event.seq,
        "process": event.process,
        "trail": trail if line is None else (*trail, line),
    }


def _stage_path(track: str | None, parts: Mapping[str, str]) -> str:
    """Return where the stage stands that an event of a line changes."""
    if track is None:
        return "stage"
    name, item = split_name(track)
    part = parts.get(name, name)
    return f"{part}.stage" if item is None else f"{split_name(part)[0]}[{item}].stage"


def _keys_in(parts: Iterable[str]) -> dict[str, str]:
    """Return which field names the items of each list, of parts such as ``paper_items[kind]``."""
    return {path: key for path, key in map(split_name, parts) if key is not None}


class BrokenHistoryError(CosellError):
    """Events do not form the whole history of one record.

    Attributes:
        record_id: The record in question.
        expected: The number of the event that should come.
        found: The number that came; 0 if none did.
    """

    code = "history.broken"

    def __init__(self, record_id: str, expected: int, found: int) -> None:
        self.record_id = record_id
        self.expected = expected
        self.found = found
        super().__init__(
            problem=f"event {expected} of record `{record_id}` should come, and {found} came",
            remedy="Give all events of one record, oldest first.",
        )
