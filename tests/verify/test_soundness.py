"""Soundness: what can never happen in a definition, and what nobody would expect of it."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from typing import Final

import pytest

from cosell import catalog
from cosell.catalog import load_fee_plan
from cosell.definition import FeePlan, Process, parse_fee_plan, parse_process
from cosell.verify import verify_plans, verify_process
from fee_plan_samples import EACH, SPLIT, own_rate
from fee_samples import TINY

PROCESS: Final = """
id = "tiny"
version = 1
record = "Opportunity"
initial = "a"
roles = { ae = "Account executive" }
effects = { tell = "Tell" }
parameters = { most = 5 }
facts = { credit = "int" }
stages = [{ id = "a" }, { id = "b" }, { id = "won", kind = "won" }]

[[gates.ready.criteria]]
id = "few"
need = "version < most and facts.credit > 0"
remedy = "Wait."

[[transitions]]
trigger = "go"
source = "a"
target = "b"
roles = ["ae"]
effects = [{ kind = "tell" }]

[[transitions]]
trigger = "win"
source = "b"
target = "won"
roles = ["ae"]
gates = ["ready"]
"""


def said_of(text: str) -> list[tuple[str, str, int | None]]:
    """Return path, problem and line of everything that is not sound about a process."""
    found = verify_process(parse_process(text, file="tiny.toml"))
    assert all(each.remedy and each.file == "tiny.toml" for each in found)
    return [(each.path, each.problem, each.line) for each in found]


def changed(*changes: tuple[str, str]) -> str:
    text = PROCESS
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


DEAD: Final = """
[[transitions]]
trigger = "go"
source = "a"
target = "won"
roles = ["ae"]
gates = ["ready"]
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(PROCESS, [], id="a sound process"),
        pytest.param(
            changed(('{ id = "b" }', '{ id = "b" }, { id = "c" }')),
            [("stages[2]", "no way leads from `a` to stage `c`", 10)],
            id="a stage that nothing leads to",
        ),
        pytest.param(
            changed(('target = "won"', 'target = "stay"')),
            [
                ("stages[0]", "no way leads from stage `a` to an end", 10),
                ("stages[1]", "no way leads from stage `b` to an end", 10),
                ("stages[2]", "no way leads from `a` to stage `won`", 10),
            ],
            id="stages without a way to an end",
        ),
        pytest.param(
            PROCESS + DEAD,
            [
                (
                    "transitions[2]",
                    "`go` from a is never taken: one before it has no gate",
                    31,
                )
            ],
            id="a candidate behind one that nothing refuses",
        ),
        pytest.param(
            PROCESS + DEAD.replace('["ae"]', '["ae", "clock"]'),
            [],
            id="a candidate for a role that the one before it does not have",
        ),
        pytest.param(
            changed(('gates = ["ready"]', "")),
            [
                ("gates.ready.criteria[0]", "no transition asks gate `ready`", 12),
            ],
            id="a gate that no transition asks",
        ),
        pytest.param(
            changed(
                ('roles = { ae = "Account executive" }', 'roles = { ae = "AE", sponsor = "S" }'),
                ('{ tell = "Tell" }', '{ tell = "Tell", ring = "Ring" }'),
                ("{ most = 5 }", "{ most = 5, least = 1 }"),
                ('{ credit = "int" }', '{ credit = "int", debt = "int" }'),
            ),
            [
                ("roles.sponsor", "nothing names role `sponsor`", 6),
                ("effects.ring", "nothing names effect `ring`", 7),
                ("parameters.least", "nothing names parameter `least`", 8),
                ("facts.debt", "nothing names fact `debt`", 9),
            ],
            id="what is defined and not used",
        ),
    ],
)
def test_what_is_not_sound_about_a_process_is_named(
    text: str, said: list[tuple[str, str, int | None]]
) -> None:
    """Each is a problem with its path and line, all of them at once."""
    assert said_of(text) == said


def test_a_gate_may_be_asked_by_extensions_alone() -> None:
    """What an extension of a clock asks for is used (SF-11)."""
    clock = """
[[clocks]]
id = "ends"
allowance = 5
unit = "calendar_days"
start = ["entered('a')"]
stop = ["moved('go')"]
extensions = { roles = ["ae"], gates = ["ready"] }
"""
    assert said_of(changed(('gates = ["ready"]', "")) + clock) == []


