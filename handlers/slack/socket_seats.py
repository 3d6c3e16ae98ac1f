"""Which processes are connected: Slack lets an app have ten connections at once, so each takes one of a few seats in the database."""

from __future__ import annotations

import asyncio
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.records import Hold

if TYPE_CHECKING:
    from bot.desk import Desk
    from handlers.slack.socket_keeper import State

# https://docs.slack.dev/apis/events-api/using-socket-mode#connections says ten: two are left for handing over from an old one to the next.
SEATS = 8
HELD = timedelta(seconds=30)
log = structlog.stdlib.get_logger("slack.socket")


class Seats:
    """This process's seat, renewed by `sit`, with how it stands as the seat's note."""

    def __init__(self) -> None:
        self._holder = secrets.token_hex(8)
        self._mine: int | None = None

    async def sit(self, desk: Desk, state: State) -> bool:
        """Whether there is a seat for us. A database that does not answer leaves us what we have."""
        order = [*([] if self._mine is None else [self._mine]), *(seat for seat in range(SEATS) if seat != self._mine)]
        try:
            for seat in order:
                async with asyncio.timeout(HELD.total_seconds() / 3):
                    held = await desk.hold(name(seat), self._holder, HELD, state.note)
                if held.holder == self._holder:
                    self._mine = seat
                    return True
        except Exception:
            log.warning("the seat among slack's connections is not renewed", exc_info=True)
            return self._mine is not None
        self._mine = None
        return False

    async def leave(self, desk: Desk) -> None:
        """The next may have it at once."""
        if self._mine is None:
            return
        try:
            async with asyncio.timeout(HELD.total_seconds() / 3):
                await desk.let_go(name(self._mine), self._holder)
        except Exception:
            log.warning("the seat among slack's connections is not let go; it lapses", exc_info=True)


async def taken(desk: Desk) -> list[Hold]:
    """Who sits, for `doctor`."""
    found = [await desk.held(name(seat)) for seat in range(SEATS)]
    return [each for each in found if each is not None]


def name(seat: int) -> str:
    """What is held."""
    return f"slack:socket:{seat}"
