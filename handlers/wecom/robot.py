"""A group's robot as a way out: markdown into one group, no more than it takes in a minute, one message after the other.

https://developer.work.weixin.qq.com/document/path/99110
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from weakref import WeakValueDictionary

from bot.messages import Notice, Receipt
from bot.ports import Abilities, Cache
from handlers.wecom.client import Client
from handlers.wecom.errors import WecomFailed
from handlers.wecom.markdown import digested, markdown

MOST = 4096  # bytes; a longer one is refused, not cut
BURST, PER_MINUTE = 5, 13.0  # 20 a minute are taken: a full bucket and a minute's refill are 18, in any 60 seconds
PATIENCE = 4.8  # seconds for a delivery
QUEUE = 3.0  # of these for the robot's other messages
STANDING = "-"  # the settings' robot


class RobotChannel:
    """A target is a merchant's id, whose robot's key is its account of this channel; `-` is the settings' robot.

    The key is all that one needs to post as the robot: it is no target, and stands in no log and no error.
    """

    name = "wecom_robot"
    abilities = Abilities(
        chat=True, burst=BURST, per_minute=PER_MINUTE, digest=25,
        merchant=lambda merchant: (merchant.id,) if merchant.notify.get("wecom_robot_key") else (),
        account=lambda target: None if target == STANDING else target,
        mention=lambda person: person.wecom_user_id,
    )  # fmt: skip

    def __init__(self, client: Client, cache: Cache, standing: str | None = None, patience: float = PATIENCE) -> None:
        """`standing` is the settings' key."""
        self._client, self._cache, self._standing, self._patience = client, cache, standing, patience
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self.abilities = replace(self.abilities, deployment=STANDING if standing else None)

    async def send(self, notice: Notice) -> Receipt:
        """One message. Two merchants may have the same robot: its own limit is kept to here, besides the address's."""
        key = self._key(notice)
        mark = hashlib.sha256(key.encode()).hexdigest()[:24]
        turn = self._turns.setdefault(mark, asyncio.Lock())
        said = digested(notice.card, MOST) if notice.kind == "digest" and notice.card else markdown(notice, MOST)
        end = asyncio.get_running_loop().time() + self._patience
        try:
            async with asyncio.timeout(min(QUEUE, self._patience)):
                await turn.acquire()
        except TimeoutError:
            raise WecomFailed("later", "the robot is busy with other messages") from None
        try:
            wait = await self._cache.take(f"wecom:robot:{mark}", BURST, PER_MINUTE)
            if wait:
                raise WecomFailed("later", "the robot's messages of this minute are used up", wait=wait)
            async with asyncio.timeout_at(end):
                await self._client.robot(key, {"msgtype": "markdown", "markdown": {"content": said}})
        except TimeoutError:
            raise WecomFailed("unknown", "no answer from WeCom in time") from None
        finally:
            turn.release()
        return {}

    def _key(self, notice: Notice) -> str:
        account = notice.route.get("account")
        key = str(account.get("key") or "") if isinstance(account, Mapping) else ""
        if not key and notice.address.target == STANDING:
            key = self._standing or ""
        if not key:
            raise WecomFailed("rejected", "this merchant has no robot any more: put notify.wecom_robot_key anew")
        return key
