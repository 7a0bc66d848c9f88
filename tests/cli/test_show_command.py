"""`processes`, `show` and `explain` tell people what a process asks, and one deal in depth."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest

from cli_kit import AT, MAP, PROCESS, Folder, bound, folder, reviewed, run
from cosell import catalog
from cosell.cli.deal_page import write_fees, write_promise
from cosell.cli.fees import FeeBook
from cosell.cli.page import Page
from cosell.cli.review import Promise
from cosell.clocks import ClockState
from cosell.definition import parse_process, text_of
from cosell.draw import mermaid_of
from cosell.fees import bind_plan
from cosell.models import Opportunity
from process_samples import one_move

__all__ = ["folder"]

BARE = one_move("bare", "Lead")
BARE_MAP = 'id = "id"\nstage = "stage"\n[columns]\nvalue = { column = "v", currency = "USD" }\n'


def test_the_catalog_is_listed() -> None:
    """`processes` lists processes and fee plans, as text and as JSON."""
    code, out, _ = run("processes")
    found = json.loads(run("processes", "--json")[1])

    assert code == 0
    assert "make" in out
    assert "make_example" in out
    assert {"make"} <= {it["id"] for it in found["processes"]}
    assert found["fee_plans"][0]["version"] == 1


def test_a_process_is_explained() -> None:
    """`show` tells stages, moves, gates with remedies and sources, clocks and numbers."""
    code, out, _ = run("show", "make")
    said = " ".join(out.split())

    assert code == 0
    assert "answer_days 5" in said
    assert "Registered [MK-12, MK-13]" in said
    assert "→ Accept as co-selling: to Lead converted, by Partner manager" in said
    assert "Start the mutual delivery plan with the solution engineer. [MK-26]" in said
    assert "mdp_started: when acv > mdp_above: mdp.stage in" in said
    assert "Answer to the partner: 5 business days of calendar vendor; Partner manager" in said
    assert "Track poc: PoC or PoV" in said


def test_a_process_of_a_file_is_explained(folder: Folder) -> None:
    """Facts, tracks, advice and clocks without an owner are told; so is a process with none."""
    said = " ".join(run("show", str(folder.path / "small.toml"))[1].split())
    bare = run("show", str(folder.write("bare.toml", BARE)))[1]

    assert "credit_checked bool" in said
    assert "advised: Name the customer." in said
    assert "hold: 10 calendar days from entered('held') to its end" in said
    assert "Track mdp: Delivery plan" in said
    assert "Gates" not in bare
    assert "bare (bare, version 1)" in bare


def test_a_hosts_own_check_is_named(folder: Folder) -> None:
    """A criterion that asks the host names its predicate."""
    text = PROCESS.replace(
        'need = "facts.credit_checked"', 'predicate = "has_credit"\ninputs = ["acv"]'
    )

    said = " ".join(run("show", str(folder.write("own.toml", text)))[1].split())

    assert "credit: when recorded(facts.credit_checked): the host's own check `has_credit`" in said


def test_a_process_is_given_as_json() -> None:
    """`show --json` is the definition with its digest."""
    found = json.loads(run("show", "make", "--json")[1])

    assert found["digest"] == catalog.load("make").process.digest
    assert found["stages"][0]["id"] == "identified"


def test_a_process_is_drawn() -> None:
    """`show --mermaid` is a diagram of every stage, move and track."""
    code, out, _ = run("show", "make", "--mermaid")

    assert code == 0
    assert out.startswith("stateDiagram-v2\n")
    assert "    registered --> converted: accept_co_selling\n" in out
    assert '    state "PoC or PoV" as track_poc {\n' in out


def test_a_drawing_has_every_stage_and_move() -> None:
    """Each stage is drawn once, each move from each source, clocks marked, ends left."""
    process = parse_process(PROCESS.replace('label = "Asked"', 'label = "Asked \\"now\\""'))
    lines = [line.strip() for line in mermaid_of(process).splitlines()]

    assert sum(line.startswith("state ") for line in lines) == 7 + 5 + 1
    assert "state \"Asked 'now'\" as asked" in lines
    assert "held --> lapsed: lapse ⧗" in lines
    assert "mdp_drafted --> mdp_dropped: drop" in lines
    assert "lapsed --> [*]" in lines
    assert "won --> [*]" not in lines


def test_an_unknown_process_is_told() -> None:
    """`show` names the nearest process."""
    code, _, err = run("show", "mke")

    assert (code, err) == (2, "there is no process or fee plan `mke`. Did you mean `make`?\n")


def test_one_deal_is_explained(folder: Folder) -> None:
    """The ways to its ends, every check, each clock day by day, each fee step by step."""
    code, out, _ = folder.run(
        "--id", "d-1", "--calendar", "office=CZ", "--fees", "make_example", command="explain"
    )
    said = " ".join(out.split())

    assert code == 0
    assert out.index("on which it is won") < out.index("on which it is lost")
    assert "The shortest way on which it is won (1 step): 1. win: asked → won" in said
    assert "✗ Start the plan. [MK-26]" in said
    assert "· advised: Name the customer." not in said
    assert "✗ plan_started, unmet: " in said
    assert "? input_contract_value, unknown: " in said
    assert "Monday 2026-11-16: day 5" in said
    assert "Lead sourcing: 3000.00 USD" in said


def test_a_deal_that_a_clock_ends(folder: Folder) -> None:
    """A clock that will move the deal by itself is told with its moment."""
    folder.write("deals.csv", "id,stage,since,value,customer\nd-1,held,2026-11-18,1,\n")

    said = " ".join(folder.run("--id", "d-1", command="explain")[1].split())

    assert "Clock hold moves it by itself" in said
    assert "on which it is closed" in said
    assert "due Sun 2026-11-29 00:00: hold" in said or "● due" in said


def test_a_deal_that_has_ended(folder: Folder) -> None:
    """A deal that has ended says how."""
    folder.write("deals.csv", "id,stage,since,value,customer\nd-1,lost,2026-11-18,1,\n")

    out = folder.run("--id", "d-1", "--role", "seller", command="explain")[1]

    assert "It is lost." in out


STAND = {
    "met": ("asked,2026-11-16,,2026-11-18,", "● met on Wed 2026-11-18 12:00: Answer [MK-13]"),
    "late": ("asked,2026-11-02,,2026-11-18,", "● breached on Wed 2026-11-18"),
    "moved_on": ("held,2026-11-01,,,", "a clock moved it on from held on"),
    "lapsed": ("held,2026-11-01,,,", "● breached: hold"),
    "undated": ("asked,,,,", "Asked, since when is not recorded"),
    "advised": ("asked,2026-11-18,,,", "· advised: Name the customer."),
    "begun": ("asked,2026-11-18,,,drafted", "✗ agree → agreed (Seller): 1 obstacle"),
    "waiting": ("asked,2026-11-18,,,", "· Not begun: Delivery plan (Start the plan: open)"),
    "worthless": ("fresh,2026-11-18,,,", "d-1 · value not recorded"),
}


@pytest.mark.parametrize(("cells", "text"), STAND.values(), ids=STAND)
def test_a_deal_says_how_it_stands(folder: Folder, cells: str, text: str) -> None:
    """Clocks that pause, were met or missed, and what a clock did, are told in words."""
    folder.write("map.toml", MAP + 'won_at = "won"\nmdp.stage = "mdp"\n')
    folder.write("deals.csv", f"id,stage,since,value,won,mdp,customer\nd-1,{cells},\n")

    code, out, _ = folder.run("--calendar", "office=CZ")

    assert code == 0
    assert text in " ".join(out.split())


def test_a_paused_clock_has_no_due_date() -> None:
    """While a clock is paused nobody knows when it ends."""
    (running,) = reviewed(MAP, stage="asked", since="2026-11-16").promises
    paused = replace(running.reading, state=ClockState.PAUSED, due_at=None, due_on=None)
    out = io.StringIO()

    write_promise(
        Page(file=out, width=100), Promise(running.clock, paused, waits=True), bound().process
    )

    assert out.getvalue() == "   ● paused, no due date: Answer [MK-13]; Manager\n"


def test_a_fee_that_nobody_can_tell() -> None:
    """Whether a fee is eligible is not known while a certificate names no end (MK-34)."""
    open_end = {"valid_from": "2026-01-01"}
    deal = Opportunity.model_validate(
        {
            "id": "d-1",
            "acv": "1000 USD",
            "accepted_at": "2026-02-02T09:00:00Z",
            "partner": {
                "id": "acme",
                "certifications": [{"kind": "technical"} | open_end, {"kind": "sales"} | open_end],
                "contracts": [{"signed_on": "2026-01-01", "open_ended": True} | open_end],
            },
        }
    )
    plan = bind_plan(catalog.load_fee_plan("make_example"))
    out = io.StringIO()

    write_fees(Page(file=out, width=100), FeeBook(plan).assess(deal, at=AT, rates=None))

    assert "$ Lead sourcing, 50.00 USD: not known whether eligible, not earned" in out.getvalue()


def test_one_deal_as_json(folder: Folder) -> None:
    """`explain --json` has all checks, the ways, and the lines of each clock."""
    code, out, _ = folder.run("--id", "d-1", "--json", command="explain")
    found = json.loads(out)

    assert code == 0
    assert [it["trigger"] for it in found["ways"]["won"]] == ["win"]
    assert found["ways"]["won"][0]["obstacles"][-1]["id"] == "plan_started"
    assert [it["verdict"] for it in found["checks"]["win"]] == [
        "met",
        "unknown",
        "unmet",
        "met",
        "not_applicable",
    ]
    assert found["explained"]["answer"][0].startswith("Answer: 5 business days")


def test_a_deal_that_was_rejected_says_why(folder: Folder) -> None:
    """A deal whose row was rejected is told with the reasons, and the exit code is 1."""
    folder.write("deals.csv", "id,stage,since,value,customer\nd-1,nowhere,,,\n")

    code, out, _ = folder.run("--id", "d-1", command="explain")

    assert code == 1
    assert "`nowhere` is mapped to no stage" in " ".join(out.split())

    code, out, _ = folder.run("--id", "d-1", "--json", command="explain")
    found = json.loads(out)

    assert (code, found["id"], found["line"]) == (1, "d-1", 2)
    assert "`nowhere` is mapped to no stage" in found["problems"][0]["problem"]


def test_a_deal_that_is_not_there(folder: Folder) -> None:
    """The nearest deals that were read are offered, each once; of rejected rows none."""
    with (folder.path / "deals.csv").open("a") as file:
        file.write(",fresh,,,\nd-1,fresh,,,\nd-9,nowhere,,,\n")

    code, _, err = folder.run("--id", "d-3", command="explain")

    assert code == 2
    assert "deals.csv` has no deal `d-3`. Did you mean `d-2` or `d-1`?\n" in err


def test_a_deal_that_none_is_like(folder: Folder) -> None:
    """Where nothing is near, the column of ids is named, and not all that is in it."""
    code, _, err = folder.run("--id", "zzz", command="explain")

    assert code == 2
    assert "deals.csv` has no deal `zzz`. Give an id of the column `id`.\n" in err


def test_a_process_without_clocks_or_fees(folder: Folder) -> None:
    """A lead of a process with nothing but two stages is reviewed too."""
    process = folder.write("bare.toml", BARE)
    mapping = folder.write("bare-map.toml", BARE_MAP)
    deals = folder.write("leads.csv", "id,stage,v\nl-1,fresh,5\nl-2,won,\n")

    code, out, _ = run(
        "review", str(deals), "--map", str(mapping), "--process", str(process), "--at", "2026-11-20"
    )
    explained = run(
        "explain", str(deals), "--map", str(mapping), "--process", str(process), "--id", "l-1"
    )[1]

    assert code == 0
    assert "l-1 · 5.00 USD" in out
    assert "Clocks" not in out
    assert "Most frequent obstacles" not in out
    assert "on which it is won" in explained
    assert "day by day" not in explained


def test_a_file_of_ended_deals(folder: Folder) -> None:
    """Where nothing may be done, nothing is listed."""
    process = folder.write("bare.toml", BARE)
    mapping = folder.write("bare-map.toml", BARE_MAP)
    deals = folder.write("leads.csv", "id,stage,v\nl-2,won,\n")

    out = run("review", str(deals), "--map", str(mapping), "--process", str(process))[1]

    assert "What may be done now" not in out


#: Two ends behind one gate, which advises; and a stage that nothing leaves.
SHARED_GATE = """
id = "shared"
version = 1
record = "Lead"
initial = "fresh"
roles = { seller = "Seller" }
stages = [
  { id = "fresh" }, { id = "parked" },
  { id = "won", kind = "won" }, { id = "lost", kind = "lost" },
]
[gates.named]
criteria = [{ id = "named", need = "recorded(name)", severity = "advised", remedy = "Name it." }]
[[transitions]]
trigger = "win"
source = "fresh"
target = "won"
roles = ["seller"]
gates = ["named"]
[[transitions]]
trigger = "lose"
source = "fresh"
target = "lost"
roles = ["seller"]
gates = ["named"]
"""


@pytest.mark.parametrize(
    ("stage", "ways", "advised"),
    [
        pytest.param("fresh", 2, 1, id="what_one_way_advises_another_does_not_repeat"),
        pytest.param("parked", 0, 0, id="a_stage_that_nothing_leaves_has_no_way"),
    ],
)
def test_ways_are_told_once(folder: Folder, stage: str, ways: int, advised: int) -> None:
    """Each way to an end is told, what is advised on it once, and where there is none, that."""
    process = folder.write("shared.toml", SHARED_GATE)
    mapping = folder.write("bare-map.toml", BARE_MAP)
    deals = folder.write("leads.csv", f"id,stage,v\nl-1,{stage},5\n")

    out = run(
        "explain", str(deals), "--map", str(mapping), "--process", str(process), "--id", "l-1"
    )[1]
    told, _, _ = out.partition("Every check of every move")

    assert told.count("The shortest way on which it") == ways
    assert told.partition("Where it can go")[2].count("advised: Name it.") == advised
    assert ("Nowhere: no move leads to an end." in out) is (ways == 0)


def test_a_process_in_another_language(folder: Folder) -> None:
    """`show --language` tells it in that language where it has it, also from a file beside it."""
    inside = folder.write(
        "own.toml",
        PROCESS + '[translations.cs]\n"stage:won" = "Vyhráno"\n"role:seller" = "Prodejce"\n',
    )
    toml = folder.write(
        "small.cs.toml", 'process = "small"\n[translations.cs]\n"gate:ready" = "Zralé"\n'
    )
    table = {"process": "small", "translations": {"cs-CZ": {"gate:ready": "Uzrálo"}}}
    as_json = folder.write("small.cs.json", json.dumps(table))
    asked = ["show", str(inside), "--language", "cs-CZ", "--translation", str(toml)]

    own = run("show", str(inside))[1]
    told = run(*asked)[1]
    narrower = run(*asked, "--translation", str(as_json))[1]
    digests = {json.loads(run(*words, "--json")[1])["digest"] for words in (asked, asked[:2])}

    assert "Vyhráno" not in own
    assert "Vyhráno (won)" in told
    assert "Win: to Vyhráno, by Prodejce or Manager" in told
    assert "ready: Zralé" in told
    assert "ready: Uzrálo" in narrower
    assert len(digests) == 1


def test_a_translation_of_another_process_is_refused(folder: Folder) -> None:
    """A translation that does not fit the process is an error, with its file."""
    other = folder.write("x.toml", 'process = "make"\n[translations.cs]\n"stage:won" = "V"\n')

    code, _, err = run("show", str(folder.path / "small.toml"), "--translation", str(other))

    assert code == 2
    assert "it translates `make`, and this is `small`" in " ".join(err.split())


def test_how_likely_a_stage_is_won(folder: Folder) -> None:
    """`show` tells probability and forecast of a stage; `review` weighs amounts by it."""
    likely = PROCESS.replace(
        'label = "Asked"', 'label = "Asked"\nprobability = 0.25\nforecast = "upside"'
    ).replace('label = "Fresh lead"', 'label = "Fresh lead"\nforecast = "pipeline"')
    folder.write("small.toml", likely)

    shown = run("show", str(folder.path / "small.toml"))[1]
    out = folder.run()[1]
    stages = json.loads(folder.run("--json")[1])["totals"]["stages"]

    assert "Probability 25 %; Forecast upside" in shown
    assert "    Forecast pipeline" in shown
    assert "60,000.00 USD, 15,000.00 USD weighted" in out
    assert stages["asked"]["weighted"] == {"USD": "15000.00"}
    assert stages["fresh"]["weighted"] == {}


def test_a_definition_that_extends_is_shown_whole(folder: Folder) -> None:
    """A host's file may extend what ships; `--toml` writes out what it comes to."""
    path = folder.write("ours.toml", 'extends = "make@1"\nid = "ours"\nversion = 1\n')
    _, output, _ = run("show", str(path), "--toml")
    shown = parse_process(output)
    assert (shown.id, shown.stages) == ("ours", catalog.load("make").process.stages)
    assert text_of(shown) == output
