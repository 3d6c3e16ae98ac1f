"""`/wecom/callback`: GET proves to WeCom whose address this is, POST brings what people do. What is not WeCom's gets 403 and nothing else.

A POST is stored, answered empty at once and worked from there; what could not be stored is not answered 200, so that WeCom sends it again:
https://developer.work.weixin.qq.com/document/path/90238. One that was taken before is answered like the first and worked no second time,
for WeCom's own repeat after a lost answer looks the same as an attacker's.
"""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import structlog
from aiohttp import web

from bot.errors import Unauthentic
from bot.messages.codec import command_doc
from bot.ports import Clock
from handlers.wecom import crypto, health, words
from handlers.wecom.inlets import CHANNEL, Inlet, Inlets
from handlers.wecom.replays import Replays
from handlers.wecom.xml import MOST_BYTES, document, legal

if TYPE_CHECKING:
    from bot.desk import Desk
    from handlers.edge import World

STORING = 4.0  # seconds; WeCom waits 5, then asks again, three times
# What may be answered in the clear. A POST's message has `<` in it: replayed as an echo it would be read out to whoever replays it.
_ECHO = re.compile(r"[\w+/=.-]{1,128}", re.ASCII)
_ANYTHING = re.compile(r".{1,2048}", re.DOTALL)
log = structlog.stdlib.get_logger("wecom")


def routes(desk: Desk, world: World) -> list[web.RouteDef]:
    """The settings' app, and merchants' own."""
    settings = world.settings
    door = Door(desk, Inlets(desk, settings), Replays(world.cache), world.clock, settings.timezone)
    paths = ("/wecom/callback", "/wecom/callback/{id}")
    return [made for path in paths for made in (web.get(path, door.verify, allow_head=False), web.post(path, door.receive))]


class Door:
    """Both methods, for all apps."""

    def __init__(self, desk: Desk, inlets: Inlets, replays: Replays, clock: Clock, timezone: str) -> None:
        self._desk, self._inlets, self._replays, self._clock, self._timezone = desk, inlets, replays, clock, timezone

    async def verify(self, request: web.Request) -> web.Response:
        """The echo, bare: no quotes, no newline. It changes nothing, so a repeat is answered alike."""
        try:
            sealed = crypto.seal(request.query, self._clock.now())
            # In a query string a plus is a blank; WeCom, or a proxy on the way, may leave one as it is.
            encrypted = crypto.only(request.query, "echostr", _ANYTHING).replace(" ", "+")
            inlet = await self._inlet(request)
            crypto.verify(inlet.keys, sealed, encrypted)
            echo = crypto.opened(inlet.keys, encrypted)
            if not _ECHO.fullmatch(echo):
                raise Unauthentic("no echo")
        except Unauthentic as refused:
            return _refused(request, refused)
        return web.Response(text=echo)

    async def receive(self, request: web.Request) -> web.Response:
        """A message or an event."""
        try:
            sealed = crypto.seal(request.query, self._clock.now())
            encrypted = _encrypted(await request.read())
            inlet = await self._inlet(request)
            crypto.verify(inlet.keys, sealed, encrypted)
            if await self._replays.taken(sealed, encrypted):
                return web.Response()
            said = document(legal(crypto.opened(inlet.keys, encrypted)))
        except Unauthentic as refused:
            return _refused(request, refused)
        try:
            async with asyncio.timeout(STORING):
                await self._store(said, inlet)
        except Exception:
            log.exception("callback not stored", app=inlet.id, kind=said.get("Event"))
            return web.Response(status=500)
        await self._replays.remember(sealed, encrypted)
        return web.Response()

    async def _store(self, said: words.Doc, inlet: Inlet) -> None:
        if words.agent_id(said) not in ("", inlet.agent_id):
            log.warning("callback of another app of this corp: check its agent_id", app=inlet.id, agent_id=words.agent_id(said)[:20])
        telling = health.telling(said, inlet)
        if telling is not None:
            await self._desk.configure(telling)
            return
        now = self._clock.now()
        command = words.meant(said, inlet, now, str(now.astimezone(ZoneInfo(self._timezone)).date()))
        if command is not None and command.once is not None:
            await self._desk.record(CHANNEL, command.once, {"command": command_doc(command)})

    async def _inlet(self, request: web.Request) -> Inlet:
        return await self._inlets.find(request.match_info.get("id"))


def _encrypted(body: bytes) -> str:
    """The ciphertext of a POST. Raises Unauthentic."""
    if len(body) > MOST_BYTES:
        raise Unauthentic("too large")
    try:
        found = document(body.decode("utf-8-sig")).get("Encrypt")
    except UnicodeDecodeError:
        raise Unauthentic("body is not UTF-8") from None
    if not isinstance(found, str):
        raise Unauthentic("nothing encrypted")
    return found


def _refused(request: web.Request, why: Unauthentic) -> web.Response:
    """One answer for all that can be wrong; the log alone says what."""
    log.warning("callback refused", why=str(why), method=request.method)
    return web.json_response({"error": "invalid request"}, status=403)
