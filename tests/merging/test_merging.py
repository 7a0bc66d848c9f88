"""Two records that are found to be one: both histories, one set of keys, one direction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest

from cosell import Actor, DefinitionError, Lead, bind, fold, parse_process
from cosell.definition import Process
from cosell.engine import (
    Bound,
    change,
    decide,
    merge_away,
    merge_into,
    open_record,
    options,
    verify_seals,
)
from cosell.engine.decision import Outcome, TransitionRefusedError
from cosell.errors import (
    ClaimedError,
    CosellError,
    EditRefusedError,
    InvalidDataError,
    KeyReusedError,
    MergeRefusedError,
    NaiveDatetimeError,
    OutOfOrderError,
    RecordNotFoundError,
)
from cosell.events import EventKind
from cosell.models.record import Record

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
MANAGER = Actor("m-1", role="manager")
PARTNER = Actor("p-7", role="partner", party="acme")

TEXT = """
id = "leads"
version = 1
record = "Lead"
initial = "fresh"
roles = { manager = "Manager", partner = "Partner", clerk = "Clerk" }
effects = { tell = "Tell" }
stages = [{ id = "fresh" }, { id = "protected" }, { id = "error", kind = "closed" }]

[merge]
trigger = "close_as_duplicate"
roles = ["manager", "clerk"]
cites = ["BX-10"]

[gates.named]
criteria = [{ id = "named", need = "recorded(name)", remedy = "Name it." }]

[[transitions]]
trigger = "protect"
source = "fresh"
target = "protected"
roles = ["manager", "partner"]
claims = ["registration:{customer.domain}", "note:{id}"]

[[transitions]]
trigger = "close_as_duplicate"
source = "*"
target = "error"
roles = ["manager", "partner"]
gates = ["named"]
inputs = [{ path = "closed_reason" }]
set = { closed_kind = { literal = "error" }, closed_at = "at" }
releases = ["note"]
effects = [{ kind = "tell", to = "partner" }]