def test_tracks_are_looked_at_too() -> None:
    """A stage of a track that nothing leads to is named with the track."""
    track = """
[tracks.poc]
initial = "not_started"
stages = [{ id = "not_started", kind = "closed" }, { id = "lost" }]
"""
    assert said_of(PROCESS + track) == [
        ("tracks.poc.stages[1]", "no way leads from `not_started` to stage `lost`", 33)
    ]


def test_what_ships_is_sound() -> None:
    """Nothing in the processes and plans of the catalogue is left over, dead or stepping down."""
    for name in catalog.names():
        assert verify_process(catalog.load(name).process) == ()
    assert verify_plans(load_fee_plan(name) for name in catalog.fee_plan_names()) == ()


# --- Fee plans ------------------------------------------------------------------------------------


def a_plan_text(amount: str, end: str = "", top: str = "") -> str:
    return top + TINY.format(zone="UTC", hold_days=0, amount=amount) + end


def plan_said(*texts: str) -> list[tuple[str, str]]:
    found = verify_plans(parse_fee_plan(text, file="plan.toml") for text in texts)
    assert all(each.remedy and each.line for each in found)
    return [(each.path, each.problem) for each in found]


BANDS: Final = """
base = "acv"
bands_apply = "{apply}"
[[activities.amount.bands]]
up_to = "50000 USD"
rate = {first}
[[activities.amount.bands]]
up_to = "60000 USD"
rate = {second}
[[activities.amount.bands]]
rate = {third}
"""


def bands(apply: str, *rates: str) -> str:
    first, second, third = rates
    return a_plan_text(BANDS.format(apply=apply, first=first, second=second, third=third))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(a_plan_text('base = "acv"\nrate = 0.1'), [], id="a sound plan"),
        pytest.param(bands("marginal", "0.3", "0.2", "0.1"), [], id="marginal bands never fall"),
        pytest.param(bands("whole", "0.1", "0.1", "0.1"), [], id="whole bands of one rate"),
        pytest.param(
            bands("whole", "0.12", "0.10", "0.15"),
            [
                (
                    "tiny@1.activities[0].amount.bands[1]",
                    "just above 50000.00 USD the fee falls from 6000 to about 5000",
                )
            ],
            id="whole bands that step down",
        ),
        pytest.param(
            bands("marginal", "0.1", "0", "0.1"),
            [("tiny@1.activities[0].amount.bands[1]", "it earns nothing, between two that do")],
            id="a band that earns nothing",
        ),
        pytest.param(
            bands("marginal", "0", "0", "0.1"), [], id="bands that earn nothing below a threshold"
        ),
        pytest.param(
            a_plan_text('base = "acv"\nrate = 0'),
            [("tiny@1.activities[0].amount.rate", "it can never pay anything")],
            id="a rate of nothing",
        ),
        pytest.param(
            a_plan_text('base = "amount"\nrates_by_year = [0.0]', EACH),
            [("tiny@1.activities[0].amount.rates_by_year", "it can never pay anything")],
            id="years of nothing",
        ),
        pytest.param(
            a_plan_text('base = "acv"\nrate = 0.1', SPLIT.replace("0.5", "0.4")),
            [("tiny@1.split.shares", "the shares of all roles together are 0.9")],
            id="shares that are less than one whole",
        ),
        pytest.param(
            a_plan_text('base = "acv"\nrate = 0.1', SPLIT), [], id="shares that are one whole"
        ),
        pytest.param(
            a_plan_text(
                'base = "acv"\nrate = 0.1'
                + own_rate("deal", 'when = "is_oem"\nrate = 0.2')
                + own_rate("partner", 'when = "is_oem"\nrate = 0.3')
                + own_rate("deal", 'when = "is_oem"\nrate = 0'),
            ),
            [
                ("tiny@1.activities[0].amount.own_rates[2].rate", "it can never pay anything"),
                (
                    "tiny@1.activities[0].amount.own_rates[2]",
                    ("an earlier rate of the deal is for the same deals: this one is never taken"),
                ),
            ],
            id="two rates of one rank for the same deals",
        ),
        pytest.param(
            a_plan_text('base = "acv"\nrate = 0.1').replace("accepted_at", "won_at"),
            [("tiny@1.eligible", "nothing asks for an accepted registration")],
            id="a plan that asks for no accepted registration",
        ),
    ],
)
def test_what_is_not_sound_about_a_plan_is_named(text: str, said: list[tuple[str, str]]) -> None:
    """A plan that cannot pay, overlaps, has a gap or steps down is found (BX-21, BX-22)."""
    assert plan_said(text) == said


