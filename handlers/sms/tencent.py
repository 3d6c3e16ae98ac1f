"""Tencent Cloud's text messages: SendSms of 2021-01-11, signed with TC3-HMAC-SHA256. Not tried against the live service.

`doctor` reads the template instead of sending: https://www.tencentcloud.com/document/product/382/40524
The template belongs to the operator, so the URL says which values it takes and in which order: `params=ticket,shop,until,link` (all that
there are; `ticket,link` without it).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import aiohttp

from bot.errors import BadSetting, DeliveryFailed
from bot.ports import Clock
from handlers import tc3

HOST, SEND, READ, VERSION = "sms.tencentcloudapi.com", "SendSms", "DescribeSmsTemplateList", "2021-01-11"
KNOWN = ("ticket", "shop", "until", "link")
HOW = "write tencent://SECRET_ID:SECRET_KEY@REGION/APP_ID/TEMPLATE_ID?sign=…"
LIMIT = 4.5  # seconds
# Codes that another try may mend: https://cloud.tencent.com/document/product/382/59177. All others say no for good.
_LATER = (
    "RequestLimitExceeded", "LimitExceeded.", "InternalError", "FailedOperation.InsufficientBalanceInSmsPackage", "ResourceUnavailable",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Account:
    """What the URL says."""

    secret_id: str
    secret_key: str
    region: str
    app_id: str
    template_id: str
    sign: str
    params: tuple[str, ...]
    base: str


def account(url: str) -> Account:
    """Of DESKBELL_SMS_URL. Raises BadSetting, which shows nothing of it."""
    parts = urlsplit(url)
    asked = parse_qs(parts.query)
    path = parts.path.strip("/").split("/")
    placed = len(path) == 2 and path[0] and path[1].isdecimal()
    if not (parts.username and parts.password and parts.hostname and placed and asked.get("sign")):
        raise BadSetting(f"DESKBELL_SMS_URL: {HOW}")
    params = tuple(asked.get("params", ["ticket,link"])[0].split(","))
    if not set(params) <= set(KNOWN):
        raise BadSetting(f"DESKBELL_SMS_URL: params may name {', '.join(KNOWN)}")
    base = asked.get("base", [f"https://{HOST}"])[0].rstrip("/")
    return Account(unquote(parts.username), unquote(parts.password), parts.hostname, path[0], path[1], asked["sign"][0], params, base)


class Tencent:
    """Sends through one application's template."""

    def __init__(self, given: Account, session: aiohttp.ClientSession, clock: Clock) -> None:
        self._account, self._session, self._clock = given, session, clock
        self._untried: str | None = None

    async def problem(self) -> str | None:
        """Whether the key is good and the template there, approved, and of as many values as the URL names."""
        self._untried = "key and template are fine; whether the application and the sign are shows only when a text message is sent"
        try:
            for abroad in (0, 1):  # a template is for mainland China or for the rest of the world
                template = await self._template(abroad)
                if template is not None:
                    return _fault(template, self._account)
        except DeliveryFailed as failed:
            return failed.why
        except PermissionError:
            self._untried = f"the key is good, but may not call {READ}: the template was not looked at"
            return None
        return f"Tencent Cloud: this account has no template {self._account.template_id}; see TEMPLATE_ID in DESKBELL_SMS_URL"

    async def untried(self) -> str | None:
        """What only a text message would show."""
        return self._untried

    async def send(self, to: str, text: str, params: dict[str, str]) -> None:
        """Once. Raises DeliveryFailed."""
        mine = self._account
        said = await self._asked(SEND, {
            "PhoneNumberSet": [to], "SmsSdkAppId": mine.app_id, "SignName": mine.sign, "TemplateId": mine.template_id,
            "TemplateParamSet": [params.get(name, "") for name in mine.params],
        })  # fmt: skip
        _judged(said)

    async def _template(self, abroad: int) -> dict[str, Any] | None:
        """As Tencent Cloud has it. Raises DeliveryFailed with what to mend, PermissionError where this key may not ask."""
        said = await self._asked(READ, {"TemplateIdSet": [int(self._account.template_id)], "International": abroad})
        response = said.get("Response") if isinstance(said, dict) else None
        if not isinstance(response, dict):
            raise DeliveryFailed("unknown", "Tencent Cloud's answer is not understood")
        code = str((response.get("Error") or {}).get("Code") or "")
        if "UnauthorizedOperation" in code:
            raise PermissionError(code)
        if code.startswith("AuthFailure"):
            clock = "; is this machine's clock right?" if "Expire" in code else ""
            raise DeliveryFailed("rejected", f"Tencent Cloud: {code[:80]}: see SECRET_ID and SECRET_KEY in DESKBELL_SMS_URL{clock}")
        if code and "NotExist" not in code:
            raise DeliveryFailed("rejected", f"Tencent Cloud: {code[:80]}")
        found = [each for each in response.get("DescribeTemplateStatusSet") or [] if isinstance(each, dict)]
        return found[0] if found else None

    async def _asked(self, action: str, asked: dict[str, Any]) -> Any:
        """Its answer's JSON. Raises DeliveryFailed."""
        mine = self._account
        body = json.dumps(asked, ensure_ascii=False).encode()
        headers = signed(mine, body, self._clock.now(), action)
        try:
            timeout = aiohttp.ClientTimeout(total=LIMIT, connect=2)
            async with self._session.post(f"{mine.base}/", data=body, headers=headers, timeout=timeout, allow_redirects=False) as answer:
                return await answer.json(content_type=None)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            raise DeliveryFailed("later", "Tencent Cloud cannot be reached") from None
        except (aiohttp.ClientError, TimeoutError, ValueError, OSError):
            raise DeliveryFailed("unknown", "Tencent Cloud did not answer") from None


def signed(mine: Account, body: bytes, now: datetime, action: str = SEND) -> dict[str, str]:
    """The headers of a request."""
    return tc3.signed(
        mine.secret_id, mine.secret_key, service="sms", base=mine.base, region=mine.region, action=action, version=VERSION, body=body,
        now=now,
    )  # fmt: skip


def _fault(template: dict[str, Any], mine: Account) -> str | None:
    """What keeps this template from being sent; None: nothing."""
    state, name = template.get("StatusCode"), f"Tencent Cloud: the template {mine.template_id}"
    if state != 0:  # 0 approved, 1 under review, -1 refused
        reply = str(template.get("ReviewReply") or "")[:80]
        return f"{name} is under review" if state == 1 else f"{name} was refused in review: {reply or 'no reason given'}"
    takes = len(set(re.findall(r"\{([0-9]+)\}", str(template.get("TemplateContent") or ""))))
    if "TemplateContent" in template and takes != len(mine.params):
        return f"{name} takes {takes} value(s), but params in DESKBELL_SMS_URL gives {len(mine.params)}: {','.join(mine.params)}"
    return None


def _judged(said: Any) -> None:
    """HTTP is 200 whatever happened: the answer's own codes count."""
    response = said.get("Response") if isinstance(said, dict) else None
    if not isinstance(response, dict):
        raise DeliveryFailed("unknown", "Tencent Cloud's answer is not understood")
    states = response.get("SendStatusSet") or [{}]
    code = str((response.get("Error") or {}).get("Code") or states[0].get("Code") or "")
    if code != "Ok":
        later = not code or code.startswith(_LATER)
        raise DeliveryFailed("later" if later else "rejected", f"Tencent Cloud: {code[:80] or 'no code'}")
