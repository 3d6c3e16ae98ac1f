"""What Slack grants for a code, as an account; and what an uninstalled app leaves. Pure but for the calls that it is given."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.errors import DeliveryFailed
from bot.messages import Credentials, PutAccount, RemoveAccount, TellAdmins
from handlers.slack.shapes import CHANNEL, Doc, doc, installation, string
from handlers.slack.tokens import expiring

_ID = re.compile(r"[TE][A-Z0-9]{1,31}")


@dataclass(frozen=True, slots=True)
class Installation:
    """`id` is the workspace's, or the organisation's where all of it installed the app."""

    id: str
    name: str
    doc: Mapping[str, Any]
    secrets: Mapping[str, str] = field(repr=False)


def granted(answer: Mapping[str, Any], now: datetime) -> Installation:
    """From `oauth.v2.access`. Raises DeliveryFailed where it is no installation of a bot."""
    whole = answer.get("is_enterprise_install") is True
    place = doc(answer.get("enterprise")) if whole else doc(answer.get("team"))
    id, token = string(place.get("id")), string(answer.get("access_token"))
    if not _ID.fullmatch(id) or not token or answer.get("token_type") not in (None, "bot"):
        raise DeliveryFailed("rejected", "unexpected_answer")
    name = string(place.get("name"))[:100] or id
    shown = {
        "name": name, "bot_user_id": string(answer.get("bot_user_id")), "scopes": string(answer.get("scope"))[:2000],
        "by": string(doc(answer.get("authed_user")).get("id")), "installed_at": now.isoformat(), **expiring(answer, now),
    }  # fmt: skip
    refresh = string(answer.get("refresh_token"))
    return Installation(id, name, shown, {"token": token, **({"refresh_token": refresh} if refresh else {})})


def putting(made: Installation, before: Credentials | None) -> PutAccount:
    """Stores it in the place of an earlier one; administrators hear of a workspace that is new."""
    params = {"name": made.name, "team": made.id, "by": made.doc["by"] or "?"}
    since = str((before.doc.get("since") if before else None) or made.doc["installed_at"])
    tell = None if before else TellAdmins("slack_installed", f"slack_installed:{made.id}:{made.doc['installed_at']}", params)
    return PutAccount(CHANNEL, made.id, {**made.doc, "since": since}, made.secrets, tell=tell)


def removing(body: Doc, known: Mapping[str, Credentials], own: str | None) -> RemoveAccount | TellAdmins | None:
    """Of `app_uninstalled`, and of `tokens_revoked` that names our bot's token; None: nothing to remove.

    Slack may send one late and again: an installation that was made after it stays. `own` is the settings' token's workspace, of which
    administrators can only be told.
    """
    event, id, at = doc(body.get("event")), _gone(body), body.get("event_time")
    if not (id in known or id == own) or (event.get("type") == "tokens_revoked" and not doc(event.get("tokens")).get("bot")):
        return None
    when = datetime.fromtimestamp(at, UTC) + timedelta(seconds=1) if isinstance(at, int) and 0 < at < 1 << 33 else None
    name = str(known[id].doc.get("name") or id) if id in known else id
    tell = TellAdmins("slack_removed", f"slack_removed:{id}:{at}", {"name": name, "team": id})
    return RemoveAccount(CHANNEL, id, before=when, tell=tell) if id in known else tell


def _gone(body: Doc) -> str:
    """After an uninstallation there is no authorization left to name it."""
    return installation(body) or string(body.get("team_id")) or string(body.get("enterprise_id"))
