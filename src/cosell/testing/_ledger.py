"""Contract: the ledger only ever gains entries, each once, and a refused commit leaves no trace."""

from __future__ import annotations

from datetime import timedelta, timezone
from typing import Final

from cosell.events import EntryKind
from cosell.stores import EntryExistsError
from cosell.testing._kit import Contract, refused, same
from cosell.testing._samples import HOUR, NOON, a_commit, an_entry

__all__ = ["LedgerContract"]

_EXACT: Final = (
    "0.10 USD",
    "0.1000 USD",
    "-123456789012345.6789 EUR",
    "0 JPY",
    "0.0001 KWD",
    "999999999999999.9999 USD",
)


class LedgerContract(Contract):
    """The ledger."""

    def test_entries_come_in_the_order_they_were_written(self) -> None:
        """Neither id nor date decides."""
        first, second = an_entry("z", at=NOON + HOUR), an_entry("a", at=NOON)
        third = an_entry("m", at=NOON - HOUR)
        self.store.commit(a_commit(entries=(first, second)))
        self.store.commit(a_commit(expected=1, entries=(third,)))
        same(list(self.store.entries()), [first, second, third])

    def test_an_entry_comes_back_with_all_it_says(self) -> None:
        """Every field, and the offset of its moment."""
        entry = an_entry(
            "e",
            kind=EntryKind.CLAWED_BACK,
            amount="-1 USD",
            at=NOON.astimezone(timezone(timedelta(hours=5, minutes=45))),
            occasion="year 2 — ž",
            cause="refund\n'7'",
            reason="Customer left; \U0001f91d",
        )
        self.store.commit(a_commit(entries=(entry,)))
        (found,) = self.store.entries()
        same(found, entry)
        same(found.at.isoformat(), entry.at.isoformat())

    def test_amounts_are_exact_to_the_last_place(self) -> None:
        """No amount goes through a float, and its places are kept."""
        entries = tuple(an_entry(f"e-{n}", amount=text) for n, text in enumerate(_EXACT))
        self.store.commit(a_commit(entries=entries))
        found = [f"{e.amount.amount} {e.amount.currency}" for e in self.store.entries()]
        same(found, list(_EXACT))

    def test_entries_are_found_by_payee_and_record(self) -> None:
        """Each narrows the list; ``None`` is any."""
        a, b = an_entry("a"), an_entry("b", payee="other")
        c = an_entry("c", record_id="r-2")
        self.store.commit(a_commit(entries=(a, b)))
        self.store.commit(a_commit("r-2", entries=(c,)))
        entries = self.store.entries
        same(list(entries(payee="acme")), [a, c])
        same(list(entries(record_id="r-1")), [a, b])
        same(list(entries(payee="acme", record_id="r-2")), [c])
        same(list(entries(payee="nobody")), [])

    def test_a_second_entry_is_refused_and_all_that_came_with_it(self) -> None:
        """Of the whole commit nothing is written: not a row, claim, key, date or effect."""
        self.store.commit(a_commit(claims=["held"], entries=(an_entry("e"),), next_at=NOON))
        before = self._state()
        with refused(EntryExistsError("e")):
            self.store.commit(
                a_commit(
                    expected=1,
                    events=2,
                    effects=2,
                    claims=["wanted"],
                    releases=("held",),
                    record={"stage": "closed_won", "ended": True},
                    entries=(an_entry("new"), an_entry("e", amount="1 USD")),
                    next_at=NOON - HOUR,
                    key="k",
                )
            )
        same(self._state(), before)

    def test_an_entry_twice_in_one_commit_is_refused(self) -> None:
        """The first of the two is not written either."""
        with refused(EntryExistsError("e")):
            self.store.commit(a_commit(effects=1, entries=(an_entry("e"), an_entry("e"))))
        same(list(self.store.ids(limit=9)), [])
        same(list(self.store.entries()), [])
        self.store.commit(a_commit(entries=(an_entry("e"),)))

    def test_an_entry_of_another_record_counts_too(self) -> None:
        """An entry's id is taken for the whole ledger."""
        self.store.commit(a_commit(entries=(an_entry("e"),)))
        with refused(EntryExistsError("e")):
            self.store.commit(a_commit("r-2", entries=(an_entry("e", record_id="r-2"),)))

    def _state(self) -> list[object]:
        store = self.store
        return [
            store.load("r-1"),
            list(store.history("r-1")),
            store.kept("r-1", "acme", "k"),
            store.holder("held"),
            store.holder("wanted"),
            list(store.entries()),
            list(store.due(NOON - HOUR, 9)),
            list(store.due(NOON, 9)),
            list(store.ids(limit=9, open_only=True)),
            list(store.lease(9, until=NOON, at=NOON)),
        ]
