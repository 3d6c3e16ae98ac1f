"""Charts behind an answer: drawn by Slack itself, and where a workspace does not have that yet, a picture in the asker's own chat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import aiohttp
import structlog

from bot.card import Chart
from bot.errors import DeliveryFailed
from handlers.slack.answers import Answers
from handlers.slack.api import ClientFor, call, failure, look, of_status
from handlers.slack.tasks import Tasks

if TYPE_CHECKING:
    from bot.desk import Desk

_TITLE, _LABEL, _CATEGORIES, _CHARTS = 50, 20, 20, 2  # of a data_visualization block, and how many of them one message may have
_NAME = "stats.png"
log = structlog.stdlib.get_logger("slack")


class Charts:
    """A chart is an extra: its figures have been said already, so that a failure here is only logged."""

    def __init__(self, client_for: ClientFor, answers: Answers, session: aiohttp.ClientSession, tasks: Tasks) -> None:
        self._client_for, self._answers, self._session, self._tasks = client_for, answers, session, tasks
        self._desk: Desk | None = None

    def bind(self, desk: Desk) -> None:
        """Edges connect before there is a desk."""
        self._desk = desk

    def start(self, route: Mapping[str, Any] | None, charts: Sequence[Chart]) -> None:
        """Goes on beside the answer, in a message of its own: one that Slack refuses must not take the figures with it."""
        if route and charts:
            self._tasks.start(self._send(route, charts), "charts")

    async def _send(self, route: Mapping[str, Any], charts: Sequence[Chart]) -> None:
        try:
            await self._answers.give(route, {"text": charts[0].title, "blocks": blocks(charts)})
        except DeliveryFailed as refused:
            if refused.outcome != "rejected":
                log.warning("charts not sent, their figures were", why=refused.why)
                return
            await self._picture(route, charts)

    async def _picture(self, route: Mapping[str, Any], charts: Sequence[Chart]) -> None:
        """Only for the asker, whose figures they are: https://docs.slack.dev/messaging/working-with-files#upload"""
        user = str(route.get("user") or "")
        if self._desk is None or not user:
            return
        try:
            content = await self._desk.drawn(charts)
            web = await self._client_for(str(route.get("team") or ""))
            opened = await call(web, "conversations.open", {"users": user})
            place = await look(web, "files.getUploadURLExternal", {"filename": _NAME, "length": len(content)})
            await self._upload(str(place.get("upload_url")), content)
            file = {"id": place.get("file_id"), "title": charts[0].title}
            await call(web, "files.completeUploadExternal", {"files": [file], "channel_id": (opened.get("channel") or {}).get("id")})
        except DeliveryFailed as failed:
            log.warning("picture not sent, its figures were", why=failed.why)

    async def _upload(self, url: str, content: bytes) -> None:
        if not url.startswith(("https://", "http://")):
            raise DeliveryFailed("rejected", "upload_url is no URL")
        try:
            async with self._session.post(url, data=content, headers={"Content-Type": "image/png"}, allow_redirects=False) as answer:
                if answer.status != 200:
                    raise of_status(answer.status, "", answer.headers.get("Retry-After"))
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as failed:
            raise failure(failed) from failed


def blocks(charts: Sequence[Chart]) -> list[dict[str, Any]]:
    """Slack's own charts. Every series has a value for every category there: what there is none of is drawn as 0."""
    return [
        {
            "type": "data_visualization", "title": each.title[:_TITLE],
            "chart": {
                "type": each.kind,
                "series": [_series(each.series, each, [value or 0 for value in each.values])]
                + ([_series(each.target_label, each, [each.target] * len(each.labels))] if each.target is not None else []),
                "axis_config": {"categories": _categories(each), "y_label": each.series[:_LABEL]},
            },
        }
        for each in charts[:_CHARTS]
    ]  # fmt: skip


def _series(name: str, chart: Chart, values: Sequence[float]) -> dict[str, Any]:
    pairs = zip(_categories(chart), values, strict=False)
    return {"name": name[:_LABEL], "data": [{"label": label, "value": value} for label, value in pairs]}


def _categories(chart: Chart) -> list[str]:
    return [label[:_LABEL] for label in chart.labels[:_CATEGORIES]]
