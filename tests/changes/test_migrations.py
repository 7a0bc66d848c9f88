"""A record goes on to another version of its process: the map, the trail, the clocks, the model."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosell.definition import parse_process
from cosell.engine import (
    Bound,
    WrongProcessError,
    bind,
    fold,
    migrate,
    open_record,
    read_clocks,
    settle,
    verify_seals,
)
from cosell.engine import apply as take
from cosell.errors import InvalidDataError, OutOfOrderError, UnknownNameError
from cosell.events import Actor, EventKind
from cosell.models import Lead, Opportunity
from desk_kit import GOOD, a_deal, accepted, opened, outcome, require_coherent, rich
from paper_samples import PAPERS, papers, sent
from process_samples import BOSS, DAY, NOON, PARTNER, RICH, SELLER, TINY, bound_of, office

HEAD = 'extends = "rich@3"\nid = "rich"\nversion = 4\n'

MAP = {"submitted": "handed_in", "mdp.drafted": "mdp.written"}


def newer(body: str = "", *, head: str = HEAD, **how: Any) -> Bound:
    """Return another version of the rich process, bound."""
    process = parse_process(head + body, bases={"rich@3": RICH})
    calendars = dict.fromkeys(process.calendars, office())
    return bind(process, **{"record": Opportunity, "calendars": calendars, **how})


@cache
def renamed() -> Bound:
    """Return a version in which a stage of the main line and one of a track have other names."""
    text = re.sub("(['\"])submitted(['\"])", r"\1handed_in\2", RICH)
    text = re.sub("(['\"])drafted(['\"])", r"\1written\2", text)
    return bound_of(text.replace("version = 3", "version = 4"))


def deal_at_noon() -> Opportunity:
    """Return a deal that was handed in at noon."""
    return open_record(rich(), a_deal(acv="100 USD"), actor=PARTNER, at=NOON).record


def problems_of(caught: Any) -> list[str]:
    """Return what is wrong, as it is read."""
    return [str(problem) for problem in caught.value.problems]


def test_a_version_with_the_same_stages_needs_no_map() -> None:
    """Fields, claims, trail and parts go on; the event names the new version."""
    before = deal_at_noon()
    before = take(rich(), before, "accept", actor=SELLER, at=NOON, data=GOOD).record
    after = newer('[parameters]\nplan_above = "20000 USD"\n')
    moved = migrate(rich(), after, before, actor=BOSS, at=NOON + DAY, reason="New year.")

    (event,) = moved.events
    assert (event.kind, event.source, event.target) == (EventKind.MIGRATED, "accepted", "accepted")
    assert (event.process, event.reason, event.changes) == (after.ref, "New year.", {})
    assert moved.record.process == after.ref
    assert moved.record.claims == before.claims == ("registration:beta.example",)
    assert moved.record.trail[:-1] == before.trail
    own = {"version", "process", "trail"}
    assert moved.record.model_dump(exclude=own) == before.model_dump(exclude=own)


def test_stages_that_are_called_otherwise_are_so_in_the_trail() -> None:
    """The trail speaks the new version's language; the events keep what was written then."""
    record = take(rich(), deal_at_noon(), "accept", actor=SELLER, at=NOON, data=GOOD).record
    record = take(
        rich(), record, "mdp.draft", actor=SELLER, at=NOON, data={"prepared_with_customer": True}
    ).record
    after = renamed()
    moved = migrate(rich(), after, record, actor=BOSS, at=NOON + DAY, stages=MAP)

    assert [(each.track, each.source, each.target) for each in moved.record.trail] == [
        (None, None, "handed_in"),
        (None, "handed_in", "accepted"),
        ("mdp", "not_started", "written"),
        (None, "accepted", "accepted"),
        ("mdp", "drafted", "written"),
    ]
    assert (moved.record.stage, moved.record.mdp.stage) == ("accepted", "written")
    assert [event.track for event in moved.events] == [None, "mdp"]
    assert {event.process for event in moved.events} == {after.ref}


def test_clocks_count_on() -> None:
    """A clock goes on from when it started, though its stage is called otherwise now."""
    record = take(rich(), deal_at_noon(), "accept", actor=SELLER, at=NOON, data=GOOD).record
    record = take(
        rich(), record, "mdp.draft", actor=SELLER, at=NOON, data={"prepared_with_customer": True}
    ).record
    after = renamed()
    at = NOON + timedelta(hours=40)
    moved = migrate(rich(), after, record, actor=BOSS, at=at, stages=MAP).record
    answer, age = read_clocks(after, moved, at=at)
    assert (answer.started_at, answer.ended_at) == (NOON, NOON)
    assert age.due_at == NOON + timedelta(hours=48)


