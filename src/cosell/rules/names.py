"""Say what a name in an expression means.

Rules that hold for every name:

1. It means one thing: a name that is both a field and a parameter, or a field and a word of the
   language, is refused where it is used.
2. A name that means nothing is refused with the nearest one that does.
3. A path leads through groups of fields to a value; it never leads into a list.

This module does not know what stands around a name.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from pydantic import BaseModel

from cosell.errors import did_you_mean
from cosell.rules.constants import constant
from cosell.rules.facts import FACT_TYPES
from cosell.rules.fields import UnsuitableFieldError, names_in, step_of
from cosell.rules.nodes import Name, Place
from cosell.rules.scope import Scope
from cosell.rules.typed import Read, Root, Step, Typed
from cosell.rules.types import DATE, INSTANT, TEXT, Kind, Type, decimal, labels_of

__all__ = ["Item", "Names"]

_ACTOR: Final = MappingProxyType(
    {
        "id": Step("id", TEXT, optional=False),
        "role": Step("role", TEXT, optional=False),
        "party": Step("party", TEXT, optional=True),
        "on_behalf_of": Step("on_behalf_of", TEXT, optional=True),
        "principal": Step("principal", TEXT, optional=False, derived=True),
    }
)
_MONEY: Final = MappingProxyType(
    {
        "amount": Step("amount", decimal(19, 4), optional=False),
        "currency": Step("currency", TEXT, optional=False),
    }
)
_CALL: Final = MappingProxyType(
    {
        "at": Step("at", INSTANT, optional=False),
        "as_of": Step("as_of", DATE, optional=False),
    }
)
_WORDS: Final = frozenset({"record", "facts", "actor", *_CALL})


class Item:
    """The item of the list that is gone through: its name, its type, and its list's path."""

    def __init__(self, name: str, kind: Type, path: str) -> None:
        self.name = name
        self.type = kind
        self.path = path


class Names:
    """Resolves names against a scope.

    Args:
        scope: What names can mean.
        bare: Whether bare names are fields of the record (or part), or of the whole.
    """

    def __init__(self, scope: Scope, bare: Root = Root.RECORD) -> None:
        self._scope = scope
        self._bare = bare
        whole = scope.whole if bare is Root.WHOLE else None
        self._model = whole or scope.model
        self._fields = names_in(self._model)
        #: The item in whose condition names stand just now.
        self.item: Item | None = None

    def resolve(self, name: Name) -> Typed:
        """Return the constant or the path that ``name`` means.

        Raises:
            ExpressionError: It means nothing, or two things.
        """
        head = name.path[0]
        self._refuse_double(name)
        if self.item is not None and head == self.item.name:
            root = Step(head, self.item.type, optional=False)
            return self._follow(name, 1, Root.ITEM, root, self.item.path)
        if head in _WORDS:
            return self._word(name, head)
        if head in self._scope.parameters:
            self._refuse_more(name, 1)
            return constant(self._scope.parameters[head], name.at)
        prefix = "record" if self._bare is Root.WHOLE else ""
        return self._follow(name, 0, self._bare, _group(self._model), prefix)

    def read(self, name: Name) -> Read:
        """Return the path that ``name`` means; a parameter is refused."""
        found = self.resolve(name)
        if not isinstance(found, Read):
            raise name.at.error(f"`{name}` is a parameter", "Name a field.")
        return found

    def parameter(self, name: Name) -> Any:
        """Return the value of the parameter ``name``, of whatever kind."""
        known = self._scope.parameters
        if str(name) not in known:
            raise name.at.error(
                f"there is no parameter `{name}`", did_you_mean(str(name), list(known))
            )
        return known[str(name)]

    def refuse_taken(self, name: str, at: Place) -> None:
        """Refuse ``name`` as the name of an item if it means something already."""
        if name in _WORDS or name in self._fields or name in self._scope.parameters:
            raise at.error(f"`{name}` means something else already", "Name the item otherwise.")

    def _refuse_double(self, name: Name) -> None:
        head = name.path[0]
        if head not in self._fields:
            return
        other = "a word of the language" if head in _WORDS else "a parameter"
        if head in _WORDS or head in self._scope.parameters:
            raise name.at.error(f"`{head}` is both a field and {other}", "Rename one of them.")

    def _word(self, name: Name, head: str) -> Typed:
        if head == "record":
            if self._scope.whole is None:
                raise name.at.error(
                    "`record.` means the whole record inside a track, and this is none",
                    "Name the field alone.",
                )
            return self._follow(name, 1, Root.WHOLE, _group(self._scope.whole), "record")
        if head == "actor":
            return self._table(name, Root.ACTOR, _ACTOR)
        if head == "facts":
            return self._table(name, Root.FACTS, self._facts())
        self._refuse_more(name, 1)
        step = _CALL[head]
        return Read(step.type, name.at, Root.CALL, (step,), head)

    def _facts(self) -> Mapping[str, Step]:
        return {
            fact: Step(fact, FACT_TYPES[kind], optional=True)
            for fact, kind in self._scope.facts.items()
            if kind in FACT_TYPES
        }

    def _table(self, name: Name, root: Root, table: Mapping[str, Step]) -> Read:
        head = name.path[0]
        if len(name.path) == 1:
            raise name.at.error(f"`{head}` is a group of fields", f"Name one: {head}.x")
        step = table.get(name.path[1])
        if step is None:
            raise name.places[1].error(
                f"there is no `{head}.{name.path[1]}`", did_you_mean(name.path[1], list(table))
            )
        self._refuse_more(name, 2)
        path = str(name)
        return Read(self._labelled(step.type, path), name.at, root, (step,), path)

    def _refuse_more(self, name: Name, length: int) -> None:
        if len(name.path) > length:
            shown = ".".join(name.path[:length])
            raise name.places[length].error(f"`{shown}` has no fields", "Name it alone.")

    def _follow(self, name: Name, start: int, root: Root, step: Step, path: str) -> Read:
        steps: list[Step] = []
        for index in range(start, len(name.path)):
            step = self._next(name, index, step)
            path = f"{path}.{step.name}" if path else step.name
            steps.append(step)
        return Read(self._labelled(step.type, path), name.at, root, tuple(steps), path)

    def _next(self, name: Name, index: int, parent: Step) -> Step:
        part, at = name.path[index], name.places[index]
        if parent.type.kind is Kind.MONEY:
            found, known = _MONEY.get(part), list(_MONEY)
        elif parent.type.model is not None:
            found, known = self._field(parent.type.model, part, at), self._known(parent.type.model)
        elif parent.type.kind is Kind.LIST:
            raise at.error(
                f"`{parent.name}` is a list", f"Write any(x.{part} ... for x in {parent.name})."
            )
        else:
            raise at.error(f"`{parent.name}` has no fields", "Name it alone.")
        if found is None:
            raise at.error(f"there is no field `{part}`", did_you_mean(part, known))
        return found

    def _field(self, model: type[BaseModel], part: str, at: Place) -> Step | None:
        try:
            return step_of(model, part)
        except UnsuitableFieldError as error:
            raise at.error(f"`{part}` {error.problem}", error.remedy) from None

    def _known(self, model: type[BaseModel]) -> list[str]:
        here = [*self._scope.parameters, *_WORDS] if model is self._model else []
        return [*names_in(model), *here]

    def _labelled(self, found: Type, path: str) -> Type:
        labels = self._scope.labels.get(path)
        return labels_of(labels) if labels and found.kind in {Kind.TEXT, Kind.LABEL} else found


def _group(model: type[BaseModel]) -> Step:
    return Step("record", Type(Kind.MODEL, model=model), optional=False)
