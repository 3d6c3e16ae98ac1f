"""`pending N`: waiting on the buyer."""

from __future__ import annotations

from bot import ticket as rules
from bot.commands.claim import on_the_way
from bot.messages import Reply
from bot.turn import Turn, Verb


def run(turn: Turn) -> Reply:
    ticket = turn.ticket()
    rules.pending(ticket, turn.now)  # refused before anything is claimed on the way
    ticket = on_the_way(turn, ticket)
    return turn.reply("pended", turn.commit(ticket, rules.pending(ticket, turn.now)))


VERB = Verb("pending", ("待回复",), ("pending N", "待回复 N"), ("wait for the buyer", "转为等待买家"), run, ("pending 1024", "待回复 1024"))
