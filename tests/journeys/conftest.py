"""The world of a journey, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest

from tests.world import World


@pytest.fixture
def make_world(database_url: str) -> Callable[..., World]:
    """A world with settings of one's own: `async with make_world(sla_warn="0.5") as world:`."""
    return lambda **settings: World(database_url, **settings)


@pytest.fixture
async def world(make_world: Callable[..., World]) -> AsyncIterator[World]:
    """A merchant, its shops and people, nothing open yet."""
    async with make_world() as made:
        yield made
