"""A TicketFilter as SQL: all conditions at once."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, not_, or_

from bot.messages import TicketFilter
from bot.ticket import TARGETS, State
from storage.schema import tickets

RUNNING = (State.NEW.value, State.OPEN.value, State.PENDING.value, State.RESOLVED.value)
MOST_WORDS = 10  # of a search; each costs a pass over the text


def conditions(wanted: TicketFilter) -> list[ColumnElement[bool]]:
    """What the WHERE clause says."""
    column = tickets.c
    equal = (
        (column.merchant_id, wanted.merchant), (column.shop_id, wanted.shop), (column.platform, wanted.platform),
        (column.currency, wanted.currency), (column.order_no, wanted.order_no), (column.category, wanted.category),
        (column.priority, wanted.priority), (column.assignee, wanted.assignee), (column.tier, wanted.tier),
    )  # fmt: skip
    found: list[ColumnElement[bool]] = [each == value for each, value in equal if value is not None]
    if wanted.states:
        found.append(column.state.in_(wanted.states))
    if wanted.unclaimed:
        found.append(column.assignee.is_(None))
    if wanted.created_from is not None:
        found.append(column.created_at >= wanted.created_from)
    if wanted.created_to is not None:
        found.append(column.created_at < wanted.created_to)
    if wanted.due_from is not None:
        found.append(column.next_due >= wanted.due_from)
    if wanted.due_to is not None:
        found.append(column.next_due < wanted.due_to)
    if wanted.closed_from is not None:
        found.append(column.closed_at >= wanted.closed_from)
    if wanted.overdue is not None:
        found.append(_overdue(wanted) if wanted.overdue else not_(_overdue(wanted)))
    words = (wanted.q or "").split()[:MOST_WORDS]
    return found + [or_(_holds(column.subject, word), _holds(column.message, word)) for word in words]


def _overdue(wanted: TicketFilter) -> ColumnElement[bool]:
    """A target was missed and nobody has met it yet, whatever is still to come."""
    if wanted.now is None:
        raise ValueError("a filter for overdue needs its now")
    missed = []
    for kind in TARGETS:
        due = tickets.c[f"{kind}_due_at"]
        missed.append(and_(due.is_not(None), due <= wanted.now, tickets.c[f"{kind}_met_at"].is_(None)))
    return and_(tickets.c.state.in_(RUNNING), or_(*missed))


def _holds(column: ColumnElement[str], word: str) -> ColumnElement[bool]:
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return column.ilike(f"%{escaped}%", escape="\\")
