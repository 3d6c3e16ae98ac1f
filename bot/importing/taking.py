"""A batch of rows into the database, in one transaction: whose each is, what is there already, and everything that follows from it.

A row that breaks a rule is left out and said; all others go in. Nothing rings: what is imported has happened already.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot import custom, endings, originals, surges
from bot.announce import Actor
from bot.errors import BadUsage
from bot.house import House
from bot.importing.history import changed, clocked, stated
from bot.importing.reading import Clock, Given, GivenOrder, GivenTicket
from bot.intake import fields_of
from bot.jobs import Bad, RowError
from bot.labelling import first_look
from bot.people import Person
from bot.privacy import mask_buyer, mask_text
from bot.records import Deadline, Entry, Merchant, Order, Shop
from bot.sla.escalation import next_moment, next_tier_at
from bot.sla.policy import Policy
from bot.stores import Stores
from bot.ticket import State, Ticket
from bot.views import moment


@dataclass(slots=True)
class Taken:
    """What became of a batch."""

    added: int = 0
    known: int = 0
    errors: list[RowError] = field(default_factory=list)
    summary: Mapping[str, Any] | None = None  # as it is now; None: as it was


@dataclass(frozen=True, slots=True)
class _Context:
    stores: Stores
    house: House
    within: str | None
    by: Actor
    now: datetime
    shops: dict[str, Shop | None]
    merchants: dict[str, Merchant]
    people: Mapping[str, Person]
    policies: dict[tuple[str, str, str], Policy]

    def policy(self, ticket: Ticket) -> Policy:
        """Asked of every row, and the same for most."""
        key = ticket.merchant_id, ticket.category.label, ticket.priority
        if key not in self.policies:
            self.policies[key] = self.house.policy(self.stores, ticket)
        return self.policies[key]

    def shop(self, given: Given) -> Shop:
        if given.shop_id not in self.shops:
            self.shops[given.shop_id] = self.stores.merchants.shop(given.shop_id, self.within)
        shop = self.shops[given.shop_id]
        if shop is None:
            raise Bad("shop_id", "cell_no_shop", shop=given.shop_id)
        if given.merchant_id not in (None, shop.merchant_id):
            raise Bad("merchant_id", "cell_other_merchant", shop=given.shop_id, merchant=given.merchant_id)
        if shop.merchant_id not in self.merchants:
            found = self.stores.merchants.get(shop.merchant_id)
            if found is None:
                raise Bad("shop_id", "cell_no_shop", shop=given.shop_id)
            self.merchants[shop.merchant_id] = found
        return shop

    def utc(self, at: datetime, merchant_id: str) -> datetime:
        """A moment without a zone is in the merchant's."""
        try:
            aware = at if at.tzinfo is not None else at.replace(tzinfo=ZoneInfo(self.merchants[merchant_id].timezone))
            return aware.astimezone(UTC)
        except OverflowError:
            raise Bad("created_at", "cell_not_time", value=str(at)) from None


def take(stores: Stores, house: House, rows: Sequence[Given | RowError], now: datetime, *, within: str | None, by: Actor) -> Taken:
    """Orders first, so that tickets find theirs."""
    taken = Taken(errors=[row for row in rows if isinstance(row, RowError)])
    tickets = [row for row in rows if isinstance(row, GivenTicket)]
    people = stores.people.many({row.assignee for row in tickets if row.assignee})
    context = _Context(stores, house, within, by, now, {}, {}, people, {})
    _take_orders(context, [row for row in rows if isinstance(row, GivenOrder)], taken)
    _take_tickets(context, tickets, taken)
    return taken


def _take_orders(context: _Context, rows: Sequence[GivenOrder], taken: Taken) -> None:
    made: dict[tuple[str, str], list[Order]] = {}
    for row in rows:
        try:
            order = _order(context, row)
        except Bad as bad:
            taken.errors.append(bad.at(row.row))
        else:
            made.setdefault((order.merchant_id, order.shop_id), []).append(order)
    new: list[Order] = []
    for (merchant_id, shop_id), orders in made.items():
        there = set(context.stores.orders.many(merchant_id, shop_id, [each.order_no for each in orders]))
        for order in orders:
            if order.order_no in there:
                taken.known += 1
            else:
                there.add(order.order_no)
                new.append(order)
    context.stores.orders.add(new)
    for merchant_id in sorted({each.merchant_id for each in new}):  # events that waited for them
        own = [each for each in new if each.merchant_id == merchant_id]
        keys = [key for each in own for key in (each.payment.get("transaction_id"), each.order_no) if key]
        context.stores.happenings.wake(merchant_id, keys, context.now)
    taken.added += len(new)


