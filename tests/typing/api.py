"""The types of cosell's public surface, pinned: mypy reads this file, nobody runs it.

Each name at the top of cosell is used here as a host would use it. A change that breaks a host's
type check breaks this file first. A line that must *not* pass carries its ignore with a reason,
and mypy reports the ignore once it is no longer needed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, assert_type

from cosell import (
    Actor,
    AsyncDesk,
    Bound,
    Calendar,
    CalendarExhaustedError,
    ClaimedError,
    Contact,
    CosellError,
    Customer,
    Decision,
    DefinitionError,
    Desk,
    EditRefusedError,
    Effect,
    Event,
    FeePlan,
    Finding,
    InvalidDataError,
    KeyReusedError,
    Lead,
    MemoryStore,
    Money,
    Opportunity,
    Outcome,
    Partner,
    Process,
    Rates,
    Reading,
    RecordNotFoundError,
    Severity,
    SqliteStore,
    TransitionRefusedError,
    Verdict,
    VersionConflictError,
    adopt,
    apply,
    assess,
    bind,
    bind_plan,
    catalog,
    change,
    decide,
    fold,
    open_record,
    options,
    parse_process,
    path,
    read_clocks,
    settle,
)
from cosell.calendars import Hours
from cosell.definition import Words, in_language, parse_translation, translated, untranslated
from cosell.desk import Answer, Instead, Merged, Relayed, Ticked
from cosell.engine import (
    Applied,
    Deputyship,
    Option,
    Path,
    Score,
    StageTime,
    View,
    acting_for,
    score_of,
    time_in_stage,
    view,
)
from cosell.errors import Problem
from cosell.events import Entry
from cosell.fees import Account, Assessment, BoundPlan, Statement
from cosell.identity import (
    Duplicate,
    Match,
    customer_key,
    is_duplicate,
    normalise_domain,
    same_customer,
)
from cosell.models import Record


def actors() -> None:
    """Who asks is given by the host; the role is keyword-only."""
    actor = Actor("p-7", role="partner", party="acme")
    assert_type(actor.party, str | None)
    Actor("p-7", "partner")  # type: ignore[call-arg]  # the role has a name
    actor.role = "vendor"  # type: ignore[misc]  # models are frozen


def amounts(acv: Money, rates: Rates) -> None:
    """Amounts are exact, compare in one currency, and split without a remainder."""
    assert_type(acv + Money.parse("1 USD"), Money)
    assert_type(acv > Money(amount=Decimal(50000), currency="USD"), bool)
    assert_type(acv.amount, Decimal)
    assert_type(acv.split([50, Decimal("0.5")]), tuple[Money, ...])
    assert_type(rates.find("EUR", "USD", on=date(2026, 11, 20)), Decimal | None)


def events(event: Event, effect: Effect) -> None:
    """What happened, and what the host should do about it."""
    assert_type(event.at, datetime)
    assert_type(event.changes, Mapping[str, Any])
    assert_type(effect.to, str | None)


def findings(finding: Finding) -> None:
    """A finding says what was found, what is and what would cure it."""
    assert_type(finding.verdict, Verdict)
    assert_type(finding.check.severity, Severity)
    assert_type(finding.is_obstacle, bool)
    assert_type(finding.actual, dict[str, Any])


def models(deal: Opportunity, lead: Lead, customer: Customer, partner: Partner) -> None:
    """What is missing is ``None``; lists, groups and parts are never missing."""
    assert_type(deal.acv, Money | None)
    assert_type(deal.customer, Customer)
    assert_type(deal.stage, str)
    assert_type(lead.value, Money | None)
    assert_type(customer.employees, int | None)
    assert_type(partner.status, Literal["partner", "prospective"] | None)
    assert_type(Contact(first_name="Ada").email, str | None)
    deal.stage = "won"  # type: ignore[misc]  # models are frozen


class HostDeal(Opportunity, frozen=True):
    """A host's own record."""

    region: str | None = None


def definitions(text: str, office: Calendar, hours: Hours) -> Bound:
    """A definition is read, then bound once; the catalog does both for what ships."""
    process = parse_process(text, file="mine.toml")
    assert_type(process, Process)
    assert_type(process.version, int)
    national = Calendar.from_holidays("CZ", tz="Europe/Prague", hours=hours)
    assert_type(national.add(date(2026, 12, 18), 5), date)
    assert_type(catalog.load("make").bind(calendars={"vendor": office}), Bound)
    return bind(process, record=HostDeal, calendars={"vendor": office}, generated=False)


