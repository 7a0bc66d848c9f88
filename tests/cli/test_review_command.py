"""The command reads a file, says everything in words, and ends with an exit code that says so."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

import cli_kit
from cli_kit import EXAMPLES, MAP, PROCESS, RUN, Folder, environment, folder, run, spawn
from cosell.cli import app as command
from cosell.cli import main
from cosell.cli.job import Wishes, prepare
from cosell.cli.page import Page, printable
from cosell.cli.progress import counted
from cosell.cli.row import Layout
from cosell.cli.rows import open_rows

__all__ = ["folder"]

FEES = ["--fees", "make_example"]


def test_a_review_prints_deals_and_totals(folder: Folder) -> None:
    """Each deal with what is due, what may be done, what is in the way; then the totals."""
    code, out, err = folder.run("--calendar", "office=CZ")

    said = " ".join(out.split())
    assert (code, err) == (0, "")
    assert "by process small version 1, as of Fri 2026-11-20 23:59 Europe/Prague" in said
    assert "1. d-1 · Acme · 60,000.00 USD" in out
    assert "● OVERDUE Answer [MK-13]: was due Mon 2026-11-16 17:00; Manager" in out
    assert "· Start the plan. [MK-26] (acv is 60000.00 USD, mdp.stage is not_started)" in out
    assert "✓ Ask → Asked (Partner or Seller)" in out
    assert "No fee plan was given" in out
    assert "2 rows: 2 read, 0 rejected." in out


def test_a_calendar_that_nobody_gave_is_told(folder: Folder) -> None:
    """A review without a calendar counts Monday to Friday, and says so."""
    _, out, _ = folder.run()

    assert "Monday to Friday, 09:00 to 17:00 Europe/Prague, no holidays" in out
    assert "--calendar office=COUNTRY" in " ".join(out.split())


def test_rejected_rows_are_told_and_the_others_are_done(folder: Folder) -> None:
    """Each rejected row has file, line, column and reason, and the exit code is 1."""
    folder.write("deals.csv", "id,stage,since,value,customer\nd-1,asked,,x,\nd-2,fresh,,1,\nd-3\n")

    code, out, _ = folder.run()

    said = " ".join(out.split())
    assert code == 1
    assert "3 rows: 1 read, 2 rejected." in said
    assert "deals.csv:2: value: `x` is no number." in said
    assert "deals.csv:4: the row is too short" in said


def test_many_rejected_rows_are_cut_unless_all_are_wanted(folder: Folder) -> None:
    """The first fifty are shown, and the rest is counted; `--all` shows every one."""
    rows = "".join(f"d-{n},nowhere,,,\n" for n in range(60))
    folder.write("deals.csv", f"id,stage,since,value,customer\n{rows}")

    _, some, _ = folder.run()
    _, every, _ = folder.run("--all")

    assert " ".join(some.split()).count("is mapped to no stage") == 50
    assert "and 10 further rows; `--all` and `--json` have them." in some
    assert " ".join(every.split()).count("is mapped to no stage") == 60


def test_all_deals_are_written_as_they_come(folder: Folder) -> None:
    """With `--all` every deal is written in the file's order, and the urgent ones in short."""
    _, out, _ = folder.run("--all", "--calendar", "office=CZ")

    assert out.index("d-1 · Acme") < out.index("d-2 · ") < out.index("most urgent")
    assert "1. d-1: overdue since Mon 2026-11-16" in out
    assert "2. d-2: movable since Wed 2026-11-18" in out


def test_the_top_is_as_long_as_is_wanted(folder: Folder) -> None:
    """`--top` says how many deals are written; with none there is no list."""
    assert "The 1 most urgent of 2 deals" in folder.run("--top", "1")[1]
    assert "most urgent" not in folder.run("--top", "0")[1]
    assert folder.run("--top", "-1")[0] == 2


def test_json_has_everything(folder: Folder) -> None:
    """One document: what it was made of, every deal, rejected rows, totals, the urgent ones."""
    with (folder.path / "deals.csv").open("a") as file:
        file.write("d-3,nowhere,,,\n")

    code, out, _ = folder.run("--json", "--role", "seller")
    found = json.loads(out)

    assert code == 1
    assert found["schema"] == "cosell.review/1"
    assert found["process"]["id"] == "small"
    assert found["calendars"]["office"]["assumed"] is True
    assert [it["id"] for it in found["deals"]] == ["d-1", "d-2"]
    assert found["rejected"][0]["problems"][0]["column"] == "stage"
    assert found["totals"]["rows"] == 3
    assert found["totals"]["clocks"] == {"answer": {"overdue": 1, "running": 0}}
    assert found["urgent"] == ["d-1", "d-2"]
    assert {move["trigger"] for move in found["deals"][0]["moves"]} >= {"win", "lose"}


