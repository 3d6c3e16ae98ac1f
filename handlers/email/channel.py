"""Hands a mail to the server, and says of every failure whether it never will, may later, or may have arrived."""

from __future__ import annotations

import asyncio
import ssl
from email.headerregistry import Address as Mailbox

import structlog
from aiosmtplib import SMTP, SMTPConnectResponseError, SMTPException, SMTPResponseException, SMTPServerDisconnected

from bot.errors import DeliveryFailed
from bot.messages import Notice, Receipt
from bot.ports import Abilities, Clock, written
from handlers.email.mail import mail
from handlers.email.pool import Pool
from handlers.email.server import Server

log = structlog.get_logger("email")


class EmailChannel:
    """The channel `email`. `limit` is how long one mail may take in all, in seconds; `most` how many connections there may be."""

    name = "email"
    abilities = Abilities(merchant=written("emails"), person=lambda person: person.email, burst=30, per_minute=60)

    def __init__(self, server: Server, sender: Mailbox, clock: Clock, *, limit: float = 5.0, most: int = 4) -> None:
        self._server, self._sender, self._clock, self._limit = server, sender, clock, limit
        self._pool = Pool(lambda: server.connection(sender.domain, limit), most)

    async def send(self, notice: Notice) -> Receipt:
        """Delivers once. The receipt's `message_id` is what later mails of the ticket refer to."""
        try:
            message = mail(notice, self._sender, self._clock.now())
        except ValueError as wrong:
            raise DeliveryFailed("rejected", str(wrong)) from None
        to = message["To"].addresses[0].addr_spec
        await self._handed_in(to, message.as_bytes())
        return {"message_id": str(message["Message-ID"])}

    async def close(self) -> None:
        """Ends the connections."""
        await self._pool.close()

    async def _handed_in(self, to: str, content: bytes) -> None:
        step = Step()
        try:
            async with asyncio.timeout(self._limit), self._pool.connection() as client:
                await step.take(client, self._sender.addr_spec, to, content)
        except (SMTPException, OSError) as failed:  # TimeoutError and ssl.SSLError are OSErrors
            raise self._meaning(failed, step) from failed

    def _meaning(self, failed: SMTPException | OSError, step: Step) -> DeliveryFailed:
        where = self._server.name
        if isinstance(failed, SMTPResponseException) and failed.code > 0:
            # RFC 5321 §4.2.1: 4yz is for now, 5yz is for good.
            return DeliveryFailed("rejected" if failed.code >= 500 else "later", f"{where} answered {self._server.told(failed)}")
        why = reason(failed)
        log.info("mail not handed in", server=where, why=why, data_sent=step.data_sent)
        if step.data_sent:
            return DeliveryFailed("unknown", f"{where}: {why} after the mail was sent")
        return DeliveryFailed("later", f"{where}: {why}")


class Step:
    """One mail's way through the dialogue; remembers whether the server has been given it."""

    def __init__(self) -> None:
        self.data_sent = False

    async def take(self, client: SMTP, sender: str, to: str, content: bytes) -> None:
        """MAIL, RCPT, DATA."""
        await client.mail(sender)
        await client.rcpt(to)
        self.data_sent = True
        await client.data(content)


def reason(failed: SMTPException | OSError) -> str:
    """A fault of the network in plain words, without anybody's."""
    if isinstance(failed, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({failed.verify_message})"
    cause = failed.__cause__
    if isinstance(cause, OSError) and not isinstance(failed, TimeoutError):
        return reason(cause)
    if isinstance(failed, TimeoutError):
        return "no answer in time"
    if isinstance(failed, ssl.SSLError):
        return f"TLS failed ({failed.reason})"
    if isinstance(failed, SMTPServerDisconnected | SMTPConnectResponseError | ConnectionResetError | BrokenPipeError):
        return "the connection was lost"
    if isinstance(failed, SMTPResponseException):
        return "it does not speak SMTP"
    return str((isinstance(failed, OSError) and failed.strerror) or failed)[:200]
