"""What one may ask: handle · reply · form · ask · configure · open · say · record · hold; passes: escalate_due, deliver_waiting, …"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain
from typing import Any, TypeVar

import structlog

from bot import asking, noting, talk
from bot.asking.people import by_settings
from bot.card import Chart, Form
from bot.configuring import configure
from bot.deliver import Delivery
from bot.doing import Noting, do_once, english, in_english
from bot.errors import Refused, Unauthentic
from bot.escalate import escalate_due
from bot.happenings.working import Happenings
from bot.house import House, new_id
from bot.importing.files import Files
from bot.keeping import Keeping
from bot.messages import (
    Authenticate,
    Bearer,
    CollectionPermission,
    Command,
    Doc,
    NewMessage,
    NewTicket,
    Once,
    Put,
    RefundPermission,
    Rehearse,
    Reply,
    ReportByLink,
    ReportOf,
    codec,
)  # fmt: skip
from bot.opening import Opening
from bot.permissions import Permissions
from bot.ports import Cache, Channel, Work
from bot.preview import preview
from bot.records import Hold, Inbound
from bot.recounting import recount
from bot.rehearsing import rehearse
from bot.saying import add_message
from bot.sealing import Sealing
from bot.second_look import SecondLook
from bot.selfcheck import Checked, SelfCheck
from bot.sla import days_off
from bot.stores import Stores
from bot.tallying import Tally
from bot.uses import Uses
from bot.views import message_doc

T = TypeVar("T")
KEY_LIMIT = 0.5  # seconds in which the database must recognise a key that was recognised lately
INBOX_LEASE, INBOX_BATCH = timedelta(seconds=15), 20
INBOX_AT_ONCE = 4  # more would make what comes in wait for what is being worked
log = structlog.get_logger("desk")


class Desk:
    """One per process. Every method may be called concurrently.

    Refused (and its kinds) come out with `say` in the asker's language; nothing is stored then. AlreadyAnswered comes out where
    `once` names an idempotency key that was answered before.
    """

    def __init__(self, work: Work, house: House, channels: Mapping[str, Channel], cache: Cache) -> None:
        self._work, self._house = work, house
        self._audit = SelfCheck(work, house, new_id("prc"), self._woken)
        self._paper = asyncio.Lock()
        self._wake: Callable[[], None] = _nobody
        self._permissions, self._collections = Permissions(work, house), Permissions(work, house, "collection")
        self._uses = Uses(work, house)
        self._opening = Opening(work, house)
        self.files = Files(work, house)
        self.labels = SecondLook(work, house)
        self.tally = Tally(work, house)
        self.sealing = Sealing(work, house)
        self.keeping = Keeping(work, house)
        self.happenings = Happenings(work, house, self._told)
        self.delivery = Delivery(work, house, channels, cache, self._told)

    def on_work(self, wake: Callable[[], None]) -> None:
        """`wake` is called when something was written that a pass may have to do with: the ticker need not wait for its next look."""
        self._wake = wake

    async def handle(self, command: Command) -> Reply:
        """Does what a person asks. Raises Refused. For the API."""
        done = await talk.handle(self._work, self._house, command)
        self._woken_by(command)
        return done

    async def reply(self, command: Command) -> Reply:
        """The same for chat: a refusal is a Reply with ok=False. Raises nothing on purpose but for faults."""
        done = await talk.answer(self._work, self._house, command)
        self._woken_by(command)
        return done

    async def form(self, command: Command) -> Form | Reply | None:
        """What a command asks for before it is done; a Reply: it would be refused; None: there is nothing to ask. Changes nothing."""
        return await talk.form(self._work, self._house, command)

    async def ask(self, query: Any) -> Any:
        """Answers one of `bot.messages.asks`; what each returns stands in its docstring. Changes nothing."""
        if isinstance(query, RefundPermission):
            return await english(self._permissions.ask(query))
        if isinstance(query, CollectionPermission):
            return await english(self._collections.ask(query))
        if isinstance(query, Authenticate):
            return await self._recognised(query)
        return await self._asked(query)

    async def _asked(self, query: Any) -> Any:
        quick = asking.quick(query)
        return await self._work.read(lambda stores: in_english(lambda: asking.ask(stores, self._house, query)), quick=quick)

    async def _recognised(self, query: Authenticate) -> Bearer:
        """While the database is away, who was recognised lately still is: refunds are asked for all the same."""
        if (admin := by_settings(self._house, query)) is not None:
            return admin
        known = self._permissions.bearer(query) if query.lately else None
        try:
            async with asyncio.timeout(KEY_LIMIT if known else None):
                bearer: Bearer = await self._asked(query)
        except Unauthentic:
            self._permissions.drop(query)
            raise
        except Exception as away:
            if known is None:
                raise
            log.warning("key not looked up, recognised lately", why=type(away).__name__)
            return known
        self._permissions.remember(query, bearer)
        self._uses.seen(bearer)
        return bearer

    async def warm(self) -> None:
        """Imports the holidays of the policies there are, a fifth of a second that no request should wait for; models load behind that."""
        rules = await self._work.read(lambda stores: stores.policies.page(None, 1000, None).items)
        countries = {str(calendar["holidays"]) for rule in rules if (calendar := rule.doc.get("calendar")) and calendar.get("holidays")}
        this = self._house.clock.now().year
        self._warming = asyncio.create_task(self.labels.warm())
        await asyncio.gather(*(asyncio.to_thread(days_off.year, country, year) for country in countries for year in (this, this + 1)))

    async def paper(self, query: ReportOf | ReportByLink) -> bytes:
        """A report as a PDF. One is made at a time, in a thread: it is work of a second that nobody else should wait for."""
        found = await self.ask(query)
        from bot.report.paper import pdf  # noqa: PLC0415  # fonts and all: only who makes one needs it

        async with self._paper:
            return await asyncio.to_thread(pdf, found)

    async def drawn(self, charts: Sequence[Chart]) -> bytes:
        """Charts as one PNG."""
        from bot.charts.drawing import png  # noqa: PLC0415  # as above

        async with self._paper:
            return await asyncio.to_thread(png, charts)

    async def configure(self, change: Any, once: Once | None = None) -> Doc:
        """Makes one of `bot.messages.changes`."""
        return await self._done(
            once, lambda stores, now: configure(stores, self._house, change, now),
            lambda stores, refused, now: noting.changed(stores, change, now, refused=refused),
        )  # fmt: skip

    async def preview(self, change: Put) -> Doc:
        """What putting this SLA policy would do to the tickets that are open now. Changes nothing; raises what `configure` would."""
        try:
            return await preview(self._work, self._house, change)
        except Refused as refused:
            raise talk.worded(refused, "en") from None

    async def rehearse(self, asked: Rehearse) -> Doc:
        """What the risk rules would have done. Changes nothing."""
        return await rehearse(self._work, self._house, asked)

    async def open(self, new: NewTicket, once: Once | None = None) -> Doc:
        """Opens a ticket → its document. Raises NotFound, BadUsage, Refused `merchant_not_enabled`."""
        doc = await self._opening.open(new, once)
        self._woken()
        return doc

    async def say(self, new: NewMessage, once: Once | None = None) -> Doc:
        """Adds a message to a ticket → the message's document."""
        return await self._done(
            once, lambda stores, now: message_doc(add_message(stores, self._house, new, now)),
            lambda stores, refused, now: noting.turned_away(stores, "message.add", new.by, new.within, refused, now, new.ticket),
        )  # fmt: skip

    async def record(self, source: str, external_id: str, body: Mapping[str, Any]) -> bool:
        """Stores something a platform sent, before it is acknowledged. False: stored before; nothing is done twice.

        `body` is {"command": {...}}, as `bot.messages.codec.command_doc` makes it; `work_inbox` works it and sends the Reply where
        its `answer_to` says.
        """
        now = self._house.clock.now()
        new = await self._work.write(lambda stores: stores.inbox.add(Inbound(source, external_id, body, now)))
        self._wake()
        return new

    async def hold(self, name: str, holder: str, length: timedelta, note: Mapping[str, Any] | None = None) -> Hold:
        """Takes or keeps what one process at a time may do; whose it is then. It is `holder`'s for so long, unless renewed or let go."""
        now = self._house.clock.now()
        return await self._work.write(lambda stores: stores.holds.take(name, holder, now, now + length, note or {}))

    async def let_go(self, name: str, holder: str) -> None:
        """The next may have it at once."""
        now = self._house.clock.now()
        await self._work.write(lambda stores: stores.holds.release(name, holder, now))

    async def held(self, name: str) -> Hold | None:
        """Whose it is, with the holder's note; None while it is nobody's."""
        now = self._house.clock.now()
        found = await self._work.read(lambda stores: stores.holds.get(name), quick=True)
        return found if found is not None and found.until > now else None

    async def escalate_due(self) -> datetime | None:
        """One pass over what is due, then a batch of what a changed policy has left to do; returns the next due moment."""
        due = await escalate_due(self._work, self._house, self._woken)
        left = await recount(self._work, self._house)
        return min((at for at in (due, left) if at is not None), default=None)

    async def deliver_waiting(self) -> datetime | None:
        """Starts sending what waits; returns the next moment at which something will."""
        return await self.delivery.deliver_waiting()

    async def work_inbox(self) -> datetime | None:
        """Works what was stored by `record`; returns when to look again."""
        now = self._house.clock.now()
        at = await self._work.read(lambda stores: stores.inbox.next_available(), quick=True)
        if at is None or at > now:
            return at
        rows = await self._work.write(lambda stores: stores.inbox.lease(now, now + INBOX_LEASE, INBOX_BATCH))
        left = iter(_by_speaker(rows))
        await asyncio.gather(*(self._work_in_turn(left) for _ in range(INBOX_AT_ONCE)))
        self._woken()
        return await self._work.read(lambda stores: stores.inbox.next_available(), quick=True)

    async def _work_in_turn(self, left: Iterator[Sequence[Inbound]]) -> None:
        """What one person says is worked in its order; what others say need not wait for it, and commits with it."""
        for each in chain.from_iterable(left):
            try:
                await talk.answer(self._work, self._house, codec.command(each.body["command"]), stored=True)
            except Exception:
                # It stays stored; its lease runs out and it is tried again.
                log.exception("inbound not worked", source=each.source, id=each.external_id, attempt=each.attempt)

    def _told(self) -> None:
        self._wake()

    async def check_itself(self) -> tuple[datetime, Checked | None]:
        """The self-audit, if it is time and this process's turn: when to come again, and what was stuck. It has been healed then."""
        return await self._audit.run()

    def _woken(self) -> None:
        """Something was written here."""
        self._permissions.forget()
        self._collections.forget()
        self._wake()

    def _woken_by(self, command: Command) -> None:
        if talk.changes(command):
            self._woken()

    async def _done(self, once: Once | None, make: Callable[[Stores, datetime], Doc], noting: Noting) -> Doc:
        doc = await do_once(self._work, self._house, once, make, noting)
        self._woken()
        return doc


def _by_speaker(rows: Sequence[Inbound]) -> Iterable[list[Inbound]]:
    found: dict[str, list[Inbound]] = {}
    for row in rows:
        found.setdefault(str((row.body.get("command") or {}).get("by")), []).append(row)
    return found.values()


def _nobody() -> None:
    """Until a ticker runs, nobody is woken."""
