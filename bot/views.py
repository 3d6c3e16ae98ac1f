"""The documents of CONTRACT §4: what the API answers and webhooks carry. Times are RFC 3339 in UTC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from bot.custom import CustomField
from bot.messages import Doc
from bot.paid import ALIAS, Payment
from bot.people import Person
from bot.privacy import MASK, last_digits
from bot.records import ApiKey, Entry, Freeze, Merchant, Message, Order, Outgoing, Shop, Webhook
from bot.risk.records import Review
from bot.rota import Roster, Weekly
from bot.sla.explain import Account
from bot.sla.rules import Rule
from bot.ticket import TARGETS, State, Ticket

HIDDEN = "***"
SECRETS = frozenset({"access_token", "client_secret", "secret", "key", "password", "token", "app_secret", "aes_key"})


def moment(at: datetime | None) -> str | None:
    """`2026-11-23T08:00:00.123Z`; None stays None."""
    if at is None:
        return None
    return (at if at.tzinfo is UTC else at.astimezone(UTC)).isoformat(timespec="milliseconds")[:-6] + "Z"


def ticket_doc(ticket: Ticket) -> Doc:
    """A ticket in an answer."""
    return {
        "number": ticket.number, "merchant_id": ticket.merchant_id, "shop_id": ticket.shop_id, "platform": ticket.platform,
        "order_no": ticket.order_no, "currency": ticket.currency, "state": ticket.state.value,
        "category": {
            "label": ticket.category.label, "score": ticket.category.score, "source": ticket.category.source,
            "also": list(ticket.category.also), "guesses": list(ticket.category.guesses),
            "second": ticket.category.guesses[0] if ticket.category.guesses else None, "needs_look": len(ticket.category.guesses) > 1,
        },
        "risk": dict(ticket.risk) or {"level": "none", "hints": []},
        "priority": ticket.priority, "subject": ticket.subject, "message": ticket.message, "buyer": dict(ticket.buyer),
        "language": ticket.language, "assignee": ticket.assignee, "tier": ticket.tier,
        "sla": {kind: _target(ticket, kind) for kind in TARGETS},
        "custom_fields": dict(ticket.custom_fields), "translations": _translations(ticket),
        "merged_into": ticket.merged_into, "dispute": dict(ticket.dispute) or None,
        "created_at": moment(ticket.created_at), "updated_at": moment(ticket.updated_at),
        "first_responded_at": moment(ticket.first_responded_at), "resolved_at": moment(ticket.resolved_at),
        "closed_at": moment(ticket.closed_at),
        "closes_at": moment(ticket.auto_at) if ticket.state is State.RESOLVED else None,
        "archives_at": moment(ticket.auto_at) if ticket.state is State.CLOSED else None,
    }  # fmt: skip


def _translations(ticket: Ticket) -> list[dict[str, str]]:
    """Of its own text; what was said on it later has its translation beside it, as a note."""
    mine = [each for each in ticket.translations if each.get("text") and not each.get("of")]
    return [{key: each[key] for key in ("lang", "text", "provider")} for each in mine]


def _target(ticket: Ticket, kind: str) -> dict[str, Any]:
    """`paused`: it stands still, has no due moment, and `left_seconds` have yet to count when it goes on."""
    target = ticket.target(kind)
    left = target.left.total_seconds() if target.left is not None and target.paused else None
    return {
        "due_at": moment(target.due_at), "met_at": moment(target.met_at), "breached_at": moment(target.breached_at),
        "paused": target.paused, "left_seconds": left,
    }  # fmt: skip


def review_doc(review: Review) -> Doc:
    """A risk review, decided or not."""
    return {
        "id": review.id, "merchant_id": review.merchant_id, "shop_id": review.shop_id, "day": review.day, "count": review.count,
        "mean": round(review.mean, 2), "ticket": f"T-{review.ticket}", "state": "closed" if review.decision else "open",
        "opened_at": moment(review.opened_at), "decision": review.decision, "agent": review.decided_by, "reason": review.reason,
        "decided_at": moment(review.decided_at),
    }  # fmt: skip


def merchant_doc(merchant: Merchant) -> Doc:
    """A merchant with its whole profile."""
    head = {"id": merchant.id, "name": merchant.name, "timezone": merchant.timezone, "locale": merchant.locale}
    full = {**head, **merchant.profile, "legal_representative": _represented(merchant)}
    return {**full, "enabled": merchant.enabled_at is not None, "enabled_at": moment(merchant.enabled_at)}


def _represented(merchant: Merchant) -> dict[str, Any]:
    """The number by its last digits, also one from before numbers were sealed."""
    part = {name: value for name, value in (merchant.profile.get("legal_representative") or {}).items() if name != "phone_sealed"}
    phone = str(part.get("phone") or "")
    return {**part, "phone": last_digits(phone)} if phone and not phone.startswith(MASK) else part


def shop_doc(shop: Shop) -> Doc:
    """A shop; secrets of its links are never in it."""
    hidden = redacted(shop.more)
    return {"id": shop.id, "merchant_id": shop.merchant_id, "platform": shop.platform, "name": shop.name, **hidden}


def redacted(value: Any, within: str = "") -> Any:
    """Without secrets; what a header says may be one."""
    if isinstance(value, Mapping):
        return {name: HIDDEN if name in SECRETS or within == "headers" else redacted(inner, name) for name, inner in value.items()}
    return value


def person_doc(person: Person) -> Doc:
    """An agent."""
    return {
        "id": person.id, "name": person.name, "role": person.role.value, "merchant_id": person.merchant_id,
        "slack_user_id": person.slack_user_id, "slack_team_id": person.slack_team_id, "wecom_user_id": person.wecom_user_id,
        "email": person.email, "locale": person.locale, "away_until": moment(person.away_until),
    }  # fmt: skip


def rota_doc(roster: Roster) -> Doc:
    """The duty roster, as it was put."""
    shifts = [{"agent": each.agent, "from": moment(each.start), "to": moment(each.end)} for each in roster.shifts]
    return {"shifts": shifts, "weekly": [_weekly(each) for each in roster.weekly]}


def _weekly(weekly: Weekly) -> Doc:
    hours = {day: [list(window) for window in windows] for day, windows in weekly.hours.items()}
    return {"agent": weekly.agent, "hours": hours, "timezone": weekly.timezone}


def order_doc(order: Order, tickets: list[Ticket], payments: Mapping[tuple[str, str], Sequence[Payment]] | None = None) -> Doc:
    """An order with its tickets; `payments` (by shop and number): those that institutions have told of, and any that were it before."""
    rows, known = (payments or {}).get((order.shop_id, order.order_no), ()), order.payment.get("transaction_id")
    told = [each for each in rows if each.status != ALIAS and (each.status or each.refunds or each.payment_id != known)]
    captured = [Decimal(each.captured) for each in told if each.captured]
    done = [Decimal(back["amount"]) for each in told for back in each.refunds.values() if back["status"] == "succeeded" and back["amount"]]
    return {
        "shop_id": order.shop_id, "merchant_id": order.merchant_id, "order_no": order.order_no, "total": dict(order.total),
        "payment": dict(order.payment), "payments": [_payment(each) for each in told],
        "captured": f"{sum(captured):f}" if captured else None, "refunded": f"{sum(done):f}" if done else None,
        "buyer": dict(order.buyer), "updated_at": moment(order.updated_at),
        "tickets": [{"number": each.number, "state": each.state.value, "subject": each.subject} for each in tickets],
    }  # fmt: skip


def _payment(payment: Payment) -> Doc:
    refunds = [{"refund_id": id, **doc} for id, doc in payment.refunds.items()]
    return {
        "provider": payment.provider, "transaction_id": payment.payment_id, "channel_id": payment.channel_id,
        "sub_merchant_id": payment.sub_merchant_id, "reference": payment.reference, "status": payment.status or None,
        "amount": payment.amount, "currency": payment.currency, "captured": payment.captured, "refunds": refunds,
        "method": dict(payment.method), "paid_at": moment(payment.paid_at),
    }  # fmt: skip


def message_doc(message: Message) -> Doc:
    """A message on a ticket."""
    return {
        "id": message.id, "ticket": message.ticket, "from": message.author, "agent": message.agent_id, "text": message.text,
        "public": message.public, "attachments": [dict(each) for each in message.attachments],
        "created_at": moment(message.created_at), "held_until": moment(message.held_until),
    }  # fmt: skip


def entry_doc(entry: Entry) -> Doc:
    """A line of the timeline."""
    return {"at": moment(entry.at), "type": entry.type, "actor": entry.actor, "via": entry.via, "detail": dict(entry.detail)}


def delivery_doc(row: Outgoing) -> Doc:
    """A notice on its way to one address."""
    available = moment(row.available_at) if row.state == "waiting" else None
    return {
        "id": row.id, "merchant_id": row.merchant_id, "ticket": f"T-{row.ticket}" if row.ticket else None, "kind": row.kind,
        "channel": row.channel, "target": row.target, "state": row.state, "attempts": row.attempt, "failures": row.failures,
        "last_error": row.last_error, "created_at": moment(row.created_at),
        "next_attempt_at": available, "available_at": available, "held_until": moment(held_until(row)),
        "reason": row.last_error if row.state != "sent" else None, "sent_at": moment(row.sent_at), **_exchanged(row),
    }  # fmt: skip


def _exchanged(row: Outgoing) -> Doc:
    """Of what went to another system: what it was sent, and what it answered."""
    if row.channel != "webhooks":
        return {}
    said = row.receipt or {}
    answer = {"status": int(said["status"]), "text": said.get("said", "")} if said.get("status") else None
    return {"type": row.payload["body"]["type"], "body": row.payload["body"], "answer": answer}


def held_until(row: Outgoing) -> datetime | None:
    """Until when it is kept back: by its address's limit, a pause after a failure, or while it can be taken back."""
    return row.available_at if row.state == "waiting" and not row.leased and row.available_at > row.created_at else None


