"""Opens a ticket: from the API, from chat, later from payments. One transaction, refused before anything is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot import custom, hinting, originals, same_ip, surges, tongues, translating
from bot.announce import Actor, follow, notify
from bot.custom import CustomField
from bot.errors import BadUsage, NotFound, Refused
from bot.house import House
from bot.labelling import first_look, words
from bot.messages import NewTicket
from bot.privacy import mask_buyer
from bot.records import Merchant, Order, Shop
from bot.sla.escalation import next_tier_at
from bot.sla.policy import arm
from bot.stores import Stores
from bot.ticket import CATEGORIES, PRIORITIES, Category, Event, Ticket

Origin = tuple[Shop, Merchant]
_DRAWN = "numbers drawn in this transaction, and not used yet"
_UNCOUNTED = "tickets opened in this transaction, and not counted yet"


def open_ticket(stores: Stores, house: House, new: NewTicket, now: datetime) -> Ticket:
    """The ticket as stored. Raises NotFound (shop, order), BadUsage, Refused `merchant_not_enabled`."""
    return open_tickets(stores, house, [(new, origin(stores, new))], now)[0]


def open_uncounted(stores: Stores, house: House, new: NewTicket, now: datetime, number: int | None = None) -> Ticket:
    """As `open_ticket`, for one of many in a transaction: `count_opened` must follow before its end. `number`: drawn for it before."""
    shop, merchant = origin(stores, new)
    drawn = stores.memory.get((_DRAWN, merchant.id))
    number = number or (drawn.pop(0) if drawn else stores.tickets.next_number(merchant.id))
    ticket = _opened(stores, house, new, shop, merchant, number, now)
    stores.memory.setdefault(_UNCOUNTED, []).append((ticket, shop, merchant))
    return ticket


def draw(stores: Stores, merchant_id: str, many: int) -> None:
    """So many numbers at once, for `open_uncounted`. One that is not used then leaves a gap."""
    stores.memory[_DRAWN, merchant_id] = list(stores.tickets.next_numbers(merchant_id, many))


def count_opened(stores: Stores, house: House, now: datetime) -> None:
    """By networks, then by shops, each in the order of its own keys.

    Others who open tickets wait for a counter until this transaction ends, and so never in a circle.
    """
    opened = stores.memory.pop(_UNCOUNTED, [])
    by_network = (
        opened if len(opened) == 1 else sorted(opened, key=lambda each: (each[2].id, same_ip.origin_of(stores, house, each[0]) or ""))
    )
    for ticket, _, merchant in by_network:
        same_ip.look(stores, house, ticket, merchant, now)
    for (shop, merchant), tickets in _by_shop(opened):
        surges.look(stores, house, tickets, shop, merchant, now)


def origin(stores: Stores, new: NewTicket) -> Origin:
    """Whose it is. Raises what `open_ticket` does, before anything is written; what it reads is read once in a transaction."""
    key = ("origin", new.shop_id, new.within)
    if key not in stores.memory:
        shop = stores.merchants.shop(new.shop_id, new.within)
        if shop is None:
            raise NotFound("no_shop", field="shop_id", shop=new.shop_id)
        merchant = merchant_of(stores, shop.merchant_id)
        if merchant is None or merchant.enabled_at is None:
            raise Refused("merchant_not_enabled", code="merchant_not_enabled", merchant=shop.merchant_id)
        stores.memory[key] = shop, merchant
    if new.priority not in PRIORITIES:
        raise BadUsage("bad_priority", field="priority", priority=new.priority, known=", ".join(PRIORITIES))
    if new.category is not None and new.category not in CATEGORIES:
        raise BadUsage("bad_category", field="category", category=new.category, known=", ".join(CATEGORIES))
    found: Origin = stores.memory[key]
    custom.check(fields_of(stores, found[1].id) if new.custom_fields else (), new.custom_fields)
    return found


def fields_of(stores: Stores, merchant_id: str) -> Sequence[CustomField]:
    """Read once in a transaction."""
    key = ("custom fields", merchant_id)
    if key not in stores.memory:
        stores.memory[key] = stores.custom.of(merchant_id)
    found: Sequence[CustomField] = stores.memory[key]
    return found


def merchant_of(stores: Stores, id: str) -> Merchant | None:
    """Read once in a transaction."""
    key = ("merchant", id)
    if key not in stores.memory:
        stores.memory[key] = stores.merchants.get(id)
    found: Merchant | None = stores.memory[key]
    return found


def open_tickets(stores: Stores, house: House, news: Sequence[tuple[NewTicket, Origin]], now: datetime) -> list[Ticket]:
    """The tickets as stored, in the same order."""
    many = Counter(merchant.id for _, (_, merchant) in news)
    numbers = {id: iter(_numbers(stores, id, count)) for id, count in sorted(many.items())}
    opened = [
        (_opened(stores, house, new, shop, merchant, next(numbers[merchant.id]), now), shop, merchant) for new, (shop, merchant) in news
    ]
    stores.memory.setdefault(_UNCOUNTED, []).extend(opened)
    count_opened(stores, house, now)
    return [ticket for ticket, _, _ in opened]


def _by_shop(opened: Sequence[tuple[Ticket, Shop, Merchant]]) -> Iterable[tuple[Origin, Sequence[Ticket]]]:
    """In the order of their keys."""
    found: dict[tuple[str, str], tuple[Origin, list[Ticket]]] = {}
    for ticket, shop, merchant in opened:
        found.setdefault((merchant.id, shop.id), ((shop, merchant), []))[1].append(ticket)
    return [found[key] for key in sorted(found)]


def _numbers(stores: Stores, merchant_id: str, many: int) -> Sequence[int]:
    return [stores.tickets.next_number(merchant_id)] if many == 1 else stores.tickets.next_numbers(merchant_id, many)


def _opened(stores: Stores, house: House, new: NewTicket, shop: Shop, merchant: Merchant, number: int, now: datetime) -> Ticket:
    order = stores.orders.get(shop.id, new.order_no, merchant.id) if new.order_no else None
    clear = _buyer(stores, house, new, order)
    texts = originals.of_ticket(stores, house, merchant.id, number, new.subject, new.message, new.custom_fields or {}, clear)
    ticket = Ticket(
        merchant_id=merchant.id, number=number, shop_id=shop.id, platform=shop.platform,
        subject=texts["subject"], message=texts["message"], created_at=now, updated_at=now, order_no=new.order_no,
        currency=order.total.get("currency") if order else new.currency, priority=new.priority,
        category=Category(new.category, 1.0, "api") if new.category else first_look(house, new.subject, new.message),
        custom_fields=texts.fields(new.custom_fields), dispute=dict(new.dispute or {}),
    )  # fmt: skip
    ticket = arm(_with_buyer(stores, house, ticket, clear), house.policy(stores, ticket), now)
    ticket, raised = hinting.look(stores, house, ticket, shop, merchant, order, now)
    stores.tickets.add(ticket, next_tier_at(ticket))
    if ticket.category.source == "engine":
        stores.labels.look_again(ticket.merchant_id, ticket.number, now)
    follow(stores, house, ticket, [Event("ticket.created", _told(new, ticket)), *raised], now, Actor(new.by, new.via), new=True)
    translating.by_rule(stores, house, ticket, merchant, now)
    _ring(stores, house, ticket, merchant, now)
    return ticket


def _told(new: NewTicket, ticket: Ticket) -> dict[str, Any]:
    """Whose it is, and what the engine made of it."""
    said = ticket.category
    guessed = {"category": said.label, "score": said.score, "guesses": list(said.guesses), "also": list(said.also)}
    return {"by": new.by, **(guessed if said.source == "engine" else {})}


def _buyer(stores: Stores, house: House, new: NewTicket, order: Order | None) -> dict[str, str]:
    """The buyer in the clear: as given, on top of what the order tells."""
    context = f"orders|buyer|{order.shop_id}/{order.order_no}" if order is not None else ""
    told = originals.open_buyer(stores, house, order.merchant_id, order.buyer_sealed, context) if order is not None else {}
    return told | {name: value for name, value in (new.buyer or {}).items() if value}


def _with_buyer(stores: Stores, house: House, ticket: Ticket, clear: Mapping[str, str]) -> Ticket:
    """Masked to show, sealed to use, and found again by who asks for it."""
    ticket = replace(ticket, language=tongues.told(clear.get("locale"), words(ticket.subject, ticket.message)))
    if not clear:
        return ticket
    originals.told_of(stores, house, ticket.merchant_id, ticket.name, clear)
    sealed = originals.seal_buyer(stores, house, ticket.merchant_id, clear, f"tickets|buyer|{ticket.number}")
    return replace(ticket, buyer=mask_buyer(clear), buyer_sealed=sealed)


def _ring(stores: Stores, house: House, ticket: Ticket, merchant: Merchant, now: datetime) -> None:
    """The alert card, where the team works together; it stays there and changes as the ticket moves."""
    there = [each for each in house.team(merchant) if house.channels[each.channel].buttons]
    if there:
        notify(stores, ticket, f"created:{ticket.number}", "alert", there, {"card": True}, now)
