"""What is wrong with claims, waiting and effects of a definition, each named with its place."""

from __future__ import annotations

from typing import Any

import pytest

from cosell.definition import Process, parse_process
from cosell.definition.claim import claim_paths, lists_of
from cosell.definition.value import Written
from cosell.engine import bind
from cosell.errors import DefinitionError
from cosell.models import DealRegistration, Lead
from several_samples import CONFLICT, LEAD, OPPORTUNITY, REGISTRATION


def said_of(text: str, **how: Any) -> list[str]:
    """Return what is wrong with a definition, read and, if a model is given, bound."""
    with pytest.raises(DefinitionError) as caught:
        bind(parse_process(text), **how)
    return [f"{it.path}: {it.problem}. {it.remedy}" for it in caught.value.problems]


@pytest.mark.parametrize("text", [LEAD, OPPORTUNITY, REGISTRATION, CONFLICT])
def test_a_definition_says_the_same_as_json(text: str) -> None:
    """TOML and JSON give one process, with one digest."""
    process = parse_process(text)
    again = parse_process(process.model_dump_json(exclude_defaults=True), format="json")
    assert (again, again.digest) == (process, process.digest)


def test_a_claim_stands_for_the_items_of_a_list() -> None:
    """The fields in braces are told apart, and the list is named once."""
    key = "pair:{customer.domain}:{products[*].id}:{products[*].name}:{tags[*]}"
    assert claim_paths(key) == (
        "customer.domain",
        "products[*].id",
        "products[*].name",
        "tags[*]",
    )
    assert lists_of(key) == ("products", "tags")


def test_what_is_asked_for_instead_may_be_written_as_a_trigger() -> None:
    """A text is the trigger alone."""
    text = REGISTRATION.replace(
        'if_claimed = { trigger = "queue", key = "blocked_key", holder = "blocked_by" }',
        'if_claimed = "queue"',
    )
    instead = parse_process(text).transitions[0].if_claimed
    assert instead is not None
    assert (instead.trigger, instead.key, instead.holder) == ("queue", None, None)


def test_what_every_process_claims_can_be_told_to_some() -> None:
    """``external`` may say whom it is known to; its keys stay."""
    text = LEAD + '\n[claims.external]\nknown_to = ["manager"]\n'
    kind = parse_process(text).claim_kinds["external"]
    assert (kind.known_to, kind.keys) == (("manager",), ("external:{external_ids[*].key}",))


def test_data_has_names_of_its_own_or_those_of_the_fields() -> None:
    """A list names each field by itself, a table gives it a name or a literal."""
    process: Process = parse_process(LEAD)
    offered, convert = process.transitions[0].effects[0], process.transitions[2].effects[0]
    assert offered.sources == {"id": "id", "item.offered_at": "item.offered_at"}
    assert offered.paths == ("id", "item.offered_at", "item.party")
    assert convert.sources["acv"] == "value"
    assert convert.sources["lead_source"] == Written(literal="vendor_marketing")


