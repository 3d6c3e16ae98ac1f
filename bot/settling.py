"""Records how deliveries ended; what could not be delivered is itself an escalation: the next address hears of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot import representative
from bot.announce import SYSTEM, outgoing
from bot.house import House
from bot.messages import Address
from bot.missed import SOON
from bot.receiving import heard
from bot.records import Deadline, Entry, Outgoing, Waiting
from bot.stores import Stores

STAND_IN_AFTER = 8  # failed tries, some two minutes: the next address is told, and this one goes on being tried
FOR_PEOPLE = frozenset({
    "alert", "warning", "tier1", "tier2", "tier3", "remind", "message", "assigned", "snooze_over", "unfreeze_wanted", "thanked",
    "auto_close", "auto_archive", "review", "channel_frozen", "translated",
})  # fmt: skip


def settle(stores: Stores, house: House, rows: Sequence[Outgoing], now: datetime, back: Sequence[Waiting] = ()) -> None:
    """Outcomes, and a stand-in for each notice to people that died or has failed so often that it may take long.

    `back` are those whose channel takes notices again: they wait no longer than for what may still be underway.
    """
    recorded = set(stores.outbox.settle(rows, now))
    stores.deadlines.arm([each for row in rows if row.id in recorded for each in _worn_at(row)])
    stores.outbox.hurry(back, now + SOON)
    for row in rows:
        if row.id in recorded and row.ticket is not None:
            tiring = row.state == "waiting" and row.failures == STAND_IN_AFTER and row.receipt is None
            if row.state == "dead" or tiring:
                _stand_in(stores, house, row, now)
            if row.state == "dead" and row.channel in house.channels and house.channels[row.channel].grave:
                _own_up(stores, house, row, now)
    heard(stores, house, [row for row in rows if row.id in recorded], now)


def _worn_at(row: Outgoing) -> list[Deadline]:
    """A card that can't be changed for ever says in its receipt until when: by then it is looked at."""
    until = (row.receipt or {}).get("until")
    if row.ticket is None or row.state != "sent" or not until:
        return []
    return [Deadline(row.merchant_id, row.ticket, f"card:{row.id}", datetime.fromisoformat(until))]


def _stand_in(stores: Stores, house: House, row: Outgoing, now: datetime) -> None:
    detail = {"delivery": row.id, "channel": row.channel, "kind": row.kind, "error": row.last_error}
    entries = [Entry(row.merchant_id, row.ticket or 0, now, "delivery.dead", SYSTEM.id, "", detail)] if row.state == "dead" else []
    stand_in = _next(stores, house, row) if row.kind in FOR_PEOPLE else None
    if stand_in is not None:
        payload = {**row.payload, "fallback_from": row.channel}
        made = outgoing(row.merchant_id, row.ticket, row.cause, row.kind, stand_in, payload, now)
        stores.outbox.add([replace(made, created_at=row.created_at)])
        entries.append(Entry(row.merchant_id, row.ticket or 0, now, "fallback", SYSTEM.id, "", {"to": stand_in.channel, "kind": row.kind}))
    stores.timeline.add(entries)


def _own_up(stores: Stores, house: House, row: Outgoing, now: datetime) -> None:
    """Nobody else stands in for a legal representative: administrators hear that theirs was not reached."""
    merchant, ticket = stores.merchants.get(row.merchant_id), stores.tickets.get(row.ticket or 0, row.merchant_id)
    if merchant is not None and ticket is not None:
        stores.outbox.add(representative.told_admins(stores, house, ticket, merchant, "failed", now))


def _next(stores: Stores, house: House, row: Outgoing) -> Address | None:
    """The first address of the same merchant, then of the deployment, that has not been given this notice yet."""
    merchant = stores.merchants.get(row.merchant_id)
    if merchant is None:
        return None
    told = {Address(each.channel, each.target) for each in stores.outbox.of_cause(row.merchant_id, row.cause)}
    return next((each for each in (*house.everywhere(merchant), *house.deployment()) if each not in told), None)
