"""`order NO`: an order and its tickets; by its number, its transaction or its sub-merchant, or by filters that combine."""

from __future__ import annotations

from typing import Any

from bot.card import Card
from bot.commands.filters import LONGEST, PAIR, bare, read_value, tokens
from bot.errors import BadUsage, NotFound
from bot.messages import OrderFilter, Reply
from bot.records import Order
from bot.turn import Turn, Verb
from bot.wording.cards import order_card

MOST = 5
_KEYS = {
    "platform": "platform", "平台": "platform", "currency": "currency", "币种": "currency", "shop": "shop", "店铺": "shop",
    "order": "order_no", "订单": "order_no", "transaction": "transaction", "交易": "transaction", "sub": "sub_merchant",
    "子商户": "sub_merchant", "merchant": "merchant", "商户": "merchant", "from": "paid_from", "从": "paid_from", "自": "paid_from",
    "to": "paid_to", "到": "paid_to", "至": "paid_to",
}  # fmt: skip


def run(turn: Turn) -> Reply:
    number = str(turn.args.get("order_no") or turn.words).strip()
    if not number:
        raise BadUsage("needs_text", field="order_no", usage=turn.verb.used(turn.locale))
    within = turn.command.within or turn.who.merchant_id
    orders, more = list(turn.stores.orders.find(number[:LONGEST], within)), False
    if not orders:
        orders, more = _found(turn, number, within)
    cards = _cards(turn, orders[:MOST])
    if not cards:
        raise NotFound("no_order", field="order_no", order=number[:LONGEST])
    if len(orders) == 1:
        return Reply(cards[0].title, cards, locale=turn.locale)
    more = more or len(orders) > MOST
    title = turn.say("orders_more" if more else "orders_title", count=len(cards))
    return Reply(title, (Card(title, "info"), *cards), locale=turn.locale)


def _found(turn: Turn, words: str, within: str | None) -> tuple[list[Order], bool]:
    """What its words narrow it to, and whether there is more. Raises NotFound."""
    given: dict[str, Any] = {"merchant": within}
    said = []
    for token in tokens(words):
        pair = PAIR.match(token)
        key = _KEYS.get(pair[1].casefold()) if pair else None
        if pair and key:
            given |= read_value(turn, key, bare(pair[2])[:128], token)
        elif pair and not token.startswith('"'):
            raise BadUsage("bad_order_filter", filter=token[:60])
        else:
            said.append(bare(token))
    if said:
        given["q"] = " ".join(said)[:128]
    if within is not None and given["merchant"] != within:
        raise NotFound("no_order_matches")
    page = turn.stores.orders.page(OrderFilter(**given), MOST, None)
    if not page.items and len(given) > 1 and "q" not in given:
        raise NotFound("no_order_matches")
    return list(page.items), page.next_cursor is not None


def _cards(turn: Turn, orders: list[Order]) -> tuple[Card, ...]:
    merchants = turn.stores.merchants.many({each.merchant_id for each in orders})
    tickets = turn.stores.tickets.of_orders(orders)
    return tuple(
        order_card(each, list(tickets.get((each.shop_id, each.order_no), ())), merchants[each.merchant_id], turn.locale)
        for each in orders
        if each.merchant_id in merchants
    )


VERB = Verb(
    "order",
    ("订单",),
    ("order NO", "订单 NO"),
    ("an order and its tickets", "查看订单及其工单"),
    run,
    ("order SP-1001", "订单 SP-1001"),
    changes=False,
)
