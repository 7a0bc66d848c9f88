"""Fee plans as text: what is wrong with one is said at once, with file and line."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from cosell.catalog import load_fee_plan
from cosell.definition import FeePlan, parse_fee_plan
from cosell.errors import DefinitionError
from cosell.fees import assess, bind_plan
from cosell.models import Deal, Opportunity
from fee_samples import LATER, PAID, TINY, a_deal, tiny_bound, tiny_plan

TEXT = TINY.format(zone="UTC", hold_days=0, amount='base = "acv"\nrate = 0.10')


def problems_of(text: str) -> list[str]:
    """Return ``path: problem`` of everything that is wrong with a plan, parsed and bound."""
    with pytest.raises(DefinitionError) as caught:
        bind_plan(parse_fee_plan(text, file="plan.toml"))
    return [f"{found.path}: {found.problem}" for found in caught.value.problems]


def lines_of(text: str) -> list[int | None]:
    with pytest.raises(DefinitionError) as caught:
        bind_plan(parse_fee_plan(text, file="plan.toml"))
    assert {found.file for found in caught.value.problems} == {"plan.toml"}
    return [found.line for found in caught.value.problems]


def line_with(text: str, part: str) -> int:
    """Return the one-based line on which ``part`` first stands."""
    return text[: text.index(part)].count("\n") + 1


def with_amount(amount: str) -> str:
    return TINY.format(zone="UTC", hold_days=0, amount=amount)


BANDS = "\n".join(
    f"[[activities.amount.bands]]\n{up_to}rate = {rate}"
    for up_to, rate in (
        ('up_to = "50 USD"\n', "0.1"),
        ('up_to = "20 USD"\n', "0.2"),
        ("", "0.3"),
        ('up_to = "90 USD"\n', "0.4"),
    )
)


ONE_OF = "activities[0].amount: an amount is one of a rate, a flat amount, bands, and rates by year"


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        pytest.param(
            'base = "acv"',
            [ONE_OF],
            id="no rate, no flat amount, no bands",
        ),
        pytest.param(
            'base = "acv"\nrate = 0.1\nflat = "5 USD"',
            [ONE_OF],
            id="two of them",
        ),
        pytest.param("rate = 0.1", ["activities[0].amount: a rate is of something"], id="no base"),
        *(
            pytest.param(
                f'base = "acv"\nrate = {rate}',
                [f"activities[0].amount.rate: it should be a fraction: {rate} % is {share}"],
                id=f"{rate} for {rate} per cent",
            )
            for rate, share in (("12", "0.12"), ("7.5", "0.075"), ("100", "1"))
        ),
        pytest.param(
            'base = "acv"\nrate = 101',
            ["activities[0].amount.rate: it should be less than or equal to 1"],
            id="more than everything",
        ),
        pytest.param(
            'base = "acv"\nflat = "5 USD"\ncap = "4 USD"',
            [
                "activities[0].amount.base: a flat amount has no base",
                "activities[0].amount.cap: a flat amount has no cap",
            ],
            id="a flat amount with a base and a cap",
        ),
        pytest.param(
            'base = "acv"\nrate = 0.1\nbands_apply = "whole"',
            ["activities[0].amount.bands_apply: there are no bands"],
            id="how bands apply, without bands",
        ),
        pytest.param(
            f'base = "acv"\n{BANDS}',
            [
                (
                    "activities[0].amount.bands[1].up_to: the band ends at 20.00 USD, and the one"
                    " before it at 50.00 USD"
                ),
                "activities[0].amount.bands[2]: only the last band is open",
                (
                    "activities[0].amount.bands[3].up_to: the last band is open: what lies above it"
                    " would earn nothing"
                ),
            ],
            id="bands in no order, an open one in the middle, a closed one at the end",
        ),
        pytest.param(
            'base = "acv"\nrate = 0.1\nfloor = "9 USD"\ncap = "8 USD"',
            ["activities[0].amount.floor: the floor 9.00 USD lies above the cap 8.00 USD"],
            id="a floor above the cap",
        ),
        pytest.param(
            'base = "acv"\nrate = 0.1\nfloor = "9 USD"\ncap = "8 EUR"',
            ["activities[0].amount.cap: 8.00 EUR stands beside an amount in USD"],
            id="two currencies",
        ),
        pytest.param(
            'flat = "0 USD"',
            ["activities[0].amount.flat: 0.00 USD is not above zero"],
            id="a fee of nothing",
        ),
        pytest.param(
            'flat = "10.5 JPY"',
            ["activities[0].amount.flat: 10.5 JPY is finer than what JPY can be paid in"],
            id="half a yen",
        ),
    ],
)
def test_terms_of_an_amount_fit_together(amount: str, said: list[str]) -> None:
    """What does not make one amount is refused, each part by its path (BX-22)."""
    assert problems_of(with_amount(amount)) == said


def changed(*changes: tuple[str, str]) -> str:
    """Return the small plan with some of its text otherwise."""
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            changed(('zone = "UTC"', 'zone = "Mars"')),
            ["zone: there is no time zone `Mars`"],
            id="a zone that is none",
        ),
        pytest.param(
            changed(('zone = "UTC"', 'zone = "localtime"')),
            ["zone: there is no time zone `localtime`"],
            id="the zone of this machine",
        ),
        pytest.param(
            changed(('zone = "UTC"', 'parameters = { eligible_on = "never" }')),
            ["parameters.eligible_on: every plan has `eligible_on` of its own"],
            id="a parameter that every plan has",
        ),
        pytest.param(
            TEXT + '[[activities]]\nid = "referral"\namount = { flat = "1 USD" }\n',
            ["activities[1].id: activity `referral` is defined already"],
            id="an activity twice",
        ),
        pytest.param(
            TEXT.replace("[earns]", "[earns]\n", 1).replace(
                "[[activities]]",
                '[[pays.criteria]]\nid = "invoice_paid"\nneed = "True"\nreason = "x"\nremedy = "x"'
                "\n\n[[activities]]",
            ),
            ["pays.criteria[1].id: criterion `invoice_paid` is defined already"],
            id="a criterion twice",
        ),
        pytest.param(
            TEXT + '[[activities.earns]]\nid = "won"\nneed = "True"\nreason = "x"\nremedy = "x"\n',
            ["activities[0].earns[0].id: criterion `won` stands in the plan's `earns` too"],
            id="a criterion of an activity that the plan has too",
        ),
        pytest.param(
            changed(('need = "recorded(won_at)"', 'need = "recorded(won_at)"\ndetails = "notes"')),
            ["earns.criteria[0]: `details` and `names` go together"],
            id="details without names",
        ),
    ],
)
def test_parts_of_a_plan_fit_together(text: str, said: list[str]) -> None:
    """A name that is defined twice or not at all is refused."""
    assert problems_of(text) == said


def test_all_fields_that_do_not_fit_are_named_with_their_lines() -> None:
    """Unknown keys, wrong values and missing ones come in one answer."""
    text = changed(
        ("version = 1", "version = 0"),
        ('reason = "not accepted"\n', ""),
        ("rate = 0.10", 'rat = 0.10\nfloor = "much"'),
        ("hold_days = 0", "hold_days = -1"),
    )

    said = problems_of(text)

    assert lines_of(text) == [
        line_with(text, "version = 0"),
        line_with(text, "[[eligible.criteria]]"),
        line_with(text, "hold_days = -1"),
        line_with(text, "rat = 0.10"),
        line_with(text, 'floor = "much"'),
    ]
    assert said[0].startswith("version: ")
    assert said[1].startswith("eligible.criteria[0].reason: ")
    assert said[2].startswith("pays.hold_days: ")
    assert said[3] == "activities[0].amount.rat: `rat` is not known here"
    assert said[4].startswith("activities[0].amount.floor")


def test_all_expressions_that_do_not_fit_are_named_with_their_lines() -> None:
    """Binding says everything at once: unknown fields, wrong types, and who asks."""
    text = changed(
        ('zone = "UTC"', 'payee = "partner.level_of_trust"'),
        ('since = "accepted_at"', 'since = "acv"'),
        ("recorded(accepted_at)", "recorded(acepted_at)"),
        ('since = "won_at"', 'since = "won_on"'),
        ("recorded(won_at)", "actor.role == 'partner'"),
        ('base = "acv"', 'base = "won_at"'),
    ).replace('remedy = "Win it."', 'remedy = "Win it."\ndetails = "lapse"\nnames = { x = "y" }')

    with pytest.raises(DefinitionError) as caught:
        bind_plan(parse_fee_plan(text, file="plan.toml"))

    problems = caught.value.problems
    assert [(found.line, found.path) for found in problems] == [
        (line_with(text, "payee = "), "payee"),
        (line_with(text, 'since = "acv"'), "eligible.since"),
        (line_with(text, "acepted_at"), "eligible.criteria[0].need"),
        (line_with(text, "won_on"), "earns.since"),
        (line_with(text, "actor.role"), "earns.criteria[0].need"),
        (line_with(text, "details = "), "earns.criteria[0].details"),
        (line_with(text, 'base = "won_at"'), "activities[0].amount.base"),
    ]
    assert problems[2].remedy == "Did you mean `accepted_at`?"
    assert problems[4].problem == "nobody asks for a fee"
    assert problems[5].problem == "there is no field `lapse`"
    assert problems[3].excerpt is not None


@pytest.mark.parametrize(
    ("rates_on", "path"),
    [
        pytest.param("acv", "rates_on", id="an amount is no day"),
        pytest.param("day(won_on, 'UTC')", "rates_on", id="an unknown field"),
    ],
)
def test_the_date_of_the_rates_is_a_date(rates_on: str, path: str) -> None:
    """The plan says on which day amounts are converted, and that is a day (BX-30)."""
    plan = tiny_plan().model_copy(update={"rates_on": rates_on})

    with pytest.raises(DefinitionError) as caught:
        bind_plan(plan)

    assert [found.path for found in caught.value.problems] == [path]


def test_a_predicate_of_the_host_has_to_be_given() -> None:
    """A criterion may ask a host's own predicate, by name."""
    text = changed(
        ('need = "recorded(won_at)"', 'predicate = "audited"\ninputs = ["recorded(won_at)"]')
    )
    plan = parse_fee_plan(text)
    deal = a_deal(invoice_paid_at=PAID)

    assert problems_of(text) == ["earns.criteria[0].predicate: there is no predicate `audited`"]
    for answer, holds in ((True, True), (False, False), (None, False)):
        bound = bind_plan(plan, predicates={"audited": lambda _, said=answer: said})
        assert bool(assess(bound, deal, at=LATER).line("referral").payable) is holds


