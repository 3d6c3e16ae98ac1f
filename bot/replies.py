"""Messages on tickets: a buyer's, a note, and a public reply on its way out (held 10 s so that it can be taken back)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot import originals, translating
from bot.announce import Actor, commit, notify
from bot.courtesy import is_thanks
from bot.errors import WrongState
from bot.house import House, new_id
from bot.messages import Address
from bot.records import Deadline, Merchant, Message
from bot.sla.policy import arm
from bot.stores import Stores
from bot.ticket import ENDED, Change, Event, State, Ticket, answer, buyer_wrote
from bot.views import message_doc

HOLD = timedelta(seconds=10)  # how long a close or reply can be undone


def message(
    ticket: Ticket, author: str, agent: str | None, text: str, public: bool, now: datetime,
    attachments: tuple[Mapping[str, str], ...] = (), held_until: datetime | None = None,
) -> Message:  # fmt: skip
    """A new message on this ticket."""
    return Message(
        ticket.merchant_id, ticket.number, new_id("msg"), author, agent, text, public, now, held_until, attachments
    )  # fmt: skip


def note(stores: Stores, house: House, ticket: Ticket, new: Message, now: datetime, actor: Actor) -> Ticket:
    """An internal note: it never leaves the team."""
    _not_archived(ticket, "note")
    new = _kept(stores, house, ticket, new)
    event = Event("note", {"message": new.id})
    return commit(stores, house, ticket, Change(ticket, (event,)), now, actor)


def hold(stores: Stores, house: House, ticket: Ticket, new: Message, now: datetime, actor: Actor) -> Ticket:
    """A public reply, kept until `held_until`: it leaves then, and counts only then."""
    _answerable(ticket)
    new = _kept(stores, house, ticket, new)
    stores.deadlines.arm([Deadline(ticket.merchant_id, ticket.number, f"reply:{new.id}", new.held_until or now)])
    return commit(stores, house, ticket, Change(ticket, (Event("held", {"message": new.id}),)), now, actor)


def leave(stores: Stores, house: House, ticket: Ticket, message_id: str, now: datetime) -> None:
    """A held reply's moment has come. Nothing when it was taken back."""
    held = said_on(stores, ticket, message_id)
    if held is not None and held.held_until is not None:
        stores.messages.release(held)
        send(stores, house, ticket, replace(held, held_until=None), now, Actor(held.agent_id or "system"))


def reply(stores: Stores, house: House, ticket: Ticket, new: Message, now: datetime, actor: Actor) -> Ticket:
    """A public reply that leaves at once (a system's, which could not take it back)."""
    _answerable(ticket)
    new = _kept(stores, house, ticket, new)
    return send(stores, house, ticket, new, now, actor)


def send(stores: Stores, house: House, ticket: Ticket, sent: Message, now: datetime, actor: Actor) -> Ticket:
    """What a reply that leaves does: tier 1 is met, `ticket.replied` goes out, and an e-mail where the merchant mails buyers."""
    # Held until after its ticket was closed it is still the first that the buyer heard.
    ended = replace(ticket, first_responded_at=ticket.first_responded_at or now)
    changed = answer(ticket, now).ticket if ticket.state not in ENDED else ended
    change = Change(changed, (Event("ticket.replied", {"message": sent.id}),))
    saved = commit(stores, house, ticket, change, now, actor, extra={"reply": message_doc(sent)})
    merchant = stores.merchants.get(ticket.merchant_id)
    if merchant is not None and merchant.profile.get("buyer_mail") and ticket.buyer.get("email") and "email" in house.channels:
        # The address itself stays sealed: it is opened only when the mail is sent.
        address = Address("email", f"buyer:{ticket.number}")
        notify(stores, saved, f"reply:{sent.id}", "reply", [address], {"message": sent.id}, now)
    return saved


def from_buyer(stores: Stores, house: House, ticket: Ticket, new: Message, now: datetime, actor: Actor) -> Ticket:
    """A buyer's message; it reopens a resolved ticket, with clocks 2 and 3 armed anew, unless it is but a word of thanks."""
    _not_archived(ticket, "message")
    new = _kept(stores, house, ticket, new)
    thanks = ticket.state is State.RESOLVED and not new.attachments and is_thanks(new.text)
    change = buyer_wrote(ticket, now, thanks=thanks)
    if change.ticket.cycle > ticket.cycle:
        armed = arm(change.ticket, house.policy(stores, change.ticket), now, ("resolution", "closure"))
        change = Change(armed, change.events)
    saved = commit(stores, house, ticket, change, now, actor)
    merchant = stores.merchants.get(saved.merchant_id)
    if merchant is not None:
        translating.by_rule(stores, house, saved, merchant, now, new)
    if thanks and merchant is not None:
        _thanked(stores, house, saved, merchant, new, now)
        return saved
    there = house.team(merchant) if merchant is not None else []
    if there:
        notify(stores, saved, f"message:{new.id}", "message", there, {"message": new.id}, now)
    return saved


def _thanked(stores: Stores, house: House, ticket: Ticket, merchant: Merchant, new: Message, now: datetime) -> None:
    """Whoever solved it hears of it, and can reopen it where it was meant otherwise."""
    holder = stores.people.get(ticket.assignee) if ticket.assignee else None
    there = house.reach(stores, holder, merchant, now) if holder else house.team(merchant)
    if there:
        notify(stores, ticket, f"message:{new.id}", "thanked", there, {"message": new.id, "person": holder.id if holder else None}, now)


def said_on(stores: Stores, ticket: Ticket, message_id: str) -> Message | None:
    """The message, also where it went along into other tickets that this one was merged into."""
    found = stores.messages.get(ticket.merchant_id, ticket.number, message_id)
    while found is None and ticket.merged_into is not None:
        into = stores.tickets.get(ticket.merged_into, ticket.merchant_id)
        if into is None:
            return None
        ticket, found = into, stores.messages.get(into.merchant_id, into.number, message_id)
    return found


def _kept(stores: Stores, house: House, ticket: Ticket, new: Message) -> Message:
    """The message as it may be stored and shown: masked. What it said goes under its id, sealed."""
    originals.none_refused(stores, ticket.merchant_id, (("text", new.text),))
    known = originals.buyer_of(stores, house, ticket)
    shown = originals.hidden(stores, house, ticket.merchant_id, ticket.number, {new.id: new.text}, known)
    kept = replace(new, text=shown[new.id])
    stores.messages.add(kept)
    return kept


def _answerable(ticket: Ticket) -> None:
    if ticket.merged_into is not None:
        raise WrongState("merged_away", ticket=ticket.name, into=f"T-{ticket.merged_into}")
    _not_archived(ticket, "reply")


def _not_archived(ticket: Ticket, verb: str) -> None:
    if ticket.state is State.ARCHIVED:
        raise WrongState("wrong_state", ticket=ticket.name, state=ticket.state.value, verb=verb)
