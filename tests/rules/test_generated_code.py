"""Generated code holds no text of a definition, and is what the interpreters say it is."""

from __future__ import annotations

import ast
import builtins
import keyword
import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosell.errors import ExpressionError
from cosell.events import Actor
from cosell.findings import Verdict
from cosell.models.record import Record
from cosell.rules import Criterion, Scope, compile_gate, compile_value
from cosell.rules.careful import Careful
from cosell.rules.python import Module
from rules.expressions import PARAMETERS, SCOPE, Deal, condition

#: Every word that generated code may hold.
_WORDS = frozenset(
    """
    and def else except Exception False for if in is None not or return True try
    __class__ __dict__ add as_instant as_money actor at business_days candidate check count days
    decimal derived error exchanged facts fixed found get item items local_date max min multiply
    new own_remedy prorated rates record rounded subtract tzinfo values verdict whole within w
    record_fields whole_fields actor_fields item_fields
    """.split()  # noqa: SIM905 - a page of words reads better than a page of quotation marks
)
_NUMBERED = re.compile(r"[fkrtuvx][0-9]+")
_TOKEN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9]+|\S")


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that gets every text that is compiled."""
    return written(monkeypatch)


def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Keep every text that is compiled."""
    kept: list[str] = []
    compiled = Module.compiled

    def keeping(module: Module) -> Any:
        kept.append(module.text)
        return compiled(module)

    monkeypatch.setattr(Module, "compiled", keeping)
    return kept


def strange_words(text: str) -> set[str]:
    """Return the words in generated code that it may not hold."""
    tokens = set(_TOKEN.findall(text))
    return {
        token
        for token in tokens
        if token not in _WORDS
        and not _NUMBERED.fullmatch(token)
        and not token.isdigit()
        and token not in set("()[]{},.:=<>!+-*_")
    }


@given(seed=st.integers(0, 2**32))
def test_it_consists_of_its_own_words(seed: int) -> None:
    """Whatever the definition says, the code is made of the writer's words and numbers."""
    with pytest.MonkeyPatch.context() as patch:
        texts = written(patch)
        need = f"({condition(seed)}) or count(True for i in people) > 5"
        row = Criterion(id="it", need=_counted(need), when=condition(seed + 1), remedy="r")
        compile_gate("g", [row], SCOPE)

    (text,) = texts
    assert strange_words(text) == set()
    assert "'" not in text
    assert '"' not in text


def _counted(need: str) -> str:
    return " and ".join(
        [f"({need})", *(f"count(True for i in {name}) >= 0" for name in ("tags", "numbers"))]
    )


_INJECTED = "__import__('os').abort()"


@pytest.mark.parametrize(
    "text",
    [
        _INJECTED,
        "().__class__.__bases__",
        "owner.__class__ == 'x'",
        "__builtins__ == 'x'",
        "exec('x')",
        "any(x for x in ().__class__.__subclasses__())",
        "record.__dict__ == 'x'",
        "(lambda: 1)()",
        "owner == 'x' if (y := 1) else False",
        "k0 == 1",
        "v0",
        "careful(1)",
        "any(__import__ == 1 for __import__ in people)",
    ],
)
def test_an_expression_that_would_be_code_is_refused(text: str) -> None:
    """Nothing of Python's own can be reached from an expression."""
    with pytest.raises(ExpressionError):
        compile_value(text, SCOPE)


@pytest.mark.parametrize(
    "value",
    [
        '"); import os; os.abort(); ("',
        "\n    import os\n",
        "'''",
        "{0}",
        "k1",
        "\u2028import os",
    ],
)
def test_texts_of_a_definition_stay_values(texts: list[str], value: str) -> None:
    """A text that looks like code is compared like any other."""
    scope = Scope(Deal, parameters={"word": value, "words": (value,), "rows": {value: value}})
    row = Criterion(
        id="it",
        need="owner == word and owner in words and lookup(owner, rows) == word",
        remedy=value.replace("\n", " "),
    )
    call = (
        Deal.model_construct(**{**Deal(id="d").__dict__, "owner": value}),
        None,
        Actor("p", role="partner"),
        None,
        datetime(2026, 1, 1, tzinfo=UTC),
        None,
    )

    gate = compile_gate("g", [row], scope)

    assert gate.permits(*call)
    assert strange_words(texts[0]) == set()


def test_it_reaches_no_builtins(texts: list[str]) -> None:
    """Generated functions see no builtin but those they are given."""
    gate = compile_gate("g", [Criterion(id="it", need="hot", remedy="r")], SCOPE)
    namespace = getattr(gate.permits, "__globals__")  # noqa: B009 - of any callable

    assert namespace["__builtins__"] == {}
    known = {name for name in namespace if not _NUMBERED.fullmatch(name)}
    assert known & set(dir(builtins)) == {"Exception", "max", "min"}
    assert not any(keyword.iskeyword(name) for name in known)
    assert texts


def test_constants_of_one_value_and_two_texts_are_two() -> None:
    """0.01 and 0.0100 are equal and round differently; 1 and True are equal and no one's same."""
    module = Module("UTC")

    names = {module.constant(value) for value in (Decimal("0.01"), Decimal("0.0100"), 1, True)}

    assert len(names) == 4
    assert module.constant(Decimal("0.0100")) in names


def test_a_field_is_loaded_once(texts: list[str]) -> None:
    """A field that several criteria read is read once in a call."""
    rows = [
        Criterion(id=f"c{number}", need=f"users > {number} and acv > above", remedy="r")
        for number in range(5)
    ]

    compile_gate("g", rows, SCOPE)

    permits = ast.parse(texts[0]).body[0]
    loads = [
        node
        for node in ast.walk(permits)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    ]
    names = [getattr(node.targets[0], "id") for node in loads]  # noqa: B009 - checked above
    assert len(names) == len(set(names))
    assert len(names) == 1 + 2 + 2  # the record's fields; users and acv; amount and currency


def test_closures_are_not_asked_without_need(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is unknown because a field is missing needs no second look."""

    def failing(*_: object) -> None:
        raise AssertionError

    for name in ("permits", "examine", "one"):
        monkeypatch.setattr(Careful, name, failing)
    need = "acv > above and business_days(signed_on, as_of, 'office') > 5 and users > 1"
    gate = compile_gate("g", [Criterion(id="it", need=need, remedy="r")], SCOPE)
    call = Deal(id="d"), None, Actor("p", role="partner"), None, datetime(2026, 1, 1, tzinfo=UTC)

    (finding,) = gate.examine(*call, None)

    assert finding.verdict is Verdict.UNKNOWN
    assert gate.permits(*call, None) is False


class Sharp(Record, frozen=True):
    """A record whose derived field counts how often it is read."""

    @property
    def counted(self) -> int:
        READS.append(1)
        return len(READS)


READS: list[int] = []


def test_a_derived_field_is_read_once_in_a_call() -> None:
    """A derived field is the host's own code, and is run once for a verdict."""
    rows = [
        Criterion(id=f"c{number}", need="counted == counted or counted > 5", remedy="r")
        for number in range(3)
    ]
    gate = compile_gate("g", rows, Scope(Sharp))
    call = Sharp(id="d"), None, Actor("p", role="partner"), None, None, None

    READS.clear()
    gate.permits(*call)
    gate.examine(*call)

    assert len(READS) == 2


def test_the_parameters_of_the_world_are_all_used() -> None:
    """The generated expressions name every parameter, so that each kind is held to the laws."""
    text = " ".join(condition(seed) for seed in range(1_000))

    assert [name for name in PARAMETERS if not re.search(rf"\b{name}\b", text)] == []
