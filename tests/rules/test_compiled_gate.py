"""Gates: verdicts, reasons, what is wrong with them, and hosts' code that fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

import pytest
from pydantic import ValidationError

from cosell._base import Amount, Instant, Model
from cosell.errors import DefinitionError, ExpressionError, Problem
from cosell.events import Actor
from cosell.findings import Finding, Severity, Verdict, obstacles_in
from cosell.models.record import Record
from cosell.money import Money, Rates
from cosell.rules import (
    CompiledGate,
    Criterion,
    Scope,
    compile_condition,
    compile_gate,
    compile_value,
    problems_in_gate,
    problems_in_scope,
)
from rules.expressions import SCOPE, Deal, Person

ACTOR = Actor("p-7", role="partner", party="acme")
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
BACK_ENDS = pytest.mark.parametrize(
    "generated", [pytest.param(True, id="generated"), pytest.param(False, id="closures")]
)


def criterion(need: str | None = None, **others: Any) -> Criterion:
    """Return a criterion that asks for ``need``."""
    return Criterion(**{"id": "it", "need": need, "remedy": "Do it.", **others})


def given(facts: Mapping[str, Any] | None = None, rates: Rates | None = None, **record: Any) -> Any:
    """Return what a compiled function is called with."""
    return Deal(id="d-1", **record), None, ACTOR, facts, NOON, rates


def both(
    criteria: Sequence[Criterion], call: tuple[Any, ...], scope: Scope = SCOPE, **others: Any
) -> tuple[bool, tuple[Finding, ...]]:
    """Return what a gate says, once it is sure that both back ends say the same."""
    fast = compile_gate("g", criteria, scope, **others)
    slow = compile_gate("g", criteria, scope, generated=False, **others)
    found = fast.permits(*call), fast.examine(*call)
    assert (slow.permits(*call), slow.examine(*call)) == found
    assert fast.obstacles(*call) == slow.obstacles(*call) == obstacles_in(found[1])
    return found


class TestVerdicts:
    """Whether a criterion applies, and what it finds (language.md, Three values)."""

    @pytest.mark.parametrize(
        ("when", "need", "verdict"),
        [
            ("True", "True", Verdict.MET),
            ("True", "False", Verdict.UNMET),
            ("True", "won", Verdict.UNKNOWN),
            ("False", "True", Verdict.NOT_APPLICABLE),
            ("False", "False", Verdict.NOT_APPLICABLE),
            ("False", "won", Verdict.NOT_APPLICABLE),
            ("won", "True", Verdict.MET),
            ("won", "False", Verdict.UNKNOWN),
            ("won", "won", Verdict.UNKNOWN),
        ],
    )
    def test_when_says_where_it_applies(self, when: str, need: str, verdict: Verdict) -> None:
        """An unknown ``when`` is never not applicable: met if ``need`` is, else unknown."""
        permitted, (finding,) = both([criterion(need, when=when)], given())

        assert finding.verdict is verdict
        assert permitted is finding.passes

    def test_only_required_criteria_stop(self) -> None:
        """An advised criterion that is not met is advice, and stops nothing."""
        rows = [criterion("hot", severity="advised"), criterion("not hot")]

        permitted, findings = both(rows, given())

        assert permitted
        assert [finding.is_advice for finding in findings] == [True, False]

    def test_every_criterion_is_examined(self) -> None:
        """A list of findings is complete, also after the first obstacle."""
        rows = [criterion("hot", id="a"), criterion("won", id="b"), criterion("not hot", id="c")]

        permitted, findings = both(rows, given())

        assert not permitted
        assert [(finding.id, finding.verdict.value) for finding in findings] == [
            ("a", "unmet"),
            ("b", "unknown"),
            ("c", "met"),
        ]

    def test_a_gate_without_criteria_is_open(self) -> None:
        """A gate that asks nothing permits."""
        assert both([], given()) == (True, ())


class TestFindings:
    """What a finding says: what is, what should be, and the remedy."""

    def test_a_check_says_what_is_needed(self) -> None:
        """Parameters are filled in, and paths stand in the order in which they are read."""
        row = criterion(
            "acv > above and actor.id != owner and facts.checked",
            when="count(p.active for p in people) > seats and as_of > start_on",
            cites=("MK-26",),
            label="Big enough",
            severity="advised",
        )

        gate = compile_gate("closing", [row], SCOPE)

        (check,) = gate.checks
        assert check.needed == "acv > 50000 USD and actor.id != owner and facts.checked"
        assert check.paths == ("people", "acv", "actor.id", "owner", "facts.checked")
        assert (check.id, check.gate, check.label) == ("it", "closing", "Big enough")
        assert (check.cites, check.severity) == (("MK-26",), Severity.ADVISED)

    def test_reads_are_the_paths_of_fields_and_facts(self) -> None:
        """What a gate reads is named by path, items' fields and the day of rates among it."""
        scope = replace(SCOPE, rates_on="signed_on")
        rows = [
            criterion("acv > above and any(p.role == 'champion' for p in people)"),
            criterion("recorded(contact) and buyer.name == facts.city and actor.id == 'x'"),
        ]

        gate = compile_gate("g", rows, scope)

        assert gate.reads == {
            "acv",
            "people",
            "people.role",
            "contact",
            "buyer.name",
            "facts.city",
            "signed_on",
        }

    def test_values_are_those_of_the_record(self) -> None:
        """A finding carries the values at the paths of its check, as the record has them."""
        moment = datetime(2026, 11, 20, 10, tzinfo=UTC)
        row = criterion("acv > above and won_at < at and contact.name == 'x' and weight > 1")

        _, (finding,) = both([row], given(acv="5 USD", won_at=moment, users=8))

        assert finding.actual == {
            "acv": Money.parse("5 USD"),
            "won_at": moment,
            "contact.name": None,
            "weight": 1,
        }

    def test_a_track_reads_the_whole(self) -> None:
        """Inside a track ``record.`` is the whole, which is given beside the part."""
        scope = Scope(model=Person, whole=Deal)
        call = Person(level=3), Deal(id="d-1", users=2), ACTOR, None, NOON, None

        permitted, (finding,) = both([criterion("level > record.users")], call, scope)

        assert permitted
        assert finding.actual == {"level": 3, "record.users": 2}

    def test_a_missing_rate_is_the_remedy(self) -> None:
        """Where only a rate is missing, the remedy says which one of which day."""
        row = criterion("acv > above")

        _, (finding,) = both([row], given(acv="99999 EUR"))

        assert finding.verdict is Verdict.UNKNOWN
        assert finding.remedy == "Give the EUR→USD rate of 2026-11-20."
        assert finding.as_dict()["remedy"] == finding.remedy

    def test_a_missing_day_of_rates_is_the_remedy(self) -> None:
        """Where the day of the rate is not recorded, that is what to record."""
        scope = replace(SCOPE, rates_on="signed_on")

        _, (finding,) = both([criterion("acv > above")], given(acv="9 EUR"), scope)

        assert finding.remedy == "Record the day of the EUR→USD rate."

    def test_the_day_of_rates_decides(self) -> None:
        """Money is converted at the rate of the day that ``rates_on`` names."""
        scope = replace(SCOPE, rates_on="default(signed_on, as_of)")
        rates = Rates.of(("EUR", "USD", "2026-11-21", "2"), ("EUR", "USD", "2026-11-20", "1"))
        call = given(acv="30000 EUR", rates=rates, signed_on=date(2026, 11, 21))

        assert both([criterion("acv > above")], call, scope)[0]

    def test_all_that_is_missing_is_named_once(self) -> None:
        """Each missing rate is named once, in a list too."""
        row = criterion("any(p.budget > above for p in people) or acv > above")
        people = (Person(budget="5 GBP"), Person(budget="6 GBP"))

        _, (finding,) = both([row], given(acv="9 EUR", people=people))

        assert finding.remedy == (
            "Give the GBP→USD rate of 2026-11-20. Give the EUR→USD rate of 2026-11-20."
        )

    def test_a_calendar_that_ends_is_the_remedy(self) -> None:
        """Where a calendar does not know the days, the remedy says which days."""
        row = criterion("business_days(signed_on, as_of, 'office') < 5")

        _, (finding,) = both([row], given(signed_on=date(2025, 12, 30)))

        assert finding.remedy == "Give calendar `office` from 2025-12-30 to 2026-11-20."

    def test_a_missing_field_is_no_missing_rate(self) -> None:
        """Where a field is missing, the criterion's own remedy stands."""
        _, (finding,) = both([criterion("acv > above")], given())

        assert finding.remedy == "Do it."
        assert finding.own_remedy is None

    def test_what_settles_it_anyway_is_no_reason(self) -> None:
        """A criterion that is met or unmet asks for no rate."""
        _, (finding,) = both([criterion("hot and acv > above")], given(acv="9 EUR"))

        assert finding.verdict is Verdict.UNMET
        assert finding.own_remedy is None


