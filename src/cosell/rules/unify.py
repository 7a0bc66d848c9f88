"""How types go together: the common type of several values, and why there is none.

Rules that hold for every pair:

1. Whole numbers and decimals go together, exactly; no other kinds do.
2. A text that can only be one of a few written ones goes with a label, if the label exists.
3. What can need more digits than every back end has is refused.

This module does not know what an expression is made of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from cosell.errors import did_you_mean
from cosell.rules.nodes import Place
from cosell.rules.typed import Typed
from cosell.rules.types import MAX_DIGITS, Kind, Type

__all__ = [
    "common_type",
    "comparable",
    "fitting",
    "mismatch",
    "named_currency",
    "refuse_unknown_labels",
]

_TEXTS: Final = frozenset({Kind.TEXT, Kind.LABEL})
_NO_COMMON: Final = frozenset({Kind.SPAN, Kind.LIST, Kind.MODEL})

#: What to do where two kinds meet that are often confused.
_REMEDIES: Final[Mapping[frozenset[Kind], str]] = MappingProxyType(
    {
        frozenset({Kind.DATE, Kind.TEXT}): "Write a date as date('2026-11-20').",
        frozenset({Kind.INSTANT, Kind.TEXT}): (
            "Write an instant as instant('2026-11-20T10:00:00+01:00')."
        ),
        frozenset({Kind.DATE, Kind.INSTANT}): "Take the date of the instant: day(x, 'Zone').",
        frozenset({Kind.MONEY, Kind.INT}): 'Write money as a text: "50000 USD".',
        frozenset({Kind.MONEY, Kind.DECIMAL}): 'Write money as a text: "50000 USD".',
        frozenset({Kind.SPAN, Kind.INT}): "Write hours(72) or minutes(30).",
        frozenset({Kind.INT, Kind.TEXT}): "Write a number without quotation marks.",
        frozenset({Kind.DECIMAL, Kind.TEXT}): "Write a number without quotation marks.",
        frozenset({Kind.LABEL, Kind.TEXT}): "Compare a label with texts that are written out.",
        frozenset({Kind.BOOL, Kind.TEXT}): "Write True or False, or the condition alone.",
    }
)
_GENERAL: Final = "Put together values of one type."


def mismatch(left: Type, right: Type) -> tuple[str, str]:
    """Return the problem and the remedy where two types do not go together."""
    remedy = _REMEDIES.get(frozenset({left.kind, right.kind}), _GENERAL)
    return f"{left} stands beside {right}", remedy


def common_type(parts: Sequence[Typed]) -> Type:
    """Return the one type that all ``parts`` have.

    Raises:
        ExpressionError: There is none; it points at the first part that does not fit.
    """
    return fitting(comparable(parts), parts[-1].at)


def comparable(parts: Sequence[Typed]) -> Type:
    """Return the one type that all ``parts`` have, however many digits it would need.

    Raises:
        ExpressionError: There is none; it points at the first part that does not fit.
    """
    first, *others = parts
    found = first.type
    for part in others:
        joined = _joined(found, part.type)
        if joined is None:
            raise part.at.error(*mismatch(found, part.type))
        found = joined
    if found.kind in _NO_COMMON:
        raise first.at.error(f"{found} cannot stand here", "Compare it instead.")
    return found


def _joined(left: Type, right: Type) -> Type | None:
    kinds = {left.kind, right.kind}
    if kinds <= {Kind.INT, Kind.DECIMAL} or kinds == {Kind.MONEY}:
        places = max(left.places, right.places)
        whole = max(left.digits - left.places, right.digits - right.places)
        kind = Kind.DECIMAL if len(kinds) > 1 else left.kind
        currency = left.currency if left.currency == right.currency else None
        return Type(kind, digits=whole + places, places=places, currency=currency)
    if kinds <= _TEXTS:
        return _joined_texts(left, right)
    return left if len(kinds) == 1 else None


def _joined_texts(left: Type, right: Type) -> Type | None:
    kinds = {left.kind, right.kind}
    if not (left.labels and right.labels):
        return None if Kind.LABEL in kinds else replace(left, labels=frozenset())
    kind = Kind.LABEL if Kind.LABEL in kinds else Kind.TEXT
    return replace(left, kind=kind, labels=left.labels | right.labels)


def named_currency(parts: Sequence[Typed]) -> str | None:
    """Return the first currency that one of ``parts`` names, or ``None``."""
    return next((part.type.currency for part in parts if part.type.currency), None)


def fitting(found: Type, at: Place) -> Type:
    """Return ``found``, or refuse it at ``at`` if it can need too many digits."""
    if found.digits > MAX_DIGITS:
        raise at.error(
            f"this can need {found.digits} digits, and {MAX_DIGITS} is the most",
            "Round a part of it first: round(x, 2, 'half_up').",
        )
    return found


def refuse_unknown_labels(label: Type, text: Typed) -> None:
    """Refuse the written texts that ``text`` can be unless they are labels of ``label``."""
    for written in sorted(text.type.labels - label.labels):
        raise text.at.error(f"there is no label `{written}`", did_you_mean(written, label.labels))
