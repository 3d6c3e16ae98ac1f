"""Whose userid it is that the bot is told: in the clear, or encrypted where the bot's creator is no super administrator.

An encrypted one is converted by the self-built app, for members that it sees: https://developer.work.weixin.qq.com/document/path/101521
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

import structlog

from bot.errors import DeliveryFailed
from bot.ports import Cache

KEPT = timedelta(days=30)
PATH = "batch/openuserid_to_userid"
Call = Callable[[str, Mapping[str, Any]], Awaitable[Mapping[str, Any]]]
log = structlog.stdlib.get_logger("wecom.bot")


class Accounts:
    """`call` is the app's; None where there is no app: then ids are taken as they come."""

    def __init__(self, call: Call | None, cache: Cache, bot_id: str) -> None:
        self._call, self._cache, self._bot_id = call, cache, bot_id
        self._known: dict[str, str] = {}

    async def clear(self, userid: str) -> str:
        """The userid, in lower case. Raises DeliveryFailed `later` or `unknown` while WeCom can't be asked."""
        if self._call is None:
            return userid.lower()
        key = f"wecom:bot:{self._bot_id}:userid:{userid}"
        found = self._known.get(userid) or await self._cache.get(key)
        if found is None:
            try:
                found = _converted(await self._call(PATH, {"open_userid_list": [userid]}), userid)
            except DeliveryFailed as failed:
                if failed.outcome != "rejected":
                    raise
                # The app may not ask: most bots' ids are in the clear all the same.
                log.warning("the bot's userids can't be converted", why=failed.why)
                return userid.lower()
            await self._cache.put(key, found, KEPT)
        if len(self._known) > 10_000:
            self._known.clear()
        self._known[userid] = found
        return found


def _converted(answer: Mapping[str, Any], userid: str) -> str:
    """One in the clear already comes back as invalid."""
    pairs = answer.get("userid_list")
    for pair in pairs if isinstance(pairs, list) else ():
        if isinstance(pair, dict) and pair.get("open_userid") == userid and isinstance(pair.get("userid"), str):
            return str(pair["userid"]).lower()
    return userid.lower()
