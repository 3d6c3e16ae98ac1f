"""Counts: what fell due, what arrived, what did not, what did twice, and how late. Pure, so that it can be shown to find faults."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Key = tuple[int, int]  # ticket, tier


@dataclass(frozen=True, slots=True)
class Row:
    """A delivery as the outbox has it at the end. `folded`: the digest that it went out in."""

    id: str
    ticket: int | None
    kind: str
    target: str
    state: str
    folded: str | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """`strangers`: messages that the outbox knows nothing of; they count as duplicates."""

    expected: int
    fired: int
    lost: int
    duplicates: int
    strangers: int
    early: int
    doubled_rows: int
    ended: Mapping[str, int]  # rows that ended `dropped`, `dead` or `waiting`
    lateness: tuple[float, ...]  # seconds from the moment to the first arrival, sorted

    def late(self, share: float) -> float:
        """The lateness that this share of the notices keeps within; 0 where none arrived."""
        return self.lateness[min(len(self.lateness) - 1, int(len(self.lateness) * share))] if self.lateness else 0.0

    def line(self, kills: int) -> str:
        """The one line."""
        each = f" ({self.duplicates / kills:.2f} per kill)" if kills else ""
        seen = f"lateness p50/p99/max {self.late(0.5):.2f}/{self.late(0.99):.2f}/{self.late(1):.2f} s"
        rest = "  ".join(f"{name} {count}" for name, count in {**self.ended, "early": self.early}.items())
        return f"fired {self.fired}  kills {kills}  lost {self.lost}  duplicates {self.duplicates}{each}  {seen}  {rest}"


def tally(due: Mapping[Key, float], rows: Iterable[Row], arrivals: Sequence[tuple[str, float]]) -> Tally:
    """`due`: when each (ticket, tier) should ring. `arrivals`: (message's id, moment) as the sink wrote them, on the same clock."""
    at: dict[str, list[float]] = defaultdict(list)
    for id, moment in arrivals:
        at[id].append(moment)
    known: set[str] = set()
    told: dict[Key, list[float]] = defaultdict(list)
    of: dict[Key, int] = defaultdict(int)
    ended = {"dropped": 0, "dead": 0, "waiting": 0}
    for row in rows:
        if not row.kind.startswith("tier") or row.ticket is None:
            continue
        key = (row.ticket, int(row.kind.removeprefix("tier")))
        of[key] += 1
        ids = {row.id, row.folded or row.id}
        known |= ids
        told[key] += [moment for id in ids for moment in at[id]]
        if row.state in ended:
            ended[row.state] += 1
    first = {key: min(moments) for key, moments in told.items() if moments and key in due}
    strangers = sum(len(moments) for id, moments in at.items() if id not in known)
    lateness = sorted(first[key] - due[key] for key in first)
    return Tally(
        len(due), len(of), len(due) - len(first), sum(max(0, len(each) - 1) for each in told.values()) + strangers, strangers,
        sum(each < -0.001 for each in lateness), sum(count > 1 for count in of.values()), ended, tuple(lateness),
    )  # fmt: skip
