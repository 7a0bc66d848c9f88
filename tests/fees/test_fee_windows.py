"""What falls into a window counts, and which version was in force: by dates."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import pytest

from cosell.fees import (
    BoundPlan,
    NotInForceError,
    assess,
    bind_plan,
    plan_for,
)
from fee_plan_samples import (
    EACH,
    TAIL,
    a_plan,
    payment,
    recurring,
    won_deal,
)
from fee_samples import LATER, noon

WINDOW: Final = """
[[activities.windows]]
id = "attribution"
starts = "record.customer.registered_on"
months = 24
of = "booked_at"
last_day = "{last_day}"
reason = "outside the attribution window"
remedy = "Nothing: it is over."
cites = ["BX-24"]
"""


@pytest.mark.parametrize(
    ("day", "last_day", "counts"),
    [
        pytest.param("2024-01-01", "counts", True, id="the first payment"),
        pytest.param("2025-05-31", "counts", True, id="the day before the last"),
        pytest.param("2025-06-01", "counts", True, id="the last day, where it counts"),
        pytest.param("2025-06-01", "not_count", False, id="the last day, where it does not"),
        pytest.param("2025-05-31", "not_count", True, id="the day before, where it does not"),
        pytest.param("2025-06-02", "counts", False, id="the day after"),
        pytest.param("2023-06-01", "counts", True, id="the day it starts"),
        pytest.param("2023-05-31", "counts", False, id="the day before it starts"),
    ],
)
def test_a_payment_counts_in_the_attribution_window(
    day: str, last_day: str, *, counts: bool
) -> None:
    """Twenty-four months from 2023-06-01, and whether the last day counts is stated (BX-24)."""
    plan = recurring('base = "amount"\nrate = 0.20', WINDOW.format(last_day=last_day), EACH)
    deal = won_deal(
        won_at=noon("2023-06-10"),
        accepted_at=noon("2023-06-01"),
        invoice_paid_at=noon("2023-07-01"),
        customer={"registered_on": "2023-06-01"},
        payments=(payment("p-1", day),),
    )
    line = assess(plan, deal, at=LATER).line("referral")
    assert bool(line.eligible) is counts
    finding = next(found for found in line.eligible.findings if found.id == "attribution")
    said = "its last day counts" if last_day == "counts" else "its last day does not count"
    assert said in finding.check.needed
    assert finding.cites == ("BX-24",)
    if not counts:
        assert line.eligible.reasons[0].text.startswith("outside the attribution window: ")


def test_a_window_without_its_start_is_not_known() -> None:
    """Nothing falls into a window whose start is not recorded: unknown is never yes."""
    plan = recurring('base = "amount"\nrate = 0.20', WINDOW.format(last_day="counts"), EACH)
    line = assess(plan, won_deal(payments=(payment("p-1", "2026-08-01"),)), at=LATER).lines[0]
    assert [reason.text for reason in line.eligible.reasons] == [
        "not known: attribution: record.customer.registered_on is not recorded"
    ]


@pytest.mark.parametrize(
    ("changes", "verdict", "reasons"),
    [
        pytest.param({"is_oem": False}, "met", [], id="not asked about"),
        pytest.param({"is_oem": True}, "met", [], id="the last day of the tail"),
        pytest.param({}, "met", [], id="not known whether it is asked about, and inside"),
        pytest.param(
            {"won_at": noon("2026-06-21")},
            "unknown",
            ["not known: tail: whether is_oem"],
            id="not known whether it is asked about, and outside",
        ),
        pytest.param(
            {"is_oem": True, "won_at": noon("2026-06-21")},
            "unmet",
            ["won after the tail: 2026-06-21 is not from 2026-05-08 to 2026-06-20, both included"],
            id="the day after the tail",
        ),
    ],
)
def test_a_plan_asks_every_activity_about_its_windows(
    changes: dict[str, Any], verdict: str, reasons: list[str]
) -> None:
    """A window of the plan stands beside its criteria, where its condition holds (BX-29)."""
    earned = assess(a_plan(end=TAIL), won_deal(**changes), at=LATER).line("referral").earned
    assert (earned.verdict.value, [reason.text for reason in earned.own_reasons]) == (
        verdict,
        reasons,
    )


def test_a_window_beyond_the_last_year_is_not_known() -> None:
    """Where dates do not reach to the end of a window, nothing is guessed."""
    plan = a_plan(end=TAIL.replace("days = 43", "months = 1200"))
    deal = won_deal(is_oem=True, accepted_at=noon("9950-01-01"), won_at=noon("9950-01-02"))
    earned = assess(plan, deal, at=noon("9951-01-01")).line("referral").earned
    assert "the year is out of range" in earned.own_reasons[0].text


def dated(version: int, day: str | None) -> BoundPlan:
    plan = a_plan().plan
    first = None if day is None else noon(day).date()
    return bind_plan(plan.model_copy(update={"version": version, "valid_from": first}))


@pytest.mark.parametrize(
    ("changes", "version"),
    [
        pytest.param({"accepted_at": noon("2026-05-31")}, 1, id="the day before a new version"),
        pytest.param({"accepted_at": noon("2026-06-01")}, 2, id="its first day"),
        pytest.param({"accepted_at": None}, 3, id="not accepted yet: the latest"),
    ],
)
def test_a_deal_goes_by_the_version_in_force_when_it_was_accepted(
    changes: dict[str, Any], version: int
) -> None:
    """Later rates touch later deals only (BX-20)."""
    plans = [dated(1, None), dated(2, "2026-06-01"), dated(3, "2027-01-01")]
    assert plan_for(won_deal(**changes), plans).plan.version == version


def test_no_version_in_force_is_a_mistake_that_is_named() -> None:
    """A deal from before the first version is not assessed by a later one."""
    with pytest.raises(NotInForceError) as caught:
        plan_for(won_deal(), [dated(2, "2026-09-01"), dated(1, "2026-06-01")])

    day = caught.value.on
    assert str(caught.value) == (
        f"fee plan `tiny` holds from 2026-06-01 on, and deal `o-1` is of {day}."
        " Give the version that held then, or correct the day of the deal."
    )
    assert day < date(2026, 6, 1)
    early = plan_for(won_deal(accepted_at=None), [dated(1, "2026-06-01")], at=noon("2026-06-01"))
    assert early.plan.version == 1
