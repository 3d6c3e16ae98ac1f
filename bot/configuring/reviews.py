"""Risk reviews, decided; collection channels, frozen and lifted by hand."""

from __future__ import annotations

from datetime import datetime

from bot import views
from bot.announce import Actor
from bot.asking.freezes import owner_of
from bot.errors import BadUsage, NotAllowed, NotFound
from bot.freezing import collection, lift
from bot.house import House
from bot.messages import DecideReview, Doc, SetCollection
from bot.people import Person, reviews
from bot.privacy import mask_text
from bot.stores import Stores
from bot.surges import decide


def _decide(stores: Stores, house: House, change: DecideReview, now: datetime) -> Doc:
    review = stores.risk.review(change.id, change.within)
    if review is None:
        raise NotFound("no_review", review=change.id[:40])
    who = _who(stores, change.agent)
    return views.review_doc(decide(stores, house, review, change.decision, mask_text(change.reason), Actor(who.id, "api"), now))


def _set(stores: Stores, house: House, change: SetCollection, now: datetime) -> Doc:
    merchant_id, who = owner_of(stores, change.merchant, change.within), _who(stores, change.agent)
    actor = Actor(who.id, "api")
    if change.frozen:
        until = now + house.settings.risk_freeze
        return views.freeze_doc(collection(stores, house, merchant_id, change.channel_id, mask_text(change.reason), now, until, actor))
    done = lift(stores, house, change.channel_id, merchant_id, mask_text(change.reason), now, actor, kind="collection")
    if not done:
        raise NotFound("no_channel_freeze", channel=change.channel_id[:80])
    return views.freeze_doc(done[0])


def _who(stores: Stores, id: str | None) -> Person:
    """Somebody for risk, who is named: a key is no person."""
    if id is None:
        raise BadUsage("agent_needed", field="agent")
    who = stores.people.get(id)
    if who is None:
        raise NotFound("no_agent", field="agent", agent=id[:64])
    if not reviews(who):
        raise NotAllowed("role_may_not", field="agent", role=who.role.value)
    return who


CHANGES = {DecideReview: _decide, SetCollection: _set}
