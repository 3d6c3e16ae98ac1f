"""How the database finds what is asked most: by an index, whatever else is stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import event

from bot.messages import OrderFilter, TicketFilter
from bot.stores import Stores
from storage.engine import Storage, open_storage
from tests.storage.samples import LATER, NOW, deadline, order, outgoing, ticket

ASKED: dict[str, Callable[[Stores], Any]] = {
    "deadlines.next_due": lambda stores: stores.deadlines.next_due(),
    "deadlines.take_due": lambda stores: stores.deadlines.take_due(NOW, 200),
    "outbox.next_available": lambda stores: stores.outbox.next_available(),
    "outbox.lease": lambda stores: stores.outbox.lease(NOW, LATER, 64),
    "outbox.next_available but": lambda stores: stores.outbox.next_available(["wecom_bot"]),
    "outbox.lease but": lambda stores: stores.outbox.lease(NOW, LATER, 64, ["wecom_bot"]),
    "outbox.lease_more": lambda stores: stores.outbox.lease_more("slack", "C1", NOW, LATER, 64),
    "outbox.settle": lambda stores: stores.outbox.settle([outgoing("d1"), outgoing("d2")], NOW),
    "outbox.touch": lambda stores: stores.outbox.touch([("m1", 1001), ("m1", 1002)], ["slack"], NOW),
    "outbox.by_receipt": lambda stores: stores.outbox.by_receipt("slack", "C1", "1.2"),
    "outbox.first_receipts": lambda stores: stores.outbox.first_receipts([("m1", 1001, "slack", "C1"), ("m2", 1002, "slack", "C1")]),
    "outbox.get": lambda stores: stores.outbox.get("d1"),
    "outbox.of_cause": lambda stores: stores.outbox.of_cause("m1", "c"),
    "outbox.counts": lambda stores: stores.outbox.counts(),
    "outbox.page dead": lambda stores: stores.outbox.page("m1", "dead", 10, None),
    "outbox.page": lambda stores: stores.outbox.page("m1", None, 10, None),
    "inbox.next_available": lambda stores: stores.inbox.next_available(),
    "inbox.lease": lambda stores: stores.inbox.lease(NOW, LATER, 10),
    "tickets.get": lambda stores: stores.tickets.get(1001),
    "tickets.get within": lambda stores: stores.tickets.get(1001, "m1"),
    "tickets.many": lambda stores: stores.tickets.many([1001, 1002]),
    "tickets.locked": lambda stores: stores.tickets.locked([("m1", 1001), ("m1", 1002)]),
    "tickets.page": lambda stores: stores.tickets.page(TicketFilter(merchant="m1"), 10, None),
    "tickets.page of all": lambda stores: stores.tickets.page(TicketFilter(), 10, None),
    "tickets.urgent": lambda stores: stores.tickets.urgent(TicketFilter(merchant="m1"), 10),
    "tickets.urgent mine": lambda stores: stores.tickets.urgent(TicketFilter(merchant="m1", assignee="ann"), 10),
    "tickets.urgent of all": lambda stores: stores.tickets.urgent(TicketFilter(), 10),
    "tickets.urgent soon": lambda stores: stores.tickets.urgent(TicketFilter(merchant="m1", due_to=LATER), 10),
    "tickets.count closed": lambda stores: stores.tickets.count(TicketFilter(merchant="m1", closed_from=NOW)),
    "tickets.page said": lambda stores: stores.tickets.page(TicketFilter(merchant="m1", q="退款延迟 refund"), 10, None),
    "tickets.page said of all": lambda stores: stores.tickets.page(TicketFilter(q="退款延迟 refund"), 10, None),
    "tickets.running": lambda stores: stores.tickets.running("m1", ("m1", 1001), 200),
    "tickets.running of all": lambda stores: stores.tickets.running(None, ("m1", 1001), 200),
    "policies.of": lambda stores: stores.policies.of(["m1", "-"]),
    "policies.take_recount": lambda stores: stores.policies.take_recount(NOW),
    "policies.next_recount": lambda stores: stores.policies.next_recount(),
    "tickets.of_order": lambda stores: stores.tickets.of_order("s1", "SP-1"),
    "people.linked": lambda stores: stores.people.linked("slack", "T1/U1"),
    "people.get": lambda stores: stores.people.get("ann"),
    "outbox.by_receipt anywhere": lambda stores: stores.outbox.by_receipt("wecom", None, "T-1024@1"),
    "outbox.newer": lambda stores: stores.outbox.newer(outgoing("d1", sent_at=NOW)),
    "outbox.freshen": lambda stores: stores.outbox.freshen(outgoing("d1"), {"code": "c"}, NOW),
    "people.linked wecom": lambda stores: stores.people.linked("wecom", "-/ann"),
    "people.teams": lambda stores: stores.people.teams(["m1", "m2"]),
    "accounts.some": lambda stores: stores.accounts.some("wecom", ["app1"], ["m1"]),
    "people.senior_managers": lambda stores: stores.people.senior_managers(),
    "rota.get": lambda stores: stores.rota.get(),
    "people.key": lambda stores: stores.people.key("k1"),
    "freezes.all_active": lambda stores: stores.freezes.all_active("refund", NOW, 100),
    "freezes.active": lambda stores: stores.freezes.active("refund", "s1", "m1", NOW),
    "webhooks.subscribed": lambda stores: stores.webhooks.subscribed(["m1", "-"]),
    "messages.last": lambda stores: stores.messages.last("m1", 1001, 5),
    "timeline.page": lambda stores: stores.timeline.page("m1", 1001, 5, None),
    "orders.find": lambda stores: stores.orders.find("SP-1", None),
    "orders.page paid": lambda stores: stores.orders.page(OrderFilter("m1", platform="shopee", paid_from=NOW, paid_to=LATER), 10, None),
    "orders.page transaction": lambda stores: stores.orders.page(OrderFilter(transaction="tx-1"), 10, None),
    "orders.page sub": lambda stores: stores.orders.page(OrderFilter("m1", sub_merchant="sub-1"), 10, None),
    "orders.page q": lambda stores: stores.orders.page(OrderFilter("m1", q="tx-1"), 10, None),
    "orders.page q of all": lambda stores: stores.orders.page(OrderFilter(q="tx-1"), 10, None),
    "orders.page transaction own": lambda stores: stores.orders.page(OrderFilter("m1", transaction="tx-1"), 10, None),
    "orders.page number": lambda stores: stores.orders.page(OrderFilter("m1", order_no="SP-1"), 10, None),
    "orders.find own": lambda stores: stores.orders.find("SP-1", "m1"),
    "orders.paid_by": lambda stores: stores.orders.paid_by(["tx-1", "tx-2"], "m1"),
    "orders.paid_by of all": lambda stores: stores.orders.paid_by(["tx-1", "tx-2"], None),
    "orders.called": lambda stores: stores.orders.called(["SP-1", "SP-2"], "m1"),
    "tickets.of_orders": lambda stores: stores.tickets.of_orders([order("SP-1"), order("SP-2")]),
    "views.of": lambda stores: stores.views.of("m1", "ann"),
    "checks.hoarded": lambda stores: stores.checks.hoarded(NOW, 100),
    "checks.waiting": lambda stores: stores.checks.waiting(NOW, 100),
    "checks.unworked": lambda stores: stores.checks.unworked(NOW, 100),
    "checks.farther": lambda stores: stores.checks.farther((NOW, 5), 20_000),
    "checks.clockless": lambda stores: stores.checks.clockless((NOW, 5), (LATER, 7), 100),
    "deadlines.due": lambda stores: stores.deadlines.due(NOW, 100),
    "notes.snoozed": lambda stores: stores.notes.snoozed([1001], NOW),
}
SORTS = {"outbox.page dead"}  # few rows at most


async def test_sqlite_scans_no_table_and_sorts_no_queue(sqlite_url: str) -> None:
    storage = await open_storage(sqlite_url)
    queues = (
        "deadlines.take_due", "outbox.lease", "outbox.next", "inbox.", "tickets.page", "tickets.urgent", "tickets.running", "checks.",
    )  # fmt: skip
    for name, ask in ASKED.items():
        for step in await _sqlite_plan(storage, ask):
            table_scan = (
                step.startswith("SCAN") and "INDEX" not in step and step not in ("SCAN due", "SCAN few") and "CONSTANT ROW" not in step
            )
            assert not table_scan, (name, step)
            assert "USE TEMP B-TREE FOR ORDER" not in step or not name.startswith(queues), (name, step)
            walks = step.startswith("SEARCH orders") and step.endswith("(merchant_id=?)")
            assert not walks, (name, step)
            assert "ix_tickets_running" in step or not name.startswith("tickets.running"), (name, step)
    await storage.close()


async def _sqlite_plan(storage: Storage, ask: Callable[[Stores], Any]) -> list[str]:
    """The plan's steps of everything that this says."""
    steps: list[str] = []

    def explained(stores: Any) -> None:
        raw = stores.db.connection.connection.dbapi_connection
        said: list[tuple[str, Any]] = []

        def hear(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
            said.append((statement, parameters[0] if many else parameters))

        event.listen(stores.db.connection.engine, "before_cursor_execute", hear)
        ask(stores)
        event.remove(stores.db.connection.engine, "before_cursor_execute", hear)
        for statement, parameters in said:
            steps.extend(row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {statement}", parameters))

    await storage.write(explained)
    return steps


async def test_a_pass_over_many_tickets_costs_what_is_due(postgres_url: str) -> None:
    storage = await open_storage(postgres_url)
    many = range(1, 5001)
    await storage.write(lambda stores: stores.deadlines.arm([deadline(number, LATER) for number in many]))

    def plan(stores: Any) -> str:
        run = stores.db.connection.exec_driver_sql
        run("ANALYZE deadlines")
        return "\n".join(row[0] for row in run("EXPLAIN SELECT min(due_at) FROM deadlines"))

    assert "ix_deadlines_due" in await storage.write(plan)
    await storage.close()


async def test_a_million_is_not_needed_to_see_that_a_tickets_row_is_one_key_read(sqlite_url: str) -> None:
    storage = await open_storage(sqlite_url)
    await storage.write(lambda stores: stores.tickets.add(ticket(1001), None))
    (step,) = await _sqlite_plan(storage, ASKED["tickets.get within"])
    assert step.startswith("SEARCH tickets USING INDEX sqlite_autoindex_tickets_1 (merchant_id=? AND number=?)")
    await storage.close()
