"""The frames of the AI bot's long connection, and what its error codes mean.

JSON text, `{cmd, headers: {req_id}, body}`; an answer has no cmd: `{headers: {req_id}, errcode, errmsg}`.
https://developer.work.weixin.qq.com/document/path/101463
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

URL = "wss://openws.work.weixin.qq.com"

SUBSCRIBE, PING = "aibot_subscribe", "ping"
MESSAGE, EVENT = "aibot_msg_callback", "aibot_event_callback"
RESPOND, WELCOME, UPDATE, SEND = "aibot_respond_msg", "aibot_respond_welcome_msg", "aibot_respond_update_msg", "aibot_send_msg"
KICKED = "disconnected_event"

EXPIRED = frozenset({846604, 846605, 846606, 846608})  # this request can't be answered any more; a push still can be made
SILENT = frozenset({846607})  # over the limit, or nobody has spoken to the bot there
NOT_SUBSCRIBED = 846609
RATES, BUSY = frozenset({45009, 45036}), frozenset({-1, 6000, 45033, 45035})


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame from WeCom. `cmd` is empty in an answer; `errcode` absent means that all went well."""

    cmd: str
    req_id: str
    body: Mapping[str, Any] = field(default_factory=dict)
    errcode: int = 0
    errmsg: str = ""


def read(raw: str | bytes) -> Frame | None:
    """None for what is no frame of this protocol: such a thing is skipped."""
    try:
        doc = json.loads(raw)
    except ValueError:
        return None
    if not isinstance(doc, dict):
        return None
    headers, body, code = doc.get("headers"), doc.get("body"), doc.get("errcode")
    cmd, req_id = doc.get("cmd"), headers.get("req_id") if isinstance(headers, dict) else None
    return Frame(
        cmd if isinstance(cmd, str) else "", req_id if isinstance(req_id, str) else "", body if isinstance(body, dict) else {},
        code if isinstance(code, int) else 0, str(doc.get("errmsg") or "")[:200],
    )  # fmt: skip


def written(cmd: str, req_id: str, body: Mapping[str, Any] | None) -> str:
    """Characters as themselves: WeCom does not take them as escapes in every field (40033)."""
    doc: dict[str, Any] = {"cmd": cmd, "headers": {"req_id": req_id}}
    return json.dumps(doc | ({"body": body} if body is not None else {}), ensure_ascii=False)


def fresh(cmd: str) -> str:
    """A request id of our own."""
    return f"{cmd}_{secrets.token_hex(12)}"
