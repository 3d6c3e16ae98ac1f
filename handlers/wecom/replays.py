"""Callbacks that were taken already: by their signature, and by their ciphertext under any signature.

Remembered only once they are stored: what failed on our side must be worked when WeCom sends it again. Redis may forget, and so may we:
that a message is worked once is the inbox's unique key; this spares the work, and tells apart what a signature does not.
"""

from __future__ import annotations

import asyncio
import hashlib
from datetime import timedelta

from bot.errors import Unauthentic
from bot.ports import Cache
from handlers.wecom.crypto import WINDOW, Seal

KEPT = timedelta(seconds=2 * WINDOW + 60)  # a signature made by a clock five minutes ahead of ours is good for ten


class Replays:
    """Shared by all replicas where Redis is."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    async def taken(self, sealed: Seal, encrypted: str) -> bool:
        """Whether this very callback, or its content, was taken before. Raises Unauthentic for another one with the same signature."""
        by_seal, by_content = _keys(sealed, encrypted)
        place, before = await asyncio.gather(self._cache.get(by_seal), self._cache.get(by_content))
        if place is not None and place != sealed.place:
            raise Unauthentic("timestamp and nonce changed places")
        return place is not None or before is not None

    async def remember(self, sealed: Seal, encrypted: str) -> None:
        """It was stored."""
        by_seal, by_content = _keys(sealed, encrypted)
        await asyncio.gather(self._cache.put(by_seal, sealed.place, KEPT), self._cache.put(by_content, "1", KEPT))


def _keys(sealed: Seal, encrypted: str) -> tuple[str, str]:
    return f"wecom:signature:{sealed.signature}", f"wecom:content:{hashlib.sha256(encrypted.encode()).hexdigest()}"
