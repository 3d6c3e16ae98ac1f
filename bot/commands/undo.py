"""`undo`: takes back one's last close or reply within 10 s."""

from __future__ import annotations

from bot import ticket as rules
from bot.errors import WrongState
from bot.messages import Reply
from bot.replies import HOLD, said_on
from bot.ticket import Change, Event, State
from bot.turn import Turn, Verb
from bot.wording import label


def run(turn: Turn) -> Reply:
    last = turn.stores.notes.undoable(turn.who.id)
    if last is None or last.until < turn.now:
        raise WrongState("nothing_to_undo")
    turn.stores.notes.clear_undo(turn.who.id)
    ticket = turn.find(last.ticket)
    if last.verb == "close":
        if ticket.state is not State.CLOSED or ticket.closed_at != last.until - HOLD:  # somebody else's by now
            raise WrongState("nothing_to_undo")
        saved = turn.commit(ticket, rules.undo_close(ticket, last.before, turn.now))
        return turn.reply("undone_close", saved, state=label("state", saved.state.value, turn.locale))
    held = said_on(turn.stores, ticket, last.message_id or "")
    if held is None or held.held_until is None:
        raise WrongState("nothing_to_undo")
    turn.stores.messages.remove(held)
    turn.stores.deadlines.disarm(last.merchant_id, last.ticket, f"reply:{held.id}")
    saved = turn.commit(ticket, Change(ticket, (Event("undone", {"message": held.id}),)))
    return turn.reply("undone_reply", saved)


VERB = Verb(
    "undo", ("撤销",), ("undo", "撤销"), ("take back your last close or reply, within 10 s", "10 秒内撤销关闭或回复"), run, ("undo", "撤销")
)
