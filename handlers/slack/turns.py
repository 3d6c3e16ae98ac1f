"""One command within Slack's patience: worked first and answered, or stored and answered later, or honestly neither."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog

from bot.card import Form
from bot.messages import Command, Reply
from bot.messages.codec import command_doc
from handlers.slack import sentences
from handlers.slack.tasks import Tasks

if TYPE_CHECKING:
    from bot.desk import Desk

Payload = dict[str, Any]  # `text` and `blocks`
log = structlog.stdlib.get_logger("slack")


@dataclass(frozen=True, slots=True)
class Patience:
    """Slack waits 3 s (https://docs.slack.dev/interactivity/implementing-slash-commands); the network takes its share."""

    working: float = 2.0
    storing: float = 0.5
    opening: float = 1.2  # before a modal is opened without its content


class Turns:
    """Works commands for listeners. Nothing it is given is lost without the asker being told."""

    def __init__(self, desk: Desk, tasks: Tasks, patience: Patience) -> None:
        self._desk, self._tasks, self.patience = desk, tasks, patience

    async def take(self, command: Command) -> Reply:
        """What the asker is told. Never raises."""
        work = self._tasks.start(self._work(command), "command")
        done, _ = await asyncio.wait({work}, timeout=self.patience.working)
        return work.result() if done else await self._later(command, work)

    async def store(self, command: Command) -> None:
        """Keeps what an event asks, to be worked from there. Raises where that failed: Slack sends it again then."""
        async with asyncio.timeout(self.patience.working + self.patience.storing):
            await self._record(command)

    async def ask(self, command: Command) -> Form | Reply | None:
        """What its command asks for first. Never raises."""
        try:
            return await self._desk.form(command)
        except Exception:
            reference = new_reference()
            log.exception("form failed", reference=reference)
            return _trouble(reference)

    async def _work(self, command: Command) -> Reply:
        try:
            return await self._desk.reply(command)
        except Exception:
            reference = new_reference()
            log.exception("command failed", reference=reference)
            return _trouble(reference)

    async def _later(self, command: Command, work: asyncio.Task[Reply]) -> Reply:
        """It takes too long: "on it" is said only when it is stored, for only then will it be done whatever happens to us."""
        try:
            async with asyncio.timeout(self.patience.storing):
                new = await self._record(command)
        except Exception:
            if work.done():
                return work.result()
            reference = new_reference()
            log.exception("command neither done in time nor stored", reference=reference)
            return Reply(f"{sentences.NOT_CONFIRMED} ({reference})", ok=False)
        if not new and work.done():
            return work.result()  # it was finished while it was being stored: nothing follows
        return Reply(sentences.ON_IT)

    async def _record(self, command: Command) -> bool:
        if command.once is None:
            raise ValueError("a command without the platform's id cannot be stored")
        return await self._desk.record(command.by.channel, command.once, {"command": command_doc(command)})


def _trouble(reference: str) -> Reply:
    return Reply(sentences.TROUBLE.format(reference=reference), ok=False)


def as_response(said: Mapping[str, Any]) -> Payload:
    """A payload as the answer to a slash command: https://docs.slack.dev/interactivity/implementing-slash-commands"""
    return {"response_type": "ephemeral", "mrkdwn": False, **said}


def new_reference() -> str:
    """What a person quotes and an operator searches the log for."""
    return secrets.token_hex(4)
