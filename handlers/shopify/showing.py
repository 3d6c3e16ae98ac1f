"""What an order shows of its tickets: kept in the metafield `deskbell.tickets`, from which the block and the tags follow. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from handlers.shopify.documents import NAMESPACE, TICKETS
from handlers.shopify.note import line

Tickets = Mapping[str, Mapping[str, str]]

DONE = "售后完成"
STATES = ("new", "open", "pending", "resolved", "closed")  # the first of these that any ticket has is the order's
OURS = frozenset({DONE, *(f"deskbell:{state}" for state in STATES)})
MANY = 50  # tickets of one order; older ones are forgotten first


def entry(data: Mapping[str, Any]) -> dict[str, str]:
    """A ticket's, of a notice's data."""
    ticket = data["ticket"]
    state = "closed" if ticket["state"] == "archived" else ticket["state"]
    return {"state": state, "said": data["state"], "category": data["category"], "at": ticket["updated_at"] or ticket["created_at"]}


def read(value: str | None) -> dict[str, dict[str, str]]:
    """What the metafield says; what cannot be read is nothing."""
    try:
        found = json.loads(value or "{}")
    except ValueError:
        return {}
    tickets = found.get("tickets") if isinstance(found, dict) else None
    if not isinstance(tickets, dict):
        return {}
    return {str(name): {str(key): str(each[key]) for key in each} for name, each in tickets.items() if _whole(each)}


def merged(tickets: Tickets, name: str, mine: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """With this ticket as it is; one that is there from a later moment stays, for then this news is old."""
    kept = {key: dict(each) for key, each in tickets.items()}
    if name not in kept or kept[name]["at"] <= mine["at"]:
        kept[name] = dict(mine)
    return dict(sorted(kept.items(), key=_newest)[:MANY])


def written(tickets: Tickets) -> str:
    """As the metafield's value."""
    return json.dumps({"state": overall(tickets), "tickets": tickets}, ensure_ascii=False, separators=(",", ":"))


def overall(tickets: Tickets) -> str:
    """The least finished of its tickets' states."""
    states = {each["state"] for each in tickets.values()}
    return next((state for state in STATES if state in states), STATES[0])


def lines(tickets: Tickets) -> list[str]:
    """For the block, newest first."""
    return [line(name, each["said"], each["category"], each["at"]) for name, each in sorted(tickets.items(), key=_newest)]


def tags(tickets: Tickets, there: Iterable[str]) -> tuple[list[str], list[str]]:
    """Which to add (all that must be there) and which to take; people's own are left alone."""
    state = overall(tickets)
    wanted = [f"deskbell:{state}", *([DONE] if state == "closed" else [])]
    return wanted, sorted(each for each in there if each in OURS and each not in wanted)


def metafields(order: str, tickets: Tickets, digest: str | None, fields: Mapping[str, str]) -> list[dict[str, Any]]:
    """For `metafieldsSet`: the tickets, compared and set, and a custom field that the shop maps to a metafield of its own."""
    mine = {"ownerId": order, "namespace": NAMESPACE, "key": TICKETS, "type": "json", "value": written(tickets), "compareDigest": digest}
    more = []
    for place, value in fields.items():
        namespace, _, key = place.partition(".")
        more.append({"ownerId": order, "namespace": namespace, "key": key, "type": "single_line_text_field", "value": value})
    return [mine, *more]


def _whole(each: object) -> bool:
    return isinstance(each, dict) and all(isinstance(each.get(key), str) for key in ("state", "said", "category", "at"))


def _newest(item: tuple[str, Mapping[str, str]]) -> tuple[int, str]:
    """By number, the highest first."""
    name = item[0]
    digits = name.rpartition("-")[2]
    return (-int(digits) if digits.isdigit() and digits.isascii() else 0, name)
