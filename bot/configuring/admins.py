"""What administrators alone can mend is told to each of them, on every link they have."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.announce import outgoing
from bot.house import House
from bot.messages import Address, Doc, TellAdmins
from bot.records import OPERATOR
from bot.stores import Stores
from bot.views import moment


def _tell(stores: Stores, house: House, change: TellAdmins, now: datetime) -> Doc:
    """Where there is no administrator to be reached, the senior managers; and where nobody is, it is dead at once: nothing is silent."""
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
    if not rows:
        nowhere = outgoing(merchant_id, None, change.cause, "admins", Address("none", "nobody"), payload, now)
        rows = [replace(nowhere, state="dead", last_error="no administrator has a link to be reached on")]
    stores.outbox.add(rows)
    return {"told": len(rows)}


CHANGES = {TellAdmins: _tell}
