"""Encryption at rest: AES-256-GCM under keys derived from SECRET_KEY, each ciphertext bound to the place it is kept in."""

from __future__ import annotations

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.errors import BadSetting, BotError
from storage.secret_key import secret_key_for

__all__ = ["KeyVault", "Unsealable", "secret_key_for"]

FORMAT = b"\x01"
ID, NONCE = 4, 12  # bytes; a random 96-bit nonce is good for 2^32 seals per key (NIST SP 800-38D §8.3)
REMEMBERED = 1_000  # data keys, unwrapped
SHORTEST = 16  # characters of a key that somebody chose


class Unsealable(BotError):
    """Sealed with a key that is not here, for another place, or altered."""


class KeyVault:
    """bot.ports.Vault. `secret_key` is SECRET_KEY: one, or several with the newest first."""

    def __init__(self, secret_key: str) -> None:
        parts = [part.strip() for part in secret_key.split(",") if part.strip()]
        if not parts or min(len(part) for part in parts) < SHORTEST:
            raise BadSetting(f"DESKBELL_SECRET_KEY: each key needs at least {SHORTEST} characters; openssl rand -hex 32 makes one")
        derived = [HKDF(SHA256(), 32, salt=None, info=b"deskbell vault 1").derive(part.encode()) for part in parts]
        self._keys = {hashlib.sha256(b"id" + key).digest()[:ID]: AESGCM(key) for key in derived}
        self._newest = next(iter(self._keys))
        self._data_keys: dict[bytes, AESGCM] = {}
        # Of the oldest key: while keys are rotated, what was written down before is found still.
        self._tokens = HKDF(SHA256(), 32, salt=None, info=b"deskbell tokens 1").derive(parts[-1].encode())

    @property
    def key_ids(self) -> tuple[str, ...]:
        """What tells keys apart and betrays nothing of them; the newest first."""
        return tuple(id.hex() for id in self._keys)

    def seal(self, clear: bytes, context: str) -> bytes:
        """Under the newest key."""
        nonce = os.urandom(NONCE)
        return FORMAT + self._newest + nonce + self._keys[self._newest].encrypt(nonce, clear, context.encode())

    def open(self, sealed: bytes, context: str) -> bytes:
        """Under the key that sealed it. Raises Unsealable."""
        id, nonce, body = sealed[1 : 1 + ID], sealed[1 + ID : 1 + ID + NONCE], sealed[1 + ID + NONCE :]
        key = self._keys.get(id)
        if sealed[:1] != FORMAT or key is None:
            raise Unsealable("sealed with a key that is not in DESKBELL_SECRET_KEY any more")
        try:
            return key.decrypt(nonce, body, context.encode())
        except (InvalidTag, ValueError):
            raise Unsealable("altered, or moved from another place") from None

    def new_data_key(self, context: str) -> bytes:
        """256 random bits, wrapped by the newest key."""
        return self.seal(AESGCM.generate_key(256), context)

    def seal_with(self, wrapped: bytes, wrapped_for: str, clear: bytes, context: str) -> bytes:
        """Under a data key; `context` is bound in."""
        nonce = os.urandom(NONCE)
        return nonce + self._unwrapped(wrapped, wrapped_for).encrypt(nonce, clear, context.encode())

    def open_with(self, wrapped: bytes, wrapped_for: str, sealed: bytes, context: str) -> bytes:
        """Raises Unsealable."""
        try:
            return self._unwrapped(wrapped, wrapped_for).decrypt(sealed[:NONCE], sealed[NONCE:], context.encode())
        except (InvalidTag, ValueError):
            raise Unsealable("altered, or moved from another place") from None

    def rewrapped(self, sealed: bytes, context: str) -> bytes | None:
        """The same under the newest key; None where it is under that already. Raises Unsealable."""
        return None if sealed[1 : 1 + ID] == self._newest else self.seal(self.open(sealed, context), context)

    def _unwrapped(self, wrapped: bytes, context: str) -> AESGCM:
        key = self._data_keys.get(wrapped)
        if key is None:
            if len(self._data_keys) >= REMEMBERED:
                self._data_keys.clear()
            key = self._data_keys[wrapped] = AESGCM(self.open(wrapped, context))
        return key

    def token(self, clear: str, context: str) -> str:
        """HMAC-SHA-256, cut to 128 bits, in hex."""
        return hmac.digest(self._tokens, f"{context}|{clear}".encode(), "sha256")[:16].hex()

    def new_key(self, context: str) -> tuple[bytes, str]:
        """Its 32 bytes, sealed; nobody but `sign` opens them."""
        made = Ed25519PrivateKey.generate()
        return self.seal(made.private_bytes_raw(), context), made.public_key().public_bytes_raw().hex()

    def sign(self, sealed: bytes, context: str, message: bytes) -> bytes:
        """64 bytes."""
        return Ed25519PrivateKey.from_private_bytes(self.open(sealed, context)).sign(message)
