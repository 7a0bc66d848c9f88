"""All interpreters agree, and taking a value away never opens a gate (language.md, the law)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cosell.findings import Verdict, obstacles_in
from cosell.money import Money
from cosell.rules import Criterion, check, compile_condition, compile_gate, compile_value, typed
from cosell.rules.check import rates_day
from rules.expressions import SCOPE, Call, Deal, calls, condition, value
from rules.reference import Pair, Reference

_DAY = rates_day(SCOPE)
_SEEDS = st.integers(0, 2**32)


def plain(found: Any) -> Any:
    """Return a value as something that compares, whichever interpreter it came from."""
    if isinstance(found, Money):
        return Fraction(found.amount), found.currency
    if isinstance(found, Pair):
        return found.amount, found.currency
    return Fraction(found) if isinstance(found, Decimal) else found


def agree_on_condition(text: str, records: list[Call]) -> None:
    """Hold both back ends to the plain interpreter."""
    tree = check(text, SCOPE)
    fast = compile_condition(text, SCOPE).verdict
    slow = compile_condition(text, SCOPE, generated=False).verdict
    for call in records:
        wanted = Reference(SCOPE, call.given, _DAY).verdict(tree)
        assert fast(*call.given) is wanted, (text, call.given)
        assert slow(*call.given) is wanted, (text, call.given)


def agree_on_value(text: str, records: list[Call]) -> None:
    """Hold both back ends to the plain interpreter."""
    tree = check(text, SCOPE)
    fast = compile_value(text, SCOPE).value
    slow = compile_value(text, SCOPE, generated=False).value
    for call in records:
        wanted = plain(Reference(SCOPE, call.given, _DAY).result(tree))
        assert plain(fast(*call.given)) == wanted, (text, call.given)
        assert plain(slow(*call.given)) == wanted, (text, call.given)


class TestAgreement:
    """Generated code, closures and the plain interpreter give one answer."""

    @given(seed=_SEEDS)
    def test_conditions(self, seed: int) -> None:
        """A condition has one verdict."""
        agree_on_condition(condition(seed), calls(seed, 20))

    @given(seed=_SEEDS)
    def test_values(self, seed: int) -> None:
        """A value is one value."""
        agree_on_value(value(seed), calls(seed, 20))

    def test_a_thousand_expressions_over_a_hundred_records(self) -> None:
        """The same expressions over the same records, each time; a longer profile takes more."""
        records = calls(0, 100)
        count = settings.default.max_examples
        seeds = range(7 * count)
        texts = {condition(seed) for seed in seeds}, {value(seed) for seed in seeds}

        for text in texts[0]:
            agree_on_condition(text, records)
        for text in texts[1]:
            agree_on_value(text, records)

        assert sum(map(len, texts)) >= min(10 * count, 1_000)

    @given(seed=_SEEDS)
    def test_gates(self, seed: int) -> None:
        """A gate permits where no required finding stands in the way, in both back ends."""
        criteria = [
            Criterion(
                id=f"c{n}",
                when=condition(seed + 2 * n) if n % 2 else None,
                need=_needed(condition(seed + 2 * n + 1)),
                severity="advised" if n == 2 else "required",
                remedy="Do it.",
            )
            for n in range(4)
        ]
        fast = compile_gate("g", criteria, SCOPE)
        slow = compile_gate("g", criteria, SCOPE, generated=False)

        for call in calls(seed, 10):
            findings = fast.examine(*call.given)
            assert findings == slow.examine(*call.given)
            obstacles = obstacles_in(findings)
            assert fast.obstacles(*call.given) == slow.obstacles(*call.given) == obstacles
            permitted = not any(finding.is_obstacle for finding in findings)
            assert fast.permits(*call.given) is permitted
            assert slow.permits(*call.given) is permitted
            for criterion, finding in zip(criteria, findings, strict=True):
                assert finding.verdict is wanted_verdict(criterion, call)


def _needed(text: str) -> str:
    """Return a condition that counts the lists it goes through."""
    lists = [name for name in ("people", "tags", "numbers") if f"in {name})" in text]
    return " and ".join([f"({text})", *(f"count(True for i in {name}) >= 0" for name in lists)])


def wanted_verdict(criterion: Criterion, call: Call) -> Verdict:
    """Return what a criterion finds, by the words of the language."""
    reference = Reference(SCOPE, call.given, _DAY)
    applies = True if criterion.when is None else reference.truth(check(criterion.when, SCOPE))
    needed = reference.truth(check(criterion.need or "", SCOPE))
    if applies is False:
        return Verdict.NOT_APPLICABLE
    if needed is True:
        return Verdict.MET
    return Verdict.UNMET if applies and needed is False else Verdict.UNKNOWN


class TestLawOfUnknowns:
    """Taking a value away never turns unmet or unknown into met, nor anything into unmet."""

    @given(seed=_SEEDS, data=st.data())
    def test_less_is_known_of_less(self, seed: int, data: st.DataObject) -> None:
        """Without ``recorded`` and ``default`` a verdict either stays or becomes unknown."""
        text = condition(seed, monotone=True)
        verdict = compile_condition(text, SCOPE).verdict

        for call in calls(seed, 20, missing=0.1):
            before = verdict(*call.given)
            poorer = data.draw(st.sampled_from(list(_poorer(call))))
            after = verdict(*poorer.given)
            assert after is before or after is Verdict.UNKNOWN, (text, call.given, poorer.given)

    @given(seed=_SEEDS)
    def test_nothing_known_permits_nothing(self, seed: int) -> None:
        """A condition that is met when everything is missing is met by no missing value."""
        text = condition(seed, monotone=True)
        verdict = compile_condition(text, SCOPE).verdict
        (full,) = calls(seed, 1, missing=0.0)
        bare = full
        for name in _OPTIONAL_FIELDS:
            bare = _without(bare, name)
        bare = Call(bare.record, bare.actor, None, bare.at, None)

        if verdict(*bare.given) is Verdict.MET:
            assert verdict(*full.given) is Verdict.MET


_OPTIONAL_FIELDS = tuple(
    name for name, field in Deal.model_fields.items() if field.default is None and name != "process"
)


def _without(call: Call, name: str) -> Call:
    record = call.record.model_copy(update={name: None})
    return Call(record, call.actor, call.facts, call.at, call.rates)


def _poorer(call: Call) -> Iterator[Call]:
    """Yield the call with one value less, in every way there is."""
    for name in _OPTIONAL_FIELDS:
        yield _without(call, name)
    for name in call.facts or ():
        facts = {key: fact for key, fact in call.facts.items() if key != name}
        yield Call(call.record, call.actor, facts, call.at, call.rates)
    yield Call(call.record, call.actor, None, call.at, call.rates)
    yield Call(call.record, call.actor, call.facts, call.at, None)
    for index, person in enumerate(call.record.people):
        for name in ("role", "level", "budget", "met_at", "signed_on", "active", "score"):
            people = list(call.record.people)
            people[index] = person.model_copy(update={name: None})
            record = call.record.model_copy(update={"people": tuple(people)})
            yield Call(record, call.actor, call.facts, call.at, call.rates)


def test_the_generated_expressions_use_every_node() -> None:
    """What is said of generated expressions is said of the whole language."""
    seen: set[type[typed.Typed]] = set()
    verdicts: set[Verdict] = set()
    for seed in range(300):
        for text in (condition(seed), value(seed)):
            seen |= {type(node) for node in typed.walk(check(text, SCOPE))}
        verdict = compile_condition(condition(seed), SCOPE).verdict
        verdicts |= {verdict(*call.given) for call in calls(seed, 3)}

    every = {
        kind
        for kind in vars(typed).values()
        if isinstance(kind, type) and issubclass(kind, typed.Typed) and kind is not typed.Typed
    }
    assert seen == every
    assert verdicts == {Verdict.MET, Verdict.UNMET, Verdict.UNKNOWN}
