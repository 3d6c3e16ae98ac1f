"""A person's home in Slack: their desk as a view. Pure. At most 100 blocks: https://docs.slack.dev/surfaces/app-home"""

from __future__ import annotations

from typing import Any

from bot.messages import OwnDesk
from handlers.slack import cards
from handlers.slack.text import plain

REFRESH = "home:refresh"
MOST_BLOCKS = 100


def view(desk: OwnDesk, line: str = "") -> dict[str, Any]:
    """The view to publish; `line` stands on top: what the last press did."""
    said = [{"type": "context", "elements": [plain(line, cards.CONTEXT)]}] if line else []
    blocks = [*said, *cards.full(desk.head, 0)]
    if desk.refresh:
        refresh = {"type": "button", "action_id": REFRESH, "text": plain(desk.refresh, cards.LABEL)}
        last = blocks[-1]
        if last["type"] == "actions" and len(last["elements"]) < cards.ACTIONS:
            last["elements"].append(refresh)
        else:
            blocks.append({"type": "actions", "elements": [refresh]})
    place = 1
    for shelf in desk.shelves:
        blocks += [{"type": "divider"}, *cards.full(shelf.head, place)]
        place += 1
        for card in shelf.cards:
            blocks += cards.short(card, place)
            place += 1
    return {"type": "home", "blocks": cards.fitted(blocks, desk.locale, MOST_BLOCKS)}
