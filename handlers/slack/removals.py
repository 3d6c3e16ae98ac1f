"""`app_uninstalled`, `tokens_revoked`: a workspace has taken its token back, so it is deleted, and administrators are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog
from slack_bolt.response import BoltResponse

from bot.errors import NotFound
from handlers.slack import installing
from handlers.slack.workspaces import Workspaces

if TYPE_CHECKING:
    from bot.desk import Desk

log = structlog.stdlib.get_logger("slack")


class Removals:
    """Slack sends both, in either order, and again: what is gone stays gone."""

    def __init__(self, desk: Desk, workspaces: Workspaces) -> None:
        self._desk, self._workspaces = desk, workspaces

    async def removed(self, body: dict[str, Any]) -> BoltResponse:
        """Removed before it is acknowledged; when that fails Slack sends it again."""
        try:
            known = {each.id: each for each in await self._workspaces.installed()}
            change = installing.removing(body, known, self._workspaces.own)
            if change is not None:
                await self._desk.configure(change)
                log.warning("slack removed", change=type(change).__name__)
        except NotFound:
            pass  # removed before, or installed anew since
        except Exception:
            log.exception("removal not stored")
            return BoltResponse(status=500, body="")
        self._workspaces.forget()
        return BoltResponse(status=200, body="")
