"""Sends through any service that Apprise knows. Apprise answers only yes or no; what lies behind a no is read in its log."""

from __future__ import annotations

import asyncio
import logging
import re
from io import StringIO
from typing import Any
from urllib.parse import quote

from bot.errors import DeliveryFailed

LIMIT = 4.8  # seconds
_STATUS = re.compile(r"error=(\d{3})")
_NOT_REACHED = ("NewConnectionError", "Connection refused", "Name or service not known", "ConnectTimeout", "Max retries exceeded")
_logger = logging.getLogger("apprise")
_logger.propagate = False  # at its most talkative it repeats addresses and words: nothing of it goes into our log


class ByApprise:
    """`url` has `{to}` where the recipient's number belongs, or names its recipients itself."""

    def __init__(self, url: str, limit: float = LIMIT) -> None:
        self._url, self._limit = url, limit
        self._one = asyncio.Lock()  # its log is the process's: one message at a time

    async def problem(self) -> str | None:
        """Why Apprise cannot use the URL; None: it can."""
        if await asyncio.to_thread(self._service, "+8613800138000") is None:
            return "Apprise does not understand DESKBELL_SMS_URL: see its page on the service for how the URL is written"
        return None

    async def untried(self) -> str | None:
        """Apprise can but send."""
        return "the URL is understood; nothing was tried, since Apprise's services can only be tried by a text message"

    async def send(self, to: str, text: str, params: dict[str, str]) -> None:
        """Once. Raises DeliveryFailed."""
        async with self._one:
            # The first time it takes a second or two to load a hundred services: the one that is meant is not to blame for it.
            service = await asyncio.to_thread(self._service, to)
            if service is None:
                raise DeliveryFailed("rejected", "Apprise does not understand DESKBELL_SMS_URL")
            try:
                async with asyncio.timeout(self._limit):
                    log = await asyncio.to_thread(self._sent, service, text)
            except TimeoutError:
                raise DeliveryFailed("unknown", "no answer in time") from None
        if log is not None:
            raise _meaning(log)

    def _service(self, to: str) -> Any:
        """Apprise's object for this recipient; None where it does not understand the URL."""
        import apprise  # noqa: PLC0415

        return apprise.Apprise.instantiate(self._for(to))

    def _sent(self, service: Any, text: str) -> str | None:
        """None: it was taken. Otherwise what Apprise noted meanwhile."""
        import apprise  # noqa: PLC0415

        with apprise.LogCapture(level=logging.DEBUG) as captured:  # type: ignore[no-untyped-call]
            done = service.send(body=text)
            noted = captured.getvalue() if isinstance(captured, StringIO) else ""
        return None if done else noted

    def _for(self, to: str) -> str:
        # Apprise waits between two messages of one service object, four seconds for a connection, four for the answer: too long for us.
        url = self._url.replace("{to}", quote(to, safe=""))
        return f"{url}{'&' if '?' in url else '?'}cto=2&rto=4"


def _meaning(log: str) -> DeliveryFailed:
    status = _STATUS.search(log)
    if status is not None:
        code = int(status[1])
        final = 400 <= code < 500 and code not in (408, 425, 429)
        return DeliveryFailed("rejected" if final else "later", f"the text message service answered {code}")
    if any(sign in log for sign in _NOT_REACHED) and "Read timed out" not in log:
        return DeliveryFailed("later", "the text message service cannot be reached")
    return DeliveryFailed("unknown", "the connection to the text message service was lost")
