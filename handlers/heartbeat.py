"""The self-audit as a pass of the ticker, and the dead-man's switch behind it: HEARTBEAT_URL hears of clean audits alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from bot.desk import Desk

PATIENCE = 5.0  # seconds, well below a pass's limit
log = structlog.stdlib.get_logger("heartbeat")


def audits(desk: Desk, url: str | None) -> Callable[[], Awaitable[datetime | None]]:
    """A pass. `url` is the operator's own and may be anywhere; it holds a secret, so it stands in no log."""

    async def run() -> datetime | None:
        at, checked = await desk.check_itself()
        if checked is not None and checked.clean and url is not None:
            await _beat(url)
        return at

    return run


async def _beat(url: str) -> None:
    """What goes wrong here is told by whoever misses the beat; it must not fail the audit."""
    import aiohttp  # noqa: PLC0415  # only where there is somebody to hear it

    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE)) as session,
            session.get(url, allow_redirects=False) as answer,
        ):
            if answer.status >= 400:
                log.warning("heartbeat not taken", status=answer.status)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as failed:
        log.warning("heartbeat not sent", why=type(failed).__name__)
