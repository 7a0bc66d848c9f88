"""Qualification methods as data: what a gate asks of them, and what is wrong with one (BX-45)."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosell import Actor, DefinitionError, Lead, Verdict, bind, decide, open_record, parse_process
from cosell._base import Model
from cosell.definition import Method, criteria_of
from cosell.definition.method import Element
from cosell.definition.shipped_methods import SHIPPED
from cosell.engine import Bound, score_of
from cosell.errors import UnknownNameError
from cosell.models import Answer, Bant, Deal, Gpca, Meddpicc, Part, Spiced

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
SELLER = Actor("s-1", role="seller")

HEAD = """
id = "tiny"
version = 1
record = "Lead"
initial = "fresh"
roles = { seller = "Seller" }
stages = [{ id = "fresh" }, { id = "validate" }, { id = "won", kind = "won" }]
[[transitions]]
trigger = "go"
source = "fresh"
target = "validate"
roles = ["seller"]
gates = ["go"]
"""
METHOD = """
[methods.bant]
use = "bant"
"""
GATE = """
[gates.go]
methods = [{ method = "bant", stage = "validate" }]
"""


class Fit(Model, frozen=True):
    """A host's own answers: one as cosell has them, one a plain level."""

    problem: Answer = Answer()
    budget: int | None = None


class Own(Lead, frozen=True):
    """A host's lead with answers of its own."""

    fit: Fit = Fit()
    review: Part = Part()


def bound(text: str, **given: Any) -> Bound:
    """Return a bound process: head, method and gate."""
    return bind(parse_process(HEAD + text, file="tiny.toml"), record=Own, **given)


def lead(**fields: Any) -> Own:
    """Return a lead with what is recorded of it."""
    return Own.model_validate({"id": "l-1", **fields})


def found(process: Bound, record: Own) -> dict[str, str]:
    """Return what the gate finds, by criterion."""
    opened = open_record(process, record, actor=SELLER, at=NOW).record
    decision = decide(process, opened, "go", actor=SELLER, at=NOW)
    return {each.id: each.verdict.value for each in decision.findings if each.id != "role"}


def answered(level: int | None, *, proven: bool = True) -> dict[str, Any]:
    """Return an answer of some level, with evidence or without."""
    return {"level": level, "evidence": "Mail of 3 March." if proven else None}


class TestShipped:
    """What ships are the methods as they are published (MK-5, QL-20, BX-45)."""

    @pytest.mark.parametrize(
        ("name", "model"),
        [
            ("gpca", Gpca),
            ("bant", Bant),
            ("meddpic", Meddpicc),
            ("meddpicc", Meddpicc),
            ("spiced", Spiced),
        ],
    )
    def test_each_is_answered_in_the_models(self, name: str, model: type[Model]) -> None:
        """Every element is an answer of the model, and the longest form has them all."""
        shipped = SHIPPED[name]
        answers = [key for key, field in model.model_fields.items() if field.annotation is Answer]

        assert Deal.model_fields[shipped.answers].annotation is model
        assert set(shipped.elements) <= set(answers)
        assert (list(shipped.elements) == answers) is (name not in {"meddpic", "meddpicc"})

    def test_the_long_form_has_two_more(self) -> None:
        """Paper process and competition are the longer form's (QL-20)."""
        more = set(SHIPPED["meddpicc"].elements) - set(SHIPPED["meddpic"].elements)

        assert more == {"paper_process", "competition"}
        assert set(SHIPPED["meddpicc"].elements) == set(Meddpicc.model_fields)

    @pytest.mark.parametrize("name", sorted(SHIPPED))
    def test_each_can_be_used(self, name: str) -> None:
        """A process includes a method that ships by its name; it fits the models (QL-23)."""
        text = f'[methods.m]\nuse = "{name}"\n[gates.go]\n'
        process = bound(text + 'methods = [{ method = "m", minimum_score = "0.5" }]')

        assert found(process, lead()) == {"m_score": "unknown"}


