"""Notices as the desk makes them, for mail tests."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.card import Button, Card, Field, Quote
from bot.messages import Address, Notice

AT = datetime(2026, 3, 5, 8, 30, tzinfo=UTC)

CARDS = {
    "en": Card(
        title="Refunds frozen: T-1024 missed its 72 h target · Lamp arrived with a broken switch",
        tone="alarm",
        lines=(
            "Not closed in time. lights.sg may not refund until 24:00; a senior manager can lift it: unfreeze shop:lights.sg why",
            "This may be a repeat.",
        ),
        fields=(
            Field("State", "escalated"), Field("Assignee", "Mei Lin"), Field("Category", "Not as described"),
            Field("Priority", "high"), Field("Order", "SP-2026-0305-77120"), Field("Clock", "closure missed 4 m ago"),
        ),
        quotes=(Quote("J*** T**", "The switch is broken and the box was open.\nI want my money back, or a new lamp."),),
        buttons=(
            Button("Resolve", "resolve 1024", "primary"), Button("Take over", "claim 1024"), Button("Snooze 30 m", "snooze 1024 30m"),
            Button("Why", "why 1024"),
        ),
        footer="lights.sg · Shopee · Bright Lights Pte Ltd",
    ),
    "zh": Card(
        title="无人响应：T-1024 已超过 2 小时响应时限 · 收到的台灯开关是坏的",
        tone="warn",
        lines=("尚无人响应。请尽快认领，否则下一时限将通知高级经理。",),
        fields=(
            Field("状态", "新建"), Field("处理人", "无"), Field("分类", "货不对板"), Field("优先级", "高"),
            Field("订单", "SP-2026-0305-77120"),
            Field("计时", "响应已超时 4 分钟"),
        ),
        quotes=(Quote("张**", "开关是坏的，包装也被打开过。\n请退款，或者换一盏新的。"),),
        buttons=(
            Button("认领", "claim 1024", "primary"), Button("30 分钟后提醒", "snooze 1024 30m"), Button("升级", "escalate 1024", "danger"),
            Button("为什么", "why 1024"),
        ),
        footer="lights.sg · Shopee · 明亮灯饰有限公司",
    ),
}  # fmt: skip


def notice(locale: str = "en", card: Card | None = None, **more) -> Notice:
    """An alert to a merchant's mailbox."""
    shown = card or CARDS[locale]
    given = {"id": "dlv_01abc", "address": Address("email", "ops@merchant.example"), "kind": "tier1", "text": shown.title, "locale": locale}
    return Notice(**{**given, "card": shown, **more})
