"""SLA policies, and what is left to be worked out anew after one has changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from bot.messages.asks import Page
from bot.records import Recount
from bot.sla.rules import Rule


class Policies(Protocol):
    """SLA policies. Ids are unique per deployment: `put` of an id that is another merchant's raises NotFound."""

    def get(self, id: str, within: str | None = None) -> Rule | None: ...
    def put(self, rule: Rule) -> None: ...
    def delete(self, rule: Rule) -> None: ...
    def of(self, merchant_ids: Iterable[str]) -> Sequence[Rule]:
        """All that these have, in one read; OPERATOR's are the deployment's own."""
        ...

    def page(self, within: str | None, limit: int, cursor: str | None) -> Page[Rule]: ...
    def put_recount(self, recount: Recount) -> None:
        """Adds it, or replaces what is left of an earlier one of the same merchant: it begins again."""
        ...

    def take_recount(self, now: datetime) -> Recount | None:
        """The oldest due that nobody else holds, held until this transaction ends."""
        ...

    def end_recount(self, merchant_id: str) -> None: ...
    def next_recount(self) -> datetime | None: ...