class TestScore:
    """The score is weight times level over three times the weights, and exact (BX-45)."""

    GATE = (
        """
    [methods.bant]
    use = "bant"
    without = ["timeline"]
    elements = [{ id = "need", weight = 2 }]
    minimum_score = { validate = "0.5" }
    """
        + GATE
    )

    @pytest.mark.parametrize(
        ("budget", "authority", "need", "verdict", "score"),
        [
            pytest.param(answered(2), answered(2), answered(1), "met", "1/2", id="at the minimum"),
            pytest.param(answered(2), answered(1), answered(1), "unmet", "5/12", id="just below"),
            pytest.param(answered(3), answered(3), answered(3), "met", "1", id="the most"),
            pytest.param(answered(0), answered(0), answered(0), "unmet", "0", id="the least"),
            pytest.param(
                answered(0), {}, answered(3), "met", None, id="enough without what is missing"
            ),
            pytest.param(answered(1), {}, answered(2), "unknown", None, id="not enough without it"),
            pytest.param(
                answered(2, proven=False),
                answered(2),
                answered(1),
                "unknown",
                None,
                id="a box ticked without evidence is unknown",
            ),
            pytest.param(
                answered(1, proven=False),
                answered(3),
                answered(1, proven=False),
                "met",
                "1/2",
                id="what somebody said needs no evidence",
            ),
            pytest.param({}, {}, {}, "unknown", None, id="nothing is answered"),
        ],
    )
    def test_a_gate_asks_for_a_score(
        self,
        budget: dict[str, Any],
        authority: dict[str, Any],
        need: dict[str, Any],
        verdict: str,
        score: str | None,
    ) -> None:
        """It is met by what is known alone, unmet when all is known, and else unknown."""
        process = bound(self.GATE)
        record = lead(bant={"budget": budget, "authority": authority, "need": need})
        of = score_of(process, record, "bant")

        assert found(process, record) == {"bant_score": verdict}
        assert of.exact == (None if score is None else Fraction(score))
        assert of.reaches(Decimal("0.5")) is {"met": True, "unmet": False, "unknown": None}[verdict]

    @given(
        levels=st.lists(st.none() | st.integers(0, 3), min_size=3, max_size=3),
        proven=st.lists(st.booleans(), min_size=3, max_size=3),
    )
    def test_gate_and_score_agree(self, levels: list[int | None], proven: list[bool]) -> None:
        """What the gate finds is what the score says, for any answers."""
        process = PROCESS
        names = ("budget", "authority", "need")
        given_levels = zip(names, levels, proven, strict=True)
        record = lead(
            bant={name: answered(at, proven=with_it) for name, at, with_it in given_levels}
        )
        reached = score_of(process, record, "bant").reaches(Decimal("0.5"))

        verdict = {True: Verdict.MET, False: Verdict.UNMET, None: Verdict.UNKNOWN}[reached]
        assert found(process, record) == {"bant_score": verdict.value}

    @given(levels=st.lists(st.integers(1, 3), min_size=3, max_size=3), taken=st.integers(0, 2))
    def test_taking_evidence_away_never_helps(self, levels: list[int], taken: int) -> None:
        """Without its evidence an answer never opens a gate that was closed."""
        names = ("budget", "authority", "need")
        answers = {name: answered(level) for name, level in zip(names, levels, strict=True)}
        fewer = {**answers, names[taken]: answered(levels[taken], proven=False)}

        if found(PROCESS, lead(bant=fewer))["bant_score"] == "met":
            assert found(PROCESS, lead(bant=answers))["bant_score"] == "met"

    def test_it_explains_itself(self) -> None:
        """The score is followed by every element: level, name, weight, and what to find out."""
        record = lead(bant={"budget": answered(3), "authority": answered(0), "need": answered(1)})

        assert score_of(PROCESS, record, "bant").explain() == (
            "BANT: 0.4167\n"
            "  Budget: level 3 (confirmed), weight 1\n"
            "  Authority: level 0 (unknown), weight 1\n"
            "  Need: level 1 (identified), weight 2"
        )

    def test_what_it_can_still_become(self) -> None:
        """Unknown answers give a range."""
        score = score_of(PROCESS, lead(bant={"budget": answered(3)}), "bant")

        assert (score.least, score.most, score.rounded) == (Fraction(1, 4), Fraction(1), None)
        assert score.unknown == ("authority", "need")
        assert score.explain().startswith("BANT: between 0.2500 and 1.0000\n")
        assert str(score.elements[2]) == "Need: not known, weight 2. What do they need it for?"

    def test_an_unknown_method(self) -> None:
        """A method that the process does not have is refused by name."""
        with pytest.raises(UnknownNameError, match="Did you mean `bant`"):
            score_of(PROCESS, lead(), "bent")


