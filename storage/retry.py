"""What is tried again, and how long to wait before."""

from __future__ import annotations

import asyncio
import random

from sqlalchemy.exc import DBAPIError

from bot.errors import Conflict

TRIES = 6
FIRST_PAUSE = 0.01  # seconds, doubled each time, with jitter


def worth_another_try(error: BaseException) -> bool:
    """A conflict, a row that somebody else has added meanwhile, a deadlock, a serialization failure (class 40), or a lost connection."""
    if isinstance(error, Conflict):
        return True
    if not isinstance(error, DBAPIError):
        return False
    return error.connection_invalidated or state(error).startswith(("23505", "40", "08", "57P"))


def state(error: DBAPIError) -> str:
    """The SQLSTATE, or nothing."""
    return str(getattr(error.orig, "sqlstate", None) or "")


async def pause(tries: int) -> None:
    """After so many tries that failed."""
    await asyncio.sleep(FIRST_PAUSE * 2**tries * (0.5 + random.random()))  # noqa: S311  # jitter, no secret
