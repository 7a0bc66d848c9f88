"""One registration for a customer and product: the others wait, in order (BX-1, BX-2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from cosell.desk import Answer, Instead
from cosell.errors import ClaimedError, InvalidDataError
from cosell.models import DealRegistration
from desk_kit import Meeting, at_once, outcome, require_coherent
from process_samples import DAY, NOON, bound_of
from several_samples import (
    ACME,
    BETA,
    MANAGER,
    OTHER_RELAY,
    REGISTRATION,
    REJECTING,
    RELAY,
    approve,
    registered,
    relayed,
    several,
)

KEY = "registration:gamma.example:core"


@pytest.fixture
def desk(desk_of: Callable[..., Any], store: Any) -> Any:
    """Give a desk that serves all four processes."""
    return desk_of(several(), store)


def stages(desk: Any, *ids: str) -> list[str]:
    """Return where records are."""
    return [desk.load(record_id).stage for record_id in ids]


class TestQueueing:
    """What an approval comes to when another registration is protected."""

    def test_the_first_is_approved_and_the_second_queued(self, desk: Any, store: Any) -> None:
        """The answer says what was asked for, the key, and who has it (BX-2)."""
        registered(desk, "r-1", "r-2")
        assert approve(desk, "r-1").instead is None
        answer = approve(desk, "r-2", data={"reason": "fits"})
        assert answer.record.stage == "queued"
        assert answer.instead == Instead(asked="approve", key=KEY, holder="r-1")
        record = answer.record
        assert (record.waits, record.claims) == ((KEY,), ())
        assert (record.blocked_by, record.blocked_key, record.reason) == ("r-1", KEY, "fits")
        assert record.queued_at == NOON + DAY
        assert (store.holder(KEY), list(store.waiting(KEY, 9))) == ("r-1", ["r-2"])
        for bound in several():
            if bound.ref.id == "registration":
                require_coherent(bound, store, "r-2")

    def test_who_may_not_know_hears_that_it_is_taken(self, desk: Any) -> None:
        """The claim is known to the manager; a partner is not told by whom it is held (BX-2)."""
        registered(desk, "r-1", "r-2")
        approve(desk, "r-1")
        answer = approve(desk, "r-2", actor=BETA)
        assert answer.instead == Instead(asked="approve", key=KEY, holder=None)

    def test_a_repeated_request_gives_the_same_answer(self, desk: Any) -> None:
        """Under its key the answer that was queued comes again, with what it stands for."""
        registered(desk, "r-1", "r-2")
        approve(desk, "r-1")
        first = approve(desk, "r-2", key="req-1")
        again = approve(desk, "r-2", key="req-1")
        assert again.repeated
        assert (again.record, again.instead) == (first.record, first.instead)

    def test_another_product_is_no_duplicate(self, desk: Any, store: Any) -> None:
        """The same customer with another product is approved beside it (BX-1)."""
        registered(desk, "r-1")
        registered(desk, "r-2", products=("extra",))
        approve(desk, "r-1")
        assert approve(desk, "r-2").record.claims == ("registration:gamma.example:extra",)
        assert store.holder(KEY) == "r-1"

    def test_one_common_product_is_a_duplicate(self, desk: Any, store: Any) -> None:
        """Of several products one in common is enough; none of the others is taken (BX-1)."""
        registered(desk, "r-1")
        registered(desk, "r-2", products=("extra", "core"))
        approve(desk, "r-1")
        answer = approve(desk, "r-2")
        assert answer.instead == Instead(asked="approve", key=KEY, holder="r-1")
        assert store.holder("registration:gamma.example:extra") is None
        assert list(store.waiting("registration:gamma.example:extra", 9)) == ["r-2"]

    @pytest.mark.parametrize(
        "values",
        [
            pytest.param({"products": ()}, id="no product"),
            pytest.param({"customer": {"name": "Gamma"}}, id="no domain"),
        ],
    )
    def test_what_a_claim_is_made_of_must_be_recorded(self, desk: Any, values: Any) -> None:
        """A protection of nothing is refused: the list is empty, or the domain missing (BX-1)."""
        registered(desk, "r-1", **values)
        refused = outcome(lambda: approve(desk, "r-1"))
        assert [found.id for found in refused.decision.obstacles] == ["claim_registration"]

    def test_a_program_may_reject_instead(self, desk_of: Callable[..., Any], store: Any) -> None:
        """A program that rejects duplicates names another transition; nobody waits (SF-8)."""
        desk = desk_of(several(REJECTING), store)
        registered(desk, "r-1", "r-2")
        approve(desk, "r-1")
        answer = approve(desk, "r-2")
        assert (answer.record.stage, answer.record.reason) == ("rejected", KEY)
        assert list(store.waiting(KEY, 9)) == []

    def test_two_approvals_at_once(self, desk_of: Callable[..., Any], store: Any) -> None:
        """Of two that meet one holds the protection, and the other waits for it (BX-2)."""
        registered(desk_of(several(), store), "r-1", "r-2")
        desk = desk_of(several(), Meeting(store))
        both = at_once(lambda: approve(desk, "r-1"), lambda: approve(desk, "r-2"))
        assert all(isinstance(each, Answer) for each in both), both
        (held,) = [each for each in both if each.instead is None]
        (waits,) = [each for each in both if each.instead is not None]
        assert store.holder(KEY) == held.id
        assert waits.instead == Instead(asked="approve", key=KEY, holder=held.id)
        assert list(store.waiting(KEY, 9)) == [waits.id]

    def test_many_approvals_at_once(self, desk_of: Callable[..., Any], store: Any) -> None:
        """Of six at once one holds it, and five stand in line (BX-2)."""
        ids = [f"r-{number}" for number in range(6)]
        registered(desk_of(several(), store), *ids)
        desk = desk_of(several(), Meeting(store, 6))
        answers = at_once(*[lambda it=it: approve(desk, it) for it in ids])
        assert sorted(each.record.stage for each in answers) == ["approved", *["queued"] * 5]
        assert {store.holder(KEY), *store.waiting(KEY, 9)} == set(ids)


class TestReleaseMeetsApproval:
    """Nobody waits for what was given back meanwhile."""

    def test_a_claim_that_was_given_back_meanwhile_is_taken(
        self, desk_of: Callable[..., Any], store: Any
    ) -> None:
        """The claim was taken when asked for and is free when the record would wait: it has it."""
        plain = desk_of(several(), store)
        registered(plain, "r-1", "r-2")
        approve(plain, "r-1")

        class Late(Meeting):
            def __init__(self) -> None:
                super().__init__(store, 1)
                self.commits = 0

            def commit(self, commit: Any) -> None:
                self.commits += 1
                if self.commits == 2:  # the commit that would wait
                    plain.move("r-1", "expire", actor=MANAGER, at=NOON + DAY)
                super().commit(commit)

        late = Late()
        answer = approve(desk_of(several(), late), "r-2")
        assert (answer.record.stage, answer.instead, late.commits) == ("approved", None, 3)
        assert (store.holder(KEY), list(store.waiting(KEY, 9))) == ("r-2", [])


class TestComingUp:
    """What happens when the protection ends."""

    def test_the_next_in_line_comes_up(self, desk: Any, store: Any) -> None:
        """The longest waiting one has the claim, the others go on waiting (BX-2)."""
        registered(desk, "r-1", "r-2", "r-3")
        for record_id in ("r-1", "r-3", "r-2"):
            approve(desk, record_id)
        desk.move("r-1", "expire", actor=MANAGER, at=NOON + DAY)
        told = relayed(desk, store)
        assert stages(desk, "r-1", "r-2", "r-3") == ["expired", "queued", "approved"]
        assert (store.holder(KEY), list(store.waiting(KEY, 9))) == ("r-3", ["r-2"])
        assert [(it.kind, it.party, it.data) for it in told] == [("tell", "acme", {"id": "r-3"})]

    def test_a_clock_ends_a_protection(self, desk: Any, store: Any) -> None:
        """After ninety days the tick expires it, and the next one comes up (BX-2, BX-3)."""
        registered(desk, "r-1", "r-2")
        approve(desk, "r-1")
        approve(desk, "r-2")
        late = NOON + DAY + timedelta(days=92)
        desk.tick(at=late)
        assert stages(desk, "r-1", "r-2") == ["expired", "queued"]
        relayed(desk, store, late)
        assert stages(desk, "r-2") == ["approved"]
        assert store.holder(KEY) == "r-2"

    def test_who_withdrew_is_passed_over(self, desk: Any, store: Any) -> None:
        """A queued registration that was withdrawn waits no longer (BX-2)."""
        registered(desk, "r-1", "r-2", "r-3")
        for record_id in ("r-1", "r-2", "r-3"):
            approve(desk, record_id)
        desk.move("r-2", "withdraw", actor=ACME, at=NOON + DAY)
        assert list(store.waiting(KEY, 9)) == ["r-3"]
        assert desk.load("r-2").waits == ()
        desk.move("r-1", "expire", actor=MANAGER, at=NOON + DAY)
        relayed(desk, store)
        assert stages(desk, "r-2", "r-3") == ["withdrawn", "approved"]

    def test_who_cannot_have_all_its_keys_is_passed_over(self, desk: Any, store: Any) -> None:
        """It keeps its place: when the other key is given back too, it comes up (BX-1, BX-2)."""
        registered(desk, "a", "c", products=("core",))
        registered(desk, "b", products=("extra",))
        registered(desk, "both", products=("core", "extra"))
        for record_id in ("a", "b", "both", "c"):
            approve(desk, record_id)
        desk.move("a", "expire", actor=MANAGER, at=NOON + DAY)
        relayed(desk, store)
        assert stages(desk, "both", "c") == ["queued", "approved"]
        for record_id in ("b", "c"):
            desk.move(record_id, "expire", actor=MANAGER, at=NOON + DAY)
        relayed(desk, store)
        assert stages(desk, "both") == ["approved"]
        assert desk.load("both").waits == ()

    def test_nobody_in_line_is_nobody_called(self, desk: Any, store: Any) -> None:
        """The claim is free again."""
        registered(desk, "r-1")
        approve(desk, "r-1")
        desk.move("r-1", "expire", actor=MANAGER, at=NOON + DAY)
        (effect,) = store.lease(9, until=NOON + DAY, at=NOON)
        assert (effect.kind, effect.data) == ("released", {"key": KEY})
        assert desk.carry_out(effect, actor=RELAY, at=NOON + DAY) == ()
        assert store.holder(KEY) is None

    def test_delivered_twice_calls_one(self, desk: Any) -> None:
        """An effect that is handed out again finds the claim taken (BX-2)."""
        registered(desk, "r-1", "r-2", "r-3")
        for record_id in ("r-1", "r-2", "r-3"):
            approve(desk, record_id)
        released = desk.move("r-1", "expire", actor=MANAGER, at=NOON + DAY).effects[-1]
        (came,) = desk.carry_out(released, actor=RELAY, at=NOON + DAY)
        assert came.id == "r-2"
        assert desk.carry_out(released, actor=OTHER_RELAY, at=NOON + DAY) == ()
        assert stages(desk, "r-2", "r-3") == ["approved", "queued"]

    def test_two_relays_at_once_call_one(self, desk_of: Callable[..., Any], store: Any) -> None:
        """Whatever the two see, one record comes up, and no claim has two holders (BX-2)."""
        plain = desk_of(several(), store)
        registered(plain, "r-1", "r-2", "r-3")
        for record_id in ("r-1", "r-2", "r-3"):
            approve(plain, record_id)
        released = plain.move("r-1", "expire", actor=MANAGER, at=NOON + DAY).effects[-1]
        desk = desk_of(several(), Meeting(store))
        both = at_once(
            lambda: desk.carry_out(released, actor=RELAY, at=NOON + DAY),
            lambda: desk.carry_out(released, actor=OTHER_RELAY, at=NOON + DAY),
        )
        assert sum(len(each) for each in both) == 1
        assert stages(plain, "r-2", "r-3") == ["approved", "queued"]
        assert store.holder(KEY) == "r-2"

    def test_a_relay_without_the_role_calls_nobody(self, desk: Any, store: Any) -> None:
        """The transition of the next in line is open to the roles that it names."""
        registered(desk, "r-1", "r-2")
        approve(desk, "r-1")
        approve(desk, "r-2")
        released = desk.move("r-1", "expire", actor=MANAGER, at=NOON + DAY).effects[-1]
        assert desk.carry_out(released, actor=ACME, at=NOON + DAY) == ()
        assert list(store.waiting(KEY, 9)) == ["r-2"]

    def test_who_is_asked_nothing_is_passed_over(
        self, desk_of: Callable[..., Any], store: Any
    ) -> None:
        """A later definition that lets nobody wait calls nobody; the record stays as it is."""
        desk = desk_of(several(), store)
        registered(desk, "r-1", "r-2")
        approve(desk, "r-1")
        approve(desk, "r-2")
        released = desk.move("r-1", "expire", actor=MANAGER, at=NOON + DAY).effects[-1]
        silent = REGISTRATION.replace('next = "come_up"\n', "").replace(
            'waits = ["registration:{customer.domain}:{products[*].id}"]\n', ""
        )
        other = desk_of([bound_of(silent, record=DealRegistration)], store)
        assert other.carry_out(released, actor=RELAY, at=NOON + DAY) == ()
        assert list(store.waiting(KEY, 9)) == ["r-2"]


class TestToldBefore:
    """``decide`` and ``options`` tell before the move that a claim is taken."""

    @pytest.mark.parametrize(
        ("actor", "holder"),
        [
            pytest.param(MANAGER, "r-1", id="a manager is told by whom"),
            pytest.param(BETA, "another record", id="a partner is not"),
        ],
    )
    def test_a_taken_claim_is_an_obstacle(self, desk: Any, actor: Any, holder: str) -> None:
        """The finding names key, holder as far as the asker may know it, and what happens."""
        registered(desk, "r-1", "r-2")
        approve(desk, "r-1")
        decision = desk.decide("r-2", "approve", actor=actor, at=NOON + DAY)
        (found,) = decision.obstacles
        assert (found.id, found.code) == ("claim_registration", "claim.unmet")
        assert found.check.needed == f"`{KEY}` is free"
        assert found.actual == {"claims.registration": holder}
        assert found.remedy == "Asked for nevertheless, it becomes `queue`."
        (option, *_) = desk.options("r-2", actor=actor, at=NOON + DAY)
        assert (option.trigger, option.decision) == ("approve", decision)

    def test_a_free_claim_is_none(self, desk: Any) -> None:
        """One's own claim, and one that nobody holds, stand in nobody's way."""
        registered(desk, "r-1")
        assert desk.decide("r-1", "approve", actor=MANAGER, at=NOON + DAY).permitted
        approve(desk, "r-1")
        assert not desk.decide("r-1", "approve", actor=MANAGER, at=NOON + DAY).permitted

    def test_what_takes_no_claim_asks_nobody(self, desk_of: Callable[..., Any], store: Any) -> None:
        """Only keys that would be taken are looked up."""

        class Silent(Meeting):
            def holder(self, key: str) -> str | None:
                raise AssertionError(key)

        registered(desk_of(several(), store), "r-1")
        desk = desk_of(several(), Silent(store, 1))
        assert desk.decide("r-1", "reject", actor=MANAGER, at=NOON, data={"reason": "x"}).permitted


class TestRefusal:
    """Without ``if_claimed`` the claim is refused."""

    def test_a_second_successor_is_refused(self, desk: Any) -> None:
        """Keys that every record holds are taken at the opening; the error names the holder."""
        registered(desk, "r-1")
        registered(desk, "r-2", resubmission_of="r-1")
        error = outcome(lambda: registered(desk, "r-3", resubmission_of="r-1"))
        assert error == ClaimedError("resubmission:r-1", "r-2")

    def test_the_other_way_may_be_closed_too(self, desk_of: Callable[..., Any], store: Any) -> None:
        """When what is named for a taken claim is refused too, the taken claim is what is told."""
        closed = REGISTRATION.replace(
            'trigger = "queue"\nsource', 'trigger = "queue"\ngates = ["never"]\nsource'
        )
        gate = '[[gates.never.criteria]]\nid = "n"\nneed = "id != id"\nremedy = "None."\n\n'
        closed = closed.replace("[[clocks]]", f"{gate}[[clocks]]")
        bound = bound_of(closed, record=DealRegistration)
        desk = desk_of([bound], store)
        registered(desk, "r-1", "r-2")
        approve(desk, "r-1")
        error = outcome(lambda: approve(desk, "r-2", actor=BETA))
        assert error == ClaimedError(KEY, None)
        assert stages(desk, "r-2") == ["submitted"]


class TestClocksThatClaim:
    """A clock whose transition would take what another record holds."""

    @pytest.fixture
    def silent(self, desk_of: Callable[..., Any], store: Any) -> Any:
        """Give a desk on which silence of five days approves (BX-8)."""
        clock = """
