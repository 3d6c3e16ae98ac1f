"""/healthz (the process lives), /readyz (it can work; `degraded` when notices died), /metrics (Prometheus)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog
from aiohttp import web

from bot.desk import Desk
from bot.messages import Health, HealthCheck
from handlers.metrics import Metrics

Check = Callable[[], Awaitable[str | None]]  # None: fine; else what is wrong, without secrets
CHECK_DEADLINE = 3.0  # seconds, each

_log = structlog.stdlib.get_logger("web")


def routes(desk: Desk, metrics: Metrics, readiness: Mapping[str, Check]) -> list[web.RouteDef]:
    """The three of them; none needs a key, none tells anything of a merchant."""

    async def healthz(request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def readyz(request: web.Request) -> web.Response:
        found = dict(zip(readiness, await asyncio.gather(*(_tried(check) for check in readiness.values())), strict=True))
        wrong = [f"{name}: {why}" for name, why in found.items() if why]
        health = None if wrong else await _health(desk)
        if health is None:
            wrong = wrong or ["desk: does not answer"]
        status = "unready" if wrong else "degraded" if health and health.dead else "ready"
        why = wrong or ([f"{health.dead} dead notices"] if health and health.dead else [])
        checks = {name: problem or "ok" for name, problem in found.items()}
        return web.json_response({"status": status, "checks": checks, "why": why}, status=503 if wrong else 200)

    async def figures(request: web.Request) -> web.Response:
        body = metrics.render(await _health(desk))
        return web.Response(body=body, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})

    return [web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", figures)]


async def _tried(check: Check) -> str | None:
    try:
        async with asyncio.timeout(CHECK_DEADLINE):
            return await check()
    except TimeoutError:
        return "does not answer"
    except Exception:  # noqa: BLE001 -- whatever it is, the log tells it and the answer is: not ready
        _log.exception("a readiness check failed")
        return "failed; the log says why"


async def _health(desk: Desk) -> Health | None:
    try:
        async with asyncio.timeout(CHECK_DEADLINE):
            health: Health = await desk.ask(HealthCheck())
            return health
    except Exception:  # noqa: BLE001 -- likewise
        _log.exception("the desk could not say how it is")
        return None
