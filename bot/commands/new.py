"""`new shop:S [order:NO] text`: opens a ticket; says when the order has an open one already."""

from __future__ import annotations

import re

from bot.errors import BadUsage
from bot.intake import open_ticket
from bot.messages import NewTicket, Reply
from bot.ticket import LIVE
from bot.turn import Turn, Verb, plain
from bot.wording.cards import ticket_card

_PART = re.compile(r"^\s*(shop|order|店铺|订单)\s*:\s*(\S+)\s*", re.IGNORECASE)
_NAMES = {"店铺": "shop", "订单": "order"}


def run(turn: Turn) -> Reply:
    turn.allow("new")
    parts: dict[str, str] = {}
    while found := _PART.match(plain(turn.source[turn.at :])):
        parts[_NAMES.get(found[1].lower(), found[1].lower())] = found[2]
        turn.at += found.end()
    if "shop" not in parts:
        raise BadUsage("shop_needed", field="shop_id", usage=turn.verb.used(turn.locale))
    text = turn.text(needed=True)
    others = (
        [each for each in turn.stores.tickets.of_order(parts["shop"], parts["order"]) if each.state in LIVE] if "order" in parts else []
    )
    subject = text.splitlines()[0][:120]
    ticket = open_ticket(
        turn.stores, turn.house,
        NewTicket(
            parts["shop"], subject, text, parts.get("order"), within=turn.command.within or turn.who.merchant_id,
            by=turn.who.id, via=turn.command.via,
        ),
        turn.now,
    )  # fmt: skip
    merchant = turn.merchant(ticket)
    said = turn.say("opened", ticket=ticket.name, subject=ticket.subject)
    if others:
        said += "\n" + turn.say("opened_beside", order=parts["order"], others=", ".join(each.name for each in others[:5]))
    return Reply(said, (ticket_card(ticket, merchant, turn.telling(ticket, merchant.timezone)),), ticket=ticket.number, locale=turn.locale)


VERB = Verb(
    "new", ("新建",), ("new shop:S [order:NO] text", "新建 店铺:S [订单:NO] 内容"), ("open a ticket", "新建工单"), run,
    ("new shop:lights-sg order:SP-1001 Parcel not received", "新建 店铺:lights-sg 订单:SP-1001 未收到包裹"),
)  # fmt: skip
