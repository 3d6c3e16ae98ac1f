"""What a merchant's profile holds, and what is still missing before it can be enabled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.records import Merchant

DEFAULTS: dict[str, Any] = {
    "registered_in": None, "legal_representative": {}, "notify": {}, "onboarding": {}, "privacy": {"gdpr_mode": True},
    "retention_days": 180, "archive": {"enabled": True}, "buyer_mail": False, "language_rules": ["id-ID", "ms-MY"],
}  # fmt: skip
DOCUMENTS = ("business_licence", "legal_rep_id", "bank_permit")


def profile(doc: Mapping[str, Any]) -> dict[str, Any]:
    """The document's profile part with its defaults filled in."""
    return {key: default if doc.get(key) is None else doc[key] for key, default in DEFAULTS.items()}


def missing(merchant: Merchant) -> list[str]:
    """What `enable` still needs, by the names of the merchant's document; [] when nothing."""
    full = merchant.profile
    onboarding: Mapping[str, Any] = full.get("onboarding") or {}
    kyc: Mapping[str, Any] = onboarding.get("kyc") or {}
    lacking = []
    if not onboarding.get("kyc_verified"):
        lacking += [f"onboarding.kyc.{name}" for name in DOCUMENTS if not kyc.get(name)]
    if not onboarding.get("settlement_accounts"):
        lacking.append("onboarding.settlement_accounts")
    if _version(str(onboarding.get("api_key_version") or "0")) < (2, 1):
        lacking.append("onboarding.api_key_version")
    if not any(value for key, value in merchant.notify.items() if key != "slack_team_id"):
        lacking.append("notify")
    if not (full.get("legal_representative") or {}).get("phone"):
        lacking.append("legal_representative.phone")
    if not (full.get("archive") or {}).get("enabled") or int(full.get("retention_days") or 0) < 180:
        lacking.append("archive")
    return lacking


def warnings(merchant: Merchant) -> list[str]:
    """What works and had better be otherwise: the AI bot has one connection, which can be away, and speaks only where it was spoken to."""
    told = {key for key, value in merchant.notify.items() if value and key != "slack_team_id"}
    return ["notify_only_bot"] if told == {"wecom_bot_chat_id"} else []


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text)[:3])
