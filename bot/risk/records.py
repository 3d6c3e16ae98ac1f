"""What the rules remember: reviews that a surge opened, and dispute tickets by where their buyer sat."""

from __future__ import annotations

from datetime import datetime

from bot.frozen import record


@record(frozen=True, slots=True)
class Review:
    """A shop had far more tickets than usual on `day` (its merchant's, ISO). `decision` None: open; `confirm` or `dismiss`.

    `count` and `mean` are as they were when it opened, with `ticket`, which was one too many.
    """

    id: str
    merchant_id: str
    shop_id: str
    day: str
    count: int
    mean: float
    ticket: int
    opened_at: datetime
    decision: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str | None = None


@record(frozen=True, slots=True)
class Suspect:
    """A dispute ticket on an order from one buyer's network, known by a keyed token alone. `freeze_id`: what it was counted for."""

    merchant_id: str
    origin: str
    ticket: int
    shop_id: str
    order_no: str
    at: datetime
    freeze_id: str | None = None


@record(frozen=True, slots=True)
class Sighting:
    """A buyer, known by a keyed token of an address, number or network, on a ticket; and the card that its order was paid with."""

    merchant_id: str
    token: str
    ticket: int
    at: datetime
    dispute: bool
    card: str | None = None
