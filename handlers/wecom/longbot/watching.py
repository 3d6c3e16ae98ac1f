"""Tells administrators, once per outage, what they alone can mend: a refused secret, another who holds the bot, no way through."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from bot.messages import TellAdmins
from handlers.wecom.longbot.keeper import Keeper, State

if TYPE_CHECKING:
    from bot.desk import Desk

LONG = timedelta(minutes=5)  # a lost connection mostly comes back by itself
log = structlog.stdlib.get_logger("wecom.bot")


async def watch(desk: Desk, keeper: Keeper, name: str) -> None:
    """Until it is cancelled."""
    told: set[str] = set()
    while True:
        await keeper.changed(LONG.total_seconds() / 10)
        if keeper.line is not None:
            told.clear()
            continue
        about = trouble(keeper.state, keeper.down_since, keeper.now())
        if about is None or about in told:
            continue
        cause = f"{name}:{about}:{keeper.down_since.isoformat()}"
        try:
            await desk.configure(TellAdmins(about, cause, {"bot": name.rpartition(":")[2], "why": keeper.state.why or "?"}))
            told.add(about)
        except Exception:
            log.warning("administrators are not told", about=about, exc_info=True)


def trouble(state: State, down_since: datetime, now: datetime) -> str | None:
    """The name of what to tell; None where there is nothing, or it is another process that has the bot."""
    if state.kind in ("refused", "taken"):
        return f"wecom_bot_{state.kind}"
    return "wecom_bot_lost" if state.kind in ("lost", "connecting") and now - down_since >= LONG else None
