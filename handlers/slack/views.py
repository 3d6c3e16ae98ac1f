"""Modals opened and changed, homes published: the calls, each by the client of its workspace."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from bot.errors import DeliveryFailed
from handlers.slack.api import ClientFor, call, look
from handlers.slack.forms import View

LINK_PATIENCE = 1.0  # seconds: a trigger works for 3, and the modal is still to be opened


class Views:
    """Every method raises DeliveryFailed but for `link`."""

    def __init__(self, client_for: ClientFor) -> None:
        self._client_for = client_for

    async def open(self, team: str, trigger: str, view: View, *, over: bool = False) -> str:
        """Opens a modal (`over` another one) → its id. A trigger works once, within 3 s of what a person did."""
        answer = await call(await self._client_for(team), "views.push" if over else "views.open", {"trigger_id": trigger, "view": view})
        found: Mapping[str, Any] = answer.get("view") or {}
        return str(found.get("id") or "")

    async def update(self, team: str, id: str, view: View) -> None:
        """Shows something else in an open modal."""
        await call(await self._client_for(team), "views.update", {"view_id": id, "view": view})

    async def publish(self, team: str, user: str, view: View) -> None:
        """Shows a person's home."""
        await call(await self._client_for(team), "views.publish", {"user_id": user, "view": view})

    async def link(self, team: str, channel: str, ts: str) -> str:
        """A message's address for people; "" where Slack does not tell."""
        try:
            async with asyncio.timeout(LINK_PATIENCE):
                answer = await look(await self._client_for(team), "chat.getPermalink", {"channel": channel, "message_ts": ts})
        except (DeliveryFailed, TimeoutError):
            return ""
        return str(answer.get("permalink") or "")
