"""A process whose paper items run each by itself, beside a track of one part."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any, Final

from cosell.engine import Applied, Bound, apply, change, open_record
from cosell.events import Event
from process_samples import NOON, SELLER, bound_of

HOUR: Final = timedelta(hours=1)

#: A deal is won when all its papers are signed and its review is done (QL-13, QL-15).
PAPERS: Final = """\
id = "papers"
version = 1
record = "Opportunity"
initial = "closing"
roles = { seller = "Seller", partner = "Partner", boss = "Boss" }
effects = { tell = "Tell somebody" }
stages = [
  { id = "closing" },
  { id = "won", kind = "won" },
  { id = "lost", kind = "lost" },
]

[facts]
agreed_at = "instant"

[[gates.ready.criteria]]
id = "some"
need = "count(True for i in paper_items) >= 1"
remedy = "Add the papers."
[[gates.ready.criteria]]
id = "signed"
need = "all(i.stage in {'signed', 'dropped'} for i in paper_items)"
remedy = "Have every paper signed."
cites = ["QL-15"]
[[gates.ready.criteria]]
id = "reviewed"
need = "security_review.stage == 'passed'"
remedy = "Pass the review."

[[transitions]]
trigger = "win"
source = "closing"
target = "won"
roles = ["seller"]
gates = ["ready"]
inputs = [{ path = "paper_items" }]

[[transitions]]
trigger = "lose"
source = "closing"
target = "lost"
roles = ["seller"]

[tracks.paper_items]
label = "Papers"
key = "id"
initial = "not_started"
stages = [
  { id = "not_started" },
  { id = "sent" },
  { id = "signed", kind = "won" },
  { id = "dropped", kind = "lost" },
]

[tracks.paper_items.gates.owned]
criteria = [
  { id = "owned", need = "recorded(owner)", remedy = "Say who owns it." },
  { id = "named", need = "recorded(record.name)", remedy = "Name the deal." },
]

[[tracks.paper_items.transitions]]
trigger = "send"
source = "not_started"
target = "sent"
roles = ["seller"]
gates = ["owned"]
inputs = [{ path = "owner", required = true }, { path = "due_on" }, { path = "record.plan" }]
set = { sent_at = "at" }
effects = [{ kind = "tell", to = "partner", data = ["id", "owner", "record.name"] }]
claims = ["paper:{record.name}:{id}"]
label = "Send it"

[[tracks.paper_items.transitions]]
trigger = "sign"
source = "sent"
target = "signed"
roles = ["partner"]
within = ["signing"]
set = { finished_at = "at" }

[[tracks.paper_items.transitions]]
trigger = "drop"
source = "sent"
target = "dropped"
roles = ["clock", "seller"]

[[tracks.paper_items.transitions]]
trigger = "again"
source = "sent"
target = "not_started"
roles = ["seller"]

[[tracks.paper_items.clocks]]
id = "signing"
label = "Signature"
allowance = 48
unit = "elapsed_hours"
start = ["entered('sent')"]
stop = ["entered('signed')"]
cancel = ["left('sent')"]
pauses = { roles = ["seller"] }
extensions = { roles = ["boss"], total = 100, gates = ["owned"] }
on_breach = { trigger = "drop", effects = [{ kind = "tell", data = ["id"] }] }
[[tracks.paper_items.clocks.steps]]
id = "half"
at = 0.5
effects = [{ kind = "tell", to = "seller", data = ["id", "owner"] }]

[[tracks.paper_items.clocks]]
id = "prepared"
allowance = 10
unit = "elapsed_hours"
start = ["sent_at", "record.accepted_at", "facts.agreed_at"]
pause_while = ["not_started", "security_review.answering"]

[[tracks.paper_items.locks]]
paths = ["document"]
stages = ["sent", "signed"]
except_roles = ["boss"]
remedy = "Take it back first."

[tracks.security_review]
initial = "not_started"
stages = [{ id = "not_started" }, { id = "answering" }, { id = "passed", kind = "won" }]
[[tracks.security_review.transitions]]
trigger = "ask"
source = "not_started"
target = "answering"
roles = ["seller"]
[[tracks.security_review.transitions]]
trigger = "pass"
source = ["not_started", "answering"]
target = "passed"
roles = ["seller"]
"""


@cache
def papers() -> Bound:
    """Return the process, bound once."""
    return bound_of(PAPERS)


class Story:
    """A deal with its events, from the opening on."""

    def __init__(self, *items: str, bound: Bound | None = None, **fields: Any) -> None:
        self.bound = bound or papers()
        content = {"id": "o-1", "name": "Acme", "paper_items": [{"id": each} for each in items]}
        given = self.bound.model.model_validate({**content, **fields})
        opened = open_record(self.bound, given, actor=SELLER, at=NOON)
        self.record: Any = opened.record
        self.events: list[Event] = list(opened.events)

    def took(self, applied: Applied[Any]) -> Applied[Any]:
        """Go on with what a command came to."""
        self.record = applied.record
        self.events += applied.events
        return applied

    def move(self, trigger: str, **question: Any) -> Applied[Any]:
        """Take a transition; a seller asks at noon."""
        asked = {"actor": SELLER, "at": NOON, **question}
        return self.took(apply(self.bound, self.record, trigger, **asked))

    def change(self, data: dict[str, Any], **question: Any) -> Applied[Any]:
        """Edit fields; a seller does at noon."""
        asked = {"actor": SELLER, "at": NOON, **question}
        return self.took(change(self.bound, self.record, data, **asked))

    def stages(self) -> dict[str, str]:
        """Return where each item is."""
        return {item.id: item.stage for item in self.record.paper_items}


def sent(*items: str, **fields: Any) -> Story:
    """Return a deal of which the first item has been sent."""
    story = Story(*items, **fields)
    story.move(f"paper_items[{items[0]}].send", data={"owner": "s-9"})
    return story
