"""The AI bot, as the tests that every channel has to pass see it: in a group where somebody has spoken to it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.messages import Address, Receipt
from bot.ports import Channel, Clock
from bot.records import Hold
from handlers.wecom.longbot.accounts import Accounts
from handlers.wecom.longbot.bot import LongBot
from handlers.wecom.longbot.connection import Pace
from handlers.wecom.longbot.keeper import Patience
from storage.cache import MemoryCache
from tests.fakes.wecom_cards import texts
from tests.fakes.wecom_socket import FakeWecomSocket
from tests.slack.recording import RecordingDesk

GROUP = "WrGroupA"


class HoldingDesk(RecordingDesk):
    """Whoever asks may hold the bot; nothing is known of any conversation."""

    async def hold(self, name: str, holder: str, length: timedelta, note: Mapping[str, Any] | None = None) -> Hold:
        """The asker's."""
        return Hold(name, holder, 1, self.now + length, note or {})

    async def let_go(self, name: str, holder: str) -> None:
        """Gone."""

    async def ask(self, query: Any) -> Any:
        """No conversation is written down."""
        return ()

    async def configure(self, change: Any, once: Any = None) -> dict[str, Any]:
        """Taken."""
        return {}

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.now = clock.now()


class WecomBotHarness:
    """The real channel over the real connection, WeCom a fake at the network's edge."""

    name = "wecom_bot"
    secrets = ("bot-secret",)
    live = ("<!channel>", "<!subteam", "<@U1>", "<https://evil", "<script", "](")
    longest = 20_480
    forgets = True  # WeCom tells no repeat and lets nobody look: the card says itself that it may be one

    def __init__(self) -> None:
        self.channel: Channel
        self._bot: LongBot
        self._wecom: FakeWecomSocket
        self._running: asyncio.Task[None]

    async def start(self, clock: Clock) -> None:
        """WeCom, the bot connected to it, and somebody who has spoken to it."""
        self._wecom = FakeWecomSocket(clock)
        await self._wecom.up()
        patience = Patience(renew=0.05, look=0.01, lost=(0.001, 0.01))
        self._bot = LongBot(
            "BOT1", "bot-secret", Accounts(None, MemoryCache(clock), "BOT1"), clock, link="https://desk.example", people=False,
            url=self._wecom.url, pace=Pace(opening=0.5, answer=0.3), patience=patience,
        )  # fmt: skip
        self.channel = self._bot.channel
        self._running = asyncio.create_task(self._bot.run(HoldingDesk(clock)))
        await self._connected()
        await self._wecom.says("@Desk hello", "mei", GROUP, "image")
        await _until(lambda: bool(self._wecom.said))  # it reads text alone, and says so
        self._wecom.said.clear()

    def address(self) -> Address:
        """A place where messages arrive."""
        return Address("wecom_bot", GROUP)

    async def received(self) -> list[str]:
        """As their readers see them: a card that was changed is one card."""
        shown: dict[str, str] = {}
        for place, said in enumerate(self._wecom.said):
            shown[said.card.get("task_id") or str(place)] = "\n".join(texts(said.card)) if said.card else said.text
        return list(shown.values())

    async def fresh(self, receipt: Receipt) -> Receipt:
        """A press of the card, which alone lets it change."""
        card = next(each.card for each in self._wecom.said if each.card.get("task_id") == receipt["thread"])
        await self._wecom.clicks(card, "Claim", "mei", GROUP)
        req = next(reversed(self._wecom.asked))
        return {**receipt, "req": req, "at": self._wecom.clock.now().isoformat()}

    async def fault(self, kind: str) -> None:
        """What happens to the next message."""
        self._wecom.next_errors = {"rejected": [40058], "later": [45009]}.get(kind, [])
        self._wecom.loses_answers, self._wecom.hangs = kind == "lost_reply", kind == "hang"
        if kind == "down":
            await self._wecom.down()
            await _until(lambda: self._bot.keeper.line is None)
        elif not self._wecom.listening:
            await self._wecom.up()
            await self._connected()

    async def stop(self) -> None:
        """The connection, then WeCom."""
        self._running.cancel()
        await asyncio.gather(self._running, return_exceptions=True)
        await self._wecom.down()

    async def _connected(self) -> None:
        await _until(lambda: self._bot.keeper.line is not None)


async def _until(holds: Any) -> None:
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.002)
