"""Events as institutions send them: their documented samples, signed the way that their documents say."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.world import World

FIXTURES = Path(__file__).parent / "fixtures"
SECRETS = {
    "uqpay": "whsec-uqpay-first", "stripe": "whsec_stripe_first", "airwallex": "awx-first", "pingpong": "pp-salt-first",
    "shopify": "shpss-first",
}  # fmt: skip


def sample(name: str, **changed: Any) -> dict[str, Any]:
    """A documented event, some of its `data` changed."""
    doc: dict[str, Any] = json.loads((FIXTURES / f"{name}.json").read_text("utf-8"))
    inner = doc["data"] if isinstance(doc.get("data"), dict) else doc
    inner = inner["object"] if isinstance(inner.get("object"), dict) else inner
    inner.update(changed)
    return doc


def signed(kind: str, raw: bytes, now: datetime, secret: str | None = None, topic: str = "") -> dict[str, str]:
    """The headers that prove it; PingPong's proof is in its body (`salted`)."""
    key, millis = (secret or SECRETS[kind]).encode(), str(int(now.timestamp() * 1000))
    if kind == "uqpay":
        return {"x-wk-timestamp": millis, "x-wk-signature": hmac.new(key, raw + millis.encode(), hashlib.sha512).hexdigest()}
    if kind == "airwallex":
        return {"x-timestamp": millis, "x-signature": hmac.new(key, millis.encode() + raw, hashlib.sha256).hexdigest()}
    if kind == "stripe":
        seconds = str(int(now.timestamp()))
        return {"Stripe-Signature": f"t={seconds},v1={hmac.new(key, seconds.encode() + b'.' + raw, hashlib.sha256).hexdigest()}"}
    if kind == "shopify":
        proof = base64.b64encode(hmac.new(key, raw, hashlib.sha256).digest()).decode()
        return {"X-Shopify-Hmac-SHA256": proof, "X-Shopify-Topic": topic}
    return {}


def salted(doc: Mapping[str, Any], secret: str | None = None) -> dict[str, Any]:
    """With PingPong's `sign`."""
    said = {name: value for name, value in doc.items() if name != "sign" and isinstance(value, str) and value.strip()}
    content = (secret or SECRETS["pingpong"]) + "&".join(f"{name}={said[name]}" for name in sorted(said))
    return {**doc, "sign": hashlib.sha256(content.encode()).hexdigest().upper()}


async def connect(world: World, kind: str, **fields: Any) -> None:
    """A connection of that kind, called after it."""
    body = {"merchant_id": "lumiere", "kind": kind, "secret": SECRETS[kind], **fields}
    await world.call("PUT", f"/v1/connections/{kind}", body)


async def send(world: World, kind: str, doc: Mapping[str, Any], *, status: int = 200, topic: str = "", settle: bool = True) -> None:
    """As the institution's server posts it."""
    raw = json.dumps(salted(doc) if kind == "pingpong" else doc).encode()
    headers = signed(kind, raw, world.clock.now(), topic=topic)
    async with world.api.post(f"/v1/events/{kind}?connection={kind}", data=raw, headers=headers) as answer:
        assert answer.status == status, await answer.text()
    if settle:
        await world.pass_time(seconds=6)  # what fits nothing is looked at once more after a while


async def events(world: World, state: str | None = None) -> list[dict[str, Any]]:
    """The list, newest first."""
    found: list[dict[str, Any]] = (await world.call("GET", "/v1/events" + (f"?state={state}" if state else "")))["items"]
    return found
