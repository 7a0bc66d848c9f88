"""Arguments and options that several commands have.

This module does not know what a command does.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated, Final

import typer

__all__ = [
    "AtOption",
    "CalendarOption",
    "FileArgument",
    "JsonOption",
    "MapOption",
    "ProcessOption",
    "ProgressOption",
    "RatesOption",
    "flag",
]

#: An option that takes no value: the help names none for it.
flag: Final = partial(typer.Option, metavar="")

JsonOption = Annotated[bool, flag("--json", help="Write JSON instead of text.")]
ProgressOption = Annotated[bool, flag(help="Show a progress bar on a terminal.")]
FileArgument = Annotated[
    Path, typer.Argument(metavar="FILE", help="The deals: .csv, .json, .jsonl, .xlsx or .parquet.")
]
MapOption = Annotated[
    Path, typer.Option("--map", metavar="TOML", help="Which column is what; see the docs.")
]
ProcessOption = Annotated[
    str, typer.Option("--process", help="A process of the catalog, or the path of a definition.")
]
AtOption = Annotated[
    str | None,
    typer.Option(
        "--at",
        metavar="MOMENT",
        help="As of when: a date (the end of that day in the process's zone) or a time with an"
        " offset. By default now.",
    ),
]
CalendarOption = Annotated[
    list[str] | None,
    typer.Option(
        "--calendar",
        metavar="NAME=COUNTRY",
        help="A calendar of the process: vendor=CZ, vendor=DE,region=BY or"
        " vendor=US,zone=America/New_York,hours=08:00-16:00.",
    ),
]
RatesOption = Annotated[
    Path | None,
    typer.Option("--rates", metavar="CSV", help="Exchange rates: source, target, on, rate."),
]