def test_a_plan_is_checked_against_the_model_of_its_deals() -> None:
    """A field that the model lacks is refused; a host's subclass may add it."""

    class Audited(Opportunity, frozen=True):
        """A deal with one field more."""

        audited: bool | None = None

    text = changed(("recorded(won_at)", "audited"))

    assert problems_of(text) == ["earns.criteria[0].need: there is no field `audited`"]
    assert bind_plan(parse_fee_plan(text), Audited).model is Audited
    with pytest.raises(DefinitionError, match="won_at"):
        bind_plan(tiny_plan(), Deal)


def as_plain(plan: FeePlan) -> Any:
    return json.loads(plan.model_dump_json(exclude_defaults=True))


def test_json_defines_the_same_plan() -> None:
    """A plan reads the same from TOML and from JSON, and has the same digest."""
    plan = load_fee_plan("make_example")

    again = parse_fee_plan(json.dumps(as_plain(plan)), format="json")

    assert again == plan
    assert again.digest == plan.digest


def test_the_digest_covers_every_number() -> None:
    """A plan with another rate has another digest; comments change nothing (BX-20)."""
    plan = tiny_plan()

    assert parse_fee_plan(f"# A comment.\n{TEXT}").digest == plan.digest
    assert parse_fee_plan(changed(("rate = 0.10", "rate = 0.11"))).digest != plan.digest


