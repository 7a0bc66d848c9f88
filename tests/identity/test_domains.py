"""Registrable domains from what people write (BX-1)."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosell.errors import MissingExtraError
from cosell.identity import (
    NotADomainError,
    identifies_company,
    normalise_domain,
    normalise_name,
)
from cosell.identity import domains as domains_module
from cosell.identity import names as names_module
from extras import needs_extra

needs_extra("identity", "confusable_homoglyphs", "idna", "publicsuffixlist")


@pytest.mark.parametrize(
    ("given_text", "domain"),
    [
        pytest.param("acme.com", "acme.com", id="a domain is itself"),
        pytest.param("https://WWW.Acme.com/x?y#z", "acme.com", id="a page"),
        pytest.param("HTTP://acme.com:8080", "acme.com", id="a port"),
        pytest.param("//acme.com/x", "acme.com", id="a page without a scheme"),
        pytest.param("https://jane:secret@shop.acme.com/", "acme.com", id="a page with a login"),
        pytest.param("acme.com/about us", "acme.com", id="a path with a space"),
        pytest.param("acme.com:443", "acme.com", id="a host with a port"),
        pytest.param("jane@mail.acme.com", "acme.com", id="an address"),
        pytest.param("mailto:jane@acme.com?subject=Hi", "acme.com", id="a link to an address"),
        pytest.param("Jane Doe <jane@acme.com>", "acme.com", id="an address with a name"),
        pytest.param("  acme.com.  ", "acme.com", id="blanks and a final dot"),
        pytest.param("a.b.c.acme.co.uk", "acme.co.uk", id="a suffix of two parts"),
        pytest.param("my_shop.acme.com", "acme.com", id="an underscore in a subdomain"),
        pytest.param("acme.myshopify.com", "acme.myshopify.com", id="a site that gives out names"),
        pytest.param("Müller-Shop.co.uk", "xn--mller-shop-9db.co.uk", id="an umlaut"),
        pytest.param("XN--MLLER-KVA.de", "xn--mller-kva.de", id="as it is sent, in capitals"),
        pytest.param("straße.de", "xn--strae-oqa.de", id="sharp s is a letter of its own"),
        pytest.param("例え.jp", "xn--r8jz45g.jp", id="Japanese"),
        pytest.param("ａｃｍｅ.com", "acme.com", id="letters of full width"),
        pytest.param("acme.example", "acme.example", id="an ending nobody has listed"),
    ],
)
def test_normalise_domain(given_text: str, domain: str) -> None:
    """What people write names one registrable domain, always in one form (BX-1)."""
    assert normalise_domain(given_text) == domain


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param("", id="nothing"),
        pytest.param("   ", id="blanks"),
        pytest.param("acme", id="a single word"),
        pytest.param("localhost:80", id="the machine itself"),
        pytest.param("co.uk", id="a public suffix"),
        pytest.param("com", id="a top-level domain"),
        pytest.param("127.0.0.1", id="a number"),
        pytest.param("http://[::1]/x", id="a number of version 6"),
        pytest.param("a b.com", id="a blank inside"),
        pytest.param("a@x.com, b@y.com,", id="two addresses"),
        pytest.param("jane@", id="an address without a host"),
        pytest.param("ac_me.com", id="an underscore in the name"),
        pytest.param("-acme.com", id="a hyphen in front"),
        pytest.param("acme..com", id="an empty label"),
        pytest.param("xn--a.com", id="punycode that says nothing"),
        pytest.param("xn--acme-.com", id="punycode of plain letters"),
        pytest.param("a" * 64 + ".com", id="a label that is too long"),
        pytest.param(".".join(["a" * 60] * 5) + ".com", id="a host that is too long"),
        pytest.param("a." * 2_000 + "com", id="a text that is too long"),
        pytest.param("acme\x00.com", id="a NUL"),
        pytest.param("\ud800.com", id="half a character"),
        pytest.param("1.2.3", id="a number of three parts"),
        pytest.param("http://3232235777/", id="a number of one part"),
        pytest.param(7, id="no text at all"),
        pytest.param(["acme.com"], id="a list"),
    ],
)
def test_no_domain(wrong: str) -> None:
    """What names no domain is refused with one error that says what to give instead."""
    with pytest.raises(NotADomainError) as caught:
        normalise_domain(wrong)

    assert caught.value.code == "identity.no_domain"
    assert "holds no domain" in caught.value.problem
    assert caught.value.remedy.startswith("Give a domain")


_LABELS = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True) | st.sampled_from(
    ["müller", "пример", "例え", "straße"]
)


class TestLaws:
    """What holds for any domain."""

    @given(text=st.text(max_size=30) | st.builds("{}.{}".format, _LABELS, _LABELS))
    def test_twice_is_once(self, text: str) -> None:
        """Normalising twice is normalising once; what is no domain is one error."""
        try:
            domain = normalise_domain(text)
        except NotADomainError:
            return
        assert normalise_domain(domain) == domain
        assert domain.isascii()
        assert domain == domain.lower()

    @given(label=_LABELS, suffix=st.sampled_from(["com", "de", "co.uk", "github.io"]))
    def test_dress_does_not_matter(self, label: str, suffix: str) -> None:
        """Case, ``www.``, schemes, paths and addresses lead to the same domain."""
        domain = f"{label}.{suffix}"
        try:
            wanted = normalise_domain(domain)
        except NotADomainError:
            return
        for dressed in (
            f"www.{domain}",
            f"https://{domain}/a?b",
            f"{domain}.",
            f"jane@{domain}",
            f"HTTPS://WWW.{label.upper() if label != 'straße' else label}.{suffix.upper()}",
        ):
            assert normalise_domain(dressed) == wanted


@pytest.mark.parametrize(
    ("domain", "identifies"),
    [
        ("acme.com", True),
        ("gmail.com", False),
        ("jane@GMail.com", False),
        ("seznam.cz", False),
        ("yahoo.co.jp", False),
        ("hotmail.fr", False),
        ("yahoo-tools.com", True),
    ],
)
def test_free_mail_identifies_nobody(domain: str, identifies: bool) -> None:  # noqa: FBT001 - a column of the table
    """Who gives an address to everybody says nothing about the company."""
    assert identifies_company(domain) is identifies


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme, Inc.", "ACME"),
        ("Acme Ltd", "Acme Limited"),
        ("Novák & syn, s.r.o.", "NOVAK A SYN"),
        ("Société Générale S.A.", "societe generale"),
        ("AB Volvo", "Volvo AB"),
        ("Åkermans A/S", "Akermans"),
        ("Łódź Sp. z o.o.", "Lodz"),
        ("I.B.M. Corp.", "IBM"),
        ("Weiß GmbH & Co. KG", "Weiss"),
    ],
)
def test_names_that_are_equal(one: str, other: str) -> None:
    """Legal forms, accents, case and punctuation do not count in names."""
    assert normalise_name(one) == normalise_name(other)


def test_forms_of_other_scripts_stay() -> None:
    """Legal forms are known in Latin letters only."""
    assert normalise_name("ООО Ромашка") == "ооо ромашка"


@pytest.mark.parametrize(("name", "kept"), [("Inc.", "inc"), ("A", "a"), ("...", ""), ("AB", "ab")])
def test_a_name_that_is_only_a_form(name: str, kept: str) -> None:
    """Where nothing else would be left, the form stays."""
    assert normalise_name(name) == kept


@pytest.mark.parametrize(
    ("package", "ask"),
    [
        ("idna", lambda: normalise_domain("acme.com")),
        ("idna", lambda: names_module._read("xn--mller-kva")),
        ("publicsuffixlist", domains_module._suffixes.__wrapped__),
        ("confusable_homoglyphs.confusables", lambda: names_module._latin.__wrapped__("ж")),
    ],
)
def test_without_the_extra(monkeypatch: pytest.MonkeyPatch, package: str, ask: object) -> None:
    """Who has not installed the extra is told how to."""
    domains_module._parsed.cache_clear()
    monkeypatch.setitem(sys.modules, package, None)

    with pytest.raises(MissingExtraError, match=r"cosell\[identity\]"):
        ask()  # type: ignore[operator] # a column of the table


def test_the_packages_are_imported_on_first_use() -> None:
    """Whoever imports the package and compares nothing pays for nothing."""
    code = (
        "import sys, cosell.identity;"
        "print({'confusable_homoglyphs', 'idna', 'publicsuffixlist'} & set(sys.modules))"
    )
    path = [sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path!r}; {code}"]
    told = subprocess.run(path, capture_output=True, text=True, check=True)

    assert told.stdout == "set()\n"
