"""``cosell due``: what is late, at risk, due, held and paused, sorted, each with its reason."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from typing import Any

import pytest

from cli_kit import MAP, PROCESS, Folder, folder
from cosell.cli.due_command import RiskError, parse_share

__all__ = ["folder"]

#: Beside the promise to answer: an utmost end, a cadence, a hold, and a clock that only measures.
MORE = """
[[clocks]]
id = "outreach"
allowance = 30
unit = "calendar_days"
start = ["qualified_at"]
stop = ["moved('win')"]

[clocks.cadence]
touches = ["registered_at"]
least = 2
gap_most = 4

[[clocks]]
id = "cooling"
kind = "hold"
allowance = 10
unit = "calendar_days"
start = ["decided_at"]

[[clocks]]
id = "measured"
unit = "calendar_days"
start = ["entered('asked')"]
"""
MAPPED = (
    MAP
    + """
qualified_at = "qualified"
registered_at = "touched"
decided_at = "decided"
mdp.stage = "plan"
"""
)
HEAD = "id,stage,since,value,customer,qualified,touched,decided,plan\n"
ROWS = {
    "late": "d-1,asked,2026-11-05,1,Acme,,,,",
    "later": "d-2,asked,2026-11-02,1,Beta,,,,",
    "risky": "d-3,asked,2026-11-13,1,Gamma,,,,",
    "due": "d-4,asked,2026-11-19,1,,,,,",
    "paused": "d-5,asked,2026-11-19,1,Delta,,,,paused",
    "untouched": "d-6,fresh,2026-11-01,1,Eps,2026-11-10,2026-11-12,,",
    "touched": "d-7,fresh,2026-11-01,1,Eps,2026-11-10,2026-11-19,,",
    "held": "d-8,fresh,2026-11-01,1,Zeta,,,2026-11-15,",
    "over": "d-9,lost,2026-11-01,1,Eta,,,,",
    "fresh": "d-10,fresh,2026-11-01,1,Theta,,,,",
}


@pytest.fixture
def pipeline(folder: Folder) -> Folder:
    """Return a folder with a deal of each kind."""
    folder.write("small.toml", PROCESS.replace("[tracks.mdp]", f"{MORE}\n[tracks.mdp]", 1))
    folder.write("map.toml", MAPPED)
    folder.write("deals.csv", HEAD + "".join(f"{row}\n" for row in ROWS.values()))
    return folder


def due(pipeline: Folder, *arguments: object) -> tuple[int, str, str]:
    """Run the command on the folder's deals."""
    return pipeline.run("--calendar", "office=CZ", *arguments, command="due")


def promises(pipeline: Folder, *arguments: object) -> list[dict[str, Any]]:
    """Return the promises of the JSON."""
    code, text, _ = due(pipeline, "--json", *arguments)
    assert code == 0
    found: list[dict[str, Any]] = json.loads(text)["promises"]
    return found


def test_the_order(pipeline: Folder) -> None:
    """Late first, the longest waiting at the top; then at risk, due, held, and paused."""
    assert [(each["class"], each["id"], each["clock"]) for each in promises(pipeline)] == [
        ("late", "d-2", "answer"),
        ("late", "d-1", "answer"),
        ("late", "d-6", "outreach"),
        ("at_risk", "d-3", "answer"),
        ("due", "d-7", "outreach"),
        ("due", "d-4", "answer"),
        ("holding", "d-8", "cooling"),
        ("paused", "d-5", "answer"),
    ]


def test_the_page(pipeline: Folder) -> None:
    """Each promise says whose it is, why it stands there, and which rule it comes from."""
    code, text, _ = due(pipeline)

    assert code == 0
    assert text.split("\n\n", 1)[1] == PAGE


PAGE = """\
Late (3)
  ● d-2, Beta: Answer (Manager)
      8 business days late: 5 business days from Mon 2026-11-02 12:00 ended Mon 2026-11-09 17:00.
      [MK-13]
  ● d-1, Acme: Answer (Manager)
      5 business days late: 5 business days from Thu 2026-11-05 12:00 ended Thu 2026-11-12 17:00.
      [MK-13]
  ● d-6, Eps: outreach
      the next touch was due Tue 2026-11-17 00:00.

At risk (1)
  ● d-3, Gamma: Answer (Manager)
      80 % used, 1 of 5 business days from Fri 2026-11-13 12:00 left, until Mon 2026-11-23 17:00.
      [MK-13]

Due (2)
  ● d-7, Eps: outreach
      30 % used, 21 of 30 calendar days from Tue 2026-11-10 12:00 left, until Tue 2026-11-24 00:00.
  ● d-4: Answer (Manager)
      20 % used, 4 of 5 business days from Thu 2026-11-19 12:00 left, until Thu 2026-11-26 17:00.
      [MK-13]

To wait for (1)
  ● d-8, Zeta: cooling
      10 calendar days from Sun 2026-11-15 12:00 must pass, until Wed 2026-11-25 00:00.

Paused (1)
  ● d-5, Delta: Answer (Manager)
      paused since Thu 2026-11-19 12:00, `mdp` in stage `paused`, 5 left. [MK-13]

10 deals: 3 late, 1 at risk, 2 due, 1 to wait for, 1 paused.
"""


def test_only_what_one_role_must_do(pipeline: Folder) -> None:
    """With an owner the promises of other roles are left out."""
    mine = promises(pipeline, "--owner", "manager")

    assert {each["owner"] for each in mine} == {"manager"}
    assert len(mine) == 5
    code, _, error = due(pipeline, "--owner", "manger")
    assert code == 2
    assert "Did you mean `manager`?" in error


