"""The pages of the reference leave out nothing of what they describe."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from pydantic import BaseModel

from cosell.cli.columns import Column
from cosell.cli.mapping import FileMap, StageColumn
from cosell.clocks import ClockState
from cosell.definition import Process, Track
from cosell.definition.access import Edit, ViewRow
from cosell.definition.claim import ClaimKind
from cosell.definition.clock import Breach, Clock, Ends, Extensions, Step, Unit
from cosell.definition.effect import PlannedEffect, Report
from cosell.definition.fee_plan import FeePlan
from cosell.definition.fee_terms import (
    ActivityTerms,
    AmountTerms,
    Band,
    Clawback,
    Each,
    FeeCriterion,
    OwnRate,
    PaymentCondition,
    Period,
    Precedence,
    Split,
    Window,
)
from cosell.definition.line import Gate, Input, Lock, Override, SetValue, Stage, Transition
from cosell.definition.process import FactType
from cosell.engine import Outcome
from cosell.events import Commit
from cosell.findings import Severity, Verdict
from cosell.rules import Criterion
from cosell.rules.functions import FUNCTIONS
from cosell.rules.operations import MODES
from cosell.stores import Ledger, Outbox, Store
from sources import ROOT

DOCS = ROOT / "docs"


def keys_of(*models: type[BaseModel]) -> set[str]:
    """Return the names of the fields of all models."""
    return {name for model in models for name in model.model_fields}


def methods_of(*protocols: type) -> set[str]:
    """Return the names of the public methods of all protocols."""
    return {name for each in protocols for name in vars(each) if not name.startswith("_")}


#: What each page must name, in backticks or in a block.
NAMED: dict[str, dict[str, Iterable[str]]] = {
    "definitions.md": {
        "keys_of_a_process": keys_of(Process, Track),
        "keys_of_a_stage": keys_of(Stage),
        "keys_of_a_gate": keys_of(Gate, Criterion),
        "keys_of_a_transition": keys_of(
            Transition, Input, Override, PlannedEffect, Report, ClaimKind
        ),
        "keys_of_a_clock": keys_of(Clock, Step, Breach, Extensions),
        "keys_of_a_lock": keys_of(Lock),
        "keys_of_an_edit": keys_of(Edit),
        "keys_of_a_view": keys_of(ViewRow),
        "what_is_set": list(SetValue),
        "units": list(Unit),
        "ends": list(Ends),
        "types_of_facts": FactType.__args__,
    },
    "language.md": {
        "functions": FUNCTIONS,
        "ways_of_rounding": MODES,
        "keys_of_a_criterion": keys_of(Criterion),
        "severities": list(Severity),
    },
    "decisions.md": {"outcomes": list(Outcome), "verdicts": list(Verdict)},
    "clocks.md": {"units": list(Unit), "states": list(ClockState)},
    "fees.md": {
        "keys_of_a_plan": keys_of(FeePlan, PaymentCondition),
        "keys_of_more_terms": keys_of(Each, OwnRate, Window, Split, Period, Clawback),
        "precedence": list(Precedence),
        "keys_of_an_activity": keys_of(ActivityTerms, AmountTerms, Band, FeeCriterion)
        - keys_of(Criterion),
    },
    "stores.md": {
        "methods": methods_of(Store, Outbox, Ledger),
        "parts_of_a_commit": keys_of(Commit),
    },
    "command-line.md": {"keys_of_a_mapping": keys_of(FileMap, StageColumn, Column)},
}
ROWS = [(page, what) for page, parts in NAMED.items() for what in parts]


def names_in(page: str) -> set[str]:
    """Return every word that stands in backticks on a page, also within a longer piece of code."""
    text = (DOCS / page).read_text("utf-8")
    prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    code = re.findall(r"`([^`]+)`", prose)
    return {word for piece in code for word in (piece, *re.findall(r"[a-z_.]+", piece))}


@pytest.mark.parametrize(("page", "what"), ROWS, ids=[f"{page}:{what}" for page, what in ROWS])
def test_a_page_names_everything(page: str, what: str) -> None:
    """Each key, method and outcome stands in the prose of its page, in backticks."""
    assert {str(name) for name in NAMED[page][what]} - names_in(page) == set()


def test_a_name_that_is_left_out_is_seen() -> None:
    """The test above can fail: a name that no page has is missing."""
    assert "coffee" not in names_in("definitions.md")


def test_the_index_leads_to_every_page() -> None:
    """No page of the docs is hidden."""
    index = (DOCS / "index.md").read_text("utf-8")
    pages = {path.relative_to(DOCS).as_posix() for path in DOCS.glob("**/*.md")} - {"index.md"}

    assert {page for page in pages if f"]({page})" not in index} == set()
