"""`back`: no longer away."""

from __future__ import annotations

from dataclasses import replace

from bot.messages import Reply
from bot.turn import Turn, Verb


def run(turn: Turn) -> Reply:
    turn.stores.people.put(replace(turn.who, away_until=None))
    return turn.reply("back")


VERB = Verb("back", ("回来",), ("back", "回来"), ("you are here again", "结束离开"), run, ("back", "回来"))
