"""WeCom's end of the AI bot's long connection, on loopback: its rules, limits and errors.

Developer document 101463. One connection per bot: a new one throws the older out with `disconnected_event`. A reply answers its request
once and within 24 h, a welcome and a card's update within 5 s; a push goes only where somebody has spoken to the bot; 30 messages a
minute and 1000 an hour per conversation, replies and pushes together; chat ids in their own case; text of at most 20,480 bytes.
"""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from bot.ports import Clock
from tests.fakes.wecom_cards import card_problem

WINDOW, QUICK = timedelta(hours=24), timedelta(seconds=5)
PER_MINUTE, PER_HOUR, LONGEST = 30, 1000, 20_480
QUICKLY = {"aibot_respond_welcome_msg": "enter_chat", "aibot_respond_update_msg": "template_card_event"}

Doc = dict[str, Any]


@dataclass(slots=True)
class Asked:
    """A callback that went out, until it is answered. `chat` is the conversation; `event` empty for a message."""

    at: datetime
    chat: str
    event: str = ""
    task_id: str = ""
    answered: bool = False


@dataclass(slots=True)
class Said:
    """A message of the bot, as it arrived."""

    cmd: str
    chat: str
    body: Doc

    @property
    def text(self) -> str:
        """What people read."""
        body, kind = self.body, self.body.get("msgtype", "template_card")
        if kind == "stream":
            return str(body["stream"]["content"])
        return str(body[kind]["content"]) if kind in ("markdown", "text") else json.dumps(body["template_card"], ensure_ascii=False)

    @property
    def card(self) -> Doc:
        """Its template card; {} where it has none."""
        found: Doc = self.body.get("template_card") or {}
        return found


