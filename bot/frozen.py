"""Records that nobody changes: mypy sees to it. Were Python to see to it as well, making one would take it ten times as long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as record
else:

    def record(*, frozen: bool, slots: bool) -> Any:
        """`dataclass(frozen=True, slots=True)`, for what is made by the thousand: tickets, deliveries, cards."""
        return dataclass(slots=slots, unsafe_hash=frozen)


__all__ = ["record"]
