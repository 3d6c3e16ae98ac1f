"""As in chat: claim, release, assign, pending, resolve, close, reopen, escalate, snooze, merge, category, reveal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from bot.errors import UnknownPerson
from bot.messages import Command, Doc, GetTicket, Identity
from handlers.api.fields import LINE, Answer, Id, LanguageTag, Model, Span, Words
from handlers.api.fields import Reason as Why
from handlers.api.reading import TICKET_LIMIT
from handlers.api.route import Call, Route, Work
from handlers.api.tickets import TicketAnswer
from handlers.api.words import Category
from handlers.problems import Problem


def _number(given: Any) -> Any:
    """`T-1024` is a number too, as people write it."""
    if isinstance(given, str) and given[:2].upper() == "T-" and given[2:].isascii() and given[2:].isdigit() and len(given) <= 12:
        return int(given[2:])
    return given


class Action(Model):
    """Who acts; needed where the key is no person's."""

    agent: Id | None = None


class Assign(Action):
    """To whom."""

    to: Id


class Ending(Action):
    """With a last word."""

    text: Words | None = None


class Reason(Action):
    """And why."""

    reason: Why | None = None


class Snooze(Action):
    """For how long."""

    span: Annotated[Span, Field(alias="for")]


class Merge(Action):
    """Into which ticket."""

    into: Annotated[int, BeforeValidator(_number), Field(ge=1, lt=TICKET_LIMIT)]


class Translate(Action):
    """Into which language; the person's own without it."""

    lang: LanguageTag | None = None


class Reveal(Action):
    """Which masked value: `name phone email address ip id_number passport card bank_account`, `subject`, `message`, a custom field's key.

    `last` is the newest message that has something masked.
    """

    field: Annotated[str, Field(min_length=1, max_length=60), LINE]


class Revealed(Answer):
    """As it was written. Of a kind that the ticket's texts tell several times: each once, separated by `, `."""

    ticket: str
    field: str
    value: str


class Recategorise(Action):
    """What it is about."""

    category: Category


def _work(verb: str) -> Work:
    async def work(call: Call) -> Doc:
        given: Action = call.body
        args: Mapping[str, Any] = given.model_dump(exclude={"agent"}, exclude_none=True, by_alias=True)
        who = Identity("agent", given.agent) if given.agent else Identity("key", call.bearer.key_id)
        command = Command(by=who, verb=verb, ticket=call.number, args=args, within=call.within, via="api", idempotency=call.once)
        try:
            said = await call.desk.handle(command)
        except UnknownPerson:
            if given.agent:
                raise
            raise Problem("invalid", errors=[(("body", "agent"), "is needed: this API key is no person's")]) from None
        if said.doc is not None:
            return dict(said.doc)
        document: Doc = await call.desk.ask(GetTicket(call.number, within=call.within))
        return document

    return work


_ACTIONS: tuple[tuple[str, str, type[Action], str], ...] = (
    ("claim", "claim", Action, "Take a ticket"),
    ("release", "release", Action, "Give a ticket back"),
    ("assign", "assign", Assign, "Hand a ticket to somebody"),
    ("pending", "pending", Action, "Wait on the buyer"),
    ("resolve", "resolve", Ending, "Resolve a ticket"),
    ("close", "close", Ending, "Close a ticket"),
    ("reopen", "reopen", Reason, "Reopen a ticket"),
    ("escalate", "escalate", Reason, "Escalate a ticket to tier 2"),
    ("snooze", "snooze", Snooze, "Silence repeats to this person"),
    ("merge", "merge", Merge, "Merge a ticket into another"),
    ("translate", "translate", Translate, "Translate a ticket's text"),
    ("category", "tag", Recategorise, "Correct a ticket's category"),
)
_REFUSALS = ("unknown_person", "not_allowed", "wrong_state", "already_claimed")
_REVEAL = Route(
    "POST", "/v1/tickets/{number}/reveal", "Show one masked value to one who may see it", _work("reveal"), "tickets:write", body=Reveal,
    answer=Revealed, refusals=_REFUSALS[:3],
)  # fmt: skip
ROUTES = (
    *(
        Route(
            "POST", f"/v1/tickets/{{number}}/{name}", says, _work(verb), "tickets:write", body=body, answer=TicketAnswer,
            refusals=_REFUSALS if name == "claim" else _REFUSALS[:3],
        )
        for name, verb, body, says in _ACTIONS
    ),
    _REVEAL,
)  # fmt: skip