def test_a_plan_has_a_json_schema() -> None:
    """The format of plans is described for editors and hosts."""
    schema = FeePlan.model_json_schema()

    assert json.loads(json.dumps(schema)) == schema
    assert schema["additionalProperties"] is False


def test_closures_give_the_same_answers() -> None:
    """A host that forbids generated code gets the same assessment."""
    deal = a_deal(invoice_paid_at=PAID)
    closures = bind_plan(tiny_plan(), generated=False)

    assert assess(closures, deal, at=LATER) == assess(tiny_bound(), deal, at=LATER)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param(
            TEXT + '[[activities]]\nid = "referral"\namount = { flat = "1 USD" }\n',
            lambda text: text.rindex('id = "referral"'),
            id="an activity that is defined twice",
        ),
        pytest.param(
            TEXT.replace("[[activities]]", "[[activites]]").replace("[activities.", "[activites."),
            lambda text: text.index("[[activites]]"),
            id="a list of tables that is misspelt",
        ),
        pytest.param(
            TEXT.replace("[earns]", "[earn.more]"),
            lambda text: text.index("[earn.more]"),
            id="a table that is misspelt, and has no line of its own",
        ),
    ],
)
def test_a_problem_has_its_line(text: str, line: Callable[[str], int]) -> None:
    """What is wrong is pointed at where it stands, not where what is around it does."""
    with pytest.raises(DefinitionError) as caught:
        parse_fee_plan(text, file="tiny.toml")

    wanted = text.count("\n", 0, line(text)) + 1
    assert wanted in {problem.line for problem in caught.value.problems}
