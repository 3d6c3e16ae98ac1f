"""Work on a file: how far it has come, what it did, and which rows were wrong."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Kind = Literal["import", "reconciliation"]


@dataclass(frozen=True, slots=True)
class Job:
    """A file on its way into the database.

    `within` is the merchant that it is limited to, OPERATOR for none; `position` counts the records that are done, `done_bytes` of
    `bytes` for a progress bar. `state`: `receiving` → `waiting` (a pass works it) or `local` (a command line does) → `done` or `failed`,
    with `why` (a sentence's key and what fills it). `known`: rows that were there already. `options` and `summary` are the kind's own, and
    `cursor` is, too: how far it has come in what there is to do once all rows are read (None: they are not).
    """

    merchant_id: str
    id: str
    kind: str
    name: str
    fingerprint: str
    bytes: int
    state: str
    by: str
    created_at: datetime
    updated_at: datetime
    position: int = 0
    done_bytes: int = 0
    added: int = 0
    known: int = 0
    bad: int = 0
    pieces: int = 0
    why: Mapping[str, Any] | None = None
    options: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    summary: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class RowError:
    """A row that was left out. `row` counts as a spreadsheet does, the header being 1; `key` and `params` name a sentence."""

    row: int
    field: str
    key: str
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)


class Bad(Exception):
    """This row can't be taken: which field, and the sentence that says what to do."""

    def __init__(self, field: str, key: str, **params: Any) -> None:
        super().__init__(f"{field}: {key}")
        self.field, self.key, self.params = field, key, params

    def at(self, row: int) -> RowError:
        """As it is kept; what a sentence quotes of the row is short."""
        short = {name: str(value)[:80] for name, value in self.params.items()}
        return RowError(row, self.field[:80], self.key, short)
