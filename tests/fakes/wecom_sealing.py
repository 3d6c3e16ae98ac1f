"""How WeCom seals what it sends to a callback: written from its documentation, apart from the code that opens it."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

Query = dict[str, str]


@dataclass(frozen=True)
class Sealer:
    """The console's three secrets, and what WeCom does with them."""

    token: str = "QDG6eK"
    aes_key: str = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
    corp_id: str = "wx5823bf96d3bd56c7"

    def encrypted(self, text: str | bytes, *, receiver: str | None = None, length: int | None = None, padding: bytes | None = None) -> str:
        """AES-256-CBC over 16 random bytes, a length, the text, the receiver and PKCS#7 to 32. `length` and `padding`: wrong ones."""
        body = text.encode() if isinstance(text, str) else text
        whose = (self.corp_id if receiver is None else receiver).encode()
        clear = secrets.token_bytes(16) + (len(body) if length is None else length).to_bytes(4, "big") + body + whose
        missing = 32 - len(clear) % 32
        return self.blocks(clear + (bytes([missing]) * missing if padding is None else padding))

    def blocks(self, clear: bytes) -> str:
        """Whatever bytes, encrypted as they are; short ones are filled up to a block."""
        key = base64.b64decode(self.aes_key + "=")
        aes = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
        return base64.b64encode(aes.update(clear + b"\0" * (-len(clear) % 16)) + aes.finalize()).decode()

    def query(self, encrypted: str, now: datetime, nonce: str | None = None, timestamp: str | None = None) -> Query:
        """The signed query string of a POST."""
        timestamp, nonce = timestamp or str(int(now.timestamp())), nonce or str(secrets.randbelow(2**31))
        joined = "".join(sorted((self.token, timestamp, nonce, encrypted)))
        return {"msg_signature": hashlib.sha1(joined.encode(), usedforsecurity=False).hexdigest(), "timestamp": timestamp, "nonce": nonce}

    def post(self, message: Mapping[str, Any] | str, now: datetime, **query: str) -> tuple[Query, str]:
        """A message or event as query and body."""
        encrypted = self.encrypted(message if isinstance(message, str) else xml(message))
        return self.query(encrypted, now, **query), self.body(encrypted)

    def body(self, encrypted: str, agent_id: str = "1000002") -> str:
        """The outer XML."""
        return xml({"ToUserName": self.corp_id, "AgentID": agent_id, "Encrypt": encrypted})


def xml(fields: Mapping[str, Any], root: str = "xml") -> str:
    """Nested mappings and lists as WeCom writes them."""
    return f"<{root}>{''.join(_tag(name, value) for name, value in fields.items())}</{root}>"


def _tag(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(_tag(name, each) for each in value)
    if isinstance(value, Mapping):
        return xml(value, name)
    if isinstance(value, int):
        return f"<{name}>{value}</{name}>"
    return f"<{name}>{escape(value)}</{name}>" if "]]>" in value else f"<{name}><![CDATA[{value}]]></{name}>"