[[transitions]]
trigger = "reopen"
source = "error"
target = "fresh"
roles = ["manager"]
"""


def process() -> Process:
    """Return the process of the tests."""
    return parse_process(TEXT, file="leads.toml")


BOUND = bind(process(), record=Lead)
OTHER = bind(parse_process(TEXT.replace('"leads"', '"others"')), record=Lead)


@pytest.fixture
def desk(desk_of: Callable[..., Any], store: Any) -> Any:
    """Give a desk with three open leads and one of another process."""
    made = desk_of([BOUND, OTHER], store)
    for number in range(1, 4):
        lead = Lead.model_validate(
            {
                "id": f"l-{number}",
                "name": "Beta",
                "customer": {"domain": f"beta{number}.example"},
                "external_ids": [{"system": "crm", "value": f"00{number}"}],
            }
        )
        made.open(lead, actor=PARTNER, at=NOON, process="leads")
    made.open(Lead(id="x-1", name="Beta"), actor=PARTNER, at=NOON, process="others")
    return made


def merge(desk: Any, survivor: str = "l-1", duplicate: str = "l-2", **given: Any) -> Any:
    """Merge two leads as the manager does."""
    return desk.merge(survivor, duplicate, **{"actor": MANAGER, "at": NOON + HOUR, **given})


def protections(desk: Any, record_id: str) -> list[str]:
    """Return the keys that a record holds, beside its ids in other systems."""
    return [key for key in desk.load(record_id).claims if not key.startswith("external:")]


class TestMerging:
    """The duplicate ends by its process and is linked; the survivor is told (BX-1, BX-10)."""

    def test_both_are_linked(self, desk: Any) -> None:
        """The duplicate ends by the table, and each names the other."""
        done = merge(desk, data={"closed_reason": "The same project."}, reason="Same project.")

        ended, told = desk.load("l-2"), desk.load("l-1")
        assert (ended.stage, ended.closed_kind, ended.merged_into) == ("error", "error", "l-1")
        assert (told.stage, told.merged) == ("fresh", ("l-2",))
        assert [event.kind for event in done.duplicate.events] == [
            EventKind.MOVED,
            EventKind.MERGED,
        ]
        assert [event.kind for event in done.survivor.events] == [EventKind.MERGED]
        assert {event.reason for event in (done.duplicate.events[-1], *done.survivor.events)} == {
            "Same project."
        }
        assert [effect.kind for effect in done.duplicate.effects] == ["tell"]
        assert (done.duplicate.record, done.survivor.record) == (ended, told)
        assert not done.repeated

    def test_both_histories_stay(self, desk: Any) -> None:
        """Each is a chain of its own, and adds up to its record."""
        merge(desk)
        found = desk.histories("l-1")

        assert list(found) == ["l-1", "l-2"]
        for record_id, events in found.items():
            verify_seals(events)
            assert fold(Lead, events) == desk.load(record_id)
        assert list(desk.histories("l-3")) == ["l-3"]
        assert list(desk.histories("l-2")) == ["l-2"]

    def test_keys_and_foreign_ids_go_over(self, desk: Any, store: Any) -> None:
        """What the transition does not release goes over at once; what it releases is free."""
        desk.move("l-2", "protect", actor=MANAGER, at=NOON)
        done = merge(desk)

        assert done.handed_over == ("external:crm:002", "registration:beta2.example")
        assert protections(desk, "l-1") == ["registration:beta2.example"]
        assert desk.load("l-2").claims == ("merged:l-1:l-2",)
        assert store.holder("external:crm:002") == "l-1"
        assert store.holder("registration:beta2.example") == "l-1"
        assert store.holder("note:l-2") is None
        assert [each.value for each in desk.load("l-1").external_ids] == ["001", "002"]

    def test_the_survivor_keeps_its_own(self, desk: Any, store: Any) -> None:
        """Keys that the survivor holds stay with it."""
        desk.move("l-1", "protect", actor=MANAGER, at=NOON)
        desk.move("l-2", "protect", actor=MANAGER, at=NOON)
        merge(desk)

        assert protections(desk, "l-1") == [
            "registration:beta1.example",
            "note:l-1",
            "registration:beta2.example",
        ]
        assert store.holder("note:l-1") == "l-1"

    def test_the_survivor_may_have_ended(self, desk: Any) -> None:
        """A survivor that has ended is told too."""
        desk.move("l-1", "close_as_duplicate", actor=MANAGER, at=NOON)
        merge(desk)

        assert desk.load("l-1").merged == ("l-2",)

    def test_chains(self, desk: Any) -> None:
        """What was merged into may be merged itself; all histories are found from the last."""
        merge(desk, "l-2", "l-3")
        merge(desk, "l-1", "l-2", at=NOON + 2 * HOUR)

        assert list(desk.histories("l-1")) == ["l-1", "l-2", "l-3"]
        assert [each.value for each in desk.load("l-1").external_ids] == ["001", "002", "003"]

    def test_two_into_one(self, desk: Any) -> None:
        """A survivor may take several in."""
        merge(desk)
        merge(desk, "l-1", "l-3")

        assert desk.load("l-1").merged == ("l-2", "l-3")


class TestRefusals:
    """Whatever speaks against a merge is a clear answer, and nothing is changed."""

    @pytest.mark.parametrize(
        ("survivor", "duplicate", "actor", "said"),
        [
            pytest.param("l-1", "l-1", MANAGER, "merged into itself", id="into itself"),
            pytest.param("l-1", "l-2", PARTNER, "`partner` may not merge", id="wrong role"),
            pytest.param("l-1", "x-1", MANAGER, "another process", id="another process"),
        ],
    )
    def test_refused(
        self, desk: Any, survivor: str, duplicate: str, actor: Actor, said: str
    ) -> None:
        """Every reason is named, and neither record has a new event."""
        with pytest.raises(MergeRefusedError, match=said):
            merge(desk, survivor, duplicate, actor=actor)
        assert (desk.load(survivor).version, desk.load(duplicate).version) == (1, 1)

    def test_every_reason_is_named_at_once(self, desk: Any) -> None:
        """All that speaks against it stands in one answer (BX-41)."""
        with pytest.raises(MergeRefusedError) as caught:
            merge(desk, "l-1", "l-1", actor=PARTNER)
        assert [problem.path for problem in caught.value.problems] == ["actor.role", "duplicate"]

    def test_the_transition_decides_too(self, desk: Any) -> None:
        """Role and gate of the transition hold as for every other move (BX-40)."""
        with pytest.raises(TransitionRefusedError) as caught:
            merge(desk, actor=Actor("c-1", role="clerk"))
        assert caught.value.decision.outcome is Outcome.WRONG_ROLE

        desk.change("l-2", {"name": None}, actor=MANAGER, at=NOON)
        with pytest.raises(TransitionRefusedError) as caught:
            merge(desk)
        assert [finding.id for finding in caught.value.decision.obstacles] == ["named"]

    def test_a_merged_record_is_merged_no_more(self, desk: Any) -> None:
        """Into another one: refused, with where it went; as survivor: refused alike."""
        merge(desk)

        with pytest.raises(MergeRefusedError, match="merged into `l-1` before"):
            merge(desk, "l-3", "l-2")
        with pytest.raises(MergeRefusedError, match="Work with `l-1`"):
            merge(desk, "l-2", "l-3")
        with pytest.raises(MergeRefusedError, match="`l-2` was merged into `l-1` before"):
            merge(desk, "l-2", "l-1")

    def test_an_end_that_cannot_be_left(self, desk: Any) -> None:
        """A duplicate that has ended needs a transition that leaves that end."""
        desk.move("l-2", "close_as_duplicate", actor=MANAGER, at=NOON)
        with pytest.raises(TransitionRefusedError):
            merge(desk)

    def test_unknown_records(self, desk: Any) -> None:
        """Either of the two may be missing."""
        for pair in (("l-9", "l-1"), ("l-1", "l-9")):
            with pytest.raises(RecordNotFoundError):
                merge(desk, *pair)
        with pytest.raises(RecordNotFoundError):
            desk.histories("l-9")

    def test_what_is_given_is_looked_at_first(self, desk: Any) -> None:
        """Moment, data, reason and the order of events are checked before anything is written."""
        desk.change("l-1", {"name": "Beta Ltd"}, actor=MANAGER, at=NOON + 2 * HOUR)
        for error, given in (
            (NaiveDatetimeError, {"at": datetime(2026, 11, 20, 15)}),  # noqa: DTZ001 - the case
            (InvalidDataError, {"at": NOON + 3 * HOUR, "data": {"nme": "x"}}),
            (InvalidDataError, {"at": NOON + 3 * HOUR, "reason": "x" * 30_000}),
            (OutOfOrderError, {"at": NOON + HOUR}),
        ):
            with pytest.raises(error):
                merge(desk, **given)
        assert desk.load("l-2").version == 1

    def test_a_process_without_merge(self, desk_of: Callable[..., Any], store: Any) -> None:
        """A process that does not say how merges no records."""
        start, end = TEXT.index("[merge]"), TEXT.index("[gates.named]")
        desk = desk_of([bind(parse_process(TEXT[:start] + TEXT[end:]), record=Lead)], store)
        for record_id in ("l-1", "l-2"):
            desk.open(Lead(id=record_id), actor=PARTNER, at=NOON)

        with pytest.raises(MergeRefusedError, match="merges no records"):
            merge(desk)


class TestAfterwards:
    """A merged record is at rest, for every caller."""

    @pytest.fixture
    def ended(self, desk: Any) -> Any:
        """Give a duplicate that was merged."""
        merge(desk)
        return desk.load("l-2")

    def test_it_moves_no_more(self, desk: Any, ended: Any) -> None:
        """Not even by a transition that leaves its end; the answer says where to go."""
        decision = decide(BOUND, ended, "reopen", actor=MANAGER, at=NOON + 2 * HOUR)

        assert decision.outcome is Outcome.TERMINAL
        assert decision.obstacles[0].actual == {"merged_into": "l-1"}
        assert decision.obstacles[0].remedy == "Work with the record that it was merged into."
        assert options(BOUND, ended, actor=MANAGER, at=NOON + 2 * HOUR) == ()
        with pytest.raises(TransitionRefusedError):
            desk.move("l-2", "reopen", actor=MANAGER, at=NOON + 2 * HOUR)

    def test_it_is_edited_no_more(self, desk: Any, ended: Any) -> None:
        """An edit is refused, and says where to edit instead."""
        with pytest.raises(EditRefusedError, match="Edit `l-1` instead"):
            change(BOUND, ended, {"name": "x"}, actor=MANAGER, at=NOON + 2 * HOUR)
        with pytest.raises(EditRefusedError):
            desk.change("l-2", {"name": "x"}, actor=MANAGER, at=NOON + 2 * HOUR)

    @pytest.mark.parametrize("path", ["merged_into", "merged"])
    def test_links_are_cosells_own(self, desk: Any, path: str) -> None:
        """Nobody writes them: no edit, no transition, no record that is opened."""
        with pytest.raises(EditRefusedError, match="written by cosell alone"):
            desk.change("l-1", {path: "l-2"}, actor=MANAGER, at=NOON)
        with pytest.raises(DefinitionError, match="written by cosell alone"):
            bind(parse_process(TEXT.replace("closed_reason", path)), record=Lead)
        record = Lead.model_validate(
            {"id": "l-9", path: "l-2" if path == "merged_into" else ["l-2"]}
        )
        with pytest.raises(CosellError, match="not opened yet"):
            desk.open(record, actor=MANAGER, at=NOON, process="leads")


VIEWS = """
[[views]]
id = "all"
roles = ["manager", "clerk"]
[[views]]
id = "own"
roles = ["partner"]
stages = ["fresh", "error"]
when = "actor.party == partner.id"
hide = ["closed_reason"]
"""


class TestViews:
    """Who may not see a record cannot merge it, nor learn what was merged into it."""

    @pytest.fixture
    def seen(self, desk_of: Callable[..., Any], store: Any) -> Any:
        """Give a desk with three leads, the second of another partner."""
        text = TEXT.replace('["manager", "clerk"]', '["manager", "partner"]') + VIEWS
        desk = desk_of([bind(parse_process(text), record=Lead)], store)
        for record_id, party in (("l-1", "acme"), ("l-2", "globex"), ("l-3", "acme")):
            values = {"id": record_id, "name": "Beta", "partner": {"id": party}}
            desk.open(Lead.model_validate(values), actor=MANAGER, at=NOON)
        return desk

    @pytest.mark.parametrize("pair", [("l-1", "l-2"), ("l-2", "l-1"), ("l-1", "l-9")])
    def test_an_outsider_merges_nothing(self, seen: Any, pair: tuple[str, str]) -> None:
        """A record of somebody else is answered as one that is not there."""
        with pytest.raises(RecordNotFoundError):
            merge(seen, *pair, actor=PARTNER)
        assert seen.load("l-1").version == 1

    def test_what_is_merged_is_seen_through_views(self, seen: Any) -> None:
        """Histories that do not exist for the actor are left out; values are masked."""
        merge(seen, data={"closed_reason": "Twice."})
        merge(seen, "l-1", "l-3", data={"closed_reason": "Twice."}, at=NOON + 2 * HOUR)
        asked = {"actor": PARTNER, "at": NOON + 3 * HOUR}

        assert list(seen.histories("l-1")) == ["l-1", "l-2", "l-3"]
        found = seen.histories("l-1", **asked)
        assert list(found) == ["l-1", "l-3"]
        assert "Twice." not in str([event.changes for event in found["l-3"]])
        assert "Twice." in str([event.changes for event in seen.histories("l-3")["l-3"]])
        with pytest.raises(RecordNotFoundError):
            seen.histories("l-2", **asked)
        with pytest.raises(TypeError, match="`at` is missing"):
            seen.histories("l-1", actor=PARTNER)


class TestRepeating:
    """Merging again finishes what was begun, and changes nothing that is done."""

    @pytest.mark.parametrize("key", [None, "req-1"])
    def test_merged_twice(self, desk: Any, key: str | None) -> None:
        """The second time both answers are those of the first, and nothing happens."""
        first = merge(desk, key=key)
        again = merge(desk, key=key, at=NOON + 2 * HOUR)

        assert again.repeated
        assert again.handed_over == first.handed_over
        assert (again.survivor.record, again.duplicate.record) == (
            first.survivor.record,
            first.duplicate.record,
        )

    def test_a_key_for_something_else(self, desk: Any) -> None:
        """A key that stands for another command is refused, before and after."""
        desk.change("l-2", {"name": "Beta Ltd"}, actor=MANAGER, at=NOON, key="req-1")
        with pytest.raises(KeyReusedError):
            merge(desk, key="req-1")
        merge(desk)
        with pytest.raises(KeyReusedError):
            merge(desk, key="req-1")

    def test_broken_off_in_between(
        self, desk_of: Callable[..., Any], store: Any, desk: Any
    ) -> None:
        """After a crash between the two commits the keys are safe, and merging again finishes."""
        desk.move("l-2", "protect", actor=MANAGER, at=NOON)
        broken = desk_of([BOUND, OTHER], _BrokenOff(store, after=1))
        with pytest.raises(ConnectionError):
            merge(broken, key="req-1")
        assert desk.load("l-2").merged_into == "l-1"
        assert desk.load("l-1").merged == ()
        assert store.holder("registration:beta2.example") == "l-1"

        desk.move("l-3", "protect", actor=MANAGER, at=NOON)
        with pytest.raises(ClaimedError):
            _protect_again(desk)
        done = merge(desk, key="req-1", at=NOON + 2 * HOUR)

        assert (done.duplicate.repeated, done.survivor.repeated) == (True, False)
        assert desk.load("l-1").merged == ("l-2",)
        assert protections(desk, "l-1") == ["registration:beta2.example"]

    def test_both_ways_at_once(self, desk: Any) -> None:
        """Of two that merge in opposite directions one wins, and there is no circle."""
        barrier, refused = Barrier(2), list[CosellError]()

        def go(survivor: str, duplicate: str) -> None:
            barrier.wait()
            try:
                merge(desk, survivor, duplicate)
            except CosellError as error:
                refused.append(error)

        both = [Thread(target=go, args=pair) for pair in (("l-1", "l-2"), ("l-2", "l-1"))]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join()
        records = [desk.load(record_id) for record_id in ("l-1", "l-2")]
        assert [record.merged_into is None for record in records].count(True) == 1
        assert [type(error) for error in refused] == [MergeRefusedError]

    def test_the_other_way_was_faster(
        self, desk_of: Callable[..., Any], store: Any, desk: Any
    ) -> None:
        """What happens between look and commit is found by the key of the pair."""
        late = desk_of([BOUND, OTHER], _Meanwhile(store, lambda: merge(desk, "l-2", "l-1")))

        with pytest.raises(MergeRefusedError, match="`l-1` was merged into `l-2` before"):
            merge(late)

    @pytest.mark.usefixtures("desk")
    def test_a_key_that_a_third_holds(self, desk_of: Callable[..., Any], store: Any) -> None:
        """Any other claim that is taken is told as it is."""
        late = desk_of([BOUND, OTHER], _Claimed(store))

        with pytest.raises(ClaimedError, match="elsewhere"):
            merge(late)


def _protect_again(desk: Any) -> None:
    """Try to protect the customer of the duplicate for a newcomer."""
    customer = {"domain": "beta2.example"}
    newcomer = Lead.model_validate({"id": "l-4", "name": "Beta", "customer": customer})
    desk.open(newcomer, actor=PARTNER, at=NOON, process="leads")
    desk.move("l-4", "protect", actor=PARTNER, at=NOON)


class _Wrapped:
    """A store of which one call is another one."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


