"""`reveal N field`: one masked value, to this person alone; the timeline and the audit log keep that it was shown, never what."""

from __future__ import annotations

from bot.commands.claim import on_the_way
from bot.errors import BadUsage, NotFound
from bot.messages import Reply
from bot.people import Role
from bot.records import Entry
from bot.revealing import CUSTOM, FIELDS, masked, revealed
from bot.ticket import Ticket
from bot.turn import Turn, Verb, simple
from bot.wording import label

_WORDS = {
    "姓名": "name", "名字": "name", "收件人": "name", "电话": "phone", "手机": "phone", "手机号": "phone", "电话号码": "phone",
    "邮箱": "email", "邮件": "email", "电邮": "email", "mail": "email", "e-mail": "email", "地址": "address", "收货地址": "address",
    "身份证": "id_number", "身份证号": "id_number", "证件": "id_number", "id": "id_number", "护照": "passport", "护照号": "passport",
    "卡号": "card", "银行卡": "card", "信用卡": "card", "账号": "bank_account", "账户": "bank_account", "银行账号": "bank_account",
    "iban": "bank_account", "标题": "subject", "主题": "subject", "留言": "message", "内容": "message", "原文": "message",
    "text": "message", "最后": "last", "最新": "last", "最新留言": "last", "mobile": "phone", "number": "phone",
}  # fmt: skip


def run(turn: Turn) -> Reply:
    ticket = turn.ticket()
    if turn.command.args.get("public"):
        raise BadUsage("reveal_in_private")
    field = _named(turn.text("field").removeprefix("buyer."), ticket)
    value = revealed(turn.stores, turn.house, ticket, field) if field else None
    if value is None:
        there = ", ".join(_label(each, turn.locale) for each in masked(turn.stores, turn.house, ticket))
        none = turn.say("reveal_nothing")
        if not field:
            raise BadUsage("reveal_what", field="field", ticket=ticket.name, there=there or none)
        raise NotFound("not_masked", field="field", ticket=ticket.name, asked=_label(field, turn.locale)[:60], there=there or none)
    if turn.who.role is Role.AGENT and ticket.assignee is None:
        ticket = on_the_way(turn, ticket)
    turn.stores.timeline.add([
        Entry(ticket.merchant_id, ticket.number, turn.now, "revealed", turn.who.id, turn.command.via, {"field": field})
    ])  # fmt: skip
    said = turn.say("revealed", ticket=ticket.name, what=_label(field, turn.locale), value=value)
    doc = {"ticket": ticket.name, "field": field, "value": value}
    return Reply(said, ticket=ticket.number, locale=turn.locale, doc=doc)


def _named(asked: str, ticket: Ticket) -> str:
    """What the field is called in any of its names. A custom field's key is not taken for another's word, such as `id`."""
    plain = simple(asked).strip().casefold()
    if asked.startswith(CUSTOM) or (asked in ticket.custom_fields and plain not in FIELDS):
        return asked[:80]
    return _WORDS.get(plain) or (plain if plain in FIELDS else asked[:80])


def _label(field: str, locale: str) -> str:
    return label("masked", field, locale) if field in FIELDS else field


VERB = Verb(
    "reveal", ("明文",), ("reveal N field", "明文 N 字段"), ("one masked value, shown to you alone", "仅向您本人显示一项脱敏信息"),
    run, ("reveal 1024 phone", "明文 1024 电话"),
)  # fmt: skip
