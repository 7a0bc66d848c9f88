"""Options that are given or not, which several commands have.

This module does not know what a command does.
"""

from __future__ import annotations

from functools import partial
from typing import Annotated, Final

import typer

__all__ = ["JsonOption", "ProgressOption", "flag"]

#: An option that takes no value: the help names none for it.
flag: Final = partial(typer.Option, metavar="")

JsonOption = Annotated[bool, flag("--json", help="Write JSON instead of text.")]
ProgressOption = Annotated[bool, flag(help="Show a progress bar on a terminal.")]
