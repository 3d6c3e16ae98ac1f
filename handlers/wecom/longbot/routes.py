"""The way back to who asked: what an answer's route and a pressed card's receipt say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.messages import Command, Identity
from handlers.wecom.longbot.inbound import CHANNEL, PERSON

REPLY, QUICK = timedelta(hours=24), timedelta(seconds=4.8)  # of WeCom's 24 h and 5 s, the network's share left out


@dataclass(frozen=True, slots=True)
class Route:
    """`channel` is the conversation, `req` the request to be answered, of the moment `at`; `task` the card that was pressed."""

    channel: str
    req: str
    at: datetime | None
    press: bool = False
    task: str = ""
    account: str = ""

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Route:
        """As `inbound.command` wrote it; what is missing is left empty."""
        at = str(given.get("at") or "")
        return cls(
            str(given.get("channel") or ""), str(given.get("req") or ""), datetime.fromisoformat(at) if at else None,
            bool(given.get("press")), str(given.get("task") or ""), str(given.get("account") or ""),
        )  # fmt: skip

    def fresh(self, now: datetime) -> bool:
        """Whether a message can still be replied to."""
        return bool(self.req) and self.at is not None and now - self.at < REPLY

    def quick(self, now: datetime) -> bool:
        """Whether a press can still change its card."""
        return bool(self.req) and self.at is not None and now - self.at < QUICK

    def show(self, ticket: int) -> Command:
        """What the one who pressed would see of the ticket."""
        return Command(Identity(PERSON, self.account), verb="show", ticket=ticket, via=CHANNEL)
