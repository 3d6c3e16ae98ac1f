"""WeCom at the network's edge: tokens, messages, cards that change once per code, groups, robots, with its limits, errors and silences.

Limits and codes: https://developer.work.weixin.qq.com/document/path/90312, /90313, /94888, /99110
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import secrets
from collections import defaultdict, deque
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from bot.clock import SystemClock
from bot.ports import Clock
from tests.fakes.slack_faults import Faults
from tests.fakes.wecom_cards import card_problem, problem
from tests.fakes.wecom_people import FakeApp, WecomMessage, WecomPeople, interactive

CORP, AGENT, SECRET = "ww5823bf96d3bd56c7", 1000002, "fake-wecom-app-secret-0123456789abcdefghijk"
TOKEN_LIFE = timedelta(seconds=7200)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
Doc = dict[str, Any]


class FakeWecom(WecomPeople, Faults):
    """`await start()`, give `api_url` to the bot. `app` is the operator's; `add_app` makes others.

    A fault names the last part of a path (`send`, `gettoken`) with its folder (`message/send`); a failure's `error` is a code's digits.
    `unknown` and `unlicensed` are userids, `chats` groups by their app, `robots` keys; `slow` seconds before every answer.
    """

    def __init__(self, *, clock: Clock | None = None, slow: float = 0.0) -> None:
        WecomPeople.__init__(self, clock or SystemClock())
        Faults.__init__(self)
        self.app = FakeApp(CORP, AGENT, SECRET)
        self.apps = [self.app]
        self.slow, self.port = slow, 0
        self.trusted: set[str] | None = None  # addresses that apps may be used from; None: any
        self.unknown: set[str] = set()
        self.unlicensed: set[str] = set()
        self.chats: dict[str, FakeApp] = {}
        self.robots: set[str] = set()
        self.opened: dict[str, str] = {}  # encrypted userid → plain
        self.media: dict[str, tuple[str, bytes]] = {}
        self.calls: list[tuple[str, Doc]] = []
        self.dropped: list[WecomMessage] = []  # over a member's limit: taken with a smile, and shown to nobody
        self.swallowed: list[Doc] = []  # repeats that the duplicate check has caught
        self.refused: list[tuple[str, int, str]] = []
        self._tokens: dict[str, tuple[FakeApp, datetime]] = {}
        self._times: dict[tuple[str, ...], deque[datetime]] = defaultdict(deque)
        self._seen: dict[str, datetime] = {}
        self._tasks: set[tuple[int, str]] = set()
        self._runner: web.AppRunner | None = None
        self._released = asyncio.Event()

    @property
    def api_url(self) -> str:
        """For WECOM_API_URL."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def listening(self) -> bool:
        """Whether it can be reached."""
        return self._runner is not None

    def add_app(self, corp_id: str, agent_id: int, secret: str) -> FakeApp:
        """Another self-built app."""
        self.apps.append(FakeApp(corp_id, agent_id, secret))
        return self.apps[-1]

    def count(self, path: str) -> int:
        """How often this was called."""
        return sum(each == path for each, _ in self.calls)

    def revoke(self) -> None:
        """No token is good any more: 40014."""
        self._tokens.clear()

    async def start(self, host: str = "127.0.0.1") -> None:
        """Listens, on the same port as before when it was stopped."""
        await self.stop()
        server = web.Application(client_max_size=32 * 1024 * 1024)
        server.add_routes([web.route("*", "/cgi-bin/{path:.+}", self._serve)])
        self._released.clear()
        self._runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, self.port, reuse_address=True)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]

    async def stop(self) -> None:
        """Refuses connections from now on and ends those it has; what people do still works."""
        self._released.set()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        path, raw = request.match_info["path"], b""
        if not path.endswith(("media/upload", "upload_media")):
            raw = await request.read()
        body = json.loads(raw) if raw else {}
        self.calls.append((path, body))
        fault = self.next_fault(path)
        if self.slow:
            await asyncio.sleep(self.slow)
        if fault is not None and fault.kind == "http_500":
            return web.Response(status=502, text="<html>bad gateway</html>")
        if fault is not None and fault.kind == "limit":
            return web.json_response({"errcode": 45009, "errmsg": "api freq out of limit"})
        if fault is not None and fault.error:
            code, _, message = fault.error.partition(" ")
            return web.json_response({"errcode": int(code), "errmsg": message or "fault"})
        answer = {"errcode": 40033, "errmsg": "invalid charset"} if b"\\u" in raw else await self._does(path, request, body)
        if answer.get("errcode"):
            self.refused.append((path, int(str(answer["errcode"])), str(answer["errmsg"])))
        if fault is not None and fault.kind == "hang":
            await self._released.wait()
        if fault is not None and fault.kind in ("lost", "hang") and request.transport is not None:
            request.transport.abort()
        return web.json_response(answer)

    async def _does(self, path: str, request: web.Request, body: Doc) -> Doc:
        query = request.query
        if path == "gettoken":
            return self._gettoken(query)
        if path.startswith("webhook/"):
            return await self._robot(path, request, body)
        app, until = self._tokens.get(query.get("access_token", ""), (None, self.clock.now()))
        if app is None or until <= self.clock.now():
            return _no(40014, "invalid access_token") if app is None else _no(42001, "access_token expired")
        if path == "media/upload":
            return await self._upload(request)
        does = getattr(self, f"_{path.replace('/', '_')}", None)
        made: Doc = does(app, body) if does else _no(40066, "invalid url")
        return made

    def _gettoken(self, query: Mapping[str, str]) -> Doc:
        app = next((each for each in self.apps if each.corp_id == query.get("corpid") and each.secret == query.get("corpsecret")), None)
        if app is None:
            return (
                _no(40001, "invalid credential")
                if any(each.corp_id == query.get("corpid") for each in self.apps)
                else _no(40013, "invalid corpid")
            )
        if self.trusted is not None and "127.0.0.1" not in self.trusted:
            return _no(60020, "not allow to access from your ip, hint: [1633], from ip: 203.0.113.9, more info at https://example.com")
        token = secrets.token_urlsafe(48)
        self._tokens[token] = (app, self.clock.now() + TOKEN_LIFE)
        return _ok(access_token=token, expires_in=int(TOKEN_LIFE.total_seconds()))

    def _message_send(self, app: FakeApp, body: Doc) -> Doc:
        wanted = [each for each in str(body.get("touser") or "").split("|") if each]
        if body.get("agentid") != app.agent_id:
            return _no(301002, "not allow operate another agent with this accesstoken")
        if not wanted or len(wanted) > 1000:
            return _no(40032 if wanted else 81012, "invalid touser")
        wrong = problem(body)
        if wrong is not None:
            return _no(*wrong)
        if self._repeated(app, body) and body.get("enable_duplicate_check"):
            self.swallowed.append(body)
            return _ok(msgid=secrets.token_hex(8))
        task = str((body.get("template_card") or {}).get("task_id") or "")
        if task and (app.agent_id, task) in self._tasks:
            return _no(42014, "illegal task_id")
        bad = [each for each in wanted if each.lower() in self.unknown]
        bare = [each for each in wanted if each.lower() in self.unlicensed]
        if len(bad) == len(wanted):
            return _no(81013, "user & party & tag all invalid")
        self._tasks |= {(app.agent_id, task)} if task else set()
        sent = [self._shown(app, each, body) for each in wanted if each not in bad and each not in bare]
        code = {"response_code": self.code(sent, app)} if interactive(body.get("template_card") or {}) else {}
        return _ok(invaliduser="|".join(bad).lower(), unlicenseduser="|".join(bare).lower(), msgid=secrets.token_hex(8), **code)

    def _shown(self, app: FakeApp, userid: str, body: Doc) -> WecomMessage:
        kind = body["msgtype"]
        inner = dict(body[kind])
        if kind in ("text", "markdown"):
            inner["content"] = inner["content"].encode()[:2048].decode("utf-8", "ignore")  # silently
        made = WecomMessage(userid.lower(), app, kind, inner, self.clock.now())
        member = (app.corp_id, str(app.agent_id), userid.lower())
        over = not self._within((*member, "minute"), 30, MINUTE) or not self._within((*member, "hour"), 1000, HOUR)
        (self.dropped if over else self.chat(userid)).append(made)
        return made

    def _message_update_template_card(self, app: FakeApp, body: Doc) -> Doc:
        code = self.codes.get(str(body.get("response_code")))
        if code is None or code.used or code.app is not app or code.until <= self.clock.now():
            return _no(60140, "invalid response_code")
        card = body.get("template_card")
        wrong = card_problem(card, update=True) if card else None
        if wrong is not None:
            return _no(*wrong)
        ids = {str(each).lower() for each in body.get("userids") or ()}
        if not ids and not body.get("atall"):
            return _no(82101, "userids empty")
        code.used = True
        for message in code.messages:
            if body.get("atall") or message.place in ids:
                message.versions.append({"task_id": message.task_id, **message.body})
                replaced = {**message.body, "replace_text": body["button"]["replace_name"]} if body.get("button") else dict(card or {})
                message.body = {"task_id": message.task_id, **replaced}
        return _ok(invaliduser=[])

    def _appchat_send(self, app: FakeApp, body: Doc) -> Doc:
        chat = str(body.get("chatid"))
        if self.chats.get(chat) is not app:
            return _no(86008, "chatid not exist")
        wrong = (40008, "invalid message type") if body.get("msgtype") == "template_card" else problem(body)
        if wrong is not None:
            return _no(*wrong)
        inner = dict(body[body["msgtype"]])
        if "content" in inner:
            inner["content"] = inner["content"].encode()[:2048].decode("utf-8", "ignore")
        self.messages[chat].append(WecomMessage(chat, app, body["msgtype"], inner, self.clock.now()))
        return _ok()

    def _batch_openuserid_to_userid(self, app: FakeApp, body: Doc) -> Doc:
        asked = body.get("open_userid_list") or []
        found = [{"open_userid": each, "userid": self.opened[each]} for each in asked if each in self.opened]
        return _ok(userid_list=found, invalid_open_userid_list=[each for each in asked if each not in self.opened])

    def _getcallbackip(self, app: FakeApp, body: Doc) -> Doc:
        return _ok(ip_list=["182.254.11.176", "182.254.78.66"])

    def _agent_get(self, app: FakeApp, body: Doc) -> Doc:
        return _ok(agentid=app.agent_id, name="Deskbell")

    async def _robot(self, path: str, request: web.Request, body: Doc) -> Doc:
        key = request.query.get("key", "")
        if key not in self.robots:
            return _no(93000, "invalid webhook url")
        if path == "webhook/upload_media":
            return await self._upload(request)
        wrong = problem(body, "robot")
        if wrong is not None:
            return _no(*wrong)
        if not self._within(("robot", key), 20, MINUTE):
            return _no(45009, "api freq out of limit")
        self.messages[key].append(WecomMessage(key, None, body["msgtype"], dict(body[body["msgtype"]]), self.clock.now()))
        return _ok()

    async def _upload(self, request: web.Request) -> Doc:
        form = await request.post()
        media = form.get("media")
        if not isinstance(media, web.FileField):
            return _no(44001, "empty media data")
        content = media.file.read()
        if not 5 < len(content) <= 20 * 1024 * 1024:
            return _no(40006, "invalid meida size")
        id = secrets.token_hex(16)
        self.media[id] = (media.filename, content)
        return _ok(type=request.query.get("type"), media_id=id, created_at=str(int(self.clock.now().timestamp())))

    def _repeated(self, app: FakeApp, body: Doc) -> bool:
        now = self.clock.now()
        words = {name: value for name, value in body.items() if "duplicate_check" not in name}
        mark = hashlib.sha256(json.dumps([app.corp_id, app.agent_id, words], sort_keys=True).encode()).hexdigest()
        before = self._seen.get(mark)
        self._seen[mark] = now if not body.get("enable_duplicate_check") else before or now
        return before is not None and now - before < timedelta(seconds=int(body.get("duplicate_check_interval") or 1800))

    def _within(self, key: tuple[str, ...], most: int, window: timedelta) -> bool:
        """Whether one more fits into the window that ends now."""
        times, now = self._times[key], self.clock.now()
        while times and now - times[0] >= window:
            times.popleft()
        if len(times) >= most:
            return False
        times.append(now)
        return True


def _ok(**more: Any) -> Doc:
    return {"errcode": 0, "errmsg": "ok", **more}


def _no(code: int, message: str) -> Doc:
    return {"errcode": code, "errmsg": message}
