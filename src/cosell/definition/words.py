"""What people read, in their language: labels, help and remedies, by id.

Rules:

1. A translation is a table of texts by key for a language, in the definition or in a file of its
   own (``cosell.definition.wording`` says which keys there are). A key that the process does not
   have is refused.
2. ``cs-CZ`` falls back to ``cs``, that to what the definition itself says, and a label at last to
   the id. Small and capital letters of a language are alike.
3. Of several translations the later one wins; those that are given apart win over the
   definition's own.
4. A process in another language is the same process: it has the same digest, decides alike, and
   takes the same records. A translation in a file of its own never changes the digest; one in the
   definition is part of it, as labels are.

This module does not know who reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from pydantic import Field, PrivateAttr

from cosell._base import Id, Model
from cosell.definition.load import named, parse_model
from cosell.definition.process import Process, Translations
from cosell.definition.text import NOWHERE, Format, Source, path_of, read_text
from cosell.definition.wording import (
    Spot,
    key_of,
    problems_in_translations,
    reworded,
    wording_of,
)
from cosell.errors import DefinitionError, Problem, UnknownNameError
from cosell.findings import CheckKind, Finding

__all__ = [
    "Translation",
    "Words",
    "in_language",
    "parse_translation",
    "translated",
    "untranslated",
]


class Translation(Model, frozen=True):
    """Texts of a process in other languages, apart from its definition.

    Attributes:
        process: Id of the process.
        translations: Texts by key, by language, as a definition has them.
    """

    process: Id
    translations: Translations = Field(min_length=1)
    _source: Source = PrivateAttr(default=NOWHERE)


def parse_translation(
    text: str,
    *,
    file: str | None = None,
    format: Format = "toml",  # noqa: A002 - formats are called so
) -> Translation:
    """Return the translation that ``text`` holds.

    Args:
        text: The translation, as TOML or JSON.
        file: What to call it in problems, usually its file name.
        format: ``toml`` or ``json``.

    Returns:
        A translation; whether its keys are those of the process is checked by ``translated``.

    Raises:
        DefinitionError: Naming every problem with file, line, path and remedy.

    Example:
        >>> found = parse_translation('''
        ... process = "tiny"
        ... [translations.cs]
        ... "stage:won" = "Vyhráno"
        ... ''')
        >>> found.process, found.translations["cs"]["stage:won"]
        ('tiny', 'Vyhráno')
    """
    source = read_text(text, file=file, format=format)
    translation = parse_model(Translation, source)
    translation._source = source  # noqa: SLF001 - loading is what knows where it stands
    return translation


def translated(process: Process, *translations: Translation) -> Process:
    """Return ``process`` with ``translations`` beside it; its digest stays.

    Args:
        process: The process.
        translations: Texts in other languages; a later one wins over an earlier one.

    Raises:
        DefinitionError: A translation is for another process, or has a key that this one has not.

    Example:
        >>> from cosell import catalog
        >>> make = catalog.load("make").process
        >>> table = {"cs": {"stage:identified": "Nalezeno"}}
        >>> czech = translated(make, Translation(process="make", translations=table))
        >>> Words(czech, language="cs-CZ").label("stage:identified")
        'Nalezeno'
        >>> czech.digest == make.digest
        True
    """
    for each in translations:
        found = _problems(each, process)
        source = each._source  # noqa: SLF001 - where it stands is for problems alone
        problems = named(source.place(problem, path_of(problem.path)) for problem in found)
        if problems:
            raise DefinitionError(f"translation of `{each.process}`", problems)
    return process.beside(*(each.translations for each in translations))


def _problems(translation: Translation, process: Process) -> Iterator[Problem]:
    if translation.process == process.id:
        yield from problems_in_translations(process, translation.translations)
    else:
        yield Problem(
            "process",
            f"it translates `{translation.process}`, and this is `{process.id}`",
            "Give it with the process that it is for.",
        )


class Words:
    """The texts of a process as people of one language read them.

    Args:
        process: The process, with its translations.
        language: The language, as ``cs`` or ``cs-CZ``; ``None`` is that of the definition.

    Example:
        >>> from cosell import catalog
        >>> words = Words(catalog.load("make").process)
        >>> words.label("stage:identified"), words.label("parameter:answer_days")
        ('Lead identified', 'answer_days')
        >>> words.remedy("criterion:mdp_started")
        'Start the mutual delivery plan with the solution engineer.'
    """

    __slots__ = ("_ids", "_names", "_own", "_texts", "language")

    def __init__(self, process: Process, *, language: str | None = None) -> None:
        self.language = language
        wording = wording_of(process)
        self._ids, self._own = wording.ids, wording.texts
        self._names = {thing: spot.name for spot, thing in wording.ids.items()}
        self._texts = {**wording.texts, **_spoken(process, language)}

    def label(self, thing: str) -> str:
        """Return what people call ``thing``: ``stage:won``, ``trigger:poc.approve``.

        Raises:
            UnknownNameError: The process has no such thing.
        """
        return self._text(thing) or self._names[thing]

    def help(self, thing: str) -> str | None:
        """Return what ``thing`` means, where that is said anywhere.

        Raises:
            UnknownNameError: The process has no such thing, or it never has help.
        """
        return self._text(key_of(thing, "help"))

    def remedy(self, criterion: str) -> str:
        """Return what would cure a criterion that is not met: ``criterion:icp``.

        Raises:
            UnknownNameError: The process has no such criterion.
        """
        return self._text(key_of(criterion, "remedy")) or ""

    def trigger(self, trigger: str) -> str:
        """Return the label of a trigger as it is asked for, ``approve`` or ``poc.approve``."""
        track, name = _parts(trigger)
        return self.label(self._ids[Spot("trigger", name, track)])

    def input(self, path: str, text: str | None, text_kind: str, *, trigger: str) -> str | None:
        """Return a text of an input, ``label`` or ``help``, instead of what is given."""
        track, name = _parts(trigger)
        return self._instead(Spot("input", path, track, name), text_kind, text)

    def finding(self, finding: Finding, *, trigger: str) -> Finding:
        """Return ``finding`` with label and remedy in this language.

        Args:
            finding: What was found.
            trigger: What was asked for, ``approve`` or ``poc.approve``.
        """
        check = finding.check
        if check.kind not in _REMEDIES:
            return finding
        track, name = _parts(trigger)
        spot = Spot("input", check.paths[0], track, name)
        if check.kind is CheckKind.CRITERION:
            spot = Spot("criterion", check.id, track, check.gate)
        said = replace(
            check,
            label=self._instead(spot, "label", check.label),
            remedy=self._instead(spot, _REMEDIES[check.kind], check.remedy) or check.remedy,
        )
        return replace(finding, check=said)

    def _instead(self, spot: Spot, text_kind: str, text: str | None) -> str | None:
        """Return the text of this language where ``text`` is that of the definition, or none."""
        key = key_of(self._ids.get(spot, ""), text_kind)
        return self._texts.get(key) if text in {None, self._own.get(key)} else text

    def _text(self, key: str) -> str | None:
        if key not in self._texts:
            raise UnknownNameError("text", key, self._texts)
        return self._texts[key]


#: Checks that the definition has words for: which of its texts is the remedy.
_REMEDIES: Final = {CheckKind.CRITERION: "remedy", CheckKind.INPUT: "help"}


def _parts(trigger: str) -> tuple[str | None, str]:
    """Return the track and the name in ``approve``, ``poc.approve`` or ``papers[nda].sign``."""
    track, _, name = trigger.rpartition(".")
    return track.partition("[")[0] or None, name


def _spoken(process: Process, language: str | None) -> dict[str, str]:
    """Return the texts that a language has, those of the language it falls back to below them."""
    texts: dict[str, str] = {}
    for each in _fallbacks(language):
        for tables in process.all_translations:
            for known, table in tables.items():
                if known.lower() == each:
                    texts.update(table)
    return texts


def _fallbacks(language: str | None) -> Iterator[str]:
    """Yield the language's own fallbacks, the widest first: ``cs``, then ``cs-cz``."""
    parts = language.lower().split("-") if language else []
    for count in range(1, len(parts) + 1):
        yield "-".join(parts[:count])


