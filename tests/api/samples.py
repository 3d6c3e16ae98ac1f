"""One good body for every call that takes one: the examples of the API's own page."""

from __future__ import annotations

from typing import Any

from handlers.api import examples
from handlers.api.examples import AGENT, CONNECTION, KEY, MERCHANT, MESSAGE, ORDER, POLICY, ROTA, SHOP, TICKET, WEBHOOK, WECOM_APP

__all__ = [
    "AGENT", "BODIES", "CONNECTION", "KEY", "MERCHANT", "MESSAGE", "NO_BODY", "ORDER", "POLICY", "READS",
    "REMOVALS", "ROTA", "SHOP", "TICKET", "WEBHOOK", "WECOM_APP",
]  # fmt: skip

BODIES: list[tuple[str, str, dict[str, Any]]] = [
    (method, examples.path(path, number="7"), body) for (method, path), body in examples.BODIES.items()
]
NO_BODY = [
    ("POST", "/v1/agents/mei/link-code"), ("POST", "/v1/merchants/lights/enable"), ("POST", "/v1/deliveries/dlv_1/retry"),
    ("POST", "/v1/webhooks/wh_1/test"), ("POST", "/v1/webhooks/wh_1/rotate"), ("POST", "/v1/webhooks/wh_1/enable"),
    ("POST", "/v1/events/evt_1/replay"), ("POST", "/v1/channels/ch-1/freeze?merchant=lights&reason=known&agent=ria"),
]  # fmt: skip
READS = [
    "/v1/imports", "/v1/imports/imp_1", "/v1/imports/imp_1/errors",
    "/v1/reconciliations", "/v1/reconciliations/rec_1", "/v1/reconciliations/rec_1/errors",
    "/v1/tickets", "/v1/tickets/7", "/v1/tickets/7/timeline", "/v1/tickets/7/why", "/v1/tickets/7/anomaly-report",
    "/v1/orders", "/v1/orders/lights.sg/SP-1",
    "/v1/shops", "/v1/shops/lights.sg", "/v1/shops/lights.sg/refund-permission", "/v1/merchants", "/v1/merchants/lights", "/v1/agents",
    "/v1/agents/mei", "/v1/api-keys", "/v1/api-keys/key_1", "/v1/webhooks", "/v1/webhooks/wh_1", "/v1/deliveries", "/v1/freezes", "/v1/me",
    "/v1/hooks/samples?event=ticket.closed",
    "/v1/channels/ch-1/collection-permission?merchant=lights", "/v1/reviews", "/v1/reviews/rev_1", "/v1/risk/dry-run",
    "/v1/policies", "/v1/policies/vip", "/v1/custom-fields", "/v1/custom-fields/size?merchant=lights",
    "/v1/rota", "/v1/wecom-apps", "/v1/wecom-apps/lights-app",
    "/v1/connections", "/v1/connections/lights-uq", "/v1/events", "/v1/stats?period=7d",
    "/v1/tickets/7/hold", "/v1/erasures", "/v1/erasures/era_1",
    "/v1/audit", "/v1/audit/proof?ticket=7", "/v1/audit/checkpoint",
]  # fmt: skip
REMOVALS = [
    "/v1/connections/lights-uq",
    "/v1/policies/vip",
    "/v1/custom-fields/size?merchant=lights",
    "/v1/wecom-apps/lights-app",
    "/v1/agents/mei",
    "/v1/api-keys/key_1",
    "/v1/webhooks/wh_1",
    "/v1/hooks/wh_1",
    "/v1/shops/lights.sg/freeze?reason=paid&agent=lee",
    "/v1/tickets/7/hold?agent=lee",
    "/v1/channels/ch-1/freeze?merchant=lights&reason=known&agent=ria",
]
