"""Posts an event to its subscriber, and says of every answer and silence what it means for the delivery."""

from __future__ import annotations

import contextlib
from datetime import datetime, timedelta

from aiohttp import ClientError, ClientSession

from bot.errors import DeliveryFailed
from bot.messages import Notice, Receipt
from bot.ports import Abilities, Clock
from handlers.guard import Blocked, Guard
from handlers.outward import leave, meaning_of_fault, retry_after
from handlers.webhooks.signing import signed

# https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#deliverability-and-reliability
SCHEDULE = tuple(
    timedelta(seconds=each) for each in (5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600)
)  # fmt: skip


class WebhooksChannel:
    """The channel `webhooks`. Its receivers tell a repeat by `webhook-id`, which is the notice's own id."""

    name = "webhooks"
    abilities = Abilities(digests=False, schedule=SCHEDULE)

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
                status, wait, said = response.status, response.headers.get("Retry-After"), ""
                with contextlib.suppress(ClientError, OSError):  # the status has arrived: what becomes of the rest changes nothing
                    said = await leave(response)
        except (ClientError, OSError) as failed:
            raise meaning_of_fault(failed) from failed
        if 200 <= status < 300:
            return {"status": str(status), **({"said": said} if said else {})}
        raise meaning_of_status(status, wait, now, said)


def meaning_of_status(status: int, wait: str | None, now: datetime, said: str = "") -> DeliveryFailed:
    """What an answer that is no success means. Standard Webhooks: anything but 2xx is tried again, 410 never."""
    if status == 410:
        return DeliveryFailed("rejected", "gone: the receiver answered 410")
    if 300 <= status < 400:
        return DeliveryFailed("rejected", f"the receiver answered {status}: redirects are not followed, subscribe the final URL")
    words = f"the receiver answered {status}: {said[:300]}" if said else f"the receiver answered {status}"
    return DeliveryFailed("later", words, retry_after(wait, now))
