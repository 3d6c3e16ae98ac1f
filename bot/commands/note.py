"""`note N text`: an internal note; it never leaves the team."""

from __future__ import annotations

from bot import replies
from bot.card import Form, Input
from bot.messages import Reply
from bot.turn import Turn, Verb


def run(turn: Turn) -> Reply:
    ticket = turn.ticket()
    files = tuple(turn.args.get("attachments") or ())
    text = turn.text(needed=not files)
    new = replies.message(ticket, "agent", turn.who.id, text, False, turn.now, files)
    return turn.reply("noted", replies.note(turn.stores, turn.house, ticket, new, turn.now, turn.actor))


def form(turn: Turn) -> Form:
    """The note."""
    ticket = turn.ticket()
    return turn.form(Input("text", turn.say("ask.note")), ticket=ticket)


VERB = Verb(
    "note",
    ("备注",),
    ("note N text", "备注 N 内容"),
    ("keep an internal note", "记录内部备注"),
    run,
    ("note 1024 called the carrier", "备注 1024 已联系物流"),
    form=form,
)
