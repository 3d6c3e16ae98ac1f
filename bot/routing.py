"""Through which account, and where, a notice goes: opened here, right before it is sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from bot.accounts import opened
from bot.house import House
from bot.messages import Address, Notice
from bot.records import Account, Outgoing, Webhook
from bot.stores import Stores


def accounts(stores: Stores, house: House, addresses: Iterable[Address]) -> dict[Address, Account]:
    """The account that each of these is reached through, where it is not the deployment's: one read per channel that has any."""
    asked: dict[str, list[tuple[Address, str | None, str | None]]] = defaultdict(list)
    for address in addresses:
        abilities = house.channels.get(address.channel)
        id, owner = (abilities.account(address.target), abilities.owner(address.target)) if abilities else (None, None)
        if id is not None or owner is not None:
            asked[address.channel].append((address, id, owner))
    found: dict[Address, Account] = {}
    for channel, wanted in asked.items():
        some = stores.accounts.some(channel, [id for _, id, _ in wanted if id], [owner for _, _, owner in wanted if owner])
        for address, id, owner in wanted:
            mine = next((each for each in some if (each.id == id if id else each.merchant_id == owner)), None)
            if mine is not None:
                found[address] = mine
    return found


def routed(notice: Notice, address: Address, accounts: Mapping[Address, Account], house: House) -> Notice:
    """With the account that it is sent through, opened."""
    account = accounts.get(address)
    if account is None:
        return notice
    made = opened(house, account)
    return replace(notice, route={**notice.route, "account": {"id": made.id, **made.doc, **made.secrets}})


def receiver(row: Outgoing, webhooks: Mapping[str, Webhook], house: House) -> dict[str, Any]:
    """Where a webhook is, and the secret that signs what goes there."""
    webhook = webhooks.get(row.target)
    if webhook is None:
        return {}
    sealed = [webhook.secret_sealed]
    if webhook.previous_sealed is not None and webhook.previous_until is not None and house.clock.now() < webhook.previous_until:
        sealed.append(webhook.previous_sealed)
    return {"url": webhook.url, "secrets": [house.vault.open(each, f"webhooks|secret|{webhook.id}").decode() for each in sealed]}


def event(row: Outgoing, webhooks: Mapping[str, Webhook]) -> dict[str, Any]:
    """What a webhook carries. To a REST hook with an `id`, by which its receiver tells what it has seen."""
    webhook, body = webhooks.get(row.target), dict(row.payload["body"])
    return {"id": row.id, **body} if webhook is not None and webhook.kind == "hook" else body
