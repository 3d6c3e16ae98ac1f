"""How long a card can be changed: a response code works once and for 72 hours, and only sends and presses bring new ones. Pure.

https://developer.work.weixin.qq.com/document/path/94888
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.messages import Receipt

CODE_LIFE = timedelta(hours=72)
WORN = timedelta(hours=71)  # from then on a card is followed by a fresh one while the old can still say so; tier 3 rings at 72 h


@dataclass(frozen=True, slots=True)
class Life:
    """A sent card, as its receipt tells it, with what a press brought over it (`keys.pressed`)."""

    task: str
    version: int
    code: str | None  # of the send: kept for what others do to the ticket
    fresh: str | None  # of a press: used first, for the next press brings another
    sent_at: datetime
    use: str
    face: str
    moved: bool

    def worn(self, now: datetime) -> bool:
        """Whether its send's code is about to die."""
        return self.code is not None and now - self.sent_at >= WORN

    @property
    def codes(self) -> tuple[str, ...]:
        """What it can be changed with, the best first; none: it can't be."""
        return tuple(each for each in (self.fresh, self.code) if each)


def life(receipt: Receipt, now: datetime) -> Life:
    """Read from a receipt; codes that are used or too old are none."""
    sent_at = datetime.fromisoformat(receipt["at"])
    fresh, fresh_at = receipt.get("fresh"), receipt.get("fresh_at")
    usable = fresh and fresh != receipt.get("used") and fresh_at and now - datetime.fromisoformat(fresh_at) < CODE_LIFE
    return Life(
        receipt["task"], int(receipt.get("version") or 1), (receipt.get("code") or None) if now - sent_at < CODE_LIFE else None,
        fresh if usable else None, sent_at, receipt.get("use", ""), receipt.get("face", ""), bool(receipt.get("moved")),
    )  # fmt: skip


def sent(task: str, version: int, code: str | None, shown: Mapping[str, str], now: datetime) -> Receipt:
    """The receipt of a card that was just sent. `until`: when it is to be looked at again."""
    made = {"task": task, "thread": task, "version": str(version), "at": now.isoformat(), **shown}
    return {**made, "code": code, "until": (now + WORN).isoformat()} if code else made


def changed(receipt: Receipt, code: str, shown: Mapping[str, str]) -> Receipt:
    """The receipt after `code` was used up. What a press brought is kept elsewhere: here only that it is used."""
    kept = {name: value for name, value in receipt.items() if name not in ("fresh", "fresh_at", "moved")}
    if code == kept.get("code"):
        kept = {name: value for name, value in kept.items() if name not in ("code", "until")}
    else:
        kept["used"] = code
    return {**kept, **shown}


def unchanged(receipt: Receipt) -> Receipt:
    """As it was, without what is kept elsewhere."""
    return {name: value for name, value in receipt.items() if name not in ("fresh", "fresh_at", "moved")}