def in_language(process: Process, language: str) -> Process:
    """Return ``process`` with every text in ``language`` that it has.

    It has the digest of ``process``: binding it gives the same answers, with remedies, labels and
    help in that language, for the same records.

    Example:
        >>> from cosell import catalog
        >>> table = {"cs": {"process": "Make: od stopy k příležitosti"}}
        >>> make = catalog.load("make").process
        >>> make = translated(make, Translation(process="make", translations=table))
        >>> czech = in_language(make, "cs")
        >>> czech.label, czech.digest == make.digest
        ('Make: od stopy k příležitosti', True)
    """
    spoken, ids = _spoken(process, language), wording_of(process).ids

    def say(spot: Spot, text_kind: str, text: str | None) -> str | None:
        return spoken.get(key_of(ids[spot], text_kind), text)

    return reworded(process, say).as_said_by(process)


def untranslated(process: Process, language: str) -> tuple[str, ...]:
    """Return the keys of all texts that the definition says and ``language`` does not.

    Example:
        >>> from cosell import catalog
        >>> untranslated(catalog.load("make").process, "cs")[:2]
        ('process', 'process.help')
    """
    spoken = _spoken(process, language)
    texts = wording_of(process).texts
    return tuple(key for key, text in texts.items() if text is not None and key not in spoken)
