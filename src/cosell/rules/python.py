"""Write kernel trees as the text of Python expressions.

Rules that hold for every text written here:

1. It consists of words of this module and numbered names. No text of a definition, a model or a
   record stands in it: constants and names of fields are values in the namespace.
2. Each field is loaded once, into a local, before it is used.
3. What ``Known`` computes is kept in a local, and used where the value is.

This module does not know what unknown is, or what a criterion is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo

from cosell.rules import kernel, operations
from cosell.rules.derived import read_derived
from cosell.rules.judgement import Result, fields_in, is_date_of_call
from cosell.rules.kernel import TRUE, Field, Node, Predicate, Value
from cosell.rules.lowered import Amount, Truth
from cosell.rules.typed import Root
from cosell.rules.types import Kind

__all__ = ["CONTEXT", "Body", "Module"]

#: What every function is called with, in this order.
CONTEXT: Final = "record, whole, actor, facts, at, rates"

_HELPERS: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "Exception": Exception,
        "add": operations.EXACT.add,
        "as_instant": operations.as_instant,
        "as_money": operations.as_money,
        "business_days": operations.business_days,
        "decimal": Decimal,
        "derived": read_derived,
        "exchanged": operations.exchanged,
        "fixed": operations.FIXED_OFFSETS,
        "local_date": operations.local_date,
        "max": max,
        "min": min,
        "multiply": operations.EXACT.multiply,
        "new": object.__new__,
        "prorated": operations.prorated,
        "rounded": operations.rounded,
        "subtract": operations.EXACT.subtract,
        "within": operations.within_64_bits,
    }
)
_DECIMAL: Final = MappingProxyType({"+": "add", "-": "subtract", "*": "multiply"})
_OWNERS: Final = MappingProxyType(
    {Root.RECORD: "record", Root.WHOLE: "whole", Root.ACTOR: "actor", Root.ITEM: "item"}
)


class Module:
    """The functions written for one gate, with the values that their names stand for."""

    def __init__(self, zone: str) -> None:
        self._namespace: dict[str, Any] = {"__builtins__": {}, **_HELPERS}
        self._constants: dict[tuple[type[Any], str], str] = {}
        self._locals: dict[int, tuple[Node, str]] = {}
        self._functions: list[str] = []
        self.zone = self.bound(ZoneInfo(zone))

    def bound(self, value: Any) -> str:
        """Return a new name for ``value``."""
        name = f"k{len(self._namespace)}"
        self._namespace[name] = value
        return name

    def constant(self, value: Any) -> str:
        """Return the name of a constant; equal ones of one text share it."""
        # 0.01 and 0.0100 are equal, as are 1 and True, and are not the same constant.
        key = type(value), repr(value)
        if key not in self._constants:
            moment = isinstance(value, datetime)
            self._constants[key] = self.bound(operations.as_instant(value) if moment else value)
        return self._constants[key]

    def local(self, node: Node, letter: str) -> str:
        """Return the local that stands for a node in every function."""
        if id(node) not in self._locals:
            self._locals[id(node)] = node, str(len(self._locals))
        return f"{letter}{self._locals[id(node)][1]}"

    def define(self, parameters: str, lines: Iterable[str]) -> str:
        """Write a function, and return its name."""
        name = f"f{len(self._functions)}"
        body = "".join(f"    {line}\n" for line in lines)
        self._functions.append(f"def {name}({parameters}):\n{body}")
        return name

    @property
    def text(self) -> str:
        """The text of all functions."""
        return "\n".join(self._functions)

    def compiled(self) -> Mapping[str, Any]:
        """Return the functions by name."""
        code = compile(self.text, "<cosell gate>", "exec")
        exec(code, self._namespace)  # noqa: S102 - our own text, see rule 1
        return self._namespace


class Body:
    """Writes the expressions of one function, and notes what they need loaded."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self._loaded: set[str] = set()
        #: Fields that expressions written so far use.
        self.used: dict[int, Field] = {}
        self.asks_rates = False
        #: Locals that are ``None`` where a rate or a calendar is what is missing.
        self.reasons: dict[str, None] = {}
        #: Whether a list is gone through that may miss a rate or a calendar.
        self.has_inner_reasons = False

    def forget_reasons(self) -> None:
        """Begin anew with what may be missing."""
        self.reasons.clear()
        self.has_inner_reasons = False

    def predicate(self, node: Predicate) -> str:
        """Return the text of a predicate."""
        return _PREDICATES[type(node)](self, node)

    def value(self, node: Value) -> str:
        """Return the text of a value that ``Known`` was asked for before, if it can be missing."""
        if _is_partial(node):
            return self.module.local(node, "t")
        return _VALUES[type(node)](self, node)

    def result(self, result: Result) -> str:
        """Return the text of a value to hand out, ``None`` where it is missing."""
        if result.field is not None:
            return _raw(self, result.field)
        found = result.lowered
        if isinstance(found, Truth):
            true, false = self.predicate(found.true), self.predicate(found.false)
            return f"(True if {true} else False if {false} else None)"
        known, value = self.predicate(found.known), self.value(found.value)
        if isinstance(found, Amount):
            value = f"as_money({value}, {self.value(found.currency)})"
        elif result.kind is Kind.DECIMAL:
            value = f"decimal({value})"
        return f"({value} if {known} else None)"

    def loads(self, fields: Iterable[Field]) -> list[str]:
        """Return lines that load ``fields``, each after its parent, unless they are loaded."""
        return [line for field in fields for line in self._load(field)]

    def _is_new(self, name: str) -> bool:
        known = name in self._loaded
        self._loaded.add(name)
        return not known

    def _load(self, field: Field) -> list[str]:
        raw, name = self.module.local(field, "v"), self.module.local(field, "u")
        if not self._is_new(raw):
            return []
        lines = self._load_raw(field, raw)
        if field.type.kind is Kind.INSTANT:
            known = f"{raw} is None or {raw}.tzinfo.__class__ in fixed"
            lines.append(f"{name} = {raw} if {known} else as_instant({raw})")
        return lines

    def _load_raw(self, field: Field, name: str) -> list[str]:
        if field.parent is not None:
            return [f"{name} = {self._member(field, field.parent)}"]
        if field.root is Root.CALL:
            return [f"{name} = {self._call(field)}"]
        if field.root is Root.FACTS:
            key = self.module.constant(field.name)
            return [f"{name} = None if facts is None else facts.get({key})"]
        owner = _OWNERS[field.root]
        if not field.name:
            return [f"{name} = {owner}"]
        if field.derived:
            return [f"{name} = {self._derived(field, owner)}"]
        first = [f"{owner}_fields = {owner}.__dict__"] if self._is_new(f"{owner}_fields") else []
        return [*first, f"{name} = {owner}_fields[{self.module.constant(field.name)}]"]

    def _member(self, field: Field, parent: Field) -> str:
        owner = self.module.local(parent, "v")
        key = self.module.constant(field.name)
        read = self._derived(field, owner) if field.derived else f"{owner}.__dict__[{key}]"
        return f"None if {owner} is None else {read}" if parent.can_be_missing else read

    def _derived(self, field: Field, owner: str) -> str:
        key, needed = self.module.constant(field.name), self.module.bound(field.type)
        return f"derived({owner}, {key}, {needed}, {field.optional})"

    def _call(self, field: Field) -> str:
        return f"local_date(at, {self.module.zone})" if is_date_of_call(field) else "at"


