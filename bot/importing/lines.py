"""From a file's bytes to lines of text: which encoding it has, and lines that end."""

from __future__ import annotations

import codecs
import contextlib
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from bot.errors import BadUsage

PIECE = 256 * 1024  # bytes read at once
LONGEST = 256 * 1024  # characters of one line; a ticket's longest message has 20,000
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_GUESSES = ("utf-8", "gb18030")  # Excel in China saves CSV in the latter


@dataclass(frozen=True, slots=True)
class Survey:
    """A file looked through once. `fingerprint` is the SHA-256 of its bytes."""

    fingerprint: str
    bytes: int
    encoding: str


class Surveyor:
    """Looks through a file as it comes by."""

    def __init__(self) -> None:
        self._digest, self.bytes, self.head = hashlib.sha256(), 0, b""
        self._decoders = {name: codecs.getincrementaldecoder(name)() for name in _GUESSES}

    def see(self, piece: bytes, *, last: bool = False) -> None:
        """The next of it, of any length."""
        self.head = self.head if len(self.head) >= PIECE else self.head + piece
        self._digest.update(piece)
        self.bytes += len(piece)
        for name, decoder in list(self._decoders.items()):
            try:
                decoder.decode(piece, last)
            except UnicodeDecodeError:
                del self._decoders[name]

    def survey(self) -> Survey:
        """Of all that was seen. Raises BadUsage for nothing, for a workbook, and for an encoding that is not known."""
        self.see(b"", last=True)
        marked = next((encoding for mark, encoding in _MARKS if self.head.startswith(mark)), None)
        if self.bytes == 0:
            raise BadUsage("file_empty", field="file")
        if self.head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
            raise BadUsage("file_is_workbook", field="file")
        encoding = marked or next(iter(self._decoders), None)
        if encoding is None or (b"\0" in self.head and marked != "utf-16"):
            raise BadUsage("file_encoding", field="file")
        return Survey(self._digest.hexdigest(), self.bytes, encoding)


def survey(stream: BinaryIO) -> Survey:
    """Reads it from its beginning to its end. Raises as Surveyor does."""
    stream.seek(0)
    found = Surveyor()
    while piece := stream.read(PIECE):
        found.see(piece)
    return found.survey()


@dataclass(slots=True)
class Lines:
    """The lines of a file with their ends, and how many of its bytes have been read. One that is too long comes cut, without an end."""

    stream: BinaryIO
    encoding: str

    def __iter__(self) -> Iterator[str]:
        self.stream.seek(0)
        text = io.TextIOWrapper(self.stream, encoding=self.encoding, errors="replace", newline="")
        try:
            while line := text.readline(LONGEST):
                if len(line) == LONGEST and not line.endswith(("\n", "\r")):
                    while (rest := text.readline(LONGEST)) and not rest.endswith(("\n", "\r")):
                        pass
                yield line
        finally:
            with contextlib.suppress(ValueError):  # it has been closed meanwhile
                text.detach()
