"""`assign N @who`: a lead hands a ticket to somebody, who is told in person."""

from __future__ import annotations

import re

from bot import ticket as rules
from bot.announce import notify
from bot.errors import BadUsage, NotAllowed, NotFound
from bot.messages import Reply
from bot.people import Person, may
from bot.ticket import Ticket
from bot.turn import Turn, Verb


def run(turn: Turn) -> Reply:
    ticket = turn.ticket()
    to = _meant(turn, ticket)
    reason = None if to.sees(ticket.merchant_id) else "unseen"
    if reason or may(to, "claim", ticket) is not None:
        raise NotAllowed("assignee_cannot", field="to", who=to.name)
    if ticket.assignee == to.id:
        return turn.reply("assigned_already", ticket, who=to.name)
    by = turn.house.policy(ticket).first_response_by
    saved = turn.commit(ticket, rules.assign(ticket, to.id, turn.now, first_response_by=by))
    if to.id != turn.who.id:
        there = turn.house.reach(to, turn.merchant(ticket), turn.now)
        cause = f"assigned:{saved.number}:v{saved.version}"
        notify(turn.stores, saved, cause, "assigned", there, {"person": to.id, "by": turn.who.id}, turn.now)
    return turn.reply("assigned", saved, who=to.name)


def _meant(turn: Turn, ticket: Ticket) -> Person:
    words = str(turn.args.get("to") or turn.words).strip()
    if not words:
        raise BadUsage("needs_text", field="to", usage=turn.verb.used(turn.locale))
    mention = re.match(r"^<?@?(?:([A-Z0-9]+)/)?([UW][A-Z0-9]{4,})(?:\|[^>]*)?>?$", words)
    if mention and "to" not in turn.args:
        team = mention[1] or turn.command.by.id.partition("/")[0]
        linked = turn.stores.people.linked("slack", f"{team}/{mention[2]}")
        if linked is not None and linked.sees(ticket.merchant_id):
            return linked
    found = turn.stores.people.named(words.removeprefix("@").strip(), ticket.merchant_id)
    if not found:
        raise NotFound("no_agent", field="to", agent=words[:60])
    if len(found) > 1:
        names = ", ".join(f"{each.name} ({each.id})" for each in found[:5])
        raise BadUsage("ambiguous_person", field="to", words=words[:60], names=names)
    return found[0]


VERB = Verb(
    "assign",
    ("转派",),
    ("assign N @who", "转派 N @谁"),
    ("hand a ticket to somebody", "转派工单"),
    run,
    ("assign 1024 @mei", "转派 1024 @林梅"),
)
