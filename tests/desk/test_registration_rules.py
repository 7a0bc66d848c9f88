"""Exclusions of a registration, and its way back to the partner and in again (BX-6, BX-7)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

import pytest

from cosell.engine import Bound, TransitionRefusedError
from cosell.errors import EditRefusedError
from cosell.events import Actor
from cosell.models import DealRegistration
from process_samples import DAY, NOON, bound_of

REGISTRATIONS: Final = """
id = "registrations"
version = 1
record = "DealRegistration"
initial = "draft"
roles = { partner = "Partner", reviewer = "Reviewer" }
[parameters]
quiet_days = 180
[facts]
customer_exists = "bool"
vendor_active_on = "date"
public_tender = "bool"

[[stages]]
id = "draft"
[[stages]]
id = "submitted"
[[stages]]
id = "returned"
[[stages]]
id = "approved"
kind = "won"
[[stages]]
id = "rejected"
kind = "closed"

[gates.exclusions]
cites = ["BX-6"]
[[gates.exclusions.criteria]]
id = "new_customer"
need = "not facts.customer_exists"
remedy = "The customer is the vendor's already: register an expansion instead."
cites = ["BX-6"]
[[gates.exclusions.criteria]]
id = "not_active_there"
when = "recorded(facts.vendor_active_on)"
need = "days(facts.vendor_active_on, as_of) > quiet_days"
remedy = "The vendor was active there: ask the account's owner."
cites = ["BX-6"]
[[gates.exclusions.criteria]]
id = "no_tender"
need = "not facts.public_tender"
remedy = "A public tender cannot be registered."
cites = ["BX-6"]

[gates.submitter]
[[gates.submitter.criteria]]
id = "own_registration"
need = "actor.id == submitted_by"
remedy = "Let the person who submitted it do that."
cites = ["BX-7"]

[gates.again]
[[gates.again.criteria]]
id = "links_the_attempt_before"
when = "resubmissions > 0"
need = "recorded(resubmission_of)"
remedy = "Name the attempt before."
cites = ["BX-7"]

[[transitions]]
trigger = "submit"
source = "draft"
target = "submitted"
roles = ["partner"]
gates = ["again"]
set = { submitted_by = "actor.id", registered_at = "at" }

[[transitions]]
trigger = "approve"
source = "submitted"
target = "approved"
roles = ["reviewer"]
gates = ["exclusions"]

[[transitions]]
trigger = "reject"
source = "submitted"
target = "rejected"
roles = ["reviewer"]
inputs = [{ path = "reason", required = true, fresh = true }]

[[transitions]]
trigger = "return"
source = "submitted"
target = "returned"
roles = ["reviewer"]
inputs = [{ path = "reason", required = true, fresh = true, help = "Say what is missing." }]
cites = ["BX-7"]

[[transitions]]
trigger = "recall"
source = ["submitted", "returned"]
target = "draft"
roles = ["partner"]
gates = ["submitter"]
cites = ["BX-7"]

[[transitions]]
trigger = "resubmit"
source = "returned"
target = "submitted"
roles = ["partner"]
gates = ["submitter"]
cites = ["BX-7"]
[[transitions.inputs]]
path = "submissions"
append = true
required = true
needs = ["added"]
stamp = { submitted_at = "at", submitted_by = "actor.id" }

