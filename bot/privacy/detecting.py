"""Finds what tells of a person in a text: first what its order already tells, then what has the shape of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from bot.privacy.folding import Folded
from bot.privacy.names import names
from bot.privacy.numbers import addresses_on_the_internet, numbers
from bot.privacy.phones import phones
from bot.privacy.places import places
from bot.privacy.spans import Span, apart

_FIVE = re.compile(r"\d(?:[^\d\n]{0,3}\d){4}")
_HAN, _THAI, _LATIN = re.compile("[\u3400-\u9fff]"), re.compile("[\u0e00-\u0e7f]"), re.compile("[A-Za-z]{2}")
_V6 = re.compile("[0-9A-Fa-f]:[0-9A-Fa-f:]")
_LOCAL = re.compile(r"[A-Za-z0-9._%+'-]{1,64}\Z")
_DOMAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})(?:\.[A-Za-z0-9-]{1,63}){1,5}")
_BLANK = re.compile(r"[\s().\-]+")


def find(text: str, known: Sequence[tuple[str, str]] = ()) -> tuple[Span, ...]:
    """In the text's order. `known`: (type, value) of what an order or buyer tells: found however they are written."""
    folded = Folded(text)
    read = folded.text
    found = [*_known(read, known), *_emails(read)]
    if _FIVE.search(read):
        found += [*numbers(read), *phones(read), *addresses_on_the_internet(read)]
    elif _V6.search(read):
        found += addresses_on_the_internet(read)
    letters = {"latin": bool(_LATIN.search(read)), "han": bool(_HAN.search(read)), "thai": bool(_THAI.search(read))}
    found += [*names(read, **letters), *places(read, **letters)]
    return tuple(folded.back(span) for span in apart(found)) if found else ()


def _emails(text: str) -> Iterator[Span]:
    """Looks left and right of each @, and no further than an address may be long."""
    at = text.find("@")
    while at >= 0:
        local, domain = _LOCAL.search(text[max(0, at - 64) : at]), _DOMAIN.match(text, at + 1)
        if local and domain and not domain[0].rpartition(".")[2].isdigit():
            start = at - len(local[0].lstrip("._%+'-"))
            end = domain.end() - (len(domain[0]) - len(domain[0].rstrip("-")))
            if start < at:
                yield Span(start, end, "email")
        at = text.find("@", at + 1)


def _known(text: str, known: Iterable[tuple[str, str]]) -> Iterator[Span]:
    for type, told in known:
        value = Folded(told).text.strip()
        parts = [part for part in _BLANK.split(value) if part]
        if type == "phone":
            parts = list("".join(sign for sign in value if sign.isdigit()))
        if len("".join(parts)) < (2 if not value.isascii() else 4):
            continue
        between = r"[\s().\-]{0,2}" if type in ("phone", "card", "id_number", "bank_account") else r"[\s,.\-]{0,3}"
        edge = (r"(?<![A-Za-z0-9])", r"(?![A-Za-z0-9])") if value.isascii() else ("", "")
        for found in re.finditer(edge[0] + between.join(re.escape(part) for part in parts) + edge[1], text, re.IGNORECASE):
            yield Span(found.start(), found.end(), type)
