"""Slack as a way out: cards posted, edited in place, answers for one person's eyes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.card import Card
from bot.errors import DeliveryFailed
from bot.messages import Notice, Receipt, Reply, codec
from bot.ports import Abilities, written
from handlers.slack import cards, earlier
from handlers.slack.answers import Answers
from handlers.slack.api import call

IN_THREAD = frozenset({"warning", "note", "message"})  # kinds that go on where the ticket's first card is; the others ring anew
PATIENCE = 4.8  # seconds for a whole delivery, its looking back included
_QUIET = {"unfurl_links": False, "unfurl_media": False, "link_names": False, "parse": "none", "mrkdwn": False}


class SlackChannel:
    """A target is a channel's id (`C…`) or a person's (`U…`: a direct message)."""

    name = "slack"
    # 1 message per second and channel, "short bursts" allowed: https://docs.slack.dev/apis/web-api/rate-limits
    abilities = Abilities(
        chat=True, merchant=written("slack_channel"), person=lambda person: person.slack_user_id,
        buttons=True, edits=True, finds=True, burst=5, per_minute=60,
    )  # fmt: skip

    def __init__(self, web: AsyncWebClient, answers: Answers, patience: float = PATIENCE, deployment: str | None = None) -> None:
        """`deployment` is the channel for merchants that have none."""
        self._web, self._answers, self._patience = web, answers, patience
        self._earlier = earlier.Earlier()
        self.abilities = replace(self.abilities, deployment=deployment)

    async def send(self, notice: Notice) -> Receipt:
        """Posts it, unless a message with this notice's id is there already."""
        try:
            async with asyncio.timeout(self._patience):
                if notice.kind == "answer":
                    await self._answers.give(notice.route, _answered(notice))
                    return {}
                return await self._found(notice) or await self._post(notice)
        except TimeoutError:
            self._earlier.unsure(notice)
            raise DeliveryFailed("unknown", "no answer in time") from None
        except DeliveryFailed as failed:
            if failed.outcome == "unknown":
                self._earlier.unsure(notice)
            raise

    async def update(self, receipt: Receipt, notice: Notice) -> Receipt:
        """Shows the card as it is now where the first one is."""
        body = {"channel": receipt["channel"], "ts": receipt["ts"], **_message(notice), **earlier.metadata(notice)}
        answer = await call(self._web, "chat.update", body | {"link_names": False, "parse": "none"})
        return earlier.receipt(answer.get("channel") or receipt["channel"], answer.get("ts") or receipt["ts"])

    async def _found(self, notice: Notice) -> Receipt | None:
        return await self._earlier.find(self._web, notice.address.target, _thread(notice), notice) if notice.again else None

    async def _post(self, notice: Notice) -> Receipt:
        body = {"channel": notice.address.target, **_message(notice), **earlier.metadata(notice), **_QUIET}
        thread = _thread(notice)
        try:
            answer = await call(self._web, "chat.postMessage", body | ({"thread_ts": thread} if thread else {}))
        except DeliveryFailed as failed:
            if not thread or failed.why not in ("thread_not_found", "message_not_found"):
                raise
            answer = await call(self._web, "chat.postMessage", body)  # its first card was deleted: it is said all the same
        return earlier.receipt(answer["channel"], answer["ts"])


def _message(notice: Notice) -> dict[str, Any]:
    return cards.message(notice.card or Card(notice.text), notice.text, notice.locale)


def _thread(notice: Notice) -> str | None:
    return (notice.thread or {}).get("ts") if notice.kind in IN_THREAD else None


def _answered(notice: Notice) -> Mapping[str, Any]:
    given = notice.data.get("reply")
    if isinstance(given, Mapping):
        return cards.answer(codec.reply(given))  # whole, with its buttons
    lines = notice.card.lines if notice.card else ()
    card = (Card(lines[0], lines=lines[1:]),) if lines else ()
    return cards.answer(Reply(notice.text, card, locale=notice.locale))