def _raw(body: Body, field: Field) -> str:
    body.used[id(field)] = field
    return body.module.local(field, "v")


def _always(_: Body, node: kernel.Always) -> str:
    return str(node.truth)


def _all_of(body: Body, node: kernel.And) -> str:
    return f"({' and '.join(map(body.predicate, node.parts))})"


def _any_of(body: Body, node: kernel.Or) -> str:
    return f"({' or '.join(map(body.predicate, node.parts))})"


def _not(body: Body, node: kernel.Not) -> str:
    return f"(not {body.predicate(node.part)})"


def _known(body: Body, node: kernel.Known) -> str:
    value = node.value
    if isinstance(value, Field):
        return f"({_raw(body, value)} is not None)"
    computed, name = _VALUES[type(value)](body, value), body.module.local(value, "t")
    if isinstance(value, kernel.Exchange | kernel.Days):
        body.reasons[name] = None
    return f"(({name} := {computed}) is not None)"


def _holds(body: Body, node: kernel.Holds) -> str:
    return f"({body.value(node.value)} is {node.truth})"


def _compare(body: Body, node: kernel.Compare) -> str:
    return f"({body.value(node.left)} {node.op} {body.value(node.right)})"


def _among(body: Body, node: kernel.In) -> str:
    options = body.module.bound(frozenset(node.options))
    return f"({body.value(node.value)} in {options})"


def _any_item(body: Body, node: kernel.AnyItem) -> str:
    return _loop(body, node, (), "return True", "return False")


def _constant(body: Body, node: kernel.Constant) -> str:
    return body.module.constant(node.value)


def _field(body: Body, node: Field) -> str:
    raw = _raw(body, node)
    return body.module.local(node, "u") if node.type.kind is Kind.INSTANT else raw


def _arithmetic(body: Body, node: kernel.Arithmetic) -> str:
    left, right = body.value(node.left), body.value(node.right)
    if node.type.kind is Kind.INT:
        return f"within({left} {node.op} {right})"
    return f"{_DECIMAL[node.op]}({left}, {right})"


