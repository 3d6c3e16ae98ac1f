"""In which language something is written: zh, en, ms, id or th, by its script and, in Latin letters, by its words.

A browser's locale says it first, where it is of a language that we know; what is written says it where nobody did.
"""

from bot.tongues.detecting import detect, script
from bot.tongues.tags import KNOWN, base, same, tag, told

__all__ = ["KNOWN", "base", "detect", "same", "script", "tag", "told"]
