"""`resolve N [text]`: the case is solved; the text is kept for the team."""

from __future__ import annotations

from bot import ticket as rules
from bot.card import Choice, Form, Input
from bot.commands.claim import on_the_way
from bot.messages import Reply
from bot.turn import Turn, Verb

USUAL = ("answered", "refunded", "sent_again", "paid_out", "mended", "nothing")


def run(turn: Turn) -> Reply:
    ticket = turn.ticket()
    text = turn.text()
    rules.resolve(ticket, turn.now)
    ticket = on_the_way(turn, ticket)
    return turn.reply("resolved", turn.commit(ticket, rules.resolve(ticket, turn.now, text)))


def form(turn: Turn) -> Form:
    """A word on how it was solved, if one likes; where nothing can be typed one of the usual."""
    ticket = turn.ticket()
    rules.resolve(ticket, turn.now)
    usual = tuple(Choice(turn.say(f"solved.{each}"), turn.say(f"solved.{each}")) for each in USUAL)
    return turn.form(Input("text", turn.say("ask.text"), options=usual, needed=False), ticket=ticket)


VERB = Verb(
    "resolve",
    ("解决",),
    ("resolve N [text]", "解决 N [说明]"),
    ("mark a ticket solved", "标记为已解决"),
    run,
    ("resolve 1024 refunded", "解决 1024 已退款"),
    form=form,
)
