"""Texts as they were written, sealed; the keys to them; and where a person is found again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol


class Personal(Protocol):
    """A merchant's own. What is written `soon` is there for whoever reads it."""

    def keys(self, merchant_id: str) -> Mapping[int, bytes]:
        """Wrapped, by version."""
        ...

    def add_key(self, merchant_id: str, version: int, wrapped: bytes, now: datetime) -> None:
        """Nothing where there is one of that version."""
        ...

    def keep(self, merchant_id: str, ticket: int, sealed: Mapping[str, bytes]) -> None:
        """By place; in the place of what was there."""
        ...

    def original(self, merchant_id: str, place: str) -> bytes | None:
        """Sealed; None: nothing was masked there."""
        ...

    def places(self, merchant_id: str, ticket: int) -> Sequence[str]:
        """Where something of this ticket is masked."""
        ...

    def drop(self, merchant_id: str, places: Sequence[str]) -> None: ...
    def move(self, merchant_id: str, ticket: int, into: int) -> None:
        """Its messages' go along; what is the ticket's own stays."""
        ...

    def told(self, merchant_id: str, about: str, tokens: Sequence[str]) -> None:
        """A person with these tokens is spoken of there."""
        ...

    def about(self, merchant_id: str, token: str, most: int) -> Sequence[str]:
        """Where: `T-1024`, `orders/SHOP/NO`."""
        ...

    def forget(self, merchant_id: str, ticket: int) -> int:
        """All originals of a ticket, and that anybody was spoken of in it. How many originals there were."""
        ...

    def forget_order(self, merchant_id: str, shop_id: str, order_no: str) -> None:
        """That anybody was spoken of in it."""
        ...
