"""Views of the list that people have saved, each their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.records import SavedView


class Views(Protocol):
    """By person and name, as it is compared."""

    def get(self, merchant_id: str, person_id: str, name: str) -> SavedView | None: ...
    def of(self, merchant_id: str, person_id: str) -> Sequence[SavedView]:
        """All of a person's, by name."""
        ...

    def put(self, view: SavedView) -> None:
        """Adds or replaces it."""
        ...

    def delete(self, merchant_id: str, person_id: str, name: str) -> bool:
        """False: there was none."""
        ...
