"""An example of every call, for `/docs` and the OpenAPI document; the tests send them, so that each is one that is taken."""

from __future__ import annotations

import json
import re
from typing import Any

from handlers.api.route import Route

TICKET: dict[str, Any] = {
    "shop_id": "lights.sg", "order_no": "SP-1", "subject": "Where is my refund?", "message": "I sent it back.\nStill nothing.",
    "buyer": {"name": "Tan Mei", "email": "mei@example.com", "phone": "+65 6123 4567", "ip": "203.0.113.9", "locale": "en-SG"},
    "category": "refund_delay", "priority": "high", "custom_fields": {"parcel": "P-7", "weight": 2.5, "fragile": True},
}  # fmt: skip
MERCHANT: dict[str, Any] = {
    "name": "Lights Pte Ltd", "timezone": "Asia/Singapore", "locale": "en", "registered_in": "SG",
    "legal_representative": {"name": "Tan Wei", "phone": "+6561234567"},
    "notify": {"emails": ["ops@example.com"], "slack_channel": "#after-sales", "slack_team_id": "T1", "wecom_robot_key": "693a91f6"},
    "onboarding": {
        "kyc_verified": True, "kyc": {"business_licence": True, "legal_rep_id": "doc-7", "bank_permit": False},
        "settlement_accounts": [{"kind": "sg_local", "country": "SG"}], "api_key_version": "2.1",
    },
    "privacy": {"gdpr_mode": True}, "retention_days": 180, "archive": {"enabled": True}, "buyer_mail": False,
    "language_rules": ["id-ID", "ms-MY"],
}  # fmt: skip
SHOP: dict[str, Any] = {
    "merchant_id": "lights",
    "platform": "shopify",
    "name": "Lights",
    "shopify": {"store_url": "https://l.example", "access_token": "s"},
}
AGENT: dict[str, Any] = {
    "name": "美玲", "role": "agent", "merchant_id": "lights", "slack_user_id": "U1", "slack_team_id": "T1", "wecom_user_id": "mei",
    "email": "mei@example.com", "locale": "zh", "away_until": "2026-11-23T18:00:00+08:00",
}  # fmt: skip
ORDER: dict[str, Any] = {
    "total": {"amount": "12.34", "currency": "SGD"},
    "payment": {"provider": "uqpay", "channel_id": "ch-1", "transaction_id": "tx-1", "paid_at": "2026-11-20T08:00:00Z"},
    "buyer": {"name": "Tan Mei", "ip": "2001:db8::1"},
}  # fmt: skip
MESSAGE: dict[str, Any] = {
    "from": "agent", "text": "It is on its way.", "public": True, "agent": "mei",
    "attachments": [{"name": "slip.pdf", "url": "https://files.example/slip.pdf", "content_type": "application/pdf"}],
}  # fmt: skip
KEY: dict[str, Any] = {"name": "shop system", "merchant_id": "lights", "scopes": ["tickets:write", "orders:read"]}
WEBHOOK: dict[str, Any] = {"url": "https://hooks.example/in", "events": ["ticket.created", "sla.tier1"], "merchant_id": "lights"}
POLICY: dict[str, Any] = {
    "merchant_id": "lights", "category": "chargeback_alert", "priority": "urgent",
    "targets": {"first_response": "30m", "resolution": "PT8H", "closure": "2d"},
    "calendar": {
        "timezone": "Asia/Singapore", "holidays": "SG",
        "hours": {"mon": [["09:00", "12:00"], ["13:30", "18:00"]], "sat": [["22:00", "00:00"]]},
    },
    "pause_on": ["pending"], "warn": [0.5, 0.8],
}  # fmt: skip
ROTA: dict[str, Any] = {
    "shifts": [{"agent": "sue", "from": "2026-11-23T08:00:00Z", "to": "2026-11-23T18:00:00+08:00"}],
    "weekly": [{"agent": "sue", "hours": {"mon": [["09:00", "18:00"]], "tue": [["22:00", "06:00"]]}, "timezone": "Asia/Singapore"}],
}  # fmt: skip
WECOM_APP: dict[str, Any] = {
    "merchant_id": "lights", "corp_id": "ww5823bf96d3bd56c7", "agent_id": 1000002, "secret": "fake-secret_of-43-signs", "token": "QDG6eK",
    "aes_key": "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
}  # fmt: skip
CUSTOM_FIELD: dict[str, Any] = {"merchant_id": "lights", "type": "number", "label": "尺码"}
CONNECTION: dict[str, Any] = {
    "merchant_id": "lights", "kind": "uqpay", "secret": ["whsec-new", "whsec-old"], "shop_id": "lights.sg", "channel_id": "ch-1",
}  # fmt: skip

BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", "/v1/tickets"): TICKET,
    ("PATCH", "/v1/tickets/{number}"): {"priority": "urgent", "custom_fields": {"parcel": None}},
    ("POST", "/v1/tickets/{number}/messages"): MESSAGE,
    ("POST", "/v1/tickets/{number}/claim"): {"agent": "mei"},
    ("POST", "/v1/tickets/{number}/release"): {"agent": "mei"},
    ("POST", "/v1/tickets/{number}/assign"): {"agent": "lee", "to": "mei"},
    ("POST", "/v1/tickets/{number}/pending"): {"agent": "mei"},
    ("POST", "/v1/tickets/{number}/resolve"): {"agent": "mei", "text": "Refunded."},
    ("POST", "/v1/tickets/{number}/close"): {"agent": "mei", "text": "Done."},
    ("POST", "/v1/tickets/{number}/reopen"): {"agent": "lee", "reason": "It came back."},
    ("POST", "/v1/tickets/{number}/escalate"): {"agent": "mei", "reason": "A lawyer wrote."},
    ("POST", "/v1/tickets/{number}/snooze"): {"agent": "mei", "for": "30m"},
    ("POST", "/v1/tickets/{number}/merge"): {"agent": "lee", "into": 8},
    ("POST", "/v1/tickets/{number}/translate"): {"agent": "mei", "lang": "en"},
    ("POST", "/v1/tickets/{number}/reveal"): {"agent": "mei", "field": "phone"},
    ("POST", "/v1/tickets/{number}/translations"): {"lang": "en", "text": "It has not come.", "provider": "in-house"},
    ("POST", "/v1/tickets/{number}/category"): {"agent": "mei", "category": "refund_delay"},
    ("PUT", "/v1/merchants/{id}"): MERCHANT,
    ("PUT", "/v1/shops/{id}"): SHOP,
    ("PUT", "/v1/agents/{id}"): AGENT,
    ("PUT", "/v1/orders/{shop_id}/{order_no}"): ORDER,
    ("PUT", "/v1/policies/{id}"): POLICY,
    ("PUT", "/v1/rota"): ROTA,
    ("PUT", "/v1/custom-fields/{id}"): CUSTOM_FIELD,
    ("POST", "/v1/policies/{id}/preview"): POLICY,
    ("POST", "/v1/api-keys"): KEY,
    ("POST", "/v1/webhooks"): WEBHOOK,
    ("POST", "/v1/webhooks/{id}/replay"): {"since": "2026-11-23T08:00:00Z", "failed": True},
    ("POST", "/v1/hooks"): {"target_url": "https://hooks.zapier.com/hooks/standard/1/a", "event": "ticket.closed"},
    ("PUT", "/v1/wecom-apps/{id}"): WECOM_APP,
    ("PUT", "/v1/connections/{id}"): CONNECTION,
    ("PUT", "/v1/tickets/{number}/hold"): {"reason": "A court asks for it.", "until": "2027-03-01T00:00:00Z", "agent": "lee"},
    ("POST", "/v1/erasures"): {"merchant_id": "lights", "ground": "GDPR, article 17", "email": "mei@example.com"},
    ("POST", "/v1/reviews/{id}"): {"agent": "ria", "decision": "dismiss", "reason": "A sale day."},
}
_BY_RIA = "?merchant=lights&reason=known&agent=ria"
QUERIES = {
    ("GET", "/v1/custom-fields/{id}"): "?merchant=lights",
    ("DELETE", "/v1/custom-fields/{id}"): "?merchant=lights",
    ("GET", "/v1/audit/proof"): "?ticket=1024",
    ("DELETE", "/v1/shops/{id}/freeze"): "?reason=paid&agent=lee", ("DELETE", "/v1/channels/{id}/freeze"): _BY_RIA,
    ("POST", "/v1/channels/{id}/freeze"): _BY_RIA, ("GET", "/v1/hooks/samples"): "?event=ticket.closed",
    ("GET", "/v1/channels/{id}/collection-permission"): "?merchant=lights",
}  # fmt: skip
_IDS = {
    "merchants": "lights", "shops": "lights.sg", "agents": "mei", "policies": "vip", "wecom-apps": "lights-app", "connections": "lights-uq",
    "api-keys": "key_1", "custom-fields": "size", "webhooks": "wh_1", "hooks": "wh_1",
    "deliveries": "dlv_1", "events": "evt_1", "imports": "imp_1", "reconciliations": "rec_1",
    "channels": "ch-1", "erasures": "era_1", "reviews": "rev_1",
}  # fmt: skip
_PARTS = {"number": "1024", "shop_id": "lights.sg", "order_no": "SP-1"}


def path(template: str, **parts: str) -> str:
    """`/v1/tickets/{number}` → `/v1/tickets/1024`."""
    ids = {**_PARTS, "id": _IDS.get(template.split("/")[2], "1"), **parts}
    return re.sub(r"{(\w+)}", lambda found: ids[found[1]], template)


def shell(route: Route, base_url: str) -> str:
    """The call as one types it."""
    parts = [f"curl -X {route.method} '{base_url}{path(route.path)}{QUERIES.get((route.method, route.path), '')}'"]
    parts.append('-H "Authorization: Bearer $TOKEN"')
    if route.sends:
        parts += [f"-H 'Content-Type: {route.sends[0]}'", "--data-binary @file.csv"]
    elif (body := BODIES.get((route.method, route.path))) is not None:
        said = json.dumps(body, ensure_ascii=False).replace("'", "'\\''")
        parts += ["-H 'Content-Type: application/json'", f"-d '{said}'"]
    return " \\\n  ".join(parts)