def freeze_doc(freeze: Freeze) -> Doc:
    """A permission switched off."""
    return {
        "id": freeze.id, "merchant_id": freeze.merchant_id, "kind": freeze.kind, "subject": freeze.subject, "reason": freeze.reason,
        "frozen_since": moment(freeze.since), "frozen_until": moment(freeze.until),
        "ticket": f"T-{freeze.ticket}" if freeze.ticket else None,
        "lifted_at": moment(freeze.lifted_at), "lifted_by": freeze.lifted_by, "why": freeze.why,
    }  # fmt: skip


def webhook_doc(webhook: Webhook) -> Doc:
    """A subscription, without its secret."""
    return {
        "id": webhook.id, "merchant_id": _tenant(webhook.merchant_id), "url": webhook.url, "events": list(webhook.events),
        "created_at": moment(webhook.created_at), "disabled_at": moment(webhook.disabled_at), "disabled_why": webhook.disabled_why,
        "failing_since": moment(webhook.failing_since), "kind": webhook.kind, "previous_secret_until": moment(webhook.previous_until),
    }  # fmt: skip


def key_doc(key: ApiKey) -> Doc:
    """An API key, without its token."""
    return {
        "id": key.id, "name": key.name, "merchant_id": key.merchant_id, "scopes": list(key.scopes),
        "created_at": moment(key.created_at), "revoked_at": moment(key.revoked_at), "expires_at": moment(key.expires_at),
        "used_at": moment(key.used_at),
    }  # fmt: skip


