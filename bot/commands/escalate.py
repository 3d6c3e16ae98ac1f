"""`escalate N [why]`: tier 2 now, by hand: the senior managers on duty are told in person."""

from __future__ import annotations

from bot import ticket as rules
from bot.escalation_notices import crew, tier_notices
from bot.messages import Reply
from bot.reminding import first
from bot.turn import Turn, Verb


def run(turn: Turn) -> Reply:
    ticket = turn.ticket()
    why = turn.text("reason")
    saved = turn.commit(ticket, rules.escalate(ticket, turn.now, why))
    payload = {"tier": 2, "cycle": saved.cycle, "by": turn.who.id, "reason": why[:500]}
    concerned = crew(turn.stores, turn.house, [saved], turn.now)
    cause = f"tier2:{saved.number}:{saved.cycle}"
    turn.stores.outbox.add(tier_notices(turn.stores, turn.house, saved, turn.merchant(saved), concerned, 2, cause, payload, turn.now))
    turn.stores.deadlines.arm(first(saved, 2, turn.house, turn.now))
    return turn.reply("escalated", saved)


VERB = Verb(
    "escalate",
    ("升级",),
    ("escalate N [why]", "升级 N [原因]"),
    ("tell the senior managers now", "立即升级给高级经理"),
    run,
    ("escalate 1024 threatens a chargeback", "升级 1024 买家威胁拒付"),
)
