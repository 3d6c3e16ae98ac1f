"""The ticker: passes run at their next moment, when woken, and again after a fault; APScheduler skips none of them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta, tzinfo

import pytest

from bot.clock import SystemClock
from handlers import ticker as module
from handlers.ticker import Ticker

FAR = timedelta(hours=1)  # a poll that would never come within a test


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not true():  # noqa: ASYNC110  # what is waited for is the ticker's own doing
            await asyncio.sleep(0.005)


async def test_a_pass_runs_at_the_moment_it_asked_for_and_not_at_an_interval() -> None:
    clock, ran = SystemClock(), []

    async def body() -> datetime | None:
        ran.append(clock.now())
        return ran[0] + timedelta(milliseconds=250) if len(ran) == 1 else None

    ticker = Ticker({"pass": body}, clock, FAR)
    ticker.start()
    await until(lambda: len(ran) == 2)
    await ticker.stop()
    assert timedelta(milliseconds=250) <= ran[1] - ran[0]
    assert len(ran) == 2


async def test_waking_runs_every_pass_soon_and_many_calls_are_one() -> None:
    ran: list[str] = []

    def body(name: str) -> Callable[[], Awaitable[datetime | None]]:
        async def run() -> None:
            ran.append(name)

        return run

    ticker = Ticker({"a": body("a"), "b": body("b")}, SystemClock(), FAR)
    ticker.start()
    await until(lambda: sorted(ran) == ["a", "b"])
    for _ in range(100):
        ticker.wake()
    await until(lambda: len(ran) >= 4)
    await asyncio.sleep(0.1)
    await ticker.stop()
    assert sorted(ran) == ["a", "a", "b", "b"]


async def test_woken_while_it_runs_a_pass_runs_again_and_no_tick_is_skipped(caplog: pytest.LogCaptureFixture) -> None:
    ran, going = 0, asyncio.Event()

    async def body() -> None:
        nonlocal ran
        ran += 1
        if ran == 1:
            ticker.wake()
            await asyncio.sleep(0.05)
        if ran == 3:
            going.set()
        elif ran < 3:
            ticker.wake()

    ticker = Ticker({"pass": body}, SystemClock(), FAR)
    with caplog.at_level(logging.WARNING):
        ticker.start()
        await asyncio.wait_for(going.wait(), 5)
        await ticker.stop()
    assert not [record for record in caplog.records if "skipped" in record.getMessage()]


async def test_a_fault_in_a_pass_is_logged_and_the_next_poll_tries_again() -> None:
    ran = 0

    async def body() -> None:
        nonlocal ran
        ran += 1
        raise ConnectionError("the database is away")

    ticker = Ticker({"pass": body}, SystemClock(), timedelta(milliseconds=30))
    ticker.start()
    await until(lambda: ran >= 3)
    assert ticker.behind() is None, "no pass has ended well yet"
    await ticker.stop()


async def test_a_pass_that_hangs_is_ended_and_runs_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LIMIT", 0.05)
    ran = 0

    async def body() -> None:
        nonlocal ran
        ran += 1
        if ran == 1:
            await asyncio.sleep(3600)

    ticker = Ticker({"pass": body}, SystemClock(), timedelta(milliseconds=30))
    ticker.start()
    await until(lambda: ran >= 2)
    await until(lambda: ticker.behind() is not None)
    await ticker.stop()


async def test_a_wall_clock_that_is_set_back_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    ran, back = 0, timedelta()

    class Shifted(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return super().now(tz) - back

    for user in ("apscheduler.schedulers.base", "bot.clock"):
        monkeypatch.setattr(f"{user}.datetime", Shifted)

    async def body() -> None:
        nonlocal ran
        ran += 1

    ticker = Ticker({"pass": body}, SystemClock(), timedelta(milliseconds=30))
    ticker.start()
    await until(lambda: ran >= 2)
    back, before = timedelta(hours=1), ran
    await until(lambda: ran >= before + 3)
    ticker.wake()
    await until(lambda: ran >= before + 5)
    await ticker.stop()


async def test_stopping_lets_a_running_pass_finish_and_starts_no_other() -> None:
    done, started = [], asyncio.Event()

    async def body() -> None:
        started.set()
        await asyncio.sleep(0.1)
        done.append(1)

    ticker = Ticker({"pass": body}, SystemClock(), timedelta(milliseconds=10))
    ticker.start()
    await started.wait()
    await ticker.stop()
    ticker.wake()
    await asyncio.sleep(0.1)
    assert done == [1]
