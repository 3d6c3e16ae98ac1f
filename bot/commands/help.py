"""`help [command]`: what the bot understands, with an example each."""

from __future__ import annotations

from bot.card import Card
from bot.commands import registry
from bot.messages import Reply
from bot.turn import Turn, Verb


def run(turn: Turn) -> Reply:
    asked = turn.words.split()
    found = registry.find(asked[0]) if asked else None
    return _one(turn, found) if found is not None else _all(turn)


def _one(turn: Turn, verb: Verb) -> Reply:
    chinese = turn.locale == "zh"
    words = ", ".join((verb.name, *verb.chinese))
    lines = (verb.help[chinese], turn.say("help_example", example=verb.example[chinese]), turn.say("help_words", words=words))
    return Reply(verb.used(turn.locale), (Card(verb.used(turn.locale), "info", lines),), locale=turn.locale)


def _all(turn: Turn) -> Reply:
    chinese = turn.locale == "zh"
    lines = tuple(f"{each.used(turn.locale)} — {each.help[chinese]}" for each in registry.all_verbs())
    title = turn.say("help_title")
    return Reply(title, (Card(title, "info", lines, footer=turn.say("help_more")),), locale=turn.locale)


VERB = Verb(
    "help", ("帮助",), ("help [command]", "帮助 [命令]"), ("this list", "命令列表"), run, ("help claim", "帮助 认领"), changes=False
)
