"""Slack as a way out: cards posted, edited in place, answers for one person's eyes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.card import Card
from bot.errors import DeliveryFailed
from bot.messages import Notice, Receipt, Reply, codec
from bot.ports import Abilities, Vouches, written
from handlers.slack import cards, earlier
from handlers.slack.answers import Answers
from handlers.slack.api import ClientFor, call
from handlers.slack.charts import Charts

IN_THREAD = frozenset({"warning", "note", "message"})  # kinds that go on where the ticket's first card is; the others ring anew
PATIENCE = 4.8  # seconds for a whole delivery, its looking back included
_QUIET = {"unfurl_links": False, "unfurl_media": False, "link_names": False, "parse": "none", "mrkdwn": False}


def _told(merchant: Any) -> Sequence[str]:
    """Its channel, in its own workspace where it has one."""
    team = str(merchant.notify.get("slack_team_id") or "")
    return [f"{team}/{channel}" if team else channel for channel in written("slack_channel")(merchant)]


def _placed(team: str | None, id: str | None) -> str | None:
    return f"{team}/{id}" if team and id else id


class SlackChannel:
    """A target is a channel's id (`C…`) or a person's (`U…`: a direct message), with a workspace's before it (`T…/C…`) if it is known."""

    name = "slack"
    # 1 message per second and channel, "short bursts" allowed: https://docs.slack.dev/apis/web-api/rate-limits
    abilities = Abilities(
        chat=True, merchant=_told, person=lambda person: _placed(person.slack_team_id, person.slack_user_id),
        buttons=True, edits=True, finds=True, burst=5, per_minute=60,
    )  # fmt: skip

    def __init__(
        self, client_for: ClientFor, answers: Answers, patience: float = PATIENCE, deployment: str | None = None,
        vouches: Vouches | None = None, charts: Charts | None = None,
    ) -> None:  # fmt: skip
        """`deployment` is the channel for merchants that have none."""
        self._client_for, self._answers, self._patience = client_for, answers, patience
        self._earlier, self._charts = earlier.Earlier(), charts
        self.abilities = replace(self.abilities, deployment=deployment, vouches=vouches or self.abilities.vouches)

    async def send(self, notice: Notice) -> Receipt:
        """Posts it, unless a message with this notice's id is there already."""
        try:
            async with asyncio.timeout(self._patience):
                if notice.kind == "answer":
                    await self._answers.give(notice.route, _answered(notice))
                    self._chart(notice)
                    return {}
                return await self._found(notice) or await self._post(notice)
        except TimeoutError:
            self._earlier.unsure(notice)
            raise DeliveryFailed("unknown", "no answer in time") from None
        except DeliveryFailed as failed:
            if failed.outcome == "unknown":
                self._earlier.unsure(notice)
            raise

    def _chart(self, notice: Notice) -> None:
        given = notice.data.get("reply")
        if self._charts is not None and isinstance(given, Mapping):
            self._charts.start(notice.route, codec.reply(given).charts)

    async def update(self, receipt: Receipt, notice: Notice) -> Receipt:
        """Shows the card as it is now where the first one is."""
        body = {"channel": receipt["channel"], "ts": receipt["ts"], **_message(notice), **earlier.metadata(notice)}
        web = await self._client_for(_place(notice)[0])
        answer = await call(web, "chat.update", body | {"link_names": False, "parse": "none"})
        return earlier.receipt(answer.get("channel") or receipt["channel"], answer.get("ts") or receipt["ts"])

    async def _found(self, notice: Notice) -> Receipt | None:
        if not notice.again:
            return None
        team, place = _place(notice)
        return await self._earlier.find(await self._client_for(team), place, _thread(notice), notice)

    async def _post(self, notice: Notice) -> Receipt:
        team, place = _place(notice)
        web = await self._client_for(team)
        body = {"channel": place, **_message(notice), **earlier.metadata(notice), **_QUIET}
        thread = _thread(notice)
        try:
            answer = await call(web, "chat.postMessage", body | ({"thread_ts": thread} if thread else {}))
        except DeliveryFailed as failed:
            if not thread or failed.why not in ("thread_not_found", "message_not_found"):
                raise
            answer = await call(web, "chat.postMessage", body)  # its first card was deleted: it is said all the same
        return earlier.receipt(answer["channel"], answer["ts"])


def _place(notice: Notice) -> tuple[str, str]:
    """Workspace ("" where none is named) and the channel or person in it."""
    team, _, place = notice.address.target.rpartition("/")
    return team, place


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
