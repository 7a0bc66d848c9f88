"""Labels, help and remedies in other languages, by id; the process stays the same one."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from cosell.definition import (
    Process,
    Translation,
    Words,
    in_language,
    parse_process,
    parse_translation,
    translated,
    untranslated,
)
from cosell.definition.wording import _KINDS
from cosell.engine import Option, apply, bind, decide, open_record, options
from cosell.errors import DefinitionError, UnknownNameError
from cosell.models import Opportunity
from paper_samples import PAPERS
from process_samples import NOON, SELLER

#: One of everything that people read; two gates and two triggers that say different things.
SPOKEN = """\
id = "spoken"
version = 1
label = "Spoken"
help = "Everything with words."
record = "Opportunity"
initial = "fresh"
roles = { seller = "Seller" }
effects = { tell = "Tell somebody" }
parameters = { least = "5 USD" }
facts = { credit = "bool" }

[[stages]]
id = "fresh"
label = "Fresh"
help = "Just came in."
[[stages]]
id = "mid"
[[stages]]
id = "won"
kind = "won"
label = "Won"
[[stages]]
id = "lost"
kind = "lost"

[gates.named]
label = "Named"
help = "Whether it has a name."
criteria = [
  { id = "named", need = "recorded(name)", label = "Name", help = "Any.", remedy = "Name it." },
  { id = "worth", need = "acv > least", remedy = "Sell more." },
]
[gates.priced]
approvals = ["discount"]
criteria = [{ id = "worth", need = "acv > least", remedy = "Give a price." }]

[[transitions]]
trigger = "go"
label = "Go on"
help = "To the middle."
source = "fresh"
target = "mid"
roles = ["seller"]
gates = ["named"]
inputs = [{ path = "closed_reason", required = true, label = "Why", help = "Say why." }]
[[transitions]]
trigger = "win"
source = "mid"
target = "won"
roles = ["seller"]
gates = ["priced"]
claims = ["customer:{customer.domain}"]
inputs = [{ path = "owner", label = "Owner" }]
[[transitions]]
trigger = "lose"
source = "*"
target = "lost"
roles = ["seller"]
inputs = [{ path = "closed_reason", required = true, label = "Why lost" }, { path = "owner" }]

[[clocks]]
id = "answer"
label = "Answer"
allowance = 5
unit = "calendar_days"
start = ["entered('fresh')"]
steps = [{ id = "half", label = "Half", at = 0.5 }]

[claims.customer]
label = "Customer"
[methods.mine]
label = "Ours"
answers = "meddpicc"
[[methods.mine.elements]]
id = "champion"
label = "Champion"
remedy = "Find one."
[approvals.discount]
label = "Discount"
source = "mid"
[[approvals.discount.rows]]
id = "boss"
role = "seller"
label = "The boss"
remedy = "Ask."

[[locks]]
id = "price"
paths = ["acv"]
stages = ["won"]
remedy = "It is signed."
[[locks]]
paths = ["name"]
stages = ["won"]
remedy = "Nobody names this row."
[[edits]]
id = "sellers"
roles = ["seller"]
paths = ["*"]
when = "actor.id != owner"
label = "By sellers"
remedy = "Ask another seller."

