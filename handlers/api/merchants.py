"""Merchants: put, read, list, enable."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from bot.messages import Doc, Enable
from handlers.api.fields import Answer, Country, Email, Id, LanguageTag, Listing, Locale, Model, Name, PhoneOrMask, Reference, Zone
from handlers.api.route import Call, Route
from handlers.api.usual import get, listed, put

_Version = Annotated[str, Field(pattern=r"^[0-9]{1,4}(?:\.[0-9]{1,4}){0,3}$", examples=["2.1"])]
Version = Annotated[_Version | Annotated[float, Field(ge=0, lt=1000)], AfterValidator(str)]


class LegalRepresentative(Model):
    """Who gets the report's SMS. The phone is shown by its last digits; given back so, it stays."""

    name: Name | None = None
    phone: PhoneOrMask | None = None


class Notify(Model):
    """Where its alerts go."""

    emails: Annotated[list[Email], Field(max_length=50)] | None = None
    slack_channel: Reference | None = None
    slack_team_id: Id | None = None
    wecom_robot_key: Reference | None = None
    wecom_group_chat_id: Reference | None = None
    wecom_bot_chat_id: Reference | None = None


class Kyc(Model):
    """The three documents: there (`true`, or a reference to it), or not."""

    business_licence: bool | Name | None = None
    legal_rep_id: bool | Name | None = None
    bank_permit: bool | Name | None = None


class SettlementAccount(Model):
    """Where its money goes."""

    kind: Literal["cn_corporate", "offshore", "sg_local", "my_local"]
    country: Country


class Onboarding(Model):
    """What enabling asks for."""

    kyc_verified: bool | None = None
    kyc: Kyc | None = None
    settlement_accounts: Annotated[list[SettlementAccount], Field(max_length=50)] | None = None
    api_key_version: Version | None = None


class Privacy(Model):
    """GDPR mode masks; without it a full phone number is refused."""

    gdpr_mode: bool | None = None


class Archive(Model):
    """Whether closed tickets are archived."""

    enabled: bool | None = None


class Merchant(Model):
    """A merchant as it is put: what is left out gets its default."""

    name: Name
    timezone: Zone | None = None
    locale: Locale | None = None
    registered_in: Country | None = None
    legal_representative: LegalRepresentative | None = None
    notify: Notify | None = None
    onboarding: Onboarding | None = None
    privacy: Privacy | None = None
    retention_days: Annotated[int, Field(ge=1, le=36500)] | None = None
    archive: Archive | None = None
    buyer_mail: bool | None = None
    language_rules: Annotated[list[LanguageTag], Field(max_length=50)] | None = None


class MerchantAnswer(Answer):
    """A merchant with its whole profile."""

    id: str
    name: str
    timezone: str
    locale: str
    enabled: bool
    enabled_at: str | None


class EnabledAnswer(MerchantAnswer):
    """The merchant, with what works and had better be otherwise."""

    warnings: list[Literal["notify_only_bot"]]


async def _enable(call: Call) -> Doc:
    return await call.desk.configure(Enable(call.path["id"], within=call.within, by=call.by), call.once)


_ONE = "/v1/merchants/{id}"
ROUTES = (
    Route("PUT", _ONE, "Create or replace a merchant", put("merchants"), "settings:write", body=Merchant, answer=MerchantAnswer),
    Route("GET", _ONE, "Read a merchant", get("merchants"), "settings:read", answer=MerchantAnswer),
    Route("GET", "/v1/merchants", "List merchants", listed("merchants"), "settings:read", query=Listing, answer=MerchantAnswer, many=True),
    Route(
        "POST", f"{_ONE}/enable", "Enable a merchant", _enable, "settings:write", answer=EnabledAnswer,
        refusals=("onboarding_incomplete",), notes="409 lists what is still `missing`.",
    ),
)  # fmt: skip