def test_what_was_due_before_is_done_first() -> None:
    """A clock of the old version that had run out has done so when the record goes on."""
    at = NOON + 20 * DAY
    moved = migrate(rich(), newer(), deal_at_noon(), actor=BOSS, at=at)
    assert [event.kind for event in moved.events] == [
        EventKind.STEPPED,
        EventKind.BREACHED,
        EventKind.MOVED,
        EventKind.MIGRATED,
    ]
    assert moved.record.stage == "expired"


def test_a_shorter_allowance_runs_out_at_the_next_tick() -> None:
    """By the new terms the clock ran out before; who settles then writes it at its instant."""
    after = newer("[parameters]\nanswer_days = 1\n")
    moved = migrate(rich(), after, deal_at_noon(), actor=BOSS, at=NOON + 4 * DAY).record
    assert moved.stage == "submitted"
    settled = settle(after, moved, at=NOON + 4 * DAY)
    assert settled.record.stage == "expired"
    assert settled.events[0].at < NOON + 4 * DAY


MAPS: list[Any] = [
    pytest.param(
        {},
        [
            (
                "stages.submitted: there is no stage `submitted` in `rich@4`, and nothing says what"
                " becomes of it. Use one of: accepted, expired, handed_in, lost, negotiation,"
                " onboarding, won."
            ),
            (
                "stages.mdp.drafted: there is no stage `mdp.drafted` in `rich@4`, and nothing says"
                " what becomes of it. Did you mean `mdp.written`?"
            ),
        ],
        id="every stage that is gone is mapped",
    ),
    pytest.param(
        {**MAP, "submited": "handed_in"},
        ["stages.submited: there is no stage `submited` in `rich@3`. Did you mean `submitted`?"],
        id="a stage before is known",
    ),
    pytest.param(
        {**MAP, "submitted": "handedin"},
        ["stages.submitted: there is no stage `handedin` in `rich@4`. Did you mean `handed_in`?"],
        id="a stage after is known",
    ),
    pytest.param(
        {**MAP, "mdp.drafted": "accepted"},
        [
            (
                "stages.mdp.drafted: there is no stage `accepted` in `rich@4`."
                " Use one of: mdp.agreed, mdp.dropped, mdp.not_started, mdp.written."
            )
        ],
        id="a stage stays on its line",
    ),
]


@pytest.mark.parametrize(("stages", "expected"), MAPS)
def test_the_map_is_total(stages: dict[str, str], expected: list[str]) -> None:
    """Everything that is wrong with a map is named at once (BX-41)."""
    with pytest.raises(InvalidDataError) as caught:
        migrate(rich(), renamed(), deal_at_noon(), actor=BOSS, at=NOON, stages=stages)
    assert caught.value.subject == "the map from `rich@3` to `rich@4`"
    problems = problems_of(caught)
    assert [problem.split(". ")[0] for problem in problems] == [
        problem.split(". ")[0] for problem in expected
    ]


def test_a_stage_may_become_one_that_was_there() -> None:
    """Two stages may become one."""
    after = newer('remove = ["stage:negotiation"]\n')
    record = take(rich(), deal_at_noon(), "accept", actor=SELLER, at=NOON, data=GOOD).record
    facts = {"budget_free": True}
    record = take(rich(), record, "advance", actor=SELLER, at=NOON, facts=facts).record
    moved = migrate(
        rich(), after, record, actor=BOSS, at=NOON, stages={"negotiation": "accepted"}
    ).record
    assert moved.stage == "accepted"
    assert [entry.target for entry in moved.trail if entry.track is None] == [
        "submitted",
        "accepted",
        "accepted",
        "accepted",
    ]


def test_a_second_migration_speaks_the_third_language() -> None:
    """Names are carried through every map, and back."""
    second = renamed()
    there = migrate(rich(), second, deal_at_noon(), actor=BOSS, at=NOON, stages=MAP).record
    back = {after: before for before, after in MAP.items()}
    again = migrate(second, rich(), there, actor=BOSS, at=NOON, stages=back).record
    assert [entry.target for entry in again.trail] == ["submitted"] * 3
    assert again.trail[1].source == "submitted"
    assert again.trail[2].source == "handed_in"
    (answer, _) = read_clocks(rich(), again, at=NOON)
    assert answer.started_at == NOON


