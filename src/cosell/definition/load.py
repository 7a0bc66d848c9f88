"""Read a process from text, and name everything that is wrong with it at once.

This module does not open files: a host, the catalog or the command line gives it their text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, islice
from types import MappingProxyType
from typing import Final, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from cosell._base import in_words, shown_input
from cosell.definition.check import problems_in_process
from cosell.definition.expressions import problems_in_expressions
from cosell.definition.extend import resolve
from cosell.definition.hidden import Hidden
from cosell.definition.mending import fields_at, mended, mistakes_in, written_path
from cosell.definition.process import Process
from cosell.definition.text import (
    MOST_PROBLEMS,
    Format,
    Path,
    Source,
    dotted,
    path_of,
    read_text,
)
from cosell.errors import DefinitionError, Problem, did_you_mean

__all__ = ["named", "parse_model", "parse_process", "read_process"]

_M = TypeVar("_M", bound=BaseModel)
#: So many problems are weighed for whether they can be told; most are told.
_MOST_WEIGHED: Final = 5_000
_NO_BASES: Final[Mapping[str, str]] = MappingProxyType({})


def parse_process(
    text: str,
    *,
    file: str | None = None,
    format: Format = "toml",  # noqa: A002 - formats are called so
    bases: Mapping[str, str] = _NO_BASES,
) -> Process:
    """Return the process that ``text`` defines.

    Args:
        text: The definition, as TOML or JSON.
        file: What to call it in problems, usually its file name.
        format: ``toml`` or ``json``.
        bases: The text of each definition that ``extends`` may name, by ``id@version``;
            ``cosell.catalog.BASES`` has those that ship.

    Returns:
        A process whose parts fit together, and whose expressions can be read. That these fit a
        model is checked by ``bind``.

    Raises:
        DefinitionError: Naming every problem with file, line, path and remedy.

    Example:
        >>> process = parse_process('''
        ... id = "tiny"
        ... version = 1
        ... record = "Lead"
        ... initial = "new"
        ... roles = { seller = "Seller" }
        ... stages = [{ id = "new" }, { id = "won", kind = "won" }]
        ... [[transitions]]
        ... trigger = "win"
        ... source = "new"
        ... target = "won"
        ... roles = ["seller"]
        ... ''')
        >>> process.id, [stage.id for stage in process.stages]
        ('tiny', ['new', 'won'])
    """
    return read_process(text, file=file, format=format, bases=bases)


def read_process(
    text: str,
    *,
    file: str | None = None,
    format: Format = "toml",  # noqa: A002 - as in parse_process
    bases: Mapping[str, str] = _NO_BASES,
    further: Callable[[Process], Iterable[Problem]] = lambda _: (),
) -> Process:
    """Return the process that ``text`` defines, as ``parse_process`` does.

    Args:
        text: The definition.
        file: What to call it in problems.
        format: ``toml`` or ``json``.
        bases: What ``extends`` may name.
        further: Gives what else is wrong with a process, to be told with the rest.

    Raises:
        DefinitionError: Naming every problem.
    """

    def check(process: Process) -> Iterator[Problem]:
        yield from problems_in_process(process)
        yield from problems_in_expressions(process, "rates_on")
        yield from further(process)

    source, found = resolve(read_text(text, file=file, format=format), bases)
    try:
        process = parse_model(Process, source, check=check, found=found)
    except DefinitionError as error:
        if not _without_stale_words(source, error.problems):
            raise
        process = parse_model(Process, source, check=check, found=found)
    process._source = source  # noqa: SLF001 - loading is what knows where it stands
    return process


def _without_stale_words(source: Source, problems: Iterable[Problem]) -> bool:
    """Take translations of a base out that say what is not there any more; whether there are any.

    They go with what was removed, and nobody who extends it has written them.
    """
    paths = [
        problem.path.split(".", 2)
        for problem in problems
        if problem.path.startswith("translations.") and problem.file != source.file
    ]
    for _, language, key in paths:
        del source.content["translations"][language][key]
    return bool(paths)


def named(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems in file order; of very many the first, and that there are more."""
    found = list(islice(problems, MOST_PROBLEMS + 1))
    more = found[MOST_PROBLEMS:]
    first = sorted(found[:MOST_PROBLEMS], key=lambda each: (each.file or "", each.line or 0))
    rest = (
        Problem("", "there are more problems", "Correct these first.", each.file) for each in more
    )
    return [*first, *rest]


def parse_model(
    model: type[_M],
    source: Source,
    *,
    check: Callable[[_M], Iterable[Problem]] = lambda _: (),
    found: Iterable[Problem] = (),
) -> _M:
    """Return ``source`` as a ``model``.

    Args:
        model: What it should be.
        source: What was read.
        check: Gives what does not fit together in a model whose fields are valid.
        found: What is known to be wrong already.

    Raises:
        DefinitionError: Naming every field that does not fit, and what does not fit together as
            far as that can be told beside it.
    """
    wrong: list[Problem] = []
    sound: tuple[_M, Hidden] | None
    try:
        sound = model.model_validate(source.content), Hidden()
    except ValidationError as error:
        wrong = list(islice(_field_problems(error, model, source), MOST_PROBLEMS + 1))
        sound = None if len(wrong) > MOST_PROBLEMS else mended(model, source.content, error)
    apart = () if sound is None else _placed(_told(check, *sound), source)
    problems = named(_once(chain(found, wrong, apart)))
    if problems or sound is None:
        kind = re.sub(r"(?<!^)(?=[A-Z])", " ", model.__name__).lower()
        name = source.content.get("id")
        subject = f"{kind} {shown_input(name)}" if isinstance(name, str) else kind
        raise DefinitionError(subject, problems)
    return sound[0]


def _once(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield each problem once: several checks may find the same."""
    seen: set[Problem] = set()
    for problem in problems:
        if problem not in seen:
            yield problem
        seen.add(problem)


def _told(check: Callable[[_M], Iterable[Problem]], whole: _M, hidden: Hidden) -> Iterator[Problem]:
    """Yield what does not fit together, as far as that can be told beside what is hidden."""
    return filter(hidden.tells, islice(check(whole), _MOST_WEIGHED))


def _placed(problems: Iterable[Problem], source: Source) -> Iterator[Problem]:
    return (source.place(problem, path_of(problem.path)) for problem in problems)


def _field_problems(
    error: ValidationError, model: type[BaseModel], source: Source
) -> Iterator[Problem]:
    """Yield one problem for each field, whatever number of alternatives it fails to fit."""
    by_path: dict[Path, list[ErrorDetails]] = {}
    for item in mistakes_in(error):
        path = written_path(item, source.content)
        by_path.setdefault(path, []).append(item)
    for path, found in by_path.items():
        alternatives = [in_words(item) for item in found]
        said = "; or: ".join(dict.fromkeys(problem for problem, _ in alternatives))
        remedy = alternatives[0][1]
        if found[0]["type"] == "extra_forbidden":
            said = f"{shown_input(path[-1])} is not known here"
            remedy = did_you_mean(str(path[-1]), fields_at(model, path[:-1]))
        yield source.place(Problem(dotted(path), said, remedy), path)
