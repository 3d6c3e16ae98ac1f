"""Channels that send nothing: they show what the real ones would have received, with the real ones' abilities and limits."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from bot.messages import Notice, Receipt
from bot.ports import Abilities, Clock, written
from handlers.playground.feed import Feed

SECOND = 1_000_000


class StandIn:
    """A channel whose messages can't be changed once they left."""

    def __init__(self, name: str, abilities: Abilities, feed: Feed, clock: Clock) -> None:
        self.name, self.abilities = name, abilities
        self._feed, self._clock = feed, clock
        self._sent = 0

    async def send(self, notice: Notice) -> Receipt:
        """Always arrives."""
        self._sent += 1
        seconds = int(self._clock.now().timestamp())
        mark = f"{seconds}.{self._sent % SECOND:06d}"  # unique per address, as Slack's `ts` is, while time stands still too
        self._show(notice, mark, edits=0)
        return {"channel": notice.address.target, "ts": mark, "thread": mark}

    def _show(self, notice: Notice, mark: str, edits: int) -> None:
        before = self._feed.get(f"{self.name}:{mark}") or {}
        now = self._clock.now().isoformat()
        self._feed.put(
            f"{self.name}:{mark}",
            {
                "what": "delivery", "key": f"{self.name}:{mark}", "channel": self.name, "ts": mark, **_shaped(notice),
                "thread": before.get("thread", (notice.thread or {}).get("ts")), "at": before.get("at", now),
                "edits": edits, "edited_at": now if edits else None,
            },
        )  # fmt: skip


class EditingStandIn(StandIn):
    """A channel whose messages change in place."""

    async def update(self, receipt: Receipt, notice: Notice) -> Receipt:
        """Shows the new card in the old one's place; one from before this process started is shown again."""
        before = self._feed.get(f"{self.name}:{receipt['ts']}")
        changed = before is None or _changed(before, notice)
        if changed:
            self._show(notice, receipt["ts"], edits=(before["edits"] if before else 0) + 1)
        return receipt


def channels(feed: Feed, clock: Clock, slack_channel: str | None = None, *, wecom: bool = True) -> tuple[StandIn, ...]:
    """One for each channel that the product has, with what the real one can do; without `wecom` the real one is there."""
    # Slack takes one message per second and channel and tolerates short bursts: docs.slack.dev/apis/web-api/rate-limits
    slack = Abilities(
        chat=True, merchant=written("slack_channel"), person=lambda person: person.slack_user_id, deployment=slack_channel,
        buttons=True, edits=True, burst=5, per_minute=60,
    )  # fmt: skip
    # A group robot of WeCom takes 20 messages a minute: developer.work.weixin.qq.com/document/path/91770
    robot = Abilities(burst=20, per_minute=20)
    return (
        EditingStandIn("slack", slack, feed, clock),
        StandIn("email", Abilities(merchant=written("emails"), person=lambda person: person.email), feed, clock),
        StandIn("webhooks", Abilities(digests=False), feed, clock),
        StandIn("sms", Abilities(burst=5, per_minute=60), feed, clock),
        *((StandIn("wecom", robot, feed, clock),) if wecom else ()),
    )


def _shaped(notice: Notice) -> dict[str, Any]:
    """What the page needs to draw it. Of the route only the address: a secret has no business in a browser."""
    return {
        "id": notice.id, "target": notice.address.target, "kind": notice.kind, "text": notice.text, "locale": notice.locale,
        "card": asdict(notice.card) if notice.card else None, "data": dict(notice.data), "url": notice.route.get("url"),
        "again": notice.again,
    }  # fmt: skip


def _changed(before: dict[str, Any], notice: Notice) -> bool:
    """The same card again is no edit that anybody could see."""
    after = _shaped(notice)
    return bool(before["card"] != after["card"] or before["text"] != after["text"])
