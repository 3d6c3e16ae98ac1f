"""Tencent Cloud's SendSms: its signature, its template's values, its codes, its URL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiohttp
import pytest

from bot.errors import BadSetting, DeliveryFailed
from bot.messages import Address, Notice
from handlers.sms.channel import SmsChannel
from handlers.sms.edge import Sms
from handlers.sms.tencent import Account, Tencent, account, signed
from handlers.sms.text import number
from tests.clock import PushedClock
from tests.fakes.sms import FakeSms

NOTICE = Notice(
    "dlv_1", Address("sms", "legal_representative:m1"), "tier3", "T-1024 missed its target",
    data={"ticket": "T-1024", "shop": "lights-sg", "until": "2026-11-24 00:00", "link": "https://desk.example/reports/T-1024.pdf?key=k"},
    route={"phone": "138-0013-8000"}, locale="zh",
)  # fmt: skip


@pytest.fixture
async def sms() -> AsyncIterator[FakeSms]:
    service = FakeSms()
    await service.start()
    yield service
    await service.stop()


@pytest.fixture
async def channel(sms: FakeSms) -> AsyncIterator[SmsChannel]:
    async with aiohttp.ClientSession() as session:
        yield SmsChannel(Tencent(account(sms.tencent_url), session, PushedClock()))


async def test_the_template_gets_its_values_in_the_order_that_the_url_names(sms: FakeSms, channel: SmsChannel) -> None:
    await channel.send(NOTICE)
    (body,) = sms.taken
    assert body == {
        "PhoneNumberSet": ["+8613800138000"], "SmsSdkAppId": "1400006666", "SignName": "Deskbell", "TemplateId": "449739",
        "TemplateParamSet": ["T-1024", "lights-sg", "2026-11-24 00:00", "https://desk.example/reports/T-1024.pdf?key=k"],
    }  # fmt: skip
    (headers,) = sms.headers
    assert (headers["X-TC-Action"], headers["X-TC-Version"], headers["X-TC-Region"]) == ("SendSms", "2021-01-11", "ap-singapore")


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("FailedOperation.TemplateIncorrectOrUnapproved", "rejected"), ("AuthFailure.SignatureFailure", "rejected"),
        ("RequestLimitExceeded", "later"), ("LimitExceeded.PhoneNumberDailyLimit", "later"), ("InternalError.OtherError", "later"),
        ("lost_reply", "unknown"),
    ],
)  # fmt: skip
async def test_its_codes_say_whether_another_try_makes_sense(sms: FakeSms, channel: SmsChannel, code: str, outcome: str) -> None:
    sms.fault = code
    with pytest.raises(DeliveryFailed) as failed:
        await channel.send(NOTICE)
    assert failed.value.outcome == outcome
    assert "cret" not in failed.value.why


CHECKED = [
    ({}, "", None, "key and template are fine"),
    ({(449739, 1): {"StatusCode": 0}}, "", None, "key and template are fine"),
    ({(449739, 0): {"StatusCode": 1}}, "", "is under review", ""),
    ({(449739, 0): {"StatusCode": -1, "ReviewReply": "no sign"}}, "", "refused in review: no sign", ""),
    ({(449739, 0): {"StatusCode": 0, "TemplateContent": "{1}: {2}"}}, "", "takes 2 value(s), but params in DESKBELL_SMS_URL gives 4", ""),
    ({(1, 0): {"StatusCode": 0}}, "", "no template 449739", ""),
    (None, "AuthFailure.SecretIdNotFound", "SECRET_ID", ""),
    (None, "AuthFailure.SignatureExpire", "clock", ""),
    (None, "UnauthorizedOperation.Restricted", None, "may not call DescribeSmsTemplateList"),
    (None, "UnsupportedRegion", "UnsupportedRegion", ""),
]  # fmt: skip


@pytest.mark.parametrize(("templates", "fault", "wrong", "untried"), CHECKED)
async def test_the_doctor_reads_the_template_and_sends_nothing(
    sms: FakeSms, templates: dict[tuple[int, int], dict[str, object]] | None, fault: str, wrong: str | None, untried: str
) -> None:
    sms.templates, sms.fault = templates or sms.templates, fault or None
    async with aiohttp.ClientSession() as session:
        edge = Sms(Tencent(account(sms.tencent_url), session, PushedClock()))
        said = await edge.check()
        assert (said is None) if wrong is None else (said is not None and wrong in said), said
        if wrong is None:
            assert untried in str(await edge.untried())
    assert sms.taken == []
    assert "s/cret" not in str(said)


async def test_the_doctor_says_that_the_key_is_wrong_or_that_nobody_answers(sms: FakeSms) -> None:
    async with aiohttp.ClientSession() as session:
        sms.keys = {"AKIDfake": "another"}
        edge = Sms(Tencent(account(sms.tencent_url), session, PushedClock()))
        assert "SignatureFailure" in str(await edge.check())
    await sms.stop()
    async with aiohttp.ClientSession() as session:
        assert "cannot be reached" in str(await Sms(Tencent(account(sms.tencent_url), session, PushedClock())).check())


def test_the_signature_is_what_the_vendors_own_sdk_makes() -> None:
    mine = Account("AKIDEXAMPLE", "secret", "ap-guangzhou", "1", "2", "s", ("ticket",), "https://sms.tencentcloudapi.com")
    made = signed(mine, b'{"Limit": 1}', datetime(2019, 2, 25, 16, 44, 25, tzinfo=UTC))
    assert made["X-TC-Timestamp"] == "1551113065"
    assert made["Authorization"] == (
        "TC3-HMAC-SHA256 Credential=AKIDEXAMPLE/2019-02-25/sms/tc3_request, SignedHeaders=content-type;host, "
        "Signature=3833fe091e086325a0f82ff5d38fe6bf48c58792c2cd5d19fceb1a617a6444fd"
    )


@pytest.mark.parametrize(
    "url",
    [
        "tencent://",
        "tencent://a:b@r/1?sign=s",
        "tencent://a:b@r/1/2",
        "tencent://a:b@r/1/2?sign=s&params=phone",
        "tencent://a:b@r/1/mine?sign=s",
    ],
)
def test_half_a_url_names_the_setting_and_shows_nothing_of_it(url: str) -> None:
    with pytest.raises(BadSetting, match="DESKBELL_SMS_URL"):
        account(url)


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("+86 138 0013 8000", "+8613800138000"),
        ("13800138000", "+8613800138000"),
        ("0065 8123-4567", "+6581234567"),
        ("+65 (8123) 4567", "+6581234567"),
    ],
)
def test_a_number_is_dialled_with_its_country_code(written: str, dialled: str) -> None:
    assert number(written) == dialled


@pytest.mark.parametrize("written", ["", "ask Mei", "8123 4567", "+0123456789", "+12345678901234567"])
def test_what_cannot_be_dialled_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="country code"):
        number(written)
