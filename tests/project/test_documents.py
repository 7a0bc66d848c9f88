"""The glossary, the changelog and the project's metadata keep what they promise."""

from __future__ import annotations

import inspect
import re
import tomllib

import pytest

import cosell
from sources import ROOT

SECTIONS = ["Security", "Removed", "Deprecated", "Added", "Changed", "Fixed"]

GLOSSARY = (ROOT / "docs" / "glossary.md").read_text("utf-8")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

#: Names at the top whose last word is not what they are.
CALLED = {"AsyncDesk": "desk"}


def rows_of(page: str) -> list[list[str]]:
    """Return the cells of every row of every table, without heads and rules."""
    lines = [line for line in page.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    rules = {i for i, row in enumerate(cells) if set(row[0]) <= set("- :")}
    return [row for i, row in enumerate(cells) if i not in rules and i + 1 not in rules]


TERMS = [row[0].strip("`") for row in rows_of(GLOSSARY)]


def word_of(name: str) -> str:
    """Return what a public name is called in the glossary."""
    words = re.findall(r"[A-Z][a-z]+|[a-z]+", CALLED.get(name, name))
    phrase = " ".join(words).lower()
    return phrase if phrase in TERMS else words[-1].lower()


def is_error(name: str) -> bool:
    """Return whether a name at the top is an error, whose code explains it."""
    value = getattr(cosell, name)
    return inspect.isclass(value) and issubclass(value, Exception)


@pytest.mark.parametrize("name", [name for name in cosell.__all__ if not is_error(name)])
def test_a_public_name_has_its_word_in_the_glossary(name: str) -> None:
    """Each new word stands in the glossary before it stands in the surface."""
    assert name in TERMS or word_of(name) in TERMS


def test_a_word_means_one_thing() -> None:
    """No word has two rows, and none is in use that another row refuses."""
    refused = {word for row in rows_of(GLOSSARY) if len(row) > 2 for word in row[2].split(", ")}

    assert sorted(TERMS) == sorted(set(TERMS))
    assert refused & {row[0] for row in rows_of(GLOSSARY) if len(row) > 2} == set()


def test_every_row_is_explained() -> None:
    """Each row is a sentence that ends in a full stop."""
    assert [row[0] for row in rows_of(GLOSSARY) if not row[1].endswith(".")] == []


def test_changelog_sections_are_the_known_ones_in_order() -> None:
    """Each version has known sections only, in their order, and the current one has a heading."""
    first, *versions = re.split(r"^## ", CHANGELOG, flags=re.MULTILINE)

    assert versions[0].startswith(f"{PROJECT['version']} ")
    for version in versions:
        sections = re.findall(r"^### (.+)$", version, re.MULTILINE)
        assert sections == [section for section in SECTIONS if section in sections]
    assert "###" not in first


def test_the_core_has_four_dependencies() -> None:
    """What cosell brings along is what the design allows."""
    names = {re.match(r"[\w-]+", line).group() for line in PROJECT["dependencies"]}

    assert names == {"holidays", "pydantic", "python-dateutil", "transitions"}


def test_nothing_names_a_place_that_only_its_author_has() -> None:
    """Pages, examples and sources hold no absolute path of somebody's machine."""
    folders = ("src", "docs", "examples", "tests", ".ci", ".")
    kinds = (".md", ".out", ".py", ".toml")
    place = re.compile(rb"(?<![\w.])/(work|home|root|Users)/\w")
    paths = {
        path
        for folder in folders
        for path in (ROOT / folder).glob("*" if folder == "." else "**/*")
        if path.suffix in kinds
    }

    assert [path.name for path in sorted(paths) if place.search(path.read_bytes())] == []
