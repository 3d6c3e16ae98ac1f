"""`report N`: the service anomaly report, behind a link that works for some days, and as a file where a chat takes one."""

from __future__ import annotations

from bot.card import Button, Card
from bot.messages import Paper, Reply
from bot.reporting import LINK, key, link, report
from bot.turn import Turn, Verb
from bot.wording.times import clock_time


def run(turn: Turn) -> Reply:
    ticket = turn.ticket()
    report(turn.stores, turn.house, ticket, turn.locale, turn.now)  # refused where there is none yet
    title = turn.say("report.ready", ticket=ticket.name)
    until = clock_time(turn.now + LINK, turn.merchant(ticket).timezone, turn.now)
    button = Button(turn.say("button.report"), "", url=link(turn.house, ticket, turn.now))
    lines = (turn.say("report.link_line", until=until),)
    card = Card(title, "alarm", lines, buttons=(button,))
    paper = Paper(ticket.name, key(turn.house, ticket, turn.now))
    return Reply(title, (card,), ticket=ticket.number, locale=turn.locale, paper=paper)


VERB = Verb(
    "report",
    ("报告",),
    ("report N", "报告 N"),
    ("the service anomaly report, a PDF", "服务异常报告（PDF）"),
    run,
    ("report 1024", "报告 1024"),
    changes=False,
)
