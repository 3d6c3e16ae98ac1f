"""`list [filters]`: open tickets, most urgent first, with the time left to the next tier."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.card import Button, Card
from bot.commands.tag import category
from bot.errors import BadUsage
from bot.messages import Reply, TicketFilter
from bot.ticket import CATEGORIES, LIVE, State
from bot.turn import Turn, Verb
from bot.wording import SENTENCES
from bot.wording.cards import row_card

PER_PAGE = 6
_WORDS = {"mine": "mine", "我的": "mine", "unclaimed": "unclaimed", "未认领": "unclaimed", "overdue": "overdue", "超时": "overdue"}
_KEYS = {
    "platform": "platform", "平台": "platform", "currency": "currency", "币种": "currency", "order": "order_no", "订单": "order_no",
    "shop": "shop", "店铺": "shop", "tag": "category", "标签": "category", "分类": "category", "state": "state", "状态": "state",
    "tier": "tier", "级别": "tier", "priority": "priority", "优先级": "priority", "assignee": "assignee", "负责人": "assignee",
    "page": "page", "页": "page",
}  # fmt: skip
_TOKEN = re.compile(r"^(\w+):(.+)$", re.DOTALL)
_SPACED = re.compile(rf"(?<!\S)({'|'.join(_KEYS)})\s*:\s*(?=\S)", re.IGNORECASE)


def run(turn: Turn) -> Reply:
    turn.allow("list")
    wanted, page, words = _read(turn)
    tickets, count = turn.stores.tickets.urgent(wanted, PER_PAGE, (page - 1) * PER_PAGE)
    narrow = "_filtered" if words else ""
    if not count:
        return turn.reply(f"list_none{narrow}")
    pages = -(-count // PER_PAGE)
    if page > pages:  # the list has become shorter since its button was made
        page = pages
        tickets, count = turn.stores.tickets.urgent(wanted, PER_PAGE, (page - 1) * PER_PAGE)
    title = turn.say(f"list_title{narrow}_one" if count == 1 else f"list_title{narrow}", count=count)
    footer = turn.say("list_page", page=page, pages=pages) if pages > 1 else ""
    head = Card(f"{title} · {footer}" if footer else title, "info", buttons=_paging(turn, page, pages, words))
    merchants = turn.stores.merchants.many({each.merchant_id for each in tickets})
    rows = [row_card(each, turn.telling(each, merchants[each.merchant_id].timezone)) for each in tickets]
    return Reply(title, (head, *rows), locale=turn.locale)


def _paging(turn: Turn, page: int, pages: int, words: str) -> tuple[Button, ...]:
    found = []
    if page > 1:
        found.append(Button(turn.say("button.previous"), f"list {words} page:{page - 1}".replace("  ", " ")))
    if page < pages:
        found.append(Button(turn.say("button.next"), f"list {words} page:{page + 1}".replace("  ", " ")))
    return tuple(found)


def _read(turn: Turn) -> tuple[TicketFilter, int, str]:
    """The filter, the page, and the words that made the filter (for the paging buttons)."""
    given: dict[str, Any] = {"states": tuple(sorted(LIVE)), "merchant": turn.command.within or turn.who.merchant_id}
    page, texts, kept = 1, [], []
    for token in _SPACED.sub(r"\1:", turn.words).split():
        pair = _TOKEN.match(token)
        if token.casefold() in _WORDS:
            _switch(turn, given, _WORDS[token.casefold()])
        elif pair and pair[1].casefold() in _KEYS:
            key = _KEYS[pair[1].casefold()]
            if key == "page":
                page = _whole(pair[2], token)
                continue
            given.update(_value(key, pair[2], token))
        elif pair:
            raise BadUsage("bad_filter", filter=token[:60])
        else:
            texts.append(token)
        kept.append(token)
    if texts:
        given["q"] = " ".join(texts)[:200]
    return replace(TicketFilter(**given), now=turn.now), page, " ".join(kept)


def _switch(turn: Turn, given: dict[str, Any], word: str) -> None:
    if word == "mine":
        given["assignee"] = turn.who.id
    elif word == "unclaimed":
        given["unclaimed"] = True
    else:
        given["overdue"] = True


def _value(key: str, text: str, token: str) -> dict[str, Any]:
    if key == "state":
        return {"states": () if text in ("all", "全部") else (_named("state", text, token, [each.value for each in State]),)}
    if key == "tier":
        return {"tier": _whole(text, token, least=0)}
    readers: dict[str, Callable[[str], str]] = {
        "category": _category, "currency": str.upper, "platform": lambda said: _named("platform", said, token),
        "priority": lambda said: _named("priority", said, token),
    }  # fmt: skip
    return {key: readers.get(key, str)(text)}


def _named(kind: str, said: str, token: str, known: list[str] | None = None) -> str:
    """A state, platform or priority by its id or either of its names."""
    ids = known or [key.partition(".")[2] for key in SENTENCES if key.startswith(f"{kind}.")]
    for id in ids:
        if said.casefold() in (id, *(name.casefold() for name in SENTENCES.get(f"{kind}.{id}", ()))):
            return id
    raise BadUsage("bad_filter_value", filter=token[:60], kind=kind, known=", ".join(ids))


def _category(said: str) -> str:
    found = category(said)
    if found not in CATEGORIES:
        raise BadUsage("bad_category", category=found, known=", ".join(CATEGORIES))
    return found


def _whole(text: str, token: str, least: int = 1) -> int:
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= 100_000:
        raise BadUsage("bad_filter", filter=token[:60])
    return int(text)


VERB = Verb(
    "list", ("列表", "查询"), ("list [filters]", "列表 [筛选]"), ("open tickets, most urgent first", "未结工单，最紧急的在前"), run,
    ("list unclaimed platform:shopee tag:refund_delay", "列表 未认领 平台:shopee 标签:退款延迟"), changes=False,
)  # fmt: skip
