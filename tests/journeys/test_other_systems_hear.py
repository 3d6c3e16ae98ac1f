"""Other systems hear of every type of event, in order and once they can; what fails is tried by the schedule, told and sent again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.asking.hooks import EVENTS
from handlers.webhooks.channel import SCHEDULE
from tests.journeys.test_one_buyers_disputes import dispute
from tests.journeys.test_unusually_many_tickets import RIA, day_of, reviews
from tests.world import PEOPLE, World

ELSEWHERE = {"translation.requested"}  # caused by a buyer's language; its journey is with the translations
Act = Callable[[World, int], Awaitable[Any]]


async def _say(world: World, number: int, who: str, text: str) -> None:
    body = {"from": who, "text": text, "public": True, **({"agent": "mei"} if who == "agent" else {})}
    await world.call("POST", f"/v1/tickets/{number}/messages", body, status=201)


async def _merged(world: World, number: int) -> None:
    again = await world.ticket("again")
    await world.call("POST", f"/v1/tickets/{again}/merge", {"agent": "chen", "into": number})


# One after the other, on one ticket: what somebody does, and what systems hear of it.
ACTS: list[tuple[str, Act]] = [
    ("ticket.created", lambda world, number: world.settle()),
    ("ticket.updated", lambda world, number: world.call("PATCH", f"/v1/tickets/{number}", {"priority": "high"})),
    ("sla.warning", lambda world, number: world.pass_time(hours=1)),
    ("sla.tier1", lambda world, number: world.pass_time(hours=1)),
    ("ticket.claimed", lambda world, number: world.says(f"claim {number}")),
    ("ticket.assigned", lambda world, number: world.says(f"assign {number} @bo", by="chen")),
    ("ticket.message_added", lambda world, number: _say(world, number, "buyer", "Hello?")),
    ("ticket.replied", lambda world, number: _say(world, number, "agent", "It is on its way.")),
    ("ticket.merged", _merged),
    ("risk.hint_raised", lambda world, number: _say(world, number, "buyer", "I will sue you and call my lawyer")),
    ("sla.tier2", lambda world, number: world.pass_time(hours=23)),
    ("ticket.escalated", lambda world, number: world.settle()),
    ("sla.tier3", lambda world, number: world.pass_time(hours=48)),
    ("shop.refund_frozen", lambda world, number: world.settle()),
    ("shop.refund_unfrozen", lambda world, number: world.pass_time(hours=24)),
    ("ticket.resolved", lambda world, number: world.says(f"resolve {number}", by="bo")),
    ("ticket.closed", lambda world, number: world.says(f"close {number}", by="bo")),
    ("ticket.reopened", lambda world, number: world.says(f"reopen {number}", by="chen")),
    ("ticket.archived", lambda world, number: world.pass_time(days=40)),
]


async def _more(world: World) -> None:
    """What needs more than one ticket: a surge and its review, a buyer's fifth dispute and its freeze."""
    for place in range(5):
        await dispute(world, f"SP-{place}", "203.0.113.9")
    await world.pass_time(hours=3)
    await day_of(world, 10)
    (review,) = await reviews(world)
    await world.says(f"dismiss {review['id']} a sale day", by="ria")


async def test_every_type_of_event_is_sent_with_its_ticket_and_looks_as_its_sample(sqlite_url: str, monkeypatch: Any) -> None:
    monkeypatch.setitem(PEOPLE, "ria", RIA)
    async with World(sqlite_url, sla_warn="0.5") as world:
        made = await world.call("POST", "/v1/webhooks", {"url": world.receiver.url, "events": ["*"]}, status=201)
        world.receiver.secrets.append(made["secret"])
        number = await world.ticket(category="other")
        for type, act in ACTS:
            await act(world, number)
            await world.pass_time(seconds=11)
            if type == "ticket.reopened":
                await world.says(f"close {number}", by="bo")
            heard = [each.body["type"] for each in world.receiver.events]
            assert type in heard, (type, heard)
        await _more(world)
        await world.settle()
        bodies: dict[str, dict[str, Any]] = {each.body["type"]: each.body for each in world.receiver.events}
        assert set(bodies) == EVENTS - ELSEWHERE
        assert world.receiver.refused == 0
        for type, body in bodies.items():
            assert set(body) == {"type", "timestamp", "data"}
            for sample in await world.call("GET", f"/v1/hooks/samples?event={type}"):
                assert set(sample) == {"id", *body}, type
                assert set(sample["data"]) == set(body["data"]), type
                assert set(sample["data"]["event"]) <= set(body["data"]["event"]) | {"from", "priority", "by"}, type
        assert [each.body["type"] for each in world.receiver.events if each.body["data"].get("number") == number][-1] == "ticket.archived"


async def _subscribed(world: World, *events: str) -> dict[str, Any]:
    made: dict[str, Any] = await world.call("POST", "/v1/webhooks", {"url": world.receiver.url, "events": list(events)}, status=201)
    return made


