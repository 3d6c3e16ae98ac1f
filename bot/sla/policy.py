"""Which targets hold for a ticket, and arming its clocks by them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.settings import Settings
from bot.sla.hours import Calendar
from bot.target import Target
from bot.ticket import TARGETS, Ticket


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of time that a clock counted or not. `rule`: around_the_clock, or one of bot.sla.hours.Stretch; `name`: a holiday's."""

    start: datetime
    end: datetime
    counted: bool
    rule: str
    name: tuple[str, str] = ("", "")  # in English and Chinese


@dataclass(frozen=True, slots=True)
class Policy:
    """Three targets, the time that counts towards them (`calendar`; None: around the clock), and the shares at which to warn.

    `labels`: what to call the targets, if not by length. `pause_on`: the states in which clocks stand still. `about`: the
    merchant, category and priority that it is for, None: any. What time counts is asked
    here alone (`due`, `part`, `add`, `counted`, `intervals`): arming, deciding and explaining can never disagree about it. None of these
    knows of pauses, which are the ticket's.
    """

    name: str
    targets: tuple[timedelta, timedelta, timedelta]
    warn: tuple[float, ...] = (0.5, 0.8)
    first_response_by: str = "claim"
    labels: tuple[str, str, str] | None = None
    calendar: Calendar | None = None
    pause_on: tuple[str, ...] = ()
    about: tuple[str | None, str | None, str | None] = (None, None, None)

    def target(self, kind: str) -> timedelta:
        """How long the target of that kind is."""
        return self.targets[TARGETS.index(kind)]

    def due(self, kind: str, start: datetime) -> datetime:
        """When the target of that kind is missed that begins to count at `start`."""
        return self.add(start, self.target(kind))

    def part(self, start: datetime, due: datetime, share: float) -> datetime:
        """When that share of what counts between them has counted."""
        if self.calendar is None:
            return start + (due - start) * share
        return self.calendar.add(start, self.calendar.counted(start, due) * share)

    def add(self, start: datetime, length: timedelta) -> datetime:
        """The earliest moment by which `length` has counted since `start`."""
        return start + length if self.calendar is None else self.calendar.add(start, length)

    def counted(self, start: datetime, end: datetime) -> timedelta:
        """How much counts between them; nothing when `end` is not after `start`."""
        if self.calendar is None:
            return max(end - start, timedelta())
        return self.calendar.counted(start, end)

    def intervals(self, start: datetime, end: datetime) -> tuple[Interval, ...]:
        """What counted between them and what did not, and by which rule."""
        if self.calendar is None:
            return (Interval(start, end, True, "around_the_clock"),)
        return tuple(Interval(each.start, each.end, each.counted, each.rule, each.name) for each in self.calendar.stretches(start, end))

    def label(self, kind: str) -> str:
        """How people name it: `2 h`."""
        if self.labels is not None:
            return self.labels[TARGETS.index(kind)]
        return span(self.target(kind))


def deployment_wide(settings: Settings) -> Policy:
    """The policy of the settings, which holds where no narrower one does."""
    targets = (settings.sla_tier1, settings.sla_tier2, settings.sla_tier3)
    return Policy("deployment", targets, settings.sla_warn, settings.first_response_by, settings.target_labels)


def arm(ticket: Ticket, policy: Policy, now: datetime, kinds: tuple[str, ...] = TARGETS) -> Ticket:
    """Starts these clocks at `now`: all three on a new ticket, resolution and closure on a reopened one."""
    for kind in kinds:
        ticket = replace(ticket, **{kind: Target(started_at=now, due_at=policy.due(kind, now))})  # type: ignore[arg-type]
    return replace(ticket, seen_at=now)


def span(length: timedelta) -> str:
    """A length in the two largest units that matter: `2 h`, `1 h 20 min`, `45 s`, `3 d 4 h`. The same in both languages."""
    seconds = int(abs(length.total_seconds()))
    days, rest = divmod(seconds, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, seconds = divmod(rest, 60)
    if days >= 4:
        parts = [(days, "d"), (hours, "h")]
    elif days or hours:
        parts = [(days * 24 + hours, "h"), (minutes, "min")]
    elif minutes:
        parts = [(minutes, "min"), (seconds if minutes < 10 else 0, "s")]
    else:
        parts = [(seconds, "s")]
    said = [f"{number} {unit}" for number, unit in parts if number]
    return " ".join(said) or "0 s"