class Failing(Record, frozen=True):
    """A record whose derived fields fail, each in its own way."""

    users: int | None = None
    items: tuple[FailingItem, ...] = ()

    @property
    def raises(self) -> bool:
        message = "no such\n  key"
        raise KeyError(message)

    @property
    def raises_badly(self) -> bool:
        raise BadlyMadeError

    @property
    def wrong(self) -> int:
        return "5"  # type: ignore[return-value] - the mistake that is tested

    @property
    def missing(self) -> int:
        return None  # type: ignore[return-value] - the mistake that is tested

    @property
    def naive(self) -> datetime:
        return datetime(2026, 1, 1)  # noqa: DTZ001 - the mistake that is tested

    @property
    def long(self) -> Amount:
        return Decimal("0.00001")

    @property
    def floating(self) -> Amount:
        return 0.5  # type: ignore[return-value] - the mistake that is tested

    @property
    def listed(self) -> tuple[FailingItem, ...]:
        return (FailingItem(), "x")  # type: ignore[return-value] - the mistake that is tested

    @property
    def label(self) -> Literal["a", "b"]:
        return "c"  # type: ignore[return-value] - the mistake that is tested

    @property
    def numbers(self) -> tuple[int, ...]:
        return (1, 2)

    @cached_property
    def fine(self) -> bool:
        return True

    @property
    def deep(self) -> FailingItem | None:
        return FailingItem()

    @property
    def interrupts(self) -> bool:
        raise KeyboardInterrupt


