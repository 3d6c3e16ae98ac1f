"""`setup sla`: which targets hold for a merchant, presets that are shorter, and choosing one."""

from __future__ import annotations

from datetime import timedelta

from bot import policies, ruling
from bot.card import Button, Card
from bot.errors import BadUsage
from bot.house import new_id
from bot.messages import Put, Reply
from bot.records import Merchant
from bot.settings import duration
from bot.sla.policy import Policy, span
from bot.sla.rules import Rule
from bot.ticket import TARGETS
from bot.turn import Turn
from bot.wording.hours import hours_of, targets, whose

RESET = {"reset", "default", "恢复", "恢复默认"}
PRESETS = (("1h", "12h", "48h"), ("30m", "8h", "24h"), ("15m", "4h", "24h"))


def sla(turn: Turn, merchant: Merchant, words: list[str]) -> Reply:
    """Shows it, or sets what `words` say: three durations, or that the merchant's own is taken back."""
    if not words:
        return _shown(turn, merchant, turn.say("setup_sla"))
    own = _own(turn, merchant)
    if len(words) == 1 and words[0].casefold() in RESET:
        if own is not None:
            ruling.remove(turn.stores, own, turn.who.merchant_id, turn.now)
        return _shown(turn, merchant, turn.say("setup_sla_reset"))
    if len(words) != len(TARGETS):
        raise BadUsage("setup_sla_how", field="text", usage=turn.verb.example[turn.locale == "zh"])
    for word in words:
        turn.duration(word, "text")
    doc = {**(dict(own.doc) if own else {}), "merchant_id": merchant.id, "targets": dict(zip(TARGETS, words, strict=True))}
    put = Put("policies", own.id if own else _id(turn, merchant), doc, within=turn.who.merchant_id, by=turn.who.id)
    ruling.put(turn.stores, turn.house, put, turn.now)
    return _shown(turn, merchant, turn.say("setup_sla_set"))


def sla_lines(turn: Turn, merchant: Merchant) -> tuple[str, ...]:
    """The policy that holds for the merchant's tickets in general, in words, and how many narrower ones there are."""
    policy = holds(turn, merchant)
    until = turn.now + timedelta(days=30)
    said = turn.say("setup_line", what=whose(policy, turn.locale), value=targets(policy, turn.locale))
    lines = [capital(said), capital(hours_of(policy, turn.locale, turn.now, until))]
    narrower = [each for each in policies.rules(turn.stores, turn.house.settings, merchant.id) if each.category or each.priority]
    lines += [turn.say("setup_sla_narrower", names=", ".join(each.id for each in narrower[:10]))] if narrower else []
    return tuple(lines)


def _shown(turn: Turn, merchant: Merchant, text: str) -> Reply:
    limit = ruling.operators(turn.stores, turn.house, merchant.id, None, None)
    own = turn.who.merchant_id is not None
    lines = list(sla_lines(turn, merchant))
    lines += [turn.say("setup_sla_limit", targets=targets(limit, turn.locale))] if own else []
    suffix = "" if own else f" merchant:{merchant.id}"
    now = holds(turn, merchant)
    buttons = [
        Button(" · ".join(span(duration(word)) for word in preset), f"setup sla {' '.join(preset)}{suffix}")
        for preset in PRESETS
        if _offered(preset, limit, now, own)
    ]
    if _own(turn, merchant) is not None:
        buttons.append(Button(turn.say("setup_sla_back"), f"setup sla reset{suffix}", "danger"))
    title = turn.say("setup_sla_of", merchant=merchant.name)
    return Reply(
        text, (Card(title, "info", tuple(lines), buttons=tuple(buttons), footer=turn.say("setup_sla_footer")),), locale=turn.locale
    )


def _offered(preset: tuple[str, ...], limit: Policy, now: Policy, own: bool) -> bool:
    """What would be refused, or is so already, has no button."""
    lengths = tuple(duration(word) for word in preset)
    allowed = not own or all(length <= most for length, most in zip(lengths, limit.targets, strict=True))
    return allowed and lengths != now.targets


def holds(turn: Turn, merchant: Merchant) -> Policy:
    """For tickets of which no category's or priority's own policy is."""
    return policies.of(turn.stores, turn.house.settings, merchant.id, "", "")


def _id(turn: Turn, merchant: Merchant) -> str:
    """A name that people can read, where it is free and an id may be so long."""
    name = f"{merchant.id}-{'setup' if turn.who.merchant_id else 'operator'}"
    return name if len(name) <= 64 and turn.stores.policies.get(name) is None else new_id("sla")


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _own(turn: Turn, merchant: Merchant) -> Rule | None:
    """The merchant's policy for everything: its own, or to the operator's people the operator's."""
    tightens = turn.who.merchant_id is not None
    found = policies.rules(turn.stores, turn.house.settings, merchant.id)
    mine = [
        each for each in found if each.merchant_id == merchant.id and not (each.category or each.priority) and each.tightens == tightens
    ]
    return max(mine, key=lambda rule: rule.rank, default=None)
