"""How WeCom seals what it sends to a callback, for the demo's own WeCom: https://developer.work.weixin.qq.com/document/path/90968."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32


def posted(event: Mapping[str, Any], corp_id: str, token: str, aes_key: str, now: datetime) -> tuple[dict[str, str], str]:
    """An event as the query and the body of WeCom's POST."""
    encrypted = _encrypted(xml(event), corp_id, aes_key)
    timestamp, nonce = str(int(now.timestamp())), str(secrets.randbelow(2**31))
    joined = "".join(sorted((token, timestamp, nonce, encrypted)))
    signed = hashlib.sha1(joined.encode(), usedforsecurity=False).hexdigest()
    body = xml({"ToUserName": corp_id, "AgentID": event["AgentID"], "Encrypt": encrypted})
    return {"msg_signature": signed, "timestamp": timestamp, "nonce": nonce}, body


def xml(fields: Mapping[str, Any], root: str = "xml") -> str:
    """Nested mappings and lists as WeCom writes them."""
    return f"<{root}>{''.join(_tag(name, value) for name, value in fields.items())}</{root}>"


def _tag(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(_tag(name, each) for each in value)
    return xml(value, name) if isinstance(value, Mapping) else f"<{name}>{escape(str(value))}</{name}>"


def _encrypted(text: str, corp_id: str, aes_key: str) -> str:
    said = text.encode("utf-8", "replace")
    clear = secrets.token_bytes(16) + len(said).to_bytes(4, "big") + said + corp_id.encode()
    missing = BLOCK - len(clear) % BLOCK
    key = base64.b64decode(aes_key + "=")
    aes = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(aes.update(clear + bytes([missing]) * missing) + aes.finalize()).decode()
