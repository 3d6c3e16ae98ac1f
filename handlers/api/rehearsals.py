"""The risk rules over the days past, changing nothing."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from bot.messages import Doc, Rehearse
from bot.settings import duration
from handlers.api.fields import Answer, Id, Query
from handlers.api.route import Call, Route


class RehearsalQuery(Query):
    """How many days back, whose, and with which numbers; the settings' where one is left out."""

    days: Annotated[int, Field(ge=1, le=92)] = 30
    merchant: Id | None = None
    surge: Annotated[float, Field(gt=0, le=1000)] | None = None
    surge_min: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    ip_disputes: Annotated[int, Field(ge=1, le=1000)] | None = None
    ip_window: Annotated[str, Field(pattern=r"^(?:\d{1,4}[smh]|\d{1,3}d)$", examples=["24h"])] | None = None


class RehearsalAnswer(Answer):
    """What would have been. `complete` false: there were more tickets than are looked at."""

    from_: Annotated[str, Field(alias="from")]
    to: str
    looked_at: int
    complete: bool
    would_open: int
    would_freeze: int
    reviews: list[dict[str, Any]]
    freezes: list[dict[str, Any]]


async def _rehearse(call: Call) -> Doc:
    asked: RehearsalQuery = call.query
    window = duration(asked.ip_window) if asked.ip_window else None
    return await call.desk.rehearse(
        Rehearse(asked.days, call.within or asked.merchant, asked.surge, asked.surge_min, asked.ip_disputes, window)
    )


ROUTES = (
    Route(
        "GET", "/v1/risk/dry-run", "Try the risk rules on the days past", _rehearse, "reviews:read", query=RehearsalQuery,
        answer=RehearsalAnswer, notes="Nothing is opened or frozen. At most 100,000 tickets are looked at, the newest first.",
    ),
)  # fmt: skip
