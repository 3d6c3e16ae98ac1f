"""`undo`: takes back one's last close or reply within 10 s; its button says which (`undo N`, `undo N msg_…`)."""

from __future__ import annotations

from bot import ticket as rules
from bot.errors import WrongState
from bot.messages import Reply
from bot.records import Message, Undoable
from bot.replies import HOLD, said_on
from bot.ticket import Change, Event, State, Ticket
from bot.turn import Turn, Verb
from bot.wording import label


def run(turn: Turn) -> Reply:
    last = turn.stores.notes.undoable(turn.who.id)
    number, message_id = turn.take_number(), turn.words
    if number is not None and message_id:
        ticket = turn.find(number)
        if last is not None and last.message_id == message_id:
            turn.stores.notes.clear_undo(turn.who.id)
        return _reply(turn, ticket, said_on(turn.stores, ticket, message_id))
    if last is None or last.until < turn.now or number not in (None, last.ticket):
        raise WrongState("nothing_to_undo")
    turn.stores.notes.clear_undo(turn.who.id)
    ticket = turn.find(last.ticket)
    if last.verb == "close":
        return _close(turn, ticket, last)
    return _reply(turn, ticket, said_on(turn.stores, ticket, last.message_id or ""))


def _close(turn: Turn, ticket: Ticket, last: Undoable) -> Reply:
    if ticket.state is not State.CLOSED or ticket.closed_at != last.until - HOLD:  # somebody else's by now
        raise WrongState("nothing_to_undo")
    saved = turn.commit(ticket, rules.undo_close(ticket, last.before, turn.now))
    return turn.reply("undone_close", saved, state=label("state", saved.state.value, turn.locale))


def _reply(turn: Turn, ticket: Ticket, held: Message | None) -> Reply:
    if held is None or held.held_until is None or held.held_until < turn.now or held.agent_id != turn.who.id:
        raise WrongState("nothing_to_undo")
    turn.stores.messages.remove(held)
    turn.stores.personal.drop(ticket.merchant_id, [held.id])
    turn.stores.deadlines.disarm(ticket.merchant_id, ticket.number, f"reply:{held.id}")
    saved = turn.commit(ticket, Change(ticket, (Event("undone", {"message": held.id}),)))
    return turn.reply("undone_reply", saved)


VERB = Verb(
    "undo", ("撤销",), ("undo", "撤销"), ("take back your last close or reply, within 10 s", "10 秒内撤销关闭或回复"), run, ("undo", "撤销")
)
