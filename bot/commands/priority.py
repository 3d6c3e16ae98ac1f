"""`priority N low|normal|high|urgent`."""

from __future__ import annotations

from bot import ticket as rules
from bot.commands.claim import on_the_way
from bot.messages import Reply
from bot.people import Role
from bot.turn import Turn, Verb
from bot.wording import SENTENCES, label


def run(turn: Turn) -> Reply:
    ticket = turn.ticket()
    said = turn.text("priority", needed=True).casefold()
    priority = next((each for each in rules.PRIORITIES if said in (each, SENTENCES[f"priority.{each}"][1])), said[:40])
    change = rules.set_priority(ticket, priority, turn.now)
    if turn.who.role is Role.AGENT and ticket.assignee is None:
        ticket = on_the_way(turn, ticket)
        change = rules.set_priority(ticket, priority, turn.now)
    saved = turn.commit(ticket, change)
    return turn.reply("prioritised", saved, priority=label("priority", saved.priority, turn.locale))


VERB = Verb(
    "priority", ("优先级",), ("priority N low|normal|high|urgent", "优先级 N 低|普通|高|紧急"),
    ("set how urgent a ticket is", "设置优先级"), run, ("priority 1024 high", "优先级 1024 高"),
)  # fmt: skip
