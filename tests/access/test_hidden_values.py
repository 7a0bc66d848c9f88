"""What is hidden is in no answer: by its code for derived fields, by a law for everything."""

from __future__ import annotations

import json
import pickle
from functools import cached_property, partial
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, computed_field

from access_samples import MANAGER, SELLER, SHARED, a_lead
from cosell import errors
from cosell.definition import ViewRow
from cosell.engine import HIDDEN, View, adopt, apply, decide, options, path, view
from cosell.engine.derived import derived_in, names_read
from cosell.engine.sight import Sight, is_known
from cosell.events import Actor, Effect
from cosell.models import Lead, Opportunity
from cosell.models.record import Part
from process_samples import NOON, bound_of


def shout(thing: Any) -> str:
    """Return a name, for a derived field that calls this."""
    return str(thing.name).upper()


def held(function: Any) -> Any:
    """Return a function that holds on to another one."""

    def inner(self: Any) -> Any:
        return function(self)

    return inner


def _owner(self: Any) -> str:
    return str(self.owner)


class Base(Lead, frozen=True):
    """A host's model with derived fields of many kinds."""

    @property
    def by_name(self) -> str:
        """Read one field."""
        return str(self.name)

    @property
    def by_text(self) -> str:
        """Read a field by a text."""
        return str(getattr(self, "name"))  # noqa: B009 - that is the case

    @property
    def by_function(self) -> str:
        """Read a field in a function."""
        return shout(self)

    @property
    def by_module(self) -> object:
        """Read what a function of a module names."""
        return errors.did_you_mean(str(self.customer), [])

    @property
    def by_method(self) -> str:
        """Read a field in a method."""
        return self._loud()

    def _loud(self) -> str:
        return self.by_cached

    @cached_property
    def by_cached(self) -> str:
        """Read a field once."""
        return str(self.name)

    @property
    def by_inner(self) -> list[str]:
        """Read a field in a function inside."""
        return [str(self.name) for _ in range(1)]

    @property
    def over(self) -> str:
        """Read a field that a subclass adds to."""
        return str(self.name)

    by_closure = property(held(_owner))
    by_partial = property(partial(shout))

    @computed_field  # type: ignore[prop-decorator]  # as pydantic says
    @property
    def told(self) -> str:
        """Stand in the JSON of the record."""
        return f"about {self.name}"


class Host(Base, frozen=True):
    """A host's model that adds to a derived field."""

    part: Part = Part()

    @property
    def over(self) -> str:
        """Add to what the base says."""
        return super().over + "!"

    @property
    def another(self) -> int:
        """Read something else."""
        return len(self.activities)


