"""Judge the truths of one deal: criteria first, then the moment from which they hold.

What a plan asks of every activity is judged once for a deal, whatever number of activities it has.

This module does not know how much a fee is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from cosell.definition.fee_terms import FeeCriterion
from cosell.fees.bound import BoundActivity, BoundCriteria, BoundTruth, BoundWindow
from cosell.fees.merged import merged_away
from cosell.fees.occasions import Occasion
from cosell.fees.question import Question
from cosell.fees.truths import Reason, Truth, TruthName, worst
from cosell.fees.windows import examine_window, said_of_window
from cosell.findings import Check, CheckKind, Finding, Verdict

__all__ = ["Examined", "Shared", "examined", "judge", "shared_findings"]


class Examined(NamedTuple):
    """What was found about some criteria of one truth."""

    findings: tuple[Finding, ...]
    reasons: tuple[Reason, ...]
    verdict: Verdict


class Shared(NamedTuple):
    """What holds for every activity alike: the plan's own criteria, and the moment.

    Attributes:
        truth: Which truth, and what it asks.
        examined: What was found about the plan's own criteria and windows.
        begun: The moment that the plan names.
        since: That moment with the hold, in the plan's zone; ``None`` when it is not known.
    """

    truth: BoundTruth
    examined: Examined
    begun: datetime | None
    since: datetime | None


#: What is found where an activity asks for nothing beside the plan.
_NOTHING: Final = Examined((), (), Verdict.MET)


def shared_findings(question: Question) -> tuple[Shared, ...]:
    """Return what was found about eligible, earned and payable, for every activity alike."""
    return tuple(_shared(question, truth) for truth in question.plan.truths)


def _shared(question: Question, truth: BoundTruth) -> Shared:
    begun = question.value(truth.since)
    since = None if begun is None else _held(begun, truth.hold_days, question.plan.zone)
    found = examined(question, truth.name, truth.shared)
    merged = merged_away(question.deal) if truth.name is TruthName.ELIGIBLE else None
    if merged is not None:
        finding, reason = merged
        found = Examined((finding, *found.findings), (reason, *found.reasons), Verdict.UNMET)
    return Shared(
        truth, _with_windows(question, truth.name, truth.windows, None, found), begun, since
    )


def _held(begun: datetime, hold_days: int, zone: ZoneInfo) -> datetime | None:
    """Return when a hold is over: as its last day begins, by dates in ``zone`` (BX-25)."""
    try:
        local = begun.astimezone(zone)
        if not hold_days:
            return local
        return datetime.combine(local.date() + timedelta(days=hold_days), time.min, tzinfo=zone)
    except OverflowError:
        # The last years that dates can have leave no room for a hold or an offset.
        return None


def examined(
    question: Question, name: TruthName, criteria: BoundCriteria, item: BaseModel | None = None
) -> Examined:
    """Return every finding, and a reason for each that stands in the way."""
    findings = question.findings(criteria.gate, item)
    obstacles = [finding for finding in findings if finding.is_obstacle]
    read = question.deal if item is None else item
    reasons = tuple(
        Reason(name, finding, _said(criteria.criteria[finding.id], finding, read))
        for finding in obstacles
    )
    return Examined(findings, reasons, worst(finding.verdict for finding in obstacles))


def _with_windows(
    question: Question,
    name: TruthName,
    windows: Sequence[BoundWindow],
    item: BaseModel | None,
    before: Examined,
) -> Examined:
    """Return what was found, with what was found about windows behind it."""
    if not windows:
        return before
    found = [(bound, examine_window(question, bound, item)) for bound in windows]
    obstacles = [(bound, finding) for bound, finding in found if finding.is_obstacle]
    return Examined(
        before.findings + tuple(finding for _, finding in found),
        before.reasons
        + tuple(
            Reason(name, finding, said_of_window(bound, finding)) for bound, finding in obstacles
        ),
        worst([before.verdict, *(finding.verdict for _, finding in obstacles)]),
    )


def _said(criterion: FeeCriterion, finding: Finding, deal: BaseModel) -> str:
    """Return in words why a criterion is not met, naming what is missing."""
    details = list(_details(criterion, deal))
    if finding.error is not None:
        details.append(finding.error)
    if finding.verdict is Verdict.UNMET:
        said = criterion.reason
    else:
        said = f"not known: {criterion.label or criterion.id}"
        details = details or [f"{path} is not recorded" for path in _missing(finding, deal)]
    return f"{said}: {', '.join(details)}" if details else said


def _missing(finding: Finding, deal: BaseModel) -> Iterator[str]:
    """Yield the fields that a finding read and that are missing.

    A derived field is worked out, not recorded: its name would tell nobody what to record.
    """
    fields = type(deal).model_fields
    for path, value in finding.actual.items():
        if value is None and path.partition(".")[0] in fields:
            yield path


def _details(criterion: FeeCriterion, deal: BaseModel) -> Iterator[str]:
    """Yield what the items of the criterion's list say, each behind its name."""
    if criterion.details is None:
        return
    try:
        items = [(str(item.what), str(item)) for item in getattr(deal, criterion.details)]
    except Exception as error:  # noqa: BLE001 - a host's derived field can raise anything
        yield f"`{criterion.details}` cannot be read ({type(error).__name__})"
        return
    for what, said in items:
        if what in criterion.names:
            yield f"{criterion.names[what]} {said}"


