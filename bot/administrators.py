"""Telling administrators of what they alone can mend: each of them, on every link they have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.announce import outgoing
from bot.house import House
from bot.messages import Address, TellAdmins
from bot.records import OPERATOR, Outgoing
from bot.stores import Stores
from bot.views import moment


def telling(stores: Stores, house: House, change: TellAdmins, now: datetime) -> list[Outgoing]:
    """The rows of it. Without an administrator to be reached, the senior managers'; without those, one that is dead: nothing is silent."""
    merchant_id = change.merchant_id or OPERATOR
    payload = {"about": change.about, "params": dict(change.params), "at": moment(change.at)}
    rows = []
    for people in (stores.people.admins(merchant_id), stores.people.senior_managers()):
        there = {address: person for person in people for address in house.person(stores, person)}
        rows = [
            outgoing(merchant_id, None, change.cause, "admins", address, {**payload, "person": person.id}, now)
            for address, person in there.items()
        ]
        if rows:
            break
    if change.everywhere:
        rows += _everywhere(stores, house, change, payload, {(row.channel, row.target) for row in rows}, now)
    if not rows:
        nowhere = outgoing(merchant_id, None, change.cause, "admins", Address("none", "nobody"), payload, now)
        rows = [replace(nowhere, state="dead", last_error="no administrator has a link to be reached on")]
    return rows


def _everywhere(
    stores: Stores, house: House, change: TellAdmins, payload: Mapping[str, Any], told: set[tuple[str, str]], now: datetime
) -> list[Outgoing]:
    """The deployment's own channels, and the senior managers in person."""
    there: dict[Address, str | None] = dict.fromkeys(house.deployment())
    there |= {address: person.id for person in stores.people.senior_managers() for address in house.person(stores, person)}
    return [
        outgoing(change.merchant_id or OPERATOR, None, change.cause, "admins", address, {**payload, "person": person}, now)
        for address, person in there.items()
        if (address.channel, address.target) not in told
    ]
