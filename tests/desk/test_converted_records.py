"""A record that is made of another: once, whatever crashes, repeats or comes at once (SF-19)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from cosell.desk import Desk
from cosell.engine import TransitionRefusedError
from cosell.errors import (
    ClaimedError,
    DefinitionError,
    InvalidDataError,
    RecordExistsError,
    UnknownNameError,
)
from cosell.events import Creation, Effect
from cosell.models import Lead, Opportunity
from cosell.money import Money
from desk_kit import Failing, Meeting, at_once, outcome, require_coherent
from process_samples import DAY, NOON, bound_of
from several_samples import (
    ACME,
    LEAD,
    MANAGER,
    OPPORTUNITY,
    OTHER_RELAY,
    RELAY,
    registered,
    relayed,
    several,
)


@pytest.fixture
def desk(desk_of: Callable[..., Any], store: Any) -> Any:
    """Give a desk that serves all four processes."""
    return desk_of(several(), store)


def accepted_lead(desk: Any, lead_id: str = "l-1") -> Any:
    """Open a lead, offer it and have it accepted."""
    customer = {"name": "Gamma", "domain": "gamma.example"}
    lead = Lead.model_validate(
        {"id": lead_id, "name": "Gamma", "customer": customer, "value": "5000 USD"}
    )
    desk.open(lead, actor=MANAGER, at=NOON, process="lead")
    desk.move(lead_id, "offer", actor=MANAGER, at=NOON, data={"offers": {"party": "acme"}})
    return desk.move(lead_id, "accept", actor=ACME, at=NOON)


def converted(desk: Any, lead_id: str = "l-1", at: Any = NOON) -> Effect:
    """Convert a lead, and return the effect that asks for the opportunity."""
    effect: Effect = desk.move(lead_id, "convert", actor=ACME, at=at).effects[-1]
    return effect


class TestConversion:
    """A lead becomes an opportunity."""

    def test_the_new_record_has_its_fields_and_its_origin(self, desk: Any, store: Any) -> None:
        """What the effect carries is written, and where it comes from; the lead is told its id."""
        accepted_lead(desk)
        effect = converted(desk)
        assert (effect.kind, effect.creation) == (
            "create",
            Creation(process="opportunity", source="lead", trigger="link", path="converted_to"),
        )
        made, told = desk.carry_out(effect, actor=RELAY, at=NOON + DAY)
        deal = made.record
        assert isinstance(deal, Opportunity)
        assert (deal.name, deal.customer.domain, deal.acv) == (
            "Gamma",
            "gamma.example",
            Money.parse("5000 USD"),
        )
        assert (deal.partner.id, deal.lead_source) == ("acme", "vendor_marketing")
        origin = deal.origin
        assert (origin.id, origin.process, origin.effect) == ("l-1", "lead", effect.id)
        assert deal.claims == ("converted:l-1",)
        assert (told.id, told.record.converted_to, told.record.stage) == (
            "l-1",
            deal.id,
            "converted",
        )
        for bound in several():
            if bound.ref.id == "opportunity":
                require_coherent(bound, store, deal.id)

    def test_delivered_again_nothing_happens(self, desk: Any, store: Any) -> None:
        """The same relay or another finds both done: one record, and one report (SF-19)."""
        accepted_lead(desk)
        effect = converted(desk)
        (made, told) = desk.carry_out(effect, actor=RELAY, at=NOON)
        for relay in (RELAY, OTHER_RELAY):
            again, told_again = desk.carry_out(effect, actor=relay, at=NOON + DAY)
            assert (again.record, again.repeated) == (made.record, True)
            assert (told_again.record, told_again.events) == (told.record, ())
        assert list(store.ids(limit=9)) == ["l-1", made.id]

    @pytest.mark.parametrize("committed", [0, 1], ids="after {} commits".format)
    def test_a_crash_between_the_steps_is_made_good(
        self, desk_of: Callable[..., Any], store: Any, committed: int
    ) -> None:
        """Whatever was written before, the next delivery does the rest (SF-19)."""
        plain = desk_of(several(), store)
        accepted_lead(plain)
        effect = converted(plain)

        class StoppedError(InvalidDataError):
            """The machine stops."""

        class Crashing(Failing):
            def commit(self, commit: Any) -> None:
                if self.commits == committed:
                    self.commits += 1
                    raise StoppedError("nothing", [])
                super().commit(commit)

        crashing = desk_of(several(), Crashing(store, []))
        with pytest.raises(StoppedError):
            crashing.carry_out(effect, actor=RELAY, at=NOON)
        made, told = plain.carry_out(effect, actor=RELAY, at=NOON)
        assert (made.repeated, told.record.converted_to) == (bool(committed), made.id)
        assert list(store.ids(limit=9)) == ["l-1", made.id]

    def test_two_relays_at_once_make_one(self, desk_of: Callable[..., Any], store: Any) -> None:
        """One record is made, and told once (SF-19)."""
        plain = desk_of(several(), store)
        accepted_lead(plain)
        effect = converted(plain)
        desk = desk_of(several(), Meeting(store))
        both = at_once(
            lambda: desk.carry_out(effect, actor=RELAY, at=NOON),
            lambda: desk.carry_out(effect, actor=OTHER_RELAY, at=NOON),
        )
        assert sorted(made.repeated for made, _ in both) == [False, True]
        assert len({made.id for made, _ in both}) == 1
        links = [event for event in store.history("l-1") if event.trigger == "link"]
        assert len(links) == 1

    def test_two_conversions_at_once_are_one(self, desk_of: Callable[..., Any], store: Any) -> None:
        """The partner and the manager convert the same lead: one is refused (SF-19)."""
        plain = desk_of(several(), store)
        accepted_lead(plain)
        desk = desk_of(several(), Meeting(store))
        both = at_once(
            lambda: desk.move("l-1", "convert", actor=ACME, at=NOON),
            lambda: desk.move("l-1", "convert", actor=MANAGER, at=NOON),
        )
        assert [type(each) for each in both].count(TransitionRefusedError) == 1
        relayed(plain, store)
        assert len(list(store.ids(limit=9, process="opportunity"))) == 1

    def test_a_lead_that_is_converted_again_makes_no_second_one(
        self, desk: Any, store: Any
    ) -> None:
        """Reopened and converted once more: the claim on the origin names who has it (SF-19)."""
        accepted_lead(desk)
        (made, _) = desk.carry_out(converted(desk), actor=RELAY, at=NOON)
        desk.move("l-1", "reopen", actor=MANAGER, at=NOON)
        again = converted(desk)
        error = outcome(lambda: desk.carry_out(again, actor=RELAY, at=NOON))
        assert error == ClaimedError("converted:l-1", made.id)
        assert len(list(store.ids(limit=9, process="opportunity"))) == 1

    def test_what_is_missing_is_left_out(self, desk: Any) -> None:
        """A field that the lead does not record is missing in the new record too."""
        lead = Lead(id="l-1")
        desk.open(lead, actor=MANAGER, at=NOON, process="lead")
        desk.move("l-1", "offer", actor=MANAGER, at=NOON, data={"offers": {"party": "acme"}})
        desk.move("l-1", "accept", actor=ACME, at=NOON)
        made, _ = desk.carry_out(converted(desk), actor=RELAY, at=NOON)
        assert (made.record.name, made.record.acv) == (None, None)


class TestMistakes:
    """What cannot be carried out is said, and can be tried again."""

    def test_an_effect_of_the_hosts_own_is_not_carried_out(self, desk: Any) -> None:
        """The desk knows two kinds."""
        effect = Effect(id="l-1/1/1", record_id="l-1", kind="offered")
        error = outcome(lambda: desk.carry_out(effect, actor=RELAY, at=NOON))
        assert isinstance(error, UnknownNameError)
        assert error.known == ("create", "released")

    def test_an_effect_must_say_what_to_make(self, desk: Any) -> None:
        """An effect that was made by hand without a process is refused."""
        effect = Effect(id="l-1/1/1", record_id="l-1", kind="create")
        assert isinstance(
            outcome(lambda: desk.carry_out(effect, actor=RELAY, at=NOON)), UnknownNameError
        )

    def test_a_process_that_is_not_served_is_named(
        self, desk_of: Callable[..., Any], store: Any
    ) -> None:
        """A desk that serves the lead alone cannot make the opportunity; another one can."""
        alone = desk_of(several(LEAD), store)
        accepted_lead(alone)
        effect = converted(alone)
        error = outcome(lambda: alone.carry_out(effect, actor=RELAY, at=NOON))
        assert isinstance(error, UnknownNameError)
        assert error.name == "opportunity"
        desk_of(several(), store).carry_out(effect, actor=RELAY, at=NOON)

    def test_a_record_of_that_id_that_comes_from_elsewhere_is_not_taken_for_it(
        self, desk: Any
    ) -> None:
        """An id that somebody gave away by hand stays an error."""
        accepted_lead(desk)
        effect = converted(desk)
        made, _ = desk.carry_out(effect, actor=RELAY, at=NOON)
        strange = effect.model_copy(update={"record_id": "l-2"})
        error = outcome(lambda: desk.carry_out(strange, actor=RELAY, at=NOON))
        assert error == RecordExistsError(made.id)

    def test_who_reports_needs_the_role(self, desk: Any) -> None:
        """The record is made, the report refused; a relay with the role does the rest."""
        accepted_lead(desk)
        effect = converted(desk)
        with pytest.raises(TransitionRefusedError):
            desk.carry_out(effect, actor=MANAGER, at=NOON)
        made, told = desk.carry_out(effect, actor=RELAY, at=NOON)
        assert (made.repeated, told.record.converted_to) == (True, made.id)

    @pytest.mark.parametrize(
        ("before", "after", "said"),
        [
            pytest.param(
                'name = "name", customer',
                'nmae = "name", customer',
                "lead@1: `convert`: a record of `opportunity` has no field `nmae`."
                " Did you mean `name`?",
                id="a field that the new record has not",
            ),
            pytest.param(
                'name = "name", customer',
                'stage = "name", customer',
                "lead@1: `convert`: `stage` of a record that is made is written by cosell alone."
                " Leave it out.",
                id="a field of cosell's own",
            ),
            pytest.param(
                'name = "name", customer',
                '"origin.id" = "name", customer',
                "lead@1: `convert`: `origin.id` of a record that is made is written by cosell"
                " alone. Leave it out.",
                id="where it comes from",
            ),
        ],
    )
    def test_what_cannot_be_made_is_found_when_the_desk_is_made(
        self, store: Any, before: str, after: str, said: str
    ) -> None:
        """Where a desk serves both processes, it looks at what is carried from one to the other."""
        wrong = bound_of(LEAD.replace(before, after), record=Lead)
        with pytest.raises(DefinitionError) as caught:
            Desk([wrong, *several(OPPORTUNITY)], store)
        assert [str(problem) for problem in caught.value.problems] == [said]

    def test_what_a_clock_makes_is_looked_at_too(self, store: Any) -> None:
        """Effects of clocks make records as those of transitions do."""
        clock = """
