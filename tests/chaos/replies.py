"""Slack takes a message and its reply is lost, five hundred times, alone and in storms: what people see twice, and what they never see."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from tests.bench.databases import Databases
from tests.world import MERCHANT, World

MERCHANTS, CALM, STORM = 10, 4, 20  # tickets at once per merchant: within the burst of a channel, and far above it


@dataclass(frozen=True, slots=True)
class Told:
    """What came of it. `looks`: how often Slack was asked what is there."""

    dialect: str
    lost_replies: int
    tickets: int
    messages: int
    looks: int
    doubled: int
    missing: int

    def line(self) -> str:
        """The one line."""
        return (
            f"chaos replies on {self.dialect}: {self.lost_replies} replies lost  tickets {self.tickets}  messages {self.messages}  "
            f"looks {self.looks}  visible duplicates {self.doubled}  never seen {self.missing}"
        )

    def missed(self, losing: int) -> list[str]:
        """Every goal that was missed, in words."""
        checks = {
            f"{self.lost_replies} of {losing} replies lost": self.lost_replies != losing,
            f"{self.doubled} seen twice": self.doubled > 0,
            f"{self.missing} never seen": self.missing > 0,
        }
        return [said for said, wrong in checks.items() if wrong]


async def run(dialect: str, losing: int, databases: Databases) -> Told:
    """Alerts of new tickets, then their first targets, at a Slack with its real limits, until so many replies are lost."""
    async with World(await databases.new(dialect), sla_tier1="12h") as world:
        world.slack.limited = True
        for merchant in range(MERCHANTS):
            await _merchant(world, merchant)
        world.slack.losing, numbers = losing, list[int]()
        while world.slack.losing:
            for at_once in (CALM, CALM, STORM):
                numbers += [await _ticket(world, merchant) for merchant in range(MERCHANTS) for _ in range(at_once)]
                await world.pass_time(minutes=8)
        await world.pass_time(minutes=30)
        doubled, missing = _against(world, numbers, 1)
        await world.pass_time(hours=14)  # every first target is missed by now
        later = _against(world, numbers, 2)
        return Told(
            dialect, losing - world.slack.losing, len(numbers), sum(map(len, world.slack.messages.values())),
            sum(method.startswith("conversations.") for method, _ in world.slack.calls), doubled + later[0], missing + later[1],
        )  # fmt: skip


def _against(world: World, numbers: list[int], times: int) -> tuple[int, int]:
    """How many tickets are named in more messages than that, and in fewer."""
    named: Counter[int] = Counter()
    for channel in range(MERCHANTS):
        for message in world.slack.channel(f"C0R{channel}"):
            named.update({int(found) for found in re.findall(r"T-(\d+)", message.seen)})
    return sum(named[number] > times for number in numbers), sum(named[number] < times for number in numbers)


async def _merchant(world: World, merchant: int) -> None:
    doc = {**MERCHANT, "name": f"Merchant {merchant}", "notify": {"slack_channel": f"C0R{merchant}"}}
    await world.call("PUT", f"/v1/merchants/replies-{merchant}", doc)
    await world.call("POST", f"/v1/merchants/replies-{merchant}/enable")
    shop = {"merchant_id": f"replies-{merchant}", "platform": "shopee", "name": f"Shop {merchant}"}
    await world.call("PUT", f"/v1/shops/replies-{merchant}", shop)


async def _ticket(world: World, merchant: int) -> int:
    body = {"shop_id": f"replies-{merchant}", "subject": "Where is my refund?", "message": "I paid and got nothing."}
    return int((await world.call("POST", "/v1/tickets", body, status=201))["number"])
