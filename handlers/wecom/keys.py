"""What a button's key says: the words that a press types. Out by `literal`, `template`, `form`; in by `typed`, `filled`.

Key ≤ 1,024 bytes, unique in its card: reference of template_card, https://developer.work.weixin.qq.com/document/path/90236
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

LONGEST = 1024  # bytes
_LITERAL, _TEMPLATE, _ASKING, _PICKING, _FORM = "=", "?", "!", "~", "#"
_FILLED = re.compile(r"#(\w{1,40}) (\d{1,12}|-)((?: \w{1,40}){1,3})")
_HOLE = re.compile(r"\{(\w{1,40})\}")


def literal(words: str, *, asking: bool = False, picking: bool = False) -> str | None:
    """`claim 1024` → its key; None where a key can't carry it. `asking`: the words need more, which is asked for (Command.args["asks"]).

    `picking`: the words can have more, which is asked for where it can be chosen on a card.
    """
    made = (_ASKING if asking else _PICKING if picking else _LITERAL) + words
    return made if words and len(made.encode("utf-8", "replace")) <= LONGEST else None


def template(words: str) -> str:
    """`claim {n}`: what was selected under the question `n` takes its place."""
    return _TEMPLATE + words


def typed(key: str, selected: Mapping[str, Sequence[str]]) -> str | None:
    """The words of a pressed button; None where it is no key of ours, or nothing was selected that it needs."""
    if key.startswith((_LITERAL, _ASKING, _PICKING)):
        return key[1:]
    if not key.startswith(_TEMPLATE) or any(not selected.get(name) for name in _HOLE.findall(key)):
        return None
    return _HOLE.sub(lambda hole: ",".join(selected[hole[1]]), key[1:])


def asks(key: str, *, cards: bool = False) -> bool:
    """Whether its command has more to ask; `cards`: in a chat with cards to choose from."""
    return key.startswith((_ASKING, _PICKING) if cards else _ASKING)


def form(verb: str, ticket: int | None, names: Sequence[str]) -> str:
    """The key that sends a form's choices: `#assign 1024 to`."""
    return f"{_FORM}{verb} {ticket or '-'} {' '.join(names)}"


def filled(key: str, selected: Mapping[str, Sequence[str]]) -> tuple[str, int | None, dict[str, str]] | None:
    """Verb, ticket and what was chosen of a form that was sent; None where it is none."""
    found = _FILLED.fullmatch(key)
    if found is None:
        return None
    chosen = {name: ",".join(selected[name]) for name in found[3].split() if selected.get(name)}
    return found[1], None if found[2] == "-" else int(found[2]), chosen


def pressed(task_id: str, response_code: str, at: datetime) -> dict[str, str]:
    """`Command.pressed` of a press: which card, and the code that changes it once, within 72 hours of `at` (UTC)."""
    return {"thread": task_id, "fresh": response_code, "fresh_at": at.isoformat()}