def version(number: int, valid_from: str | None) -> str:
    top = "" if valid_from is None else f"valid_from = {valid_from}\n"
    text = a_plan_text('base = "acv"\nrate = 0.1', top=top)
    return text.replace("version = 1", f"version = {number}")


@pytest.mark.parametrize(
    ("versions", "said"),
    [
        pytest.param([(1, None), (2, "2026-06-01")], [], id="the second begins later"),
        pytest.param([(1, None), (2, None)], [], id="no version is dated"),
        pytest.param(
            [(2, "2026-06-01"), (1, "2026-06-01")],
            [
                ("tiny@1.version", "deals that were accepted before 2026-06-01 have no version"),
                (
                    "tiny@2.version",
                    "it begins no later than tiny@1, which is thus never in force",
                ),
            ],
            id="both begin on the same day, and nothing before",
        ),
        pytest.param(
            [(1, "2026-06-01"), (2, None)],
            [
                (
                    "tiny@2.version",
                    "it begins no later than tiny@1, which is thus never in force",
                )
            ],
            id="the second has been in force from ever on",
        ),
    ],
)
def test_versions_of_a_plan_leave_no_gap(
    versions: list[tuple[int, str | None]], said: list[tuple[str, str]]
) -> None:
    """Every deal has one version, and every version has deals (BX-20)."""
    assert plan_said(*(version(number, day) for number, day in versions)) == said


# --- What nothing can pass ------------------------------------------------------------------------

TWO_GATES: Final = """
[[gates.large.criteria]]
id = "large"
need = "acv > '50000 USD'"
remedy = "Wait."

[[gates.small.criteria]]
id = "small"
when = "recorded(acv)"
need = "acv < '10000 USD'"
remedy = "Wait."

[[gates.small.criteria]]
id = "named"
need = "recorded(name)"
remedy = "Name it."
"""


def with_need(need: str, more: str = "") -> str:
    """Return the sound process with another criterion."""
    return changed(
        ("version < most and facts.credit > 0", f"version < most and {need}"),
        ('remedy = "Wait."\n', f'remedy = "Wait."\n{more}'),
    )


