"""Every setting of CONTRACT §2, read once; a wrong one stops the start with one line that names it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.errors import BadSetting

PREFIX = "DESKBELL_"
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_ISO = re.compile(r"^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$", re.IGNORECASE | re.ASCII)
_SHORT = re.compile(r"^(?:\d+(?:\.\d+)?[smhdw])+$", re.ASCII)


def duration(text: str) -> timedelta:
    """`90s`, `15m`, `2h`, `3d`, `1h30m`, `0`, or ISO 8601 (`PT2H`). Raises ValueError."""
    text = text.strip()
    if text == "0":
        return timedelta()
    if _SHORT.match(text.lower()):
        parts = re.findall(r"(\d+(?:\.\d+)?)([smhdw])", text.lower())
        return _bounded(sum(float(number) * _UNITS[unit] for number, unit in parts))
    found = _ISO.match(text)
    if found and any(found.groups()):
        weeks, days, hours, minutes, seconds = (float(part or 0) for part in found.groups())
        return _bounded(weeks * 604800 + days * 86400 + hours * 3600 + minutes * 60 + seconds)
    raise ValueError("write a duration such as 90s, 15m, 2h, 3d or PT2H")


def _bounded(seconds: float) -> timedelta:
    if seconds > 10 * 366 * 86400:
        raise ValueError("longer than ten years")
    return timedelta(seconds=seconds)


def _positive(text: str) -> timedelta:
    span = duration(text)
    if span <= timedelta():
        raise ValueError("must be longer than nothing")
    return span


def _retention(text: str) -> timedelta:
    span = duration(text)
    if span < timedelta(days=180):
        raise ValueError("less than 180d is refused: records must be kept so long")
    return span


def _switch(text: str) -> bool:
    if text.lower() not in ("0", "1", "true", "false"):
        raise ValueError("write 0 or 1")
    return text.lower() in ("1", "true")


def _port(text: str) -> int:
    if not text.isdigit() or not 0 <= int(text) <= 65535:
        raise ValueError("write a port number, 0 to 65535")
    return int(text)


def _count(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise ValueError("write a whole number from 1")
    return int(text)


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise ValueError("write a number such as 3.0") from None
    if not 0 < value < 1e9:
        raise ValueError("write a number above 0")
    return value


def is_zone(text: str) -> bool:
    """Whether this is an IANA time zone, the same on every machine (`localtime` is not), without leap seconds (`right/…` has them)."""
    if text.startswith(("posix/", "right/")) or text in ("localtime", "posixrules", "Factory"):
        return False
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _zone(text: str) -> str:
    if not is_zone(text):
        raise ValueError("write an IANA time zone such as Asia/Shanghai")
    return text


def _shares(text: str) -> tuple[float, ...]:
    try:
        shares = tuple(sorted({float(part) for part in text.split(",") if part.strip()}))
    except ValueError:
        raise ValueError("write shares such as 0.5,0.8, or nothing for none") from None
    if any(not 0 < share < 1 for share in shares):
        raise ValueError("each share is between 0 and 1")
    return shares


def _one_of(*known: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in known:
            raise ValueError(f"write one of {', '.join(known)}")
        return text

    return read


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _database(text: str) -> str:
    scheme = text.partition("://")[0].partition("+")[0]
    if scheme not in ("sqlite", "postgresql", "postgres"):
        raise ValueError("write sqlite:///file.db or postgresql://user:password@host/database")
    return text


def _url(*schemes: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if urlsplit(text).scheme not in schemes:
            raise ValueError(f"write a URL that begins with {' or '.join(f'{scheme}://' for scheme in schemes)}")
        return text

    return read


def _text(text: str) -> str:
    return text


@dataclass(frozen=True, slots=True)
class Settings:
    """One field per variable of CONTRACT §2, in lower case. None: not set. `repr` shows no secret."""

    database_url: str = field(default="sqlite:///deskbell.db", repr=False)
    redis_url: str | None = field(default=None, repr=False)
    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str = ""
    admin_token: str | None = field(default=None, repr=False)
    secret_key: str | None = field(default=None, repr=False)
    timezone: str = "Asia/Shanghai"
    locale: str = "zh"
    provider: tuple[str, ...] = ("uqpay",)
    sla_tier1: timedelta = timedelta(hours=2)
    sla_tier2: timedelta = timedelta(hours=24)
    sla_tier3: timedelta = timedelta(hours=72)
    sla_warn: tuple[float, ...] = (0.5, 0.8)
    first_response_by: str = "claim"
    risk_surge: float = 3.0
    risk_surge_min: int = 10
    risk_ip_disputes: int = 5
    risk_ip_window: timedelta = timedelta(hours=24)
    risk_freeze: timedelta = timedelta(hours=2)
    slack_bot_token: str | None = field(default=None, repr=False)
    slack_signing_secret: str | None = field(default=None, repr=False)
    slack_app_token: str | None = field(default=None, repr=False)
    slack_client_id: str | None = None
    slack_client_secret: str | None = field(default=None, repr=False)
    slack_channel: str | None = None
    slack_api_url: str | None = None
    wecom_corp_id: str | None = None
    wecom_agent_id: str | None = None
    wecom_secret: str | None = field(default=None, repr=False)
    wecom_token: str | None = field(default=None, repr=False)
    wecom_aes_key: str | None = field(default=None, repr=False)
    wecom_robot_key: str | None = field(default=None, repr=False)
    wecom_bot_id: str | None = None
    wecom_bot_secret: str | None = field(default=None, repr=False)
    wecom_api_url: str | None = None
    smtp_url: str | None = field(default=None, repr=False)
    mail_from: str | None = None
    sms_url: str | None = field(default=None, repr=False)
    retention: timedelta = timedelta(days=180)
    auto_close: timedelta = timedelta(hours=48)
    auto_archive: timedelta = timedelta(days=30)
    heartbeat_url: str | None = field(default=None, repr=False)
    webhook_allow_private: bool = False
    edges: tuple[str, ...] | None = None
    translate_url: str | None = field(default=None, repr=False)
    refund_check_fails: str = "closed"
    unfreeze_on_close: bool = False
    remind_every: timedelta = timedelta(minutes=30)
    role: str = "all"
    target_labels: tuple[str, str, str] | None = None  # `demo` alone sets it: what its short targets stand for

    @property
    def base_url(self) -> str:
        """PUBLIC_URL, without its last slash."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")


