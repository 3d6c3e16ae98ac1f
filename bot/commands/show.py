"""`show N`: one ticket: summary, order, clocks, last messages, buttons."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.card import Field
from bot.messages import Reply
from bot.ticket import TARGETS, Ticket
from bot.turn import Turn, Verb
from bot.wording import label
from bot.wording.cards import ticket_card, with_history

LAST, MOST = 5, 12  # messages, custom fields


def run(turn: Turn) -> Reply:
    ticket = turn.ticket()
    merchant = turn.merchant(ticket)
    telling = turn.telling(ticket, merchant.timezone)
    messages = list(turn.stores.messages.last(ticket.merchant_id, ticket.number, LAST))
    people = turn.stores.people.many({each.agent_id for each in messages if each.agent_id})
    card = ticket_card(ticket, merchant, telling, lines=(_clocks(turn, ticket),))
    card = replace(card, fields=(*card.fields, *_own(turn, ticket)))
    card = with_history(card, messages, {id: person.name for id, person in people.items()}, turn.locale)
    return Reply(card.title, (replace(card),), ticket=ticket.number, locale=turn.locale)


def _own(turn: Turn, ticket: Ticket) -> list[Field]:
    """The merchant's own fields: in the order of their keys, by their labels."""
    labels = {each.key: each.label for each in turn.stores.custom.of(ticket.merchant_id)} if ticket.custom_fields else {}
    found = [Field(labels.get(key, key), _plain(value)) for key, value in sorted(ticket.custom_fields.items())]
    more = len(found) - MOST
    return found if more <= 0 else [*found[:MOST], Field("", turn.say("fields_more", count=more))]


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _clocks(turn: Turn, ticket: Ticket) -> str:
    """The three clocks in a line: `2 h ✓ · 24 h · 72 h missed`."""
    policy = turn.policy(ticket)
    said = []
    for kind in TARGETS:
        target = ticket.target(kind)
        name = f"{label('target', kind, turn.locale)} {policy.label(kind)}"
        mark = (
            "✓"
            if target.met_at and not target.breached_at
            else "✗"
            if target.breached_at
            else "…"
            if target.running
            else "⏸"
            if target.paused
            else "–"
        )
        said.append(f"{mark} {name}")
    return " · ".join(said)


VERB = Verb("show", ("查看",), ("show N", "查看 N"), ("one ticket in full", "查看工单"), run, ("show 1024", "查看 1024"), changes=False)
