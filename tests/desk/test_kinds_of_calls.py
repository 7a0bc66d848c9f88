"""Whatever a public call is given, it raises nothing but errors of cosell."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, Final

import pytest

import cosell
from cosell import (
    Actor,
    AsyncDesk,
    Calendar,
    CosellError,
    Desk,
    MemoryStore,
    Money,
    Opportunity,
    Rates,
    SqliteStore,
    catalog,
    draw,
    engine,
    fees,
    identity,
    verify,
)
from cosell.errors import WrongKindError
from cosell.errors.kinds import hints_of
from cosell.events import EntryKind
from cosell.models import Customer
from cosell.money import total_of
from cosell.stores import AsyncStoreAdapter
from fee_samples import a_deal

AT: Final = datetime(2026, 11, 20, 9, tzinfo=UTC)
ME: Final = Actor("ae-3", role="ae", party="vendor")
WHO: Final[dict[str, Any]] = {"actor": ME, "at": AT}
MORE: Final[dict[str, Any]] = {**WHO, "facts": {}, "rates": Rates()}
MAKE: Final = catalog.load("make").bind(
    calendars={"vendor": Calendar.from_holidays("CZ", tz="Europe/Prague")}
)
OPENED: Final = cosell.open_record(MAKE, Opportunity(id="o-1"), **WHO)
DEAL: Final = OPENED.record
FRESH: Final = Opportunity(id="o-9")
EXAMPLE: Final = catalog.load_fee_plan("make_example")
PLAN: Final = fees.bind_plan(EXAMPLE)
WON: Final = a_deal()
ASSESSED: Final = fees.assess(PLAN, WON, at=AT)
LEDGER: Final = fees.entries_due(ASSESSED, ())
CUSTOMER: Final = Customer(name="Beta", domain="beta.example")
LOSE: Final = {"closed_reason": "No fit."}

#: Of each public function, a call that is right; every argument of it is then given wrongly.
CALLS: Final[dict[Callable[..., Any], dict[str, Any]]] = {
    cosell.adopt: {"bound": MAKE, "record": FRESH, "stage": "closing", "trail": (), **MORE},
    cosell.apply: {"bound": MAKE, "record": DEAL, "trigger": "lose", "data": LOSE, **MORE},
    cosell.assess: {"plan": PLAN, "deal": WON, "at": AT, "account": fees.EMPTY, "rates": Rates()},
    cosell.bind: {
        "process": MAKE.process,
        "record": Opportunity,
        "calendars": MAKE.calendars,
        "predicates": {},
        "corrections": (),
    },
    cosell.bind_plan: {"plan": EXAMPLE, "record": Opportunity, "predicates": {}},
    cosell.change: {"bound": MAKE, "record": DEAL, "data": {"acv": "1 USD"}, **WHO, "facts": {}},
    cosell.decide: {"bound": MAKE, "record": DEAL, "trigger": "lose", "data": LOSE, **MORE},
    cosell.fold: {"model": Opportunity, "events": OPENED.events, "parts": MAKE.parts},
    cosell.open_record: {"bound": MAKE, "record": FRESH, **WHO},
    cosell.options: {"bound": MAKE, "record": DEAL, "data": {}, "holders": {}, **MORE},
    cosell.path: {"bound": MAKE, "record": DEAL, **MORE},
    cosell.read_clocks: {"bound": MAKE, "record": DEAL, "at": AT, "facts": {}},
    cosell.settle: {"bound": MAKE, "record": DEAL, "at": AT, "facts": {}},
    engine.acting_for: {"deputy": ME, "principal": ME, "deputyships": (), "at": AT},
    engine.extend: {"bound": MAKE, "record": DEAL, "clock": "answer", "units": 1, "reason": "x"}
    | MORE,
    engine.keys_wanted: {"bound": MAKE, "record": DEAL, "triggers": ["lose"], **WHO},
    engine.merge_away: {"bound": MAKE, "duplicate": DEAL, "survivor": DEAL, **MORE},
    engine.merge_into: {"bound": MAKE, "survivor": DEAL, "duplicate": DEAL, "claims": (), **WHO},
    engine.migrate: {"before": MAKE, "after": MAKE, "record": DEAL, "stages": {}, **WHO},
    engine.next_due_at: {"bound": MAKE, "record": DEAL, "at": AT, "facts": {}},
    engine.pause: {"bound": MAKE, "record": DEAL, "clock": "answer", "reason": "x", **WHO},
    engine.preview_approvals: {"bound": MAKE, "record": DEAL, "at": AT, "facts": {}},
    engine.preview_migration: {"before": MAKE, "after": MAKE, "record": DEAL, "stages": {}, **MORE},
    engine.recalculate: {"before": MAKE, "after": MAKE, "record": DEAL, "at": AT},
    engine.resume: {"bound": MAKE, "record": DEAL, "clock": "answer", "reason": "x", **WHO},
    engine.score_of: {"bound": MAKE, "record": DEAL, "method": "meddpicc"},
    engine.seal: {"events": OPENED.events},
    engine.time_in_stage: {
        "bound": MAKE,
        "record": DEAL,
        "stage": "identified",
        "at": AT,
        "unit": "business_days",
        "calendar": "vendor",
        "track": None,
        "pause_while": (),
    },
    engine.verify_seals: {"events": engine.seal(OPENED.events)},
    engine.view: {"bound": MAKE, "record": DEAL, **MORE},
    fees.account_of: {"entries": LEDGER},
    fees.as_survivors: {"ledger": LEDGER, "survivor": "o-1", "duplicates": ["o-2"]},
    fees.differences: {"assessment": ASSESSED, "ledger": LEDGER},
    fees.entries_due: {"assessment": ASSESSED, "ledger": LEDGER},
    fees.entries_of_merge: {"ledger": LEDGER, "survivor": "o-9", "duplicate": "o-1", "at": AT},
    fees.entry_id: {"fee": "f", "kind": EntryKind.PAID, "cause": "wire"},
    fees.fee_id: {"record_id": "o", "plan_id": "p", "activity": "a", "payee": "b"},
    fees.kinds_after: {"history": [EntryKind.EARNED]},
    fees.next_entry: {
        "history": LEDGER[:1],
        "kind": EntryKind.ADJUSTED,
        "amount": Money.parse("1 USD"),
        "at": AT,
        "cause": "x",
        "reason": "y",
    },
    fees.period_of: {"period": EXAMPLE.period, "day": AT.date()},
    fees.plan_for: {"deal": WON, "plans": [PLAN], "at": AT},
    fees.statements_of: {
        "ledger": LEDGER,
        "terms": EXAMPLE.period,
        "on": AT.date(),
        "zone": UTC,
        "previous": (),
    },
    fees.terms_of: {"plan": PLAN, "deal": WON, "at": AT},
    draw.mermaid_of: {"process": MAKE.process},
    draw.mermaid_of_line: {"line": MAKE.process},
    draw.page_of: {"process": MAKE.process},
    identity.customer_key: {"customer": CUSTOMER},
    identity.is_duplicate: {"a": DEAL, "b": DEAL},
    identity.product_overlap: {"a": DEAL, "b": DEAL},
    identity.same_customer: {"a": CUSTOMER, "b": CUSTOMER},
    total_of: {"amounts": [Money.parse("1 USD")]},
    verify.verify_plans: {"plans": [EXAMPLE]},
    verify.verify_process: {"process": MAKE.process},
    Desk: {"processes": [MAKE], "store": MemoryStore(), "fee_plans": [PLAN]},
    AsyncDesk: {"processes": [MAKE], "store": AsyncStoreAdapter(MemoryStore())},
}

KEYED: Final[dict[str, Any]] = {**WHO, "key": "k"}
ENTRY: Final[dict[str, Any]] = {
    **MORE,
    "record_id": "o-1",
    "fee_id": "f",
    "cause": "c",
    "reason": "r",
    "key": "k",
}
SUM: Final = {"amount": Money.parse("1 USD")}
#: The same of each method of a desk, of both kinds.
METHODS: Final[dict[str, dict[str, Any]]] = {
    "account": {"payee": "acme"},
    "adjust": {**ENTRY, **SUM},
    "adopt": {"record": FRESH, "stage": "closing", "process": "make", "trail": (), **MORE},
    "approvals": {"record_id": "o-1", **MORE},
    "assess": {"record_id": "o-1", **MORE},
    "carry_out": {"effect": None, **WHO},
    "change": {"record_id": "o-1", "data": {"acv": "1 USD"}, **KEYED},
    "change_many": {"requests": ["o-1"], "data": {"acv": "1 USD"}, **KEYED},
    "claw_back": {**ENTRY, **SUM},
    "clocks": {"record_id": "o-1", **WHO, "facts": {}},
    "decide": {"record_id": "o-1", "trigger": "lose", "data": LOSE, **MORE},
    "dispute": ENTRY,
    "extend": {"record_id": "o-1", "clock": "answer", "units": 1, "reason": "x", **KEYED},
    "find": {"system": "salesforce", "value": "006", "kind": "deal"},
    "histories": {"record_id": "o-1", "facts": {}},
    "history": {"record_id": "o-1", "after": 0},
    "load": {"record_id": "o-1"},
    "merge": {"survivor": "o-1", "duplicate": "o-2", "data": {}, **KEYED},
    "migrate": {"record_id": "o-1", "to": "make@1", "stages": {}, **KEYED},
    "migrate_many": {"ids": ["o-1"], "to": "make@1", "stages": {}, **KEYED},
    "move": {"record_id": "o-1", "trigger": "lose", "data": LOSE, **MORE, "key": "k"},
    "move_many": {"requests": ["o-1"], "trigger": "lose", "data": LOSE, **KEYED},
    "open": {"record": FRESH, "process": "make", **KEYED},
    "options": {"record_id": "o-1", "data": {}, **MORE},
    "path": {"record_id": "o-1", **MORE},
    "pause": {"record_id": "o-1", "clock": "answer", "reason": "x", **KEYED},
    "preview_migrations": {"ids": ["o-1"], "to": "make@1", "stages": {}, **WHO},
    "recalculate": {"at": AT, "before": (), "only": ["o-1"]},
    "record_payment": {**ENTRY, **SUM},
    "relay": {"outbox": None, "handle": None, **WHO, "until": AT + timedelta(hours=1)},
    "resume": {"record_id": "o-1", "clock": "answer", **KEYED},
    "settle_dispute": ENTRY,
    "settle_fees": {"record_id": "o-1", **MORE, "key": "k"},
    "show": {"record_id": "o-1", **MORE},
    "statements": {"on": date(2026, 1, 1), "payee": "acme", "zone": UTC, "previous": ()},
    "tick": {"at": AT, "facts_for": None, "limit": 5},
    "void": ENTRY,
    "write_entry": {**ENTRY, "kind": EntryKind.PAID},
}
#: A wrong kind for nearly everything.
WRONG: Final = (None, 5, "x", [], {}, object())


def names_of(kind: type) -> set[str]:
    """Return the public methods of a desk."""
    return {name for name, _ in inspect.getmembers(kind, callable) if not name.startswith("_")}


@cache
def a_desk(kind: type) -> Any:
    """Return a desk with one deal, on which nothing that is asked here changes more than it may."""
    store = MemoryStore()
    opened = Desk([MAKE], store, fee_plans=[PLAN])
    opened.open(Opportunity(id="o-1"), **WHO)
    return opened if kind is Desk else AsyncDesk([MAKE], AsyncStoreAdapter(store), fee_plans=[PLAN])


async def waited(asked: Any) -> object:
    """Return what is awaited, or all of what comes one by one."""
    return [each async for each in asked] if isinstance(asked, AsyncIterator) else await asked


def called(kind: type, name: str, given: dict[str, Any]) -> object:
    """Return what a method of a desk comes to."""
    asked = getattr(a_desk(kind), name)(**given)
    if kind is AsyncDesk:
        return asyncio.run(waited(asked))
    return list(asked) if isinstance(asked, Iterator) else asked


def blamed(call: Callable[..., object], given: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each argument whose wrong kind was told of, with what was said; nothing else may be."""
    for argument in given:
        for wrong in WRONG:
            try:
                call(**{**given, argument: wrong})
            except WrongKindError as error:
                yield argument, error.name.partition("[")[0]
            except CosellError:
                pass


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.__name__)
def test_a_wrong_kind_is_told_by_the_argument(call: Callable[..., Any]) -> None:
    """Nothing but an error of cosell comes back, and it names what was wrong (BX-41)."""
    told = list(blamed(call, CALLS[call]))

    assert told
    assert [said for argument, said in told if said != argument] == []


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("kind", [Desk, AsyncDesk])
def test_a_wrong_kind_on_a_desk_is_told_by_the_argument(kind: type, name: str) -> None:
    """A desk of either kind says the same, whether it is called or awaited (BX-41)."""
    told = blamed(lambda **given: called(kind, name, given), METHODS[name])

    assert [said for argument, said in told if said not in METHODS[name]] == []


