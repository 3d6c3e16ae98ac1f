"""What `list` is narrowed by: words with a colon in either language, switches, days; whatever else is typed is looked for in texts."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.commands.tag import category
from bot.errors import BadUsage, NotFound
from bot.messages import TicketFilter
from bot.settings import duration
from bot.ticket import CATEGORIES, LIVE, State
from bot.turn import Turn, simple
from bot.wording import SENTENCES

_WORDS = {"mine": "mine", "我的": "mine", "unclaimed": "unclaimed", "未认领": "unclaimed", "overdue": "overdue", "超时": "overdue"}
_KEYS = {
    "platform": "platform", "平台": "platform", "currency": "currency", "币种": "currency", "order": "order_no", "订单": "order_no",
    "shop": "shop", "店铺": "shop", "tag": "category", "标签": "category", "分类": "category", "state": "states", "状态": "states",
    "tier": "tier", "级别": "tier", "priority": "priority", "优先级": "priority", "assignee": "assignee", "负责人": "assignee",
    "merchant": "merchant", "商户": "merchant", "from": "created_from", "从": "created_from", "自": "created_from",
    "risk": "risk", "风险": "risk", "to": "created_to", "到": "created_to", "至": "created_to",
}  # fmt: skip
STEERS = {"after": "after", "before": "before", "save": "save", "保存": "save", "delete": "delete", "删除": "delete"}
_QUOTES = dict.fromkeys(map(ord, "“”„"), '"')
_TOKEN = re.compile(r'(?:"[^"]*"|[^\s"])+|"')
PAIR = re.compile(r"^(\w+):(.+)$", re.DOTALL)
_FIELD = re.compile(r"(?:field|字段)\.([^:\"]{1,64}):(.+)", re.DOTALL | re.IGNORECASE)
_ORDERS = ("transaction", "交易", "sub", "子商户")
_SPACED = re.compile(rf'(?<![^\s"])({"|".join((*_KEYS, *STEERS, *_ORDERS))})\s*:\s*(?=\S)', re.IGNORECASE)
_NOBODY, _ALL, _ME = {"none", "nobody", "无", "无人"}, {"all", "any", "全部"}, {"me", "我"}
_DAYS = {"today": 0, "今天": 0, "yesterday": 1, "昨天": 1}
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_CALLED = {"虾皮": "shopee", "来赞达": "lazada", "tiktok": "tiktok_shop", "uqpay": "uqpay_gateway", "独立站": "custom"}
MOST_SAID = 200  # characters looked for in texts
MOST_KEPT, MOST_TOKENS = 900, 60  # bytes, words: the buttons that page carry all of them, and WeCom's carry 1,024 bytes
LONGEST = 64  # of a value


@dataclass(slots=True)
class Wanted:
    """What a list is of: `kept` are the words that say so again, `steers` what is to be done with it, `hidden` that it is another's."""

    given: dict[str, Any]
    kept: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    steers: dict[str, str] = field(default_factory=dict)
    hidden: bool = False

    @property
    def words(self) -> str:
        """As they would be typed."""
        return " ".join(self.kept)

    def filter(self, now: datetime) -> TicketFilter:
        """All of it together."""
        return replace(TicketFilter(**self.given), q=" ".join(self.said) or None, now=now)


def tokens(text: str) -> list[str]:
    """Words, 60 at most; what is in quotes is one, and a filter with its value."""
    return _TOKEN.findall(_SPACED.sub(r"\1:", text.translate(_QUOTES)))[:MOST_TOKENS]


def read(turn: Turn, said: list[str]) -> Wanted:
    """Raises BadUsage that names the word it could not read."""
    within = turn.command.within or turn.who.merchant_id
    found = Wanted({"states": tuple(sorted(LIVE)), "merchant": within})
    for token in said:
        pair, word = PAIR.match(token), simple(token).casefold()
        key = simple(pair[1]).casefold() if pair else ""
        named = _FIELD.fullmatch(token)
        if named:
            _field(turn, found.given, named[1], bare(named[2])[:LONGEST], token)
        elif word in _WORDS:
            _switch(turn, found.given, _WORDS[word])
        elif pair and key in STEERS:
            found.steers[STEERS[key]] = bare(pair[2])
            continue
        elif pair and key in _KEYS:
            value = read_value(turn, _KEYS[key], bare(pair[2])[:LONGEST], token)
            if value.get("merchant", within) != within and within is not None:
                found.hidden = True
            else:
                found.given.update(value)
        elif (pair and not token.startswith('"')) or _empty(word):
            raise BadUsage("bad_filter", filter=token[:60])
        elif len(" ".join((*found.said, token))) <= MOST_SAID:
            found.said.append(token)
        else:
            continue
        found.kept.append(token)
    size = len(found.words.encode("utf-8", "replace"))
    if size > MOST_KEPT:
        raise BadUsage("too_long", field="filters", size=size, most=MOST_KEPT)
    return found


