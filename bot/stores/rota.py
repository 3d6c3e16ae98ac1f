"""The duty roster of the operator's senior managers."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.rota import Roster


class Rota(Protocol):
    """One small document."""

    def get(self) -> Roster:
        """Empty until one was put. Asked again in the same transaction it costs nothing."""
        ...

    def put(self, roster: Roster, now: datetime) -> None:
        """Replaces it."""
        ...
