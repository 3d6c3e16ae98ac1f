"""Other workspaces that install the app: what their people agree to, the tokens that Slack gives for it, and whose channel is whose."""

from __future__ import annotations

import itertools
from base64 import b64decode
from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Workspace:
    """`channels` are known by no other's token. One with `teams` is a whole organisation, installed for those."""

    team: str
    name: str
    bot_user: str
    channels: tuple[str, ...] = ()
    token: str = ""
    refresh: str = ""
    teams: tuple[str, ...] = ()


class SlackWorkspaces:
    """`agree(workspace)` is a click on "Allow". `expires_in`: tokens that rotate, so many seconds long."""

    def __init__(self) -> None:
        self.client = ("client-id", "client-secret")
        self.workspaces: dict[str, Workspace] = {}
        self.expires_in: int | None = None
        self.granted: list[dict[str, Any]] = []
        self.asked: list[tuple[str, str]] = []  # methods called by their tokens, each with whose
        self._codes: dict[str, tuple[Workspace, str]] = {}
        self._serial = itertools.count(1)

    def agree(self, workspace: Workspace, redirect_uri: str) -> str:
        """The code that the browser brings back; it works once."""
        code = f"code{next(self._serial)}"
        self._codes[code] = (workspace, redirect_uri)
        return code

    def elsewhere(self, method: str, given: dict[str, Any], token: str) -> dict[str, Any] | None:
        """What Slack says by these workspaces' tokens and not by those of its own one; None where that makes no difference."""
        if method == "oauth.v2.access":
            return self._access(given, token.removeprefix("Basic "))
        here = next((each for each in self.workspaces.values() if each.token == token), None)
        if here is not None:
            self.asked.append((method, here.team))
        place = str(given.get("channel"))
        if any(place in each.channels and each is not here for each in self.workspaces.values()):
            return {"ok": False, "error": "channel_not_found"}
        if here is None and token.startswith(("xoxb-T", "xoxb-E")):
            return {"ok": False, "error": "token_revoked"}
        if here is not None and method == "auth.test":
            whole = {"is_enterprise_install": True, "enterprise_id": here.team} if here.teams else {"team_id": here.team}
            return {"ok": True, "user_id": here.bot_user, **whole}
        if here is not None and method == "auth.teams.list":
            return _teams(here.teams, str(given.get("cursor") or ""))
        return None

    def _access(self, given: dict[str, Any], basic: str) -> dict[str, Any]:
        """https://docs.slack.dev/reference/methods/oauth.v2.access"""
        if b64decode(basic).decode() != ":".join(self.client):
            return {"ok": False, "error": "bad_client_secret"}
        if given.get("grant_type") == "refresh_token":
            found = next((each for each in self.workspaces.values() if each.refresh and each.refresh == given.get("refresh_token")), None)
            return self._given(found) if found else {"ok": False, "error": "invalid_refresh_token"}
        workspace, redirect_uri = self._codes.pop(str(given.get("code")), (None, ""))
        if workspace is None:
            return {"ok": False, "error": "invalid_code"}
        if given.get("redirect_uri") != redirect_uri:
            return {"ok": False, "error": "bad_redirect_uri"}
        self.workspaces[workspace.team] = workspace
        return self._given(workspace)

    def _given(self, to: Workspace) -> dict[str, Any]:
        serial = next(self._serial)
        to.token = f"xoxb-{to.team}-{serial}"
        answer: dict[str, Any] = {
            "ok": True, "access_token": to.token, "token_type": "bot", "scope": "chat:write,commands", "bot_user_id": to.bot_user,
            "app_id": "A1", "team": {"id": to.team, "name": to.name}, "enterprise": None, "authed_user": {"id": "U0OWNER"},
            "is_enterprise_install": False,
        }  # fmt: skip
        if to.teams:
            answer |= {"team": None, "enterprise": {"id": to.team, "name": to.name}, "is_enterprise_install": True}
        if self.expires_in is not None:
            to.refresh = f"xoxe-1-{to.team}-{serial}"
            answer |= {"expires_in": self.expires_in, "refresh_token": to.refresh}
        self.granted.append(answer)
        return answer


def _teams(those: tuple[str, ...], cursor: str) -> dict[str, Any]:
    """In pages of one: https://docs.slack.dev/reference/methods/auth.teams.list"""
    at = int(cursor or 0)
    more = str(at + 1) if at + 1 < len(those) else ""
    return {"ok": True, "teams": [{"id": each, "name": each} for each in those[at : at + 1]], "response_metadata": {"next_cursor": more}}
