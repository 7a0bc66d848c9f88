"""Make's fees on a desk that serves Make: from the website form to the payment (MK-32 to MK-35)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cosell.events import Actor
from fee_samples import example_plan, noon
from make_deals import AE, DAY, MANAGER, NOW, TEAM, deal, make
from paid_samples import said

Of = Callable[..., Any]

ACCEPT = {"owner": "ae-3", "owner_team": "Central", "next_steps.text": "Call on Monday."}


def a_desk(desk_of: Of, store: Any) -> Any:
    return desk_of([make()], store, fee_plans=[example_plan()])


def test_a_prospective_partner_is_reviewed_not_refused(desk_of: Of, store: Any) -> None:
    """A registration through the website is accepted; the fee lacks exactly two things (MK-10)."""
    partner = {"id": "acme", "status": "prospective"}
    prospect = Actor("p-8", role="prospective_partner", party="acme")
    new = deal(changes={"partner": partner, "registered_at": None})
    desk = a_desk(desk_of, store)
    desk.adopt(new.model_copy(update={"stage": "unopened"}), stage="qualified", actor=TEAM, at=NOW)
    form = {"registration.channel": "website_form"}
    desk.move("o-1", "register", actor=prospect, at=NOW, data=form)
    accepted = desk.move("o-1", "accept_co_selling", actor=MANAGER, at=NOW + DAY, data=ACCEPT)

    line = desk.assess("o-1", at=NOW + DAY).line("co_selling")

    assert accepted.record.terms.plan == "make_example"
    first, second = (str(reason) for reason in line.eligible.reasons)
    missing = "technical certificate missing, sales certificate missing"
    assert first == f"partner program requirements not met: {missing}"
    assert second == "no partner contract in place: contract missing"


def test_from_the_acceptance_to_the_payment(desk_of: Of, store: Any) -> None:
    """Earned and not payable, "customer invoice unpaid"; payable from that day on (MK-33)."""
    holds = {"valid_from": "2026-01-10", "open_ended": True}
    partner = {
        "id": "acme",
        "status": "partner",
        "certifications": [{"kind": "technical", **holds}, {"kind": "sales", **holds}],
        "contracts": [{"signed_on": "2026-01-20", **holds}],
    }
    closing = deal(changes={"partner": partner, "accepted_at": noon("2026-05-08")})
    desk = a_desk(desk_of, store)
    entered = noon("2026-06-01")
    desk.adopt(
        closing.model_copy(update={"stage": "unopened"}), stage="closing", actor=TEAM, at=entered
    )
    data = {"acv": "50000 USD", "contract_value": "100000 USD"}
    won = desk.move("o-1", "win", actor=AE, at=noon("2026-06-20"), data=data)
    unpaid = desk.assess("o-1", at=noon("2026-07-14")).line("lead_sourcing")
    paid_at = noon("2026-07-15")
    data = {"invoice_paid_at": paid_at}
    paid = desk.move("o-1", "confirm_payment", actor=AE, at=paid_at, data=data)

    assert (bool(unpaid.eligible), bool(unpaid.earned), bool(unpaid.payable)) == (True, True, False)
    assert [str(reason) for reason in unpaid.payable.reasons] == ["customer invoice unpaid"]
    assert said(won.entries)[0] == "earned 2500.00 USD"
    assert said(paid.entries)[0] == "payable 2500.00 USD"
    assert {entry.at for entry in paid.entries} == {paid_at}
