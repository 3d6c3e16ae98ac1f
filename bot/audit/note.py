"""The tree's head as C2SP's tlog-checkpoint, signed as its signed-note with Ed25519: a few lines that any witness can keep."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

ORIGIN = "deskbell/audit"
_ED25519 = b"\x01"
Sign = Callable[[bytes], bytes]
Check = Callable[[bytes, bytes, bytes], bool]  # (public, message, signature)


class BadNote(ValueError):
    """It is no checkpoint, or nobody whose key is known has signed it."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a checkpoint says."""

    size: int
    root: bytes
    at: str


def head(size: int, root: bytes, at: datetime) -> str:
    """The text that is signed. The last line, an extension, says when."""
    when = at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return f"{ORIGIN}\n{size}\n{base64.b64encode(root).decode()}\ntime {when}\n"


def key_id(public: bytes) -> bytes:
    """Four bytes, as signed-note has it."""
    return hashlib.sha256(ORIGIN.encode() + b"\n" + _ED25519 + public).digest()[:4]


def verifier(public: bytes) -> str:
    """The key in signed-note's own form, `name+id+key`: what witnesses are given."""
    return f"{ORIGIN}+{key_id(public).hex()}+{base64.b64encode(_ED25519 + public).decode()}"


def signed(text: str, public: str, sign: Sign) -> str:
    """The note: the text, a blank line, the signature."""
    signature = base64.b64encode(key_id(bytes.fromhex(public)) + sign(text.encode())).decode()
    return f"{text}\n\u2014 {ORIGIN} {signature}\n"


def opened(note: str, public: bytes, check: Check) -> Head:
    """What a note says, its signature checked. Raises BadNote."""
    text, blank, signatures = note.partition("\n\n")
    if not blank:
        raise BadNote("it is no signed note")
    text += "\n"
    if not any(_signs(line, text, public, check) for line in signatures.splitlines()):
        raise BadNote("no signature of this key is on it")
    return read(text)


def read(text: str) -> Head:
    """What a note's text says. Raises BadNote."""
    lines = text.split("\n")
    try:
        origin, size, found, at = lines[:4]
        if origin != ORIGIN or not size.isdecimal() or not size.isascii() or not at.startswith("time ") or (size[0] == "0" and size != "0"):
            raise ValueError
        root = base64.b64decode(found, validate=True)
        if len(root) != 32 or len(size) > 18:
            raise ValueError
        return Head(int(size), root, at.removeprefix("time "))
    except (ValueError, binascii.Error):
        raise BadNote("it is no checkpoint of an audit log") from None


def _signs(line: str, text: str, public: bytes, check: Check) -> bool:
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    if dash != "\u2014" or name != ORIGIN:
        return False
    try:
        found = base64.b64decode(encoded, validate=True)
    except (ValueError, binascii.Error):
        return False
    return found[:4] == key_id(public) and check(public, text.encode(), found[4:])