@dataclass
class FakeWecomSocket:
    """`async with FakeWecomSocket(clock) as wecom`. A test turns `refuses`, `drops_refused`, `mute`, `loses_answers`, `next_errors`."""

    clock: Clock
    bot_id: str = "BOT1"
    secret: str = "bot-secret"
    refuses: int = 0  # the error of every subscribe
    drops_refused: bool = False  # and the connection with it
    mute: bool = False  # pings get no answer
    loses_answers: bool = False  # what is asked is done, and no answer comes
    hangs: bool = False  # nothing is done with what is asked, and nothing answered
    next_errors: list[int] = field(default_factory=list)  # of the next messages
    said: list[Said] = field(default_factory=list)
    subscribes: int = 0
    connects: int = 0
    pings: int = 0
    most_live: int = 0
    kicked: int = 0
    strange: list[Doc] = field(default_factory=list)  # requests that broke the protocol
    live: ServerConnection | None = None

    def __post_init__(self) -> None:
        self._server: Server | None = None
        self.asked: dict[str, Asked] = {}
        self._spoken: set[str] = set()
        self._times: dict[str, list[datetime]] = defaultdict(list)
        self._ids = count(1)
        self._port = 0
        self._open: set[ServerConnection] = set()

    @property
    def listening(self) -> bool:
        """Whether it is up."""
        return self._server is not None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"ws://127.0.0.1:{self._port}"

    async def __aenter__(self) -> FakeWecomSocket:
        await self.up()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.down()

    async def up(self) -> None:
        """At the port it had before."""
        self._server = await serve(self._serve, "127.0.0.1", self._port, ping_interval=None)
        self._port = next(iter(self._server.sockets)).getsockname()[1]

    async def down(self) -> None:
        """Nobody listens."""
        if self._server is not None:
            self._server.close()
            for each in list(self._open):
                each.transport.abort()
            await self._server.wait_closed()
            self._server = None

    def abort(self) -> None:
        """The network drops the live connection, without a word."""
        if self.live is not None:
            self.live.transport.abort()

    async def close(self, code: int) -> None:
        """The live connection is closed as WebSocket servers do."""
        if self.live is not None:
            await self.live.close(code)

    async def kick(self) -> None:
        """Another program subscribes as this bot."""
        await self._kick()

    async def says(self, text: str, user: str = "mei", chat: str | None = None, kind: str = "text", **more: Any) -> str:
        """A person speaks to the bot: in `chat` (a group), or alone with it. Returns the message's id."""
        msgid = more.pop("msgid", f"m{next(self._ids)}")
        place = {"chatid": chat, "chattype": "group"} if chat else {"chattype": "single"}
        content = {
            "mixed": {"msg_item": [{"msgtype": "text", "text": {"content": text}}, {"msgtype": "image", "image": {"url": "https://x"}}]}
        }
        body = {"msgid": msgid, "aibotid": self.bot_id, **place, "from": {"userid": user}, "msgtype": kind, **more}
        body |= content if kind == "mixed" else {kind: {"content": text}}
        self._spoken.add(chat or user)
        await self._callback("aibot_msg_callback", body, Asked(self.clock.now(), chat or user))
        return str(msgid)

    async def happens(self, kind: str, user: str = "mei", chat: str | None = None, **event: Any) -> str:
        """An event: `enter_chat`, `template_card_event` (with event_key and task_id), `feedback_event`."""
        msgid = event.pop("msgid", f"e{next(self._ids)}")
        place = {"chatid": chat, "chattype": "group"} if chat else {"chattype": "single"}
        given = {"eventtype": kind, **({kind: event} if event else {})}
        body = {"msgid": msgid, "create_time": 1, "aibotid": self.bot_id, **place, "from": {"userid": user}, "msgtype": "event"}
        asked = Asked(self.clock.now(), chat or user, kind, str(event.get("task_id") or ""))
        await self._callback("aibot_event_callback", {**body, "event": given}, asked)
        return str(msgid)

    async def clicks(self, card: Doc, label: str, user: str = "mei", chat: str | None = None) -> str:
        """Somebody presses the button of that label on a card that the bot has shown."""
        key = next(each["key"] for each in card["button_list"] if each["text"] == label)
        return await self.happens("template_card_event", user, chat, card_type=card["card_type"], event_key=key, task_id=card["task_id"])

    def told(self, chat: str) -> list[str]:
        """What the bot said in that conversation, as people read it."""
        return [each.text for each in self.said if each.chat == chat]

    async def _serve(self, socket: ServerConnection) -> None:
        self.connects += 1
        self._open.add(socket)
        try:
            async for raw in socket:
                await self._take(socket, json.loads(raw))
        except ConnectionClosed:
            pass
        finally:
            self._open.discard(socket)
            if self.live is socket:
                self.live = None

    async def _take(self, socket: ServerConnection, frame: Doc) -> None:
        cmd, req_id = frame["cmd"], frame["headers"]["req_id"]
        if cmd == "aibot_subscribe":
            await self._subscribe(socket, req_id, frame["body"])
        elif socket is not self.live:
            await self._answer(socket, req_id, 846609)
        elif cmd == "ping":
            self.pings += 1
            if not self.mute:
                await self._answer(socket, req_id, 0)
        else:
            if self.hangs:
                return
            code = self._message(cmd, req_id, frame["body"])
            if code:
                self.strange.append({**frame, "errcode": code})
            if not self.loses_answers:
                await self._answer(socket, req_id, code)

    async def _subscribe(self, socket: ServerConnection, req_id: str, body: Doc) -> None:
        self.subscribes += 1
        right = body == {"bot_id": self.bot_id, "secret": self.secret}
        code = self.refuses or (0 if right else 853000)
        if code:
            await self._answer(socket, req_id, code)
            if self.drops_refused:
                socket.transport.abort()
            return
        await self._kick()
        self.live = socket
        self.most_live = max(self.most_live, sum(each is self.live for each in self._open))
        await self._answer(socket, req_id, 0)

    async def _kick(self) -> None:
        older, self.live = self.live, None
        if older is not None:
            self.kicked += 1
            event = {"msgtype": "event", "event": {"eventtype": "disconnected_event"}}
            await self._send(older, {"cmd": "aibot_event_callback", "headers": {"req_id": f"q{next(self._ids)}"}, "body": event})
            await older.close()

    async def _callback(self, cmd: str, body: Doc, asked: Asked) -> None:
        req_id = f"q{next(self._ids)}"
        self.asked[req_id] = asked
        if self.live is not None:
            await self._send(self.live, {"cmd": cmd, "headers": {"req_id": req_id}, "body": body})

    def _message(self, cmd: str, req_id: str, body: Doc) -> int:
        """The error code of a message, 0 where it arrives."""
        if self.next_errors:
            return self.next_errors.pop(0)
        if cmd == "aibot_send_msg":
            chat = str(body["chatid"])
            if chat not in self._spoken:
                return 93006 if chat in {each.lower() for each in self._spoken} else 846607
            code = 0 if body.get("chat_type") in (1, 2) else 40058
        else:
            asked = self.asked.get(req_id)
            code = self._answerable(cmd, asked, body) if asked is not None else 846605
            chat = asked.chat if asked is not None else ""
        code = code or wrong_content(cmd, body) or (0 if self._within_limits(chat) else 846607)
        if code == 0:
            self.said.append(Said(cmd, chat, body))
            if cmd != "aibot_send_msg":
                self.asked[req_id].answered = True
        return code

    def _answerable(self, cmd: str, asked: Asked, body: Doc) -> int:
        age = self.clock.now() - asked.at
        if asked.answered:
            return 846606
        if cmd == "aibot_respond_msg":
            return 846605 if asked.event else 846604 if age > WINDOW else 0
        if asked.event != QUICKLY.get(cmd):
            return 846605
        if cmd == "aibot_respond_update_msg" and body.get("template_card", {}).get("task_id") != asked.task_id:
            return 846625
        return 846604 if age > QUICK else 0

    def _within_limits(self, chat: str) -> bool:
        now = self.clock.now()
        times = self._times[chat] = [at for at in self._times[chat] if now - at < timedelta(hours=1)]
        recent = sum(now - at < timedelta(minutes=1) for at in times)
        if recent >= PER_MINUTE or len(times) >= PER_HOUR:
            return False
        times.append(now)
        return True

    async def _answer(self, socket: ServerConnection, req_id: str, code: int) -> None:
        await self._send(socket, {"headers": {"req_id": req_id}, "errcode": code, "errmsg": "ok" if code == 0 else f"error {code}"})

    @staticmethod
    async def _send(socket: ServerConnection, frame: Doc) -> None:
        try:
            await socket.send(json.dumps(frame, ensure_ascii=False))
        except ConnectionClosed:
            await asyncio.sleep(0)


def wrong_content(cmd: str, body: Doc) -> int:
    """The error of a body that WeCom would not take."""
    if cmd == "aibot_respond_update_msg":
        return wrong_card(body["template_card"]) if body.get("response_type") == "update_template_card" else 40058
    kind = body.get("msgtype")
    allowed = {
        "aibot_respond_msg": {"markdown", "template_card", "stream"}, "aibot_respond_welcome_msg": {"text", "template_card"},
        "aibot_send_msg": {"markdown", "template_card"},
    }  # fmt: skip
    if kind not in allowed[cmd]:
        return 40008
    if kind == "template_card":
        return wrong_card(body["template_card"])
    content = str(body[kind]["content"])
    return 44004 if not content.strip() else 45002 if len(content.encode()) > LONGEST else 0


def wrong_card(card: Doc) -> int:
    """As an app's, but without buttons that lead to an address, and with three kinds of fields alone (developer document 101032)."""
    if any(each.get("type") == 1 for each in card.get("button_list") or ()):
        return 42018
    if any(each.get("type") not in (None, 0, 1, 3) for each in card.get("horizontal_content_list") or ()):
        return 42020
    found = card_problem(card)
    return found[0] if found else 0
