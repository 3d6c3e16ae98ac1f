"""Webhook subscriptions: make, list, read, remove."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bot.messages import Doc, NewWebhook, ReplayWebhook, TendWebhook
from handlers.api.deliveries import DeliveryAnswer
from handlers.api.fields import Answer, Id, Listing, Model, Moment, Url, moment
from handlers.api.route import Call, Route, Work
from handlers.api.usual import get, listed, remove
from handlers.api.words import Event
from handlers.problems import Problem


class Webhook(Model):
    """A subscription. Without `merchant_id`: of every merchant, or of the one whose key asks. `*` stands for every event."""

    url: Url
    events: Annotated[list[Event], Field(min_length=1, max_length=30)]
    merchant_id: Id | None = None


class WebhookAnswer(Answer):
    """A subscription, without its secret."""

    id: str
    merchant_id: str | None
    url: str
    events: list[str]
    created_at: str
    disabled_at: str | None
    disabled_why: str | None
    failing_since: str | None
    previous_secret_until: str | None
    kind: str


class NewWebhookAnswer(WebhookAnswer):
    """`secret` (`whsec_…`) is shown this once."""

    secret: str


def secure(url: str, call: Call, field: str) -> None:
    """Raises Problem for plain http, where the deployment does not allow it."""
    if url.startswith("http:") and not call.house.settings.webhook_allow_private:
        raise Problem("invalid", errors=[(("body", field), "must be https: plain http is not allowed by this deployment")])


async def _make(call: Call) -> Doc:
    given: Webhook = call.body
    secure(given.url, call, "url")
    merchant = given.merchant_id or call.within
    change = NewWebhook(given.url, tuple(dict.fromkeys(given.events)), merchant, within=call.within, by=call.by)
    return await call.desk.configure(change, call.once)


class Replay(Model):
    """From which moment on; `failed`: only what was never taken."""

    since: Moment
    failed: bool = False


class ReplayAnswer(Answer):
    """How many are on their way again; `more`: that was the most at once, the next call goes on."""

    replayed: int
    more: bool


def _tend(verb: Literal["rotate", "enable", "test"]) -> Work:
    async def work(call: Call) -> Doc:
        return await call.desk.configure(TendWebhook(verb, call.path["id"], within=call.within, by=call.by), call.once)

    return work


async def _replay(call: Call) -> Doc:
    given: Replay = call.body
    change = ReplayWebhook(call.path["id"], moment(given.since), given.failed, within=call.within, by=call.by)
    return await call.desk.configure(change, call.once)


_ONE = "/v1/webhooks/{id}"
ROUTES = (
    Route("POST", "/v1/webhooks", "Subscribe a URL", _make, "webhooks:write", body=Webhook, answer=NewWebhookAnswer, status=201),
    Route("GET", "/v1/webhooks", "List subscriptions", listed("webhooks"), "webhooks:read", query=Listing, answer=WebhookAnswer, many=True),
    Route("GET", _ONE, "Read a subscription", get("webhooks"), "webhooks:read", answer=WebhookAnswer),
    Route("DELETE", _ONE, "Unsubscribe", remove("webhooks"), "webhooks:write", status=204),
    Route("POST", f"{_ONE}/test", "Send a test event", _tend("test"), "webhooks:write", answer=DeliveryAnswer),
    Route(
        "POST", f"{_ONE}/rotate", "Replace the secret; for 24 h both sign", _tend("rotate"), "webhooks:write", answer=NewWebhookAnswer
    ),
    Route("POST", f"{_ONE}/enable", "Switch on again", _tend("enable"), "webhooks:write", answer=WebhookAnswer),
    Route("POST", f"{_ONE}/replay", "Send again what was made since", _replay, "webhooks:write", body=Replay, answer=ReplayAnswer),
)  # fmt: skip
