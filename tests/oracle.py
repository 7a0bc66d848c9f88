"""Independent libraries, for the tests that hold calendars and currencies against them.

They are large, and no part of ``make test``: where one is missing its tests are skipped with the
reason. CI installs them all (the dependency group ``oracle``), and there a missing one fails.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

import pytest

__all__ = ["oracle"]


def oracle(name: str) -> Any:
    """Return an independent library, or skip the module that asks for it."""
    if os.environ.get("CI"):
        return import_module(name)
    return pytest.importorskip(name, reason=f"{name} is not installed: pip install --group oracle")
