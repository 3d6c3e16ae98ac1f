"""One transaction's connection, as the stores use it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from importlib import import_module
from itertools import count
from typing import Any

from sqlalchemy import Connection, CursorResult, Executable, TableClause
from sqlalchemy.sql import visitors

from storage.many import prepared

Values = Mapping[str, Any]


class PerDialect:
    """A statement that needs the dialect's own INSERT (for ON CONFLICT), built when it is first wanted."""

    def __init__(self, build: Callable[[Callable[..., Any]], Executable]) -> None:
        self._build = build
        self._built: dict[str, Executable] = {}

    def of(self, dialect: str) -> Executable:
        """The dialect's own."""
        if dialect not in self._built:
            self._built[dialect] = self._build(import_module(f"sqlalchemy.dialects.{dialect}").insert)
        return self._built[dialect]


def sequence() -> Iterator[int]:
    """Growing numbers that order what one process writes in one instant; the random start keeps processes apart."""
    return count(secrets.randbits(40) << 22)


@lru_cache(maxsize=2000)
def tables(statement: Executable) -> frozenset[str] | None:
    """The tables that it reads or writes; None where it does not say so, as plain text does not."""
    found = {each.name for each in visitors.iterate(statement) if isinstance(each, TableClause)}  # type: ignore[arg-type]
    return frozenset(found) or None


class Db:
    """Runs statements. They are built once, at import, so that SQLAlchemy's cache of compiled ones always hits.

    `keeps`: what is to be written `soon` waits until something asks for its tables, or for `flush`: many units' rows go in one call then.
    """

    __slots__ = ("_keeps", "_kept", "_keys", "_sequence", "connection", "dialect")

    def __init__(self, connection: Connection, sequence: Iterator[int], *, keeps: bool = False) -> None:
        self.connection = connection
        self.dialect = connection.dialect.name
        self._sequence, self._keeps = sequence, keeps
        self._kept: dict[tuple[Executable, tuple[str, ...]], list[Values]] = {}
        self._keys: dict[Executable, tuple[str, ...]] = {}

    def all(self, statement: Executable, values: Values | None = None) -> Sequence[Any]:
        """Every row, a tuple."""
        return self._run(statement, values).all()

    def first(self, statement: Executable, values: Values | None = None) -> Any | None:
        """The first row, if there is one."""
        return self._run(statement, values).first()

    def run(self, statement: Executable | PerDialect, values: Values | None = None) -> int:
        """How many rows it changed."""
        return int(self._run(self._mine(statement), values).rowcount)

    def each(self, statement: Executable | PerDialect, rows: Sequence[Values]) -> None:
        """Once per row, in one call to the driver."""
        if rows:
            mine = self._mine(statement)
            self._make_way(mine)
            prepared(mine, self.connection.dialect, tuple(rows[0])).run(self.connection, rows)

    def soon(self, statement: Executable | PerDialect, rows: Sequence[Values], *, key: tuple[str, ...] = ()) -> None:
        """As `each`, but it may wait for more of its kind: for rows whose writing nobody hears of.

        `key`: where others may write the same rows at once, they are written in its order, so that two never wait in a circle.
        """
        if not self._keeps:
            self.each(statement, rows)
        elif rows:
            mine = self._mine(statement)
            self._kept.setdefault((mine, tuple(rows[0])), []).extend(rows)
            if key:
                self._keys[mine] = key

    def gained(self, statement: Executable | PerDialect, rows: Sequence[Values]) -> Sequence[Any]:
        """What an INSERT … RETURNING of many rows at once gives back, in no order."""
        return self._run(self._mine(statement), rows).all()

    def flush(self) -> None:
        """Writes what waits, in the order in which it was first wanted."""
        kept, self._kept = self._kept, {}
        for (statement, columns), rows in kept.items():
            if statement in self._keys:
                rows.sort(key=lambda row: [row[name] for name in self._keys[statement]])
            prepared(statement, self.connection.dialect, columns).run(self.connection, rows)

    def forget(self) -> None:
        """What waits is not wanted any more."""
        self._kept = {}

    def _run(self, statement: Executable, values: Any) -> CursorResult[Any]:
        self._make_way(statement)
        return self.connection.execute(statement, values)

    def _make_way(self, statement: Executable) -> None:
        """Whoever asks for a table sees what was written to it."""
        if not self._kept:
            return
        asked = tables(statement)
        if asked is None or any(asked & (tables(kept) or asked) for kept, _ in self._kept):
            self.flush()

    def seq(self) -> int:
        """The next number in the order of writing."""
        return next(self._sequence)

    def _mine(self, statement: Executable | PerDialect) -> Executable:
        return statement.of(self.dialect) if isinstance(statement, PerDialect) else statement
