"""The desk looks after itself: what is stuck is found and healed, what comes again is told, and only a clean desk's heart beats."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.records import Deadline, Inbound
from bot.selfcheck import EVERY, KINDS
from bot.stores import Stores
from handlers.heartbeat import audits
from tests.storage.samples import outgoing, ticket
from tests.world import CHANNEL, World

LONG_AGO = timedelta(minutes=2)


class Heart:
    """What listens at HEARTBEAT_URL."""

    def __init__(self) -> None:
        self.beats, self.status = 0, 200

    async def beat(self, request: web.Request) -> web.Response:
        self.beats += request.path == "/ping/secret-of-ours"
        return web.Response(status=self.status)


@pytest.fixture
async def world(make_world: Callable[..., World]) -> AsyncIterator[World]:
    """Its web server's word on how it is counts no pass, for there is no ticker; the first audit is half a minute away."""
    async with make_world(role="web") as made:
        assert await made.desk.check_itself() == (made.clock.now() + EVERY, None)
        yield made


async def audited(world: World) -> dict[str, int]:
    """The next audit's findings, those of every kind."""
    world.clock.push(EVERY)
    _, checked = await world.desk.check_itself()
    assert checked is not None
    return {kind: count for kind, count in checked.found.items() if count}


async def write(world: World, body: Callable[[Stores], Any]) -> None:
    await world.bot.storage.write(body)


def ghost(at: datetime) -> Callable[[Stores], None]:
    """A ticket whose merchant is not there: whoever works it fails, and all that is worked together with it."""

    def body(stores: Stores) -> None:
        lost = ticket(stores.tickets.next_number("ghost"), "ghost")
        stores.tickets.add(lost, at)
        stores.deadlines.arm([Deadline("ghost", lost.number, "sla", at)])

    return body


async def stuck_in_five_ways(world: World, each: int) -> list[int]:
    """So many rows of each kind; the numbers of the tickets."""
    numbers = [await world.ticket(f"Case {count}") for count in range(2 * each)]
    now = world.clock.now()
    late, clockless, old = numbers[:each], numbers[each:], now - LONG_AGO

    def body(stores: Stores) -> None:
        stores.deadlines.arm([Deadline("lumiere", number, "sla", old) for number in late])
        for number in clockless:
            stores.deadlines.disarm("lumiere", number, "sla")
        about = {"merchant_id": "lumiere", "ticket": late[0], "kind": "assigned", "target": "U0SARA", "created_at": old}
        mail = {"channel": "email", "target": "ops@lumiere.example"}
        ahead = [outgoing(f"ahead{count}", **about, available_at=now + timedelta(hours=1), leased=True, attempt=1) for count in range(each)]
        waits = [outgoing(f"waits{count}", **about | mail, available_at=old) for count in range(each)]
        stores.outbox.add([*ahead, *waits])
        for count in range(each):
            stores.inbox.add(Inbound("slack", f"Ev{count}", _command(f"Ev{count}"), old))
        stores.inbox.lease(now, now + timedelta(hours=1), each)

    await write(world, body)
    return numbers


def _command(once: str) -> dict[str, Any]:
    return {"command": {"by": {"channel": "slack", "id": "T0WORLD/U0MEI"}, "words": "help", "once": once, "via": "slack"}}


async def test_what_is_stuck_in_any_of_five_ways_is_found_and_healed_by_one_audit_and_the_next_is_clean(world: World) -> None:
    numbers = await stuck_in_five_ways(world, 5)
    assert await audited(world) == dict.fromkeys(KINDS, 5)
    async with world.api.get("/readyz") as answer:
        ready = await answer.json()
    assert (answer.status, ready["status"]) == (200, "degraded")
    assert "5 open tickets without a clock" in ready["why"]
    async with world.api.get("/metrics") as answer:
        assert 'deskbell_stuck{kind="overdue"} 5.0' in await answer.text()
    await world.settle()
    assert await audited(world) == {}
    async with world.api.get("/readyz") as answer:
        assert (await answer.json())["status"] == "ready", "all that was stuck has gone on its way"
    await world.pass_time(hours=3)
    assert {(await world.shown(number))["tier"] for number in numbers} == {1}


