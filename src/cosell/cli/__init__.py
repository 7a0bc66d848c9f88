"""The command line: review a file of deals, show a process, explain one deal.

Reading files and reviewing deals needs no extra; the command itself does, and says so when it is
missing.
"""

from __future__ import annotations

import sys
from typing import Final

from cosell.errors import MissingExtraError

__all__ = ["main"]

_EXTRA: Final = frozenset({"click", "rich", "typer", "tzdata"})
_USAGE: Final = 2


def main() -> int | None:
    """Run the command ``cosell``, and end the program with its exit code.

    Returns:
        The exit code, where the extra ``cli`` is not installed; otherwise it does not return.
    """
    try:
        from cosell.cli.app import run
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in _EXTRA:
            raise
        sys.stderr.write(f"{MissingExtraError('cli', 'the command `cosell`')}\n")
        return _USAGE
    run()
    return None
