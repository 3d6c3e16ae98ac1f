"""What administrators alone can mend is told to each of them, on every link they have."""

from __future__ import annotations

from datetime import datetime

from bot.administrators import telling
from bot.house import House
from bot.messages import Doc, TellAdmins
from bot.stores import Stores


def _tell(stores: Stores, house: House, change: TellAdmins, now: datetime) -> Doc:
    rows = telling(stores, house, change, now)
    stores.outbox.add(rows)
    return {"told": len([row for row in rows if row.state != "dead"])}


CHANGES = {TellAdmins: _tell}
