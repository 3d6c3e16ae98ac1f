"""A ticket's service anomaly report, as a PDF."""

from __future__ import annotations

from typing import Literal

from bot.messages import ReportOf
from handlers.api.fields import Query
from handlers.api.route import Call, Route


class ReportQuery(Query):
    """Its language; the merchant's without one."""

    locale: Literal["zh", "en"] | None = None


async def _report(call: Call) -> bytes:
    return await call.desk.paper(ReportOf(call.number, call.within, call.query.locale))


ROUTES = (
    Route(
        "GET", "/v1/tickets/{number}/anomaly-report", "Get the service anomaly report", _report, "tickets:read", query=ReportQuery,
        media="application/pdf", refusals=("no_report_yet",), notes="Made when the closure target is missed (tier 3); as of now.",
    ),
)  # fmt: skip
