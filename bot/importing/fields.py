"""The cells of a row, each read and checked: the same limits as the API's, and what spreadsheets make of values undone or named."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.jobs import Bad
from bot.people import EMAIL

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_BREAKS = re.compile(r"[\t\n\r\u2028\u2029]")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")
_AMOUNT = re.compile(r"(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,4})?")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,4})?")
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?E\+[0-9]{1,3}", re.IGNORECASE)
_CURRENCY = re.compile(r"[A-Z]{3}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,4}")
_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{3,30}")
_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?:[ T]+([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?)?")
BUYER = ("name", "email", "phone", "ip", "locale")
Cells = Mapping[str, Any]


def line(cells: Cells, name: str, most: int) -> str | None:
    """One line of text."""
    value = text(cells, name, most)
    if value is not None and _BREAKS.search(value):
        raise Bad(name, "cell_line_break")
    return value


def text(cells: Cells, name: str, most: int) -> str | None:
    """Several lines of text; None where there is none."""
    value = cells.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise Bad(name, "cell_not_text")
    if not value.strip():
        return None
    if len(value) > most:
        raise Bad(name, "too_long", size=len(value), most=most)
    if not value.isascii() or not value.isprintable():
        if "\ufffd" in value:
            raise Bad(name, "cell_unreadable")
        if _CONTROLS.search(value):
            raise Bad(name, "bad_text")
    return value


def needed(cells: Cells, name: str, most: int, *, several: bool = False) -> str:
    """One that has to be there."""
    value = text(cells, name, most) if several else line(cells, name, most)
    if value is None:
        raise Bad(name, "cell_missing")
    return value


def id(cells: Cells, name: str) -> str | None:
    """An id of ours."""
    value = line(cells, name, 64)
    if value is not None and not _ID.fullmatch(value):
        raise Bad(name, "cell_not_id", value=value)
    return value


def reference(cells: Cells, name: str, most: int = 128) -> str | None:
    """A number that another system gave. One that a spreadsheet has rounded is lost: it is not guessed."""
    given = cells.get(name)
    value = str(given) if isinstance(given, int) and not isinstance(given, bool) else line(cells, name, most)
    if value is not None and _SCIENTIFIC.fullmatch(value.strip()):
        raise Bad(name, "cell_rounded", value=value)
    return None if value is None else value.strip()


def one_of(cells: Cells, name: str, known: Sequence[str]) -> str | None:
    """A word of a list."""
    value = line(cells, name, 64)
    if value is None:
        return None
    word = value.strip().lower()
    if word not in known:
        raise Bad(name, "cell_not_one_of", value=value, known=", ".join(known))
    return word


def amount(cells: Cells, name: str) -> str | None:
    """A decimal number as it is to be kept: `1,234.50` is 1234.50."""
    value = line(cells, name, 40)
    if value is None:
        return None
    plain = value.strip()
    plain = plain.replace(",", "") if _THOUSANDS.fullmatch(plain) else plain
    if not _AMOUNT.fullmatch(plain):
        raise Bad(name, "cell_not_amount", value=value)
    return plain


def currency(cells: Cells, name: str) -> str | None:
    """ISO 4217's three letters."""
    value = line(cells, name, 16)
    if value is None:
        return None
    if not _CURRENCY.fullmatch(value.strip().upper()):
        raise Bad(name, "cell_not_currency", value=value)
    return value.strip().upper()


def moment(cells: Cells, name: str) -> datetime | None:
    """A moment; without a zone where the cell names none, which is then the merchant's."""
    value = line(cells, name, 40)
    if value is None:
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        found = _DAY.fullmatch(value.strip())
    try:
        if found is None:
            raise ValueError
        return datetime(*(int(part or 0) for part in found.groups()))  # type: ignore[arg-type]  # noqa: DTZ001  # the zone comes later
    except ValueError:
        raise Bad(name, "cell_not_time", value=value) from None


def buyer(cells: Cells) -> dict[str, str]:
    """Who bought. What has been masked before, as in an export, is taken as it is: it holds an asterisk."""
    found: dict[str, str] = {}
    for name in BUYER:
        value = line(cells, f"buyer.{name}", 254)
        if value is not None:
            found[name] = value if "*" in value else _of_buyer(name, value.strip())
    return found


def _of_buyer(name: str, value: str) -> str:
    if name == "ip":
        try:
            return str(ipaddress.ip_address(value))
        except ValueError:
            raise Bad("buyer.ip", "cell_not_ip", value="***") from None
    pattern = {"email": EMAIL, "phone": _PHONE, "locale": _LANGUAGE}.get(name)
    if pattern is not None and not pattern.fullmatch(value):
        raise Bad(f"buyer.{name}", f"cell_not_{name}")
    return value
