"""What every request passes through: its id, its body's limits, errors into problem documents, the access log, safe headers."""

from __future__ import annotations

import asyncio
import logging
import os
import re
from collections.abc import Awaitable, Callable
from time import perf_counter

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from handlers import problems
from handlers.metrics import Metrics
from handlers.problems import EXTRA, Problem

BODY_LIMIT = 1024 * 1024
BODY_DEADLINE = 10.0  # seconds
SLOW = 1.0  # seconds; an answer that took longer is worth a line
REQUEST_ID = web.RequestKey("request_id", str)
Prepare = Callable[[web.Request, web.StreamResponse], Awaitable[None]]

_SANE = re.compile(r"[\w-]{1,64}", re.ASCII)
_UNPRINTABLE = re.compile(r"[^\x20-\x7e]")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
_QUIET = frozenset({"/healthz", "/readyz", "/metrics", "/playground/state"})  # asked for all the time, by nobody in particular
_log = structlog.stdlib.get_logger("web")


def front(metrics: Metrics, body_deadline: float = BODY_DEADLINE) -> Middleware:
    """The one middleware. It answers every error itself: nothing of ours reaches aiohttp's own error pages."""

    @web.middleware
    async def around(request: web.Request, handler: Handler) -> web.StreamResponse:
        started = perf_counter()
        request[REQUEST_ID] = reference = _reference(request)
        structlog.contextvars.clear_contextvars()  # one task serves a connection's requests one after the other
        structlog.contextvars.bind_contextvars(request_id=reference)
        status = 500
        try:
            response = await _answer(request, handler, body_deadline)
            status = response.status
            return response
        except web.HTTPException as answer:
            status = answer.status
            raise
        finally:
            seconds = perf_counter() - started
            route = _route(request)
            metrics.answered(request.method if request.method in _METHODS else "other", route, status, seconds)
            _write_access_line(request, route, status, seconds)

    return around


def security(https: bool) -> Prepare:
    """Headers on every answer, streams too; a page that needs more than nothing brings its own Content-Security-Policy."""
    usual = {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "Cache-Control": "no-store",
    }
    if https:
        usual["Strict-Transport-Security"] = "max-age=31536000"

    async def sign(request: web.Request, response: web.StreamResponse) -> None:
        headers = response.headers
        for name, value in usual.items():
            headers.setdefault(name, value)
        headers["Server"] = "deskbell"  # aiohttp has set its own, with its version
        headers["X-Request-Id"] = request.get(REQUEST_ID, "-")
        headers.update(request.get(EXTRA, {}))

    return sign


async def _answer(request: web.Request, handler: Handler, body_deadline: float) -> web.StreamResponse:
    try:
        # An unknown path is answered without looking at what came with it; a long file is read by its handler, piece by piece.
        left = request.match_info.http_exception is not None or getattr(request.match_info.handler, "streams", False)
        if request.can_read_body and not left:
            await _read_body(request, body_deadline)
        return await handler(request)
    except web.HTTPException as refused:
        if refused.status < 400 or refused.text != f"{refused.status}: {refused.reason}":
            raise
        return _document(request, problems.of_status(refused.status, refused.headers))
    except Exception as error:  # noqa: BLE001 -- what is not expected is logged with its traceback
        return _document(request, _expected(request, error) or _unexpected(error))


async def _read_body(request: web.Request, deadline: float) -> None:
    """Here and not in handlers, so that one limit and one deadline hold for every edge; aiohttp keeps what was read."""
    if (request.content_length or 0) > BODY_LIMIT:
        raise Problem("too_large", f"A body may have {BODY_LIMIT} bytes.", headers={"Connection": "close"})
    try:
        if request.content.is_eof():
            await request.read()  # it came with its head, as most do: there is nothing to wait for
            return
        async with asyncio.timeout(deadline):
            await request.read()
    except TimeoutError:
        raise Problem("timeout", headers={"Connection": "close"}) from None
    except web.HTTPRequestEntityTooLarge:
        raise Problem("too_large", f"A body may have {BODY_LIMIT} bytes.", headers={"Connection": "close"}) from None
    except (web.RequestPayloadError, ConnectionError, ValueError) as broken:
        raise Problem("bad_request", "The body broke off or is not encoded as its headers say.") from broken


def _expected(request: web.Request, error: Exception) -> Problem | None:
    problem = problems.of_error(error, "query" if request.method in ("GET", "HEAD", "DELETE") else "body")
    if problem is not None and problem.status == 503:
        _log.warning("unavailable", exc_info=error)
    return problem


def _unexpected(error: Exception) -> Problem:
    _log.error("request failed", exc_info=error)
    return Problem("internal", "Something went wrong on our side. Quote the request_id when you report it.")


def _document(request: web.Request, problem: Problem) -> web.Response:
    return problem.response(request[REQUEST_ID])


def _reference(request: web.Request) -> str:
    given = request.headers.get("X-Request-Id", "")
    return given if _SANE.fullmatch(given) else os.urandom(16).hex()


def _route(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "unmatched"


def _write_access_line(request: web.Request, route: str, status: int, seconds: float) -> None:
    """Never the query: tokens and signatures stand in some. What went well and fast is counted in /metrics and logged at `debug` alone."""
    usual = route in _QUIET or (status < 400 and seconds < SLOW)
    if usual and not logging.getLogger("web").isEnabledFor(logging.DEBUG):
        return
    (_log.debug if usual else _log.info)(
        "request", method=_printable(request.method), path=_printable(request.raw_path.partition("?")[0]), route=route,
        status=status, ms=round(seconds * 1000, 1), remote=request.remote,
    )  # fmt: skip


def _printable(text: str) -> str:
    """Control characters cannot forge a log line, whatever renders it."""
    return _UNPRINTABLE.sub(lambda found: f"\\x{ord(found[0]):02x}", text[:500])