def test_json_of_no_deals_is_json(folder: Folder) -> None:
    """A file without rows gives a document without deals."""
    folder.write("deals.csv", "id,stage,since,value,customer\n")

    assert json.loads(folder.run("--json")[1])["deals"] == []


def test_csv_has_a_row_for_each_row(folder: Folder) -> None:
    """The table has a row for each row of the file, read or rejected, and no formulas."""
    text = "id,stage,since,value,customer\n+1,fresh,,1,\nd-2,fresh,2026-11-18,1,-5\nd-3,?,,,\n"
    folder.write("deals.csv", text)
    out = folder.path / "out.csv"

    code, _, _ = folder.run("--csv", out, *FEES)
    rows = list(csv.DictReader(io.StringIO(out.read_text("utf-8-sig"))))

    assert code == 1
    assert [row["result"] for row in rows] == ["rejected", "read", "rejected"]
    assert [row["line"] for row in rows] == ["2", "3", "4"]
    assert rows[1]["customer"] == "-5"
    assert rows[1]["fees_payable"] == ""
    assert rows[2]["problems"] == "stage: `?` is mapped to no stage"
    assert not any(cell.startswith(("=", "@", "+")) for row in rows for cell in row.values())


def test_fees_are_told_with_their_reasons(folder: Folder) -> None:
    """With a plan each deal says what it earns, and what holds every fee up is said once."""
    _, out, _ = folder.run(*FEES)

    assert "Fees by make_example@1. An example: the rates are made up" in out
    assert "$ Lead sourcing, 3,000.00 USD: not eligible, not earned, not payable" in out
    assert "$ No fee is payable before this:" in out
    assert "What was paid out already is not known here" in out


WRONG: dict[str, tuple[list[str], str]] = {
    "no_such_process": (["--process", "mak"], "there is no process `mak`. Did you mean `make`?"),
    "no_such_process_file": (["--process", "no.toml"], "`no.toml` cannot be opened"),
    "no_such_mapping": (["--map", "no.toml"], "`no.toml` cannot be opened"),
    "no_such_fees": (["--fees", "none"], "there is no fee plan `none`"),
    "no_such_role": (["--role", "boss"], "there is no role `boss`"),
    "no_such_rates": (["--rates", "no.csv"], "`no.csv` cannot be opened"),
    "no_moment": (["--at", "tomorrow"], "`tomorrow` is no moment"),
    "no_offset": (["--at", "2026-11-20T09:00"], "Add an offset, as 2026-11-20T09:00+01:00."),
    "last_day": (["--at", "9999-12-31"], "`9999-12-31` lies at an end of time"),
    "last_moment": (["--at", "9999-12-30T00:00Z"], "`9999-12-30T00:00Z` lies at an end of time"),
    "first_moment": (["--at", "0001-01-01T00:00+14:00"], "from 0001-01-03 to 9999-12-29 in UTC"),
    "no_calendar": (["--calendar", "office"], "`office` is no calendar"),
    "other_calendar": (["--calendar", "ofice=CZ"], "there is no calendar `ofice`"),
    "no_country": (["--calendar", "office=XX"], "there is no country or market `XX`"),
    "no_zone": (["--calendar", "office=XNYS"], "no time zone of `XNYS` is known"),
    "wide_country": (["--calendar", "office=US"], "`US` lies in"),
    "no_calendar_part": (["--calendar", "office=CZ,open=9"], "`open=9` is no part of a calendar"),
    "unwritable": (["--csv", "/no/such/folder/out.csv"], "cannot be written"),
}


@pytest.mark.parametrize(("arguments", "said"), WRONG.values(), ids=WRONG)
def test_a_wrong_call_is_told_in_words(folder: Folder, arguments: list[str], said: str) -> None:
    """What is wrong with a call is one message without a traceback, and the exit code is 2."""
    code, _, err = folder.run(*arguments)

    assert code == 2
    assert said in err
    assert "Traceback" not in err


