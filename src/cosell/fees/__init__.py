"""Fees: is one owed, how much, to whom and why; and the ledger of what became of it."""

from __future__ import annotations

from cosell.fees.account import EMPTY, Account, FeeState, account_of
from cosell.fees.amounts import Computation, Step, StepKind
from cosell.fees.assess import assess
from cosell.fees.assessment import Assessment, FeeLine
from cosell.fees.binding import bind_plan
from cosell.fees.bound import BoundPlan
from cosell.fees.due import Difference, differences, entries_due
from cosell.fees.ledger import FIRST_KINDS, NEXT_KINDS, entry_id, fee_id, kinds_after
from cosell.fees.merged import as_survivors, entries_of_merge
from cosell.fees.periods import FiscalPeriod, period_of
from cosell.fees.statement import (
    Statement,
    StatementGapError,
    StatementLine,
    statement_of,
    statements_of,
)
from cosell.fees.terms import NotInForceError, TermsMismatchError, plan_for, terms_of
from cosell.fees.truths import Reason, Truth, TruthName
from cosell.fees.writing import EntryRefusedError, next_entry, problems_in_ledger

__all__ = [
    "EMPTY",
    "FIRST_KINDS",
    "NEXT_KINDS",
    "Account",
    "Assessment",
    "BoundPlan",
    "Computation",
    "Difference",
    "EntryRefusedError",
    "FeeLine",
    "FeeState",
    "FiscalPeriod",
    "NotInForceError",
    "Reason",
    "Statement",
    "StatementGapError",
    "StatementLine",
    "Step",
    "StepKind",
    "TermsMismatchError",
    "Truth",
    "TruthName",
    "account_of",
    "as_survivors",
    "assess",
    "bind_plan",
    "differences",
    "entries_due",
    "entries_of_merge",
    "entry_id",
    "fee_id",
    "kinds_after",
    "next_entry",
    "period_of",
    "plan_for",
    "problems_in_ledger",
    "statement_of",
    "statements_of",
    "terms_of",
]
