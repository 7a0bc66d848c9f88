"""What is wrong with an approval chain is said at once, with the line that says it."""

from __future__ import annotations

import json
import tomllib

import pytest

from approval_samples import CHAINS, MANAGER, answered, chains, submitted
from cosell.definition import parse_process
from cosell.engine import bind, decide
from cosell.errors import DefinitionError
from cosell.models import Opportunity
from cosell.models.record import Record
from cosell.verify import verify_process
from process_samples import NOON


def problems_in(text: str, record: type[Record] = Opportunity) -> list[str]:
    """Return what is wrong with a definition, one line each."""
    with pytest.raises(DefinitionError) as caught:
        bind(parse_process(text, file="x.toml"), record=record)
    return [f"{it.line}: {it.path}: {it.problem}" for it in caught.value.problems]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        pytest.param(
            'approvals = ["deal"]',
            'approvals = ["deals"]',
            "gates.acceptance.approvals: there is no approval chain `deals`",
            id="a gate that names no chain",
        ),
        pytest.param(
            'approvals = ["deal"]\n',
            "",
            "approvals.deal: no gate waits for `deal`",
            id="a chain that nobody waits for",
        ),
        pytest.param(
            'role = "legal"',
            'role = "lawyer"',
            "approvals.deal.rows[2].role: there is no role `lawyer`",
            id="a row that nobody can answer",
        ),
        pytest.param(
            'role = "legal"',
            'role = "clock"',
            "approvals.deal.rows[2].role: there is no role `clock`",
            id="a clock approves nothing",
        ),
        pytest.param(
            'id = "legal"',
            'id = "finance"',
            "approvals.deal.rows[2].id: row `finance` is defined already",
            id="a row twice",
        ),
        pytest.param(
            'source = "submitted"\ncovers',
            'source = "sumbitted"\ncovers',
            "approvals.deal.source: there is no stage `sumbitted`",
            id="an unknown stage",
        ),
        pytest.param(
            'gates = ["somebody_else"]',
            'gates = ["somebody"]',
            "approvals.deal.gates: there is no gate `somebody`",
            id="an unknown gate",
        ),
        pytest.param(
            'gates = ["somebody_else"]',
            'gates = ["acceptance"]',
            "approvals.deal.gates: gate `acceptance` waits for approvals, and approvals would wait"
            " for it",
            id="a gate that waits for the chain",
        ),
        pytest.param(
            'kind = "tell", to = "partner", data',
            'kind = "till", to = "partner", data',
            "approvals.deal.effects[0].kind: there is no effect `till`",
            id="an unknown effect",
        ),
        pytest.param(
            'trigger = "submit"',
            'trigger = "approve_deal"',
            "approvals.deal: `approve_deal` asks for an answer of this chain",
            id="a trigger of that name",
        ),
        pytest.param(
            "[gates.acceptance]",
            "[gates.answer_deal_legal]\n"
            'criteria = [{ id = "x", need = "recorded(acv)", remedy = "x" }]\n[gates.acceptance]',
            "approvals.deal: gate `answer_deal_legal` stands in front of an answer of this chain",
            id="a gate of that name",
        ),
        pytest.param(
            'id = "named"',
            'id = "deal_board"',
            "gates.acceptance.approvals[0].id: criterion `deal_board` is defined already",
            id="a criterion of that name",
        ),
    ],
)
def test_names_are_checked(old: str, new: str, problem: str) -> None:
    """Every name that is used is defined, and none that the chain makes is taken (BX-41)."""
    assert old in CHAINS
    found = problems_in(CHAINS.replace(old, new, 1))

    assert problem in [it.partition(": ")[2] for it in found]
    assert not any(it.startswith("None") for it in found)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        pytest.param(
            'when = "acv > board_above"',
            'when = "acv > bored_above"',
            "approvals.deal.rows[3].when: there is no field `bored_above`",
            id="an unknown name",
        ),
        pytest.param(
            'when = "acv > board_above"',
            'when = "acv"',
            "approvals.deal.rows[3].when:",
            id="no condition",
        ),
        pytest.param(
            'when = "acv > board_above"',
            "when = \"actor.id == 'actor'\"",
            "approvals.deal.rows[3].when: who is asked cannot depend on who looks",
            id="a condition on the actor",
        ),
        pytest.param(
            'covers = ["acv", "products"]',
            'covers = ["acv", "product"]',
            "approvals.deal.covers[1]: there is no field `product`",
            id="an unknown field",
        ),
        pytest.param(
            'covers = ["document", "record.acv"]',
            'covers = ["record.approvals", "record.acv"]',
            "tracks.mdp.approvals.plan.covers[0]: `record.approvals` changes with every answer",
            id="answers that cover themselves",
        ),
        pytest.param(
            'covers = ["acv", "products"]',
            'covers = ["acv", "version"]',
            "approvals.deal.covers[1]: `version` changes with every answer",
            id="the version",
        ),
        pytest.param(
            'data = ["approvals"]',
            'data = ["approval"]',
            "approvals.deal.effects: there is no field `approval`",
            id="an effect that carries nothing",
        ),
        pytest.param(
            'inputs = [{ path = "owner" }',
            'inputs = [{ path = "approvals", append = true }',
            "transitions[1].inputs[0].path: `approvals` is written by cosell alone",
            id="another way to write answers",
        ),
        pytest.param(
            'set = { "registration.submitted_by" = "actor.id" }',
            'inputs = [{ path = "offers", append = true, covers = ["acv"] }]',
            "transitions[0].inputs[0].path: there is no field `offers`",
            id="an item for no list",
        ),
        pytest.param(
            'set = { "registration.submitted_by" = "actor.id" }',
            'inputs = [{ path = "notes", append = true, covers = ["acv", "avc"] }]',
            "transitions[0].inputs[0].covers: an item of `notes` has no field `covered`",
            id="an item that keeps nothing",
        ),
    ],
)
def test_expressions_and_fields_are_checked(old: str, new: str, problem: str) -> None:
    """Binding names each text that does not fit the model, on its own line (BX-41)."""
    assert old in CHAINS
    found = problems_in(CHAINS.replace(old, new, 1))

    assert found[0].partition(": ")[2].startswith(problem)
    assert not found[0].startswith("None")


