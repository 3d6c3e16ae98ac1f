"""The edge: connected or not, and what `doctor` is told."""

from __future__ import annotations

import socket
from contextlib import AsyncExitStack

import pytest

from bot.clock import SystemClock
from bot.errors import BadSetting
from bot.settings import Settings
from handlers.edge import World, load
from handlers.email.edge import connect
from storage.cache import MemoryCache
from tests.clock import PushedClock
from tests.email_.certificate import certificate
from tests.fakes.smtp import FakeSmtp


class NoCache(MemoryCache):
    """Mail needs none."""

    async def take(self, key, burst, per_minute):
        raise AssertionError


async def checked(url: str | None, sender: str = "Deskbell <desk@deskbell.example>") -> str | None:
    async with AsyncExitStack() as closing:
        edge = await connect(World(Settings(smtp_url=url, mail_from=sender), SystemClock(), NoCache(PushedClock()), closing))
        assert edge.routes(None) == []  # type: ignore[arg-type]
        return await edge.check()


async def test_without_a_server_there_is_no_channel_and_nothing_to_mend():
    async with AsyncExitStack() as closing:
        edge = await load("email", World(Settings(), SystemClock(), NoCache(PushedClock()), closing))
        assert edge.channels == ()
        assert await edge.check() is None


async def test_with_a_server_there_is_one_channel():
    async with AsyncExitStack() as closing:
        settings = Settings(smtp_url="smtp://mail.example", mail_from="desk@deskbell.example")
        edge = await connect(World(settings, SystemClock(), NoCache(PushedClock()), closing))
        assert [each.name for each in edge.channels] == ["email"]


async def test_a_sender_that_is_no_address_stops_the_start():
    with pytest.raises(BadSetting, match="DESKBELL_MAIL_FROM: write an address"):
        await checked("smtp://mail.example", "desk at example")


async def test_a_good_server_needs_no_mending_and_gets_no_mail():
    async with FakeSmtp(user="me", password="pw") as smtp:
        assert await checked(smtp.url) is None
    assert smtp.mails == []


async def test_the_doctor_says_what_to_mend(tmp_path):
    context, _ = certificate(tmp_path)
    async with FakeSmtp(user="me", password="right") as smtp, FakeSmtp() as anybody, FakeSmtp(tls=context) as tls:
        smtp.refused_senders = {"boss@deskbell.example"}
        here = f"localhost:{smtp.port}"
        for url, sender, said in (
            (f"smtp://me:hunter2@{here}", None, f"mail: {here} refused the login (535 "),
            (smtp.url, "boss@deskbell.example", f"mail: {here} refused the sender (553 "),
            (f"smtps://me:right@{here}", None, "check host, port and scheme"),
            (f"smtp+starttls://me:right@{here}", None, "STARTTLS"),
            (f"smtp://me:hunter2@localhost:{anybody.port}", None, "AUTH extension is not supported"),
            (f"smtp://me:hunter2@localhost:{unused_port()}", None, "Connect call failed"),
            (tls.url, None, "its certificate is not trusted"),
        ):  # fmt: skip
            line = await checked(url, sender or "desk@deskbell.example")
            assert line is not None, url
            assert said in line
            assert [part for part in ("hunter2", "right", "\n") if part in line] == []


def unused_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
