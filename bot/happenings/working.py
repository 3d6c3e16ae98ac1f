"""Events are kept before they are acknowledged, and worked from there: what comes of one commits with its being done.

So a kill at any moment loses nothing and does nothing twice. What fails is tried again later and in the end kept with its reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.administrators import telling
from bot.errors import Refused, Unreadable
from bot.happenings.ahead import read_ahead
from bot.happenings.casing import told_case
from bot.happenings.money import told_order, told_payment, told_refund
from bot.happenings.outcome import At, Done, Later, Waits
from bot.happenings.placing import place
from bot.happenings.privacy import told_privacy
from bot.house import House, new_id
from bot.intake import count_opened, draw
from bot.messages import Fact, TakeEvent, TellAdmins, Told, ToldCase, ToldOrder, ToldPayment, ToldPrivacy, ToldRefund
from bot.paid import Happening
from bot.ports import Work
from bot.stores import Stores
from bot.together import Together

CHANNEL = "payments"  # the connections among the Accounts
BATCH, BATCHES = 40, 30
TURN = timedelta(seconds=0.5)  # until a look at what another replica was at
AGAIN = timedelta(seconds=5)  # no transaction takes so long
TRIES = 6
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (10, 40, 160, 640, 2560))  # after each try but the last: about an hour in all
_WORK: dict[type[Any], Callable[..., Done | Waits | Later]] = {
    ToldPayment: told_payment, ToldRefund: told_refund, ToldCase: told_case, ToldOrder: told_order,
    ToldPrivacy: told_privacy,
}  # fmt: skip
log = structlog.get_logger("events")


class Happenings:
    """One per process: `take` keeps an event, the pass `work` makes of it what it says."""

    def __init__(self, work: Work, house: House, told: Callable[[], None]) -> None:
        self._work, self._house, self._told = work, house, told
        self._taking: Together[Happening, None] = Together(self._kept)

    async def take(self, event: TakeEvent) -> None:
        """Kept when it returns, with others that came at once. One that was taken before changes nothing."""
        now, house = self._house.clock.now(), self._house
        sealed = house.vault.seal(event.raw, _context(event.merchant_id, event.connection, event.id))
        kept = Happening(
            event.merchant_id, event.connection, event.id, new_id("evt"), event.kind, event.type[:128], sealed, now, now
        )  # fmt: skip
        await self._taking.ask(kept)
        self._told()

    async def _kept(self, some: Sequence[Happening]) -> Sequence[None]:
        await self._work.write(lambda stores: stores.happenings.add(some))
        return [None] * len(some)

    async def work(self) -> datetime | None:
        """Works what waits, many in one transaction, one transaction after the other; returns when to look again.

        Events of one case come one after the other: two transactions at once would get into each other's way more than they would gain.
        """
        at = await self._next()
        if at is None or at > self._house.clock.now():
            return at
        some = await self._some()
        at = await self._next()
        return at if some or at is None else max(at, self._house.clock.now() + TURN)

    async def _next(self) -> datetime | None:
        return await self._work.read(lambda stores: stores.happenings.next_available(), quick=True)

    async def _some(self) -> bool:
        """Batches, until nothing is left, or another replica is at all of it; whether there was anything."""
        for turn in range(BATCHES):
            now = self._house.clock.now()
            try:
                rows = await self._work.write(lambda stores: self._batch(stores, now))  # noqa: B023
            except Exception:
                # One of them: each alone, so that it holds up no other.
                log.warning("events not worked together", exc_info=True)
                rows = await self._one_by_one(now)
            self._told()
            if len(rows) < BATCH:
                return turn > 0 or bool(rows)
        return True

    def _batch(self, stores: Stores, now: datetime) -> Sequence[Happening]:
        rows = stores.happenings.take(now, BATCH)
        self._work_all(stores, rows, now)
        return rows

    def _work_all(self, stores: Stores, rows: Sequence[Happening], now: datetime) -> None:
        said = [(each, self._said(stores, each, now)) for each in rows]
        read = [(each, told) for each, told in said if isinstance(told, Told)]
        read_ahead(stores, read)
        new = Counter(each.merchant_id for each, told in read for fact in told.facts if self._opens(stores, each, fact))
        for merchant_id, many in sorted(new.items()):
            draw(stores, merchant_id, many)
        stores.happenings.settle([self._came_of(stores, each, told, now) if isinstance(told, Told) else told for each, told in said])
        count_opened(stores, self._house, now)

    async def _one_by_one(self, now: datetime) -> Sequence[Happening]:
        rows = await self._work.write(lambda stores: stores.happenings.take(now, BATCH))
        for row in rows:
            try:
                await self._work.write(lambda stores: self._alone(stores, row, now))  # noqa: B023
            except Exception as failed:
                log.exception("event not worked", event=row.id, kind=row.kind, type=row.type, attempt=row.attempt + 1)
                why = type(failed).__name__
                await self._work.write(lambda stores: self._stumbled(stores, row, why, now))  # noqa: B023
        return rows

    def _alone(self, stores: Stores, row: Happening, now: datetime) -> None:
        mine = stores.happenings.take_one(row, now)
        if mine is not None:
            self._work_all(stores, [mine], now)

    def _stumbled(self, stores: Stores, row: Happening, why: str, now: datetime) -> None:
        mine = stores.happenings.take_one(row, now)
        if mine is None:
            return
        tried = replace(mine, attempt=mine.attempt + 1, why={"key": "event.failed", "params": {"why": why}})
        if tried.attempt >= TRIES:
            self._bury(stores, tried, now)
        else:
            stores.happenings.settle([replace(tried, available_at=now + PAUSES[tried.attempt - 1])])

    def _bury(self, stores: Stores, event: Happening, now: datetime) -> Happening:
        """Kept, and told: once per connection and day, however many there are."""
        dead = replace(event, state="failed", worked_at=now)
        stores.happenings.settle([dead])
        params = {"connection": event.connection, "kind": event.kind, "type": event.type}
        cause = f"events_failed:{event.connection}:{now:%Y-%m-%d}"
        stores.outbox.add(telling(stores, self._house, TellAdmins("event_failed", cause, params, now, event.merchant_id), now))
        return dead

    def _said(self, stores: Stores, event: Happening, now: datetime) -> Told | Happening:
        """What it says; or what has become of one that says nothing."""
        institution = self._house.institutions.get(event.kind)
        if institution is None:
            return _ended(event, "ignored", now, "event.no_institution", {"kind": event.kind})
        if not institution.shop and event.kind not in self._house.settings.provider:
            return _ended(event, "ignored", now, "event.not_ours", {"kind": event.kind})
        try:
            told = institution.normalise(event.type, self._opened(event))
        except Unreadable as broken:  # it will not be better next time
            why = {"key": "event.unreadable", "params": {"why": str(broken)}}
            return self._bury(stores, replace(event, attempt=event.attempt + 1, why=why), now)
        if not told.facts:
            return _ended(event, "done" if told.known else "ignored", now, None if told.known else "event.unknown_type")
        return told

    def _came_of(self, stores: Stores, event: Happening, told: Told, now: datetime) -> Happening:
        try:
            results = [self._told_of(stores, event, fact, now) for fact in told.facts]
        except Refused as refused:
            return _ended(event, "unmatched", now, refused.key, {name: str(value) for name, value in refused.params.items()})
        return _summed(stores, event, results, now)

    def _opens(self, stores: Stores, event: Happening, fact: Fact) -> bool:
        """Whether its first ticket most likely comes of it."""
        if not isinstance(fact, ToldCase) or fact.outcome is not None or fact.on_its_way:
            return False
        known = stores.cases.get(event.merchant_id, event.kind, fact.case_id)
        return known is None and place(stores, self._at(stores, event), fact.payment_id, fact.reference) is not None

    def _told_of(self, stores: Stores, event: Happening, fact: Fact, now: datetime) -> Done | Waits | Later:
        return _WORK[type(fact)](stores, self._house, self._at(stores, event), fact, now)

    def _at(self, stores: Stores, event: Happening) -> At:
        key = (CHANNEL, event.connection)
        if key not in stores.memory:  # a batch is mostly of one connection
            stores.memory[key] = stores.accounts.get(*key)
        account = stores.memory[key]
        mine = account.doc if account is not None and account.merchant_id == event.merchant_id else {}
        return At(event.merchant_id, event.kind, mine.get("shop_id"), mine.get("channel_id"), self._house.institutions[event.kind].shop)

    def _opened(self, event: Happening) -> bytes:
        return self._house.vault.open(event.sealed, _context(event.merchant_id, event.connection, event.event_id))


def _summed(stores: Stores, event: Happening, results: Sequence[Done | Waits | Later], now: datetime) -> Happening:
    for each in results:
        if isinstance(each, Later):
            kept = _ended(event, "waiting", now, "event.expected", {"until": f"{each.until:%Y-%m-%d %H:%M} UTC"})
            return replace(kept, attempt=event.attempt, available_at=each.until, worked_at=None)
    waiting = [each for each in results if isinstance(each, Waits)]
    for each in waiting:
        stores.happenings.expect(event, each.keys)
        kept = _ended(event, "unmatched", now, each.why, each.params)
        # What it waits for may be on its way in at this moment, unseen by this transaction as this one is by that: one more look.
        return kept if event.attempt else replace(kept, state="waiting", available_at=now + AGAIN, worked_at=None)
    ticket = next((each.ticket for each in results if isinstance(each, Done) and each.ticket), None)
    why = next((each.why for each in results if isinstance(each, Done) and each.why), None)
    return replace(_ended(event, "done", now, why), ticket=ticket)


def _ended(event: Happening, state: str, now: datetime, why: str | None, params: Any = None) -> Happening:
    said = {"key": why, "params": dict(params or {})} if why else None
    return replace(event, state=state, attempt=event.attempt + 1, why=said, worked_at=now)


def _context(merchant_id: str, connection: str, event_id: str) -> str:
    return f"happenings|sealed|{merchant_id}/{connection}/{event_id}"
