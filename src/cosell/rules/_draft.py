"""A first, slow reading of simple expressions, so that others can build on the interface."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from cosell.errors import DefinitionError, ExpressionError, InvalidDataError, Problem
from cosell.findings import Check, CheckKind, Finding, Severity, Verdict
from cosell.money import Money
from cosell.rules.compiled import CompiledCondition, CompiledGate, CompiledValue
from cosell.rules.criterion import Criterion
from cosell.rules.scope import Scope

_OPS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le,
    ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Add: operator.add, ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}  # fmt: skip


def parse(text: str) -> ast.expr:
    try:
        return ast.parse(text.strip(), mode="eval").body
    except SyntaxError as e:
        raise ExpressionError(text, e.offset or 1, "this cannot be read", "Check it.") from None


def check(source: Any, scope: Scope, want: object = None) -> Any:
    node = parse(source) if isinstance(source, str) else source
    for name in ast.walk(node):
        if isinstance(name, ast.Name) and not isinstance(name.ctx, ast.Store):
            known = {*scope.model.model_fields, *scope.parameters, "facts", "actor", "record", "at",
                     "as_of", "date", "recorded", "default", "any", "all", "count", "days",
                     "business_days", "s", "x", "hours", *dir(scope.model)}  # fmt: skip
            if name.id not in known:
                text = source if isinstance(source, str) else name.id
                raise ExpressionError(text, name.col_offset + 1, f"`{name.id}` is not known", "?")
    return node


def _paths(node: ast.AST, scope: Scope) -> tuple[str, ...]:
    found = {}
    for part in ast.walk(node):
        if isinstance(part, ast.Name | ast.Attribute):
            text = ast.unparse(part)
            root = text.split(".")[0]
            if root in scope.model.model_fields or root in {"facts", "record"} and "." in text:
                found[text] = None
    return tuple(p for p in found if not any(q.startswith(p + ".") for q in found))


def _run(n: Any, e: Mapping[str, Any]) -> Any:  # noqa
    match n:
        case ast.Constant():
            return Decimal(str(n.value)) if isinstance(n.value, float) else n.value
        case ast.Name():
            return e[n.id] if n.id in e else getattr(e["_"], n.id)
        case ast.Attribute():
            base = _run(n.value, e)
            if isinstance(base, Mapping):
                return base.get(n.attr)
            return None if base is None else getattr(base, n.attr)
        case ast.BoolOp():
            vs = [_run(v, e) for v in n.values]
            stop = isinstance(n.op, ast.Or)
            return stop if stop in vs else None if None in vs else not stop
        case ast.UnaryOp():
            v = _run(n.operand, e)
            return None if v is None else (not v) if isinstance(n.op, ast.Not) else -v
        case ast.BinOp():
            a, b = _run(n.left, e), _run(n.right, e)
            return None if a is None or b is None else _OPS[type(n.op)](a, b)
        case ast.Compare():
            a, b = _run(n.left, e), _run(n.comparators[0], e)
            if a is None or b is None:
                return None
            if isinstance(n.ops[0], ast.In):
                return a in b
            if isinstance(n.ops[0], ast.NotIn):
                return a not in b
            if isinstance(a, Money) and isinstance(b, str):
                b = Money.parse(b)
            if isinstance(a, Money) and a.currency != b.currency:
                rate = e["rates"] and e["rates"].find(a.currency, b.currency, on=e["as_of"])
                if rate is None:
                    return None
                a = Money(amount=a.amount * rate, currency=b.currency)
            return _OPS[type(n.ops[0])](a, b)
        case ast.Set() | ast.Tuple() | ast.List():
            return [_run(v, e) for v in n.elts]
        case ast.IfExp():
            c = _run(n.test, e)
            return None if c is None else _run(n.body if c else n.orelse, e)
        case ast.GeneratorExp():
            g = n.generators[0]
            return [_run(n.elt, {**e, g.target.id: i}) for i in _run(g.iter, e)]
        case ast.Call():
            a = [_run(v, e) for v in n.args]
            match n.func.id:
                case "recorded":
                    return a[0] is not None
                case "default":
                    return a[1] if a[0] is None else a[0]
                case "date":
                    return date.fromisoformat(a[0])
                case "any":
                    return True if True in a[0] else None if None in a[0] else False
                case "all":
                    return False if False in a[0] else None if None in a[0] else True
                case "count":
                    return None if None in a[0] else sum(a[0])
                case "days":
                    return None if None in a else (a[1] - a[0]).days
                case "business_days":
                    return None if None in a else e["_calendars"][a[2]].count(a[0], a[1])
    msg = ast.dump(n)
    raise NotImplementedError(msg)


def _value(node: Any, scope: Scope) -> Callable[..., Any]:
    def value(record: Any, whole: Any, actor: Any, facts: Any, at: Any, rates: Any) -> Any:
        env = {"_": record, "record": whole, "actor": actor, "facts": facts or {}, "at": at,
               "as_of": at.astimezone(ZoneInfo(scope.zone)).date(), "rates": rates,
               "_calendars": scope.calendars, **scope.parameters}  # fmt: skip
        try:
            return _run(node, env)
        except Exception:  # noqa: BLE001
            return None

    return value


def compile_value(text: str, scope: Scope, *, generated: bool = True) -> CompiledValue:
    node = check(text, scope)
    return CompiledValue("unknown", frozenset(_paths(node, scope)), _value(node, scope))


def compile_condition(text: str, scope: Scope, *, generated: bool = True) -> CompiledCondition:
    value = compile_value(text, scope)
    table = {True: Verdict.MET, False: Verdict.UNMET, None: Verdict.UNKNOWN}
    return CompiledCondition(value.reads, lambda *a: table[value.value(*a)])


def problems_in_scope(scope: Scope) -> list[Problem]:
    return []


def problems_in_gate(
    criteria: Sequence[Criterion],
    scope: Scope,
    *,
    predicates: Mapping[str, Callable[..., bool | None]] = {},
) -> list[Problem]:
    problems = []
    for i, c in enumerate(criteria):
        texts = {"when": c.when, "need": c.need, **{f"inputs[{j}]": t for j, t in enumerate(c.inputs)}}
        for key, text in texts.items():
            try:
                if text is not None:
                    check(text, scope)
            except ExpressionError as e:
                problems.append(Problem(f"criteria[{i}].{key}", e.problem, e.remedy,
                                        column=e.column, excerpt=e.excerpt))  # fmt: skip
        if c.predicate and c.predicate not in predicates:
            problems.append(Problem(f"criteria[{i}].predicate", f"there is no predicate `{c.predicate}`", "Give it."))
    return problems


def _judge(c: Criterion, scope: Scope, predicates: Any) -> Any:
    when = _value(parse(c.when), scope) if c.when else lambda *a: True
    if c.need:
        need = _value(parse(c.need), scope)
    else:
        inputs = [_value(parse(t), scope) for t in c.inputs]

        def need(*a: Any) -> Any:
            values = [f(*a) for f in inputs]
            return None if None in values else predicates[c.predicate](*values)

    def judge(*a: Any) -> Verdict:
        w, n = when(*a), need(*a)
        if w is False:
            return Verdict.NOT_APPLICABLE
        return Verdict.MET if n is True else Verdict.UNMET if w and n is False else Verdict.UNKNOWN

    return judge


def compile_gate(
    gate_id: str | None,
    criteria: Sequence[Criterion],
    scope: Scope,
    *,
    predicates: Mapping[str, Callable[..., bool | None]] = {},
    generated: bool = True,
) -> CompiledGate:
    problems = problems_in_gate(criteria, scope, predicates=predicates)
    if problems:
        raise DefinitionError(f"gate `{gate_id}`", problems)
    rows, reads = [], set()
    for c in criteria:
        texts = [t for t in (c.when, c.need, *c.inputs) if t]
        paths = tuple(dict.fromkeys(p for t in texts for p in _paths(parse(t), scope)))
        reads |= set(paths)
        found = Check(c.id, CheckKind.CRITERION, c.need or str(c.predicate), c.remedy, c.cites,
                      c.severity, paths, gate_id, c.label)  # fmt: skip
        values = [_value(parse(p), scope) for p in paths]
        rows.append((found, _judge(c, scope, predicates), values))

    def examine(*a: Any) -> tuple[Finding, ...]:
        return tuple(Finding(k, j(*a), tuple(v(*a) for v in vs)) for k, j, vs in rows)

    def permits(*a: Any) -> bool:
        return all(f.passes for f in examine(*a) if f.check.severity is Severity.REQUIRED)

    return CompiledGate(tuple(r[0] for r in rows), frozenset(reads), permits, examine)


FACT_TYPES: tuple[str, ...] = ("bool", "date", "decimal", "instant", "int", "money", "text")


def parse_fact(type_name: str, value: object) -> object:
    kinds: dict[str, type] = {"bool": bool, "int": int, "text": str, "money": Money, "date": date}
    if type_name in kinds and not isinstance(value, kinds[type_name]):
        raise InvalidDataError("fact", [Problem("", f"this is not a {type_name}", "Give one.")])
    return value
