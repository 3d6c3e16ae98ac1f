"""What WeCom says of an app itself: it switches off those that nobody uses, and with them every alert. Told to administrators. Pure.

https://developer.work.weixin.qq.com/document/path/90240, the events from `inactive_alert` on.
"""

from __future__ import annotations

from datetime import UTC, datetime

from bot.messages import TellAdmins
from handlers.wecom.apps import STANDING
from handlers.wecom.inlets import Inlet
from handlers.wecom.words import Doc, once

EVENTS = frozenset({
    "inactive_alert", "close_inactive_agent", "reopen_inactive_agent", "low_active_alert", "low_active", "active_restored",
})  # fmt: skip
_MOMENTS = frozenset({"inactive_alert", "low_active_alert"})  # those that are about something to come


def telling(said: Doc, inlet: Inlet) -> TellAdmins | None:
    """Whom to tell what; None for any other event."""
    event = said.get("Event")
    if said.get("MsgType") != "event" or event not in EVENTS:
        return None
    name = inlet.agent_id if inlet.id == STANDING else f"{inlet.id} ({inlet.agent_id})"
    owner = None if inlet.owner == STANDING else inlet.owner
    at = _moment(said.get("EffectTime")) if event in _MOMENTS else None
    return TellAdmins(f"wecom_{event}", once(said, inlet), {"app": name}, at=at, merchant_id=owner)


def _moment(text: object) -> datetime | None:
    """Seconds since 1970; none where WeCom says nothing or nonsense."""
    return datetime.fromtimestamp(int(text), UTC) if isinstance(text, str) and text.isdecimal() and len(text) == 10 else None
