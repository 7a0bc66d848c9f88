"""Errors that say what is wrong and what to do about it."""

from __future__ import annotations

from cosell.errors.base import CosellError, did_you_mean
from cosell.errors.given import (
    CalendarError,
    CalendarExhaustedError,
    ClockRefusedError,
    DefinitionError,
    EditRefusedError,
    ExpressionError,
    InvalidDataError,
    MergeRefusedError,
    MissingExtraError,
    NaiveDatetimeError,
    Problem,
    UnknownNameError,
    WrongKindError,
    require_aware,
    require_kind,
)
from cosell.errors.records import (
    ClaimedError,
    KeyReusedError,
    OutOfOrderError,
    RecordExistsError,
    RecordNotFoundError,
    VersionConflictError,
)

__all__ = [
    "CalendarError",
    "CalendarExhaustedError",
    "ClaimedError",
    "ClockRefusedError",
    "CosellError",
    "DefinitionError",
    "EditRefusedError",
    "ExpressionError",
    "InvalidDataError",
    "KeyReusedError",
    "MergeRefusedError",
    "MissingExtraError",
    "NaiveDatetimeError",
    "OutOfOrderError",
    "Problem",
    "RecordExistsError",
    "RecordNotFoundError",
    "UnknownNameError",
    "VersionConflictError",
    "WrongKindError",
    "did_you_mean",
    "require_aware",
    "require_kind",
]