PROCESS = bound(TestScore.GATE)


class TestLevels:
    """Each element that needs a level is a criterion of its own, by stage (BX-45, QL-20)."""

    GATE = (
        """
    [methods.bant]
    use = "bant"
    label = "Our BANT"
    cites = ["QL-20"]
    elements = [
      { id = "need", minimum = { validate = 2, won = 3 }, remedy = "Ask what it costs them." },
      { id = "budget", minimum = { validate = 1 } },
      { id = "timeline", minimum = { won = 1 } },
    ]
    [gates.go]
    methods = [{ method = "bant", stage = "validate", cites = ["BX-45"] }]
    """.replace(",\n    ]", "]")
        .replace("[\n      ", "[")
        .replace("},\n      ", "}, ")
    )

    @pytest.mark.parametrize(
        ("need", "budget", "verdicts"),
        [
            pytest.param(answered(2), answered(1), ("met", "met"), id="at the minimum"),
            pytest.param(answered(1), answered(0), ("unmet", "unmet"), id="just below"),
            pytest.param(answered(3, proven=False), {}, ("unknown", "unknown"), id="not proven"),
        ],
    )
    def test_levels(
        self, need: dict[str, Any], budget: dict[str, Any], verdicts: tuple[str, str]
    ) -> None:
        """An element is met, unmet or unknown by itself; those of other stages are not asked."""
        verdict = found(bound(self.GATE), lead(bant={"need": need, "budget": budget}))

        assert verdict == {"bant_budget": verdicts[1], "bant_need": verdicts[0]}

    def test_the_findings_say_what_to_do(self) -> None:
        """A finding has what is, what is needed, a remedy and its sources."""
        process = bound(self.GATE)
        opened = open_record(process, lead(bant={"need": answered(1)}), actor=SELLER, at=NOW)
        budget, need = decide(process, opened.record, "go", actor=SELLER, at=NOW).obstacles

        assert need.check.needed == "bant.need.proven_level >= 2"
        assert need.actual == {"bant.need.proven_level": 1}
        assert need.check.label == "Our BANT: Need validated"
        assert need.remedy == "Ask what it costs them."
        assert budget.remedy == "Bring Budget to level 1, identified."
        assert need.cites == ("QL-20", "BX-45")

    def test_a_row_may_only_advise(self) -> None:
        """What a method asks may be advised, and then stops nothing."""
        text = self.GATE.replace('cites = ["BX-45"]', 'severity = "advised"')
        process = bound(text)
        opened = open_record(process, lead(bant={"need": answered(1)}), actor=SELLER, at=NOW)

        decision = decide(process, opened.record, "go", actor=SELLER, at=NOW)
        assert decision.permitted
        assert [each.id for each in decision.advice] == ["bant_budget", "bant_need"]


