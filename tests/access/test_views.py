"""What each side sees of a lead, at each stage: all of it, a part, or that it does not exist."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import pytest

from access_samples import (
    ACME,
    HOUR,
    MANAGER,
    NOBODY,
    OTHER,
    SELLER,
    SHARED,
    TWO_WEEKS,
    a_lead,
    shared,
)
from cosell.engine import (
    CLOCK,
    HIDDEN,
    Deputyship,
    View,
    acting_for,
    adopt,
    apply,
    change,
    decide,
    options,
    path,
    pause,
    read_clocks,
    settle,
    view,
)
from cosell.errors import DefinitionError, EditRefusedError, RecordNotFoundError
from cosell.events import Actor
from cosell.models import Lead
from process_samples import NOON, TINY, bound_of

CONTACT: Final = ("stakeholders", "value", "activities", "needed_on")


def at_stage(stage: str, **values: Any) -> Lead:
    """Return a lead that was adopted at noon."""
    return adopt(shared(), a_lead(**values), stage=stage, actor=MANAGER, at=NOON).record


def seen_by(actor: Actor, stage: str, at: datetime = NOON, **values: Any) -> dict[str, Any] | None:
    """Return what an actor sees of a lead, or ``None`` if it does not exist for them."""
    record = at_stage(stage, **values)
    found = view(shared(), record, actor=actor, at=at)
    return None if found is None else found.record(settle(shared(), record, at=at).record)


class TestContactsUntilAcceptance:
    """A partner sees contacts once it accepted, and not after expiry (MS-12, MS-29)."""

    @pytest.mark.parametrize(
        ("actor", "stage", "contacts"),
        [
            pytest.param(ACME, "offered", False, id="hidden until acceptance"),
            pytest.param(ACME, "accepted", True, id="seen once accepted"),
            pytest.param(ACME, "won", True, id="and when won"),
            pytest.param(ACME, "expired", False, id="hidden again after expiry"),
            pytest.param(MANAGER, "offered", True, id="the other side sees them at any time"),
            pytest.param(MANAGER, "expired", True, id="after expiry too"),
            pytest.param(OTHER, "accepted", None, id="another partner sees nothing"),
            pytest.param(ACME, "draft", None, id="nor does the partner before the offer"),
        ],
    )
    def test_who_sees_contacts(self, actor: Actor, stage: str, contacts: bool | None) -> None:  # noqa: FBT001 - a case
        """What is hidden is left out; the rest is there."""
        seen = seen_by(actor, stage)

        if contacts is None:
            assert seen is None
        else:
            assert seen is not None
            assert {name in seen for name in CONTACT} == {contacts}
            assert (seen["stage"], seen["customer"]["country"]) == (stage, "CZ")
            assert ("domain" in seen["customer"]) is contacts

    @pytest.mark.parametrize(
        ("later", "contacts"),
        [
            pytest.param(TWO_WEEKS, True, id="at the very instant"),
            pytest.param(TWO_WEEKS + HOUR / 3600, False, id="a second later"),
        ],
    )
    def test_expiry_needs_no_tick(self, later: Any, contacts: bool) -> None:  # noqa: FBT001 - a case
        """The stage is the settled one: 14 days are 14 times 24 hours (MS-29)."""
        seen = seen_by(ACME, "accepted", NOON + later)

        assert seen is not None
        assert ("stakeholders" in seen) is contacts

    def test_what_is_not_recorded_is_there(self) -> None:
        """A missing value is seen as missing; a hidden one is not there at all."""
        seen = seen_by(ACME, "offered", value=None)

        assert seen is not None
        assert seen["name"] is None
        assert "value" not in seen


class TestConsentBeforeSharing:
    """A seller sees a lead with the contacts' consent alone, without details (MS-8, MS-9)."""

    @pytest.mark.parametrize(
        ("consents", "visible"),
        [
            pytest.param([True], True, id="consent recorded"),
            pytest.param([True, True], True, id="of everybody"),
            pytest.param([True, False], False, id="one said no"),
            pytest.param([True, None], False, id="one was not asked: unknown is never yes"),
            pytest.param([], False, id="nobody could consent"),
        ],
    )
    def test_without_consent_it_does_not_exist(
        self,
        consents: list[bool | None],
        visible: bool,  # noqa: FBT001 - a case
    ) -> None:
        """Consent is recorded or missing; missing is no consent."""
        people = [{"consents_to_sharing": consent} for consent in consents]

        assert (seen_by(SELLER, "accepted", stakeholders=people) is not None) is visible

    def test_the_shared_view_leaves_details_out(self) -> None:
        """Who takes part is seen, and how to reach them is not (MS-9)."""
        seen = seen_by(SELLER, "accepted")

        assert seen is not None
        (person,) = seen["stakeholders"]
        assert person["side"] == "customer"
        assert not {"first_name", "last_name", "email", "phone"} & set(person)
        assert seen["value"]["currency"] == "USD"

    def test_before_it_is_shared_it_does_not_exist(self) -> None:
        """Pipeline is shared from acceptance on."""
        assert seen_by(SELLER, "offered") is None