CLAIMS = [
    pytest.param(
        'keys = ["resubmission:{resubmission_of}"]',
        'keys = ["other:{resubmission_of}", "resubmission:{a b}"]',
        [
            (
                "claims.resubmission.keys[1]: `resubmission:{a b}` has braces that hold no field."
                " Write a field in braces, as `registration:{customer.domain}`."
            ),
            (
                "claims.resubmission.keys[0]: `other:{resubmission_of}` is no claim"
                " `resubmission`. Begin it with `resubmission:`."
            ),
        ],
        id="keys of a claim begin with its name",
    ),
    pytest.param(
        'known_to = ["manager", "relay"]',
        'known_to = ["manger"]',
        ["claims.registration.known_to: there is no role `manger`. Did you mean `manager`?"],
        id="a claim is known to roles",
    ),
    pytest.param(
        'next = "come_up"',
        'next = "comeup"',
        ["claims.registration.next: there is no trigger `comeup`. Did you mean `come_up`?"],
        id="the next in line is asked for a trigger",
    ),
    pytest.param(
        'next = "come_up"',
        'next = "reject"',
        [
            (
                "claims.registration.next: `reject` does not take the claim `registration`."
                " Add `registration:...` to the claims of the transition."
            )
        ],
        id="the next in line takes the claim",
    ),
    pytest.param(
        'next = "come_up"',
        "",
        [
            (
                "transitions[1].waits: nothing is asked for when `registration` is given back."
                " Name the trigger of the next in line: `[claims.registration]` with `next`."
            )
        ],
        id="who waits is called",
    ),
    pytest.param(
        'waits = ["registration:{customer.domain}:{products[*].id}"]',
        'waits = ["customer:{customer.domain}"]',
        ["transitions[1].waits: there is no claim `customer`. Use one of: registration."],
        id="what nobody takes nobody waits for",
    ),
    pytest.param(
        "[claims.resubmission]",
        '[claims.customer]\nlabel = "Customer"\n\n[claims.resubmission]',
        ["claims.customer: there is no claim `customer`. Use one of: registration."],
        id="a claim that nobody takes",
    ),
    pytest.param(
        "[claims.resubmission]",
        '[claims.external]\nkeys = ["external:{id}"]\n\n[claims.resubmission]',
        ["claims.external.keys: every record holds `external` of itself. Leave the keys out."],
        id="external ids are held anyhow",
    ),
    pytest.param(
        'releases = ["registration"]',
        'releases = ["registration", "resubmission"]\nclaims = ["external:{id}"]',
        [
            (
                "transitions[3].claims: every record holds `external` as long as its fields say so."
                " Leave it out, or rename the claim."
            ),
            (
                "transitions[3].releases: every record holds `resubmission` as long as its fields"
                " say so. Leave it out, or rename the claim."
            ),
            (
                "transitions[3].releases: there is no claim `resubmission`."
                " Use one of: external, registration."
            ),
        ],
        id="what is held always is neither taken nor given back",
    ),
    pytest.param(
        "{products[*].id}",
        "{products[*].id}:{links[*].url}",
        [
            (
                "transitions[0].claims[0]: `registration:{customer.domain}:{products[*].id}:"
                "{links[*].url}` stands for the items of `products` and `links`."
                " Keep one list: one key for each item."
            )
        ],
        id="one list at a time",
    ),
    pytest.param(
        'if_claimed = { trigger = "queue", key = "blocked_key", holder = "blocked_by" }',
        'if_claimed = { trigger = "quue" }',
        [
            (
                "transitions[0].if_claimed.trigger: there is no other trigger `quue`."
                " Did you mean `queue`?"
            )
        ],
        id="what is asked for instead is a trigger",
    ),
    pytest.param(
        'if_claimed = { trigger = "queue", key = "blocked_key", holder = "blocked_by" }',
        'if_claimed = { trigger = "come_up", key = "blockd_key", holder = "blocked_by" }',
        [
            (
                "transitions[0].if_claimed.trigger: `come_up` cannot be asked for in submitted."
                " Add these to its source."
            ),
            (
                "transitions[0].if_claimed.trigger: `manager` cannot ask for `come_up`."
                " Add `manager` to its roles."
            ),
            (
                "transitions[0].if_claimed.trigger: `partner` cannot ask for `come_up`."
                " Add `partner` to its roles."
            ),
            (
                "transitions[0].if_claimed.key: `blockd_key` is no input of `come_up`."
                " None is defined."
            ),
            (
                "transitions[0].if_claimed.holder: `blocked_by` is no input of `come_up`."
                " None is defined."
            ),
        ],
        id="whoever asks can ask for the other too",
    ),
    pytest.param(
        'roles = ["manager"]\ninputs = [{ path = "reason"',
        'roles = ["manager"]\nif_claimed = "withdraw"\ninputs = [{ path = "reason"',
        [
            "transitions[5].if_claimed: `reject` takes no claim. Leave it out, or add `claims`.",
            (
                "transitions[5].if_claimed.trigger: `manager` cannot ask for `withdraw`."
                " Add `manager` to its roles."
            ),
        ],
        id="without a claim nothing is taken",
    ),
]


