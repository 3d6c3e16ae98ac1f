"""Which workspaces an organisation's installation (Enterprise Grid) is for: what Slack says when it is asked, and what it signs.

An app that a whole organisation has installed is used in those workspaces alone to which an administrator of it has added it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from slack_sdk.web.async_client import AsyncWebClient

from bot.ports import Clock
from handlers.slack import api

AGAIN = timedelta(minutes=1)  # until Slack is asked again for one that is not among them: 20 times a minute are allowed (tier 2)


class Installed(Protocol):
    """An installation, its token sealed or not."""

    @property
    def id(self) -> str: ...
    @property
    def doc(self) -> Mapping[str, Any]: ...


class Organisations:
    """By the organisation's id, which begins with E."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._teams: defaultdict[str, set[str]] = defaultdict(set)
        self._asked: dict[str, datetime] = {}

    def seen(self, id: str, team: str) -> None:
        """Slack has signed that this workspace is one of it."""
        self._teams[id].add(team)

    def known(self, id: str, team: str) -> bool:
        """Whether it was seen or said to be one of it."""
        return team in self._teams.get(id, ())

    def of(self, team: str, installed: Iterable[Installed]) -> str:
        """The one of those installed that this workspace is known to be of; "" where none is."""
        for each in installed:
            if each.id.startswith("E") and (self.known(each.id, team) or team in (each.doc.get("teams") or ())):
                return each.id
        return ""

    async def serves(self, id: str, team: str, web: AsyncWebClient) -> bool:
        """Whether this installation, with its client, is an organisation's and for that workspace: Slack is asked.

        Raises DeliveryFailed where it does not say.
        """
        if not id.startswith("E") or self.known(id, team):
            return id.startswith("E")
        now, asked = self._clock.now(), self._asked.get(id)
        if asked is None or not timedelta() <= now - asked < AGAIN:
            self._teams[id] = set(await api.teams(web))
            self._asked[id] = now
        return team in self._teams[id]

    def forget(self) -> None:
        """What has just changed is asked anew."""
        self._teams.clear()
        self._asked.clear()
