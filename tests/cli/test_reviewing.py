"""A review says of each deal where it stands, what it may do, what is due and what it earns."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cli_kit
from cli_kit import AT, MAP, reviewed
from cosell import catalog
from cosell.cli.deals import each_deal
from cosell.cli.fees import FeeBook, FeeTotals, payable_since
from cosell.cli.plain import deal_as_cells, deal_as_dict, safe_cell, totals_as_dict
from cosell.cli.review import Choice, Reviewed, Reviewer, asker
from cosell.cli.row import Rejected, Row
from cosell.cli.run import Summary, review_file
from cosell.cli.top import Top
from cosell.cli.totals import StageTotal, Totals
from cosell.cli.urgency import Urgency, rank_of, urgency_of
from cosell.clocks import ClockState
from cosell.definition import Stage
from cosell.events import Actor
from cosell.fees import TruthName, bind_plan
from cosell.models import Opportunity, Record
from cosell.money import Money

MORE = """
partner.id = "partner"
mdp.stage = "mdp"
contract_value = "contract"
won_at = "won"
facts.credit_checked = "credit"
mdp.prepared_with_customer = "together"
"""
FULL = MAP + MORE


def choices(found: Reviewed) -> dict[str, Choice]:
    """Return the moves of a deal by trigger."""
    return {choice.trigger: choice for choice in found.choices}


def test_every_move_that_leaves_the_stage_is_asked_about() -> None:
    """Moves of the main line and of running tracks are listed; those of clocks are not."""
    found = choices(reviewed(FULL, stage="asked"))

    assert list(found) == ["win", "route", "lose", "mdp.draft", "mdp.drop"]
    assert list(choices(reviewed(FULL, stage="held"))) == ["win", "lose", "mdp.draft", "mdp.drop"]


def test_an_obstacle_has_its_remedy_and_its_source() -> None:
    """Above 50,000 means above, and the plan is missing (MK-26)."""
    win = choices(reviewed(FULL, stage="asked", value="50000.01", contract="1"))["win"]

    assert not win.permitted
    assert [(it.id, it.remedy, it.cites) for it in win.obstacles] == [
        ("plan_started", "Start the plan.", ("MK-26",))
    ]
    assert [it.id for it in win.decision.advice] == ["named"]


@pytest.mark.parametrize(
    ("cells", "is_open", "permitted"),
    [
        ({"value": "50000"}, True, False),
        ({"value": "50000", "contract": "1"}, True, True),
        ({"value": "50000.01", "mdp": "drafted", "contract": "1"}, True, True),
        ({"value": "50000", "credit": "no", "contract": "1"}, False, False),
        ({"value": "50000 EUR", "contract": "1"}, False, False),
    ],
)
def test_a_move_that_wants_fields_filled_in_is_open(
    cells: dict[str, str],
    is_open: bool,  # noqa: FBT001 - a column of the table
    permitted: bool,  # noqa: FBT001 - a column of the table
) -> None:
    """Missing inputs are brought by whoever moves; criteria and rates are in the way."""
    win = choices(reviewed(FULL, stage="asked", **cells))["win"]

    assert (win.open, win.permitted) == (is_open, permitted)
    assert bool(win.inputs) is (is_open and not permitted)


def test_the_best_answer_of_all_roles_counts() -> None:
    """A partner without a known id cannot ask; a seller can, and the move is permitted."""
    ask = choices(reviewed(FULL, stage="fresh"))["ask"]

    assert ask.permitted
    assert ask.roles == ("partner", "seller")


def test_the_deals_own_partner_asks() -> None:
    """As a partner the deal's own is meant, whose party is known (MK-12)."""
    assert choices(reviewed(FULL, role="partner", partner="acme"))["ask"].permitted
    assert [it.id for it in choices(reviewed(FULL, role="partner"))["ask"].obstacles] == [
        "own_deal"
    ]


def test_one_role_sees_its_own_moves() -> None:
    """With a role given, moves of others are left out."""
    assert list(choices(reviewed(FULL, role="manager", stage="asked"))) == ["win", "route"]


def test_candidates_are_asked_about_as_each_role() -> None:
    """Of several transitions for one trigger, the one that somebody may take is shown."""
    blocked = choices(reviewed(FULL, stage="asked", value="60000"))["route"]
    free = choices(reviewed(FULL, stage="asked", value="1"))["route"]

    assert blocked.target.id == "lost"
    assert free.target.id == "held"


