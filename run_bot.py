"""The composition root and the command line: settings → storage → edges → desk → web server + ticker. `--help` lists the commands."""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import structlog

from bot.clock import PausableClock, SteadyClock, SystemClock, followed, looked
from bot.desk import Desk
from bot.errors import BadSetting, BotError
from bot.house import House
from bot.messages import ListOf, NewKey
from bot.ports import Clock, NoMetrics
from bot.settings import Settings, read
from handlers.edge import Bound, Edge, Reads, Running, World, known, load
from handlers.heartbeat import audits
from handlers.ticker import Ticker
from handlers.watchdog import Watchdog
from storage import key_check
from storage.cache import open_cache
from storage.engine import Storage, open_storage
from storage.failures import naming_its_setting
from storage.migrate import migrate, migrated
from storage.vault import KeyVault, secret_key_for

if TYPE_CHECKING:
    from aiohttp import web

log = structlog.get_logger("run_bot")
STALLED = timedelta(seconds=30)  # a pass that has not ended for so long is no longer healthy


@dataclass(frozen=True, slots=True)
class Deskbell:
    """A whole bot, assembled and not yet ticking."""

    settings: Settings
    storage: Storage
    desk: Desk
    ticker: Ticker
    edges: tuple[Edge, ...]
    app: web.Application | None


@asynccontextmanager
async def assembled(
    settings: Settings, clock: Clock, *, edges: Sequence[str] | None = None, extras: Mapping[str, Any] | None = None
) -> AsyncIterator[Deskbell]:
    """Edges connect first (they give channels), the desk is built from those, and only then are routes mounted. Closes all at the end."""
    async with AsyncExitStack() as closing:
        storage = await open_storage(settings.database_url)
        closing.push_async_callback(storage.close)
        with naming_its_setting():
            newest = await storage.migrated()
        if not newest:
            raise BadSetting("DESKBELL_DATABASE_URL: this database's schema is not the newest; run: python run_bot.py migrate")
        cache = open_cache(settings.redis_url, clock)
        closing.push_async_callback(cache.close)
        vault = KeyVault(secret_key_for(settings.secret_key, settings.database_url))
        await key_check.verify(storage, vault)
        world = World(settings, clock, cache, closing, extras or {})
        names = edges or settings.edges or known(sending_only=settings.role == "worker")
        loaded = tuple([await load(name, world) for name in names])
        channels = {channel.name: channel for edge in loaded for channel in edge.channels}
        metrics = _metrics(settings)
        read_by = {name: each for edge in loaded if isinstance(edge, Reads) for name, each in edge.institutions.items()}
        house = House(settings, clock, vault, {name: each.abilities for name, each in channels.items()}, metrics, read_by)
        desk = Desk(storage, house, channels, cache)
        for edge in loaded:
            if isinstance(edge, Bound):
                edge.bind(desk)
        passes = {"escalate": desk.escalate_due, "deliver": desk.deliver_waiting, "inbox": desk.work_inbox, "files": desk.files.work}
        passes |= {"events": desk.happenings.work, "labels": desk.labels.work, "figures": desk.tally.run, "audit": desk.sealing.run}
        ticker = Ticker({**passes, "keeping": desk.keeping.run, "selfcheck": audits(desk, settings.heartbeat_url)}, clock)
        desk.on_work(ticker.wake)
        app = None if settings.role == "worker" else _web(settings, desk, loaded, storage, ticker, metrics)
        yield Deskbell(settings, storage, desk, ticker, loaded, app)


def _metrics(settings: Settings) -> Any:
    if settings.role == "worker":
        return NoMetrics()
    from prometheus_client import CollectorRegistry

    from handlers.metrics import Metrics

    return Metrics(CollectorRegistry())


def _web(settings: Settings, desk: Desk, edges: Sequence[Edge], storage: Storage, ticker: Ticker, metrics: Any) -> web.Application:
    from handlers.web import application

    async def schema() -> str | None:
        return None if await storage.migrated() else "not the newest schema"

    async def passes() -> str | None:
        behind = ticker.behind()
        return "no pass has run yet" if behind is None else f"stalled for {behind.seconds} s" if behind > STALLED else None

    checks: dict[str, Callable[[], Awaitable[str | None]]] = {"database": storage.ping, "migrations": schema}
    if settings.role != "web":
        checks["pass"] = passes
    return application(desk, edges, settings=settings, metrics=metrics, readiness=checks)


async def run(bot: Deskbell, *, announce: Callable[[], Awaitable[None]] | None = None) -> None:
    """Serves until SIGINT or SIGTERM; then no new passes, what is being sent is finished, and all is closed."""
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    runner = None
    if bot.app is not None:
        from handlers.web import listen

        try:
            runner = await listen(bot.app, bot.settings.host, bot.settings.port)
        except OSError as failed:
            raise BadSetting(f"DESKBELL_HOST, DESKBELL_PORT: {failed.strerror or failed}; set others, or stop what listens there") from None
    await bot.desk.warm()
    if bot.settings.role != "web":
        if bot.storage.dialect == "sqlite":
            # The file's lock is ours, so whoever held these leases is dead: what it was sending is sent again at once.
            await bot.storage.write(lambda stores: stores.outbox.free())
        bot.ticker.start()
    if announce is not None:
        await announce()
    with Watchdog(lambda: dict(bot.ticker.moves) if bot.settings.role != "web" else {}).watching():
        async with running(bot):
            await stop.wait()
        await bot.ticker.stop()
        await bot.desk.delivery.drain(10.0)  # what is on its way may need an edge's long connection
    if runner is not None:
        await runner.cleanup()


