"""What a clock of a definition may say beyond start, stop and allowance, and what it may not."""

from __future__ import annotations

from typing import Any

import pytest

from clock_samples import ANSWER, compiled, deal, entry, extended, moved, opened, prague
from cosell.clocks import ClockState, read_clock, steps_due
from cosell.definition import parse_process
from cosell.definition.clock import Clock
from cosell.definition.clock_check import LineNames, problems_in_clock
from cosell.errors import CalendarError, DefinitionError

REGISTERED = "2026-12-18T15:00"
FAR = prague("2027-03-01T00:00")
AROUND: dict[str, Any] = {
    "own": LineNames(
        ["registered", "accepted", "rejected"], ["accept", "expire"], ["answer", "review"]
    ),
    "lines": {
        "poc": LineNames(["not_started", "running"], ["approve"], ["ends"]),
        "record": LineNames(["won"], ["win"], ["expiry"]),
    },
    "parameters": {"days": 5, "below": -3, "text": "x", "none": 0},
    "calendars": ["vendor"],
}
HOLD: dict[str, Any] = {"kind": "hold", "ends": "day"}


def problems(**changes: Any) -> dict[str, str]:
    """Return what is wrong with MK-13's clock, changed, by path."""
    clock = Clock.model_validate({**ANSWER, **changes})
    return {found.path: str(found) for found in problems_in_clock(clock, **AROUND)}


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"start": ["left('registered')", "breached('review')"]}, id="own names"),
        pytest.param(
            {"start": ["moved('poc.approve')", "extended('poc.ends')", "left('poc.running')"]},
            id="names of a track",
        ),
        pytest.param(
            {
                "start": [
                    "entered('record.won')",
                    "moved('record.win')",
                    "breached('record.expiry')",
                ]
            },
            id="names of the main line, as seen from a track",
        ),
        pytest.param({"allowance": None, "ends": "day"}, id="a clock that only measures"),
        pytest.param({"at_most": "days", "allowance": 5}, id="an utmost end"),
        pytest.param({"repeats": "from_end", "cancel": ["left('registered')"]}, id="repetition"),
        pytest.param({"pauses": {"roles": ["ae"]}}, id="pauses"),
        pytest.param(
            {
                "cadence": {
                    "touches": ["moved('accept')"],
                    "least": 2,
                    "most": "days",
                    "gap_least": 1,
                    "gap_most": 4,
                    "span_least": "days",
                }
            },
            id="a cadence",
        ),
        pytest.param(
            {"steps": [{"id": "a", "after": "days"}, {"id": "b", "offset": "below"}]},
            id="numbers of steps as parameters",
        ),
        pytest.param(HOLD, id="a hold"),
    ],
)
def test_what_may_be_written(changes: dict[str, Any]) -> None:
    """Each of these fits where it stands."""
    assert problems(**changes) == {}


CADENCE: dict[str, Any] = {"touches": ["moved('accept')"]}


