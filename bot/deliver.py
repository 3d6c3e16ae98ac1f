"""The second loop: leases what waits, passes it through the stages, sends, records. At least once, as close to once as channels let us.

still true? → silenced? → over the address's limit? (wait, or join the digest) → send → record
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot import rendering
from bot.ahead import Ahead, elsewhere
from bot.errors import DeliveryFailed
from bot.house import House
from bot.messages import Address, Notice, Receipt
from bot.missed import Missed
from bot.pacing import Pace
from bot.ports import Cache, Channel, Updates, Work
from bot.records import Outgoing, Waiting
from bot.rendering import Scene
from bot.settling import settle
from bot.stages import joins, kept
from bot.stores import Stores
from bot.trying import failed_try

LEASE = timedelta(seconds=12)  # more than twice a send's limit: a live sender is done long before anyone else may take its row
SEND_LIMIT = 5.5  # seconds; channels keep to 5 themselves
SLOTS, HANDFUL, ARMFUL = 192, 32, 96  # rows leased at a time; the last, of a backlog
PER_SYSTEM, NO_ROOM = 16, timedelta(seconds=1)  # of these slots for one other system: one that hangs must not hold up people's alerts
PASS, ROOM, GATHER = 5.0, 0.25, 0.005  # seconds: a pass at most; waiting for free slots; for others' results to record with one's own
BEHIND = timedelta(seconds=1)  # what waits longer than this is a backlog
DIGEST_FROM = 2  # that many left over join a digest
RECORD_AGAIN = (0.2, 0.5, 1.0, 2.0, 4.0)  # pauses in seconds; together less than a lease
WAITS = "waits for its address's limit"

log = structlog.get_logger("deliver")


class Delivery:
    """One per process. `wake` asks for another pass (a slot is free, a result left something to do)."""

    def __init__(self, work: Work, house: House, channels: Mapping[str, Channel], cache: Cache, wake: Callable[[], None]) -> None:
        self.work, self.house, self.channels, self.cache, self.wake = work, house, channels, cache, wake
        self._sending: set[asyncio.Task[None]] = set()
        self._results: list[Outgoing] = []
        self._recorder: asyncio.Task[None] | None = None
        self._at: Counter[Address] = Counter()
        self._leased = 0
        self._pace = Pace()
        self._freed = asyncio.Event()
        self._ahead = Ahead()
        self._missed = Missed(channels)

    async def deliver_waiting(self) -> datetime | None:
        """Starts sending as much of what waits as there are free slots; returns the next moment at which something will wait.

        A handful at a time: while the next are leased these are on their way, so a killed process holds few that it has not sent.
        Where more waits than that for longer than a moment, merchants have their turns.
        """
        loop = asyncio.get_running_loop()
        end = loop.time() + PASS
        while await self._room():
            now = self.house.clock.now()
            if loop.time() > end:
                return now  # a pass must end; the next one goes on
            but = elsewhere(self.channels)
            if not self._ahead.has_some(now):
                at = await self.work.read(lambda stores: stores.outbox.next_available(but), quick=True)  # noqa: B023
                if at is None or at > now:
                    return at
                if now - at > BEHIND:
                    await self._ahead.look(self.work, now, but)
            most = min(ARMFUL if self._ahead.has_some(now) else HANDFUL, SLOTS - self._leased)
            if most <= 0:
                break  # a digest has taken what was free meanwhile
            wanted = self._ahead.next(most)
            rows, scene = await self.work.write(lambda stores: _taken(stores, self.house, now, most, wanted, but))  # noqa: B023
            if not rows:
                if wanted:
                    continue
                return now  # somebody else has just taken them
            self._leased += len(rows)
            for (address, _), group in self._to_send(rows, scene).items():
                self._start(self._to_address(address, group, scene))
        return None  # a slot that falls free wakes the next pass

    async def _room(self) -> bool:
        """Waits a little for a handful of free slots: few rows at a time cost as much as many. Then takes what there are."""
        if SLOTS - self._leased < (ARMFUL if self._ahead.has_some(self.house.clock.now()) else HANDFUL):
            self._freed.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(ROOM):
                    await self._freed.wait()
        return self._leased < SLOTS

    async def drain(self, limit: float) -> None:
        """Lets what is being sent finish, for so many seconds; what does not is sent again by whoever takes its lease over."""
        loop = asyncio.get_running_loop()
        end = loop.time() + limit
        while (going := self._going()) and loop.time() < end:
            await asyncio.wait(going, timeout=end - loop.time())  # what ends may have begun more: an address's sends, their record

    def _going(self) -> set[asyncio.Task[None]]:
        recording = {self._recorder} if self._recorder is not None and not self._recorder.done() else set()
        return self._sending | recording

    def _to_send(self, rows: Sequence[Outgoing], scene: Scene) -> dict[tuple[Address, bool], list[Outgoing]]:
        """What passes the stages, by address, posts apart from edits; the rest is done, each with its reason."""
        groups: dict[tuple[Address, bool], list[Outgoing]] = defaultdict(list)
        now = self.house.clock.now()
        for row in rows:
            try:
                done = kept(row, scene, self.house, now)
            except Exception:
                log.exception("stages failed", delivery=row.id)  # what one row is made of must not hold up the others
                done = failed_try(row, DeliveryFailed("later", "fault: it cannot be read"), now)
            if done is not None:
                self._done(done)
            else:
                groups[Address(row.channel, row.target), row.receipt is not None].append(row)
        return groups

    async def _to_address(self, address: Address, rows: list[Outgoing], scene: Scene) -> None:
        """As many as the address's limit lets through; of what is left, what can joins a digest and the rest waits."""
        try:
            passing, wait = await self._within_limit(address, rows)
        except Exception:
            log.exception("limit not asked", channel=address.channel)
            self._put_back(rows, self.house.clock.now())
            return
        left, abilities = rows[len(passing) :], self.channels[address.channel].abilities
        if passing and abilities.digests:
            joining = [row for row in (passing[-1], *left) if joins(row, abilities)][: abilities.digest]
            waited = any(row.last_error == WAITS for row in joining)  # then others of its address may be waiting beside these
            if (len(joining) > DIGEST_FROM or waited) and passing[-1] in joining:
                passing.pop()
                left = [row for row in left if row not in joining]
                self._start(self._send_digest(address, joining, scene))
        available = self.house.clock.now() + wait
        for row in left:
            # Posts wait for the same moment, to go out in one digest; edits cannot, so each has its turn.
            at = available if row.receipt is None else self._pace.turn(_bucket(address, row), available, abilities.per_minute)
            self._done(replace(row, state="waiting", available_at=at, last_error=WAITS))
        for row in passing[1:]:
            self._start(self._send(row, scene))
        if passing:
            await self._send(passing[0], scene)

    async def _within_limit(self, address: Address, rows: list[Outgoing]) -> tuple[list[Outgoing], timedelta]:
        """A fresh post never waits behind edits of older cards: they have a bucket of their own."""
        abilities = self.channels[address.channel].abilities
        bucket = _bucket(address, rows[0])
        room = len(rows) if abilities.digests else PER_SYSTEM - self._at[address]
        for place in range(min(room, len(rows))):
            wait = await self.cache.take(bucket, abilities.burst, abilities.per_minute)
            if wait > timedelta():
                return rows[:place], wait
        return rows[:room], timedelta() if room >= len(rows) else NO_ROOM

    async def _send(self, row: Outgoing, scene: Scene) -> None:
        notice: Notice | None = None
        channel = self.channels[row.channel]
        now = self.house.clock.now()
        address = Address(row.channel, row.target)
        self._at[address] += 1
        try:
            notice = rendering.notice(row, scene, self.house, now)
            async with asyncio.timeout(SEND_LIMIT):
                receipt = await _shown(channel, row, notice)
            done = replace(row, state="sent", receipt=dict(receipt), sent_at=row.sent_at or now, last_error=None, failures=0, unsure=False)
        except DeliveryFailed as failed:
            done = self._missed.failed(row, failed, now)
        except TimeoutError:
            done = self._missed.failed(row, DeliveryFailed("unknown", "no answer in time"), now)
        except Exception as fault:
            log.exception("send failed", delivery=row.id, channel=row.channel)
            done = failed_try(row, DeliveryFailed("unknown", f"fault: {type(fault).__name__}"), now)
        finally:
            self._at[address] -= 1
            if not self._at[address]:
                del self._at[address]
        self._done(done)

    async def _send_digest(self, address: Address, rows: list[Outgoing], scene: Scene) -> None:
        """Everything that waits for this address, in one message."""
        now = self.house.clock.now()
        try:
            rows, scene = await self._with_more(address, rows, scene, now)
            if len(rows) <= DIGEST_FROM:
                self._put_back(rows[1:], now)
                self._start(self._send(rows[0], scene))
                return
            id = f"dgs_{rows[0].id.removeprefix('dlv_')}"
            async with asyncio.timeout(SEND_LIMIT):
                await self.channels[address.channel].send(rendering.digest(rows, scene, self.house, address, id))
        except DeliveryFailed as failed:
            outcomes = [self._missed.failed(row, failed, now) for row in rows]
        except TimeoutError:
            outcomes = [self._missed.failed(row, DeliveryFailed("unknown", "no answer in time"), now) for row in rows]
        except Exception:
            log.exception("digest failed", channel=address.channel, rows=len(rows))
            outcomes = [failed_try(row, DeliveryFailed("unknown", "fault in a digest"), now) for row in rows]
        else:
            outcomes = [replace(row, state="sent", receipt={"folded": id}, sent_at=now, last_error=None) for row in rows]
        for row in outcomes:
            self._done(row)

    async def _with_more(self, address: Address, rows: list[Outgoing], scene: Scene, now: datetime) -> tuple[list[Outgoing], Scene]:
        """The rows with all others that wait for this address and can join."""

        def more(stores: Stores) -> tuple[list[Outgoing], Scene]:
            most = self.channels[address.channel].abilities.digest - len(rows)
            found = list(stores.outbox.lease_more(address.channel, address.target, now, now + LEASE, most)) if most > 0 else []
            return found, rendering.scene(stores, self.house, [*rows, *found], now) if found else scene

        found, scene = await self.work.write(more)
        self._leased += len(found)
        joined = list(rows)
        groups = self._to_send(found, scene)
        self._put_back(groups.get((address, True), []), now)
        for row in groups.get((address, False), []):
            if joins(row, self.channels[address.channel].abilities):
                joined.append(row)
            else:
                self._put_back([row], now)
        return joined, scene

    def _put_back(self, rows: Sequence[Outgoing], now: datetime) -> None:
        """They were not tried: they wait a moment, and it does not count."""
        for row in rows:
            self._done(replace(row, state="waiting", available_at=now + timedelta(seconds=1)))

    def _done(self, row: Outgoing) -> None:
        self._results.append(row)
        if self._recorder is None or self._recorder.done():
            self._recorder = asyncio.create_task(self._record())

    async def _record(self) -> None:
        """Writes results as they come, those that come together in one transaction."""
        while self._results:
            if len(self._results) < HANDFUL < self._leased:
                await asyncio.sleep(GATHER)  # others are about to end: they go into the same transaction
            batch, self._results = self._results, []
            now = self.house.clock.now()
            back = self._missed.back(batch, now)
            for pause in RECORD_AGAIN:
                try:
                    await self.work.write(lambda stores: settle(stores, self.house, batch, now, back))  # noqa: B023
                    break
                except Exception:
                    # A database that is away for a moment: what was sent stays ours until the lease runs out. After that it is sent
                    # again by whoever takes it over: twice is better than never.
                    log.exception("outcomes not recorded", rows=len(batch))
                    await asyncio.sleep(pause)
            self._leased -= len(batch)
            if SLOTS - self._leased >= (ARMFUL if self._ahead.has_some(now) else HANDFUL):
                self._freed.set()
            self._measure(batch, now)
            self.wake()

    def _measure(self, batch: Sequence[Outgoing], now: datetime) -> None:
        for row in batch:
            outcome = "later" if row.state == "waiting" else row.state
            self.house.metrics.delivered(row.channel, outcome, (now - row.created_at).total_seconds())

    def _start(self, work: object) -> None:
        task = asyncio.ensure_future(work)  # type: ignore[call-overload]
        self._sending.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._sending.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("delivery task failed", exc_info=task.exception())
            self.wake()


def _taken(
    stores: Stores, house: House, now: datetime, most: int, wanted: Sequence[Waiting], but: Sequence[str]
) -> tuple[list[Outgoing], Scene]:
    """What they talk about is read before their lease is on record: killed meanwhile, we leave them to the others at once."""
    until = now + LEASE
    rows = list(stores.outbox.lease_these(wanted, now, until) if wanted else stores.outbox.lease(now, until, most, but))
    return rows, rendering.scene(stores, house, rows, now)


def _bucket(address: Address, row: Outgoing) -> str:
    return f"{address.channel}:{address.target}" + (":edits" if row.receipt is not None else "")


async def _shown(channel: Channel, row: Outgoing, notice: Notice) -> Receipt:
    if row.receipt is not None and isinstance(channel, Updates):
        return await channel.update({**row.receipt, **(row.fresh or {})}, notice)
    return await channel.send(notice)
