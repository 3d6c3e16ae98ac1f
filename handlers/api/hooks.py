"""REST Hooks, as Zapier speaks them: subscribe, unsubscribe, and samples that look like what is sent.

https://docs.zapier.com/platform/build-cli/hook-trigger
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from bot.messages import Doc, NewWebhook, SamplesOf
from handlers.api.fields import Answer, Id, Model, Query, Url
from handlers.api.route import Call, Route
from handlers.api.usual import remove
from handlers.api.webhooks import secure
from handlers.api.words import Event
from handlers.problems import Problem


class Hook(Model):
    """Where to, under the name that the subscriber has for it, and of what. Without `merchant_id`: as for webhooks."""

    target_url: Url | None = None
    hook_url: Annotated[Url | None, Field(alias="hookUrl")] = None
    url: Url | None = None
    event: Event
    merchant_id: Id | None = None

    @property
    def place(self) -> str:
        """Whatever it is called."""
        named = {each for each in (self.target_url, self.hook_url, self.url) if each}
        if len(named) != 1:
            raise Problem("invalid", errors=[(("body", "target_url"), "give one address: target_url, hookUrl or url")])
        return named.pop()


class HookAnswer(Answer):
    """A subscription; `secret` signs what is sent, and is shown this once."""

    id: str
    target_url: str
    event: str
    secret: str


class SampleQuery(Query):
    """Of which event."""

    event: Event


class SampleAnswer(Answer):
    """As a hook is sent it. `id` tells one from another."""

    id: str
    type: str
    timestamp: str
    data: dict[str, Any]


async def _subscribe(call: Call) -> Doc:
    given: Hook = call.body
    secure(given.place, call, "target_url")
    merchant = given.merchant_id or call.within
    change = NewWebhook(given.place, (given.event,), merchant, within=call.within, by=call.by, kind="hook")
    made = await call.desk.configure(change, call.once)
    return {**made, "target_url": given.place, "event": given.event}


async def _samples(call: Call) -> list[Doc]:
    found: tuple[Doc, ...] = await call.desk.ask(SamplesOf(call.query.event, within=call.within))
    return list(found)


ROUTES = (
    Route("POST", "/v1/hooks", "Subscribe by REST Hooks", _subscribe, "webhooks:write", body=Hook, answer=HookAnswer, status=201),
    Route("DELETE", "/v1/hooks/{id}", "Unsubscribe", remove("webhooks"), "webhooks:write", status=204),
    Route(
        "GET", "/v1/hooks/samples", "What a hook would be sent", _samples, "webhooks:read", query=SampleQuery, answer=SampleAnswer,
        many=True, bare=True,
    ),
)  # fmt: skip
