"""`tag N label`: corrects the category."""

from __future__ import annotations

from bot import hinting, same_ip
from bot import ticket as rules
from bot.labelling import corrected
from bot.messages import Reply
from bot.turn import Turn, Verb
from bot.wording import SENTENCES, label


def run(turn: Turn) -> Reply:
    ticket = turn.ticket()
    said = turn.text("category", needed=True)
    saved = turn.commit(ticket, rules.categorise(ticket, category(said), "agent", turn.now))
    same_ip.recategorised(turn.stores, turn.house, ticket, saved, turn.now)
    corrected(turn.stores, turn.house, ticket, saved.category.label, turn.who.id, turn.now)
    saved = hinting.again(turn.stores, turn.house, saved, turn.now)
    return turn.reply("tagged", saved, category=label("category", saved.category.label, turn.locale))


def category(said: str) -> str:
    """A category's id from its id or one of its names; what fits none comes back as it is, to be refused."""
    wanted = said.casefold().replace(" ", "_").replace("-", "_")
    for each in rules.CATEGORIES:
        english, chinese = SENTENCES[f"category.{each}"]
        if wanted in (each, english.casefold().replace(" ", "_").replace("-", "_")) or said == chinese:
            return each
    return said[:60]


VERB = Verb(
    "tag",
    ("标签",),
    ("tag N label", "标签 N 分类"),
    ("correct the category", "更正分类"),
    run,
    ("tag 1024 refund_delay", "标签 1024 退款延迟"),
)
