"""How an answer reaches the asker alone: the request's own response_url, else an ephemeral message, else a direct one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import aiohttp

from bot.errors import DeliveryFailed
from handlers.slack.api import ClientFor, call, failure, of_status

_NOT_HERE = frozenset({"user_not_in_channel", "channel_not_found", "not_in_channel", "is_archived", "restricted_action"})


class Answers:
    """`route` is a Command's `answer_to`: response_url, channel, user, thread_ts, direct, team; any may be missing.

    `instead`: the answer takes the place of what was pressed.
    """

    def __init__(self, client_for: ClientFor, session: aiohttp.ClientSession) -> None:
        self._client_for, self._session = client_for, session

    async def give(self, route: Mapping[str, Any], payload: Mapping[str, Any]) -> None:
        """Shows `text` and `blocks` to the asker. Raises DeliveryFailed."""
        url = str(route.get("response_url") or "")
        if url:
            try:
                await self._respond(url, payload, instead=bool(route.get("instead")))
                return
            except DeliveryFailed as failed:
                # An expired or used-up address says no; a lost reply may have been a yes, and no answer is said twice.
                if failed.outcome == "unknown" or not route.get("user"):
                    raise
        await self._whisper(route, payload)

    async def _respond(self, url: str, payload: Mapping[str, Any], *, instead: bool) -> None:
        """At most 5 times within 30 minutes: https://docs.slack.dev/interactivity/handling-user-interaction#message_responses"""
        if not url.startswith(("https://", "http://")):
            raise DeliveryFailed("rejected", "response_url is no URL")
        body = {**payload, "response_type": "ephemeral", "replace_original": instead, "mrkdwn": False}
        try:
            async with self._session.post(url, json=body, allow_redirects=False) as answer:
                if answer.status != 200:
                    raise of_status(answer.status, "" if answer.status >= 500 else "expired_url", answer.headers.get("Retry-After"))
                said = await answer.content.read(2048)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as failed:
            raise failure(failed) from failed
        if b'"ok":false' in said.replace(b" ", b""):
            raise DeliveryFailed("rejected", "response_url refused")

    async def _whisper(self, route: Mapping[str, Any], payload: Mapping[str, Any]) -> None:
        channel, user = str(route.get("channel") or ""), str(route.get("user") or "")
        if not user:
            raise DeliveryFailed("rejected", "nobody to answer to")
        web = await self._client_for(str(route.get("team") or ""))
        thread = {"thread_ts": route["thread_ts"]} if route.get("thread_ts") else {}
        usual = {**payload, "parse": "none", "link_names": False, "mrkdwn": False}
        if route.get("direct") and channel:
            await call(web, "chat.postMessage", {**usual, "channel": channel, **thread})
            return
        if channel:
            try:
                await call(web, "chat.postEphemeral", {**usual, "channel": channel, "user": user, **thread})
                return
            except DeliveryFailed as failed:
                if failed.why not in _NOT_HERE:
                    raise
        await call(web, "chat.postMessage", {**usual, "channel": user})
