"""Every criterion of the processes `salesforce_...`, met on the ready record and spoiled alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final, NamedTuple

import pytest

from channel_deals import (
    AMY,
    ANN,
    CHANNEL,
    CONFLICT,
    LEADS,
    MEMBERSHIP,
    NOW,
    PROGRAM,
    REGISTRATION,
    SIGNED_UP,
    VENDOR,
    asked,
    channel,
)
from cosell.engine import Decision
from cosell.events import Actor
from cosell.findings import Severity, Verdict

UNMET: Final = Verdict.UNMET
UNKNOWN: Final = Verdict.UNKNOWN


class Asked(NamedTuple):
    """How a gate is asked: in which stage, by whom, with what."""

    stage: str
    trigger: str
    actor: Actor
    data: dict[str, Any] = {}  # noqa: RUF012 - never written
    changes: dict[str, Any] = {}  # noqa: RUF012 - never written

    def decide(self, process: str, **changes: Any) -> Decision:
        """Return the decision on the ready record, with some paths otherwise."""
        facts = {key: changes.pop(key, value) for key, value in SIGNED_UP.items()}
        return asked(
            process,
            self.stage,
            self.trigger,
            self.actor,
            data=self.data,
            facts=facts if process == LEADS else None,
            **{**self.changes, **changes},
        )


_CHANNEL: Final = {"registration.channel": "partner_portal"}
_REQUEST: Final[dict[str, Any]] = {"registration__extension_requests": [{"reason": "Holidays."}]}
_WHY: Final = {"registration.answers": {"reason": "It exists already."}}

GATES: Final[dict[tuple[str, str], Asked]] = {
    (REGISTRATION, "registrable"): Asked("draft", "register", ANN, _CHANNEL),
    (REGISTRATION, "review"): Asked("submitted", "approve", CHANNEL),
    (REGISTRATION, "grounds"): Asked(
        "submitted", "reject", CHANNEL, _WHY, {"registration__existing_deal_found": True}
    ),
    (REGISTRATION, "denial_answers"): Asked("approved", "deny_extension", CHANNEL, _WHY, _REQUEST),
    (REGISTRATION, "proven"): Asked("closed_won", "credit", CHANNEL),
    (LEADS, "qualified"): Asked("sourced", "qualify", VENDOR),
    (LEADS, "right_partner"): Asked("qualified", "offer", CHANNEL, {"offers": {"party": "beta"}}),
    (LEADS, "mine"): Asked("offered", "decline", ANN, {"answers": {"reason": "No time."}}),
    (LEADS, "own"): Asked("accepted", "convert", ANN),
    (LEADS, "requalified"): Asked("accepted", "convert", ANN),
}

_PRODUCTS: Final[list[tuple[dict[str, Any], Verdict]]] = [
    ({"products": []}, UNMET),
    ({"products": [{"name": "Core"}]}, UNMET),
    ({"products": [{"id": "core"}, {"name": "More"}]}, UNMET),
]
_NAMED: Final[list[tuple[dict[str, Any], Verdict]]] = [
    ({"customer__name": None}, UNMET),
    ({"customer__domain": None}, UNMET),
]
_QUALIFIED: Final[dict[str, list[tuple[dict[str, Any], Verdict]]]] = {
    "source": [({"lead_source": "prospecting"}, UNMET), ({"lead_source": None}, UNKNOWN)],
    **{
        name: [({name: None}, UNMET)]
        for name in ("current_situation", "product_of_interest", "time_frame")
    },
}


def member(**otherwise: Any) -> dict[str, Any]:
    """Return the partner's only membership, with something otherwise."""
    return {"partner__memberships": [{**MEMBERSHIP, **otherwise}]}


TODAY: Final = NOW.date()
SPOILED: Final[dict[tuple[str, str], dict[str, list[tuple[dict[str, Any], Verdict]]]]] = {
    (REGISTRATION, "registrable"): {
        "enrolled": [
            ({"partner__memberships": []}, UNMET),
            (member(program="lead_referral"), UNMET),
            (member(valid_from=date(2026, 6, 2)), UNMET),
            (member(valid_until=date(2026, 5, 31)), UNMET),
            (member(ended_on=TODAY), UNMET),
            (member(valid_until=None), UNKNOWN),
            (member(valid_from=None), UNKNOWN),
        ],
        **_QUALIFIED,
        "customer_named": _NAMED,
        "products_listed": _PRODUCTS,
    },
    (REGISTRATION, "review"): {
        "no_existing_deal": [
            ({"registration__existing_deal_found": True}, UNMET),
            ({"registration__existing_deal_found": None}, UNKNOWN),
        ],
        "complete": [
            ({"registration__information_complete": False}, UNMET),
            ({"registration__information_complete": None}, UNKNOWN),
        ],
    },
    (REGISTRATION, "grounds"): {
        "ground": [
            ({"registration__existing_deal_found": False}, UNMET),
            (
                {
                    "registration__existing_deal_found": None,
                    "registration__information_complete": None,
                },
                UNKNOWN,
            ),
        ],
    },
    (REGISTRATION, "denial_answers"): {
        "filed_before": [({"registration__extension_requests": []}, UNMET)],
    },
    (REGISTRATION, "proven"): {"proof_of_performance": [({"proof_submitted_at": None}, UNMET)]},
    (LEADS, "qualified"): _QUALIFIED,
    (LEADS, "right_partner"): {
        "signed_up": [
            ({"partner_signed_up": False}, UNMET),
            ({"partner_signed_up": None}, UNKNOWN),
        ],
        "another_partner": [({"offers": [{"party": "beta"}]}, UNMET)],
        "promising": [({"partner_score": "0.1999"}, UNMET), ({"partner_score": None}, UNKNOWN)],
    },
    (LEADS, "mine"): {
        "was_offered": [
            ({"offers": [{"party": "acme", "representative": "amy", "offered_at": NOW}]}, UNMET),
        ],
    },
    (LEADS, "own"): {},
    (LEADS, "requalified"): {
        "requalified": [({"requalified_at": None}, UNMET)],
        "interest": [
            ({"interest_confirmed": False}, UNMET),
            ({"interest_confirmed": None}, UNKNOWN),
        ],
        "customer_named": _NAMED,
        "products_listed": _PRODUCTS,
    },
}
#: Criteria that a story tests: (process, gate, criterion).
STORIES: Final = {
    (REGISTRATION, "registrable", "channel"),
    (REGISTRATION, "duplicates_are_rejected", "rejects_duplicates"),
    (REGISTRATION, "duplicates_are_queued", "queues_duplicates"),
    (REGISTRATION, "extendable", "before_expiry"),
    (REGISTRATION, "extension_filed", "filed"),
    (REGISTRATION, "from_lead", "distributed"),
    (LEADS, "own", "own_lead"),
    (LEADS, "was_accepted", "somebody_had_it"),
    (LEADS, "was_not_accepted", "nobody_had_it"),
    (PROGRAM, "announceable", "kind"),
    (PROGRAM, "announceable", "benefits"),
    (PROGRAM, "announceable", "requirements"),
    (PROGRAM, "itself", "own_enrolment"),
    (PROGRAM, "eligible", "meets_requirements"),
}
CITES: Final = {
    (name, check.gate, check.id): " ".join(check.cites)
    for name in (REGISTRATION, LEADS, CONFLICT, PROGRAM)
    for line in channel(name).lines.values()
    for gate in line.gates.values()
    for check in gate.checks
}