@pytest.mark.parametrize(
    ("changes", "path", "said"),
    [
        pytest.param(
            {"start": ["left('registerd')"]}, "start[0]", "Did you mean `registered`?", id="stage"
        ),
        pytest.param(
            {"stop": ["breached('revue')"]}, "stop[0]",
            "there is no clock `revue`. Did you mean `review`?", id="clock",
        ),
        pytest.param(
            {"stop": ["moved('poc.aprove')"]}, "stop[0]",
            "there is no trigger `aprove`. Did you mean `approve`?", id="trigger of a track",
        ),
        pytest.param(
            {"stop": ["extended('poc.end')"]}, "stop[0]",
            "there is no clock `end`. Did you mean `ends`?", id="clock of a track",
        ),
        pytest.param(
            {"cancel": ["entered('record.one')"]}, "cancel[0]",
            "there is no stage `one`. Did you mean `won`?", id="stage of the main line",
        ),
        pytest.param(
            {"pause_while": ["record.wont"]}, "pause_while[0]",
            "there is no stage `wont`. Did you mean `won`?", id="pausing stage of the main line",
        ),
        pytest.param(
            {"start": ["entered('recrd.won')"]}, "start[0]",
            "there is no track `recrd`. Use one of: poc.", id="no line",
        ),
        pytest.param(
            {"start": ["extended(answer)"]}, "start[0]", "Write extended('clock').", id="no quotes"
        ),
        pytest.param(
            {"allowance": None, "ends": "day", "on_breach": {}}, "on_breach",
            "a clock without an allowance has no `on_breach`", id="nothing runs out",
        ),
        pytest.param(
            {"allowance": None, "ends": "day", "steps": [{"id": "a", "at": 1}]}, "steps[0]",
            "step `a` has no end to be placed by", id="a step without an end",
        ),
        pytest.param(
            {**HOLD, "allowance": None}, "kind", "a hold needs an allowance", id="an endless hold"
        ),
        pytest.param(
            {"kind": "hold"}, "ends", "a hold is over when its last day begins", id="hold and close"
        ),
        pytest.param(
            {**HOLD, "at_most": 9}, "at_most", "a hold has no `at_most`", id="hold and utmost end"
        ),
        pytest.param(
            {"repeats": "from_end"}, "repeats", "nothing ends a clock that repeats", id="no cancel"
        ),
        pytest.param(
            {"repeats": "from_end", "cancel": ["won_at"], "allowance": "none"}, "allowance",
            "a clock that repeats cannot allow nothing", id="repeats without an allowance",
        ),
        pytest.param(
            {"repeats": "from_end", "cancel": ["won_at"], "at_most": 9}, "at_most",
            "a clock that repeats has no `at_most`", id="repeats with an utmost end",
        ),
        pytest.param(
            {"at_most": 4}, "at_most", "`at_most` is 4, and less than `allowance`, 5", id="at most"
        ),
        pytest.param(
            {"at_most": "dayz"}, "at_most", "Did you mean `days`?", id="parameter of the utmost end"
        ),
        pytest.param(
            {"steps": [{"id": "a", "after": "below"}]}, "steps[0].after",
            "`below` is not a parameter that holds a whole number", id="after a number below zero",
        ),
        pytest.param(
            {"steps": [{"id": "a", "offset": "text"}]}, "steps[0].offset",
            "`text` is not a parameter that holds a whole number", id="offset by a text",
        ),
        pytest.param({"extensions": {}}, "extensions.roles", "nobody may extend it", id="nobody"),
        pytest.param(
            {"cadence": {**CADENCE, "touches": ["moved('acept')"]}}, "cadence.touches[0]",
            "Did you mean `accept`?", id="touches",
        ),
        pytest.param(
            {"cadence": {**CADENCE, "least": 3, "most": 2}}, "cadence.most",
            "`cadence.most` is 2, and less than `cadence.least`, 3", id="fewer at most",
        ),
        pytest.param(
            {"cadence": {**CADENCE, "gap_least": 3, "gap_most": 2}}, "cadence.gap_most",
            "and less than `cadence.gap_least`", id="closer at most",
        ),
        pytest.param(
            {"cadence": {**CADENCE, "span_least": 6}}, "allowance",
            "and less than `cadence.span_least`, 6", id="a span beyond the allowance",
        ),
        pytest.param(
            {"cadence": CADENCE, "steps": [{"id": "touch_2", "at": 1}]}, "steps[0].id",
            "`touch_2` is a step of the cadence", id="a step that the cadence has",
        ),
    ],
)  # fmt: skip
def test_what_may_not_be_written(changes: dict[str, Any], path: str, said: str) -> None:
    """Each thing that is wrong is named with its path and what to do."""
    found = problems(**changes)

    assert list(found) == [path]
    assert said in found[path]


def test_a_parameter_that_is_no_number() -> None:
    """A parameter that holds no number is named, and compared with nothing."""
    assert list(problems(at_most="text")) == ["at_most"]


