"""The command ``cosell``: what it is called with, and what it ends with.

Rules:

1. 0: all rows were read. 1: some were rejected. 2: the call, a definition, a mapping or a file is
   wrong. 130: interrupted. 141: whoever read the output has gone away.
2. Everything that is wrong is told in words, without a traceback; ``--debug`` shows one.
3. Reports go to the standard output, errors and the progress bar to the standard error.

This module does not know how a deal is reviewed.
"""

# A flag of a command is a boolean with a default.
# ruff: noqa: FBT002

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, version
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Final

import typer

from cosell.cli.calendar_command import calendar_app
from cosell.cli.commands import Output, run_explain, run_review, write_catalog, write_json
from cosell.cli.due_command import due
from cosell.cli.ending import Exit, told
from cosell.cli.fee_command import fees
from cosell.cli.flags import (
    AtOption,
    CalendarOption,
    FileArgument,
    JsonOption,
    MapOption,
    ProcessOption,
    ProgressOption,
    RatesOption,
    flag,
)
from cosell.cli.job import Wishes, load_shown, prepare
from cosell.cli.page import Page
from cosell.cli.show import process_as_dict, write_process
from cosell.cli.show_plan import FeePlanShownError, plan_as_dict, write_plan
from cosell.definition import text_of
from cosell.definition.fee_plan import FeePlan
from cosell.draw import mermaid_of, page_of

__all__ = ["Exit", "app", "run"]

_EXITS: Final = (
    "Exit codes: 0 all rows were read; 1 some were rejected; 2 the call, a definition, a mapping or"
    " a file is wrong; 130 interrupted; 141 the reader of the output has gone away."
)


app = typer.Typer(
    name="cosell",
    help="Review deals that are sold with partners: what may move, what is due, what is owed.",
    epilog=_EXITS,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.add_typer(calendar_app, name="calendar")
app.command(epilog=_EXITS)(due)
app.command(epilog=_EXITS)(fees)

RoleOption = Annotated[
    str | None,
    typer.Option(
        "--role",
        help="Ask as this role alone. By default every move is asked about as each role that may"
        " ask for it, for the deal's own partner, and the best answer is shown with who may.",
    ),
]
FeesOption = Annotated[
    str | None,
    typer.Option("--fees", metavar="PLAN", help="A fee plan of the catalog, or its path."),
]


def _version(wanted: bool) -> None:  # noqa: FBT001 - what the parser gives
    if wanted:
        Page().raw(f"cosell {_installed()}")
        raise typer.Exit


def _installed() -> str:
    try:
        return version("cosell")
    except PackageNotFoundError:
        return "(not installed, run from its source)"


@app.callback()
def _start(
    ctx: typer.Context,
    debug: Annotated[bool, flag("--debug", help="Show where an error came from.")] = False,
    shown: Annotated[
        bool,
        flag("--version", help="Show the version.", callback=_version, is_eager=True),
    ] = False,
) -> None:
    """Keep what holds for every command."""
    ctx.obj = debug and not shown


@app.command(epilog=_EXITS)
def review(  # noqa: PLR0913, PLR0917 - a command has its options
    ctx: typer.Context,
    file: FileArgument,
    mapping: MapOption,
    process: ProcessOption = "make",
    at: AtOption = None,
    role: RoleOption = None,
    fees: FeesOption = None,
    calendar: CalendarOption = None,
    rates: RatesOption = None,
    every: Annotated[bool, flag("--all", help="Write every deal and every rejected row.")] = False,
    as_json: JsonOption = False,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="OUT", help="Also write a row for each row.")
    ] = None,
    top: Annotated[int, typer.Option("--top", min=0, help="How many urgent deals.")] = 20,
    progress: ProgressOption = True,
) -> None:
    """Review a file of deals: where each stands, what it may do, what is due, what it earns."""
    with told(ctx):
        job = prepare(Wishes(file, mapping, process, at, role, fees, tuple(calendar or ()), rates))
        output = Output(every=every, as_json=as_json, csv=csv, top=top, progress=progress)
        rejected = run_review(job, output)
    raise typer.Exit(Exit.REJECTED if rejected else Exit.DONE)


@app.command(epilog=_EXITS)
def explain(  # noqa: PLR0913, PLR0917 - a command has its options
    ctx: typer.Context,
    file: FileArgument,
    mapping: MapOption,
    record_id: Annotated[str, typer.Option("--id", metavar="DEAL", help="Which deal.")],
    process: ProcessOption = "make",
    at: AtOption = None,
    role: RoleOption = None,
    fees: FeesOption = None,
    calendar: CalendarOption = None,
    rates: RatesOption = None,
    as_json: JsonOption = False,
) -> None:
    """Explain one deal: the ways from here, every check, each clock day by day, each fee."""
    with told(ctx):
        job = prepare(Wishes(file, mapping, process, at, role, fees, tuple(calendar or ()), rates))
        rejected = run_explain(job, record_id, as_json=as_json)
    raise typer.Exit(Exit.REJECTED if rejected else Exit.DONE)


@app.command()
def processes(ctx: typer.Context, as_json: JsonOption = False) -> None:
    """List the processes and the fee plans that ship with cosell."""
    with told(ctx):
        write_catalog(as_json=as_json)


@app.command()
def show(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="A process or fee plan of the catalog, or its path.")],
    mermaid: Annotated[bool, flag("--mermaid", help="Write a diagram in Mermaid instead.")] = False,
    markdown: Annotated[
        bool, flag("--markdown", help="Write a page in Markdown, with diagrams.")
    ] = False,
    as_toml: Annotated[
        bool,
        flag("--toml", help="Write the whole definition, with what it extends, as TOML."),
    ] = False,
    as_json: JsonOption = False,
    language: Annotated[
        str | None, typer.Option("--language", help="In this language where it has it: cs, cs-CZ.")
    ] = None,
    translation: Annotated[
        list[Path] | None,
        typer.Option("--translation", metavar="FILE", help="A translation beside the process."),
    ] = None,
) -> None:
    """Show a process: stages, moves, gates, clocks; or a fee plan: what earns how much."""
    with told(ctx):
        found = load_shown(name, language, translation or ())
        if as_toml:
            sys.stdout.write(text_of(found))
        elif isinstance(found, FeePlan):
            if mermaid or markdown or language or translation:
                raise FeePlanShownError(found.id)
            _show_plan(found, as_json=as_json)
        elif mermaid:
            Page().raw(mermaid_of(found))
        elif markdown:
            sys.stdout.write(page_of(found))
        elif as_json:
            write_json(process_as_dict(found))
        else:
            write_process(Page(), found)


def _show_plan(plan: FeePlan, *, as_json: bool) -> None:
    if as_json:
        write_json(plan_as_dict(plan))
    else:
        write_plan(Page(), plan)


def run() -> None:
    """Run the command; the program ends here."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    app()