[tracks.poc]
label = "PoC"
initial = "not_started"
[[tracks.poc.stages]]
id = "not_started"
[[tracks.poc.stages]]
id = "done"
label = "Done"
kind = "won"
[tracks.poc.gates.scoped]
criteria = [{ id = "named", need = "recorded(record.name)", remedy = "Name the deal." }]
[[tracks.poc.transitions]]
trigger = "finish"
label = "Finish"
source = "not_started"
target = "done"
roles = ["seller"]
gates = ["scoped"]
inputs = [{ path = "approved_by", required = true, help = "Say what is proved." }]
"""

#: A key of every kind, with what it says by itself.
KEYS = {
    "process": "Spoken",
    "process.help": "Everything with words.",
    "stage:fresh": "Fresh",
    "stage:fresh.help": "Just came in.",
    "stage:mid": None,
    "gate:named": "Named",
    "gate:named.help": "Whether it has a name.",
    "criterion:named": "Name",
    "criterion:named.help": "Any.",
    "criterion:named.remedy": "Name it.",
    "criterion:named.worth.remedy": "Sell more.",
    "criterion:priced.worth.remedy": "Give a price.",
    "trigger:go": "Go on",
    "trigger:go.help": "To the middle.",
    "input:go.closed_reason": "Why",
    "input:go.closed_reason.help": "Say why.",
    "input:lose.closed_reason": "Why lost",
    "input:owner": "Owner",
    "role:seller": "Seller",
    "effect:tell": "Tell somebody",
    "parameter:least": None,
    "fact:credit": None,
    "clock:answer": "Answer",
    "step:half": "Half",
    "claim:customer": "Customer",
    "method:mine": "Ours",
    "element:champion": "Champion",
    "element:champion.remedy": "Find one.",
    "approval:discount": "Discount",
    "criterion:discount_boss": "The boss",
    "criterion:discount_boss.remedy": "Ask.",
    "lock:price.remedy": "It is signed.",
    "edit:sellers": "By sellers",
    "edit:sellers.remedy": "Ask another seller.",
    "track:poc": "PoC",
    "stage:poc.done": "Done",
    "trigger:poc.finish": "Finish",
    "criterion:poc.named.remedy": "Name the deal.",
    "input:poc.approved_by.help": "Say what is proved.",
}
CZECH = {key: f"cs {key}" for key in KEYS}


def spoken(**tables: dict[str, str]) -> Process:
    """Return the process with translations by language, `_` for `-`, beside it."""
    process = parse_process(SPOKEN)
    if not tables:
        return process
    found = {name.replace("_", "-"): table for name, table in tables.items()}
    return translated(process, Translation(process="spoken", translations=found))


@pytest.mark.parametrize(("key", "text"), KEYS.items(), ids=KEYS)
def test_every_text_can_be_translated(key: str, text: str | None) -> None:
    """Each text has a key; without a translation it is what the definition says."""
    own, czech = Words(spoken()), Words(spoken(cs=CZECH), language="cs")

    thing, _, kind = key.rpartition(".") if key.endswith((".help", ".remedy")) else (key, "", "")
    ask = {"help": Words.help, "remedy": Words.remedy}.get(kind, Words.label)

    assert ask(own, thing) == (text or key.rpartition(":")[2])
    assert ask(czech, thing) == f"cs {key}"


@pytest.mark.parametrize(
    ("language", "label"),
    [
        pytest.param("cs-CZ", "z Česka", id="the very language"),
        pytest.param("CS-cz", "z Česka", id="in other letters"),
        pytest.param("cs-CZ-x1", "z Česka", id="a narrower one takes the next wider"),
        pytest.param("cs-SK", "česky", id="another country takes the language alone"),
        pytest.param("cs", "česky", id="the language takes no country's"),
        pytest.param("de", "Fresh", id="a language that is not there takes the definition's own"),
        pytest.param(None, "Fresh", id="no language is the definition's own"),
    ],
)
def test_a_language_falls_back(language: str | None, label: str) -> None:
    """`cs-CZ` falls back to `cs`, that to the definition's label, and that to the id."""
    tables = {"cs": {"stage:fresh": "česky", "stage:won": "Vyhráno"}}
    words = Words(spoken(cs_CZ={"stage:fresh": "z Česka"}, **tables), language=language)

    assert words.label("stage:fresh") == label
    assert words.label("stage:won") == ("Won" if language in {"de", None} else "Vyhráno")
    assert words.label("stage:mid") == "mid"


def test_the_later_translation_wins() -> None:
    """Translations beside a process win over its own, and of these the later one."""
    text = f'{SPOKEN}\n[translations.cs]\n"stage:won" = "1"\n"stage:fresh" = "1"\n"stage:mid" = "1"'
    tables = [{"stage:won": "2", "stage:fresh": "2"}, {"stage:won": "3"}]
    process = translated(
        parse_process(text),
        *(Translation(process="spoken", translations={"cs": table}) for table in tables),
    )
    words = Words(process, language="cs")

    assert [words.label(f"stage:{name}") for name in ("mid", "fresh", "won")] == ["1", "2", "3"]


class TestIdentity:
    """A process in other words is the same process."""

    def test_a_translation_beside_it_leaves_the_digest(self) -> None:
        """Translations of a file of their own are no part of the definition's content."""
        assert spoken(cs=CZECH).digest == spoken().digest
        assert in_language(spoken(cs=CZECH), "cs").ref == spoken().ref

    def test_a_translation_inside_is_content(self) -> None:
        """As a label does, a translation in the definition itself changes its digest."""
        inside = parse_process(f'{SPOKEN}\n[translations.cs]\n"stage:won" = "Vyhráno"')

        assert inside.digest != spoken().digest
        assert in_language(inside, "cs").digest == inside.digest

    def test_it_pickles(self) -> None:
        """What stands beside a process goes with it to another interpreter."""
        again = pickle.loads(pickle.dumps(spoken(cs=CZECH)))  # noqa: S301 - our own bytes

        assert Words(again, language="cs").label("stage:won") == "Won"
        assert Words(again, language="cs").label("stage:fresh") == "cs stage:fresh"

    def test_it_takes_the_same_records(self) -> None:
        """A record of the original is decided about in the other language, with the same answer."""
        own = bind(spoken(), record=Opportunity)
        czech = bind(in_language(spoken(cs=CZECH), "cs"), record=Opportunity)
        deal = open_record(own, Opportunity(id="o-1", name="Deal"), actor=SELLER, at=NOON).record

        first, second = (decide(bound, deal, "go", actor=SELLER, at=NOON) for bound in (own, czech))
        moved = apply(czech, deal, "lose", actor=SELLER, at=NOON, data={"closed_reason": "x"})

        assert [it.code for it in first.findings] == [it.code for it in second.findings]
        assert second.obstacles[0].remedy == "cs input:go.closed_reason.help"
        assert second.obstacles[1].remedy == "cs criterion:named.worth.remedy"
        assert moved.record.process == own.ref


