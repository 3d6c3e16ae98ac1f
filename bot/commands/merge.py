"""`merge N into M`: N closes into M; its messages go along and its clocks stop."""

from __future__ import annotations

import re

from bot import ticket as rules
from bot.errors import BadUsage
from bot.messages import Reply
from bot.turn import Turn, Verb

_INTO = re.compile(r"^\s*(?:into|to|到|至|并入)?\s*", re.IGNORECASE)


def run(turn: Turn) -> Reply:
    ticket = turn.ticket()
    into = turn.find(_into(turn))
    if into.merchant_id != ticket.merchant_id:
        raise BadUsage("other_merchant", field="into")
    gone, kept = rules.merge(ticket, into, turn.now)
    saved = turn.commit(ticket, gone)
    turn.stores.messages.move(saved, into)
    turn.stores.personal.move(saved.merchant_id, saved.number, into.number)
    turn.commit(into, kept)
    return turn.reply("merged", saved, into=into.name)


def _into(turn: Turn) -> int:
    if isinstance(turn.args.get("into"), int):
        return int(turn.args["into"])
    turn.at += len(_INTO.match(turn.source[turn.at :])[0])  # type: ignore[index]  # it matches nothing, too
    number = turn.take_number()
    if number is None:
        raise BadUsage("bad_number", field="into", example=turn.verb.example[turn.locale == "zh"])
    return number


VERB = Verb(
    "merge",
    ("合并",),
    ("merge N into M", "合并 N M"),
    ("close one ticket into another", "合并工单"),
    run,
    ("merge 1024 into 1020", "合并 1024 1020"),
)
