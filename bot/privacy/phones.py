"""Telephone numbers: the shapes of the countries that buyers write from, checked by phonenumbers; others where a word says so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import phonenumbers

from bot.privacy.context import is_counted, said_before
from bot.privacy.spans import Span

REGIONS = ("MY", "SG", "TH", "ID", "GB", "CN")  # whose numbers begin with 0, or are written without a country
_SEP = r"[ .-]?"
_CN = re.compile(rf"(?<![\d*])(?<!\d[.-])(?:\(?\+?(?:00)?86\)?{_SEP})?1[3-9]\d{_SEP}\d{{4}}{_SEP}\d{{4}}(?![\d*])(?!-\d)")
_FIXED = re.compile(r"(?<![\d*A-Za-z])(?<!\d-)(?:\(?0\d{2,3}\)?[ -]\d{3,4}[ -]?\d{4}|400[ -]?\d{3}[ -]?\d{4}(?=\D|\Z))(?![\d*])")
_PLUS = re.compile(r"(?<![\d*])(?:\+|\b00)\(?\d{1,3}\)?(?:[ .()-]{0,2}\d){6,12}(?![\d*])")
_ZERO = re.compile(r"(?<![\d*A-Za-z])(?<!\d[.-])\(?0\d(?:[ .()-]{0,2}\d){6,10}(?![\d*])")
_BARE = re.compile(r"(?<![\d*A-Za-z])(?<!\d[.-])(?:62[ -]?8\d{2}|60[ -]?1\d|65[ -]?[89]\d{2}|66[ -]?[689]\d)(?:[ -]?\d){5,9}(?![\d*])")
_US = re.compile(r"(?<![\d*A-Za-z])(?<!\d[.-])(?:1[ .-])?(?:\([2-9]\d\d\) ?|[2-9]\d\d[.-])[2-9]\d\d[ .-]\d{4}(?![\d*])(?!-\d)")
_SG = re.compile(r"(?<![\d*A-Za-z])(?<!\d[ .-])[3689]\d{3}[ -]\d{4}(?![\d*])(?![ -]\d)")
_ANY = re.compile(r"(?<![\d*])(?<!\d[.,])\+?\(?\d(?:[ .()-]{0,2}\d){6,14}(?![\d*])(?!\.\d)")
_DAY = re.compile(r"(?:19|20)\d\d[ ./-]?(?:0?[1-9]|1[0-2])[ ./-]?(?:0[1-9]|[12]\d|3[01])(?!\d)|\d{1,2}[./-]\d{1,2}[./-]20\d\d")


def phones(text: str) -> Iterator[Span]:
    """May overlap one another; the longer is taken."""
    for pattern, right in (
        (_CN, None),
        (_FIXED, None),
        (_PLUS, _is_foreign),
        (_ZERO, _is_own),
        (_BARE, _with_plus),
        (_US, _is_us),
        (_SG, None),
    ):
        for found in pattern.finditer(text):
            if not _is_thing(text, found) and (right is None or right(found[0])):
                yield Span(found.start(), found.end(), "phone")
    for found in _ANY.finditer(text):
        if said_before(text, found.start()) == "phone" and not _DAY.match(found[0]) and not is_counted(text, found.end()):
            yield Span(found.start(), found.end(), "phone")


def _is_thing(text: str, found: re.Match[str]) -> bool:
    """An order's number and the like: said so, or capitals before it (SF138…), or a unit behind."""
    before = text[max(0, found.start() - 2) : found.start()]
    if before[-1:].isascii() and (before[-1:].isupper() or before[-1:] in ("_", "/", "=", "#")):
        return True
    if re.search(r"[A-Za-z\d]-\Z", before):
        return True
    said = said_before(text, found.start())
    return said in ("thing", "bank", "id", "card") or is_counted(text, found.end()) or _DAY.fullmatch(found[0]) is not None


@lru_cache(4096)
def _valid(number: str, region: str | None) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, region))
    except phonenumbers.NumberParseException:
        return False


def _digits(number: str) -> str:
    return "".join(sign for sign in number if sign.isdigit())


def _is_foreign(number: str) -> bool:
    return number.startswith("+") or _valid(f"+{_digits(number).removeprefix('00')}", None)


def _with_plus(number: str) -> bool:
    return _valid(f"+{_digits(number)}", None)


def _is_own(number: str) -> bool:
    digits = _digits(number)
    return any(_valid(digits, region) for region in REGIONS)


def _is_us(number: str) -> bool:
    return len(_digits(number)) in (10, 11)
