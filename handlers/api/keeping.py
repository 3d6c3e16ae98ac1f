"""Legal holds, and erasure on request."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from bot.messages import Doc, Erase, ErasureOf, ErasuresOf, HoldOf, LiftHold, Page, PutHold
from handlers.api.fields import LINE, Answer, Id, Listing, Model, Moment, Query, moment
from handlers.api.route import Call, Route

Ground = Annotated[str, Field(min_length=1, max_length=500), LINE]


class Hold(Model):
    """Why, until when (a year at most; say it again then), and who says so: a lead or an admin."""

    reason: Ground
    until: Moment
    agent: Id | None = None


class HoldLift(Query):
    """Who says so."""

    agent: Id | None = None


class HoldAnswer(Answer):
    """What is on the ticket is kept until then."""

    ticket: Annotated[str, Field(examples=["T-1024"])]
    reason: str
    until: str
    by: str
    at: str


class Erasing(Model):
    """Whose data, by one of `email`, `phone` and `order_no`, and on what ground."""

    merchant_id: Id
    ground: Ground
    email: Annotated[str, Field(min_length=3, max_length=320), LINE] | None = None
    phone: Annotated[str, Field(min_length=5, max_length=40), LINE] | None = None
    order_no: Annotated[str, Field(min_length=1, max_length=64), LINE] | None = None


class ErasureAnswer(Answer):
    """The certificate. `sha256` is of the other fields as canonical JSON; `signature` (Ed25519) of the same under a fixed line."""

    id: str
    merchant_id: str
    state: Literal["working", "restricted", "done"]
    ground: str
    subject: dict[str, str]
    asked_at: str
    done_at: str | None
    removed: dict[str, int]
    restricted: list[dict[str, Any]]
    sha256: str
    signature: str
    public_key: str


async def _put(call: Call) -> Doc:
    given: Hold = call.body
    change = PutHold(call.number, given.reason, moment(given.until), given.agent, within=call.within, by=call.by)
    return await call.desk.configure(change)


async def _lift(call: Call) -> None:
    await call.desk.configure(LiftHold(call.number, call.query.agent, within=call.within, by=call.by))


async def _hold(call: Call) -> Doc:
    found: Doc = await call.desk.ask(HoldOf(call.number, call.within))
    return found


async def _erase(call: Call) -> Doc:
    given: Erasing = call.body
    change = Erase(given.merchant_id, given.ground, given.email, given.phone, given.order_no, within=call.within, by=call.by)
    return await call.desk.configure(change, call.once)


async def _erasures(call: Call) -> Page[Doc]:
    found: Page[Doc] = await call.desk.ask(ErasuresOf(call.within, call.query.limit, call.query.cursor))
    return found


async def _erasure(call: Call) -> Doc:
    found: Doc = await call.desk.ask(ErasureOf(call.path["id"], call.within))
    return found


_HOLD = "/v1/tickets/{number}/hold"
ROUTES = (
    Route(
        "PUT", _HOLD, "Put a legal hold on a ticket", _put, "settings:write", body=Hold, answer=HoldAnswer, refusals=("not_allowed",),
        notes="What is on it is neither removed after its retention nor erased on request until then.",
    ),
    Route("GET", _HOLD, "Get a ticket's legal hold", _hold, "settings:read", answer=HoldAnswer),
    Route("DELETE", _HOLD, "Lift a ticket's legal hold", _lift, "settings:write", query=HoldLift, status=204, refusals=("not_allowed",)),
    Route(
        "POST", "/v1/erasures", "Erase a person's data", _erase, "settings:write", body=Erasing, answer=ErasureAnswer, status=201,
        notes="Done at once where it is little, and within the hour in any case. What a legal hold or an open dispute keeps back is in "
        "`restricted`, and removed once that is over: read the certificate again then.",
    ),
    Route("GET", "/v1/erasures", "List erasures", _erasures, "settings:read", query=Listing, answer=ErasureAnswer, many=True),
    Route("GET", "/v1/erasures/{id}", "Get an erasure's certificate", _erasure, "settings:read", answer=ErasureAnswer),
)  # fmt: skip
