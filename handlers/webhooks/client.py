"""The HTTP client for URLs that others chose: guarded, without redirects, cookies, proxies or decompression."""

from __future__ import annotations

from aiohttp import ClientResponse, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector
from aiohttp.abc import AbstractResolver

from handlers.webhooks.guard import Guard, GuardedResolver

ANSWER = 256 * 1024  # bytes read of an answer; its content matters to nobody, but read to its end its connection can be kept
KEEP = 4.0  # seconds an idle connection is kept: less than Node's 5, or it would be closed under the next event


def session(guard: Guard, resolver: AbstractResolver, limit: float) -> ClientSession:
    """A session whose every connection passes the guard. `limit` is for one request in all, in seconds."""
    connector = TCPConnector(
        resolver=GuardedResolver(resolver, guard), socket_factory=guard.socket, limit=256, keepalive_timeout=KEEP, ttl_dns_cache=10
    )
    return ClientSession(
        connector=connector, trust_env=False, cookie_jar=DummyCookieJar(), auto_decompress=False,
        timeout=ClientTimeout(total=limit, connect=limit * 0.8), headers={"User-Agent": "Deskbell", "Accept-Encoding": "identity"},
    )  # fmt: skip


async def leave(response: ClientResponse) -> None:
    """Reads the answer to its end if that is near, so that the connection can be used again; otherwise the connection ends.

    Nothing is decompressed, so that no small answer can become a large one.
    """
    read = 0
    async for chunk in response.content.iter_any():
        read += len(chunk)
        if read > ANSWER:
            response.close()
            return
