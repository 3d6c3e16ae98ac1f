"""The front that every request passes, and what operators ask of a process."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client import CollectorRegistry
from structlog.testing import capture_logs

from bot.messages import Health
from handlers import web_front
from handlers.metrics import Metrics
from handlers.web_front import BODY_LIMIT, front
from tests.api.conftest import ADMIN, Api, api
from tests.api.samples import TICKET

__all__ = ["api"]
JSON = {**ADMIN, "Content-Type": "application/json"}


async def test_a_sane_request_id_is_kept_and_any_other_replaced(api: Api):
    for given, kept in (("ref-1_A", True), ("x" * 65, False), ("a b", False), ("é", False), ("", False)):
        answer = await api.client.get("/healthz", headers={"X-Request-Id": given})
        assert (answer.headers["X-Request-Id"] == given) is kept
        assert answer.headers["X-Request-Id"]


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """The front's log lines, whatever another test has set up."""
    before = structlog.get_config()
    structlog.reset_defaults()
    monkeypatch.setattr(web_front, "_log", structlog.get_logger())
    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        yield lines
    structlog.configure(**before)


async def test_every_request_leaves_a_line_with_its_id_and_without_its_query(api: Api, logged: list[Any]):
    await api.client.get("/v1/tickets/7%0d%0aforged?token=geheim", headers={**ADMIN, "X-Request-Id": "ref-1"})
    line = next(each for each in logged if each["event"] == "request")
    assert line["request_id"] == "ref-1"
    assert (line["status"], line["route"]) == (404, "/v1/tickets/{number}")
    assert "geheim" not in str(logged)
    assert "\r" not in line["path"]


async def test_safe_headers_are_on_every_answer(api: Api):
    for path in ("/healthz", "/v1/me", "/nothing", "/docs"):
        answer = await api.client.get(path)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Server"] == "deskbell"


async def test_an_unexpected_error_is_told_to_the_operator_alone(api: Api, logged: list[Any]):
    api.desk.raises = ZeroDivisionError("mei@example.com")
    answer = await api.client.post("/v1/tickets", json=TICKET, headers=ADMIN)
    text = await answer.text()
    assert answer.status == 500
    assert "ZeroDivision" not in text
    assert "mei@" not in text
    assert isinstance(next(each for each in logged if each["event"] == "request failed")["exc_info"], ZeroDivisionError)


async def test_a_body_that_trickles_in_is_not_waited_for():
    async def echo(request: web.Request) -> web.Response:
        return web.Response(body=await request.read())

    app = web.Application(middlewares=[front(Metrics(CollectorRegistry()), body_deadline=0.05)])
    app.router.add_post("/", echo)

    async def slowly():
        yield b"a"
        await asyncio.sleep(5)
        yield b"b"

    async with TestClient(TestServer(app)) as client:
        answer = await client.post("/", data=slowly())
        assert (answer.status, (await answer.json())["code"]) == (408, "timeout")


async def test_a_body_is_measured_unpacked(api: Api):
    packed = gzip.compress(b" " * (BODY_LIMIT * 50))
    answer = await api.client.post("/v1/tickets", data=packed, headers={**JSON, "Content-Encoding": "gzip"})
    assert answer.status == 413
    broken = await api.client.post("/v1/tickets", data=b"not gzip", headers={**JSON, "Content-Encoding": "gzip"})
    assert (broken.status, (await broken.json())["code"]) == (400, "bad_request")


async def test_the_process_lives(api: Api):
    assert await (await api.client.get("/healthz")).json() == {"status": "ok"}


async def fine() -> str | None:
    return None


async def behind() -> str | None:
    return "2 migrations behind"


async def broken() -> str | None:
    raise OSError("postgresql://user:secret@host")


READINESS = [
    ({"database": fine, "pass": fine}, 0, 200, "ready", []),
    ({"database": fine}, 3, 200, "degraded", ["3 dead notices"]),
    ({"database": fine, "migrations": behind}, 3, 503, "unready", ["migrations: 2 migrations behind"]),
    ({"database": broken}, 0, 503, "unready", ["database: failed; the log says why"]),
]


@pytest.mark.parametrize(("checks", "dead", "status", "word", "why"), READINESS)
async def test_readiness_says_why_not(api: Api, checks: dict[str, Any], dead: int, status: int, word: str, why: list[str]):
    api.readiness.update(checks)
    api.desk.health = Health(None, None, 0, dead, 0)
    answer = await api.client.get("/readyz")
    body = await answer.json()
    assert (answer.status, body["status"], body["why"]) == (status, word, why)
    assert "secret" not in str(body)


async def test_a_desk_that_does_not_answer_is_not_ready(api: Api):
    api.desk.raises = RuntimeError()
    assert (await api.client.get("/readyz")).status == 503


async def test_figures_tell_of_requests_tiers_deliveries_and_what_waits(api: Api):
    api.desk.health = Health(oldest_due=1.5, oldest_waiting=None, waiting=4, dead=2, unworked=1)
    api.metrics.fired(2, 0.4)
    api.metrics.delivered("slack", "sent", 0.1)
    await api.client.get("/v1/tickets/7", headers=ADMIN)
    await api.client.request("PROPFIND", "/secret/path")
    text = await (await api.client.get("/metrics")).text()
    for line in (
        'deskbell_tiers_fired_total{tier="2"} 1.0',
        'deskbell_tier_lateness_seconds_count{tier="2"} 1.0',
        'deskbell_delivery_lateness_seconds_count{channel="slack",outcome="sent"} 1.0',
        'deskbell_http_request_seconds_count{method="GET",route="/v1/tickets/{number}",status="200"} 1.0',
        'deskbell_http_request_seconds_count{method="other",route="unmatched",status="404"} 1.0',
        "deskbell_deliveries_waiting 4.0", "deskbell_deliveries_dead 2.0", "deskbell_oldest_due_seconds 1.5", "deskbell_up 1.0",
    ):  # fmt: skip
        assert line in text
    api.desk.raises = RuntimeError()
    assert "deskbell_up 0.0" in await (await api.client.get("/metrics")).text()
