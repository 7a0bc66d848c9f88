"""A small process with all that a review can meet, and how to run the command on a file."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cosell.calendars import Calendar
from cosell.cli.app import app
from cosell.cli.deals import Deal, DealReader
from cosell.cli.mapping import parse_mapping
from cosell.cli.review import Reviewed, Reviewer
from cosell.cli.row import Rejected, Row
from cosell.definition import parse_process
from cosell.engine import Bound, bind
from cosell.models import Opportunity
from sources import ROOT

EXAMPLES = ROOT / "examples" / "pipeline"
SHARED = ROOT.parent / "shared" / "data"

#: Friday, 20 November 2026, in Prague.
AT = datetime(2026, 11, 20, 16, tzinfo=UTC)

PROCESS = """
id = "small"
version = 1
label = "A small process"
help = "One of each."
record = "Opportunity"
zone = "Europe/Prague"
calendars = ["office"]
initial = "fresh"
rates_on = "as_of"
cites = ["MK-1"]

[roles]
partner = "Partner"
manager = "Manager"
seller = "Seller"

[effects]
tell = "Tell somebody"

[parameters]
plan_above = "50000 USD"
answer_days = 5

[facts]
credit_checked = "bool"
limit = "money"

[[stages]]
id = "fresh"
label = "Fresh lead"
help = "Just came in."

[[stages]]
id = "asked"
label = "Asked"

[[stages]]
id = "held"

[[stages]]
id = "won"
kind = "won"
label = "Won"

[[stages]]
id = "served"
kind = "won"

[[stages]]
id = "lost"
kind = "lost"

[[stages]]
id = "lapsed"
kind = "closed"

[gates.own]
[[gates.own.criteria]]
id = "own_deal"
when = "actor.role == 'partner'"
need = "actor.party == partner.id"
remedy = "Ask the deal's partner."
cites = ["MK-12"]

[gates.ready]
label = "Ready to close"
[[gates.ready.criteria]]
id = "plan_started"
when = "acv > plan_above"
need = "mdp.stage in {'drafted', 'agreed'}"
remedy = "Start the plan."
cites = ["MK-26"]
[[gates.ready.criteria]]
id = "named"
need = "recorded(customer.name)"
severity = "advised"
remedy = "Name the customer."
[[gates.ready.criteria]]
id = "credit"
when = "recorded(facts.credit_checked)"
need = "facts.credit_checked"
remedy = "Check the credit."

[[transitions]]
trigger = "ask"
label = "Ask"
source = "fresh"
target = "asked"
roles = ["partner", "seller"]
gates = ["own"]

[[transitions]]
trigger = "win"
label = "Win"
source = ["asked", "held"]
target = "won"
roles = ["seller", "manager"]
gates = ["ready"]
inputs = [{ path = "contract_value", required = true, label = "Contract value" }]
set = { won_at = "at" }
cites = ["MK-33"]

[[transitions]]
trigger = "route"
source = "asked"
target = "held"
roles = ["manager"]
gates = ["ready"]

[[transitions]]
trigger = "route"
source = "asked"
target = "lost"
roles = ["seller"]
gates = ["own"]

[[transitions]]
trigger = "lose"
source = "*"
target = "lost"
roles = ["seller"]

[[transitions]]
trigger = "serve"
source = "won"
target = "served"
roles = ["seller"]

[[transitions]]
trigger = "lapse"
source = "held"
target = "lapsed"
roles = ["clock"]

[[clocks]]
id = "answer"
label = "Answer"
help = "Answer within the promised time."
calendar = "office"
allowance = "answer_days"
unit = "business_days"
ends = "close"
start = ["entered('asked')"]
stop = ["moved('win')", "won_at"]
cancel = ["moved('lose')"]
pause_while = ["mdp.paused"]
owner = "manager"
cites = ["MK-13"]

[[clocks]]
id = "hold"
allowance = 10
unit = "calendar_days"
start = ["entered('held')"]
on_breach = { trigger = "lapse" }

[tracks.mdp]
label = "Delivery plan"
help = "Who delivers what."
initial = "not_started"
at_end = "continue"

[[tracks.mdp.stages]]
id = "not_started"
[[tracks.mdp.stages]]
id = "drafted"
label = "Drafted"
[[tracks.mdp.stages]]
id = "paused"
[[tracks.mdp.stages]]
id = "agreed"
kind = "won"
[[tracks.mdp.stages]]
id = "dropped"
kind = "closed"

