"""A ticket's case in words: what it is, how it stands, when evidence is due."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.card import Field
from bot.ticket import Ticket
from bot.wording import label, say
from bot.wording.times import clock_time, offset


def case_fields(ticket: Ticket, timezone: str, now: datetime, locale: str) -> list[Field]:
    """Nothing for a ticket without a case."""
    found = ticket.dispute
    if not found:
        return []
    money = found.get("amount") or {}
    parts = [
        label("provider", found["provider"], locale), label("case", found["kind"], locale), found.get("reason_code") or "",
        f"{money['amount']} {money.get('currency') or ''}".strip() if money.get("amount") else "",
        label("outcome", found["outcome"], locale) if found.get("outcome") else "",
    ]  # fmt: skip
    fields = [Field(say("field.case", locale), " · ".join(part for part in parts if part))]
    if found.get("due_at") and not found.get("outcome"):
        fields.append(Field(say("field.evidence", locale), _due(found, timezone, now, locale)))
    return fields


def case_line(ticket: Ticket, timezone: str, now: datetime, locale: str) -> str | None:
    """For `why`: when evidence is due, who said so, and how it stands."""
    found = ticket.dispute
    if not found or not found.get("due_at"):
        return None
    at = datetime.fromisoformat(found["due_at"])
    state = say("why.evidence.answered", locale) if found.get("answered") else ""
    if found.get("outcome"):
        state = say("why.evidence.over", locale, outcome=label("outcome", found["outcome"], locale))
    return say(
        "why.evidence", locale, provider=label("provider", found["provider"], locale), due=clock_time(at, timezone, now),
        basis=say(f"why.evidence.{found['due_basis']}", locale), state=state,
    )  # fmt: skip


def _due(case: Mapping[str, Any], timezone: str, now: datetime, locale: str) -> str:
    if case.get("answered"):
        return say("evidence_is_in", locale)
    at = datetime.fromisoformat(case["due_at"])
    return say("evidence_by", locale, due=clock_time(at, timezone, now), zone=offset(at, timezone))