class TestOwn:
    """A host's own method over its own model (BX-45)."""

    def test_answers_of_its_own(self) -> None:
        """Elements lead to answers of the host's model."""
        process = bound(
            """
            [methods.fit]
            answers = "fit"
            elements = [{ id = "pain", path = "problem", label = "The pain" }]
            [gates.go]
            methods = [{ method = "fit", minimum_score = "0.6" }]
            """
        )

        assert found(process, lead(fit={"problem": answered(2)})) == {"fit_score": "met"}
        assert score_of(process, lead(), "fit").label == "fit"

    def test_plain_levels(self) -> None:
        """An element may lead to the level itself; numbers beyond the names are shown as such."""
        process = bound(
            """
            [methods.fit]
            level = ""
            elements = [{ id = "money", path = "fit.budget", minimum = { validate = 2 } }]
            [gates.go]
            methods = [{ method = "fit", stage = "validate" }]
            """
        )

        assert found(process, lead(fit={"budget": 2})) == {"fit_money": "met"}
        assert str(score_of(process, lead(fit={"budget": 4}), "fit").elements[0]) == (
            "money: level 4, weight 1"
        )

    def test_in_a_track(self) -> None:
        """A gate of a track asks for the same answers of the whole record."""
        text = METHOD + '[gates.go]\nmethods = [{ method = "bant", minimum_score = "0.1" }]\n'
        process = bound(
            text
            + """
            [tracks.review]
            initial = "not_started"
            stages = [{ id = "not_started" }, { id = "done", kind = "closed" }]
            gates = { pass = { methods = [{ method = "bant", minimum_score = "1" }] } }
            [[tracks.review.transitions]]
            trigger = "pass"
            source = "not_started"
            target = "done"
            roles = ["seller"]
            gates = ["pass"]
            """
        )
        opened = open_record(process, lead(bant={"need": answered(3)}), actor=SELLER, at=NOW).record

        obstacles = decide(process, opened, "review.pass", actor=SELLER, at=NOW).obstacles
        assert obstacles[0].actual["record.bant.need.proven_level"] == 3

    def test_a_weight_is_exact(self) -> None:
        """Weights are decimals, and so are the numbers that criteria compare with."""
        element = Element(id="need", weight=Decimal("0.1"))
        method = Method(use="bant", without=("budget", "authority"), elements=(element,))

        assert method.total_weight == Decimal("1.1")
        process = parse_process(
            HEAD
            + """
            [methods.bant]
            use = "bant"
            without = ["budget", "authority"]
            elements = [{ id = "need", weight = 0.1 }]
            [gates.go]
            methods = [{ method = "bant", minimum_score = 0.3 }]
            """
        )
        [criterion] = criteria_of(process, None, process.gates["go"])
        assert criterion.need == (
            "default(bant.need.proven_level, 0) * 0.1 + default(bant.timeline.proven_level, 0)"
            " >= 0.99 or bant.need.proven_level * 0.1 + bant.timeline.proven_level >= 0.99"
        )


LONG = ", ".join(f'{{ id = "{"e" * 30}{number}", path = "need" }}' for number in range(40))


