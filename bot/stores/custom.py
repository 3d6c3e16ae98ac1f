"""Merchants' own fields of tickets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.custom import CustomField
from bot.messages import Page


class Custom(Protocol):
    """By merchant and key: two merchants may have one of the same key."""

    def of(self, merchant_id: str) -> Sequence[CustomField]:
        """All of a merchant's, by key; one read."""
        ...

    def put(self, field: CustomField) -> None: ...
    def delete(self, merchant_id: str, key: str) -> None: ...
    def page(self, within: str | None, limit: int, cursor: str | None) -> Page[CustomField]: ...
