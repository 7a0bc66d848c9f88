"""The modules of cosell as text and syntax trees, for the tests that read the source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "cosell"

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One module: its dotted name and its text."""

    name: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The module's syntax tree."""
        return ast.parse(self.text)

    @cached_property
    def lines(self) -> list[str]:
        """The module's lines."""
        return self.text.splitlines()

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Every node of the tree, in the order of ``ast.walk``."""
        return list(ast.walk(self.tree))

    @property
    def functions(self) -> Iterator[Function]:
        """Every function and method, nested ones too."""
        return (node for node in self.nodes if isinstance(node, Function))

    def at(self, node: ast.AST) -> str:
        """Return where ``node`` stands, as ``module:line``."""
        return f"{self.name}:{getattr(node, 'lineno', 1)}"

    @cached_property
    def origins(self) -> dict[str, str]:
        """What each imported name stands for: ``{"now": "datetime.datetime.now"}``."""
        origins = {}
        for node in self.nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    local = alias.asname or alias.name.partition(".")[0]
                    origins[local] = alias.name if alias.asname else local
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    origins[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        return origins

    @property
    def used_names(self) -> Iterator[tuple[ast.AST, str]]:
        """Every name and attribute that is read, spelled out from where it was imported."""
        for node in self.nodes:
            if isinstance(node, ast.Name | ast.Attribute):
                yield node, self._spelled_out(node)

    def _spelled_out(self, node: ast.AST) -> str:
        if isinstance(node, ast.Attribute):
            return f"{self._spelled_out(node.value)}.{node.attr}"
        if isinstance(node, ast.Name):
            return self.origins.get(node.id, node.id)
        return "?"


@cache
def read_sources() -> tuple[Source, ...]:
    """Return every module of the package, in the order of its names; read once, and parsed once."""
    return tuple(Source(module_name(path), path.read_text("utf-8")) for path in module_paths())


def module_paths() -> list[Path]:
    """Return the file of every module of the package."""
    return sorted(PACKAGE.rglob("*.py"))


def module_name(path: Path) -> str:
    """Return the dotted name of the module in ``path``."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
