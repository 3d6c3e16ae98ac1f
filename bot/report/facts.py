"""What a report says, before it is on paper. Every string is plain text in the reader's language and zone; personal data is masked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Part:
    """One section: a table under its title. `head` names the columns; without one the first column is a row's label."""

    title: str
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]  # shares of the page
    head: tuple[str, ...] = ()
    empty: str = ""  # said where there is no row


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report. `summary` is its one paragraph; `page` has `{page}` and `{pages}` in it."""

    title: str
    reference: str
    summary: str
    parts: tuple[Part, ...]
    as_of: str
    page: str
    made_at: datetime
