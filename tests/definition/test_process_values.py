"""A process is a value: its digest is that of what it says, and it comes back as it was."""

from __future__ import annotations

import json
import pickle
import re
import tomllib
from copy import deepcopy
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosell.definition import Process, Stage, StageKind, Transition, parse_process
from cosell.definition.claim import claim_name, claim_paths, has_stray_braces
from cosell.definition.effect import overlap
from cosell.definition.value import kind_of
from cosell.errors import Problem, UnknownNameError
from cosell.money import Money
from process_samples import RICH, TINY, process_of

DIGEST = process_of(TINY).digest


def as_json(text: str) -> str:
    """Return a definition in TOML as JSON."""
    return json.dumps(tomllib.loads(text), indent=2)


class TestDigest:
    """The digest says exactly which definition a record follows."""

    @pytest.mark.parametrize(
        "text",
        [
            pytest.param("# a comment\n\n" + TINY + "\n\n", id="comments and blank lines"),
            pytest.param(re.sub(r" = ", "   =  ", TINY), id="spaces"),
            pytest.param(TINY.replace("\n", "\r\n"), id="ends of lines"),
            pytest.param(TINY.replace('"fresh"', "'fresh'"), id="quotes"),
            pytest.param(TINY.replace('= "fresh"\nt', '= ["fresh"]\nt'), id="a list of one"),
            pytest.param(
                TINY.replace('{ seller = "Seller", boss = "Boss" }',
                    '{ boss = "Boss", seller = "Seller" }'),
                id="the order of keys",
            ),
            pytest.param(TINY.replace('{ id = "fresh" }', '{ id = "fresh", kind = "open" }'),
                id="what is the default anyway"),
        ],
    )  # fmt: skip
    def test_layout_does_not_count(self, text: str) -> None:
        """Two texts that say the same have the same digest, and are equal."""
        assert text != TINY
        assert process_of(text).digest == DIGEST
        assert process_of(text) == process_of(TINY)

    @pytest.mark.parametrize("text", [TINY, RICH], ids=["tiny", "rich"])
    def test_the_format_does_not_count(self, text: str) -> None:
        """TOML and JSON that say the same are the same process."""
        process = parse_process(as_json(text), format="json")

        assert process == process_of(text)
        assert process.digest == process_of(text).digest

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            pytest.param("version = 1", "version = 2", id="its version"),
            pytest.param('label = "x"\n', "", id="a label"),
            pytest.param('target = "won"', 'target = "mid"', id="a target"),
            pytest.param('{ id = "fresh" }, { id = "mid" }', '{ id = "mid" }, { id = "fresh" }',
                id="the order of stages"),
            pytest.param("x = 0.10", "x = 0.1", id="the digits of a decimal"),
            pytest.param("x = 0.10", 'x = "0.10"', id="a decimal or a text"),
            pytest.param("x = 0.10", "x = true", id="a truth value"),
            pytest.param("y = 1", "y = true", id="a number or a truth value"),
            pytest.param("y = 1", "y = 1.0", id="a number or a decimal"),
            pytest.param("z = 2026-11-20", 'z = "2026-11-20"', id="a day or a text"),
            pytest.param("z = 2026-11-20", "z = 2026-11-20T00:00:00Z", id="a day or a moment"),
            pytest.param("z = 2026-11-20", "z = [2026-11-20]", id="a value or a list of it"),
        ],
    )  # fmt: skip
    def test_whatever_is_said_counts(self, before: str, after: str) -> None:
        """Another value, or one of another type, is another definition."""
        text = 'label = "x"\n' + TINY + "[parameters]\nx = 0.10\ny = 1\nz = 2026-11-20\n"
        other = text.replace(before, after)

        assert other != text
        assert process_of(other).digest != process_of(text).digest
        assert process_of(other) != process_of(text)

    def test_a_changed_copy_has_its_own(self) -> None:
        """What was computed before a copy was made is not kept in the copy."""
        process = process_of(TINY)
        assert process.digest == DIGEST
        copy = process.model_copy(update={"label": "other"})

        assert copy.digest != DIGEST
        assert copy.ref.digest == copy.digest

    def test_it_is_the_same_on_any_machine(self) -> None:
        """The digest is pinned: it depends on nothing but the definition."""
        assert DIGEST == ("ba985b18357683e338ae24deacb7e398b649d43c64650b909ade2abc715faa47")


