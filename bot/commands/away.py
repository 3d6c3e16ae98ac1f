"""`away 2h`: alerts that are for this person go to the team meanwhile."""

from __future__ import annotations

from dataclasses import replace

from bot.messages import Reply
from bot.turn import Turn, Verb
from bot.wording.times import clock_time


def run(turn: Turn) -> Reply:
    until = turn.now + turn.duration(turn.text("for", needed=True), "for")
    turn.stores.people.put(replace(turn.who, away_until=until))
    merchant = turn.stores.merchants.get(turn.who.merchant_id) if turn.who.merchant_id else None
    timezone = merchant.timezone if merchant else turn.house.settings.timezone
    return turn.reply("away", until=clock_time(until, timezone, turn.now))


VERB = Verb("away", ("离开",), ("away 2h", "离开 2h"), ("alerts for you go to the team", "暂时离开"), run, ("away 2h", "离开 2h"))
