"""The `state` of an installation: ours, of this browser, for ten minutes. Pure. https://docs.slack.dev/authentication/installing-with-oauth

`EXPIRES.RANDOM.SIGNATURE`; the signature covers the browser's cookie too, which is nowhere in it.
"""

from __future__ import annotations

import hmac
import re
import secrets
from datetime import datetime, timedelta

GOOD_FOR = timedelta(minutes=10)
_COOKIE = re.compile(r"[0-9a-f]{32}")
_STATE = re.compile(r"([0-9]{10})\.([0-9a-f]{32})\.([0-9a-f]{64})")


def browser(cookie: str | None) -> str:
    """What the browser is known by: its cookie, where it has a sound one (another tab's state still works then), else a new one."""
    return cookie if cookie and _COOKIE.fullmatch(cookie) else secrets.token_hex(16)


def made(secret: str, cookie: str, now: datetime) -> str:
    """A new one."""
    expires, random = str(int((now + GOOD_FOR).timestamp())), secrets.token_hex(16)
    return f"{expires}.{random}.{_signature(secret, expires, random, cookie)}"


def once(secret: str, state: str, cookie: str | None, now: datetime) -> str | None:
    """What is unique to it, to be used up; None: it is not ours, another browser's, or too old."""
    found = _STATE.fullmatch(state)
    if found is None or cookie is None or not _COOKIE.fullmatch(cookie):
        return None
    expires, random, signature = found.groups()
    if not hmac.compare_digest(_signature(secret, expires, random, cookie), signature):
        return None
    return random if now.timestamp() <= int(expires) else None


def _signature(secret: str, expires: str, random: str, cookie: str) -> str:
    return hmac.new(secret.encode(), f"slack-install|{expires}|{random}|{cookie}".encode(), "sha256").hexdigest()
