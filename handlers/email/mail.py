"""A notice as a mail: headers that nobody can inject into, a text and an HTML part. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from email.headerregistry import Address as Mailbox
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Any

from bot.card import Card
from bot.messages import Notice
from handlers.email.clean import clean, one_line
from handlers.email.page import letter, page
from handlers.email.plain import plain
from handlers.email.words import word

SUBJECT = 200  # characters; clients show about 70, RFC 5322 §2.1.1 allows 998 a line
REPLY = 50_000
_POLICY = SMTP.clone(cte_type="7bit")  # a server without 8BITMIME takes it too
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*")
_SAFE_ID = re.compile(r"[A-Za-z0-9._-]{1,40}")


def mailbox(text: str) -> Mailbox:
    """A sender, with or without a name: `客服 <desk@example.com>`. Raises ValueError (without the address) for anything else."""
    name, address = parseaddr(text) if "<" in text else ("", text)
    bare = recipient(address)
    return Mailbox(one_line(name, 100), bare.username, bare.domain)


def recipient(text: str) -> Mailbox:
    """One bare address, `ops@example.com`. Raises ValueError (without the address) for anything else."""
    local, at, domain = text.strip().rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii") if at else ""
    except UnicodeError:
        domain = ""
    if not (len(local) <= 64 and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain)):
        raise ValueError("not an e-mail address that can be written to")
    return Mailbox("", local, domain)


def mail(notice: Notice, sender: Mailbox, at: datetime) -> EmailMessage:
    """The notice as a mail from `sender` at this moment. Raises ValueError when its address is none."""
    to = recipient(notice.address.target)
    message = EmailMessage(_POLICY)
    message["From"] = sender
    message["To"] = to
    message["Subject"] = one_line(notice.text, SUBJECT) or "Deskbell"
    message["Date"] = format_datetime(at)
    message["Message-ID"] = _id(notice.id, sender)
    card = notice.card or Card(notice.text)
    if notice.kind == "reply":
        _letter(message, notice, card, sender)
    else:
        _notice(message, notice, card)
    return message


def _notice(message: EmailMessage, notice: Notice, card: Card) -> None:
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834 §5: no out-of-office answers, please
    message["X-Auto-Response-Suppress"] = "All"  # the same for Exchange
    _threaded(message, (notice.thread or {}).get("message_id"))
    message.set_content(plain(card, notice.locale), cte="base64")
    message.add_alternative(page(card, notice.locale), subtype="html", cte="base64")


def _letter(message: EmailMessage, notice: Notice, card: Card, sender: Mailbox) -> None:
    """To a buyer: what the agent wrote, and nothing of the desk's own."""
    # All letters of one ticket name the same first letter, which was never sent: that makes them one thread in the buyer's mailbox.
    root = _id(f"buyer.{notice.data['ticket']}", sender) if notice.data.get("ticket") else None
    _threaded(message, (notice.thread or {}).get("message_id") or root)
    text = clean("\n\n".join(card.lines), REPLY) or word("nothing", notice.locale)
    files = [_file(each) for each in notice.data.get("attachments") or ()]
    if files:
        text = "\n".join([text, "", word("files", notice.locale), *files])
    message.set_content(f"{text}\n", cte="base64")
    message.add_alternative(letter(text, notice.locale), subtype="html", cte="base64")


def _threaded(message: EmailMessage, first: str | None) -> None:
    if first and re.fullmatch(r"<[^<>\s]{3,200}>", first):
        message["In-Reply-To"] = first
        message["References"] = first


def _id(id: str, sender: Mailbox) -> str:
    """The same for the same notice, however often it is sent: receivers can tell a repeat by it."""
    domain = sender.domain if len(sender.domain) <= 30 else f"{hashlib.sha256(sender.domain.encode()).hexdigest()[:16]}.invalid"
    return f"<{id if _SAFE_ID.fullmatch(id) else hashlib.sha256(id.encode('utf-8', 'replace')).hexdigest()[:32]}@{domain}>"


def _file(attachment: Mapping[str, Any]) -> str:
    url = one_line(str(attachment.get("url", "")), 2_000)
    name = one_line(str(attachment.get("name", "")), 200)
    return f"{name} {url}".strip() if url.startswith(("https://", "http://")) else name
