"""/healthz (the process lives), /readyz (it can work; `degraded` when notices died or something is stuck), /metrics (Prometheus)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

import structlog
from aiohttp import web

from bot.desk import Desk
from bot.messages import Health, HealthCheck
from handlers.metrics import Metrics

Check = Callable[[], Awaitable[str | None]]  # None: fine; else what is wrong, without secrets
CHECK_DEADLINE = 3.0  # seconds, each
UNHEARD = 180.0  # seconds without a self-audit, which comes every 30
STUCK = {
    "overdue": "overdue deadlines that nobody took", "hoarded": "notices leased for too long", "waiting": "notices that nobody sends",
    "clockless": "open tickets without a clock", "unworked": "inbound messages that nobody worked",
}  # fmt: skip

_log = structlog.stdlib.get_logger("web")


def routes(
    desk: Desk, metrics: Metrics, readiness: Mapping[str, Check], ailing: Sequence[Callable[[], str | None]] = ()
) -> list[web.RouteDef]:
    """The three of them; none needs a key, none tells anything of a merchant. `ailing`: what the edges say of themselves."""

    async def healthz(request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def readyz(request: web.Request) -> web.Response:
        found = dict(zip(readiness, await asyncio.gather(*(_tried(check) for check in readiness.values())), strict=True))
        wrong = [f"{name}: {why}" for name, why in found.items() if why]
        health = None if wrong else await _health(desk)
        if health is None:
            wrong = wrong or ["desk: does not answer"]
        why = wrong or [*(_troubles(health) if health else []), *(said for said in (each() for each in ailing) if said)]
        status = "unready" if wrong else "degraded" if why else "ready"
        checks = {name: problem or "ok" for name, problem in found.items()}
        return web.json_response({"status": status, "checks": checks, "why": why}, status=503 if wrong else 200)

    async def figures(request: web.Request) -> web.Response:
        body = metrics.render(await _health(desk))
        return web.Response(body=body, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})

    return [web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", figures)]


def _troubles(health: Health) -> list[str]:
    """What it can work with and somebody should look at."""
    found = [f"{health.dead} dead notices"] if health.dead else []
    found += [f"{count} {STUCK[kind]}" for kind, count in health.stuck.items() if count]
    if health.audited is not None and health.audited > UNHEARD:
        found.append(f"no self-audit for {health.audited:.0f} s")
    return found


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
