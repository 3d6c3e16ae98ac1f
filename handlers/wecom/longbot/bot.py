"""The AI bot: its connection kept by one process, what arrives stored before it is worked, greetings, the doctor's view of it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Any

import structlog

from bot.errors import DeliveryFailed
from bot.messages import Command, Identity
from bot.messages.codec import command_doc
from bot.ports import Clock
from handlers.wecom.apps import STANDING
from handlers.wecom.longbot import doctor, frames, inbound, sentences
from handlers.wecom.longbot.accounts import Accounts
from handlers.wecom.longbot.channel import BotChannel
from handlers.wecom.longbot.connection import Connection, Pace, Unanswered, opened
from handlers.wecom.longbot.conversations import Conversations
from handlers.wecom.longbot.frames import Frame
from handlers.wecom.longbot.inbound import CHANNEL, PERSON, Said
from handlers.wecom.longbot.keeper import Keeper, Patience
from handlers.wecom.longbot.watching import watch

if TYPE_CHECKING:
    from bot.desk import Desk

GREETING = 4.0  # seconds: a welcome is taken for 5
ENDING = 5.0  # seconds for what arrived before the end to be stored
log = structlog.stdlib.get_logger("wecom.bot")


class LongBot:
    """One bot of the settings. `channel` is its way out, `run` its life beside requests."""

    def __init__(
        self, bot_id: str, secret: str, accounts: Accounts, clock: Clock, *, link: str, people: bool,
        url: str = frames.URL, pace: Pace | None = None, patience: Patience | None = None,
    ) -> None:  # fmt: skip
        self.name = f"{CHANNEL}:{bot_id}"
        self._accounts, self._clock = accounts, clock
        self._plug = (url, bot_id, secret, pace or Pace())
        self.keeper = Keeper(self.name, self._opened, self._arrived, clock, patience or Patience())
        self._chats = Conversations(bot_id)
        self.channel = BotChannel(self.keeper, self._chats, clock, link, people=people)
        self._desk: Desk | None = None
        self._working: set[asyncio.Task[None]] = set()
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def opened(self) -> AbstractAsyncContextManager[Connection]:
        """A connection of its own, whoever has one."""
        return opened(*self._plug)

    async def examine(self, desk: Desk) -> list[str]:
        """For `doctor`: lines that say what to mend."""
        return await doctor.examine(desk, self.name, self.opened)

    async def run(self, desk: Desk) -> None:
        """Until it is cancelled; then what has arrived is stored."""
        self._desk = self.channel.desk = desk
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self.keeper.run(desk))
                group.create_task(watch(desk, self.keeper, self.name))
        finally:
            if self._working:
                await asyncio.wait(list(self._working), timeout=ENDING)

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[Connection]:
        """With the conversations that whoever had the connection before has written down."""
        if self._desk is not None:
            await self._chats.load(self._desk)
        async with self.opened() as line:
            yield line

    async def _arrived(self, frame: Frame) -> None:
        """Everybody's things in their order; nobody waits for another's."""
        said = inbound.read(frame)
        if said is None:
            return
        task = asyncio.create_task(self._in_turn(said, frame.req_id), name=f"wecom bot {said.kind}")
        self._working.add(task)
        task.add_done_callback(self._working.discard)

    async def _in_turn(self, said: Said, req_id: str) -> None:
        async with self._turns[said.user]:
            try:
                await self._take(said, req_id)
            except DeliveryFailed as failed:
                log.warning("not answered", kind=said.kind, why=failed.why)
                await self._say(req_id, said, sentences.WHO)
            except Exception:
                log.exception("not stored", kind=said.kind, msgid=said.msgid)
                await self._say(req_id, said, sentences.NOT_CONFIRMED)
        if len(self._turns) > 1000:
            self._turns = defaultdict(asyncio.Lock, {user: lock for user, lock in self._turns.items() if lock.locked()})

    async def _take(self, said: Said, req_id: str) -> None:
        desk = self._desk
        if desk is None:
            return
        if said.kind == "feedback_event":
            log.info("feedback on an answer of the bot")
            return
        account = await self._accounts.clear(said.user)
        if said.body.get("msgtype") != "event":
            # WeCom lets the bot speak first where it was written to; to be entered is not enough.
            await self._chats.saw(desk, said, account, self._clock.now())
        if said.kind == "enter_chat":
            await self._greet(desk, req_id, account)
            return
        command = inbound.command(said, account, req_id, self._clock.now())
        if command is not None and command.once is not None:
            # Stored, and worked from there: a kill between here and the answer loses nothing. The same message twice is stored once.
            await desk.record(command.by.channel, command.once, {"command": command_doc(command)})
        elif said.body.get("msgtype") != "event":
            await self._say(req_id, said, sentences.TEXT_ONLY)

    async def _greet(self, desk: Desk, req_id: str, account: str) -> None:
        """Nothing of it is kept: a welcome that is late is none."""
        try:
            async with asyncio.timeout(GREETING):
                who = await desk.reply(Command(Identity(PERSON, f"{STANDING}/{account}"), verb="whoami", via=CHANNEL))
        except TimeoutError:
            return
        text = sentences.HELLO["zh" if who.locale == "zh" else "en"] if who.ok else f"{who.text}\n{sentences.NOT_LINKED}"
        await self._ask(frames.WELCOME, {"msgtype": "text", "text": {"content": text}}, req_id)

    async def _say(self, req_id: str, said: Said, sentence: str) -> None:
        if said.body.get("msgtype") != "event":
            body = {"msgtype": "stream", "stream": {"id": req_id, "finish": True, "content": sentence}}
            await self._ask(frames.RESPOND, body, req_id)

    async def _ask(self, cmd: str, body: dict[str, Any], req_id: str) -> None:
        line = self.keeper.line
        try:
            answer = await line.ask(cmd, body, req_id) if line is not None else None
        except Unanswered as silent:
            log.warning("not said", cmd=cmd, why=str(silent))
            return
        if answer is not None and answer.errcode:
            log.warning("not said", cmd=cmd, code=answer.errcode)
