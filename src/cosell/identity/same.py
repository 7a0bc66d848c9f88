"""Say whether two customers are one, with every reason for and against.

Rules that hold for every answer:

1. It is the same whichever of the two is named first.
2. What is missing, or identifies nobody, is unknown: it makes two customers neither the same nor
   different, and somebody should look again.
3. Every way of being alike is tried, even after one has answered.
4. Two customers are different only when both have a domain of their own and nothing is alike.

This module does not know what a deal is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from cosell.errors.kinds import tells_kinds
from cosell.findings import Check, CheckKind, Finding, Verdict
from cosell.identity.domains import Domain, NotADomainError, identifies_company, parse_domain
from cosell.identity.names import look_alike_folded, normalise_name, spelling_folded
from cosell.identity.policy import BX_1, IdentityPolicy, Sameness
from cosell.identity.tables import SUFFIXES_OF_NO_COUNTRY, SUFFIXES_OF_THE_WORLD
from cosell.models.customer import Customer

__all__ = ["Match", "is_of_country", "own_domain", "same_customer"]

_COUNTRY_LETTERS: Final = 2
#: From the least alike to the most.
_ORDER: Final = (Sameness.NOT_THE_SAME, Sameness.LOOK_AGAIN, Sameness.SAME)
_SAME_DOMAIN: Final = frozenset({"domain"})


def _check(name: str, needed: str, remedy: str, *paths: str) -> Check:
    both = tuple(f"{side}{path}" for path in paths for side in ("", "other."))
    return Check(name, CheckKind.IDENTITY, needed, remedy, cites=("BX-1",), paths=both)


#: Every way in which two customers can be alike, in the order of the findings.
_CHECKS: Final[Mapping[str, Check]] = MappingProxyType(
    {
        each.id: each
        for each in (
            _check(
                "external_id",
                "both have the same id in one system",
                "Record the id that a shared system gives to the customer.",
                "external_ids",
            ),
            _check(
                "domain",
                "both have the same registrable domain",
                "Record the domain of the company's own site; a free mail address is none.",
                "domain",
            ),
            _check(
                "lookalike",
                "the domains look alike, with characters of another script",
                "Look which of the two sites is the customer's, and correct the other record.",
                "domain",
            ),
            _check(
                "spelling",
                "the domains are one name in another spelling",
                "Look whether both sites belong to one company.",
                "domain",
            ),
            _check(
                "country_variant",
                "the domains are one name in different countries",
                "Look whether both sites belong to one company.",
                "domain",
            ),
            _check(
                "other_suffix",
                "the domains are one name under different endings",
                "Look whether both sites belong to one company.",
                "domain",
            ),
            _check(
                "name",
                "the names are equal without legal form, accents, case and punctuation",
                "Compare addresses or register numbers: two companies may share a name.",
                "name",
            ),
        )
    }
)
#: Ways of being alike that rest on domains; a policy says what each comes to.
_OF_DOMAINS: Final = ("lookalike", "spelling", "country_variant", "other_suffix")


@dataclass(frozen=True, slots=True)
class Match:
    """Whether two customers are one, and why.

    Attributes:
        outcome: The same, not the same, or to be looked at again.
        findings: What was found about every way of being alike; *met* is alike.
    """

    outcome: Sameness
    findings: tuple[Finding, ...]

    @property
    def reasons(self) -> tuple[Finding, ...]:
        """What the outcome rests on: what is alike; else what is not known, or what differs."""
        for verdict in (Verdict.MET, Verdict.UNKNOWN, Verdict.UNMET):
            found = tuple(each for each in self.findings if each.verdict is verdict)
            if found and (verdict is not Verdict.UNKNOWN or self.outcome is Sameness.LOOK_AGAIN):
                return found
        return ()

    def __str__(self) -> str:
        """Return the outcome, then each reason on a line of its own."""
        return "\n".join([self.outcome.value.replace("_", " "), *map(str, self.reasons)])


@tells_kinds
def same_customer(a: Customer, b: Customer, *, policy: IdentityPolicy = BX_1) -> Match:
    """Return whether two customers are one, with every reason for and against.

    Args:
        a: One of them.
        b: The other one.
        policy: What each kind of likeness comes to.

    Returns:
        An outcome and its findings, the same whichever is named first.

    Raises:
        MissingExtraError: The extra ``identity`` is not installed.

    Source:
        BX-1.

    Example:
        >>> one, other = Customer(domain="shop.acme.de"), Customer(domain="ACME.co.uk")
        >>> same_customer(one, other).outcome.value
        'same'
        >>> print(same_customer(one, Customer(name="Acme GmbH")))
        look again
        external_id: unknown (external_ids, other.external_ids are not recorded). \
Record the id that a shared system gives to the customer.
        domain: unknown (other.domain is not recorded). \
Record the domain of the company's own site; a free mail address is none.
        name: unknown (name is not recorded). \