@pytest.mark.parametrize(
    ("text", "path", "said"),
    [
        pytest.param(
            '[methods.bant]\nuse = "bent"' + GATE,
            "methods.bant.use",
            "no method `bent` ships. Did you mean `bant`?",
            id="a method that does not ship",
        ),
        pytest.param(
            METHOD + 'without = ["money"]' + GATE,
            "methods.bant.without[0]",
            "there is no element `money` to leave out",
            id="an element that is not there",
        ),
        pytest.param(
            METHOD + 'elements = [{ id = "x", path = "need" }, { id = "x", path = "need" }]' + GATE,
            "methods.bant.elements[1].id",
            "element `x` is defined already",
            id="an element twice",
        ),
        pytest.param(
            METHOD + 'elements = [{ id = "need", minimum = { validat = 2 } }]' + GATE,
            "methods.bant.elements[0].minimum.validat",
            "there is no stage `validat`. Did you mean `validate`?",
            id="a minimum for no stage",
        ),
        pytest.param(
            METHOD + 'minimum_score = { valid = "0.5" }' + GATE,
            "methods.bant.minimum_score.valid",
            "there is no stage `valid`",
            id="a score for no stage",
        ),
        pytest.param(
            "[methods.bant]" + GATE,
            "methods.bant",
            "it asks for nothing. Give it elements",
            id="a method without elements",
        ),
        pytest.param(
            METHOD + GATE.replace('"bant"', '"bent"'),
            "gates.go.methods[0].method",
            "there is no method `bent`. Did you mean `bant`?",
            id="a gate that asks for no method",
        ),
        pytest.param(
            METHOD + GATE,
            "gates.go.methods[0].stage",
            "`bant` has no minimum for `validate`",
            id="a stage without a minimum",
        ),
        pytest.param(
            METHOD + GATE.replace(', stage = "validate"', ""),
            "gates.go.methods[0]",
            "it asks for nothing. Give it a `stage`",
            id="a row that asks for nothing",
        ),
        pytest.param(
            METHOD
            + GATE.replace("stage", 'minimum_score = "0.5", stage').replace(
                "}]", '}, { method = "bant", minimum_score = "0.6" }]'
            ),
            "gates.go.methods[1].id",
            "criterion `bant_score` is defined already",
            id="a score twice",
        ),
        pytest.param(
            METHOD + "[gates.go]\nlabel = 'x'",
            "gates.go",
            "it asks nothing",
            id="a gate that asks nothing",
        ),
        pytest.param(
            METHOD + 'minimum_score = { validate = "1.5" }' + GATE,
            "methods.bant.minimum_score.validate",
            "less than or equal to 1",
            id="a score above 1",
        ),
        pytest.param(
            METHOD + 'elements = [{ id = "need", minimum = { validate = 4 } }]' + GATE,
            "methods.bant.elements[0].minimum.validate",
            "less than or equal to 3",
            id="a level above 3",
        ),
        pytest.param(
            METHOD + 'elements = [{ id = "need", weight = 0 }]' + GATE,
            "methods.bant.elements[0].weight",
            "greater than 0",
            id="a weight of nothing",
        ),
    ],
)
def test_wrong_definitions(text: str, path: str, said: str) -> None:
    """What is wrong is said with file, line, path and what to do."""
    with pytest.raises(DefinitionError) as caught:
        parse_process(HEAD + text, file="tiny.toml")

    problem = next(each for each in caught.value.problems if each.path == path)
    assert said in str(problem)
    assert problem.line is not None


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        pytest.param(
            '[methods.m]\nelements = [{ id = "fit" }, { id = "need", path = "bant.need" }]\n'
            '[gates.go]\nmethods = [{ method = "m", minimum_score = "0.5" }]',
            ["methods.m.elements[0]"],
            id="a path that leads to no answer",
        ),
        pytest.param(
            '[methods.m]\nuse = "bant"\nanswers = "gpca"\n'
            '[gates.go]\nmethods = [{ method = "m", minimum_score = "0.5" }]',
            ["methods.m"] * 3,
            id="answers that stand elsewhere",
        ),
        pytest.param(
            '[methods.m]\nlevel = "value"\nelements = [{ id = "need", path = "bant.need" }]\n'
            '[gates.go]\nmethods = [{ method = "m", minimum_score = "0.5" }]',
            ["methods.m.elements[0]"],
            id="a level that is no number",
        ),
        pytest.param(
            f'[methods.m]\nanswers = "bant"\nelements = [{LONG}]\n'
            '[gates.go]\nmethods = [{ method = "m", minimum_score = "0.5" }]',
            ["gates.go.methods[0]"],
            id="more elements than an expression can hold",
        ),
    ],
)
def test_methods_that_do_not_fit_the_model(text: str, paths: list[str]) -> None:
    """What does not fit the model is said once, at the method or at the row of the gate."""
    with pytest.raises(DefinitionError) as caught:
        bound(text)

    assert [each.path for each in caught.value.problems] == paths
    assert caught.value.problems[0].line is not None


def test_an_advised_method_beside_written_criteria() -> None:
    """What is written stands first, and a problem with it stands at its own place."""
    text = (
        METHOD
        + """
    [gates.go]
    methods = [{ method = "bant", minimum_score = "0.5" }]
    criteria = [{ id = "named", need = "recorded(nme)", remedy = "Name it." }]
    """
    )
    with pytest.raises(DefinitionError) as caught:
        bound(text)

    assert [each.path for each in caught.value.problems] == ["gates.go.criteria[0].need"]
    good = parse_process(HEAD + text.replace("nme", "name"))
    assert [each.id for each in criteria_of(good, None, good.gates["go"])] == [
        "named",
        "bant_score",
    ]
