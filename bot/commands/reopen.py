"""`reopen N [why]`: back to open; tiers 2 and 3 are armed anew."""

from __future__ import annotations

from bot import ticket as rules
from bot.messages import Reply
from bot.sla.policy import arm
from bot.ticket import Change
from bot.turn import Turn, Verb


def run(turn: Turn) -> Reply:
    ticket = turn.ticket()
    change = rules.reopen(ticket, turn.now, turn.text("reason"))
    armed = arm(change.ticket, turn.policy(change.ticket), turn.now, ("resolution", "closure"))
    return turn.reply("reopened", turn.commit(ticket, Change(armed, change.events)))


VERB = Verb(
    "reopen",
    ("重开",),
    ("reopen N [why]", "重开 N [原因]"),
    ("bring a ticket back", "重开工单"),
    run,
    ("reopen 1024 the buyer wrote again", "重开 1024 买家再次来信"),
)
