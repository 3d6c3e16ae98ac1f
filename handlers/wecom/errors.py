"""What WeCom's error codes mean for a delivery. Only `errcode` counts: HTTP is 200 with errors too.

https://developer.work.weixin.qq.com/document/path/90313; a code that stands nowhere here is `rejected`: WeCom has said no.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Literal

from bot.errors import DeliveryFailed

STALE = frozenset({40014, 42001})  # the token: fetched anew and tried again, once
BUSY = frozenset({-1, 6000, 45033, 45035})
LIMITED = frozenset({45009, 45036, 846607})  # over some rate: the block lasts as long as its window, a minute mostly
USED_UP = frozenset({60140})  # a response code that was used, or is older than 72 h
WINDOW = timedelta(seconds=60)

# Nothing that trying again could mend: somebody must look at the app in WeCom's admin console.
MEND = {
    40001: "the app's secret is wrong, or the app was disabled: take the secret anew from its page",
    40013: "there is no such corp id",
    40056: "there is no such agent id",
    60020: "this machine's IP is not among the app's trusted IPs (企业可信IP)",
    48001: "the app may not use this API: grant it in the console",
    48002: "the app may not use this API: grant it in the console",
    48006: "the app lost this right, as it was not used",
    50003: "the app was disabled",
    60031: "the app was disabled",
    43012: "the app has no callback URL, so its cards may have no buttons",
    301002: "the secret belongs to another agent id",
    853000: "the bot's id or secret is wrong",
    93000: "the robot's key is wrong, or the robot was removed from its group",
    93001: "the group forbids messages of robots",
    93004: "the robot was disabled",
    93008: "the robot is not in the group any more",
}
_ADDRESS = re.compile(r"from ip:\s*([0-9a-fA-F.:]+)")


class WecomFailed(DeliveryFailed):
    """A DeliveryFailed with WeCom's own code; 0 where WeCom did not answer."""

    def __init__(self, outcome: Literal["rejected", "later", "unknown"], why: str, code: int = 0, wait: timedelta | None = None) -> None:
        super().__init__(outcome, why, wait)
        self.code = code


def refusal(answer: Mapping[str, Any]) -> WecomFailed | None:
    """None: it is a success. `why` is one short line: our own words, and the IP that an administrator must enter."""
    code = answer.get("errcode") or 0
    if not isinstance(code, int):
        return WecomFailed("unknown", "WeCom's answer has no error code")
    if code == 0:
        return None
    if code in MEND:
        return WecomFailed("rejected", f"WeCom says {code}: {MEND[code]}{_from(answer)}", code)
    if code in LIMITED:
        return WecomFailed("later", f"WeCom says {code}: over its rate limit", code, WINDOW)
    if code in BUSY or code in STALE:
        return WecomFailed("later", f"WeCom says {code}: busy" if code in BUSY else f"WeCom says {code}: the token is not good", code)
    return WecomFailed("rejected", f"WeCom says {code}{_briefly(answer)}", code)


def _from(answer: Mapping[str, Any]) -> str:
    found = _ADDRESS.search(str(answer.get("errmsg") or ""))
    return f": add {found[1].rstrip('.:')}" if found else ""


def _briefly(answer: Mapping[str, Any]) -> str:
    """Its first words, as the documentation has them: what follows (a hint, an address) may repeat what was sent."""
    words = str(answer.get("errmsg") or "").partition(",")[0].partition("hint")[0]
    plain = re.sub(r"[^\w .()%-]+", " ", words).strip()[:80]
    return f": {plain}" if plain else ""
