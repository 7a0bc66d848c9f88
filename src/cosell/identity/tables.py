"""What the world has agreed on, as data: who gives mail to everybody, which endings mean a country.

Each table is plain data that a reader can check; code only looks things up in it.

This module does not know how a domain is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

__all__ = [
    "FREE_MAIL",
    "FREE_MAIL_LABELS",
    "LEADING_FORMS",
    "LEGAL_FORMS",
    "LOOK_LIKE",
    "SPELT_LIKE",
    "SUFFIXES_OF_NO_COUNTRY",
    "SUFFIXES_OF_THE_WORLD",
    "WITHOUT_ACCENT",
]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Who gives an address to anybody: such a domain identifies no company.
FREE_MAIL: Final = _words(
    """
    126.com 163.com abv.bg aim.com alice.it aliyun.com aol.com arcor.de atlas.cz att.net azet.sk
    bellsouth.net bigpond.com bk.ru bluewin.ch bol.com.br btinternet.com centrum.cz centrum.sk
    charter.net comcast.net cox.net daum.net duck.com earthlink.net email.com email.cz fastmail.com
    fastmail.fm foxmail.com free.fr freemail.hu freenet.de freemail.gr googlemail.com hanmail.net
    hey.com hushmail.com icloud.com ig.com.br inbox.com inbox.lv inbox.ru interia.pl juno.com
    laposte.net libero.it list.ru mac.com mail.bg mail.com mail.de mail.ee mail.ru mailbox.org
    me.com msn.com nate.com naver.com neuf.fr ntlworld.com o2.pl onet.pl op.pl optonline.net
    optusnet.com.au orange.fr pm.me posteo.de post.cz pobox.sk proton.me protonmail.ch
    protonmail.com qq.com rambler.ru rediffmail.com rocketmail.com rogers.com sapo.pt sbcglobal.net
    seznam.cz sfr.fr shaw.ca sina.com skynet.be sky.com sohu.com sympatico.ca t-online.de
    talktalk.net telenet.be telia.com terra.com.br tin.it tiscali.it tuta.com tuta.io tutamail.com
    tutanota.com ukr.net uol.com.br verizon.net virgilio.it virginmedia.com voila.fr volny.cz
    wanadoo.fr web.de wp.pl xtra.co.nz ya.ru yeah.net ymail.com zohomail.com zoznam.sk
    """
)

#: Who gives an address to anybody under any suffix, as ``yahoo.co.uk``.
FREE_MAIL_LABELS: Final = frozenset(
    {"gmail", "gmx", "hotmail", "live", "outlook", "windowslive", "yahoo", "yandex"}
)

#: Endings of two letters that the world uses without meaning the country.
SUFFIXES_OF_NO_COUNTRY: Final = _words("ac ai cc co fm gg gl im io ly me sh so to tv vc ws")

#: Endings that stand for a company in all countries: a variant of each country's own.
SUFFIXES_OF_THE_WORLD: Final = frozenset({"com"})

#: Letters of ASCII that look like others; both sides are rewritten. The order counts.
LOOK_LIKE: Final = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("0", "o"), ("1", "l"), ("5", "s"))

#: What one language writes with an accent and another with two letters; after accents are gone.
SPELT_LIKE: Final = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("-", ""))

#: Letters that no decomposition takes apart.
WITHOUT_ACCENT: Final[Mapping[int, str]] = MappingProxyType(
    str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"})
)

#: Legal forms at the end of a name, as they are without accents, dots and case.
LEGAL_FORMS: Final = frozenset(
    tuple(form.split())
    for form in """
    ab|ag|ag co kg|aps|as|asa|bt|bv|bvba|co|co kg|co ltd|company|corp|corporation|doo|ead|eirl|ek
    eood|eurl|ev|gbr|ges m b h|gesmbh|ggmbh|gmbh|gmbh and co kg|gmbh co kg|hf|holding|inc
    incorporated|jsc|kft|kg|kgaa|kk|ks|kft|lda|limited|llc|llp|lp|ltd|ltda|mbh|nv|nyrt|oao|ohg|ood
    ooo|oy|oyj|pao|plc|private limited|pte|pte ltd|pty|pty ltd|pvt|pvt ltd|rt|sa|sa de cv|sarl|sas
    se|sia|sl|slu|snc|spa|spk|spol sro|spolka akcyjna|spolka z ograniczona odpowiedzialnoscia
    sp zoo|srl|sro|s de rl de cv|srl de cv|teo|uab|ug|ug haftungsbeschrankt|vof|vos|zao|zrt
    """.replace("\n", "|").split("|")
    if form.strip()
)

#: Legal forms that some countries write in front.
LEADING_FORMS: Final = frozenset({"ab", "oao", "ooo", "oy", "pao", "pt", "uab", "zao"})
