"""A statement is compared with the orders there are; what differs becomes a ticket for finance, once, however often it comes."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadUsage, Conflict
from bot.importing.rows import Row
from bot.importing.statements.columns import NAMES, TYPES, fields, kind, plain
from bot.importing.statements.differences import differences
from bot.importing.statements.line import Line, again, kept, line
from bot.importing.statements.options import options
from bot.importing.statements.ours import Ours
from bot.jobs import RowError
from bot.messages import Command, Identity, JobOf, Put
from bot.paid import Payment
from bot.records import Order
from bot.stores import Stores
from run_bot import Deskbell
from tests.importing.desks import all_tickets, desk, taken

HEADER = "transaction_id,order_no,type,gross,fee,net,currency,settled_at\n"


async def _orders(bot: Deskbell) -> None:
    for number, amount, shop in (
        (1, "100.00", "lights-sg"),
        (2, "20.50", "lights-sg"),
        (3, "7.00", "lights-my"),
        (4, "8.00", "other-shop"),
    ):
        await bot.desk.configure(Put("orders", f"{shop}/SP-{number}", {
            "total": {"amount": amount, "currency": "SGD"}, "buyer": {"name": "Tan Wei"},
            "payment": {
                "provider": "uqpay", "channel_id": "C1", "transaction_id": f"PI{number}", "paid_at": f"2026-11-0{number}T08:00:00.000Z",
            },
        }))  # fmt: skip


async def reconciled(bot: Deskbell, text: str, **asked: Any) -> tuple[dict[str, Any], list[str]]:
    """The finished job's document, and what was told of rows."""
    job, said = await taken(bot, text, kind="reconciliation", **asked)
    return await bot.desk.ask(JobOf("reconciliation", job.id)), said


GOOD = "PI1,SP-1,payment,100.00,2.00,98.00,SGD,2026-11-05\nPI2,,付款,20.5,0.5,20,SGD,\n,,fee,,3.00,,SGD,\n"


async def test_a_statement_that_agrees_opens_nothing(database_url: str) -> None:
    async with desk(database_url) as bot:
        await _orders(bot)
        told, said = await reconciled(bot, HEADER + GOOD + "合计,,,,,,,\n")
        assert (told["state"], told["rows"], told["opened"], told["bad"], said) == ("done", 3, 0, 0, [])
        assert told["summary"]["matched"] == 2
        assert told["summary"]["totals"]["payment"] == {"SGD": {"lines": 2, "gross": "120.50"}}
        assert await all_tickets(bot) == []


async def test_each_difference_becomes_one_ticket_for_finance_and_no_second_in_any_later_statement(database_url: str) -> None:
    async with desk(database_url) as bot:
        await _orders(bot)
        await bot.desk.configure(Put("agents", "fin", {"name": "Fin", "role": "finance", "merchant_id": "lumiere", "slack_user_id": "U1"}))
        rows = "PI1,SP-1,payment,99.00,2.00,97.00,SGD,2026-11-05\nPI9,,payment,5.00,0.10,4.90,SGD,\n"
        rows += "PI2,,refund,-30.00,,,SGD,\nPI3,,payment,7.00,0.10,6.90,SGD,\nPI3,,payment,7.00,0.10,6.90,SGD,\n"
        told, said = await reconciled(bot, HEADER + rows, within="lumiere", **{"from": "2026-11-01", "to": "2026-11-30"})
        assert (told["opened"], said) == (5, [])
        assert told["summary"]["differences"] == {
            "amount_differs": 1, "refund_exceeds": 1, "duplicate_line": 1, "missing_in_ours": 1, "missing_in_statement": 1,
        }  # fmt: skip
        found = {doc["subject"]: doc for doc in await all_tickets(bot)}
        assert set(found) == {
            "Amount differs: SP-1, 99.00 SGD", "In the statement, not in our books: PI9, 5.00 SGD",
            "More refunded than paid: SP-2, 30.00 SGD",
            "Twice in the statement: SP-3, 2 × 7.00 SGD", "In our books, not in the statement: SP-2, 20.50 SGD",
        }  # fmt: skip
        one = found["Amount differs: SP-1, 99.00 SGD"]
        assert (one["category"]["label"], one["order_no"], one["shop_id"], one["currency"]) == (
            "reconciliation_mismatch", "SP-1", "lights-sg", "SGD",
        )  # fmt: skip
        assert "In our books: order SP-1 of shop lights-sg, 100.00 SGD" in one["message"]
        # the same file, the same lines in another file, and more of them: nothing twice
        for text in (HEADER + rows, HEADER + rows.replace("PI9", "PI8").replace("99.00", "99.000"), HEADER + GOOD + rows):
            told, _ = await reconciled(bot, text, within="lumiere", **{"from": "2026-11-01", "to": "2026-11-30"})
        for shop in ("lights-my", "lights-sg"):  # whose the ticket would be makes no other difference of it
            assert (await reconciled(bot, HEADER + "PI9,,payment,5.00,,,SGD,\n", within="lumiere", shop_id=shop))[0]["already_there"] == 1
        assert len(await all_tickets(bot)) == 7  # PI8, and PI1's two payments together
        who = Identity("slack", "T1/U1")
        done = await bot.desk.reply(Command(who, f"close {one['number']} booked", via="slack"))
        assert done.ok, done