def judge(
    question: Question, shared: Iterable[Shared], activity: BoundActivity, occasion: Occasion
) -> tuple[Truth, Truth, Truth]:
    """Return whether a fee is eligible, earned and payable for one occasion of an activity."""
    eligible, earned, payable = shared
    first = _truth(question, eligible, activity, occasion, None)
    second = _truth(question, earned, activity, occasion, first)
    return first, second, _truth(question, payable, activity, occasion, second)


def _truth(
    question: Question,
    shared: Shared,
    activity: BoundActivity,
    occasion: Occasion,
    before: Truth | None,
) -> Truth:
    """Return one truth, from what was found about its criteria, its moment, and the one before."""
    name = shared.truth.name
    own = _own(question, name, activity, occasion)
    findings = shared.examined.findings + own.findings
    reasons = shared.examined.reasons + own.reasons
    verdicts = [shared.examined.verdict, own.verdict]
    since = None
    # The moment is asked about only where nothing but time is lacking: else it adds no reason.
    if not reasons and (before is None or before.since is not None):
        since = _latest(_since(question, shared, occasion), before)
        if since is None or since > question.at or shared.truth.hold_days:
            finding = _moment(question, shared, since)
            findings = (*findings, finding)
            verdicts.append(finding.verdict)
            if finding.is_obstacle and (before is None or since != before.since):
                reasons = (Reason(name, finding, _said_of_moment(name, since)),)
    if before is None:
        return Truth(name, worst(verdicts), since, findings, reasons)
    verdicts.append(before.verdict)
    return Truth(name, worst(verdicts), since, findings, before.reasons + reasons)


def _own(
    question: Question, name: TruthName, activity: BoundActivity, occasion: Occasion
) -> Examined:
    """Return what was found about the activity's own criteria and windows."""
    if occasion.problem is not None:
        return _not_come(occasion.problem) if name is TruthName.EARNED else _NOTHING
    criteria, item = activity.own.get(name), occasion.judged
    own = _NOTHING if criteria is None else examined(question, name, criteria, item)
    return _with_windows(question, name, activity.windows[name], item, own)


def _not_come(problem: tuple[str, str]) -> Examined:
    """Return that an occasion cannot be judged, and what would cure it."""
    said, remedy = problem
    finding = Finding(_OCCASION, Verdict.UNKNOWN, own_remedy=remedy)
    return Examined((finding,), (Reason(TruthName.EARNED, finding, said),), Verdict.UNKNOWN)


_OCCASION: Final = Check(
    id="occasion",
    kind=CheckKind.INPUT,
    needed="what the fee is for is recorded",
    remedy="Record it.",
    gate=TruthName.EARNED.value,
    label="what the fee is for",
)


def _since(question: Question, shared: Shared, occasion: Occasion) -> datetime | None:
    """Return the moment of a truth: of what is earned and paid, not before its occasion."""
    if occasion.at is None or shared.begun is None or shared.truth.name is TruthName.ELIGIBLE:
        return shared.since
    begun = max(shared.begun, occasion.at)
    return _held(begun, shared.truth.hold_days, question.plan.zone)


def _latest(since: datetime | None, before: Truth | None) -> datetime | None:
    """Return the moment from which a truth holds: never before that of the one it needs."""
    if since is None or before is None or before.since is None:
        return since
    return max(since, before.since)


def _moment(question: Question, shared: Shared, since: datetime | None) -> Finding:
    """Return whether the moment has come from which a truth holds."""
    check, values = shared.truth.moment, (shared.begun,)
    if since is None:
        remedy = None if shared.begun is None else "Correct the year."
        return Finding(check, Verdict.UNKNOWN, values, own_remedy=remedy)
    if since <= question.at:
        return Finding(check, Verdict.MET, values)
    return Finding(check, Verdict.UNMET, values, own_remedy="Wait until that day.")


def _said_of_moment(name: TruthName, since: datetime | None) -> str:
    """Return in words that the moment is still to come, or is not known."""
    if since is None:
        return f"not known: since when it is {name}"
    return f"not {name} before {since.date()}"
