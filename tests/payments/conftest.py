"""The world, on both databases."""

from tests.journeys.conftest import make_world, world

__all__ = ["make_world", "world"]
