"""The floor of what is sent: a client that does nothing but post messages to the same sink."""

from __future__ import annotations

import asyncio
import time

import aiohttp

from bot.deliver import SLOTS


async def bare(api_url: str, many: int) -> float:
    """Posts per second, with as many connections as the desk has slots. `api_url` ends as Slack's does, with `/api/`."""
    left = iter(range(many))
    block = {"type": "section", "text": {"type": "plain_text", "text": "Case 1: nothing has arrived. " * 10}}
    async with aiohttp.ClientSession(headers={"Authorization": "Bearer xoxb-bench"}) as session:

        async def post() -> None:
            for index in left:
                body = {
                    "channel": f"C{index % 1000:04d}", "text": "Case", "blocks": [block] * 4,
                    "metadata": {"event_payload": {"id": "x"}},
                }  # fmt: skip
                async with session.post(f"{api_url}chat.postMessage", json=body) as answer:
                    await answer.read()

        started = time.perf_counter()
        await asyncio.gather(*(post() for _ in range(SLOTS)))
        return many / (time.perf_counter() - started)
