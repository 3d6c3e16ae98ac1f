"""Changes for `desk.configure`. Documents come in the shapes of CONTRACT §4, checked for types by the edge; rules are checked here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from bot.records import Chat


@dataclass(frozen=True, slots=True)
class Once:
    """An idempotency key: the same key and fingerprint give the first answer again (AlreadyAnswered), another fingerprint is refused."""

    scope: str  # whose key it is: the API key's id and the path
    key: str
    fingerprint: str  # SHA-256 of method, path and body
    status: int = 200


@dataclass(frozen=True, slots=True)
class Put:
    """Creates or replaces a merchant, shop, agent, order, policy or custom field → Doc. An order's id is `SHOP/ORDER_NO`."""

    kind: Literal["merchants", "shops", "agents", "orders", "policies", "custom-fields"]
    id: str
    doc: Mapping[str, Any]
    within: str | None = None
    by: str = "system"


@dataclass(frozen=True, slots=True)
class Remove:
    """Deletes an agent, a webhook, a policy or a custom field, revokes an API key → None."""

    kind: Literal["agents", "webhooks", "api-keys", "policies", "custom-fields"]
    id: str
    within: str | None = None
    by: str = "system"


@dataclass(frozen=True, slots=True)
class Enable:
    """Switches a merchant on → Doc. Raises Refused `onboarding_incomplete` with `extra["missing"]`."""

    merchant_id: str
    within: str | None = None
    by: str = "system"


@dataclass(frozen=True, slots=True)
class NewKey:
    """Makes an API key → Doc with `token`, shown this once. `merchant_id` None: the operator's."""

    name: str
    merchant_id: str | None
    scopes: tuple[str, ...]
    within: str | None = None
    by: str = "system"
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewLinkCode:
    """Makes the code that ties a chat account to this agent → Doc with `code`, shown this once, and `expires_at`. An older one is void."""

    agent: str
    within: str | None = None
    by: str = "system"


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """Subscribes a URL → Doc with `secret`, shown this once. `merchant_id` None: every merchant (operator only). `events` may be `*`.

    `kind` `hook`: by the REST Hooks that Zapier speaks.
    """

    url: str
    events: tuple[str, ...]
    merchant_id: str | None
    within: str | None = None
    by: str = "system"
    kind: Literal["webhook", "hook"] = "webhook"


@dataclass(frozen=True, slots=True)
class TendWebhook:
    """`rotate` → Doc with the new `secret`, shown this once; the old one signs too for a day. `enable` switches it on again → Doc.

    `test` sends it an event that says nothing → the delivery's Doc.
    """

    verb: Literal["rotate", "enable", "test"]
    id: str
    within: str | None = None
    by: str = "system"


@dataclass(frozen=True, slots=True)
class ReplayWebhook:
    """Sends again, oldest first, what was made for it since that moment → Doc `{"replayed", "more"}`; `failed`: only what it never took."""

    id: str
    since: datetime
    failed: bool = False
    within: str | None = None
    by: str = "system"


@dataclass(frozen=True, slots=True)
class PutAccount:
    """Creates or replaces a channel's credentials → Doc, secrets masked. `merchant_id` None: `within`'s, else the operator's.

    A secret given as its own mask keeps the stored one. Raises NotFound when the id is another merchant's, BadUsage for another mask,
    Refused `only_one` when its merchant may have but one and has another. `tell` commits with it.
    `renews`: only while its secret of that name is still the one given, else NotFound; who was removed meanwhile is not brought back.
    """

    channel: str
    id: str
    doc: Mapping[str, Any]
    secrets: Mapping[str, str] = field(repr=False)
    renews: tuple[str, str] | None = field(default=None, repr=False, kw_only=True)
    merchant_id: str | None = None
    within: str | None = None
    by: str = "system"
    only_one: bool = False
    tell: TellAdmins | None = None


@dataclass(frozen=True, slots=True)
class RemoveAccount:
    """Deletes a channel's credentials → Doc as they were. Raises NotFound; also for those that were put at `before` or later.

    `tell` commits with it.
    """

    channel: str
    id: str
    within: str | None = None
    by: str = "system"
    before: datetime | None = None
    tell: TellAdmins | None = None


@dataclass(frozen=True, slots=True)
class TellAdmins:
    """Tells every administrator, on each of their links, of something that they alone can mend; once per `cause` → Doc.

    `about` names a sentence of `bot.wording` and `<about>_line` one more; `params` fill both, `at` is a moment in them. `merchant_id` None:
    the operator's matter; else that merchant's administrators hear of it, too. `everywhere`: the senior managers and the deployment's own
    channels as well.
    """

    about: str
    cause: str
    params: Mapping[str, str] = field(default_factory=dict)
    at: datetime | None = None
    merchant_id: str | None = None
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class PutRota:
    """Replaces the duty roster → Doc. Raises NotFound for a merchant, BadUsage that names the field."""

    doc: Mapping[str, Any]
    within: str | None = None
    by: str = "system"


@dataclass(frozen=True, slots=True)
class ChatSeen:
    """Writes down a conversation that somebody has with a bot → Doc."""

    chat: Chat


@dataclass(frozen=True, slots=True)
class ForgetChat:
    """A bot is not in that conversation any more → Doc."""

    chat: Chat


@dataclass(frozen=True, slots=True)
class RetryDelivery:
    """Sends a dead or waiting delivery again now → Doc."""

    id: str
    within: str | None = None
    by: str = "system"


@dataclass(frozen=True, slots=True)
class LiftFreeze:
    """Lifts a shop's refund freeze → Doc. `agent` is who does it (one who may), `reason` is kept."""

    shop_id: str
    reason: str
    agent: str | None = None
    within: str | None = None
    by: str = "system"


@dataclass(frozen=True, slots=True)
class SetCollection:
    """Freezes a merchant's collection channel by hand, for RISK_FREEZE, or lifts what freezes it (`frozen` False) → the freeze's Doc.

    `agent` is who does it, one for risk; `reason` is kept. `merchant` may be left out where `within` names it.
    """

    channel_id: str
    reason: str
    frozen: bool
    merchant: str | None = None
    agent: str | None = None
    within: str | None = None
    by: str = "system"


@dataclass(frozen=True, slots=True)
class DecideReview:
    """Closes a risk review → Doc. `decision`: `confirm` or `dismiss`; `agent` is who decides."""

    id: str
    decision: str
    reason: str
    agent: str | None = None
    within: str | None = None
    by: str = "system"


@dataclass(frozen=True, slots=True)
class PatchTicket:
    """Sets `priority` and/or `custom_fields` (merged key by key; null removes one) → Doc."""

    number: int
    priority: str | None = None
    custom_fields: Mapping[str, Any] | None = None
    within: str | None = None
    by: str = "system"
    via: str = "api"


@dataclass(frozen=True, slots=True)
class AddTranslation:
    """A translation of a ticket's text, or of one `message` on it → the ticket's Doc. Raises NotFound, BadUsage.

    `text` None: nobody could translate it, for the reason `failed`. `person` asked for it, on the channel `asked_on`, and hears of it.
    `draft`: a reply that this person would send, to be looked at first, and where.
    """

    number: int
    lang: str
    text: str | None
    provider: str
    message: str | None = None
    failed: str = ""
    person: str | None = None
    asked_on: str = ""
    draft: Mapping[str, Any] | None = None
    within: str | None = None
    by: str = "system"
    via: str = "api"
