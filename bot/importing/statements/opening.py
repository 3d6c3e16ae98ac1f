"""Tickets for what differs: one per difference, however often its statement comes again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.house import House
from bot.importing.statements.differences import Difference
from bot.importing.statements.options import Options
from bot.importing.statements.telling import told
from bot.importing.taking import Taken
from bot.intake import count_opened, open_uncounted
from bot.jobs import Bad, Job
from bot.records import Merchant, Shop
from bot.stores import Stores

LISTED = 200  # tickets that a summary names; all are found by their category


class Opening:
    """One transaction's differences, and what became of them."""

    def __init__(self, stores: Stores, house: House, job: Job, within: str | None, asked: Options) -> None:
        self._stores, self._house, self._job, self._asked = stores, house, job, asked
        self.within = within
        self.taken = Taken()
        self.summary: dict[str, Any] = {**job.summary}
        self.settled: list[tuple[str, str]] = []

    def count(self, name: str, many: int = 1) -> None:
        """So many more of them, in the summary."""
        self.summary[name] = int(self.summary.get(name) or 0) + many

    def open(self, found: Sequence[Difference]) -> None:
        """A ticket for each that has none yet. One that cannot have any is told as a row's error."""
        for each in found:
            try:
                shop, merchant = self._shop(each)
            except Bad as bad:
                self.taken.errors.append(bad.at(each.line.row if each.line is not None else 0))
                continue
            counts = dict(self.summary.get("differences") or {})
            self.summary["differences"] = counts | {each.cause: counts.get(each.cause, 0) + 1}
            self._one(each, shop, merchant)
        count_opened(self._stores, self._house, self._house.clock.now())

    def _one(self, difference: Difference, shop: Shop, merchant: Merchant) -> None:
        stores, place = self._stores, difference.place
        if stores.jobs.sources(merchant.id, [place]):
            self.taken.known += 1
            return
        number = stores.tickets.next_number(merchant.id)
        if not stores.jobs.claim_sources([(merchant.id, place, number)]):
            self.taken.known += 1
            return
        new = told(difference, self._job, shop.id, merchant.locale)
        open_uncounted(stores, self._house, new, self._house.clock.now(), number)
        self.taken.added += 1
        listed = list(self.summary.get("tickets") or ())
        self.summary["tickets"] = [*listed, f"T-{number}"] if len(listed) < LISTED else listed

    def _shop(self, difference: Difference) -> tuple[Shop, Merchant]:
        """Whose the ticket is: the order's shop, or the one that the line or the file names, or the merchant's first."""
        line = difference.line
        id = difference.order.shop_id if difference.order is not None else (line and line.shop_id) or self._asked.shop
        if id is None and self.within is not None:
            first = self._stores.merchants.shops(self.within, 1, None).items
            id = first[0].id if first else None
        if id is None:
            raise Bad("shop_id", "statement_whose")
        shop = self._stores.merchants.shop(id, self.within)
        merchant = self._stores.merchants.get(shop.merchant_id) if shop is not None else None
        if shop is None or merchant is None:
            raise Bad("shop_id", "cell_no_shop", shop=id)
        if merchant.enabled_at is None:
            raise Bad("shop_id", "merchant_not_enabled", merchant=merchant.id)
        return shop, merchant
