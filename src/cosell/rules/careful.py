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

from cosell.findings import Finding, Verdict, obstacles_in
from cosell.rules.closures import Closures, Env, Run
from cosell.rules.derived import described
from cosell.rules.judgement import Asked, Judgement, Result
from cosell.rules.kernel import TRUE, Field
from cosell.rules.lowered import Truth, certain
from cosell.rules.typed import Root
from cosell.rules.types import Kind

__all__ = ["Careful", "CarefulValue"]


class _CannotReadError(Exception):
    """A predicate gives no answer; the text says which and why."""


class Careful:
    """Judges the criteria of one gate."""

    def __init__(self, judgements: Sequence[Judgement], zone: tzinfo) -> None:
        self._zone = zone
        self._judges = [_Judge(judgement) for judgement in judgements]
        required = [judge for judge in self._judges if judge.judgement.is_required]
        self._required = _in_a_row(required)
        self._all = _in_a_row(self._judges)

    def permits(self, *given: Any) -> bool:
        """Return whether every required criterion is met or does not apply."""
        env = Env(given, self._zone)
        try:
            for judge, readings in self._required:
                readings.read(env)
                if not judge.passes(env):
                    return False
        except Exception:  # noqa: BLE001 - a criterion that fails is unknown, and no yes
            return False
        return True

    def examine(self, *given: Any) -> tuple[Finding, ...]:
        """Return one finding for each criterion."""
        env = Env(given, self._zone)
        try:
            return tuple(
                self.one(index, *given) if judge.asks else judge.found(env, readings)
                for index, (judge, readings) in enumerate(self._all)
            )
        except Exception:  # noqa: BLE001 - then each is judged apart
            return tuple(judge.finding(Env(given, self._zone)) for judge in self._judges)

    def obstacles(self, *given: Any) -> tuple[Finding, ...]:
        """Return one finding for each required criterion that is not met."""
        return obstacles_in(self.examine(*given))

    def one(self, index: int, *given: Any) -> Finding:
        """Return the finding of one criterion, whatever the others do."""
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
    """Reads fields."""

    def __init__(self, closures: Closures, fields: Iterable[Field]) -> None:
        self._fields = tuple(fields)
        self._readings = [
            (id(field), field.path, closures.reading(field)) for field in self._fields
        ]
        # The fields of the record itself are nearly all there is; they are read together.
        self._plain = [(id(field), field.name) for field in self._fields if _is_plain(field)]
        self._others = [
            (id(field), closures.reading(field)) for field in self._fields if not _is_plain(field)
        ]

    def without(self, closures: Closures, known: set[int]) -> _Readings:
        """Return what reads the fields that are not known yet, and make them known."""
        new = [field for field in self._fields if id(field) not in known]
        known.update(map(id, new))
        return _Readings(closures, new)

    def read(self, env: Env) -> None:
        """Read all fields, and raise what the first that fails raises."""
        if self._plain:
            fields = env.record.__dict__
            for key, name in self._plain:
                env[key] = fields[name]
        for key, read in self._others:
            env[key] = read(env)

    def failure(self, env: Env) -> str | None:
        """Read all fields, even after one has failed, and return why the first failed."""
        failure: str | None = None
        for key, path, read in self._readings:
            env[key] = None
            try:
                env[key] = read(env)
            except Exception as error:  # noqa: BLE001 - a host's derived field may raise anything
                failure = failure or f"`{path}` cannot be read: {described(error)}"
        return failure


def _is_plain(field: Field) -> bool:
    of_record = field.root is Root.RECORD and field.parent is None
    return of_record and not field.derived and field.type.kind is not Kind.INSTANT


def _in_a_row(judges: Sequence[_Judge]) -> list[tuple[_Judge, _Readings]]:
    """Return each with what reads the fields that none before it has read."""
    closures, known = Closures(), set[int]()
    return [(judge, judge.readings.without(closures, known)) for judge in judges]


class _Judge:
    """Judges one criterion."""

    def __init__(self, judgement: Judgement) -> None:
        closures = Closures()
        self.judgement = judgement
        self.readings = _Readings(closures, judgement.fields)
        self._shown = [id(field) for field in judgement.shown]
        #: Whether there are records to which it does not apply.
        self._is_bounded = judgement.when is not None
        when, need = judgement.when or certain(TRUE), judgement.need
        self._applies, self._applies_not = _pair(closures, when)
        self._ask = _answers(closures, need) if isinstance(need, Asked) else None
        self._met, self._unmet = _ANSWER if isinstance(need, Asked) else _pair(closures, need)

    @property
    def asks(self) -> bool:
        """Whether it asks a host's predicate."""
        return self._ask is not None

    def passes(self, env: Env) -> bool:
        """Return whether the criterion is met or does not apply; its fields have been read."""
        if self._is_bounded and self._applies_not(env):
            return True
        if self._ask is not None:
            env.answer = self._ask(env)
        return bool(self._met(env))

    def found(self, env: Env, readings: _Readings) -> Finding:
        """Return what the criterion finds, or raise what keeps it from being judged."""
        env.notes.clear()
        readings.read(env)
        return self._finding(env, self._verdict(env), None)

    def finding(self, env: Env) -> Finding:
        """Return what the criterion finds; what keeps it from being judged is part of it."""
        error = self.readings.failure(env)
        verdict = Verdict.UNKNOWN
        if error is None:
            try:
                verdict = self._verdict(env)
            except _CannotReadError as failed:
                error = str(failed)
            except Exception as failed:  # noqa: BLE001 - items are read here, by a host's code
                error = f"it cannot be judged: {described(failed)}"
        return self._finding(env, verdict, error)

    def _finding(self, env: Env, verdict: Verdict, error: str | None) -> Finding:
        values = tuple([env[key] for key in self._shown])
        remedy = None
        if verdict is Verdict.UNKNOWN and env.notes:
            remedy = " ".join(dict.fromkeys(env.notes))
        return Finding(self.judgement.check, verdict, values, error, 0, remedy)

    def _verdict(self, env: Env) -> Verdict:
        # In the order of the generated functions: a list is gone through as far as they do.
        if self._is_bounded and self._applies_not(env):
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
