"""`whoami`: who the bot takes one for."""

from __future__ import annotations

from bot.card import Card, Field
from bot.messages import Reply
from bot.turn import Turn, Verb
from bot.wording import label


def run(turn: Turn) -> Reply:
    who = turn.who
    title = turn.say("whoami", name=who.name, id=who.id, role=label("role", who.role.value, turn.locale))
    merchant = turn.stores.merchants.get(who.merchant_id) if who.merchant_id else None
    fields = (
        Field(turn.say("field.merchant"), merchant.name if merchant else turn.say("whoami_operator")),
        Field(turn.say("field.locale"), "中文" if turn.locale == "zh" else "English"),
    )
    return Reply(title, (Card(title, "info", fields=fields),), locale=turn.locale)


VERB = Verb("whoami", ("我",), ("whoami", "我"), ("who I take you for", "查看您的身份"), run, ("whoami", "我"), changes=False)
