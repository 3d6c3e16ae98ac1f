"""Between a ticket and its row; and as JSON, for what keeps a ticket inside a document."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.target import Target
from bot.ticket import TARGETS, Category, State, Ticket
from storage.ledger_rows import doc_of, with_ledger
from storage.schema import tickets
from storage.types import NEVER, from_micros, to_micros

COLUMNS = [column for column in tickets.c if column.name not in ("next_due", "cleared_at")]
_MOMENTS = ("started_at", "due_at", "met_at", "breached_at")
# What a look at a ticket's clocks can change: the narrower the write, the more of them in a second.
CLOCKS = (*(f"{kind}_{moment}" for kind in TARGETS for moment in _MOMENTS), "tier", "seen_at", "ledger", "next_due")


def ticket_of(row: Any) -> Ticket:
    """A ticket of a row in the order of COLUMNS: by position, as this is what is read most."""
    (
        merchant_id, number, shop_id, platform, subject, message, created_at, updated_at, order_no, currency, state,
        category, score, source, also, priority, buyer, buyer_sealed, language, assignee, tier, cycle, escalated_cycle,
        first_started, first_due, first_met, first_breached, resolution_started, resolution_due, resolution_met, resolution_breached,
        closure_started, closure_due, closure_met, closure_breached,
        seen_at, first_responded_at, resolved_at, closed_at, merged_into, custom_fields, version, taken_from, auto_at, ledger, dispute,
        guesses, _, risk, translations,
    ) = row  # fmt: skip
    found = Ticket(
        merchant_id, number, shop_id, platform, subject, message, created_at, updated_at, order_no, currency, State(state),
        Category(category, score, source, tuple(also), tuple(guesses or ())),
        priority, buyer, buyer_sealed, language, assignee, tier, cycle, escalated_cycle,
        Target(first_started, first_due, first_met, first_breached),
        Target(resolution_started, resolution_due, resolution_met, resolution_breached),
        Target(closure_started, closure_due, closure_met, closure_breached),
        seen_at, first_responded_at, resolved_at, closed_at, merged_into, custom_fields, version, taken_from=taken_from, auto_at=auto_at,
        dispute=dispute or {}, risk=risk or {}, translations=tuple(translations or ()),
    )  # fmt: skip
    return with_ledger(found, ledger) if ledger else found


def values_of(ticket: Ticket, next_due: datetime | None) -> dict[str, Any]:
    """Column → value."""
    found: dict[str, Any] = {
        "merchant_id": ticket.merchant_id, "number": ticket.number, "shop_id": ticket.shop_id, "platform": ticket.platform,
        "subject": ticket.subject, "message": ticket.message, "created_at": ticket.created_at, "updated_at": ticket.updated_at,
        "order_no": ticket.order_no, "currency": ticket.currency, "state": ticket.state.value,
        "category": ticket.category.label, "category_score": ticket.category.score, "category_source": ticket.category.source,
        "category_also": list(ticket.category.also), "priority": ticket.priority, "buyer": ticket.buyer,
        "buyer_sealed": ticket.buyer_sealed, "language": ticket.language, "assignee": ticket.assignee, "tier": ticket.tier,
        "cycle": ticket.cycle, "escalated_cycle": ticket.escalated_cycle, "seen_at": ticket.seen_at,
        "first_responded_at": ticket.first_responded_at, "resolved_at": ticket.resolved_at, "closed_at": ticket.closed_at,
        "merged_into": ticket.merged_into, "custom_fields": ticket.custom_fields, "version": ticket.version,
        "taken_from": ticket.taken_from, "next_due": next_due or NEVER, "auto_at": ticket.auto_at, "ledger": doc_of(ticket),
        "dispute": ticket.dispute or None, "category_guesses": list(ticket.category.guesses) or None,
        "risk_level": ticket.risk.get("level"), "risk": ticket.risk or None,
        "translations": list(ticket.translations) or None,
        "cleared_at": None,  # whoever writes to it may have written of somebody
    }  # fmt: skip
    return found | _moments(ticket)


def clocks_of(ticket: Ticket, next_due: datetime | None) -> dict[str, Any]:
    """Column → value of `CLOCKS`, and whose they are."""
    return {
        "of_merchant": ticket.merchant_id, "of_number": ticket.number, "tier": ticket.tier, "seen_at": ticket.seen_at,
        "ledger": doc_of(ticket), "next_due": next_due or NEVER, **_moments(ticket),
    }  # fmt: skip


def _moments(ticket: Ticket) -> dict[str, Any]:
    first, resolution, closure = ticket.first_response, ticket.resolution, ticket.closure
    return {
        "first_response_started_at": first.started_at, "first_response_due_at": first.due_at,
        "first_response_met_at": first.met_at, "first_response_breached_at": first.breached_at,
        "resolution_started_at": resolution.started_at, "resolution_due_at": resolution.due_at,
        "resolution_met_at": resolution.met_at, "resolution_breached_at": resolution.breached_at,
        "closure_started_at": closure.started_at, "closure_due_at": closure.due_at,
        "closure_met_at": closure.met_at, "closure_breached_at": closure.breached_at,
    }  # fmt: skip


def ticket_doc(ticket: Ticket) -> dict[str, Any]:
    """A ticket as JSON."""
    found = values_of(ticket, None)
    return {column.name: _plain(found[column.name]) for column in COLUMNS}


def ticket_from(doc: Mapping[str, Any]) -> Ticket:
    """The ticket that `ticket_doc` made this of."""
    return ticket_of([_rich(doc.get(column.name)) for column in COLUMNS])


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"micros": to_micros(value)}
    return {"base64": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def _rich(value: Any) -> Any:
    if isinstance(value, dict) and value.keys() == {"micros"}:
        return from_micros(value["micros"])
    return base64.b64decode(value["base64"]) if isinstance(value, dict) and value.keys() == {"base64"} else value
