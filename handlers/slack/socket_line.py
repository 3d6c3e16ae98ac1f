"""One Socket Mode connection, from its opening to its end, whatever ends it: https://docs.slack.dev/apis/events-api/using-socket-mode

The SDK's client carries it, and is good for this one connection: its own ways to open another can go round for ever on a closed session.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

import aiohttp
import structlog
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import DeliveryFailed
from handlers.slack.api import call
from handlers.slack.shapes import Doc, doc, string
from handlers.slack.signature import MOST_BODY

# Slack closes it in ten seconds, or as soon as it likes; everything else that it says is an end that we have not asked for.
_REFRESHES = frozenset({"warning", "refresh_requested"})
_REFUSALS = frozenset({"link_disabled"})  # Socket Mode was switched off
log = structlog.stdlib.get_logger("slack.socket")


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds."""

    opening: float = 10.0  # for the address, the connection and Slack's hello
    ping: float = 10.0  # aiohttp ends a connection whose ping is unanswered for half as long
    silent: float = 60.0  # without any word, pongs included, it is dead whatever the client believes
    look: float = 1.0
    handing: float = 10.0  # an old connection goes on beside its successor
    finishing: float = 4.0  # for what arrived to be worked and acknowledged
    saying: float = 2.0


@dataclass(frozen=True, slots=True)
class Ending:
    """How a connection ended, or that there is none. `refresh`: Slack asked for a new one, and this one may still be used for a while."""

    kind: Literal["refresh", "lost", "refused"]
    why: str
    after: timedelta | None = None


class Line:
    """What arrives is given to `arrived` at once; the tasks that work it are kept in `working`."""

    def __init__(self, web: AsyncWebClient, pace: Pace, arrived: Callable[[Line, Doc], None]) -> None:
        self._pace, self._arrived = pace, arrived
        self._client = _Client(web, pace, self._heard)
        self._greeted = asyncio.Event()
        self._ending: Ending | None = None
        self._word = asyncio.get_running_loop().time()
        self.working: set[asyncio.Task[None]] = set()

    async def open(self, web: AsyncWebClient) -> None:
        """Connected, and greeted by Slack. Raises DeliveryFailed."""
        try:
            async with asyncio.timeout(self._pace.opening):
                # The address is good for one connection, soon: https://docs.slack.dev/reference/methods/apps.connections.open
                url = string((await call(web, "apps.connections.open", {})).get("url"))
                if not url.startswith(("wss://", "ws://")):
                    raise DeliveryFailed("later", "Slack named no address to connect to")
                self._client.wss_uri = url
                await self._client.connect()  # type: ignore[no-untyped-call]
                await self._greeted.wait()
        except TimeoutError:
            why = self._ending.why if self._ending else f"no connection within {self._pace.opening:.0f} s"
            raise DeliveryFailed("later", why) from None
        if self._ending is not None and self._ending.kind == "refused":
            raise DeliveryFailed("rejected", self._ending.why)

    async def live(self) -> Ending:
        """Until it ends: by Slack's word, by the network's, or by nobody's, for so long that it must be dead."""
        loop, pong = asyncio.get_running_loop(), self._client.last_ping_pong_time
        while True:
            if self._ending is not None:
                return self._ending
            if self._client.gone:
                return Ending("lost", "closed")
            if self._client.last_ping_pong_time != pong:
                pong, self._word = self._client.last_ping_pong_time, loop.time()
            if loop.time() - self._word > self._pace.silent:
                return Ending("lost", f"silent for {self._pace.silent:.0f} s")
            await asyncio.sleep(self._pace.look)

    async def say(self, envelope: str, payload: dict[str, Any]) -> bool:
        """Acknowledges; whether it went out."""
        try:
            async with asyncio.timeout(self._pace.saying):
                await self._client.send_socket_mode_response(SocketModeResponse(envelope, payload or None))
        except (TimeoutError, aiohttp.ClientError, OSError, RuntimeError, AttributeError):
            return False
        return True

    async def close(self, *, after: float = 0.0) -> None:
        """Goes on for so long, if Slack lets it; then takes nothing more, finishes what it has taken, and is closed."""
        loop = asyncio.get_running_loop()
        until = loop.time() + after
        while not self._client.gone and loop.time() < until:  # noqa: ASYNC110 -- the SDK tells of no end
            await asyncio.sleep(min(self._pace.look, after))
        self._arrived = _nobody  # what comes from now on is not acknowledged: Slack sends events again, to another connection
        if self.working:
            await asyncio.wait(set(self.working), timeout=self._pace.finishing)
        await self._client.end()

    def _heard(self, message: Doc) -> None:
        self._word = asyncio.get_running_loop().time()
        kind = message.get("type")
        if kind == "hello":
            self._greeted.set()
        elif kind == "disconnect":
            why = string(message.get("reason"))[:100] or "disconnect"
            found: Literal["refresh", "lost", "refused"] = "refresh" if why in _REFRESHES else "refused" if why in _REFUSALS else "lost"
            self._ending = Ending(found, why)
            self._greeted.set()  # whoever waits to be greeted waits no longer
        elif string(message.get("envelope_id")):
            self._arrived(self, message)


class _Client(SocketModeClient):
    """The SDK's, for one connection."""

    def __init__(self, web: AsyncWebClient, pace: Pace, heard: Callable[[Doc], None]) -> None:
        # The SDK keeps the web client for its proxy and certificates; it asks nothing by it here.
        super().__init__(web.token or "", _silenced(), web, auto_reconnect_enabled=False, ping_interval=pace.ping)
        self._hears = heard

    @property
    def gone(self) -> bool:
        """Whether there is no connection."""
        return self.current_session is None or self.current_session.closed

    async def run_message_listeners(self, message: dict[str, Any], raw_message: str) -> None:
        """Everything that Slack says. Nothing is awaited: the SDK keeps no reference to this task."""
        if len(raw_message) > MOST_BODY:
            log.warning("envelope refused: too large", size=len(raw_message))
            return
        self._hears(doc(message))

    async def end(self) -> None:
        """Everything of it, and what it failed to open; however dead the other end is."""
        self.closed = True
        tasks: list[Awaitable[Any]] = []
        for each in (self.current_session_monitor, self.message_receiver, self.message_processor):
            if each is not None:
                each.cancel()
                tasks.append(each)
        try:
            await asyncio.gather(*tasks, return_exceptions=True)
            if self.current_session is not None:
                with contextlib.suppress(TimeoutError, aiohttp.ClientError, OSError):
                    async with asyncio.timeout(1.0):
                        await self.current_session.close()
        finally:
            # Also where we are told to end while we do this.
            await self.aiohttp_client_session.close()


def _nobody(line: Line, message: Doc) -> None:
    """Takes nothing."""


def _silenced() -> logging.Logger:
    """What it says names addresses that let anybody in, and carries people's words."""
    logger = logging.getLogger("slack_sdk.socket_mode")
    logger.setLevel(logging.CRITICAL + 1)
    return logger