def _order(context: _Context, row: GivenOrder) -> Order:
    shop = context.shop(row)
    if row.payment["provider"] not in context.house.settings.provider:
        known = ", ".join(context.house.settings.provider)
        raise Bad("payment.provider", "order_not_paid_via_provider", paid_by=row.payment["provider"], provider=known)
    payment = {**row.payment, "paid_at": moment(context.utc(row.paid_at, shop.merchant_id))}
    shown, sealed = _buyer(
        context, shop.merchant_id, f"orders/{shop.id}/{row.order_no}", row.buyer, f"orders|buyer|{shop.id}/{row.order_no}"
    )
    updated = context.now if row.updated_at is None else context.utc(row.updated_at, shop.merchant_id)
    return Order(shop.merchant_id, shop.id, row.order_no, row.total, payment, shown, sealed, updated)


def _take_tickets(context: _Context, rows: Sequence[GivenTicket], taken: Taken) -> None:
    found: dict[tuple[str, str], tuple[GivenTicket, Ticket]] = {}
    for row in rows:
        try:
            ticket = _ticket(context, row)
        except Bad as bad:
            taken.errors.append(bad.at(row.row))
            continue
        key = ticket.merchant_id, _place(row, ticket)
        if key in found:
            taken.known += 1
        else:
            found[key] = row, ticket
    new = _unknown(context, found)
    taken.known += len(found) - len(new)
    with_numbers = _numbered(context, new)
    claimed = context.stores.jobs.claim_sources([(*key, ticket.number) for key, (_, ticket) in with_numbers.items()])
    taken.known += len(with_numbers) - len(claimed)
    taken.added += len(claimed)
    _add(context, [with_numbers[key] for key in with_numbers if key in claimed])


def _place(row: GivenTicket, ticket: Ticket) -> str:
    """What tells this ticket from every other that this shop has got: its number there, or all that is said of it."""
    if row.external_id is not None:
        return f"{row.shop_id}|id:{row.external_id}"
    if row.number is not None:
        return f"{row.shop_id}|number:{row.number}@{moment(ticket.created_at)}"
    said = json.dumps({**asdict(row), "row": 0}, default=str, sort_keys=True)
    return f"{row.shop_id}|row:{hashlib.sha256(said.encode()).hexdigest()[:40]}"


def _unknown(
    context: _Context, found: Mapping[tuple[str, str], tuple[GivenTicket, Ticket]]
) -> dict[tuple[str, str], tuple[GivenTicket, Ticket]]:
    """Those that have not come before, and are not our own coming back."""
    by_merchant: dict[str, list[str]] = {}
    for merchant_id, place in found:
        by_merchant.setdefault(merchant_id, []).append(place)
    known = {(m, place) for m, places in by_merchant.items() for place in context.stores.jobs.sources(m, places)}
    ours = context.stores.tickets.many({number for row, _ in found.values() if (number := _own_number(row)) is not None})
    left = {}
    for key, (row, ticket) in found.items():
        own = ours.get(_own_number(row) or 0)
        same = own is not None and own.shop_id == ticket.shop_id and moment(own.created_at) == moment(ticket.created_at)
        if key not in known and not (same and own is not None and own.subject in (ticket.subject, mask_text(ticket.subject))):
            left[key] = row, ticket
    return left


def _own_number(row: GivenTicket) -> int | None:
    digits = (row.number or "").removeprefix("T-")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 10 else None


def _ticket(context: _Context, row: GivenTicket) -> Ticket:
    shop = context.shop(row)
    merchant = context.merchants[shop.merchant_id]
    if merchant.enabled_at is None:
        raise Bad("shop_id", "merchant_not_enabled", merchant=merchant.id)
    if row.assignee is not None:
        person = context.people.get(row.assignee)
        if person is None or not person.sees(merchant.id) or (context.within is not None and person.merchant_id != context.within):
            raise Bad("assignee", "cell_no_agent", agent=row.assignee)
    fields = _fields(context, merchant.id, row.custom_fields)
    moments = {name: context.utc(at, merchant.id) for name, at in row.moments.items()}
    ticket = Ticket(
        merchant_id=merchant.id, number=0, shop_id=shop.id, platform=shop.platform, subject=row.subject, message=row.message,
        created_at=context.now, updated_at=context.now, order_no=row.order_no, currency=row.currency, state=row.state,
        category=row.category or first_look(context.house, row.subject, row.message), priority=row.priority,
        language=row.language or row.buyer.get("locale"), assignee=row.assignee, custom_fields=fields,
    )  # fmt: skip
    ticket = stated(ticket, moments, context.now)
    clocks = {kind: _in_utc(context, clock, merchant.id) for kind, clock in row.clocks.items()}
    ticket = clocked(ticket, row, clocks, context.policy(ticket), context.now)
    return _resting(context, ticket, moments)


