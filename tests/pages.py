"""Run what a page of the documentation shows, and compare it with what the page says.

Rules for the authors of pages:

1. ``python`` blocks of a page run from top to bottom in one namespace. A block of ``>>>`` lines is
   run as a doctest; any other block just runs.
2. A ``text`` block straight after a ``python`` block is what that block prints.
3. ``console`` blocks hold lines ``$ command``, each followed by what it prints, errors included. A
   command must succeed; one that is meant to fail ends in ``; echo $?``.
4. In expected output a line of ``...`` stands for any number of lines.
5. ``toml``, ``json`` and ``csv`` blocks must be readable. With a file name after the language, as
   in ``toml my-map.toml``, the block is also written under that name for the blocks below it.
6. Everything runs in a fresh folder that holds a copy of ``examples/``. ``make demo`` runs what the
   Makefile would run. What installs or tests the project itself is not run; its table is below.
7. ``text`` and ``mermaid`` blocks are for reading. Any other language is refused, so that nothing
   escapes these rules.
"""

from __future__ import annotations

import csv
import doctest
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from difflib import unified_diff
from pathlib import Path
from typing import Any

from sybil import Document, Example, Region
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.markdown.lexers import RawFencedCodeBlockLexer

from sources import ROOT

#: Commands that set up or check the project: pages show them, `.ci/run` runs them.
NOT_RUN = re.compile(
    r"git clone \S+|cd cosell|(python3? -m )?pip install [^;&|]+|python3? -m venv \S+"
    r"|make (?!demo\b)[a-z]+( [A-Z]+=.+)?"
)
MAKEFILE = ROOT / "Makefile"

_INFO = re.compile(r"(?P<language>[^\s`]*)[ \t]*(?P<file>[^\n`]*)\n")
_SECONDS = 120


class PageError(AssertionError):
    """What a page shows is not what happens."""


@dataclass
class Page:
    """One page while it runs: where it runs, and what its last Python block printed."""

    path: Path
    folder: Path
    printed: str = ""
    evaluate_python: Callable[[Example], None] = field(default_factory=PythonEvaluator)

    def run(self) -> int:
        """Run every block, from top to bottom, and return how many there were."""
        examples = list(Document.parse(str(self.path), self.blocks))
        for example in examples:
            example.evaluate()
        return len(examples)

    def blocks(self, document: Document) -> Iterator[Region]:
        """Yield every fenced block with what is to be done about it."""
        end, language = 0, ""
        for region in sorted(RawFencedCodeBlockLexer(_INFO)(document), key=lambda it: it.start):
            follows = language == "python" and not document.text[end : region.start].strip()
            end, language = region.end, region.lexemes["language"]
            region.parsed = region.lexemes["source"]
            region.evaluator = (
                self.printed_by_python if language == "text" and follows else self.runner(language)
            )
            yield region

    def runner(self, language: str) -> Callable[[Example], None]:
        """Return what runs a block of this language."""
        runners: dict[str, Callable[[Example], None]] = {
            "python": self.python,
            "console": self.console,
            "toml": self.data(tomllib.loads),
            "json": self.data(json.loads),
            "csv": self.data(lambda text: list(csv.reader(io.StringIO(text), strict=True))),
            "text": self.data(str),
            "mermaid": self.data(str),
        }
        return runners.get(language, self.refused)

    def refused(self, example: Example) -> None:
        """Refuse a block that would escape these rules."""
        language = example.region.lexemes["language"] or "no language"
        raise PageError(f"{place_of(example)}: a block of {language} is neither run nor read")

    def python(self, example: Example) -> None:
        """Run a block of Python, as a doctest where it is written as one."""
        if str(example.parsed).lstrip().startswith(">>>"):
            self.doctest(example)
            return
        with redirect_stdout(io.StringIO()) as printed:
            self.evaluate_python(example)
        self.printed = printed.getvalue()

    def doctest(self, example: Example) -> None:
        """Run a block of ``>>>`` lines in the page's namespace."""
        said: list[str] = []
        test = doctest.DocTestParser().get_doctest(
            str(example.parsed), example.namespace, self.path.name, str(self.path), example.line
        )
        runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
        runner.run(test, out=said.append, clear_globs=False)
        example.namespace.update(test.globs)
        if said:
            raise PageError("".join(said))

    def printed_by_python(self, example: Example) -> None:
        """Compare the block with what the Python block above it printed."""
        compare(str(example.parsed), self.printed, place_of(example))

    def data(self, parse: Callable[[str], Any]) -> Callable[[Example], None]:
        """Return what reads a block of data, and keeps it if it has a file name."""

        def read(example: Example) -> None:
            parse(str(example.parsed))
            if name := example.region.lexemes["file"].strip():
                (self.folder / name).write_text(str(example.parsed), "utf-8")

        return read

    def console(self, example: Example) -> None:
        """Run each command of the block and compare what it prints."""
        for command, expected in commands_in(str(example.parsed), place_of(example)):
            if NOT_RUN.fullmatch(command):
                require_target(command)
                continue
            ran = subprocess.run(
                ["/bin/sh", "-c", demo_command() if command == "make demo" else command],
                cwd=self.folder,
                env=environment(self.folder),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                timeout=_SECONDS,
                check=False,
            )
            if ran.returncode:
                raise PageError(f"{place_of(example)}: `{command}` failed:\n{ran.stdout}")
            compare(expected, ran.stdout, f"{place_of(example)}: `{command}`")


