"""One definition of every clock that the rule sheets name, in one process."""

from __future__ import annotations

from datetime import date
from typing import Any

from clock_samples import PRAGUE, SOMEBODY, Poc, prague
from cosell._base import Instant, Text
from cosell.clocks import CompiledClock, Reading, read_clock
from cosell.definition import parse_process
from cosell.engine import Bound, bind
from cosell.events import EventKind, TrailEntry
from cosell.models.record import Record

#: Which rules each clock implements is said by its ``cites``.
TEXT = """
id = "sheets"
version = 1
record = "SheetDeal"
zone = "UTC"
calendars = ["vendor"]
initial = "draft"
roles = { partner = "Partner", manager = "Manager" }
effects = { tell_partner = "Tell the partner", tell_customer = "Tell the customer", hide = "Hide" }

[parameters]
answer_days = 5
poc_days_usual = 14
poc_days_most = 28
protection_days = 90
protection_length = "6 months"
reschedules_most = 2
touches_least = 10

[facts]
paid_at = "instant"

[[stages]]
id = "draft"

[[stages]]
id = "submitted"

[[stages]]
id = "approved"

[[stages]]
id = "reviewing"

[[stages]]
id = "action_required"

[[stages]]
id = "won"
kind = "won"

[[stages]]
id = "lost"
kind = "lost"

[[stages]]
id = "expired"
kind = "closed"

[gates.evidence]
criteria = [{ id = "shown", need = "recorded(evidence)", remedy = "Attach what shows activity." }]

# Answering.

[[clocks]]
id = "answer"
calendar = "vendor"
allowance = "answer_days"
unit = "business_days"
ends = "close"
start = ["entered('submitted')"]
stop = ["moved('approve')", "moved('reject')"]
cites = ["MK-13"]

[[clocks]]
id = "receipt"
allowance = 48
unit = "elapsed_hours"
start = ["entered('submitted')"]
stop = ["moved('approve')", "moved('reject')"]
cites = ["SF-5"]

[[clocks]]
id = "lead"
allowance = 336
unit = "elapsed_hours"
start = ["moved('offer')"]
stop = ["moved('accept')", "moved('decline')"]
cites = ["MS-1", "MS-2", "MS-29"]

[clocks.on_breach]
trigger = "expire"
effects = [
  { kind = "hide" },
  { kind = "tell_partner", to = "partner" },
  { kind = "tell_customer" },
]

# The time of a PoC.

[[clocks]]
id = "poc_time"
allowance = "poc_days_usual"
at_most = "poc_days_most"
unit = "calendar_days"
start = ["poc_started_on"]
stop = ["moved('close_poc')"]
steps = [{ id = "target", at = 1 }]
pauses = { roles = ["manager"] }
extensions = { roles = ["manager"], count = 1, total = 14 }
cites = ["PC-8"]

# Protection.

[[clocks]]
id = "protection"
allowance = "protection_days"
unit = "calendar_days"
start = ["moved('approve')"]
stop = ["moved('win')"]
cancel = ["moved('reject')"]
restart = ["moved('resubmit')"]
on_breach = { trigger = "expire", effects = [{ kind = "tell_partner", to = "partner" }] }
cites = ["SF-10", "SF-11", "BX-5"]

[[clocks.steps]]
id = "two_weeks_before"
offset = -14
effects = [{ kind = "tell_partner", to = "partner" }]

[[clocks.steps]]
id = "week_after"
offset = 7

[clocks.extensions]
roles = ["manager"]
gates = ["evidence"]
count = 2
total = 120
after_expiry = true
counts_from = "end"
cites = ["BX-4", "SF-11"]

[[clocks]]
id = "protection_from_creation"
allowance = "protection_length"
unit = "calendar_days"
start = ["created_at"]
stop = ["moved('win')"]
cites = ["BX-3"]

[[clocks]]
id = "protection_from_submission"
allowance = 30
unit = "calendar_days"
start = ["moved('submit')"]
stop = ["moved('win')"]
cites = ["BX-3"]

[[clocks]]
id = "extension_decision"
calendar = "vendor"
allowance = 3
unit = "business_days"
start = ["moved('request_extension')"]
stop = ["extended('protection')", "moved('deny_extension')"]
cites = ["BX-4"]

[[clocks]]
id = "offered"
calendar = "vendor"
allowance = 10
unit = "business_days"
start = ["moved('assign')"]
stop = ["moved('accept')"]
restart = ["moved('redistribute')"]
extensions = { roles = ["manager"], counts_from = "grant", after_expiry = true }
cites = ["SF-20"]

# Registering a won deal.

[[clocks]]
id = "register"
allowance = 30
unit = "calendar_days"
start = ["won_at"]
stop = ["moved('register')"]
cites = ["MS-14"]

[[clocks]]
id = "signed_lately"
allowance = 60
unit = "calendar_days"
start = ["signed_on"]
stop = ["moved('register')"]
cites = ["MS-33"]

[[clocks]]
id = "started_lately"
allowance = 90
unit = "calendar_days"
start = ["contract_starts_on"]
stop = ["moved('register')"]
cites = ["MS-33"]

[[clocks]]
id = "too_soon"
kind = "hold"
allowance = 72
unit = "elapsed_hours"
start = ["created_at"]
stop = ["moved('win')"]
cites = ["MS-34"]

[[clocks]]
id = "review"
calendar = "vendor"
unit = "business_hours"
start = ["entered('reviewing')"]
stop = ["moved('approve')", "moved('reject')"]
pause_while = ["action_required"]
cites = ["MS-35"]

[[clocks]]
id = "exception"
allowance = 60
unit = "calendar_days"
start = ["moved('register')"]
stop = ["moved('request_exception')"]
cites = ["MS-36"]

[[clocks]]
id = "exception_decision"
calendar = "vendor"
allowance = 14
unit = "business_days"
start = ["moved('request_exception')"]
stop = ["moved('decide')"]
cites = ["MS-36"]

# Rhythms.

[[clocks]]
id = "nurture"
allowance = 56
unit = "calendar_days"
start = ["moved('accept')"]
stop = ["moved('progress')"]
on_breach = { trigger = "lose" }
cites = ["MS-7"]

[clocks.cadence]
touches = ["moved('touch')"]
least = 3
span_least = 42

[[clocks]]
id = "outreach"
allowance = 28
unit = "calendar_days"
start = ["touched_at"]
stop = ["moved('progress')"]
cites = ["MK-38"]

[clocks.cadence]
touches = ["touched_at"]
least = "touches_least"
most = 15
gap_least = 1
gap_most = 4
span_least = 14
effects = [{ kind = "tell_partner", to = "partner" }]

[[clocks]]
id = "monthly_review"
allowance = "1 month"
unit = "calendar_days"
start = ["moved('approve')"]
stop = ["moved('look')"]
cancel = ["entered('won')", "entered('lost')"]
repeats = "from_end"
cites = ["MS-20"]

[[clocks]]
id = "feedback"
allowance = 14
unit = "calendar_days"
start = ["moved('approve')"]
stop = ["moved('give_feedback')"]
cancel = ["entered('won')", "entered('lost')"]
repeats = "from_answer"
steps = [{ id = "ask", offset = -7 }]
cites = ["QL-26"]

# Meetings of an evaluation.

[[clocks]]
id = "notice"
kind = "hold"
calendar = "vendor"
allowance = 8
unit = "business_hours"
start = ["moved('invite')"]
restart = ["moved('reschedule')"]
stop = ["meeting_at"]
cites = ["QL-10"]

[[clocks]]
id = "meeting"
allowance = 14
unit = "calendar_days"
start = ["moved('invite')"]
stop = ["moved('meet')"]
extensions = { roles = ["partner"], count = "reschedules_most" }
on_breach = { trigger = "lose" }
cites = ["QL-10"]

# Money and time in a stage.

[[clocks]]
id = "fee_hold"
kind = "hold"
allowance = 60
unit = "calendar_days"
start = ["facts.paid_at"]
cites = ["BX-25"]

[[clocks]]
id = "time_in_review"
calendar = "vendor"
unit = "business_hours"
start = ["entered('reviewing')"]
stop = ["left('reviewing')"]
cites = ["BX-47"]
"""