@pytest.mark.parametrize(("before", "after", "said"), CLAIMS)
def test_claims_that_do_not_fit(before: str, after: str, said: list[str]) -> None:
    """Each is named with its place and what to do, all at once."""
    assert before in REGISTRATION
    found = said_of(REGISTRATION.replace(before, after, 1), record=DealRegistration)
    assert sorted(found) == sorted(said)


EFFECTS = [
    pytest.param(
        'effects = { offered = "Tell a partner of an offer", ',
        'effects = { offered = "Tell a partner of an offer", create = "Create", released = "R", ',
        [
            "effects.create: every process has the effect `create`. Remove it here.",
            "effects.released: every process has the effect `released`. Remove it here.",
        ],
        id="two effects are there anyhow",
    ),
    pytest.param(
        'process = "opportunity"\n',
        "",
        [
            (
                "transitions[2].effects[0]: it does not say which record is to be made."
                ' Name its process: `process = "opportunity"`.'
            )
        ],
        id="a record of no process",
    ),
    pytest.param(
        'kind = "create"\n',
        'kind = "gone"\n',
        [
            (
                "transitions[2].effects[0].process: `process` stands beside the effect `create`"
                " only. Leave it out."
            ),
            (
                "transitions[2].effects[0].report: `report` stands beside the effect `create`"
                " only. Leave it out."
            ),
        ],
        id="only creating has a process",
    ),
    pytest.param(
        'trigger = "link", path = "converted_to" }',
        'trigger = "linc", path = "converted_to" }',
        [
            (
                "transitions[2].effects[0].report.trigger: there is no trigger `linc`."
                " Did you mean `link`?"
            )
        ],
        id="a report is a trigger",
    ),
    pytest.param(
        'trigger = "link", path = "converted_to" }',
        'trigger = "link", path = "converted_at" }',
        [
            (
                "transitions[2].effects[0].report.path: `converted_at` is no input of `link`."
                " Did you mean `converted_to`?"
            )
        ],
        id="a report goes into an input",
    ),
    pytest.param(
        'for_each = "offers"',
        'for_each = "offer"',
        [("transitions[0].effects.for_each: there is no field `offer`. Did you mean `offers`?")],
        id="a list that is not there",
    ),
    pytest.param(
        'for_each = "offers"',
        'for_each = "name"',
        ["transitions[0].effects.for_each: `name` is no list. Name a list of the record."],
        id="a field that is no list",
    ),
    pytest.param(
        'party = "item.party"',
        'party = "item.partyy"',
        [("transitions[0].effects: there is no field `item.partyy`. Did you mean `party`?")],
        id="a field that the items have not",
    ),
    pytest.param(
        'for_each = "offers", party = "item.party", data = ["id", "item.offered_at"]',
        'party = "item.party", data = ["id"]',
        ["transitions[0].effects: there is no field `item.party`. Did you mean `team.security`?"],
        id="an item of no list",
    ),
    pytest.param(
        'for_each = "offers", party = "item.party", data = ["id", "item.offered_at"]',
        'for_each = "claims", data = ["item.party"]',
        ["transitions[0].effects: the items of `claims` have no fields. Name the item itself."],
        id="a field of an item that has none",
    ),
    pytest.param(
        'data = { lead = "id", since = "accepted_at" }',
        'data = "id"',
        [
            (
                "transitions[1].effects[0].data: It should be a list of fields, or a table of"
                " fields by name. Given was `id`."
            )
        ],
        id="data is a list or a table",
    ),
    pytest.param(
        'data = { lead = "id", since = "accepted_at" }',
        'data = { lead = 1, since = "accepted_at" }',
        [
            (
                "transitions[1].effects[0].data.lead: It should be a field, or { literal = ... }."
                " Given was `1`."
            )
        ],
        id="data is a field or a literal",
    ),
]


