"""What a translator is to the rest of this folder, and how one says that it can't."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol


class CannotTranslate(Exception):
    """`lasting`: trying again would not help. Its words are for operators, and hold nothing of a text or a key."""

    def __init__(self, why: str, *, lasting: bool = False, after: timedelta | None = None) -> None:
        super().__init__(why)
        self.why, self.lasting, self.after = why, lasting, after


class Provider(Protocol):
    """One service. Languages are those of `bot.tongues.KNOWN`."""

    name: str
    most: int  # characters in one request

    async def translate(self, text: str, source: str | None, lang: str) -> str:
        """Raises CannotTranslate. `source` None: it tells the language by itself."""
        ...
