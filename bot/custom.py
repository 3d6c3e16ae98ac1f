"""A merchant's own fields of tickets: which there are, and what may stand in each. A merchant that has none may send any text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.errors import BadUsage

TYPES = ("text", "number", "date", "choice")
MOST = 50  # of a merchant: a ticket holds no more
SHOWN = 200  # characters of what is allowed, in a refusal
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,10})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class CustomField:
    """`choices`: of a choice alone."""

    merchant_id: str
    key: str
    type: str
    label: str
    choices: tuple[str, ...]
    updated_at: datetime


def check(rules: Sequence[CustomField], given: Mapping[str, Any] | None) -> None:
    """Whether all of it may be set. None takes a field away, also one that is defined no more. Raises BadUsage that names the field."""
    for key, value in (given or {}).items() if rules else ():
        if value is None:
            continue
        rule = next((each for each in rules if each.key == key), None)
        if rule is None:
            known = ", ".join(each.key for each in rules)
            raise BadUsage("field_unknown", field=f"custom_fields.{key[:80]}", name=key[:80], known=_some(known))
        if not fits(rule, value):
            raise BadUsage(f"field_not_{rule.type}", field=f"custom_fields.{key}", name=key, known=_some(", ".join(rule.choices)))


def fits(rule: CustomField, value: Any) -> bool:
    """Whether this may stand in that field."""
    if rule.type == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    if not isinstance(value, str):
        return False
    if rule.type == "date":
        return _is_day(value)
    return rule.type == "text" or value in rule.choices


def read(rule: CustomField | None, value: Any) -> Any:
    """What a cell of a file says, where all is text: a number's digits are a number."""
    if rule is None or rule.type != "number" or not isinstance(value, str) or not _NUMBER.fullmatch(value.strip()):
        return value
    return float(value) if "." in value else int(value)


def _is_day(value: str) -> bool:
    try:
        return bool(_DAY.fullmatch(value)) and date.fromisoformat(value) is not None
    except ValueError:
        return False


def _some(names: str) -> str:
    return names if len(names) <= SHOWN else f"{names[:SHOWN]}…"
