"""Read a process from text, and name everything that is wrong with it at once.

This module does not open files: a host, the catalog or the command line gives it their text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from copy import deepcopy
from itertools import chain, islice
from types import MappingProxyType
from typing import Any, Final, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from cosell._base import in_words, shown_input
from cosell.definition.check import problems_in_process
from cosell.definition.extend import resolve
from cosell.definition.process import Process
from cosell.definition.text import (
    MOST_PROBLEMS,
    Format,
    Path,
    Source,
    dotted,
    read_text,
)
from cosell.errors import DefinitionError, Problem, did_you_mean

__all__ = ["named", "parse_model", "parse_process", "path_of"]

_M = TypeVar("_M", bound=BaseModel)
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
        A process whose parts fit together. That its expressions fit a model is checked by
        ``bind``.

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
    source, found = resolve(read_text(text, file=file, format=format), bases)
    try:
        process = parse_model(Process, source, check=problems_in_process, found=found)
    except DefinitionError as error:
        if not _without_stale_words(source, error.problems):
            raise
        process = parse_model(Process, source, check=problems_in_process, found=found)
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
    try:
        whole = model.model_validate(source.content)
        problems = named(chain(found, _placed(check(whole), source)))
    except ValidationError as error:
        wrong = dict(islice(_field_problems(error, model, source), MOST_PROBLEMS + 1))
        problems = named(chain(found, wrong.values(), _beside(wrong, model, source, check)))
    if problems:
        kind = re.sub(r"(?<!^)(?=[A-Z])", " ", model.__name__).lower()
        name = source.content.get("id")
        subject = f"{kind} {shown_input(name)}" if isinstance(name, str) else kind
        raise DefinitionError(subject, problems)
    return whole


def _placed(problems: Iterable[Problem], source: Source) -> Iterator[Problem]:
    return (source.place(problem, path_of(problem.path)) for problem in problems)


def _beside(
    wrong: Collection[Path],
    model: type[_M],
    source: Source,
    check: Callable[[_M], Iterable[Problem]],
) -> Iterator[Problem]:
    """Yield what does not fit together in a definition without the fields that are wrong.

    Nothing is yielded where it is no definition without them, or where one of them is the cause.
    """
    try:
        rest = model.model_validate(_without(source.content, wrong))
    except ValidationError:
        return
    # A wrong value may be all that is missing elsewhere.
    names = {f"`{path[-1]}`" for path in wrong}
    for problem in _placed(check(rest), source):
        if not any(name in problem.problem + problem.remedy for name in names):
            yield problem


def _without(content: Mapping[str, Any], paths: Iterable[Path]) -> dict[str, Any]:
    """Return a copy without the keys at ``paths``; items of lists stay where they are."""
    rest = deepcopy(dict(content))
    for path in paths:
        around: Any = rest
        for key in path[:-1]:
            around = around[key] if _holds(around, key) else None
        if path and isinstance(around, dict):
            around.pop(path[-1], None)
    return rest


def _field_problems(
    error: ValidationError, model: type[BaseModel], source: Source
) -> Iterator[tuple[Path, Problem]]:
    """Yield one problem for each field, whatever number of alternatives it fails to fit."""
    by_path: dict[Path, list[ErrorDetails]] = {}
    for item in error.errors(include_url=False, include_context=False):
        path = _written_path(item["loc"], source, missing=item["type"] == "missing")
        by_path.setdefault(path, []).append(item)
    around = {path[:length] for path in by_path for length in range(len(path))}
    for path, found in by_path.items():
        if found[0]["type"] == "too_short" and path in around:
            continue  # it is short only because its items do not fit
        alternatives = [in_words(item) for item in found]
        said = "; or: ".join(dict.fromkeys(problem for problem, _ in alternatives))
        remedy = alternatives[0][1]
        if found[0]["type"] == "extra_forbidden":
            said = f"{shown_input(path[-1])} is not known here"
            remedy = did_you_mean(str(path[-1]), _fields_at(model, path[:-1]))
        yield path, source.place(Problem(dotted(path), said, remedy), path)


def _written_path(location: Path, source: Source, *, missing: bool) -> Path:
    """Return the part of a location that stands in the text, without names of alternatives."""
    content: Any = source.content
    path: Path = ()
    for key in location:
        if _holds(content, key):
            content = content[key]
            path = (*path, key)
    return (*path, location[-1]) if missing else path


def _holds(content: Any, key: str | int) -> bool:
    if isinstance(content, Mapping):
        return key in content
    return isinstance(content, list) and isinstance(key, int) and key < len(content)


def _fields_at(model: type[BaseModel], path: Path) -> list[str]:
    """Return the names of the fields that a table at ``path`` may have."""
    candidates = [model]
    for key in path:
        annotations = [
            candidate.model_fields[str(key)].annotation
            for candidate in candidates
            if str(key) in candidate.model_fields
        ]
        if annotations:
            candidates = [found for each in annotations for found in _models_in(each)]
    return [name for candidate in candidates for name in candidate.model_fields]


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield every model that an annotation is made of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)


def path_of(text: str) -> Path:
    """Return ``gates.accept.criteria[2].need`` as keys and indices."""
    return tuple(
        int(part) if part.isdigit() else part
        for part in text.replace("[", ".").replace("]", "").split(".")
        if part
    )
