"""`close N [text]`: the case is over; can be taken back for 10 s."""

from __future__ import annotations

from bot import ticket as rules
from bot.card import Button, Card, Form, Input
from bot.commands.claim import on_the_way
from bot.messages import Reply
from bot.records import Undoable
from bot.replies import HOLD
from bot.turn import Turn, Verb


def run(turn: Turn) -> Reply:
    ticket = turn.ticket()
    text = turn.text()
    rules.close(ticket, turn.now)
    ticket = on_the_way(turn, ticket)
    # Its public announcement is held as long as it can be undone, so that nobody outside hears of a slip.
    saved = turn.commit(ticket, rules.close(ticket, turn.now, text), hold=HOLD)
    turn.stores.notes.put_undo(Undoable(turn.who.id, "close", ticket.merchant_id, ticket.number, turn.now + HOLD, ticket))
    said = turn.say("closed", ticket=saved.name, seconds=int(HOLD.total_seconds()))
    undo = Button(turn.say("button.undo"), f"undo {saved.number}")
    return Reply(said, (Card(said, "good", buttons=(undo,)),), ticket=saved.number, locale=turn.locale)


def form(turn: Turn) -> Form:
    """A word on how it ended, if one likes."""
    ticket = turn.ticket()
    rules.close(ticket, turn.now)
    return turn.form(Input("text", turn.say("ask.text"), needed=False), ticket=ticket)


VERB = Verb(
    "close",
    ("关闭",),
    ("close N [text]", "关闭 N [说明]"),
    ("close a ticket", "关闭工单"),
    run,
    ("close 1024", "关闭 1024"),
    form=form,
)
