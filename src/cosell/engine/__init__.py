"""The engine: bind a process, decide, apply, settle. Pure functions over frozen records."""

from __future__ import annotations

from cosell.engine.apply import apply
from cosell.engine.approvals import ApprovalState, ApprovalStep, preview_approvals
from cosell.engine.automatic import AUTOMATIC
from cosell.engine.binding import bind
from cosell.engine.bound import Bound, WrongProcessError
from cosell.engine.decide import decide
from cosell.engine.decision import Decision, Outcome, TransitionRefusedError
from cosell.engine.deputies import Deputyship, acting_for
from cosell.engine.dry_run import MigrationPreview, NewFinding, preview_migration
from cosell.engine.edit import change
from cosell.engine.enter import adopt, open_record
from cosell.engine.fold import BrokenHistoryError, fold
from cosell.engine.merge import merge_away, merge_into
from cosell.engine.migrate import NO_STAGES, migrate
from cosell.engine.options import Field, Option, options
from cosell.engine.past import PastMove
from cosell.engine.path import Path, PathStep, path
from cosell.engine.question import NO_DATA
from cosell.engine.recalculate import Recalculation, Shift, recalculate
from cosell.engine.scoring import ElementScore, Score, score_of
from cosell.engine.seal import BrokenSealError, seal, verify_seals
from cosell.engine.settle import CLOCK, next_due_at, read_clocks, settle
from cosell.engine.stage_time import StageTime, time_in_stage
from cosell.engine.taking import Applied
from cosell.engine.timing import extend, pause, resume
from cosell.engine.views import HIDDEN, View, view
from cosell.engine.wanted import keys_wanted

__all__ = [
    "AUTOMATIC",
    "CLOCK",
    "HIDDEN",
    "NO_DATA",
    "NO_STAGES",
    "Applied",
    "ApprovalState",
    "ApprovalStep",
    "Bound",
    "BrokenHistoryError",
    "BrokenSealError",
    "Decision",
    "Deputyship",
    "ElementScore",
    "Field",
    "MigrationPreview",
    "NewFinding",
    "Option",
    "Outcome",
    "PastMove",
    "Path",
    "PathStep",
    "Recalculation",
    "Score",
    "Shift",
    "StageTime",
    "TransitionRefusedError",
    "View",
    "WrongProcessError",
    "acting_for",
    "adopt",
    "apply",
    "bind",
    "change",
    "decide",
    "extend",
    "fold",
    "keys_wanted",
    "merge_away",
    "merge_into",
    "migrate",
    "next_due_at",
    "open_record",
    "options",
    "path",
    "pause",
    "preview_approvals",
    "preview_migration",
    "read_clocks",
    "recalculate",
    "resume",
    "score_of",
    "seal",
    "settle",
    "time_in_stage",
    "verify_seals",
    "view",
]
