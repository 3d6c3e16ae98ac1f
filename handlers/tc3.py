"""Requests to Tencent Cloud, signed with TC3-HMAC-SHA256: https://cloud.tencent.com/document/api/382/52071"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from urllib.parse import urlsplit

KIND = "application/json; charset=utf-8"


def signed(
    secret_id: str, secret_key: str, *, service: str, base: str, region: str, action: str, version: str, body: bytes, now: datetime
) -> dict[str, str]:  # fmt: skip
    """The headers of a POST of `body` to `base`."""
    at, host, day = str(int(now.timestamp())), urlsplit(base).netloc, now.strftime("%Y-%m-%d")
    canonical = f"POST\n/\n\ncontent-type:{KIND}\nhost:{host}\n\ncontent-type;host\n{hashlib.sha256(body).hexdigest()}"
    scope = f"{day}/{service}/tc3_request"
    words = f"TC3-HMAC-SHA256\n{at}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = f"TC3{secret_key}".encode()
    for part in (day, service, "tc3_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, words.encode(), hashlib.sha256).hexdigest()
    return {
        "Authorization": f"TC3-HMAC-SHA256 Credential={secret_id}/{scope}, SignedHeaders=content-type;host, Signature={signature}",
        "Content-Type": KIND, "Host": host, "X-TC-Action": action, "X-TC-Version": version, "X-TC-Region": region, "X-TC-Timestamp": at,
    }  # fmt: skip