class TestDerivedFields:
    """A derived field is hidden with what its code reads."""

    @pytest.mark.parametrize(
        ("name", "reads"),
        [
            pytest.param("by_name", True, id="itself"),
            pytest.param("by_text", True, id="by a text"),
            pytest.param("by_function", True, id="in a function that it calls"),
            pytest.param("by_method", True, id="in a method, by way of a cached property"),
            pytest.param("by_inner", True, id="in a function inside"),
            pytest.param("over", True, id="in the base's field of that name"),
            pytest.param("by_closure", False, id="not in a function that reads something else"),
            pytest.param("another", False, id="not at all"),
        ],
    )
    def test_what_it_reads(self, name: str, reads: bool) -> None:  # noqa: FBT001 - a case
        """Names are found in its code, and in all code that it calls."""
        found = names_read(Host, name)
        assert found is not None
        assert ("name" in found) is reads

    def test_functions_of_modules_and_closures_are_gone_into(self) -> None:
        """What they name counts, too."""
        in_module, in_closure = names_read(Host, "by_module"), names_read(Host, "by_closure")

        assert in_module is not None
        assert "get_close_matches" in in_module
        assert in_closure is not None
        assert "owner" in in_closure

    def test_code_that_cannot_be_seen_may_read_anything(self) -> None:
        """It is hidden as soon as anything is."""
        assert names_read(Host, "by_partial") is None
        assert not Sight(Host, ViewRow(id="v", roles=("x",), hide=("owner",))).sees("by_partial")

    def test_a_derived_field_of_the_json_is_left_out(self) -> None:
        """What pydantic writes beside the fields goes through the view as well."""
        lead = Host(id="l-1", name="Secret")
        row = ViewRow(id="v", roles=("x",), hide=("name",))
        seen = Sight(Host, row).pruned(lead.model_dump(mode="json"))

        assert lead.model_dump(mode="json")["told"] == "about Secret"
        assert "told" not in seen

    def test_what_is_no_field_is_not_seen(self) -> None:
        """Unknown is never yes; what stands in a table of a host's own is."""
        sight = Sight(Host, ViewRow(id="v", roles=("x",), hide=("name", "facts.y")))

        assert not sight.sees("nothing")
        assert sight.sees("part.stage")
        assert sight.sees("owner.anything")
        assert (sight.sees("facts.x"), sight.sees("facts.y")) == (True, False)
        assert derived_in(Host, "told") is not None
        assert not is_known(Host, "owner.anything.at_all")
        assert not is_known(Host, "nothing.at_all")

    def test_the_flag_of_early_contact(self) -> None:
        """It reads the activities, and so is hidden with them (BX-44)."""
        field = "partner_informed_before_contact"
        hide = ViewRow(id="v", roles=("x",), hide=("activities.subject",))

        assert not Sight(Opportunity, hide).sees(field)
        assert Sight(Opportunity, hide.model_copy(update={"reveal": (field,)})).sees(field)
        assert Sight(Opportunity, ViewRow(id="v", roles=("x",), hide=("value_note",))).sees("owner")


#: Text fields, each by its path, that a lead of the law is filled with.
TEXTS = (
    "name",
    "customer.name",
    "customer.domain",
    "customer.industry",
    "partner.name",
    "stakeholders.first_name",
    "stakeholders.position",
    "activities.subject",
    "next_steps.text",
    "owner_team",
    "closed_reason",
    "current_situation",
    "trail.reason",
)
#: A gate that reads all of them, and so has them among what it found.
READS = " and ".join(
    f"any(recorded(x.{path.partition('.')[2]}) for x in {path.partition('.')[0]})"
    if path.startswith(("stakeholders", "activities"))
    else f"recorded({path})"
    for path in TEXTS
    if not path.startswith("trail")
)


def drawn_lead() -> tuple[Lead, dict[str, str]]:
    """Return a lead whose texts are all told apart, and each of them by its path."""
    numbers = count()
    words = {path: f"zq{next(numbers)}x" for path in TEXTS}
    words["customer.domain"] += ".example"
    content: dict[str, Any] = {"id": "l-1", "value": "7654 USD"}
    for where, word in words.items():
        head, _, last = where.partition(".")
        if head in {"stakeholders", "activities"}:
            item = {"kind": "touch", "at": NOON} if head == "activities" else {}
            rows = content.setdefault(head, [item])
            rows[0][last] = word
        elif head != "trail" and last:
            content.setdefault(head, {})[last] = word
        elif head != "trail":
            content[head] = word
    return Lead.model_validate(content), words


@given(hidden=st.sets(st.sampled_from(TEXTS)), show=st.booleans())
def test_what_is_hidden_is_in_no_answer(hidden: set[str], show: bool) -> None:  # noqa: FBT001 - drawn
    """Of a lead full of texts, what is hidden is in none of what is given out, and the rest is."""
    named = set(TEXTS) - hidden if show else hidden
    text = SHARED[: SHARED.index("[[views]]")].replace(
        "need = \"value >= '1000 USD'\"", f"need = \"{READS} and value > '9999 USD'\""
    )
    text += f'[[views]]\nid = "v"\nroles = ["seller"]\n{"show" if show else "hide"} = '
    text += json.dumps(sorted(named))
    bound = bound_of(text, record=Lead)
    lead, words = drawn_lead()
    done = adopt(bound, lead, stage="offered", actor=MANAGER, at=NOON, reason=words["trail.reason"])
    seen = view(bound, done.record, actor=SELLER, at=NOON)
    assert seen is not None
    asked: dict[str, Any] = {"actor": SELLER, "at": NOON}
    decision = seen.decision(decide(bound, done.record, "accept", **asked))
    shown = json.dumps(seen.record(done.record))
    answers = [
        shown,
        decision.explain(),
        json.dumps(decision.as_dict()),
        repr(pickle.dumps(decision)),
        repr(seen.options(options(bound, done.record, **asked))),
        repr(seen.path(path(bound, done.record, **asked))),
        repr([event.model_dump_json() for event in seen.events(done.sealed("0" * 64))]),
    ]

    assert not {path for path in hidden for answer in answers if words[path] in answer}
    assert {path for path in TEXTS if words[path] in shown} == set(TEXTS) - hidden


