"""A self-built app as this edge knows it: the settings' one (the operator's), or a merchant's own from its account."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.errors import BadSetting
from bot.records import OPERATOR
from bot.settings import Settings

STANDING = "-"  # the operator's app in the settings
_NEEDED = ("wecom_corp_id", "wecom_agent_id", "wecom_secret")


@dataclass(frozen=True, slots=True)
class App:
    """`id` is the account's, `-` for the settings' app."""

    id: str
    corp_id: str
    agent_id: int
    secret: str = field(repr=False)

    @property
    def mark(self) -> str:
        """Tells apps and their secrets apart and betrays none: for the cache's keys."""
        return hashlib.sha256(f"{self.corp_id}|{self.agent_id}|{self.secret}".encode()).hexdigest()[:24]


def standing(settings: Settings) -> App | None:
    """The settings' app, or None where there is none. Raises BadSetting when a part is missing or no number."""
    missing = [name for name in _NEEDED if not getattr(settings, name)]
    if len(missing) == len(_NEEDED):
        return None
    if missing:
        others = ", ".join(name.upper() for name in _NEEDED if name not in missing)
        raise BadSetting(f"DESKBELL_{missing[0].upper()}: needed with {others}; the app's page in WeCom's admin console has it")
    if not str(settings.wecom_agent_id).isdecimal():
        raise BadSetting("DESKBELL_WECOM_AGENT_ID: write the app's AgentId, a number such as 1000002")
    return App(STANDING, settings.wecom_corp_id or "", int(settings.wecom_agent_id or 0), settings.wecom_secret or "")


def of_account(account: Mapping[str, Any]) -> App:
    """An opened account of the channel `wecom`: `id, corp_id, agent_id, secret` and more."""
    return App(str(account["id"]), str(account["corp_id"]), int(account["agent_id"]), str(account["secret"]))


def reached(person: Any) -> str | None:
    """For `Abilities.person`: `MERCHANT/userid`; the operator's own people are `-/userid`."""
    return f"{person.merchant_id or OPERATOR}/{person.wecom_user_id.lower()}" if person.wecom_user_id else None


def through(target: str) -> str:
    """For `Abilities.owner`: the merchant whose app reaches this target, where it has one."""
    return target.partition("/")[0]


def userid(target: str) -> str:
    """What stands behind the merchant: a userid, or a group's chat id."""
    return target.partition("/")[2]
