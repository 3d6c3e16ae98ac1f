"""A message that came over the API: a buyer's, an agent's public reply, or a note."""

from __future__ import annotations

from datetime import datetime

from bot import hinting, replies
from bot.announce import Actor
from bot.asking import seen_ticket
from bot.errors import BadUsage, NotAllowed, NotFound
from bot.house import House
from bot.messages import NewMessage
from bot.people import may
from bot.records import Message
from bot.stores import Stores


def add_message(stores: Stores, house: House, new: NewMessage, now: datetime) -> Message:
    """The message as stored. A public reply leaves at once: a system's cannot be taken back. Raises NotFound, BadUsage, NotAllowed."""
    ticket = seen_ticket(stores, new.ticket, new.within)
    if new.author == "buyer":
        said = replies.message(ticket, "buyer", None, new.text, True, now, new.attachments)
        replies.from_buyer(stores, house, ticket, said, now, Actor("buyer", new.via))
        hinting.again(stores, house, seen_ticket(stores, new.ticket, new.within), now, new.text)
        return said
    if new.agent is None:
        raise BadUsage("agent_needed", field="agent")
    who = stores.people.get(new.agent, new.within)
    if who is None or not who.sees(ticket.merchant_id) or (new.within is not None and who.merchant_id != new.within):
        raise NotFound("no_agent", field="agent", agent=new.agent[:64])
    reason = may(who, "reply" if new.public else "note", ticket)
    if reason is not None:
        raise NotAllowed(reason, ticket=ticket.name, who=who.name, role=who.role.value)
    said = replies.message(ticket, "agent", who.id, new.text, new.public, now, new.attachments)
    act = replies.reply if new.public else replies.note
    act(stores, house, ticket, said, now, Actor(who.id, new.via))
    return said
