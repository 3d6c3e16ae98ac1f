"""What of a person may be shown: masked forms of a buyer's own fields, and of a phone number."""

from bot.privacy.mask import MASK, last_digits, mask_buyer

__all__ = ["MASK", "last_digits", "mask_buyer"]
