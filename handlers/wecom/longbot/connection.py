"""One subscribed connection, from its opening to its end, whatever ends it: requests with their answers, and what WeCom sends.

Every end is an exception, a clean close (1000, 1001) too: whoever waits on a connection never waits on a dead one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

import structlog
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from bot.errors import BotError
from handlers.wecom.longbot import frames
from handlers.wecom.longbot.frames import Frame

LARGEST = 4 * 2**20  # bytes of one frame: media come as addresses, never in it
WAITING = 1000  # frames that may wait to be worked before we read no more
log = structlog.stdlib.get_logger("wecom.bot")


class Ended(BotError):
    """The connection is over: lost, closed, silent or refused by the network. A new one may be opened after a pause."""


class Rejected(Ended):
    """WeCom does not let this bot in with this secret, or not over a long connection."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(f"{code} {why}".strip())
        self.code = code


class Taken(Ended):
    """Another connection has subscribed as this bot, and this one was thrown out: opening another would throw that one out."""


class Unanswered(BotError):
    """A request went out and no answer came. `sent` False: it never went out."""

    def __init__(self, why: str, *, sent: bool) -> None:
        super().__init__(why)
        self.sent = sent


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds. WeCom drops peers that say nothing; every 30 s is its advice: https://developer.work.weixin.qq.com/document/path/101463"""

    opening: float = 10.0
    answer: float = 5.0
    ping: float = 30.0
    pong: float = 10.0


class Connection:
    """Requests may be made by many at once; WeCom takes one at a time per request id."""

    def __init__(self, socket: ClientConnection, pace: Pace) -> None:
        self._socket, self._pace = socket, pace
        self._answers: dict[str, asyncio.Future[Frame]] = {}
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._arrived: asyncio.Queue[Frame] = asyncio.Queue(WAITING)
        self._over: Ended | None = None
        self._reading = asyncio.create_task(self._read(), name="wecom bot reads")

    async def ask(self, cmd: str, body: Mapping[str, Any] | None, req_id: str | None = None, *, patience: float | None = None) -> Frame:
        """Sends a request and gives WeCom's answer, whatever it says. `req_id` is a callback's, to answer that. Raises Unanswered."""
        req_id = req_id or frames.fresh(cmd)
        turn = self._turns.setdefault(req_id, asyncio.Lock())
        async with turn:
            if self._over is not None:
                raise Unanswered("the connection is over", sent=False)
            answer: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
            self._answers[req_id] = answer
            try:
                async with asyncio.timeout(patience or self._pace.answer):
                    await self._socket.send(frames.written(cmd, req_id, body))
                    return await answer
            except TimeoutError:
                raise Unanswered("no answer in time", sent=True) from None
            except ConnectionClosed:
                raise Unanswered("the connection was lost", sent=True) from None
            finally:
                del self._answers[req_id]

    async def subscribe(self, bot_id: str, secret: str) -> None:
        """Raises Rejected, Taken, Ended."""
        try:
            answer = await self.ask(frames.SUBSCRIBE, {"bot_id": bot_id, "secret": secret}, patience=self._pace.opening)
        except Unanswered as silent:
            raise self._over or Ended(f"subscribing: {silent}") from None
        if answer.errcode:
            raise Rejected(answer.errcode, answer.errmsg)

    async def live(self, work: Callable[[Frame], Awaitable[None]]) -> None:
        """Gives `work` what WeCom sends, one after another in its order, until the connection ends. Always raises: Taken, Ended."""
        others = [asyncio.create_task(self._ping()), asyncio.create_task(self._work(work))]
        try:
            await asyncio.wait([self._reading, *others], return_when=asyncio.FIRST_COMPLETED)
            if self._over is not None:
                raise self._over
            for task in others:
                if task.done():
                    task.result()
        finally:
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)

    async def close(self) -> None:
        """Nothing is sent any more, and who waits for an answer waits no longer."""
        self._end(Ended("closed by us"))
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)
        await self._socket.close()

    async def _read(self) -> None:
        try:
            while True:
                frame = frames.read(await self._socket.recv())
                if frame is None:
                    log.warning("no frame of the protocol")
                elif not frame.cmd:
                    self._answered(frame)
                elif _kicks(frame):
                    raise Taken("another connection subscribed as this bot")
                else:
                    await self._arrived.put(frame)
        except ConnectionClosed as closed:
            self._end(Ended(f"closed by WeCom ({closed.rcvd.code})" if closed.rcvd else "lost"))
        except Taken as taken:
            self._end(taken)

    def _answered(self, frame: Frame) -> None:
        waiting = self._answers.get(frame.req_id)
        if waiting is not None and not waiting.done():
            waiting.set_result(frame)

    def _end(self, why: Ended) -> None:
        self._over = self._over or why
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(Unanswered("the connection was lost", sent=True))

    async def _ping(self) -> None:
        while True:
            await asyncio.sleep(self._pace.ping)
            try:
                await self.ask(frames.PING, None, patience=self._pace.pong)
            except Unanswered:
                raise Ended("silent: no answer to a ping") from None

    async def _work(self, work: Callable[[Frame], Awaitable[None]]) -> None:
        while True:
            await work(await self._arrived.get())


@asynccontextmanager
async def opened(url: str, bot_id: str, secret: str, pace: Pace) -> AsyncIterator[Connection]:
    """A subscribed connection; closed at the end. Raises Rejected, Taken, Ended."""
    try:
        # Pings are the protocol's own frames. A proxy is used where the environment names one.
        socket = await connect(url, open_timeout=pace.opening, ping_interval=None, close_timeout=1, max_size=LARGEST, logger=_quiet())
    except (OSError, TimeoutError, WebSocketException) as failed:
        raise Ended(f"cannot connect: {type(failed).__name__}") from None
    connection = Connection(socket, pace)
    try:
        await connection.subscribe(bot_id, secret)
        yield connection
    finally:
        await connection.close()


def _quiet() -> logging.Logger:
    """Frames are not logged, at any level: one of them carries the secret."""
    logger = logging.getLogger("websockets.client.wecom")
    logger.setLevel(logging.INFO)
    return logger


def _kicks(frame: Frame) -> bool:
    event = frame.body.get("event")
    return frame.cmd == frames.EVENT and isinstance(event, dict) and event.get("eventtype") == frames.KICKED