@pytest.mark.parametrize(("before", "after", "said"), EFFECTS)
def test_effects_that_do_not_fit(before: str, after: str, said: list[str]) -> None:
    """Each is named with its place and what to do, all at once."""
    assert before in LEAD
    found = said_of(LEAD.replace(before, after, 1), record=Lead)
    assert [it.casefold() for it in found] == [it.casefold() for it in said]


def test_a_record_of_nothing_is_refused() -> None:
    """A record that is made gets one field at least."""
    start = LEAD.index("data = { name = ")
    text = LEAD[:start] + LEAD[LEAD.index("report = {") :]
    assert said_of(text, record=Lead) == [
        "transitions[2].effects[0]: the record would be empty. Give its fields as `data`."
    ]


PATHS = [
    pytest.param(
        "{products[*].id}",
        "{products[*].ids}",
        ["transitions[0].claims: there is no field `products[*].ids`. Did you mean `id`?"],
        id="a field that the items have not",
    ),
    pytest.param(
        "{products[*].id}",
        "{product[*].id}",
        ["transitions[0].claims: there is no field `product`. Did you mean `products`?"],
        id="a list that is not there",
    ),
    pytest.param(
        "{products[*].id}",
        "{name[*].id}",
        ["transitions[0].claims: `name` is no list. Name a list of the record."],
        id="a field that is no list",
    ),
    pytest.param(
        "{resubmission_of}",
        "{resubmission}",
        [
            (
                "claims.resubmission.keys: there is no field `resubmission`."
                " Did you mean `resubmissions`?"
            )
        ],
        id="a key that every record would hold",
    ),
    pytest.param(
        'on_breach = { trigger = "expire" }',
        'steps = [{ id = "s", offset = -1, effects = [{ kind = "tell", data = ["nam"] }] }]\n'
        'on_breach = { trigger = "expire", effects = [{ kind = "tell", data = ["nme"] }] }',
        [
            "clocks[0].steps[0].effects: there is no field `nam`. Did you mean `name`?",
            "clocks[0].on_breach.effects: there is no field `nme`. Did you mean `name`?",
        ],
        id="effects of a clock",
    ),
]


@pytest.mark.parametrize(("before", "after", "said"), PATHS)
def test_claims_and_effects_that_the_model_has_not(
    before: str, after: str, said: list[str]
) -> None:
    """What they are made of must be fields of the record, or of the items of a list."""
    assert before in REGISTRATION
    text = REGISTRATION.replace(before, after, 1)
    assert said_of(text, record=DealRegistration) == said


class _Odd(Lead, frozen=True):
    """A host's lead with a list that expressions do not know."""

    @property
    def pairs(self) -> tuple[int, str]:
        """Return what is no list of any length."""
        return (1, "a")


@pytest.mark.parametrize("name", ["pairs", "model_extra"])
def test_what_expressions_do_not_know_is_no_list(name: str) -> None:
    """A property that is no list of items, or none of a record's own, makes no effects."""
    text = LEAD.replace('for_each = "other_offers"', f'for_each = "{name}"')
    assert said_of(text, record=_Odd) == [
        f"transitions[1].effects.for_each: `{name}` is no list. Name a list of the record."
    ]


def test_the_kinds_and_roles_of_effects_are_declared() -> None:
    """What is not there is named, with what is."""
    text = LEAD.replace('kind = "gone", to = "partner"', 'kind = "gon", to = "partnr"')
    assert said_of(text, record=Lead) == [
        "transitions[1].effects[0].kind: there is no effect `gon`. Did you mean `gone`?",
        "transitions[1].effects[0].to: there is no role `partnr`. Did you mean `partner`?",
    ]
