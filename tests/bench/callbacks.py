"""WeCom's callback at 100 a second, and its verification: from the moment each was due to its answer, on the real program."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack, suppress
from typing import Any

import aiohttp

from bot.clock import SystemClock
from tests.bench import program
from tests.bench.databases import Databases
from tests.bench.table import Figure, at_most, middle
from tests.fakes.wecom import AGENT, CORP, SECRET, FakeWecom
from tests.fakes.wecom_sealing import Sealer

PER_SECOND, SECONDS, PEOPLE, VERIFIED = 100, 20, 400, 400
MOST = 0.1  # seconds, of 99 in 100
SEALER = Sealer(corp_id=CORP)
ECHO = "1616140317555161061"


class Caller:
    """Sends what is due when it is due, answered or not: who waits for one answer before the next call measures himself."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self.times: list[float] = []
        self.wrong = 0

    async def call(self, method: str, due: float, query: dict[str, str], body: str | None, says: str) -> None:
        """One call, measured from when it was due."""
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        answer = (0, "")
        with suppress(aiohttp.ClientError, TimeoutError):
            async with self._session.request(method, "/wecom/callback", params=query, data=body) as response:
                answer = response.status, await response.text()
        self.times.append(time.perf_counter() - due)
        self.wrong += answer != (200, says)

    @property
    def p99(self) -> float:
        """ms."""
        return 1e3 * middle(self.times, 0.99)


async def measured(databases: Databases) -> list[Figure]:
    """Both databases."""
    return [each for dialect in ("sqlite", "postgresql") for each in await _figures(databases, dialect)]


async def _figures(databases: Databases, dialect: str) -> list[Figure]:
    async with AsyncExitStack() as running:
        wecom = FakeWecom()
        await wecom.start()
        running.push_async_callback(wecom.stop)
        port = await _served(databases, running, dialect, wecom)
        headers = {"Authorization": f"Bearer {program.ADMIN}"}
        session = await running.enter_async_context(aiohttp.ClientSession(f"http://127.0.0.1:{port}"))
        cold = Caller(session)
        await cold.call("GET", time.perf_counter(), *_echo())
        for number in range(PEOPLE):
            person = {"name": f"Agent {number}", "role": "admin", "wecom_user_id": f"user{number}", "locale": "en"}
            async with session.put(f"/v1/agents/user{number}", json=person, headers=headers) as made:
                assert made.status == 200, await made.text()
        verified, posted = Caller(session), Caller(session)
        start = time.perf_counter() + 0.1
        await asyncio.gather(*(verified.call("GET", start + place / PER_SECOND, *_echo()) for place in range(VERIFIED)))
        start = time.perf_counter() + 0.1
        await asyncio.gather(*(posted.call("POST", start + place / PER_SECOND, *_text(place)) for place in range(PER_SECOND * SECONDS)))
        behind = await _worked(wecom, PER_SECOND * SECONDS)
    wrong = cold.wrong + verified.wrong + posted.wrong
    return [
        at_most(f"WeCom's first verification after a start, {dialect}", 1e3 * cold.times[0], 1000, " ms", digits=1),
        at_most(f"WeCom's verification at {PER_SECOND} a second, {dialect}: p99", verified.p99, 1e3 * MOST, " ms", digits=1),
        at_most(f"WeCom's callback at {PER_SECOND} a second for {SECONDS} s, {dialect}: p99", posted.p99, 1e3 * MOST, " ms", digits=1),
        Figure(f"the last of them answered in its chat, {dialect}", f"{behind:.1f} s after it came"),
        at_most(f"wrong answers to callbacks, {dialect}", wrong, 0, "", digits=0),
    ]


async def _served(databases: Databases, running: AsyncExitStack, dialect: str, wecom: FakeWecom) -> int:
    port = program.free_port()
    settings = {
        "database_url": await databases.new(dialect), "port": str(port), "edges": "api,wecom", "wecom_corp_id": CORP,
        "wecom_agent_id": str(AGENT), "wecom_secret": SECRET, "wecom_token": SEALER.token, "wecom_aes_key": SEALER.aes_key,
        "wecom_api_url": wecom.api_url,
    }  # fmt: skip
    process = program.serve(databases.folder, settings)
    running.callback(program.end, process)
    await asyncio.to_thread(program.wait_ready, process, port)
    return port


async def _worked(wecom: FakeWecom, many: int) -> float:
    """Seconds until everybody has their answer."""
    since = time.perf_counter()
    for _ in range(1200):
        if wecom.count("message/send") >= many:
            break
        await asyncio.sleep(0.05)
    return time.perf_counter() - since


def _echo() -> tuple[dict[str, str], None, str]:
    echo = SEALER.encrypted(ECHO)
    return {**SEALER.query(echo, SystemClock().now()), "echostr": echo}, None, ECHO


def _text(place: int) -> tuple[dict[str, str], str, str]:
    message: dict[str, Any] = {
        "ToUserName": CORP, "FromUserName": f"user{place % PEOPLE}", "CreateTime": 1, "MsgType": "text", "Content": "whoami",
        "MsgId": str(place), "AgentID": str(AGENT),
    }  # fmt: skip
    return *SEALER.post(message, SystemClock().now()), ""