Compare addresses or register numbers: two companies may share a name.
    """
    domains = tuple(own_domain(each, policy) for each in (a, b))
    needed = _likeness(*domains)
    findings = (_ids(a, b), *_of_domains(a, b, domains, needed), _names(a, b))
    return Match(_outcome(findings, needed, policy), findings)


@lru_cache(maxsize=65_536)
def _own(given: str, shared: frozenset[str]) -> Domain | None:
    """Return a domain that identifies one company, or ``None``; raise where it is no domain."""
    found = parse_domain(given)
    return found if identifies_company(given) and str(found) not in shared else None


def own_domain(customer: Customer, policy: IdentityPolicy) -> Domain | None:
    """Return the customer's registrable domain, if it has one that identifies it."""
    try:
        return _own(customer.domain, policy.shared_domains) if customer.domain else None
    except NotADomainError:
        return None


def is_of_country(suffix: str) -> bool:
    """Return whether a public suffix means a country, or the world: ``co.uk``, ``com``."""
    last = suffix.rpartition(".")[2]
    is_country = len(last) == _COUNTRY_LETTERS and last not in SUFFIXES_OF_NO_COUNTRY
    return is_country or suffix in SUFFIXES_OF_THE_WORLD


def _likeness(a: Domain | None, b: Domain | None) -> frozenset[str] | None:
    """Return in which ways two domains are alike; ``None`` when they are not, or one is missing."""
    if a is None or b is None:
        return None
    labels, suffixes = _of_labels(a.label, b.label), _of_suffixes(a.suffix, b.suffix)
    return None if labels is None else frozenset(labels | suffixes) or _SAME_DOMAIN


def _of_labels(a: str, b: str) -> set[str] | None:
    if a == b:
        return set()
    if look_alike_folded(a) == look_alike_folded(b):
        return {"lookalike"}
    return {"spelling"} if spelling_folded(a) == spelling_folded(b) else None


def _of_suffixes(a: str, b: str) -> set[str]:
    if a == b:
        return set()
    return {"country_variant" if is_of_country(a) and is_of_country(b) else "other_suffix"}


def _outcome(
    findings: tuple[Finding, ...], needed: frozenset[str] | None, policy: IdentityPolicy
) -> Sameness:
    """Return the strongest of what each way of being alike comes to."""
    verdicts = {finding.id: finding.verdict for finding in findings}
    reached = []
    if Verdict.MET in (verdicts["external_id"], verdicts["domain"]):
        reached.append(Sameness.SAME)
    if needed is not None and needed != _SAME_DOMAIN:
        # Alike in two ways at once is as much as the weaker of the two.
        reached.append(min((getattr(policy, way) for way in needed), key=_ORDER.index))
    if verdicts["name"] is Verdict.MET:
        reached.append(policy.name)
    if verdicts["domain"] is Verdict.UNKNOWN:
        reached.append(Sameness.LOOK_AGAIN)
    return max(reached, key=_ORDER.index, default=Sameness.NOT_THE_SAME)


def _of_domains(
    a: Customer,
    b: Customer,
    domains: tuple[Domain | None, ...],
    needed: frozenset[str] | None,
) -> Iterator[Finding]:
    values = (a.domain, b.domain)
    known = None not in domains
    same = needed == _SAME_DOMAIN if known else None
    yield _found("domain", values, same=same, error=_why_unknown(values, domains))
    for way in _OF_DOMAINS:
        if same is False:
            yield _found(way, values, same=needed is not None and way in needed)
        else:
            yield Finding(_CHECKS[way], Verdict.NOT_APPLICABLE, values)


def _why_unknown(values: tuple[str | None, ...], domains: tuple[Domain | None, ...]) -> str | None:
    """Return why domains that are recorded identify nobody."""
    useless = [
        f"`{value}`" for value, own in zip(values, domains, strict=True) if value and own is None
    ]
    return f"{' and '.join(sorted(useless))} identifies no company" if useless else None


def _ids(a: Customer, b: Customer) -> Finding:
    one, other = _ids_of(a), _ids_of(b)
    comparable = {key[:2] for key in one} & {key[:2] for key in other}
    same = bool(one & other) if comparable else None
    return _found("external_id", tuple(_told(each) for each in (one, other)), same=same)


def _ids_of(customer: Customer) -> set[tuple[str, str, str]]:
    """Return system, kind and value of every id; the host's own system has no name."""
    ids = {(each.system, each.kind or "", each.value) for each in customer.external_ids}
    return ids | ({("", "", customer.id)} if customer.id else set())


def _told(ids: set[tuple[str, str, str]]) -> str | None:
    return ", ".join(" ".join(filter(None, each)) for each in sorted(ids)) or None


def _names(a: Customer, b: Customer) -> Finding:
    one, other = (normalise_name(each.name) if each.name else None for each in (a, b))
    same = one == other if one and other else None
    return _found("name", (a.name, b.name), same=same)


#: What was found, by whether the two are alike.
_VERDICTS: Final = MappingProxyType(
    {True: Verdict.MET, False: Verdict.UNMET, None: Verdict.UNKNOWN}
)


def _found(
    name: str, values: tuple[Any, ...], *, same: bool | None, error: str | None = None
) -> Finding:
    return Finding(_CHECKS[name], _VERDICTS[same], values, error)