def commands_in(block: str, place: str) -> Iterator[tuple[str, str]]:
    """Yield each command of a console block with the output that follows it.

    A command goes on in the next line after a backslash.
    """
    first, *rest = re.split(r"^\$ ", block, flags=re.MULTILINE)
    if first.strip() or not rest:
        raise PageError(f"{place}: a console block starts with `$ `")
    for part in rest:
        command = re.match(r"(?:.*\\\n)*.*", part)
        text = command.group() if command else ""
        yield re.sub(r"\\\n\s*(> )?", "", text).strip(), part[len(text) + 1 :]


def compare(expected: str, actual: str, place: str) -> None:
    """Raise with a difference unless ``actual`` is as expected, where ``...`` is any lines."""
    wanted, given = (
        [line.rstrip() for line in text.strip("\n").splitlines()] for text in (expected, actual)
    )
    pattern = "".join(r"(?:.*\n)*?" if it == "..." else re.escape(it) + "\n" for it in wanted)
    if not re.fullmatch(pattern, "".join(f"{line}\n" for line in given)):
        difference = "\n".join(
            unified_diff(wanted, given, "the page", "what happened", lineterm="")
        )
        raise PageError(f"{place} prints something else:\n{difference}")


def place_of(example: Example) -> str:
    """Return where a block stands."""
    return f"{Path(example.path).name}:{example.line}"


def require_target(command: str) -> None:
    """Raise unless a ``make`` command that is only shown is one that the Makefile knows."""
    target = re.match(r"make ([a-z]+)", command)
    if target and not re.search(rf"^{target[1]}:", MAKEFILE.read_text("utf-8"), re.MULTILINE):
        raise PageError(f"`{command}`: the Makefile has no such target")


def demo_command() -> str:
    """Return the command that ``make demo`` runs."""
    line = re.search(r"^DEMO := (.+)$", MAKEFILE.read_text("utf-8"), re.MULTILINE)
    if line is None:
        raise PageError("the Makefile has no line `DEMO := ...`")
    return line[1]


def prepare(folder: Path) -> Path:
    """Make ``folder`` a fresh place to run in: the examples, and the command ``cosell``."""
    if (ROOT / "examples").is_dir():
        shutil.copytree(ROOT / "examples", folder / "examples")
    command = folder / ".bin" / "cosell"
    command.parent.mkdir()
    command.write_text(
        f"#!{sys.executable}\nimport sys\nfrom cosell.cli import main\nsys.exit(main())\n", "utf-8"
    )
    command.chmod(0o755)
    return folder


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of a command: the same on any machine."""
    return {
        "COLUMNS": "100",
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "NO_COLOR": "1",
        "PATH": os.pathsep.join(
            [str(folder / ".bin"), str(Path(sys.executable).parent), os.environ.get("PATH", "")]
        ),
        "PYTHONPATH": str(ROOT / "src"),
        "TERM": "dumb",
        "TZ": "UTC",
    }