def test_ending_what_never_began_is_idle() -> None:
    """A track that has not begun can be dropped, which leads nowhere."""
    found = choices(reviewed(FULL, mdp="not_started"))
    begun = choices(reviewed(FULL, mdp="drafted"))

    assert found["mdp.drop"].idle
    assert not found["mdp.draft"].idle
    assert not begun["mdp.drop"].idle
    assert not begun["mdp.agree"].open


def test_an_unanswered_registration_is_overdue() -> None:
    """Asked on Monday 9th: five business days are over on Monday 16th at 17:00 (MK-13)."""
    (promise,) = reviewed(FULL, stage="asked", since="2026-11-09").promises

    assert promise.overdue
    assert not promise.running
    assert promise.reading.due_at is not None
    assert promise.reading.due_at.isoformat() == "2026-11-16T17:00:00+01:00"


def test_a_registration_in_time_is_due() -> None:
    """Asked on Monday 16th: the holiday of the 17th does not count, due on Tuesday 24th (MK-13)."""
    (promise,) = reviewed(FULL, stage="asked", since="2026-11-16").promises

    assert promise.running
    assert promise.reading.due_at is not None
    assert promise.reading.due_at.isoformat() == "2026-11-24T17:00:00+01:00"


def test_a_late_answer_waits_for_nobody() -> None:
    """An answer that came late was a breach, and nothing is overdue any more."""
    (promise,) = reviewed(FULL, stage="asked", since="2026-11-02", won="2026-11-18").promises

    assert promise.reading.state is ClockState.BREACHED
    assert not promise.overdue


def test_no_clock_is_read_from_a_moment_that_nobody_recorded() -> None:
    """Without a date of its stage a deal has no due date, instead of an invented one."""
    assert reviewed(FULL, stage="asked").promises == ()


def test_a_clock_moves_a_deal_on() -> None:
    """A deal that was held for ten days has lapsed, whoever ticked."""
    found = reviewed(FULL, stage="held", since="2026-11-01")

    assert found.stage.id == "lapsed"
    assert found.moved_by_clock
    assert found.ended


@pytest.mark.parametrize(
    ("cells", "urgency", "moment"),
    [
        ({"stage": "asked", "since": "2026-11-09"}, Urgency.OVERDUE, "2026-11-16T17:00:00+01:00"),
        ({"stage": "asked", "since": "2026-11-18"}, Urgency.DUE, "2026-11-25T17:00:00+01:00"),
        ({"stage": "fresh", "since": "2026-11-18"}, Urgency.MOVABLE, "2026-11-18T12:00:00+01:00"),
        ({"stage": "asked", "value": "9 EUR"}, Urgency.BLOCKED, None),
        ({"stage": "lost", "since": "2026-11-18"}, Urgency.ENDED, "2026-11-18T12:00:00+01:00"),
        ({"stage": "won"}, Urgency.ENDED, None),
    ],
)
def test_a_deal_has_a_class_of_urgency(
    cells: dict[str, str], urgency: Urgency, moment: str | None
) -> None:
    """The first class that a deal fits says how pressing it is, and a moment orders it within."""
    found, at = urgency_of(reviewed(FULL, **cells))

    assert found is urgency
    assert at == (None if moment is None else datetime.fromisoformat(moment))


def test_the_most_urgent_deals_come_first() -> None:
    """By class, then by moment, then by line; one that does not say since when comes last."""
    rows = [
        Row(2, {"id": "blocked", "stage": "asked", "value": "9 EUR"}),
        Row(3, {"id": "later", "stage": "fresh", "since": "2026-11-02"}),
        Row(4, {"id": "undated", "stage": "fresh"}),
        Row(5, {"id": "earlier", "stage": "fresh", "since": "2026-11-01"}),
        Row(6, {"id": "late", "stage": "asked", "since": "2026-11-01"}),
        Row(7, {"id": "same", "stage": "fresh", "since": "2026-11-01"}),
    ]
    top = Top(5, by=rank_of)
    for found in results(rows):
        assert isinstance(found, Reviewed)
        top.add(found)

    assert [it.record.id for it in top.first] == ["late", "earlier", "same", "later", "undated"]


