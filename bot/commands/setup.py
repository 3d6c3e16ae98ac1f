"""`setup`: what a merchant still lacks, where its notices go, its privacy, how fast its tickets are worked; and changing what may be."""

from __future__ import annotations

from dataclasses import replace

from bot.card import Button, Card, Form
from bot.commands import setup_told
from bot.commands.setup_sla import sla, sla_lines
from bot.errors import BadUsage, NotFound
from bot.messages import Reply
from bot.onboarding import missing, warnings
from bot.records import Merchant
from bot.turn import Turn, Verb
from bot.wording import label
from bot.wording.policies import CHECKS, TARGETS_OF_NOTIFY

_SLA = {"sla", "时限"}


def run(turn: Turn) -> Reply:
    turn.allow("setup")
    words = turn.words.split()
    if "merchant" in turn.args:
        return setup_told.filled(turn, _meant(turn, [f"merchant:{turn.args['merchant']}"]))
    merchant = _meant(turn, words)
    if words and words[0].casefold() in {*setup_told.PARTS, *setup_told.CHANGE}:
        return setup_told.change(turn, merchant, words)
    if words and words[0].casefold() in _SLA:
        return sla(turn, merchant, words[1:])
    if words:
        raise BadUsage("setup_how", field="text", usage=turn.verb.used(turn.locale))
    return Reply(turn.say("setup_title", merchant=merchant.name), _cards(turn, merchant), locale=turn.locale)


def _cards(turn: Turn, merchant: Merchant) -> tuple[Card, ...]:
    title = turn.say("setup_title", merchant=merchant.name)
    lacking = missing(merchant)
    lines = [_check(turn, key, lacking) for key in CHECKS]
    state = "setup_enabled" if merchant.enabled_at else "setup_lacks" if lacking else "setup_ready"
    head = Card(title, "warn" if lacking else "good", (turn.say(state), *lines))
    told = _notify(turn, merchant) or [turn.say("setup_notify_none")]
    told += [turn.say(f"setup_{each}") for each in warnings(merchant)]
    edit = Button(turn.say("setup_change_button"), f"setup change{_suffix(turn, merchant)}", form="may")
    notify = Card(turn.say("setup_notify"), "info", tuple(told), buttons=(edit,))
    privacy = Card(turn.say("setup_privacy"), "info", _privacy(turn, merchant))
    more = Button(turn.say("setup_sla_button"), f"setup sla{_suffix(turn, merchant)}")
    return head, notify, privacy, Card(turn.say("setup_sla"), "info", sla_lines(turn, merchant), buttons=(more,))


def _check(turn: Turn, key: str, lacking: list[str]) -> str:
    found = [each for each in lacking if each == key or each.startswith(f"{key}.")]
    parts = [label("missing", each, turn.locale) for each in found if each != key]
    said = turn.say(f"check.{key}") + (turn.say("setup_parts", parts=turn.say("and").join(parts)) if parts else "")
    return f"{'⬜' if found else '✅'} {said}"


def _notify(turn: Turn, merchant: Merchant) -> list[str]:
    """Each kind of target with its addresses; one whose channel is not connected says so."""
    lines = []
    for key in TARGETS_OF_NOTIFY:
        value = merchant.notify.get(key)
        if not value:
            continue
        targets = value if isinstance(value, str) else turn.say("and").join(value)
        alone = replace(merchant, profile={"notify": {key: value}})
        connected = any(each.merchant(alone) for each in turn.house.channels.values())
        away = "" if connected else turn.say("setup_not_connected")
        lines.append(turn.say("setup_line", what=turn.say(f"notify.{key}"), value=targets + away))
    return lines


def _privacy(turn: Turn, merchant: Merchant) -> tuple[str, ...]:
    full = merchant.profile
    gdpr = (full.get("privacy") or {}).get("gdpr_mode", True)
    days, mail = full.get("retention_days") or 180, full.get("buyer_mail")
    return (
        turn.say("setup_gdpr_on" if gdpr else "setup_gdpr_off"),
        turn.say("setup_retention", days=days),
        turn.say("setup_buyer_mail" if mail else "setup_no_buyer_mail"),
    )


def _suffix(turn: Turn, merchant: Merchant) -> str:
    """The operator's people say which merchant they mean."""
    return "" if turn.who.merchant_id else f" merchant:{merchant.id}"


def _meant(turn: Turn, words: list[str]) -> Merchant:
    """The speaker's own; who works for the operator names one (`merchant:ID`), unless there is but one. Its word is taken off."""
    named = next((word for word in words if word.casefold().startswith(("merchant:", "商户:"))), None)
    within = turn.command.within or turn.who.merchant_id
    if named is not None:
        words.remove(named)
        found = turn.stores.merchants.get(named.partition(":")[2])
        if found is None or within not in (None, found.id):
            raise NotFound("no_merchant", merchant=named.partition(":")[2][:60])
        return found
    if within is None:
        page = turn.stores.merchants.page(None, 2, None).items
        if len(page) != 1:
            raise BadUsage("setup_whose", field="merchant", usage=turn.verb.example[turn.locale == "zh"])
        return page[0]
    own = turn.stores.merchants.get(within)
    if own is None:
        raise NotFound("no_merchant", merchant=within)
    return own


def form(turn: Turn) -> Form:
    """All that may be changed, in one."""
    turn.allow("setup")
    return setup_told.form(turn, _meant(turn, turn.words.split()))


VERB = Verb(
    "setup", ("设置",),
    (
        "setup [merchant:M] [emails|channel|timezone|language|sla …]",
        "设置 [商户:M] [邮箱|频道|时区|语言|时限 …]",
    ),
    ("what is missing, who is told, privacy, targets (lead, admin)", "入驻清单、通知、隐私与时限（主管、管理员）"), run,
    ("setup sla 1h 12h 48h", "设置 时限 1h 12h 48h"), form=form,
)  # fmt: skip