def _round(body: Body, node: kernel.Round) -> str:
    return f"rounded({body.value(node.value)}, {_named(body, node.places, node.mode)})"


def _extreme(body: Body, node: kernel.Extreme) -> str:
    return f"{node.which}({', '.join(map(body.value, node.parts))})"


def _case(body: Body, node: kernel.Case) -> str:
    then, otherwise = body.value(node.then), body.value(node.otherwise)
    return f"({then} if {body.predicate(node.condition)} else {otherwise})"


def _lookup(body: Body, node: kernel.Lookup) -> str:
    return f"{body.module.bound(dict(node.rows))}[{body.value(node.key)}]"


def _prorate(body: Body, node: kernel.Prorate) -> str:
    parts = map(body.value, (node.amount, node.part, node.whole))
    return f"prorated({', '.join(parts)}, {_named(body, node.places, node.mode)})"


def _exchange(body: Body, node: kernel.Exchange) -> str:
    body.asks_rates = True
    amount, source, target = map(body.value, (node.amount, node.source, node.target))
    on = f"local_date(at, {body.module.zone})" if is_date_of_call(node.on) else body.value(node.on)
    if node.on_known is not TRUE:
        on = f"({on} if {body.predicate(node.on_known)} else None)"
    computed = f"exchanged({amount}, {source}, {target}, {on}, rates)"
    if not amount.isidentifier():
        return computed
    # Nearly always both are in one currency: then nothing is called.
    return f"({amount} if {source} == {target} else {computed})"


def _days(body: Body, node: kernel.Days) -> str:
    start, end = body.value(node.start), body.value(node.end)
    if node.calendar is None:
        return f"({end} - {start}).days"
    return f"business_days({body.module.bound(node.calendar)}, {start}, {end})"


def _day_of(body: Body, node: kernel.DayOf) -> str:
    zone = body.module.bound(ZoneInfo(node.zone))
    return f"local_date({body.value(node.instant)}, {zone})"


def _elapsed(body: Body, node: kernel.Elapsed) -> str:
    return f"({body.value(node.later)} - {body.value(node.earlier)})"


def _count_items(body: Body, node: kernel.CountItems) -> str:
    return _loop(body, node, ("count = 0",), "count += 1", "return count")


def _loop(
    body: Body, node: kernel.AnyItem | kernel.CountItems, first: Iterable[str], hit: str, last: str
) -> str:
    """Return a call of a function of its own that goes through a list."""
    inner = Body(body.module)
    test = inner.predicate(node.predicate)
    body.has_inner_reasons |= bool(inner.reasons)
    given: list[str] = []
    for field in inner.used.values():
        if field.root is not Root.ITEM:
            given += {_raw(body, field), _field(body, field)}
    if inner.asks_rates:
        given += ["at", "rates"]
    own = fields_in([node.predicate], of_item=True)
    each = [*inner.loads(own), f"if {test}: {hit}"]
    lines = [*first, "for item in items:", *(f"    {line}" for line in each), last]
    name = body.module.define(", ".join(("items", *given)), lines)
    items = body.value(node.items)
    missing = isinstance(node.items, Field) and node.items.can_be_missing
    return f"{name}({', '.join((f'{items} or ()' if missing else items, *given))})"


def _named(body: Body, *values: Any) -> str:
    return ", ".join(map(body.module.constant, values))


def _is_partial(node: Value) -> bool:
    """Return whether a value may be missing although its parts are there."""
    if isinstance(node, kernel.Arithmetic):
        return node.type.kind is Kind.INT
    if isinstance(node, kernel.Days):
        return node.calendar is not None
    return isinstance(node, kernel.Exchange | kernel.DayOf | kernel.Prorate)


_PREDICATES: Final[Mapping[type[Node], Callable[[Body, Any], str]]] = MappingProxyType(
    {
        kernel.Always: _always,
        kernel.And: _all_of,
        kernel.Or: _any_of,
        kernel.Not: _not,
        kernel.Known: _known,
        kernel.Holds: _holds,
        kernel.Compare: _compare,
        kernel.In: _among,
        kernel.AnyItem: _any_item,
    }
)
_VALUES: Final[Mapping[type[Node], Callable[[Body, Any], str]]] = MappingProxyType(
    {
        kernel.Constant: _constant,
        kernel.Field: _field,
        kernel.Arithmetic: _arithmetic,
        kernel.Round: _round,
        kernel.Extreme: _extreme,
        kernel.Case: _case,
        kernel.Lookup: _lookup,
        kernel.Prorate: _prorate,
        kernel.Exchange: _exchange,
        kernel.Days: _days,
        kernel.DayOf: _day_of,
        kernel.Elapsed: _elapsed,
        kernel.CountItems: _count_items,
    }
)
