"""What people say to the bot and do with its cards, as the desk's commands. Pure.

https://developer.work.weixin.qq.com/document/path/101463; the bodies are those of the callback mode, /100719 and /101027. A key may be
forged: it says words and no more, and whether they may be said is the desk's to decide.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.messages import Command, Identity
from handlers.wecom.apps import STANDING
from handlers.wecom.keys import asks, typed
from handlers.wecom.longbot.frames import Frame

CHANNEL, PERSON = "wecom_bot", "wecom"  # where it is answered; what its people are accounts of
SPOKEN = frozenset({"text", "mixed", "voice"})  # voice comes as text already
# WeCom ends a mention with U+2005, so that a name may have blanks; what people type themselves ends at the first.
_MENTION = re.compile(r"@(?:[^@\u2005\n]{1,64}\u2005|[^\s@\u2005]+)[\s\u2005]*")

Doc = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """A message or event: from whom, where, and which one it is. `chat` is a group's id, or the person's own in a single chat."""

    msgid: str
    user: str
    chat: str
    group: bool
    kind: str  # a message's type, or an event's
    body: Doc = field(repr=False)

    @property
    def words(self) -> str:
        """What was said, without the mention of the bot; "" where there is none."""
        text = _written(self.body, self.kind)
        return unmentioned(text) if self.group else text.strip()


def read(frame: Frame) -> Said | None:
    """None: nothing that somebody said or did."""
    body, sender = frame.body, _doc(frame.body.get("from"))
    user, chat = _text(sender, "userid"), _text(body, "chatid")
    kind = _text(_doc(body.get("event")), "eventtype") if body.get("msgtype") == "event" else _text(body, "msgtype")
    if not user or not kind:
        return None
    group = body.get("chattype") == "group"
    return Said(_text(body, "msgid") or f"{frame.req_id}", user, chat or user, group and bool(chat), kind, body)


def command(said: Said, account: str, req_id: str, now: datetime) -> Command | None:
    """The command of a message, or of a press. `account` is the sender's userid, in the clear. None: nothing to be worked."""
    words: str | None = said.words
    press: Doc = {}
    asked: dict[str, bool] = {"public": True} if said.group else {}
    if said.kind == "template_card_event":
        event = _doc(said.body.get("event"))
        press = _doc(event.get(said.kind)) or event
        words = typed(_text(press, "event_key"), _selected(press))
        asked |= {"asks": True} if asks(_text(press, "event_key")) else {}
    if not words or (not press and said.kind not in SPOKEN):
        return None
    task = _text(press, "task_id")
    route = {
        "channel": said.chat, "req": req_id, "at": now.isoformat(), "account": f"{STANDING}/{account}",
        "task": task, "press": "1" if press else "",
    }  # fmt: skip
    return Command(
        Identity(PERSON, f"{STANDING}/{account}"), words, args=asked, once=f"bot:{said.msgid}"[:200],
        answer_to={name: value for name, value in route.items() if value}, via=CHANNEL,
        pressed={"thread": task, "req": req_id, "at": now.isoformat()} if task else None,
    )  # fmt: skip


def unmentioned(text: str) -> str:
    """What is said to a bot in a group begins with its mention, or has it at its end; those of other people stay."""
    text = text.strip(" \t\r\n\u3000")
    found = _MENTION.match(text)
    if found is not None:
        return text[found.end() :].strip()
    mentions = list(_MENTION.finditer(text))
    return text[: mentions[-1].start()].strip() if mentions and mentions[-1].end() == len(text) else text


def _written(body: Doc, kind: str) -> str:
    if kind == "mixed":
        items = _doc(body.get("mixed")).get("msg_item")
        parts = [_text(_doc(each.get("text")), "content") for each in items if isinstance(each, dict)] if isinstance(items, list) else []
        return " ".join(part for part in parts if part.strip())
    return _text(_doc(body.get(kind)), "content") if kind in SPOKEN else ""


def _selected(press: Doc) -> dict[str, list[str]]:
    """What was chosen, by question."""
    items = _doc(press.get("selected_items")).get("selected_item")
    chosen: dict[str, list[str]] = {}
    for item in items if isinstance(items, list) else ():
        ids = _doc(_doc(item).get("option_ids")).get("option_id")
        if isinstance(ids, list):
            chosen[_text(_doc(item), "question_key")] = [each for each in ids if isinstance(each, str) and each]
    return chosen


def _doc(value: object) -> Doc:
    return value if isinstance(value, dict) else {}


def _text(doc: Doc, name: str) -> str:
    value = doc.get(name)
    return value if isinstance(value, str) else ""