def account_doc(account: Account, said: str) -> Doc:
    """One clock's story, for machines and, in `said`, for people."""
    return {
        "tier": account.tier, "target": account.kind, "outcome": account.outcome, "target_seconds": account.target.total_seconds(),
        "started_at": moment(account.started_at), "due_at": moment(account.due_at), "met_at": moment(account.met_at),
        "breached_at": moment(account.breached_at), "counted_seconds": account.counted.total_seconds(),
        "not_counted_seconds": account.waited.total_seconds(), "cycle": account.cycle,
        "left_seconds": account.left.total_seconds() if account.left is not None else None,
        "moves": [
            {"at": moment(each.at), "from": moment(each.was), "to": moment(each.now), "policy": each.because} for each in account.moves
        ],
        "intervals": [
            {"from": moment(each.start), "to": moment(each.end), "counted": each.counted, "rule": each.rule}
            for each in account.intervals
        ],
        "explanation": said,
    }  # fmt: skip


def custom_field_doc(field: CustomField) -> Doc:
    """A field that a merchant's tickets may have."""
    return {
        "key": field.key, "merchant_id": field.merchant_id, "type": field.type, "label": field.label, "choices": list(field.choices),
        "updated_at": moment(field.updated_at),
    }  # fmt: skip


def policy_doc(rule: Rule) -> Doc:
    """An SLA policy, as it was given."""
    doc = rule.doc
    return {
        "id": rule.id, "merchant_id": _tenant(rule.merchant_id), "category": rule.category, "priority": rule.priority,
        "targets": dict(doc.get("targets") or {}), "calendar": doc.get("calendar"), "pause_on": list(doc.get("pause_on") or ()),
        "warn": doc.get("warn"), "set_by": "merchant" if rule.tightens else "operator", "updated_at": moment(rule.updated_at),
    }  # fmt: skip


def _tenant(merchant_id: str) -> str | None:
    return None if merchant_id == "-" else merchant_id
