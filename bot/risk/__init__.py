"""The risk rules, pure: is this a surge, is this one buyer too often."""

from bot.risk.origin import network
from bot.risk.records import Review, Sighting, Suspect
from bot.risk.rules import alike, surges

__all__ = ["Review", "Sighting", "Suspect", "alike", "network", "surges"]
