"""The claims of a record: what it takes, holds, gives back and waits for, without any store."""

from __future__ import annotations

from typing import Any

import pytest

from cosell.engine import (
    Applied,
    WrongProcessError,
    apply,
    change,
    decide,
    fold,
    keys_wanted,
    migrate,
    open_record,
    options,
    settle,
)
from cosell.engine.claims import ClaimTemplate, released
from cosell.errors import InvalidDataError
from cosell.events import Actor
from cosell.models import DealRegistration, Opportunity
from process_samples import DAY, NOON, bound_of
from several_samples import ACME, MANAGER, REGISTRATION, a_registration, several

(BOUND,) = (it for it in several() if it.ref.id == "registration")
KEY = "registration:gamma.example:core"
RELAY = Actor("r", role="relay")


def opened(**values: Any) -> DealRegistration:
    """Return an open registration."""
    return open_record(BOUND, a_registration("r-1", **values), actor=ACME, at=NOON).record


def moved(record: DealRegistration, trigger: str, **asked: Any) -> Applied[DealRegistration]:
    """Return the record after a move of the manager."""
    return apply(BOUND, record, trigger, **{"actor": MANAGER, "at": NOON, **asked})


def queued(**values: Any) -> DealRegistration:
    """Return a registration that waits."""
    return moved(opened(**values), "queue").record


class TestTemplates:
    """How keys are made."""

    @pytest.mark.parametrize(
        ("text", "values", "keys"),
        [
            pytest.param("a", {}, ("a",), id="a word"),
            pytest.param("a:{id}", {}, ("a:r-1",), id="a field"),
            pytest.param("a:{customer.name}:x:{id}", {}, ("a:Gamma:x:r-1",), id="two fields"),
            pytest.param("a:{customer.country}", {}, (), id="a missing field"),
            pytest.param(
                "a:{products[*].id}", {"products": ("x", "y")}, ("a:x", "a:y"), id="each item"
            ),
            pytest.param("a:{products[*].id}", {"products": ("x", "x")}, ("a:x",), id="each once"),
            pytest.param("a:{products[*].id}", {"products": ()}, (), id="no items"),
            pytest.param(
                "a:{products[*].id}:{products[*].name}", {"products": ("x",)}, (), id="half an item"
            ),
            pytest.param("a:{claims[*]}", {}, ("a:b:1", "a:b:2"), id="items that are texts"),
        ],
    )
    def test_a_key_is_made_of_fields(
        self, text: str, values: dict[str, Any], keys: tuple[str, ...]
    ) -> None:
        """What is missing makes no key; each item that is whole makes one (BX-1)."""
        record = a_registration("r-1", **values).model_copy(update={"claims": ("b:1", "b:2")})
        assert ClaimTemplate.of(text).keys(record) == keys


class TestStanding:
    """Claims that follow from the fields."""

    def test_an_opening_takes_them(self) -> None:
        """The event says so, so that the history adds up to the record."""
        done = open_record(BOUND, a_registration("r-2", resubmission_of="r-1"), actor=ACME, at=NOON)
        assert done.record.claims == ("resubmission:r-1",)
        assert done.event.changes["claims"] == ("resubmission:r-1",)
        assert fold(DealRegistration, done.events) == done.record

    def test_a_record_that_holds_something_is_not_fresh(self) -> None:
        """Claims and waits are written by events alone."""
        for field in ("claims", "waits"):
            given = a_registration("r-1").model_copy(update={field: ("a",)})
            with pytest.raises(WrongProcessError):
                open_record(BOUND, given, actor=ACME, at=NOON)

    def test_an_edit_changes_them_beside_what_a_transition_took(self) -> None:
        """What was taken stays, what the fields say is worked out anew."""
        record = moved(opened(resubmission_of="r-0"), "approve").record
        assert record.claims == ("resubmission:r-0", KEY)
        edit = change(BOUND, record, {"resubmission_of": "r-9"}, actor=MANAGER, at=NOON)
        assert edit.record.claims == (KEY, "resubmission:r-9")

    def test_a_transition_that_writes_their_fields_changes_them(self) -> None:
        """A field that is set or given counts as one that is edited."""
        text = """
id = "p"
version = 1
record = "Opportunity"
initial = "a"
roles = { seller = "Seller" }
stages = [{ id = "a" }, { id = "b", kind = "won" }]
[claims.owner]
keys = ["owner:{owner}"]
[[transitions]]
trigger = "go"
source = "a"
target = "b"
roles = ["seller"]
inputs = [{ path = "owner" }, { path = "name" }]
"""
        bound, seller = bound_of(text), Actor("s-1", role="seller")
        deal = open_record(
            bound, Opportunity.model_validate({"id": "o-1", "owner": "x"}), actor=seller, at=NOON
        ).record
        taken = apply(bound, deal, "go", actor=seller, at=NOON, data={"owner": "y"})
        assert (deal.claims, taken.record.claims) == (("owner:x",), ("owner:y",))
        kept = apply(bound, deal, "go", actor=seller, at=NOON, data={"name": "y"})
        assert kept.record.claims == ("owner:x",)
        assert "claims" not in kept.event.changes

    def test_an_edit_that_does_not_fit_is_an_error_of_its_field(self) -> None:
        """Also where the claims would have to be worked out anew."""
        with pytest.raises(InvalidDataError, match="external_ids"):
            change(BOUND, opened(), {"external_ids": 1}, actor=MANAGER, at=NOON)