class TestDecisions:
    """Decisions and options of one desk are told in the language of each who asks."""

    BOUND = bind(spoken(), record=Opportunity)
    WORDS = Words(spoken(cs=CZECH), language="cs-CZ")

    @pytest.mark.parametrize(
        ("trigger", "remedies"),
        [
            pytest.param(
                "go",
                ["cs input:go.closed_reason.help", "cs criterion:named.remedy",
                 "cs criterion:named.worth.remedy"],
                id="of the main line",
            ),
            pytest.param(
                "poc.finish",
                ["cs input:poc.approved_by.help", "cs criterion:poc.named.remedy"],
                id="of a track",
            ),
            pytest.param(
                "lose", ["Give `closed_reason` with the transition."],
                id="what the definition does not say stays",
            ),
            pytest.param(
                "win", ["It can be asked for in: mid."], id="what the engine says stays",
            ),
            pytest.param("wim", ["Did you mean `win`?"], id="an unknown trigger"),
        ],
    )  # fmt: skip
    def test_remedies(self, trigger: str, remedies: list[str]) -> None:
        """Obstacles have the remedies of the language; the outcome is the same."""
        deal = open_record(self.BOUND, Opportunity(id="o-1"), actor=SELLER, at=NOON).record
        refused = decide(self.BOUND, deal, trigger, actor=SELLER, at=NOON)

        told = refused.in_words(self.WORDS)

        assert [it.remedy for it in told.obstacles] == remedies
        assert (told.outcome, told.source, told.move) == (
            refused.outcome, refused.source, refused.move,
        )  # fmt: skip
        assert all(remedy in told.explain() for remedy in remedies)

    def test_a_stray_value_keeps_its_remedy(self) -> None:
        """What is to be left out is not told with the words for filling it in."""
        text = SPOKEN + (
            '[[transitions]]\ntrigger = "go"\nsource = "fresh"\ntarget = "lost"\n'
            'roles = ["seller"]\ngates = ["priced"]\n'
        )
        bound = bind(parse_process(text), record=Opportunity)
        deal = open_record(bound, Opportunity(id="o-1"), actor=SELLER, at=NOON).record
        data = {"closed_reason": "x"}

        told = decide(bound, deal, "go", actor=SELLER, at=NOON, data=data).in_words(self.WORDS)
        stray = [it.remedy for it in told.obstacles if it.id == "input_closed_reason"]

        assert stray == ["Leave `closed_reason` out: this transition does not take it."]

    def test_options(self) -> None:
        """Options carry labels and help of the language, for a form to be drawn."""
        deal = open_record(self.BOUND, Opportunity(id="o-1"), actor=SELLER, at=NOON).record

        told = [it.in_words(self.WORDS) for it in options(self.BOUND, deal, actor=SELLER, at=NOON)]
        found: dict[str, Option] = {option.trigger: option for option in told}

        assert {name: option.label for name, option in found.items()} == {
            "go": "cs trigger:go",
            "lose": "lose",
            "poc.finish": "cs trigger:poc.finish",
        }
        assert [(each.label, each.help) for each in found["go"].inputs] == [
            ("cs input:go.closed_reason", "cs input:go.closed_reason.help")
        ]
        assert [each.label for each in found["lose"].inputs] == [
            "cs input:lose.closed_reason",
            "cs input:owner",
        ]
        assert found["go"].decision.obstacles[-1].remedy == "cs criterion:named.worth.remedy"