class _BrokenOff(_Wrapped):
    """A store whose connection is lost after some commits."""

    def __init__(self, store: Any, *, after: int) -> None:
        super().__init__(store)
        self._left = after

    def commit(self, commit: Any) -> None:
        """Commit, as long as the connection holds."""
        if not self._left:
            raise ConnectionError
        self._left -= 1
        self._store.commit(commit)


class _Meanwhile(_Wrapped):
    """A store before whose first commit something happens."""

    def __init__(self, store: Any, first: Callable[[], Any]) -> None:
        super().__init__(store)
        self._first = first

    def commit(self, commit: Any) -> None:
        """Let it happen, then commit."""
        if self._first is not None:
            first, self._first = self._first, None  # type: ignore[assignment] # once
            first()
        self._store.commit(commit)


class _Claimed(_Wrapped):
    """A store in which a third record holds a key."""

    def commit(self, commit: Any) -> None:
        """Refuse every commit with it."""
        raise ClaimedError("elsewhere", commit.record.id)


@pytest.mark.parametrize(
    ("old", "new", "path", "said"),
    [
        (
            '"close_as_duplicate"\nroles',
            '"close_as_duplicat"\nroles',
            "merge.trigger",
            "Did you mean",
        ),
        ('"close_as_duplicate"\nroles', '"reopen"\nroles', "merge.trigger", "is no end, or is won"),
        ('["manager", "clerk"]', '["manager", "clerc"]', "merge.roles[1]", "Did you mean `clerk`"),
    ],
    ids=["unknown trigger", "a trigger that ends nothing", "unknown role"],
)
def test_wrong_definitions(old: str, new: str, path: str, said: str) -> None:
    """What does not fit together is said with file, line, path and what to do."""
    with pytest.raises(DefinitionError) as caught:
        parse_process(TEXT.replace(old, new), file="leads.toml")

    [problem] = caught.value.problems
    assert problem.path == path
    assert said in str(problem)
    assert problem.line is not None


def test_waits_go_with_the_merge() -> None:
    """The duplicate waits for nothing more, and the survivor no longer for what it was given."""
    duplicate = _opened(BOUND, "l-2").model_copy(update={"waits": ("registration:a", "other:b")})
    survivor = _opened(BOUND, "l-1")
    ended = merge_away(BOUND, duplicate, survivor, actor=MANAGER, at=NOON)

    assert ended.record.waits == ()

    waiting = survivor.model_copy(update={"waits": ("registration:a", "other:b")})
    told = merge_into(
        BOUND, waiting, ended.record, claims=["registration:a"], actor=MANAGER, at=NOON
    )
    assert (told.record.waits, told.record.claims) == (("other:b",), ("registration:a",))


def test_a_pure_merge_is_refused_alike() -> None:
    """Without a desk the same reasons are named."""
    survivor: Record = _opened(BOUND, "l-1")
    with pytest.raises(MergeRefusedError, match="itself"):
        merge_away(BOUND, _opened(BOUND, "l-1"), survivor, actor=MANAGER, at=NOON)


def _opened(bound: Bound, record_id: str) -> Lead:
    return open_record(bound, Lead(id=record_id, name="Beta"), actor=PARTNER, at=NOON).record