[[clocks]]
id = "old"
allowance = 9
unit = "calendar_days"
start = ["entered('fresh')"]
[[clocks.on_breach.effects]]
kind = "create"
process = "opportunity"
data = { nmae = "name" }
"""
        wrong = bound_of(LEAD + clock, record=Lead)
        with pytest.raises(DefinitionError, match="clock `old`: a record of `opportunity` has no"):
            Desk([wrong, *several(OPPORTUNITY)], store)


class TestResubmission:
    """A rejected registration is handed in again as a record of its own (BX-7, SF-9)."""

    def test_the_new_attempt_is_linked_to_the_earlier_one(self, desk: Any, store: Any) -> None:
        """It has its fields and what was added, and names the attempt before."""
        registered(desk, "r-1")
        desk.move("r-1", "reject", actor=MANAGER, at=NOON, data={"reason": "No need."})
        asked = desk.move(
            "r-1", "resubmit", actor=ACME, at=NOON, data={"notes": {"text": "The need is X."}}
        )
        (made,) = desk.carry_out(asked.effects[-1], actor=RELAY, at=NOON)
        again = made.record
        assert (again.stage, again.resubmission_of, again.origin.id) == ("submitted", "r-1", "r-1")
        assert (again.customer.domain, again.products[0].id) == ("gamma.example", "core")
        assert [note.text for note in again.notes] == ["The need is X."]
        assert again.reason is None
        assert store.holder("resubmission:r-1") == again.id

    def test_an_attempt_has_one_successor(self, desk: Any, store: Any) -> None:
        """Asked for twice, the second is refused by the claim on the earlier attempt (BX-7)."""
        registered(desk, "r-1")
        desk.move("r-1", "reject", actor=MANAGER, at=NOON, data={"reason": "No need."})
        note = {"notes": {"text": "More."}}
        first, second = (
            desk.move("r-1", "resubmit", actor=ACME, at=NOON, data=note).effects[-1]
            for _ in range(2)
        )
        (made,) = desk.carry_out(first, actor=RELAY, at=NOON)
        error = outcome(lambda: desk.carry_out(second, actor=RELAY, at=NOON))
        assert error == ClaimedError("resubmission:r-1", made.id)
        assert len(list(store.ids(limit=9))) == 2

    def test_a_successor_may_have_one_of_its_own(self, desk: Any) -> None:
        """Attempts form a chain, each linked to the one before (SF-9)."""
        registered(desk, "r-1")
        registered(desk, "r-2", resubmission_of="r-1")
        registered(desk, "r-3", resubmission_of="r-2")
        assert desk.load("r-3").claims == ("resubmission:r-2",)


class TestRelay:
    """A loop that leases, does and takes out."""

    def test_it_does_both_kinds_in_order(self, desk_of: Callable[..., Any], store: Any) -> None:
        """Cosell's own are carried out, the host's are handed over, and all are taken out."""
        desk = desk_of(several(), store)
        accepted_lead(desk)
        converted(desk)
        handled: list[str] = []
        done = _relay(desk, store, handled.append)
        assert (len(done.done), done.failed) == (2, ())
        assert handled == ["offered"]
        assert desk.load("l-1").converted_to is not None
        assert _relay(desk, store, handled.append).done == ()

    def test_what_fails_keeps_its_place(self, desk_of: Callable[..., Any], store: Any) -> None:
        """Later effects of the same record wait for it, those of others do not."""
        desk = desk_of(several(), store)
        for lead_id in ("l-1", "l-2"):
            accepted_lead(desk, lead_id)
            converted(desk, lead_id)
        broken = OSError("no mail today")

        def handle(kind: str) -> None:
            if not handled:
                handled.append(kind)
                raise broken
            handled.append(kind)

        handled: list[str] = []
        first = _relay(desk, store, handle)
        assert first.failed == (("l-1/2/1", broken),)
        assert [effect_id[:3] for effect_id in first.done] == ["l-2", "l-2"]
        assert _relay(desk, store, handle).done == ()  # they are on lease
        later = NOON + 2 * DAY
        assert len(_relay(desk, store, handle, at=later).done) == 2
        assert desk.load("l-1").converted_to is not None


def _relay(desk: Any, store: Any, handle: Callable[[str], None], at: Any = NOON) -> Any:
    """Relay once with either kind of desk."""
    asked = {"actor": RELAY, "at": at, "until": at + timedelta(hours=1)}
    if isinstance(desk, Desk):
        return desk.relay(store, lambda effect: handle(effect.kind), **asked)

    async def awaited(effect: Effect) -> None:
        handle(effect.kind)

    return desk.relay(desk.awaited.store, awaited, **asked)
