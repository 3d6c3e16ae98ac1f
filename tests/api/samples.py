"""One good body for every call that takes one."""

from __future__ import annotations

from typing import Any

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
CONNECTION: dict[str, Any] = {
    "merchant_id": "lights", "kind": "uqpay", "secret": ["whsec-new", "whsec-old"], "shop_id": "lights.sg", "channel_id": "ch-1",
}  # fmt: skip

BODIES: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "/v1/tickets", TICKET),
    ("PATCH", "/v1/tickets/7", {"priority": "urgent", "custom_fields": {"parcel": None}}),
    ("POST", "/v1/tickets/7/messages", MESSAGE),
    ("POST", "/v1/tickets/7/claim", {"agent": "mei"}),
    ("POST", "/v1/tickets/7/release", {"agent": "mei"}),
    ("POST", "/v1/tickets/7/assign", {"agent": "lee", "to": "mei"}),
    ("POST", "/v1/tickets/7/pending", {"agent": "mei"}),
    ("POST", "/v1/tickets/7/resolve", {"agent": "mei", "text": "Refunded."}),
    ("POST", "/v1/tickets/7/close", {"agent": "mei", "text": "Done."}),
    ("POST", "/v1/tickets/7/reopen", {"agent": "lee", "reason": "It came back."}),
    ("POST", "/v1/tickets/7/escalate", {"agent": "mei", "reason": "A lawyer wrote."}),
    ("POST", "/v1/tickets/7/snooze", {"agent": "mei", "for": "30m"}),
    ("POST", "/v1/tickets/7/merge", {"agent": "lee", "into": 8}),
    ("POST", "/v1/tickets/7/category", {"agent": "mei", "category": "refund_delay"}),
    ("PUT", "/v1/merchants/lights", MERCHANT),
    ("PUT", "/v1/shops/lights.sg", SHOP),
    ("PUT", "/v1/agents/mei", AGENT),
    ("PUT", "/v1/orders/lights.sg/SP-1", ORDER),
    ("PUT", "/v1/policies/vip", POLICY),
    ("PUT", "/v1/rota", ROTA),
    ("POST", "/v1/policies/vip/preview", POLICY),
    ("POST", "/v1/api-keys", KEY),
    ("POST", "/v1/webhooks", WEBHOOK),
    ("PUT", "/v1/wecom-apps/lights-app", WECOM_APP),
    ("PUT", "/v1/connections/lights-uq", CONNECTION),
]
NO_BODY = [
    ("POST", "/v1/agents/mei/link-code"), ("POST", "/v1/merchants/lights/enable"), ("POST", "/v1/deliveries/dlv_1/retry"),
    ("POST", "/v1/events/evt_1/replay"),
]  # fmt: skip
READS = [
    "/v1/imports", "/v1/imports/imp_1", "/v1/imports/imp_1/errors",
    "/v1/reconciliations", "/v1/reconciliations/rec_1", "/v1/reconciliations/rec_1/errors",
    "/v1/tickets", "/v1/tickets/7", "/v1/tickets/7/timeline", "/v1/tickets/7/why", "/v1/tickets/7/anomaly-report",
    "/v1/orders", "/v1/orders/lights.sg/SP-1",
    "/v1/shops", "/v1/shops/lights.sg", "/v1/shops/lights.sg/refund-permission", "/v1/merchants", "/v1/merchants/lights", "/v1/agents",
    "/v1/agents/mei", "/v1/api-keys", "/v1/api-keys/key_1", "/v1/webhooks", "/v1/webhooks/wh_1", "/v1/deliveries", "/v1/freezes", "/v1/me",
    "/v1/policies", "/v1/policies/vip", "/v1/rota", "/v1/wecom-apps", "/v1/wecom-apps/lights-app",
    "/v1/connections", "/v1/connections/lights-uq", "/v1/events",
]  # fmt: skip
REMOVALS = [
    "/v1/connections/lights-uq",
    "/v1/policies/vip",
    "/v1/wecom-apps/lights-app",
    "/v1/agents/mei",
    "/v1/api-keys/key_1",
    "/v1/webhooks/wh_1",
    "/v1/shops/lights.sg/freeze?reason=paid&agent=lee",
]
