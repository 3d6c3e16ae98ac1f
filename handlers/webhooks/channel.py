"""Posts an event to its subscriber, and says of every answer and silence what it means for the delivery."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from aiohttp import ClientConnectorError, ClientError, ClientSession, ConnectionTimeoutError, InvalidURL

from bot.errors import DeliveryFailed
from bot.messages import Notice, Receipt
from bot.ports import Abilities, Clock
from handlers.webhooks.client import leave
from handlers.webhooks.guard import Blocked, Guard
from handlers.webhooks.signing import signed

LONGEST_WAIT = timedelta(hours=1)  # a Retry-After of a year is not an order


class WebhooksChannel:
    """The channel `webhooks`. Its receivers tell a repeat by `webhook-id`, which is the notice's own id."""

    name = "webhooks"
    abilities = Abilities(digests=False)

    def __init__(self, session: ClientSession, guard: Guard, clock: Clock) -> None:
        self._session, self._guard, self._clock = session, guard, clock

    async def send(self, notice: Notice) -> Receipt:
        """Delivers once. `notice.route` is `{"url", "secrets"}`, `notice.data` the body."""
        now = self._clock.now()
        try:
            url = self._guard.allowed(str(notice.route.get("url", "")))
            body, headers = signed(notice.id, notice.data, list(notice.route.get("secrets", ())), now)
        except Blocked as blocked:
            raise DeliveryFailed("rejected", blocked.why) from None
        except ValueError:
            raise DeliveryFailed("rejected", "the subscription's secret cannot be used") from None
        try:
            async with self._session.post(url, data=body, headers=headers, allow_redirects=False) as response:
                status, wait = response.status, response.headers.get("Retry-After")
                with contextlib.suppress(ClientError, OSError):  # the status has arrived: what becomes of the rest changes nothing
                    await leave(response)
        except (ClientError, OSError) as failed:
            raise meaning_of_fault(failed) from failed
        if 200 <= status < 300:
            return {"status": str(status)}
        raise meaning_of_status(status, wait, now)


def meaning_of_status(status: int, wait: str | None, now: datetime) -> DeliveryFailed:
    """What an answer that is no success means. Standard Webhooks: anything but 2xx is tried again, 410 never."""
    if status == 410:
        return DeliveryFailed("rejected", "gone: the receiver answered 410")
    if 300 <= status < 400:
        return DeliveryFailed("rejected", f"the receiver answered {status}: redirects are not followed, subscribe the final URL")
    return DeliveryFailed("later", f"the receiver answered {status}", retry_after(wait, now))


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
