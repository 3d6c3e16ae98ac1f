"""The world of a journey; SQL is tried on both databases by itself."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.world import World


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    """A merchant, its shops and people, nothing open yet."""
    async with World(sqlite_url) as made:
        yield made