[[edits]]
id = "whole_draft"
roles = ["partner"]
paths = ["*"]
stages = ["draft"]
[[edits]]
id = "what_was_asked_for"
roles = ["partner"]
paths = ["customer_need", "customer.domain"]
stages = ["returned"]
cites = ["BX-7"]
"""
ANNA: Final = Actor("p-1", role="partner", party="acme")
BEN: Final = Actor("p-2", role="partner", party="acme")
REVIEWER: Final = Actor("r-1", role="reviewer", party="vendor")
CLEAR: Final = {"customer_exists": False, "public_tender": False}
TODAY: Final = date(2026, 11, 20)


@cache
def registrations() -> Bound:
    """Return the process of this page."""
    return bound_of(REGISTRATIONS, record=DealRegistration)


@pytest.fixture
def desk(desk_of: Callable[..., Any], store: Any) -> Any:
    """Give a desk with a registration that Anna submitted."""
    desk = desk_of([registrations()], store)
    desk.open(DealRegistration(id="r-1"), actor=ANNA, at=NOON)
    desk.move("r-1", "submit", actor=ANNA, at=NOON)
    return desk


def returned(desk: Any) -> Any:
    """Return it to the partner, for more information."""
    data = {"reason": "Which need?"}
    return desk.move("r-1", "return", actor=REVIEWER, at=NOON, data=data).record


@pytest.mark.parametrize(
    ("facts", "obstacles"),
    [
        pytest.param(CLEAR, {}, id="nothing excludes it"),
        pytest.param(
            CLEAR | {"customer_exists": True}, {"new_customer": {"facts.customer_exists": True}},
            id="an existing customer",
        ),
        pytest.param(
            CLEAR | {"public_tender": True}, {"no_tender": {"facts.public_tender": True}},
            id="a public tender",
        ),
        pytest.param(
            CLEAR | {"vendor_active_on": TODAY - timedelta(days=180)},
            {"not_active_there": {"facts.vendor_active_on": TODAY - timedelta(days=180)}},
            id="the vendor was active on the last day that excludes",
        ),
        pytest.param(
            CLEAR | {"vendor_active_on": TODAY - timedelta(days=181)}, {},
            id="the vendor was active a day before that",
        ),
        pytest.param(
            {}, {
                "new_customer": {"facts.customer_exists": None},
                "no_tender": {"facts.public_tender": None},
            },
            id="nobody asked: unknown is not yes",
        ),
        pytest.param(
            {"customer_exists": True, "public_tender": True},
            {
                "new_customer": {"facts.customer_exists": True},
                "no_tender": {"facts.public_tender": True},
            },
            id="all that exclude it are named",
        ),
    ],
)  # fmt: skip
def test_an_exclusion_is_an_obstacle_with_its_evidence(
    desk: Any, facts: dict[str, Any], obstacles: dict[str, dict[str, Any]]
) -> None:
    """BX-6: each exclusion is an obstacle that says what was found; both sides and the boundary."""
    decision = desk.decide("r-1", "approve", actor=REVIEWER, at=NOON, facts=facts)

    found = {it.id: it.actual for it in decision.obstacles}
    assert {name: dict(seen) for name, seen in found.items()} == obstacles
    assert all(it.cites == ("BX-6",) for it in decision.obstacles)
    assert decision.permitted is (not obstacles)


class TestReturned:
    """A registration is returned for more information, with some fields open (BX-7)."""

    def test_it_says_what_is_missing(self, desk: Any) -> None:
        """Returning needs a reason, which the partner reads."""
        with pytest.raises(TransitionRefusedError, match="Say what is missing"):
            desk.move("r-1", "return", actor=REVIEWER, at=NOON)

        assert returned(desk).reason == "Which need?"

    @pytest.mark.parametrize(
        ("data", "refused"),
        [
            pytest.param({"customer_need": "Faster quotes"}, set(), id="an open field"),
            pytest.param({"customer.domain": "beta.example"}, set(), id="an open field of a part"),
            pytest.param({"value": "5 USD"}, {"value"}, id="a field that is not open"),
            pytest.param({"customer.name": "Beta"}, {"customer.name"}, id="one beside an open one"),
            pytest.param(
                {"customer_need": "x", "value": "5 USD", "name": "y"}, {"value", "name"},
                id="each of several that are not open",
            ),
        ],
    )  # fmt: skip
    def test_the_open_fields_alone_are_edited(
        self, desk: Any, data: dict[str, Any], refused: set[str]
    ) -> None:
        """What was asked for may be edited, and each other field is named in the refusal."""
        returned(desk)
        if not refused:
            desk.change("r-1", data, actor=ANNA, at=NOON)
            return
        with pytest.raises(EditRefusedError) as caught:
            desk.change("r-1", data, actor=ANNA, at=NOON)

        assert {problem.path for problem in caught.value.problems} == refused

    def test_nothing_is_open_while_it_is_reviewed(self, desk: Any) -> None:
        """Between submission and answer the partner edits nothing."""
        with pytest.raises(EditRefusedError):
            desk.change("r-1", {"customer_need": "x"}, actor=ANNA, at=NOON)

    def test_the_attempts_are_kept(self, desk: Any) -> None:
        """Handing it in again says what was added, and who did it when, attempt by attempt."""
        for number in (1, 2):
            at = NOON + number * DAY
            desk.move("r-1", "return", actor=REVIEWER, at=at, data={"reason": "Which need?"})
            data = {"submissions": {"added": f"answer {number}"}}
            record = desk.move("r-1", "resubmit", actor=ANNA, at=at, data=data).record

        assert [(it.added, it.submitted_by, it.submitted_at) for it in record.submissions] == [
            ("answer 1", "p-1", NOON + DAY),
            ("answer 2", "p-1", NOON + 2 * DAY),
        ]

    def test_without_what_was_asked_for_it_stays(self, desk: Any) -> None:
        """Handing it in again without saying what was added is refused."""
        returned(desk)

        with pytest.raises(TransitionRefusedError):
            desk.move("r-1", "resubmit", actor=ANNA, at=NOON)

        assert desk.load("r-1").stage == "returned"


@pytest.mark.parametrize("stage", ["submitted", "returned"])
def test_the_submitter_recalls_it(desk: Any, stage: str) -> None:
    """BX-7: who submitted it takes it back, nobody else, not even of the same partner."""
    if stage == "returned":
        returned(desk)

    with pytest.raises(TransitionRefusedError, match="Let the person who submitted it do that"):
        desk.move("r-1", "recall", actor=BEN, at=NOON)
    recalled = desk.move("r-1", "recall", actor=ANNA, at=NOON).record

    assert recalled.stage == "draft"
    assert desk.change("r-1", {"value": "5 USD"}, actor=ANNA, at=NOON).record.value is not None


def test_an_answer_ends_the_recall(desk: Any) -> None:
    """The other side: what was decided is not taken back."""
    desk.move("r-1", "approve", actor=REVIEWER, at=NOON, facts=CLEAR)

    with pytest.raises(TransitionRefusedError, match="terminal"):
        desk.move("r-1", "recall", actor=ANNA, at=NOON)


@pytest.mark.parametrize(
    ("before", "obstacles"),
    [
        pytest.param("r-1", [], id="linked"),
        pytest.param(None, ["links_the_attempt_before"], id="not linked"),
    ],
)
def test_a_new_attempt_is_linked_to_the_one_before(
    desk: Any, before: str | None, obstacles: list[str]
) -> None:
    """BX-7: after a rejection the next attempt is a record that names the one before."""
    desk.move("r-1", "reject", actor=REVIEWER, at=NOON, data={"reason": "No budget."})
    again = DealRegistration(id="r-2", resubmissions=1, resubmission_of=before)
    desk.open(again, actor=ANNA, at=NOON + DAY)

    decision = desk.decide("r-2", "submit", actor=ANNA, at=NOON + DAY)

    assert [it.id for it in decision.obstacles] == obstacles