def test_an_item_is_told_with_the_words_of_its_track() -> None:
    """Whatever an item is called, its findings and options have the texts of the track."""
    table = {
        "trigger:paper_items.send": "Poslat",
        "criterion:paper_items.owned.remedy": "Řekněte, čí je.",
        "input:paper_items.owner": "Čí",
    }
    words = Words(
        parse_process(f"{PAPERS}\n[translations]\ncs = {{ {_inline(table)} }}"), language="cs"
    )
    bound = bind(parse_process(PAPERS), record=Opportunity)
    deal = Opportunity.model_validate({"id": "o-1", "paper_items": [{"id": "nda.v1"}]})
    record = open_record(bound, deal, actor=SELLER, at=NOON).record

    (sending,) = (
        it.in_words(words)
        for it in options(bound, record, actor=SELLER, at=NOON)
        if it.trigger == "paper_items[nda.v1].send"
    )

    assert sending.label == "Poslat"
    assert sending.inputs[0].label == "Čí"
    assert "Řekněte, čí je." in {it.remedy for it in sending.decision.obstacles}


def _inline(table: dict[str, str]) -> str:
    return ", ".join(f"{json.dumps(key)} = {json.dumps(text)}" for key, text in table.items())


class TestProblems:
    """A translation that does not fit is refused, with place and nearest name."""

    def test_in_the_definition(self) -> None:
        """An unknown key in a definition is one of its problems."""
        with pytest.raises(DefinitionError) as caught:
            parse_process(f'{SPOKEN}\n[translations.cs]\n"stage:wom" = "x"', file="s.toml")
        (problem,) = caught.value.problems

        assert (problem.file, problem.line) == ("s.toml", SPOKEN.count("\n") + 3)
        assert problem.problem == "there is no text `stage:wom`"
        assert problem.remedy == "Did you mean `stage:won`?"

    def test_in_a_file_of_its_own(self) -> None:
        """All unknown keys of a translation are named, each with its line."""
        text = (
            '{"process": "spoken",\n "translations": {"cs": {"stage:wom": "x",\n "role:x": "y"}}}'
        )
        found = parse_translation(text, file="spoken.cs.json", format="json")

        with pytest.raises(DefinitionError) as caught:
            translated(spoken(), found)

        assert [(it.file, it.line, it.problem) for it in caught.value.problems] == [
            ("spoken.cs.json", 2, "there is no text `stage:wom`"),
            ("spoken.cs.json", 3, "there is no text `role:x`"),
        ]

    def test_of_another_process(self) -> None:
        """A translation names the process that it is for."""
        with pytest.raises(DefinitionError, match="it translates `make`, and this is `spoken`"):
            translated(spoken(), Translation(process="make", translations={"cs": {"a": "b"}}))

    @pytest.mark.parametrize("language", ["", "c", "czech_", "cs-", "cs CZ", "1x"])
    def test_a_language_is_a_tag(self, language: str) -> None:
        """What is no tag of a language is refused, with what it must be."""
        table = json.dumps({"process": "spoken", "translations": {language: {"a": "b"}}})

        with pytest.raises(DefinitionError, match="should be a language, as cs or pt-BR"):
            parse_translation(table, format="json")

    @pytest.mark.parametrize("ask", [Words.label, Words.help, Words.remedy])
    def test_an_unknown_thing(self, ask: object) -> None:
        """Who asks for a thing that the process does not have is told the nearest."""
        assert callable(ask)
        with pytest.raises(UnknownNameError, match="stage:wom"):
            ask(Words(spoken()), "stage:wom")


def test_what_is_missing_is_listed() -> None:
    """Every text that the definition has and the language lacks is listed, with fall-backs."""
    written = {key for key, text in KEYS.items() if text is not None}
    everything = set(untranslated(spoken(), "cs"))

    assert written <= everything
    assert untranslated(spoken(cs=dict.fromkeys(everything, "x")), "cs-CZ") == ()
    assert untranslated(spoken(cs={"stage:won": "x"}), "cs") == tuple(
        key for key in untranslated(spoken(), "cs") if key != "stage:won"
    )


def models_in(kind: Any) -> Iterator[type[BaseModel]]:
    """Yield every model that an annotation is made of."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for part in get_args(kind):
        yield from models_in(part)


def told_of(model: type[BaseModel], seen: set[type[BaseModel]]) -> Iterator[str]:
    """Yield where a definition holds things with texts, by the field that holds them."""
    seen.add(model)
    for name, field in model.model_fields.items():
        for inner in models_in(field.rebuild_annotation()):
            if {"label", "help", "remedy"} & inner.model_fields.keys():
                yield name
            if inner not in seen:
                yield from told_of(inner, seen)


def test_no_text_of_a_definition_is_left_out() -> None:
    """Whatever a process can hold that has a label, help or a remedy can be translated."""
    assert set(told_of(Process, set())) - _KINDS.keys() == set()
