"""Where role and gates are all there is to check, every gate is asked and told."""

from __future__ import annotations

from cosell.engine import decide, open_record
from cosell.models import Opportunity
from process_samples import NOON, PARTNER, SELLER, TINY, bound_of

GATES = """
[gates.named]
criteria = [{ id = "named", need = "recorded(name)", remedy = "Name it." }]
[gates.priced]
criteria = [{ id = "priced", need = "recorded(acv)", remedy = "Price it." }]
"""


def test_every_gate_of_a_plain_move_is_told() -> None:
    """The role comes first, then the criteria of each gate in order, met or not."""
    gated = TINY.replace(
        'roles = ["seller"]\n', 'roles = ["seller"]\ngates = ["named", "priced"]\n'
    )
    bound = bound_of(gated + GATES)
    deal = Opportunity(id="o-1", name="Deal")
    record = open_record(bound, deal, actor=SELLER, at=NOON).record

    found = decide(bound, record, "go", actor=SELLER, at=NOON).findings
    other = decide(bound, record, "go", actor=PARTNER, at=NOON).findings

    assert bound.quick
    assert [(it.id, it.verdict.value) for it in found] == [
        ("role", "met"),
        ("named", "met"),
        ("priced", "unmet"),
    ]
    assert [it.verdict.value for it in other] == ["unmet", "met", "unmet"]
