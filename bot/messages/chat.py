"""Commands, replies, tickets and messages coming in, notices going out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from bot.card import Card, Chart, Form
from bot.messages.changes import Once

# Opaque to everyone but the channel that gave it, save `thread`: what the platform calls this message when somebody replies under it.
Receipt = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who speaks, as the edge knows them: (`slack`, `T1/U1`), (`agent`, id of an agent), or (`key`, id of an API key that is no person)."""

    channel: str
    id: str


@dataclass(frozen=True, slots=True)
class Command:
    """What a person asks. Chat edges give `words` as typed; the API gives `verb`, `ticket` and `args` (named as in CONTRACT §4).

    `once` is the platform's own id of this request: the same one twice changes nothing and gets the first answer again.
    `args["asks"]`: a button was pressed whose command has more to ask (Button.form), in a chat that can't ask at once.
    `within` limits it to one merchant (an API key's). `thread` is the (channel, target, thread id) in which it was said.
    `answer_to` is where an answer may follow later (opaque to all but the edge). `pressed` is what a press of a card brought to change
    it with: `thread` names the card as in its receipt, all else is the channel's. `idempotency` is the API's key: what is kept and given
    again as AlreadyAnswered is the ticket's document.
    """

    by: Identity
    words: str = ""
    verb: str | None = None
    ticket: int | None = None
    args: Mapping[str, Any] = field(default_factory=dict)
    once: str | None = None
    within: str | None = None
    thread: tuple[str, str, str] | None = None
    answer_to: Mapping[str, str] | None = None
    via: str = ""
    idempotency: Once | None = None
    pressed: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that is made when it is sent, and kept nowhere: `Desk.paper(ReportByLink(key, name))` → a PDF."""

    name: str
    key: str


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer, for the asker alone: a sentence, cards, buttons under them. `ticket` is the ticket it left behind, for the API.

    `ok` False: it was refused, and `text` says why (chat edges get refusals as replies, the API as exceptions); `field` names the bad
    input, where there is one. `form`: what is asked before it is done, for chats that can't ask at once; `text` says how to type it.
    `paper`: for chats that can send it as a file; the cards have a link to it. `charts`, two at most, say what the cards say, to be seen:
    a chat draws them itself, or sends `Desk.drawn(charts)` as a picture behind the answer.
    `doc`: what the API answers with, where that is not the ticket.
    """

    text: str = ""
    cards: tuple[Card, ...] = ()
    ok: bool = True
    code: str = "ok"
    ticket: int | None = None
    locale: str = "en"
    field: str | None = None
    form: Form | None = None
    paper: Paper | None = None
    charts: tuple[Chart, ...] = ()
    doc: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class NewTicket:
    """A ticket to open. `buyer` is in the clear here and nowhere after."""

    shop_id: str
    subject: str
    message: str
    order_no: str | None = None
    buyer: Mapping[str, str] | None = None
    category: str | None = None
    priority: str = "normal"
    custom_fields: Mapping[str, Any] | None = None
    within: str | None = None
    by: str = "system"
    via: str = "api"
    currency: str | None = None  # where no order says
    dispute: Mapping[str, Any] | None = None  # the institution's case that it is about


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message from a buyer or an agent on a ticket."""

    ticket: int
    author: Literal["buyer", "agent"]
    text: str
    public: bool
    agent: str | None = None
    attachments: tuple[Mapping[str, str], ...] = ()
    within: str | None = None
    by: str = "system"
    via: str = "api"


@dataclass(frozen=True, slots=True)
class Address:
    """One place a notice can go: `channel` is a folder under handlers/, `target` what that channel calls a place or a person."""

    channel: str
    target: str


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing for one address, ready to be shaped.

    `id` is stable over retries (channels that can, deduplicate by it). `card` is what people read, `text` its one line (an e-mail's
    subject, a notification). `data` is the body for machines (webhooks: `{"type","timestamp","data"}`). `route` is what the channel
    needs to get there (a webhook's url and secrets; `account`: the opened Account that the address is reached through, its `id`, `doc` and
    secrets in one). `thread` is the receipt of the ticket's first card at this address.
    `again` True: it may have been sent before (a lost reply, a killed process), at `since` at the earliest. `over`: nothing is left here
    for its reader to do, says this. `mentions` are the people whom what is said to all is for. A digest's `data` has the `ids` in it.
    """

    id: str
    address: Address
    kind: str
    text: str
    card: Card | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    route: Mapping[str, Any] = field(default_factory=dict)
    thread: Receipt | None = None
    locale: str = "zh"
    again: bool = False
    ticket: int | None = None
    over: str | None = None
    mentions: tuple[str, ...] = ()
    since: datetime | None = None
