"""Status and substatus of a referral are one table, and nothing leaves it (MS-26)."""

from __future__ import annotations

from itertools import product
from typing import Any, Final, get_args

import pytest

from cosell.engine import CLOCK, TransitionRefusedError, adopt, apply, change
from cosell.errors import EditRefusedError, InvalidDataError, RecordNotFoundError
from cosell.events import Actor
from cosell.models import ReferralStatus, ReferralSubstatus
from partner_center_deals import (
    ADMIN,
    ASSESSMENT,
    DEAL,
    LEAD,
    NOW,
    PARTNER,
    VENDOR,
    bound,
    entered,
    raw,
)

#: The pairs that are valid.
PAIRS: Final = {
    ("New", "Pending"),
    ("New", "Received"),
    ("Active", "Accepted"),
    ("Closed", "Won"),
    ("Closed", "Lost"),
    ("Closed", "Declined"),
    ("Closed", "Expired"),
}
#: What a status may become; a deal that was not shared yet has none, and may become either.
BECOMES: Final = {
    None: {None, "New", "Active"},
    "New": {"New", "Active", "Closed"},
    "Active": {"Active", "Closed"},
    "Closed": {"Closed"},
}
ALL: Final = sorted(
    product((*get_args(ReferralStatus), None), (*get_args(ReferralSubstatus), None)), key=str
)
PROCESSES: Final = (LEAD, DEAL, ASSESSMENT)
STAGES: Final = [(name, stage.id) for name in PROCESSES for stage in bound(name).process.stages]
EVERY_STAGE = pytest.mark.parametrize(
    ("name", "stage"), STAGES, ids=[f"{name}: {stage}" for name, stage in STAGES]
)
#: What moves ask for.
GIVEN: Final[dict[str, Any]] = {
    "closed_reason": "No budget.",
    "next_steps.text": "A call.",
    "introduction.team": "alliance",
    "introduction.representative": "p-4",
    "introduction.template": "introduction_alliance",
    "shared_with": "omega",
    "registration_id": "r-1",
    "registration_status": "passed",
}
ACTORS: Final = (PARTNER, ADMIN, VENDOR, Actor("p-2", role="registrar", party="acme"))


def pair_of(record: Any) -> tuple[str | None, str | None]:
    return record.status, record.substatus


def pair_at(name: str, stage: str) -> tuple[str | None, str | None]:
    """Return the pair of a stage; a draft has none."""
    found = bound(name).process.stage(stage).fields
    return found.get("status"), found.get("substatus")


@pytest.mark.parametrize("name", PROCESSES)
def test_the_stages_are_the_table(name: str) -> None:
    """Each valid pair has a stage, and no stage has another pair (MS-26)."""
    pairs = {pair_at(name, stage.id) for stage in bound(name).process.stages}
    assert pairs - {(None, None)} == PAIRS
    assert ((None, None) in pairs) is (name != LEAD)


@pytest.mark.parametrize("pair", ALL, ids=str)
def test_every_edit_of_the_pair_is_refused(pair: tuple[Any, Any]) -> None:
    """In every stage, whichever pair is given, its own too (MS-26)."""
    data = dict(zip(("status", "substatus"), pair, strict=True))
    for name, stage in STAGES:
        record = entered(name, stage)
        with pytest.raises(EditRefusedError) as caught:
            change(bound(name), record, data, actor=PARTNER, at=NOW)
        assert "status" in str(caught.value)


@pytest.mark.parametrize("pair", ALL, ids=str)
def test_every_record_enters_with_the_pair_of_its_stage(pair: tuple[Any, Any]) -> None:
    """Another pair, or half of one, is refused when a referral is brought in (MS-26)."""
    given = dict(zip(("status", "substatus"), pair, strict=True))
    for name, stage in STAGES:
        own = pair_at(name, stage)
        record = raw(name, **given)
        if all(value in {None, mine} for value, mine in zip(pair, own, strict=True)):
            found = adopt(bound(name), record, stage=stage, actor=ADMIN, at=NOW).record
            assert pair_of(found) == own
            continue
        with pytest.raises(InvalidDataError, match="status"):
            adopt(bound(name), record, stage=stage, actor=ADMIN, at=NOW)


def moves_of(name: str, stage: str) -> dict[str, Any]:
    """Return what comes of each move that somebody may make there."""
    process = bound(name)
    found: dict[str, Any] = {}
    for trigger, actor in product(process.triggers, (*ACTORS, CLOCK)):
        record = entered(name, stage, sourced_by="vendor" if actor.party == "acme" else "acme")
        inputs = {
            each.path
            for transition in process.process.transitions
            if transition.trigger == trigger
            for each in transition.inputs
        }
        data = {path: value for path, value in GIVEN.items() if path in inputs}
        try:
            found[trigger] = apply(process, record, trigger, actor=actor, at=NOW, data=data)
        except (TransitionRefusedError, RecordNotFoundError):
            continue
    return found


@EVERY_STAGE
def test_every_move_stays_in_the_table(name: str, stage: str) -> None:
    """All triggers are tried by everyone: both fields change in one event, as the table says."""
    before = pair_at(name, stage)
    for trigger, applied in moves_of(name, stage).items():
        after = pair_of(applied.record)
        assert after in PAIRS | {(None, None)}, trigger
        assert after == pair_at(name, applied.record.stage)
        assert after[0] in BECOMES[before[0]], trigger
        changes = applied.events[0].changes
        assert ("substatus" in changes) is ("status" in changes)
        assert before == after or {"status", "substatus"} <= set(changes)


@pytest.mark.parametrize("name", PROCESSES)
def test_new_and_active_reach_what_they_may_become(name: str) -> None:
    """New becomes new, active or closed; active stays or is closed; closed stays closed (MS-26)."""
    reached: dict[Any, set[Any]] = {}
    for stage in bound(name).process.stages:
        before = pair_at(name, stage.id)[0]
        after = {found.record.status for found in moves_of(name, stage.id).values()}
        reached.setdefault(before, set()).update(after)
    assert reached["New"] - {"New"} == {"Active", "Closed"}
    assert reached["Active"] == {"Active", "Closed"}
    assert reached["Closed"] <= {"Closed"}
