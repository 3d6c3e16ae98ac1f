"""Mail handed in to a real SMTP server on loopback, and every way in which that can fail."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from bot.clock import SystemClock
from bot.errors import DeliveryFailed
from bot.messages import Address
from handlers.email.channel import EmailChannel
from handlers.email.mail import mailbox
from handlers.email.server import server
from tests.email_.certificate import certificate
from tests.email_.samples import notice
from tests.fakes.smtp import FakeSmtp


@contextlib.asynccontextmanager
async def channel_to(smtp: FakeSmtp, *, limit: float = 5.0, most: int = 4, url: str = "") -> AsyncIterator[EmailChannel]:
    channel = EmailChannel(server(url or smtp.url), mailbox("Deskbell <desk@deskbell.example>"), SystemClock(), limit=limit, most=most)
    try:
        yield channel
    finally:
        await channel.close()


@pytest.fixture
async def smtp() -> AsyncIterator[FakeSmtp]:
    async with FakeSmtp() as fake:
        yield fake


async def failure(channel: EmailChannel, **more) -> DeliveryFailed:
    with pytest.raises(DeliveryFailed) as failed:
        await channel.send(notice(**more))
    return failed.value


async def test_a_mail_arrives_and_its_receipt_names_it_for_the_next_one(smtp):
    async with channel_to(smtp) as channel:
        receipt = await channel.send(notice("zh"))
        await channel.send(notice("zh", id="dlv_2", thread=receipt))
    first, second = smtp.mails
    assert first.to == ("ops@merchant.example",)
    assert first.sender == "desk@deskbell.example"
    assert first.subject == "无人响应：T-1024 已超过 2 小时响应时限 · 收到的台灯开关是坏的"
    assert second.message["References"] == first.message["Message-ID"] == receipt["message_id"]


@pytest.mark.parametrize(
    ("fault", "outcome", "arrived"),
    [
        ("rcpt_4xx", "later", 0), ("rcpt_5xx", "rejected", 0), ("data_4xx", "later", 0), ("data_5xx", "rejected", 0),
        ("drop_at_rcpt", "later", 0), ("lost_reply", "unknown", 1), ("hang", "later", 0), ("hang_after_data", "unknown", 1),
    ],
)  # fmt: skip
async def test_a_failure_says_whether_to_try_again(smtp, fault, outcome, arrived):
    async with channel_to(smtp, limit=0.4 if "hang" in fault else 5.0) as channel:
        smtp.fault = fault
        failed = await failure(channel)
        assert failed.outcome == outcome
        assert len(smtp.mails) == arrived
        assert "ops@merchant.example" not in failed.why
        smtp.fault = None
        await channel.send(notice())  # the next mail is not hurt by the one before
        assert len(smtp.mails) == arrived + 1


async def test_a_server_that_is_down_is_tried_later_and_found_again(smtp):
    async with channel_to(smtp) as channel:
        await channel.send(notice())
        await smtp.stop()
        assert (await failure(channel)).outcome == "later"
        await smtp.start()
        await channel.send(notice())
    assert len(smtp.mails) == 2


async def test_a_server_that_was_started_anew_between_two_mails_costs_neither(smtp):
    async with channel_to(smtp) as channel:
        await channel.send(notice())
        await smtp.stop()
        await smtp.start()
        await channel.send(notice())
    assert len(smtp.mails) == 2


async def test_an_address_that_is_none_is_rejected_before_anybody_is_asked(smtp):
    async with channel_to(smtp) as channel:
        failed = await failure(channel, address=Address("email", "a@x.example\r\nRCPT TO:<b@y.example>"))
    assert failed.outcome == "rejected"
    assert smtp.connections == 0


async def test_many_mails_share_a_few_connections(smtp):
    smtp.delay = 0.01
    async with channel_to(smtp, most=3) as channel:
        await asyncio.gather(*(channel.send(notice(id=f"dlv_{number}")) for number in range(40)))
    assert len(smtp.mails) == 40
    assert smtp.most_at_once == 3
    assert smtp.connections == 3


async def test_a_connection_is_not_used_for_ever(smtp):
    async with channel_to(smtp, most=1) as channel:
        for number in range(60):
            await channel.send(notice(id=f"dlv_{number}"))
    assert len(smtp.mails) == 60
    assert smtp.connections == 2


async def test_who_waits_too_long_for_a_connection_is_told_to_come_later(smtp):
    async with channel_to(smtp, limit=0.1, most=1) as channel, channel._pool.connection():
        failed = await failure(channel)
    assert failed.outcome == "later"
    assert smtp.mails == []


@pytest.mark.parametrize("implicit", [True, False])
async def test_mail_goes_over_tls_with_a_login(tmp_path, monkeypatch, implicit):
    context, trusted = certificate(tmp_path)
    async with FakeSmtp(user="me@desk", password="p:/@密", tls=context, implicit_tls=implicit) as smtp, channel_to(smtp) as channel:
        untrusted = await failure(channel)
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        await channel.send(notice())
    assert untrusted.outcome == "later"
    assert "certificate is not trusted" in untrusted.why
    assert len(smtp.mails) == 1


async def test_a_password_does_not_go_in_the_clear_where_the_server_offers_tls(tmp_path, monkeypatch):
    context, trusted = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    async with (
        FakeSmtp(user="me", password="pw", tls=context) as smtp,
        channel_to(smtp, url=smtp.url.replace("smtp+starttls", "smtp")) as channel,
    ):
        await channel.send(notice())  # the fake refuses a login before STARTTLS
    assert len(smtp.mails) == 1


async def test_a_wrong_password_is_rejected_and_shown_to_nobody():
    async with FakeSmtp(user="me", password="right") as smtp, channel_to(smtp, url=f"smtp://me:hunter2@localhost:{smtp.port}") as channel:
        failed = await failure(channel)
    assert failed.outcome == "rejected"
    assert "535" in failed.why
    assert "hunter2" not in failed.why
