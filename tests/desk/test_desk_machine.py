"""Whatever is asked of a desk in whatever order, the store holds what the events say."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from cosell.desk import Answer, Desk
from cosell.errors import ClaimedError, CosellError, KeyReusedError, RecordNotFoundError
from cosell.events import Actor, Effect
from cosell.stores import MemoryStore
from desk_kit import a_deal, outcome, require_coherent, rich
from process_samples import BOSS, NOON, OTHER_SELLER, PARTNER, SELLER

RECORDS = ("o-1", "o-2", "o-3")
record_ids = st.sampled_from(RECORDS)
actors = st.sampled_from([SELLER, OTHER_SELLER, PARTNER, BOSS])
keys = st.none() | st.sampled_from(["k-1", "k-2"])

#: Moves with the data that let them through, most often.
MOVES: dict[str, dict[str, Any]] = {
    "accept": {"owner": "s-1", "registration.reason": "fits"},
    "advance": {"name": "Beta"},
    "win": {},
    "lose": {"closed_reason": "gone"},
    "board": {},
    "reopen": {},
    "mdp.draft": {"prepared_with_customer": True},
    "mdp.agree": {},
    "review.finish": {},
}
moves = st.sampled_from(sorted(MOVES)) | st.just("accept") | st.just("lose")
edits = st.dictionaries(
    st.sampled_from(["acv", "name", "customer.domain", "registration.submitted_by"]),
    st.sampled_from(["5 USD", "beta.example", "other.example"]),
    max_size=2,
)


class DeskStaysCoherent(RuleBasedStateMachine):
    """Commands at a desk, in order of time."""

    def __init__(self) -> None:
        super().__init__()
        self.store = MemoryStore()
        self.desk = Desk([rich()], self.store)
        self.at = NOON
        self.effects: list[Effect] = []
        self.answers: dict[tuple[str, str, str], tuple[Any, Answer[Any]]] = {}

    def ask(self, record_id: str, actor: Actor, key: str | None, *command: Any) -> None:
        """Make one call, and compare what it says with what was kept and what is stored."""
        before = self._stored(record_id)
        word, *arguments = command
        named = {"actor": actor, "at": self.at, "key": key}
        if word == "move":
            named["data"] = MOVES[arguments[-1]]
        result = outcome(lambda: getattr(self.desk, word)(*arguments, **named))
        kept = self.answers.get((record_id, actor.party or "", key or ""))
        if key is not None and kept is not None:
            self._require_kept(result, kept, (actor, *command))
            assert self._stored(record_id) == before
        elif isinstance(result, CosellError):
            assert self._stored(record_id) == before
            if isinstance(result, ClaimedError):
                assert result.holder != record_id
                assert self.store.holder(result.key) == result.holder
        else:
            assert not result.repeated
            assert self.desk.load(record_id) == result.record
            self.effects += result.effects
            if key is not None:
                self.answers[record_id, actor.party or "", key] = ((actor, *command), result)

    def _stored(self, record_id: str) -> Any:
        found = outcome(lambda: self.store.load(record_id))
        return None if isinstance(found, RecordNotFoundError) else found

    def _require_kept(self, result: Any, kept: tuple[Any, Answer[Any]], command: Any) -> None:
        first, answer = kept
        if first != command:
            assert isinstance(result, KeyReusedError)
            return
        assert result.repeated
        assert (result.record, result.events) == (answer.record, answer.events)

    @rule(record_id=record_ids, key=keys, domain=st.sampled_from(["beta.example", None]))
    def open(self, record_id: str, key: str | None, domain: str | None) -> None:
        deal = a_deal(record_id, customer={"name": "Beta", "domain": domain})
        self.ask(record_id, PARTNER, key, "open", deal)

    @rule(record_id=record_ids, trigger=moves, actor=actors, key=keys)
    def move(self, record_id: str, trigger: str, actor: Actor, key: str | None) -> None:
        before = self._stored(record_id)
        named = {"actor": actor, "at": self.at, "data": MOVES[trigger]}
        decision = outcome(lambda: self.desk.decide(record_id, trigger, **named))
        self.ask(record_id, actor, key, "move", record_id, trigger)
        if isinstance(decision, CosellError) or not decision.permitted:
            assert self._stored(record_id) == before

    @rule(record_id=record_ids, data=edits, actor=actors, key=keys)
    def change(self, record_id: str, data: dict[str, str], actor: Actor, key: str | None) -> None:
        self.ask(record_id, actor, key, "change", record_id, data)

    @rule(hours=st.integers(0, 100))
    def time_goes_on(self, hours: int) -> None:
        self.at += timedelta(hours=hours)

    @rule()
    def tick(self) -> None:
        ticked = self.desk.tick(at=self.at)
        assert ticked.failed == ()
        for answer in ticked.answers:
            assert answer.events
            assert self.desk.load(answer.id) == answer.record
            self.effects += answer.effects
        assert self.desk.tick(at=self.at).answers == ()

    @invariant()
    def records_are_their_histories(self) -> None:
        for record_id in self.store.ids(limit=9):
            require_coherent(rich(), self.store, record_id)

    @invariant()
    def a_claim_has_one_holder(self) -> None:
        claims = [key for each in self.store.ids(limit=9) for key in self.desk.load(each).claims]
        assert len(claims) == len(set(claims))

    @invariant()
    def every_effect_is_in_the_outbox_once(self) -> None:
        stored = self.store.lease(10_000, until=self.at, at=self.at)
        assert sorted(effect.id for effect in stored) == sorted(each.id for each in self.effects)


TestDeskMachine = DeskStaysCoherent.TestCase
TestDeskMachine.settings = settings(
    max_examples=max(10, settings.default.max_examples // 4), stateful_step_count=25
)
