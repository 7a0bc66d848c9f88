"""What ships is loaded by name and version, and bound with a model and calendars."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cosell import catalog
from cosell.calendars import Calendar
from cosell.catalog import shelf, shipped
from cosell.catalog.shelf import Shelf
from cosell.errors import UnknownNameError
from cosell.models import Lead, Opportunity

PRAGUE = Calendar.from_holidays("CZ", tz="Europe/Prague")

TINY = """
id = "tiny"
version = {version}
record = "Lead"
initial = "fresh"
roles = {{ seller = "Seller" }}
stages = [{{ id = "fresh" }}, {{ id = "won", kind = "won" }}]
transitions = [{{ trigger = "win", source = "fresh", target = "won", roles = ["seller"] }}]
"""


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Replace what ships by a process in two versions, and what is no definition."""
    (tmp_path / "tiny.toml").write_text(TINY.format(version=2), "utf-8")
    (tmp_path / "tiny@1.toml").write_text(TINY.format(version=1), "utf-8")
    (tmp_path / "readme.md").write_text("", "utf-8")
    monkeypatch.setattr(shipped, "SHELF", Shelf(tmp_path))
    shipped.load.cache_clear()
    yield
    shipped.load.cache_clear()


def test_make_and_its_example_of_fees_ship() -> None:
    """The catalog lists processes and fee plans apart."""
    assert "make" in catalog.names()
    assert "make_example" in catalog.fee_plan_names()
    assert "make_example" not in catalog.names()
    assert shelf.SHELF.names(fees=False) == catalog.names()


@pytest.mark.parametrize("name", ["make", "make@1"])
def test_a_process_is_loaded_once(name: str) -> None:
    """A name is loaded once, and the same definition is given again."""
    assert catalog.load(name) is catalog.load(name)
    assert catalog.load(name).process.ref == catalog.load("make").process.ref


@pytest.mark.parametrize("name", ["make_example", "make_example@1"])
def test_a_fee_plan_is_loaded(name: str) -> None:
    """A fee plan is found by its name without the ending of its file."""
    assert catalog.load_fee_plan(name).id == "make_example"


def test_a_shipped_process_is_bound_to_the_model_that_it_names() -> None:
    """Binding needs calendars; the model is the process's own unless a host gives its own."""

    class OwnOpportunity(Opportunity, frozen=True):
        """A host's own model."""

    make = catalog.load("make")

    assert make.bind(calendars={"vendor": PRAGUE}).model is Opportunity
    assert make.bind(calendars={"vendor": PRAGUE}, record=OwnOpportunity).model is OwnOpportunity


@pytest.mark.parametrize(("name", "version"), [("tiny", 2), ("tiny@2", 2), ("tiny@1", 1)])
@pytest.mark.usefixtures("tiny")
def test_a_name_may_say_the_version(name: str, version: int) -> None:
    """A name alone is the latest version; earlier ones stay."""
    found = catalog.load(name)

    assert found.process.version == version
    assert found.bind().model is Lead


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("tinny", "Did you mean `tiny@1`?"),
        ("tiny@3", "Did you mean `tiny@2`?"),
        ("readme", "Use one of: tiny, tiny@1."),
    ],
)
@pytest.mark.usefixtures("tiny")
def test_an_unknown_name_is_told_which_are(name: str, remedy: str) -> None:
    """A name or a version that is not there is an error that names what is."""
    with pytest.raises(UnknownNameError) as caught:
        catalog.load(name)

    assert caught.value.kind == "process"
    assert caught.value.remedy.startswith("Did you mean `tiny") or caught.value.remedy == remedy


def test_an_unknown_fee_plan_or_model() -> None:
    """Plans and models are asked for by the names that there are."""
    with pytest.raises(UnknownNameError, match="there is no fee plan `mak_example`"):
        catalog.load_fee_plan("mak_example")
    with pytest.raises(UnknownNameError, match="there is no fee plan `make_example@9`"):
        catalog.load_fee_plan("make_example@9")
    with pytest.raises(UnknownNameError, match="there is no model of records `Mdp`"):
        shipped.model_named("Mdp")


def test_the_text_of_a_process_is_its_file() -> None:
    """A host that starts from a shipped process takes its text, comments and all."""
    assert shipped.text_of("make").startswith("# Make")