@pytest.mark.parametrize("name", ["deals.csv", "map.toml", "rates.csv"])
def test_what_is_read_is_not_written_over(folder: Folder, name: str) -> None:
    """The table is never written over the file, the mapping or the rates."""
    folder.write("rates.csv", "source,target,on,rate\n")
    before = (folder.path / name).read_bytes()

    code, _, err = folder.run("--csv", folder.path / name, "--rates", folder.path / "rates.csv")

    assert code == 2
    assert "is being read" in err
    assert (folder.path / name).read_bytes() == before


def test_missing_columns_are_told_where_the_mapping_names_them(folder: Folder) -> None:
    """A column that the file does not have is told with the line of the mapping."""
    folder.write("deals.csv", "id,stage,since,valu\n")

    code, _, err = folder.run()

    assert code == 2
    assert "map.toml:11: columns.acv" in err
    assert "has no column `value`. Did you mean `valu`?" in err
    assert "map.toml:12: columns.customer.name" in err


def test_all_that_is_wrong_with_a_mapping_is_told(folder: Folder) -> None:
    """Every problem of a mapping stands on its own line, with its line number."""
    folder.write("map.toml", MAP + 'acw = "value"\nstage2 = "x"\n')

    code, _, err = folder.run()

    assert code == 2
    assert err.count("map.toml:1") == 2


def test_a_mapping_in_another_encoding(folder: Folder) -> None:
    """Definitions are written in UTF-8."""
    folder.write("map.toml", MAP.encode("utf-16"))

    assert "is not written in UTF-8" in folder.run()[2]


def test_debug_shows_where_an_error_came_from(folder: Folder) -> None:
    """With `--debug` a traceback is shown, and the exit code is the same."""
    code, _, errors = run("--debug", "review", str(folder.path / "none.csv"), "--map", "no.toml")

    assert code == 2
    assert "Traceback" in errors


def test_a_definition_may_be_json(folder: Folder) -> None:
    """A process or a plan in a file is read as TOML or JSON, by its ending."""
    definition = tomllib.loads(PROCESS)
    path = folder.write("small.json", json.dumps(definition))

    assert folder.run("--process", path)[0] == 0


def test_views_hide_nothing_from_whoever_has_the_file(folder: Folder) -> None:
    """A process with views is reviewed like one without."""
    before = folder.run()
    views = '[[views]]\nid = "own"\nroles = ["partner"]\nwhen = "actor.party == partner.id"\n'
    path = folder.write("viewed.toml", PROCESS + views + 'hide = ["acv"]\n')

    assert folder.run("--process", path) == before


def test_rates_turn_unknown_into_known(folder: Folder) -> None:
    """An amount in euros is compared once the rate of the day is given (MK-26)."""
    folder.write("deals.csv", "id,stage,since,value,customer\nd-1,asked,2026-11-18,40000 EUR,A\n")
    rates = folder.write("rates.csv", "source,target,on,rate\nEUR,USD,2026-11-20,1.08\n")

    assert "Give the EUR→USD rate of 2026-11-20." in folder.run()[1]
    assert "✓ Win → Won" in folder.run("--rates", rates)[1]


def test_wrong_rates_are_all_told(folder: Folder) -> None:
    """Each row that is no rate is told with its line."""
    text = "source,target,on,rate\nEUR,USD,soon,1\nEUR,dollar,2026-11-20,x\nEUR\nEUR,USD,,1\n"
    rates = folder.write("rates.csv", text)

    code, _, err = folder.run("--rates", rates)

    assert code == 2
    assert [f"rates.csv:{line}:" in err for line in (2, 3, 4, 5)] == [True] * 4


def test_the_command_line_goes_before_the_mapping(folder: Folder) -> None:
    """A mapping may name calendar and fee plan; the command line overrules it."""
    folder.write("map.toml", 'calendars = { office = "CZ" }\nfees = "make_example"\n' + MAP)

    _, out, _ = folder.run()
    _, other, _ = folder.run("--calendar", "office=DE,region=BY,hours=08:00-16:00")

    assert "Calendar office: CZ, Europe/Prague." in out
    assert "Fees by make_example@1" in out
    assert "Calendar office: DE-BY, Europe/Berlin." in other


def test_without_a_moment_it_is_now(folder: Folder) -> None:
    """Without `--at` the command reads the clock, and nothing else does."""
    job = prepare(
        Wishes(
            folder.path / "deals.csv", folder.path / "map.toml", str(folder.path / "small.toml")
        ),
        now=lambda: cli_kit.AT,
    )

    assert job.reviewer.at == cli_kit.AT
    code, out, _ = run(
        "review",
        str(folder.path / "deals.csv"),
        "--map", str(folder.path / "map.toml"),
        "--process", str(folder.path / "small.toml"),
    )  # fmt: skip
    assert (code, "as of" in out) == (0, True)


