"""Clocks as definitions: what may be written, and everything wrong with it at once."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, ValidationError

from clock_samples import ANSWER, PRAGUE, Deal, Poc, compiled
from cosell._base import Instant
from cosell.clocks import compile_clock, problems_in_clock_paths
from cosell.definition.clock import Clock, parse_months
from cosell.definition.clock_check import LineNames, problems_in_clock
from cosell.definition.clock_event import Occasion, parse_clock_event
from cosell.errors import CalendarError, ExpressionError, UnknownNameError

AROUND: dict[str, Any] = {
    "own": LineNames(
        ["registered", "accepted", "rejected"], ["accept", "reject", "expire"], ["answer"]
    ),
    "parameters": {"answer_days": 5, "half_year": "6 months", "name": "x", "flag": True},
    "calendars": ["vendor"],
    "facts": {"paid": "bool", "paid_at": "instant", "paid_on": "date"},
    "lines": {
        "poc": LineNames(["not_started", "in_review"], ["approve"], ["ends"]),
        "record": LineNames(["registered", "won"], ["accept"], ["answer"]),
    },
}


def problems(**changes: Any) -> dict[str, str]:
    """Return what is wrong with MK-13's clock, changed, by path."""
    clock = Clock.model_validate({**ANSWER, **changes})
    return {found.path: str(found) for found in problems_in_clock(clock, **AROUND)}


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"start": ["facts.paid_on"]}, id="a date that starts days"),
        pytest.param({"start": ["facts.paid_at"]}, id="a moment that starts days"),
        pytest.param(
            {"start": ["facts.paid_at"], "unit": "business_hours", "ends": "day"},
            id="a moment that starts hours",
        ),
        pytest.param(
            {"start": ["moved('accept')"], "stop": ["moved('accept')"]},
            id="each answer stops it and starts the next",
        ),
        pytest.param({"pause_while": ["registered"]}, id="a pause until the stage is left"),
        pytest.param(
            {
                "start": ["entered('registered')", "entered('accepted')"],
                "stop": ["left('registered')"],
                "pause_while": ["registered"],
            },
            id="a pause in one of two stages",
        ),
        pytest.param(
            {"extensions": {"roles": ["boss"], "count": "answer_days", "total": 1}},
            id="extensions by a parameter",
        ),
    ],
)
def test_what_may_be_meant_is_accepted(changes: dict[str, Any]) -> None:
    """Only what can never be meant is refused."""
    assert problems(**changes) == {}


@pytest.mark.parametrize(
    ("text", "occasion", "line", "name"),
    [
        pytest.param("entered('won')", "entered", None, "won", id="a stage"),
        pytest.param('entered( "won" )', "entered", None, "won", id="spaces and other quotes"),
        pytest.param("moved('accept')", "moved", None, "accept", id="a trigger"),
        pytest.param("moved('poc.approve')", "moved", "poc", "approve", id="of a track"),
        pytest.param("entered('record.won')", "entered", "record", "won", id="of the main line"),
        pytest.param("won_at", "field", None, "won_at", id="a field"),
        pytest.param("facts.paid_at", "field", None, "facts.paid_at", id="a fact"),
    ],
)
def test_event_texts(text: str, occasion: str, line: str | None, name: str) -> None:
    """There are three kinds of event texts. Time 8."""
    event = parse_clock_event(text)

    assert (event.occasion, event.line, event.name) == (Occasion(occasion), line, name)


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        pytest.param("enterd('won')", 1, "Did you mean `entered`?", id="a misspelled word"),
        pytest.param("entered(won)", 9, "Write entered('stage').", id="no quotes"),
        pytest.param("moved('a', 'b')", 7, "Write moved('trigger').", id="two names"),
        pytest.param("entered('won\")", 9, "`entered` takes one stage", id="quotes that differ"),
        pytest.param("entered('Won')", 9, "`entered` takes one stage", id="no name"),
        pytest.param("Won At", 1, "`Won At` names no event", id="no path"),
        pytest.param("won_at or lost_at", 1, "names no event", id="an expression"),
    ],
)
def test_event_texts_that_are_none(text: str, column: int, said: str) -> None:
    """What is no event text is refused, and the error points into it."""
    with pytest.raises(ExpressionError) as raised:
        parse_clock_event(text)

    assert raised.value.column == column
    assert said in str(raised.value)


