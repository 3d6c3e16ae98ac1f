"""The ring of what channels received: newest state only, followed from any point."""

from __future__ import annotations

import asyncio

from handlers.playground.feed import Feed


def keys(feed: Feed, after: int = 0) -> list[str]:
    return [thing["key"] for _, thing in feed.after(after)]


def put(feed: Feed, *names: str) -> None:
    for name in names:
        feed.put(name, {"key": name})


def test_a_reader_gets_what_changed_since_the_number_it_saw():
    feed = Feed()
    put(feed, "a", "b", "c")
    assert keys(feed) == ["a", "b", "c"]
    assert keys(feed, after=2) == ["c"]
    assert keys(feed, after=3) == []


def test_a_changed_thing_moves_to_the_end_and_is_there_once():
    feed = Feed()
    put(feed, "a", "b", "a")
    assert keys(feed) == ["b", "a"]
    assert keys(feed, after=2) == ["a"]


def test_the_ring_is_bounded_and_what_changed_longest_ago_makes_room():
    feed = Feed(size=3)
    put(feed, "a", "b", "c", "a", "d")
    assert keys(feed) == ["c", "a", "d"]
    assert feed.get("b") is None


async def test_a_follower_hears_of_changes_at_once_and_is_let_go_at_the_end():
    feed = Feed()
    heard: list[str] = []

    async def follow():
        async for batch in feed.follow(0, beat=10):
            heard.extend(thing["key"] for _, thing in batch)

    following = asyncio.create_task(follow())
    await asyncio.sleep(0)
    assert feed.watchers == 1
    put(feed, "a", "b")
    await asyncio.sleep(0.05)
    assert heard == ["a", "b"]
    feed.end()
    await asyncio.wait_for(following, 1)
    assert feed.watchers == 0


async def test_a_quiet_stream_beats():
    async for batch in Feed().follow(0, beat=0.01):
        assert batch == []
        break
