"""The page of a process and `show` say everything that a definition holds, in words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from cosell.definition import parse_process
from cosell.draw import page_of
from cosell.draw.markdown import bullets, section, table

#: A process that says nearly everything that a definition can say.
WHOLE: Final = Path(__file__).with_name("whole.toml").read_text("utf-8")
PAGE: Final = page_of(parse_process(WHOLE))
#: The least that a definition says.
BARE: Final = """
id = "bare"
version = 1
record = "Lead"
initial = "fresh"
roles = { seller = "Seller" }
stages = [{ id = "fresh" }, { id = "won", kind = "won" }]
transitions = [{ trigger = "win", source = "fresh", target = "won", roles = ["seller"] }]
"""

SAID: Final = {
    "what_it_is": "Process `whole`, version 3, for records `OurDeal` in zone `UTC`. [XX-1]",
    "calendars": "Calendars to be given: `office`.",
    "a_stage": "| Asked |  | Somebody answers. Probability 25 %; Forecast upside | XX-5 |",
    "an_end_with_its_fields": "| `won` | Won | won | `forecast` is 'commit' |  |",
    "a_move": "| `take` | Take it | Asked | taken | Seller or clock | `ready`, `bare` | Say who.; ",
    "what_must_be_filled_in": "; fill in Owner (`owner`), one more of `offers`, with `party`; ",
    "what_may_be_filled_in": "; may fill in `next_steps.text`, one more of `notes`; ",
    "an_automatic_move": "| `bare` | by itself as soon as nothing stands in the way |",
    "a_claim_that_is_taken": "; takes the claim `customer`; ",
    "what_comes_instead": "; if another record holds it, instead `queue`; ",
    "clocks_that_must_run": "; in time for Answer, silence; ",
    "what_is_emptied": "; empties `closed_reason`; ",
    "effects": "; then: Tell the partner (Partner); Make a record of `other`; ",
    "an_override": "; may be overridden, with a reason, by Administrator | XX-10 |",
    "a_move_that_stays": " | Asked | stays | Seller or clock |  | waits for the claim `customer`; ",
    "a_claim_that_is_given_back": "| every open stage | dropped | Seller or clock |  | gives back ",
    "a_gate": "### Ready (`ready`)\n\nWhat must be there. [XX-6]\n\n| criterion |",
    "a_gate_without_a_label": "### `bare`\n\n| criterion |",
    "a_criterion": (
        "| `worth_it` | when `recorded(acv)`: `acv >= limit` | required | Ask for more. | XX-7 |"
    ),
    "a_hosts_own_check": "| `trusted` | the host's own check `is_trusted` | required |",
    "what_a_method_asks": "`meddpicc.champion.proven_level >= 2` | advised |",
    "a_chain_in_a_gate": "- Everybody approves whom the chain `deal` asks.",
    "a_chain": "### The deal (`deal`)\n\nWho says yes. [XX-9]\n\n| order |",
    "rows_of_a_chain_in_their_order": (
        "| 1 | Seller's own | Seller |  |  |\n| 2 | second | Administrator | `acv > limit` | XX-8 |"
    ),
    "a_clock": "| Answer | 2 business days of calendar `office`; Seller | In two days.; ",
    "start_and_stop": "; from `entered('asked')` to `moved('take')`; cancelled by `lost_at`; ",
    "restart": "; started anew by `moved('queue')`; ",
    "pauses": "; stands still in `papers.sent`; may be paused by Administrator; ",
    "limit": "; at most 9 business days after the start; ",
    "steps": (
        "; at 50 % of it: Tell the partner; 3 business days before its end: It is soon over;"
        " 1 business day after its end: asks for `drop`;"
        " 1 business day after the start: it is noted; "
    ),
    "a_breach": "; when it runs out: Tell the partner; asks for `drop`; ",
    "extensions": (
        "; may be extended by Administrator, once, by 2 business days in all,"
        " gate `bare`, also after its end | XX-11 |"
    ),
    "a_hold": (
        "| `silence` |  | 2 months | from `entered('taken')` to its end,"
        " which is in time from its end on; may be extended by Administrator, before its end only |"
    ),
    "a_rhythm": (
        "| `measure` |  | no end | from `entered('taken')` to its end; 3 to 4 of `activities.at`,"
        " at least 1 elapsed hour apart, at most 9 elapsed hours apart,"
        " over at least 30 elapsed hours |"
    ),
    "a_rhythm_without_bounds": "; 1 of `activities.at` |",
    "a_lock": (
        "| `acv`, `name` in Won, every open stage, except by Administrator |"
        " Ask the administrator. | XX-12 |"
    ),
    "a_switch_of_one_way": "| `partner.id` in every stage, once it is set | It is what it is. |",
    "an_edit": (
        "| `own` | A partner's own | Partner: `name`, in Asked, when `actor.party == partner.id` |"
        " XX-13 |"
    ),
    "an_edit_of_everything": "| `all` |  | Administrator: everything, with a reason |",
    "a_view": (
        "| `own` | A partner's own | Partner: everything but `notes`, `acv`,"
        " in Asked, Won, when `actor.party == partner.id`; `touch_count` nevertheless | XX-14 |"
    ),
    "a_view_of_little": "| `little` |  | Seller: only `name` |",
    "a_view_of_everything": "| `whole` |  | everybody: everything |",
    "a_claim": (
        "| `customer` | One deal for a customer | who holds it is told to Seller;"
        " the next in line asks for `take` | XX-3 |"
    ),
    "a_secret_claim": "held from the opening on: `secret:{name}`; who holds it is told to nobody |",
    "a_claim_that_everybody_may_know": "| `open` |  | held from the opening on: `open:{id}` |",
    "a_clock_that_repeats": "; cancelled by `lost_at`; runs anew at its end; ",
    "extensions_without_bounds": "may be extended by Seller, at most 2 times, before its end only",
    "a_method": "### MEDDPIC (`meddpic`)\n\nWhat is known. [XX-4]\n\n- A score of at least 0.5 for",
    "an_element": "| Champion | Who sells for us inside, with what influence? | 2, validated for",
    "a_merge": "The duplicate takes `drop`; by Administrator. [XX-2]",
    "a_role": "| `admin` | Administrator |",
    "a_parameter": "| `limit` | `5000 USD` |",
    "a_fact": "| `credit` | bool |",
    "an_effect": "| `tell` | Tell the partner |",
    "a_list_track": (
        "## Track `papers`: Papers\n\nOne by one.\n\nEach item of `paper_items` runs by itself,"
        " called by its `id`. It stops with the main line. [XX-15]"
    ),
    "a_track": "It leads `poc`. It goes on after the main line.",
    "a_diagram_of_a_track": '```mermaid\nstateDiagram-v2\n    state "not_started" as not_started',
}


@pytest.mark.parametrize("text", SAID.values(), ids=SAID)
def test_a_page_says_it(text: str) -> None:
    """Each row of a definition stands on its page, in words, with its rules."""
    assert text in PAGE


def test_every_rule_that_a_definition_cites_is_on_its_page() -> None:
    """No citation is lost."""
    assert set(re.findall(r"XX-\d+", WHOLE)) == set(re.findall(r"XX-\d+", PAGE))


def test_what_a_process_does_not_have_is_not_on_its_page() -> None:
    """A process with nothing but stages and moves has no other tables."""
    page = page_of(parse_process(BARE))

    assert page.startswith("# bare\n\nProcess `bare`, version 1")
    assert re.findall(r"^##+ (.*)$", page, re.MULTILINE) == ["Stages", "Moves", "Roles"]
    assert "| stage | end |\n" in page


def test_cells_hold_anything() -> None:
    """A bar or a line break in a cell does not end it; what is empty is left out."""
    assert table(("a",), [["x | y\nz"]]) == "| a |\n| --- |\n| x \\| y z |"
    assert table(("a", "b"), []) == ""
    assert section(2, "Nothing", "", "") == ""
    assert bullets(["a\nb"]) == "- a b"


def test_labels_with_commas_stay_apart() -> None:
    """Where a label has a comma, labels are told apart by something else."""
    text = BARE.replace('{ id = "fresh" }', '{ id = "fresh", label = "New, fresh" }').replace(
        'source = "fresh"', 'source = ["fresh", "won"]'
    )

    assert "| New, fresh; won |" in page_of(parse_process(text))