@asynccontextmanager
async def running(bot: Deskbell) -> AsyncIterator[None]:
    """Edges that live beside requests do so meanwhile."""
    alive = [asyncio.create_task(_alive(edge, bot.desk), name=edge.name) for edge in bot.edges if isinstance(edge, Running)]
    try:
        yield
    finally:
        for task in alive:
            task.cancel()
        await asyncio.gather(*alive, return_exceptions=True)


async def _alive(edge: Running, desk: Desk) -> None:
    try:
        await edge.run(desk)
    except Exception:
        log.exception("edge ended", edge=getattr(edge, "name", ""))


def _settled() -> None:
    """What is there once all has started stays: the collector need not walk it again and again, which took a fifth of a burst's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)
    # How long one thread may keep the others from the interpreter, in seconds: the one that writes to SQLite waits less for its turn.
    sys.setswitchinterval(0.001)


def _loop() -> Callable[[Coroutine[Any, Any, None]], None]:
    """uvloop where there is one: Windows has none."""
    try:
        import uvloop
    except ImportError:
        return asyncio.run
    return uvloop.run


async def serve(settings: Settings) -> None:
    """Migrates its own embedded database, then runs everything."""
    if settings.database_url.startswith("sqlite"):
        await migrate(settings.database_url)
    clock = SteadyClock()
    async with assembled(settings, clock) as bot:
        await looked(clock, bot.storage.time)
        following = asyncio.create_task(followed(clock, bot.storage.time))

        async def announce() -> None:
            await _first_key(bot)
            _settled()
            if bot.app is not None:
                print(f"Deskbell listens on {settings.base_url}", flush=True)

        try:
            await run(bot, announce=announce)
        finally:
            following.cancel()


async def _first_key(bot: Deskbell) -> None:
    """Without ADMIN_TOKEN one is made at the first start and shown this once."""
    if bot.settings.admin_token or (await bot.desk.ask(ListOf("api-keys", limit=1))).items:
        return
    made = await bot.desk.configure(NewKey("first administrator", None, ("*",)))
    print(f"Administrator's API token, shown this once: {made['token']}", flush=True)


async def demo(settings: Settings) -> None:
    """Sample data, a playground, short targets that stand for the long ones, a pause button; no credentials."""
    from handlers.playground.wecom import settled

    with tempfile.TemporaryDirectory(prefix="deskbell-demo-") as folder:
        own = os.environ.get("DESKBELL_DATABASE_URL") is None
        settings = replace(
            settled(settings), sla_tier1=timedelta(seconds=10), sla_tier2=timedelta(seconds=25), sla_tier3=timedelta(seconds=45),
            sla_warn=(), target_labels=("2 h", "24 h", "72 h"),
            database_url=f"sqlite:///{folder}/demo.db" if own else settings.database_url,
        )  # fmt: skip
        await migrate(settings.database_url)
        clock = PausableClock()
        names = list(dict.fromkeys(["playground", "wecom", *(settings.edges or ["api"])]))
        async with assembled(settings, clock, edges=names, extras={"clock": clock}) as bot:

            async def announce() -> None:
                await _first_key(bot)
                print(f"Deskbell's demo is open: {settings.base_url}/playground   (Ctrl+C ends it)", flush=True)

            await run(bot, announce=announce)


def settings_from_environment() -> Settings:
    """`.env` beside the working directory, under what the environment itself says."""
    from dotenv import dotenv_values

    return read({key: value for key, value in {**dotenv_values(".env"), **os.environ}.items() if value is not None})


def main(arguments: Sequence[str]) -> int:
    """The exit code: 0 done, 1 failed, 2 wrong use."""
    from handlers import cli, logs

    os.umask(0o077)  # what it writes holds buyers' data: the database, its journal, backups
    parser = cli.parser()
    given = parser.parse_args(arguments or ["serve"])
    try:
        settings = settings_from_environment()
        secret = [getattr(settings, each.name) for each in fields(settings) if not each.repr]
        logs.configure([value for value in secret if isinstance(value, str)], level=given.log_level)
        _loop()(_command(given, settings))
    except (BotError, OSError) as failed:
        print(f"run_bot: {failed}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


async def _command(given: argparse.Namespace, settings: Settings) -> None:
    from handlers import cli
    from storage.teaching import taught

    if given.command == "serve":
        await serve(settings)
    elif given.command == "demo":
        await demo(settings)
    elif given.command in cli.BY_HAND:
        cli.by_hand(given, await taught(settings.database_url) if getattr(given, "train", None) is not None else ())
    elif given.command == "migrate":
        if not given.check:
            await migrate(settings.database_url)
        cli.told_migrated(await migrated(settings.database_url))
    else:
        await _with_desk(given, settings)


async def _with_desk(given: argparse.Namespace, settings: Settings) -> None:
    """Commands that work on a desk that is not ticking. The embedded database is migrated first, as `serve` would."""
    from handlers import cli

    if given.command in ("backup", "restore"):
        from storage import backup

        await (backup.backup if given.command == "backup" else backup.restore)(settings.database_url, given.file)
        print(f"{given.command}: {given.file}")
        return
    if settings.database_url.startswith("sqlite"):
        await migrate(settings.database_url)
    async with assembled(settings, SystemClock(), edges=None if given.command == "doctor" else ["email"]) as bot:
        _settled()
        await cli.run(given, bot.desk, bot.edges)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
