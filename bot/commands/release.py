"""`release N`: gives a ticket back to the team."""

from __future__ import annotations

from bot import ticket as rules
from bot.messages import Reply
from bot.turn import Turn, Verb


def run(turn: Turn) -> Reply:
    ticket = turn.ticket()
    return turn.reply("released", turn.commit(ticket, rules.release(ticket, turn.now)))


VERB = Verb("release", ("释放",), ("release N", "释放 N"), ("give a ticket back", "释放工单"), run, ("release 1024", "释放 1024"))