class FailingItem(Model, frozen=True):
    """An item whose derived field may fail."""

    bad: bool = True

    @property
    def raises(self) -> bool:
        if self.bad:
            message = "item"
            raise ValueError(message)
        return True


class BadlyMadeError(Exception):
    """An error that cannot even be shown."""

    def __str__(self) -> str:
        raise RuntimeError


FAILING = Scope(model=Failing, labels={"stage": frozenset({"unopened"})})


def failing(**values: Any) -> tuple[Any, ...]:
    """Return a call with a record whose derived fields fail."""
    return Failing(id="d-1", **values), None, ACTOR, None, NOON, None


class TestDerivedFields:
    """A derived field that fails makes its criterion unknown, and never raises."""

    @pytest.mark.parametrize(
        ("need", "error"),
        [
            ("raises", "`raises` cannot be read: KeyError: 'no such\\n key'"),
            ("raises_badly", "`raises_badly` cannot be read: BadlyMadeError"),
            ("wrong == 5", "`wrong` cannot be read: `wrong` gave a value that is not a whole"),
            ("missing == 5", "`missing` cannot be read: `missing` gave a value"),
            ("naive < at", "`naive` cannot be read: `naive` gave a value"),
            ("long > 0", "`long` cannot be read: `long` gave a value that is not a decimal"),
            ("floating > 0", "`floating` cannot be read: `floating` gave a value that is not"),
            ("label == 'a'", "`label` cannot be read: `label` gave a value that is not a label"),
            ("any(i.bad for i in listed)", "`listed` cannot be read: `listed` gave a value"),
            ("any(n > 5 for n in numbers) or raises", "`raises` cannot be read"),
            ("True or raises", "`raises` cannot be read"),
            ("fine and deep.raises", "`deep.raises` cannot be read: ValueError: item"),
        ],
    )
    def test_the_criterion_is_unknown(self, need: str, error: str) -> None:
        """The finding says which field failed and why; the gate does not open."""
        permitted, (finding,) = both([criterion(need)], failing(), FAILING)

        assert not permitted
        assert finding.verdict is Verdict.UNKNOWN
        assert finding.error is not None
        assert finding.error.startswith(error)

    def test_the_others_are_judged(self) -> None:
        """One criterion that fails leaves the others as they are, and their values too."""
        rows = [criterion("users > 1"), criterion("raises or users > 1"), criterion("fine")]

        permitted, findings = both(rows, failing(users=5), FAILING)

        assert not permitted
        assert [finding.verdict.value for finding in findings] == ["met", "unknown", "met"]
        assert findings[1].actual == {"raises": None, "users": 5}

    def test_an_advised_criterion_that_fails_stops_nothing(self) -> None:
        """What is only advised may fail without consequence."""
        rows = [criterion("raises", severity="advised"), criterion("fine")]

        permitted, findings = both(rows, failing(), FAILING)

        assert permitted
        assert findings[0].error

    @pytest.mark.parametrize(
        ("items", "verdict"),
        [
            ((), Verdict.UNMET),
            ((FailingItem(bad=False), FailingItem()), Verdict.MET),
            ((FailingItem(), FailingItem(bad=False)), Verdict.UNKNOWN),
        ],
    )
    def test_items_are_read_as_far_as_needed(
        self, items: tuple[FailingItem, ...], verdict: Verdict
    ) -> None:
        """An item after the one that settles the answer is not looked at."""
        call = failing(items=items)

        permitted, (finding,) = both([criterion("any(i.raises for i in items)")], call, FAILING)

        assert finding.verdict is verdict
        assert permitted is (verdict is Verdict.MET)
        assert bool(finding.error) is (verdict is Verdict.UNKNOWN)

    @BACK_ENDS
    def test_a_value_or_condition_that_fails_is_missing(self, *, generated: bool) -> None:
        """Single values and conditions do not raise either."""
        value = compile_value("wrong + 1", FAILING, generated=generated)
        condition = compile_condition("raises", FAILING, generated=generated)
        items = compile_value("count(i.raises for i in items)", FAILING, generated=generated)

        assert value.value(*failing()) is None
        assert condition.verdict(*failing()) is Verdict.UNKNOWN
        assert items.value(*failing(items=(FailingItem(),))) is None

    @BACK_ENDS
    def test_an_interrupt_is_not_caught(self, *, generated: bool) -> None:
        """What is no error, such as a person's interrupt, goes through."""
        gate = compile_gate("g", [criterion("interrupts")], FAILING, generated=generated)

        with pytest.raises(KeyboardInterrupt):
            gate.permits(*failing())


