"""A statement's work: its lines kept, then compared payment by payment, then what it lacks looked for. A kill loses and doubles nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.errors import BadUsage
from bot.house import House
from bot.importing.rows import Row
from bot.importing.running import Followed
from bot.importing.statements import columns, summing
from bot.importing.statements.differences import differences, of_refund
from bot.importing.statements.known import Known
from bot.importing.statements.line import Line, again, kept, line
from bot.importing.statements.looking import look, refund_key
from bot.importing.statements.opening import Opening
from bot.importing.statements.options import Options, options
from bot.importing.statements.ours import Ours
from bot.importing.taking import Taken
from bot.jobs import Bad, Job, RowError
from bot.records import OPERATOR
from bot.stores import Stores
from bot.stores.statements import Kept

PLACES = 50  # payments in one transaction
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
            lacking, following = look(stores, within, asked, cursor.removeprefix("o:") or None)
            opening.open(lacking)
            after = f"o:{following}" if following is not None else None
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
        known = Known(stores, opening.within, [each for lines in groups.values() for each in lines])
        for place, lines in groups.items():
            self._group(asked, opening, known, place, lines)
        stores.statements.settle(job, opening.settled)
        return f"l:{next(reversed(groups))}"

    def _group(self, asked: Options, opening: Opening, known: Known, place: str, lines: Sequence[Line]) -> None:
        try:
            ours = known.of(place, lines)
        except Bad as bad:
            opening.taken.errors.append(bad.at(lines[0].row))
            return
        found = differences(lines, ours, asked.tolerance)
        opening.settled += _settled(lines, ours)
        if ours.orders and not found:
            opening.count("matched")
        opening.open([replace(each, order=each.order or ours.order) for each in found])


def _settled(lines: Sequence[Line], ours: Ours) -> list[tuple[str, str]]:
    """What is not missing any more."""
    found = []
    if any(line.type == "payment" for line in lines):
        paid = {(each.merchant_id, str(id)) for each in ours.orders if (id := each.payment.get("transaction_id"))}
        found += [(ours.payment.merchant_id, ours.payment.payment_id)] if ours.payment is not None else sorted(paid)
    if ours.order is not None:
        refunds = [of_refund(line, ours) for line in lines if line.type == "refund"]
        found += [(ours.order.merchant_id, refund_key(id)) for id in refunds if id is not None]
    return found
