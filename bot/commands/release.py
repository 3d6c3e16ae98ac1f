"""`release N`: gives a ticket back, to the team or to whom it was taken over from. A manager's, it leaves an escalated one where it is."""

from __future__ import annotations

from bot import ticket as rules
from bot.announce import notify
from bot.messages import Reply
from bot.people import Person, Role, may
from bot.ticket import Ticket
from bot.turn import Turn, Verb


def run(turn: Turn) -> Reply:
    ticket = turn.ticket()
    if turn.who.role is Role.SENIOR_MANAGER and ticket.tier >= 2 and ticket.assignee != turn.who.id:
        kept = turn.commit(ticket, rules.hand_back(ticket, turn.who.id, turn.now))
        return turn.reply("handed_back", kept, who=turn.name(kept.assignee) if kept.assignee else turn.say("the_team"))
    to = _before(turn, ticket)
    saved = turn.commit(ticket, rules.release(ticket, turn.now, to.id if to else None))
    if to is None:
        return turn.reply("released", saved)
    there = turn.house.reach(turn.stores, to, turn.merchant(saved), turn.now)
    payload = {"person": to.id, "by": turn.who.id}
    notify(turn.stores, saved, f"assigned:{saved.number}:v{saved.version}", "assigned", there, payload, turn.now)
    return turn.reply("released_to", saved, who=to.name)


def _before(turn: Turn, ticket: Ticket) -> Person | None:
    """Whose it was, if they still can have it."""
    found = turn.stores.people.get(ticket.taken_from) if ticket.taken_from else None
    return found if found is not None and found.sees(ticket.merchant_id) and may(found, "claim", ticket) is None else None


VERB = Verb("release", ("释放",), ("release N", "释放 N"), ("give a ticket back", "释放或交还工单"), run, ("release 1024", "释放 1024"))
