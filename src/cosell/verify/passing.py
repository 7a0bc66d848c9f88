"""Find criteria that nothing can pass, alone or together.

What is found is surely so; what is not found may be so all the same. What is looked at, and what
is not, are the rules of ``cosell.rules.contradiction``. A criterion of a host's own predicate asks
for nothing here, and neither does one that is only advised.

This module does not know where criteria stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from cosell.errors import ExpressionError
from cosell.findings import Severity
from cosell.rules import Criterion, never_together, parse
from cosell.rules.contradiction import Ways
from cosell.rules.nodes import Call, Name

__all__ = ["Asked", "Excluded", "asked_by", "excluded", "recorded"]


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that is asked.

    Attributes:
        path: Where it stands.
        name: What people call it.
        ways: The ways in which it is met.
    """

    path: str
    name: str
    ways: Ways


@dataclass(frozen=True, slots=True)
class Excluded:
    """That something can never be met.

    Attributes:
        asked: What can never be met.
        others: What excludes it; none where it excludes itself.
    """

    asked: Asked
    others: tuple[Asked, ...]

    @property
    def problem(self) -> str:
        """What is wrong, in words."""
        if not self.others:
            return f"{self.asked.name} can never be met"
        others = " and ".join(other.name for other in self.others)
        return f"{self.asked.name} can never be met together with {others}"


def asked_by(path: str, criterion: Criterion) -> Iterator[Asked]:
    """Yield what a criterion asks, unless that is nothing that can be looked at here."""
    if criterion.need is None or criterion.severity is not Severity.REQUIRED:
        return
    with suppress(ExpressionError):  # binding says what is wrong with it
        ways = [[(parse(criterion.need), True)]]
        if criterion.when is not None:
            ways.append([(parse(criterion.when), False)])
        yield Asked(f"{path}.need", f"criterion `{criterion.id}`", ways)


def recorded(path: str, text: str) -> Iterator[Asked]:
    """Yield that a field has to be recorded, where an expression names a single one."""
    with suppress(ExpressionError):
        node = parse(text)
        if isinstance(node, Name):
            yield Asked(
                path,
                f"that `{text}` is recorded",
                [[(Call("recorded", (node,), at=node.at), True)]],
            )


def excluded(asked: Sequence[Asked], parameters: Mapping[str, object]) -> Excluded | None:
    """Return what can never be met together with what stands before it; ``None`` where nothing is.

    Args:
        asked: What has to be met together, in the order of the definition.
        parameters: Named values of the definition.
    """

    def never(those: Sequence[Asked]) -> bool:
        return never_together([each.ways for each in those], parameters)

    if not never(asked):
        return None
    last = next(index for index in range(len(asked)) if never(asked[: index + 1]))
    others = list(asked[:last])
    for each in reversed(asked[:last]):
        fewer = [other for other in others if other is not each]
        if never([*fewer, asked[last]]):
            others = fewer
    return Excluded(asked[last], tuple(others))