@given(st.text(max_size=200))
def test_no_text_hangs_or_breaks_the_parser(text: str) -> None:
    """Whatever the text, it is an event or an error of cosell's own."""
    with suppress(ExpressionError):
        assert parse_clock_event(text).name


def test_a_clock_without_problems() -> None:
    """MK-13's clock fits where it stands, as do months, tracks and the main line."""
    assert problems() == {}
    assert (
        problems(
            allowance="answer_days",
            start=["entered('poc.in_review')", "moved('poc.approve')", "entered('record.won')"],
            pause_while=["poc.not_started", "rejected"],
            steps=[{"id": "a", "at": "0.8"}, {"id": "b", "offset": -1, "trigger": "expire"}],
            on_breach={"trigger": "expire"},
            extensions={"roles": ["ae"], "count": 1, "total": "answer_days"},
            cutoff="15:00",
        )
        == {}
    )
    assert problems(allowance="half_year", unit="calendar_days", ends="day") == {}
    assert problems(allowance=2, unit="elapsed_hours", ends="day", calendar=None) == {}


@pytest.mark.parametrize(
    ("changes", "path", "said"),
    [
        pytest.param(
            {"start": ["entered('registerd')"]},
            "start[0]",
            "there is no stage `registerd`. Did you mean `registered`?",
            id="stage",
        ),
        pytest.param(
            {"stop": ["won_at", "moved('acept')"]},
            "stop[1]",
            "there is no trigger `acept`. Did you mean `accept`?",
            id="trigger",
        ),
        pytest.param(
            {"cancel": ["entered('pok.done')"]},
            "cancel[0]",
            "there is no track `pok`. Did you mean `poc`?",
            id="track",
        ),
        pytest.param(
            {"restart": ["entered('poc.in_revue')"]},
            "restart[0]",
            "there is no stage `in_revue`. Did you mean `in_review`?",
            id="stage of a track",
        ),
        pytest.param(
            {"pause_while": ["registered", "poc.review"]},
            "pause_while[1]",
            "there is no stage `review`. Did you mean `in_review`?",
            id="pausing stage",
        ),
        pytest.param(
            {"start": ["entered(x)"]}, "start[0]", "    entered(x)\n            ^", id="event text"
        ),
        pytest.param(
            {"allowance": "answer_day"},
            "allowance",
            "there is no parameter `answer_day`. Did you mean `answer_days`?",
            id="parameter",
        ),
        pytest.param({"allowance": "name"}, "allowance", "`x` is not an allowance", id="a text"),
        pytest.param({"allowance": "flag"}, "allowance", "is not an allowance", id="a flag"),
        pytest.param(
            {"allowance": "half_year"}, "allowance", "not counted in business_days", id="months"
        ),
        pytest.param(
            {"calendar": "vendors"}, "calendar", "Did you mean `vendor`?", id="another calendar"
        ),
        pytest.param({"calendar": None}, "calendar", "business_days need a calendar", id="none"),
        pytest.param(
            {"unit": "calendar_days"}, "ends", "calendar_days do not end at a close", id="ends"
        ),
        pytest.param(
            {"unit": "calendar_days", "ends": "day", "cutoff": "15:00"},
            "cutoff",
            "calendar_days have no cut-off",
            id="cut-off",
        ),
        pytest.param(
            {"start": ["facts.paid"]},
            "start[0]",
            "fact `paid` holds bool, and no moment",
            id="a fact that is a flag",
        ),
        pytest.param(
            {"stop": ["facts.paid_ad"]},
            "stop[0]",
            "no fact `paid_ad`. Did you mean `paid_at`?",
            id="a fact that is not declared",
        ),
        pytest.param(
            {"start": ["facts.paid_on"], "unit": "business_hours", "ends": "day"},
            "start[0]",
            "holds a date, and business_hours begin at a moment",
            id="a date that starts hours",
        ),
        pytest.param(
            {"start": ["submitted_at"], "stop": ["submitted_at"]},
            "start[0]",
            "`submitted_at` starts the clock and ends it at once",
            id="a moment that starts and stops",
        ),
        pytest.param(
            {"start": ["facts.paid_at"], "cancel": ["facts.paid_at"]},
            "start[0]",
            "starts the clock and ends it at once",
            id="a fact that starts and cancels",
        ),
        pytest.param(
            {"stop": ["left('registered')"], "pause_while": ["accepted", "registered"]},
            "pause_while[1]",
            "the clock runs in `registered` alone, and stands still there",
            id="a pause in the only stage",
        ),
        pytest.param(
            {"extensions": {"roles": ["boss"], "count": 0}},
            "extensions.count",
            "a `count` of 0 lets nobody extend it",
            id="no extensions",
        ),
        pytest.param(
            {"extensions": {"roles": ["boss"], "total": 0}},
            "extensions.total",
            "a `total` of 0 lets nobody extend it",
            id="extensions by nothing",
        ),
        pytest.param({"steps": [{"id": "a"}]}, "steps[0]", "is placed nowhere", id="no place"),
        pytest.param(
            {"steps": [{"id": "a", "at": "0.5", "offset": 1}]},
            "steps[0]",
            "is placed twice",
            id="two places",
        ),
        pytest.param(
            {"steps": [{"id": "a", "at": 1}, {"id": "a", "at": 1}]},
            "steps[1].id",
            "step `a` is defined twice",
            id="twice",
        ),
        pytest.param(
            {"steps": [{"id": "a", "at": 1, "trigger": "expires"}]},
            "steps[0].trigger",
            "Did you mean `expire`?",
            id="trigger of a step",
        ),
        pytest.param(
            {"on_breach": {"trigger": "expires"}},
            "on_breach.trigger",
            "Did you mean `expire`?",
            id="trigger of the breach",
        ),
        pytest.param(
            {"extensions": {"roles": ["ae"], "count": "name"}},
            "extensions.count",
            "`name` is not a parameter that holds a whole number",
            id="count of extensions",
        ),
        pytest.param(
            {"extensions": {"roles": ["ae"], "total": "answer_day"}},
            "extensions.total",
            "Did you mean `answer_days`?",
            id="total of extensions",
        ),
    ],
)
def test_problems(changes: dict[str, Any], path: str, said: str) -> None:
    """Each thing that is wrong is named with its path and the nearest right name."""
    found = problems(**changes)

    assert list(found) == [path]
    assert said in found[path]


