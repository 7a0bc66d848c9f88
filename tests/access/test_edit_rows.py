"""Who may edit what in which stage is a table, and some fields go one way only."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import pytest

from cosell.desk import Desk
from cosell.engine import Bound, adopt, apply, change, decide, settle
from cosell.engine.access import flips
from cosell.errors import DefinitionError, EditRefusedError, InvalidDataError
from cosell.events import Actor
from cosell.models import Opportunity
from cosell.stores import MemoryStore
from process_samples import DAY, NOON, bound_of

ACME: Final = Actor("p-7", role="partner", party="acme")
OTHER: Final = Actor("p-8", role="partner", party="omega")
SELLER: Final = Actor("s-1", role="seller", party="vendor")
BOSS: Final = Actor("b-1", role="boss", party="vendor")
ADMIN: Final = Actor("a-1", role="admin", party="vendor")

#: Partners edit their own deals early, sellers the rest, the boss reassigns with a reason.
TABLE: Final = """\
id = "table"
version = 1
record = "Opportunity"
initial = "draft"
roles = { partner = "Partner", seller = "Seller", boss = "Boss", admin = "Administrator" }
stages = [
  { id = "draft" },
  { id = "working" },
  { id = "won", kind = "won" },
  { id = "lost", kind = "lost" },
]
facts = { busy = "bool" }

[[transitions]]
trigger = "take"
source = "draft"
target = "working"
roles = ["seller"]
inputs = [{ path = "visible_to_vendor" }, { path = "trial.nda_signed" }]

[[transitions]]
trigger = "withdraw"
source = "*"
target = "lost"
roles = ["partner", "clock"]
set = { visible_to_vendor = false }
override = { roles = ["partner"] }

[[transitions]]
trigger = "win"
source = "working"
target = "won"
roles = ["seller"]

[[clocks]]
id = "patience"
allowance = 2
unit = "calendar_days"
start = ["entered('working')"]
on_breach = { trigger = "withdraw" }

[[edits]]
id = "own_draft"
roles = ["partner"]
stages = ["draft"]
paths = ["name", "customer"]
when = "actor.party == partner.id"
remedy = "Ask the partner whose deal it is."

[[edits]]
id = "care"
roles = ["seller", "boss"]
stages = ["*"]
paths = ["name", "acv", "customer.employees", "visible_to_vendor", "help_wanted"]

[[edits]]
id = "reassign"
roles = ["boss"]
paths = ["owner"]
reason = true

[[edits]]
id = "not_while_busy"
roles = ["seller"]
paths = ["plan"]
when = "not facts.busy"

[[edits]]
id = "everything"
roles = ["admin"]
paths = ["*"]

[[locks]]
paths = ["visible_to_vendor", "customer.domain", "products"]
once = true
except_roles = ["admin"]
remedy = "It stays as it was set."
cites = ["MS-30"]

[[locks]]
paths = ["help_wanted"]
once = true
stages = ["working"]
remedy = "Help is on its way."

[tracks.poc]
initial = "not_started"
stages = [{ id = "not_started" }, { id = "done", kind = "won" }]
[[tracks.poc.transitions]]
trigger = "finish"
source = "not_started"
target = "done"
roles = ["seller"]
inputs = [{ path = "record.visible_to_vendor" }]
[[tracks.poc.edits]]
id = "before"
roles = ["partner"]
stages = ["not_started"]
paths = ["*"]
when = "record.acv > '1 USD'"
"""


class Shared(Opportunity, frozen=True):
    """A deal with the two switches of a marketplace."""

    visible_to_vendor: bool | None = None
    help_wanted: bool | None = None


@cache
def table() -> Bound:
    return bound_of(TABLE, record=Shared)


def deal(stage: str = "draft", **fields: Any) -> Shared:
    """Return a deal of Acme's where the case needs it."""
    content = {
        "id": "o-1",
        "partner": {"id": "acme"},
        "customer": {"domain": "beta.example"},
        **fields,
    }
    record = Shared.model_validate(content)
    return adopt(table(), record, stage=stage, actor=ADMIN, at=NOON).record


def refused(record: Shared, data: dict[str, Any], actor: Actor, **asked: Any) -> list[str]:
    """Return why an edit is refused, a line each; nothing if it is not."""
    try:
        change(table(), record, data, actor=actor, at=NOON, **asked)
    except EditRefusedError as error:
        return [str(problem) for problem in error.problems]
    return []


