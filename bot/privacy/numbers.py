"""Cards, identity and bank numbers, passports and addresses on the internet: by check digits, and by the word before them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from ipaddress import ip_address

from stdnum import iban, luhn
from stdnum.my import nric
from stdnum.th import pin
from stdnum.us import ssn

from bot.privacy.context import is_counted, said_before
from bot.privacy.spans import Span

_LONG = re.compile(r"(?<![\d*])(?<!\d[.,])\d(?:[ -]?\d){6,22}(?![\d*])(?!\.\d)")
_RIC = re.compile(r"(?<![\dA-Za-z*])[1-9]\d{5}[ -]?(?:19|20)\d{6}[ -]?\d{3}[\dXx](?![\dA-Za-z*])")
_LETTERED = re.compile(r"(?<![\dA-Za-z*])[A-Za-z]{1,2}[ -]?\d{6,9}(?:[A-Za-z]|\([\dA]\))?(?![\dA-Za-z*])")
_SSN = re.compile(r"(?<![\d*-])\d{3}-\d{2}-\d{4}(?![\d*-])")
_NRIC = re.compile(r"(?<![\d*-])\d{6}-\d{2}-\d{4}(?![\d*-])")
_PIN = re.compile(r"(?<![\d*-])\d-\d{4}-\d{5}-\d{2}-\d(?![\d*-])")
_IBAN = re.compile(r"(?<![\dA-Za-z*])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![\dA-Za-z*])")
_V4 = re.compile(r"(?<![\d.*A-Za-z])\d{1,3}(?:\.\d{1,3}){3}(?![\d*])(?!\.[\d*])")
_V6 = re.compile(r"(?<![0-9A-Fa-f:.*])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![0-9A-Fa-f:.*])")
_PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "16",
        "17",
        "18",
        "19",
        "21",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "51",
        "52",
        "53",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "72",
        "73",
        "74",
        "75",
        "76",
        "81",
        "82",
        "91",
        "92",
        "93",
        "94",
        "95",
        "96",
    ]
)
_SCHEMES = re.compile(
    r"(?:4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|35\d{14}|6(?:011|5\d\d)\d{12}|62\d{14,17}|3[068]\d{12})\Z"
)


def numbers(text: str) -> Iterator[Span]:
    """All but phones."""
    for found in _RIC.finditer(text):
        if is_ric(_bare(found[0])) or said_before(text, found.start()) == "id":
            yield Span(found.start(), found.end(), "id_number")
    for pattern, right in ((_SSN, ssn.is_valid), (_NRIC, nric.is_valid), (_PIN, pin.is_valid)):
        for found in pattern.finditer(text):
            said = said_before(text, found.start())
            if said == "id" or (said != "thing" and right(found[0])):
                yield Span(found.start(), found.end(), "id_number")
    for found in _IBAN.finditer(text):
        if iban.is_valid(found[0]):
            yield Span(found.start(), found.end(), "bank_account")
    yield from _lettered(text)
    for found in _LONG.finditer(text):
        kind = _kind(text, found)
        if kind:
            yield Span(found.start(), found.end(), kind)


def addresses_on_the_internet(text: str) -> Iterator[Span]:
    """IPv4 and IPv6, unless it is a version of something."""
    for pattern in (_V4, _V6):
        for found in pattern.finditer(text):
            if said_before(text, found.start()) != "thing" and _is_ip(found[0]):
                yield Span(found.start(), found.end(), "ip")


def is_ric(number: str) -> bool:
    """A Chinese resident's: a day that was, and ISO 7064 MOD 11-2."""
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(int(digit) * weight for digit, weight in zip(number[:17], weights, strict=True)) % 11] == number[17].upper()


def is_nric(number: str) -> bool:
    """A Singaporean NRIC or FIN."""
    total = sum(int(digit) * weight for digit, weight in zip(number[1:8], (2, 7, 6, 5, 4, 3, 2), strict=True))
    first = number[0]
    total += {"T": 4, "G": 4, "M": 3}.get(first, 0)
    ends = "JZIHGFEDCBA" if first in "ST" else "XWUTRQPNMLK" if first in "FG" else "KLJNPQRTUWX"
    place = total % 11
    return ends[10 - place if first == "M" else place] == number[8]


def _bare(number: str) -> str:
    return number.replace(" ", "").replace("-", "")


def _lettered(text: str) -> Iterator[Span]:
    for found in _LETTERED.finditer(text):
        number, said = _bare(found[0]).upper(), said_before(text, found.start())
        if said == "passport" and re.fullmatch(r"[A-Z]{1,2}\d{6,9}[A-Z]?", number):
            yield Span(found.start(), found.end(), "passport")
        elif (
            (re.fullmatch(r"[STFGM]\d{7}[A-Z]", number) and (said == "id" or (said != "thing" and is_nric(number))))
            or said == "id"
            or (said != "thing" and re.fullmatch(r"[A-Z]{1,2}\d{6}\([\dA]\)", number))
        ):
            yield Span(found.start(), found.end(), "id_number")


def _kind(text: str, found: re.Match[str]) -> str:
    """What a run of digits is: the word before it decides, then its check digits."""
    number, said = _bare(found[0]), said_before(text, found.start())
    glued = (
        found.start() > 0 and text[found.start() - 1].isascii() and (text[found.start() - 1].isalpha() or text[found.start() - 1] in "_/")
    )
    if said == "thing" or glued or is_counted(text, found.end()):
        return ""
    if said == "id" and len(number) in (8, 9, 10, 12, 13, 15, 16, 18):
        return "id_number"
    if said == "passport" and len(number) in (8, 9):
        return "passport"
    if _SCHEMES.match(number) and luhn.is_valid(number):
        return "card"
    if said in ("bank", "card") and 8 <= len(number) <= 20 and not _is_day(number):
        return "bank_account"
    if len(number) == 16 and said != "phone" and _is_nik(number):
        return "id_number"
    if len(number) == 13 and max(text) >= "\u0e00" and said != "phone" and pin.is_valid(number):
        return "id_number"
    return ""


def _is_nik(number: str) -> bool:
    day, month = int(number[6:8]), int(number[8:10])
    return number[:2] in _PROVINCES and 1 <= (day - 40 if day > 40 else day) <= 31 and 1 <= month <= 12


def _is_day(number: str) -> bool:
    return len(number) == 8 and re.fullmatch(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])", number) is not None


def _is_ip(number: str) -> bool:
    try:
        return int(ip_address(number)) > 0
    except ValueError:
        return False
