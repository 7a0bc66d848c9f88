"""Write the functions of a gate, a value and a condition.

What a function looks like: the fields it reads are loaded, each once, before they are first
used; then one line judges each criterion. An exception means that a field cannot be read, or that
a record holds what its model forbids: then nothing is permitted, and closures say why.

This module does not know how a predicate is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields

from cosell.findings import Finding, Verdict
from cosell.rules.judgement import Asked, Judgement, Result, fields_in
from cosell.rules.lowered import Truth
from cosell.rules.python import CONTEXT, Body, Module

__all__ = ["write_condition", "write_examine", "write_obstacles", "write_permits", "write_value"]


def write_permits(module: Module, judgements: Iterable[Judgement]) -> str:
    """Write the function that says whether every required criterion passes."""
    body = Body(module)
    lines: list[str] = []
    for judgement in judgements:
        if judgement.is_required:
            lines += body.loads(judgement.fields)
            lines.append(f"if not {_passes(body, judgement)}: return False")
    return module.define(CONTEXT, _guarded([*lines, "return True"], "return False"))


def write_examine(
    module: Module,
    judgements: Sequence[Judgement],
    careful: Callable[..., tuple[Finding, ...]],
    one: Callable[..., Finding],
) -> str:
    """Write the function that gives a finding for each criterion.

    Args:
        module: Where it is written.
        judgements: The criteria.
        careful: What does the same with closures.
        one: What does so for the criterion of a number.
    """
    body = Body(module)
    one_name = module.bound(one)
    lines: list[str] = []
    for index, judgement in enumerate(judgements):
        ask = f"{one_name}({index}, {CONTEXT})"
        if not isinstance(judgement.need, Asked):
            lines += body.loads(judgement.fields)
        lines += _finding(body, index, judgement, ask)
    results = "".join(f"r{index}, " for index in range(len(judgements)))
    last = f"return {module.bound(careful)}({CONTEXT})"
    return module.define(CONTEXT, _guarded([*lines, f"return ({results})"], last))


def write_obstacles(
    module: Module,
    judgements: Sequence[Judgement],
    careful: Callable[..., tuple[Finding, ...]],
    one: Callable[..., Finding],
) -> str:
    """Write the function that gives a finding for each required criterion that is not met.

    Args:
        module: Where it is written.
        judgements: The criteria, required and advised.
        careful: What does the same with closures.
        one: What gives the finding for the criterion of a number.
    """
    body = Body(module)
    one_name = module.bound(one)
    lines = ["found = ()"]
    for index, judgement in enumerate(judgements):
        if judgement.is_required:
            ask = f"{one_name}({index}, {CONTEXT})"
            lines += body.loads(judgement.fields)
            lines.append(f"if not {_passes(body, judgement)}:")
            lines += [f"    {line}" for line in _finding(body, index, judgement, ask)]
            lines.append(f"    found += (r{index}, )")
    last = f"return {module.bound(careful)}({CONTEXT})"
    return module.define(CONTEXT, _guarded([*lines, "return found"], last))


def write_value(module: Module, result: Result) -> str:
    """Write the function that gives a value, ``None`` where it is missing."""
    body = Body(module)
    loads = body.loads(fields_in(result.nodes))
    lines = [*loads, f"return {body.result(result)}"]
    return module.define(CONTEXT, _guarded(lines, "return None"))


def write_condition(module: Module, truth: Truth) -> str:
    """Write the function that gives the verdict of a condition."""
    body = Body(module)
    loads = body.loads(fields_in((truth.true, truth.false)))
    lines = [*loads, f"return {_verdict(body, None, truth)}"]
    unknown = f"return {module.constant(Verdict.UNKNOWN)}"
    return module.define(CONTEXT, _guarded(lines, unknown))


def _guarded(lines: Iterable[str], otherwise: str) -> list[str]:
    return ["try:", *(f"    {line}" for line in lines), "except Exception:", f"    {otherwise}"]


def _passes(body: Body, judgement: Judgement) -> str:
    need = judgement.need
    met = _asked(body, need) if isinstance(need, Asked) else body.predicate(need.true)
    if judgement.when is None:
        return met
    return f"({body.predicate(judgement.when.false)} or {met})"


def _asked(body: Body, asked: Asked) -> str:
    given = [f"x{index}" for index in range(len(asked.inputs))]
    parts = [
        f"({name} := {body.result(result)}) is not None"
        for name, result in zip(given, asked.inputs, strict=True)
    ]
    answer = f"{body.module.bound(asked.function)}({', '.join(given)}) is True"
    return f"({' and '.join((*parts, answer))})"


def _verdict(body: Body, when: Truth | None, need: Truth) -> str:
    name = body.module.constant
    met, unmet, unknown = map(name, (Verdict.MET, Verdict.UNMET, Verdict.UNKNOWN))
    true, false = body.predicate(need.true), body.predicate(need.false)
    if when is None:
        rest = unmet if need.certain else f"{unmet} if {false} else {unknown}"
        return f"{met} if {true} else {rest}"
    applies, applies_not = body.predicate(when.true), body.predicate(when.false)
    return (
        f"{name(Verdict.NOT_APPLICABLE)} if {applies_not} else {met} if {true}"
        f" else {unmet} if {applies} and {false} else {unknown}"
    )


def _finding(body: Body, index: int, judgement: Judgement, ask: str) -> list[str]:
    """Return the lines that make the finding of a criterion."""
    module, need = body.module, judgement.need
    if isinstance(need, Asked):
        return [f"r{index} = {ask}"]
    body.forget_reasons()
    verdict = _verdict(body, judgement.when, need)
    values = "".join(f"{module.local(field, 'v')}, " for field in judgement.shown)
    check = module.bound(judgement.check)
    if not (body.reasons or body.has_inner_reasons):
        return _made(module, f"r{index}", check, verdict, values)
    # What was never looked at is no reason: these locals start as something that is there.
    start = [" = ".join((*body.reasons, "at"))] if body.reasons else []
    missing = " or ".join(f"{name} is None" for name in body.reasons)
    doubt = "" if body.has_inner_reasons else f" and ({missing})"
    unknown = module.constant(Verdict.UNKNOWN)
    return [
        *start,
        f"w = {verdict}",
        f"if w is {unknown}{doubt}: r{index} = {ask}",
        "else:",
        *(f"    {line}" for line in _made(module, f"r{index}", check, "w", values)),
    ]


def _made(module: Module, name: str, check: str, verdict: str, values: str) -> list[str]:
    """Return the lines that make a finding: in two thirds of the time that its class takes."""
    given = {"check": check, "verdict": verdict, "values": f"({values})"}
    defaults = {
        field.name: module.constant(field.default)
        for field in fields(Finding)
        if field.name not in given
    }
    return [
        f"{name} = new({module.constant(Finding)})",
        *(f"{name}.{field} = {text}" for field, text in (given | defaults).items()),
    ]
