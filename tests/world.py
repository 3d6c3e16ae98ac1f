"""A whole bot with a world around it: fake Slack and mail servers and a webhook receiver at the network's edge, and a clock you push.

Nothing inside is replaced: real edges, real desk, real storage on a real database. There is no ticker; `settle` runs the passes until
nothing is left to do, `pass_time` pushes the clock from one due moment to the next, so that hours go by in milliseconds and in order.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self

from aiohttp.test_utils import TestClient, TestServer

from bot.ahead import elsewhere
from bot.desk import Desk
from bot.settings import Settings, read
from run_bot import Deskbell, assembled
from tests.clock import PushedClock
from tests.fakes.receiver import FakeReceiver
from tests.fakes.slack import FakeSlack
from tests.fakes.smtp import FakeSmtp
from tests.fakes.wecom import AGENT, CORP, FakeWecom
from tests.fakes.wecom import SECRET as WECOM_SECRET
from tests.fakes.wecom_people import FakeApp
from tests.fakes.wecom_sealing import Sealer

ADMIN = "world-admin-token"
SECRET = "world-signing-secret"
CHANNEL = "C0AFTERSALES"
SEALER = Sealer(corp_id=CORP)
EDGES = ("api", "slack", "email", "sms", "reports", "webhooks", "wecom", "payments", "shopify", "erp", "translate")
MERCHANT: dict[str, Any] = {
    "name": "Lumière Lights", "timezone": "Asia/Shanghai", "locale": "en",
    "legal_representative": {"name": "Li Lei", "phone": "+8613800138000"},
    "notify": {"emails": ["ops@lumiere.example"], "slack_channel": CHANNEL},
    "onboarding": {"kyc_verified": True, "settlement_accounts": [{"kind": "cn_corporate", "country": "CN"}], "api_key_version": "2.1"},
}  # fmt: skip
LUMIERE: dict[str, Any] = {"merchant_id": "lumiere"}
PEOPLE: dict[str, dict[str, Any]] = {
    "mei": {"name": "Mei Lin", "role": "agent", **LUMIERE, "slack_user_id": "U0MEI", "email": "mei@lumiere.example", "locale": "en"},
    "bo": {"name": "Bo Zhang", "role": "agent", **LUMIERE, "slack_user_id": "U0BO", "locale": "zh"},
    "chen": {"name": "Chen Wei", "role": "lead", **LUMIERE, "slack_user_id": "U0CHEN", "locale": "en"},
    "sara": {"name": "Sara Tan", "role": "senior_manager", "slack_user_id": "U0SARA", "email": "sara@operator.example", "locale": "en"},
    "wang": {"name": "Wang Fang", "role": "senior_manager", "slack_user_id": "U0WANG", "locale": "zh"},
    "ada": {"name": "Ada", "role": "admin", "slack_user_id": "U0ADA", "locale": "en"},
    "eve": {"name": "Eve", "role": "agent", "merchant_id": "other", "slack_user_id": "U0EVE", "locale": "en"},
}


class World:
    """`async with World(url) as world:`. Settings are variables without their prefix, in lower case."""

    def __init__(
        self, database_url: str, *, populated: bool = True, wecom: bool = False, clock: PushedClock | None = None,
        extras: Mapping[str, Any] | None = None, **settings: str,
    ) -> None:  # fmt: skip
        """`wecom`: there is the operator's app, and people have a userid in it: their id."""
        self.database_url, self.populated, self.with_wecom, self.given = database_url, populated, wecom, settings
        self.clock, self.extras = clock or PushedClock(), extras
        self.slack = FakeSlack(clock=self.clock, signing_secret=SECRET)
        self.slack.goes_on = self.settle
        self.wecom = FakeWecom(clock=self.clock)
        self.connects(self.wecom.app, "/wecom/callback", SEALER)
        self.smtp = FakeSmtp()
        self.receiver = FakeReceiver(clock=self.clock)
        self.bot: Deskbell
        self.api: TestClient[Any, Any]
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self.slack.start()
        self._stack.push_async_callback(self.slack.stop)
        for server in (self.smtp, self.receiver, self.wecom):
            await server.start()
            self._stack.push_async_callback(server.stop)
        await self.start_bot()
        if self.populated:
            await self._populate()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.stop_bot()
        await self._stack.aclose()

    @property
    def desk(self) -> Desk:
        """The desk itself; journeys rather go through the edges."""
        return self.bot.desk

    @property
    def admin(self) -> dict[str, str]:
        """Headers of the operator's key."""
        return {"Authorization": f"Bearer {ADMIN}"}

    @property
    def settings(self) -> Settings:
        """What the bot is started with."""
        values = {
            "database_url": self.database_url, "admin_token": ADMIN, "secret_key": "world-secret-key", "slack_bot_token": "xoxb-world",
            "slack_signing_secret": SECRET, "slack_api_url": self.slack.api_url,
            "smtp_url": self.smtp.url, "mail_from": "desk@deskbell.example", "webhook_allow_private": "1",
            "sla_warn": "", "remind_every": "0",
            "wecom_api_url": self.wecom.api_url, **self._app, **self.given,
        }  # fmt: skip
        return read({f"DESKBELL_{name.upper()}": value for name, value in values.items()})

    @property
    def _app(self) -> dict[str, str]:
        app = {"wecom_corp_id": CORP, "wecom_agent_id": str(AGENT), "wecom_secret": WECOM_SECRET}
        return {**app, "wecom_token": SEALER.token, "wecom_aes_key": SEALER.aes_key} if self.with_wecom else {}

    def connects(self, app: FakeApp, path: str, sealer: Sealer) -> None:
        """What people do in this app reaches the bot, sealed, at this path; and is worked before their next move."""

        async def receive(app: FakeApp, message: dict[str, Any]) -> None:
            query, body = sealer.post(message, self.clock.now())
            async with self.api.post(path, params=query, data=body) as answer:
                assert (answer.status, await answer.text()) == (200, "")
            await self.settle()

        app.receive = receive

    async def start_bot(self) -> None:
        """Starts it (again) on the same database."""
        self._bot = AsyncExitStack()
        self.bot = await self._bot.enter_async_context(assembled(self.settings, self.clock, edges=EDGES, extras=self.extras))
        assert self.bot.app is not None
        self.api = await self._bot.enter_async_context(TestClient(TestServer(self.bot.app)))
        self.slack.bot_url = str(self.api.make_url("/slack/events"))

    async def stop_bot(self) -> None:
        """Ends it as a clean shutdown does."""
        await self.bot.desk.delivery.drain(5)
        await self._bot.aclose()

    async def call(self, method: str, path: str, body: Any = None, *, key: str = ADMIN, status: int = 0, **headers: str) -> Any:
        """One API call; its JSON. `status` 0: any success."""
        named = {"Authorization": f"Bearer {key}", **{name.replace("_", "-"): value for name, value in headers.items()}}
        async with self.api.request(method, path, json=body, headers=named) as response:
            answer = await response.json() if response.content_length else None
            assert response.status == status if status else response.status < 300, (response.status, answer)
            return answer

    async def ticket(self, subject: str = "Where is my refund?", **fields: Any) -> int:
        """Opens one over the API and lets its alert go out."""
        body = {"shop_id": "lights-sg", "subject": subject, "message": "I paid and got nothing.", **fields}
        made = await self.call("POST", "/v1/tickets", body, status=201)
        await self.settle()
        return int(made["number"])

    async def shown(self, number: int) -> dict[str, Any]:
        """The ticket's document."""
        found: dict[str, Any] = await self.call("GET", f"/v1/tickets/{number}")
        return found

    async def says(self, words: str, by: str = "mei") -> str:
        """What an agent typed as `/ticket …`; the text of what only they see in answer."""
        user = PEOPLE[by]["slack_user_id"] if by in PEOPLE else by
        answer = await self.slack.command(words, user=user)
        await self.settle()
        return answer

    async def clicks(self, button: str, by: str = "mei") -> str:
        """Presses a button of a card in WeCom; what the app said to them then, a card of theirs changed or not."""
        before = len(self.wecom.chat(by))
        await self.wecom.click(by, button)
        return "\n".join(message.seen for message in self.wecom.chat(by)[before:])

    async def settle(self) -> None:
        """Passes until nothing is due and nothing on its way that could go now."""
        for _ in range(200):
            await self.desk.work_inbox()
            await self.desk.happenings.work()
            await self.desk.labels.work()
            await self.desk.escalate_due()
            waiting = await self.desk.deliver_waiting()
            await self.desk.delivery.drain(10)
            now = self.clock.now()
            moments = [await self.desk.escalate_due(), await self.desk.work_inbox(), await self.desk.deliver_waiting(), waiting]
            moments.insert(0, await self.desk.happenings.work())
            await self.desk.delivery.drain(10)
            moments[3] = await self._next_delivery()
            if all(at is None or at > now for at in moments[:4]):
                return
            await asyncio.sleep(0)
        raise AssertionError("the passes never came to rest")

    async def _next_delivery(self) -> datetime | None:
        """What was sent last may have let others go that waited for it."""
        delivery = self.desk.delivery
        but = elsewhere(delivery.channels)
        return await delivery.work.read(lambda stores: stores.outbox.next_available(but), quick=True)

    async def pass_time(self, **length: float) -> None:
        """Pushes the clock by a timedelta's arguments, from one due moment to the next."""
        end = self.clock.now() + timedelta(**length)
        while True:
            await self.settle()
            upcoming = [at for at in (await self.desk.escalate_due(), await self.desk.deliver_waiting()) if at is not None]
            if not upcoming or min(upcoming) > end:
                break
            self.clock.push_to(max(min(upcoming), self.clock.now() + timedelta(milliseconds=1)))
        self.clock.push_to(end)
        await self.settle()

    async def _populate(self) -> None:
        await self.call("PUT", "/v1/merchants/lumiere", MERCHANT)
        await self.call("PUT", "/v1/merchants/other", {**MERCHANT, "name": "Other", "notify": {"slack_channel": "C0OTHER"}})
        for merchant in ("lumiere", "other"):
            await self.call("POST", f"/v1/merchants/{merchant}/enable")
        for shop, merchant in (("lights-sg", "lumiere"), ("lights-my", "lumiere"), ("other-shop", "other")):
            await self.call("PUT", f"/v1/shops/{shop}", {"merchant_id": merchant, "platform": "shopee", "name": shop})
        for id, person in PEOPLE.items():
            await self.call("PUT", f"/v1/agents/{id}", {**person, **({"wecom_user_id": id} if self.with_wecom else {})})
        await self.settle()


def at(text: str) -> datetime:
    """A moment from a document."""
    return datetime.fromisoformat(text)


def sentence(doc: Mapping[str, Any]) -> str:
    """A problem document in one line, for assertions."""
    return f"{doc.get('code')}: {doc.get('detail')}"