def words(text: str, process: Process, decision: Decision, option: Option) -> Process:
    """Labels and remedies in another language; the process stays the same."""
    czech = translated(process, parse_translation(text, file="mine.cs.toml", format="json"))
    told = Words(czech, language="cs-CZ")
    assert_type(told.label("stage:won"), str)
    assert_type(told.help("stage:won"), str | None)
    assert_type(decision.in_words(told), Decision)
    assert_type(option.in_words(told), Option)
    assert_type(untranslated(czech, "cs"), tuple[str, ...])
    assert_type(process.stage("won").weighted(Money.parse("5 USD")), Money | None)
    return in_language(czech, "cs")


def times(make: Bound, deal: HostDeal, now: datetime) -> StageTime:
    """The time in a stage names its unit; a calendar where that needs one."""
    found = time_in_stage(make, deal, "closing", at=now, unit="business_hours", calendar="vendor")
    assert_type(found.stays, tuple[Reading, ...])
    assert_type(found.explain(), tuple[str, ...])
    return found


def calendars(office: Calendar, text: str, moment: datetime) -> Calendar:
    """Calendars are made, changed and joined; a question about days takes dates and moments."""
    span = (date(2026, 1, 1), date(2026, 12, 31))
    plant = Calendar.from_ical(text, id="plant", tz="Europe/Prague", covers=span)
    changed = office.without([span[0]]).with_open({span[1]: "fair"}, "09:00-12:00")
    assert_type(changed.override(span[1], None, name="closed"), Calendar)
    assert_type(changed.count(span[0], moment), int)
    assert_type(changed.add_hours(moment, timedelta(hours=8)), datetime)
    assert_type(changed.open_between(moment, moment), timedelta)
    assert_type(changed.add_many([span[0], moment], 5), list[date])
    assert_type(changed.count_many([span[0]], span[1]), list[int])
    assert_type(changed.fingerprint, str)
    return changed.all_of(plant, lead="Europe/Prague").any_of(office, lead="UTC", id="all")


def questions(make: Bound, deal: HostDeal, me: Actor, now: datetime, rates: Rates) -> None:
    """Questions change nothing."""
    decision = decide(make, deal, "win", actor=me, at=now, data={"acv": "1 USD"}, rates=rates)
    assert_type(decision, Decision)
    assert_type(decision.outcome, Outcome)
    assert_type(decision.obstacles, tuple[Finding, ...])
    assert_type(options(make, deal, actor=me, at=now), tuple[Option, ...])
    assert_type(path(make, deal, actor=me, at=now), Path)
    readings = read_clocks(make, deal, at=now)
    assert_type(readings, tuple[Reading, ...])
    assert_type(readings[0].due_at, datetime | None)
    decide(make, deal, "win", me, now)  # type: ignore[call-arg]  # who asks and when are named


def commands(make: Bound, deal: HostDeal, me: Actor, now: datetime) -> None:
    """Each gives the record that comes after, of the host's own model."""
    opened = open_record(make, deal, actor=me, at=now)
    assert_type(opened, Applied[HostDeal])
    assert_type(opened.event, Event)
    assert_type(adopt(make, deal, stage="closing", actor=me, at=now).record, HostDeal)
    assert_type(apply(make, deal, "win", actor=me, at=now).record, HostDeal)
    assert_type(change(make, deal, {"region": "north"}, actor=me, at=now).record, HostDeal)
    assert_type(settle(make, deal, at=now).effects, tuple[Effect, ...])
    assert_type(fold(HostDeal, opened.events, parts=make.parts), HostDeal)
    assert_type(fold(make, opened.events), Record)


def desk(make: Bound, deal: Opportunity, me: Actor, now: datetime) -> None:
    """The desk keeps records in a store; each command has one answer."""
    in_memory = Desk([make], MemoryStore())
    in_file = Desk([make], SqliteStore("deals.db"))
    answer = in_file.open(deal, actor=me, at=now, key="form-881")
    assert_type(answer, Answer[Record])
    assert_type(answer.id, str)
    in_file.move(answer.id, "accept_co_selling", actor=me, at=now, data={"owner": "ae-3"}, key="r")
    in_memory.change(answer.id, {"acv": "1 USD"}, actor=me, at=now)
    assert_type(in_memory.options(answer.id, actor=me, at=now), tuple[Option, ...])
    assert_type(in_memory.tick(at=now), Ticked)
    assert_type(in_memory.history(answer.id), Sequence[Event])
    assert_type(in_memory.history(answer.id, actor=me, at=now), Sequence[Event])
    assert_type(in_memory.show(answer.id, actor=me, at=now), dict[str, Any])
    assert_type(in_memory.clocks(answer.id, actor=me, at=now), tuple[Reading, ...])
    assert_type(in_memory.merge("o-1", "o-2", actor=me, at=now), Merged)
    assert_type(in_memory.histories(answer.id), dict[str, Sequence[Event]])


