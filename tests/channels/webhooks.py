"""Outgoing webhooks behind the harness, with a real receiver on loopback."""

from __future__ import annotations

import json

from aiohttp import ThreadedResolver

from bot.messages import Address
from bot.ports import Channel, Clock
from handlers.guard import Guard
from handlers.outward import session
from handlers.webhooks.channel import WebhooksChannel
from tests.fakes.receiver import FakeReceiver

FAULTS = {"rejected": "410", "later": "503", "lost_reply": "lost_reply", "hang": "hang"}


class WebhooksHarness:
    """Programs read it: text is carried as it is, inside JSON that no text can leave."""

    name = "webhooks"
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    secrets = (secret, secret.removeprefix("whsec_"))
    machine = True
    longest = 400_000
    channel: Channel

    async def start(self, clock: Clock) -> None:
        """The receiver, then the channel."""
        self._receiver = FakeReceiver([self.secret], clock=clock)
        await self._receiver.start()
        guard = Guard(allow_private=True)
        self._session = session(guard, ThreadedResolver(), limit=1.0)
        self.channel = WebhooksChannel(self._session, guard, clock)
        self.route = {"url": self._receiver.url, "secrets": [self.secret]}

    def address(self) -> Address:
        """A subscription."""
        return Address("webhooks", "wh_1")

    async def received(self) -> list[str]:
        """The id, and the body as it would be written again."""
        return [f"{event.id}\n{json.dumps(event.body, ensure_ascii=False)}" for event in self._receiver.events]

    async def fault(self, kind: str) -> None:
        """By the receiver's; `down` lets nobody listen at the URL."""
        if kind == "down":
            self._receiver.shut()
        self._receiver.fault = FAULTS.get(kind)

    async def stop(self) -> None:
        """The channel, then the receiver."""
        await self._session.close()
        await self._receiver.stop()
