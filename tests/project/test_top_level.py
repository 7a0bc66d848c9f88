"""The names at the top of cosell: lazy, complete, and alike wherever they are listed."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib import import_module

import pytest

import cosell
from sources import PACKAGE, ROOT

INIT = ast.parse((PACKAGE / "__init__.py").read_text("utf-8"))
API = ast.parse((ROOT / "tests" / "typing" / "api.py").read_text("utf-8"))

#: What a host pays for when it uses it, and not before.
HEAVY = {
    "dateutil",
    "duckdb",
    "holidays",
    "numpy",
    "pandas",
    "pydantic",
    "rich",
    "sqlalchemy",
    "sqlite3",
    "transitions",
    "typer",
    "z3",
}


def type_checking_imports() -> dict[str, str]:
    """Return the names that type checkers see, and the module of each."""
    block = next(
        node
        for node in INIT.body
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    )
    return {
        alias.name: f"{node.module}.{alias.name}" if node.module == "cosell" else str(node.module)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def modules_loaded_by(code: str) -> set[str]:
    """Return the top-level modules in memory after ``code`` ran in a fresh interpreter."""
    lines = (
        f"import sys; sys.path.insert(0, {str(PACKAGE.parent)!r})",
        code,
        "print(*{name.partition('.')[0] for name in sys.modules})",
    )
    command = [sys.executable, "-I", "-c", "\n".join(lines)]
    return set(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())


def test_the_three_lists_agree() -> None:
    """The table of homes, ``__all__`` and the imports for type checkers name the same."""
    assert dict(cosell._HOMES) == type_checking_imports()
    assert sorted(cosell._HOMES) == sorted(cosell.__all__)
    assert len(set(cosell.__all__)) == len(cosell.__all__)


@pytest.mark.parametrize("name", cosell.__all__)
def test_a_name_is_public_where_it_comes_from(name: str) -> None:
    """Each name at the top is the very object of its module, and public there too."""
    home = import_module(cosell._HOMES[name])

    if home.__name__ == f"cosell.{name}":
        assert getattr(cosell, name) is home
    else:
        assert getattr(cosell, name) is getattr(home, name)
        assert name in home.__all__


def test_an_unknown_name_is_an_attribute_error() -> None:
    """A name that does not exist fails as it does for any module."""
    with pytest.raises(AttributeError, match="module 'cosell' has no attribute 'pipeline'"):
        _ = cosell.pipeline
    assert not hasattr(cosell, "pipeline")


def test_dir_lists_what_is_not_imported_yet() -> None:
    """Editors and shells can complete every public name."""
    assert set(cosell.__all__) <= set(dir(cosell))


def test_the_types_of_every_name_are_pinned() -> None:
    """``tests/typing/api.py`` imports each name at the top from there and uses it."""
    imported = {
        alias.name
        for node in API.body
        if isinstance(node, ast.ImportFrom) and node.module == "cosell"
        for alias in node.names
    }
    used = {node.id for node in ast.walk(API) if isinstance(node, ast.Name)}

    assert set(cosell.__all__) - (imported & used) == set()


def test_importing_cosell_imports_nothing_heavy() -> None:
    """``import cosell`` costs its own module only."""
    assert modules_loaded_by("import cosell") & HEAVY == set()


def test_a_first_name_imports_only_what_it_needs() -> None:
    """A model needs pydantic, and still no holidays, no graph, no database."""
    assert modules_loaded_by("from cosell import Actor, Money") & HEAVY == {"pydantic"}


def test_a_heavy_import_would_be_seen() -> None:
    """The two tests above can fail: a module that is imported is reported."""
    assert "sqlite3" in modules_loaded_by("import sqlite3")
