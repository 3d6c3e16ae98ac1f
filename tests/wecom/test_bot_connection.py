"""The AI bot's connection against a fake WeCom: the eight ways in which it goes wrong, and who may connect when."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.desk import Desk
from bot.errors import Unavailable
from bot.house import House
from bot.records import Hold
from bot.settings import Settings
from handlers.wecom.longbot.connection import Pace, Unanswered, opened
from handlers.wecom.longbot.frames import Frame, read
from handlers.wecom.longbot.keeper import Keeper, Patience
from storage.engine import Storage, open_storage
from storage.vault import KeyVault
from tests.clock import PushedClock
from tests.fakes.wecom_socket import FakeWecomSocket
from tests.slack.recording import EndlessCache

FAST = Patience(
    lease=6, renew=0.01, look=0.01, steady=60, lost=(0.001, 0.01), refused=(30, 30), taken=(30, 30)
)  # fmt: skip
PACE = Pace(opening=0.5, answer=0.2, ping=0.02, pong=0.05)


class CutOff(Desk):
    """A process that can reach its database, until it is cut off."""

    cut = False

    async def hold(self, name: str, holder: str, length: timedelta, note: Mapping[str, Any] | None = None) -> Hold:
        if self.cut:
            raise Unavailable("no route to the database")
        return await super().hold(name, holder, length, note)

    async def let_go(self, name: str, holder: str) -> None:
        if self.cut:
            raise Unavailable("no route to the database")
        await super().let_go(name, holder)


def desk_on(storage: Storage, clock: PushedClock) -> CutOff:
    return CutOff(storage, House(Settings(), clock, KeyVault("a key for these tests"), {}), {}, EndlessCache())


async def until(holds: Callable[[], bool]) -> None:
    """Waits for what happens by itself, and fails when it does not."""
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.002)


class Bot:
    """A keeper that writes down what arrives."""

    def __init__(self, wecom: FakeWecomSocket, clock: PushedClock, patience: Patience = FAST, secret: str = "bot-secret") -> None:
        self.heard: list[Frame] = []
        self.keeper = Keeper("bot", lambda: opened(wecom.url, "BOT1", secret, PACE), self._hear, clock, patience)

    async def _hear(self, frame: Frame) -> None:
        self.heard.append(frame)

    @property
    def state(self) -> str:
        return self.keeper.state.kind

    @asynccontextmanager
    async def running(self, desk: Desk) -> AsyncIterator[Bot]:
        task = asyncio.create_task(self.keeper.run(desk))
        try:
            yield self
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
def clock() -> PushedClock:
    return PushedClock()


@pytest.fixture
async def wecom(clock: PushedClock) -> AsyncIterator[FakeWecomSocket]:
    async with FakeWecomSocket(clock) as fake:
        yield fake


@pytest.fixture
async def desk(sqlite_url: str, clock: PushedClock) -> AsyncIterator[Desk]:
    storage = await open_storage(sqlite_url)
    yield desk_on(storage, clock)
    await storage.close()


async def test_1_a_message_arrives_and_its_reply_is_acknowledged(wecom: FakeWecomSocket, desk: Desk, clock: PushedClock) -> None:
    async with Bot(wecom, clock).running(desk) as bot:
        await until(lambda: bot.state == "connected")
        await wecom.says("@Desk hi", chat="Wr1")
        await until(lambda: bool(bot.heard))
        line = bot.keeper.line
        assert line is not None
        stream = {"msgtype": "stream", "stream": {"id": "s1", "finish": True, "content": "你好"}}
        answer = await line.ask("aibot_respond_msg", stream, bot.heard[0].req_id)
        assert (answer.errcode, wecom.told("Wr1")) == (0, ["你好"])


async def abort(wecom: FakeWecomSocket) -> None:
    wecom.abort()


async def restart(wecom: FakeWecomSocket) -> None:
    await wecom.down()
    await wecom.up()


async def mute(wecom: FakeWecomSocket) -> None:
    wecom.mute = True
    before = wecom.connects
    await until(lambda: wecom.connects > before)
    wecom.mute = False


@pytest.mark.parametrize(
    "ends",
    [abort, lambda wecom: wecom.close(1000), lambda wecom: wecom.close(1001), lambda wecom: wecom.close(1011), mute, restart],
    ids=["2 TCP abort", "3 closed 1000", "4 closed 1001", "closed 1011", "8 no pong", "down for a moment"],
)
async def test_after_every_kind_of_end_it_connects_again(
    wecom: FakeWecomSocket, desk: Desk, clock: PushedClock, ends: Callable[[FakeWecomSocket], Any]
) -> None:
    async with Bot(wecom, clock).running(desk) as bot:
        await until(lambda: bot.state == "connected")
        first = bot.keeper.line
        await ends(wecom)
        await until(lambda: bot.keeper.line not in (None, first) and wecom.live is not None)
        await wecom.says("still there?")
        await until(lambda: bool(bot.heard))
        assert wecom.kicked == 0 or ends is mute  # a mute server still counts its old connection as live


async def test_5_thrown_out_by_another_it_stays_out(wecom: FakeWecomSocket, desk: Desk, clock: PushedClock) -> None:
    async with Bot(wecom, clock).running(desk) as bot:
        await until(lambda: bot.state == "connected")
        async with opened(wecom.url, "BOT1", "bot-secret", Pace()):
            await until(lambda: bot.state == "taken")
            await asyncio.sleep(0.05)  # 50 times the first pause after a lost connection
            assert (wecom.subscribes, wecom.kicked) == (2, 1)
        assert bot.keeper.line is None


@pytest.mark.parametrize("drops", [True, False], ids=["6 and dropped", "7 and left open"])
async def test_refused_it_does_not_storm_and_never_takes_itself_for_connected(
    wecom: FakeWecomSocket, desk: Desk, clock: PushedClock, drops: bool
) -> None:
    wecom.refuses, wecom.drops_refused = 853000, drops
    async with Bot(wecom, clock).running(desk) as bot:
        await until(lambda: bot.state == "refused")
        await asyncio.sleep(0.04)  # 40 times the first pause after a lost connection
        assert (wecom.subscribes, bot.keeper.line) == (1, None)
        assert "853000" in bot.keeper.state.why
        assert "bot-secret" not in bot.keeper.state.why


async def test_once_its_secret_is_mended_it_comes_by_itself(wecom: FakeWecomSocket, desk: Desk, clock: PushedClock) -> None:
    wecom.refuses = 853000
    async with Bot(wecom, clock, replace(FAST, refused=(0.001, 0.01))).running(desk) as bot:
        await until(lambda: bot.state == "refused")
        wecom.refuses = 0
        await until(lambda: bot.state == "connected")


async def test_an_answer_that_never_comes_ends_the_wait_and_not_the_connection(wecom: FakeWecomSocket) -> None:
    async with opened(wecom.url, "BOT1", "bot-secret", Pace(answer=0.02)) as line:
        wecom.loses_answers = True
        push = {"chatid": "x", "chat_type": 2, "msgtype": "markdown", "markdown": {"content": "hi"}}
        with pytest.raises(Unanswered) as silent:
            await line.ask("aibot_send_msg", push)
        assert silent.value.sent
        wecom.loses_answers = False
        assert (await line.ask("aibot_send_msg", push)).errcode == 846607  # nobody has spoken there


async def test_two_answers_to_one_request_wait_for_each_other(wecom: FakeWecomSocket) -> None:
    async with opened(wecom.url, "BOT1", "bot-secret", PACE) as line:
        heard: asyncio.Queue[Frame] = asyncio.Queue()
        living = asyncio.create_task(line.live(heard.put))
        await wecom.says("hi")
        req_id = (await heard.get()).req_id
        body = {"msgtype": "markdown", "markdown": {"content": "once"}}
        answers = await asyncio.gather(*(line.ask("aibot_respond_msg", body, req_id) for _ in range(3)))
        assert [each.errcode for each in answers] == [0, 846606, 846606]
        living.cancel()


async def test_of_two_processes_one_is_connected_and_the_other_takes_over_when_it_goes(
    wecom: FakeWecomSocket, postgres_url: str, clock: PushedClock
) -> None:
    storages = [await open_storage(postgres_url) for _ in range(2)]
    first, second = (Bot(wecom, clock) for _ in range(2))
    async with second.running(desk_on(storages[1], clock)):
        async with first.running(desk_on(storages[0], clock)):
            await until(lambda: "connected" in (first.state, second.state))
            ours, other = (first, second) if first.state == "connected" else (second, first)
            await until(lambda: not other.keeper.here())
            assert (wecom.subscribes, other.state, ours.keeper.here()) == (1, "standby", True)
        await until(lambda: second.state == "connected")  # let go at the first's end
        assert wecom.kicked == 0
        assert wecom.subscribes <= 2
    for storage in storages:
        await storage.close()


async def test_a_standby_takes_over_when_the_holder_dies_without_a_word(
    wecom: FakeWecomSocket, postgres_url: str, clock: PushedClock
) -> None:
    storages = [await open_storage(postgres_url) for _ in range(2)]
    dying, living = (desk_on(storage, clock) for storage in storages)
    first, second = (Bot(wecom, clock) for _ in range(2))
    async with first.running(dying):
        await until(lambda: first.state == "connected")
        async with second.running(living):
            await until(lambda: not second.keeper.here())
            dying.cut = True  # it renews no more, nor will it let go
            await asyncio.sleep(0.05)
            assert (first.state, second.state, wecom.subscribes) == ("connected", "standby", 1)
            clock.push(timedelta(seconds=FAST.lease))
            await until(lambda: second.state == "connected" and first.state == "standby")
            assert wecom.subscribes == 2
            async with asyncio.timeout(20):
                while (held := await living.held("bot")) is None or held.note["state"] != "connected":  # noqa: ASYNC110
                    await asyncio.sleep(0.002)
            assert held.fence == 2
    for storage in storages:
        await storage.close()


@pytest.mark.parametrize(("kind", "first", "most"), [("lost", 1, 60), ("refused", 60, 3600), ("taken", 300, 3600)])
def test_pauses_double_up_to_their_most_and_are_never_the_same_for_two(kind: Any, first: float, most: float) -> None:
    random.seed(7)
    for tries in range(1, 2000, 37):
        whole = min(most, first * 2 ** (tries - 1))
        pauses = {Patience().pause(kind, tries) for _ in range(5)}
        assert len(pauses) == 5
        assert all(whole / 2 <= pause <= whole for pause in pauses)


def test_frames_that_are_none_are_skipped() -> None:
    assert [read(raw) for raw in ("", "{", "[]", "1", '"x"', b"\xff")] == [None] * 6
    assert read('{"cmd": 1, "headers": [], "body": "x", "errcode": "y"}') == Frame("", "")
