"""Freezes: whether a shop may refund now, what is frozen, lifting it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bot.messages import Doc, LiftFreeze, RefundPermission
from handlers.api.fields import LINE, Answer, Id, Listing, Query
from handlers.api.route import Call, Route
from handlers.api.usual import listed

Brief = Annotated[str, Field(min_length=1, max_length=500), LINE]  # it stands in a URL, whose length is limited


class FreezeQuery(Listing):
    """`active`: those that hold now; all without."""

    state: Literal["active"] | None = None


class FreezeLift(Query):
    """Why, and who says so."""

    reason: Brief
    agent: Id | None = None


class FreezeAnswer(Answer):
    """A permission switched off."""

    id: str
    merchant_id: str
    kind: Literal["refund", "collection"]
    subject: str
    reason: str
    frozen_until: str
    ticket: str | None


class Permission(Answer):
    """`allowed` false comes with until when, why, and for which ticket."""

    allowed: bool
    frozen_until: str | None = None
    reason: Annotated[str | None, Field(examples=["sla_tier3"])] = None
    ticket: Annotated[str | None, Field(examples=["T-1024"])] = None


async def _permission(call: Call) -> Doc:
    found: Doc = await call.desk.ask(RefundPermission(call.path["id"], within=call.within))
    return found


async def _lift(call: Call) -> Doc:
    change = LiftFreeze(call.path["id"], call.query.reason, agent=call.query.agent, within=call.within, by=call.by)
    return await call.desk.configure(change)


_SHOP = "/v1/shops/{id}"
ROUTES = (
    Route(
        "GET", f"{_SHOP}/refund-permission", "Ask whether a shop may refund now", _permission, "freezes:read", answer=Permission,
        limited=False, lately=True,
        notes="Not rate limited: payment systems ask it before every refund. Served from memory, at most a second behind; "
        "`reason` is `unknown` while the database does not answer, and `allowed` then what the operator has chosen.",
    ),
    Route(
        "DELETE", f"{_SHOP}/freeze", "Lift a shop's refund freeze", _lift, "freezes:write", query=FreezeLift, answer=FreezeAnswer,
        refusals=("unknown_person", "not_allowed"),
    ),
    Route("GET", "/v1/freezes", "List freezes", listed("freezes"), "freezes:read", query=FreezeQuery, answer=FreezeAnswer, many=True),
)  # fmt: skip
