"""A dry run says what a migration would do to a record: gates, clocks, locks, tracks."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from access_samples import ACME, MANAGER, NOBODY, SHARED, a_lead, shared
from cosell.definition import parse_process
from cosell.engine import Bound, MigrationPreview, adopt, bind, open_record, preview_migration
from cosell.engine import apply as take
from cosell.errors import InvalidDataError
from cosell.models import Lead, Opportunity
from desk_kit import GOOD, a_deal, opened, rich
from process_samples import BOSS, DAY, NOON, PARTNER, RICH, SELLER, bound_of, office

HEAD = 'extends = "rich@3"\nid = "rich"\nversion = 4\n'
LOWER = '[parameters]\nplan_above = "20000 USD"\n'


def newer(body: str) -> Bound:
    """Return another version of the rich process, bound."""
    process = parse_process(HEAD + body, bases={"rich@3": RICH})
    return bind(process, record=Opportunity, calendars={"office": office()})


def a_record(*triggers: str, acv: str = "30000 USD") -> Opportunity:
    """Return a deal that has taken some transitions."""
    record = open_record(rich(), a_deal(acv=acv), actor=PARTNER, at=NOON).record
    data = {"accept": GOOD, "lose": {"closed_reason": "No fit."}}
    facts = {"budget_free": True}
    for trigger in triggers:
        record = take(
            rich(),
            record,
            trigger,
            actor=SELLER,
            at=NOON,
            data=data.get(trigger, {}),
            facts=facts,
        ).record
    return record


def previewed(body: str, record: Opportunity, **asked: Any) -> MigrationPreview:
    """Return the dry run of a migration of a deal, a day later."""
    question = {"actor": BOSS, "at": NOON + DAY, "facts": {"budget_free": True}, **asked}
    return preview_migration(rich(), newer(body), record, **question)


def names(found: Any) -> list[tuple[str, bool]]:
    """Return names of criteria, and whether their gates are behind."""
    return [(each.name, each.behind) for each in found]


CASES: list[Any] = [
    pytest.param(
        LOWER, ["accept"], [("ready.plan_started", False)], [], id="a lower threshold is ahead"
    ),
    pytest.param(
        LOWER,
        ["accept", "advance"],
        [("ready.plan_started", True)],
        [],
        id="a gate that the record went through is behind",
    ),
    pytest.param(
        '[parameters]\nplan_above = "30000 USD"\n',
        ["accept"],
        [],
        [],
        id="exactly at the threshold",
    ),
    pytest.param(
        '[[gates.acceptance.criteria]]\nid = "contact"\nneed = "recorded(plan)"\n'
        'remedy = "Name one."\n',
        ["accept"],
        [("acceptance.contact", True)],
        [],
        id="a criterion that was not asked before",
    ),
    pytest.param(
        '[[gates.stamped.criteria]]\nid = "stamped"\nseverity = "advised"\n',
        ["accept"],
        [],
        [("stamped.stamped", False)],
        id="what is only advised now stands in the way no longer",
    ),
    pytest.param(
        'remove = ["gate:stamped"]\n',
        ["accept"],
        [],
        [("stamped.stamped", False)],
        id="a gate that is asked no more",
    ),
    pytest.param(
        '[[gates.big.criteria]]\nid = "is_big"\nneed = "acv > \'1 USD\'"\n',
        ["accept"],
        [],
        [("big.is_big", False)],
        id="a criterion that would be met",
    ),
    pytest.param(LOWER, ["lose"], [("ready.plan_started", False)], [], id="after a reopening"),
]


@pytest.mark.parametrize(("body", "triggers", "failing", "passing"), CASES)
def test_what_would_newly_fail_or_pass(
    body: str, triggers: list[str], failing: list[Any], passing: list[Any]
) -> None:
    """Gates behind and ahead are compared criterion by criterion, as the record stands."""
    found = previewed(body, a_record(*triggers))
    assert (names(found.failing), names(found.passing)) == (failing, passing)


def test_a_dry_run_changes_nothing() -> None:
    """The record is as before, and nothing was said to have happened."""
    record = a_record("accept")
    before = record.model_dump()
    previewed(LOWER, record)
    assert record.model_dump() == before


def test_the_same_definition_changes_nothing() -> None:
    """A version that differs in its number alone has nothing to say."""
    found = previewed("", a_record("accept"))
    assert found.stages == {None: ("accepted", "accepted")}
    assert not any(
        (found.failing, found.passing, found.shifts, found.locked, found.unlocked, found.dropped)
    )
    assert str(found) == "o-1: accepted"


def test_everything_is_told() -> None:
    """Stage, gates, clocks, locks and tracks, as a text and as plain values."""
    body = (
        'remove = ["track:review", "stage:submitted", "clock:answer"]\n'
        'initial = "fresh"\n'
        + LOWER
        + """
