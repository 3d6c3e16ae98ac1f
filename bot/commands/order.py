"""`order NO`: an order and its tickets."""

from __future__ import annotations

from bot.errors import BadUsage, NotFound
from bot.messages import Reply
from bot.turn import Turn, Verb
from bot.wording.cards import order_card


def run(turn: Turn) -> Reply:
    number = str(turn.args.get("order_no") or turn.words).strip()
    if not number:
        raise BadUsage("needs_text", field="order_no", usage=turn.verb.used(turn.locale))
    orders = turn.stores.orders.find(number[:64], turn.command.within or turn.who.merchant_id)
    cards = []
    for order in orders[:5]:
        merchant = turn.stores.merchants.get(order.merchant_id)
        if merchant is not None:
            tickets = list(turn.stores.tickets.of_order(order.shop_id, order.order_no))
            cards.append(order_card(order, tickets, merchant, turn.locale))
    if not cards:
        raise NotFound("no_order", field="order_no", order=number[:64])
    return Reply(cards[0].title, tuple(cards), locale=turn.locale)


VERB = Verb(
    "order",
    ("订单",),
    ("order NO", "订单 NO"),
    ("an order and its tickets", "查看订单及其工单"),
    run,
    ("order SP-1001", "订单 SP-1001"),
    changes=False,
)