CAUSES: list[tuple[list[str], dict[str, Any], str | None]] = [
    (["PI1,SP-1,payment,100.00,2,97,SGD,"], {}, "net_differs"),
    (["PI1,SP-1,refund,-100.00,2,-102,SGD,"], {}, None),
    (["PI1,SP-1,payment,60,,,SGD,2026-11-05", "PI1,SP-1,payment,40,,,SGD,2026-11-06"], {}, None),
    (["PI1,SP-1,payment,75.00,,,USD,"], {}, "currency_differs"),
    (["XX,SP-1,payment,100.00,,,SGD,"], {}, "other_transaction"),
    ([",SP-1,payment,100.00,,,SGD,"], {}, None),
    (["PI1,,chargeback,100.00,15,,SGD,"], {}, None),
    (["PI1,SP-1,refund,60,,,SGD,", "PI1,SP-1,refund,40.01,,,SGD,"], {}, "refund_exceeds"),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "asked", "cause"), CAUSES)
async def test_what_is_a_difference(sqlite_url: str, rows: list[str], asked: dict[str, Any], cause: str | None) -> None:
    async with desk(sqlite_url) as bot:
        await _orders(bot)
        told, said = await reconciled(bot, HEADER + "\n".join(rows) + "\n", **asked)
        assert (told["summary"].get("differences") or {}, said) == ({cause: 1} if cause else {}, [])


@pytest.mark.parametrize(("given", "tolerance", "cause"), [
    ("530.00", "0", None), ("530.01", "0", None), ("530.02", "0", "amount_differs"), ("532.00", "0.5", None),
    ("533.00", "0.5", "amount_differs"),
])  # fmt: skip
def test_a_conversion_may_be_off_by_the_last_digit_and_the_files_tolerance(given: str, tolerance: str, cause: str | None) -> None:
    order = Order("m", "s", "SP-1", {"amount": "100.00", "currency": "SGD"}, {"transaction_id": "PI1"})
    paid = Line(2, "t:PI1", "payment", Decimal(given), "CNY", transaction_id="PI1", rate=Decimal("5.3"))
    found = differences([paid], Ours([order]), Decimal(tolerance) / 100)
    assert [each.cause for each in found] == ([cause] if cause else [])


async def _payment(bot: Deskbell, id: str, amount: str, refunds: dict[str, dict[str, Any]], order: str = "SP-1") -> None:
    paid = datetime(2026, 11, 2, tzinfo=UTC)
    given = Payment(
        "lumiere", "uqpay", id, "lights-sg", order, "C1", status="SUCCEEDED", rank=3, amount=amount, currency="SGD", paid_at=paid,
        refunds=refunds,
    )  # fmt: skip

    def put(stores: Stores) -> None:
        before = stores.payments.get("lumiere", "uqpay", id)
        stores.payments.put(replace(given, version=before.version + 1 if before else 1))

    await bot.storage.write(put)


