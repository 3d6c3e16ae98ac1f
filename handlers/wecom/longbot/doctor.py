"""What `doctor` says of the AI bot: connected? is its secret fine? does another program hold it?"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.messages import ListOf, Page
from handlers.wecom.longbot.connection import Connection, Ended, Rejected

if TYPE_CHECKING:
    from bot.desk import Desk

TRYING = timedelta(seconds=30)
_NAMES = "DESKBELL_WECOM_BOT_ID, DESKBELL_WECOM_BOT_SECRET"
_MEND = {
    "refused": f"{_NAMES}: WeCom refuses them ({{why}}): take both anew from the bot's page, and choose its long-connection mode there",
    "taken": "another program is connected as this bot: end it, or make a new secret; ours stays off meanwhile",
    "lost": "the bot is not connected ({why}): check the network's way to openws.work.weixin.qq.com",
    "connecting": "the bot is connecting just now: ask again in a moment",
}


async def examine(desk: Desk, name: str, opened: Callable[[], AbstractAsyncContextManager[Connection]]) -> list[str]:
    """Lines that say what to mend; [] when all is well. Never throws out a live connection: whoever holds the bot is asked by its note."""
    held = await desk.held(name)
    state = str(held.note.get("state") or "") if held is not None else await _tried(desk, name, opened)
    why = str(held.note.get("why") or "") if held is not None else state.partition(":")[2].strip()
    said = _MEND.get(state.partition(":")[0])
    lines = [f"AI bot: {said.format(why=why or '?')}"] if said else []
    return lines + [
        f"AI bot: merchant {id} is told by the bot alone, which can be away: add an e-mail address or another chat to its notify"
        for id in await _lonely(desk)
    ]


async def _tried(desk: Desk, name: str, opened: Callable[[], AbstractAsyncContextManager[Connection]]) -> str:
    """No process runs the bot: it is connected here for a moment, as its holder."""
    holder = f"doctor-{secrets.token_hex(4)}"
    if (await desk.hold(name, holder, TRYING, {"state": "connecting"})).holder != holder:
        return "connecting"
    try:
        async with opened():
            return "connected"
    except Rejected as refused:
        return f"refused: {refused}"
    except Ended as ended:
        return f"lost: {ended}"
    finally:
        await desk.let_go(name, holder)


async def _lonely(desk: Desk) -> list[str]:
    """Merchants that only the bot tells."""
    found: list[str] = []
    cursor: str | None = None
    while True:
        page: Page[dict[str, object]] = await desk.ask(ListOf("merchants", limit=200, cursor=cursor))
        found += [str(each["id"]) for each in page.items if _told_by(each.get("notify")) == {"wecom_bot_chat_id"}]
        cursor = page.next_cursor
        if cursor is None:
            return found


def _told_by(notify: object) -> set[str]:
    return {key for key, value in notify.items() if value and key != "slack_team_id"} if isinstance(notify, dict) else set()
