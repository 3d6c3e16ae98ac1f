"""A load generator that costs little: prepared requests over kept connections, answers read by their Content-Length."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from bot.clock import SystemClock
from tests.bench.filling import AGENT
from tests.bench.program import SECRET


@dataclass(slots=True)
class Load:
    """What came of it. `wrong`: answers that were not 200 or did not carry the words they should."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    wrong: int = 0
    first_wrong: bytes = b""

    @property
    def per_second(self) -> float:
        """Answers."""
        return len(self.times) / self.seconds


async def fire(port: int, requests: Sequence[bytes], connections: int, words: bytes) -> Load:
    """All of them, over so many connections at once; each waits for its answer before the next."""
    load, left = Load(), iter(requests)
    loop = asyncio.get_running_loop()
    started = time.perf_counter()
    clients = [(await loop.create_connection(lambda: _Client(left, load, words), "127.0.0.1", port))[1] for _ in range(connections)]
    await asyncio.gather(*(client.done for client in clients))
    load.seconds = time.perf_counter() - started
    return load


def command(words: str, once: str) -> bytes:
    """`/ticket words` as Slack sends it, signed now: good for five minutes."""
    body = urlencode({
        "token": "legacy", "team_id": "T1", "team_domain": "acme", "channel_id": "C1", "channel_name": "x", "user_id": AGENT,
        "user_name": "x", "command": "/ticket", "text": words, "api_app_id": "A1", "is_enterprise_install": "false",
        "response_url": f"http://127.0.0.1:9/respond/{once}", "trigger_id": once,
    }).encode()  # fmt: skip
    stamp = str(int(SystemClock().now().timestamp()))
    signature = "v0=" + hmac.new(SECRET.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    headers = {
        "Host": "127.0.0.1", "Content-Type": "application/x-www-form-urlencoded", "Accept": "*/*", "User-Agent": "Slackbot 1.0",
        "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature, "Content-Length": str(len(body)),
    }  # fmt: skip
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST /slack/events HTTP/1.1\r\n{head}\r\n".encode() + body


class _Client(asyncio.Protocol):
    def __init__(self, left: Iterator[bytes], load: Load, words: bytes) -> None:
        self._left, self._load, self._words = left, load, words
        self._received = b""
        self._sent = 0.0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, gap, body = self._received.partition(b"\r\n\r\n")
        if not gap:
            return
        at = head.lower().find(b"content-length:")
        if len(body) < int(head[at + 15 :].split(b"\r\n", 1)[0]):
            return
        self._load.times.append(time.perf_counter() - self._sent)
        if not head.startswith(b"HTTP/1.1 200") or self._words not in body:
            self._load.wrong += 1
            self._load.first_wrong = self._load.first_wrong or self._received[-300:]
        self._received = b""
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionError("the server hung up"))

    def _next(self) -> None:
        request = next(self._left, None)
        if request is None:
            self.done.set_result(None)
            self._transport.close()
            return
        self._sent = time.perf_counter()
        self._transport.write(request)