def test_the_tables_are_whole() -> None:
    """Every function at the top of cosell is tried, and every method of a desk."""
    top = {getattr(cosell, name) for name in cosell.__all__}
    functions = {value for value in top if inspect.isfunction(value)}
    of_definitions = {cosell.parse_process}

    assert functions - of_definitions <= CALLS.keys()
    assert names_of(Desk) == names_of(AsyncDesk) == METHODS.keys()


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.__name__)
def test_the_kinds_can_be_read(call: Callable[..., Any]) -> None:
    """Each annotation means something where the function stands."""
    read = hints_of(inspect.unwrap(call.__init__ if isinstance(call, type) else call))

    assert CALLS[call].keys() <= read.keys()


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("kind", [Desk, AsyncDesk])
def test_the_kinds_of_a_method_can_be_read(kind: type, name: str) -> None:
    """Those that are given by name alone are read from the table of what is asked."""
    read = hints_of(inspect.unwrap(getattr(kind, name)))

    assert "question" in read or METHODS[name].keys() <= read.keys()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        pytest.param(
            lambda: Desk([MAKE], AsyncStoreAdapter(MemoryStore())),  # type: ignore[arg-type]  # the mistake
            "use an AsyncDesk",
            id="a store that is awaited is for the other desk",
        ),
        pytest.param(
            lambda: AsyncDesk([MAKE], MemoryStore()),  # type: ignore[arg-type]  # the mistake
            r"`store` cannot be a MemoryStore. Give it as AsyncStoreAdapter\(store\)",
            id="a store that is not awaited needs an adapter",
        ),
        pytest.param(
            lambda: Desk([MAKE], None),  # type: ignore[arg-type]  # the mistake
            "`store` cannot be None. Give it as a store, such as SqliteStore",
            id="no store",
        ),
        pytest.param(
            lambda: Desk(MemoryStore(), [MAKE]),  # type: ignore[arg-type]  # the mistake
            "`store` cannot be a list",
            id="both swapped",
        ),
        pytest.param(
            lambda: SqliteStore(None),  # type: ignore[arg-type]  # the mistake
            "`path` cannot be None",
            id="no file",
        ),
    ],
)
def test_a_desk_is_made_with_its_own_kind_of_store(make: Callable[[], object], said: str) -> None:
    """What cannot keep its records is refused when it is made, and not at its first command."""
    with pytest.raises(WrongKindError, match=said):
        make()