[tracks.mdp.gates.together]
[[tracks.mdp.gates.together.criteria]]
id = "with_customer"
need = "prepared_with_customer"
remedy = "Prepare it with the customer."

[[tracks.mdp.transitions]]
trigger = "draft"
label = "Start the plan"
source = "not_started"
target = "drafted"
roles = ["seller"]

[[tracks.mdp.transitions]]
trigger = "agree"
source = "drafted"
target = "agreed"
roles = ["seller"]
gates = ["together"]

[[tracks.mdp.transitions]]
trigger = "drop"
source = "*"
target = "dropped"
roles = ["seller"]
"""

MAP = """
id = "id"
currency = "USD"
zone = "Europe/Prague"

[stage]
column = "stage"
since = "since"

[columns]
acv = "value"
customer.name = "customer"
"""

OFFICE = Calendar.from_holidays("CZ", tz="Europe/Prague", id="office")


def bound() -> Bound:
    """Return the small process, bound."""
    return bind(
        parse_process(PROCESS, file="small.toml"),
        record=Opportunity,
        calendars={"office": OFFICE},
    )


def reader(mapping: str = MAP, *, at: datetime = AT, to: Bound | None = None) -> DealReader:
    """Return what makes deals of rows by a mapping."""
    parsed, source = parse_mapping(mapping, file="map.toml")
    return DealReader(parsed, source, to or bound(), file="deals.csv", at=at)


def deal(mapping: str = MAP, /, **cells: object) -> Deal:
    """Return the deal of one row, which must not be rejected."""
    found = reader(mapping).read(Row(2, {"id": "d-1", "stage": "fresh"} | cells))
    assert isinstance(found, Deal), found
    return found


def problems(mapping: str = MAP, /, **cells: object) -> dict[str, str]:
    """Return what is wrong with one row, by column; it must be rejected."""
    found = reader(mapping).read(Row(2, {"id": "d-1", "stage": "fresh"} | cells))
    assert isinstance(found, Rejected), found
    return {problem.path: problem.problem for problem in found.problems}


def reviewed(mapping: str = MAP, /, *, role: str | None = None, **cells: object) -> Reviewed:
    """Return one row of a file, reviewed."""
    return Reviewer(bound(), at=AT, role=role).review(deal(mapping, **cells))


@dataclass(frozen=True)
class Folder:
    """A folder with a process, a mapping and a file of deals."""

    path: Path

    def write(self, name: str, text: str | bytes) -> Path:
        """Write a file."""
        path = self.path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def run(self, *arguments: object, command: str = "review") -> tuple[int, str, str]:
        """Run a command on ``deals.csv``, and return exit code, output and errors."""
        rest = [str(argument) for argument in arguments]
        usual = [str(self.path / "deals.csv"), "--map", str(self.path / "map.toml")]
        usual += ["--process", str(self.path / "small.toml"), "--at", "2026-11-20"]
        return run(command, *usual, *rest)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Return a folder with the small process, a mapping and two deals."""
    made = Folder(tmp_path)
    made.write("small.toml", PROCESS)
    made.write("map.toml", MAP)
    made.write(
        "deals.csv",
        "id,stage,since,value,customer\n"
        "d-1,asked,2026-11-09,60000,Acme\n"
        "d-2,fresh,2026-11-18,1000,\n",
    )
    return made


def run(*arguments: str) -> tuple[int, str, str]:
    """Run the command in this process, and return exit code, output and errors."""
    environment = {"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}
    ran = CliRunner().invoke(app, arguments, env=environment)
    if ran.exception is not None and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    return ran.exit_code, ran.stdout, ran.stderr


#: What the program ``cosell`` does.
RUN = "from cosell.cli import main; raise SystemExit(main())"


def environment(**more: str) -> dict[str, str]:
    """Return the environment of a program: the same on any machine."""
    usual = {
        "COLUMNS": "100",
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(ROOT / "src"),
        "PYTHONWARNINGS": "error",
    }
    return usual | more


def spawn(*arguments: object, code: str = RUN, **more: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command as a program of its own."""
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        env=environment(**more),
        capture_output=True,
        check=False,
        timeout=120,
    )
