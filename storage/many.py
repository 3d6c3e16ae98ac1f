"""A statement for many rows, ready for the driver: said once, and not again for each row, which would cost more than writing it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Dialect, Executable
from sqlalchemy.sql.compiler import SQLCompiler

Shape = Callable[[Any], Any]
# So many rows in one statement of SQLite's. Its driver lets go of the interpreter at every step, and takes its turn again behind whatever
# else the process does: row by row, that cost a busy desk more than the writing itself. Few sizes, so that each is prepared once.
TOGETHER = (64, 8)


@dataclass(frozen=True, slots=True)
class Many:
    """The text, and how a row becomes its values: a name and what its type makes of a value. `several`: the text for so many rows."""

    text: str
    names: tuple[tuple[str, Shape | None], ...]
    several: Mapping[int, str]

    def of(self, rows: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
        """The rows as the driver takes them."""
        names = self.names
        return [[shape(row[name]) if shape is not None else row[name] for name, shape in names] for row in rows]

    def run(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Once per row."""
        left = self.of(rows)
        for size, text in self.several.items():
            while len(left) >= size:
                some, left = left[:size], left[size:]
                connection.exec_driver_sql(text, tuple(chain.from_iterable(some)))
        if left:
            connection.exec_driver_sql(self.text, [tuple(row) for row in left])


@lru_cache(maxsize=500)
def prepared(statement: Executable, dialect: Dialect, columns: tuple[str, ...]) -> Many:
    """Said once per statement, dialect and set of columns."""
    compiled = statement.compile(dialect=dialect, column_keys=list(columns))  # type: ignore[attr-defined]
    if not isinstance(compiled, SQLCompiler) or compiled.insert_prefetch or compiled.update_prefetch or compiled.post_compile_params:
        raise TypeError("neither defaults that Python fills in nor lists of any length are known here")
    names = tuple(_value(compiled, name, dialect, columns) for name in compiled.positiontup or ())
    return Many(str(compiled), names, _several(compiled) if dialect.name == "sqlite" else {})


def _value(compiled: SQLCompiler, name: str, dialect: Dialect, columns: Sequence[str]) -> tuple[str, Shape | None]:
    """Of the row; or one that stands in the statement itself, the same for all."""
    bind = compiled.binds[name]
    shape = bind.type.dialect_impl(dialect).bind_processor(dialect)
    if name in columns:
        return name, shape
    if bind.required:
        raise KeyError(name)
    value = bind.effective_value
    fixed = shape(value) if shape is not None else value
    return columns[0], lambda _: fixed


def _several(compiled: SQLCompiler) -> dict[int, str]:
    """The statement over a table of values; {} where it is of another shape than INSERT … VALUES or UPDATE … WHERE."""
    text, places = str(compiled), len(compiled.positiontup or ())
    row = f"({', '.join('?' * places)})"
    if text.count("?") != places:
        return {}  # one stands in a word
    if compiled.isinsert and f" VALUES {row}" in text:
        return {size: text.replace(f" VALUES {row}", f" VALUES {', '.join([row] * size)}") for size in TOGETHER}
    change, where, condition = _named(text).partition(" WHERE ")
    if not (compiled.isupdate and where and "SELECT" not in change):
        return {}
    given = f"WITH given({', '.join(f'v{place}' for place in range(places))}) AS (VALUES "
    return {size: f"{given}{', '.join([row] * size)}) {change} FROM given WHERE {condition}" for size in TOGETHER}


def _named(text: str) -> str:
    first, *others = text.split("?")
    return first + "".join(f"given.v{place}{other}" for place, other in enumerate(others))