_READERS: dict[str, Callable[[str], Any]] = {
    "database_url": _database, "redis_url": _url("redis", "rediss", "unix"), "port": _port, "public_url": _url("http", "https"),
    "timezone": _zone, "locale": _one_of("zh", "en"), "provider": _names,
    "sla_tier1": _positive, "sla_tier2": _positive, "sla_tier3": _positive, "sla_warn": _shares,
    "first_response_by": _one_of("claim", "reply"), "risk_surge": _number, "risk_surge_min": _count, "risk_ip_disputes": _count,
    "risk_ip_window": _positive, "risk_freeze": _positive, "slack_api_url": _url("http", "https"), "wecom_api_url": _url("http", "https"),
    "smtp_url": _url("smtp", "smtps", "smtp+starttls"), "retention": _retention, "auto_close": _positive, "auto_archive": _positive,
    "heartbeat_url": _url("http", "https"), "webhook_allow_private": _switch, "edges": _names,
    "refund_check_fails": _one_of("closed", "open"), "unfreeze_on_close": _switch, "remind_every": duration,
    "role": _one_of("all", "web", "worker"),
}  # fmt: skip
_KEEPS_EMPTY = {"sla_warn"}  # an empty value means something there: none


def read(environment: Mapping[str, str]) -> Settings:
    """Settings from variables named `DESKBELL_…`. Raises BadSetting; its message never shows the value of a wrong one."""
    known = set(Settings.__dataclass_fields__) - {"target_labels"}
    given: dict[str, Any] = {}
    for variable, text in environment.items():
        if not variable.startswith(PREFIX):
            continue
        name = variable.removeprefix(PREFIX).lower()
        if name not in known:
            raise BadSetting(f"{variable}: there is no such setting")
        if not text.strip() and name not in _KEEPS_EMPTY:
            continue
        try:
            given[name] = _READERS.get(name, _text)(text.strip())
        except ValueError as wrong:
            raise BadSetting(f"{variable}: {wrong}") from None
    settings = Settings(**given)
    if not settings.sla_tier1 <= settings.sla_tier2 <= settings.sla_tier3:
        raise BadSetting("DESKBELL_SLA_TIER2: targets must grow from tier 1 to tier 3")
    if settings.smtp_url and not settings.mail_from:
        raise BadSetting("DESKBELL_MAIL_FROM: needed with SMTP_URL, the address that mail comes from")
    return settings
