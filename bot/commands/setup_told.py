"""`setup emails|channel|timezone|language …`, and the form that asks for all of them: what a merchant's lead may change by themselves."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import available_timezones

from bot import policies
from bot.card import Button, Card, Choice, Form, Input
from bot.commands.setup_sla import capital, holds, sla
from bot.errors import BadUsage, Refused
from bot.messages import Reply
from bot.people import EMAIL
from bot.records import Merchant
from bot.ticket import TARGETS
from bot.turn import Turn
from bot.wording import label

# What is typed → the merchant's field; its Chinese words are answered alike.
PARTS = {
    "emails": "emails", "email": "emails", "邮箱": "emails", "邮件": "emails",
    "channel": "slack_channel", "频道": "slack_channel",
    "timezone": "timezone", "时区": "timezone",
    "language": "locale", "语言": "locale",
}  # fmt: skip
CHANGE = {"change", "修改"}
PLACES = ("emails", "slack_channel")  # of `notify`
FIELDS = (*PLACES, "timezone", "locale")
NOTHING = {"-", "none", "无"}
MOST = 50  # addresses
MOST_SHOWN = 2500  # characters of an input
_SHOWN = "shown_"  # what stood in a form's input when it was opened
_CHANNEL = re.compile(r"[CG][A-Z0-9]{2,20}")
_LOCALES = {"zh": "zh", "中文": "zh", "chinese": "zh", "en": "en", "英文": "en", "english": "en"}
_WORD = {
    "emails": ("emails", "邮箱"),
    "slack_channel": ("channel", "频道"),
    "timezone": ("timezone", "时区"),
    "locale": ("language", "语言"),
}


def change(turn: Turn, merchant: Merchant, words: list[str]) -> Reply:
    """One part by its word; by `change` alone, what can be changed and how."""
    if words[0].casefold() in CHANGE:
        return _how(turn, merchant)
    field, said = PARTS[words[0].casefold()], " ".join(words[1:])
    if not said:
        raise BadUsage("setup_part_how", field=field, usage=_usage(turn, field))
    return _changed(turn, merchant, {field: "" if said.casefold() in NOTHING and field in PLACES else said}, targets=None)


def filled(turn: Turn, merchant: Merchant) -> Reply:
    """The form as it was sent. Only what differs from what it showed is changed: somebody else may have saved theirs meanwhile."""
    merchant = turn.stores.merchants.latest(merchant.id) or merchant
    args = {name: str(turn.args.get(name) or "").strip() for name in (*FIELDS, *TARGETS)}
    shown = {name: turn.args.get(f"{_SHOWN}{name}") for name in args}
    given = {field: args[field] for field in FIELDS if shown[field] not in (None, _mark(args[field]))}
    return _changed(turn, merchant, given, targets=_targets(turn, merchant, args, shown))


def _targets(turn: Turn, merchant: Merchant, args: Mapping[str, str], shown: Mapping[str, object]) -> list[str] | None:
    """All three, those that were not touched as they hold now; None: nothing is to be changed."""
    now = holds(turn, merchant).targets
    said = [
        _exact(length) if _mark(args[kind]) == shown[kind] else "".join(args[kind].split())
        for kind, length in zip(TARGETS, now, strict=True)
    ]
    lengths = [turn.duration(each, kind) for each, kind in zip(said, TARGETS, strict=True)]
    return said if lengths != list(now) else None


def form(turn: Turn, merchant: Merchant) -> Form:
    """With everything as it is."""
    now = holds(turn, merchant)
    found = _parts(merchant)
    inputs = [
        Input("emails", turn.say("notify.emails"), "line", found["emails"], needed=False, hint=turn.say("ask.emails_hint")),
        Input(
            "slack_channel", turn.say("notify.slack_channel"), "line", found["slack_channel"], needed=False,
            hint=turn.say("ask.channel_hint"),
        ),
        Input("timezone", turn.say("setup_timezone"), "line", found["timezone"], hint=turn.say("ask.timezone_hint")),
        Input("locale", turn.say("setup_locale"), "choice", found["locale"], (Choice("中文", "zh"), Choice("English", "en"))),
        *(
            Input(kind, capital(label("target", kind, turn.locale)), "line", _short(length), hint=turn.say("ask.target_hint"))
            for kind, length in zip(TARGETS, now.targets, strict=True)
        ),
    ]  # fmt: skip
    fitting = [each for each in inputs if len(each.value) <= MOST_SHOWN]  # what no input holds is changed by words
    shown = {f"{_SHOWN}{each.name}": _mark(each.value) for each in fitting}
    return replace(turn.form(*fitting, args={"merchant": merchant.id, **shown}), submit=turn.say("form.save"))


def _mark(value: str) -> str:
    """Short: what a form carries unseen has little room."""
    return hashlib.sha256(value.encode()).hexdigest()[:12]


def _short(length: timedelta) -> str:
    """As it is typed."""
    minutes = int(length.total_seconds() // 60)
    return f"{minutes // 60}h" if minutes % 60 == 0 else f"{minutes}m"


def _exact(length: timedelta) -> str:
    """As `_short`, but nothing is lost of one that is no whole minute."""
    return _short(length) if length.total_seconds() % 60 == 0 else f"{length.total_seconds():g}s"


def _how(turn: Turn, merchant: Merchant) -> Reply:
    found = _parts(merchant)
    lines = [_now(turn, field, found[field]) + "  " + _usage(turn, field) for field in FIELDS]
    title = turn.say("setup_change_of", merchant=merchant.name)
    return Reply(title, (Card(title, "info", tuple(lines), footer=turn.say("setup_change_footer")),), locale=turn.locale)


def _changed(turn: Turn, merchant: Merchant, given: Mapping[str, str], targets: list[str] | None) -> Reply:
    merchant = turn.stores.merchants.latest(merchant.id) or merchant
    before = _parts(merchant)
    checked = {field: _CHECKS[field](said) for field, said in given.items()}
    if turn.who.merchant_id is not None and checked.get("slack_channel", "") not in ("", before["slack_channel"]):
        _free(turn, merchant, checked["slack_channel"])
    notify = dict(merchant.notify)
    for field in PLACES:
        if field in checked:
            notify[field] = checked[field] or None
    if merchant.enabled_at and not any(value for key, value in notify.items() if key != "slack_team_id"):
        raise BadUsage("setup_notify_needed", field=next(field for field in PLACES if field in given))
    zone, locale = checked.get("timezone") or merchant.timezone, checked.get("locale") or merchant.locale
    after = replace(merchant, timezone=zone, locale=locale, profile={**merchant.profile, "notify": notify})
    if targets is not None:
        _retarget(turn, merchant, targets)
    turn.stores.merchants.put(after)
    if zone != merchant.timezone:
        policies.changed(turn.stores, merchant.id, turn.now)
    return _told(turn, after, before, retargeted=targets is not None)


def _free(turn: Turn, merchant: Merchant, channel: str) -> None:
    """A merchant's own lead may name any channel that our app can post in, but none that is another merchant's."""
    cursor: str | None = None
    while True:
        page = turn.stores.merchants.page(None, 200, cursor)
        if any(each.id != merchant.id and each.notify.get("slack_channel") == channel for each in page.items):
            raise BadUsage("channel_of_another", field="slack_channel", text=channel)
        if (cursor := page.next_cursor) is None:
            return


def _retarget(turn: Turn, merchant: Merchant, targets: list[str]) -> None:
    try:
        sla(turn, merchant, targets)
    except Refused as refused:
        kind = (refused.field or "").removeprefix("targets.")
        refused.field = kind if kind in TARGETS else TARGETS[0]
        raise


def _told(turn: Turn, merchant: Merchant, before: Mapping[str, str], *, retargeted: bool) -> Reply:
    """What it was and what it is, and the way back."""
    after = _parts(merchant)
    moved = [field for field in FIELDS if before[field] != after[field]]
    none = turn.say("setup_nothing")
    lines = [turn.say("setup_moved", what=turn.say(_NAMES[field]), old=before[field] or none, new=after[field] or none) for field in moved]
    lines += [turn.say("setup_sla_set")] if retargeted else []
    own = "" if turn.who.merchant_id else f" merchant:{merchant.id}"
    back = tuple(
        Button(turn.say("setup_change_back", what=turn.say(_NAMES[field])), f"setup {_WORD[field][0]} {before[field] or '-'}{own}")
        for field in moved
    )
    title = turn.say("setup_saved" if lines else "setup_same", merchant=merchant.name)
    return Reply(title, (Card(title, "good", tuple(lines), buttons=back),), locale=turn.locale)


def _parts(merchant: Merchant) -> dict[str, str]:
    emails = merchant.notify.get("emails") or ()
    channel = str(merchant.notify.get("slack_channel") or "")
    return {"emails": ", ".join(emails), "slack_channel": channel, "timezone": merchant.timezone, "locale": merchant.locale}


def _now(turn: Turn, field: str, value: str) -> str:
    return turn.say("setup_line", what=turn.say(_NAMES[field]), value=value or turn.say("setup_nothing"))


def _usage(turn: Turn, field: str) -> str:
    word, example = _WORD[field][turn.locale == "zh"], _EXAMPLES[field]
    return f"{turn.verb.chinese[0] if turn.locale == 'zh' else turn.verb.name} {word} {example}"


def _emails(said: str) -> list[str]:
    found = list(dict.fromkeys(each for each in re.split(r"[\s,;，；、]+", said) if each))
    wrong = next((each for each in found if len(each) > 254 or not EMAIL.fullmatch(each)), None)
    if wrong is not None:
        raise BadUsage("bad_email", field="emails", text=wrong[:60])
    if len(found) > MOST:
        raise BadUsage("too_many", field="emails", most=MOST)
    return found


def _channel(said: str) -> str:
    found = said.lstrip("#").strip()
    if found and not _CHANNEL.fullmatch(found):
        raise BadUsage("bad_channel", field="slack_channel", text=found[:60])
    return found


def _zone(said: str) -> str:
    found = {each.casefold(): each for each in available_timezones()}.get(said.casefold().replace(" ", "_"))
    if found is None:
        raise BadUsage("bad_timezone", field="timezone", text=said[:60])
    return found


def _locale(said: str) -> str:
    found = _LOCALES.get(said.casefold())
    if found is None:
        raise BadUsage("bad_locale", field="locale", text=said[:60])
    return found


_CHECKS: dict[str, Any] = {"emails": _emails, "slack_channel": _channel, "timezone": _zone, "locale": _locale}
_NAMES = {"emails": "notify.emails", "slack_channel": "notify.slack_channel", "timezone": "setup_timezone", "locale": "setup_locale"}
_EXAMPLES = {"emails": "ops@example.com", "slack_channel": "C0123456789", "timezone": "Asia/Shanghai", "locale": "zh"}
