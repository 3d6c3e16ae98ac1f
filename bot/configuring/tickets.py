"""What is set on a ticket outside its life: priority and custom fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot import custom, originals, views
from bot.announce import Actor, commit
from bot.asking import seen_ticket
from bot.errors import BadUsage
from bot.house import House
from bot.messages import Doc, PatchTicket
from bot.stores import Stores
from bot.ticket import Change, Event, set_priority

MOST_FIELDS = 50


def _patch(stores: Stores, house: House, change: PatchTicket, now: datetime) -> Doc:
    ticket = seen_ticket(stores, change.number, change.within)
    actor = Actor(change.by, change.via)
    if change.priority is not None:
        ticket = commit(stores, house, ticket, set_priority(ticket, change.priority, now), now, actor)
    if change.custom_fields is not None:
        custom.check(stores.custom.of(ticket.merchant_id), change.custom_fields)
        texts = {f"{ticket.name}/field/{key}": value for key, value in change.custom_fields.items() if isinstance(value, str)}
        originals.none_refused(stores, ticket.merchant_id, originals.parts_of("", "", None, change.custom_fields))
        shown = originals.hidden(stores, house, ticket.merchant_id, ticket.number, texts, originals.buyer_of(stores, house, ticket))
        fields = {key: shown.get(f"{ticket.name}/field/{key}", value) for key, value in change.custom_fields.items()}
        merged = _merged(ticket.custom_fields, fields)
        event = Event("ticket.updated", {"custom_fields": sorted(change.custom_fields)})
        ticket = commit(stores, house, ticket, Change(replace(ticket, custom_fields=merged), (event,)), now, actor)
    return views.ticket_doc(ticket)


def _merged(before: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    merged = {key: value for key, value in {**before, **patch}.items() if value is not None}
    if len(merged) > MOST_FIELDS:
        raise BadUsage("too_many", field="custom_fields", most=MOST_FIELDS)
    return merged


CHANGES = {PatchTicket: _patch}
