"""Translation as an edge: a channel where TRANSLATE_URL is set, nothing where it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

import aiohttp

from bot.errors import BadSetting
from bot.ports import Channel
from handlers.edge import World
from handlers.translate.chain import Chain
from handlers.translate.channel import TranslateChannel
from handlers.translate.google import BASE, Google
from handlers.translate.provider import CannotTranslate, Provider
from handlers.translate.tencent import HOST, Tencent

if TYPE_CHECKING:  # a worker serves nothing and need not load what serves
    from aiohttp import web

    from bot.desk import Desk

HOW = "write google://API_KEY@ or tencent://SECRET_ID:SECRET_KEY@REGION, several with commas between them"


class Translate:
    """Sends only, so it serves nothing."""

    name = "translate"

    def __init__(self, chain: Chain | None = None) -> None:
        self._chain = chain
        self._channel = TranslateChannel(chain) if chain else None
        self.channels: tuple[Channel, ...] = (self._channel,) if self._channel else ()

    def bind(self, desk: Desk) -> None:
        """Who gets the translations."""
        if self._channel is not None:
            self._channel.desk = desk

    def routes(self, desk: Desk) -> list[web.RouteDef]:
        """None."""
        return []

    async def check(self) -> str | None:
        """Has every provider translate one word, one after the other: what one can't must not hide behind the next."""
        wrong = []
        for provider in self._chain.providers if self._chain else ():
            try:
                await provider.translate("hello", "en", "zh-Hans")
            except CannotTranslate as why:
                wrong.append(why.why)
        return "; ".join(wrong) or None


async def connect(world: World) -> Translate:
    """With a channel where TRANSLATE_URL is set. Raises BadSetting."""
    urls = [each.strip() for each in (world.settings.translate_url or "").split(",") if each.strip()]
    if not urls:
        return Translate()
    session = aiohttp.ClientSession(trust_env=False)
    world.closing.push_async_callback(session.close)
    return Translate(Chain([_provider(each, session, world) for each in urls], world.clock))


def _provider(url: str, session: aiohttp.ClientSession, world: World) -> Provider:
    """Of one URL. Raises BadSetting, which shows nothing of it."""
    try:
        parts = urlsplit(url)
        base = parse_qs(parts.query).get("base", [""])[0]
        user, password, region = unquote(parts.username or ""), unquote(parts.password or ""), parts.hostname or ""
    except ValueError:
        raise BadSetting(f"DESKBELL_TRANSLATE_URL: {HOW}") from None
    if base and not base.startswith(("http://", "https://")):
        raise BadSetting("DESKBELL_TRANSLATE_URL: base begins with http:// or https://")
    if parts.scheme == "google" and user:
        return Google(user, session, base or BASE)
    if parts.scheme == "tencent" and user and password and region:
        return Tencent(user, password, region, session, world.clock, world.cache, base or f"https://{HOST}")
    raise BadSetting(f"DESKBELL_TRANSLATE_URL: {HOW}")