def fees_on_a_desk(make: Bound, plan: BoundPlan, me: Actor, now: datetime) -> None:
    """A desk with fee plans keeps a ledger; what people write is one command by many names."""
    desk = Desk([make], MemoryStore(), fee_plans=[plan], rates_for=lambda _: None)
    paid = desk.record_payment("o-1", "fee", Money.parse("1 USD"), actor=me, at=now, cause="w-1")
    assert_type(paid, Answer[Record])
    assert_type(paid.entries, tuple[Entry, ...])
    assert_type(desk.dispute("o-1", "fee", actor=me, at=now, cause="m", key="k"), Answer[Record])
    assert_type(desk.settle_fees("o-1", actor=me, at=now).fee_problem, str | None)
    assert_type(desk.assess("o-1", at=now), Assessment)
    assert_type(desk.account("acme"), Account)
    assert_type(desk.statements(now.date()), tuple[Statement, ...])


def customers(one: Opportunity, other: Opportunity) -> None:
    """Two customers are compared, and so are two deals."""
    assert_type(normalise_domain("acme.example"), str)
    assert_type(same_customer(one.customer, other.customer), Match)
    assert_type(is_duplicate(one, other), Duplicate)
    assert_type(customer_key(one.customer), str | None)


def scores(make: Bound, deal: Opportunity) -> None:
    """A score is exact, or unknown."""
    score = score_of(make, deal, "meddpicc")
    assert_type(score, Score)
    assert_type(score.exact, Fraction | None)


async def awaited(desk: AsyncDesk, me: Actor, now: datetime) -> None:
    """The awaitable twin takes and gives the same."""
    assert_type(await desk.move("o-1", "win", actor=me, at=now), Answer[Record])
    assert_type(await desk.decide("o-1", "win", actor=me, at=now), Decision)
    assert_type(await desk.find("salesforce", "006"), str | None)
    assert_type(await desk.show("o-1", actor=me, at=now), dict[str, Any])


def views(make: Bound, deal: Opportunity, me: Actor, boss: Actor, now: datetime) -> None:
    """What somebody may see is a view, or nothing; a deputy is an actor."""
    assert_type(view(make, deal, actor=me, at=now), View | None)
    row = Deputyship(deputy=me.id, principal=boss.id, valid_from=now)
    assert_type(acting_for(me, boss, [row], at=now).principal, str)


def between_records(desk: Desk, store: SqliteStore, me: Actor, now: datetime) -> None:
    """Effects are carried out, and records found by their ids elsewhere."""
    assert_type(desk.find("salesforce", "006"), str | None)
    for effect in store.lease(9, until=now, at=now):
        assert_type(desk.carry_out(effect, actor=me, at=now), tuple[Answer[Record], ...])
    assert_type(desk.relay(store, print, actor=me, at=now, until=now), Relayed)
    assert_type(desk.move("o-1", "win", actor=me, at=now).instead, Instead | None)


def fees(plan: FeePlan, deal: Opportunity, now: datetime, rates: Rates) -> None:
    """A plan is bound once; assessing is a question."""
    bound = bind_plan(plan)
    assert_type(bound, BoundPlan)
    assessment = assess(bound, deal, at=now, rates=rates)
    assert_type(assessment, Assessment)
    assert_type(assessment.total("payable"), dict[str, Money])


def errors(
    error: CosellError,
    invalid: DefinitionError | InvalidDataError | EditRefusedError,
    claimed: ClaimedError,
    conflict: VersionConflictError,
    exhausted: CalendarExhaustedError,
    refused: TransitionRefusedError,
    lost: RecordNotFoundError | KeyReusedError,
) -> None:
    """Every error says what is wrong and what to do, and carries its facts."""
    assert_type(error.problem, str)
    assert_type(error.remedy, str)
    assert_type(invalid.problems, tuple[Problem, ...])
    assert_type(claimed.holder, str | None)
    assert_type(conflict.actual, int)
    assert_type(exhausted.covers_until, date)
    assert_type(refused.decision, Decision)
    assert_type(lost.record_id, str)
