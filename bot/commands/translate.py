"""`translate N [lang]`: the buyer's words in one's own language, or another; what is there already is shown at once."""

from __future__ import annotations

from bot import translating
from bot.errors import BadUsage, Refused, WrongState
from bot.labelling import words
from bot.messages import Reply
from bot.tongues import KNOWN, detect, same, tag
from bot.turn import Turn, Verb
from bot.wording import label
from bot.wording.translation_cards import translated_card


def run(turn: Turn) -> Reply:
    ticket = turn.ticket()
    named = turn.text("lang")
    lang = tag(named or turn.locale)
    if lang is None:
        raise BadUsage("bad_language", field="lang", lang=named[:35], known=", ".join(KNOWN))
    name = label("language", lang, turn.locale)
    source = tag(detect(words(ticket.subject, ticket.message)) or ticket.language or "")
    if same(source, lang):
        raise WrongState("in_that_language", ticket=ticket.name, language=name)
    if any(each["lang"] == lang and each.get("text") and not each.get("of") for each in ticket.translations):
        merchant = turn.merchant(ticket)
        card = translated_card(ticket, merchant, turn.telling(ticket, merchant.timezone), None, {"lang": lang})
        return Reply(card.title, (card,), ticket=ticket.number, locale=turn.locale)
    if not translating.ask(turn.stores, turn.house, ticket, lang, turn.now, source=source, person=turn.who.id, asked_on=turn.command.via):
        raise Refused("no_translator", code="no_translator")
    return turn.reply("translating", ticket, language=name)


VERB = Verb(
    "translate",
    ("翻译",),
    ("translate N [lang]", "翻译 N [语言]"),
    ("the buyer's words in your language, or another", "把买家的话翻译成您的语言或其他语言"),
    run,
    ("translate 1024 en", "翻译 1024 英文"),
)