class TestWhoMayEdit:
    """An edit needs a row that fits role, stage, path and condition (BX-43)."""

    @pytest.mark.parametrize(
        ("stage", "actor", "data", "problems"),
        [
            pytest.param("draft", ACME, {"name": "x"}, [], id="a partner its own draft"),
            pytest.param(
                "draft", ACME, {"customer.domain": None}, ["once"], id="rows do not undo a switch"
            ),
            pytest.param(
                "draft", ACME, {"customer.employees": 5}, [], id="a path permits what is below it"
            ),
            pytest.param(
                "draft",
                OTHER,
                {"name": "x"},
                [
                    (
                        "name: `name` is not edited unless `actor.party == partner.id`."
                        " Ask the partner whose deal it is."
                    )
                ],
                id="not another partner's",
            ),
            pytest.param(
                "working",
                ACME,
                {"name": "x", "acv": "1 USD", "closed_reason": "y"},
                [
                    (
                        "name: `name` is not edited by `partner` in `working`."
                        " Ask one of these to do it: admin, boss, seller."
                    ),
                    (
                        "acv: `acv` is not edited by `partner` in `working`."
                        " Ask one of these to do it: admin, boss, seller."
                    ),
                    (
                        "closed_reason: `closed_reason` is not edited by `partner` in `working`."
                        " Ask one of these to do it: admin."
                    ),
                ],
                id="every field that is not permitted is named",
            ),
            pytest.param(
                "draft",
                SELLER,
                {"customer": {"employees": 5}},
                [
                    (
                        "customer: `customer` is not edited by `seller` in `draft`."
                        " Ask one of these to do it: admin, partner."
                    ),
                    "once",
                ],
                id="a part of a whole does not permit the whole",
            ),
            pytest.param("lost", ADMIN, {"closed_reason": "x"}, [], id="every field, anywhere"),
            pytest.param(
                "lost",
                SELLER,
                {"name": "x"},
                [
                    (
                        "name: `name` is not edited by `seller` in `lost`."
                        " Ask one of these to do it: admin."
                    )
                ],
                id="open stages only",
            ),
        ],
    )
    def test_a_row_permits(
        self, stage: str, actor: Actor, data: dict[str, Any], problems: list[str]
    ) -> None:
        """Whoever has no row is told who has one, and every field is named."""
        once = f"{next(iter(data))}: `customer.domain` was set, and stays as it is."
        expected = [
            f"{once} It stays as it was set." if each == "once" else each for each in problems
        ]

        assert refused(deal(stage), data, actor) == expected

    def test_unknown_is_never_yes(self) -> None:
        """A condition that cannot be told permits nothing; a fact can tell it."""
        plan = {"plan": "pro"}
        why = [
            "plan: `plan` is not edited unless `not facts.busy`. Ask somebody for whom that holds."
        ]

        assert refused(deal(), plan, SELLER) == why
        assert refused(deal(), plan, SELLER, facts={"busy": True}) == why
        assert refused(deal(), plan, SELLER, facts={"busy": False}) == []
        with pytest.raises(InvalidDataError, match="there is no fact `lazy`"):
            change(table(), deal(), plan, actor=SELLER, at=NOON, facts={"lazy": True})

    def test_a_track_has_rows_of_its_own(self) -> None:
        """Stage, paths and condition are those of the part; the whole is `record.`."""
        worth = deal("working", acv="2 USD")
        done = apply(table(), worth, "poc.finish", actor=SELLER, at=NOON).record

        assert refused(worth, {"poc.closure.environment": "x"}, ACME) == []
        assert refused(deal("working"), {"poc.closure.environment": "x"}, ACME) != []
        (problem,) = refused(done, {"poc.closure.environment": "x"}, ACME)
        assert "is not edited by `partner` in `working`" in problem
        assert problem.endswith("Ask one of these to do it: admin.")

    def test_nobody_may_what_no_row_names(self) -> None:
        """Without a row for anybody a transition has to take it."""
        only = bound_of(TABLE.replace('paths = ["*"]', 'paths = ["plan"]', 1), record=Shared)
        record = deal().model_copy(update={"process": only.ref})
        with pytest.raises(EditRefusedError, match="Ask for a transition that takes it"):
            change(only, record, {"origin": "x"}, actor=ACME, at=NOON)

    def test_an_expired_record_is_judged_as_it_is(self) -> None:
        """What clocks have due comes first: the stage is the settled one."""
        with pytest.raises(EditRefusedError, match="is not edited by `seller` in `lost`"):
            change(table(), deal("working"), {"name": "x"}, actor=SELLER, at=NOON + 3 * DAY)


