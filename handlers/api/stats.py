"""Figures of a period, beside those of the period before and of the year before."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from bot.messages import Doc, StatsOf
from handlers.api.fields import LINE, Answer, Day, Id, Query
from handlers.api.route import Call, Route
from handlers.api.words import Category, Platform

Said = Annotated[str, Field(min_length=1, max_length=40, examples=["30d"]), LINE]
Share = Annotated[float | None, Field(ge=0, le=1)]


class StatsQuery(Query):
    """Of a merchant, and of one shop, platform, category or agent; `period`, or the first day and the last."""

    merchant: Id | None = None
    shop: Id | None = None
    platform: Platform | None = None
    category: Category | None = None
    agent: Id | None = None
    period: Said | None = None
    first: Annotated[Day | None, Field(alias="from")] = None
    last: Annotated[Day | None, Field(alias="to")] = None


class FirstResponse(Answer):
    """From opened to the first public reply."""

    count: int
    mean_seconds: float | None
    median_seconds: float | None
    p90_seconds: float | None


class Attainment(Answer):
    """Of the targets that are decided, the share that was kept."""

    first_response: Share
    resolution: Share
    closure: Share


class Figures(Answer):
    """Of the tickets that came in from the first day to the last. Null: there is nothing to tell of."""

    from_: Annotated[date, Field(alias="from")]
    to: date
    tickets: int
    first_response: FirstResponse
    tier_attainment: Attainment
    dispute_first_response_attainment: Share
    refund_handling_mean_seconds: float | None
    chargebacks: int
    orders_paid: int | None
    chargeback_rate: float | None
    reopenings: int
    load_by_hour: list[int]


class StatsAnswer(Figures):
    """The period asked for, and beside it the one before and the year before."""

    merchant_id: str | None
    by: Literal["all", "shop", "platform", "category", "agent"]
    subject: str | None
    timezone: str
    open_by_age: dict[str, int]
    previous: Figures
    year_before: Figures
    targets: dict[str, float]


async def _stats(call: Call) -> Doc:
    asked = call.query
    found: Doc = await call.desk.ask(
        StatsOf(call.within, asked.merchant, asked.shop, asked.platform, asked.category, asked.agent, asked.period, asked.first, asked.last)
    )
    return found


ROUTES = (
    Route(
        "GET", "/v1/stats", "Read the figures of a period", _stats, "stats:read", query=StatsQuery, answer=StatsAnswer,
        refusals=("not_found", "bad_usage"),
        notes="`period` is `7d`, `4w`, `2026-11`, `2026` or `2026-11-01..2026-11-23`; `from` and `to` are days, both in it; 30 else. "
        "Days are the merchant's. A ticket belongs to the day it came in; figures are at most a quarter of a minute behind. "
        "Median and p90 are within 1 %.",
    ),
)  # fmt: skip
