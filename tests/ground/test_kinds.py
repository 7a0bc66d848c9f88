"""An error of Python is told in cosell's words where an argument is to blame for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Literal, Protocol, Required, TypedDict, TypeVar, Unpack

import pytest

from cosell.errors import NaiveDatetimeError, WrongKindError
from cosell.errors.kinds import tells_kinds

_T = TypeVar("_T", bound=int)


class Sized(Protocol):
    """Whatever has a size."""

    def size(self) -> int:
        """Return it."""
        ...


class Named(TypedDict, total=False):
    """What is given by name alone."""

    day: Required[date]
    note: str | None


@tells_kinds
def stumbles(  # one argument of each kind
    *,
    text: str = "",
    number: _T | None = None,
    rows: Sequence[Mapping[str, int]] = (),
    texts: Iterable[str] = (),
    model: type[Exception] = Exception,
    mode: Literal["fast", "slow"] = "fast",
    handle: Callable[[], None] | None = None,
    sized: Sized | None = None,
    anything: Any = None,
    **named: Unpack[Named],
) -> None:
    """Raise what Python raises, whatever is given."""
    message = f"{(text, number, rows, texts, model, mode, handle, sized, anything, named)}"
    raise TypeError(message)


@tells_kinds
def hands_on(many: Sequence[int], one: int) -> None:
    """Call a function that has other names for what it is given."""
    doubles(many)
    TOLD(1).shout(text=one)  # type: ignore[arg-type]  # that is the case


@tells_kinds
def doubles(numbers: Sequence[int]) -> list[int]:
    """Return each number twice as large."""
    return [number << 1 for number in numbers]


class Host:
    """A class of which every method tells."""

    def __init__(self, start: int) -> None:
        self.start = start + 1

    def shout(self, text: str) -> str:
        """Return a text in capitals."""
        return text.upper()

    async def whisper(self, text: str) -> str:
        """Return a text in small letters."""
        return text.lower()

    def _quiet(self, text: str) -> str:
        return text.upper()


TOLD = tells_kinds(Host)
SOME: Any = 5


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param({"text": 5}, "`text` cannot be a int. Give it as a text, such as", id="text"),
        pytest.param(
            {"number": "x"}, "`number` cannot be a str. Give it as a whole number", id="variable"
        ),
        pytest.param(
            {"rows": "x"},
            "`rows` cannot be a str. Give it as a list; each of it a mapping",
            id="a text is no list of anything but texts",
        ),
        pytest.param(
            {"rows": [{}, {"a": "b"}]}, "`rows[1]['a']` cannot be a str", id="an item of an item"
        ),
        pytest.param({"texts": 5}, "`texts` cannot be a int", id="no list"),
        pytest.param({"texts": [5]}, "`texts[0]` cannot be a int", id="an item"),
        pytest.param({"model": int}, "`model` cannot be a type. Give it as a class", id="class"),
        pytest.param({"model": 5}, "`model` cannot be a int", id="no class"),
        pytest.param(
            {"mode": "warp"}, "`mode` cannot be a str. Give it as 'fast' or 'slow'.", id="choice"
        ),
        pytest.param({"handle": 5}, "`handle` cannot be a int", id="function"),
        pytest.param({"sized": 5}, "`sized` cannot be a int. Give it as a Sized or N", id="way"),
        pytest.param({"note": 5}, "`note` cannot be a int", id="by name alone"),
        pytest.param({"day": None}, "`day` cannot be None. Give it as a day", id="required"),
    ],
)
def test_the_argument_is_named(given: dict[str, Any], said: str) -> None:
    """The error says which argument it was, what it is, and how one is written."""
    with pytest.raises(WrongKindError) as caught:
        stumbles(**{"day": date(2026, 1, 1), **given})
    assert str(caught.value).startswith(said)
    assert isinstance(caught.value.__cause__, TypeError)


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({}, id="defaults"),
        pytest.param({"texts": "abc"}, id="a text is a list of texts"),
        pytest.param({"number": True, "rows": [{"a": 1}], "sized": None}, id="all as asked"),
        pytest.param({"anything": object()}, id="what may be anything"),
        pytest.param({"unheard_of": 1}, id="an argument that is not known"),
    ],
)
def test_an_error_that_no_argument_is_to_blame_for_stays(given: dict[str, Any]) -> None:
    """What is wrong is not known then, so it is not said."""
    with pytest.raises(TypeError) as caught:
        stumbles(**{"day": date(2026, 1, 1), **given})
    assert not isinstance(caught.value, WrongKindError)


def test_a_missing_argument_is_told_by_python() -> None:
    """Python names it, and so cosell does not."""
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'text'"):
        TOLD(1).shout()  # type: ignore[call-arg]  # that is the case


def test_an_error_of_cosell_stays() -> None:
    """It has been told already."""

    @tells_kinds
    def naive(text: str) -> None:
        raise NaiveDatetimeError(text)

    with pytest.raises(NaiveDatetimeError):
        naive(SOME)


def test_the_names_are_those_of_the_call() -> None:
    """What a function within calls otherwise is told by the name that the caller knows."""
    with pytest.raises(WrongKindError, match=r"`many\[1\]` cannot be a str"):
        hands_on([1, "x"], 5)  # type: ignore[list-item]  # that is the case
    with pytest.raises(WrongKindError, match="`text` cannot be a int"):
        hands_on([1], 5)


def test_all_public_methods_of_a_class_tell() -> None:
    """Its constructor does, what is called and what is awaited; what is private stays as it was."""
    with pytest.raises(WrongKindError, match="`start`"):
        TOLD(None)  # type: ignore[arg-type]  # that is the case
    host = TOLD(1)
    with pytest.raises(WrongKindError, match="`text`"):
        host.shout(SOME)
    with pytest.raises(WrongKindError, match="`text`"):
        asyncio.run(host.whisper(SOME))
    with pytest.raises(AttributeError):
        host._quiet(SOME)
    assert (host.shout("a"), asyncio.run(host.whisper("B")), host.start) == ("A", "b", 2)
