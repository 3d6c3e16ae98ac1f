"""From a Route to an aiohttp handler: who asks → may they → not too often → read → work → answer."""

from __future__ import annotations

import json
import math
import re
from datetime import timedelta
from typing import Any

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from bot.errors import AlreadyAnswered, Unauthentic
from bot.messages import Authenticate, Bearer, Page
from bot.ports import Cache
from handlers.api import reading
from handlers.api.route import Call, House, Route, page
from handlers.problems import EXTRA, Problem

BURST, PER_MINUTE = 1200, 600.0  # of a merchant's key; the operator's own keys are not limited
_POLICY = f'"key";q={BURST};w={BURST * 60 / PER_MINUTE:.0f}'

_BEARER = re.compile(r"[Bb][Ee][Aa][Rr][Ee][Rr] +([\x21-\x7e]{1,512})")
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="deskbell"'}
_dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def handler(route: Route, house: House, cache: Cache) -> Handler:
    """What aiohttp calls for this route."""

    async def answer(request: web.Request) -> web.Response:
        bearer = await _who(request, house, route.lately)
        if route.scope is not None and not bearer.may(route.scope):
            raise Problem("missing_scope", f"The API key needs the scope {route.scope}.", extra={"scope": route.scope})
        if route.limited and bearer.merchant_id is not None:
            await _limit(request, bearer, cache)
        ids = reading.path(request)
        asked = reading.query(route, request)
        raw = b"" if route.sends else await request.read()
        given = None if route.sends else reading.body(route, request, raw)
        key = None if route.sends else reading.once(route, request, bearer, raw)  # a file is known by its content
        sent = reading.file(route, request) if route.sends else None
        chinese = request.headers.get("Accept-Language", "").lower().startswith("zh")
        try:
            found = await route.work(Call(house, bearer, ids, asked, given, key, chinese, sent))
        except AlreadyAnswered as before:
            return _json(before.body, before.status, {"Idempotent-Replayed": "true"})
        if route.media is not None:
            return web.Response(body=found, content_type=route.media, headers={"Cache-Control": "no-store"})
        return _json(page(found) if isinstance(found, Page) else found, route.status)

    answer.streams = bool(route.sends)  # type: ignore[attr-defined]  # the front leaves such a body to us
    return answer


async def _who(request: web.Request, house: House, lately: bool) -> Bearer:
    given = _BEARER.fullmatch(request.headers.get("Authorization", "").strip())
    if given is None:
        raise Problem("unauthenticated", "Send Authorization: Bearer and your API key.", headers=_CHALLENGE)
    try:
        bearer: Bearer = await house.desk.ask(Authenticate(given[1], lately))
    except Unauthentic:
        headers = {"WWW-Authenticate": 'Bearer realm="deskbell", error="invalid_token"'}
        raise Problem("unauthenticated", "This API key is unknown, revoked or has expired.", headers=headers) from None
    structlog.contextvars.bind_contextvars(key=bearer.key_id)
    return bearer


async def _limit(request: web.Request, bearer: Bearer, cache: Cache) -> None:
    """Told on every answer to a merchant's key, refused or not.

    In the words of https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/10/: `r` calls are left, and in `t` seconds
    without a call there are all again.
    """
    taken = await cache.taken(f"api:{bearer.key_id}", BURST, PER_MINUTE)
    full = math.ceil((BURST - taken.left) * 60 / PER_MINUTE)
    request[EXTRA] = {"RateLimit-Policy": _POLICY, "RateLimit": f'"key";r={int(taken.left)};t={full}'}
    if taken.wait > timedelta():
        seconds = str(int(taken.wait.total_seconds()) + 1)
        raise Problem("rate_limited", f"This API key may call {PER_MINUTE:.0f} times a minute.", headers={"Retry-After": seconds})


def _json(document: Any, status: int, headers: dict[str, str] | None = None) -> web.Response:
    if document is None:
        return web.Response(status=204, headers=headers)
    return web.Response(body=_dump(document).encode(), status=status, headers=headers, content_type="application/json")
