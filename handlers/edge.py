"""What an edge is, and how one is loaded by its folder's name.

A folder under handlers/ with an `edge.py` that has `async def connect(world: World) -> Edge` is an edge. Edges connect first (they give
channels), the desk is built from those channels, and only then are routes mounted and lifespans entered: so there is no cycle.
"""

from __future__ import annotations

import importlib
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from bot.errors import BadSetting
from bot.ports import Cache, Channel, Clock, Institution
from bot.settings import Settings

if TYPE_CHECKING:
    # A worker only sends: it must not pay for a web server to import.
    from aiohttp import web

    from bot.desk import Desk

DEMO_ONLY = frozenset({"playground"})


@dataclass(frozen=True, slots=True)
class World:
    """What every edge gets: settings, the clock, the cache, and a stack for what must be closed at the end."""

    settings: Settings
    clock: Clock
    cache: Cache
    closing: AsyncExitStack
    extras: Mapping[str, Any] = field(default_factory=dict)


class Edge(Protocol):
    """One outside system."""

    name: str
    channels: tuple[Channel, ...]

    def routes(self, desk: Desk) -> list[web.RouteDef]:
        """What it serves; [] for an edge that only sends."""
        ...

    async def check(self) -> str | None:
        """For `doctor`: tries its connection. None: fine (or nothing to try); else one line that says what to mend. Never a secret."""
        ...


@runtime_checkable
class Streaming(Protocol):
    """Optional: an edge that keeps answers open lets them go here, so that the server's end need not wait for them."""

    async def hang_up(self) -> None:
        """The server is about to stop."""
        ...


@runtime_checkable
class Reads(Protocol):
    """Optional: an edge that can read what institutions send, by their names; asked for in a worker, too."""

    institutions: Mapping[str, Institution]


@runtime_checkable
class Bound(Protocol):
    """Optional: an edge whose channels need the desk, such as for credentials that it keeps; in a worker, too, which asks for no routes."""

    def bind(self, desk: Desk) -> None:
        """Before anything is sent or served."""
        ...


@runtime_checkable
class Running(Protocol):
    """Optional: an edge that lives beside requests, such as one with a long connection."""

    async def run(self, desk: Desk) -> None:
        """Until it is cancelled. It mends its own failures: one that comes out is logged and ends it."""
        ...


@runtime_checkable
class Ailing(Protocol):
    """Optional: an edge that knows by itself that it is not well; /readyz is `degraded` then."""

    def ails(self) -> str | None:
        """One line that says what; None: nothing. Never a secret. Costs nothing."""
        ...


@runtime_checkable
class Examined(Protocol):
    """Optional: for `doctor`, what shows only through the desk, such as how the process that runs it stands."""

    async def examine(self, desk: Desk) -> list[str]:
        """Lines that say what to mend; [] when all is well. Never a secret."""
        ...


@runtime_checkable
class Unsure(Protocol):
    """Optional: for `doctor`, what `check` could not try although it found nothing to mend."""

    async def untried(self) -> str | None:
        """One line that says what, and why; None: it tried all there is. Asked after `check`. Never a secret."""
        ...


def known(*, sending_only: bool = False) -> list[str]:
    """The folders that are edges; `sending_only`: those with a channel or with institutions, which is all that a worker needs."""
    here = Path(__file__).parent
    found = sorted(each.parent.name for each in here.glob("*/edge.py") if not sending_only or _works(each))
    return [name for name in found if name not in DEMO_ONLY]


def _works(edge: Path) -> bool:
    return any(edge.with_name(name).exists() for name in ("channel.py", "institutions.py"))


async def load(name: str, world: World) -> Edge:
    """The edge of that name, connected. Raises BadSetting with the list of those that exist."""
    if name not in known() and name not in DEMO_ONLY:
        raise BadSetting(f"DESKBELL_EDGES: there is no edge {name!r}; there are: {', '.join(known())}")
    module = importlib.import_module(f"handlers.{name}.edge")
    connect: Callable[[World], Awaitable[Edge]] = module.connect
    return await connect(world)