async def test_what_institutions_have_told_of_payments_and_refunds_counts(database_url: str) -> None:
    def back(amount: str, status: str = "succeeded") -> dict[str, Any]:
        return {"status": status, "amount": amount, "currency": "SGD", "at": "2026-11-10T08:00:00.000Z", "reason": None}

    async with desk(database_url) as bot:
        await _orders(bot)
        await _payment(bot, "PI1", "60.00", {"RF1": back("10.00"), "RF2": back("5.00"), "RF3": back("1.00", "failed"), "RF4": back("2.00")})
        await _payment(bot, "PI1b", "40.00", {})
        await _payment(bot, "PI1c", "0.50", {})
        head = "transaction_id,type,gross,currency,refund_id\n"
        text = head + "PI1,payment,60,SGD,\nPI1b,payment,40,SGD,\nPI1,refund,-11,SGD,RF1\nPI1,refund,-5,SGD,\n"
        text += "PI1,refund,-1,SGD,RF3\nPI1,refund,-1,SGD,RF9\n"
        november: dict[str, Any] = {"from": "2026-11-01", "to": "2026-11-30"}
        for within, opened in (("lumiere", 7), (None, 1)):
            told, said = await reconciled(bot, text, within=within, **november)
            assert (told["opened"], said) == (opened, [])  # SP-4 is another merchant's
        assert {doc["subject"] for doc in await all_tickets(bot, "lumiere")} == {
            "Refund differs: SP-1, 11 SGD", "Refund differs: SP-1, 1 SGD", "Refund not known: SP-1, 1 SGD",
            "Refund not settled: SP-1, RF4: 2.00 SGD", "In our books, not in the statement: SP-1, 0.50 SGD",
            "In our books, not in the statement: SP-2, 20.50 SGD", "In our books, not in the statement: SP-3, 7.00 SGD",
        }  # fmt: skip


ROWS = [
    ("PI1,,gift,1,,,SGD,", "2 type: “gift” is no type of line"),
    ("PI1,,payment,1.2.3,,,SGD,", "2 gross: “1.2.3” is no amount"),
    ("PI1,,payment,-5,,,SGD,", "2 gross: A payment of -5"),
    ("PI1,,payment,,,,SGD,", "2 gross: This is needed."),
    ("1.2E+15,,payment,5,,,SGD,", "2 transaction_id: A spreadsheet has rounded"),
    (",,payment,5,,,SGD,", "2 transaction_id: This is needed."),
    ("PI1,,payment,5,,,S$,", "2 currency: “S$” is no currency"),
    ("PI9,,payment,5,,,SGD,", "2 shop_id: No order is known for this line"),
]


@pytest.mark.parametrize(("row", "told"), ROWS)
async def test_a_line_that_cannot_be_compared_is_told_and_takes_no_other_along(sqlite_url: str, row: str, told: str) -> None:
    async with desk(sqlite_url) as bot:
        await _orders(bot)
        doc, said = await reconciled(bot, f"{HEADER}{row}\nPI2,,payment,20.50,,,SGD,\n")
        assert (doc["bad"], doc["summary"]["matched"], len(said)) == (1, 1, 1)
        assert said[0].startswith(told)


def test_every_name_of_a_column_and_of_a_type_means_one_thing() -> None:
    for names in (NAMES, TYPES):
        said = [each for words in names.values() for each in {plain(word) for word in words}]
        assert len(said) == len(set(said))
    assert fields(["交易流水号", "交易金额（元）", "币种", "随便"]) == {
        "交易流水号": "transaction_id",
        "交易金额（元）": "gross",
        "币种": "currency",
    }
    assert fields(["Transaction-ID", "GROSS_AMOUNT", "Currency"]) == dict(
        zip(["Transaction-ID", "GROSS_AMOUNT", "Currency"], ["transaction_id", "gross", "currency"], strict=True)
    )
    assert (kind("部分退款"), kind("Sale"), kind("gift")) == ("refund", "payment", None)
    assert fields(["(" * 100_000, "gross", "currency", "order_no"]).keys() == {"gross", "currency", "order_no"}
    for wrong in (["金额", "gross", "币种", "交易号"], ["金额", "币种"], ["交易号", "币种"]):
        with pytest.raises(BadUsage):
            fields(wrong)


@pytest.mark.parametrize(("cell", "amount"), [
    ("1,234.50", "1234.50"), ("（12.00）", "-12.00"), ("￥３.5", "3.5"), ("S$ 7", "7"), ("-0.01", "-0.01"), ("-¥5", "-5"), ("'8", "8"),
    ("12,34", None), ("1e3", None), ("NaN", None), ("--5", None), ("1" * 30, None), ("٣", None),
])  # fmt: skip
def test_amounts_are_read_as_bookkeepers_write_them(cell: str, amount: str | None) -> None:
    found = line(Row(2, {"transaction_id": "T", "gross": cell, "currency": "SGD"}))
    if amount is None:
        assert isinstance(found, RowError)
        assert found.field == "gross"
    else:
        assert isinstance(found, Line)
        assert (found.type, found.gross) == ("refund" if amount.startswith("-") else "payment", abs(Decimal(amount)))


