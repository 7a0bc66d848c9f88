"""Find the registrable domain in what people write: addresses, pages, hosts, in any script.

Rules that hold for every domain:

1. It is one label under a public suffix, in lower case and in ASCII: ``xn--mller-kva.de``.
   Subdomains, schemes, ports, paths and final dots do not count (BX-1).
2. Sites that let people register names under their own, such as ``github.io``, are suffixes too.
3. What cannot be one is refused with one error. Nothing is looked up in a network.

This module does not know what a customer is.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final, NamedTuple

from cosell._base import shown_input
from cosell.errors import CosellError, MissingExtraError
from cosell.errors.kinds import tells_kinds
from cosell.identity.tables import FREE_MAIL, FREE_MAIL_LABELS

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

__all__ = [
    "Domain",
    "NotADomainError",
    "identifies_company",
    "missing_extra",
    "normalise_domain",
    "parse_domain",
]

_MOST: Final = 2_000
_MOST_HOST: Final = 253
_IN_BRACKETS: Final = re.compile(r"<([^<>]+)>\s*$")
_SCHEME: Final = re.compile(r"^(?:[a-z][a-z0-9+.\-]*:)?//|^mailto:", re.IGNORECASE)
_PORT: Final = re.compile(r":[0-9]*$")
#: What may stand in a subdomain, which does not count, and what in the name itself.
_ASCII_LABEL: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NAME_LABEL: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


class NotADomainError(CosellError, ValueError):
    """What was given holds no domain that somebody could have registered.

    Attributes:
        given: What was given, shortened.
    """

    code = "identity.no_domain"

    def __init__(self, given: object, why: str) -> None:
        self.given = shown_input(given)
        super().__init__(
            problem=f"{self.given} holds no domain: {why}",
            remedy="Give a domain, an address or a page, as acme.example or jane@acme.example.",
        )


class Domain(NamedTuple):
    """A registrable domain in its two parts, both in ASCII.

    Attributes:
        label: The part that was chosen: ``acme``.
        suffix: The public suffix below which it was registered: ``co.uk``.
    """

    label: str
    suffix: str

    def __str__(self) -> str:
        """Return the domain."""
        return f"{self.label}.{self.suffix}"


@tells_kinds
def normalise_domain(given: str) -> str:
    """Return the registrable domain that a text names, in one canonical form.

    Args:
        given: A domain, host, web page or mail address, in any case and script.

    Returns:
        The domain in lower case and in ASCII; doing it twice changes nothing.

    Raises:
        NotADomainError: It names none: it is a number, a single word, a public suffix.
        MissingExtraError: The extra ``identity`` is not installed.

    Source:
        BX-1.

    Example:
        >>> normalise_domain("https://WWW.Müller-Shop.co.uk/contact?lang=en")
        'xn--mller-shop-9db.co.uk'
        >>> normalise_domain("Jane Doe <jane@mail.acme.example>")
        'acme.example'
    """
    return str(parse_domain(given))


def parse_domain(given: str) -> Domain:
    """Return the registrable domain that a text names, in its two parts.

    Args:
        given: As for ``normalise_domain``.

    Raises:
        NotADomainError: It names none.
        MissingExtraError: The extra ``identity`` is not installed.

    Example:
        >>> parse_domain("shop.acme.co.uk")
        Domain(label='acme', suffix='co.uk')
    """
    if not isinstance(given, str):
        raise NotADomainError(given, "it is no text")
    return _parsed(given)


@lru_cache(maxsize=65_536)
def _parsed(given: str) -> Domain:
    host = _ascii(given, _host_in(given))
    registered = _suffixes().privatesuffix(host)
    if registered is None:
        raise NotADomainError(given, f"below `{host}` others register theirs")
    label, _, suffix = registered.partition(".")
    if suffix.rpartition(".")[2].isdigit():
        raise NotADomainError(given, "it is a number, not a name")
    if not all(map(_NAME_LABEL.fullmatch, registered.split("."))):
        raise NotADomainError(given, "it has signs that no name can have")
    return Domain(label, suffix)


@tells_kinds
def identifies_company(domain: str) -> bool:
    """Return whether a domain belongs to one company, as far as is known.

    Args:
        domain: A domain, host, page or address.

    Returns:
        ``False`` for those who give an address to everybody.

    Raises:
        NotADomainError: It names no domain.
        MissingExtraError: The extra ``identity`` is not installed.

    Source:
        BX-1.

    Example:
        >>> identifies_company("acme.example"), identifies_company("jane@yahoo.co.uk")
        (True, False)
    """
    found = parse_domain(domain)
    return found.label not in FREE_MAIL_LABELS and str(found) not in FREE_MAIL


def missing_extra() -> MissingExtraError:
    """Return the error for packages that are not installed."""
    return MissingExtraError("identity", "comparing customers")


def _host_in(given: str) -> str:
    """Return the host that stands in an address, a page or a text of its own."""
    if not given.strip() or len(given) > _MOST:
        raise NotADomainError(given, "it is empty, or too long")
    text = given.strip()
    brackets = _IN_BRACKETS.search(text)
    text = brackets[1].strip() if brackets else text
    text = re.split(r"[/?#\\]", _SCHEME.sub("", text, count=1), maxsplit=1)[0]
    return _PORT.sub("", text.rpartition("@")[2])


def _ascii(given: str, host: str) -> str:
    """Return a host in lower case and ASCII, without a final dot."""
    try:
        import idna
    except ImportError:
        raise missing_extra() from None
    try:
        mapped = idna.uts46_remap(host, std3_rules=False, transitional=False).removesuffix(".")
        labels = [
            label if _ASCII_LABEL.fullmatch(label) and label[:4] != "xn--" else _encoded(label)
            for label in mapped.split(".")
        ]
    except (idna.IDNAError, UnicodeError):
        raise NotADomainError(given, "it has signs that no name can have") from None
    found = ".".join(labels)
    if len(found) > _MOST_HOST:
        raise NotADomainError(given, "it is too long")
    if _is_number(found):
        raise NotADomainError(given, "it is a number, not a name")
    return found


def _encoded(label: str) -> str:
    """Return a label of another script as ``xn--...``, in the one form that says the same."""
    import idna

    encoded: bytes = idna.alabel(idna.ulabel(label) if label.isascii() else label)
    return encoded.decode("ascii")


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


@cache
def _suffixes() -> PublicSuffixList:
    try:
        from publicsuffixlist import PublicSuffixList
    except ImportError:
        raise missing_extra() from None
    return PublicSuffixList()
