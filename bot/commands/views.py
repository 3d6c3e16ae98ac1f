"""Saved views of the list: `list … save:name` keeps one, `list @name` is it again, `list @` are all, `list delete:name` forgets one."""

from __future__ import annotations

import re
import unicodedata

from bot.card import Button, Card
from bot.commands.filters import bare, tokens
from bot.errors import BadUsage, NotFound
from bot.messages import Reply
from bot.records import OPERATOR, SavedView
from bot.turn import Turn, plain

MOST, LONGEST = 50, 40  # views of a person; characters of a name
_WRITES = re.compile(r"(?:^|\s)(?:save|delete|保存|删除)\s*:", re.IGNORECASE)


def writes(words: str) -> bool:
    """Whether these words keep or forget a view."""
    return _WRITES.search(plain(words)) is not None


def shown(turn: Turn) -> Reply:
    """All of one's own, each a button."""
    views = turn.stores.views.of(_whose(turn), turn.who.id)
    if not views:
        return turn.reply("views_none")
    rows = [Card(f"@{each.shown}", "quiet", (each.words or turn.say("view_of_all"),), buttons=_buttons(turn, each)) for each in views]
    title = turn.say("views_title_one" if len(views) == 1 else "views_title", count=len(views))
    return Reply(title, (Card(title, "info"), *rows), locale=turn.locale)


def unfolded(turn: Turn, said: list[str]) -> list[str]:
    """Where a view is named, the words that it stands for."""
    found: list[str] = []
    for token in said:
        found += tokens(_view(turn, token[1:]).words) if token.startswith("@") and len(token) > 1 else [token]
    return found


def saved(turn: Turn, name: str, words: str) -> str:
    """Keeps it, in place of one of that name; says so."""
    shown, key = _name(name)
    views = turn.stores.views
    if len(views.of(_whose(turn), turn.who.id)) >= MOST and views.get(_whose(turn), turn.who.id, key) is None:
        raise BadUsage("views_full", most=MOST)
    views.put(SavedView(_whose(turn), turn.who.id, key, shown, words, turn.now))
    return turn.say("view_saved", view=shown)


def deleted(turn: Turn, name: str) -> Reply:
    """Forgets it."""
    view = _view(turn, name.removeprefix("@"))
    turn.stores.views.delete(_whose(turn), turn.who.id, view.name)
    return turn.reply("view_deleted", view=view.shown)


def _view(turn: Turn, name: str) -> SavedView:
    said = bare(name)
    found = turn.stores.views.get(_whose(turn), turn.who.id, _key(said))
    if found is None:
        known = ", ".join(f"@{each.shown}" for each in turn.stores.views.of(_whose(turn), turn.who.id)[:10])
        raise NotFound("no_view" if known else "no_view_at_all", view=said[:LONGEST], known=known)
    return found


def _name(said: str) -> tuple[str, str]:
    shown = " ".join(said.removeprefix("@").split())
    if not 0 < len(shown) <= LONGEST or not shown.isprintable() or not any(sign.isalnum() for sign in shown):
        raise BadUsage("bad_view_name", most=LONGEST)
    return shown, _key(shown)


def _key(name: str) -> str:
    return unicodedata.normalize("NFKC", " ".join(name.split())).casefold()


def _whose(turn: Turn) -> str:
    return turn.who.merchant_id or OPERATOR


def _buttons(turn: Turn, view: SavedView) -> tuple[Button, ...]:
    name = f'"{view.shown}"' if " " in view.shown else view.shown
    return (
        Button(turn.say("button.open_view"), f"list @{name}", "primary"),
        Button(turn.say("button.delete_view"), f"list delete:{name}"),
    )
