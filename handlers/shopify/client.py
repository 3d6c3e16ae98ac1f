"""Asks a shop's Admin API: with a token that is renewed in time, and never faster than the bucket that its answers tell of."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from aiohttp import ClientError, ClientResponse, ClientSession

from bot.errors import DeliveryFailed
from bot.ports import Clock
from handlers.guard import Blocked, Guard
from handlers.outward import meaning_of_fault, retry_after
from handlers.shopify import meaning
from handlers.shopify.documents import VERSION
from handlers.shopify.link import Link

LARGEST = 1024 * 1024
LIFE, SHARE = 86_400.0, 0.8  # a token's life in seconds, where the answer says none; renewed when so much of it is over
GUESS = 30.0  # points, for a request as long as no answer has told what one costs
REQUESTS = 4  # of a delivery
log = structlog.get_logger("shopify")


@dataclass(slots=True)
class Bucket:
    """As the last answer told."""

    left: float
    rate: float
    most: float
    at: datetime

    def wait(self, cost: float, now: datetime) -> timedelta:
        """Until it holds so much; a bucket that never will is asked all the same, and says so itself."""
        left = min(self.most, self.left + (now - self.at).total_seconds() * self.rate)
        return timedelta(seconds=max(0.0, min(cost, self.most) - left) / max(self.rate, 1.0))


class Admin:
    """One per process."""

    def __init__(self, session: ClientSession, guard: Guard, clock: Clock) -> None:
        self._session, self._guard, self._clock = session, guard, clock
        self._tokens: dict[tuple[str, str, str], tuple[str, datetime]] = {}
        self._buckets: dict[str, Bucket] = {}
        self._costs: dict[str, float] = {}

    def room(self, link: Link) -> None:
        """Raises DeliveryFailed unless there is enough for a whole delivery: one that stops halfway has spent for nothing."""
        bucket = self._buckets.get(link.store)
        if bucket is None:
            return
        now, cost = self._clock.now(), REQUESTS * max(self._costs.values(), default=GUESS)
        wait = bucket.wait(cost, now)
        if wait > timedelta():
            raise DeliveryFailed("later", "waits for the shop's API limit", max(wait, timedelta(milliseconds=100)))
        bucket.left -= cost  # until the next answer tells, so that others that begin now see it

    async def ask(self, link: Link, document: str, variables: dict[str, Any]) -> dict[str, Any]:
        """`data` of its answer. Raises DeliveryFailed."""
        body = {"query": document, "variables": variables}
        path = f"{link.store}/admin/api/{VERSION}/graphql.json"
        status, answer, pause = await self._post(path, body, {"X-Shopify-Access-Token": await self._token(link)})
        if status == 401 and not link.token:
            self._tokens.pop(_key(link), None)  # revoked before its time: one new one is asked for
            status, answer, pause = await self._post(path, body, {"X-Shopify-Access-Token": await self._token(link)})
        failed = meaning.of_status(status, pause)
        if failed is not None:
            raise failed
        self._learn(link, document, answer)
        failed = meaning.of_errors(answer)
        if failed is not None:
            raise failed
        data = answer.get("data")
        if not isinstance(data, dict):
            raise DeliveryFailed("later", "Shopify's answer has no data")
        return data

    async def _token(self, link: Link) -> str:
        """https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/client-credentials-grant: good for 24 h."""
        if link.token:
            return link.token
        now, key = self._clock.now(), _key(link)
        token, until = self._tokens.get(key, ("", now))
        if token and now < until:
            return token
        body = {"client_id": link.client_id, "client_secret": link.client_secret, "grant_type": "client_credentials"}
        status, answer, pause = await self._post(f"{link.store}/admin/oauth/access_token", body, {})
        if status in (400, 401, 403):
            why = "Shopify gives no token for this client_id and client_secret: put them again with PUT /v1/shops/{id}"
            raise DeliveryFailed("later", why, meaning.PUT_AGAIN)
        failed = meaning.of_status(status, pause)
        token = str(answer.get("access_token") or "")
        if failed is not None or not token:
            raise failed or DeliveryFailed("later", "Shopify's answer has no access_token")
        life = answer.get("expires_in")
        self._tokens[key] = (token, now + timedelta(seconds=SHARE * (float(life) if isinstance(life, int | float) else LIFE)))
        return token

    async def _post(self, path: str, body: dict[str, Any], headers: dict[str, str]) -> tuple[int, dict[str, Any], timedelta | None]:
        try:
            url = self._guard.allowed(path)
            async with self._session.post(url, json=body, headers=headers, allow_redirects=False) as response:
                raw = await _whole(response)
                status, given = response.status, response.headers
        except Blocked as blocked:
            raise DeliveryFailed("rejected", f"shopify.store_url: {blocked.why}") from None
        except (ClientError, OSError) as failed:
            raise _again(meaning_of_fault(failed)) from failed
        version = given.get("X-Shopify-API-Version")
        if version not in (None, VERSION):
            log.warning("another version of the Admin API answered", wanted=VERSION, got=version)
        return status, _document(raw), retry_after(given.get("Retry-After"), self._clock.now())

    def _learn(self, link: Link, document: str, answer: dict[str, Any]) -> None:
        cost = (answer.get("extensions") or {}).get("cost") or {}
        told = cost.get("throttleStatus") or {}
        try:
            self._costs[document] = float(cost["requestedQueryCost"])
            left, rate, most = (float(told[name]) for name in ("currentlyAvailable", "restoreRate", "maximumAvailable"))
        except (KeyError, TypeError, ValueError):
            return
        self._buckets[link.store] = Bucket(left, rate, most, self._clock.now())


def _key(link: Link) -> tuple[str, str, str]:
    return link.store, link.client_id, hashlib.sha256(link.client_secret.encode()).hexdigest()


async def _whole(response: ClientResponse) -> bytes:
    raw = bytearray()
    async for chunk in response.content.iter_any():
        raw += chunk
        if len(raw) > LARGEST:
            response.close()
            raise DeliveryFailed("later", "the answer is too long to be Shopify's")
    return bytes(raw)


def _document(raw: bytes) -> dict[str, Any]:
    try:
        found = json.loads(raw)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _again(failed: DeliveryFailed) -> DeliveryFailed:
    """A lost answer is no doubt here: what is written once is written twice alike."""
    return DeliveryFailed("later", failed.why, failed.retry_after) if failed.outcome == "unknown" else failed