PROCESS = """
id = "tiny"
version = 1
record = "Deal"
initial = "registered"
roles = { seller = "Seller" }
effects = { warn = "Warn" }
stages = [{ id = "registered" }, { id = "won", kind = "won" }]
gates = { shown = { criteria = [{ id = "a", need = "recorded(id)", remedy = "Do." }] } }

[[clocks]]
id = "answer"
allowance = 5
unit = "calendar_days"
start = ["entered('registered')"]
pauses = { roles = ["seller"] }
extensions = { roles = ["seller"], gates = ["shown"] }
cadence = { touches = ["left('won')"], effects = [{ kind = "warn" }] }
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('pauses = { roles = ["seller"]', 'pauses = { roles = ["selle"]', "no role `selle`"),
        ('extensions = { roles = ["seller"]', 'extensions = { roles = ["x"]', "no role `x`"),
        ('gates = ["shown"]', 'gates = ["showm"]', "Did you mean `shown`"),
        ('[{ kind = "warn" }]', '[{ kind = "warm" }]', "Did you mean `warn`"),
    ],
)
def test_names_of_the_process(old: str, new: str, said: str) -> None:
    """Roles, gates and effects of a clock are those of its process."""
    assert parse_process(PROCESS).clocks[0].cadence is not None
    assert PROCESS.count(old) == 1

    with pytest.raises(DefinitionError, match=said):
        parse_process(PROCESS.replace(old, new))


class TestEvents:
    """Leaving a stage, and what other clocks do. Time 8."""

    def test_leaving(self) -> None:
        """A move that comes back to its stage leaves nothing."""
        clock = compiled(stop=["left('registered')"])
        stayed = deal(opened(REGISTERED), moved("2026-12-21T10:00", "registered"))
        around = deal(
            opened(REGISTERED), moved("2026-12-21T10:00", "registered", source="registered")
        )
        left = deal(opened(REGISTERED), moved("2026-12-21T10:00", "x", source="registered"))

        assert read_clock(clock, stayed, at=FAR).ended_at is None
        assert read_clock(clock, around, at=FAR).ended_at is None
        assert read_clock(clock, left, at=FAR).ended_at == prague("2026-12-21T10:00")

    def test_another_clock_ran_out(self) -> None:
        """An escalation starts when another clock is breached."""
        clock = compiled(start=["breached('first')"], stop=["extended('poc.ends')"])
        breach = entry("breached", REGISTERED, clock="first")
        other = entry("breached", REGISTERED, clock="second")
        granted = entry("extended", "2026-12-21T10:00", clock="ends", track="poc", allowance=1)

        assert read_clock(clock, deal(breach), at=FAR).started_at == prague(REGISTERED)
        assert read_clock(clock, deal(other), at=FAR).state is ClockState.NOT_STARTED
        assert read_clock(clock, deal(breach, granted), at=FAR).state is ClockState.MET

    def test_its_own_extension(self) -> None:
        """A clock may listen to itself: an extension here starts it anew."""
        clock = compiled(restart=["extended('answer')"], extensions={})
        record = deal(opened(REGISTERED), extended("2026-12-22T10:00", 3))

        assert read_clock(clock, record, at=FAR).started_at == prague("2026-12-22T10:00")

    def test_several_things_at_one_event(self) -> None:
        """Of one event what ends comes before what starts."""
        clock = compiled(
            start=["moved('again')"], stop=["entered('registered')", "left('registered')"]
        )
        record = deal(
            moved(REGISTERED, "x", trigger="again"),
            moved("2026-12-21T10:00", "registered", trigger="again", source="x"),
        )

        assert read_clock(clock, record, at=FAR).started_at == prague("2026-12-21T10:00")


class TestSteps:
    """Steps that are placed from the start."""

    def test_after_the_start(self) -> None:
        """MS-7: the second touch is planned three weeks after the start."""
        clock = compiled(
            allowance=10, steps=[{"id": "soon", "after": 2}, {"id": "later", "after": "days"}]
        )
        due = steps_due(clock, deal(opened(REGISTERED)), at=FAR)

        assert [(each.step, str(each.at.date())) for each in due] == [
            ("soon", "2026-12-22"),
            ("later", "2026-12-29"),
            (None, "2027-01-06"),
        ]

    def test_a_clock_that_only_measures_has_steps_too(self) -> None:
        """Placed from the start, they need no end."""
        clock = compiled(allowance=None, ends="day", steps=[{"id": "soon", "after": 2}])

        assert [each.step for each in steps_due(clock, deal(opened(REGISTERED)), at=FAR)] == [
            "soon"
        ]

    def test_an_offset_as_a_parameter(self) -> None:
        """A number of days before the end may be a parameter."""
        with pytest.raises(CalendarError, match="as its allowance"):
            compiled(allowance="share")
        clock = compiled(steps=[{"id": "after", "offset": "days"}])

        assert [each.step for each in steps_due(clock, deal(opened(REGISTERED)), at=FAR)] == [
            None,
            "after",
        ]
