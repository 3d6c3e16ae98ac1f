"""`why`, in words: one sentence per clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.sla.explain import Account
from bot.sla.policy import Policy, span
from bot.wording import label, say
from bot.wording.times import clock_time


def rule(policy: Policy, locale: str) -> str:
    """By which rule its clocks run, and what meets the first."""
    return say("why_rule", locale, by=say(f"why_by_{policy.first_response_by}", locale))


def told(account: Account, policy: Policy, locale: str, timezone: str, now: datetime) -> str:
    """What became of this clock, with its moments in the merchant's zone."""

    def time(at: datetime | None) -> str:
        return clock_time(at, timezone, now) if at else "–"

    return say(
        f"why_{account.outcome}", locale, tier=account.tier, target=label("target", account.kind, locale),
        label=policy.label(account.kind), met=time(account.met_at), due=time(account.due_at), started=time(account.started_at),
        counted=span(account.counted), left=span(account.left or timedelta()),
    )  # fmt: skip
