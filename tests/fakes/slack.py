"""Slack at the network's edge: its Web API with its limits, errors and lost replies, and a workspace of people who talk to the bot.

As a process of its own it is the slow sink of a kill test: `python -m tests.fakes.slack --port N --delay 0.05 --log FILE` appends one
JSON line per accepted message, `{"at": monotonic seconds, "id": outbox id, "channel": …, "ts": …}`, flushed before the answer.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Mapping
from math import ceil
from pathlib import Path
from typing import Any, TextIO

from aiohttp import ClientSession, web

from bot.clock import SystemClock
from bot.ports import Clock
from tests.fakes.slack_blocks import problems
from tests.fakes.slack_faults import Faults
from tests.fakes.slack_files import SlackFiles
from tests.fakes.slack_history import SlackHistory
from tests.fakes.slack_people import Message, ResponseUrl
from tests.fakes.slack_socket import SlackSockets
from tests.fakes.slack_views import SlackViews
from tests.fakes.slack_workspaces import SlackWorkspaces

SCOPES = (
    "app_mentions:read,channels:history,chat:write,chat:write.public,commands,files:write,groups:history,im:history,im:write"
)  # fmt: skip


class FakeSlack(SlackViews, SlackFiles, SlackHistory, SlackSockets, SlackWorkspaces, Faults):
    """`await start()`, give `api_url` to the bot and its address to `bot_url`.

    `limited`: one message per second and channel after a burst of 5, and 50 looks back a minute, by the clock. `refusing`: channels that
    answer with an error.
    """

    def __init__(
        self, *, clock: Clock | None = None, signing_secret: str = "signing-secret", team: str = "T1", bot_user: str = "UBOT",
        delay: float = 0.0, log: TextIO | None = None, limited: bool = False,
    ) -> None:  # fmt: skip
        SlackViews.__init__(self, clock or SystemClock(), signing_secret, team, bot_user)
        SlackSockets.__init__(self)
        SlackWorkspaces.__init__(self)
        SlackFiles.__init__(self)
        Faults.__init__(self)
        self.delay, self.log, self.limited = delay, log, limited
        self.token: str | None = None  # None: any
        self.scopes = set(SCOPES.split(","))
        self.messages: dict[str, list[Message]] = {}
        self.refusing: dict[str, str] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.port = 0
        self._buckets: dict[str, tuple[float, float]] = {}
        self._runner: web.AppRunner | None = None
        self._released = asyncio.Event()

    @property
    def api_url(self) -> str:
        """For SLACK_API_URL."""
        return f"http://127.0.0.1:{self.port}/api/"

    @property
    def listening(self) -> bool:
        """Whether it can be reached."""
        return self._runner is not None

    def channel(self, id: str) -> list[Message]:
        """A channel's messages, those in threads too, oldest first."""
        return self.messages.setdefault(id, [])

    def dms(self, user: str) -> list[Message]:
        """What the bot wrote to this person."""
        return self.channel(f"D{user[1:]}")

    async def start(self, host: str = "127.0.0.1") -> None:
        """Listens, on the same port as before when it was stopped."""
        self._session = self._session or ClientSession()
        await self.up(host)

    async def stop(self) -> None:
        """Ends it."""
        await self.down()
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def up(self, host: str = "127.0.0.1") -> None:
        """Accepts connections (again)."""
        await self.down()
        app = web.Application(client_max_size=4 * 1024 * 1024)
        app.add_routes([web.route("*", "/api/{method}", self._api), web.post("/respond/{token}", self._respond)])
        app.add_routes([web.get("/link/", self.link), web.post("/upload/{id}", self.upload)])
        self._released.clear()
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, self.port, reuse_address=True)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]

    async def down(self) -> None:
        """Refuses connections from now on and ends those it has; what people do still works."""
        self._released.set()
        for socket in list(self.sockets):
            socket.abort()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def post(self, body: bytes, kind: str, **spoilt: Any) -> tuple[int, str]:
        """What people do reaches the bot one way or the other; only a post can be forged."""
        if self.socket_mode and not spoilt:
            return await self.tell(*self.over_socket(body, kind))
        return await super().post(body, kind, **spoilt)

    def check(self, payload: Mapping[str, Any]) -> None:
        """Raises AssertionError for what Slack would not show."""
        wrong = problems(payload.get("blocks", []))
        self.complaints += wrong
        assert not wrong, wrong

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method, given = request.match_info["method"], await _arguments(request)
        self.calls.append((method, given))
        fault = self.next_fault(method)
        if fault is not None and fault.kind == "limit":
            return _limited(fault.seconds)
        if fault is not None and fault.kind == "http_500":
            return web.Response(status=500, text="upstream error")
        answer = {"ok": False, "error": fault.error} if fault is not None and fault.error else self._carry_out(method, given, request)
        if self.delay:
            await asyncio.sleep(self.delay)
        if fault is not None and fault.kind == "hang":
            await self._released.wait()
        taken = method == "chat.postMessage" and answer.get("ok") is True and self.losing > 0
        self.losing -= taken
        if (taken or (fault is not None and fault.kind in ("lost", "hang"))) and request.transport is not None:
            request.transport.abort()
        if answer.get("error") == "ratelimited":
            return _limited(int(str(answer.get("seconds", 1))))
        return web.json_response(answer, headers={"x-oauth-scopes": ",".join(sorted(self.scopes))})

    def _carry_out(self, method: str, given: dict[str, Any], request: web.Request) -> dict[str, Any]:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or given.get("token", "")
        elsewhere = self.elsewhere(method, given, token)
        if elsewhere is not None:
            return elsewhere
        if not token:
            return _no("not_authed")
        if method == "apps.connections.open":
            return self.connections_open(token)
        if self.token is not None and token != self.token:
            return _no("invalid_auth")
        does = getattr(self, f"_{method.replace('.', '_')}", None)
        made: dict[str, Any] = does(given) if does else _no("unknown_method")
        return made

    def _auth_test(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"ok": True, "team_id": self.team, "user_id": self.bot_user, "bot_id": "B1", "url": "https://acme.slack.com/"}

    def _chat_postMessage(self, given: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        asked = str(given.get("channel") or "")
        channel = f"D{asked[1:]}" if asked.startswith(("U", "W")) else asked
        refused = self.refusing.get(asked) or (None if channel[:1] in ("C", "D", "G") else "channel_not_found")
        refused = refused or ("missing_scope" if "chat:write" not in self.scopes else None) or self._unfit(given)
        thread = given.get("thread_ts")
        if refused is None and thread and all(each.ts != thread for each in self.channel(channel)):
            refused = "thread_not_found"
        if refused:
            return _no(refused)
        wait = self._wait(channel)
        if wait:
            return {**_no("ratelimited"), "seconds": wait}
        text = given.get("text", "")[:40_000]
        message = Message(channel, self.stamp(), text, _parsed(given, "blocks") or [], thread, _parsed(given, "metadata"))
        self.channel(channel).append(message)
        if self.log is not None:
            line = {"at": time.monotonic(), "id": message.outbox_id, "channel": channel, "ts": message.ts}
            self.log.write(json.dumps(line) + "\n")
            self.log.flush()
        return {"ok": True, "channel": channel, "ts": message.ts, "message": {"text": text}}

    def _chat_update(self, given: dict[str, Any]) -> dict[str, Any]:
        found = next((each for each in self.channel(given.get("channel", "")) if each.ts == given.get("ts")), None)
        if found is None or self._unfit(given):
            return _no(self._unfit(given) or "message_not_found")
        found.versions.append((found.text, found.blocks))
        found.text, found.blocks = given.get("text", ""), _parsed(given, "blocks") or []
        return {"ok": True, "channel": found.channel, "ts": found.ts, "text": found.text}

    def _chat_postEphemeral(self, given: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        refused = self.refusing.get(str(given.get("channel"))) or self._unfit(given)
        if refused or not given.get("user"):
            return _no(refused or "user_not_found")
        message = self._whisper(given["user"], given["channel"], {**given, "blocks": _parsed(given, "blocks")})
        return {"ok": True, "message_ts": message.ts}

    def _conversations_open(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"ok": True, "channel": {"id": f"D{str(given.get('users'))[1:]}"}} if "im:write" in self.scopes else _no("missing_scope")

    def _users_info(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"ok": True, "user": {"id": given.get("user"), "team_id": self.team, "name": "x", "is_bot": False}}

    def _unfit(self, given: dict[str, Any]) -> str | None:
        blocks = _parsed(given, "blocks")
        if not blocks and not given.get("text"):
            return "no_text"
        if self.unknown(blocks):
            return "invalid_blocks"
        wrong = problems(blocks or [])
        self.complaints += wrong
        return "invalid_blocks" if wrong else None

    def _wait(self, bucket: str, burst: float = 5.0, per_second: float = 1.0) -> int:
        """Seconds until the channel, or a method, takes one more; 0 takes it now."""
        if not self.limited:
            return 0
        tokens, at = self._buckets.get(bucket, (burst, self._now()))
        tokens = min(burst, tokens + (self._now() - at) * per_second)
        self._buckets[bucket] = (tokens - (tokens >= 1), self._now())
        return 0 if tokens >= 1 else ceil((1 - tokens) / per_second)

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        fault = self.next_fault("response_url")
        url = self.response_urls.get(request.match_info["token"])
        if fault is not None and fault.kind == "http_500":
            return web.Response(status=500)
        if url is None or self._now() > url.until or url.uses >= 5:
            return web.json_response(_no("used_url" if url and url.uses >= 5 else "expired_url"), status=404)
        payload = await request.json()
        assert payload.get("response_type") == "ephemeral", payload
        if self.unknown(payload.get("blocks")):
            return web.json_response(_no("invalid_blocks"))
        url.said = self._whisper(url.user, url.channel, payload, url.of)
        url.uses += 1
        url.used.set()
        if fault is not None and fault.kind == "lost" and request.transport is not None:
            request.transport.abort()
        return web.Response(text="ok")

    def _response_url(self, user: str, channel: str, of: Message | None = None) -> str:
        token = f"r{next(self._count)}"
        self.response_urls[token] = ResponseUrl(user, channel, self._now() + 1800, of)
        return f"http://127.0.0.1:{self.port}/respond/{token}"


async def _arguments(request: web.Request) -> dict[str, Any]:
    """Methods come as JSON, as a form or in the query."""
    if request.content_type == "application/json":
        found = await request.json()
        return found if isinstance(found, dict) else {}
    return {**request.query, **await request.post()}


def _parsed(given: Mapping[str, Any], name: str) -> Any:
    value = given.get(name)
    return json.loads(value) if isinstance(value, str) else value


def _no(error: str) -> dict[str, Any]:
    return {"ok": False, "error": error}


def _limited(seconds: int) -> web.Response:
    return web.json_response(_no("ratelimited"), status=429, headers={"Retry-After": str(seconds)})


async def _serve(port: int, delay: float, log: Path) -> None:
    with log.open("a", encoding="utf-8") as file:
        slack = FakeSlack(delay=delay, log=file)
        slack.port = port
        await slack.start()
        print(f"listening on {slack.api_url}", flush=True)
        await asyncio.Event().wait()


def main() -> None:
    """The slow sink."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--log", type=Path, required=True)
    given = parser.parse_args()
    asyncio.run(_serve(given.port, given.delay, given.log))


if __name__ == "__main__":
    main()
