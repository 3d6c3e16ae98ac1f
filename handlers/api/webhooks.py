"""Webhook subscriptions: make, list, read, remove."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from bot.messages import Doc, NewWebhook
from handlers.api.fields import Answer, Id, Listing, Model, Url
from handlers.api.route import Call, Route
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


class NewWebhookAnswer(WebhookAnswer):
    """`secret` (`whsec_…`) is shown this once."""

    secret: str


async def _make(call: Call) -> Doc:
    given: Webhook = call.body
    if given.url.startswith("http:") and not call.house.settings.webhook_allow_private:
        raise Problem("invalid", errors=[(("body", "url"), "must be https: plain http is not allowed by this deployment")])
    merchant = given.merchant_id or call.within
    change = NewWebhook(given.url, tuple(dict.fromkeys(given.events)), merchant, within=call.within, by=call.by)
    return await call.desk.configure(change, call.once)


_ONE = "/v1/webhooks/{id}"
ROUTES = (
    Route("POST", "/v1/webhooks", "Subscribe a URL", _make, "webhooks:write", body=Webhook, answer=NewWebhookAnswer, status=201),
    Route("GET", "/v1/webhooks", "List subscriptions", listed("webhooks"), "webhooks:read", query=Listing, answer=WebhookAnswer, many=True),
    Route("GET", _ONE, "Read a subscription", get("webhooks"), "webhooks:read", answer=WebhookAnswer),
    Route("DELETE", _ONE, "Unsubscribe", remove("webhooks"), "webhooks:write", status=204),
)
