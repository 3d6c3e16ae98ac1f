"""What a message is about: how long the first look takes, by the words, and the second, by the meaning, where that is installed."""

from __future__ import annotations

import time

from bot.classifying import classify, judge, meaning, samples, shipped
from tests.bench.databases import Databases
from tests.bench.table import Figure, at_most, middle

EVERY = 12  # of the messages that are shipped, so that all languages and labels are in it


async def measured(databases: Databases) -> list[Figure]:
    """In milliseconds, on one core."""
    del databases
    texts = [each.text for each in samples.shipped()][::EVERY]
    shipped()
    words = sorted(_took(classify, text) for text in texts)
    found = [at_most("classify: the words, the middle of all messages", middle(words), 1, " ms")]
    if meaning.ready() is not None:
        both = sorted(_took(judge, text) for text in texts)
        found.append(at_most("classify: words and meaning, 95 of 100 messages", both[int(len(both) * 0.95)], 50, " ms"))
    return found


def _took(judged: object, text: str) -> float:
    assert callable(judged)
    started = time.perf_counter()
    judged(text)
    return (time.perf_counter() - started) * 1000
