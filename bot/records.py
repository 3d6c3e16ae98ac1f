"""What is remembered beside tickets and people, as frozen records: merchants, shops, orders, messages, timeline, what waits to be sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Any

from bot.frozen import record

OPERATOR = "-"  # the merchant_id of rows that belong to the operator itself
TURN = "waits for an earlier event of its ticket"  # why an event is kept back


@record(frozen=True, slots=True)
class Merchant:
    """A seller, the tenant. `profile` is the document of `PUT /v1/merchants/{id}` with its defaults filled in."""

    id: str
    name: str
    timezone: str
    locale: str
    profile: Mapping[str, Any]
    enabled_at: datetime | None = None

    @property
    def notify(self) -> Mapping[str, Any]:
        """Where its alerts go: `emails`, `slack_channel`, …"""
        found: Mapping[str, Any] = self.profile.get("notify") or {}
        return found


@record(frozen=True, slots=True)
class Shop:
    """One storefront. `more` keeps the rest of its document (`shopify`, `erp`) for the edges that will use it."""

    id: str
    merchant_id: str
    platform: str
    name: str
    more: Mapping[str, Any] = field(default_factory=dict)
    created_at: datetime | None = None  # kept from when it was first put; None: longer ago than anybody asks


@record(frozen=True, slots=True)
class Order:
    """A sale paid through the operator: what a ticket needs of it. `buyer` is masked, `buyer_sealed` is the original."""

    merchant_id: str
    shop_id: str
    order_no: str
    total: Mapping[str, str]
    payment: Mapping[str, Any]
    buyer: Mapping[str, str] = field(default_factory=dict)
    buyer_sealed: bytes | None = None
    updated_at: datetime | None = None


@record(frozen=True, slots=True)
class Message:
    """One message on a ticket. `held_until`: a public reply that has not left yet and can be undone."""

    merchant_id: str
    ticket: int
    id: str
    author: str  # "buyer" or "agent"
    agent_id: str | None
    text: str
    public: bool
    created_at: datetime
    held_until: datetime | None = None
    attachments: tuple[Mapping[str, str], ...] = ()


@record(frozen=True, slots=True)
class Entry:
    """One line of a ticket's timeline. `actor` is a person's id, `buyer`, `system` or `key:ID`; `via` is the edge it came through."""

    merchant_id: str
    ticket: int
    at: datetime
    type: str
    actor: str
    via: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


@record(frozen=True, slots=True)
class Deadline:
    """A moment at which the desk must look at a ticket. One row per (ticket, kind).

    `sla`, `auto` and `thaw` (bot.endings), `reply:ID`, `snooze:PERSON`, `unfreeze:ID`, `card:ID`.
    """

    merchant_id: str
    ticket: int
    kind: str
    due_at: datetime


@record(frozen=True, slots=True)
class Outgoing:
    """One delivery: a notice on its way to one address. Unique per (merchant, cause, channel, target).

    `attempt` is the fencing token of the present lease; `revision` grows each time there is something newer to show, so that what
    was marked sent meanwhile is sent (as an update of `receipt`, where there is one) again.
    """

    id: str
    merchant_id: str
    ticket: int | None
    cause: str
    kind: str
    channel: str
    target: str
    payload: Mapping[str, Any]
    created_at: datetime
    available_at: datetime
    state: str = "waiting"  # waiting, sent, dead, dropped
    attempt: int = 0
    failures: int = 0
    revision: int = 1
    receipt: Mapping[str, str] | None = None
    last_error: str | None = None
    sent_at: datetime | None = None
    leased: bool = False
    unsure: bool = False  # it may have been sent: a lease ran out, or an answer was lost
    fresh: Mapping[str, str] | None = None  # what a press of the card brought to change it with; over `receipt`, opaque like it


@record(frozen=True, slots=True)
class Waiting:
    """Which delivery waits, and no more of it."""

    merchant_id: str
    id: str


@record(frozen=True, slots=True)
class Freeze:
    """A permission switched off until a moment. `kind` is `refund` (`subject` a shop id) or `collection` (a channel id)."""

    id: str
    merchant_id: str
    kind: str
    subject: str
    reason: str
    since: datetime
    until: datetime
    ticket: int | None = None
    lifted_at: datetime | None = None
    lifted_by: str | None = None
    why: str | None = None


@record(frozen=True, slots=True)
class Webhook:
    """A subscription of another system. `secret_sealed` opens to the `whsec_…` shown once.

    `kind`: `webhook`, or `hook` for one by the REST Hooks that Zapier speaks, whose events carry an `id`. `previous_sealed` signs beside it
    until then. `failing_since`: nothing has been taken since.
    """

    id: str
    merchant_id: str
    url: str
    events: tuple[str, ...]
    secret_sealed: bytes
    created_at: datetime
    disabled_at: datetime | None = None
    kind: str = "webhook"
    previous_sealed: bytes | None = None
    previous_until: datetime | None = None
    failing_since: datetime | None = None
    disabled_why: str | None = None


@record(frozen=True, slots=True)
class Account:
    """Credentials of a channel: a WeCom app (`wecom`, its id), a robot's key, a Slack workspace (`slack`, its team).

    Unique by (channel, id). `doc` may be shown; `sealed` opens, for the Vault, to a JSON object of secrets.
    """

    channel: str
    id: str
    merchant_id: str
    doc: Mapping[str, Any]
    sealed: bytes = field(repr=False)
    updated_at: datetime


@record(frozen=True, slots=True)
class ApiKey:
    """A bearer token's record; the token itself is never kept. `merchant_id` None: the operator's."""

    id: str
    merchant_id: str | None
    name: str
    digest: str
    scopes: tuple[str, ...]
    created_at: datetime
    revoked_at: datetime | None = None
    expires_at: datetime | None = None
    used_at: datetime | None = None  # to the minute


@record(frozen=True, slots=True)
class Undoable:
    """A person's last close or reply, until it can be taken back no more."""

    person_id: str
    verb: str
    merchant_id: str
    ticket: int
    until: datetime
    before: Any  # the Ticket before a close
    message_id: str | None = None


