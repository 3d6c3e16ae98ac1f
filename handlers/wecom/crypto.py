"""Whether a callback is WeCom's, and what it says. Format, time and signature come first; only then is anything decrypted.

https://developer.work.weixin.qq.com/document/path/90968. AES-CBC carries no proof of itself: what is not signed is never opened, and what
does not open byte for byte as WeCom makes it is refused like a wrong signature. The signature is over the *sorted, undelimited* values, so
two parameters that trade places or digits still verify: that is what the fixed shapes here and `replays` are for.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from multidict import MultiMapping

from bot.errors import Unauthentic

WINDOW = 300  # seconds, both ways
BLOCK = 32  # PKCS#7 to 32 bytes, although AES has 16
_RANDOM, _LENGTH = 16, 4  # what stands before the text: random bytes, then its length, big-endian

_SIGNATURE = re.compile(r"[0-9a-f]{40}")
_TIMESTAMP = re.compile(r"[0-9]{10}")
_NONCE = re.compile(r"\w{1,32}", re.ASCII)
_ENCRYPTED = re.compile(r"[A-Za-z0-9+/]+={0,2}")


@dataclass(frozen=True, slots=True)
class Keys:
    """What WeCom's console and we both know. `aes_key` has 43 characters; `receiver` is the corp's id (an AI bot's: empty)."""

    token: str = field(repr=False)
    aes_key: str = field(repr=False)
    receiver: str


@dataclass(frozen=True, slots=True)
class Seal:
    """What a request carries beside the ciphertext."""

    signature: str
    timestamp: str
    nonce: str

    @property
    def place(self) -> str:
        """Timestamp and nonce, delimited: what the signature itself does not tell apart."""
        return f"{self.timestamp}.{self.nonce}"


def seal(query: MultiMapping[str], now: datetime) -> Seal:
    """The seal of a query string. Raises Unauthentic unless it has each part once, in its shape, and was made within five minutes."""
    found = Seal(only(query, "msg_signature", _SIGNATURE), only(query, "timestamp", _TIMESTAMP), only(query, "nonce", _NONCE))
    if abs(now.timestamp() - int(found.timestamp)) > WINDOW:
        raise Unauthentic("stale timestamp")
    return found


def only(query: MultiMapping[str], name: str, shape: re.Pattern[str]) -> str:
    """The one value of that name. Raises Unauthentic."""
    values = query.getall(name, [])
    if len(values) != 1 or not shape.fullmatch(values[0]):
        raise Unauthentic(f"{name} is missing, doubled or malformed")
    return values[0]


def verify(keys: Keys, sealed: Seal, encrypted: str) -> None:
    """Raises Unauthentic unless who knows the token has signed exactly this."""
    if not _ENCRYPTED.fullmatch(encrypted):
        raise Unauthentic("no base64")
    if not hmac.compare_digest(signature(keys.token, sealed.timestamp, sealed.nonce, encrypted), sealed.signature):
        raise Unauthentic("wrong signature")


def signature(token: str, timestamp: str, nonce: str, encrypted: str) -> str:
    """SHA-1 in hex, as WeCom prescribes it."""
    return hashlib.sha1("".join(sorted((token, timestamp, nonce, encrypted))).encode(), usedforsecurity=False).hexdigest()


def opened(keys: Keys, encrypted: str) -> str:
    """The text within. Only for what is verified. Raises Unauthentic, whatever is wrong with it."""
    try:
        sealed = base64.b64decode(encrypted, validate=True)
        key = base64.b64decode(keys.aes_key + "=", validate=True)
    except (binascii.Error, ValueError):
        raise Unauthentic("no base64") from None
    if not sealed or len(sealed) % BLOCK or len(key) != 32:
        raise Unauthentic("no whole blocks")
    clear = _unpadded(_cipher()(key).decrypt(sealed))
    head = _RANDOM + _LENGTH
    end = head + int.from_bytes(clear[_RANDOM:head], "big")
    if len(clear) < head or end > len(clear):
        raise Unauthentic("length out of bounds")
    if not hmac.compare_digest(clear[end:], keys.receiver.encode()):
        raise Unauthentic("for another receiver")
    try:
        return clear[head:end].decode("utf-8")
    except UnicodeDecodeError:
        raise Unauthentic("text is not UTF-8") from None


def load() -> None:
    """Loads what deciphers, with the whole library around it: ahead of the first verification, which WeCom gives a second."""
    _cipher()


def _cipher() -> Any:
    from wechatpy.crypto.cryptography import WeChatCipher  # noqa: PLC0415  # only where WeCom is used

    return WeChatCipher


def _unpadded(clear: bytes) -> bytes:
    size = clear[-1]
    if not 1 <= size <= BLOCK or clear[-size:] != bytes([size]) * size:
        raise Unauthentic("wrong padding")
    return clear[:-size]
