"""The demo's own WeCom: a server that handlers/wecom talks to over HTTP as to the real one, and people who press and type there.

Limits and codes: https://developer.work.weixin.qq.com/document/path/90312, /94888, /99110
"""

from __future__ import annotations

import base64
import json
import secrets
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from aiohttp import web

from bot.ports import Clock
from bot.settings import Settings
from handlers.playground import sealing
from handlers.playground.feed import Feed
from handlers.problems import Problem

PLACE = "/playground/wecom-server"  # of the playground's own address
GROUP = "group"
MINUTE, CODE_LIFE, TOKEN_LIFE = timedelta(minutes=1), timedelta(hours=72), timedelta(hours=2)
PER_MEMBER, PER_ROBOT = 30, 20  # messages a minute; a member's more are dropped without a word, a robot's are refused
PRESSABLE = ("button_interaction", "vote_interaction", "multiple_interaction")
Doc = dict[str, Any]


def settled(settings: Settings) -> Settings:
    """Settings whose WeCom is this one, under secrets made anew at each start: the demo never writes to real people."""
    return replace(
        settings, wecom_corp_id="ww-playground", wecom_agent_id="1000002", wecom_secret=secrets.token_urlsafe(32),
        wecom_token=secrets.token_hex(16), wecom_aes_key=base64.b64encode(secrets.token_bytes(32)).decode()[:43],
        wecom_robot_key=secrets.token_hex(16), wecom_bot_id=None, wecom_bot_secret=None, wecom_api_url=f"{_own(settings)}{PLACE}",
    )  # fmt: skip


def _own(settings: Settings) -> str:
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::", "") else settings.host  # noqa: S104  # not listened on, only told apart
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


@dataclass(slots=True)
class Code:
    """Changes one message once."""

    key: str
    until: datetime


