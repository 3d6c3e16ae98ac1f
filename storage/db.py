"""One transaction's connection, as the stores use it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from itertools import count
from typing import Any

from sqlalchemy import Connection, Executable

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


class Db:
    """Runs statements. They are built once, at import, so that SQLAlchemy's cache of compiled ones always hits."""

    __slots__ = ("_sequence", "connection", "dialect")

    def __init__(self, connection: Connection, sequence: Iterator[int]) -> None:
        self.connection = connection
        self.dialect = connection.dialect.name
        self._sequence = sequence

    def all(self, statement: Executable, values: Values | None = None) -> Sequence[Any]:
        """Every row, a tuple."""
        return self.connection.execute(statement, values).all()

    def first(self, statement: Executable, values: Values | None = None) -> Any | None:
        """The first row, if there is one."""
        return self.connection.execute(statement, values).first()

    def run(self, statement: Executable | PerDialect, values: Values | None = None) -> int:
        """How many rows it changed."""
        return self.connection.execute(self._mine(statement), values).rowcount

    def each(self, statement: Executable | PerDialect, rows: Sequence[Values]) -> None:
        """Once per row, in one call to the driver."""
        if rows:
            prepared(self._mine(statement), self.connection.dialect, tuple(rows[0])).run(self.connection, rows)

    def gained(self, statement: Executable | PerDialect, rows: Sequence[Values]) -> Sequence[Any]:
        """What an INSERT … RETURNING of many rows at once gives back, in no order."""
        return self.connection.execute(self._mine(statement), rows).all()

    def seq(self) -> int:
        """The next number in the order of writing."""
        return next(self._sequence)

    def _mine(self, statement: Executable | PerDialect) -> Executable:
        return statement.of(self.dialect) if isinstance(statement, PerDialect) else statement