class TestWaiting:
    """Keys that a record waits for."""

    def test_a_transition_waits(self) -> None:
        """The keys stand in the record and its event (BX-2)."""
        done = moved(opened(products=("core", "extra")), "queue")
        keys = (KEY, "registration:gamma.example:extra")
        assert (done.record.waits, done.event.changes["waits"]) == (keys, keys)
        assert done.record.claims == ()

    def test_who_takes_a_key_waits_for_it_no_longer(self) -> None:
        """Coming up ends the waiting (BX-2)."""
        done = moved(queued(), "come_up", actor=RELAY)
        assert (done.record.claims, done.record.waits) == ((KEY,), ())

    def test_an_end_ends_the_waiting(self) -> None:
        """A withdrawn registration stands in no line, though nothing says so (BX-2)."""
        done = moved(queued(), "withdraw", actor=ACME)
        assert done.record.waits == ()
        assert done.event.changes == {"waits": ()}

    def test_what_a_record_waits_for_stays_while_it_is_open(self) -> None:
        """A move that says nothing of it, and an edit, leave it in line."""
        text = """
[[transitions]]
trigger = "note"
source = "queued"
target = "stay"
roles = ["manager"]
[[transitions]]
trigger = "leave"
source = "queued"
target = "submitted"
roles = ["manager"]
releases = ["registration"]
"""
        process = BOUND.process.model_dump(mode="json", exclude_defaults=True)
        assert process["id"] == "registration"

        bound = bound_of(REGISTRATION + text, record=DealRegistration)
        record = open_record(bound, a_registration("r-1"), actor=ACME, at=NOON).record
        record = apply(bound, record, "queue", actor=MANAGER, at=NOON).record
        stayed = apply(bound, record, "note", actor=MANAGER, at=NOON)
        assert (stayed.record.waits, stayed.event.changes) == ((KEY,), {})
        left = apply(bound, stayed.record, "leave", actor=MANAGER, at=NOON)
        assert left.record.waits == ()

    def test_what_is_waited_for_must_be_recorded(self) -> None:
        """As with a claim (BX-1)."""
        record = opened(products=())
        decision = decide(BOUND, record, "queue", actor=MANAGER, at=NOON)
        assert [found.id for found in decision.obstacles] == ["claim_registration"]


class TestReleasing:
    """The effect that calls the next in line."""

    def test_each_key_that_was_given_back_is_called_for(self) -> None:
        """One effect for each, numbered after those of the transition (BX-2)."""
        record = moved(opened(products=("core", "extra")), "approve").record
        done = moved(record, "expire")
        assert [(it.id, it.kind, dict(it.data)) for it in done.effects] == [
            ("r-1/3/1", "released", {"key": KEY}),
            ("r-1/3/2", "released", {"key": "registration:gamma.example:extra"}),
        ]

    def test_a_clock_gives_back_too(self) -> None:
        """The move that a clock asks for has the effect as any other (BX-3)."""
        record = moved(opened(), "approve").record
        done = settle(BOUND, record, at=NOON + 100 * DAY)
        assert (done.record.stage, done.record.claims) == ("expired", ())
        assert [effect.kind for effect in done.effects] == ["released"]

    def test_nothing_given_back_calls_nobody(self) -> None:
        """A release of what a record does not hold, and one that nobody waits for."""
        record = opened()
        event = open_record(BOUND, a_registration("r-1"), actor=ACME, at=NOON).event
        assert released(BOUND.main.claims, record, record, event, 1) == ()


