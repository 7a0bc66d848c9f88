"""The processes that a desk serves, by the reference that records carry.

This module does not know what a store is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from inspect import iscoroutinefunction

from pydantic import ValidationError

from cosell._base import problems_from
from cosell.desk.making import problems_in_making
from cosell.desk.outside import RatesFor
from cosell.engine import Bound
from cosell.errors import (
    CosellError,
    DefinitionError,
    InvalidDataError,
    Problem,
    UnknownNameError,
    WrongKindError,
)
from cosell.events import ProcessRef, Snapshot
from cosell.fees.bound import BoundPlan
from cosell.models.record import Record
from cosell.stores import MemoryStore, SqliteStore
from cosell.stores.formats import Kind, current

__all__ = [
    "AmbiguousProcessError",
    "NoLedgerError",
    "NotServedError",
    "Served",
    "read_record",
    "require_store",
]


class AmbiguousProcessError(CosellError):
    """A desk serves several processes, and a record was opened without naming one.

    Attributes:
        known: The processes it serves.
    """

    code = "process.ambiguous"

    def __init__(self, known: Iterable[str]) -> None:
        self.known = tuple(sorted(known))
        super().__init__(
            problem=f"this desk serves {len(self.known)} processes: {', '.join(self.known)}",
            remedy="Name one: desk.open(..., process='...').",
        )


class NotServedError(UnknownNameError):
    """A stored record follows a version of a process that the desk does not serve.

    Attributes:
        record_id: The record.
    """

    code = "process.not_served"

    def __init__(self, record_id: str, unknown: UnknownNameError) -> None:
        super().__init__(unknown.kind, unknown.name, unknown.known)
        self.record_id = record_id
        self.problem = f"record `{record_id}` follows process `{self.name}`, which is not served"
        self.remedy = (
            f"Give the desk that version beside {', '.join(self.known) or 'none'}: records stay"
            " on the one that they entered until they are migrated."
        )


class NoLedgerError(CosellError):
    """A desk with fee plans was given a store that keeps no fee entries."""

    code = "desk.no_ledger"

    def __init__(self, store: object) -> None:
        super().__init__(
            problem=f"fee plans are given, and `{type(store).__name__}` keeps no fee entries",
            remedy="Give the store the method `entries` of a Ledger, or leave the plans out.",
        )


class NotBoundError(CosellError, TypeError):
    """A desk was given something else than bound processes.

    Attributes:
        given: What it was given.
    """

    code = "process.not_bound"

    def __init__(self, given: object) -> None:
        self.given = type(given).__name__
        super().__init__(
            problem=f"a desk serves bound processes, and was given a `{self.given}`",
            remedy="Bind it first: catalog.load('make').bind(calendars={...}).",
        )


@dataclass(frozen=True)
class Served:
    """Every version of every process that a desk serves, and of every fee plan.

    Attributes:
        by_version: The processes, by id and version.
        plans: The fee plans; the first that is about a record is the program's.
        rates_for: Gives the exchange rates for fees, where a command brings none.
    """

    by_version: dict[tuple[str, int], Bound]
    plans: tuple[BoundPlan, ...] = ()
    rates_for: RatesFor | None = None

    @classmethod
    def of(
        cls,
        bounds: Bound | Iterable[Bound],
        plans: Iterable[BoundPlan] = (),
        rates_for: RatesFor | None = None,
        store: object = None,
    ) -> Served:
        """Return the bound processes by id and version, and the fee plans.

        Raises:
            NoLedgerError: Fee plans are given, and the store keeps no entries.
            NotBoundError: What is given is no bound process.
            DefinitionError: Two definitions are given for one version of a process, or one makes
                records of another that cannot be made so; or a version of a fee plan comes twice.
        """
        by_version: dict[tuple[str, int], Bound] = {}
        problems = []
        for bound in [bounds] if isinstance(bounds, Bound) else bounds:
            if not isinstance(bound, Bound):
                raise NotBoundError(bound)
            known = by_version.setdefault((bound.ref.id, bound.ref.version), bound)
            if known is not bound:
                name = f"{bound.ref.id}@{bound.ref.version}"
                problems.append(Problem(name, "it is given twice", "Give each version once."))
        problems += problems_in_making(by_version.values())
        fees = tuple(plans)
        refs = [plan.ref for plan in fees]
        problems += [
            Problem(ref, "this fee plan is given twice", "Give each version once.")
            for ref in sorted({ref for ref in refs if refs.count(ref) > 1})
        ]
        if problems:
            raise DefinitionError("the desk", problems)
        if fees and store is not None and not hasattr(store, "entries"):
            raise NoLedgerError(store)
        return cls(by_version, fees, rates_for)

    def plans_about(self, record: Record) -> tuple[BoundPlan, ...]:
        """Return the fee plans whose model fits a record."""
        return tuple(plan for plan in self.plans if isinstance(record, plan.model))

    @property
    def has_views(self) -> bool:
        """Whether a record of one of them may not exist for somebody."""
        return any(bound.views for bound in self.by_version.values())

    def newest(self, process_id: str | None) -> Bound:
        """Return the newest version of a process; of the only one if none is named.

        Raises:
            AmbiguousProcessError: None is named, and there are several.
            UnknownNameError: The desk does not serve it.
        """
        ids = {known for known, _ in self.by_version}
        if process_id is None and len(ids) > 1:
            raise AmbiguousProcessError(ids)
        wanted = process_id if process_id is not None else next(iter(ids), "")
        versions = [version for known, version in self.by_version if known == wanted]
        if not versions:
            raise UnknownNameError("process", wanted, ids)
        return self.by_version[wanted, max(versions)]

    def named(self, name: str) -> Bound:
        """Return the very version that ``id@version`` names.

        Raises:
            UnknownNameError: The desk does not serve it.
        """
        known = {f"{bound.ref.id}@{bound.ref.version}": bound for bound in self.by_version.values()}
        if name not in known:
            raise UnknownNameError("process", name, known)
        return known[name]

    def behind(self, ref: ProcessRef) -> Bound:
        """Return the very definition that a record follows.

        Raises:
            UnknownNameError: The desk does not serve that version.
        """
        bound = self.by_version.get((ref.id, ref.version))
        if bound is None:
            known = [f"{known}@{version}" for known, version in self.by_version]
            raise UnknownNameError("process", f"{ref.id}@{ref.version}", known)
        return bound

    def record_in(self, snapshot: Snapshot) -> tuple[Bound, Record]:
        """Return the record of a snapshot, and the process it follows.

        Raises:
            NotServedError: The desk does not serve that version.
            InvalidDataError: What is stored does not fit the model.
        """
        try:
            bound = self.behind(snapshot.process)
        except UnknownNameError as error:
            raise NotServedError(snapshot.id, error) from None
        return bound, read_record(bound, snapshot.id, snapshot.body)


def require_store(store: object, *, awaited: bool) -> None:
    """Raise ``WrongKindError`` unless a desk can keep records in what it is given.

    Args:
        store: What it is given.
        awaited: Whether the desk awaits its store.
    """
    like = "AsyncStoreAdapter(store)" if awaited else 'a store, such as SqliteStore("deals.db")'
    if not (hasattr(store, "load") and hasattr(store, "commit")):
        raise WrongKindError("store", store, like)
    if awaited and isinstance(store, MemoryStore | SqliteStore):
        raise WrongKindError("store", store, f"{like}: this desk awaits its store")
    if not awaited and iscoroutinefunction(store.load):
        raise WrongKindError("store", store, f"{like}, or use an AsyncDesk, which awaits it")


def read_record(bound: Bound, record_id: str, body: str) -> Record:
    """Return a stored record.

    Raises:
        InvalidDataError: What is stored does not fit the model, field by field.
        NewerFormatError: It was written by a newer release.
    """
    try:
        return bound.model.model_validate_json(current(Kind.RECORD, body))
    except ValidationError as error:
        raise InvalidDataError(f"stored record `{record_id}`", problems_from(error)) from None
