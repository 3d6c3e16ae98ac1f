"""A mail server at the network's edge: real SMTP on loopback, in this process; keeps what it was given and fails on request."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from urllib.parse import quote

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as it arrived."""

    sender: str
    to: tuple[str, ...]
    raw: bytes = field(repr=False)

    @property
    def message(self) -> EmailMessage:
        """Parsed by the standard library's modern policy."""
        parsed = message_from_bytes(self.raw, policy=default)
        assert isinstance(parsed, EmailMessage)
        return parsed

    @property
    def subject(self) -> str:
        """As a client shows it."""
        return str(self.message["Subject"])

    def part(self, kind: str) -> str:
        """The `plain` or `html` part."""
        body = self.message.get_body((kind,))
        return str(body.get_content()) if body is not None else ""


class FakeSmtp:
    """`fault` is None, or what goes wrong with the next mails.

    `rcpt_4xx` `rcpt_5xx` `data_4xx` `data_5xx`: refused at that step; `rcpt_gbk`: in words that are no UTF-8.
    `drop_at_rcpt`: the line goes dead before the mail.
    `lost_reply`: the mail is taken and the line goes dead before the answer. `hang`: no answer to RCPT. `hang_after_data`: none to DATA.
    """

    def __init__(self, *, user: str = "", password: str = "", tls: ssl.SSLContext | None = None, implicit_tls: bool = False) -> None:
        self.user, self.password, self.tls, self.implicit_tls = user, password, tls, implicit_tls
        self.mails: list[Mail] = []
        self.fault: str | None = None
        self.connections = 0
        self.most_at_once = 0
        self.delay = 0.0
        self.port = 0
        self.refused_senders: set[str] = set()
        self._at_once = 0
        self._server: asyncio.Server | None = None
        self._sessions: set[SMTP] = set()

    @property
    def url(self) -> str:
        """For SMTP_URL."""
        scheme = "smtps" if self.implicit_tls else "smtp+starttls" if self.tls else "smtp"
        login = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}@" if self.user else ""
        return f"{scheme}://{login}localhost:{self.port}"

    async def start(self) -> None:
        """Listens; on the same port as before when it was stopped."""
        loop = asyncio.get_running_loop()
        context = self.tls if self.implicit_tls else None
        self._server = await loop.create_server(self._session, "127.0.0.1", self.port, ssl=context)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Refuses connections from now on and ends those it has."""
        self.shut()
        await asyncio.sleep(0.01)  # the ends of the lines are told

    def shut(self) -> None:
        """The same, at once."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for session in list(self._sessions):
            _cut(session)

    async def __aenter__(self) -> FakeSmtp:
        await self.start()
        return self

    async def __aexit__(self, *failed: object) -> None:
        await self.stop()

    def _session(self) -> SMTP:
        self.connections += 1
        session = _Line(
            self, hostname="mail.test", loop=asyncio.get_running_loop(), enable_SMTPUTF8=False, timeout=30, auth_require_tls=not self.user,
            tls_context=None if self.implicit_tls else self.tls, require_starttls=bool(self.tls) and not self.implicit_tls,
            authenticator=self._login if self.user else None, decode_data=False,
        )  # fmt: skip
        self._sessions.add(session)
        return session

    def _login(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, auth: object) -> AuthResult:
        assert isinstance(auth, LoginPassword)
        good = (auth.login, auth.password) == (self.user.encode(), self.password.encode())
        return AuthResult(success=good, handled=False)

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        """The server's hook for MAIL FROM."""
        if self.user and not session.authenticated:
            return "530 5.7.0 Authentication required"
        if address in self.refused_senders:
            return f"553 5.7.1 <{address}>: not owned by user {self.user}"
        envelope.mail_from = address
        return "250 2.1.0 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        """The server's hook for RCPT TO."""
        if self.fault == "hang":
            await asyncio.sleep(60)
        if self.fault == "drop_at_rcpt":
            _cut(server)
        if self.fault == "rcpt_4xx":
            return f"450 4.2.0 <{address}>: greylisted, try again"
        if self.fault == "rcpt_5xx":
            return f"550 5.1.1 <{address}>: no such user (authenticated as {self.user}, {self.password})"
        if self.fault == "rcpt_gbk":
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.write("550 5.1.1 用户不存在\r\n".encode("gbk"))
            return "550 repeated"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """The server's hook after the mail's last line."""
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        await asyncio.sleep(self.delay)
        self._at_once -= 1
        if self.fault == "data_4xx":
            return "451 4.3.0 Try again later"
        if self.fault == "data_5xx":
            return "554 5.7.1 Message refused"
        assert isinstance(envelope.content, bytes)
        self.mails.append(Mail(str(envelope.mail_from), tuple(envelope.rcpt_tos), envelope.content))
        if self.fault == "lost_reply":
            _cut(server)
        if self.fault == "hang_after_data":
            await asyncio.sleep(60)
        return "250 2.0.0 OK"


class _Line(SMTP):
    """One session, which tells the server when it ends."""

    def connection_lost(self, error: Exception | None) -> None:
        self.event_handler._sessions.discard(self)
        super().connection_lost(error)


def _cut(session: SMTP) -> None:
    if isinstance(session.transport, asyncio.WriteTransport):
        session.transport.abort()