class WecomServer:
    """What it shows goes to the feed as deliveries of the channel `wecom`; `target` is a userid or `group`."""

    def __init__(self, settings: Settings, clock: Clock, feed: Feed) -> None:
        self._settings, self._clock, self._feed = settings, clock, feed
        self._tokens: dict[str, datetime] = {}
        self._codes: dict[str, Code] = {}
        self._tasks: set[str] = set()
        self._times: dict[str, deque[datetime]] = defaultdict(deque)
        self._count = 0

    def routes(self) -> list[web.RouteDef]:
        """The part of WeCom's API that the product uses."""
        return [web.route("*", PLACE + "/cgi-bin/{path:.+}", self._serve)]

    async def press(self, key: str, button: str, selected: Mapping[str, list[str]]) -> None:
        """A person presses a button of their card. Raises Problem where it can't be pressed."""
        shown = self._feed.get(key) or {}
        card = (shown.get("wecom") or {}).get("body") or {}
        menu, submit = card.get("action_menu") or {}, card.get("submit_button")
        there = [*(card.get("button_list") or ()), *(menu.get("action_list") or ()), *([submit] if submit else ())]
        if card.get("replace_text") or button not in [each.get("key") for each in there]:
            raise Problem("invalid", errors=[(("body", "button"), "this card has no such button any more")])
        event: Doc = {
            "MsgType": "event", "Event": "template_card_event", "EventKey": button, "TaskId": card.get("task_id", ""),
            "CardType": card["card_type"], "ResponseCode": self._code(key),
        }  # fmt: skip
        if selected:
            items = [{"QuestionKey": name, "OptionIds": {"OptionId": ids}} for name, ids in selected.items()]
            event["SelectedItems"] = {"SelectedItem": items}
        await self._happens(shown["target"], event)

    async def say(self, userid: str, words: str) -> None:
        """A person types to the app."""
        self._show(userid, "text", {"content": words}, by="me")
        await self._happens(userid, {"MsgType": "text", "Content": words, "MsgId": str(secrets.randbits(60))})

    async def _happens(self, userid: str, event: Doc) -> None:
        set_, now = self._settings, self._clock.now()
        corp, whole = set_.wecom_corp_id or "", {"ToUserName": set_.wecom_corp_id, "FromUserName": userid}
        whole |= {"CreateTime": str(int(now.timestamp())), **event, "AgentID": str(set_.wecom_agent_id)}
        query, body = sealing.posted(whole, corp, set_.wecom_token or "", set_.wecom_aes_key or "", now)
        url, patience = f"{_own(set_)}/wecom/callback", aiohttp.ClientTimeout(total=5)
        async with aiohttp.ClientSession(timeout=patience) as session, session.post(url, params=query, data=body.encode()) as answer:
            if answer.status != 200:
                raise Problem("invalid", f"The desk did not take WeCom's callback: HTTP {answer.status}.")

    async def _serve(self, request: web.Request) -> web.Response:
        raw = await request.read()
        try:
            body = json.loads(raw) if raw else {}
        except ValueError:
            return web.json_response(_no(40033, "invalid charset"))
        return web.json_response(self._does(request.match_info["path"], request.query, body))

    def _does(self, path: str, query: Mapping[str, str], body: Doc) -> Doc:
        now = self._clock.now()
        if path == "gettoken":
            if query.get("corpid") != self._settings.wecom_corp_id or query.get("corpsecret") != self._settings.wecom_secret:
                return _no(40001, "invalid credential")
            token = secrets.token_urlsafe(32)
            self._tokens = {token: now + TOKEN_LIFE}
            return _ok(access_token=token, expires_in=int(TOKEN_LIFE.total_seconds()))
        if path == "webhook/send":
            return self._robot(query.get("key", ""), body)
        if self._tokens.get(query.get("access_token", ""), now) <= now:
            return _no(40014, "invalid access_token")
        if path == "message/send":
            return self._send(body)
        if path == "message/update_template_card":
            return self._update(body)
        return _ok(name="Deskbell") if path == "agent/get" else _no(40066, "invalid url")

    def _send(self, body: Doc) -> Doc:
        user, kind = str(body.get("touser") or "").lower(), str(body.get("msgtype"))
        inner = body.get(kind)
        if not user or not isinstance(inner, dict):
            return _no(40035, "invalid parameter")
        task = str(inner.get("task_id") or "")
        pressable = kind == "template_card" and inner.get("card_type") in PRESSABLE
        if pressable and (not task or task in self._tasks):
            return _no(42014, "illegal task_id")
        if pressable and inner["card_type"] == "button_interaction" and not 1 <= len(inner.get("button_list") or ()) <= 6:
            return _no(42018, "invalid button_list")
        self._tasks |= {task} if task else set()
        if not self._within(user, PER_MEMBER):
            return _ok(msgid=secrets.token_hex(8), **({"response_code": secrets.token_urlsafe(16)} if pressable else {}))
        key = self._show(user, kind, inner)
        return _ok(msgid=secrets.token_hex(8), **({"response_code": self._code(key)} if pressable else {}))

    def _update(self, body: Doc) -> Doc:
        code = self._codes.pop(str(body.get("response_code")), None)
        if code is None or code.until <= self._clock.now():
            return _no(60140, "invalid response_code")
        before = self._feed.get(code.key)
        if before is not None:
            task = before["wecom"]["body"].get("task_id", "")
            shown = {**before["wecom"], "body": {"task_id": task, **(body.get("template_card") or {})}}
            at = self._clock.now().isoformat()
            self._feed.put(code.key, {**before, "wecom": shown, "edits": before["edits"] + 1, "edited_at": at})
        return _ok(invaliduser=[])

    def _robot(self, key: str, body: Doc) -> Doc:
        if not secrets.compare_digest(key.encode(), (self._settings.wecom_robot_key or "").encode()):
            return _no(93000, "invalid webhook url")
        kind = str(body.get("msgtype"))
        inner = body.get(kind)
        if not isinstance(inner, dict) or not str(inner.get("content") or inner).strip():
            return _no(44004, "empty content")
        if kind == "markdown" and len(str(inner.get("content")).encode()) > 4096:
            return _no(40058, "markdown.content exceed max length 4096")
        if not self._within(GROUP, PER_ROBOT):
            return _no(45009, "api freq out of limit")
        self._show(GROUP, kind, inner)
        return _ok()

    def _show(self, target: str, kind: str, body: Doc, by: str = "app") -> str:
        self._count += 1
        key, now = f"wecom:{self._count}", self._clock.now()
        self._feed.put(
            key,
            {
                "what": "delivery", "key": key, "channel": "wecom", "target": target, "ts": str(self._count), "kind": "message",
                "text": "", "card": None, "data": {}, "again": False, "thread": None, "at": now.isoformat(), "edits": 0,
                "edited_at": None, "by": by, "wecom": {"type": kind, "body": body},
            },
        )  # fmt: skip
        return key

    def _code(self, key: str) -> str:
        made = secrets.token_urlsafe(16)
        self._codes[made] = Code(key, self._clock.now() + CODE_LIFE)
        return made

    def _within(self, place: str, most: int) -> bool:
        times, now = self._times[place], self._clock.now()
        while times and now - times[0] >= MINUTE:
            times.popleft()
        if len(times) >= most:
            return False
        times.append(now)
        return True


def _ok(**more: Any) -> Doc:
    return {"errcode": 0, "errmsg": "ok", **more}


def _no(code: int, message: str) -> Doc:
    return {"errcode": code, "errmsg": message}
