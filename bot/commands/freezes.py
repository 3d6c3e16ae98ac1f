"""`freezes`: what is switched off, and until when."""

from __future__ import annotations

from bot.card import Card
from bot.messages import Reply
from bot.turn import Turn, Verb
from bot.wording import label
from bot.wording.times import clock_time


def run(turn: Turn) -> Reply:
    turn.allow("freezes")
    within = turn.command.within or turn.who.merchant_id
    found = turn.stores.freezes.page(within, turn.now, 20, None).items
    if not found:
        return turn.reply("freezes_none")
    merchants = turn.stores.merchants.many({each.merchant_id for each in found})
    lines = []
    for each in found:
        until = clock_time(each.until, merchants[each.merchant_id].timezone, turn.now)
        reason = label("reason", each.reason, turn.locale)
        lines.append(
            turn.say("freeze_line", shop=each.subject, until=until, reason=reason, ticket=f"T-{each.ticket}" if each.ticket else "–")
        )
    title = turn.say("freezes_title", count=len(lines))
    return Reply(title, (Card(title, "alarm", tuple(lines)),), locale=turn.locale)


VERB = Verb("freezes", ("冻结",), ("freezes", "冻结"), ("what is frozen, until when", "查看冻结"), run, ("freezes", "冻结"), changes=False)
