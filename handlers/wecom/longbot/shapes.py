"""Cards and replies as the AI bot says them: template cards with its lengths, text as one markdown. Pure.

Its cards are an app's with shorter lines: https://developer.work.weixin.qq.com/document/path/101032
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.card import Card
from bot.messages import Reply
from handlers.wecom import answers, cards
from handlers.wecom.longbot.sentences import SEE_CARD
from handlers.wecom.text import cut, digest, shorten, unmarked

Doc = dict[str, Any]

TEXT = 20_480  # bytes of one markdown
TITLE, DESC, SUB_TITLE, VALUE, SOURCE, OPTION = 26, 30, 112, 26, 13, 10


def template(card: Card, link: str, task_id: str, *, changed: bool = False) -> Doc:
    """The card as one that can be pressed; `changed`: in the place of one that could, where nothing is left to press."""
    over = SEE_CARD if changed and not cards.buttons(card.buttons) else None
    return fitted({**cards.template_card(card, link, over=over), "task_id": task_id})


def pressable(card: Card) -> bool:
    """Whether it has a button; one without says all that it has to say as text."""
    return bool(cards.buttons(card.buttons))


def told(card: Card) -> list[str]:
    """The card as lines of text."""
    return cards.told(card)


def markdown(lines: Sequence[str]) -> str:
    """The lines as one text in which nothing is markup, whoever wrote it."""
    return cut("\n".join(unmarked(each) for each in lines), TEXT).strip() or "✓"


def digested(card: Card) -> str:
    """Every line of a digest; where all is too long, each cut at its end so that none is left out."""
    return digest(unmarked(card.title), [unmarked(each) for each in card.lines], TEXT)


def answer(reply: Reply, link: str, task_id: str) -> tuple[str, Doc | None]:
    """A reply as a text ("" where the card says it all) and a card to press (None where there is nothing to press)."""
    said: list[str] = []
    card: Doc | None = None
    for body in answers.messages(reply, link, task_id):
        if body["msgtype"] == "template_card" and body["template_card"]["card_type"] == "button_interaction":
            card = fitted(body["template_card"])
    said += [] if reply.cards and reply.cards[0].title.startswith(reply.text) else reply.text.split("\n")
    if len(reply.cards) != 1 or card is None or cards.longer_than_its_card(reply.cards[0]):
        for each in reply.cards:
            said += [*([""] if said else []), *cards.told(each)]
    if not any(each.strip() for each in said) and card is not None:
        return "", card
    return markdown(said), card


def fitted(made: Mapping[str, Any]) -> Doc:
    """An app's card within the bot's lengths. A title that is cut stands whole in the text under it."""
    doc = dict(made)
    title, desc = doc["main_title"]["title"], doc["main_title"].get("desc", "")
    whole = f"{title} {desc}".strip() if len(title) > TITLE or len(desc) > DESC else ""
    doc["main_title"] = {"title": shorten(title, TITLE), **({"desc": desc} if desc and not whole else {})}
    text = "\n".join(each for each in (whole, doc.get("sub_title_text", "")) if each)
    if text:
        doc["sub_title_text"] = shorten(text, SUB_TITLE)
    if "source" in doc:
        doc["source"] = {**doc["source"], "desc": shorten(doc["source"]["desc"], SOURCE)}
    if "horizontal_content_list" in doc:
        doc["horizontal_content_list"] = [{**each, "value": shorten(each["value"], VALUE)} for each in doc["horizontal_content_list"]]
    if "button_selection" in doc:
        chosen = doc["button_selection"]
        doc["button_selection"] = {
            **chosen, "option_list": [{**each, "text": shorten(each["text"], OPTION)} for each in chosen["option_list"]]
        }  # fmt: skip
    return doc
