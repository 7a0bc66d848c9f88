"""Rewrite names so that what looks, sounds or is filed alike becomes equal.

Rules that hold for every rewriting:

1. It is done to both sides, so that it may go far: the result is compared, and shown to nobody.
2. Doing it twice changes nothing.

This module does not know what follows from two names being equal.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from cosell.errors.kinds import tells_kinds
from cosell.identity.domains import missing_extra
from cosell.identity.tables import (
    LEADING_FORMS,
    LEGAL_FORMS,
    LOOK_LIKE,
    SPELT_LIKE,
    WITHOUT_ACCENT,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["look_alike_folded", "normalise_name", "spelling_folded"]

_LATIN: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")
_LONGEST_FORM: Final = max(map(len, LEGAL_FORMS))
_NOT_WORDS: Final = re.compile(r"[^\w]+|_")
_LETTERS_APART: Final = re.compile(r"\b(?:\w )+\w\b")
_AND: Final = frozenset({"and", "und", "et", "y", "e", "a", "i"})


@tells_kinds
def normalise_name(name: str) -> str:
    """Return a company's name without legal form, accents, case and punctuation.

    Args:
        name: The name as somebody wrote it.

    Returns:
        What is left, to be compared and not shown; the name itself in small letters where nothing
        else would be left.

    Source:
        BX-1.

    Example:
        >>> normalise_name("Müller & Söhne GmbH & Co. KG") == normalise_name("MUELLER SOEHNE")
        True
        >>> normalise_name("Škoda Auto, a.s.")
        'skoda auto'
    """
    before, text = None, name
    while text != before:  # what is left may end in a legal form again
        before, text = text, _name_folded(text)
    return text


def _name_folded(name: str) -> str:
    text = _NOT_WORDS.sub(" ", _without_accents(name)).strip()
    text = _LETTERS_APART.sub(lambda found: found[0].replace(" ", ""), text)
    words = tuple(text.split())
    kept = [word for word in _without_forms(words) if word not in _AND]
    return _replaced(" ".join(kept or words), SPELT_LIKE)


def _without_forms(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return ``words`` without the legal forms at their end and start, as long as one is left."""
    while len(words) > 1:
        lengths = range(min(_LONGEST_FORM, len(words) - 1), 0, -1)
        cut = next((length for length in lengths if words[-length:] in LEGAL_FORMS), 0)
        if not cut:
            break
        words = words[:-cut]
    return words[1:] if len(words) > 1 and words[0] in LEADING_FORMS else words


@lru_cache(maxsize=65_536)
def look_alike_folded(label: str) -> str:
    """Return a label of a domain with characters of other scripts as the Latin ones they look like.

    Args:
        label: One label, in ASCII.

    Raises:
        MissingExtraError: The extra ``identity`` is not installed.

    Example:
        >>> look_alike_folded("xn--cme-5cd")  # with a Cyrillic first letter
        'acme'
    """
    return "".join(
        character if character in _LATIN else _latin(character) for character in _read(label)
    )


@lru_cache(maxsize=65_536)
def spelling_folded(label: str) -> str:
    """Return a label without accents and hyphens, and with Latin letters that look alike as one.

    Args:
        label: One label, in ASCII.

    Raises:
        MissingExtraError: The extra ``identity`` is not installed.

    Example:
        >>> spelling_folded("xn--mller-kva") == spelling_folded("mueller")
        True
        >>> spelling_folded("acrne-0nline") == spelling_folded("acmeonline")
        True
    """
    plain = _without_accents(look_alike_folded(label))
    return _replaced(plain, SPELT_LIKE + LOOK_LIKE)


def _read(label: str) -> str:
    """Return a label as people read it."""
    if not label.startswith("xn--"):
        return label
    try:
        import idna
    except ImportError:
        raise missing_extra() from None
    read: str = idna.decode(label)
    return read


@lru_cache(maxsize=65_536)
def _latin(character: str) -> str:
    """Return the one Latin letter or digit that a character looks like, or itself."""
    try:
        from confusable_homoglyphs.confusables import confusables_data
    except ImportError:
        raise missing_extra() from None
    alike = sorted({found["c"] for found in confusables_data.get(character, ())} & _LATIN)
    return alike[-1] if alike else character


def _without_accents(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.casefold()).translate(WITHOUT_ACCENT)
    return "".join(each for each in folded if not unicodedata.combining(each))


def _replaced(text: str, table: Iterable[tuple[str, str]]) -> str:
    """Return ``text`` with each left side as its right side, until nothing changes."""
    before = None
    while before != text:
        before = text
        for alike, one in table:
            text = text.replace(alike, one)
    return text
