"""A TicketFilter as SQL: all conditions at once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, case, cast, exists, false, func, literal, literal_column, not_, or_, select, text

from bot import ticket
from bot.messages import TicketFilter
from bot.ticket import TARGETS
from storage.grams import Word, merchant_gram, words
from storage.schema import LIVE, RUNNING, ticket_texts, tickets
from storage.schema.finding import Query


def conditions(wanted: TicketFilter, dialect: str) -> list[ColumnElement[bool]]:
    """What the WHERE clause says in that database."""
    column = tickets.c
    equal = (
        (column.merchant_id, wanted.merchant), (column.shop_id, wanted.shop), (column.platform, wanted.platform),
        (column.currency, wanted.currency), (column.order_no, wanted.order_no), (column.category, wanted.category),
        (column.priority, wanted.priority), (column.assignee, wanted.assignee), (column.tier, wanted.tier),
    )  # fmt: skip
    found: list[ColumnElement[bool]] = [each == value for each, value in equal if value is not None]
    if wanted.states:
        live = {each.value for each in ticket.LIVE}
        found += [and_(LIVE)] if live.issuperset(wanted.states) else []
        found += [column.state.in_(wanted.states)] if set(wanted.states) != live else []
    if wanted.risk == "any":
        found.append(column.risk_level.is_not(None))
    elif wanted.risk is not None:
        found.append(column.risk_level == wanted.risk if wanted.risk != "none" else column.risk_level.is_(None))
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
    found += [_holds(key, value, dialect) for key, value in wanted.custom]
    if wanted.q and wanted.q.strip():
        found += [_said(word, wanted.merchant, dialect) for word in words(wanted.q)] or [false()]
    return found


def _holds(key: str, value: str, dialect: str) -> ColumnElement[bool]:
    """A custom field is this, whether it is text or a number that is written so."""
    if dialect != "sqlite":
        return tickets.c.custom_fields.op("->>", return_type=Text())(literal(key)).in_(_written(value))
    each = func.json_each(tickets.c.custom_fields).table_valued("key", "value", "type", name="field")
    plain = case((each.c.type.in_(("true", "false")), each.c.type), else_=cast(each.c.value, Text))
    return exists(select(literal_column("1")).select_from(each).where(each.c.key == key, plain.in_(_written(value))))


def _written(value: str) -> list[str]:
    """Of a number: as a whole one too, and with its point."""
    try:
        number = float(value)
    except ValueError:
        return [value]
    whole = [str(int(number))] if number.is_integer() and abs(number) < 2**53 else []
    return list(dict.fromkeys([value, str(number), *whole]))


def _overdue(wanted: TicketFilter) -> ColumnElement[bool]:
    """A target was missed and nobody has met it yet, whatever is still to come."""
    if wanted.now is None:
        raise ValueError("a filter for overdue needs its now")
    missed = []
    for kind in TARGETS:
        due = tickets.c[f"{kind}_due_at"]
        missed.append(and_(due.is_not(None), due <= wanted.now, tickets.c[f"{kind}_met_at"].is_(None)))
    return and_(RUNNING, or_(*missed))


def _said(word: Word, merchant: str | None, dialect: str) -> ColumnElement[bool]:
    """On the ticket: in its subject or in anything said on it."""
    texts = ticket_texts.c
    needed = [f'"{gram}"' if dialect == "sqlite" else f"'{gram}'" for gram in word.grams]
    if word.prefix:
        needed[-1] += "*" if dialect == "sqlite" else ":*"
    if merchant is not None:
        needed.append(f'"{merchant_gram(merchant)}"' if dialect == "sqlite" else f"'{merchant_gram(merchant)}'")
    if dialect == "sqlite":
        rows: Select[Any] = select(literal_column("rowid")).select_from(text("ticket_grams"))
        found = texts.place.in_(rows.where(literal_column("ticket_grams").op("MATCH")(" AND ".join(needed))))
        verified = func.instr(texts.plain, word.plain) > 0
    else:
        found = texts.grams.op("@@")(cast(literal(" & ".join(needed)), Query()))
        verified = func.strpos(texts.plain, word.plain) > 0
    of_whom = [texts.merchant_id == merchant] if merchant is not None else []
    return tickets.c.number.in_(select(texts.ticket).where(found, *([] if word.certain else [verified]), *of_whom))
