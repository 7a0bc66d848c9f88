"""Automatic transitions: taken by nobody, as soon as nothing stands in the way (BX-6, BX-8)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import pytest

from cosell.definition import parse_process
from cosell.engine import (
    AUTOMATIC,
    TransitionRefusedError,
    apply,
    change,
    decide,
    fold,
    open_record,
    options,
    settle,
)
from cosell.errors import DefinitionError
from cosell.events import Actor
from cosell.models import Opportunity
from cosell.stores import MemoryStore
from desk_kit import DESKS, require_coherent
from process_samples import DAY, NOON, bound_of

PARTNER: Final = Actor("p-7", role="partner", party="acme")
MANAGER: Final = Actor("m-1", role="manager", party="vendor")

#: Registrations that nothing speaks against are accepted at once; the others are looked at.
AUTO: Final = """\
id = "registrations"
version = 1
record = "Opportunity"
zone = "UTC"
initial = "draft"
roles = { partner = "Partner", manager = "Manager" }
effects = { tell = "Tell the partner" }
stages = [
  { id = "draft" },
  { id = "submitted" },
  { id = "accepted" },
  { id = "protected" },
  { id = "won", kind = "won" },
]

[parameters]
small = "50000 USD"

[facts]
is_customer = "bool"
is_tender = "bool"
vendor_active_at = "instant"

[[gates.no_exclusion.criteria]]
id = "new_customer"
need = "not facts.is_customer"
remedy = "The customer is one already: ask its manager."
cites = ["BX-6"]
[[gates.no_exclusion.criteria]]
id = "vendor_not_active"
need = "days(day(facts.vendor_active_at, 'UTC'), as_of) > 180"
remedy = "The vendor was active there within six months."
cites = ["BX-6"]
[[gates.no_exclusion.criteria]]
id = "no_tender"
need = "not facts.is_tender"
remedy = "Tenders are decided by people."
cites = ["BX-6"]

[[gates.is_small.criteria]]
id = "small_enough"
need = "acv <= small"
remedy = "Ask the manager."

[[transitions]]
trigger = "submit"
source = "draft"
target = "submitted"
roles = ["partner", "clock"]

[[transitions]]
trigger = "auto_accept"
source = "submitted"
target = "accepted"
roles = ["clock"]
gates = ["is_small", "no_exclusion"]
automatic = true
set = { accepted_at = "at" }
effects = [{ kind = "tell", to = "partner", data = ["id"] }]

[[transitions]]
trigger = "accept"
source = "submitted"
target = "accepted"
roles = ["manager"]
set = { accepted_at = "at" }

[[transitions]]
trigger = "protect"
source = "accepted"
target = "protected"
roles = ["clock"]
automatic = true
claims = ["protection:{customer.domain}"]

[[transitions]]
trigger = "win"
source = ["accepted", "protected"]
target = "won"
roles = ["manager"]