class TestValue:
    """A process can be kept and sent."""

    @pytest.mark.parametrize("text", [TINY, RICH], ids=["tiny", "rich"])
    def test_it_comes_back(self, text: str) -> None:
        """Through pickle, a deep copy, and its own fields it stays equal."""
        process = process_of(text)

        for copy in (
            pickle.loads(pickle.dumps(process)),  # noqa: S301 - our own bytes
            deepcopy(process),
            Process.model_validate(process.model_dump()),
            Process.model_validate(process.model_dump(exclude_defaults=True)),
        ):
            assert copy == process
            assert copy.digest == process.digest

    def test_a_pickle_keeps_its_places(self) -> None:
        """What is wrong with a process that was sent is still told with its line."""
        copy = pickle.loads(pickle.dumps(process_of(TINY)))  # noqa: S301 - our own bytes

        assert copy.placed(Problem("initial", "no", "Do."), ("initial",)).line == 4

    def test_one_that_was_not_read_has_no_places(self) -> None:
        """A process made in Python has no file."""
        process = Process.model_validate(process_of(TINY).model_dump())

        assert process.placed(Problem("a", "no", "Do."), ("a",)) == Problem("a", "no", "Do.")

    def test_its_reference_names_it_exactly(self) -> None:
        """Records carry id, version and digest."""
        assert process_of(TINY).ref.model_dump() == {"id": "tiny", "version": 1, "digest": DIGEST}

    def test_its_lines_are_the_main_one_and_the_tracks(self) -> None:
        """The main line comes first, under no name."""
        process = process_of(RICH)

        assert list(process.lines) == [None, "mdp", "review"]
        assert process.lines[None] is process


class TestStagesNamed:
    """``*`` is every open stage."""

    LINE = process_of(RICH)

    @pytest.mark.parametrize(
        ("names", "stages"),
        [
            (("*",), ("submitted", "accepted", "negotiation")),
            (("won", "submitted"), ("submitted", "won")),
            (("*", "lost", "accepted"), ("submitted", "accepted", "negotiation", "lost")),
            ((), ()),
        ],
    )
    def test_they_come_in_file_order(self, names: tuple[str, ...], stages: tuple[str, ...]) -> None:
        """Each stage is given once, in the order of the file."""
        assert self.LINE.stages_named(names) == stages


PARAMETERS: dict[str, Any] = {
    "whole": 5,
    "truth": True,
    "decimal": Decimal("0.10"),
    "text": "50000 USD",
    "day": date(2026, 11, 20),
    "moment": datetime(2026, 11, 20, 9, tzinfo=UTC),
    "list": (1, "a", Decimal(2)),
    "table": {"a": 1, "b": Decimal("0.5")},
}


def test_parameters_keep_the_type_they_are_written_with() -> None:
    """Nothing is converted: a number is no truth value, a day no moment."""
    text = TINY + (
        '[parameters]\nwhole = 5\ntruth = true\ndecimal = 0.10\ntext = "50000 USD"\n'
        "day = 2026-11-20\nmoment = 2026-11-20T09:00:00Z\n"
        'list = [1, "a", 2.0]\ntable = { a = 1, b = 0.5 }\n'
    )
    parameters = dict(process_of(text).parameters)

    assert parameters == PARAMETERS
    assert {name: type(value) for name, value in parameters.items()} == {
        name: type(value) for name, value in PARAMETERS.items()
    }


