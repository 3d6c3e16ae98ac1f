"""Text messages behind the harness, by Apprise."""

from __future__ import annotations

from bot.messages import Address
from bot.ports import Channel, Clock
from handlers.sms.by_apprise import ByApprise
from handlers.sms.channel import SmsChannel
from handlers.sms.text import LONGEST
from tests.fakes.sms import FakeSms

FAULTS = {"rejected": "400", "later": "503", "lost_reply": "lost_reply", "hang": "hang"}


class SmsHarness:
    """It shows plain text: nothing in it is live."""

    name = "sms"
    longest = LONGEST
    live = ()
    forgets = True
    secrets = ("hunter2",)
    route = {"phone": "+86 138 0013 8000"}  # noqa: RUF012
    channel: Channel

    def __init__(self) -> None:
        self._sms = FakeSms()

    async def start(self, clock: Clock) -> None:
        """The service, then the channel."""
        await self._sms.start()
        self.channel = SmsChannel(ByApprise(f"json://me:hunter2@127.0.0.1:{self._sms.port}/sms?:to={{to}}", limit=2.0))

    def address(self) -> Address:
        """A merchant's legal representative."""
        return Address("sms", "legal_representative:m1")

    async def received(self) -> list[str]:
        """The text."""
        return [str(each["message"]) for each in self._sms.taken]

    async def fault(self, kind: str) -> None:
        """By the service's; `down` lets nobody listen."""
        if kind == "down":
            await self._sms.stop()
        self._sms.fault = FAULTS.get(kind)

    async def stop(self) -> None:
        """The service."""
        await self._sms.stop()
