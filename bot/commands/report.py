"""`report N`: the service anomaly report, behind a link that works for some days."""

from __future__ import annotations

from bot.card import Button, Card
from bot.messages import Reply
from bot.reporting import LINK, link, report
from bot.turn import Turn, Verb
from bot.wording.times import clock_time


def run(turn: Turn) -> Reply:
    ticket = turn.ticket()
    report(turn.stores, turn.house, ticket, turn.locale, turn.now)  # refused where there is none yet
    title = turn.say("report.ready", ticket=ticket.name)
    until = clock_time(turn.now + LINK, turn.merchant(ticket).timezone, turn.now)
    button = Button(turn.say("button.report"), "", url=link(turn.house, ticket, turn.now))
    lines = (turn.say("report.link_line", until=until),)
    return Reply(title, (Card(title, "alarm", lines, buttons=(button,)),), ticket=ticket.number, locale=turn.locale)


VERB = Verb(
    "report",
    ("报告",),
    ("report N", "报告 N"),
    ("the service anomaly report, a PDF", "服务异常报告（PDF）"),
    run,
    ("report 1024", "报告 1024"),
    changes=False,
)
