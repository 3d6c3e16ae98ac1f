"""What stands between a waiting delivery and its channel: still true? silenced? Each stage answers with a reason, or None to go on."""

from __future__ import annotations

from bot.records import Outgoing
from bot.rendering import Scene
from bot.ticket import ENDED, TARGETS, Ticket

Reason = str | None


def stale(row: Outgoing, scene: Scene) -> Reason:
    """Why this need not be said any more. What was sent already (a card to be changed) is never stale."""
    if row.kind == "event":
        return _event(row, scene)
    if row.receipt is not None or row.kind == "answer":
        return None
    ticket = scene.tickets.get(row.ticket or 0)
    if ticket is None:
        return "its ticket is gone"
    if row.kind == "reply":
        return None if row.payload.get("message") in scene.messages else "its message is gone"
    if row.kind in ("tier1", "tier2", "warning"):
        return _clock(row, ticket)
    if row.kind in ("alert", "snooze_over") and ticket.state in ENDED:
        return f"the ticket is {ticket.state.value}"
    return None


def silenced(row: Outgoing, scene: Scene) -> Reason:
    """A snooze silences repeats to its person: warnings; never a tier's first word."""
    person = row.payload.get("person")
    if row.kind == "warning" and row.ticket is not None and person and (row.ticket, person) in scene.snoozed:
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
    if row.kind == "warning":
        return "the target was missed meanwhile" if target.breached_at is not None else None
    higher = [kind for kind in TARGETS[tier:] if ticket.target(kind).breached_at is not None]
    return f"overtaken by {higher[-1]}" if higher else None


def _event(row: Outgoing, scene: Scene) -> Reason:
    if row.target not in scene.webhooks:
        return "the subscription is gone"
    ticket = scene.tickets.get(row.ticket or 0)
    if row.payload.get("undo") and ticket is not None and ticket.state.value != row.payload["body"]["data"]["state"]:
        return "taken back"
    return None
