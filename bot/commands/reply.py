"""`reply N text`: a public reply to the buyer, held 10 s so that it can be taken back."""

from __future__ import annotations

from bot import replies
from bot.card import Button, Card
from bot.messages import Reply
from bot.records import Undoable
from bot.turn import Turn, Verb


def run(turn: Turn) -> Reply:
    ticket = turn.ticket()
    files = tuple(turn.args.get("attachments") or ())
    text = turn.text(needed=not files)
    until = turn.now + replies.HOLD
    new = replies.message(ticket, "agent", turn.who.id, text, True, turn.now, files, until)
    saved = replies.hold(turn.stores, turn.house, ticket, new, turn.now, turn.actor)
    turn.stores.notes.put_undo(Undoable(turn.who.id, "reply", ticket.merchant_id, ticket.number, until, None, new.id))
    said = turn.say("replied", ticket=saved.name, seconds=int(replies.HOLD.total_seconds()))
    card = Card(said, "info", buttons=(Button(turn.say("button.undo"), "undo"),))
    return Reply(said, (card,), ticket=saved.number, locale=turn.locale)


VERB = Verb(
    "reply",
    ("回复",),
    ("reply N text", "回复 N 内容"),
    ("answer the buyer", "公开回复买家"),
    run,
    ("reply 1024 It ships today.", "回复 1024 今天发货。"),
)
