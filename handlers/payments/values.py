"""Reading what institutions send: nothing of it is trusted to have the type, the length or the signs that it should."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from bot.errors import Unreadable

Doc = Mapping[str, Any]
_AMOUNT = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,8})?", re.ASCII)
_CURRENCY = re.compile(r"[A-Za-z]{3}", re.ASCII)
# https://docs.stripe.com/currencies#zero-decimal, and those of three digits there; all others have two.
_NONE = frozenset(["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"])
_THREE = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])
LONGEST = 500
_ADDRESS = re.compile(r"[^\s@]{1,64}@[^\s@]{1,255}")
_NUMBER = re.compile(r"\+?\d(?:[ ()./-]{0,2}\d){6,}")  # seven digits and more


def document(raw: bytes) -> dict[str, Any]:
    """A JSON object; its decimal numbers come as they are written. Raises Unreadable."""
    try:
        found = json.loads(raw, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Unreadable("it is no JSON") from None
    if not isinstance(found, dict):
        raise Unreadable("it is no JSON object")
    return found


def inside(doc: Any, *names: str) -> Doc:
    """The object under these names, one in the other; {} where there is none."""
    for name in names:
        doc = doc.get(name) if isinstance(doc, Mapping) else None
    return doc if isinstance(doc, Mapping) else {}


def text(doc: Doc, *names: str, most: int = 128) -> str | None:
    """The first of these that is a text or a number, in one line; None: none is, or all are empty."""
    for name in names:
        value = doc.get(name)
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            value = str(value)
        if isinstance(value, str) and (plain := _plain(value, most)):
            return plain
    return None


def words(doc: Doc, *names: str) -> str | None:
    """What somebody wrote, in one line, without addresses and numbers that may be a person's: it is shown and kept in the clear."""
    found = text(doc, *names, most=200)
    return _NUMBER.sub("***", _ADDRESS.sub("***", found)) if found else None


def needed(doc: Doc, *names: str) -> str:
    """The same; raises Unreadable where it is missing, or longer than an id is."""
    found = text(doc, *names, most=LONGEST)
    if found is None or len(found) > 128:
        raise Unreadable(f"its {names[0]} is missing or too long")
    return found


def amount(doc: Doc, *names: str) -> str | None:
    """A decimal text as it was written. Raises Unreadable where it is none."""
    found = text(doc, *names, most=LONGEST)
    if found is None:
        return None
    if not _AMOUNT.fullmatch(found):
        raise Unreadable(f"its {names[0]} is no amount")
    return found


def minor(doc: Doc, name: str, currency: str | None) -> str | None:
    """An amount in the currency's smallest unit, as a decimal text. Raises Unreadable."""
    found = amount(doc, name)
    if found is None:
        return None
    places = 0 if currency in _NONE else 3 if currency in _THREE else 2
    try:
        return f"{Decimal(found).scaleb(-places):.{places}f}"
    except InvalidOperation:
        raise Unreadable(f"its {name} is no amount") from None


def currency(doc: Doc, *names: str) -> str | None:
    """In capital letters. Raises Unreadable where it is none."""
    found = text(doc, *names)
    if found is None:
        return None
    if not _CURRENCY.fullmatch(found):
        raise Unreadable(f"its {names[0]} is no currency")
    return found.upper()


def moment(doc: Doc, *names: str) -> datetime | None:
    """The first of these that is a time, in UTC: ISO 8601 with an offset, or seconds or milliseconds since 1970."""
    for name in names:
        found = _moment(doc.get(name))
        if found is not None:
            return found
    return None


def _moment(value: Any) -> datetime | None:
    try:
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return datetime.fromtimestamp(value / 1000 if value >= 10**12 else value, UTC)
        if isinstance(value, str) and value:
            if value.isdigit():
                return _moment(int(value))
            found = datetime.fromisoformat(value)
            return found.astimezone(UTC) if found.tzinfo is not None else None
    except (ValueError, OverflowError, OSError):
        return None
    return None


def _plain(value: str, most: int) -> str:
    """Without what no line may have: half characters, controls, line breaks."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in value).split())[:most]


def _no_number(_: str) -> NoReturn:
    raise ValueError("no number")
