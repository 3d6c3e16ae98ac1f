"""What comes in together is written together, and nobody suffers from another's fault."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from bot.together import MOST, Together


class Written:
    """Stands for a database: which transactions there were. One takes as long as `gate` is closed; one that holds `bad` fails whole."""

    def __init__(self) -> None:
        self.transactions: list[list[int]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.bad: set[int] = set()

    async def __call__(self, asked: Sequence[int]) -> Sequence[int | Exception]:
        await self.gate.wait()
        if self.bad & set(asked):
            raise RuntimeError("the database said no")
        self.transactions.append(list(asked))
        return [ValueError(str(each)) if each < 0 else each * 10 for each in asked]


async def test_one_alone_does_not_wait_and_what_comes_meanwhile_goes_together():
    written = Written()
    together = Together(written)
    assert await together.ask(1) == 10
    written.gate.clear()
    asked = [asyncio.create_task(together.ask(each)) for each in range(2, 8)]
    await asyncio.sleep(0)
    written.gate.set()
    assert await asyncio.gather(*asked) == [each * 10 for each in range(2, 8)]
    assert written.transactions == [[1], [2], [3, 4, 5, 6, 7]]


async def test_each_is_refused_by_itself():
    together = Together(Written())
    said = await asyncio.gather(*(together.ask(each) for each in (1, -2, 3)), return_exceptions=True)
    assert [str(each) for each in said] == ["10", "-2", "30"]


async def test_what_ends_a_whole_transaction_ends_it_for_the_one_whose_fault_it_is():
    written = Written()
    written.bad = {3}
    together = Together(written)
    said = await asyncio.gather(*(together.ask(each) for each in range(1, 6)), return_exceptions=True)
    assert said[:2] + said[3:] == [10, 20, 40, 50]
    with pytest.raises(RuntimeError):
        raise said[2]  # type: ignore[misc]


async def test_others_do_not_wait_behind_a_transaction_that_hangs():
    written = Written()
    together = Together(written)
    written.gate.clear()
    hangs = asyncio.create_task(together.ask(1))
    await asyncio.sleep(0)
    others = [asyncio.create_task(together.ask(each)) for each in (2, 3)]
    await asyncio.sleep(0.3)
    assert len(together._running) == 2, "a second one has begun beside it"
    written.gate.set()
    assert await asyncio.gather(hangs, *others) == [10, 20, 30]


async def test_no_transaction_grows_without_end_and_who_has_gone_does_not_matter():
    written = Written()
    together = Together(written)
    written.gate.clear()
    asked = [asyncio.create_task(together.ask(each)) for each in range(1, 2 * MOST + 2)]
    await asyncio.sleep(0)
    asked[-1].cancel()
    written.gate.set()
    await asyncio.gather(*asked, return_exceptions=True)
    assert max(len(each) for each in written.transactions) <= MOST
    assert asked[0].result() == 10