def test_a_moment_may_have_a_time(folder: Folder) -> None:
    """A time with an offset is that very moment."""
    assert "as of Fri 2026-11-20 09:00" in folder.run("--at", "2026-11-20T09:00:00+01:00")[1]


def test_one_role_is_named(folder: Folder) -> None:
    """A review as one role says as which."""
    assert "Asked as: Manager." in folder.run("--role", "manager")[1]


def test_columns_in_no_record_are_told(folder: Folder) -> None:
    """A path of the mapping that no nested record has is told at the end."""
    path = folder.write("deals.json", '[{"id": 1, "stage": "fresh", "since": "2026-11-01"}]')

    code, out, _ = run(
        "review", str(path), "--map", str(folder.path / "map.toml"),
        "--process", str(folder.path / "small.toml"), "--at", "2026-11-20",
    )  # fmt: skip

    assert code == 0
    assert "In no record of the file, though the mapping reads it: `customer`, `value`." in out


def test_a_dirty_file_has_the_report_that_is_committed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bad date or number, duplicate id, short row, wrong encoding, formula: each with a reason."""
    monkeypatch.chdir(EXAMPLES.parent.parent)
    code, out, _ = run(
        "review", "examples/pipeline/dirty.csv", "--map", "examples/pipeline/map-dirty.toml",
        "--process", "make", "--at", "2026-11-20", "--top", "0", "--csv", str(tmp_path / "o.csv"),
    )  # fmt: skip

    assert code == 1
    assert out == (EXAMPLES / "dirty.out").read_text("utf-8")


def review_example(*arguments: str) -> Any:
    """Return the example pipeline, reviewed, as JSON."""
    code, out, _ = run(
        "review", str(EXAMPLES / "deals.csv"), "--map", str(EXAMPLES / "map.toml"),
        "--process", "make", "--at", "2026-11-20", "--json", *arguments,
    )  # fmt: skip
    assert code == 0
    return json.loads(out)


def test_the_example_shows_every_case() -> None:
    """Overdue, due, above and at 50,000, a missing rate, won and paid, a lapsed contract."""
    found = review_example()
    deals = {it["id"]: it for it in found["deals"]}

    def obstacles(deal: str, trigger: str) -> list[str]:
        move = next(it for it in deals[deal]["moves"] if it["trigger"] == trigger)
        return [it["id"] for it in move["obstacles"]]

    def truths(deal: str, activity: str) -> list[str]:
        line = next(it for it in deals[deal]["fees"]["lines"] if it["activity"] == activity)
        return [name for name, truth in line["truths"].items() if truth["verdict"] == "met"]

    assert deals["D-1001"]["clocks"][0]["due_at"] == "2026-11-16T17:00:00+01:00"  # MK-13
    assert deals["D-1001"]["urgency"] == "overdue"
    assert deals["D-1002"]["urgency"] == "due"
    assert obstacles("D-1004", "register") == []  # MK-10: a prospective partner may register
    assert obstacles("D-1006", "start_closing") == ["mdp_started"]  # MK-26: above 50,000
    assert obstacles("D-1007", "start_closing") == []  # MK-26: at 50,000
    assert obstacles("D-1008", "start_closing") == ["mdp_started"]  # MK-26: in euros, unknown
    assert truths("D-1012", "co_selling") == ["eligible", "earned", "payable"]  # MK-33
    assert truths("D-1013", "co_selling") == ["eligible", "earned"]  # MK-33: unpaid
    assert truths("D-1014", "co_selling") == []  # MK-34: the contract had lapsed
    assert truths("D-1015", "co_selling") == ["eligible"]  # MK-35: lead sourcing alone
    assert truths("D-1016", "service_delivery") == ["eligible", "earned", "payable"]  # MK-35
    assert deals["D-1017"]["stage_kind"] == "closed"
    assert deals["D-1018"]["stage_kind"] == "lost"
    assert found["totals"]["rows"] == 18


def test_the_example_with_rates_knows_more() -> None:
    """With the rates that ship, the deals in euros are known too (MK-26, BX-30)."""
    found = review_example("--rates", str(EXAMPLES / "rates.csv"))
    euros = next(it for it in found["deals"] if it["id"] == "D-1015")

    assert euros["fees"]["lines"][0]["amount"] == "2848.13 USD"
    assert found["totals"]["payable_without_amount"] == 0


def test_the_nested_example_is_read() -> None:
    """Nested records are read by dotted paths, whole lists as they stand."""
    code, out, _ = run(
        "review", str(EXAMPLES / "deals.json"), "--map", str(EXAMPLES / "map-json.toml"),
        "--process", "make", "--at", "2026-11-20", "--json",
    )  # fmt: skip
    found = json.loads(out)

    assert code == 0
    assert [it["line"] for it in found["deals"]] == [4, 21, 30]
    assert found["deals"][0]["fees"]["lines"][0]["truths"]["payable"]["verdict"] == "met"
    assert found["deals"][1]["clocks"][0]["due_at"] == "2026-11-23T17:00:00+01:00"


def test_help_tells_options_and_exit_codes() -> None:
    """`--help` lists the commands, their options, and what the exit codes mean."""
    assert all(name in run("--help")[1] for name in ("review", "processes", "show", "explain"))
    said = " ".join(run("review", "--help")[1].split())
    assert "--map" in said
    assert "0 all rows were read; 1 some were rejected; 2 the call" in said


@pytest.mark.parametrize("command", [[], ["review"], ["fees"], ["due"], ["show"]])
def test_a_flag_takes_no_value(command: list[str]) -> None:
    """The help names a value where there is one to give, and no Python type for a flag."""
    lines = run(*command, "--help")[1].splitlines()
    flags = ("--version", "--debug", "--json", "--all", "--mermaid", "--progress", "--statements ")
    told = [line for line in lines if any(flag in line for flag in flags)]

    assert told
    assert not any("bool" in line for line in told)


def test_the_version_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """`--version` says which one it is, and that it is none where it runs from its source."""

    def not_installed(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(command, "version", lambda _: "1.2.3")
    assert run("--version") == (0, "cosell 1.2.3\n", "")
    monkeypatch.setattr(command, "version", not_installed)
    assert run("--version") == (0, "cosell (not installed, run from its source)\n", "")


def test_an_interrupt_ends_quietly(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C says that it was interrupted, and nothing else."""

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "prepare", interrupted)

    assert folder.run() == (130, "", "Interrupted.\n")


