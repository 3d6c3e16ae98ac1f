"""What a system asks for is done once per idempotency key; what is refused is in the audit log all the same."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from bot.errors import AlreadyAnswered, Refused
from bot.house import House
from bot.messages import Doc, Once
from bot.once import answered, keep
from bot.ports import Work
from bot.stores import Stores
from bot.talk import worded

T = TypeVar("T")
Noting = Callable[[Stores, Refused, datetime], None]


async def do_once(work: Work, house: House, once: Once | None, make: Callable[[Stores, datetime], Doc], noting: Noting) -> Doc:
    """What `make` makes, kept under its key. Raises AlreadyAnswered; Refused in English, after `noting` has written it down."""

    def body(stores: Stores) -> Doc:
        before = answered(stores, house, once)
        if before is not None:
            raise AlreadyAnswered(*before)
        now = house.clock.now()
        doc = make(stores, now)
        keep(stores, house, once, doc, now)
        return doc

    try:
        return await work.write(body)
    except Refused as refused:
        why = refused
        await work.write(lambda stores: noting(stores, why, house.clock.now()))
        raise worded(why, "en") from None


async def english(asking: Awaitable[T]) -> T:
    """Refusals to systems are in English; `code` is what they go by."""
    try:
        return await asking
    except Refused as refused:
        raise worded(refused, "en") from None


def in_english(ask: Callable[[], T]) -> T:
    """The same within a transaction."""
    try:
        return ask()
    except Refused as refused:
        raise worded(refused, "en") from None
