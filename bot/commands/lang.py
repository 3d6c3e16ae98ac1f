"""`lang zh|en`: the language in which one is answered."""

from __future__ import annotations

from dataclasses import replace

from bot.errors import BadUsage
from bot.messages import Reply
from bot.turn import Turn, Verb
from bot.wording import say

_NAMES = {"zh": "zh", "中文": "zh", "chinese": "zh", "en": "en", "英文": "en", "英语": "en", "english": "en"}


def run(turn: Turn) -> Reply:
    wanted = _NAMES.get(turn.text("lang").casefold())
    if wanted is None:
        raise BadUsage("needs_text", field="lang", usage=turn.verb.used(turn.locale))
    turn.stores.people.put(replace(turn.who, locale=wanted))
    return Reply(say("lang_set", wanted), locale=wanted)


VERB = Verb("lang", ("语言",), ("lang zh|en", "语言 zh|en"), ("the language I answer in", "切换语言"), run, ("lang zh", "语言 en"))
