"""Documents as files, pictures as images: made by the desk when they are sent, uploaded to WeCom, and sent by their media id."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from bot.card import Chart
from bot.errors import DeliveryFailed, Refused, Unauthentic
from bot.messages import Paper, ReportByLink
from handlers.wecom.apps import App
from handlers.wecom.sending import Sender

if TYPE_CHECKING:
    from bot.desk import Desk

# What a document begins with → what it is to WeCom, its suffix, and the most bytes: https://developer.work.weixin.qq.com/document/path/90253
_PICTURES = {b"\x89PNG\r\n\x1a\n": ("image", "png", 10 * 1024 * 1024), b"\xff\xd8\xff": ("image", "jpg", 10 * 1024 * 1024)}
_FILE = ("file", "pdf", 20 * 1024 * 1024)
PATIENCE = 10.0  # seconds for all of it: beside the answer's own limit, as it has been said by then
log = structlog.get_logger("wecom")


class Papers:
    """A file is an extra: what it is about has been said already, with a link, so that a failure here is only logged."""

    def __init__(self, sender: Sender, patience: float = PATIENCE) -> None:
        self._sender, self._patience = sender, patience
        self._desk: Desk | None = None
        self._sending: set[asyncio.Task[bool]] = set()

    def bind(self, desk: Desk) -> None:
        """Edges connect before there is a desk."""
        self._desk = desk

    def start(self, app: App, user: str, paper: Paper | tuple[Chart, ...]) -> None:
        """Goes on beside the answer: making a report takes a second, and others wait for their turn."""
        task = asyncio.create_task(self.send(app, user, paper), name="a file to WeCom")
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def drain(self) -> None:
        """What is on its way is finished."""
        if self._sending:
            await asyncio.wait(self._sending, timeout=self._patience)

    async def send(self, app: App, user: str, paper: Paper | tuple[Chart, ...]) -> bool:
        """Whether it went out."""
        if self._desk is None:
            return False
        name = paper.name if isinstance(paper, Paper) else "stats"
        try:
            async with asyncio.timeout(self._patience):
                content = await (
                    self._desk.paper(ReportByLink(paper.key, paper.name)) if isinstance(paper, Paper) else self._desk.drawn(paper)
                )
                kind, suffix, most = next((shape for start, shape in _PICTURES.items() if content.startswith(start)), _FILE)
                if len(content) > most:
                    log.warning("file too large, its link was said", paper=name, size=len(content))
                    return False
                media = await self._sender.client.upload(app, kind, f"{name}.{suffix}", content)
                await self._sender.message(app, user, {"msgtype": kind, kind: {"media_id": media}})
        except (DeliveryFailed, Unauthentic, Refused, TimeoutError) as failed:
            log.warning("file not sent, its link was", paper=name, why=getattr(failed, "why", type(failed).__name__))
            return False
        except Exception:
            log.exception("file not sent, its link was", paper=name)
            return False
        return True