def test_a_pipe_that_breaks_ends_quietly(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether JSON or text is written, nothing is said to a reader that has gone away."""

    def broken(*_: object, **__: object) -> None:
        raise BrokenPipeError

    silenced: list[str] = []
    monkeypatch.setattr(command, "prepare", broken)
    monkeypatch.setattr("cosell.cli.ending.silence_output", lambda: silenced.append("yes"))

    assert folder.run() == (141, "", "")
    assert silenced == ["yes"]

    with (tmp_path / "out").open("w+") as out:
        monkeypatch.setattr(sys, "stdout", out)
        page = Page(file=out)
        with pytest.raises(SystemExit) as ended:
            page.console.on_broken_pipe()
        out.write("lost")
    assert ended.value.code == 141
    assert (tmp_path / "out").read_text() == ""


def test_the_example_is_told_in_words() -> None:
    """What `make demo` prints: every deal, and fees whose amount nobody can tell."""
    code, out, _ = run(
        "review", str(EXAMPLES / "deals.csv"), "--map", str(EXAMPLES / "map.toml"),
        "--process", "make", "--at", "2026-11-20",
    )  # fmt: skip
    said = " ".join(out.split())

    assert code == 0
    assert "The 18 most urgent of 18 deals" in said
    assert "1 payable fee without a known amount, left out of the sums." in said
    assert "there is no EUR→USD rate of 2026-09-28." in said


def test_a_program_that_is_piped_on() -> None:
    """As a program of its own it writes UTF-8 where the machine does, without colours."""
    ran = spawn(
        "review", EXAMPLES / "deals.csv", "--map", EXAMPLES / "map.toml", "--at", "2026-11-20",
        LANG="C.UTF-8",
    )  # fmt: skip

    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == b""
    assert b"\x1b" not in ran.stdout
    assert "● OVERDUE".encode() in ran.stdout


def test_a_narrow_encoding_gets_plain_signs() -> None:
    """Where the output cannot show a sign, a plain one stands for it, and nothing breaks."""
    ran = spawn(
        "review", EXAMPLES / "deals.csv", "--map", EXAMPLES / "map.toml", "--at", "2026-11-20",
        PYTHONIOENCODING="ascii", NO_COLOR="1", COLUMNS="20",
    )  # fmt: skip

    assert ran.returncode == 0, ran.stderr
    assert b"* OVERDUE" in ran.stdout
    assert max(map(len, ran.stdout.splitlines())) <= 40


@pytest.mark.parametrize("option", ["--json", "--all"])
def test_a_reader_that_goes_away(option: str) -> None:
    """`| head` ends it quietly: no traceback, and the exit code that shells give."""
    arguments = ["review", EXAMPLES / "deals.csv", "--map", EXAMPLES / "map.toml", option]
    with subprocess.Popen(
        [sys.executable, "-c", RUN, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    ) as ran:
        assert ran.stdout is not None
        assert ran.stderr is not None
        ran.stdout.close()
        errors = ran.stderr.read()

    assert ran.returncode == 141
    assert errors == b""


def test_a_signal_is_an_interrupt() -> None:
    """A real Ctrl-C at work ends with 130 and one word."""
    code = """
import os, signal, time
import cosell.cli.app
from cosell.cli import main

signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in the background
cosell.cli.app.prepare = lambda _: (os.kill(os.getpid(), signal.SIGINT), time.sleep(60))
main()
"""
    ran = spawn("review", "deals.csv", "--map", "map.toml", code=code)

    assert (ran.returncode, ran.stderr) == (130, b"Interrupted.\n")


@pytest.mark.parametrize("missing", ["typer", "rich.console", "tzdata"])
def test_without_the_extra_it_says_what_to_install(
    missing: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without its packages the command names the extra, and shows no traceback."""
    for name in [name for name in sys.modules if name.startswith("cosell.cli.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "cosell.cli.app", None)
    error = ModuleNotFoundError(f"No module named '{missing}'", name=missing)
    monkeypatch.setattr("builtins.__import__", _failing(error))

    assert main() == 2
    assert "pip install 'cosell[cli]'" in capsys.readouterr().err


def test_another_import_that_fails_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken installation is not taken for a missing extra."""
    monkeypatch.setattr("builtins.__import__", _failing(ModuleNotFoundError("x", name="pydantic")))
    with pytest.raises(ModuleNotFoundError):
        main()


def _failing(error: Exception) -> Any:
    real = __import__

    def fail(name: str, *rest: Any, **named: Any) -> Any:
        if name == "cosell.cli.app":
            raise error
        return real(name, *rest, **named)

    return fail


def test_main_ends_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program ends where the command does."""
    monkeypatch.setattr(command, "app", lambda: None)
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(io.BytesIO(), "ascii"))

    assert main() is None
    assert sys.stderr.errors == "backslashreplace"


class Terminal(io.StringIO):
    """Something that says it is a terminal."""

    def isatty(self) -> bool:
        """Return yes."""
        return True


@pytest.mark.parametrize(
    ("terminal", "wanted", "is_drawn"),
    [(True, True, True), (True, False, False), (False, True, False)],
)
def test_a_bar_is_drawn_on_a_terminal_only(
    tmp_path: Path,
    terminal: bool,  # noqa: FBT001 - a column of the table
    wanted: bool,  # noqa: FBT001 - a column of the table
    is_drawn: bool,  # noqa: FBT001 - a column of the table
) -> None:
    """A pipe gets no bar, nor does who does not want one; the rows are the same."""
    path = tmp_path / "f.csv"
    path.write_text("id\n" + "a\n" * 120)
    out = Terminal() if terminal else io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=80)

    with open_rows(path, Layout()) as rows:
        assert len(list(counted(rows, shown=wanted, console=console))) == 120

    assert ("rows" in out.getvalue()) is is_drawn


def test_a_page_shows_no_control_characters() -> None:
    """No cell can move the cursor or colour the screen."""
    out = io.StringIO()
    page = Page(file=out, width=60)

    page.line("a\x1b[31mred\x07")
    page.line("")
    page.table([])
    page.table([("a", "1", ""), ("bb", "22", "b\x1b")], right=[1])

    assert "\x1b" not in out.getvalue()
    assert printable("a\x1b[31m") == r"a\x1b[31m"
    assert out.getvalue().splitlines()[2:] == ["  a    1", r"  bb  22  b\x1b"]


def test_a_page_is_coloured_on_a_terminal_unless_no_color_is_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Colours are for terminals, and NO_COLOR turns them off."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    coloured = io.StringIO()
    Page(file=coloured, force_terminal=True).line("x", style="red")
    monkeypatch.setenv("NO_COLOR", "1")
    plain = io.StringIO()
    Page(file=plain, force_terminal=True).line("x", style="red")

    assert "\x1b[31m" in coloured.getvalue()
    assert "\x1b[31m" not in plain.getvalue()
