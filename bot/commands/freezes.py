"""`freezes`: what is switched off, and until when."""

from __future__ import annotations

from bot.card import Card
from bot.messages import Reply
from bot.turn import Turn, Verb
from bot.wording import label
from bot.wording.times import clock_time

MOST = 20


def run(turn: Turn) -> Reply:
    turn.allow("freezes")
    within = turn.command.within or turn.who.merchant_id
    found = turn.stores.freezes.page(within, turn.now, MOST, None)
    if not found.items:
        return turn.reply("freezes_none")
    merchants = turn.stores.merchants.many({each.merchant_id for each in found.items})
    lines = []
    for each in found.items:
        until = clock_time(each.until, merchants[each.merchant_id].timezone, turn.now)
        reason = label("reason", each.reason, turn.locale)
        key = "channel_freeze_line" if each.kind == "collection" else "freeze_line"
        where = {"channel": each.subject, "merchant": each.merchant_id} if each.kind == "collection" else {"shop": each.subject}
        lines.append(turn.say(key, until=until, reason=reason, ticket=f"T-{each.ticket}" if each.ticket else "–", **where))
    if found.next_cursor is not None:
        lines.append(turn.say("freezes_more"))
    title = turn.say("freezes_title", count=f"{len(found.items)}{'+' if found.next_cursor else ''}")
    return Reply(title, (Card(title, "alarm", tuple(lines)),), locale=turn.locale)


VERB = Verb("freezes", ("冻结",), ("freezes", "冻结"), ("what is frozen, until when", "查看冻结"), run, ("freezes", "冻结"), changes=False)