def rows() -> Iterator[Any]:
    """Yield a case for each way to spoil a criterion."""
    for (process, gate), criteria in SPOILED.items():
        for name, cases in criteria.items():
            for index, (changes, verdict) in enumerate(cases):
                title = f"{process}:{gate}:{name} {CITES[process, gate, name]} #{index}"
                yield pytest.param(process, gate, name, changes, verdict, id=title)


@pytest.mark.parametrize(("process", "gate", "name", "changes", "verdict"), [*rows()])
def test_a_criterion_that_is_not_met_is_named(
    process: str, gate: str, name: str, changes: dict[str, Any], verdict: Verdict
) -> None:
    """On the ready record each criterion is met; with one thing otherwise it says so."""
    asking = GATES[process, gate]
    ready = {found.id: found for found in asking.decide(process).findings}
    spoiled = {found.id: found for found in asking.decide(process, **changes).findings}
    assert ready[name].verdict is Verdict.MET
    assert spoiled[name].verdict is verdict
    assert spoiled[name].check.cites


@pytest.mark.parametrize(("process", "gate"), [*GATES])
def test_the_ready_record_passes_every_gate(process: str, gate: str) -> None:
    """The other side of every row: nothing is in the way, and there is no advice (SF-7, SF-16)."""
    decision = GATES[process, gate].decide(process)
    assert decision.permitted
    assert [found.id for found in decision.advice] == []


def test_every_criterion_has_a_row() -> None:
    """A criterion that is added is tested too."""
    tabled = {(*place, name) for place, criteria in SPOILED.items() for name in criteria}
    assert tabled | STORIES == set(CITES)
    assert tabled & STORIES == set()


def test_what_is_guidance_stops_nothing() -> None:
    """The scorecard advises, and so do the usual grounds of a rejection (SF-8, SF-23)."""
    advised = {
        check.id
        for name in (REGISTRATION, LEADS)
        for gate in channel(name).main.gates.values()
        for check in gate.checks
        if check.severity is Severity.ADVISED
    }
    assert advised == {"ground", "promising"}
    decision = GATES[LEADS, "right_partner"].decide(LEADS, partner_score="0.1")
    assert decision.permitted
    assert "partner scorecard" in decision.advice[0].remedy
    assert "The right lead goes to the right partner" in (channel(LEADS).process.help or "")


@pytest.mark.parametrize(
    ("otherwise", "enrolled"),
    [
        pytest.param({"valid_from": TODAY}, True, id="the first day counts"),
        pytest.param({"valid_until": TODAY}, True, id="the last day counts"),
        pytest.param({"ended_on": date(2026, 6, 2)}, True, id="ended tomorrow"),
        pytest.param({"valid_until": None, "open_ended": True}, True, id="without an end"),
        pytest.param({"valid_until": date(2026, 5, 31)}, False, id="ended yesterday"),
    ],
)
def test_a_partner_registers_while_it_is_enrolled(
    otherwise: dict[str, Any], *, enrolled: bool
) -> None:
    """A membership counts from its first day to its last, both included (SF-1)."""
    decision = GATES[REGISTRATION, "registrable"].decide(REGISTRATION, **member(**otherwise))
    assert decision.permitted is enrolled


@pytest.mark.parametrize(
    ("actor", "permitted"),
    [
        pytest.param(AMY, True, id="the representative"),
        pytest.param(ANN, False, id="a colleague"),
    ],
)
def test_an_offer_is_for_whom_it_was_made(actor: Actor, *, permitted: bool) -> None:
    """A lead mapped to a representative is that one's alone to answer (SF-17)."""
    offers = [{"party": "acme", "representative": "amy", "offered_at": NOW}]
    asking = GATES[LEADS, "mine"]._replace(actor=actor)
    assert asking.decide(LEADS, offers=offers).permitted is permitted
