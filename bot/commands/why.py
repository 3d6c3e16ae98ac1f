"""`why N`: how each clock got where it is."""

from __future__ import annotations

from bot.card import Card
from bot.messages import Reply
from bot.turn import Turn, Verb
from bot.wording.cards import tone
from bot.wording.cases import case_line
from bot.wording.clocks import story


def run(turn: Turn) -> Reply:
    ticket = turn.ticket()
    policy = turn.policy(ticket)
    timezone = turn.merchant(ticket).timezone
    lines = story(ticket, policy, turn.locale, timezone, turn.now)
    evidence = case_line(ticket, timezone, turn.now, turn.locale)
    lines = (*lines, evidence) if evidence else lines
    title = turn.say("why_title", ticket=ticket.name)
    return Reply(title, (Card(title, tone(ticket), lines),), ticket=ticket.number, locale=turn.locale)


VERB = Verb(
    "why",
    ("为什么", "计时"),
    ("why N", "为什么 N"),
    ("how its clocks got where they are", "说明计时依据"),
    run,
    ("why 1024", "为什么 1024"),
    changes=False,
)
