"""Socket Mode: what Slack sends comes in by a connection that we open, through the same door as over HTTP; no public address is needed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import aiohttp
import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import DeliveryFailed
from bot.messages import TellAdmins
from bot.ports import Clock
from handlers.slack import words
from handlers.slack.answers import Answers
from handlers.slack.api import call
from handlers.slack.socket_keeper import Keeper, Patience
from handlers.slack.socket_line import Line, Pace
from handlers.slack.socket_seats import HELD, Seats, taken

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.desk import Desk
    from handlers.slack.inbound import Door
    from handlers.slack.shapes import Doc

LOOK = 5.0  # seconds until a standby looks for a seat again
LONG = timedelta(minutes=5)  # a lost connection mostly comes back by itself
_NEW = "make an app-level token with the scope connections:write under Basic Information, and put it into DESKBELL_SLACK_APP_TOKEN"
log = structlog.stdlib.get_logger("slack.socket")


@dataclass(frozen=True, slots=True)
class Tempo:
    """How patient it is; a test's world gives another as `slack_socket`."""

    pace: Pace = field(default_factory=Pace)
    patience: Patience = field(default_factory=Patience)
    look: float = LOOK


class SocketMode:
    """One process's part in it. `web` has the app-level token."""

    def __init__(self, web: AsyncWebClient, answers: Answers, clock: Clock, tempo: Tempo) -> None:
        self._web, self._answers, self._clock, self._tempo = web, answers, clock, tempo
        self._door: Door | None = None
        self._seats = Seats()
        self.keeper = Keeper(self._opened, self._work, self._missed, clock, tempo.pace, tempo.patience)

    async def run(self, desk: Desk, door: Door) -> None:
        """Connected for as long as there is a seat; until it is cancelled."""
        self._door = door
        watching = asyncio.create_task(self._watch(desk), name="slack socket is watched")
        try:
            while True:
                if await self._seats.sit(desk, self.keeper.state):
                    await self._seated(desk)
                await asyncio.sleep(self._tempo.look)
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
            await self._seats.leave(desk)

    async def examine(self, desk: Desk) -> list[str]:
        """For `doctor`: how each process stands; where none runs, whether Slack would let one in.

        It makes no connection of its own: commands would come to it.
        """
        seats = await taken(desk)
        if not seats:
            try:
                await call(self._web, "apps.connections.open", {})
            except DeliveryFailed as failed:
                return [_mend(failed.outcome == "rejected", failed.why)]
            return []
        down = [each.note for each in seats if each.note.get("state") in ("lost", "refused")]
        counted = f"{len(down)} of {len(seats)} processes: " if len(seats) > 1 else ""
        return [f"{counted}{_mend(note.get('state') == 'refused', str(note.get('why') or '?'))}" for note in down[:1]]

    async def _seated(self, desk: Desk) -> None:
        keeping = asyncio.create_task(self.keeper.run(), name="slack socket")
        try:
            while await self._seats.sit(desk, self.keeper.state):
                await self.keeper.changed(HELD.total_seconds() / 3)
            log.warning("no seat is left among slack's connections: this process stands by")
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)

    async def _opened(self, arrived: Callable[[Line, Doc], None]) -> Line:
        line = Line(self._web, self._tempo.pace, arrived)
        try:
            await line.open(self._web)
        except BaseException:
            await line.close()
            raise
        return line

    async def _work(self, kind: str, payload: dict[str, Any]) -> dict[str, Any] | None:
        return await self._door.arrived(kind, payload) if self._door is not None else None

    async def _missed(self, kind: str, payload: dict[str, Any], said: dict[str, Any]) -> bool:
        """A command's answer also finds its asker by the address that came with it."""
        command = words.slash(payload) if kind == "slash_commands" else None
        if command is None:
            return False
        try:
            await self._answers.give(command.answer_to or {}, said)
        except (DeliveryFailed, aiohttp.ClientError) as failed:
            log.warning("answer not shown", once=command.once, why=getattr(failed, "why", type(failed).__name__))
        return True

    async def _watch(self, desk: Desk) -> None:
        """Tells administrators, once per outage, what they alone can mend."""
        told: set[str] = set()
        while True:
            await asyncio.sleep(min(LONG.total_seconds() / 10, self._tempo.look))
            state = self.keeper.state
            if state.kind == "connected":
                told.clear()
            late = self._clock.now() - state.since >= LONG
            about = "slack_socket_refused" if state.kind == "refused" else "slack_socket_lost" if state.kind == "lost" and late else ""
            if not about or about in told:
                continue
            try:
                # One cause for all processes: each of them loses its connection for the same reason at about the same time.
                cause = f"{about}:{state.why}:{state.since.replace(minute=0, second=0, microsecond=0).isoformat()}"
                await desk.configure(TellAdmins(about, cause, {"why": state.why or "?"}))
                told.add(about)
            except Exception:
                log.warning("administrators are not told", about=about, exc_info=True)


def _mend(refused: bool, why: str) -> str:
    if why == "link_disabled":
        return "Slack: Socket Mode is switched off: switch it on in the app's settings, under Socket Mode"
    if refused:
        return f"Slack does not let this app connect ({why}): {_NEW}"
    return f"Slack's Socket Mode is not connected ({why}): check the network's way to wss-primary.slack.com and to SLACK_API_URL"
