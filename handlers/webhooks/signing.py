"""An event as a signed POST by Standard Webhooks. Pure.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from standardwebhooks import Webhook
from standardwebhooks.webhooks import EmptyWebhookSecretError


def signed(id: str, data: Mapping[str, Any], secrets: Sequence[str], at: datetime) -> tuple[bytes, dict[str, str]]:
    """Body and headers. `at` is in UTC; with several secrets (one is being replaced) each signs. Raises ValueError for a bad secret."""
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    try:
        signatures = [Webhook(secret).sign(id, at, body.decode()) for secret in secrets]
    except EmptyWebhookSecretError:
        signatures = []
    if not signatures:
        raise ValueError("no secret to sign with")
    headers = {
        "Content-Type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
    return body, headers