class TestReassigning:
    """Another owner is an edit of one field, for whom the table names, with a reason (SF-17)."""

    def test_the_boss_reassigns_with_a_reason(self) -> None:
        """The event says who, from now on, and why."""
        desk = Desk([table()], MemoryStore())
        desk.adopt(Shared(id="o-1", owner="s-1"), stage="lost", actor=ADMIN, at=NOON)
        done = desk.change("o-1", {"owner": "s-2"}, actor=BOSS, at=NOON, reason="On leave.")

        assert done.record.owner == "s-2"
        assert (done.events[-1].changes, done.events[-1].reason) == ({"owner": "s-2"}, "On leave.")

    @pytest.mark.parametrize(
        ("actor", "reason", "problem"),
        [
            pytest.param(BOSS, None, "`owner` is not edited without a reason. Say why.", id="why"),
            pytest.param(BOSS, "", "`owner` is not edited without a reason. Say why.", id="empty"),
            pytest.param(
                SELLER,
                "I want it.",
                "`owner` is not edited by `seller` in `draft`. "
                "Ask one of these to do it: admin, boss.",
                id="nobody takes a deal",
            ),
        ],
    )
    def test_nobody_else_does(self, actor: Actor, reason: str | None, problem: str) -> None:
        """A seller cannot take a deal, and the boss not without a reason."""
        assert refused(deal(), {"owner": "s-1"}, actor, reason=reason) == [f"owner: {problem}"]

    def test_a_row_without_a_reason_is_enough(self) -> None:
        """Of several rows that fit, one that asks for none suffices."""
        assert refused(deal(), {"owner": "s-1"}, ADMIN) == []


