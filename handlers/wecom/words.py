"""What people do in WeCom, as the desk's commands; None for what is nobody's wish. Pure.

Messages: https://developer.work.weixin.qq.com/document/path/90239, events: /90240. A key may be forged by whoever may write to the app:
it says words and no more, and whether they may be said is the desk's to decide.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.messages import Command, Identity
from handlers.wecom.inlets import CHANNEL, Inlet
from handlers.wecom.keys import asks, filled, pressed, typed

UNREADABLE = frozenset({"image", "voice", "video", "shortvideo", "location", "link", "file"})
_PRESSES = frozenset({"template_card_event", "template_card_menu_event"})
_ENTERS = frozenset({"enter_agent", "subscribe"})
_USERID = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}")  # https://developer.work.weixin.qq.com/document/path/90195
_MOST = 1024  # bytes of a menu's or button's key: https://developer.work.weixin.qq.com/document/path/90231

Doc = Mapping[str, Any]


def meant(said: Doc, inlet: Inlet, now: datetime, today: str) -> Command | None:
    """The command of a message or event. `today` is the day by which a greeting is counted."""
    kind, event = _text(said, "MsgType"), _text(said, "Event")
    if kind == "text" and _text(said, "Content").strip():
        return _command(said, inlet, _text(said, "Content"))
    if kind in UNREADABLE:
        return _command(said, inlet, "", args={"unreadable": kind})
    if kind != "event":
        return None
    if event in _PRESSES:
        return _press(said, inlet, now)
    if event == "click":
        words = _text(said, "EventKey")
        return _command(said, inlet, words) if words.strip() and len(words.encode()) <= _MOST else None
    if event in _ENTERS:
        return _command(said, inlet, "help", mark=f"enter:{inlet.id}:{_userid(said)}:{today}")
    return None


def once(said: Doc, inlet: Inlet) -> str:
    """What is the same when WeCom sends something again: a message's id; an event has none, so all that tells it from others."""
    if _text(said, "MsgId"):
        return f"message:{inlet.id}:{_text(said, 'MsgId')[:64]}"
    parts = [_text(said, name) for name in ("FromUserName", "CreateTime", "MsgType", "Event", "EventKey", "TaskId")]
    parts += [f"{name}={','.join(ids)}" for name, ids in selected(said).items()]  # two tickets of one list may be claimed in one second
    return f"event:{inlet.id}:{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:40]}"


def agent_id(said: Doc) -> str:
    """Of which app it is; older events spell it otherwise."""
    return _text(said, "AgentID") or _text(said, "AgentId")


def _press(said: Doc, inlet: Inlet, now: datetime) -> Command | None:
    key, chosen = _text(said, "EventKey"), selected(said)
    task, code = _text(said, "TaskId"), _text(said, "ResponseCode")
    brought = pressed(task, code, now) if task and code else None
    sent = filled(key, chosen)
    if sent is not None:
        made = _command(said, inlet, "", args=sent[2], pressed=brought)
        return replace(made, verb=sent[0], ticket=sent[1]) if made is not None else None
    words = typed(key, chosen)
    if words is None:
        return None
    return _command(said, inlet, words, args={"asks": True} if asks(key, cards=True) else None, pressed=brought)


def selected(said: Doc) -> dict[str, list[str]]:
    """What was chosen, by question."""
    found = said.get("SelectedItems")
    items = found.get("SelectedItem") if isinstance(found, dict) else None
    chosen: dict[str, list[str]] = {}
    for item in items if isinstance(items, list) else ():
        options = item.get("OptionIds") if isinstance(item, dict) else None
        ids = options.get("OptionId") if isinstance(options, dict) else None
        if isinstance(ids, list):
            chosen[_text(item, "QuestionKey")] = [each for each in ids if isinstance(each, str) and each]
    return chosen


def _command(
    said: Doc, inlet: Inlet, words: str, *, args: Doc | None = None, mark: str = "", pressed: Mapping[str, str] | None = None
) -> Command | None:
    userid = _userid(said)
    if not _USERID.fullmatch(userid):
        return None
    whose = f"{inlet.owner}/{userid}"
    return Command(
        Identity(CHANNEL, whose), words, args=args or {}, once=mark or once(said, inlet), answer_to={"channel": whose, "app": inlet.id},
        via=CHANNEL, pressed=pressed,
    )  # fmt: skip


def _userid(said: Doc) -> str:
    """Lower-cased: WeCom itself knows no case, and spells the same person now so, now so."""
    return _text(said, "FromUserName").strip().lower()


def _text(doc: Doc, name: str) -> str:
    value = doc.get(name)
    return value if isinstance(value, str) else ""