LATE_AND_POOR: Final = """
[[gates.ready.criteria]]
id = "late"
need = "recorded(won_at)"
remedy = "Wait."

[[gates.ready.criteria]]
id = "poor"
need = "facts.credit <= 5"
remedy = "Wait."
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            with_need("facts.credit > 5 and facts.credit < 3"),
            [("gates.ready.criteria[0].need", "criterion `few` can never be met", 14)],
            id="bounds that exclude each other",
        ),
        pytest.param(
            with_need(
                "facts.credit > 5",
                LATE_AND_POOR,
            ),
            [
                (
                    "gates.ready.criteria[2].need",
                    "criterion `poor` can never be met together with criterion `few`",
                    24,
                )
            ],
            id="a criterion that excludes another one",
        ),
        pytest.param(
            with_need(
                "facts.credit > 5",
                '\n[[gates.ready.criteria]]\nid = "poor"\nseverity = "advised"\n'
                'need = "facts.credit <= 5"\nremedy = "W."\n',
            ),
            [],
            id="advice stops nothing",
        ),
        pytest.param(
            with_need(
                "facts.credit > 5",
                '\n[[gates.ready.criteria]]\nid = "poor"\nwhen = "won"\n'
                'need = "facts.credit <= 5"\nremedy = "W."\n',
            ),
            [],
            id="what does not always apply may be passed",
        ),
        pytest.param(
            with_need(
                "facts.credit > 5",
                '\n[[gates.ready.criteria]]\nid = "poor"\npredicate = "is_poor"\nremedy = "W."\n',
            ),
            [],
            id="nobody knows what a predicate asks",
        ),
        pytest.param(
            changed(('gates = ["ready"]', 'gates = ["ready", "large", "small"]')) + TWO_GATES,
            [
                (
                    "transitions[1].gates",
                    (
                        "criterion `small` can never be met together with criterion `large`,"
                        " and `win` asks for all of it"
                    ),
                    29,
                )
            ],
            id="two gates that exclude each other",
        ),
        pytest.param(
            changed(('gates = ["ready"]', 'gates = ["ready", "small"]'))
            + TWO_GATES.replace(
                "recorded(name)", "recorded(name) and not recorded(name)"
            ).partition("[[gates.small")[1]
            + TWO_GATES.replace(
                "recorded(name)", "recorded(name) and not recorded(name)"
            ).partition("[[gates.small")[2],
            [("gates.small.criteria[1].need", "criterion `named` can never be met", 38)],
            id="a gate that is closed is said once",
        ),
        pytest.param(
            with_need("most > 7 and facts.credit > 0"),
            [],
            id="a parameter is a switch, which may be set otherwise",
        ),
    ],
)
def test_a_gate_that_nothing_passes_is_found(
    text: str, said: list[tuple[str, str, int | None]]
) -> None:
    """Criteria that exclude each other leave a dead end (rule 6 of ``cosell.verify.processes``)."""
    assert said_of(text) == said


def test_what_cannot_be_read_is_left_to_binding() -> None:
    """A criterion that is no expression asks for nothing here; binding says what is wrong."""
    made_in_python = Process.model_validate(tomllib.loads(with_need("facts.credit > > 5")))

    assert verify_process(made_in_python) == ()


PLAN: Final = TINY.format(zone="UTC", hold_days=0, amount='flat = "1 USD"')
OWN: Final = """
[[activities.earns]]
id = "own"
need = "{need}"
reason = "no"
remedy = "None."
"""


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        pytest.param(PLAN, [], id="a plan that can pay"),
        pytest.param(
            PLAN.replace("recorded(won_at)", "1 > 2"),
            [("tiny@1.earns.criteria[0].need", "criterion `won` can never be met", 20)],
            id="a constant",
        ),
        pytest.param(
            PLAN.replace("recorded(won_at)", "recorded(won_at) and not recorded(won_at)"),
            [("tiny@1.earns.criteria[0].need", "criterion `won` can never be met", 20)],
            id="a term and its contrary",
        ),
        pytest.param(
            PLAN.replace("recorded(won_at)", "acv > '5 USD' and acv < '3 USD'"),
            [("tiny@1.earns.criteria[0].need", "criterion `won` can never be met", 20)],
            id="bounds that exclude each other",
        ),
        pytest.param(
            PLAN.replace(
                '"recorded(accepted_at)"', '"recorded(accepted_at) and not recorded(won_at)"'
            ),
            [
                (
                    "tiny@1.earns.criteria[0].need",
                    "criterion `won` can never be met together with criterion `accepted`",
                    20,
                )
            ],
            id="truths that exclude each other",
        ),
        pytest.param(
            PLAN.replace(
                '"recorded(accepted_at)"', '"recorded(accepted_at) and not recorded(lost_at)"'
            ).replace('since = "won_at"', 'since = "lost_at"'),
            [
                (
                    "tiny@1.earns.since",
                    (
                        "that `lost_at` is recorded can never be met together with criterion"
                        " `accepted`"
                    ),
                    16,
                )
            ],
            id="a moment that has to be missing",
        ),
        pytest.param(
            PLAN.replace('since = "won_at"', 'since = "max(won_at, accepted_at)"'),
            [],
            id="a moment that is worked out",
        ),
        pytest.param(
            PLAN + OWN.format(need="not recorded(won_at)"),
            [
                (
                    "tiny@1.activities[0].earns[0].need",
                    "criterion `own` can never be met together with criterion `won`",
                    42,
                )
            ],
            id="an activity that excludes the plan",
        ),
    ],
)
def test_a_plan_that_can_never_pay_is_found(
    plan: str, said: list[tuple[str, str, int | None]]
) -> None:
    """Criteria that exclude each other pay nothing (rule 1 of ``cosell.verify.plans``)."""
    found = verify_plans([parse_fee_plan(plan, file="tiny.toml")])

    assert [(each.path, each.problem, each.line) for each in found] == said


def test_a_moment_that_cannot_be_read_is_left_to_binding() -> None:
    """A moment that is no expression may come; binding says what is wrong."""
    text = PLAN.replace('since = "won_at"', 'since = "won_at +"')
    made_in_python = FeePlan.model_validate(tomllib.loads(text, parse_float=Decimal))

    assert verify_plans([made_in_python]) == ()
