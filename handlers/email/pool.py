"""A few connections to one mail server, kept open between mails."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

from aiosmtplib import SMTP, SMTPException

IDLE = 20.0  # seconds; servers end an idle session after 5 minutes at the earliest (RFC 5321 §4.5.3.2.7), load balancers sooner
MAILS = 50  # on one connection; Postfix and Exchange end it at about a hundred


class Pool:
    """At most `most` connections at once; who asks for one more waits for its turn."""

    def __init__(self, dial: Callable[[], SMTP], most: int) -> None:
        self._dial = dial
        self._turns = asyncio.Semaphore(most)
        self._idle: list[tuple[SMTP, float, int]] = []
        self._closed = False

    @contextlib.asynccontextmanager
    async def connection(self) -> AsyncIterator[SMTP]:
        """One that is logged in and between two mails. It is kept for the next mail unless the body raises."""
        async with self._turns:
            client, mails = await self._kept() or (self._dial(), 0)
            kept = False
            try:
                if not client.is_connected:
                    await client.connect()
                yield client
                kept = client.is_connected and mails + 1 < MAILS and not self._closed
            finally:
                if kept:
                    self._idle.append((client, self._now(), mails + 1))
                else:
                    client.close()

    async def close(self) -> None:
        """Says goodbye on every idle connection; those in use end with their mail."""
        self._closed = True
        while self._idle:
            client, _, _ = self._idle.pop()
            await _goodbye(client)

    async def _kept(self) -> tuple[SMTP, int] | None:
        """The one used last, if it still answers: asking costs a round trip, finding out in the middle of a mail costs the mail."""
        while self._idle:
            client, since, mails = self._idle.pop()
            if self._now() - since < IDLE and await _answers(client):
                return client, mails
            client.close()
        return None

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()


async def _answers(client: SMTP) -> bool:
    try:
        await client.rset()
    except (SMTPException, OSError):
        return False
    except asyncio.CancelledError:
        client.close()
        raise
    return True


async def _goodbye(client: SMTP) -> None:
    try:
        with contextlib.suppress(SMTPException, OSError, TimeoutError):
            await client.quit(timeout=1)
    finally:
        client.close()
