"""Files of tickets and orders come in once, whole, without a sound; a bad row is named and takes no other along."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any

import pytest

from bot.errors import BadUsage, Conflict
from bot.importing.running import Run
from bot.messages import JobOf, ListOf
from tests.clock import PushedClock
from tests.importing.desks import HEADER, all_orders, all_tickets, desk, taken

OLD = "2026-01-05T08:00:00Z"


async def test_a_file_comes_in_and_the_same_file_twice_adds_nothing(database_url: str) -> None:
    async with desk(database_url) as bot:
        text = HEADER + f"Z-1,lights-sg,Lamp broke,It broke,closed,{OLD},2026-01-06T08:00:00Z,SP-1,+65 6123 4567\r\n"
        text += "Z-2,lights-sg,灯坏了,还没修好,open,2026/1/7 9:30,,,\r\n"
        job, said = await taken(bot, text)
        assert (job.added, job.known, job.bad, said) == (2, 0, 0, [])
        job, _ = await taken(bot, text)
        assert (job.added, job.known) == (0, 2)
        one, two = await all_tickets(bot)
    assert (one["subject"], one["state"], one["closed_at"], one["buyer"]) == (
        "Lamp broke", "closed", "2026-01-06T08:00:00.000Z", {"phone": "+65****67"},
    )  # fmt: skip
    assert two["created_at"] == "2026-01-07T01:30:00.000Z"  # half past nine in Shanghai


async def test_what_a_file_does_not_say_the_engine_does_and_what_it_says_stands(sqlite_url: str) -> None:
    async with desk(sqlite_url) as bot:
        text = "external_id,shop_id,subject,message,category\n"
        text += "a,lights-sg,Charged twice,I was charged twice for the same order,\n"
        text += "b,lights-sg,Charged twice,I was charged twice for the same order,refund_request\n"
        await taken(bot, text)
        told, given = await all_tickets(bot)
    assert (told["category"]["label"], told["category"]["source"]) == ("duplicate_charge", "engine")
    assert told["category"]["score"] > 0.3
    assert (given["category"]["label"], given["category"]["source"]) == ("refund_request", "api")


async def test_what_is_long_past_is_on_record_as_missed_and_rings_nobody_and_what_is_to_come_rings(database_url: str) -> None:
    clock = PushedClock()
    async with desk(database_url, clock) as bot:
        recent = clock.now().isoformat()
        text = HEADER + f"a,lights-sg,Old,Still open,new,{OLD},,,\nb,lights-sg,New,Just came,new,{recent},,,\n"
        text += f"c,lights-sg,Done,Was slow,closed,{OLD},2026-01-20T08:00:00Z,,\n"
        await taken(bot, text)
        await bot.desk.escalate_due()
        assert not (await bot.desk.ask(ListOf("deliveries"))).items
        old, new, done = await all_tickets(bot)
        assert (old["tier"], new["tier"], done["tier"]) == (3, 0, 3)
        assert all(old["sla"][kind]["breached_at"] == old["sla"][kind]["due_at"] for kind in old["sla"])
        assert done["sla"]["resolution"]["met_at"] == "2026-01-20T08:00:00.000Z"
        clock.push(timedelta(hours=2, seconds=1))
        await bot.desk.escalate_due()
        assert [doc["tier"] for doc in await all_tickets(bot)] == [3, 1, 3]


BAD = [
    ("b,nowhere,S,M,new,,,,", "3 shop_id: There is no shop “nowhere”: create it first."),
    ("b,lights-sg,,M,new,,,,", "3 subject: This is needed."),
    ("b,lights-sg,S,M,lost,,,,", "3 state: “lost” is none of: new, open, pending, resolved, closed, archived."),
    ("b,lights-sg,S,M,closed,,,,", "3 closed_at: A ticket that is closed needs this moment."),
    ("b,lights-sg,S,M,new,yesterday,,,", "3 created_at: “yesterday” is no time: write 2026-11-23 08:00 or 2026-11-23T08:00:00Z."),
    ("b,lights-sg,S,M,new,2099-01-01T00:00:00Z,,,", "3 created_at: 2099-01-01T00:00:00+00:00 is yet to come."),
    ("1.23E+15,lights-sg,S,M,new,,,,", "3 external_id: A spreadsheet has rounded this number to 1.23E+15: format the column as text"),
    ("b,lights-sg,S,M,new,,,,not a phone", "3 buyer.phone: This is no phone number"),
    ("b,lights-sg,S,M,new,,,,,,one more", "3 : The row has 11 cells and the header 9"),
    ('b,lights-sg,"never closed,M,new,,,,', "3 : A quote is opened and never closed."),
    ('b,lights-sg,"mis"placed",M,new,,,,', "3 : A quote stands in the middle of a cell"),
    ("b,lights-sg," + "x" * 400 + ",M,new,,,,", "3 subject: That is too long: 400 characters, at most 300."),
]


@pytest.mark.parametrize(("row", "told"), BAD)
async def test_a_bad_row_is_told_with_its_number_its_field_and_what_to_do_and_nothing_else_is_lost(
    sqlite_url: str, row: str, told: str
) -> None:
    async with desk(sqlite_url) as bot:
        job, said = await taken(bot, HEADER + f"a,lights-sg,S,M,new,,,,\n{row}\nc,lights-sg,S,M,new,,,,\n")
        assert (job.added, job.bad, len(said)) == (2, 1, 1)
        assert said[0].startswith(told)


@pytest.mark.parametrize(("data", "key"), [
    (b"", "file_empty"), (b"PK\x03\x04rest", "file_is_workbook"), (b"\xff\xff\xff", "file_encoding"), (b"a,b\n1,2\n", "file_not_known"),
    (b"shop_id,subject,message,colour\n", "columns_unknown"), (b"shop_id,subject\n", "columns_missing"),
    (b"shop_id,subject,message,subject\n", "column_twice"),
])  # fmt: skip
async def test_a_file_that_is_none_is_refused_whole(sqlite_url: str, data: bytes, key: str) -> None:
    async with desk(sqlite_url) as bot:
        with pytest.raises(BadUsage) as refused:
            await taken(bot, data)
        assert refused.value.key == key
        assert bot.desk.files.says(refused.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
async def test_what_spreadsheets_write_is_read(sqlite_url: str, encoding: str, delimiter: str) -> None:
    rows = [
        ["external_id", "shop_id", "subject", "message", ""],
        ['="007"', "lights-sg", "'=1+1", '"第一行\r\n第二行"', ""],
        ["", "", "", "", ""],
    ]
    async with desk(sqlite_url) as bot:
        job, said = await taken(bot, "\r\n".join(delimiter.join(row) for row in rows).encode(encoding))
        assert (job.added, said) == (1, [])
        (found,) = await all_tickets(bot)
        assert (found["subject"], found["message"]) == ("=1+1", "第一行\r\n第二行")


async def test_a_line_break_in_quotes_and_a_stray_quote_are_told_apart(sqlite_url: str) -> None:
    async with desk(sqlite_url) as bot:
        text = "external_id,shop_id,subject,message\n"
        text += 'a,lights-sg,S,"one\ntwo ""quoted"" three"\nb,lights-sg,5" lamp,M\nc,lights-sg,"open,M\nd,lights-sg,S,M\ne,lights-sg,S,M\n'
        job, said = await taken(bot, text)
        assert (job.added, said) == (4, ["4 : A quote is opened and never closed."])


async def test_json_lines_hold_orders_and_tickets_and_a_ticket_has_its_orders_currency(database_url: str) -> None:
    order: dict[str, Any] = {
        "shop_id": "lights-sg", "order_no": "SP-1", "total": {"amount": "12.34", "currency": "SGD"}, "buyer": {"email": "mei@example.com"},
        "payment": {"provider": "uqpay", "channel_id": "C1", "transaction_id": "T1", "paid_at": "2026-11-01T08:00:00Z"},
    }  # fmt: skip
    ticket = {"shop_id": "lights-sg", "subject": "S", "message": "M", "order_no": "SP-1", "custom_fields": {"size": 38, "gift": True}}
    wrong = [
        json.dumps({**ticket, "colour": "red"}),
        "not json",
        json.dumps([1]),
        json.dumps({**order, "payment": {**order["payment"], "provider": "x"}}),
    ]
    async with desk(database_url) as bot:
        job, said = await taken(bot, "\n".join([json.dumps(ticket), *wrong, json.dumps(order)]))
        assert (job.added, job.bad) == (2, 4)
        assert [line.split(":")[0] for line in said] == ["2 colour", "3 ", "4 ", "5 payment.provider"]
        (found,) = await all_tickets(bot)
        assert (found["currency"], found["custom_fields"]) == ("SGD", {"size": 38, "gift": True})
        (order_doc,) = await all_orders(bot)
        assert order_doc["buyer"] == {"email": "m***@example.com"}


async def test_a_merchants_file_reaches_no_other_merchants_shop(database_url: str) -> None:
    async with desk(database_url) as bot:
        rows = "shop_id,subject,message,assignee,merchant_id\nother-shop,S,M,,\nlights-sg,S,M,mei,lumiere\nlights-sg,S,M,,other\n"
        job, said = await taken(bot, rows, within="lumiere")
        assert (job.added, [line.split(":")[0] for line in said]) == (1, ["2 shop_id", "4 merchant_id"])


async def test_stopped_anywhere_it_goes_on_where_it_was_and_two_at_once_double_nothing(database_url: str) -> None:
    async with desk(database_url) as bot:
        data = (HEADER + "".join(f"{at},lights-sg,S{at},M,new,,,,\n" for at in range(60))).encode()

        async def begun() -> Run:
            run = await bot.desk.files.local(io.BytesIO(data), "import", "f", by="test", within=None, options={})
            run.batch = 7
            return run

        first = await begun()
        for _ in range(3):
            await first.step()
        second = await begun()
        assert second.job.position == 22
        await second.step()
        with pytest.raises(Conflict):
            await first.step()
        while (await second.step()).state != "done":
            pass
        assert [doc["subject"] for doc in await all_tickets(bot)] == [f"S{at}" for at in range(60)]


async def test_a_file_that_is_sent_in_pieces_is_kept_sealed_and_worked_by_a_pass_once(database_url: str) -> None:
    async with desk(database_url) as bot:
        data = (HEADER + "".join(f"{at},lights-sg,S{at},M,new,,,,\n" for at in range(40))).encode()
        jobs = []
        for _ in range(2):
            receiving = await bot.desk.files.receive("import", "f.csv", by="test", within=None, options={})
            for start in range(0, len(data), 100):
                await receiving.add(data[start : start + 100])
            jobs.append(await receiving.end())
        job, same = jobs
        assert same == job  # the same file, while it waits
        while await bot.desk.files.work() is not None:
            pass
        told = await bot.desk.ask(JobOf("import", job.id))
        assert (told["state"], told["added"], told["already_there"], told["bad"], told["progress"]) == ("done", 40, 0, 0, 1.0)
        assert len(await all_tickets(bot)) == 40
        refused = await bot.desk.files.receive("import", "f.csv", by="test", within=None, options={})
        await refused.add(b"a,b\n1,2\n")
        with pytest.raises(BadUsage):
            await refused.end()


async def test_a_file_that_is_never_sent_to_its_end_leaves_nothing_and_one_that_cannot_be_worked_keeps_no_other_waiting(
    database_url: str,
) -> None:
    clock = PushedClock()
    async with desk(database_url, clock) as bot:
        broken = await bot.desk.files.receive("import", "f.csv", by="test", within=None, options={})
        await broken.add(b"x" * 2_000_000)
        told = []
        for text in ("shop_id,subject,message\nlights-sg,A,M\n", "shop_id,subject,message\nlights-sg,B,M\n"):
            sent = await bot.desk.files.receive("import", "f.csv", by="test", within=None, options={})
            await sent.add(text.encode())
            told.append((await sent.end()).id)
            clock.push(timedelta(seconds=1))
        first = await bot.storage.read(lambda stores: stores.jobs.get(told[0]))
        assert first is not None
        await bot.storage.write(lambda stores: stores.jobs.drop_pieces(first))
        await bot.storage.write(lambda stores: stores.jobs.put_piece(first, 0, b"sealed with a key that is gone"))
        while await bot.desk.files.work() is not None:
            pass
        assert [(await bot.desk.ask(JobOf("import", id)))["state"] for id in told] == ["failed", "done"]
        assert [doc["subject"] for doc in await all_tickets(bot)] == ["B"]
        clock.push(timedelta(hours=1, minutes=1))
        await bot.desk.files.work()
        assert not await bot.storage.read(lambda stores: stores.jobs.abandoned(clock.now(), clock.now(), 10))
        with pytest.raises(Conflict):
            await broken.add(b"x" * 1_100_000)
