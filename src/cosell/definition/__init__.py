"""Definitions: what a process, a clock and a fee plan may contain, and how they are read."""

from __future__ import annotations

from cosell.definition.access import Edit, ViewRow
from cosell.definition.approval import ApprovalChain, ApprovalRow
from cosell.definition.asked import criteria_of
from cosell.definition.effect import PlannedEffect
from cosell.definition.fee_plan import FeePlan, parse_fee_plan
from cosell.definition.line import (
    Gate,
    Input,
    Line,
    Lock,
    Override,
    SetValue,
    Stage,
    StageKind,
    Transition,
    Written,
)
from cosell.definition.load import parse_process
from cosell.definition.merge import Merge
from cosell.definition.method import Element, Method, MethodAsked
from cosell.definition.process import CLOCK_ROLE, Process, Track
from cosell.definition.words import (
    Translation,
    Words,
    in_language,
    parse_translation,
    translated,
    untranslated,
)
from cosell.definition.writing import text_of

__all__ = [
    "CLOCK_ROLE",
    "ApprovalChain",
    "ApprovalRow",
    "Edit",
    "Element",
    "FeePlan",
    "Gate",
    "Input",
    "Line",
    "Lock",
    "Merge",
    "Method",
    "MethodAsked",
    "Override",
    "PlannedEffect",
    "Process",
    "SetValue",
    "Stage",
    "StageKind",
    "Track",
    "Transition",
    "Translation",
    "ViewRow",
    "Words",
    "Written",
    "criteria_of",
    "in_language",
    "parse_fee_plan",
    "parse_process",
    "parse_translation",
    "text_of",
    "translated",
    "untranslated",
]
