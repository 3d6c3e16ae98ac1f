"""E-mail behind the harness, with a real SMTP server on loopback."""

from __future__ import annotations

from bot.messages import Address
from bot.ports import Channel, Clock
from handlers.email.channel import EmailChannel
from handlers.email.mail import mailbox
from handlers.email.server import server
from tests.fakes.smtp import FakeSmtp

FAULTS = {"rejected": "rcpt_5xx", "later": "rcpt_4xx", "lost_reply": "lost_reply", "hang": "hang"}


class EmailHarness:
    """Only the HTML part of a mail is live: what a text part shows is text, whatever it holds."""

    name = "email"
    secrets = ("hunter2", "aHVudGVyMg==")
    live = ("<script", "</td><script")
    channel: Channel

    def __init__(self) -> None:
        self._smtp = FakeSmtp(user="me", password="hunter2")

    async def start(self, clock: Clock) -> None:
        """The server, then the channel."""
        await self._smtp.start()
        self._email = EmailChannel(server(self._smtp.url), mailbox("Deskbell <desk@deskbell.example>"), clock, limit=1.0)
        self.channel = self._email

    def address(self) -> Address:
        """A merchant's mailbox."""
        return Address("email", "ops@merchant.example")

    async def received(self) -> list[str]:
        """Message-ID and HTML part; the text part must say the same and is tested with the mail."""
        return [f"{mail.message['Message-ID']}\n{mail.part('html')}" for mail in self._smtp.mails]

    async def fault(self, kind: str) -> None:
        """By the server's hooks; `down` closes it."""
        if kind == "down":
            self._smtp.shut()
        self._smtp.fault = FAULTS.get(kind)

    async def stop(self) -> None:
        """The channel, then the server."""
        await self._email.close()
        await self._smtp.stop()
