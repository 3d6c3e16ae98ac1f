"""A wire between a program and a server that can be cut: what goes over it arrives, is refused, or disappears without a word."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Literal, Self

Mode = Literal["pass", "refuse", "swallow"]
Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Wire:
    """`async with Wire(connect) as wire:` listens at `wire.port`. `connect` opens a connection to the server behind it.

    `swallow` is a network that drops every packet: connections stay as they are and nothing moves on them; new ones are taken and get no
    answer. What was swallowed is delivered late when it passes again, as TCP would, where both ends still want it. `refuse` resets what
    is open and takes no new ones: the server's machine is there, the server is not.
    """

    def __init__(self, connect: Callable[[], Awaitable[Stream]]) -> None:
        self._connect = connect
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._passing = asyncio.Event()
        self._passing.set()
        self._server: asyncio.Server | None = None
        self.mode: Mode = "pass"
        self.port = 0

    async def __aenter__(self) -> Self:
        await self._listen()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.set("refuse")
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def set(self, mode: Mode) -> None:
        """From now on."""
        self.mode = mode
        if mode == "swallow":
            self._passing.clear()
        else:
            self._passing.set()
        if mode == "refuse" and self._server is not None:
            self._server.close()
            self._server = None
            for writer in list(self._open):
                writer.transport.abort()
        elif mode != "refuse" and self._server is None:
            await self._listen()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._taken, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _taken(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            await self._passing.wait()
            back, forth = await self._connect()
            self._open.add(forth)
            pumps = [asyncio.create_task(self._pump(reader, forth)), asyncio.create_task(self._pump(back, writer))]
            self._tasks.update(pumps)
            try:
                await asyncio.wait(pumps)
            finally:
                self._tasks.difference_update(pumps)
                self._open.discard(forth)
                forth.close()
        except (OSError, asyncio.CancelledError):
            writer.transport.abort()
        finally:
            self._open.discard(writer)
            writer.close()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                await self._passing.wait()
                writer.write(data)
                await writer.drain()
            await self._passing.wait()
        with contextlib.suppress(OSError):
            writer.write_eof()


def to_postgres(url: str) -> Callable[[], Awaitable[Stream]]:
    """Connections to the server of this URL, over its socket."""
    from storage.urls import database

    found = database(url)
    folder = str(found.query.get("host") or "")

    async def connect() -> Stream:
        if folder:
            return await asyncio.open_unix_connection(f"{folder}/.s.PGSQL.{found.port or 5432}")
        return await asyncio.open_connection(found.host, found.port or 5432)

    return connect


def over(url: str, port: int) -> str:
    """The same database, reached over a wire at that port."""
    from storage.urls import database

    found = database(url).set(host="127.0.0.1", port=port).difference_update_query(["host", "port"])
    return found.render_as_string(hide_password=False)
