"""Language tags as people, browsers and providers write them, and what of them we go by."""

from __future__ import annotations

import re

from bot.tongues.detecting import detect

KNOWN = ("zh-Hans", "zh-Hant", "en", "ms", "id", "th")
_TAG = re.compile(r"([A-Za-z]{2,3})((?:[-_][A-Za-z0-9]{1,8}){0,4})")
_OLD = {"in": "id", "may": "ms", "msa": "ms", "ind": "id", "tha": "th", "eng": "en", "zho": "zh", "chi": "zh", "yue": "zh-hant"}
_TRADITIONAL = frozenset({"hant", "tw", "hk", "mo"})
_NAMES = {
    "中文": "zh", "简体": "zh", "简体中文": "zh", "chinese": "zh", "英文": "en", "英语": "en", "english": "en",
    "泰语": "th", "泰文": "th", "thai": "th",
    "繁体": "zh-hant", "繁體": "zh-hant", "繁体中文": "zh-hant", "繁體中文": "zh-hant",
    "马来语": "ms", "马来文": "ms", "malay": "ms", "melayu": "ms", "印尼语": "id", "印尼文": "id", "indonesian": "id", "indonesia": "id",
}  # fmt: skip


def tag(written: str) -> str | None:
    """One of `KNOWN` for `zh_CN`, `zh-TW`, `en-SG`, `ms-MY`, `in`, `泰语`; None for what is none of them."""
    found = _TAG.fullmatch(_NAMES.get(written.strip().casefold(), written.strip()))
    if found is None:
        return None
    first = _OLD.get(found[1].lower(), found[1].lower())
    if first == "zh-hant":
        return "zh-Hant"
    if first == "zh":
        return "zh-Hant" if _TRADITIONAL & set(re.split("[-_]", found[2].lower())) else "zh-Hans"
    return first if first in KNOWN else None


def base(written: str) -> str:
    """The language without its script or country: `zh` of `zh-Hant`."""
    return (tag(written) or written).replace("_", "-").split("-")[0].lower()


def same(one: str | None, other: str | None) -> bool:
    """Whether who reads the one reads the other: a script more or less is no other language."""
    return one is not None and other is not None and base(one) == base(other)


def told(locale: str | None, text: str) -> str | None:
    """The buyer's language: their browser's locale as it was given, else what the text is written in."""
    return locale or detect(text)
