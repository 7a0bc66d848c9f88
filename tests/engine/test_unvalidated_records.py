"""A record that was changed without being validated: ``model_copy`` looks at nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final

import pytest

from cosell.calendars import Calendar
from cosell.catalog import load
from cosell.engine import adopt, apply, decide, options, read_clocks, settle
from cosell.errors import InvalidDataError
from cosell.errors.kinds import tells_kinds
from cosell.events import Actor
from cosell.models import Opportunity
from process_samples import NOON

AE: Final = Actor("ae-3", role="ae", party="vendor")
MAKE: Final = load("make").bind(
    calendars={"vendor": Calendar.from_holidays("CZ", tz="Europe/Prague")}
)
DEAL: Final = adopt(MAKE, Opportunity(id="o-1"), stage="identified", actor=AE, at=NOON).record
LATER: Final = NOON + timedelta(days=1)

ASKED: Final[dict[str, Callable[[Opportunity], object]]] = {
    "decide": lambda record: decide(MAKE, record, "qualify", actor=AE, at=LATER),
    "apply": lambda record: apply(MAKE, record, "lose", actor=AE, at=LATER),
    "options": lambda record: options(MAKE, record, actor=AE, at=LATER),
    "settle": lambda record: settle(MAKE, record, at=LATER),
    "read_clocks": lambda record: read_clocks(MAKE, record, at=LATER),
}


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
@pytest.mark.parametrize(
    ("update", "paths"),
    [
        pytest.param({"poc": None}, ["poc"], id="a part that is missing"),
        pytest.param({"trail": 5}, ["trail"], id="a trail that is none"),
        pytest.param({"trail": ("x",)}, ["trail.0"], id="a trail of something else"),
        pytest.param({"process": 4}, ["process"], id="a process that is none"),
        pytest.param({"poc": None, "trail": 5}, ["trail", "poc"], id="everything at once"),
    ],
)
def test_what_does_not_fit_the_model_is_named(
    asked: Callable[[Opportunity], object], update: dict[str, Any], paths: list[str]
) -> None:
    """Where Python stumbles, the error names each field, and how to change a record (BX-41)."""
    with pytest.raises(InvalidDataError) as caught:
        asked(DEAL.model_copy(update=update))

    assert caught.value.subject == "the Opportunity given as `record`"
    assert [problem.path for problem in caught.value.problems] == paths
    assert all(
        "Opportunity.model_validate({**dict(it), ...})" in problem.remedy
        for problem in caught.value.problems
    )


@pytest.mark.parametrize("name", ["decide", "options", "settle", "read_clocks"])
def test_the_remedy_works(name: str) -> None:
    """A record that is validated as the remedy says is answered for, or is no record at all."""
    ASKED[name](Opportunity.model_validate({**dict(DEAL), "name": "Acme"}))

    with pytest.raises(ValueError, match="poc"):
        Opportunity.model_validate({**dict(DEAL), "poc": None})


@tells_kinds
def _stumbling(record: Opportunity, others: Sequence[Opportunity] = ()) -> None:
    """Stumble whatever is given."""
    raise AttributeError(record, others)


IN_RECORD: Final = "the Opportunity given as `record` has 1 problem"


@pytest.mark.parametrize(
    ("update", "path"),
    [
        pytest.param({"acv": 5}, "acv", id="its field"),
        pytest.param(
            {"poc": DEAL.poc.model_copy(update={"stage": 5})}, "poc.stage", id="a field of a part"
        ),
        pytest.param(
            {"trail": (DEAL.trail[0].model_copy(update={"target": 5}),)},
            "trail.0.target",
            id="a field of one of its list",
        ),
    ],
)
def test_the_field_is_named(update: dict[str, Any], path: str) -> None:
    """However deep it lies, the field is named from the record."""
    with pytest.raises(InvalidDataError, match=IN_RECORD) as caught:
        _stumbling(DEAL.model_copy(update=update))

    assert [problem.path for problem in caught.value.problems] == [path]


def test_one_of_several_records_is_named() -> None:
    """Of a list of records it is said which."""
    with pytest.raises(InvalidDataError, match=r"given as `others\[1\]`"):
        _stumbling(DEAL, [DEAL, DEAL.model_copy(update={"acv": 5})])


def test_a_sound_record_is_not_to_blame() -> None:
    """An error that has another cause stays what it is."""
    with pytest.raises(AttributeError):
        _stumbling(DEAL, [DEAL])