@record(frozen=True, slots=True)
class SavedView:
    """A list that a person has given a name: `name` as it is compared, `shown` as it was written, `words` as they would be typed."""

    merchant_id: str
    person_id: str
    name: str
    shown: str
    words: str
    saved_at: datetime


@record(frozen=True, slots=True)
class Hold:
    """What one process at a time may do, and which one it is until when. `fence` grows with every change of hands; `note` is its own."""

    name: str
    holder: str
    fence: int
    until: datetime
    note: Mapping[str, Any] = field(default_factory=dict)


@record(frozen=True, slots=True)
class Chat:
    """A conversation that somebody had with a bot, which may therefore speak there first. `kind`: `single` or `group`.

    `id` is the platform's own, in its own case; `account` is whose conversation a single one is.
    """

    channel: str
    bot_id: str
    id: str
    kind: str
    account: str | None
    seen_at: datetime


@record(frozen=True, slots=True)
class LinkCode:
    """A code that ties the chat account of whoever types it to an agent. `sealed` opens to the code's digest."""

    merchant_id: str
    agent_id: str
    sealed: bytes
    expires_at: datetime
    made_by: str


@record(frozen=True, slots=True)
class Inbound:
    """Something a platform sent, stored before it is acknowledged. `outcome` is set when it has been worked."""

    source: str
    external_id: str
    body: Mapping[str, Any]
    received_at: datetime
    outcome: Mapping[str, Any] | None = None
    attempt: int = 0


@record(frozen=True, slots=True)
class Recount:
    """Clocks to be set anew after a policy changed: the open tickets of `merchant_id` (OPERATOR: all) after (`of_merchant`, `after`).

    `again`: a second look at all of them, for what was being written while the policy changed.
    """

    merchant_id: str
    due_at: datetime
    of_merchant: str = ""
    after: int = 0
    again: bool = False