@given(st.lists(st.sampled_from(["fresh", "asked", "won", "lost"]), max_size=12), st.integers(0, 5))
def test_the_top_of_many_is_that_of_all(stages: list[str], most: int) -> None:
    """Law: forgetting the others on the way changes nothing about the most urgent."""
    rows = [Row(line, {"id": f"d{line}", "stage": stage}) for line, stage in enumerate(stages, 2)]
    found = [it for it in results(rows) if isinstance(it, Reviewed)]
    few, all_of_them = (Top(count, by=rank_of) for count in (most, len(found) + 1))
    for each in found:
        few.add(each)
        all_of_them.add(each)

    assert few.first == all_of_them.first[:most]


_BOUND = cli_kit.bound()


def results(rows: list[Row]) -> list[Reviewed | Rejected]:
    """Return rows, reviewed."""
    reader = cli_kit.reader(FULL, to=_BOUND)
    return list(each_deal(rows, reader, Reviewer(_BOUND, at=AT).review, file="deals.csv"))


def test_what_cannot_be_answered_rejects_the_row() -> None:
    """A deal dated outside the calendar is rejected with that reason; the others are reviewed."""
    first, second = results(
        [
            Row(2, {"id": "d-1", "stage": "asked", "since": "1999-01-01"}),
            Row(3, {"id": "d-2", "stage": "asked"}),
        ]
    )

    assert isinstance(first, Rejected)
    assert first.id == "d-1"
    assert "is known from 2010-01-01" in first.problems[0].problem
    assert first.problems[0].line == 2
    assert isinstance(second, Reviewed)


@given(
    st.lists(
        st.fixed_dictionaries(
            {"id": st.sampled_from("abc"), "stage": st.sampled_from(["fresh", "asked", "x"])}
        ),
        max_size=8,
    )
)
def test_read_and_rejected_add_up(cells: list[dict[str, str]]) -> None:
    """Law: every row is counted once, as read or as rejected; every deal once, by stage."""
    rows = [Row(line, each) for line, each in enumerate(cells, 2)]
    summary = Summary(top=3, most_rejected=2)

    review_file(results(rows), [summary])
    totals = summary.totals

    assert totals.rows == totals.read + totals.rejected == len(rows)
    assert sum(it.deals for it in totals.stages.values()) == totals.read
    assert sum(totals.urgencies.values()) == totals.read
    assert len(list(summary.rows)) == min(totals.rejected, 2)


def test_totals_count_what_is_in_the_way() -> None:
    """An obstacle counts once for a deal; clocks, moves and values are counted too."""
    summary = Summary(top=3, most_rejected=None)
    rows = [
        Row(2, {"id": "a", "stage": "asked", "since": "2026-11-09", "value": "60000"}),
        Row(3, {"id": "b", "stage": "asked", "since": "2026-11-18", "value": "70000 EUR"}),
        Row(4, {"id": "c", "stage": "asked", "since": "2026-11-19", "value": ""}),
        Row(5, {"id": "d", "stage": "held", "since": "2026-11-01", "mdp": "drafted"}),
    ]

    review_file(results(rows), [summary])
    totals = summary.totals

    assert totals.stages["asked"] == StageTotal(
        3, {"USD": Decimal(60000), "EUR": Decimal(70000)}, 1
    )
    assert totals.obstacles[("ready", "plan_started")] == 3
    assert totals.obstacles[("together", "with_customer")] == 1
    assert totals.overdue["answer"] == 1
    assert totals.running["answer"] == 2
    assert totals.next_due_at is not None
    assert totals.next_due_at.isoformat() == "2026-11-25T17:00:00+01:00"
    assert totals.moved_by_clock == 1
    assert totals.open_moves["mdp.drop"] == 1


def test_amounts_of_any_size_are_added_up() -> None:
    """A sum may have more digits than an amount."""
    totals = Totals()
    stage = totals.stages.setdefault("won", StageTotal())
    for _ in range(20):
        stage.add(Money.parse("999999999999999 USD"), Stage(id="won", probability=Decimal("0.5")))

    assert stage.values == {"USD": Decimal(19999999999999980)}
    assert stage.weighted == {"USD": Decimal(9999999999999990)}


