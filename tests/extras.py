"""Optional packages of cosell, for the tests of what needs them.

``make test`` installs them all. Where one is missing its tests are skipped with the reason; in CI
a missing one fails.
"""

from __future__ import annotations

import os
from importlib import import_module

import pytest

__all__ = ["needs_extra"]


def needs_extra(extra: str, *packages: str) -> None:
    """Skip the module that calls this where a package of an extra is missing."""
    for package in packages:
        if os.environ.get("CI"):
            import_module(package)
        pytest.importorskip(package, reason=f"{package} is missing: pip install cosell[{extra}]")
