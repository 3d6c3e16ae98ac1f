"""What a button's key says: the words that a press types. Out by `literal` and `template`, in by `typed`; `pressed` is what a press brings.

Key ≤ 1,024 bytes, unique in its card: reference of template_card, https://developer.work.weixin.qq.com/document/path/90236
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

LONGEST = 1024  # bytes
_LITERAL, _TEMPLATE = "=", "?"
_HOLE = re.compile(r"\{(\w{1,40})\}")


def literal(words: str) -> str | None:
    """`claim 1024` → its key; None where a key can't carry it."""
    made = _LITERAL + words
    return made if words and len(made.encode("utf-8", "replace")) <= LONGEST else None


def template(words: str) -> str:
    """`claim {n}`: what was selected under the question `n` takes its place."""
    return _TEMPLATE + words


def typed(key: str, selected: Mapping[str, Sequence[str]]) -> str | None:
    """The words of a pressed button; None where it is no key of ours, or nothing was selected that it needs."""
    if key.startswith(_LITERAL):
        return key[1:]
    if not key.startswith(_TEMPLATE) or any(not selected.get(name) for name in _HOLE.findall(key)):
        return None
    return _HOLE.sub(lambda hole: ",".join(selected[hole[1]]), key[1:])


def pressed(task_id: str, response_code: str, at: datetime) -> dict[str, str]:
    """`Command.pressed` of a press: which card, and the code that changes it once, within 72 hours of `at` (UTC)."""
    return {"thread": task_id, "fresh": response_code, "fresh_at": at.isoformat()}