[[clocks]]
id = "silence"
allowance = 5
unit = "calendar_days"
start = ["entered('submitted')"]
stop = ["entered('approved')", "entered('withdrawn')"]
on_breach = { trigger = "approve", effects = [{ kind = "tell", to = "manager" }] }
"""
        text = REGISTRATION.replace(
            'roles = ["manager", "partner"]', 'roles = ["manager", "clock"]'
        )
        return desk_of([bound_of(text + clock, record=DealRegistration)], store)

    def test_the_first_is_approved_and_the_second_stays(self, silent: Any, store: Any) -> None:
        """The tick goes through for both: the breach stands, and a person is told (BX-2)."""
        registered(silent, "r-1", "r-2")
        late = NOON + 7 * DAY
        ticked = silent.tick(at=late)
        assert (len(ticked.answers), ticked.failed) == (2, ())
        assert stages(silent, "r-1", "r-2") == ["approved", "submitted"]
        assert store.holder(KEY) == "r-1"
        assert [it.kind for it in silent.load("r-2").trail] == ["opened", "breached"]
        assert silent.tick(at=late + DAY).failed == ()

    def test_commands_go_on(self, silent: Any, store: Any) -> None:
        """What a clock cannot take keeps nobody from asking for something else (BX-40)."""
        registered(silent, "r-1", "r-2")
        approve(silent, "r-1")
        late = NOON + 7 * DAY
        answer = silent.move("r-2", "withdraw", actor=ACME, at=late)
        assert (answer.record.stage, answer.instead) == ("withdrawn", None)
        assert [event.kind for event in answer.events] == ["breached", "moved"]
        assert store.holder(KEY) == "r-1"

    def test_a_decision_knows_too(self, silent: Any) -> None:
        """It says what a command would say: the clock could not have moved it on."""
        registered(silent, "r-1", "r-2")
        approve(silent, "r-1")
        late = NOON + 7 * DAY
        assert silent.decide("r-2", "withdraw", actor=ACME, at=late).permitted
        trigger = [option.trigger for option in silent.options("r-2", actor=ACME, at=late)]
        assert "withdraw" in trigger

    def test_two_ticks_at_once(self, desk_of: Callable[..., Any], store: Any, silent: Any) -> None:
        """Both clocks would take the key; one record has it, the other learns it at the commit."""
        registered(silent, "r-1", "r-2")
        served = getattr(silent, "awaited", silent).served
        desk = desk_of(list(served.by_version.values()), Meeting(store))
        late = NOON + 7 * DAY
        both = at_once(
            *[
                lambda it=it: desk.change(it, {"name": "x"}, actor=MANAGER, at=late)
                for it in ("r-1", "r-2")
            ]
        )
        assert sorted(each.record.stage for each in both) == ["approved", "submitted"], both

    def test_what_cannot_be_settled_is_said_by_what_is_asked(self, silent: Any) -> None:
        """An error of the record's clocks comes from the command, once."""
        registered(silent, "r-1")
        assert isinstance(
            outcome(lambda: silent.move("r-1", "withdraw", actor=ACME, at=NOON, facts={"x": 1})),
            InvalidDataError,
        )

    def test_what_is_held_already_is_kept(self, silent: Any) -> None:
        """A clock's move takes its key beside those that the record has (BX-7)."""
        registered(silent, "r-1", resubmission_of="r-0")
        answer = silent.change("r-1", {"name": "x"}, actor=MANAGER, at=NOON + 7 * DAY)
        assert answer.record.claims == ("resubmission:r-0", KEY)


def test_the_other_way_may_be_claimed_too(desk_of: Callable[..., Any], store: Any) -> None:
    """When what is done instead wants a key that is held as well, that one is told (BX-41)."""
    both = REJECTING.replace(
        'inputs = [{ path = "reason", required = true }]\ncites = ["SF-8"]',
        'inputs = [{ path = "reason", required = true }]\nclaims = ["rejected:{customer.domain}"]',
    )
    desk = desk_of([bound_of(both, record=DealRegistration)], store)
    registered(desk, "r-1", "r-2", "r-3")
    approve(desk, "r-1")
    assert approve(desk, "r-2").record.stage == "rejected"
    error = outcome(lambda: approve(desk, "r-3"))
    assert error == ClaimedError("rejected:gamma.example", "r-2")