def won(**changes: object) -> Record:
    """Return a deal that was sourced, accepted and won by a certified partner."""
    term = {"valid_from": "2026-01-01", "valid_until": "2026-12-31"}
    values = {
        "id": "d-1",
        "acv": "60000 USD",
        "partner": {
            "id": "acme",
            "certifications": [{"kind": "technical"} | term, {"kind": "sales"} | term],
            "contracts": [{"signed_on": "2026-01-01"} | term],
        },
        "stakeholders": [{"introduced_by": "partner"}],
        "registration": {"channel": "partner_portal"},
        "registered_at": "2026-02-01T09:00:00Z",
        "accepted_at": "2026-02-02T09:00:00Z",
        "won_at": "2026-06-01T09:00:00Z",
    }
    return Opportunity.model_validate(values | changes)


def test_fees_are_counted_by_truth_and_currency() -> None:
    """Eligible, earned and payable are three counts, each with its amounts (MK-32, MK-33)."""
    book = FeeBook(bind_plan(catalog.load_fee_plan("make_example")))
    totals = FeeTotals()
    for record in (
        won(invoice_paid_at="2026-07-01T09:00:00Z"),
        won(),
        won(acv="60000 EUR", invoice_paid_at="2026-07-01T09:00:00Z"),
        won(accepted_at=None, won_at=None),
    ):
        totals.add(book.assess(record, at=datetime(2026, 11, 20, tzinfo=UTC), rates=None))

    sourcing = {truth: ("lead_sourcing", truth) for truth in TruthName}
    assert totals.counts[sourcing[TruthName.ELIGIBLE]] == 3
    assert totals.counts[sourcing[TruthName.PAYABLE]] == 2
    assert totals.amounts[sourcing[TruthName.PAYABLE]] == {"USD": Decimal("3000.00")}
    assert totals.amounts[sourcing[TruthName.EARNED]] == {"USD": Decimal("6000.00")}
    assert totals.without_amount == 1
    assert totals.labels["lead_sourcing"] == "Lead sourcing"


def test_a_payable_fee_is_urgent_since_it_is_payable() -> None:
    """A fee that can be paid orders its deal by the moment from which it can."""
    book = FeeBook(bind_plan(catalog.load_fee_plan("make_example")))
    paid_at = "2026-07-01T09:00:00Z"
    fees = book.assess(won(invoice_paid_at=paid_at), at=AT, rates=None)

    assert payable_since(fees) == [datetime.fromisoformat(paid_at)]
    assert payable_since(None) == []


def test_a_deal_as_plain_values_has_everything() -> None:
    """Moves, clocks and what is in the way stand in JSON under stable keys."""
    found = deal_as_dict(reviewed(FULL, stage="asked", since="2026-11-09", value="60000"))

    assert found["stage"] == "asked"
    assert found["value"] == "60000.00 USD"
    assert found["urgency"] == "overdue"
    assert found["clocks"][0]["cites"] == ["MK-13"]
    assert found["moves"][0]["obstacles"][0]["cites"] == ["MK-26"]
    assert found["fees"] is None
    bare = deal_as_dict(reviewed(FULL))
    assert (bare["value"], bare["since"], bare["urgent_at"]) == (None, None, None)


def test_a_deal_as_cells_is_harmless() -> None:
    """A cell that a spreadsheet would run begins with an apostrophe; numbers stay numbers."""
    cells = deal_as_cells(reviewed(FULL, stage="asked", since="2026-11-09", value="-5"))

    assert cells["value"] == "-5"
    assert cells["overdue"] == "yes"
    assert cells["due_at"] == "2026-11-16T17:00:00+01:00"
    assert cells["may"] == "win; route; lose; mdp.draft; mdp.drop"
    assert deal_as_cells(reviewed(FULL))["since"] == ""
    assert [safe_cell(it) for it in ("=1", "+1+a", "@x", "-1.5", "a")] == [
        "'=1", "'+1+a", "'@x", "-1.5", "a",
    ]  # fmt: skip


def test_totals_of_nothing() -> None:
    """A file without rows has totals of nothing."""
    found = totals_as_dict(Totals())

    assert (found["rows"], found["next_due_at"], found["fees"]) == (0, None, [])


def test_who_asks_is_of_the_deals_party() -> None:
    """A record without a partner is asked about by nobody's party."""
    assert asker(Record(id="r"), "seller") == Actor("reviewer", role="seller")
