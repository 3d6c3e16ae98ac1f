"""Between the ledger of a ticket's clocks and its document: NULL for the most, which have none; moments as microseconds since 1970."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.target import BLANK, Ledger, Move, Past, Pause, Target
from bot.ticket import TARGETS, Ticket
from storage.types import MICROSECOND, from_micros, to_micros


def doc_of(ticket: Ticket) -> dict[str, Any] | None:
    """The ledger, and what is left on clocks that stand still."""
    ledger = ticket.ledger
    if ledger is BLANK and ticket.first_response.left is ticket.resolution.left is ticket.closure.left is None:
        return None
    left = {kind: left // MICROSECOND for kind in TARGETS if (left := ticket.target(kind).left) is not None}
    found = {
        "left": left,
        "pauses": [[_micros(each.start), _micros(each.end), each.because] for each in ledger.pauses],
        "moves": [[_micros(each.at), each.kind, _micros(each.was), _micros(each.now), each.because] for each in ledger.moves],
        "past": [[each.cycle, each.kind, to_micros(each.ended_at), *_moments(each.target)] for each in ledger.past],
        "thanked_at": _micros(ledger.thanked_at),
        "warned": [list(each) for each in ledger.warned],
    }
    return {name: value for name, value in found.items() if value not in ({}, [], None)} or None


def with_ledger(ticket: Ticket, doc: Mapping[str, Any] | None) -> Ticket:
    """The ticket with what `doc_of` made of it."""
    if not doc:
        return ticket
    ledger = Ledger(
        tuple(Pause(from_micros(start), _at(end), because) for start, end, because in doc.get("pauses", ())),
        tuple(Move(from_micros(at), kind, _at(was), _at(now), because) for at, kind, was, now, because in doc.get("moves", ())),
        tuple(Past(cycle, kind, from_micros(ended), _target(*moments)) for cycle, kind, ended, *moments in doc.get("past", ())),
        _at(doc.get("thanked_at")),
        tuple((cycle, kind, share) for cycle, kind, share in doc.get("warned", ())),
    )
    left: dict[str, Any] = {
        kind: replace(ticket.target(kind), left=timedelta(microseconds=micros)) for kind, micros in doc.get("left", {}).items()
    }
    return replace(ticket, ledger=ledger, **left)


def _target(started: int | None, due: int | None, met: int | None, breached: int | None) -> Target:
    return Target(_at(started), _at(due), _at(met), _at(breached))


def _moments(target: Target) -> list[int | None]:
    return [_micros(at) for at in (target.started_at, target.due_at, target.met_at, target.breached_at)]


def _micros(at: datetime | None) -> int | None:
    return None if at is None else to_micros(at)


def _at(micros: int | None) -> datetime | None:
    return None if micros is None else from_micros(micros)
