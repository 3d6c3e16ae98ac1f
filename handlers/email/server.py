"""The mail server that SMTP_URL names: how to reach it, a connection that is logged in, and what its refusals say without a secret."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit

from aiosmtplib import SMTP, SMTPResponseException

from bot.errors import BadSetting

_PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
_ADDRESS = re.compile(r"[^\s<>@]{1,64}@[^\s<>@]{1,255}")


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed in. `repr` shows no secret."""

    scheme: str
    host: str
    port: int
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """As people know it: `host:port`."""
        return f"{self.host}:{self.port}"

    def connection(self, hello: str, limit: float) -> SMTP:
        """An unconnected client; `hello` is the name it greets with."""
        # Plain `smtp://` with a password still takes TLS where the server offers it: no password in the clear without need.
        start_tls = {"smtps": False, "smtp+starttls": True, "smtp": None if self.user else False}[self.scheme]
        return SMTP(
            hostname=self.host, port=self.port, username=self.user, password=self.password, local_hostname=hello, timeout=limit,
            use_tls=self.scheme == "smtps", start_tls=start_tls,
        )  # fmt: skip

    def told(self, failed: SMTPResponseException) -> str:
        """What the server answered, fit for logs: its code and words without addresses and secrets."""
        return f"{failed.code} {self.scrubbed(str(failed.message))}".strip()

    def scrubbed(self, text: str) -> str:
        """One line of the server's, without what must not be shown: servers like to quote what they were told."""
        # Not all servers speak UTF-8; what is none comes as halves of surrogate pairs, which can be neither kept nor printed.
        text = " ".join(text[:400].encode("utf-8", "surrogateescape").decode("utf-8", "replace").split())
        for secret in self._secrets():
            text = text.replace(secret, "***")
        return _ADDRESS.sub("<address>", text)[:200]

    def _secrets(self) -> list[str]:
        clear = [each for each in (self.password, self.user) if each]
        joined = [f"\0{self.user}\0{self.password}"] if self.user else []
        return [*(base64.b64encode(each.encode()).decode() for each in (*joined, *clear)), *clear]


def server(url: str) -> Server:
    """Reads SMTP_URL. Raises BadSetting, which never shows it."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        raise BadSetting("DESKBELL_SMTP_URL: write smtp://user:password@host:port, with odd characters %-encoded") from None
    if parts.scheme not in _PORTS or not parts.hostname or _extra(parts):
        raise BadSetting(
            "DESKBELL_SMTP_URL: write smtp://user:password@host:port, smtps://… or smtp+starttls://…, with odd characters %-encoded"
        )
    user = unquote(parts.username) if parts.username else None
    return Server(parts.scheme, parts.hostname, port, user, unquote(parts.password or "") if user else None)


def _extra(parts: SplitResult) -> bool:
    """A path or fragment means a `/` or `#` in a password that was not encoded: half of the password would be taken for a host."""
    return bool(parts.path.strip("/") or parts.query or parts.fragment)