class TestShow:
    """A view may name what is seen, instead of what is hidden."""

    def test_only_what_is_named_is_seen(self) -> None:
        """Beside it whoever sees a record sees id, version, process and stage."""
        record = at_stage("offered")
        found = view(shared(), record, actor=NOBODY, at=NOON, facts={"audited": True})
        assert found is not None
        seen = found.record(record)

        assert set(seen) == {
            "id",
            "version",
            "process",
            "stage",
            "trail",
            "customer",
            "stakeholders",
        }
        assert seen["customer"] == {"country": "CZ"}
        assert seen["stakeholders"] == [{"side": "customer"}]
        assert found.id == "audit"
        assert (found.sees("customer"), found.sees("customer.country")) == (False, True)

    @pytest.mark.parametrize(
        "facts", [None, {}, {"audited": False}], ids=["no facts", "not given", "no"]
    )
    def test_a_condition_that_is_unknown_does_not_hold(self, facts: dict[str, Any] | None) -> None:
        """Unknown is never yes."""
        assert view(shared(), at_stage("offered"), actor=NOBODY, at=NOON, facts=facts) is None


class TestWhoHasNoView:
    """For an outsider the record does not exist, whatever is asked (BX-40)."""

    @pytest.mark.parametrize(
        "ask",
        [
            pytest.param(lambda *it, **by: decide(*it, "accept", **by), id="decide"),
            pytest.param(lambda *it, **by: decide(*it, "no_such", **by), id="an unknown trigger"),
            pytest.param(lambda *it, **by: apply(*it, "accept", **by), id="apply"),
            pytest.param(options, id="options"),
            pytest.param(path, id="path"),
            pytest.param(lambda *it, **by: change(*it, {"name": "x"}, **by), id="change"),
            pytest.param(
                lambda *it, **by: pause(*it, "introduction", reason="x", **by), id="pause"
            ),
        ],
    )
    def test_every_question_is_refused_alike(self, ask: Callable[..., Any]) -> None:
        """The engine itself says so: no caller is spared."""
        with pytest.raises(RecordNotFoundError) as caught:
            ask(shared(), at_stage("accepted"), actor=OTHER, at=NOON)

        assert caught.value == RecordNotFoundError("l-1")
        assert caught.value.remedy.endswith("or ask as somebody who may see it.")

    def test_a_deputy_sees_what_the_principal_sees_while_it_may(self) -> None:
        """A deputyship that is over ends the view, also where every role has one."""
        row = Deputyship(deputy="d-1", principal="p-7", valid_from=NOON, valid_until=NOON + HOUR)
        dana = Actor("d-1", role="seller")
        record = at_stage("accepted")
        now = acting_for(dana, ACME, [row], at=NOON)
        late = acting_for(dana, ACME, [row], at=NOON + HOUR)

        found = view(shared(), record, actor=now, at=NOON)
        assert found is not None
        assert found.id == "lead_of_mine"
        assert view(shared(), record, actor=late, at=NOON + HOUR) is None

    def test_clocks_see_everything(self) -> None:
        """What is due is done, whoever may know of it."""
        late = settle(shared(), at_stage("accepted"), at=NOON + 2 * TWO_WEEKS)

        assert late.record.stage == "expired"
        assert view(shared(), late.record, actor=CLOCK, at=NOON + 2 * TWO_WEEKS) == View(shared())

    def test_a_hosts_own_tools_may_set_views_aside(self) -> None:
        """The same process without its views decides for everybody, and hides nothing."""
        whole = shared().without_views()
        decision = decide(whole, at_stage("offered"), "accept", actor=OTHER, at=NOON)

        assert [each.id for each in decision.obstacles] == ["own"]
        assert whole.without_views() is whole
        assert shared().views != ()

    def test_a_process_without_views_shows_everything(self) -> None:
        """Nothing changes for it: the very decision comes back."""
        tiny = bound_of(TINY, record=Lead)
        record = adopt(tiny, a_lead(), stage="fresh", actor=SELLER, at=NOON).record
        found = view(tiny, record, actor=OTHER, at=NOON)
        decision = decide(tiny, record, "go", actor=OTHER, at=NOON)

        assert found is not None
        assert (found.id, found.hides) == (None, False)
        assert found.decision(decision) is decision
        assert found.record(record) == record.model_dump(mode="json")


