"""What WeCom refuses in an AI bot's template card: list sizes, key bytes and required fields (developer document 101032)."""

from __future__ import annotations

import re
from typing import Any

Doc = dict[str, Any]
TYPES = {"text_notice", "news_notice", "button_interaction", "vote_interaction", "multiple_interaction"}
INTERACTIVE = {"button_interaction", "vote_interaction", "multiple_interaction"}
MOST = {"horizontal_content_list": 6, "jump_list": 3, "vertical_content_list": 4, "button_list": 6, "select_list": 3}


def wrong_with(card: Doc) -> int:
    """0, or the code of the first thing that is wrong."""
    kind = card.get("card_type")
    if kind not in TYPES:
        return 42040
    title, task_id = card.get("main_title") or {}, card.get("task_id")
    if not title.get("title") and not (kind == "text_notice" and card.get("sub_title_text")):
        return 42037
    if (kind in INTERACTIVE or card.get("action_menu")) and not re.fullmatch(r"[0-9A-Za-z_\-@]{1,128}", str(task_id or "")):
        return 846625
    if kind == "text_notice" and (card.get("card_action") or {}).get("type") not in (1, 2):
        return 42045
    if any(not 1 <= len(card[name]) <= most for name, most in MOST.items() if card.get(name) is not None):
        return 42041
    if any(each.get("type") not in (None, 0, 1, 3) for each in card.get("horizontal_content_list") or ()):
        return 42042
    return _buttons(card) if kind == "button_interaction" else 0


def _buttons(card: Doc) -> int:
    buttons = card.get("button_list") or []
    keys = [str(each.get("key") or "") for each in buttons]
    if not buttons or len(set(keys)) != len(keys) or any(not 1 <= len(key.encode()) <= 1024 for key in keys):
        return 42047
    if any(not each.get("text") or each.get("type") == 1 for each in buttons):
        return 42048
    return 0
