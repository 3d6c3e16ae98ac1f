"""Access tokens: one per app, shared through the cache, fetched by one alone however many need it.

A token lives 7,200 s and counts for all replicas; wrong secrets asked again and again ban the IP for an hour:
https://developer.work.weixin.qq.com/document/path/91039
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.ports import Cache
from handlers.wecom.apps import App
from handlers.wecom.errors import MEND, WecomFailed

EARLY = timedelta(minutes=5)  # before its end a token is fetched anew
FETCHING = timedelta(seconds=8)  # longer than a fetch may take: then somebody else may try
PAUSE, PAUSES = 0.05, 80  # seconds between looks at what another replica fetches, and how many: together within a send's patience
HELD = 30.0  # seconds in which this process does not ask the cache again; WeCom says when a token is not good any more
REFUSED = {60020: timedelta(seconds=60)}  # how long WeCom is not asked again; the list of trusted IPs changes within a minute
REFUSED_LONG = timedelta(minutes=15)

Ask = Callable[[App], Awaitable[tuple[str, timedelta]]]


class Tokens:
    """`ask` fetches one from WeCom; raises WecomFailed."""

    def __init__(self, ask: Ask, cache: Cache) -> None:
        self._ask, self._cache = ask, cache
        self._going: dict[str, asyncio.Task[str]] = {}
        self._held: dict[str, tuple[str, float]] = {}

    async def of(self, app: App) -> str:
        """The app's token. Raises WecomFailed; all who wait for one fetch fail with it."""
        token, until = self._held.get(app.mark, ("", 0.0))
        if asyncio.get_running_loop().time() < until:
            return token
        going = self._going.get(app.mark)
        if going is None:
            going = self._going[app.mark] = asyncio.create_task(self._fetched(app))
            going.add_done_callback(lambda task: self._ended(app.mark, task))
        return await asyncio.shield(going)  # who gives up waiting takes nothing from the others

    async def forget(self, app: App, token: str) -> None:
        """WeCom does not take this one any more: unless another has come by now, the next is fetched."""
        if self._held.get(app.mark, ("", 0.0))[0] == token:
            del self._held[app.mark]
        if await self._cache.get(_key(app)) == token:
            await self._cache.drop(_key(app))

    async def _fetched(self, app: App) -> str:
        for _ in range(PAUSES):
            found = await self._cache.get(_key(app))
            if found is not None:
                return found
            refused = await self._cache.get(f"{_key(app)}:refused")
            if refused is not None:
                code, _, why = refused.partition(" ")
                raise WecomFailed("rejected", why, int(code))
            if await self._cache.add(f"{_key(app)}:fetching", secrets.token_hex(4), FETCHING):
                return await self._fetch(app)
            await asyncio.sleep(PAUSE)
        raise WecomFailed("later", "another replica has been fetching the app's token for long")

    async def _fetch(self, app: App) -> str:
        try:
            token, life = await self._ask(app)
            await self._cache.put(_key(app), token, max(life - EARLY, timedelta(seconds=1)))
            return token
        except WecomFailed as failed:
            if failed.code in MEND:
                await self._cache.put(f"{_key(app)}:refused", f"{failed.code} {failed.why}", REFUSED.get(failed.code, REFUSED_LONG))
            raise
        finally:
            await self._cache.drop(f"{_key(app)}:fetching")

    def _ended(self, mark: str, task: asyncio.Task[str]) -> None:
        self._going.pop(mark, None)
        if not task.cancelled() and task.exception() is None:
            self._held[mark] = (task.result(), asyncio.get_running_loop().time() + HELD)


def _key(app: App) -> str:
    return f"wecom:token:{app.mark}"
