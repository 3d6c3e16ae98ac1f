"""`claim N`: takes a ticket; a second person is told who has it."""

from __future__ import annotations

from bot import ticket as rules
from bot.errors import AlreadyClaimed
from bot.messages import Reply
from bot.people import Role
from bot.ticket import Change, State, Ticket
from bot.turn import Turn, Verb

TAKES_OVER = (Role.SENIOR_MANAGER, Role.LEAD, Role.ADMIN)


def run(turn: Turn) -> Reply:
    ticket = turn.ticket()
    before = ticket.assignee
    if before == turn.who.id and ticket.state is State.OPEN:
        return turn.reply("claimed_already", ticket)
    # After an escalation a manager may take the ticket over; until then it has to be handed over by a lead.
    takes_over = ticket.tier >= 2 and turn.who.role in TAKES_OVER
    saved = turn.commit(ticket, claimed(turn, ticket, takes_over=takes_over))
    if before not in (None, turn.who.id):
        return turn.reply("taken_over", saved, who=turn.name(before))
    return turn.reply("claimed", saved)


def claimed(turn: Turn, ticket: Ticket, *, takes_over: bool = False) -> Change:
    """The claim, refused with the other's name rather than their id."""
    by = turn.policy(ticket).first_response_by
    try:
        return rules.claim(ticket, turn.who.id, turn.now, first_response_by=by, takes_over=takes_over)
    except AlreadyClaimed as refused:
        name = turn.name(ticket.assignee)
        raise AlreadyClaimed(refused.key, ticket=ticket.name, who=name, extra={"assignee": ticket.assignee}) from None


def on_the_way(turn: Turn, ticket: Ticket) -> Ticket:
    """Who works an unclaimed ticket has claimed it."""
    return turn.commit(ticket, claimed(turn, ticket)) if ticket.assignee is None and ticket.state in rules.LIVE else ticket


VERB = Verb("claim", ("认领",), ("claim N", "认领 N"), ("take a ticket", "认领工单"), run, ("claim 1024", "认领 1024"))
