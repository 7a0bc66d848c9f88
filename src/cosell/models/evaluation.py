"""The evaluation before a purchase: what is agreed, tested, asked for more, and found on the way.

It is what the qualification-led process asks between scope and signature; a PoC with a document
of its own is ``Poc``.

This module does not know which stage asks for what.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Literal

from cosell._base import Id, Instant, LongText, Model, Name, Text
from cosell.errors.kinds import tells_kinds
from cosell.models._kleene import all_of
from cosell.models.poc_items import CriterionResult, SuccessCriterion

__all__ = [
    "Ask",
    "Evaluation",
    "EvaluationEvent",
    "EvaluationIssue",
    "GoNoGo",
    "Reschedule",
    "asked_by_several",
]


class GoNoGo(Model, frozen=True):
    """The meeting with the buyer that ends the scope (QL-6, QL-7).

    Attributes:
        held_at: When it was held.
        sponsored_by_champion: Whether the champion sponsored it.
        presented_by_champion: Whether the champion presented.
        installation_path_sure: Whether the path of the installation is sure.
        performance_tests_sure: Whether the performance tests are.
        success_metrics_sure: Whether the success metrics are.
        pains_played_back: Whether the pains were played back to the buyer.
        costs_played_back: Whether their cost to the business was.
        terms_agreed: Whether the buyer agrees to the terms of the evaluation.
        purchase_due_on: Day by which the buyer purchases if the metrics are hit.
        debriefed_at: When a No-Go was talked over with the champion.
        missing: What was missing for a Go.
    """

    held_at: Instant | None = None
    sponsored_by_champion: bool | None = None
    presented_by_champion: bool | None = None
    installation_path_sure: bool | None = None
    performance_tests_sure: bool | None = None
    success_metrics_sure: bool | None = None
    pains_played_back: bool | None = None
    costs_played_back: bool | None = None
    terms_agreed: bool | None = None
    purchase_due_on: date | None = None
    debriefed_at: Instant | None = None
    missing: LongText | None = None


class EvaluationEvent(Model, frozen=True):
    """A meeting of the evaluation, with its invitation (QL-10).

    Attributes:
        id: Its id.
        name: What it is for.
        planned_at: When it is to take place.
        invited_at: When the invitation went out.
        held_at: When it was held.
    """

    id: Id
    name: Text | None = None
    planned_at: Instant | None = None
    invited_at: Instant | None = None
    held_at: Instant | None = None

    @property
    def invited_in_advance(self) -> bool | None:
        """Whether the invitation went out before it; missing while either is not recorded."""
        if self.planned_at is None or self.invited_at is None:
            return None
        return self.invited_at < self.planned_at


class Reschedule(Model, frozen=True):
    """That a meeting was put off (QL-10).

    Attributes:
        event: Id of the meeting.
        at: When it was put off.
        by: Id of the actor who recorded it.
        last_minute: Whether it was at the last minute.
        reason: Why.
    """

    event: Id
    at: Instant | None = None
    by: Id | None = None
    last_minute: bool | None = None
    reason: LongText | None = None


class Ask(Model, frozen=True):
    """Something new that is asked for after the freeze, and what is given for it (QL-11).

    Attributes:
        id: Its id, which success criteria name as their ``request``.
        text: What is asked for.
        asked_at: When.
        by: Id of the actor who recorded it.
        kind: What is given in return: price, public mention, signing date, something else.
        in_return: The give, in words.
    """

    id: Id
    text: LongText
    asked_at: Instant | None = None
    by: Id | None = None
    kind: Literal["price", "public_mention", "signing_date", "other"] | None = None
    in_return: LongText | None = None


class EvaluationIssue(Model, frozen=True):
    """A bug, a gap or a request that the evaluation brought up (QL-12).

    Attributes:
        id: Its id.
        kind: Which of them.
        text: What.
        tag: By what the same one is found with other prospects.
        on_road_map: Whether it is in line with the road map: those come first.
        found_at: When.
    """

    id: Id
    kind: Literal["bug", "feature_gap", "request"]
    text: LongText
    tag: Name | None = None
    on_road_map: bool | None = None
    found_at: Instant | None = None


class Evaluation(Model, frozen=True):
    """What is tested between scope and purchase (QL-9 to QL-13).

    Attributes:
        ready_to_install: Whether the prospect is ready to install and test (QL-22).
        champion_aligned: Whether the champion is aligned (QL-9).
        team_aligned: Whether the team is (QL-9).
        buyer_aligned: Whether the buyer is (QL-9).
        events: Its meetings, with invitations (QL-10).
        reschedules: Meetings that were put off (QL-10).
        success_criteria: What is to be shown; frozen by the mutual agreement (QL-11).
        results: What became of them, with evidence (QL-9).
        frozen_at: When both sides froze the requirements (QL-11).
        asks: What was asked for after that, and what is given for it (QL-11).
        issues: Bugs, gaps and requests that came up (QL-12).
        technical_promise_kept: Whether the product did what was promised, technically (QL-9).
        business_promise_kept: Whether it did for the business (QL-9).
        metrics_reachable: Whether the technical metrics look reachable (QL-13).
        paper_permission_at: When the buyer permitted to start the paper process (QL-13).
        deck_ready_at: When the deck with the test results was ready (QL-13).
        purchase_approved_at: When the purchase was approved (QL-14).
        after_care: How a prospect that does not convert goes on (QL-19).
    """

    ready_to_install: bool | None = None
    champion_aligned: bool | None = None
    team_aligned: bool | None = None
    buyer_aligned: bool | None = None
    events: tuple[EvaluationEvent, ...] = ()
    reschedules: tuple[Reschedule, ...] = ()
    success_criteria: tuple[SuccessCriterion, ...] = ()
    results: tuple[CriterionResult, ...] = ()
    frozen_at: Instant | None = None
    asks: tuple[Ask, ...] = ()
    issues: tuple[EvaluationIssue, ...] = ()
    technical_promise_kept: bool | None = None
    business_promise_kept: bool | None = None
    metrics_reachable: bool | None = None
    paper_permission_at: Instant | None = None
    deck_ready_at: Instant | None = None
    purchase_approved_at: Instant | None = None
    after_care: Literal["uninstalled", "free_tier"] | None = None

    @property
    def last_minute_reschedules(self) -> int:
        """How often a meeting was put off at the last minute (QL-10)."""
        return sum(bool(each.last_minute) for each in self.reschedules)

    @property
    def all_criteria_reached(self) -> bool | None:
        """Whether there are success criteria and each is reached, with evidence (QL-9)."""
        if not self.success_criteria:
            return None
        reached = {result.criterion: result.reached for result in self.results}
        return all_of(reached.get(criterion.id) for criterion in self.success_criteria)

    @property
    def issues_in_order(self) -> tuple[EvaluationIssue, ...]:
        """Issues in the order of work: those in line with the road map come first (QL-12)."""
        return tuple(sorted(self.issues, key=lambda issue: not issue.on_road_map))

    @property
    def newest_criterion_is_given_for(self) -> bool | None:
        """Whether something is given for the criterion that was added last (QL-11)."""
        gives = {ask.id: ask.in_return is not None for ask in self.asks}
        newest = self.success_criteria[-1:]
        return None if not newest else gives.get(newest[0].request or "", False)


@tells_kinds
def asked_by_several(
    evaluations: Iterable[tuple[str, Evaluation]], *, least: int = 2
) -> dict[str, tuple[str, ...]]:
    """Return what several prospects ask for: worth considering (QL-12).

    Args:
        evaluations: The id of each deal, with its evaluation.
        least: How many prospects have to ask for the same.

    Returns:
        The ids of the deals by tag, for each tag that enough deals have; sorted.

    Source:
        QL-12.

    Example:
        >>> gap = EvaluationIssue(id="i", kind="feature_gap", text="No SSO.", tag="sso")
        >>> asking = Evaluation(issues=(gap,))
        >>> asked_by_several([("o-1", asking), ("o-2", asking), ("o-3", Evaluation())])
        {'sso': ('o-1', 'o-2')}
    """
    by_tag: dict[str, set[str]] = defaultdict(set)
    for deal_id, evaluation in evaluations:
        for issue in evaluation.issues:
            if issue.tag is not None:
                by_tag[issue.tag].add(deal_id)
    return {tag: tuple(sorted(ids)) for tag, ids in sorted(by_tag.items()) if len(ids) >= least}
