"""Idempotency keys: the same key and request give the first answer again, the same key with another request is refused."""

from __future__ import annotations

import base64
import json
from datetime import datetime
from typing import Any

from bot.errors import Refused
from bot.house import House
from bot.messages import Once
from bot.stores import Stores


def answered(stores: Stores, house: House, once: Once | None) -> tuple[int, Any] | None:
    """(status, body) of the first answer, if there was one. Raises Refused `idempotency_conflict`."""
    kept = stores.notes.answered(once.scope, once.key) if once is not None else None
    if kept is None or once is None:
        return None
    fingerprint, status, body = kept
    if fingerprint != once.fingerprint:
        raise Refused("idempotency_conflict", code="idempotency_conflict")
    return status, json.loads(house.vault.open(base64.b64decode(body["sealed"]), _context(once)))


def keep(stores: Stores, house: House, once: Once | None, body: Any, now: datetime) -> None:
    """Keeps this answer with the work that it tells of, in the same transaction; sealed, since some answers show a secret this once."""
    if once is not None:
        sealed = base64.b64encode(house.vault.seal(json.dumps(body).encode(), _context(once))).decode()
        stores.notes.keep_answer(once.scope, once.key, once.fingerprint, once.status, {"sealed": sealed}, now)


def _context(once: Once) -> str:
    return f"idempotency|answer|{once.scope}|{once.key}"
