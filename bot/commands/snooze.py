"""`snooze N 30m`: silences repeats to this person; moves no deadline."""

from __future__ import annotations

from bot.messages import Reply
from bot.records import Deadline
from bot.ticket import Change, Event
from bot.turn import Turn, Verb
from bot.wording.times import clock_time


def run(turn: Turn) -> Reply:
    ticket = turn.ticket()
    length = turn.duration(turn.text("for") or "30m", "for")
    until = turn.now + length
    turn.stores.notes.snooze(ticket.merchant_id, ticket.number, turn.who.id, until)
    turn.stores.deadlines.arm([Deadline(ticket.merchant_id, ticket.number, f"snooze:{turn.who.id}", until)])
    saved = turn.commit(ticket, Change(ticket, (Event("snoozed", {"agent": turn.who.id, "until": until.isoformat()}),)))
    shown = clock_time(until, turn.merchant(ticket).timezone, turn.now)
    return turn.reply("snoozed", saved, until=shown, number=saved.number)


VERB = Verb(
    "snooze",
    ("稍后",),
    ("snooze N 30m", "稍后 N 30m"),
    ("no repeats to you for a while", "暂停对您的重复提醒"),
    run,
    ("snooze 1024 30m", "稍后 1024 30m"),
)