class TestMaskedDecisions:
    """A masked finding says what is unmet and what to do, and not what is there."""

    def masked(self, **values: Any) -> Any:
        """Return a decision as Acme sees it, with its view."""
        record = at_stage("offered", **values)
        found = view(shared(), record, actor=ACME, at=NOON)
        assert found is not None
        facts = {"budget": "999 USD"}
        return found.decision(decide(shared(), record, "accept", actor=ACME, at=NOON, facts=facts))

    def test_values_are_hidden_and_remedies_told(self) -> None:
        """What stands in the way can be cured by somebody who sees it (BX-41)."""
        decision = self.masked(value="999 USD", stakeholders=[])
        found = {each.id: each for each in decision.findings}

        assert [each.id for each in decision.obstacles] == ["reachable", "worth_it"]
        assert found["worth_it"].actual == {"value": HIDDEN}
        assert found["reachable"].actual == {"stakeholders": HIDDEN}
        assert str(found["worth_it"]) == (
            "worth_it: unmet (value is (hidden)). Ask for a larger scope."
        )
        assert found["own"].actual == {"actor.party": "acme", "partner.id": "acme"}

    def test_missing_and_there_look_the_same(self) -> None:
        """Whether a hidden value is recorded is not told beside the verdict."""
        assert "not recorded" not in self.masked(value=None).explain()

    def test_facts_can_be_hidden(self) -> None:
        """A fact is named as criteria name it."""
        found = {each.id: each.actual for each in self.masked().findings}

        assert found["funded"] == {"facts.budget": HIDDEN}

    def test_nothing_is_left_to_look_behind(self) -> None:
        """Text, JSON, pickle and attributes: the contact is in none of them."""
        decision = self.masked()
        texts = [
            str(decision),
            repr(decision),
            decision.explain(),
            json.dumps(decision.as_dict()),
            repr(decision.record),
            repr(decision.findings),
            repr(pickle.dumps(decision)),
        ]

        assert decision.move is None
        assert not any(word in text for text in texts for word in ("zuzana", "Zuzana", "7654"))

    def test_a_derived_field_that_reads_something_hidden_is_hidden(self) -> None:
        """Unless the view reveals it: the number of touches is no secret."""
        found = {each.id: each.actual for each in self.masked().findings}
        strict = bound_of(SHARED.replace('reveal = ["touch_count"]', ""), record=Lead)
        record = adopt(strict, a_lead(), stage="offered", actor=MANAGER, at=NOON).record
        seen = view(strict, record, actor=ACME, at=NOON)
        assert seen is not None
        masked = seen.decision(decide(strict, record, "accept", actor=ACME, at=NOON))

        assert found["touched"] == {"touch_count": 1}
        assert {each.id: each.actual for each in masked.findings}["touched"] == {
            "touch_count": HIDDEN
        }
        assert not seen.sees("touch_gap_longest_days")
        assert seen.sees("certified_when_accepted")

    def test_nobody_edits_what_it_does_not_see(self) -> None:
        """An edit of a hidden field is refused, and named (BX-43)."""
        with pytest.raises(EditRefusedError, match="`value` is not for you to see"):
            change(shared(), at_stage("offered"), {"value": None}, actor=ACME, at=NOON)


