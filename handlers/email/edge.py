"""E-mail as an edge: a channel where SMTP_URL is set, nothing where it is not."""

from __future__ import annotations

import asyncio
from email.headerregistry import Address as Mailbox
from typing import TYPE_CHECKING

from aiosmtplib import SMTPAuthenticationError, SMTPException, SMTPResponseException, SMTPSenderRefused

from bot.errors import BadSetting
from bot.ports import Channel
from handlers.edge import World
from handlers.email.channel import EmailChannel, reason
from handlers.email.mail import mailbox
from handlers.email.server import Server, server

if TYPE_CHECKING:  # a worker serves nothing and need not load what serves
    from aiohttp import web

    from bot.desk import Desk


class Email:
    """Sends only, so it serves nothing."""

    name = "email"

    def __init__(self, server: Server | None = None, sender: Mailbox | None = None, channel: EmailChannel | None = None) -> None:
        self._server, self._sender = server, sender
        self.channels: tuple[Channel, ...] = (channel,) if channel else ()

    def routes(self, desk: Desk) -> list[web.RouteDef]:
        """None."""
        return []

    async def check(self) -> str | None:
        """Connects, logs in and asks whether MAIL_FROM may send; sends nothing."""
        if self._server is None or self._sender is None:
            return None
        client = self._server.connection(self._sender.domain, 5.0)
        try:
            async with asyncio.timeout(10):
                await client.connect()
                await client.noop()
                await client.mail(self._sender.addr_spec)
                await client.rset()
                await client.quit()
        except (SMTPException, OSError) as failed:
            return _mend(self._server, failed)
        finally:
            client.close()
        return None


async def connect(world: World) -> Email:
    """With a channel where SMTP_URL is set. Raises BadSetting."""
    settings = world.settings
    if not settings.smtp_url:
        return Email()
    try:
        sender = mailbox(settings.mail_from or "")
    except ValueError:
        raise BadSetting("DESKBELL_MAIL_FROM: write an address such as Deskbell <desk@example.com>") from None
    there = server(settings.smtp_url)
    channel = EmailChannel(there, sender, world.clock)
    world.closing.push_async_callback(channel.close)
    return Email(there, sender, channel)


def _mend(server: Server, failed: SMTPException | OSError) -> str:
    if isinstance(failed, SMTPAuthenticationError):
        return f"mail: {server.name} refused the login ({server.told(failed)}); mend user and password in DESKBELL_SMTP_URL"
    if isinstance(failed, SMTPSenderRefused):
        return f"mail: {server.name} refused the sender ({server.told(failed)}); set DESKBELL_MAIL_FROM to an address this login may use"
    if isinstance(failed, SMTPResponseException) and failed.code > 0:
        return f"mail: {server.name} answered {server.told(failed)}"
    if isinstance(failed, SMTPException) and "not supported" in str(failed).lower():
        return f"mail: {server.name}: {server.scrubbed(str(failed)).rstrip('.')}; check scheme and credentials in DESKBELL_SMTP_URL"
    hint = "check host, port and scheme (smtp, smtps, smtp+starttls) in DESKBELL_SMTP_URL"
    return f"mail: {server.name}: {reason(failed)}; {hint}"
