"""Socket Mode's end at the fake Slack: addresses that are good once, ten connections at most, acknowledgements that are waited for.

https://docs.slack.dev/apis/events-api/using-socket-mode. Tests spoil it by the public attributes of `SlackSockets`.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import WSMsgType, web

MOST = 10
Doc = dict[str, Any]


@dataclass(eq=False, slots=True)
class Socket:
    """One connection. `waiting`: envelopes that are not acknowledged yet."""

    ws: web.WebSocketResponse
    transport: asyncio.Transport
    waiting: dict[str, asyncio.Future[Doc | None]] = field(default_factory=dict)
    pings: int = 0

    def abort(self) -> None:
        """The network drops it, without a word."""
        self.transport.abort()


class SlackSockets:
    """`socket_mode`: what people do goes over a connection, each time the next one's turn."""

    def __init__(self) -> None:
        self.socket_mode = False
        self.app_token = "xapp-1"
        self.app_error = ""  # what apps.connections.open is refused with
        self.switched_off = False  # Socket Mode, in the app's settings: whoever connects is sent away
        self.refusing_links = False  # addresses are given and lead nowhere
        self.rude = False  # no hello
        self.deaf = ""  # "all" pings get no answer, or those with "words": the client's own, while the network's still do
        self.loses_acks = 0  # so many of the next ones disappear
        self.ack_within = 3.0  # seconds
        self.sockets: list[Socket] = []
        self.opened = 0
        self.most_live = 0
        self.envelopes: list[Doc] = []
        self.strange: list[Any] = []  # acknowledgements of nothing
        self.unacknowledged: list[Doc] = []  # events that Slack would send again
        self.port: int
        self._tickets: set[str] = set()
        self._ids = itertools.count(1)

    async def send_again(self) -> list[int]:
        """Slack's retries of what was not acknowledged → their statuses."""
        again, self.unacknowledged = self.unacknowledged, []
        return [(await self.tell("events_api", each["payload"], attempt=each.get("retry_attempt", 0) + 1))[0] for each in again]

    async def disconnect(self, reason: str, socket: Socket | None = None) -> None:
        """Slack says that it will end a connection; a test ends it."""
        for each in [socket] if socket else list(self.sockets):
            await each.ws.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "wss-111"}})

    async def tell(self, kind: str, payload: Mapping[str, Any], *, attempt: int = 0) -> tuple[int, str]:
        """One envelope → 200 and what it was acknowledged with; 500 where it was not, in time or at all."""
        envelope: Doc = {"envelope_id": f"env-{next(self._ids)}", "type": kind, "payload": dict(payload)}
        envelope["accepts_response_payload"] = kind != "events_api"
        if kind == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": "timeout" if attempt else ""}
        self.envelopes.append(envelope)
        said = await self._acknowledged(envelope) if self.sockets else None
        if said is None and kind == "events_api":
            self.unacknowledged.append(envelope)
        return (500, "") if said is None else (200, json.dumps(said) if said else "")

    async def _acknowledged(self, envelope: Doc) -> Doc | None:
        self.sockets.append(socket := self.sockets.pop(0))
        future: asyncio.Future[Doc | None] = asyncio.get_running_loop().create_future()
        socket.waiting[envelope["envelope_id"]] = future
        try:
            await socket.ws.send_json(envelope)
            async with asyncio.timeout(self.ack_within):
                return await future
        except (TimeoutError, ConnectionError):
            return None
        finally:
            socket.waiting.pop(envelope["envelope_id"], None)

    def over_socket(self, body: bytes, kind: str) -> tuple[str, Doc]:
        """What would be posted, as an envelope's kind and payload."""
        if kind == "application/json":
            return "events_api", json.loads(body)
        form = dict(parse_qsl(body.decode(), keep_blank_values=True))
        return ("interactive", json.loads(form["payload"])) if "payload" in form else ("slash_commands", form)

    def connections_open(self, token: str) -> Doc:
        """`apps.connections.open`."""
        error = self.app_error or ("not_allowed_token_type" if not token.startswith("xapp-") else "")
        error = error or ("invalid_auth" if token != self.app_token else "")
        if error:
            return {"ok": False, "error": error}
        self.opened += 1
        ticket = f"t{next(self._ids)}"
        self._tickets.add(ticket)
        return {"ok": True, "url": f"ws://127.0.0.1:{self.port}/link/?ticket={ticket}&app_id=A1"}

    async def link(self, request: web.Request) -> web.StreamResponse:
        """A connection, from hello to its end."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets or self.refusing_links or request.transport is None:
            return web.Response(status=500 if self.refusing_links else 403)
        self._tickets.discard(ticket)
        ws = web.WebSocketResponse(autoping=False)
        await ws.prepare(request)
        if self.switched_off or len(self.sockets) >= MOST:
            await ws.send_json({"type": "disconnect", "reason": "link_disabled" if self.switched_off else "too_many_websockets"})
            await ws.close()
            return ws
        assert isinstance(request.transport, asyncio.Transport)
        socket = Socket(ws, request.transport)
        if not self.rude:
            self.sockets.append(socket)
            self.most_live = max(self.most_live, len(self.sockets))
            await ws.send_json({"type": "hello", "num_connections": len(self.sockets), "connection_info": {"app_id": "A1"}})
        try:
            await self._listen(socket)
        finally:
            if socket in self.sockets:
                self.sockets.remove(socket)
            for each in socket.waiting.values():
                if not each.done():
                    each.set_result(None)
        return ws

    async def _listen(self, socket: Socket) -> None:
        async for message in socket.ws:
            if message.type == WSMsgType.PING:
                socket.pings += 1
                if not self.deaf or (self.deaf == "words" and not message.data):
                    await socket.ws.pong(message.data)
            elif message.type == WSMsgType.TEXT:
                self._take(socket, json.loads(message.data))

    def _take(self, socket: Socket, ack: Any) -> None:
        if self.loses_acks:
            self.loses_acks -= 1
            return
        # An acknowledgement may come over another connection than its envelope went.
        found = next((each.waiting[ack["envelope_id"]] for each in self.sockets if ack.get("envelope_id") in each.waiting), None)
        if found is None or not set(ack) <= {"envelope_id", "payload"}:
            self.strange.append(ack)
        elif not found.done():
            found.set_result(ack.get("payload") or {})
