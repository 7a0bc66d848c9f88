"""What stands in docstrings: it is there, it is true, and its examples run."""

from __future__ import annotations

import doctest
import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import cosell
from sources import module_name, module_paths

PUBLIC_MODULES = [name for name in map(module_name, module_paths()) if not re.search(r"\._", name)]
TOP_LEVEL = [name for name in cosell.__all__ if inspect.isfunction(getattr(cosell, name))]


def run_examples(tests: list[doctest.DocTest]) -> list[str]:
    """Run the examples and return what doctest says about those that fail."""
    said: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    for test in tests:
        runner.run(test, out=said.append)
    return said


@pytest.mark.parametrize("path", module_paths(), ids=module_name)
def test_the_examples_run(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every example in a docstring gives what it says it gives."""
    monkeypatch.chdir(tmp_path)
    module = import_module(module_name(path))

    said = run_examples(doctest.DocTestFinder().find(module))

    assert not said, "\n".join(said)


def test_an_example_that_is_wrong_is_seen() -> None:
    """The test above can fail: a wrong example is reported."""
    wrong = doctest.DocTestParser().get_doctest(">>> 1 + 1\n3", {}, "wrong", None, 0)

    assert "Got:\n    2" in "".join(run_examples([wrong]))


@pytest.mark.parametrize("name", PUBLIC_MODULES)
def test_every_public_name_exists_and_is_documented(name: str) -> None:
    """What ``__all__`` lists is there, and its classes and functions say what they are for."""
    module = import_module(name)

    assert [
        public
        for public in getattr(module, "__all__", ())
        if not hasattr(module, public) or is_undocumented(getattr(module, public))
    ] == []


@pytest.mark.parametrize("name", PUBLIC_MODULES)
def test_a_module_lists_its_public_names(name: str) -> None:
    """A module that defines public classes says which names are for hosts."""
    module = import_module(name)
    defined = [
        value
        for key, value in vars(module).items()
        if inspect.isclass(value) and value.__module__ == name and not key.startswith("_")
    ]

    assert hasattr(module, "__all__") or not defined


def is_undocumented(value: object) -> bool:
    """Return whether a class or function has no docstring of its own."""
    if not (inspect.isclass(value) or inspect.isroutine(value)):
        return False
    told = vars(value).get("__doc__") if inspect.isclass(value) else value.__doc__
    # A dataclass without a docstring is given its signature instead.
    return not told or told.startswith(f"{value.__name__}(")


def sections_missing_in(function: object) -> Iterator[str]:
    """Return the sections that the docstring of a function at the top should have and has not."""
    told = inspect.getdoc(function) or ""
    signature = inspect.signature(function)  # type: ignore[arg-type]
    if signature.parameters:
        yield from ("Args",) * ("\nArgs:" not in told)
    if signature.return_annotation not in (None, "None"):
        yield from ("Returns",) * ("\nReturns:" not in told)
    yield from ("Example",) * ("\nExample:" not in told or ">>> " not in told)


def test_a_function_at_the_top_is_explained_in_full() -> None:
    """Its docstring has the arguments, the result and an example that runs."""
    missing = {name: list(sections_missing_in(getattr(cosell, name))) for name in TOP_LEVEL}

    assert {name: sections for name, sections in missing.items() if sections} == {}


def test_a_thin_docstring_is_seen() -> None:
    """The test above can fail: a docstring of one line lacks all three sections."""

    def thin(value: int) -> int:
        """Return it."""
        return value

    assert list(sections_missing_in(thin)) == ["Args", "Returns", "Example"]
