"""The cards of risk: a review that waits for a decision, channels that were frozen, a merchant's people asking to unfreeze."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.card import Button, Card
from bot.records import Merchant
from bot.risk.records import Review
from bot.ticket import Ticket
from bot.wording import say
from bot.wording.cards import Telling, ticket_card


def review_card(review: Review, merchant: Merchant, locale: str, who: str) -> Card:
    """With its buttons while it is open, then with the decision of `who`."""
    numbers = {"review": review.id, "shop": review.shop_id, "count": review.count, "day": review.day, "mean": f"{review.mean:.1f}"}
    lines = [say("review_line", locale, **numbers)]
    if review.decision is not None:
        lines.append(say(f"review_decided.{review.decision}", locale, who=who, reason=review.reason))
        return Card(say("review", locale, **numbers), "quiet", tuple(lines), footer=merchant.name)
    buttons = (
        Button(say("button.confirm", locale), f"confirm {review.id}", "danger", "must"),
        Button(say("button.dismiss", locale), f"dismiss {review.id}", "plain", "must"),
        Button(say("button.show", locale), f"show {review.ticket}"),
    )
    lines.append(say("review_how", locale, **numbers))
    return Card(say("review", locale, **numbers), "alarm", tuple(lines), buttons=buttons, footer=merchant.name)


def frozen_card(ticket: Ticket, merchant: Merchant, telling: Telling, payload: Mapping[str, Any]) -> Card:
    """Which channels, until when, why, and who can end it."""
    channels = ", ".join(payload["channels"])
    until = telling.time(datetime.fromisoformat(str(payload["until"])))
    title = say("channel_frozen", telling.locale, channels=channels)
    line = say(
        "channel_frozen_line", telling.locale, channels=channels, until=until, disputes=payload["disputes"], first=payload["channels"][0]
    )
    return replace(ticket_card(ticket, merchant, telling, title=title, lines=(line,)), tone="alarm", quotes=())


def unfreeze_card(ticket: Ticket, merchant: Merchant, telling: Telling, payload: Mapping[str, Any], who: str) -> Card:
    """Somebody of a merchant asks for it."""
    title = say("unfreeze_wanted", telling.locale, who=who, shop=payload["shop"])
    how = say("unfreeze_how", telling.locale, why=payload["why"], shop=payload["shop"])
    return ticket_card(ticket, merchant, telling, title=title, lines=(how,))
