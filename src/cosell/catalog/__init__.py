"""The definitions that ship with cosell, as data, and the functions that load them."""

from __future__ import annotations

from cosell.catalog.bases import BASES
from cosell.catalog.shipped import (
    Shipped,
    fee_plan_names,
    load,
    load_fee_plan,
    names,
    parse,
    text_of,
)

__all__ = [
    "BASES",
    "Shipped",
    "fee_plan_names",
    "load",
    "load_fee_plan",
    "names",
    "parse",
    "text_of",
]
