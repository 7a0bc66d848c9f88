"""How every command ends: its exit code, and errors told in words.

This module does not know what a command does.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

import typer

from cosell.cli.page import BROKEN_PIPE, silence_output
from cosell.errors import CosellError

__all__ = ["Exit", "told"]


class Exit(IntEnum):
    """What the command ends with."""

    DONE = 0
    REJECTED = 1
    WRONG = 2
    INTERRUPTED = 130
    BROKEN_PIPE = BROKEN_PIPE


@contextmanager
def told(ctx: typer.Context) -> Iterator[None]:
    """Tell what is wrong in words, and end with the exit code that says so."""
    try:
        yield
    except CosellError as error:
        if ctx.obj:
            traceback.print_exc()
            raise typer.Exit(Exit.WRONG) from None
        sys.stderr.write(f"{error}\n")
        raise typer.Exit(Exit.WRONG) from None
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted.\n")
        raise typer.Exit(Exit.INTERRUPTED) from None
    except BrokenPipeError:
        silence_output()
        raise typer.Exit(Exit.BROKEN_PIPE) from None