def _fields(context: _Context, merchant_id: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """As the merchant has defined them. Raises Bad."""
    rules = fields_of(context.stores, merchant_id) if given else ()
    found = {key: custom.read(next((each for each in rules if each.key == key), None), value) for key, value in given.items()}
    try:
        custom.check(rules, found)
    except BadUsage as wrong:
        raise Bad(wrong.field or "custom_fields", wrong.key, **wrong.params) from None
    return found


def _in_utc(context: _Context, clock: Clock, merchant_id: str) -> Clock:
    due, met, breached = (at and context.utc(at, merchant_id) for at in (clock.due_at, clock.met_at, clock.breached_at))
    return Clock(due, met, breached, clock.left)


def _resting(context: _Context, ticket: Ticket, moments: Mapping[str, datetime]) -> Ticket:
    """A resolved one closes in its time; a closed one is archived where the file says when, and rests as it is where it does not."""
    at = moments.get({State.RESOLVED: "closes_at", State.CLOSED: "archives_at"}.get(ticket.state, ""))
    length = endings.span(context.house, ticket.state)
    if at is not None and at > context.now:
        return changed(ticket, auto_at=at)
    return changed(ticket, auto_at=context.now + length) if ticket.state is State.RESOLVED and length is not None else ticket


def _numbered(
    context: _Context, new: Mapping[tuple[str, str], tuple[GivenTicket, Ticket]]
) -> dict[tuple[str, str], tuple[GivenTicket, Ticket]]:
    """In the order of the file. An order's currency is its ticket's, where the file names none."""
    stores, by_shop = context.stores, dict[tuple[str, str], list[str]]()
    for row, ticket in new.values():
        if row.order_no is not None and row.currency is None:
            by_shop.setdefault((ticket.merchant_id, ticket.shop_id), []).append(row.order_no)
    orders = {(*shop, no): order for shop, numbers in by_shop.items() for no, order in stores.orders.many(*shop, numbers).items()}
    counts: dict[str, int] = {}
    for merchant_id, _ in new:
        counts[merchant_id] = counts.get(merchant_id, 0) + 1
    numbers = {merchant_id: iter(stores.tickets.next_numbers(merchant_id, many)) for merchant_id, many in counts.items()}
    made = {}
    for key, (row, ticket) in new.items():
        number = next(numbers[ticket.merchant_id])
        shown, sealed = _buyer(context, ticket.merchant_id, f"T-{number}", row.buyer, f"tickets|buyer|{number}")
        said = originals.of_ticket(
            stores, context.house, ticket.merchant_id, number, ticket.subject, ticket.message, ticket.custom_fields, row.buyer
        )
        order = orders.get((ticket.merchant_id, ticket.shop_id, row.order_no or ""))
        currency = row.currency or (order.total.get("currency") if order else None)
        made[key] = row, changed(
            ticket, number=number, buyer=shown, buyer_sealed=sealed, currency=currency, subject=said["subject"], message=said["message"],
            custom_fields=said.fields(ticket.custom_fields),
        )  # fmt: skip
    return made


def _buyer(context: _Context, merchant_id: str, about: str, given: Mapping[str, str], place: str) -> tuple[dict[str, str], bytes | None]:
    """Masked to show, sealed to use; what came masked can only be shown."""
    clear = {name: value for name, value in given.items() if "*" not in value}
    shown = {name: value for name, value in given.items() if "*" in value} | mask_buyer(clear)
    ordered = {name: shown[name] for name in given}
    secret = clear.keys() - {"locale"}
    if not secret:
        return ordered, None
    originals.told_of(context.stores, context.house, merchant_id, about, clear)
    return ordered, originals.seal_buyer(context.stores, context.house, merchant_id, clear, place)


def _add(context: _Context, made: Iterable[tuple[GivenTicket, Ticket]]) -> None:
    """The tickets, their next looks, and a line on each timeline."""
    stores, house = context.stores, context.house
    tickets, deadlines, entries = [], [], []
    for row, ticket in made:
        tickets.append((ticket, next_tier_at(ticket)))
        at = next_moment(ticket, context.policy(ticket))
        if at is not None:
            deadlines.append(Deadline(ticket.merchant_id, ticket.number, "sla", at))
        length = endings.span(house, ticket.state)
        if ticket.auto_at is not None and length is not None:
            deadlines.append(Deadline(ticket.merchant_id, ticket.number, endings.AUTO, ticket.auto_at - endings.lead(length)))
        there = row.external_id or row.number
        detail = {"row": row.row, **({"external_id": there} if there else {})}
        entries.append(Entry(ticket.merchant_id, ticket.number, context.now, "imported", context.by.id, context.by.via, detail))
    stores.tickets.add_many(tickets)
    surges.counted(stores, [ticket for ticket, _ in tickets], context.merchants, context.now)
    stores.deadlines.arm(deadlines)
    stores.timeline.add(entries)
