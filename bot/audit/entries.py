"""What an entry of the audit log says, and what stands for it in the tree: a salted hash, which tells nothing once the salt is gone."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections import deque
from collections.abc import Mapping
from dataclasses import field
from datetime import UTC, datetime
from typing import Any

from bot.frozen import record

DONE, REFUSED = "done", "refused"
SALT, DRAWN = 16, 256
_COMMITS = b"\x02"  # beside RFC 6962's 0x00 and 0x01: a commitment is taken for nothing else
_salts: deque[bytes] = deque()  # drawn many at a time, as ids are


@record(frozen=True, slots=True)
class Noted:
    """One thing that was done or refused. `actor` is a person's id, `buyer`, `system`, `key:ID`, `command line`; `via` the edge.

    `object` is what it was done to where that is no ticket, as `shops/lights.sg`. `code` says why it was refused.
    """

    merchant_id: str
    at: datetime
    actor: str
    action: str
    ticket: int | None = None
    via: str = ""
    object: str = ""
    outcome: str = DONE
    code: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


def canonical(entry: Noted) -> str:
    """One line of JSON, its names sorted: the text that is hashed, kept and exported as it is."""
    said = {
        "v": 1, "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"), "merchant": entry.merchant_id,
        "ticket": entry.ticket, "actor": entry.actor, "via": entry.via, "action": entry.action, "object": entry.object,
        "outcome": entry.outcome, "code": entry.code, "detail": entry.detail,
    }  # fmt: skip
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def commitment(salt: bytes, text: str) -> bytes:
    """SHA-256 of 0x02, the salt and the text."""
    return hashlib.sha256(_COMMITS + salt + text.encode()).digest()


def salt() -> bytes:
    """128 bits that nobody guesses."""
    while True:
        try:
            return _salts.pop()
        except IndexError:
            some = secrets.token_bytes(SALT * DRAWN)
            _salts.extend(some[place : place + SALT] for place in range(0, len(some), SALT))


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else str(value)
