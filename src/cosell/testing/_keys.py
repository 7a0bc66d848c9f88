"""Contract: a command is carried out once under its key, and a claim has one holder."""

from __future__ import annotations

from typing import Final

from cosell.errors import ClaimedError, VersionConflictError
from cosell.events import Claim, Kept
from cosell.stores import KeyKeptError
from cosell.testing._kit import Contract, refused, same
from cosell.testing._samples import a_commit

__all__ = ["ClaimContract", "KeyContract"]

#: Texts that some database takes for each other.
_ALIKE: Final = ("key", "KEY", "key ", " key", "ke\u0301y", "k\u00e9y", "\uff4bey", "ke\u200by")


class KeyContract(Contract):
    """Idempotency keys, each scoped to a record and a party."""

    def test_the_answer_is_kept_under_its_key(self) -> None:
        """Command digest and answer come back, and stay when the record goes on."""
        self.store.commit(a_commit(key="k"))
        self.store.commit(a_commit(expected=1, key="k-2"))
        wanted = Kept(command_digest="command 1", answer="answer 1")
        same(self.store.kept("r-1", "acme", "k"), wanted)

    def test_a_key_belongs_to_one_record_and_party(self) -> None:
        """The same key of another record or party is another key."""
        self.store.commit(a_commit(key="k"))
        same(self.store.kept("r-2", "acme", "k"), None)
        same(self.store.kept("r-1", "other", "k"), None)
        self.store.commit(a_commit("r-2", key="k"))
        self.store.commit(a_commit(expected=1, key="k", party="other"))
        same(len(self.store.history("r-1")), 2)

    def test_a_command_without_a_key_keeps_nothing(self) -> None:
        """Any number of commits without a key follow each other."""
        self.store.commit(a_commit())
        self.store.commit(a_commit(expected=1))
        same(self.store.kept("r-1", "acme", ""), None)

    def test_a_kept_key_is_refused(self) -> None:
        """A second commit under the key writes nothing, whatever its command."""
        self.store.commit(a_commit(key="k"))
        with refused(KeyKeptError("r-1", "acme", "k")):
            self.store.commit(a_commit(expected=1, key="k", claims=["c"]))
        same(self.store.load("r-1").version, 1)
        same(self.store.holder("c"), None)

    def test_a_kept_key_comes_before_a_stale_version(self) -> None:
        """Who repeats a command is told of its answer, not of a conflict with himself."""
        self.store.commit(a_commit(key="k"))
        with refused(KeyKeptError("r-1", "acme", "k")):
            self.store.commit(a_commit(key="k"))

    def test_a_refused_commit_does_not_keep_its_key(self) -> None:
        """The key is free for the next attempt."""
        self.store.commit(a_commit())
        with refused(VersionConflictError):
            self.store.commit(a_commit(expected=7, key="k"))
        same(self.store.kept("r-1", "acme", "k"), None)
        self.store.commit(a_commit(expected=1, key="k"))

    def test_keys_are_told_apart_to_the_last_character(self) -> None:
        """Case, spaces, accents and width make another key."""
        for expected, key in enumerate(_ALIKE):
            self.store.commit(a_commit(expected=expected, key=key))
        kept = [self.store.kept("r-1", "acme", key) for key in _ALIKE]
        same([one and one.answer for one in kept], [f"answer {n + 1}" for n in range(len(_ALIKE))])


class ClaimContract(Contract):
    """Claims: a key has at most one holder."""

    def test_a_claim_names_its_holder(self) -> None:
        """Nobody holds a key until a record claims it."""
        same(self.store.holder("c"), None)
        self.store.commit(a_commit(claims=["c", "d"]))
        same((self.store.holder("c"), self.store.holder("d")), ("r-1", "r-1"))

    def test_a_taken_key_is_refused(self) -> None:
        """The error names key and holder, and nothing of the commit is written."""
        self.store.commit(a_commit(claims=["c"]))
        with refused(ClaimedError("c", "r-1")):
            self.store.commit(a_commit("r-2", claims=["free", "c"], key="k"))
        same(list(self.store.ids(limit=9)), ["r-1"])
        same(self.store.holder("free"), None)
        same(self.store.kept("r-2", "acme", "k"), None)

    def test_the_first_taken_key_is_named(self) -> None:
        """Of several taken keys, the commit's order decides which is named."""
        self.store.commit(a_commit("r-1", claims=["c"]))
        self.store.commit(a_commit("r-2", claims=["b"]))
        with refused(ClaimedError("c", "r-1")):
            self.store.commit(a_commit("r-3", claims=["a", "c", "b"]))

    def test_a_record_may_claim_again_what_it_holds(self) -> None:
        """A second claim of the holder changes nothing, in one commit or two."""
        self.store.commit(a_commit(claims=["c", "c"]))
        self.store.commit(a_commit(expected=1, claims=["c"]))
        same(self.store.holder("c"), "r-1")

    def test_a_released_key_is_free(self) -> None:
        """Another record may take it from then on."""
        self.store.commit(a_commit(claims=["c"]))
        self.store.commit(a_commit(expected=1, releases=("c",)))
        same(self.store.holder("c"), None)
        self.store.commit(a_commit("r-2", claims=["c"]))
        same(self.store.holder("c"), "r-2")

    def test_nobody_releases_the_key_of_another(self) -> None:
        """Releasing what another holds, or nobody, changes nothing."""
        self.store.commit(a_commit(claims=["c"]))
        self.store.commit(a_commit("r-2", releases=("c", "nobody's")))
        same(self.store.holder("c"), "r-1")

    def test_a_key_released_and_claimed_at_once_is_held(self) -> None:
        """Releases come before claims."""
        self.store.commit(a_commit(claims=["c"]))
        self.store.commit(a_commit(expected=1, releases=("c",), claims=["c"]))
        same(self.store.holder("c"), "r-1")

    def test_a_key_is_handed_over_at_once(self) -> None:
        """Released for another record, it is that one's, and was nobody else's in between."""
        self.store.commit(a_commit(claims=["c"]))
        self.store.commit(a_commit("r-2"))
        given = a_commit(expected=1, releases=("c",))
        handed = given.model_copy(update={"claims": (Claim(key="c", holder="r-2"),)})
        self.store.commit(handed)
        same(self.store.holder("c"), "r-2")

    def test_a_key_of_a_third_is_not_handed_over(self) -> None:
        """Nobody hands over what another record holds."""
        self.store.commit(a_commit(claims=["c"]))
        self.store.commit(a_commit("r-2"))
        given = a_commit("r-2", expected=1, releases=("c",))
        handed = given.model_copy(update={"claims": (Claim(key="c", holder="r-3"),)})
        with refused(ClaimedError("c", "r-1")):
            self.store.commit(handed)
        same(self.store.holder("c"), "r-1")

    def test_a_refused_commit_releases_nothing(self) -> None:
        """What was to be released is still held."""
        self.store.commit(a_commit(claims=["c"]))
        self.store.commit(a_commit("r-2", claims=["d"]))
        with refused(ClaimedError("d", "r-2")):
            self.store.commit(a_commit(expected=1, releases=("c",), claims=["d"]))
        same(self.store.holder("c"), "r-1")

    def test_claims_are_told_apart_to_the_last_character(self) -> None:
        """Case, spaces, accents and width make another key."""
        for number, key in enumerate(_ALIKE):
            self.store.commit(a_commit(f"r-{number}", claims=[key]))
        same([self.store.holder(key) for key in _ALIKE], [f"r-{n}" for n in range(len(_ALIKE))])
