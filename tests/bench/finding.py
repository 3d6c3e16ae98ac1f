"""`list` with three filters over a million tickets of a hundred merchants, of whom one has a third: as long as its slowest answer takes."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from bot.clock import SystemClock
from bot.messages import Command, Identity
from bot.people import Person, Role
from storage.db import Db, sequence
from storage.stores import SqlStores
from tests.bench import program
from tests.bench.databases import Databases, inside
from tests.bench.filling import add_merchants, add_tickets, merchant_id, open_ticket
from tests.bench.idle import desk
from tests.bench.table import Figure, at_most, middle

MERCHANTS, ALL = 100, 1_000_000
MOST = 20.0  # milliseconds
ROUNDS = 12
BIG, SMALL = "U0BIG", "U0SMALL"
ASKED = (
    "platform:shopee currency:SGD tag:refund_delay", "platform:lazada priority:urgent currency:MYR",
    "overdue platform:shopify tag:fx_dispute", "unclaimed shop:nowhere currency:SGD", "mine platform:shopee currency:CNY",
    "tier:2 tag:not_received currency:USD", "state:closed platform:shopee currency:SGD",
    "from:2020-01-01 platform:magento tag:duplicate_charge", "退款 platform:shopee currency:SGD",
    "parcel tag:refund_delay currency:HKD", "漏发配件 platform:shopee currency:SGD",
)  # fmt: skip


async def measured(databases: Databases) -> list[Figure]:
    """On PostgreSQL."""
    url = await databases.new("postgresql")
    await inside(url, _fill)
    found = []
    async with desk(url, **program.slack("http://127.0.0.1:9/api/")) as bot:
        for who, name in ((BIG, "a merchant of 300,000"), (SMALL, "a merchant of 7,000")):
            times: dict[str, list[float]] = {}
            for words in [words for _ in range(ROUNDS) for words in ASKED]:
                started = time.perf_counter()
                said = await bot.desk.reply(Command(Identity("slack", f"T1/{who}"), f"list {words}", via="slack"))
                times.setdefault(words, []).append(1e3 * (time.perf_counter() - started))
                assert said.ok, (words, said)
            slowest = max(times, key=lambda words: middle(times[words][2:]))
            p50 = middle(times[slowest][2:])
            found.append(at_most(f"postgresql: list with three filters, 1,000,000 tickets, {name}; slowest: {slowest}", p50, MOST, " ms"))
    return found


def _fill(connection: Connection) -> None:
    now = SystemClock().now()
    add_merchants(connection, MERCHANTS, now)
    stores = SqlStores(Db(connection, sequence()))
    for account, merchant in ((BIG, merchant_id(0)), (SMALL, merchant_id(1))):
        stores.people.put(Person(account.lower(), account, Role.LEAD, merchant, account, locale="en"))
    add_tickets(connection, (open_ticket(0, 1001, 1, now) for _ in range(1)))
    _million(connection, now)


def _million(connection: Connection, now: datetime) -> None:
    """One in five is live, as in a month in which most are over; made of the first by the server, which is quick at it."""
    columns = [row[0] for row in connection.execute(text(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'tickets' ORDER BY ordinal_position"
    ))]  # fmt: skip
    changed = dict(_changed())
    taken = ", ".join(changed.get(name, f"t.{name}") for name in columns)
    parameters = {"now": now, "far": datetime(9999, 12, 31, tzinfo=now.tzinfo), "all": ALL, "back": now - timedelta(days=1)}
    connection.execute(text(
        f"INSERT INTO ticket_numbers (number, merchant_id) SELECT 1001 + i, {changed['merchant_id']} FROM generate_series(1, :all - 1) i"  # noqa: S608
    ), {"all": ALL})  # fmt: skip
    connection.execute(text(
        f"INSERT INTO tickets ({', '.join(columns)}) SELECT {taken} FROM tickets t, generate_series(1, :all - 1) i"  # noqa: S608
    ), parameters)  # fmt: skip
    said = ", ".join(_texts())
    connection.execute(text(
        "INSERT INTO ticket_texts (merchant_id, ticket, part, place, plain, grams) SELECT merchant_id, number, '', number, plain, "  # noqa: S608
        "array_to_tsvector(grams || ('m' || encode(convert_to(merchant_id, 'UTF8'), 'hex'))) FROM tickets JOIN "
        f"(VALUES {said}) AS said (at, plain, grams) ON said.at = number / 7 % 100"
    ))  # fmt: skip
    connection.execute(text("ANALYZE"))


def _changed() -> Iterator[tuple[str, str]]:
    def one_of(values: Sequence[str], by: int) -> str:
        return f"(ARRAY[{', '.join(repr(value) for value in values)}])[1 + (hashint4(i + {by}) & 2147483647) % {len(values)}]"

    live = "i % 5 = 0"
    yield "number", "1001 + i"
    yield "merchant_id", "CASE WHEN i % 10 < 3 THEN 'm0000' ELSE 'm' || lpad((1 + (hashint4(i) & 2147483647) % 99)::text, 4, '0') END"
    yield "platform", one_of(("shopee", "lazada", "tiktok_shop", "shopify", "magento"), 1)
    yield "currency", one_of(("SGD", "MYR", "THB", "CNY", "USD", "HKD"), 2)
    yield "category", one_of(("refund_delay", "refund_request", "fx_dispute", "chargeback_alert", "not_received", "duplicate_charge"), 3)
    yield "priority", one_of(("low", "normal", "normal", "high", "urgent"), 4)
    yield "state", f"CASE WHEN {live} THEN {one_of(('new', 'open', 'pending'), 5)} ELSE {one_of(('closed', 'archived'), 6)} END"
    yield "assignee", f"CASE WHEN hashint4(i) % 3 = 0 THEN {one_of(('u0big', 'u0small', 'x', 'y'), 7)} END"
    yield "tier", "((hashint4(i) & 2147483647) % 3)"
    yield "next_due", f"CASE WHEN {live} THEN CAST(:now AS timestamptz) + i * interval '1 second' ELSE CAST(:far AS timestamptz) END"
    yield "created_at", "CAST(:back AS timestamptz)"
    yield "order_no", "'SP-' || i"


def _texts() -> Iterator[str]:
    from storage.grams import grams, plain

    subjects = ("退款延迟，已经等了三周", "where is my parcel", "wrong colour, wrong size", "结算延迟", "汇率异议")
    for at in range(100):
        said = plain("漏发配件，请补发" if at == 99 else f"{subjects[at % 5]}\nI paid on the 3rd and the parcel has not come.")
        listed = ", ".join(f"'{gram}'" for gram in grams(said))
        yield f"({at}, '{said}', ARRAY[{listed}])"
