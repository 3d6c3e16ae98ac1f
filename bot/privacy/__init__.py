"""What of a person may be shown: what in a text tells of one, and masked forms of that, of a buyer's own fields, and of a phone number."""

from bot.privacy.detecting import find
from bot.privacy.mask import MASK, last_digits, mask_buyer
from bot.privacy.masking import mask_text
from bot.privacy.spans import TYPES, Span

__all__ = ["MASK", "TYPES", "Span", "find", "last_digits", "mask_buyer", "mask_text"]