class TestHolders:
    """What is told before a move, when it is known who holds what."""

    @pytest.mark.parametrize(
        ("triggers", "keys"),
        [
            pytest.param(None, (KEY,), id="everything"),
            pytest.param(["approve"], (KEY,), id="one that takes a claim"),
            pytest.param(["reject"], (), id="one that takes none"),
            pytest.param(["aprove"], (), id="one that is not there"),
        ],
    )
    def test_keys_that_would_be_taken(
        self, triggers: list[str] | None, keys: tuple[str, ...]
    ) -> None:
        """From where the record stands, with the data that would be given."""
        assert keys_wanted(BOUND, opened(), triggers, actor=MANAGER, at=NOON) == keys

    def test_a_process_without_claims_wants_none(self) -> None:
        """It is not even settled."""
        (bound,) = (it for it in several() if it.ref.id == "conflict")
        assert keys_wanted(bound, opened(), None, actor=MANAGER, at=NOON) == ()  # type: ignore[arg-type]  # not looked at

    @pytest.mark.parametrize(
        ("holders", "found"),
        [
            pytest.param(None, [], id="nobody was asked"),
            pytest.param({}, [], id="nobody has it"),
            pytest.param({KEY: "r-1"}, [], id="the record itself"),
            pytest.param({KEY: "r-9"}, ["r-9"], id="another"),
            pytest.param({KEY: None}, ["another record"], id="one that may not be known"),
        ],
    )
    def test_a_taken_key_is_found(
        self, holders: dict[str, str | None] | None, found: list[str]
    ) -> None:
        """It is an obstacle of the kind of claims, which no override sets aside."""
        asked: dict[str, Any] = {"actor": MANAGER, "at": NOON, "holders": holders}
        decision = decide(BOUND, opened(), "approve", **asked)
        assert [it.values[0] for it in decision.obstacles] == found
        first = next(it for it in options(BOUND, opened(), **asked) if it.trigger == "approve")
        assert first.decision == decision

    def test_without_another_way_the_remedy_is_to_wait(self) -> None:
        """Where nothing is named for a taken claim."""
        asked: dict[str, Any] = {"actor": RELAY, "at": NOON, "holders": {KEY: "r-9"}}
        (found,) = decide(BOUND, queued(), "come_up", **asked).obstacles
        assert found.remedy == (
            "Wait until it is given back, or work with the record that holds it."
        )


class TestOtherVersions:
    """What a record holds when it goes on under another version of its process."""

    def test_what_every_record_holds_is_as_the_new_version_says(self) -> None:
        """A key of old is given back, a new one taken; what a transition took stays."""
        record = moved(opened(resubmission_of="r-0", submitted_by="p-1"), "approve").record
        newer = REGISTRATION.replace("version = 1", "version = 2").replace(
            '[claims.resubmission]\nkeys = ["resubmission:{resubmission_of}"]',
            '[claims.submitter]\nkeys = ["submitter:{submitted_by}"]',
        )
        bound = bound_of(newer, record=DealRegistration)
        done = migrate(BOUND, bound, record, actor=MANAGER, at=NOON)
        assert done.record.claims == (KEY, "submitter:p-1")
        assert done.event.changes["claims"] == (KEY, "submitter:p-1")

    def test_what_stays_is_not_written(self) -> None:
        """A version with the same claims changes none."""
        bound = bound_of(
            REGISTRATION.replace("version = 1", "version = 2"), record=DealRegistration
        )
        done = migrate(BOUND, bound, opened(resubmission_of="r-0"), actor=MANAGER, at=NOON)
        assert done.record.claims == ("resubmission:r-0",)
        assert "claims" not in done.event.changes
