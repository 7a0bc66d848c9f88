"""The claims of a record: which keys it takes, holds, gives back and waits for.

Rules:

1. A claim that is made of something missing is no key; of the items of a list, each that is whole
   makes one.
2. A record holds its standing claims from its opening on, as its fields say: they are worked out
   anew with every change of them.
3. What a transition gives back comes first, then what it takes. Who takes a key no longer waits
   for it, and who has ended waits for nothing.

This module does not know who else holds a key: that is the store's to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cosell.definition.claim import PLACEHOLDER, claim_name, lists_of
from cosell.definition.line import StageKind
from cosell.definition.process import CLOCK_ROLE
from cosell.engine.paths import read_path, rewritten
from cosell.events import RELEASED, Effect, Event

if TYPE_CHECKING:
    from cosell.definition.process import Process
    from cosell.engine.bound import BoundLine, Move
    from cosell.models.record import Record

__all__ = [
    "ClaimTemplate",
    "Claims",
    "carried_claims",
    "claims_after",
    "claims_of",
    "released",
    "standing_changes",
    "standing_keys",
    "templates",
]

_ITEM = "[*]"


@dataclass(frozen=True, slots=True)
class ClaimTemplate:
    """A claim of a definition, taken apart.

    Attributes:
        text: As the definition writes it.
        name: What kind of claim it is.
        between: The text before, between and after what stands in braces.
        paths: What stands in braces: as the definition writes it, or from an item after a dot.
        items: The list of which each item makes a key.
    """

    text: str
    name: str
    between: tuple[str, ...]
    paths: tuple[str, ...]
    items: str | None

    @classmethod
    def of(cls, text: str) -> ClaimTemplate:
        """Return ``text`` taken apart."""
        pieces = PLACEHOLDER.split(text)
        return cls(
            text=text,
            name=claim_name(text),
            between=tuple(pieces[::2]),
            paths=tuple(_in_item(path) for path in pieces[1::2]),
            items=next(iter(lists_of(text)), None),
        )

    @property
    def heads(self) -> frozenset[str]:
        """The fields of the record that it is made of, on the main line."""
        paths = [*self.paths, *filter(None, [self.items])]
        return frozenset(path.split(".")[0] for path in paths) - {""}

    def rows(self, record: Record, line: BoundLine | None = None) -> list[tuple[Any, ...]]:
        """Return the values for each key, missing ones too; by default as the main line has it."""
        items = (None,) if self.items is None else _read(record, line, self.items) or ()
        return [tuple(_value(record, line, item, path) for path in self.paths) for item in items]

    def keys(self, record: Record, line: BoundLine | None = None) -> tuple[str, ...]:
        """Return the keys that it makes, each once."""
        whole = (row for row in self.rows(record, line) if None not in row)
        return tuple(dict.fromkeys(self._key(row) for row in whole))

    def _key(self, row: tuple[Any, ...]) -> str:
        first, *rest = self.between
        return first + "".join(f"{value}{text}" for value, text in zip(row, rest, strict=True))


def _in_item(path: str) -> str:
    """Return what stands in braces; of an item, what follows it, after a dot."""
    _, star, inner = path.partition(_ITEM)
    return (inner or ".") if star else path


def _read(record: Record, line: BoundLine | None, path: str) -> Any:
    return read_path(record, path) if line is None else line.read(record, path)


def _value(record: Record, line: BoundLine | None, item: Any, path: str) -> Any:
    if not path.startswith("."):
        return _read(record, line, path)
    return item if path == "." else read_path(item, path[1:])


@dataclass(frozen=True, slots=True)
class Claims:
    """What a bound process says of claims.

    Attributes:
        standing: Those that every record holds.
        names: Their names.
        heads: The fields that they are made of.
        called: Names of claims for which the next in line is called.
        taken: Whether any transition takes one.
        by_clock: Whether one that a clock may ask for does.
    """

    standing: tuple[ClaimTemplate, ...] = ()
    names: frozenset[str] = frozenset()
    heads: frozenset[str] = frozenset()
    called: frozenset[str] = frozenset()
    taken: bool = False
    by_clock: bool = False

    def touched(self, changes: Iterable[str]) -> bool:
        """Whether a change of these fields can change what every record holds."""
        return any(path.split(".")[0].split("[")[0] in self.heads for path in changes)


def templates(texts: Iterable[str]) -> tuple[ClaimTemplate, ...]:
    """Return claims of a definition taken apart."""
    return tuple(ClaimTemplate.of(text) for text in texts)


def claims_of(process: Process) -> Claims:
    """Return what a process says of claims."""
    kinds = process.claim_kinds
    standing = templates(key for kind in kinds.values() for key in kind.keys)
    claiming = [each for line in process.lines.values() for each in line.transitions if each.claims]
    return Claims(
        standing=standing,
        names=frozenset(claim.name for claim in standing),
        heads=frozenset(head for claim in standing for head in claim.heads),
        called=frozenset(name for name, kind in kinds.items() if kind.next is not None),
        taken=bool(claiming),
        by_clock=any(CLOCK_ROLE in each.roles for each in claiming),
    )


def standing_keys(claims: Claims, record: Record) -> tuple[str, ...]:
    """Return the keys that ``record`` holds as its fields stand."""
    keys = (key for template in claims.standing for key in template.keys(record))
    return tuple(dict.fromkeys(keys))


def standing_changes(
    main: BoundLine, record: Record, changes: Mapping[str, Any], subject: str
) -> dict[str, Any]:
    """Return what an edit makes of the claims of ``record``; nothing if they stay.

    Raises:
        InvalidDataError: The changes do not fit, with every path.
    """
    claims = main.claims
    if not claims.touched(changes):
        return {}
    kept = _others(record.claims, claims.names)
    keys = (*kept, *standing_keys(claims, rewritten(record, changes, subject, main.keys)))
    return {} if set(keys) == set(record.claims) else {"claims": keys}


def carried_claims(before: Claims, after: Claims, record: Record) -> dict[str, Any]:
    """Return what going on under another version makes of the claims; nothing if they stay.

    What transitions have taken stays; what every record holds is as the new version says.
    """
    kept = _others(record.claims, before.names | after.names)
    keys = (*kept, *standing_keys(after, record))
    return {} if set(keys) == set(record.claims) else {"claims": keys}


def claims_after(move: Move, record: Record, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a move makes of the claims and waits of ``record``, as far as it can change them.

    Raises:
        InvalidDataError: What the move writes does not fit, with every path.
    """
    transition, claims = move.transition, move.line.claims
    touched = claims.touched(changes)
    ends = move.line.name is None and move.line.kinds[move.target] is not StageKind.OPEN
    if not (move.claims or move.waits or transition.releases or touched or record.waits):
        return {}
    line = move.line
    draft = rewritten(record, changes, f"data for `{move.trigger}`", line.keys)
    kept = _others(record.claims, transition.releases)
    if touched:
        kept = [*_others(kept, claims.names), *standing_keys(claims, draft)]
    taken = [key for template in move.claims for key in template.keys(draft, line)]
    held = tuple(dict.fromkeys([*kept, *taken]))
    left = [] if ends else _others(record.waits, transition.releases)
    waited = [key for template in move.waits for key in template.keys(draft, line)]
    waits = tuple(key for key in dict.fromkeys([*left, *waited]) if key not in held)
    found: dict[str, Any] = {}
    if move.claims or transition.releases or set(held) != set(record.claims):
        found["claims"] = held
    if waits != record.waits:
        found["waits"] = waits
    return found


def _others(keys: Iterable[str], names: Iterable[str]) -> list[str]:
    """Return the keys of other names."""
    known = set(names)
    return [key for key in keys if claim_name(key) not in known]


def released(
    claims: Claims, before: Record, after: Record, event: Event, first: int
) -> tuple[Effect, ...]:
    """Return an effect for each key given back for which the next in line is to be called."""
    if not claims.called or before.claims == after.claims:
        return ()
    freed = [
        key for key in before.claims if claim_name(key) in claims.called and key not in after.claims
    ]
    return tuple(
        Effect(
            id=f"{event.record_id}/{event.seq}/{number}",
            record_id=event.record_id,
            kind=RELEASED,
            data={"key": key},
        )
        for number, key in enumerate(freed, first)
    )