def test_a_track_that_is_dropped_stays_where_it_is() -> None:
    """Nobody leads the part any more; its stage is a field like others."""
    record = take(
        rich(),
        take(rich(), deal_at_noon(), "accept", actor=SELLER, at=NOON, data=GOOD).record,
        "review.finish",
        actor=SELLER,
        at=NOON,
    ).record
    after = newer('remove = ["track:review"]\n')
    moved = migrate(rich(), after, record, actor=BOSS, at=NOON)
    assert moved.record.security_review.stage == "done"
    assert moved.record.trail[:-1] == record.trail


def test_a_new_track_begins_where_its_part_is() -> None:
    """A part may stand where the new track has no stage: that is said, and nothing done."""
    track = """
[tracks.trial]
initial = "not_started"
stages = [{ id = "not_started" }, { id = "over", kind = "won" }]
"""
    record = deal_at_noon()
    assert migrate(rich(), newer(track), record, actor=BOSS, at=NOON).record.trial.stage == (
        "not_started"
    )
    astray = record.model_copy(update={"trial": record.trial.model_copy(update={"stage": "ovr"})})
    with pytest.raises(InvalidDataError) as caught:
        migrate(rich(), newer(track), astray, actor=BOSS, at=NOON)
    assert problems_of(caught) == [
        "trial.stage: there is no stage `ovr` in the track `trial`. Did you mean `over`?"
    ]


def test_each_item_of_a_list_goes_on() -> None:
    """The items of a list share one map; each has an event of its own where its stage changes."""
    text = re.sub("(['\"])sent(['\"])", r"\1out\2", PAPERS)
    after = bound_of(text.replace("version = 1", "version = 2", 1))
    story = sent("nda", "msa")
    stages = {"paper_items.sent": "paper_items.out"}
    moved = migrate(papers(), after, story.record, actor=BOSS, at=NOON, stages=stages)

    assert {each.id: each.stage for each in moved.record.paper_items} == {
        "nda": "out",
        "msa": "not_started",
    }
    assert [event.track for event in moved.events] == [None, "paper_items[nda]"]
    whole = [*story.events, *moved.events]
    assert fold(Opportunity, whole, parts=after.parts) == moved.record
    assert moved.record.trail[-3].target == "out"


def test_a_track_leads_the_same_part() -> None:
    """A track of the same name that leads something else is another track."""
    after = newer('[tracks.review]\npart = "trial"\n')
    with pytest.raises(InvalidDataError) as caught:
        migrate(rich(), after, deal_at_noon(), actor=BOSS, at=NOON)
    assert problems_of(caught) == [
        (
            "tracks.review: it leads `trial` in `rich@4`, and `security_review` before."
            " Give the new track a name of its own."
        )
    ]


class OurDeal(Opportunity, frozen=True):
    """A deal with a field more."""

    region: str | None = None


class Strict(Opportunity, frozen=True):
    """A deal that must say where it is."""

    region: str


def test_a_subclass_adds_fields() -> None:
    """The new version may read fields that the old model did not have; they are missing."""
    record = deal_at_noon()
    moved = migrate(rich(), newer(record=OurDeal), record, actor=BOSS, at=NOON).record
    assert isinstance(moved, OurDeal)
    assert moved.region is None


def test_what_a_subclass_requires_must_be_there() -> None:
    """A field without a default cannot be filled in by a migration."""
    with pytest.raises(InvalidDataError) as caught:
        migrate(rich(), newer(record=Strict), deal_at_noon(), actor=BOSS, at=NOON)
    assert [problem.path for problem in caught.value.problems] == ["region"]


LEADS = TINY.replace('record = "Opportunity"', 'record = "Lead"')
REFUSED: list[Any] = [
    pytest.param(rich, "on `rich@3` already", id="to the version that it is on"),
    pytest.param(
        lambda: bound_of(LEADS, record=Lead), "of model Opportunity", id="to another model"
    ),
]


@pytest.mark.parametrize(("after", "found"), REFUSED)
def test_what_cannot_go_on_is_said(after: Callable[[], Bound], found: str) -> None:
    """A record goes on to another version, of its own model."""
    with pytest.raises(WrongProcessError) as caught:
        migrate(rich(), after(), deal_at_noon(), actor=BOSS, at=NOON)
    assert caught.value.found == found


def test_a_record_of_another_version_is_refused() -> None:
    """What is named as the version before is the one that the record is on."""
    with pytest.raises(WrongProcessError):
        migrate(newer(), newer(head=HEAD.replace("4", "5")), deal_at_noon(), actor=BOSS, at=NOON)


