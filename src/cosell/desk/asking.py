"""One call of a store, as a value: what a conversation asks for and a desk makes.

This module does not know how anything is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Ask"]


@dataclass(frozen=True, slots=True)
class Ask:
    """One call of a store: which method, with what."""

    method: str
    arguments: tuple[Any, ...] = ()
    named: Mapping[str, Any] = field(default_factory=dict)