def test_everything_at_once() -> None:
    """All problems of a clock come together, in the order of its fields."""
    found = problems(
        start=["entered('x')"], allowance="y", calendar="z", steps=[{"id": "a", "trigger": "b"}]
    )

    assert list(found) == ["start[0]", "allowance", "calendar", "steps[0]", "steps[0].trigger"]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"allowance": True}, id="a flag is no number"),
        pytest.param({"allowance": -1}, id="nor is a number below zero an allowance"),
        pytest.param({"allowance": 10**9}, id="nor a number beyond all measure"),
        pytest.param({"allowance": "5 weeks"}, id="weeks are written in days"),
        pytest.param({"unit": "weeks"}, id="there are four units"),
        pytest.param({"start": []}, id="something starts a clock"),
        pytest.param({"start": ["a\0b"]}, id="texts hold no NUL"),
        pytest.param({"cutoff": "25:00"}, id="a cut-off is a time of day"),
        pytest.param({"steps": [{"id": "a", "at": "-1"}]}, id="a fraction is above zero"),
        pytest.param({"pause_while": ["a.b.c"]}, id="a stage has one line"),
        pytest.param({"stopp": []}, id="unknown fields are refused"),
    ],
)
def test_refused_definitions(changes: dict[str, Any]) -> None:
    """What can never be right is refused by the model."""
    with pytest.raises(ValidationError):
        Clock.model_validate({**ANSWER, **changes})


@pytest.mark.parametrize(
    ("allowance", "months"),
    [("6 months", 6), ("1 month", 1), ("months", None), ("6 weeks", None), (6, None)],
)
def test_months(allowance: object, months: int | None) -> None:
    """Months are a number and the word, and nothing else is."""
    assert parse_months(allowance) == months


