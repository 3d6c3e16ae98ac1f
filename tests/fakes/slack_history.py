"""What the fake Slack lets the bot read of its conversations: the newest first, a thread from its beginning, page by page."""

from __future__ import annotations

from typing import Any

from tests.fakes.slack_people import Message

MOST = 999  # https://docs.slack.dev/reference/methods/conversations.history


class SlackHistory:
    """Needs the scopes for it, and is limited: 50 a minute for all conversations together (tier 3)."""

    scopes: set[str]
    bot_user: str

    def channel(self, id: str) -> list[Message]:
        """A channel's messages."""
        raise NotImplementedError

    def _wait(self, bucket: str, burst: float = 5.0, per_second: float = 1.0) -> int:
        raise NotImplementedError

    def _conversations_history(self, given: dict[str, Any]) -> dict[str, Any]:
        top = [each for each in self.channel(given["channel"]) if each.thread_ts in (None, each.ts)]
        return self._told(top[::-1], given)

    def _conversations_replies(self, given: dict[str, Any]) -> dict[str, Any]:
        found = [each for each in self.channel(given["channel"]) if given.get("ts") in (each.ts, each.thread_ts)]
        return self._told(found, given) if found else {"ok": False, "error": "thread_not_found"}

    def _told(self, messages: list[Message], given: dict[str, Any]) -> dict[str, Any]:
        channel = str(given["channel"])
        if ("im:history" if channel.startswith("D") else "channels:history") not in self.scopes:
            return {"ok": False, "error": "missing_scope"}
        wait = self._wait("looking", 50.0, 50 / 60)
        if wait:
            return {"ok": False, "error": "ratelimited", "seconds": wait}
        messages = [each for each in messages if float(each.ts) > float(given.get("oldest") or 0)]
        start = int(given.get("cursor") or 0)
        end = start + min(int(given.get("limit", 100)), MOST)
        whole = str(given.get("include_all_metadata")) in ("1", "true", "True")
        shown: list[dict[str, Any]] = [
            {"type": "message", "ts": each.ts, "text": each.text, "user": self.bot_user, "metadata": each.metadata if whole else None}
            for each in messages[start:end]
        ]
        more = {"response_metadata": {"next_cursor": str(end)}} if end < len(messages) else {}
        return {"ok": True, "messages": shown, "has_more": bool(more), **more}