class TestOtherAnswers:
    """Options, ways to an end, readings, events and effects go through the view too."""

    def seen(self, actor: Actor, record: Lead, at: datetime = NOON) -> View:
        found = view(shared(), record, actor=actor, at=at)
        assert found is not None
        return found

    def test_options_and_ways(self) -> None:
        """Each decision and each step is masked."""
        record = at_stage("offered")
        sight = self.seen(ACME, record)
        offered = sight.options(options(shared(), record, actor=ACME, at=NOON))
        ways = sight.path(path(shared(), record, actor=ACME, at=NOON))
        read = [each.actual for option in offered for each in option.decision.findings]
        read += [
            each.actual for steps in ways.ways.values() for it in steps for each in it.findings
        ]

        assert {"value": HIDDEN} in read
        assert "7654" not in repr(read)

    def test_clocks_of_hidden_fields_are_not_seen(self) -> None:
        """A due date would tell the day that it counts from."""
        record = at_stage("offered")
        readings = read_clocks(shared(), record, at=NOON)

        assert [each.clock for each in self.seen(ACME, record).readings(readings)] == [
            "introduction"
        ]
        assert len(self.seen(MANAGER, record).readings(readings)) == 2

    def test_events_and_effects(self) -> None:
        """Changes, findings and data are masked, groups in part; no digest is left to try at."""
        opened = adopt(
            shared(), a_lead(), stage="offered", actor=MANAGER, at=NOON, reason="Fair 2026."
        )
        moved = apply(shared(), opened.record, "accept", actor=ACME, at=NOON, data={"owner": "p-7"})
        events = (*opened.sealed("0" * 64), *moved.sealed("1" * 64))
        before = self.seen(ACME, opened.record)
        first, second = before.events(events)
        (effect,) = before.effects(moved.effects)

        assert first.changes["stakeholders"] == HIDDEN
        assert first.changes["customer"]["country"] == "CZ"
        assert "domain" not in first.changes["customer"]
        assert (first.digest, second.previous, first.reason) == (None, None, "Fair 2026.")
        assert {found["id"]: found["actual"] for found in second.findings}["worth_it"] == {
            "value": HIDDEN
        }
        assert effect.data == {"owner": "p-7", "stakeholders": HIDDEN, "customer.domain": HIDDEN}
        assert self.seen(MANAGER, opened.record).events(events) == events
        assert self.seen(MANAGER, opened.record).effects(moved.effects) == moved.effects

    def test_a_reason_can_be_hidden_and_an_actor_too(self) -> None:
        """`trail.reason` and `trail.actor` are hidden in the record and in its events alike."""
        text = SHARED.replace('"trail.reason"', '"trail.reason", "trail.actor"')
        bound = bound_of(text, record=Lead)
        done = adopt(bound, a_lead(), stage="won", actor=MANAGER, at=NOON, reason="Fair.")
        seen = view(bound, done.record, actor=SELLER, at=NOON)
        assert seen is not None
        (event,) = seen.events(done.events)
        (line,) = seen.record(done.record)["trail"]

        assert (event.reason, event.actor) == (None, Actor("hidden", role="manager"))
        assert "reason" not in line
        assert "actor" not in line

    def test_claims_do_not_tell_what_they_are_made_of(self) -> None:
        """A claim of a hidden field shows its name alone, in the record and in events."""
        draft = at_stage("draft")
        moved = apply(shared(), draft, "offer", actor=MANAGER, at=NOON)
        sight = self.seen(ACME, moved.record)
        (event,) = sight.events(moved.events)

        assert moved.record.claims == ("lead:beta.example",)
        assert sight.record(moved.record)["claims"] == [f"lead:{HIDDEN}"]
        assert event.changes["claims"] == [f"lead:{HIDDEN}"]
        assert self.seen(MANAGER, moved.record).record(moved.record)["claims"] == [
            "lead:beta.example"
        ]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        pytest.param(
            'id = "lead_of_mine"',
            'id = "everything"',
            "views[1].id: view `everything` is defined already. Rename one of them.",
            id="an id",
        ),
        pytest.param(
            'roles = ["partner"]\nstages = ["accepted", "won"]',
            'roles = ["partnr"]\nstages = ["accepted", "won"]',
            "views[1].roles: there is no role `partnr`. Did you mean `partner`?",
            id="a role",
        ),
        pytest.param(
            'stages = ["offered", "expired"]',
            'stages = ["offred", "expired"]',
            "views[2].stages: there is no stage `offred`. Did you mean `offered`?",
            id="a stage",
        ),
        pytest.param(
            '"facts.budget"]',
            '"facts.bugdet"]',
            "views[2].hide: there is no fact `bugdet`. Did you mean `budget`?",
            id="a fact",
        ),
        pytest.param(
            '"stakeholders.phone"',
            '"stakeholders.fone"',
            "views[3].hide: there is no field `stakeholders.fone`.",
            id="a field of a list",
        ),
        pytest.param(
            '"stakeholders.phone"',
            '"stakeholders.phone.x"',
            "views[3].hide: there is no field `stakeholders.phone.x`.",
            id="a field of no group",
        ),
        pytest.param(
            '"stakeholders.phone"',
            '"stage"',
            "views[3].hide: `stage` is seen by whoever sees the record. Leave it out.",
            id="what is always seen",
        ),
        pytest.param(
            '["customer.country",',
            '["customer.cuntry",',
            "views[4].show: there is no field `customer.cuntry`.",
            id="a field that is shown",
        ),
        pytest.param(
            'reveal = ["touch_count"]',
            'reveal = ["touch_counter"]',
            "views[2].reveal: there is no field `touch_counter`.",
            id="a field that is revealed",
        ),
        pytest.param(
            "facts.audited and",
            "facts.auditd and",
            "views[4].when: there is no `facts.auditd`. Did you mean `audited`?",
            id="a condition",
        ),
        pytest.param(
            'show = ["customer.country"',
            'hide = ["name"]\nshow = ["customer.country"',
            "views[4]: a view has either `hide` or `show`.",
            id="both ways",
        ),
    ],
)
def test_a_wrong_row_is_refused(old: str, new: str, problem: str) -> None:
    """What is wrong in a view is named with its place and what to do."""
    assert old in SHARED
    with pytest.raises(DefinitionError) as caught:
        bound_of(SHARED.replace(old, new, 1), record=Lead)

    (found,) = caught.value.problems
    assert problem in str(found)
