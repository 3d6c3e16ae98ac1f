"""`unsnooze N`: hears about a ticket again."""

from __future__ import annotations

from bot.messages import Reply
from bot.ticket import Change, Event
from bot.turn import Turn, Verb


def run(turn: Turn) -> Reply:
    ticket = turn.ticket()
    turn.stores.notes.snooze(ticket.merchant_id, ticket.number, turn.who.id, None)
    turn.stores.deadlines.disarm(ticket.merchant_id, ticket.number, f"snooze:{turn.who.id}")
    saved = turn.commit(ticket, Change(ticket, (Event("unsnoozed", {"agent": turn.who.id}),)))
    return turn.reply("unsnoozed", saved)


VERB = Verb(
    "unsnooze", ("取消稍后",), ("unsnooze N", "取消稍后 N"), ("hear about it again", "恢复提醒"), run, ("unsnooze 1024", "取消稍后 1024")
)
