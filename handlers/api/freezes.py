"""Freezes: whether a shop may refund now or a channel collect, what is frozen, freezing and lifting by hand."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bot.messages import CollectionPermission, Doc, LiftFreeze, RefundPermission, SetCollection
from handlers.api.fields import LINE, Answer, Id, Listing, Query
from handlers.api.route import Call, Route, Work
from handlers.api.usual import listed

Brief = Annotated[str, Field(min_length=1, max_length=500), LINE]  # it stands in a URL, whose length is limited


class FreezeQuery(Listing):
    """`active`: those that hold now; all without."""

    state: Literal["active"] | None = None


class FreezeLift(Query):
    """Why, and who says so."""

    reason: Brief
    agent: Id | None = None


class ChannelQuery(Query):
    """Whose: several merchants may collect over one channel. A merchant's key means its own."""

    merchant: Id | None = None


class ChannelFreeze(FreezeLift):
    """Whose channel, why, and who says so."""

    merchant: Id | None = None


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


async def _collection(call: Call) -> Doc:
    found: Doc = await call.desk.ask(CollectionPermission(call.path["id"], call.query.merchant, within=call.within))
    return found


def _set(*, frozen: bool) -> Work:
    async def work(call: Call) -> Doc:
        asked = call.query
        change = SetCollection(call.path["id"], asked.reason, frozen, asked.merchant, asked.agent, within=call.within, by=call.by)
        return await call.desk.configure(change, call.once)

    return work


_CHANNEL = "/v1/channels/{id}"
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
    Route(
        "GET", f"{_CHANNEL}/collection-permission", "Ask whether a merchant may collect over a channel now", _collection, "freezes:read",
        query=ChannelQuery, answer=Permission, limited=False, lately=True,
        notes="Served like the refund permission. `reason` is `risk_same_ip` where several disputes came from one buyer's network.",
    ),
    Route(
        "POST", f"{_CHANNEL}/freeze", "Freeze a merchant's collection channel by hand", _set(frozen=True), "freezes:write",
        query=ChannelFreeze, answer=FreezeAnswer, status=201, refusals=("unknown_person", "not_allowed"),
        notes="For as long as the risk rule freezes one. `agent` is somebody for risk.",
    ),
    Route(
        "DELETE", f"{_CHANNEL}/freeze", "Lift the freezes of a merchant's collection channel", _set(frozen=False), "freezes:write",
        query=ChannelFreeze, answer=FreezeAnswer, refusals=("unknown_person", "not_allowed"),
    ),
    Route("GET", "/v1/freezes", "List freezes", listed("freezes"), "freezes:read", query=FreezeQuery, answer=FreezeAnswer, many=True),
)  # fmt: skip
