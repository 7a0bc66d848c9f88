"""Read, check and lower the criteria of a gate, and gather everything that is wrong with them.

Rules that hold for every gate:

1. All problems are found at once, each with its path, its column and an excerpt.
2. ``all`` over an empty list is true. Where a ``need`` says ``all``, some ``need`` of the same
   gate says how many there are, with ``any`` or ``count`` of the same list.

This module does not know how anything is run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from inspect import signature

from cosell.calendars.zones import knows_zone, unknown_zone
from cosell.errors import ExpressionError, Problem, did_you_mean
from cosell.findings import Check, CheckKind
from cosell.rules import kernel
from cosell.rules.check import check, rates_day
from cosell.rules.constants import problem_with
from cosell.rules.criterion import Criterion
from cosell.rules.explain import text_of
from cosell.rules.facts import FACT_TYPES
from cosell.rules.judgement import Asked, Judgement, Result, fields_in
from cosell.rules.kernel import Field
from cosell.rules.lower import Lowering
from cosell.rules.lowered import Truth
from cosell.rules.parse import parse
from cosell.rules.scope import Scope
from cosell.rules.typed import Counted, Quantified, Read, Root, Typed, walk
from cosell.rules.types import Kind

__all__ = ["Predicates", "Prepared", "prepared", "problems_in_scope", "reads_of"]

Predicates = Mapping[str, Callable[..., object]]


@dataclass(frozen=True, slots=True)
class Prepared:
    """The criteria of a gate, lowered; or what is wrong with them.

    Attributes:
        judgements: The criteria, if nothing is wrong.
        reads: Dotted paths that they read.
        problems: Everything that is wrong.
    """

    judgements: tuple[Judgement, ...]
    reads: frozenset[str]
    problems: tuple[Problem, ...]


def problems_in_scope(scope: Scope) -> list[Problem]:
    """Return what is wrong with a scope itself: its parameters, facts, zone and ``rates_on``.

    Example:
        >>> from cosell.models.record import Record
        >>> problems_in_scope(Scope(Record, parameters={"above": 0.5}))[0].path
        'parameters.above'
    """
    problems = list(_parameter_problems(scope))
    problems += [
        Problem(f"facts.{name}", f"there is no type `{kind}`", did_you_mean(kind, list(FACT_TYPES)))
        for name, kind in scope.facts.items()
        if kind not in FACT_TYPES
    ]
    if not knows_zone(scope.zone):
        problems.append(Problem("zone", *unknown_zone(scope.zone)))
    try:
        rates_day(scope)
    except ExpressionError as error:
        problems.append(problem_from("rates_on", error))
    return problems


def _parameter_problems(scope: Scope) -> Iterator[Problem]:
    for name, value in scope.parameters.items():
        parts: Sequence[object] = [value]
        if isinstance(value, Mapping):
            parts = [*value.keys(), *value.values()]
        elif isinstance(value, tuple | list | frozenset | set):
            parts = list(value)
        wrong = next(filter(None, map(problem_with, parts)), None)
        if wrong is not None:
            yield Problem(f"parameters.{name}", *wrong)


def problem_from(path: str, error: ExpressionError) -> Problem:
    """Return an error in an expression as a problem of the definition it stands in."""
    return Problem(path, error.problem, error.remedy, column=error.column, excerpt=error.excerpt)


def reads_of(trees: Sequence[Typed], scope: Scope) -> frozenset[str]:
    """Return the dotted paths that checked trees read: fields, ``record.`` and ``facts.``."""
    nodes = [node for tree in trees for node in walk(tree)]
    if any(node.type.kind is Kind.MONEY for node in nodes):
        nodes += walk(_day_of_rates(scope))
    return frozenset(
        node.path
        for node in nodes
        if isinstance(node, Read) and node.root not in {Root.ACTOR, Root.CALL}
    )


def _day_of_rates(scope: Scope) -> Typed:
    try:
        return rates_day(scope)
    except ExpressionError:
        # What is wrong with it is said once for the scope, not for each of its gates.
        return rates_day(replace(scope, rates_on="as_of"))


def prepared(
    gate_id: str | None, criteria: Sequence[Criterion], scope: Scope, predicates: Predicates
) -> Prepared:
    """Return the criteria of a gate lowered, or everything that is wrong with them.

    ``scope`` itself has to be in order: see ``problems_in_scope``.
    """
    gate = _Gate(gate_id, scope, predicates)
    for index, criterion in enumerate(criteria):
        gate.add(f"criteria[{index}]", criterion)
    gate.refuse_vacuous()
    trees = [tree for read in gate.read for tree in read.trees]
    reads = frozenset[str]() if gate.problems else reads_of(trees, scope)
    return Prepared(tuple(gate.judgements), reads, tuple(gate.problems))


@dataclass(frozen=True, slots=True)
class _Read:
    """One criterion, checked."""

    path: str
    when: Typed | None
    need: Typed | None
    inputs: tuple[Typed, ...]

    @property
    def trees(self) -> tuple[Typed, ...]:
        first = (tree for tree in (self.when, self.need) if tree is not None)
        return (*first, *self.inputs)


class _Gate:
    """Gathers the criteria of one gate, and what is wrong with them."""

    def __init__(self, gate_id: str | None, scope: Scope, predicates: Predicates) -> None:
        self.problems: list[Problem] = []
        self.judgements: list[Judgement] = []
        self.read: list[_Read] = []
        self._unread: list[str] = []
        self._gate_id = gate_id
        self._scope = scope
        self._predicates = predicates
        self._lowering = Lowering(_day_of_rates(scope))

    def add(self, path: str, criterion: Criterion) -> None:
        """Check and lower one criterion."""
        before = len(self.problems)
        read = _Read(
            path,
            self._checked(f"{path}.when", criterion.when, Kind.BOOL),
            self._checked(f"{path}.need", criterion.need, Kind.BOOL),
            tuple(
                tree
                for index, text in enumerate(criterion.inputs)
                if (tree := self._checked(f"{path}.inputs[{index}]", text, None)) is not None
            ),
        )
        self._refuse_predicate(f"{path}.predicate", criterion)
        if len(self.problems) == before:
            self.read.append(read)
            self._lower(read, criterion)
        else:
            self._unread.append(criterion.need or "")

    def refuse_vacuous(self) -> None:
        """Refuse ``all`` over a list of which no ``need`` says how many items it has."""
        needs = [(read.path, read.need) for read in self.read if read.need is not None]
        nodes = [(path, node) for path, need in needs for node in walk(need)]
        counted = {
            node.items.path
            for _, node in nodes
            if isinstance(node, Counted) or (isinstance(node, Quantified) and node.kind == "any")
        }
        for path, node in nodes:
            if isinstance(node, Quantified) and node.kind == "all":
                name = node.items.path
                # What cannot be read yet may be what counts it.
                if name not in counted and not any(name in text for text in self._unread):
                    error = node.at.error(
                        f"all(...) is true of an empty list, and nothing counts `{name}`",
                        f"Add a criterion: count(True for x in {name}) >= 1.",
                    )
                    self.problems.append(problem_from(f"{path}.need", error))

    def _checked(self, path: str, text: str | None, want: Kind | None) -> Typed | None:
        if text is None:
            return None
        try:
            return check(text, self._scope, want)
        except ExpressionError as error:
            self.problems.append(problem_from(path, error))
            return None

    def _refuse_predicate(self, path: str, criterion: Criterion) -> None:
        name = criterion.predicate
        if name is None:
            return
        function = self._predicates.get(name)
        if function is None:
            remedy = did_you_mean(name, list(self._predicates))
            self.problems.append(Problem(path, f"there is no predicate `{name}`", remedy))
        elif not _takes(function, len(criterion.inputs)):
            count = len(criterion.inputs)
            given = f"{count} input{'' if count == 1 else 's'}"
            self.problems.append(
                Problem(path, f"predicate `{name}` does not take {given}", "Correct `inputs`.")
            )

    def _lower(self, read: _Read, criterion: Criterion) -> None:
        try:
            when = None if read.when is None else self._lowering.condition(read.when)
            inputs = tuple(self._result(tree) for tree in read.inputs)
            need = None if read.need is None else self._lowering.condition(read.need)
        except ExpressionError as error:
            self.problems.append(problem_from(read.path, error))
            return
        name = criterion.predicate
        asked = need or Asked(str(name), self._predicates[str(name)], inputs)
        shown = self._shown(read)
        nodes = [*shown.values(), *_nodes(when), *_nodes(need)]
        nodes += [node for result in inputs for node in result.nodes]
        self.judgements.append(
            Judgement(
                self._check(criterion, tuple(shown)),
                when,
                asked,
                fields_in(nodes),
                tuple(shown.values()),
            )
        )

    def _result(self, tree: Typed) -> Result:
        field = self._lowering.field(tree) if isinstance(tree, Read) else None
        return Result(tree.type.kind, self._lowering.result(tree), field)

    def _shown(self, read: _Read) -> dict[str, Field]:
        return {
            node.path: self._lowering.field(node)
            for tree in read.trees
            for node in walk(tree)
            if isinstance(node, Read) and node.root not in {Root.ITEM, Root.CALL}
        }

    def _check(self, criterion: Criterion, paths: tuple[str, ...]) -> Check:
        return Check(
            id=criterion.id,
            kind=CheckKind.CRITERION,
            needed=_needed(criterion, self._scope),
            remedy=criterion.remedy,
            cites=criterion.cites,
            severity=criterion.severity,
            paths=paths,
            gate=self._gate_id,
            label=criterion.label,
        )


def _nodes(truth: Truth | None) -> tuple[kernel.Node, ...]:
    return () if truth is None else (truth.true, truth.false)


def _needed(criterion: Criterion, scope: Scope) -> str:
    if criterion.need is not None:
        return text_of(parse(criterion.need), scope.parameters)
    inputs = (text_of(parse(text), scope.parameters) for text in criterion.inputs)
    return f"{criterion.predicate}({', '.join(inputs)})"


def _takes(function: Callable[..., object], count: int) -> bool:
    try:
        signature(function).bind(*range(count))
    except TypeError:
        return False
    except ValueError:
        # Functions written in C may not say what they take; they are asked as they are.
        return True
    return True