class TestCorners:
    """Tracks, effects of tracks, and views of what is not there."""

    TEXT = """\
id = "corner"
version = 1
record = "Opportunity"
initial = "fresh"
roles = { seller = "Seller", partner = "Partner" }
effects = { tell = "Tell somebody" }
stages = [{ id = "fresh" }, { id = "won", kind = "won" }]
[[transitions]]
trigger = "win"
source = "fresh"
target = "won"
roles = ["seller"]
effects = [{ kind = "tell", data = ["owner", "mdp.document"] }]
[[views]]
id = "all"
roles = ["seller"]
[[views]]
id = "some"
roles = ["partner"]
hide = ["mdp", "poc.document"]
[tracks.mdp]
initial = "not_started"
stages = [{ id = "not_started" }, { id = "done", kind = "won" }]
[[tracks.mdp.transitions]]
trigger = "finish"
source = "not_started"
target = "done"
roles = ["seller", "partner"]
inputs = [{ path = "document" }]
effects = [{ kind = "tell", data = ["document"] }]
[tracks.poc]
initial = "not_started"
stages = [{ id = "not_started" }, { id = "done", kind = "won" }]
"""

    def moved(self) -> tuple[Any, Any, View]:
        """Return a track's move, and what a partner sees of it."""
        bound = bound_of(self.TEXT, record=Opportunity)
        partner = Actor("p-7", role="partner")
        start = adopt(bound, Opportunity(id="o-1"), stage="fresh", actor=SELLER, at=NOON)
        moved = apply(
            bound,
            start.record,
            "mdp.finish",
            actor=SELLER,
            at=NOON,
            data={"document": "https://x.example/zq"},
        )
        seen = view(bound, moved.record, actor=partner, at=NOON)
        assert seen is not None
        return bound, moved, seen

    def test_a_hidden_track_leaves_no_trace(self) -> None:
        """Its options, events, trail and stage are not seen; nor is what its effects carry."""
        bound, moved, seen = self.moved()
        partner = Actor("p-7", role="partner")
        found = seen.record(moved.record)
        decision = seen.decision(decide(bound, moved.record, "mdp.finish", actor=partner, at=NOON))
        offered = seen.options(options(bound, moved.record, actor=partner, at=NOON))

        assert "mdp" not in found
        assert [line["track"] for line in found["trail"]] == [None]
        assert seen.events(moved.events) == ()
        assert [option.track for option in offered] == [None]
        assert (decision.source, decision.target) == (None, None)
        assert seen.effects(moved.effects)[0].data == {"document": HIDDEN}
        (all_of_it,) = moved.effects
        assert all_of_it.data["document"] is not None

    def test_a_name_that_no_line_has_is_masked(self) -> None:
        """An effect that cosell did not plan tells nothing either."""
        _, _, seen = self.moved()
        effect = Effect(id="o-1/1/1", record_id="o-1", kind="tell", data={"x": 1, "owner": "s-1"})

        assert seen.effects([effect])[0].data == {"x": HIDDEN, "owner": "s-1"}

    def test_a_model_without_fields_is_seen_through(self) -> None:
        """A table of a host's own is no model; what it holds is seen as a whole."""

        class Free(BaseModel):
            table: dict[str, int] = {}

        assert Sight(Free, ViewRow(id="v", roles=("x",), hide=("other",))).sees("table.any")
        assert a_lead().name is None
