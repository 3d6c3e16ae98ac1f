"""Freezes, lifted."""

from __future__ import annotations

from datetime import datetime

from bot import views
from bot.announce import Actor
from bot.errors import BadUsage, NotAllowed, NotFound
from bot.freezing import lift
from bot.house import House
from bot.messages import Doc, LiftFreeze
from bot.people import lifts_freezes
from bot.privacy import mask_text
from bot.stores import Stores


def _lift(stores: Stores, house: House, change: LiftFreeze, now: datetime) -> Doc:
    shop = stores.merchants.shop(change.shop_id, change.within)
    if shop is None:
        raise NotFound("no_shop", shop=change.shop_id[:80])
    if change.agent is None:
        raise BadUsage("agent_needed", field="agent")
    who = stores.people.get(change.agent)
    if who is None or (change.within is not None and who.merchant_id != change.within):
        raise NotFound("no_agent", field="agent", agent=change.agent[:64])
    if not lifts_freezes(who) or not who.sees(shop.merchant_id):
        raise NotAllowed("role_may_not", field="agent", role=who.role.value)
    done = lift(stores, house, shop.id, shop.merchant_id, mask_text(change.reason), now, Actor(who.id, "api"))
    if not done:
        raise NotFound("no_freeze", shop=shop.id)
    return views.freeze_doc(done[0])


CHANGES = {LiftFreeze: _lift}
