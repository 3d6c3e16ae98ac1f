"""A statement's work: its lines kept, then compared payment by payment, then what it lacks looked for. A kill loses and doubles nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.errors import BadUsage
from bot.house import House
from bot.importing.rows import Row
from bot.importing.running import Followed
from bot.importing.statements import columns, summing
from bot.importing.statements.differences import Difference, differences, missing
from bot.importing.statements.line import Line, again, kept, line
from bot.importing.statements.opening import Opening
from bot.importing.statements.options import Options, options
from bot.importing.taking import Taken
from bot.jobs import Bad, Job, RowError
from bot.messages import OrderFilter
from bot.records import OPERATOR, Order
from bot.stores import Stores
from bot.stores.statements import Kept

PLACES, ORDERS = 50, 200  # payments, and orders of the period, in one transaction
LINES = 20_000  # of one payment: more are no statement


class Reconciling:
    """Statements."""

    share = 0.5  # of the work is reading the file

    def asked(self, house: House, given: Mapping[str, Any]) -> None:
        """Whether these options can be. Raises BadUsage."""
        options(given, house.settings.timezone)

    def check(self, header: Sequence[str] | None) -> None:
        """A CSV file has the columns that are needed, each once."""
        if header is not None:
            columns.fields(header)

    def read(self, batch: Sequence[Row]) -> Sequence[object]:
        """Lines and errors; totals are dropped."""
        return [line(row) for row in batch]

    def take(self, stores: Stores, house: House, job: Job, batch: Sequence[object]) -> Taken:  # noqa: ARG002
        """The lines are kept until all are there."""
        lines = [each for each in batch if isinstance(each, Line)]
        stores.statements.add(job, [Kept(each.place, each.row, kept(each)) for each in lines])
        return Taken(errors=[each for each in batch if isinstance(each, RowError)], summary=summing.added(job.summary, lines))

    def follow(self, stores: Stores, house: House, job: Job) -> Followed:
        """The next payments, or the next orders of the period, or the end."""
        within = None if job.merchant_id == OPERATOR else job.merchant_id
        merchant = stores.merchants.get(within) if within is not None else None
        asked = options(job.options, merchant.timezone if merchant else house.settings.timezone)
        opening = Opening(stores, house, job, within, asked)
        cursor = job.cursor or "l:"
        if cursor.startswith("l:"):
            after = self._compare(stores, job, asked, opening, cursor.removeprefix("l:"))
        else:
            after = self._look_for(stores, asked, opening, cursor.removeprefix("o:"))
        if job.added + opening.taken.added > asked.most:
            raise BadUsage("statement_too_many", field="most", most=asked.most)
        if after is None:
            stores.statements.drop(job)
        done = summing.count(opening.summary, "compared") / max(1, summing.count(opening.summary, "lines"))
        return Followed(replace(opening.taken, summary=opening.summary), after, done)

    def _compare(self, stores: Stores, job: Job, asked: Options, opening: Opening, after: str) -> str | None:
        found = stores.statements.lines(job, after, PLACES, LINES + 1)
        if not found:
            return "o:" if asked.start is not None else None
        groups: dict[str, list[Line]] = {}
        for each in found:
            groups.setdefault(each.place, []).append(again(*each))
        if len(found) > LINES:
            if len(groups) == 1:
                raise BadUsage("statement_one_payment", field="transaction_id", most=LINES)
            groups.popitem()  # the last may not be whole
        opening.count("compared", sum(map(len, groups.values())))
        known = _Known(stores, opening.within, [each for lines in groups.values() for each in lines])
        for place, lines in groups.items():
            self._group(asked, opening, known, place, lines)
        stores.statements.settle(job, opening.settled)
        return f"l:{next(reversed(groups))}"

    def _group(self, asked: Options, opening: Opening, known: _Known, place: str, lines: Sequence[Line]) -> None:
        try:
            orders, other = known.of(place, lines)
        except Bad as bad:
            opening.taken.errors.append(bad.at(lines[0].row))
            return
        found = differences(lines, orders, asked.tolerance, other=other)
        paid = [each for each in orders if any(line.type == "payment" for line in lines)]
        opening.settled += [(each.merchant_id, str(id)) for each in paid if (id := each.payment.get("transaction_id"))]
        if orders and not found:
            opening.count("matched")
        opening.open([replace(each, order=each.order or (orders[0] if orders else None)) for each in found])

    def _look_for(self, stores: Stores, asked: Options, opening: Opening, cursor: str) -> str | None:
        wanted = OrderFilter(merchant=opening.within, shop=asked.shop, paid_from=asked.start, paid_to=asked.end)
        page = stores.orders.page(wanted, ORDERS, cursor or None)
        here = [each for each in page.items if asked.channel in (None, each.payment.get("channel_id"))]
        by_merchant: dict[str, list[Order]] = {}
        for each in here:
            by_merchant.setdefault(each.merchant_id, []).append(each)
        lost: list[Difference] = []
        for merchant_id, orders in by_merchant.items():
            there = stores.statements.settled(merchant_id, [str(each.payment.get("transaction_id")) for each in orders])
            lost += [missing(each) for each in orders if str(each.payment.get("transaction_id")) not in there]
        opening.open(lost)
        return f"o:{page.next_cursor}" if page.next_cursor is not None else None


class _Known:
    """The orders that a batch of lines may be about, read at once."""

    def __init__(self, stores: Stores, within: str | None, lines: Sequence[Line]) -> None:
        self._paid: dict[str, list[Order]] = {}
        for order in stores.orders.paid_by({each.transaction_id for each in lines if each.transaction_id}, within):
            self._paid.setdefault(str(order.payment.get("transaction_id")), []).append(order)
        self._called: dict[str, list[Order]] = {}
        numbers = {each.order_no for each in lines if each.order_no and each.transaction_id not in self._paid}
        for order in stores.orders.called(numbers, within):
            self._called.setdefault(order.order_no, []).append(order)

    def of(self, place: str, lines: Sequence[Line]) -> tuple[Sequence[Order], bool]:
        """The orders of one payment; True: they say that another transaction paid them. Raises Bad where several might be meant."""
        shops = {each.shop_id for each in lines if each.shop_id}
        paid = self._paid.get(lines[0].transaction_id or "", [])
        if paid:
            mine = [each for each in paid if each.shop_id in shops] or paid
            if len({each.merchant_id for each in mine}) > 1:
                raise Bad("shop_id", "statement_which", about=place[2:])
            return paid if len({each.merchant_id for each in paid}) == 1 else mine, False
        numbers = Counter(each.order_no for each in lines if each.order_no)
        called = self._called.get(numbers.most_common(1)[0][0], []) if numbers else []
        called = [each for each in called if each.shop_id in shops] or called
        if len(called) > 1:
            if place.startswith("t:"):
                return [], False  # the transaction is what it goes by, and nobody knows it
            raise Bad("shop_id", "statement_which", about=place[2:])
        return called, place.startswith("t:") and bool(called)
