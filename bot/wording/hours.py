"""A policy in words: whom it is for, which hours count, which holidays do not."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby

from bot.sla.hours import DAY, WEEKDAYS, Calendar, Windows
from bot.sla.policy import Policy
from bot.ticket import TARGETS
from bot.wording import label, say


def whose(policy: Policy, locale: str) -> str:
    """`policy “vip” (for one merchant, refund delay)`, or the deployment's."""
    if policy.name == "deployment":
        return say("policy_deployment", locale)
    merchant, category, priority = policy.about
    about = [say("policy_one_merchant" if merchant else "policy_every_merchant", locale)]
    about += [label("category", category, locale)] if category else []
    about += [say("policy_priority", locale, priority=label("priority", priority, locale))] if priority else []
    return say("policy_named", locale, name=policy.name, about=say("and", locale).join(about))


def targets(policy: Policy, locale: str) -> str:
    """`first response 2 h, resolution 24 h, closure 72 h`."""
    return say("and", locale).join(f"{label('target', kind, locale)} {policy.label(kind)}" for kind in TARGETS)


def hours_of(policy: Policy, locale: str, since: datetime, until: datetime) -> str:
    """Which time counts; between these moments, the years whose holidays are not known for certain are named."""
    calendar = policy.calendar
    if calendar is None:
        return say("hours_always", locale)
    said = say("hours_some", locale, hours=week(calendar, locale), zone=calendar.timezone)
    if calendar.holidays:
        key = "hours_holidays_cn" if calendar.holidays == "CN" else "hours_holidays"
        said += say(key, locale, country=label("country", calendar.holidays, locale))
    years = calendar.guessed(since, until)
    if years:
        said += say("hours_guessed", locale, years=", ".join(str(year) for year in years))
    return said


def week(calendar: Calendar, locale: str) -> str:
    """`Mon–Fri 09:00–12:00 13:30–18:00, Sat 10:00–14:00`; days that do not count are left out."""
    said = []
    for hours, days in groupby(zip(WEEKDAYS, calendar.hours, strict=True), key=lambda each: each[1]):
        names = [label("weekday", day, locale) for day, _ in days]
        if hours:
            first, last = names[0], names[-1]
            said.append(f"{first if len(names) == 1 else say('hours_span', locale, first=first, last=last)} {_windows(hours)}")
    return say("and", locale).join(said)


def _windows(hours: Windows) -> str:
    return " ".join(f"{_clock(opens)}–{_clock(closes)}" for opens, closes in hours)


def _clock(seconds: int) -> str:
    """The midnight at a window's end is 24:00 to people."""
    return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}" if seconds < DAY else "24:00"