@pytest.mark.parametrize(
    ("value", "kind"),
    [(True, "bool"), (1, "int"), (Decimal(1), "decimal"), ("a", "text"), (0.1, None), (None, None),
     (date(2026, 1, 1), "date"), (datetime(2026, 1, 1, tzinfo=UTC), "instant"), ([], None)],
    ids=repr,
)  # fmt: skip
def test_the_kind_of_a_value(value: object, kind: str | None) -> None:
    """The first that a value is an instance of is what it is; a float is nothing."""
    assert kind_of(value) == kind


def test_what_a_transition_sets_can_be_given_as_it_is() -> None:
    """A process made in Python may hold the parts themselves."""
    transition = process_of(RICH).transitions[0]
    again = Transition.model_validate({**transition.model_dump(), "set": dict(transition.set)})

    assert again == transition
    assert transition.model_copy(update={"source": ("x",)}) != transition


@pytest.mark.parametrize(
    ("path", "other", "touches"),
    [
        ("acv", "acv", True),
        ("customer", "customer.domain", True),
        ("customer.domain", "customer", True),
        ("customer.domain", "customer.name", False),
        ("acv", "acv_note", False),
        ("a.b", "a.bc", False),
    ],
)
def test_paths_overlap_by_whole_names(path: str, other: str, touches: bool) -> None:  # noqa: FBT001
    """Writing a whole touches its parts, and nothing that is merely called alike."""
    assert overlap(path, other) is touches


@pytest.mark.parametrize(
    ("key", "name", "paths", "strays"),
    [
        ("registration:{customer.domain}", "registration", ("customer.domain",), False),
        ("registration:{a}:{b.c}-{a}", "registration", ("a", "b.c", "a"), False),
        ("single", "single", (), False),
        ("a:{b", "a", (), True),
        ("a:b}", "a", (), True),
        ("a:{B}", "a", (), True),
        ("a:{}", "a", (), True),
        ("a:{{b}}", "a", ("b",), True),
    ],
)
def test_what_a_claim_is_made_of(
    key: str,
    name: str,
    paths: tuple[str, ...],
    strays: bool,  # noqa: FBT001
) -> None:
    """A claim has a name, and fields in braces; other braces are a mistake."""
    assert (claim_name(key), claim_paths(key), has_stray_braces(key)) == (name, paths, strays)


@given(st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, unique=True))
def test_stages_are_values(ids: list[str]) -> None:
    """Stages compare by what they say."""
    stages = [Stage(id=name, kind=StageKind.OPEN) for name in ids]

    assert stages == [Stage(id=name) for name in ids]
    assert len(set(stages)) == len(ids)


def test_processes_hash_by_what_they_say() -> None:
    """Equal processes are one key."""
    assert len({process_of(TINY), process_of("# x\n" + TINY), process_of(RICH)}) == 2


class TestStage:
    """A stage says how likely deals there are won, and what they are worth by that."""

    @pytest.mark.parametrize(
        ("probability", "value", "share"),
        [
            pytest.param("0.25", "1000.02 USD", "250.01 USD", id="to the cent"),
            pytest.param("0", "1000 USD", "0.00 USD", id="none of it"),
            pytest.param("1", "1000.005 USD", "1000.01 USD", id="all of it, rounded"),
            pytest.param("0.5", "-3 USD", "-1.50 USD", id="less than nothing"),
            pytest.param("0.5", "101 JPY", "51 JPY", id="a currency without cents"),
        ],
    )
    def test_weighted(self, probability: str, value: str, share: str) -> None:
        """The share of an amount is exact, and rounded to the currency's least unit."""
        stage = Stage(id="offered", probability=Decimal(probability))

        assert str(stage.weighted(Money.parse(value))) == share

    def test_by_name(self) -> None:
        """A stage is found by its name; one that is not there is named with the nearest."""
        process = process_of(TINY)

        assert process.stage("won").kind is StageKind.WON
        with pytest.raises(UnknownNameError, match="Did you mean `won`"):
            process.stage("wom")
