"""The expression language: read, checked, lowered to two values, and run.

This package does not know what a process, a transition or a store is.
"""

from __future__ import annotations

from cosell.rules.check import check
from cosell.rules.compiled import CompiledCondition, CompiledGate, CompiledValue
from cosell.rules.contradiction import never_together
from cosell.rules.criterion import Criterion
from cosell.rules.explain import text_of
from cosell.rules.facts import FACT_TYPES, parse_fact
from cosell.rules.gate import compile_condition, compile_gate, compile_value, problems_in_gate
from cosell.rules.parse import parse
from cosell.rules.prepare import problems_in_scope
from cosell.rules.scope import BusinessCalendar, Scope

__all__ = [
    "FACT_TYPES",
    "BusinessCalendar",
    "CompiledCondition",
    "CompiledGate",
    "CompiledValue",
    "Criterion",
    "Scope",
    "check",
    "compile_condition",
    "compile_gate",
    "compile_value",
    "never_together",
    "parse",
    "parse_fact",
    "problems_in_gate",
    "problems_in_scope",
    "text_of",
]
