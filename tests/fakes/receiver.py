"""A webhook receiver at the network's edge: checks signatures by the reference library, keeps what it took, fails on request.

As a process of its own it is the slow sink of a kill test:
`python -m tests.fakes.receiver --port N --delay 0.05 --log FILE [--secret whsec_…]` appends one JSON line per accepted request,
`{"at": monotonic seconds, "id": webhook-id, "type": …, "ticket": number}`, flushed before the answer. Without --secret it takes all.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from aiohttp import web
from standardwebhooks import Webhook, WebhookVerificationError

from bot.ports import Clock


@dataclass(frozen=True, slots=True)
class Event:
    """One request that was accepted."""

    at: float
    id: str
    body: dict[str, Any]
    headers: dict[str, str]


class FakeReceiver:
    """`fault` is None, or what it does with the next requests.

    A status as text (`410`, `302`, `500`, `429`); `lost_reply`: takes it and cuts the line; `hang`: takes it and never answers;
    `bomb`: answers with a body that never ends. With a `clock`, timestamps are checked against it instead of the wall clock.
    """

    def __init__(self, secrets: Sequence[str] = (), *, clock: Clock | None = None, delay: float = 0.0, log: TextIO | None = None) -> None:
        self.secrets, self.clock, self.delay, self.log = list(secrets), clock, delay, log
        self.events: list[Event] = []
        self.refused = 0
        self.requests = 0
        self.fault: str | None = None
        self.answer_headers: dict[str, str] = {}
        self.port = 0
        self._runner: web.AppRunner | None = None
        self._listening: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/hook"

    async def start(self, host: str = "127.0.0.1") -> None:
        """Listens; on the same port as before when it was stopped."""
        app = web.Application(client_max_size=4 * 1024 * 1024)
        app.router.add_route("*", "/{path:.*}", self._take)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        assert self._runner.server is not None
        self._listening = await asyncio.get_running_loop().create_server(self._runner.server, host, self.port)
        self.port = self._listening.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Refuses connections from now on and ends those it has."""
        self.shut()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def shut(self) -> None:
        """Refuses connections from now on."""
        if self._listening is not None:
            self._listening.close()
            self._listening = None

    async def __aenter__(self) -> FakeReceiver:
        await self.start()
        return self

    async def __aexit__(self, *failed: object) -> None:
        await self.stop()

    async def _take(self, request: web.Request) -> web.StreamResponse:
        self.requests += 1
        raw = await request.read()
        if self.fault and self.fault.isdigit():
            return web.Response(status=int(self.fault), headers=self.answer_headers)
        if not self._genuine(raw, request):
            self.refused += 1
            return web.Response(status=401)
        self._keep(Event(time.monotonic(), request.headers.get("webhook-id", ""), json.loads(raw), dict(request.headers)))
        await asyncio.sleep(60 if self.fault == "hang" else self.delay)
        if self.fault == "lost_reply" and request.transport is not None:
            request.transport.abort()
        if self.fault == "bomb":
            return await _endless(request)
        return web.Response(status=204)

    def _genuine(self, raw: bytes, request: web.Request) -> bool:
        return not self.secrets or any(self._signed_by(Webhook(secret), raw, request) for secret in self.secrets)

    def _signed_by(self, webhook: Webhook, raw: bytes, request: web.Request) -> bool:
        try:
            if self.clock is None:
                webhook.verify(raw, dict(request.headers), json_parse=False)
                return True
            at = datetime.fromtimestamp(int(request.headers["webhook-timestamp"]), UTC)
            wanted = webhook.sign(request.headers["webhook-id"], at, raw.decode())
        except (WebhookVerificationError, ValueError, KeyError):
            return False
        fresh = abs((self.clock.now() - at).total_seconds()) <= 300
        return fresh and wanted in request.headers.get("webhook-signature", "").split(" ")

    def _keep(self, event: Event) -> None:
        if self.log is None:
            self.events.append(event)
            return
        data = event.body.get("data") or {}
        line = {"at": event.at, "id": event.id, "type": event.body.get("type"), "ticket": data.get("number")}
        self.log.write(json.dumps(line) + "\n")
        self.log.flush()


async def _endless(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    while request.transport is not None and not request.transport.is_closing():
        await response.write(b"\0" * 65536)
    return response


async def _serve(port: int, delay: float, log: Path, secrets: list[str]) -> None:
    with log.open("a", encoding="utf-8") as file:
        receiver = FakeReceiver(secrets, delay=delay, log=file)
        receiver.port = port
        await receiver.start()
        print(f"listening on {receiver.url}", flush=True)
        await asyncio.Event().wait()


def main() -> None:
    """The slow sink."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--secret", action="append", default=[])
    given = parser.parse_args()
    asyncio.run(_serve(given.port, given.delay, given.log, given.secret))


if __name__ == "__main__":
    main()