def test_a_text_that_looks_like_the_actor_is_a_text() -> None:
    """What stands in quotes is not read."""
    text = CHAINS.replace('when = "acv > board_above"', "when = \"name == 'actor.id'\"")

    assert bind(parse_process(text), record=Opportunity).triggers


def test_a_model_has_to_keep_answers() -> None:
    """A record without a list of answers cannot follow a process with chains."""

    class Bare(Record, frozen=True):
        """A record with an amount, and no answers."""

    found = problems_in(CHAINS, Bare)

    assert any("approvals.deal: a Bare keeps no answers" in it for it in found)


def test_the_chain_is_made_of_moves_like_any_other() -> None:
    """The triggers can be asked for, and clocks can name them."""
    text = CHAINS + (
        '[[clocks]]\nid = "silence"\nunit = "calendar_days"\nallowance = 5\n'
        "start = [\"entered('submitted')\"]\nstop = [\"moved('approve_deal')\"]\n"
    )

    assert "approve_deal" in chains().triggers
    assert bind(parse_process(text), record=Opportunity).clocked


def test_a_gate_asks_something() -> None:
    """A gate with neither criteria nor chains would always open."""
    found = problems_in(CHAINS.replace('approvals = ["plan"]', 'label = "Empty"'))

    assert any("it asks nothing" in it for it in found)


def test_items_of_a_list_have_no_chains() -> None:
    """The answers for one item could not be told from those for another."""
    text = CHAINS.replace("[tracks.mdp]\n", '[tracks.mdp]\npart = "mdp.tasks"\nkey = "name"\n')
    found = problems_in(text)

    assert any("tracks.mdp.approvals: the answers for one item" in it for it in found)


class TestSoundness:
    """Verifying finds chains that could never be answered in time."""

    def test_the_sample_is_sound(self) -> None:
        """Its chains are answered where their gates wait, or before; their gates are used."""
        assert verify_process(parse_process(CHAINS)) == ()

    @pytest.mark.parametrize(
        ("source", "problems"),
        [
            pytest.param("submitted", [], id="where_the_gate_waits"),
            pytest.param("draft", [], id="in_a_stage_before"),
            pytest.param("*", [], id="in_every_stage"),
            pytest.param(
                "accepted",
                ["nobody can answer `deal` before `accept` from submitted"],
                id="only_afterwards",
            ),
        ],
    )
    def test_a_chain_is_answered_before_it_is_waited_for(
        self, source: str, problems: list[str]
    ) -> None:
        """A stage of the chain leads to the transition that waits for it."""
        text = CHAINS.replace('source = "submitted"\ncovers', f'source = "{source}"\ncovers')
        found = verify_process(parse_process(text))

        assert [it.problem for it in found] == problems


def test_a_definition_in_json_is_the_same() -> None:
    """Chains are tables of JSON as well."""
    content = tomllib.loads(CHAINS)

    assert parse_process(json.dumps(content), format="json").digest == chains().process.digest


def test_the_same_person_may_be_allowed() -> None:
    """A chain may say that one person answers for several rows."""
    text = CHAINS.replace(
        'label = "Approval of the deal"', 'label = "Approval"\nsame_person = true'
    )
    bound = bind(parse_process(text), record=Opportunity)
    record = answered(submitted(), MANAGER).model_copy(update={"process": bound.ref})
    twice = MANAGER.model_copy(update={"role": "finance"})

    facts = {"is_tender": False}
    assert decide(bound, record, "approve_deal", actor=twice, at=NOON, facts=facts).permitted


def test_texts_for_a_chain_that_is_not_there_are_found_too() -> None:
    """A translation beside a mistake does not hide the mistake."""
    text = CHAINS.replace('approvals = ["deal"]', 'approvals = ["deals"]')
    found = problems_in(text + '[translations.cs]\n"approval:deal" = "Obchod"\n')

    assert any("there is no approval chain `deals`" in it for it in found)
