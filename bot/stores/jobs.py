"""Work on files: jobs, the files' own pieces, rows that were wrong, and what has come from where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.jobs import Job, RowError
from bot.messages.asks import Page


class Jobs(Protocol):
    """Work on files."""

    def add(self, job: Job) -> None: ...
    def get(self, id: str, within: str | None = None) -> Job | None: ...
    def page(self, kind: str, within: str | None, limit: int, cursor: str | None) -> Page[Job]:
        """The newest first."""
        ...

    def unfinished(self, merchant_id: str, kind: str, fingerprint: str) -> Job | None:
        """The one for this file that has not ended."""
        ...

    def open(self, merchant_id: str) -> int:
        """How many are being sent or wait to be worked."""
        ...

    def next(self) -> Job | None:
        """The oldest whose file is here whole and that is to be worked."""
        ...

    def move(self, before: Job, after: Job) -> None:
        """Writes it if nobody has moved it since `before` was read; otherwise raises Conflict."""
        ...

    def abandoned(self, received: datetime, local: datetime, limit: int) -> Sequence[Job]:
        """Those that nobody has gone on with: sending since `received`, at a command line since `local`."""
        ...

    def put_piece(self, job: Job, place: int, sealed: bytes) -> None: ...
    def piece(self, job: Job, place: int) -> bytes | None: ...
    def drop_pieces(self, job: Job) -> None: ...
    def add_errors(self, job: Job, errors: Sequence[RowError]) -> None: ...
    def errors(self, job: Job, limit: int, cursor: str | None) -> Page[RowError]:
        """In the order of their rows."""
        ...

    def sources(self, merchant_id: str, keys: Sequence[str]) -> Mapping[str, int]:
        """The tickets that have come from these places before, by place."""
        ...

    def claim_sources(self, rows: Sequence[tuple[str, str, int]]) -> set[tuple[str, str]]:
        """(merchant, place) of those (merchant, place, ticket) that are new, and are written down; another's are left alone."""
        ...
