"""A self-built app as a way out: cards and messages to people, each in their own chat with the app."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.errors import DeliveryFailed
from bot.messages import Notice, Receipt, Reply, codec
from bot.ports import Abilities, Clock
from handlers.wecom import answers, cards, lives
from handlers.wecom.apps import App, reached, through, userid
from handlers.wecom.errors import USED_UP, WecomFailed
from handlers.wecom.papers import Papers
from handlers.wecom.sending import Sender
from handlers.wecom.text import clean, cut, digest

PATIENCE = 4.8  # seconds for a whole delivery, a token's fetch included
TEXT = 2048  # bytes: https://developer.work.weixin.qq.com/document/path/90236
_MOVED = {"en": "See the newer card", "zh": "请看新的卡片"}


class WecomChannel:
    """A target is `MERCHANT/userid`: through the merchant's own app (an account), else through the operator's (`standing`)."""

    name = "wecom"
    # 30 messages a minute and 1,000 an hour per app and member, what is more is dropped without a word:
    # https://developer.work.weixin.qq.com/document/path/90312. 8 + 15 a minute stay below both.
    abilities = Abilities(
        chat=True, personal=True, buttons=True, edits=True, person=reached, owner=through, burst=8, per_minute=15, digest=12
    )  # fmt: skip

    def __init__(self, sender: Sender, clock: Clock, standing: App | None, link: str, patience: float = PATIENCE) -> None:
        """`link` is where a card without buttons leads."""
        self._sender, self._clock, self._standing, self._link, self._patience = sender, clock, standing, link, patience
        self.papers = Papers(sender)
        self.abilities = replace(self.abilities, stands=standing is not None)

    async def send(self, notice: Notice) -> Receipt:
        """A card, an answer of one or more messages, a digest, or one line of text."""
        app, user = self._sender.app(notice, self._standing), userid(notice.address.target)
        if notice.kind == "answer":
            return await self._answer(app, user, notice)
        try:
            async with asyncio.timeout(self._patience):
                if notice.kind != "digest" and notice.card is not None:
                    return await self._post(app, user, notice, 1)
                said = digest(notice.card.title, notice.card.lines, TEXT) if notice.card is not None else cut(clean(notice.text), TEXT)
                await self._sender.message(app, user, {"msgtype": "text", "text": {"content": said}}, once=notice.id)
        except TimeoutError:
            raise WecomFailed("unknown", "no answer from WeCom in time") from None
        return {}

    async def update(self, receipt: Receipt, notice: Notice) -> Receipt:
        """Shows the card as it is now where that one is, or, where it can't be changed any more and somebody needs it, as a fresh one."""
        if "task" not in receipt:
            return lives.unchanged(receipt)  # a text has nothing to change
        app, user = self._sender.app(notice, self._standing), userid(notice.address.target)
        try:
            async with asyncio.timeout(self._patience):
                return await self._changed(app, user, receipt, notice)
        except TimeoutError:
            raise WecomFailed("unknown", "no answer from WeCom in time") from None

    async def _changed(self, app: App, user: str, receipt: Receipt, notice: Notice) -> Receipt:
        life = lives.life(receipt, self._clock.now())
        over = _MOVED["zh" if notice.locale == "zh" else "en"] if life.moved else notice.over
        made = self._card(notice, over)
        if over is None and life.worn(self._clock.now()):
            return await self._followed(app, user, life, notice)
        if _same(life, made):
            return lives.unchanged(receipt)
        for code in life.codes:
            try:
                await self._sender.change(app, user, code, made)
                return lives.changed(receipt, code, _shown(made))
            except WecomFailed as failed:
                if failed.code not in USED_UP:
                    raise
                receipt = lives.changed(receipt, code, {})
        needed = over is None and made["card_type"] == "button_interaction" and cards.use(made) != life.use
        return await self._post(app, user, notice, life.version + 1) if needed else lives.unchanged(receipt)

    async def _followed(self, app: App, user: str, life: lives.Life, notice: Notice) -> Receipt:
        """A fresh card first, then a word on the old one: whoever is between the two has both rather than none."""
        fresh = await self._post(app, user, notice, life.version + 1)
        try:
            grey = self._card(notice, _MOVED["zh" if notice.locale == "zh" else "en"])
            await self._sender.change(app, user, life.codes[0], grey)
        except DeliveryFailed:
            return fresh  # the old one keeps its buttons: they say the same words
        return fresh

    async def _post(self, app: App, user: str, notice: Notice, version: int) -> Receipt:
        made = self._card(notice, notice.over)
        if made["card_type"] == "text_notice":
            await self._sender.message(app, user, {"msgtype": "template_card", "template_card": made}, once=notice.id)
            return {}
        task = cards.task_id(notice.id, f"T-{notice.ticket}" if notice.ticket else "card", version)
        said, code = await self._sender.card(app, user, {**made, "task_id": task})
        receipt = lives.sent(task, version, code, _shown(said), self._clock.now())
        if code and not _same(lives.life(receipt, self._clock.now()), made):  # an earlier try's card went out, and is out of date
            await self._sender.change(app, user, code, made)
            return lives.changed(receipt, code, _shown(made))
        return receipt

    async def _answer(self, app: App, user: str, notice: Notice) -> Receipt:
        given = notice.data.get("reply")
        reply = codec.reply(given) if isinstance(given, Mapping) else Reply(notice.text, locale=notice.locale)
        bodies = answers.messages(reply, self._link, cards.task_id(notice.id, "answer", 1))
        await self._sender.parts(app, user, bodies, notice.id, self._patience)
        if reply.paper is not None:
            self.papers.start(app, user, reply.paper)
        if reply.charts:
            self.papers.start(app, user, reply.charts)
        return {}

    def _card(self, notice: Notice, over: str | None) -> dict[str, Any]:
        assert notice.card is not None  # noqa: S101  # whoever has no card is sent as text
        return cards.template_card(notice.card, self._link, over=over)


def _shown(made: Mapping[str, Any]) -> dict[str, str]:
    return {"use": cards.use(made), "face": cards.face(made)}


def _same(life: lives.Life, made: Mapping[str, Any]) -> bool:
    """Whether a change would be worth a code: a press's own for any that can be seen, the send's for one that matters."""
    return cards.face(made) == life.face if life.fresh else cards.use(made) == life.use
