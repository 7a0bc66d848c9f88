"""Which process a desk takes: the one that is named, in its newest version, or the record's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cosell.desk import AmbiguousProcessError
from cosell.desk.served import NotBoundError, NotServedError
from cosell.engine import WrongProcessError
from cosell.errors import DefinitionError, InvalidDataError, UnknownNameError
from cosell.events import ProcessRef
from cosell.models import Lead
from desk_kit import Around, a_deal, opened, tiny
from process_samples import NOON, SELLER, TINY, bound_of, process_of

NEWER = TINY.replace("version = 1", "version = 2").replace('"win"', '"close"')
OTHER = TINY.replace('id = "tiny"', 'id = "other"', 1)


def _open(desk: Any, record_id: str = "o-1", **named: Any) -> Any:
    return desk.open(a_deal(record_id), actor=SELLER, at=NOON, **named)


def test_the_only_process_need_not_be_named(desk_of: Callable[..., Any], store: Any) -> None:
    """One process in several versions is one process; a record enters the newest."""
    desk = desk_of([bound_of(NEWER), tiny()], store)
    assert _open(desk).record.process.version == 2


def test_a_record_stays_on_its_version(desk_of: Callable[..., Any], store: Any) -> None:
    """A newer version changes nothing for records that are on their way; each has its own."""
    _open(desk_of([tiny()], store), "o-1")
    desk = desk_of([tiny(), bound_of(NEWER)], store)
    _open(desk, "o-2")
    asked = {"actor": SELLER, "at": NOON}
    for record_id, trigger in (("o-1", "win"), ("o-2", "close")):
        desk.move(record_id, "go", **asked)
        (option,) = [each for each in desk.options(record_id, **asked) if each.track is None]
        assert option.trigger == trigger
        assert desk.move(record_id, trigger, **asked).record.stage == "won"


def test_one_of_several_processes_must_be_named(desk_of: Callable[..., Any], store: Any) -> None:
    """With several processes the desk does not guess; it lists them."""
    desk = desk_of([tiny(), bound_of(OTHER)], store)
    with pytest.raises(AmbiguousProcessError) as caught:
        _open(desk)
    assert caught.value.known == ("other", "tiny")
    assert _open(desk, process="other").record.process.id == "other"
    assert _open(desk, "o-2", process="tiny").record.process.id == "tiny"


@pytest.mark.parametrize(
    ("processes", "named", "known"),
    [
        pytest.param([], None, (), id="no process at all"),
        pytest.param([TINY], "tidy", ("tiny",), id="a name that is not served"),
        pytest.param([TINY], "", ("tiny",), id="an empty name"),
    ],
)
def test_an_unknown_process_is_named(
    desk_of: Callable[..., Any],
    store: Any,
    processes: list[str],
    named: str | None,
    known: tuple[str, ...],
) -> None:
    """A record cannot be opened in a process that the desk does not serve."""
    desk = desk_of([bound_of(text) for text in processes], store)
    with pytest.raises(UnknownNameError) as caught:
        _open(desk, process=named)
    assert (caught.value.kind, caught.value.known) == ("process", known)


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda desk: desk.load("o-1"), id="load"),
        pytest.param(lambda desk: desk.move("o-1", "go", actor=SELLER, at=NOON), id="move"),
        pytest.param(
            lambda desk: desk.open(a_deal(), actor=SELLER, at=NOON, key="k"), id="a repeated answer"
        ),
    ],
)
def test_an_unknown_version_is_named(
    desk_of: Callable[..., Any], store: Any, ask: Callable[[Any], Any]
) -> None:
    """A stored record whose version is not served cannot be read as another one."""
    _open(desk_of([bound_of(NEWER)], store), key="k")
    with pytest.raises(UnknownNameError) as caught:
        ask(desk_of([tiny()], store))
    error = caught.value
    assert (error.name, error.known) == ("tiny@2", ("tiny@1",))
    if isinstance(error, NotServedError):
        assert str(error) == (
            f"record `{error.record_id}` follows process `tiny@2`, which is not served. Give the"
            " desk that version beside tiny@1: records stay on the one that they entered until"
            " they are migrated."
        )


def test_another_definition_of_the_same_version_is_refused(
    desk_of: Callable[..., Any], store: Any
) -> None:
    """A record does not move by a definition that it did not enter, whatever its number says."""
    _open(desk_of([tiny()], store))
    changed = bound_of(TINY.replace('"win"', '"close"'))
    with pytest.raises(WrongProcessError):
        desk_of([changed], store).move("o-1", "go", actor=SELLER, at=NOON)


def test_a_version_is_given_once(desk_of: Callable[..., Any], store: Any) -> None:
    """Two definitions of one version are refused with all of them named; the same twice is fine."""
    again, other = bound_of(TINY), bound_of(OTHER)
    with pytest.raises(DefinitionError) as caught:
        desk_of([tiny(), again, other, bound_of(OTHER)], store)
    assert [problem.path for problem in caught.value.problems] == ["tiny@1", "other@1"]
    assert opened(desk_of([tiny(), tiny()], store)).record.process == tiny().ref


@pytest.mark.parametrize(
    ("given", "name"),
    [
        pytest.param([process_of(TINY)], "Process", id="a definition that is not bound"),
        pytest.param(["make"], "str", id="a name"),
    ],
)
def test_only_bound_processes_are_served(
    desk_of: Callable[..., Any], store: Any, given: Any, name: str
) -> None:
    """What is no bound process is refused when the desk is made, saying what it was."""
    with pytest.raises(NotBoundError) as caught:
        desk_of(given, store)
    assert caught.value.given == name


def test_one_process_needs_no_list(desk_of: Callable[..., Any], store: Any) -> None:
    """A single bound process may be given as it is."""
    assert _open(desk_of(tiny(), store)).record.process == tiny().ref


def test_a_record_of_another_model_is_refused(desk_of: Callable[..., Any], store: Any) -> None:
    """A process takes records of its own model alone."""
    with pytest.raises(WrongProcessError):
        desk_of([tiny()], store).open(Lead(id="l-1"), actor=SELLER, at=NOON)


def test_a_stored_record_that_does_not_fit_is_named(
    desk_of: Callable[..., Any], store: Any
) -> None:
    """What is stored and does not fit its model is an error with every field."""
    _open(desk_of([tiny()], store))

    class Torn(Around):
        def load(self, record_id: str) -> Any:
            bad = {"body": '{"id": "o-1", "owner": 7, "version": -1}'}
            return self.store.load(record_id).model_copy(update=bad)

    with pytest.raises(InvalidDataError) as caught:
        desk_of([tiny()], Torn(store)).load("o-1")
    assert {problem.path for problem in caught.value.problems} >= {"owner", "version"}


def test_a_record_carries_the_very_definition(desk_of: Callable[..., Any], store: Any) -> None:
    """Record, snapshot and events name process, version and digest."""
    answer = _open(desk_of([tiny()], store))
    ref = answer.record.process
    assert isinstance(ref, ProcessRef)
    assert (ref.id, ref.version, ref.digest) == ("tiny", 1, tiny().process.digest)
    assert store.load("o-1").process == ref == answer.events[0].process
