"""The playground's routes: speaking as somebody, the feed, the pause button, and whom it does not listen to."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest

from bot.errors import BadSetting
from handlers.edge import World
from handlers.playground.edge import connect
from handlers.playground.samples import FIRST
from storage.cache import MemoryCache
from tests.clock import PushedClock


class NoCache(MemoryCache):
    async def take(self, key: str, burst: int, per_minute: float) -> timedelta:
        return timedelta()


SAID = {"who": "mei-lin", "words": "help"}


async def filled(page):
    """The state once the first sample tickets are there."""
    for _ in range(200):
        state = await (await page.get("/playground/state")).json()
        if len(state["tickets"]) >= FIRST:
            return state
        await asyncio.sleep(0.02)
    raise AssertionError("no sample tickets came")


async def say(page, who, words, **more):
    answer = await page.post("/playground/say", json={"who": who, "words": words, **more})
    assert answer.status == 200, await answer.text()
    return await answer.json()


async def events(page, count, seen=None):
    """The first events of the feed, as (id, name, data)."""
    found: list[tuple[str | None, str, dict]] = []
    async with page.get("/playground/feed", headers={"Last-Event-ID": seen} if seen else {}) as stream:
        assert stream.headers["Content-Type"] == "text/event-stream"
        while len(found) < count:
            block = (await asyncio.wait_for(stream.content.readuntil(b"\n\n"), 5)).decode()
            lines = dict(line.partition(": ")[::2] for line in block.strip().splitlines())
            if "event" in lines:
                found.append((lines.get("id"), lines["event"], json.loads(lines["data"])))
    return found


async def test_one_speaks_as_each_of_three_people_and_is_known_as_them(page):
    await filled(page)
    for who, name in (("mei-lin", "Mei Lin"), ("chen-wei", "Chen Wei"), ("sara-tan", "Sara Tan")):
        reply = await say(page, who, "whoami")
        assert reply["ok"]
        assert name in json.dumps(reply, ensure_ascii=False)


async def test_a_second_person_is_told_who_has_it(page):
    number = (await filled(page))["tickets"][-1]["number"]
    assert (await say(page, "chen-wei", f"claim {number}"))["ok"]
    refused = await say(page, "mei-lin", f"认领 {number}")
    assert not refused["ok"]
    assert refused["code"] == "already_claimed"
    assert "Chen Wei" in refused["text"]


async def test_the_same_request_twice_is_done_once(page):
    await filled(page)
    words = "new shop:lumen-shopee Where is my lamp?"
    first = await say(page, "mei-lin", words, once="abc")
    again = await say(page, "mei-lin", words, once="abc")
    assert first["ticket"] == again["ticket"]


async def test_the_state_has_the_cast_the_targets_and_tickets_with_their_clocks(page):
    state = await filled(page)
    assert state["cast"] == ["mei-lin", "chen-wei", "sara-tan"]
    assert [each["seconds"] for each in state["targets"]] == [10, 25, 45]
    assert set(state["tickets"][0]["sla"]) == {"first_response", "resolution", "closure"}
    assert state["clock"]["paused"] is False


async def test_the_feed_tells_what_channels_received_and_goes_on_from_where_it_was_left(page, demo):
    await filled(page)
    await demo.desk.deliver_waiting()
    await demo.desk.delivery.drain(5)
    seen = await events(page, 5)
    assert seen[0][1] == "reset"
    assert {name for _, name, _ in seen[1:]} == {"clock", "delivery"}
    last = seen[-1][0]
    await page.post("/playground/pause", json={})
    resumed = await events(page, 1, seen=last)
    assert resumed[0][1] != "reset"
    assert int(resumed[0][0].partition("-")[2]) > int(last.partition("-")[2])


@pytest.mark.parametrize("seen", ["", "other-3", "-", "x", "abcdef-٣", "-1"])
async def test_a_reader_of_another_process_or_with_nonsense_starts_over(page, seen):
    assert (await events(page, 1, seen=seen))[0][1] == "reset"


async def test_pause_stops_time_and_resume_lets_it_go_on(page, clock):
    answer = await page.post("/playground/pause", json={})
    assert (await answer.json())["paused"] is True
    still = clock.now()
    await asyncio.sleep(0.05)
    assert clock.now() == still
    answer = await page.post("/playground/resume", json={})
    assert (await answer.json())["paused"] is False
    await asyncio.sleep(0.01)
    assert clock.now() > still


async def test_sample_tickets_come_one_by_one_and_none_while_time_stands_still(page, clock, monkeypatch):
    monkeypatch.setattr("handlers.playground.sample.UNWATCHED_GAP", timedelta(seconds=0.4))
    before = len((await filled(page))["tickets"])
    clock.pause()
    await asyncio.sleep(1)
    assert len((await filled(page))["tickets"]) - before in (0, 1)
    clock.resume()
    await asyncio.sleep(1.5)
    assert before < len((await filled(page))["tickets"]) <= before + 5


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"who": "noah-admin", "words": "list"}, 422, "invalid"),
        ({"who": "nobody", "words": "list"}, 422, "invalid"),
        ({"words": "list"}, 422, "invalid"),
        ({"who": "mei-lin"}, 422, "invalid"),
        ({"who": "mei-lin", "words": " "}, 422, "invalid"),
        ({"who": "mei-lin", "words": 7}, 422, "invalid"),
        ({"who": "mei-lin", "words": "x" * 20_001}, 422, "invalid"),
        ({"who": ["mei-lin"], "words": "list"}, 422, "invalid"),
        ({"who": "mei-lin", "words": "list", "once": {}}, 422, "invalid"),
        ([], 400, "bad_json"),
    ],
)
async def test_a_wrong_request_is_refused_by_name_of_its_fault(page, body, status, code):
    answer = await page.post("/playground/say", json=body)
    assert (answer.status, (await answer.json())["code"]) == (status, code)


@pytest.mark.parametrize("path", ["/playground/say", "/playground/pause", "/playground/resume"])
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({"Content-Type": "application/json", "Origin": "https://evil.example"}, 403),
        ({"Content-Type": "application/json", "Origin": "null"}, 403),
        ({"Content-Type": "application/json", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Content-Type": "application/json", "Host": "rebound.example"}, 403),
    ],
)
async def test_another_sites_page_can_press_nothing(page, path, headers, status, clock):
    answer = await page.post(path, data=json.dumps(SAID), headers=headers)
    assert answer.status == status
    assert not clock.paused


async def test_another_sites_page_can_read_nothing(page):
    for path in ("/playground/state", "/playground/feed"):
        answer = await page.get(path, headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status == 403


async def test_the_page_names_files_that_exist_and_lets_nothing_else_run(page):
    answer = await page.get("/playground")
    text = await answer.text()
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "{version}" not in text
    files = [part.split('"')[0] for part in text.split('"/playground/')[1:]]
    assert any(each.endswith("app.js") for each in files)
    for each in files:
        found = await page.get(f"/playground/{each}")
        assert found.status == 200
        assert "immutable" in found.headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/playground/0/app.js", "/playground/../edge.py", "/playground/x/%2e%2e%2fedge.py"])
async def test_other_files_are_unknown(page, path):
    assert (await page.get(path)).status == 404


async def test_it_is_a_part_of_demo_alone(settings, clock):
    with pytest.raises(BadSetting, match="demo"):
        await connect(World(settings, clock, NoCache(PushedClock()), AsyncExitStack()))
