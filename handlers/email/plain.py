"""A card as plain text, for readers and clients that show no HTML."""

from __future__ import annotations

from bot.card import Card
from handlers.email.clean import clean
from handlers.email.words import word

LINE, VALUE, QUOTE = 2_000, 500, 4_000  # characters; a mail is a pointer to the ticket, not its archive


def plain(card: Card, locale: str) -> str:
    """Title, lines, fields, others' words behind `>`, what to type, footer."""
    colon = word("colon", locale)
    parts = [clean(card.title, VALUE), *(clean(line, LINE) for line in card.lines)]
    if card.fields:
        parts.append("\n".join(f"{clean(each.label, VALUE)}{colon}{clean(each.value, VALUE)}" for each in card.fields))
    for quote in card.quotes:
        said = clean(quote.text, QUOTE, word("cut", locale)).replace("\n", "\n> ")
        parts.append(f"{clean(quote.author, VALUE)}{colon}\n> {said}")
    if card.buttons:
        typed = [f"  {clean(each.words, VALUE)}  ({clean(each.label, VALUE)})" for each in card.buttons]
        parts.append("\n".join([word("act", locale), *typed]))
    parts.append("\n".join(filter(None, ["-- ", clean(card.footer, VALUE), word("automatic", locale)])))
    return "\n\n".join(filter(None, parts)) + "\n"
