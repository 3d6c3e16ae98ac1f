"""`why`, in words: a sentence per clock, and under it every stretch that counted or did not, with a sum that adds up to the second."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.sla.explain import Account, earlier, explain
from bot.sla.policy import Policy, span
from bot.ticket import TARGETS, Ticket
from bot.wording import label, say
from bot.wording.hours import hours_of, whose
from bot.wording.times import clock_time, full

MOST = 12  # stretches in words; the API answers all of them


def rule(ticket: Ticket, policy: Policy, locale: str, now: datetime) -> str:
    """By which policy its clocks run, which hours and holidays it knows, what pauses them, and what meets the first."""
    states = "/".join(label("state", state, locale) for state in policy.pause_on)
    pauses = say("why_pauses", locale, states=states) if states else say("why_no_pauses", locale)
    until = max((due for kind in TARGETS if (due := ticket.target(kind).due_at) is not None), default=now)
    hours = hours_of(policy, locale, ticket.created_at, max(until, now))
    by = say(f"why_by_{policy.first_response_by}", locale)
    return say("why_rule", locale, policy=whose(policy, locale), hours=hours, by=by, pauses=pauses)


def story(ticket: Ticket, policy: Policy, locale: str, timezone: str, now: datetime) -> tuple[str, ...]:
    """Everything about a ticket's clocks, a paragraph each: earlier cycles, the present one, the rule."""
    before = [
        say("why_cycle", locale, cycle=each.cycle) + told(each, policy, locale, timezone, now) for each in earlier(ticket, policy)
    ]  # fmt: skip
    present = [account_told(each, policy, locale, timezone, now) for each in explain(ticket, policy, now)]
    thanked = ticket.ledger.thanked_at
    thanks = [say("why_thanked", locale, at=clock_time(thanked, timezone, now), number=ticket.number)] if thanked else []
    return (*before, *present, *thanks, rule(ticket, policy, locale, now))


def account_told(account: Account, policy: Policy, locale: str, timezone: str, now: datetime) -> str:
    """A clock's sentence with its stretches under it."""
    return "\n".join((told(account, policy, locale, timezone, now), *spans(account, locale, timezone, now)))


def told(account: Account, policy: Policy, locale: str, timezone: str, now: datetime, *, whole: bool = False) -> str:
    """What became of this clock, with its moments in the merchant's zone; `whole`: with their dates, for what is read years later."""

    def time(at: datetime | None) -> str:
        if at is None:
            return "–"
        return full(at, timezone) if whole else clock_time(at, timezone, now)

    since = account.intervals[-1].start if account.outcome == "paused" and account.intervals else now
    return say(
        f"why_{account.outcome}", locale, tier=account.tier, target=label("target", account.kind, locale),
        label=policy.label(account.kind), met=time(account.met_at), due=time(account.due_at), started=time(account.started_at),
        counted=span(account.counted), left=span(account.left or timedelta()), since=time(since),
    )  # fmt: skip


def spans(account: Account, locale: str, timezone: str, now: datetime) -> tuple[str, ...]:
    """What counted and what did not, where that is more than one thing; and what moved its due moment."""

    def time(at: datetime | None) -> str:
        return clock_time(at, timezone, now) if at else say("why_still", locale)

    moved = tuple(
        say("why_moved", locale, at=time(each.at), policy=each.because, was=time(each.was), due=time(each.now)) for each in account.moves
    )  # fmt: skip
    if len(account.intervals) < 2:
        return moved
    lengths = _whole(account)
    lines = [
        say("why_span", locale, start=time(each.start), end=time(each.end), length=exact(length), what=_what(each.rule, each.name, locale))
        for each, length in zip(account.intervals, lengths, strict=True)
    ]  # fmt: skip
    more = (say("why_more", locale, count=len(lines) - MOST),) if len(lines) > MOST else ()
    counted = sum(length for each, length in zip(account.intervals, lengths, strict=True) if each.counted)
    sums = say("why_sum", locale, wall=exact(sum(lengths)), counted=exact(counted), waited=exact(sum(lengths) - counted))
    return (*more, *(f"· {line}" for line in lines[-MOST:]), sums, *moved)


def exact(seconds: int) -> str:
    """A length to the second: `26 h 3 min 5 s`."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    said = [f"{number} {unit}" for number, unit in ((hours, "h"), (minutes, "min"), (rest, "s")) if number]
    return " ".join(said) or "0 s"


def _whole(account: Account) -> list[int]:
    """Each stretch's length in whole seconds, rounded so that together they are the whole time, rounded."""
    started = account.intervals[0].start
    ends = [round((each.end - started).total_seconds()) for each in account.intervals]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


def _what(rule: str, name: tuple[str, str], locale: str) -> str:
    said = label("interval", rule, locale)
    own = name[locale == "zh"]
    return f"{said} ({own})" if own else said