def answering(answer: object) -> Callable[..., Any]:
    """Return a predicate that answers so, or raises so."""

    def predicate(acv: Money, name: str) -> object:
        assert isinstance(acv, Money)
        assert name == "x"
        if isinstance(answer, Exception):
            raise answer
        return answer

    return predicate


class TestPredicates:
    """A host's own predicate is asked when all it takes is there, and trusted with a yes only."""

    @pytest.mark.parametrize(
        ("answer", "verdict", "error"),
        [
            (True, Verdict.MET, None),
            (False, Verdict.UNMET, None),
            (None, Verdict.UNKNOWN, None),
            (1, Verdict.UNKNOWN, "predicate `ok` gave neither yes nor no"),
            ("yes", Verdict.UNKNOWN, "predicate `ok` gave neither yes nor no"),
            (OSError("down"), Verdict.UNKNOWN, "predicate `ok` gave no answer: OSError: down"),
            (ExpressionError("x", 1, "bad", "Mend."), Verdict.UNKNOWN, "gave no answer: bad"),
        ],
    )
    def test_the_answer_is_the_verdict(
        self, answer: object, verdict: Verdict, error: str | None
    ) -> None:
        """Yes, no and unknown are verdicts; anything else is unknown, with what happened."""
        row = criterion(predicate="ok", inputs=("acv", "contact.name"))
        call = given(acv="5 USD", contact={"name": "x"})

        permitted, (finding,) = both([row], call, predicates={"ok": answering(answer)})

        assert finding.verdict is verdict
        assert permitted is (verdict is Verdict.MET)
        assert (finding.error or "").endswith(error or "")
        assert finding.actual == {"acv": Money.parse("5 USD"), "contact.name": "x"}
        assert finding.check.needed == "ok(acv, contact.name)"

    def test_it_is_not_asked_without_its_inputs(self) -> None:
        """A missing input makes it unknown; a failing derived field does so with an error."""
        asked: list[object] = []
        predicates = {"ok": asked.append}
        rows = [criterion(predicate="ok", inputs=("wrong",))]

        _, (missing,) = both(
            [criterion(predicate="ok", inputs=("acv",))], given(), predicates=predicates
        )
        _, (failed,) = both(rows, failing(), FAILING, predicates=predicates)

        assert asked == []
        assert (missing.verdict, missing.error) == (Verdict.UNKNOWN, None)
        assert (failed.verdict, bool(failed.error)) == (Verdict.UNKNOWN, True)

    def test_it_is_not_asked_where_it_does_not_apply(self) -> None:
        """A predicate behind a ``when`` that does not apply is not asked."""
        row = criterion(predicate="ok", when="hot")

        permitted, (finding,) = both([row], given(), predicates={"ok": lambda: 1 / 0})

        assert permitted
        assert finding.verdict is Verdict.NOT_APPLICABLE

    def test_inputs_are_values_of_any_kind(self) -> None:
        """A predicate is given conditions as yes or no, and amounts as exact money."""
        seen: list[tuple[object, ...]] = []

        def ok(*values: object) -> bool:
            seen.append(values)
            return True

        inputs = ("won and hot", "acv * 0.001", "default(users, 0.5)", "'a' if hot else 'b'")
        row = criterion(predicate="ok", inputs=inputs)

        permitted, _ = both([row], given(won=False, acv="0.01 USD"), predicates={"ok": ok})

        assert permitted
        (values,) = set(seen)
        assert values[0] is False
        assert str(getattr(values[1], "amount")) == "0.00001"  # noqa: B009 - of any type
        assert values[2:] == (Decimal("0.5"), "b")

    def test_a_missing_rate_is_the_remedy_for_its_inputs(self) -> None:
        """An input that waits for a rate says so."""
        row = criterion(predicate="ok", inputs=("fee + acv",))

        _, (finding,) = both([row], given(acv="5 EUR"), predicates={"ok": lambda _: True})

        assert finding.remedy == "Give the EUR→USD rate of 2026-11-20."


