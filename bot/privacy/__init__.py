"""What of a person may be shown: masked forms of a buyer's own fields."""

from bot.privacy.mask import mask_buyer

__all__ = ["mask_buyer"]