class TestOneWaySwitches:
    """What is set once is never unset nor changed, by edits and transitions alike (MS-30)."""

    @pytest.mark.parametrize(
        ("before", "after", "flipped"),
        [
            pytest.param(None, True, False, id="missing may be set"),
            pytest.param(False, True, False, id="no may become yes"),
            pytest.param(False, None, False, id="no is not set"),
            pytest.param(True, True, False, id="the same again"),
            pytest.param(True, False, True, id="yes never becomes no"),
            pytest.param(True, None, True, id="nor is it cleared"),
            pytest.param("a", "b", True, id="nor is a text changed"),
            pytest.param(0, 1, True, id="a number is set"),
            pytest.param((), ("a",), False, id="an empty list may be filled"),
            pytest.param(("a",), ("a", "b"), False, id="more may come to a list"),
            pytest.param(("a", "b"), ("b",), True, id="nothing is taken from a list"),
            pytest.param(("a",), None, True, id="nor the list itself"),
        ],
    )
    def test_set_is_what_is_there_and_not_no(self, before: Any, after: Any, flipped: bool) -> None:  # noqa: FBT001 - a case
        """A switch goes from missing or no to something, and stays."""
        assert flips(before, after) is flipped

    def test_a_group_is_looked_at_field_by_field(self) -> None:
        """What is missing in a group may come; what is there stays."""
        beta = deal().customer

        assert not flips(beta, beta.model_copy(update={"employees": 5}))
        assert flips(beta, beta.model_copy(update={"domain": "x.example"}))
        assert flips(beta, None)

    def test_an_edit_may_set_and_not_unset(self) -> None:
        """All switches that an edit would set back are named; the exempted role may."""
        seen = deal(visible_to_vendor=True)
        back = {"visible_to_vendor": False, "name": "x"}
        why = "visible_to_vendor: `visible_to_vendor` was set, and stays as it is."

        assert refused(deal(), {"visible_to_vendor": True}, SELLER) == []
        assert refused(seen, back, SELLER) == [f"{why} It stays as it was set."]
        assert refused(seen, back, ADMIN) == []

    def test_a_value_that_does_not_fit_is_told_as_such(self) -> None:
        """What is no value of the field is no way around, and no reason to hide the others."""
        seen = deal(visible_to_vendor=True)
        with pytest.raises(InvalidDataError):
            change(table(), seen, {"visible_to_vendor": "what"}, actor=SELLER, at=NOON)
        with pytest.raises(EditRefusedError, match="closed_reason"):
            change(
                table(),
                seen,
                {"visible_to_vendor": "what", "closed_reason": "x"},
                actor=SELLER,
                at=NOON,
            )

    @pytest.mark.parametrize(
        ("stage", "problems"),
        [
            pytest.param("draft", 0, id="before it counts"),
            pytest.param("working", 1, id="while it counts"),
        ],
    )
    def test_a_switch_may_count_in_some_stages(self, stage: str, problems: int) -> None:
        """In stages that it does not name the field is a field."""
        wanted = deal(stage, help_wanted=True)

        assert len(refused(wanted, {"help_wanted": None}, BOSS)) == problems

    @pytest.mark.parametrize(
        ("trigger", "data", "override", "permitted"),
        [
            pytest.param("take", {"visible_to_vendor": False}, None, False, id="by an input"),
            pytest.param("take", {"visible_to_vendor": True}, None, True, id="the same again"),
            pytest.param("take", {"trial.nda_signed": True}, None, True, id="another field"),
            pytest.param("take", {}, None, True, id="nothing given"),
            pytest.param("withdraw", {}, None, False, id="by what it sets itself"),
            pytest.param("withdraw", {}, "Please.", False, id="no override helps"),
            pytest.param(
                "poc.finish", {"record.visible_to_vendor": False}, None, False, id="in a track"
            ),
        ],
    )
    def test_a_transition_does_not_set_it_back(
        self,
        trigger: str,
        data: dict[str, Any],
        override: str | None,
        permitted: bool,  # noqa: FBT001 - a case
    ) -> None:
        """The finding names the field, what it is, the remedy and the rule (BX-40)."""
        actor = ACME if trigger == "withdraw" else SELLER
        seen = deal(visible_to_vendor=True)
        asked = {"actor": actor, "at": NOON, "data": data, "override": override}
        decision = decide(table(), seen, trigger, **asked)

        assert decision.permitted is permitted
        assert [(it.code, it.actual, it.cites) for it in decision.obstacles] == [
            ("lock.unmet", {"visible_to_vendor": True}, ("MS-30",))
        ] * (not permitted)

    def test_a_clock_does_not_set_it_back(self) -> None:
        """The breach stands, and the record stays where it is."""
        late = NOON + 3 * DAY

        assert settle(table(), deal("working"), at=late).record.stage == "lost"
        held = settle(table(), deal("working", visible_to_vendor=True), at=late)
        assert (held.record.stage, held.events[-1].kind.value) == ("working", "breached")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        pytest.param(
            'roles = ["partner"]\nstages = ["draft"]',
            'roles = ["partnr"]\nstages = ["draft"]',
            "edits[0].roles: there is no role `partnr`. Did you mean `partner`?",
            id="a role",
        ),
        pytest.param(
            'stages = ["draft"]\npaths',
            'stages = ["drft"]\npaths',
            "edits[0].stages: there is no stage `drft`. Did you mean `draft`?",
            id="a stage",
        ),
        pytest.param(
            'id = "care"',
            'id = "own_draft"',
            "edits[1].id: edit `own_draft` is defined already. Rename one of them.",
            id="an id",
        ),
        pytest.param(
            'paths = ["plan"]',
            'paths = ["plam"]',
            "edits[3].paths: there is no field `plam`. Did you mean `plan`?",
            id="a field",
        ),
        pytest.param(
            'when = "not facts.busy"',
            'when = "not facts.bsy"',
            "edits[3].when: there is no `facts.bsy`. Did you mean `busy`?",
            id="a condition",
        ),
        pytest.param(
            '"customer.domain", "products"]',
            '"partner_informed_before_contact"]',
            "locks[0].paths: there is no field `partner_informed_before_contact`.",
            id="a derived field is no switch",
        ),
        pytest.param(
            "once = true\nexcept_roles",
            "except_roles",
            "locks[0]: a lock names its `stages`, unless it is `once`.",
            id="a lock of no stage",
        ),
    ],
)
def test_a_wrong_row_is_refused(old: str, new: str, problem: str) -> None:
    """What is wrong in a row is named with its place and what to do."""
    assert old in TABLE
    with pytest.raises(DefinitionError) as caught:
        bound_of(TABLE.replace(old, new, 1), record=Shared)

    (found,) = caught.value.problems
    assert problem in str(found)