def paths(problems: Sequence[Problem]) -> list[tuple[str, str]]:
    """Return path and problem of each."""
    return [(problem.path, problem.problem) for problem in problems]


class TestProblems:
    """Everything that is wrong with a gate is said at once."""

    def test_all_problems_at_once(self) -> None:
        """Each text that is wrong gives one problem with its path, column and excerpt."""
        rows = [
            criterion("acv > abvoe", when="acv"),
            criterion("hot"),
            criterion("won >"),
            criterion(predicate="nothing", inputs=("acv", "x", "people")),
            criterion(predicate="one", inputs=("acv", "fee")),
        ]

        problems = problems_in_gate(rows, SCOPE, predicates={"one": lambda _: True})

        assert paths(problems) == [
            ("criteria[0].when", "a condition is needed here, and this is money"),
            ("criteria[0].need", "there is no field `abvoe`"),
            ("criteria[2].need", "this cannot be read as an expression"),
            ("criteria[3].inputs[1]", "there is no field `x`"),
            ("criteria[3].inputs[2]", "`people` is a list"),
            ("criteria[3].predicate", "there is no predicate `nothing`"),
            ("criteria[4].predicate", "predicate `one` does not take 2 inputs"),
        ]
        assert (problems[1].column, problems[1].excerpt) == (7, "    acv > abvoe\n          ^")

    def test_compiling_raises_them_all(self) -> None:
        """A gate that is wrong is not compiled."""
        with pytest.raises(DefinitionError) as caught:
            compile_gate("closing", [criterion("x"), criterion("y")], SCOPE)

        assert caught.value.subject == "gate `closing`"
        assert len(caught.value.problems) == 2

    @pytest.mark.parametrize(
        ("function", "count"),
        [
            pytest.param(lambda acv, fee: acv > fee, 2, id="as many as it takes"),
            pytest.param(lambda *amounts: bool(amounts), 2, id="any number"),
            pytest.param(max, 2, id="one that does not say"),
        ],
    )
    def test_a_predicate_takes_its_inputs(self, function: Callable[..., Any], count: int) -> None:
        """A predicate is compared with the number of its inputs, as far as it can be."""
        row = criterion(predicate="ok", inputs=("acv",) * count)

        assert problems_in_gate([row], SCOPE, predicates={"ok": function}) == []

    @pytest.mark.parametrize(
        ("needs", "problems"),
        [
            (["all(p.active for p in people)"], ["criteria[0].need"]),
            (["not all(p.active for p in people)"], ["criteria[0].need"]),
            (["all(p.active for p in people)", "count(True for p in people) > 0"], []),
            (["all(p.active for p in people)", "any(p.active for p in people)"], []),
            (["count(p.active for p in people) > 0 and all(p.active for p in people)"], []),
            (
                ["all(p.active for p in people)", "any(n > 1 for n in numbers)"],
                ["criteria[0].need"],
            ),
            (["hot", "all(n > 1 for n in numbers)"], ["criteria[1].need"]),
        ],
    )
    def test_a_vacuous_all_is_refused(self, needs: list[str], problems: list[str]) -> None:
        """``all`` of a list stands with a count of the same list in the same gate."""
        found = problems_in_gate([criterion(need) for need in needs], SCOPE)

        assert [problem.path for problem in found] == problems
        assert all("true of an empty list" in problem.problem for problem in found)

    def test_what_cannot_be_read_may_count_the_list(self) -> None:
        """Beside a count that is wrong itself nothing follows for the list."""
        needs = ["all(p.active for p in people)", "count(True for p in people) > least_of_all"]

        (found,) = problems_in_gate([criterion(need) for need in needs], SCOPE)

        assert found.path == "criteria[1].need"

    def test_all_may_say_where_a_criterion_applies(self) -> None:
        """In ``when`` an empty list does no harm."""
        row = criterion("hot", when="all(p.active for p in people)")

        assert problems_in_gate([row], SCOPE) == []

    def test_what_grows_too_large_is_refused(self) -> None:
        """Conditions nested so that working them out would multiply are refused, at once."""
        text = "won"
        for _ in range(12):
            text = f"(won == {text})"

        (problem,) = problems_in_gate([criterion(text)], SCOPE)

        assert problem.problem == "this is too large once it is worked out"

    @pytest.mark.parametrize(
        "step",
        [
            pytest.param("(1 if {0} > users else users)", id="choices in conditions of choices"),
            pytest.param("default({0}, users)", id="defaults of defaults"),
            pytest.param("lookup({0}, shares)", id="look-ups of look-ups"),
            pytest.param("({0} + users)", id="sums of sums"),
            pytest.param("min({0}, users)", id="least of least"),
            pytest.param("count(n > {0} for n in numbers)", id="counts"),
        ],
    )
    def test_no_nesting_hangs(self, step: str) -> None:
        """However deep and whatever is nested, it compiles or is refused in no time."""
        text, verdicts = "users", set()
        for _ in range(36):
            text = step.format(text)
            try:
                condition = compile_condition(f"{text} > 3", SCOPE)
            except ExpressionError:
                continue
            verdicts.add(condition.verdict(*given(users=5)))

        assert verdicts <= set(Verdict)

    @pytest.mark.parametrize(
        ("scope", "path", "problem"),
        [
            ({"parameters": {"x": 0.5}}, "parameters.x", "a float stands here"),
            ({"parameters": {"x": [1, 0.5]}}, "parameters.x", "a float stands here"),
            ({"parameters": {"x": {"a": None}}}, "parameters.x", "expressions have no such"),
            ({"parameters": {"x": {0.5: 1}}}, "parameters.x", "a float stands here"),
            ({"parameters": {"x": [[1]]}}, "parameters.x", "expressions have no such"),
            ({"facts": {"x": "number"}}, "facts.x", "there is no type `number`"),
            ({"zone": "Europe/Prag"}, "zone", "there is no time zone `Europe/Prag`"),
            ({"zone": "../../etc/passwd"}, "zone", "there is no time zone"),
            ({"rates_on": "sign_on"}, "rates_on", "there is no field `sign_on`"),
            ({"rates_on": "acv"}, "rates_on", "a date is needed here, and this is money"),
        ],
    )
    def test_a_scope_that_is_wrong(self, scope: dict[str, Any], path: str, problem: str) -> None:
        """What is wrong with a scope is said once, and nothing is compiled in it."""
        wrong = replace(SCOPE, **scope)

        (found,) = problems_in_scope(wrong)
        assert found.path == path
        assert problem in found.problem
        with pytest.raises(DefinitionError):
            compile_gate("g", [], wrong)
        with pytest.raises(DefinitionError):
            compile_value("users", wrong)
        with pytest.raises(DefinitionError):
            compile_condition("hot", wrong)

    def test_a_wrong_day_of_rates_is_not_said_for_each_gate(self) -> None:
        """A gate in a scope that is wrong reports its own problems only."""
        wrong = replace(SCOPE, rates_on="sign_on")

        assert problems_in_gate([criterion("acv > above")], wrong) == []

    def test_a_scope_that_is_right(self) -> None:
        """A scope with every kind of parameter and fact has no problem."""
        assert problems_in_scope(SCOPE) == []


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({}, id="neither need nor predicate"),
        pytest.param({"need": "hot", "predicate": "ok"}, id="both"),
        pytest.param({"need": "hot", "inputs": ("acv",)}, id="inputs without a predicate"),
        pytest.param({"need": "hot", "id": "Not A Name"}, id="an id that is no name"),
    ],
)
def test_a_criterion_asks_once(fields: dict[str, Any]) -> None:
    """A criterion has either a need or a predicate, and inputs with a predicate only."""
    with pytest.raises(ValidationError):
        criterion(**fields)


