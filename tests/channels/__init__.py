"""What every channel promises, whatever it talks to. A new channel brings a Harness and passes the same tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from bot.messages import Address
from bot.ports import Channel, Clock


class Harness(Protocol):
    """A channel connected to a fake of its service at the network's edge, with a short limit on its waiting.

    Optional: `secrets` (what no error may show), `route` (`Notice.route`), `longest` (characters one message may have on the wire),
    `at_once` (messages that it takes in one burst), `forgets` (its service cannot tell a repeat: the notice's own words say that it may
    be one), `live` (markup that this channel's readers would act on, so that it must not be on the wire), `fresh` (what a press brings,
    without which a card does not change), `machine` (it carries `Notice.data` to programs instead of `Notice.card` to people).
    """

    name: str
    channel: Channel

    async def start(self, clock: Clock) -> None: ...
    def address(self) -> Address: ...
    async def received(self) -> list[str]:
        """What arrived, a message each, as on the wire but decoded to text."""
        ...

    async def fault(self, kind: str) -> None:
        """The next send meets `rejected`, `later`, `lost_reply` (taken, the answer lost), `down` (nobody listens) or `hang`; `` ends it."""
        ...

    async def stop(self) -> None: ...


def trait(harness: Harness, name: str, default: Any) -> Any:
    """An optional attribute."""
    return getattr(harness, name, default)


def route_of(harness: Harness) -> Mapping[str, Any]:
    """Where the notice goes, for channels that are told so."""
    found: Mapping[str, Any] = trait(harness, "route", {})
    return found
