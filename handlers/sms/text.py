"""What a text message says: one plain text, short, without signs that disguise what it says."""

from __future__ import annotations

import re

from bot.messages import Notice

LONGEST = 480  # characters: seven parts of a Chinese message, three of a Latin one; more is cut with a sign
_HARMFUL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def said(notice: Notice) -> str:
    """Its text; where there is a card, what the card says."""
    card = notice.card
    parts = [notice.text] if card is None else [card.title, *card.lines, *(f"{each.author}: {each.text}" for each in card.quotes)]
    text = "\n".join(each for each in (_HARMFUL.sub("", part).strip() for part in parts) if each)
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


def number(phone: str) -> str:
    """`+8613800138000` of what people write; eleven digits that begin with 1 are a mainland mobile. Raises ValueError."""
    digits = re.sub(r"[\s()\-.·]", "", phone)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if re.fullmatch(r"1[3-9][0-9]{9}", digits):
        digits = "+86" + digits
    if not re.fullmatch(r"\+[1-9][0-9]{6,14}", digits):  # ITU-T E.164: 15 digits at most
        raise ValueError("not a phone number with its country code, such as +8613800138000")
    return digits
