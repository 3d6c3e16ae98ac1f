"""The playground: people to speak as, a feed of what each channel received, a pause button; served by `demo` alone."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import Any

import structlog
from aiohttp import web

from bot.clock import PausableClock
from bot.desk import Desk
from bot.errors import BadSetting
from bot.messages import Command, Identity
from bot.messages.codec import reply_doc
from bot.settings import Settings
from handlers.edge import World
from handlers.playground import guard, sample
from handlers.playground.feed import Feed
from handlers.playground.pages import Pages
from handlers.playground.samples import CAST
from handlers.playground.standin import channels
from handlers.playground.state import clock_doc, state_doc
from handlers.playground.wecom import PLACE, WecomServer
from handlers.problems import Problem

BEAT = 10.0  # seconds between signs of life on a quiet stream
SPEAKERS = tuple(id for id, _ in CAST)
log = structlog.get_logger("playground")


async def connect(world: World) -> Playground:
    """`world.extras["clock"]` is the clock with a pause button."""
    clock = world.extras.get("clock")
    if not isinstance(clock, PausableClock):
        raise BadSetting("DESKBELL_EDGES: the playground is a part of: python run_bot.py demo")
    edge = Playground(world.settings, clock, Feed(), Pages())
    world.closing.push_async_callback(edge.close)
    return edge


class Playground:
    """An edge like the others, over the same desk; its channels keep what they get."""

    name = "playground"

    def __init__(self, settings: Settings, clock: PausableClock, feed: Feed, pages: Pages) -> None:
        self._settings, self._clock, self._feed, self._pages = settings, clock, feed, pages
        self._wecom = WecomServer(settings, clock, feed) if (settings.wecom_api_url or "").endswith(PLACE) else None
        self.channels = channels(feed, clock, settings.slack_channel, wecom=self._wecom is None)
        self._filling: asyncio.Task[None] | None = None
        self._tell_clock()

    def routes(self, desk: Desk) -> list[web.RouteDef]:
        """Mounting them also brings the sample data in: the desk is there from now on."""
        self._filling = asyncio.get_running_loop().create_task(self._fill(desk))

        async def say(request: web.Request) -> web.Response:
            return await self._say(request, desk)

        async def state(request: web.Request) -> web.Response:
            guard.own_page(request, self._settings)
            return web.json_response(await state_doc(desk, self._settings, self._clock))

        return [
            web.get("/playground", self._pages.page),
            web.get("/playground/state", state),
            web.get("/playground/feed", self._stream),
            web.post("/playground/say", say),
            web.post("/playground/pause", self._pause),
            web.post("/playground/resume", self._resume),
            web.get("/playground/{version}/{name}", self._pages.file),
            *self._wecom_routes(desk),
        ]

    def _wecom_routes(self, desk: Desk) -> list[web.RouteDef]:
        wecom = self._wecom
        if wecom is None:
            return []

        async def press(request: web.Request) -> web.Response:
            body = await guard.own_json(request, self._settings)
            key, button = guard.text(body, "message", 64), guard.text(body, "button", 1024)
            await wecom.press(key or "", button or "", guard.chosen(body, "selected"))
            return web.json_response({})

        async def say(request: web.Request) -> web.Response:
            body = await guard.own_json(request, self._settings)
            userid, words = guard.text(body, "userid", 64), guard.text(body, "words", guard.MOST_TYPED)
            people = (await state_doc(desk, self._settings, self._clock))["people"]
            if userid not in [(each["wecom_user_id"] or "").lower() for each in people]:
                raise Problem("invalid", errors=[(("body", "userid"), "nobody in the demo's WeCom")])
            await wecom.say(userid or "", words or "")
            return web.json_response({})

        return [web.post("/playground/wecom/press", press), web.post("/playground/wecom/say", say), *wecom.routes()]

    async def check(self) -> str | None:
        """Nothing outside to try."""
        return None

    async def hang_up(self) -> None:
        """The server is about to stop: streams end instead of keeping it waiting."""
        self._feed.end()

    async def close(self) -> None:
        """No more sample tickets."""
        await self.hang_up()
        if self._filling is not None:
            self._filling.cancel()
            with suppress(asyncio.CancelledError):
                await self._filling

    async def _fill(self, desk: Desk) -> None:
        try:
            await sample.fill(desk, self._clock, watched=lambda: self._feed.watchers > 0)
        except Exception:
            # The desk works without sample data; whoever runs the demo reads why there is none.
            log.exception("sample data not complete")

    async def _say(self, request: web.Request, desk: Desk) -> web.Response:
        body = await guard.own_json(request, self._settings)
        who = guard.text(body, "who", 64)
        words = guard.text(body, "words", guard.MOST_WORDS)
        once = guard.text(body, "once", guard.MOST_ONCE, needed=False)
        if who not in SPEAKERS:
            raise Problem("invalid", errors=[(("body", "who"), f"one of {', '.join(SPEAKERS)}")])
        by = Identity("agent", who)
        command = Command(by, words or "", once=f"playground:{who}:{once}" if once else None, via="playground")
        return web.json_response(reply_doc(await desk.reply(command)))

    async def _pause(self, request: web.Request) -> web.Response:
        await guard.own_json(request, self._settings)
        self._clock.pause()
        return self._tell_clock()

    async def _resume(self, request: web.Request) -> web.Response:
        await guard.own_json(request, self._settings)
        self._clock.resume()
        return self._tell_clock()

    def _tell_clock(self) -> web.Response:
        doc = clock_doc(self._clock)
        self._feed.put("clock", {"what": "clock", **doc})
        return web.json_response(doc)

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        """Server-Sent Events; `Last-Event-ID` is `BOOT-N`, and what came after N follows."""
        guard.own_page(request, self._settings)
        boot, _, seen = request.headers.get("Last-Event-ID", "").partition("-")
        known = boot == self._feed.boot and seen.isascii() and seen.isdigit()
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
        await response.prepare(request)
        with suppress(ConnectionResetError):
            await response.write(b"retry: 1000\n\n" if known else b"retry: 1000\nevent: reset\ndata: {}\n\n")
            async for batch in self._feed.follow(int(seen) if known else 0, BEAT):
                # Between changes the clock itself is the sign of life: a page that slept knows at once how late it is.
                await response.write(b"".join(self._event(number, thing) for number, thing in batch) or self._clock_event())
        return response

    def _event(self, number: int, thing: dict[str, Any]) -> bytes:
        shown = {"what": "clock", **clock_doc(self._clock)} if thing["what"] == "clock" else thing
        return f"id: {self._feed.boot}-{number}\nevent: {thing['what']}\ndata: {json.dumps(shown)}\n\n".encode()

    def _clock_event(self) -> bytes:
        return f"event: clock\ndata: {json.dumps(clock_doc(self._clock))}\n\n".encode()