_MOVES = {
    "submit": "submitted",
    "resubmit": "submitted",
    "approve": "approved",
    "reject": "expired",
    "expire": "expired",
    "review": "reviewing",
    "ask": "action_required",
    "win": "won",
    "lose": "lost",
}
#: Moves that leave the record where it is, in stage ``approved``.
_STAY = (
    "offer",
    "accept",
    "decline",
    "close_poc",
    "request_extension",
    "deny_extension",
    "assign",
    "redistribute",
    "register",
    "request_exception",
    "decide",
    "touch",
    "progress",
    "look",
    "give_feedback",
    "invite",
    "reschedule",
    "meet",
)


class SheetDeal(Record, frozen=True):
    """A record with the moments that the rules speak of."""

    created_at: Instant | None = None
    won_at: Instant | None = None
    signed_on: date | None = None
    contract_starts_on: date | None = None
    poc_started_on: date | None = None
    meeting_at: Instant | None = None
    touched_at: tuple[Instant, ...] = ()
    evidence: Text | None = None
    poc: Poc = Poc()


def _transition(trigger: str, source: str, target: str) -> str:
    return f"""
[[transitions]]
trigger = "{trigger}"
source = "{source}"
target = "{target}"
roles = ["partner", "manager", "clock"]
"""


def process_text() -> str:
    """Return the definition with a transition for every trigger that its clocks name."""
    moves = [_transition(trigger, "*", target) for trigger, target in _MOVES.items()]
    stays = [_transition(trigger, "approved", "approved") for trigger in _STAY]
    return TEXT + "".join(moves + stays)


def sheets(**changes: Any) -> Bound:
    """Return the process bound to the Czech calendar, or as it is told."""
    calendars = {"vendor": PRAGUE}
    return bind(
        parse_process(process_text()), record=SheetDeal, **{"calendars": calendars, **changes}
    )


SHEETS = sheets()


def clock_called(name: str) -> CompiledClock:
    """Return one of the clocks."""
    return SHEETS.clock(name)[1]


def done(at: str, trigger: str, stage: str | None = None, source: str | None = None) -> TrailEntry:
    """Return the line of a move, by the clocks of Prague; its number follows from its moment."""
    return TrailEntry(
        seq=1,
        kind=EventKind.MOVED,
        at=prague(at),
        actor=SOMEBODY,
        trigger=trigger,
        source=source,
        target=stage or _MOVES.get(trigger, "approved"),
    )


def sheet_deal(*entries: TrailEntry, **fields: Any) -> SheetDeal:
    """Return a record with these lines in its trail."""
    trail = tuple(
        entry.model_copy(update={"seq": number}) for number, entry in enumerate(entries, 1)
    )
    return SheetDeal(id="d-1", version=len(trail), trail=trail, **fields)


def reading_of(name: str, record: SheetDeal, at: str, **facts: Any) -> Reading:
    """Return how one of the clocks stands, by the clocks of Prague."""
    return read_clock(clock_called(name), record, at=prague(at), facts=facts or None)