[[clocks]]
id = "patience"
unit = "calendar_days"
allowance = 3
start = ["entered('draft')"]
stop = ["moved('submit')"]
on_breach = { trigger = "submit" }
"""
#: A track that begins once the deal has a name.
TRIAL: Final = """
[tracks.mdp]
initial = "not_started"
stages = [{ id = "not_started" }, { id = "begun" }, { id = "over", kind = "closed" }]
[tracks.mdp.gates.named]
criteria = [{ id = "named", need = "recorded(record.name)", remedy = "Name it." }]
[[tracks.mdp.transitions]]
trigger = "begin"
source = "not_started"
target = "begun"
roles = ["clock"]
gates = ["named"]
automatic = true
"""
CLEAR: Final[dict[str, Any]] = {
    "is_customer": False,
    "is_tender": False,
    "vendor_active_at": NOON - timedelta(days=181),
}
REGISTRATIONS: Final = bound_of(AUTO)


def draft(record_id: str = "o-1", acv: str = "50000 USD", **values: Any) -> Opportunity:
    """Return a registration that is not submitted."""
    content = {"id": record_id, "acv": acv, "customer": {"domain": "beta.example"}, **values}
    deal = Opportunity.model_validate(content)
    return open_record(REGISTRATIONS, deal, actor=PARTNER, at=NOON).record


def submitted(acv: str = "50000 USD", **facts: Any) -> Any:
    """Submit a registration of which these facts are known."""
    question = {"actor": PARTNER, "at": NOON, "facts": {**CLEAR, **facts}}
    return apply(REGISTRATIONS, draft(acv=acv), "submit", **question)


class TestExclusions:
    """Each exclusion keeps a registration from being accepted by itself, and says so (BX-6)."""

    def test_without_any_it_is_accepted(self) -> None:
        """In the same command, at the same moment, by nobody."""
        done = submitted()

        assert done.record.stage == "protected"
        assert [(it.trigger, it.actor.id, it.at) for it in done.events] == [
            ("submit", "p-7", NOON),
            ("auto_accept", "automatic", NOON),
            ("protect", "automatic", NOON),
        ]
        assert done.record.accepted_at == NOON
        assert [effect.kind for effect in done.effects] == ["tell"]
        assert done.record.claims == ("protection:beta.example",)

    @pytest.mark.parametrize(
        ("acv", "facts", "obstacle", "evidence"),
        [
            pytest.param("1 USD", {"is_customer": True}, "new_customer", True, id="a_customer"),
            pytest.param("1 USD", {"is_tender": True}, "no_tender", True, id="a_public_tender"),
            pytest.param(
                "1 USD",
                {"vendor_active_at": NOON - timedelta(days=180)},
                "vendor_not_active",
                NOON - timedelta(days=180),
                id="active_on_the_last_day",
            ),
            pytest.param("1 USD", {"is_customer": None}, "new_customer", None, id="not_known"),
            pytest.param("50000.01 USD", {}, "small_enough", None, id="above_the_threshold"),
        ],
    )
    def test_each_is_an_obstacle_with_its_evidence(
        self, acv: str, facts: dict[str, Any], obstacle: str, evidence: Any
    ) -> None:
        """It waits for a person, and the question what is in the way has an answer."""
        done = submitted(acv, **facts)
        why = decide(
            REGISTRATIONS,
            done.record,
            "auto_accept",
            actor=AUTOMATIC,
            at=NOON,
            facts={**CLEAR, **facts},
        )

        assert done.record.stage == "submitted"
        (found,) = why.obstacles
        assert found.id == obstacle
        if facts:
            assert next(iter(found.actual.values())) == evidence
            assert found.cites == ("BX-6",)

    def test_the_event_keeps_what_was_found(self) -> None:
        """Why it was accepted can be read later, with the values of then."""
        done = submitted()
        asked, accepted, protected = done.sealed("0" * 64)

        assert asked.findings[0]["id"] == "role"
        verdicts = {it["id"]: (it["verdict"], it["actual"]) for it in accepted.findings}
        assert verdicts["new_customer"] == ("met", {"facts.is_customer": False})
        assert verdicts["small_enough"][0] == "met"
        assert protected.previous == accepted.digest

    def test_what_was_asked_for_is_told(self) -> None:
        """The event of a command is what was asked for, whatever followed."""
        done = submitted()

        assert (done.event.trigger, done.followed) == ("submit", 2)
        assert done.decision is not None
        assert done.decision.trigger == "submit"


class TestWhen:
    """They follow whatever opened, moved or changed the record."""

    def test_after_an_edit(self) -> None:
        """Once what stood in the way is gone, it goes on."""
        record = submitted("60000 USD").record
        facts = CLEAR
        edited = change(
            REGISTRATIONS, record, {"acv": "50000 USD"}, actor=PARTNER, at=NOON, facts=facts
        )

        assert edited.record.stage == "protected"
        assert edited.event.kind.value == "changed"

    def test_after_a_person_accepted(self) -> None:
        """What follows the stage follows, however it was reached."""
        record = submitted("60000 USD").record
        done = apply(REGISTRATIONS, record, "accept", actor=MANAGER, at=NOON)

        assert [it.trigger for it in done.events] == ["accept", "protect"]

    def test_after_a_clock(self) -> None:
        """At the moment of the clock, with the facts that are known."""
        settled = settle(REGISTRATIONS, draft(), at=NOON + 9 * DAY, facts=CLEAR)

        assert [it.trigger for it in settled.events] == [None, "submit", "auto_accept", "protect"]
        assert len({it.at for it in settled.events}) == 1
        assert settled.record.stage == "protected"

    def test_when_a_record_is_opened(self) -> None:
        """Without facts; what needs none is taken at once."""
        text = AUTO.replace('initial = "draft"', 'initial = "accepted"')
        bound = bound_of(text)
        deal = Opportunity.model_validate({"id": "o-1", "customer": {"domain": "b.example"}})
        opened = open_record(bound, deal, actor=PARTNER, at=NOON)

        assert opened.record.stage == "protected"
        assert (
            open_record(bound, deal, actor=PARTNER, at=NOON, automatic=False).events
            == (opened.events[:1])
        )
        assert fold(Opportunity, opened.events) == opened.record

    def test_not_without_what_they_need(self) -> None:
        """A claim made of nothing cannot be taken."""
        deal = draft(customer={"name": "Beta"})
        done = apply(REGISTRATIONS, deal, "submit", actor=PARTNER, at=NOON, facts=CLEAR)

        assert done.record.stage == "accepted"

    def test_on_a_track_while_it_runs(self) -> None:
        """A track goes on by itself too, and no longer once it ended with the main line."""
        text = AUTO + TRIAL
        bound = bound_of(text)
        opened = open_record(bound, Opportunity(id="o-1"), actor=PARTNER, at=NOON).record
        begun = change(bound, opened, {"name": "Trial"}, actor=PARTNER, at=NOON)
        over = apply(
            bound,
            submitted("60000 USD").record.model_copy(update={"process": bound.ref}),
            "accept",
            actor=MANAGER,
            at=NOON,
        ).record
        over = apply(bound, over, "win", actor=MANAGER, at=NOON).record
        late = change(bound, over, {"name": "Trial"}, actor=PARTNER, at=NOON)

        assert [(it.track, it.trigger) for it in begun.events] == [(None, None), ("mdp", "begin")]
        assert [it.trigger for it in late.events] == [None]

    def test_nobody_else_asks_for_them(self) -> None:
        """People are not offered them, and are refused (BX-40)."""
        record = submitted("60000 USD").record
        offered = [it.trigger for it in options(REGISTRATIONS, record, actor=MANAGER, at=NOON)]

        assert offered == ["accept"]
        with pytest.raises(TransitionRefusedError):
            apply(REGISTRATIONS, record, "auto_accept", actor=MANAGER, at=NOON, facts=CLEAR)


@pytest.mark.parametrize("kind", DESKS)
class TestDesks:
    """Both desks commit what follows with the command."""

    def desk(self, kind: str, store: MemoryStore) -> Any:
        """Return a desk that serves the process."""
        return DESKS[kind]([REGISTRATIONS], store)

    def submit(self, desk: Any, record_id: str, **more: Any) -> Any:
        """Open and submit a registration for the same customer."""
        deal = Opportunity.model_validate(
            {"id": record_id, "acv": "1 USD", "customer": {"domain": "beta.example"}}
        )
        desk.open(deal, actor=PARTNER, at=NOON)
        return desk.move(record_id, "submit", actor=PARTNER, at=NOON, facts=CLEAR, **more)

    def test_one_command_is_one_commit(self, kind: str) -> None:
        """The record is where it went on to, and its history is whole."""
        store = MemoryStore()
        answer = self.submit(self.desk(kind, store), "o-1", key="k-1")

        assert answer.record.stage == "protected"
        assert [it.trigger for it in answer.events] == ["submit", "auto_accept", "protect"]
        require_coherent(REGISTRATIONS, store, "o-1")

    def test_a_taken_claim_keeps_only_what_follows(self, kind: str) -> None:
        """The second registration is submitted all the same, and waits for a person."""
        store = MemoryStore()
        desk = self.desk(kind, store)
        self.submit(desk, "o-1")
        second = self.submit(desk, "o-2")

        assert second.record.stage == "submitted"
        assert second.record.claims == ()
        require_coherent(REGISTRATIONS, store, "o-2")


@pytest.mark.parametrize(
    ("old", "new", "path", "problem"),
    [
        pytest.param(
            'roles = ["clock"]\ngates',
            'roles = ["manager"]\ngates',
            "transitions[1].roles",
            "`clock` may not ask for it",
            id="nobody may take it",
        ),
        pytest.param(
            'target = "accepted"\nroles = ["clock"]',
            'target = "stay"\nroles = ["clock"]',
            "transitions[1].target",
            "again and again",
            id="it stays",
        ),
        pytest.param(
            'target = "protected"',
            'target = "submitted"',
            "transitions[1].automatic",
            "in a circle: accepted, submitted",
            id="two that set each other off",
        ),
        pytest.param(
            'source = "accepted"\ntarget = "protected"',
            'source = "*"\ntarget = "protected"',
            "transitions[3].automatic",
            "in a circle: protected",
            id="one that leads back to itself",
        ),
        pytest.param(
            'set = { accepted_at = "at" }\neffects',
            'inputs = [{ path = "owner", required = true }]\neffects',
            "transitions[1].inputs",
            "nobody gives",
            id="one that asks for data",
        ),
        pytest.param(
            'set = { accepted_at = "at" }\neffects',
            'inputs = [{ path = "notes", append = true, needs = ["text"] }]\neffects',
            "transitions[1].inputs",
            "nobody gives",
            id="one that asks for an item",
        ),
    ],
)
def test_what_could_not_work_is_refused(old: str, new: str, path: str, problem: str) -> None:
    """Whoever reads the definition is told why it would never be taken, or never end."""
    assert old in AUTO
    with pytest.raises(DefinitionError) as caught:
        parse_process(AUTO.replace(old, new, 1))

    assert any(it.path == path and problem in it.problem for it in caught.value.problems)