async def test_a_moment_that_cannot_be_worked_is_put_off_and_told_and_holds_up_no_other(world: World) -> None:
    number = await world.ticket()
    await write(world, ghost(world.clock.now()))
    world.clock.push(timedelta(hours=2, minutes=1, seconds=1))
    for _ in range(2):
        with pytest.raises(KeyError):
            await world.desk.escalate_due()
    assert (await world.shown(number))["tier"] == 0
    assert (await audited(world))["overdue"] == 2
    assert (await world.shown(number))["tier"] == 1
    await world.settle()
    assert "Deadlines that stay overdue: 1" in world.slack.dms("U0ADA")[-1].seen, "the administrator hears of it"
    assert "eadlines that stay overdue" in world.slack.dms("U0SARA")[-1].seen
    heard = len(world.slack.dms("U0ADA"))
    world.clock.push(timedelta(minutes=12))
    with pytest.raises(KeyError):
        await world.desk.escalate_due()
    await audited(world)
    await world.settle()
    assert len(world.slack.dms("U0ADA")) == heard, "once an hour"


async def test_a_notice_that_cannot_even_be_read_is_dead_and_holds_up_no_other(world: World) -> None:
    now = world.clock.now()
    about = {"merchant_id": "lumiere", "ticket": await world.ticket()}
    poison = replace(outgoing("poison", **about, target=CHANNEL, available_at=now, created_at=now), payload={"person": "mei"})
    await write(world, lambda stores: stores.outbox.add([poison]))
    broken = "UPDATE outbox SET payload = '[]' WHERE id = 'poison'"  # no document
    await write(world, lambda stores: stores.db.connection.exec_driver_sql(broken))  # type: ignore[attr-defined]
    held_up = await world.call("POST", "/v1/tickets", {"shop_id": "lights-sg", "subject": "Held up", "message": "…"}, status=201)
    with pytest.raises(AttributeError):
        await world.desk.deliver_waiting()
    world.clock.push(timedelta(minutes=1))
    await audited(world)
    await world.settle()
    assert any(f"T-{held_up['number']}" in message.seen for message in world.slack.channel(CHANNEL))
    dead = (await world.call("GET", "/v1/deliveries?state=dead"))["items"]
    assert [(each["id"], each["last_error"]) for each in dead] == [("poison", "it cannot be read; the log says why")]


async def test_what_was_healed_and_comes_again_is_told_on_every_channel_once_an_hour(make_world: Callable[..., World]) -> None:
    async with make_world(slack_channel="C0OPERATOR", locale="en") as world:
        await world.desk.check_itself()
        number, told = await world.ticket(), [""]
        for times in range(4):
            await write(world, lambda stores: stores.deadlines.disarm("lumiere", number, "sla"))
            assert await audited(world) == {"clockless": 1}
            await world.settle()
            told = [message.seen for message in world.slack.channel("C0OPERATOR") if "that lost their clock" in message.seen]
            assert len(told) == min(times, 1), "not the first time, and then once"
        assert f"T-{number}" in told[0]
        assert [mail.to for mail in world.smtp.mails if "that lost their clock" in mail.subject] == [("sara@operator.example",)]


async def test_the_heart_beats_after_a_clean_audit_alone_and_its_address_is_in_no_log(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    heart, application = Heart(), web.Application()
    application.router.add_get("/{any:.*}", heart.beat)
    async with TestServer(application) as server:
        run = audits(world.desk, str(server.make_url("/ping/secret-of-ours")))
        number = await world.ticket()

        async def beats() -> int:
            world.clock.push(EVERY)
            await run()
            await run()
            return heart.beats

        assert await beats() == 1
        await write(world, lambda stores: stores.deadlines.disarm("lumiere", number, "sla"))
        assert await beats() == 1, "withheld while dirty"
        assert await beats() == 2
        heart.status = 500
        assert await beats() == 3
    await beats()  # nobody listens any more: the audit goes on all the same
    shown = "".join(capsys.readouterr())
    assert re.findall(r"heartbeat not \w+", shown) == ["heartbeat not taken", "heartbeat not sent"]
    assert "secret-of-ours" not in shown


async def test_an_audits_findings_outlive_its_process_and_of_two_processes_one_audits(world: World) -> None:
    number = await world.ticket()
    await write(world, lambda stores: stores.deadlines.disarm("lumiere", number, "sla"))
    await audited(world)
    await world.stop_bot()
    await world.start_bot()
    await world.desk.check_itself()
    await write(world, lambda stores: stores.deadlines.disarm("lumiere", number, "sla"))
    world.clock.push(EVERY)
    assert (await world.desk.check_itself())[1] is None, "the other one's turn, as far as anybody knows"
    world.clock.push(3 * EVERY)
    checked = (await world.desk.check_itself())[1]
    assert checked is not None
    assert checked.again == {"clockless": 1}
