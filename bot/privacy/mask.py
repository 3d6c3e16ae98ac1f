"""Masks a buyer's fields as people in the trade expect: 138****1234, a***@d.com, 张*, 203.0.113.*."""

from __future__ import annotations

from collections.abc import Callable, Mapping

MASK = "****"


def mask_buyer(buyer: Mapping[str, str]) -> dict[str, str]:
    """Every known field masked; `locale` stays, since it tells nothing about one person. Unknown fields are masked whole."""
    return {name: _MASKS.get(name, _all)(str(value)) for name, value in buyer.items() if value}


def mask_value(type: str, value: str) -> str:
    """What was found in a text, masked by what it is (bot.privacy.spans.TYPES)."""
    return _TYPES.get(type, _all)(value)


def last_digits(phone: str) -> str:
    """`****8000`: enough to tell two numbers apart, and none to dial; of what is too short for one, nothing."""
    digits = "".join(letter for letter in phone if letter.isdigit())
    return f"{MASK}{digits[-4:]}" if len(digits) >= 8 else MASK


def _name(value: str) -> str:
    words = value.split()
    if len(words) == 1 and not value.isascii():
        return value[0] + "*" * max(1, len(value) - 1)
    return " ".join(word[0] + "***" for word in words) or "***"


def _email(value: str) -> str:
    local, at, domain = value.rpartition("@")
    return f"{local[:1]}***{at}{domain}" if at else "***"


def _phone(value: str) -> str:
    digits = "".join(letter for letter in value if letter.isdigit())
    if len(digits) == 11 and digits.startswith("1"):
        return f"{digits[:3]}****{digits[-4:]}"  # a Chinese mobile number: 3 + 4
    prefix = value.lstrip()[:3] if value.lstrip().startswith("+") else ""
    return f"{prefix}****{digits[-2:]}" if len(digits) > 4 else "****"


def _ip(value: str) -> str:
    if ":" in value:
        return ":".join(value.split(":")[:2]) + ":*"
    return ".".join(value.split(".")[:3]) + ".*"


def _all(_: str) -> str:
    return "***"


_MASKS: dict[str, Callable[[str], str]] = {
    "name": _name,
    "email": _email,
    "phone": _phone,
    "ip": _ip,
    "locale": str,
    "language": str,
}


def _card(value: str) -> str:
    return f"{MASK}{_digits(value)[-4:]}"


def _number(value: str) -> str:
    bare = "".join(sign for sign in value if sign.isalnum())
    return f"{bare[:1]}***{bare[-1:]}"


def _digits(value: str) -> str:
    return "".join(sign for sign in value if sign.isdigit())


_TYPES: dict[str, Callable[[str], str]] = {
    "name": _name, "email": _email, "phone": _phone, "ip": _ip, "card": _card,
    "bank_account": _card, "id_number": _number, "passport": _number,
}  # fmt: skip
