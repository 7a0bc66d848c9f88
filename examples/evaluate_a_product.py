"""Lead a design partner through an evaluation: gates, a freeze, reschedules, a discount.

The process is `qualification`. At every step it says what is missing before anybody tries, and a
refusal names all of it at once.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cosell import Actor, Desk, MemoryStore, Opportunity, TransitionRefusedError, catalog

SELLER = Actor("kim", role="seller", party="vendor")
desk = Desk([catalog.load("qualification").bind()], MemoryStore())
now = datetime(2026, 6, 1, 9, tzinfo=UTC)


def move(trigger: str, **data: object) -> None:
    """Move the deal, and say what happened or what is in the way."""
    global now  # noqa: PLW0603 - a story has one clock, and each step takes a day
    now += timedelta(days=1)
    given = {path.replace("__", "."): value for path, value in data.items()}
    try:
        answer = desk.move("beta", trigger, actor=SELLER, at=now, data=given)
    except TransitionRefusedError as error:
        print(f"{trigger}: refused")
        for finding in error.decision.obstacles:
            print(f"  - {finding.remedy} [{', '.join(finding.check.cites)}]")
    else:
        print(f"{trigger}: {answer.record.stage}")


def record(**data: object) -> None:
    """Write down what was found out."""
    given = {path.replace("__", "."): value for path, value in data.items()}
    desk.change("beta", given, actor=SELLER, at=now)


desk.open(Opportunity(id="beta"), actor=SELLER, at=now)

print("-- Discovery")
move("start_scope")
record(
    discovery__problem_is_ours=True,
    discovery__reason_to_act_now="The old system ends in December.",
    discovery__value_given="A benchmark of their response times.",
    discovery__meeting_minutes=45,
    notes=[{"text": "Support loses four hours a day."}],
)
move("start_scope")

print("-- Scope")
person = {"engaged": True, "motivation": "Sleep at night.", "objection": "none"}
record(
    discovery__requirements_met=True,
    discovery__use_cases=[{"text": "Sort tickets.", "outcome": "Two people less at night."}],
    discovery__competitors=[{"name": "Their own scripts", "is_internal": True}],
    discovery__champion_tested=True,
    stakeholders=[{**person, "role": "champion"}, {**person, "role": "decision_maker"}],
)
for question in ("champion_aligned", "team_aligned", "buyer_aligned", "ready_to_install"):
    record(**{f"evaluation__{question}": True})
for question in (
    "sponsored_by_champion",
    "installation_path_sure",
    "performance_tests_sure",
    "success_metrics_sure",
    "pains_played_back",
    "costs_played_back",
    "terms_agreed",
):
    record(**{f"go_no_go__{question}": True})
move("add_criterion", evaluation__success_criteria={"id": "sorted", "use_case": "Sorts 95 %."})
move("go", go_no_go__held_at=now)
move("go", go_no_go__held_at=now, go_no_go__purchase_due_on="2026-09-30")

print("-- Validate")
move("freeze")
move("add_criterion", evaluation__success_criteria={"id": "sso", "use_case": "Single sign-on."})
move(
    "ask",
    evaluation__asks={
        "id": "ask-1",
        "text": "Single sign-on.",
        "kind": "signing_date",
        "in_return": "Signs in July.",
    },
)
move(
    "add_criterion",
    evaluation__success_criteria={"id": "sso", "use_case": "Single sign-on.", "request": "ask-1"},
)
for _ in range(3):
    move("reschedule", evaluation__reschedules={"event": "review", "last_minute": True})
move("reconfirm", evaluation__champion_aligned=True)
record(
    evaluation__results=[
        {"criterion": name, "met": True, "evidence": "Report."} for name in ("sorted", "sso")
    ],
    evaluation__technical_promise_kept=True,
    evaluation__business_promise_kept=True,
    evaluation__metrics_reachable=True,
    evaluation__deck_ready_at=now,
    evaluation__purchase_approved_at=now,
    paper_items=[{"id": "nda", "owner": "kim", "due_on": "2026-07-15"}],
)
move("start_closing")
move("ask_for_paper")
move("start_closing")

print("-- Negotiate and close")
move("quote", quote__discount_share="0.35")
move("quote", quote__discount_share="0.35", quote__reference="testimonial")
for trigger in ("paper_items[nda].send", "paper_items[nda].finish"):
    move(trigger)
move("win", order_form__signed_at=now, order_form__reflects_levers=True)
