"""What every module of cosell keeps to, whoever wrote it."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase

import pytest

from sources import Source, read_sources

MOST_LINES = 400
MOST_FUNCTION_LINES = 50

LEFTOVERS = re.compile(r"TODO|FIXME|XXX|NotImplementedError|pragma: no cover")
#: A code in brackets or after a colon, and then a reason.
REASONED_IGNORE = re.compile(r"# (noqa: [A-Z0-9, ]+|type: ignore\[[a-z, -]+\])\s+\S")
ANY_IGNORE = re.compile(r"#\s*(noqa|type:\s*ignore)")

#: What reads the world outside, by what is read.
OUTSIDE = {
    "clock": (
        "datetime.datetime.now",
        "datetime.datetime.today",
        "datetime.datetime.utcnow",
        "datetime.date.today",
        "time.*",
    ),
    "chance": ("random.*", "secrets.*", "uuid.uuid1", "uuid.uuid4", "os.urandom"),
    "environment": (
        "os.environ*",
        "os.getenv",
        "getpass.*",
        "locale.*",
        "platform.*",
        "sys.argv",
        "*Path.cwd",
        "*Path.home",
    ),
    "network": ("http.*", "socket.*", "ssl.*", "urllib.request.*"),
    "processes": ("subprocess.*", "os.system", "os.fork", "multiprocessing.*"),
    "files": (
        "open",
        "os.path.*",
        "shutil.*",
        "tempfile.*",
        "*.open",
        "*.read_bytes",
        "*.read_text",
        "*.write_bytes",
        "*.write_text",
    ),
    "terminal": ("input", "print", "sys.stdin*", "sys.stdout*", "sys.stderr*"),
}

#: Who may read what; everything else is an argument.
MAY_READ = {
    "cosell.catalog": {"files"},  # the definitions that ship with cosell
    "cosell.cli": {*OUTSIDE},  # the command line is a host
}

#: Who may use floats: a database's time-out is one, and so is the width of a bar.
MAY_FLOAT = ("cosell.cli.", "cosell.stores.")


def asserts(source: Source) -> Iterator[str]:
    """Asserts vanish under ``python -O``."""
    return (source.at(node) for node in source.nodes if isinstance(node, ast.Assert))


def leftovers(source: Source) -> Iterator[str]:
    """Nothing is left for later, and nothing is left out of coverage."""
    return (
        f"{source.name}:{number}: {line.strip()}"
        for number, line in enumerate(source.lines, 1)
        if LEFTOVERS.search(line)
    )


def bare_ignores(source: Source) -> Iterator[str]:
    """A finding that is set aside says which and why: beside it, or on the line above."""
    for number, line in enumerate(source.lines, 1):
        above = source.lines[number - 2].strip() if number > 1 else ""
        if ANY_IGNORE.search(line) and not (REASONED_IGNORE.search(line) or above.startswith("# ")):
            yield f"{source.name}:{number}: {line.strip()}"


def overlong(source: Source) -> Iterator[str]:
    """At 400 lines a module is two modules."""
    if len(source.lines) > MOST_LINES:
        yield f"{source.name}: {len(source.lines)} lines"


def overlong_functions(source: Source) -> Iterator[str]:
    """A function fits on a screen, its docstring apart."""
    for function in source.functions:
        first = function.body[0]
        told = (first.end_lineno or 0) - first.lineno + 1 if ast.get_docstring(function) else 0
        length = (function.end_lineno or 0) - function.lineno + 1 - told
        if length > MOST_FUNCTION_LINES:
            yield f"{source.at(function)}: {function.name} has {length} lines"


def headless(source: Source) -> Iterator[str]:
    """A module says what it is for."""
    if not ast.get_docstring(source.tree):
        yield source.name


def without_future_annotations(source: Source) -> Iterator[str]:
    """Annotations are never evaluated at import."""
    has_code = any(not isinstance(node, ast.Expr) for node in source.tree.body)
    if has_code and source.origins.get("annotations") != "__future__.annotations":
        yield source.name


def readings(source: Source) -> Iterator[str]:
    """The core reads no clock, file, network or environment."""
    allowed = {
        kind
        for package, kinds in MAY_READ.items()
        if f"{source.name}.".startswith(f"{package}.")
        for kind in kinds
    }
    for node, name in source.used_names:
        for kind in OUTSIDE.keys() - allowed:
            if not name.startswith("cosell.") and fnmatches(name, OUTSIDE[kind]):
                yield f"{source.at(node)}: {name} reads the {kind}"


def fnmatches(name: str, patterns: tuple[str, ...]) -> bool:
    """Return whether one of the patterns covers ``name``."""
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def floats(source: Source) -> Iterator[str]:
    """Floats stand for seconds to wait and bars to draw, never for an amount or a day."""
    if f"{source.name}.".startswith(MAY_FLOAT):
        return
    annotations = {
        annotation
        for node in source.nodes
        for field in ("annotation", "returns")
        if isinstance(annotation := getattr(node, field, None), ast.AST)
    }
    for annotation in annotations:
        for node in ast.walk(annotation):
            if isinstance(node, ast.Name) and node.id == "float":
                yield f"{source.at(node)}: float"
    for node in source.nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield f"{source.at(node)}: {node.value}"


def imports_from_the_top(source: Source) -> Iterator[str]:
    """A module imports from where a name lives, so that layers can be checked."""
    for node in source.nodes:
        if isinstance(node, ast.Import) and any(alias.name == "cosell" for alias in node.names):
            yield source.at(node)
        # The top itself names the packages that are public there.
        if isinstance(node, ast.ImportFrom) and (
            (node.module == "cosell" and source.name != "cosell") or node.level
        ):
            yield source.at(node)


def vaguely_named(source: Source) -> Iterator[str]:
    """A module is named for its topic."""
    if source.name.rpartition(".")[2] in {"common", "helpers", "misc", "util", "utils"}:
        yield source.name


Rule = Callable[[Source], Iterator[str]]

#: Each rule, and the shortest module that breaks it.
RULES: dict[Rule, Source] = {
    asserts: Source("cosell.x", "assert True"),
    leftovers: Source("cosell.x", "# TODO: later"),
    bare_ignores: Source("cosell.x", "import os  # noqa: F401"),
    overlong: Source("cosell.x", "\n" * (MOST_LINES + 1)),
    overlong_functions: Source("cosell.x", "def f():\n" + "    f()\n" * MOST_FUNCTION_LINES),
    headless: Source("cosell.x", "x = 1"),
    without_future_annotations: Source("cosell.x", "x = 1"),
    readings: Source("cosell.x", "from datetime import datetime as d\nd.now()"),
    floats: Source("cosell.x", "def f(x: list[float]): ..."),
    imports_from_the_top: Source("cosell.x", "from cosell import Money"),
    vaguely_named: Source("cosell.rules.utils", ""),
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_no_module_breaks_a_rule(rule: Rule) -> None:
    """No module of cosell breaks the rule; all places that do are named at once."""
    places = [place for source in read_sources() for place in rule(source)]

    assert not places, "\n".join([str(rule.__doc__), *places])


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_rule_catches_its_break(rule: Rule) -> None:
    """Each rule finds the shortest module that breaks it: a check that cannot fail is none."""
    assert list(rule(RULES[rule])) != []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("import time as t\nt.monotonic()", "clock"),
        ("import datetime\ndatetime.date.today()", "clock"),
        ("from datetime import date\ndate.today()", "clock"),
        ("import os\nos.environ['HOME']", "environment"),
        ("from os import environ\nenviron.get('HOME')", "environment"),
        ("from pathlib import Path\nPath('x').read_text()", "files"),
        ("with open('x') as f: pass", "files"),
        ("from random import choice\nchoice([1])", "chance"),
        ("import socket\nsocket.socket()", "network"),
        ("import sys\nsys.stdout.write('')", "terminal"),
    ],
)
def test_a_reading_is_seen_however_it_is_spelled(text: str, kind: str) -> None:
    """Aliases and from-imports do not hide what a module reads."""
    found = list(readings(Source("cosell.x", text)))

    assert found != []
    assert all(place.endswith(f"reads the {kind}") for place in found)


def test_an_ignore_with_a_reason_is_accepted() -> None:
    """An ignore passes when its reason stands beside it or on the line above."""
    beside = Source("cosell.x", "def f(id): ...  # noqa: A002 the field is called id")
    above = Source("cosell.x", "# pydantic takes keywords that mypy cannot see.\nf()  # noqa: A1")

    assert [*bare_ignores(beside), *bare_ignores(above)] == []