def _field(turn: Turn, given: dict[str, Any], key: str, value: str, token: str) -> None:
    """A custom field; where a merchant has defined some, one of them. On a number's field `38` finds 38 and 38.0."""
    within = turn.command.within or turn.who.merchant_id
    known = [each.key for each in turn.stores.custom.of(within)] if within is not None else []
    if known and key not in known:
        raise BadUsage("bad_filter_value", filter=token[:60], kind="field", known=", ".join(f"field.{each}" for each in known[:20]))
    given["custom"] = (*given.get("custom", ()), (key, value))


def _empty(word: str) -> bool:
    """Whether a filter is named and nothing behind its colon; looked for in texts it would find nothing, and say so."""
    return word.endswith(":") and (word[:-1] in _KEYS or word[:-1] in STEERS)


def bare(text: str) -> str:
    """Without the quotes around it."""
    return text.replace('"', "").strip()


def _switch(turn: Turn, given: dict[str, Any], word: str) -> None:
    if word == "mine":
        given["assignee"] = turn.who.id
    elif word == "unclaimed":
        given["unclaimed"] = True
    else:
        given["overdue"] = True


def read_value(turn: Turn, key: str, text: str, token: str) -> dict[str, Any]:
    """The condition that a key with this text is."""
    readers: dict[str, Callable[[], dict[str, Any]]] = {
        "states": lambda: {"states": _states(text, token)},
        "tier": lambda: {"tier": _tier(text, token)},
        "risk": lambda: {"risk": _named("risk", text, token)},
        "category": lambda: {"category": _category(text)},
        "currency": lambda: {"currency": text.upper()},
        "platform": lambda: {"platform": _named("platform", text, token)},
        "priority": lambda: {"priority": _named("priority", text, token)},
        "assignee": lambda: _assignee(turn, text),
        "created_from": lambda: {"created_from": _moment(turn, text, token)},
        "created_to": lambda: {"created_to": _moment(turn, text, token, end=True)},
        "paid_from": lambda: {"paid_from": _moment(turn, text, token)},
        "paid_to": lambda: {"paid_to": _moment(turn, text, token, end=True)},
    }
    return readers[key]() if key in readers else {key: text}


def _states(text: str, token: str) -> tuple[str, ...]:
    if text.casefold() in _ALL:
        return ()
    known = [each.value for each in State]
    return tuple(_named("state", each, token, known) for each in re.split(r"[,、|]", text) if each) or tuple(sorted(LIVE))


def _named(kind: str, said: str, token: str, known: list[str] | None = None) -> str:
    """A state, platform or priority by its id or either of its names."""
    ids = known or [key.partition(".")[2] for key in SENTENCES if key.startswith(f"{kind}.")]
    said = simple(said).casefold()
    for id in ids:
        if _CALLED.get(said) == id or said in (id, *(name.casefold() for name in SENTENCES.get(f"{kind}.{id}", ()))):
            return id
    raise BadUsage("bad_filter_value", filter=token[:60], kind=kind, known=", ".join(ids))


def _category(said: str) -> str:
    found = category(said)
    if found not in CATEGORIES:
        raise BadUsage("bad_category", category=found, known=", ".join(CATEGORIES))
    return found


def _tier(text: str, token: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 3:
        raise BadUsage("bad_filter_value", filter=token[:60], kind="tier", known="0, 1, 2, 3")
    return int(text)


def _assignee(turn: Turn, text: str) -> dict[str, Any]:
    said = text.removeprefix("@").strip()
    if said.casefold() in _NOBODY:
        return {"unclaimed": True}
    if said.casefold() in _ME:
        return {"assignee": turn.who.id}
    within = turn.command.within or turn.who.merchant_id
    exact = turn.stores.people.get(said)
    if exact is not None and (within is None or exact.merchant_id in (None, within)):
        return {"assignee": exact.id}
    found = turn.stores.people.named(said, within) if within is not None else []
    if not found:
        raise NotFound("no_agent", field="assignee", agent=said[:60])
    if len(found) > 1:
        names = ", ".join(f"{each.name} ({each.id})" for each in found[:5])
        raise BadUsage("ambiguous_person", field="assignee", words=said[:60], names=names)
    return {"assignee": found[0].id}


def _moment(turn: Turn, text: str, token: str, *, end: bool = False) -> datetime:
    """A day of one's merchant's calendar, its end where it is the last; or so long ago."""
    merchant = turn.stores.merchants.get(turn.who.merchant_id) if turn.who.merchant_id else None
    zone = ZoneInfo(merchant.timezone if merchant else turn.house.settings.timezone)
    day = turn.now.astimezone(zone).date()
    found = _DAY.fullmatch(text)
    try:
        if found is not None:
            day = day.replace(year=int(found[1]), month=int(found[2]), day=int(found[3]))
        elif text.casefold() in _DAYS:
            day -= timedelta(days=_DAYS[text.casefold()])
        else:
            return turn.now - duration(text)
        return datetime.combine(day + timedelta(days=end), time(), zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadUsage("bad_day", filter=token[:60]) from None
