"""`help [command]`: what the bot understands, with an example each."""

from __future__ import annotations

from bot.card import Card
from bot.commands import registry
from bot.errors import BadUsage
from bot.messages import Reply
from bot.turn import Turn, Verb

EXAMPLES = ("list", "claim", "reply")  # one of each kind: filters, a number, a text


def run(turn: Turn) -> Reply:
    asked = turn.words.split()
    if not asked:
        return _all(turn)
    found = registry.find(asked[0])
    if found is None:
        near = registry.nearest(asked[0])
        meant = turn.say("did_you_mean", word=f"{turn.verb.example[turn.locale == 'zh'].split()[0]} {near}") if near else ""
        raise BadUsage("unknown_command", words=asked[0][:40], suggestion=meant)
    return _one(turn, found)


def _one(turn: Turn, verb: Verb) -> Reply:
    chinese = turn.locale == "zh"
    words = ", ".join((verb.name, *verb.chinese))
    lines = (verb.help[chinese], turn.say("help_example", example=verb.example[chinese]), turn.say("help_words", words=words))
    return Reply(verb.used(turn.locale), (Card(verb.used(turn.locale), "info", lines),), locale=turn.locale)


def _all(turn: Turn) -> Reply:
    chinese = turn.locale == "zh"
    lines = tuple(f"{each.used(turn.locale)} — {each.help[chinese]}" for each in registry.all_verbs())
    shown = " · ".join(each.example[chinese] for each in registry.all_verbs() if each.name in EXAMPLES)
    lines = (*lines, turn.say("help_example", example=shown))
    title = turn.say("help_title")
    return Reply(title, (Card(title, "info", lines, footer=turn.say("help_more")),), locale=turn.locale)


VERB = Verb(
    "help", ("帮助",), ("help [command]", "帮助 [命令]"), ("this list", "命令列表"), run, ("help claim", "帮助 认领"), changes=False
)
