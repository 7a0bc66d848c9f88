"""Read a process from text, and name everything that is wrong with it at once.

This module does not open files: a host, the catalog or the command line gives it their text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from cosell._base import problems_from
from cosell.definition.check import problems_in_process
from cosell.definition.process import Process
from cosell.definition.text import Format, Path, Source, read_text
from cosell.errors import DefinitionError, Problem, did_you_mean

__all__ = ["parse_model", "parse_process", "path_of"]

_M = TypeVar("_M", bound=BaseModel)


def parse_process(text: str, *, file: str | None = None, format: Format = "toml") -> Process:  # noqa: A002
    """Return the process that ``text`` defines.

    Args:
        text: The definition, as TOML or JSON.
        file: What to call it in problems, usually its file name.
        format: ``toml`` or ``json``.

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
    source = read_text(text, file=file, format=format)
    process = parse_model(Process, source)
    process._source = source  # noqa: SLF001 - loading is what knows where it stands
    subject = f"process `{process.id}`"
    problems = [
        source.place(problem, path_of(problem.path)) for problem in problems_in_process(process)
    ]
    if problems:
        raise DefinitionError(subject, sorted(problems, key=_line))
    return process


def parse_model(model: type[_M], source: Source) -> _M:
    """Return ``source`` as a ``model``, or raise ``DefinitionError`` naming every field."""
    try:
        return model.model_validate(source.content)
    except ValidationError as error:
        name = source.content.get("id", model.__name__.lower())
        problems = _field_problems(error, model, source)
        raise DefinitionError(f"`{name}`", sorted(problems, key=_line)) from None


def _field_problems(
    error: ValidationError, model: type[BaseModel], source: Source
) -> Iterator[Problem]:
    """Yield one problem for each field, whatever number of alternatives it fails to fit."""
    by_path: dict[Path, list[tuple[Problem, str]]] = {}
    for problem, item in zip(problems_from(error), error.errors(include_url=False), strict=True):
        path = _written_path(tuple(item["loc"]), source, missing=item["type"] == "missing")
        by_path.setdefault(path, []).append((problem, item["type"]))
    for path, found in by_path.items():
        problem, kind = found[0]
        if kind == "too_short" and any(other[: len(path)] == path != other for other in by_path):
            continue  # it is short only because its items do not fit
        said = "; or: ".join(dict.fromkeys(each.problem for each, _ in found))
        remedy = problem.remedy
        if kind == "extra_forbidden":
            said = f"`{path[-1]}` is not known here"
            remedy = did_you_mean(str(path[-1]), _fields_at(model, path[:-1]))
        elif kind == "missing":
            remedy = "Add it."
        yield source.place(Problem(path=_dotted(path), problem=said, remedy=remedy), path)


def _written_path(location: Path, source: Source, *, missing: bool) -> Path:
    """Return the part of a location that stands in the text, without names of alternatives."""
    content: Any = source.content
    for depth, key in enumerate(location):
        try:
            content = content[key]
        except (KeyError, IndexError, TypeError):
            return location[: depth + 1] if missing else location[:depth]
    return location


def _fields_at(model: type[BaseModel], path: Path) -> list[str]:
    """Return the names of the fields that a table at ``path`` may have."""
    current: Any = model
    for key in path:
        if isinstance(current, type) and issubclass(current, BaseModel):
            field = current.model_fields.get(str(key))
            current = field.annotation if field else None
        else:
            arguments = [part for part in get_args(current) if part is not Ellipsis]
            current = arguments[-1] if arguments else None
    candidates = [current, *get_args(current)]
    return [
        name
        for candidate in candidates
        if isinstance(candidate, type) and issubclass(candidate, BaseModel)
        for name in candidate.model_fields
    ]


def _line(problem: Problem) -> int:
    return problem.line or 0


def _dotted(path: Path) -> str:
    """Return keys and indices as ``gates.accept.criteria[2].need``."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def path_of(dotted: str) -> Path:
    """Return ``gates.accept.criteria[2].need`` as keys and indices."""
    return tuple(
        int(part) if part.isdigit() else part
        for part in dotted.replace("[", ".").replace("]", "").split(".")
        if part
    )
