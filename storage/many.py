"""A statement for many rows, ready for the driver: said once, and not again for each row, which would cost more than writing it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Dialect, Executable
from sqlalchemy.sql.compiler import SQLCompiler

Shape = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Many:
    """The text, and how a row becomes its values: a name and what its type makes of a value."""

    text: str
    names: tuple[tuple[str, Shape | None], ...]

    def of(self, rows: Sequence[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
        """The rows as the driver takes them."""
        names = self.names
        return [tuple([shape(row[name]) if shape is not None else row[name] for name, shape in names]) for row in rows]


@lru_cache(maxsize=500)
def prepared(statement: Executable, dialect: Dialect, columns: tuple[str, ...]) -> Many:
    """Said once per statement, dialect and set of columns."""
    compiled = statement.compile(dialect=dialect, column_keys=list(columns))  # type: ignore[attr-defined]
    if not isinstance(compiled, SQLCompiler) or compiled.insert_prefetch or compiled.update_prefetch or compiled.post_compile_params:
        raise TypeError("neither defaults that Python fills in nor lists of any length are known here")
    return Many(str(compiled), tuple(_value(compiled, name, dialect, columns) for name in compiled.positiontup or ()))


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
