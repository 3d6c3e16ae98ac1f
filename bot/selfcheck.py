"""The self-audit: every half minute looks for what is stuck, heals it, and tells of what comes again. docs/adr says how.

One process at a time does it, by a hold; what it has seen is kept in the hold's note, so that its successor knows what was healed before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from bot import mending
from bot.asking.sending import AUDIT
from bot.configuring import configure
from bot.house import House
from bot.messages import TellAdmins
from bot.ports import Work
from bot.records import Hold
from bot.sla.escalation import next_moment
from bot.stores import Stores
from bot.stores.checking import Place
from bot.views import moment

EVERY, BEHIND = timedelta(seconds=30), timedelta(seconds=60)
AHEAD = timedelta(seconds=60)  # no lease lasts so long
HELD, AGAIN, KEPT = 3 * EVERY, timedelta(hours=1), 1000
MOST = 100  # of a kind in one audit
NEAR = (timedelta(hours=1), timedelta(minutes=10))  # tickets whose moment was or is so near are looked at each time,
STRETCH = 20_000  # the others by turns, so many each time
KINDS = ("overdue", "hoarded", "waiting", "clockless", "unworked")
log = structlog.get_logger("selfcheck")


@dataclass(frozen=True, slots=True)
class Checked:
    """What an audit found before it healed. `again`: what had been healed within the last hour, or could not be."""

    found: Mapping[str, int]
    again: Mapping[str, int] = field(default_factory=dict)

    @property
    def clean(self) -> bool:
        """Nothing was stuck."""
        return not any(self.found.values())


class SelfCheck:
    """One per process. `holder` names it; `wake` runs the passes."""

    def __init__(self, work: Work, house: House, holder: str, wake: Callable[[], None]) -> None:
        self._work, self._house, self._holder, self._wake = work, house, holder, wake
        self._next: datetime | None = None

    async def run(self) -> tuple[datetime, Checked | None]:
        """When to come again, and what was found; None: it is not time yet, or another process's turn."""
        now = self._house.clock.now()
        if self._next is None:
            self._next = now + EVERY  # what waited for this start is being worked just now
        if timedelta() < self._next - now <= EVERY:
            return self._next, None
        self._next = now + EVERY
        hold = await self._work.write(lambda stores: _mine(stores, self._holder, now))
        return self._next, await self._audit(hold, now) if hold is not None else None

    async def _audit(self, hold: Hold, now: datetime) -> Checked:
        stuck, place = await self._work.read(lambda stores: look(stores, self._house, now, _place_of(hold.note)))
        healed: dict[str, str] = dict(hold.note.get("healed") or {})
        again: dict[str, list[str]] = {}
        for each in stuck:
            mended = await mending.mend(self._work, self._house, each, now)
            if not mended or each.key in healed:
                again.setdefault(each.kind, []).append(each.name)
            healed[each.key] = moment(now) or ""
        found = {kind: sum(each.kind == kind for each in stuck) for kind in KINDS}
        if stuck:
            log.warning("self-audit found what was stuck", **found, again={kind: names[:5] for kind, names in again.items()})
            self._wake()
        await self._work.write(lambda stores: self._keep(stores, hold.note, healed, found, again, place, now))
        return Checked(found, {kind: len(names) for kind, names in again.items()})

    def _keep(
        self, stores: Stores, before: Mapping[str, Any], healed: Mapping[str, str], found: Mapping[str, int],
        again: Mapping[str, Sequence[str]], place: Place | None, now: datetime,
    ) -> None:  # fmt: skip
        """The note for the next audit; and who can mend it hears of what came again, once an hour of each kind."""
        told: dict[str, str] = dict(before.get("told") or {})
        for kind, names in again.items():
            if kind not in told or now - datetime.fromisoformat(told[kind]) >= AGAIN:
                told[kind] = moment(now) or ""
                _tell(stores, self._house, kind, names, now)
        lately = sorted(((at, key) for key, at in healed.items() if now - datetime.fromisoformat(at) < AGAIN), reverse=True)[:KEPT]
        note = {
            "at": moment(now), "found": dict(found), "told": told, "healed": {key: at for at, key in lately},
            "place": [moment(place[0]), place[1]] if place else None,
        }  # fmt: skip
        stores.holds.take(AUDIT, self._holder, now, now + HELD, note)


def look(stores: Stores, house: House, now: datetime, place: Place | None) -> tuple[list[mending.Stuck], Place | None]:
    """All that is stuck, at most MOST of each kind, and where to go on among the open tickets."""
    before = now - BEHIND
    stuck = [mending.deadline(each) for each in stores.deadlines.due(before, MOST)]
    stuck += [mending.delivery("hoarded", each) for each in stores.checks.hoarded(now + AHEAD, MOST)]
    stuck += [mending.delivery("waiting", each) for each in stores.checks.waiting(before, MOST)]
    stuck += [mending.inbound(each) for each in stores.checks.unworked(before, MOST)]
    until = stores.checks.farther(place, STRETCH)
    near = stores.checks.clockless((now - NEAR[0], 0), (now + NEAR[1], 0), MOST)
    turn = stores.checks.clockless(place, until, MOST)
    tickets = stores.tickets.many({number for _, number in (*near, *turn)}).values()
    stuck += [mending.ticket(each) for each in tickets if next_moment(each, house.policy(stores, each)) is not None]
    return stuck, until


def _mine(stores: Stores, holder: str, now: datetime) -> Hold | None:
    before = stores.holds.get(AUDIT)
    taken = stores.holds.take(AUDIT, holder, now, now + HELD, before.note if before is not None else {})
    if taken.holder != holder and taken.until > now + HELD:  # by a clock that has been set back since
        stores.holds.release(AUDIT, taken.holder, now)
    return taken if taken.holder == holder else None


def _place_of(note: Mapping[str, Any]) -> Place | None:
    place = note.get("place")
    return (datetime.fromisoformat(place[0]).astimezone(UTC), int(place[1])) if place else None


def _tell(stores: Stores, house: House, kind: str, names: Sequence[str], now: datetime) -> None:
    shown = ", ".join(names[:10]) + (" …" if len(names) > 10 else "")
    params = {"count": str(len(names)), "names": shown}
    configure(stores, house, TellAdmins(f"stuck_{kind}", f"selfcheck:{kind}:{moment(now)}", params, everywhere=True), now)
