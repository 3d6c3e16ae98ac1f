"""`unfreeze shop:S why`: a senior manager lifts a shop's freeze, a lead asks for it; `unfreeze channel:C why` is for risk."""

from __future__ import annotations

import re

from bot.announce import notify
from bot.errors import BadUsage, NotAllowed, NotFound
from bot.freezing import lift
from bot.messages import Reply
from bot.people import Role, lifts_freezes, reviews
from bot.records import Freeze
from bot.turn import Turn, Verb, plain
from bot.views import moment

_SHOP = re.compile(r"^\s*(?:shop|店铺)\s*:\s*(\S+)\s*", re.IGNORECASE)
_CHANNEL = re.compile(r"^\s*(?:channel|通道|渠道)\s*:\s*(\S+)\s*(?:(?:merchant|商户)\s*:\s*(\S+)\s*)?", re.IGNORECASE)


def run(turn: Turn) -> Reply:
    turn.allow("unfreeze")
    channel = _CHANNEL.match(plain(turn.source[turn.at :]))
    if channel is not None:
        turn.at += channel.end()
        return _channel(turn, channel[1], channel[2])
    if turn.who.role is Role.RISK:
        raise NotAllowed("risk_channels_only")
    found = _SHOP.match(plain(turn.source[turn.at :]))
    if found is None:
        raise BadUsage("shop_needed", field="shop", usage=turn.verb.used(turn.locale))
    turn.at += found.end()
    shop = turn.stores.merchants.shop(found[1], turn.command.within or turn.who.merchant_id)
    if shop is None:
        raise NotFound("no_shop", field="shop", shop=found[1][:60])
    why = turn.text("reason")
    if not why:
        raise BadUsage("reason_needed", field="reason", usage=turn.verb.used(turn.locale))
    active = turn.stores.freezes.active("refund", shop.id, shop.merchant_id, turn.now)
    if not active:
        raise NotFound("no_freeze", shop=shop.id)
    if not lifts_freezes(turn.who):
        _ask(turn, active[0], why)
        return turn.reply("unfreeze_asked")
    lift(turn.stores, turn.house, shop.id, shop.merchant_id, why[:500], turn.now, turn.actor)
    return turn.reply("unfrozen", shop=shop.id)


def _channel(turn: Turn, channel: str, merchant: str | None) -> Reply:
    if not reviews(turn.who):
        raise NotAllowed("only_risk")
    why = turn.text("reason")
    if not why:
        raise BadUsage("reason_needed", field="reason", usage=turn.verb.used(turn.locale))
    active = turn.stores.freezes.active("collection", channel, merchant or turn.command.within, turn.now)
    whose = sorted({each.merchant_id for each in active})
    if not whose:
        raise NotFound("no_channel_freeze", channel=channel[:60])
    if len(whose) > 1:
        raise BadUsage("channel_of_many", field="merchant", channel=channel[:60], known=", ".join(whose[:10]))
    lift(turn.stores, turn.house, channel, whose[0], why[:500], turn.now, turn.actor, kind="collection")
    return turn.reply("channel_unfrozen", channel=channel, merchant=whose[0])


def _ask(turn: Turn, freeze: Freeze, why: str) -> None:
    ticket = turn.find(freeze.ticket or 0)
    merchant = turn.merchant(ticket)
    there = [address for senior in turn.stores.people.senior_managers() for address in turn.house.person(turn.stores, senior)]
    payload = {"who": turn.who.id, "why": why[:500], "shop": freeze.subject}
    cause = f"unfreeze_wanted:{freeze.id}:{turn.who.id}:{moment(turn.now)}"
    notify(turn.stores, ticket, cause, "unfreeze_wanted", there or turn.house.everywhere(merchant), payload, turn.now)


VERB = Verb(
    "unfreeze", ("解冻",), ("unfreeze shop:S|channel:C why", "解冻 店铺:S 或 通道:C 原因"), ("lift a freeze", "解除冻结"), run,
    ("unfreeze shop:lights-sg settled with the buyer", "解冻 店铺:lights-sg 已与买家和解"),
)  # fmt: skip