def test_nothing_is_migrated_before_its_last_event() -> None:
    """Time goes on."""
    with pytest.raises(OutOfOrderError):
        migrate(rich(), newer(), deal_at_noon(), actor=BOSS, at=NOON - DAY)


def test_a_deputy_has_to_be_one() -> None:
    """Who acts for another one without a right to changes no version either (BX-40)."""
    deputy = Actor("d-1", role="boss", on_behalf_of="b-1")
    caught = outcome(lambda: migrate(rich(), newer(), deal_at_noon(), actor=deputy, at=NOON))
    assert caught.code == "record.edit_refused"


def test_what_a_stage_holds_is_written() -> None:
    """A field that the new version's stages hold has the value of its stage at once."""
    after = newer('[[stages]]\nid = "submitted"\nfields = { is_oem = true }\n')
    moved = migrate(rich(), after, deal_at_noon(), actor=BOSS, at=NOON)
    assert moved.record.is_oem
    assert moved.event.changes == {"is_oem": True}


@given(days=st.integers(0, 30), finished=st.booleans(), drafted=st.booleans())
def test_a_migrated_record_is_the_fold_of_its_events(
    days: int,
    finished: bool,  # noqa: FBT001 - what is drawn
    drafted: bool,  # noqa: FBT001 - what is drawn
) -> None:
    """Whatever happened before, events add up to the record, and clocks read alike again."""
    before, after = rich(), renamed()
    opening = open_record(before, a_deal(), actor=PARTNER, at=NOON)
    events, record = list(opening.events), opening.record
    steps = [("accept", GOOD)] + [("mdp.draft", {"prepared_with_customer": True})] * drafted
    steps += [("review.finish", {})] * finished
    for trigger, data in steps:
        done = take(before, record, trigger, actor=SELLER, at=NOON, data=data)
        events, record = [*events, *done.events], done.record
    moved = migrate(before, after, record, actor=BOSS, at=NOON + days * DAY, stages=MAP)
    whole = [*events, *moved.events]
    assert fold(Opportunity, whole, parts={**before.parts, **after.parts}) == moved.record


# --- at a desk ------------------------------------------------------------------------------


def test_a_desk_migrates(desk_of: Callable[..., Any], store: Any) -> None:
    """The record follows the new version from then on; its history holds, its clocks tick on."""
    after = renamed()
    desk = desk_of([rich(), after], store)
    desk.open(a_deal(), actor=PARTNER, at=NOON, process="rich")
    assert desk.load("o-1").process.version == 4
    old = desk_of([rich()], store)
    opened(old, "o-2", "gamma.example")
    asked = {"to": "rich@4", "actor": BOSS, "at": NOON + DAY, "stages": MAP, "key": "m-1"}
    answer = desk.migrate("o-2", reason="New year.", **asked)

    assert (answer.record.stage, answer.record.process) == ("handed_in", after.ref)
    assert store.load("o-2").process == after.ref
    assert desk.migrate("o-2", reason="New year.", **asked).repeated
    require_coherent(after, store, "o-2")
    verify_seals(store.history("o-2"))
    accepted(desk, "o-2")
    require_coherent(after, store, "o-2")


def test_records_stay_on_their_version_until_they_are_migrated(
    desk_of: Callable[..., Any], store: Any
) -> None:
    """A new version with a lower threshold leaves records on the old one as they were."""
    opened(desk_of([rich()], store), acv="30000 USD")
    after = newer('[parameters]\nplan_above = "20000 USD"\n')
    desk = desk_of([rich(), after], store)
    accepted(desk)
    at = NOON + 2 * DAY

    def in_the_way() -> list[str]:
        decision = desk.decide("o-1", "advance", actor=SELLER, at=at, facts={"budget_free": True})
        return [finding.id for finding in decision.obstacles]

    assert "plan_started" not in in_the_way()
    asked = {"to": "rich@4", "actor": BOSS, "at": at}
    (preview,) = desk.preview_migrations(["o-1"], **asked)
    assert [each.name for each in preview.answer.failing] == ["ready.plan_started"]
    assert "plan_started" not in in_the_way()
    desk.migrate("o-1", **asked)
    assert "plan_started" in in_the_way()


def test_a_desk_serves_the_version(desk_of: Callable[..., Any], store: Any) -> None:
    """A version that the desk does not serve is named, with those that it does."""
    desk = desk_of([rich()], store)
    opened(desk)
    with pytest.raises(UnknownNameError) as caught:
        desk.migrate("o-1", to="rich@4", actor=BOSS, at=NOON)
    assert (caught.value.name, caught.value.known) == ("rich@4", ("rich@3",))
