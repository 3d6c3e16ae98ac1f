"""Risk reviews: what a surge of tickets opened, and its decision."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bot.messages import DecideReview, Doc
from handlers.api.fields import LINE, Answer, Id, Listing, Model
from handlers.api.route import Call, Route
from handlers.api.usual import get, listed


class ReviewQuery(Listing):
    """`open`: those that wait for a decision; all without."""

    state: Literal["open"] | None = None


class Decision(Model):
    """What somebody for risk makes of it."""

    agent: Id
    decision: Literal["confirm", "dismiss"]
    reason: Annotated[str, Field(min_length=1, max_length=500), LINE]


class ReviewAnswer(Answer):
    """A shop had far more tickets on `day` (its merchant's) than its `mean` of the last 7 full days; `ticket` was the one too many."""

    id: str
    merchant_id: str
    shop_id: str
    day: str
    count: int
    mean: float
    ticket: str
    state: Literal["open", "closed"]
    opened_at: str
    decision: Literal["confirm", "dismiss"] | None
    agent: str | None
    reason: str | None
    decided_at: str | None


async def _decide(call: Call) -> Doc:
    body = call.body
    change = DecideReview(call.path["id"], body.decision, body.reason, body.agent, within=call.within, by=call.by)
    return await call.desk.configure(change, call.once)


ROUTES = (
    Route("GET", "/v1/reviews", "List risk reviews", listed("reviews"), "reviews:read", query=ReviewQuery, answer=ReviewAnswer, many=True),
    Route("GET", "/v1/reviews/{id}", "Read a risk review", get("reviews"), "reviews:read", answer=ReviewAnswer),
    Route(
        "POST", "/v1/reviews/{id}", "Decide a risk review", _decide, "reviews:write", body=Decision, answer=ReviewAnswer,
        refusals=("unknown_person", "not_allowed", "wrong_state"),
    ),
)  # fmt: skip
