"""Refuse hostile or foreign text before Python's own parser sees it.

Rules that hold for every text:

1. At most 2,000 characters; no control characters, no lone surrogates, nothing outside ASCII
   except within quotation marks.
2. Brackets are balanced and not nested without bound, nor are signs and ``not``: Python's parser
   answers those with errors of its own, or not at all.
3. What the language does not have is refused by name, with what to write instead.

What passes holds only texts, plain numbers, names, brackets and the operators of the language.

This module does not know what a tree is.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from cosell.errors import ExpressionError
from cosell.rules.nodes import Place

__all__ = ["MAX_CHARACTERS", "scan"]

MAX_CHARACTERS: Final = 2_000
_MAX_BRACKETS: Final = 30
_MAX_SIGNS: Final = 10

_TOKEN: Final = re.compile(
    r"""(?P<space>[ \t\n]+)
      | (?P<text>'[^'\n]*'|"[^"\n]*")
      | (?P<number>\.?[0-9][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]*)?)
      | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<mark>\*\*|//|==|!=|<>|<=|>=|<<|>>|:=|->|&&|\|\||[!-~])
    """,
    re.VERBOSE,
)
_NUMBER: Final = re.compile(r"(0|[1-9](_?[0-9])*)(\.[0-9](_?[0-9])*)?")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")

_DIVIDE: Final = "Multiply the other side, as in `total > 6 * above`; for a share use prorate()."
_BITS: Final = "Write `and`, `or`, `not`."
_STRANGE: Final = "Leave it out."

#: What to write instead of a mark that the language does not have.
_REFUSED_MARKS: Final = MappingProxyType(
    {
        "/": ("there is no division", _DIVIDE),
        "//": ("there is no division", _DIVIDE),
        "%": ("there is no remainder", _DIVIDE),
        "**": ("there are no powers", "Write the product out."),
        "&": ("`&` is not an operator here", "Write `and`."),
        "&&": ("`&&` is not an operator here", "Write `and`."),
        "|": ("`|` is not an operator here", "Write `or`."),
        "||": ("`||` is not an operator here", "Write `or`."),
        "!": ("`!` is not an operator here", "Write `not`."),
        "~": ("`~` is not an operator here", "Write `not`."),
        "^": ("`^` is not an operator here", _BITS),
        "<<": ("`<<` is not an operator here", _BITS),
        ">>": ("`>>` is not an operator here", _BITS),
        "@": ("`@` is not an operator here", "Write `*` for a product."),
        "<>": ("`<>` is not an operator here", "Write `!=`."),
        "=": ("a single `=` sets a value", "Write `==` to compare."),
        ":=": ("`:=` names a value", "Write the value out, or make it a derived field."),
        "->": ("`->` is not an operator here", _STRANGE),
        ";": ("one expression ends here and another begins", "Join them with `and`."),
        "#": ("there are no comments in an expression", "Put it into `help`."),
        "\\": ("there are no escapes", "Write the character itself."),
        "`": ("a backtick has no meaning here", "Write texts in quotation marks."),
        "$": ("`$` has no meaning here", 'Write money as a text: "50000 USD".'),
        "?": ("`?` has no meaning here", "Write `a if condition else b`."),
        "'": ("this text does not end", "Close it with the same quotation mark."),
        '"': ("this text does not end", "Close it with the same quotation mark."),
    }
)

#: What to write instead of a word that the language does not have.
_REFUSED_WORDS: Final = MappingProxyType(
    {
        "None": ("there is no `None`", "Write not recorded(x)."),
        "null": ("there is no `null`", "Write not recorded(x)."),
        "is": ("there is no `is`", "Write `==`, or recorded(x)."),
        "lambda": ("there are no functions inside an expression", "Register a predicate."),
        "true": ("there is no `true`", "Write True."),
        "false": ("there is no `false`", "Write False."),
        "AND": ("`AND` is not an operator here", "Write `and`."),
        "OR": ("`OR` is not an operator here", "Write `or`."),
        "NOT": ("`NOT` is not an operator here", "Write `not`."),
        "IN": ("`IN` is not an operator here", "Write `in`."),
    }
)
_OWN_WORDS: Final = frozenset(["and", "or", "not", "in", "if", "else", "for", "True", "False"])
_CLOSES: Final = MappingProxyType({")": "(", "]": "[", "}": "{"})
_SIGNS: Final = frozenset({"not", "-", "+"})


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: Place
    end: int


def scan(text: str) -> None:
    """Refuse ``text`` unless Python's parser can be trusted with it.

    Raises:
        ExpressionError: It is too long, too deep, holds what no expression can hold, or uses
            what the language does not have; it points at the place.
    """
    _refuse_hostile(text)
    tokens = [token for token in _tokens(text) if token.kind != "space"]
    if not tokens:
        raise Place(text, 1).error("nothing is written here", "Write a condition or a value.")
    for token in tokens:
        _refuse_foreign(token)
    _refuse_joined_texts(tokens)
    _refuse_unbalanced(token for token in tokens if token.kind == "mark")
    _refuse_many_signs(tokens)


def _refuse_hostile(text: str) -> None:
    if len(text) > MAX_CHARACTERS:
        raise ExpressionError(
            text[:MAX_CHARACTERS],
            MAX_CHARACTERS,
            f"an expression has at most {MAX_CHARACTERS} characters, and this has {len(text)}",
            "Split it into several criteria, or make a part of it a derived field.",
        )
    control = _CONTROL.search(text)
    if control:
        place = Place(text, control.start() + 1)
        raise place.error("a control character stands here", _STRANGE)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        place = Place(text.encode(errors="replace").decode(), error.start + 1)
        raise place.error("half a character stands here", _STRANGE) from None


def _tokens(text: str) -> Iterator[_Token]:
    start = 0
    while start < len(text):
        place = Place(text, start + 1)
        match = _TOKEN.match(text, start)
        if match is None:
            raise place.error(
                f"`{text[start]}` stands outside quotation marks",
                "Write names in plain letters, and texts in quotation marks.",
            )
        start = match.end()
        yield _Token(str(match.lastgroup), match.group(), place, start)


def _refuse_foreign(token: _Token) -> None:
    word = token.text
    if token.kind == "mark" and word in _REFUSED_MARKS:
        raise token.at.error(*_REFUSED_MARKS[word])
    if token.kind == "text" and "\\" in word:
        place = Place(token.at.text, token.at.column + word.index("\\"))
        raise place.error(*_REFUSED_MARKS["\\"])
    if token.kind == "number" and not _NUMBER.fullmatch(word):
        raise token.at.error(
            f"`{word}` is not a plain number", "Write digits, and a point with digits after it."
        )
    if token.kind == "word" and word in _REFUSED_WORDS:
        raise token.at.error(*_REFUSED_WORDS[word])
    if token.kind == "word" and keyword.iskeyword(word) and word not in _OWN_WORDS:
        raise token.at.error(
            f"`{word}` has no meaning in an expression", "Write one condition or one value."
        )


def _refuse_joined_texts(tokens: list[_Token]) -> None:
    for before, token in pairwise(tokens):
        if token.kind != "text":
            continue
        if before.kind == "text":
            raise token.at.error("two texts stand in a row", "Write one text, or put a comma.")
        if before.kind == "word" and before.end == token.at.column - 1:
            raise before.at.error(
                f"`{before.text}` before a text has no meaning", "Write the text alone."
            )


def _refuse_unbalanced(marks: Iterable[_Token]) -> None:
    opened: list[_Token] = []
    for mark in marks:
        if mark.text in _CLOSES.values():
            opened.append(mark)
            if len(opened) > _MAX_BRACKETS:
                raise mark.at.error("brackets are nested too deeply", "Make a part of it a field.")
        elif mark.text in _CLOSES and (not opened or opened.pop().text != _CLOSES[mark.text]):
            raise mark.at.error(f"`{mark.text}` closes nothing", "Open it, or leave it out.")
    if opened:
        raise opened[-1].at.error(f"`{opened[-1].text}` is never closed", "Close it.")


def _refuse_many_signs(tokens: list[_Token]) -> None:
    run = 0
    for token in tokens:
        run = run + 1 if token.text in _SIGNS else 0
        if run > _MAX_SIGNS:
            raise token.at.error("too many signs stand in a row", "Write one, or none.")
