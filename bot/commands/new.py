"""`new shop:S [order:NO] text`: opens a ticket; says when the order has an open one already."""

from __future__ import annotations

import re
from dataclasses import replace

from bot import originals, replies
from bot.card import Button, Card, Choice, Form, Input
from bot.errors import BadUsage
from bot.intake import open_ticket, origin
from bot.messages import NewTicket, Reply
from bot.ticket import LIVE, Ticket
from bot.turn import MOST_CHOICES, Turn, Verb, plain
from bot.wording.cards import ticket_card

_PART = re.compile(r"^\s*(shop|order|店铺|订单)\s*:\s*(\S+)\s*", re.IGNORECASE)
_NAMES = {"店铺": "shop", "订单": "order"}


def run(turn: Turn) -> Reply:
    turn.allow("new")
    parts = {name: str(turn.args[key]).strip() for name, key in (("shop", "shop_id"), ("order", "order_no")) if turn.args.get(key)}
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
    new = NewTicket(
        parts["shop"], subject, text, parts.get("order"), within=turn.command.within or turn.who.merchant_id,
        by=turn.who.id, via=turn.command.via,
    )  # fmt: skip
    originals.none_refused(turn.stores, origin(turn.stores, new)[1].id, (("text", text),))
    ticket = open_ticket(turn.stores, turn.house, new, turn.now)
    said = turn.say("opened", ticket=ticket.name, subject=ticket.subject)
    if others:
        said += "\n" + turn.say("opened_beside", order=parts["order"], others=", ".join(each.name for each in others[:5]))
    return Reply(said, (_card(turn, ticket),), ticket=ticket.number, locale=turn.locale)


def _card(turn: Turn, ticket: Ticket) -> Card:
    """The ticket; made of a chat message (`source`, its address), it leads back there, and so does a note on it."""
    merchant, url = turn.merchant(ticket), str(turn.args.get("source") or "")
    made = turn.say("made_from", url=url)
    if url:
        note = replies.message(ticket, "agent", turn.who.id, made, False, turn.now)
        ticket = replies.note(turn.stores, turn.house, ticket, note, turn.now, turn.actor)
    card = ticket_card(ticket, merchant, turn.telling(ticket, merchant.timezone))
    link = (Button(turn.say("button.open_link"), "", url=url),) if url else ()
    return replace(card, lines=(*card.lines, made) if url else card.lines, buttons=(*link, *card.buttons))


def form(turn: Turn) -> Form:
    """Shop, order and what it is about; `text` and `source` may be known already, from the message that it is made of."""
    turn.allow("new")
    shops = turn.stores.merchants.shops(turn.command.within or turn.who.merchant_id, MOST_CHOICES + 1, None).items
    options = tuple(Choice(f"{each.name} ({each.id})" if each.name != each.id else each.id, each.id) for each in shops)
    options = options if len(options) <= MOST_CHOICES else ()
    source = str(turn.args.get("source") or "")
    return turn.form(
        Input("shop_id", turn.say("ask.shop"), "choice" if options else "line", options=options),
        Input("order_no", turn.say("ask.order"), "line", needed=False, hint=turn.say("ask.order_hint")),
        Input("text", turn.say("ask.message"), value=str(turn.args.get("text") or "")),
        args={"source": source} if source else None,
    )


VERB = Verb(
    "new", ("新建",), ("new shop:S [order:NO] text", "新建 店铺:S [订单:NO] 内容"), ("open a ticket", "新建工单"), run,
    ("new shop:lights-sg order:SP-1001 Parcel not received", "新建 店铺:lights-sg 订单:SP-1001 未收到包裹"), form=form,
)  # fmt: skip