def test_a_compiled_gate_is_its_functions() -> None:
    """``permits`` is the generated function itself: nothing stands between."""
    gate = compile_gate("g", [criterion("hot")], SCOPE)

    assert isinstance(gate, CompiledGate)
    assert getattr(gate.permits, "__code__").co_filename == "<cosell gate>"  # noqa: B009 - any callable


class Naive(Record, frozen=True):
    """A record with moments."""

    won_at: Instant | None = None
    users: int = 0
    acv: Money | None = None


HOSTILE = Scope(model=Naive, parameters={"above": "50000 USD"})


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({}, id="no fields at all"),
        pytest.param({"users": "5"}, id="a text for a number"),
        pytest.param({"users": None}, id="a missing value where none can be"),
        pytest.param({"users": Decimal("sNaN")}, id="a signalling not-a-number"),
        pytest.param({"won_at": datetime(2026, 1, 1)}, id="a naive moment"),  # noqa: DTZ001
        pytest.param({"won_at": "2026-01-01"}, id="a text for a moment"),
        pytest.param({"acv": 5}, id="a number for money"),
        pytest.param(
            {"acv": Money.model_construct(amount=Decimal("NaN"), currency="USD")}, id="NaN USD"
        ),
        pytest.param(
            {"acv": Money.model_construct(amount=Decimal("1E+999999"), currency="USD")}, id="huge"
        ),
    ],
)
@pytest.mark.parametrize(
    "need",
    [
        "users > 1",
        "won_at < at",
        "recorded(won_at) and won_at - at > hours(1)",
        "acv * 3 > above",
        "round(acv, 2, 'up') + acv > above",
        "prorate(acv, 1, 3, 2, 'up') > above",
        "users in {1, 2} or users * users > 7",
    ],
)
def test_a_record_that_its_model_forbids_raises_nothing(values: dict[str, Any], need: str) -> None:
    """A record that was never validated gives unknown, or a verdict, and never an error."""
    whole = {"won_at": None, "users": 0, "acv": None, "id": "d", **values} if values else {}
    call = Naive.model_construct(**whole), None, ACTOR, None, NOON, None
    if not values:
        object.__setattr__(call[0], "__dict__", {})

    permitted, (finding,) = both([criterion(need)], call, HOSTILE)

    assert permitted is finding.passes


def test_facts_that_fail_raise_nothing() -> None:
    """A mapping of facts that raises makes its criterion unknown."""

    class Broken(dict[str, object]):
        def get(self, *_: object) -> object:
            raise OSError

    permitted, (finding,) = both([criterion("facts.checked")], given(Broken(checked=True)))

    assert not permitted
    assert finding.error == "`facts.checked` cannot be read: OSError"
