"""What no timeline tells, for the audit log: what was set, commands that are about no ticket, and what was refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.audit import DONE, REFUSED, Noted
from bot.errors import Refused
from bot.messages import ChatSeen, Command, ForgetChat, Put, Remove
from bot.records import OPERATOR
from bot.stores import Stores

QUIET = (ChatSeen, ForgetChat)  # that somebody has opened a conversation is nobody's act
_PARTS = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SUBJECTS = ("id", "shop_id", "channel_id", "merchant_id", "agent", "connection", "name", "url", "about", "number")
LONGEST, MOST_DIGITS = 200, 16


def changed(stores: Stores, change: Any, now: datetime, *, refused: Refused | None = None) -> None:
    """That this was set, whatever kind of change it is; or refused. What it was set to stays where it is kept: names are enough here."""
    if isinstance(change, QUIET) and refused is None:
        return
    within, by = getattr(change, "within", None), str(getattr(change, "by", "system"))
    merchant = within or getattr(change, "merchant_id", None) or getattr(change, "merchant", None) or _told(change).get("merchant_id")
    name, doc = subject(change), _told(change)
    merchant = change.id if isinstance(change, Put | Remove) and getattr(change, "kind", "") == "merchants" else merchant
    detail: dict[str, Any] = {"fields": sorted(doc)} if doc else {}
    for part in ("reason", "decision", "scopes", "frozen", "agent"):
        if (value := getattr(change, part, None)) is not None:
            detail[part] = list(value) if isinstance(value, tuple) else value
    ticket = getattr(change, "number", None)
    stores.audit.add([
        Noted(
            str(merchant or OPERATOR), now, by, action(change), ticket if isinstance(ticket, int) else None, place(by), name,
            REFUSED if refused else DONE, refused.code if refused else "", detail,
        )
    ])  # fmt: skip


def action(change: Any) -> str:
    """What it is called: `policies.put`, `webhooks.removed`, `freeze.lift` …, from its own name, so that no new one goes without."""
    if isinstance(change, Put):
        return f"{change.kind}.put"
    if isinstance(change, Remove):
        return f"{change.kind}.removed"
    return "_".join(_PARTS.split(type(change).__name__)).lower()


def subject(change: Any) -> str:
    """What it is about: `shops/lights.sg`."""
    for part in _SUBJECTS:
        value = getattr(change, part, None)
        if value is not None and part != "number":
            kind = getattr(change, "kind", None) or {"shop_id": "shops", "channel_id": "channels"}.get(part) or action(change)
            return f"{kind}/{value}"[:LONGEST]
    return ""


def commanded(stores: Stores, command: Command, verb: str, now: datetime, before: int) -> None:
    """A command that changed something of which no entry was written since there were `before`: an absence, a saved view, a link."""
    if stores.audit.written == before:
        merchant, actor = who(stores, command)
        stores.audit.add([Noted(merchant, now, actor, f"command.{verb}", command.ticket, command.via or command.by.channel)])


def denied(stores: Stores, command: Command, verb: str, refused: Refused, now: datetime) -> None:
    """A command that was refused: by its verb, not by the words, which may hold anything."""
    merchant, actor = who(stores, command)
    said, via = str(refused.params.get("ticket") or "").removeprefix("T-"), command.via or command.by.channel
    ticket = command.ticket or (int(said) if said.isdecimal() and len(said) < MOST_DIGITS else None)
    stores.audit.add([Noted(merchant, now, actor, f"command.{verb}", ticket, via, "", REFUSED, refused.code)])


def turned_away(stores: Stores, what: str, by: str, within: str | None, refused: Refused, now: datetime, ticket: int | None = None) -> None:
    """Something else that was asked for and refused."""
    stores.audit.add([Noted(within or OPERATOR, now, by, what, ticket, place(by), "", REFUSED, refused.code)])


def who(stores: Stores, command: Command) -> tuple[str, str]:
    """Whose entry it is, and who spoke: the person where there is one, else the account."""
    by = command.by
    person = stores.people.get(by.id) if by.channel == "agent" else None
    if by.channel not in ("agent", "key"):
        person = stores.people.linked(by.channel, by.id)
    merchant = command.within or (person.merchant_id if person else None) or OPERATOR
    return merchant, person.id if person else f"{by.channel}:{by.id}"[:LONGEST]


def place(by: str) -> str:
    """From where, for those who say only who."""
    return "api" if by.startswith("key:") else "cli" if by == "command line" else ""


def _told(change: Any) -> Mapping[str, Any]:
    doc = getattr(change, "doc", None)
    return doc if isinstance(doc, Mapping) else {}
