"""`reviews`: the risk reviews that wait for a decision."""

from __future__ import annotations

from bot.card import Button, Card
from bot.messages import Reply
from bot.turn import Turn, Verb

MOST = 20
WITH_BUTTONS = 2  # more than that a card does not hold


def run(turn: Turn) -> Reply:
    turn.allow("reviews")
    found = turn.stores.risk.page(turn.command.within, True, MOST, None)
    if not found.items:
        return turn.reply("reviews_none")
    lines = [
        turn.say("review_item", review=each.id, shop=each.shop_id, day=each.day, count=each.count, mean=f"{each.mean:.1f}")
        for each in found.items
    ]
    if found.next_cursor is not None:
        lines.append(turn.say("reviews_more"))
    buttons = tuple(
        Button(f"{turn.say(f'button.{verb}')} {each.id}", f"{verb} {each.id}", form="must")
        for each in found.items[:WITH_BUTTONS]
        for verb in ("confirm", "dismiss")
    )
    title = turn.say("reviews_title", count=f"{len(found.items)}{'+' if found.next_cursor else ''}")
    return Reply(title, (Card(title, "alarm", tuple(lines), buttons=buttons),), locale=turn.locale)


VERB = Verb(
    "reviews", ("复核",), ("reviews", "复核"), ("risk reviews that wait", "待处理的风险复核"), run, ("reviews", "复核"), changes=False
)  # fmt: skip