class TestCompiling:
    """A clock is compiled with what it names."""

    def test_what_it_knows(self) -> None:
        """A compiled clock carries its id, its citations and its unit."""
        clock = compiled()

        assert (clock.id, clock.cites, clock.unit) == ("answer", ("MK-13",), "business_days")
        assert clock.zone is PRAGUE.zone

    def test_parameters(self) -> None:
        """Allowance and limits are looked up by name."""
        clock = compiled(allowance="days", extensions={"count": 2, "total": "days"})

        assert (clock.units, clock.most_extensions, clock.most_added) == (5, 2, 5)

    @pytest.mark.parametrize("unit", ["elapsed_hours", "calendar_days"])
    def test_the_zone_of_a_calendar(self, unit: str) -> None:
        """A clock that names a calendar has its zone; one that names none that of the process."""
        clock = Clock.model_validate({**ANSWER, "unit": unit, "ends": "day"})
        given = compile_clock(clock, calendar=PRAGUE, zone="UTC", parameters={})
        without = compile_clock(clock, calendar=None, zone="UTC", parameters={})

        assert str(given.zone) == "Europe/Prague"
        assert str(without.zone) == "UTC"

    @pytest.mark.parametrize(
        ("changes", "error", "said"),
        [
            pytest.param({"calendar": None}, CalendarError, "was given no calendar", id="calendar"),
            pytest.param({"allowance": "dayz"}, UnknownNameError, "no parameter `dayz`", id="name"),
            pytest.param(
                {"allowance": "share"}, CalendarError, "`0.5` as its allowance", id="text"
            ),
            pytest.param({"allowance": "months"}, CalendarError, "`6 months`", id="months"),
            pytest.param({"start": ["entered(x)"]}, ExpressionError, "one stage", id="event"),
        ],
    )
    def test_what_does_not_fit(
        self, changes: dict[str, Any], error: type[Exception], said: str
    ) -> None:
        """A clock that was not checked raises an error of cosell's own when it is compiled."""
        with pytest.raises(error, match=said):
            compiled(**changes)


class Odd(Deal, frozen=True):
    """A record with fields and properties of many kinds."""

    when: Annotated[Instant, Field(description="a moment")] | None = None
    several: tuple[datetime, ...] = ()
    part: Annotated[Poc, Field(description="a part")] = Poc()

    @property
    def last_touch(self) -> datetime | None:
        """A derived moment."""
        return self.submitted_at

    @property
    def signed_day(self) -> date | None:
        """A derived day."""
        return self.signed_on

    @property
    def score(self) -> int:
        """A derived number."""
        return 1

    @property
    def untold(self):  # type: ignore[no-untyped-def]  # noqa: ANN201 # this is what is refused
        """A derived field of unknown type."""
        return None


class TestPaths:
    """Event texts that name a field are held against the model. Time 8."""

    @staticmethod
    def found(*texts: str, **models: Any) -> list[str]:
        """Return the problems of a clock that starts at these."""
        clock = Clock.model_validate({**ANSWER, "start": texts})
        return [
            str(each) for each in problems_in_clock_paths(clock, models.pop("model", Odd), **models)
        ]

    def test_what_cannot_be_read(self) -> None:
        """Of a text that names no event nothing is said here: the definition says it."""
        assert self.found("entered(") == []

    def test_moments(self) -> None:
        """Fields, lists, parts, derived fields and dates may hold moments; facts may too."""
        assert (
            self.found(
                "submitted_at",
                "signed_on",
                "when",
                "poc.begun_at",
                "other.begun_at",
                "part.begun_at",
                "last_touch",
                "signed_day",
                "several",
                "facts.anything",
                "record.anything",
                "entered('registered')",
            )
            == []
        )

    def test_the_whole_record_as_seen_from_a_track(self) -> None:
        """With the record's model, names after `record.` are looked at too."""
        assert self.found("begun_at", "record.submitted_at", model=Poc, whole=Odd) == []
        assert self.found("record.submited_at", model=Poc, whole=Odd) == [
            "start[0]: there is no field `submited_at`. Did you mean `submitted_at`?"
        ]

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            pytest.param("submited_at", "Did you mean `submitted_at`?", id="misspelled"),
            pytest.param("poc.begun", "Did you mean `begun_at`?", id="in a part"),
            pytest.param("pok.begun_at", "there is no field `pok.begun_at`", id="no such part"),
            pytest.param("name.begun_at", "there is no field", id="no part at all"),
            pytest.param("name", "`name` does not hold a moment", id="a text"),
            pytest.param("poc", "`poc` does not hold a moment", id="a part"),
            pytest.param("several.x", "there is no field `several.x`", id="through a list"),
            pytest.param("facts", "there is no field `facts`", id="no fact"),
            pytest.param("score", "`score` does not hold a moment", id="a derived number"),
            pytest.param("untold", "there is no field `untold`", id="a type that is not told"),
        ],
    )
    def test_what_is_no_moment(self, text: str, said: str) -> None:
        """A name that holds no moment is a problem, with the nearest one that does."""
        (problem,) = self.found(text)

        assert problem.startswith("start[0]: ")
        assert said in problem
