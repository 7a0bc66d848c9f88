"""Judge criteria one by one, with closures, so that one that fails does not touch the others.

It is what runs where generated code is forbidden, and what generated code leaves to: a field
that cannot be read, a host's predicate, the reason why something is unknown.

Rules that hold for every criterion are those of ``cosell.rules.judgement``.

This module does not know how an expression is read or checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import tzinfo
from typing import Any, Final

from cosell.findings import Finding, Verdict
from cosell.rules.closures import Closures, Env, Run
from cosell.rules.derived import described
from cosell.rules.judgement import Asked, Judgement, Result
from cosell.rules.kernel import TRUE, Field
from cosell.rules.lowered import Truth, certain

__all__ = ["Careful", "CarefulValue"]


class _CannotReadError(Exception):
    """A field cannot be read, or a predicate gives no answer; the text says which and why."""


class Careful:
    """Judges the criteria of one gate."""

    def __init__(self, judgements: Sequence[Judgement], zone: tzinfo) -> None:
        self._zone = zone
        self._judges = [_Judge(judgement) for judgement in judgements]

    def permits(self, *given: Any) -> bool:
        """Return whether every required criterion is met or does not apply."""
        return all(
            judge.finding(Env(given, self._zone)).passes
            for judge in self._judges
            if judge.judgement.is_required
        )

    def examine(self, *given: Any) -> tuple[Finding, ...]:
        """Return one finding for each criterion."""
        return tuple(judge.finding(Env(given, self._zone)) for judge in self._judges)

    def one(self, index: int, *given: Any) -> Finding:
        """Return the finding of one criterion."""
        return self._judges[index].finding(Env(given, self._zone))


class CarefulValue:
    """Works out one value."""

    def __init__(self, result: Result, fields: Sequence[Field], zone: tzinfo) -> None:
        closures = Closures()
        self._zone = zone
        self._readings = _Readings(closures, fields)
        self._run = closures.result(result)

    def value(self, *given: Any) -> Any:
        """Return the value, or ``None`` if it is missing or cannot be worked out."""
        env = Env(given, self._zone)
        try:
            return None if self._readings.failure(env) else self._run(env)
        except Exception:  # noqa: BLE001 - whatever a host's model does is a missing value
            return None


class _Readings:
    """Reads fields, all of them even after one has failed."""

    def __init__(self, closures: Closures, fields: Iterable[Field]) -> None:
        self._readings = [(id(field), field.path, closures.reading(field)) for field in fields]

    def failure(self, env: Env) -> str | None:
        """Read all fields into ``env``, and return why the first that failed did."""
        failure: str | None = None
        for key, path, read in self._readings:
            env.read[key] = None
            try:
                env.read[key] = read(env)
            except Exception as error:  # noqa: BLE001 - a host's derived field may raise anything
                failure = failure or f"`{path}` cannot be read: {described(error)}"
        return failure


class _Judge:
    """Judges one criterion."""

    def __init__(self, judgement: Judgement) -> None:
        closures = Closures()
        self.judgement = judgement
        self._readings = _Readings(closures, judgement.fields)
        self._shown = [id(field) for field in judgement.shown]
        when, need = judgement.when or certain(TRUE), judgement.need
        self._applies, self._applies_not = _pair(closures, when)
        self._ask = _answers(closures, need) if isinstance(need, Asked) else None
        self._met, self._unmet = _ANSWER if isinstance(need, Asked) else _pair(closures, need)

    def finding(self, env: Env) -> Finding:
        """Return what the criterion finds in one call."""
        error = self._readings.failure(env)
        verdict = Verdict.UNKNOWN
        if error is None:
            try:
                verdict = self._verdict(env)
            except _CannotReadError as failed:
                error = str(failed)
            except Exception as failed:  # noqa: BLE001 - items are read here, by a host's code
                error = f"it cannot be judged: {described(failed)}"
        values = tuple(env.read[key] for key in self._shown)
        hint = None
        if verdict is Verdict.UNKNOWN and env.notes:
            hint = " ".join(dict.fromkeys(env.notes))
        return Finding(self.judgement.check, verdict, values, error, 0, hint)

    def _verdict(self, env: Env) -> Verdict:
        # In the order of the generated functions: a list is gone through as far as they do.
        if self._applies_not(env):
            return Verdict.NOT_APPLICABLE
        if self._ask is not None:
            env.answer = self._ask(env)
        if self._met(env):
            return Verdict.MET
        if self._applies(env) and self._unmet(env):
            return Verdict.UNMET
        return Verdict.UNKNOWN


#: Whether the host's predicate said yes, and whether it said no.
_ANSWER: Final[tuple[Run, Run]] = (lambda env: env.answer is True, lambda env: env.answer is False)


def _pair(closures: Closures, truth: Truth) -> tuple[Run, Run]:
    return closures.predicate(truth.true), closures.predicate(truth.false)


def _answers(closures: Closures, asked: Asked) -> Run:
    """Return a closure that asks a host's predicate, if all that it takes is there."""
    inputs = [closures.result(result) for result in asked.inputs]
    name, function = asked.name, asked.function

    def answer(env: Env) -> bool | None:
        values = [read(env) for read in inputs]
        if any(value is None for value in values):
            return None
        try:
            found = function(*values)
        except Exception as error:
            message = f"predicate `{name}` gave no answer: {described(error)}"
            raise _CannotReadError(message) from error
        if found is True or found is False or found is None:
            return found
        message = f"predicate `{name}` gave neither yes nor no"
        raise _CannotReadError(message)

    return answer
