"""`show N`: one ticket: summary, order, clocks, last messages, buttons."""

from __future__ import annotations

from dataclasses import replace

from bot.messages import Reply
from bot.ticket import TARGETS, Ticket
from bot.turn import Turn, Verb
from bot.wording import label
from bot.wording.cards import ticket_card, with_history

LAST = 5


def run(turn: Turn) -> Reply:
    ticket = turn.ticket()
    merchant = turn.merchant(ticket)
    telling = turn.telling(ticket, merchant.timezone)
    messages = list(turn.stores.messages.last(ticket.merchant_id, ticket.number, LAST))
    people = turn.stores.people.many({each.agent_id for each in messages if each.agent_id})
    card = ticket_card(ticket, merchant, telling, lines=(_clocks(turn, ticket),))
    card = with_history(card, messages, {id: person.name for id, person in people.items()}, turn.locale)
    return Reply(card.title, (replace(card),), ticket=ticket.number, locale=turn.locale)


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