[[stages]]
id = "fresh"
[[locks]]
paths = ["owner"]
stages = ["fresh"]
remedy = "No."
[[clocks]]
id = "answer"
allowance = 2
unit = "calendar_days"
start = ["entered('fresh')"]
[[transitions]]
trigger = "accept"
source = "fresh"
target = "accepted"
roles = ["seller"]
[[transitions]]
trigger = "lose"
releases = []
[tracks.mdp.gates.has_customer]
criteria = [{ id = "customer_takes_part", need = "prepared_with_customer" }]
"""
    )
    found = previewed(body, a_record(), stages={"submitted": "fresh"})

    assert found.stages == {None: ("submitted", "fresh")}
    assert found.locked == ("owner",)
    assert found.unlocked == ()
    assert found.dropped == ("review",)
    assert [shift.clock for shift in found.shifts] == ["answer"]
    assert found.next_at == found.shifts[0].after.next_at
    told = str(found).splitlines()
    assert told[0] == "o-1: submitted to fresh"
    assert told[1].startswith("  newly fails: ready.plan_started, ahead: plan_started: unmet (acv ")
    assert "  newly locked: owner" in told
    assert "  track review would not be led any more" in told
    assert "  newly passes: acceptance.named, ahead: it is asked no more" not in told
    plain = json.loads(json.dumps(found.as_dict()))
    assert plain["stages"] == [{"track": None, "before": "submitted", "after": "fresh"}]
    assert plain["failing"][0] == {
        "criterion": "ready.plan_started",
        "behind": False,
        "before": "not_applicable",
        "after": "unmet",
        "remedy": "Start the plan.",
    }


def test_what_passes_is_told() -> None:
    """A gate that is asked no more, and a lock that holds no more."""
    found = previewed(
        'remove = ["gate:stamped"]\n[[locks]]\nid = "x"\npaths = ["owner"]\nstages = ["won"]\n'
        'remedy = "No."\n',
        a_record("accept"),
    )
    assert "  newly passes: stamped.stamped, ahead: it is asked no more" in str(found)
    assert found.as_dict()["passing"][0]["after"] is None


def test_a_lock_that_holds_no_more() -> None:
    """A new version without the locks of the old one says so."""
    first = 'extends = "rich@3"\nid = "rich"\nversion = 4\nlocks = []\n'
    bases = {"rich@3": RICH, "rich@4": first}
    text = 'extends = "rich@4"\nid = "rich"\nversion = 5\n'
    process = parse_process(text, bases=bases)
    after = bind(process, record=Opportunity, calendars={"office": office()})
    found = preview_migration(rich(), after, a_record(), actor=BOSS, at=NOON)
    assert found.unlocked == ("registration.submitted_by",)
    assert "  no longer locked: registration.submitted_by" in str(found)


def test_a_way_that_the_trail_does_not_tell() -> None:
    """What was adopted mid-way has the gates of the shortest way behind it."""
    record = adopt(rich(), a_deal(acv="30000 USD"), stage="won", actor=BOSS, at=NOON).record
    found = previewed(LOWER, record)
    assert names(found.failing) == [("ready.plan_started", True)]


def test_a_dry_run_needs_a_total_map() -> None:
    """What ``migrate`` would refuse the dry run refuses too."""
    with pytest.raises(InvalidDataError):
        previewed('remove = ["stage:onboarding"]\n', a_record())


def test_many_are_previewed_one_by_one(desk_of: Callable[..., Any], store: Any) -> None:
    """Each record has its result, one that is not there too; nothing is written."""
    opened(desk_of([rich()], store), acv="30000 USD")
    opened(desk_of([rich()], store), "o-2", "gamma.example", acv="10000 USD")
    desk = desk_of([rich(), newer(LOWER)], store)
    results = list(
        desk.preview_migrations(
            ["o-1", "o-2", "o-3"],
            to="rich@4",
            actor=BOSS,
            at=NOON + DAY,
            facts_for=lambda _: {"budget_free": True},
        )
    )
    assert [result.status.value for result in results] == ["done", "done", "failed"]
    assert [len(result.answer.failing) for result in results[:2]] == [1, 0]
    assert results[2].error.code == "record.not_found"
    assert store.load("o-1").version == 1


def test_a_dry_run_is_for_those_who_see_the_whole_record(
    desk_of: Callable[..., Any], store: Any
) -> None:
    """To an outsider the record is unknown; who sees a part of it is told that it is a part."""
    second = SHARED.replace("version = 1", "version = 2", 1)
    desk = desk_of([shared(), bound_of(second, record=Lead)], store)
    first = desk_of([shared()], store)
    first.open(a_lead("l-1"), actor=MANAGER, at=NOON)
    first.move("l-1", "offer", actor=MANAGER, at=NOON)
    asked = {"to": f"{shared().ref.id}@2", "at": NOON}
    found = {
        who: next(desk.preview_migrations(["l-1"], actor=actor, **asked)).status.value
        for who, actor in (("manager", MANAGER), ("partner", ACME), ("outsider", NOBODY))
    }
    assert found == {"manager": "done", "partner": "refused", "outsider": "failed"}
