"""What may stay of an entry once it must tell of nobody: figures, moments, and the desk's own words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_WORD = re.compile(r"[A-Za-z0-9_.:+-]{1,64}", re.ASCII)
_SAID = frozenset({"text", "reason", "why", "note", "name", "subject", "message_text", "error", "words", "draft", "was", "said"})


def bare(detail: Mapping[str, Any]) -> dict[str, Any]:
    """Without what somebody wrote: a value stays where it is a figure, or one word of the desk's own under a name that is no text's."""
    return {key: kept for key, value in detail.items() if key not in _SAID and (kept := _bare(value)) is not None}


def _bare(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return value if _WORD.fullmatch(value) else None
    if isinstance(value, Mapping):
        return bare(value)
    return [kept for each in value if (kept := _bare(each)) is not None] if isinstance(value, list | tuple) else None
