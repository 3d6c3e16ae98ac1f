"""The AI bot as a way out: cards and texts into conversations that it knows, answers to those who asked, cards changed when pressed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import structlog

from bot.card import Card
from bot.errors import DeliveryFailed
from bot.messages import Chat, Notice, Receipt, Reply, codec
from bot.ports import Abilities, Clock, written
from handlers.wecom.apps import STANDING
from handlers.wecom.errors import refusal
from handlers.wecom.longbot import frames, shapes
from handlers.wecom.longbot.connection import Unanswered
from handlers.wecom.longbot.conversations import Conversations
from handlers.wecom.longbot.frames import Frame
from handlers.wecom.longbot.inbound import CHANNEL
from handlers.wecom.longbot.keeper import Keeper
from handlers.wecom.longbot.routes import Route

if TYPE_CHECKING:
    from bot.desk import Desk

SHORTEST, LONGEST = timedelta(seconds=2), timedelta(minutes=5)
RATE = timedelta(seconds=60)
LATE = 1.5  # seconds that an answer waits for the change of the card that was pressed
PATIENCE = 4.8  # seconds for a whole delivery
log = structlog.stdlib.get_logger("wecom.bot")


class BotChannel:
    """A target is a conversation's id in its own case, or `-/userid`: that person's own conversation with the bot."""

    name = CHANNEL

    def __init__(self, keeper: Keeper, chats: Conversations, clock: Clock, link: str, *, people: bool) -> None:
        """`people`: the bot is all that reaches people in person; where there is an app, that does."""
        self._keeper, self._chats, self._clock, self._link = keeper, chats, clock, link
        self._changed: dict[str, asyncio.Future[bool]] = {}
        self.desk: Desk | None = None
        # 30 a minute and conversation, replies included: what is pushed leaves them room.
        self.abilities = Abilities(
            chat=True, merchant=written("wecom_bot_chat_id"), buttons=True, edits=True, burst=15, per_minute=20, digest=100,
        )  # fmt: skip
        if people:
            self.abilities = replace(
                self.abilities, person=lambda person: f"{STANDING}/{person.wecom_user_id.lower()}" if person.wecom_user_id else None
            )

    def here(self) -> bool:
        """Only the process with the connection sends; where none has it, each says so."""
        return self._keeper.here()

    async def send(self, notice: Notice) -> Receipt:
        """Says it. WeCom lets nobody look for an earlier try, so a lost answer may be a message said twice."""
        try:
            async with asyncio.timeout(PATIENCE):
                if notice.kind == "answer":
                    await self._answer(notice)
                    return {}
                return await self._push_card(notice)
        except TimeoutError:
            raise DeliveryFailed("unknown", "no answer in time") from None

    async def update(self, receipt: Receipt, notice: Notice) -> Receipt:
        """Shows the card as it is now, which WeCom allows for 5 s after a press of it and at no other time."""
        route, task = Route.of(receipt), receipt.get("thread", "")
        if not task or not route.quick(self._clock.now()) or notice.card is None:
            raise DeliveryFailed("rejected", "a card of the bot changes only when it is pressed")
        known, changed = self._pressed(route.req), False
        try:
            await self._change(route.req, shapes.template(notice.card, self._link, task, changed=True))
            changed = True
        finally:
            if not known.done():
                known.set_result(changed)
        return {"thread": task}

    async def _push_card(self, notice: Notice) -> Receipt:
        chat = self._chat(notice.address.target)
        card = notice.card or Card(notice.text)
        if not shapes.pressable(card):
            said = shapes.digested(card) if notice.kind == "digest" else shapes.markdown(shapes.told(card))
            await self._push(chat, {"msgtype": "markdown", "markdown": {"content": said}})
            return {}
        task = f"n@{notice.id}"[:128]
        made = shapes.template(card, self._link, task)
        await self._push(chat, {"msgtype": "template_card", "template_card": made})
        return {"thread": task}

    async def _answer(self, notice: Notice) -> None:
        """To a message: as its reply. To a press: the card shows it; what no card shows is said."""
        reply, route = _reply(notice), Route.of(notice.route)
        if route.press and reply.ok and not reply.cards and await self._shown(route, reply):
            return
        text, card = shapes.answer(reply, self._link, f"a@{notice.id}"[:128])
        bodies = [{"msgtype": "stream", "stream": {"id": notice.id, "finish": True, "content": text}}] if text else []
        bodies += [{"msgtype": "template_card", "template_card": card}] if card else []
        for place, body in enumerate(bodies):
            if place == 0 and not route.press and route.fresh(self._clock.now()):
                answer = await self._ask(frames.RESPOND, body, route.channel, route.req)
                if answer.errcode == 0:
                    continue
                if answer.errcode not in frames.EXPIRED:
                    raise _failed(answer)
            await self._push(self._chat(route.channel), _pushed(body))

    async def _shown(self, route: Route, reply: Reply) -> bool:
        """Whether the card that was pressed shows by now what came of it."""
        if route.task.startswith("n@"):
            try:
                async with asyncio.timeout(LATE):
                    return await asyncio.shield(self._pressed(route.req))
            except TimeoutError:
                return False
        if not route.task or not route.quick(self._clock.now()) or self.desk is None or reply.ticket is None:
            return False
        shown = await self.desk.reply(route.show(reply.ticket))
        if not shown.ok or not shown.cards:
            return False
        try:
            await self._change(route.req, shapes.template(shown.cards[0], self._link, route.task, changed=True))
        except DeliveryFailed:
            return False
        return True

    async def _change(self, req: str, card: Mapping[str, Any]) -> None:
        answer = await self._ask(frames.UPDATE, {"response_type": "update_template_card", "template_card": dict(card)}, None, req)
        if answer.errcode:
            raise DeliveryFailed("rejected", f"the card was not changed: WeCom says {answer.errcode}")

    async def _push(self, chat: Chat, body: Mapping[str, Any]) -> None:
        kind = 2 if chat.kind == "group" else 1
        answer = await self._ask(frames.SEND, {"chatid": chat.id, "chat_type": kind, **body}, chat.id)
        if answer.errcode in frames.SILENT and not self._chats.busy(chat.id, self._clock.now()) and self._keeper.steady():
            if self.desk is not None:
                await self._chats.forget(self.desk, chat)
            raise DeliveryFailed("rejected", "nobody has spoken to the bot in this conversation (846607): write to it there once")
        if answer.errcode:
            raise _failed(answer)

    async def _ask(self, cmd: str, body: Mapping[str, Any], chat: str | None, req: str | None = None) -> Frame:
        """One request over the live connection, within the conversation's limits. Raises DeliveryFailed."""
        now, line = self._clock.now(), self._keeper.line
        wait = self._chats.wait(chat, now) if chat is not None else timedelta()
        if wait > timedelta():
            raise DeliveryFailed("later", "the conversation's limit is reached", wait)
        if line is None:
            down = now - self._keeper.down_since
            raise DeliveryFailed("later", "the bot is not connected", min(LONGEST, max(SHORTEST, down / 4)))
        try:
            answer = await line.ask(cmd, body, req)
        except Unanswered as silent:
            raise DeliveryFailed("unknown" if silent.sent else "later", str(silent), None if silent.sent else SHORTEST) from None
        if chat is not None and not answer.errcode:
            self._chats.spoke(chat, now)
        return answer

    def _chat(self, target: str) -> Chat:
        found = self._chats.find(target)
        if found is None and self._keeper.line is None:
            raise DeliveryFailed("later", "the bot is not connected", SHORTEST)
        if found is None:
            raise DeliveryFailed("rejected", "nobody has spoken to the bot in this conversation: write to it there once")
        return found

    def _pressed(self, req: str) -> asyncio.Future[bool]:
        """Whether the card of that press was changed, once it is known."""
        if len(self._changed) > 500:
            self._changed.pop(next(iter(self._changed)))
        return self._changed.setdefault(req, asyncio.get_running_loop().create_future())


def _pushed(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Only a reply can be a stream."""
    return {"msgtype": "markdown", "markdown": {"content": body["stream"]["content"]}} if body["msgtype"] == "stream" else body


def _failed(answer: Frame) -> DeliveryFailed:
    if answer.errcode in frames.SILENT or answer.errcode in frames.RATES:
        return DeliveryFailed("later", f"WeCom says {answer.errcode}: over its limit for this conversation", RATE)
    if answer.errcode == frames.NOT_SUBSCRIBED:
        return DeliveryFailed("later", "the bot is not subscribed", SHORTEST)
    if answer.errcode in frames.EXPIRED:
        return DeliveryFailed("rejected", f"WeCom says {answer.errcode}: this can be answered no more")
    return refusal({"errcode": answer.errcode, "errmsg": answer.errmsg}) or DeliveryFailed("rejected", f"WeCom says {answer.errcode}")


def _reply(notice: Notice) -> Reply:
    given = notice.data.get("reply")
    return codec.reply(given) if isinstance(given, Mapping) else Reply(notice.text, locale=notice.locale)