@pytest.mark.parametrize(
    ("risk", "classes"),
    [
        pytest.param("0.8", {"d-3": "at_risk", "d-4": "due"}, id="at the very share"),
        pytest.param("0.81", {"d-3": "due", "d-4": "due"}, id="just below it"),
        pytest.param("0", {"d-3": "at_risk", "d-4": "at_risk"}, id="from the start"),
    ],
)
def test_from_which_share_on(pipeline: Folder, risk: str, classes: dict[str, str]) -> None:
    """Which part of the time used is a risk is the caller's to say."""
    found = {each["id"]: each["class"] for each in promises(pipeline, "--risk", risk)}

    assert {name: found[name] for name in classes} == classes


@pytest.mark.parametrize("text", ["much", "1.1", "-0.1", "NaN", "Infinity", ""])
def test_what_is_no_share(pipeline: Folder, text: str) -> None:
    """A share is from 0 to 1."""
    with pytest.raises(RiskError, match="is no share"):
        parse_share(text)
    assert due(pipeline, "--risk", text)[0] == 2
    assert parse_share("1") == Decimal(1)


def test_the_table(pipeline: Folder) -> None:
    """The CSV has a row for each promise; what is not there is empty."""
    out = pipeline.path / "due.csv"
    code, _, _ = due(pipeline, "--csv", out, "--top", 0)
    rows = list(csv.DictReader(out.read_text("utf-8-sig").splitlines()))

    assert code == 0
    assert len(rows) == 8
    assert (rows[0]["customer"], rows[0]["late_by"]) == ("Beta", "8 business days")
    assert rows[2]["next_touch_by"] == "2026-11-17T00:00:00+01:00"
    assert rows[-1]["due_at"] == ""


def test_a_table_that_cannot_be_written(pipeline: Folder) -> None:
    """A file that is being read, or in no folder, is refused in words."""
    reading = due(pipeline, "--csv", pipeline.path / "deals.csv")
    nowhere = due(pipeline, "--csv", pipeline.path / "none" / "due.csv")

    assert (reading[0], nowhere[0]) == (2, 2)
    assert "is being read" in reading[2]
    assert "cannot be written" in nowhere[2]


def test_rejected_rows_are_told(pipeline: Folder) -> None:
    """A row that cannot be read is named with its reason, and the others are done."""
    pipeline.write("deals.csv", f"{HEAD}{ROWS['late']}\nd-2,nowhere,,,,,,,\n")
    code, text, _ = due(pipeline)
    document = json.loads(due(pipeline, "--json")[1])

    assert code == 1
    assert "nowhere" in text
    assert document["totals"]["late"] == 1
    assert (document["totals"]["read"], document["totals"]["rejected"]) == (1, 1)
    assert document["schema"] == "cosell.due/1"


def test_many_rejected_rows_are_cut(pipeline: Folder) -> None:
    """The page has the first ones, also beside a CSV; JSON has all."""
    bad = "".join(f"d-{number},nowhere,,,,,,,\n" for number in range(60))
    pipeline.write("deals.csv", f"{HEAD}{bad}")
    _, text, _ = due(pipeline, "--csv", pipeline.path / "due.csv")

    assert text.count("`nowhere`") == 50
    assert "and 10 further rows; `--json` has them." in text
    assert len(json.loads(due(pipeline, "--json")[1])["rejected"]) == 60


def test_as_many_as_are_wanted(pipeline: Folder) -> None:
    """The page says how many it leaves out."""
    _, text, _ = due(pipeline, "--top", 2)

    assert "6 more with --top, --json or --csv." in text


def test_nothing_waits(pipeline: Folder) -> None:
    """A pipeline without a promise says so."""
    pipeline.write("deals.csv", f"{HEAD}{ROWS['fresh']}\n")

    assert "1 deal: nothing waits." in due(pipeline)[1]


def test_a_calendar_that_ends_before_the_review(pipeline: Folder) -> None:
    """How late a promise is needs the calendar up to now; that it is late does not."""
    rows = promises(pipeline, "--at", "2040-01-02")
    late = next(each for each in rows if each["id"] == "d-1")

    assert (late["class"], late["late_by"]) == ("late", None)
    assert late["reason"].startswith("5 business days from ")


def test_an_estimate_and_an_utmost_end(pipeline: Folder) -> None:
    """A due date that may change says so; a paused promise names its utmost end."""
    text = PROCESS.replace('allowance = "answer_days"', 'allowance = "answer_days"\nat_most = 9')
    pipeline.write("small.toml", text)
    pipeline.write("map.toml", MAP + 'mdp.stage = "plan"\n')
    (paused,) = [each for each in promises(pipeline) if each["class"] == "paused"]

    assert paused["reason"].endswith("5 left, Wed 2026-12-02 17:00 at the latest")

    pipeline.write("deals.csv", f"{HEAD}d-1,asked,2027-03-05,1,Acme,,,,\n")
    wishes = ("--calendar", "office=AE,zone=Asia/Dubai", "--at", "2027-03-08")
    code, page, _ = pipeline.run(*wishes, command="due")
    assert code == 0
    assert "The date of a holiday in between is an estimate." in page


def test_a_calendar_that_nobody_gave(pipeline: Folder) -> None:
    """The page says by which calendar it counts, and that none was given."""
    assert "Calendar office: CZ, Europe/Prague." in due(pipeline)[1]
    assert "Calendar office: none was given: Monday to Friday" in pipeline.run(command="due")[1]
