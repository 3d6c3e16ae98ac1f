"""Deliveries: notices on their way; sending one again."""

from __future__ import annotations

from typing import Any

from bot.messages import Doc, RetryDelivery
from handlers.api.fields import Answer, Id, Listing
from handlers.api.route import Call, Route
from handlers.api.usual import listed
from handlers.api.words import DeliveryState


class DeliveryQuery(Listing):
    """Of which state, and of which subscription; any without."""

    state: DeliveryState | None = None
    webhook: Id | None = None


class DeliveryAnswer(Answer):
    """A notice on its way to one address. `held_until` is when it may go, and `reason` why not before, or why never.

    To another system with what it is sent, and what was `answer`ed once it was taken; of a failure `last_error` tells.
    """

    id: str
    kind: str
    channel: str
    target: str
    state: str
    attempts: int
    last_error: str | None
    available_at: str | None
    held_until: str | None
    reason: str | None
    created_at: str
    body: dict[str, Any] | None = None
    answer: dict[str, Any] | None = None


async def _retry(call: Call) -> Doc:
    return await call.desk.configure(RetryDelivery(call.path["id"], within=call.within, by=call.by), call.once)


ROUTES = (
    Route(
        "GET", "/v1/deliveries", "List deliveries", listed("deliveries"), "settings:read", query=DeliveryQuery,
        answer=DeliveryAnswer, many=True,
    ),
    Route("POST", "/v1/deliveries/{id}/retry", "Send a delivery again now", _retry, "settings:write", answer=DeliveryAnswer),
)  # fmt: skip
