"""The HTTP client for URLs that others chose: guarded, without redirects, cookies, proxies or decompression; and what its failures mean."""

from __future__ import annotations

import re
import socket
import ssl
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from aiohttp import (
    ClientConnectorError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    DummyCookieJar,
    InvalidURL,
    TCPConnector,
)
from aiohttp.abc import AbstractResolver

from bot.errors import DeliveryFailed
from handlers.guard import Blocked, Guard, GuardedResolver

ANSWER = 256 * 1024  # bytes read of an answer; its content matters to nobody, but read to its end its connection can be kept
SHOWN = 1_000  # bytes of it that are kept, for who looks into why
KEEP = 4.0  # seconds an idle connection is kept: less than Node's 5, or it would be closed under the next event
LONGEST_WAIT = timedelta(hours=1)  # a Retry-After of a year is not an order


def session(guard: Guard, resolver: AbstractResolver, limit: float) -> ClientSession:
    """A session whose every connection passes the guard. `limit` is for one request in all, in seconds."""
    connector = TCPConnector(
        resolver=GuardedResolver(resolver, guard), socket_factory=guard.socket, limit=256, keepalive_timeout=KEEP, ttl_dns_cache=10
    )
    return ClientSession(
        connector=connector, trust_env=False, cookie_jar=DummyCookieJar(), auto_decompress=False,
        timeout=ClientTimeout(total=limit, connect=limit * 0.8), headers={"User-Agent": "Deskbell", "Accept-Encoding": "identity"},
    )  # fmt: skip


async def leave(response: ClientResponse) -> str:
    """Reads the answer to its end if that is near, so that the connection can be used again; otherwise the connection ends.

    Returns how it begins, in one line of printable signs. Nothing is decompressed, so that no small answer can become a large one.
    """
    read, head = 0, b""
    async for chunk in response.content.iter_any():
        read += len(chunk)
        head = (head + chunk)[:SHOWN] if len(head) < SHOWN else head
        if read > ANSWER:
            response.close()
            break
    return " ".join("".join(sign if sign.isprintable() else " " for sign in head.decode("utf-8", "replace")).split())


def meaning_of_fault(failed: Exception) -> DeliveryFailed:
    """What a failure without an answer means: `later` where nothing can have been sent, else `unknown`."""
    blocked = _blocked(failed)
    if blocked is not None:
        return DeliveryFailed("rejected", blocked.why)
    if isinstance(failed, InvalidURL):
        return DeliveryFailed("rejected", "the URL cannot be read")
    if isinstance(failed, ConnectionTimeoutError):
        return DeliveryFailed("later", "no connection to the receiver in time")
    if isinstance(failed, ClientConnectorError):  # refused, unknown name, TLS
        return DeliveryFailed("later", f"no connection to the receiver: {_plain(failed.os_error)}")
    if isinstance(failed, TimeoutError):
        return DeliveryFailed("unknown", "no answer from the receiver in time")
    return DeliveryFailed("unknown", "the connection was lost before the receiver's answer")


def retry_after(wait: str | None, now: datetime) -> timedelta | None:
    """`Retry-After` in seconds or as a date (RFC 9110 §10.2.3), at most an hour; None where there is none or it makes no sense."""
    if not wait:
        return None
    if re.fullmatch(r"\s*[0-9]+\s*", wait):
        return min(timedelta(seconds=int(wait.strip()[:9])), LONGEST_WAIT)
    try:
        left = parsedate_to_datetime(wait) - now
    except (ValueError, TypeError):
        return None
    return min(max(left, timedelta()), LONGEST_WAIT)


def _blocked(failed: BaseException | None) -> Blocked | None:
    """The guard's refusal behind what aiohttp made of it."""
    while failed is not None:
        if isinstance(failed, Blocked):
            return failed
        failed = getattr(failed, "os_error", None) or failed.__cause__
    return None


def _plain(failed: OSError) -> str:
    if isinstance(failed, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({failed.verify_message})"
    if isinstance(failed, ConnectionRefusedError):
        return "refused"
    if isinstance(failed, socket.gaierror):
        return "its name is not known"
    return (failed.strerror or type(failed).__name__)[:200]
