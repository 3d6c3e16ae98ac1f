"""What stands between a waiting delivery and its channel: still true? silenced? Each stage answers with a reason, or None to go on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot import evidence
from bot.house import House
from bot.ports import Abilities
from bot.records import TURN, Outgoing
from bot.rendering import Scene
from bot.replies import HOLD
from bot.ticket import ENDED, TARGETS, State, Ticket
from bot.views import moment

Reason = str | None
A_MOMENT = timedelta(seconds=1)
NO_DIGEST = frozenset({"event", "reply", "answer", "left", "admins", "mirror"})
REPEATS = frozenset({"warning", "remind"})


def joins(row: Outgoing, abilities: Abilities) -> bool:
    """Whether it may go out in a digest. What may be there already is looked for by its own name, where a channel can."""
    return row.kind not in NO_DIGEST and row.receipt is None and not (row.unsure and abilities.finds)


def kept(row: Outgoing, scene: Scene, house: House, now: datetime) -> Outgoing | None:
    """The delivery as it is without being sent, with the reason; None: it goes out."""
    reason = stale(row, scene) or silenced(row, scene)
    until = undecided(row, scene, now) if reason is not None else None
    if until is not None:
        return replace(row, state="waiting", available_at=until, last_error=reason)
    if reason is not None:
        return replace(row, state="dropped", last_error=reason)
    if row.channel not in house.channels:
        return replace(row, state="dead", last_error=f"the channel {row.channel} is not connected")
    if row.id in scene.behind:
        return replace(row, state="waiting", available_at=scene.behind[row.id], last_error=TURN)
    if row.receipt is not None and (row.receipt.get("folded") or row.channel not in house.editing):
        return replace(row, state="sent")  # went out within a digest, or can't be changed: nothing to show anew
    return None


def stale(row: Outgoing, scene: Scene) -> Reason:
    """Why this need not be said any more. What was sent already (a card to be changed) is never stale."""
    if row.kind == "event":
        return _event(row, scene)
    if row.receipt is not None or row.kind in ("answer", "admins"):
        return None
    ticket = scene.tickets.get(row.ticket or 0)
    if ticket is None:
        return "its ticket is gone"
    if row.kind == "reply":
        return None if row.payload.get("message") in scene.messages else "its message is gone"
    if row.kind == "left":
        return _left(row, scene)
    if row.kind in ("tier1", "tier2", "warning", "remind"):
        return _clock(row, ticket)
    if row.kind in ("evidence", "evidence_due"):
        at = evidence.due(ticket)
        return None if at is not None and moment(at) == row.payload["evidence_at"] else "no evidence is wanted then any more"
    if row.kind in ("auto_close", "auto_archive"):
        return None if moment(ticket.auto_at) == row.payload["at"] else "it does not come then any more"
    if row.kind == "thanked":
        return None if ticket.state is State.RESOLVED else f"the ticket is {ticket.state.value}"
    if row.kind in ("alert", "snooze_over") and ticket.state in ENDED:
        return f"the ticket is {ticket.state.value}"
    return None


def undecided(row: Outgoing, scene: Scene, now: datetime) -> datetime | None:
    """Until when the close that made this stale can be taken back: only then it is dropped, or else nobody would ever hear of it."""
    if row.kind == "left":
        return now + A_MOMENT if row.payload.get("message") in scene.messages else None
    ticket = scene.tickets.get(row.ticket or 0)
    if row.kind == "event" or ticket is None or ticket.state is not State.CLOSED or ticket.closed_at is None:
        return None
    until = ticket.closed_at + HOLD + timedelta(milliseconds=1)
    return until if ticket.merged_into is None and now < until else None


def silenced(row: Outgoing, scene: Scene) -> Reason:
    """A snooze silences repeats to its person: warnings and reminders; never a tier's first word."""
    person = row.payload.get("person")
    if row.kind in REPEATS and row.ticket is not None and person and (row.ticket, person) in scene.snoozed:
        return "snoozed by its reader"
    return None


def _clock(row: Outgoing, ticket: Ticket) -> Reason:
    tier = int(row.payload["tier"])
    target = ticket.target(TARGETS[tier - 1])
    if row.payload.get("cycle") != ticket.cycle and tier > 1:
        return "the ticket was reopened since"
    if ticket.state in ENDED:
        return f"the ticket is {ticket.state.value}"
    if target.met_at is not None:
        return "the target was met meanwhile"
    if row.kind == "warning" and target.paused:
        return "the clock stands still"
    if row.kind == "warning":
        return "the target was missed meanwhile" if target.breached_at is not None else None
    # Escalated by hand, tier 2 does not ring when it is missed: nothing has overtaken tier 1 then.
    silent = {"resolution"} if ticket.escalated_cycle == ticket.cycle else set()
    higher = [kind for kind in TARGETS[tier:] if ticket.target(kind).breached_at is not None and kind not in silent]
    return f"overtaken by {higher[-1]}" if higher else None


def _left(row: Outgoing, scene: Scene) -> Reason:
    said = scene.messages.get(str(row.payload.get("message")))
    if said is None:
        return "taken back"
    return "it has not left yet" if said.held_until is not None else None


def _event(row: Outgoing, scene: Scene) -> Reason:
    if row.target not in scene.webhooks:
        return "the subscription is gone"
    if scene.webhooks[row.target].disabled_at is not None and not row.payload.get("test"):
        return "the subscription is switched off"
    ticket = scene.tickets.get(row.ticket or 0)
    if ticket is None or row.payload.get("undo_in_cycle") != ticket.cycle:
        return None  # nothing that can be taken back, or it stood: the ticket was reopened after it
    if moment(ticket.closed_at) != row.payload["body"]["data"]["closed_at"]:
        return "taken back"
    return None