async def test_a_receiver_that_was_down_for_an_hour_gets_everything_in_each_tickets_order(world: World) -> None:
    made = await _subscribed(world, "*")
    world.receiver.fault = "503"
    first, second = await world.ticket("one"), await world.ticket("two")
    for number in (first, second):
        for words in (f"claim {number}", f"priority {number} high", f"resolve {number}"):
            await world.says(words)
    await world.pass_time(hours=1)
    assert world.receiver.events == []
    found = (await world.call("GET", f"/v1/deliveries?webhook={made['id']}&limit=200"))["items"]
    assert {each["state"] for each in found} == {"waiting"}
    heads = [each for each in found if each["failures"]]
    assert len(heads) == 2, "what comes behind waits its turn and is not tried"
    assert heads[0]["body"]["type"] == "ticket.created"
    assert "503" in heads[0]["last_error"]
    world.receiver.fault = None
    await world.pass_time(hours=2)
    for number in (first, second):
        heard = [each.body["type"] for each in world.receiver.events if each.body["data"]["number"] == number]
        assert heard == ["ticket.created", "risk.hint_raised", "ticket.claimed", "ticket.updated", "ticket.resolved"][: len(heard)]
        assert len(heard) >= 4
        assert len(heard) == len({each.id for each in world.receiver.events if each.body["data"]["number"] == number})


async def test_a_secret_is_replaced_without_a_gap_and_a_test_changes_nothing(world: World) -> None:
    made = await _subscribed(world, "ticket.created")
    old, new = made["secret"], (await world.call("POST", f"/v1/webhooks/{made['id']}/rotate"))["secret"]
    assert old != new
    for secret in (old, new):
        world.receiver.secrets = [secret]
        tested = await world.call("POST", f"/v1/webhooks/{made['id']}/test")
        assert tested["body"]["type"] == "webhook.test"
        await world.settle()
    assert (len(world.receiver.events), world.receiver.refused) == (2, 0)
    (sent, _) = (await world.call("GET", f"/v1/deliveries?webhook={made['id']}&state=sent"))["items"]
    assert sent["answer"]["status"] == 204
    await world.pass_time(hours=24)
    await world.call("POST", f"/v1/webhooks/{made['id']}/test")
    await world.settle()
    world.receiver.secrets = [old]
    await world.call("POST", f"/v1/webhooks/{made['id']}/test")
    await world.settle()
    assert (len(world.receiver.events), world.receiver.refused) == (3, 1)
    await world.call("DELETE", f"/v1/webhooks/{made['id']}", status=204)
    await world.pass_time(days=1)
    assert world.receiver.refused == 1, "nothing more goes to who unsubscribed"


async def test_who_takes_nothing_for_days_is_switched_off_told_and_gets_all_of_it_once_it_is_mended(world: World) -> None:
    made = await world.call(
        "POST", "/v1/webhooks", {"url": world.receiver.url, "events": ["*"], "merchant_id": "lumiere"}, status=201
    )  # fmt: skip
    world.receiver.fault = "500"
    one = await world.ticket("one")
    tried = world.receiver.requests
    assert tried == 1
    await world.pass_time(days=3)
    assert len(SCHEDULE) - 1 <= world.receiver.requests
    await world.pass_time(hours=49)
    await world.ticket("late")
    await world.pass_time(days=1)
    shown = await world.call("GET", f"/v1/webhooks/{made['id']}")
    assert shown["disabled_at"]
    assert "500" in shown["disabled_why"]
    assert any("A webhook is switched off" in each.seen for each in world.slack.channel("C0AFTERSALES"))
    assert any("A webhook is switched off" in each.seen for each in world.slack.dms("U0ADA"))
    world.receiver.fault = None
    since = {"since": "2020-01-01T00:00:00Z"}
    await world.call("POST", f"/v1/webhooks/{made['id']}/replay", since, status=409)
    await world.call("POST", f"/v1/webhooks/{made['id']}/enable")
    answer = await world.call("POST", f"/v1/webhooks/{made['id']}/replay", since)
    assert answer["replayed"] > 2
    await world.settle()
    heard = [each.body["type"] for each in world.receiver.events if each.body["data"]["number"] == one]
    assert heard[0] == "ticket.created"
    assert len(world.receiver.events) == answer["replayed"]
    again = (await world.call("GET", f"/v1/deliveries?webhook={made['id']}"))["items"][-1]
    await world.call("POST", f"/v1/deliveries/{again['id']}/retry")
    await world.settle()
    assert world.receiver.events[-1].id == again["id"], "one that was taken comes again, under its own id"


async def test_zapier_subscribes_is_sent_events_with_an_id_and_unsubscribes(world: World) -> None:
    assert (await world.call("GET", "/v1/me"))["merchant_id"] is None
    made: dict[str, Any] = {}
    for name in ("target_url", "hookUrl", "url"):
        made = await world.call("POST", "/v1/hooks", {name: world.receiver.url, "event": "ticket.closed"}, status=201)
        assert made["id"]
        world.receiver.secrets.append(made["secret"])
    await world.call("POST", "/v1/hooks", {"event": "ticket.closed"}, status=422)
    await world.call("DELETE", f"/v1/hooks/{made['id']}", status=204)
    await world.call("DELETE", f"/v1/hooks/{made['id']}", status=404)
    number = await world.ticket()
    (sample,) = await world.call("GET", "/v1/hooks/samples?event=ticket.closed")
    assert sample["data"]["number"] == number
    await world.says(f"close {number}")
    await world.pass_time(seconds=11)
    bodies = [each.body for each in world.receiver.events]
    assert [set(each) for each in bodies] == [{"id", "type", "timestamp", "data"}] * 2
    assert bodies[0]["id"] == world.receiver.events[0].id
    assert set(bodies[0]["data"]) == set(sample["data"])
    world.receiver.fault = "410"
    await world.says(f"reopen {number}", by="chen")
    await world.says(f"close {number}")
    await world.pass_time(seconds=11)
    left = (await world.call("GET", "/v1/webhooks"))["items"]
    assert left == [], "who answers 410 wants no more"
