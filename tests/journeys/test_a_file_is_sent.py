"""A file sent to `POST /v1/imports`: worked in the background, told of row by row, and nobody else's."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from tests.world import ADMIN, World

HEADER = "id,shop_id,subject,message,state\n"


async def _sent(
    world: World, data: bytes, *, status: int = 202, key: str = ADMIN, query: str = "", kind: str = "text/csv", to: str = "imports"
) -> Any:
    headers = {"Authorization": f"Bearer {key}", "Content-Type": kind}
    async with world.api.post(f"/v1/{to}{query}", data=BytesIO(data), headers=headers) as answer:
        assert answer.status == status, await answer.text()
        return await answer.json()


async def _worked(world: World) -> None:
    while await world.desk.files.work() is not None:
        pass


async def test_a_long_file_is_taken_and_its_wrong_rows_are_named(world: World) -> None:
    rows = [f"x-{at},lights-sg,Subject {at},{'m' * 1200},new\n" for at in range(1000)]
    rows[4] = "x-4,nowhere,S,M,new\n"
    data = (HEADER + "".join(rows)).encode()
    assert len(data) > 1024 * 1024, "longer than any other body may be"
    job = await _sent(world, data, query="?name=old-desk.csv")
    assert (job["state"], job["name"], job["added"]) == ("waiting", "old-desk.csv", 0)
    await _worked(world)
    told = await world.call("GET", f"/v1/imports/{job['id']}")
    assert (told["state"], told["added"], told["bad"], told["progress"]) == ("done", 999, 1, 1.0)
    [wrong] = (await world.call("GET", f"/v1/imports/{job['id']}/errors"))["items"]
    assert (wrong["row"], wrong["field"]) == (6, "shop_id")
    assert wrong["message"] in (await world.call("GET", f"/v1/imports/{job['id']}"))["errors"][0]["message"]
    again = await _sent(world, data)
    await _worked(world)
    told = await world.call("GET", f"/v1/imports/{again['id']}")
    assert (told["added"], told["already_there"]) == (0, 999)
    assert {each["id"] for each in (await world.call("GET", "/v1/imports"))["items"]} == {job["id"], again["id"]}


async def test_what_is_no_such_file_is_refused_and_leaves_nothing(world: World) -> None:
    for data, said in ((b"", "empty"), (b"PK\x03\x04rest", "workbook"), (b"a,b\n1,2\n", "column")):
        problem = await _sent(world, data, status=422)
        assert problem["errors"][0]["loc"] == ["body", "file"], said
    assert (await _sent(world, b"{}", status=415, kind="application/json"))["code"] == "unsupported_media_type"
    assert (await world.call("GET", "/v1/imports"))["items"] == []
    assert await _sent(world, b"x", status=404, query="?merchant_id=nobody")


async def test_a_merchants_key_imports_for_itself_and_sees_its_own_alone(world: World) -> None:
    scopes = ["orders:write", "orders:read", "tickets:write"]
    key = (await world.call("POST", "/v1/api-keys", {"name": "k", "merchant_id": "other", "scopes": scopes}, status=201))["token"]
    job = await _sent(world, (HEADER + "y-1,lights-sg,S,M,new\ny-2,other-shop,S,M,new\n").encode(), key=key)
    await _worked(world)
    told = await world.call("GET", f"/v1/imports/{job['id']}", key=key)
    assert (told["merchant_id"], told["added"], told["bad"]) == ("other", 1, 1)
    theirs = await _sent(world, (HEADER + "z-1,lights-sg,S,M,new\n").encode(), query="?merchant_id=lumiere")
    for path in (f"/v1/imports/{theirs['id']}", f"/v1/imports/{theirs['id']}/errors"):
        await world.call("GET", path, key=key, status=404)
    assert [each["id"] for each in (await world.call("GET", "/v1/imports", key=key))["items"]] == [job["id"]]
    half = (await world.call("POST", "/v1/api-keys", {"name": "h", "merchant_id": "other", "scopes": scopes[:1]}, status=201))["token"]
    assert (await _sent(world, b"x", status=403, key=half))["scope"] == "tickets:write"


async def test_a_statement_is_compared_and_finance_finds_what_differs(world: World) -> None:
    for number in (1, 2, 3):
        paid = {"provider": "uqpay", "channel_id": "C1", "transaction_id": f"PI{number}", "paid_at": "2026-11-20T08:00:00Z"}
        order = {"total": {"amount": "12.34", "currency": "SGD"}, "payment": paid}
        await world.call("PUT", f"/v1/orders/lights-sg/SP-{number}", order)
    data = "支付流水号,交易类型,交易金额（元）,币种\nPI1,支付,12.34,SGD\nPI2,支付,12.3,SGD\nPI2,赠送,1,SGD\n".encode("gb18030")
    query = "?merchant_id=lumiere&from=2026-11-20T08:00:00%2B00:00&to=2026-11-20&name=november.csv"
    job = await _sent(world, data, query=query, to="reconciliations")
    await _worked(world)
    told = await world.call("GET", f"/v1/reconciliations/{job['id']}")
    assert (told["state"], told["rows"], told["opened"], told["bad"]) == ("done", 3, 2, 1)
    assert told["summary"]["matched"] == 1
    assert told["summary"]["differences"] == {"amount_differs": 1, "missing_in_statement": 1}
    assert [each["field"] for each in told["errors"]] == ["type"]
    found = (await world.call("GET", "/v1/tickets?category=reconciliation_mismatch"))["items"]
    assert {f"T-{each['number']}" for each in found} == set(told["summary"]["tickets"])
    assert {each["order_no"] for each in found} == {"SP-2", "SP-3"}
    await world.call("GET", f"/v1/imports/{job['id']}", status=404)
    for wrong in ("?from=2026-11-01", "?from=yesterday&to=today", "?fx_tolerance=-1", "?most=0", "?from=2026-02-30&to=2026-03-01"):
        await _sent(world, data, query=wrong, status=422, to="reconciliations")
    assert len((await world.call("GET", "/v1/reconciliations"))["items"]) == 1


async def test_so_many_files_wait_and_no_more(world: World) -> None:
    for at in range(20):
        await _sent(world, (HEADER + f"w-{at},lights-sg,S,M,new\n").encode())
    assert (await _sent(world, (HEADER + "w,lights-sg,S,M,new\n").encode(), status=429))["code"] == "rate_limited"
    await _worked(world)
    await _sent(world, (HEADER + "w,lights-sg,S,M,new\n").encode())
