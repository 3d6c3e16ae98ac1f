"""`assign N @who`: a lead hands a ticket to somebody, who is told in person."""

from __future__ import annotations

from bot import ticket as rules
from bot.announce import notify
from bot.card import Choice, Form, Input
from bot.errors import BadUsage, NotAllowed, NotFound
from bot.messages import Reply
from bot.people import Person, may
from bot.ticket import Ticket
from bot.turn import MOST_CHOICES, Turn, Verb


def run(turn: Turn) -> Reply:
    ticket = turn.ticket()
    to = _meant(turn, ticket)
    reason = None if to.sees(ticket.merchant_id) else "unseen"
    if reason or may(to, "claim", ticket) is not None:
        raise NotAllowed("assignee_cannot", field="to", who=to.name)
    if ticket.assignee == to.id:
        return turn.reply("assigned_already", ticket, who=to.name)
    by = turn.policy(ticket).first_response_by
    saved = turn.commit(ticket, rules.assign(ticket, to.id, turn.now, first_response_by=by))
    if to.id != turn.who.id:
        there = turn.house.reach(turn.stores, to, turn.merchant(ticket), turn.now)
        cause = f"assigned:{saved.number}:v{saved.version}"
        notify(turn.stores, saved, cause, "assigned", there, {"person": to.id, "by": turn.who.id}, turn.now)
    return turn.reply("assigned", saved, who=to.name)


def _meant(turn: Turn, ticket: Ticket) -> Person:
    words = str(turn.args.get("to") or turn.words).strip()
    if not words:
        raise BadUsage("needs_text", field="to", usage=turn.verb.used(turn.locale))
    if "to" not in turn.args:
        mentioned = _mentioned(turn, words.removeprefix("@"))
        if mentioned is not None and mentioned.sees(ticket.merchant_id):
            return mentioned
    found = turn.stores.people.named(words.removeprefix("@").strip(), ticket.merchant_id)
    if not found:
        raise NotFound("no_agent", field="to", agent=words[:60])
    if len(found) > 1:
        names = ", ".join(f"{each.name} ({each.id})" for each in found[:5])
        raise BadUsage("ambiguous_person", field="to", words=words[:60], names=names)
    return found[0]


def _mentioned(turn: Turn, account: str) -> Person | None:
    """Chats hand a mention on as the account's id: it is looked for where it was said, in a workspace's chat in the speaker's own."""
    by = turn.command.by
    workspace, slash, _ = by.id.rpartition("/")
    return turn.house.linked(turn.stores, by.channel, f"{workspace}{slash}{account}")


def form(turn: Turn) -> Form:
    """To whom: the merchant's people who could work it. Where they are too many to choose from, the name is typed."""
    ticket = turn.ticket()
    people = turn.stores.people.page(ticket.merchant_id, MOST_CHOICES + 1, None).items
    able = [each for each in people if each.id != ticket.assignee and may(each, "claim", ticket) is None]
    options = tuple(Choice(each.name, each.id) for each in able) if len(people) <= MOST_CHOICES else ()
    return turn.form(Input("to", turn.say("ask.to"), "choice" if options else "line", options=options), ticket=ticket)


VERB = Verb(
    "assign",
    ("转派",),
    ("assign N @who", "转派 N @谁"),
    ("hand a ticket to somebody", "转派工单"),
    run,
    ("assign 1024 @mei", "转派 1024 @林梅"),
    form=form,
)
