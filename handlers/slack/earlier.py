"""Whether a message of ours is there already: found by the metadata that each of them carries, so that a lost reply is not said twice.

Looking is limited more than sending is, 50 times a minute for all channels together (tier 3), and less for some apps: one look answers for
every notice of its place whose try had failed before it began. https://docs.slack.dev/apis/web-api/rate-limits
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import DeliveryFailed
from bot.messages import Notice, Receipt
from handlers.slack.api import call, look
from handlers.slack.shapes import doc, string

EVENT = "desk_outbox"
PAGE, PAGES = 200, 3  # https://docs.slack.dev/reference/methods/conversations.history recommends no more than 200 at a time
WAITS = 3  # times that a look over the limit is put off; then it is sent: twice is better than never
REMEMBERED = 2000  # notices
SKEW = timedelta(minutes=5)  # between our clock and Slack's
AT_LEAST = 0.2  # seconds since a try of another process: no delivery is tried again sooner
GOOD = 10.0  # seconds that a look answers for others
log = structlog.stdlib.get_logger("slack")


@dataclass(frozen=True, slots=True)
class _Look:
    began: float
    oldest: float
    task: asyncio.Task[Mapping[str, Receipt]]


class Earlier:
    """One per channel of a process. `unsure` is told of each try that may have arrived."""

    def __init__(self) -> None:
        self._failed: dict[str, float] = {}
        self._put_off: dict[str, int] = {}
        self._looks: dict[tuple[str, str, str], _Look] = {}

    def unsure(self, notice: Notice) -> None:
        """This try's reply was lost: only what is looked up from now on tells whether it arrived."""
        if len(self._failed) > REMEMBERED:
            self._failed.clear()
        now = asyncio.get_running_loop().time()
        self._failed |= dict.fromkeys((notice.id, *map(str, notice.data.get("ids") or ())), now)

    async def find(self, web: AsyncWebClient, place: str, thread: str | None, notice: Notice) -> Receipt | None:
        """The receipt of this very notice if an earlier try did arrive. None where Slack does not let us look.

        Raises DeliveryFailed `later`.
        """
        try:
            found = (await asyncio.shield(self._look(web, place, thread or "", notice))).get(_mark(notice.id))
        except DeliveryFailed as failed:
            if failed.why == "ratelimited" and self._put_off.get(notice.id, 0) < WAITS:
                self._put_off[notice.id] = self._put_off.get(notice.id, 0) + 1
            elif failed.outcome == "rejected" or failed.why == "ratelimited":
                log.warning("cannot look for an earlier try", delivery=notice.id, why=failed.why)
                self._put_off.pop(notice.id, None)
                return None
            raise DeliveryFailed("later", f"looking for an earlier try: {failed.why}", failed.retry_after) from failed
        self._failed.pop(notice.id, None)
        self._put_off.pop(notice.id, None)
        return found

    def _look(self, web: AsyncWebClient, place: str, thread: str, notice: Notice) -> asyncio.Task[Mapping[str, Receipt]]:
        """One that began after this notice's try had failed, others' if there is one."""
        key, now, oldest = (web.token or "", place, thread), asyncio.get_running_loop().time(), _oldest(notice.since)
        failed, there = self._failed.get(notice.id, now - AT_LEAST), self._looks.get(key)
        if there is not None and failed < there.began > now - GOOD and there.oldest <= oldest:
            return there.task
        if len(self._looks) > REMEMBERED:
            self._looks.clear()
            self._put_off.clear()
        task = asyncio.create_task(_looked(web, place, thread, oldest), name="looking for earlier tries")
        task.add_done_callback(lambda ended: ended.cancelled() or ended.exception())  # all who asked may have given up
        self._looks[key] = _Look(now, oldest, task)
        return task


def metadata(notice: Notice) -> dict[str, Any]:
    """What a message is found by: its notice's id, and those of all that stand in it. https://docs.slack.dev/messaging/message-metadata"""
    held = {"of": " ".join(_mark(str(id)) for id in notice.data["ids"])} if notice.data.get("ids") else {}
    return {"metadata": {"event_type": EVENT, "event_payload": {"id": notice.id, **held}}}


def receipt(channel: object, ts: object) -> Receipt:
    """Replies in a thread carry the `ts` of the message that they stand under."""
    return {"channel": str(channel), "ts": str(ts), "thread": str(ts)}


async def _looked(web: AsyncWebClient, place: str, thread: str, oldest: float) -> Mapping[str, Receipt]:
    """Every notice that is there, by its mark. Raises DeliveryFailed."""
    channel = await _conversation(web, place)
    if thread:
        try:
            return await _read(web, "conversations.replies", channel, oldest, {"ts": thread})
        except DeliveryFailed as failed:
            if failed.why != "thread_not_found":
                raise  # else its first card was deleted: what goes there is said in the channel itself
    return await _read(web, "conversations.history", channel, oldest, {})


async def _read(web: AsyncWebClient, method: str, channel: str, oldest: float, more: Mapping[str, str]) -> Mapping[str, Receipt]:
    asked: dict[str, str | int] = {"channel": channel, "include_all_metadata": 1, "limit": PAGE, **more}
    asked |= {"oldest": f"{oldest:.6f}"} if oldest else {}
    found: dict[str, Receipt] = {}
    for _ in range(PAGES):
        answer = await look(web, method, asked)
        for message in answer.get("messages") or ():
            found |= _noticed(doc(message), channel)
        cursor = string(doc(answer.get("response_metadata")).get("next_cursor"))
        if not cursor:
            break
        asked["cursor"] = cursor
    return found


def _noticed(message: Mapping[str, Any], channel: str) -> dict[str, Receipt]:
    held = doc(message.get("metadata"))
    payload = doc(held.get("event_payload"))
    if held.get("event_type") != EVENT or not string(payload.get("id")):
        return {}
    # What stands in a digest has no card of its own to be changed later.
    folded: dict[str, Receipt] = {mark: {"folded": string(payload["id"])} for mark in string(payload.get("of")).split()}
    return {**folded, _mark(payload["id"]): receipt(channel, message.get("ts"))}


async def _conversation(web: AsyncWebClient, target: str) -> str:
    """Messages to a person are in a conversation with an id of its own."""
    if not target.startswith(("U", "W")):
        return target
    opened = await call(web, "conversations.open", {"users": target})
    return string(doc(opened.get("channel")).get("id")) or target


def _oldest(since: datetime | None) -> float:
    """Rounded, so that one look answers for many."""
    return (since - SKEW).timestamp() // 600 * 600 if since is not None else 0.0


def _mark(id: str) -> str:
    """Short: a digest has two hundred, and metadata little room."""
    return hashlib.sha256(id.encode()).hexdigest()[:10]