def test_the_largest_amounts_and_rates_are_worked_out_to_the_last_digit() -> None:
    nines = "9" * 15 + "." + "9" * 8
    cells = {"transaction_id": "T", "gross": nines, "fee": "0.00000001", "net": "1", "currency": "SGD", "exchange_rate": nines}
    for settled in ("CNY", "SGD"):
        found = line(Row(2, {**cells, "settlement_currency": settled}))
        assert isinstance(found, Line)
        order = Order("m", "s", "1", {"amount": "999999999999999.9999", "currency": "USD"}, {"transaction_id": "T"})
        assert [each.cause for each in differences([found], Ours([order]), Decimal(0))] == ["net_differs", "amount_differs"]


money = st.decimals(min_value=0, max_value=10**9, places=2)


@given(money, money)
def test_a_line_is_kept_to_the_last_digit_and_only_an_equal_amount_agrees(ours: Decimal, given: Decimal) -> None:
    paid = Line(2, "t:T", "payment", given, "SGD", transaction_id="T")
    assert again("t:T", 2, kept(paid)) == paid
    order = Order("m", "s", "1", {"amount": str(ours), "currency": "SGD"}, {"transaction_id": "T"})
    assert (differences([paid], Ours([order]), Decimal("0.5")) == []) is (ours == given)


def test_days_are_the_merchants_and_the_last_is_part_of_the_period() -> None:
    asked = options({"from": "2026-11-01", "to": "2026-11-30"}, "Asia/Shanghai")
    assert (str(asked.start), str(asked.end)) == ("2026-10-31 16:00:00+00:00", "2026-11-30 16:00:00+00:00")
    for wrong in (
        {"from": "2026-11-01"},
        {"from": "2026-11-02", "to": "2026-11-01"},
        {"fx_tolerance": "-1"},
        {"from": "x", "to": "y"},
        {"most": 0},
    ):
        with pytest.raises(BadUsage):
            options({**wrong, "most": wrong.get("most", 5) or -1}, "UTC")


async def test_a_wrong_file_stops_before_it_floods_the_desk(sqlite_url: str) -> None:
    async with desk(sqlite_url) as bot:
        text = HEADER + "".join(f"ZZ{at},,payment,1,,,SGD,\n" for at in range(80))
        with pytest.raises(BadUsage, match="statement_too_many"):
            await reconciled(bot, text, within="lumiere", most=20)
        assert len(await all_tickets(bot)) <= 20


async def test_another_merchants_orders_are_as_good_as_unknown(sqlite_url: str) -> None:
    async with desk(sqlite_url) as bot:
        await _orders(bot)
        told, _ = await reconciled(
            bot, HEADER + "PI4,SP-4,payment,8,,,SGD,\n", within="lumiere", **{"from": "2026-11-04", "to": "2026-11-05"}
        )
        assert told["summary"]["differences"] == {"missing_in_ours": 1}
        (ticket,) = await all_tickets(bot)
        assert (ticket["merchant_id"], ticket["currency"], ticket["buyer"]) == ("lumiere", None, {})
        doubled = HEADER.replace("settled_at", "shop_id")
        _, said = await reconciled(bot, doubled + "PI9,,payment,8,,,SGD,other-shop\n", within="lumiere")
        assert said == ["2 shop_id: There is no shop “other-shop”: create it first."]


async def test_stopped_anywhere_it_goes_on_where_it_was_and_two_at_once_double_nothing(database_url: str) -> None:
    async with desk(database_url) as bot:
        await _orders(bot)
        data = (HEADER + "".join(f"ZZ{at},,payment,1,,,SGD,\n" for at in range(70))).encode()

        async def begun() -> Any:
            asked = {"from": "2026-11-01", "to": "2026-11-30"}
            run = await bot.desk.files.local(io.BytesIO(data), "reconciliation", "f", by="test", within="lumiere", options=asked)
            run.batch = 30
            return run

        steps = 0
        while (await (run := await begun()).step()).state != "done":
            steps += 1
            other = await begun()
            if steps == 4:  # two at once
                await other.step()
                with pytest.raises(Conflict):
                    await run.step()
        assert steps >= 4
        assert run.job.added == 73
        assert len(await all_tickets(bot)) == 73
