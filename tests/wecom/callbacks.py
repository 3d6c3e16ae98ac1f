"""A WeCom edge's callback between WeCom's side of it and a desk that writes down what it is asked."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.errors import NotFound
from bot.messages import AccountOf, Command, Credentials, TellAdmins, codec
from bot.settings import Settings
from handlers.edge import World
from handlers.wecom import inbound
from tests.clock import PushedClock
from tests.fakes.wecom_sealing import Sealer
from tests.slack.recording import EndlessCache, RecordingDesk

OPERATOR = Sealer()
MERCHANT = Sealer("merchant-token", "m" * 42 + "A", "ww-lumiere")
SETTINGS = Settings(
    wecom_corp_id=OPERATOR.corp_id, wecom_agent_id="1000002", wecom_secret="s", wecom_token=OPERATOR.token, wecom_aes_key=OPERATOR.aes_key
)
FORBIDDEN = (403, '{"error": "invalid request"}')


class CallbackDesk(RecordingDesk):
    """Knows one account, a merchant's."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[TellAdmins] = []

    @property
    def stored_commands(self) -> list[Command]:
        """In the order in which they came."""
        return [codec.command(body["command"]) for body in self.stored.values()]

    async def ask(self, query: Any) -> Any:
        """An account."""
        if not isinstance(query, AccountOf) or query.id != "lumiere-app":
            raise NotFound("no_such", kind="wecom account", id="?")
        doc = {"corp_id": MERCHANT.corp_id, "agent_id": "1000007"}
        return Credentials("wecom", query.id, "lumiere", doc, {"secret": "s", "token": MERCHANT.token, "aes_key": MERCHANT.aes_key})

    async def configure(self, change: Any, once: Any = None) -> dict[str, Any]:
        """What administrators are told."""
        self.told.append(change)
        return {}


@dataclass
class Callback:
    """The address, and WeCom before it."""

    client: TestClient[Any, Any]
    desk: CallbackDesk
    clock: PushedClock
    sealer: Sealer = OPERATOR
    path: str = "/wecom/callback"

    async def post(self, query: Mapping[str, str] | str, body: str | bytes) -> tuple[int, str]:
        """Status and body of the answer."""
        target = f"{self.path}?{query}" if isinstance(query, str) else self.path
        data = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
        async with self.client.post(target, params=None if isinstance(query, str) else query, data=data) as answer:
            return answer.status, await answer.text()

    async def get(self, query: Mapping[str, str]) -> tuple[int, str]:
        """The same for a verification."""
        async with self.client.get(self.path, params=query) as answer:
            return answer.status, await answer.text()

    async def says(self, message: Mapping[str, Any] | str) -> tuple[int, str]:
        """A message or event, sealed and delivered now."""
        return await self.post(*self.sealer.post(message, self.clock.now()))

    async def types(self, words: str, by: str = "Mei", id: str = "1") -> tuple[int, str]:
        """A text."""
        return await self.says(text(words, by, id))


def text(words: str, by: str = "Mei", id: str = "1") -> dict[str, str]:
    """A text message in the clear."""
    usual = {"ToUserName": "ww", "FromUserName": by, "CreateTime": "1409659813", "AgentID": "1000002"}
    return {**usual, "MsgType": "text", "Content": words, "MsgId": id}


def event(name: str, by: str = "Mei", **more: Any) -> dict[str, Any]:
    """An event in the clear."""
    usual = {"ToUserName": "ww", "FromUserName": by, "CreateTime": "1409659813", "MsgType": "event", "Event": name, "AgentID": "1000002"}
    return {**usual, **more}


@asynccontextmanager
async def opened(settings: Settings = SETTINGS, at: datetime | None = None) -> AsyncIterator[Callback]:
    """The callback, served."""
    async with AsyncExitStack() as closing:
        clock, desk = PushedClock(at) if at else PushedClock(), CallbackDesk()
        app = web.Application(client_max_size=1024 * 1024)
        app.add_routes(inbound.routes(desk, World(settings, clock, EndlessCache(), closing)))
        client = await closing.enter_async_context(TestClient(TestServer(app)))
        yield Callback(client, desk, clock)
