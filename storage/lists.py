"""Lists as one parameter each: a statement stays the same however long they are, and is prepared once instead of once per length."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ColumnElement, Dialect, Text, TypeDecorator, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType, TypeEngine

from storage.types import dumps


class Listed(TypeDecorator[Any]):
    """A list of a column's values: an array on PostgreSQL, JSON text on SQLite."""

    impl = Text
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Imports PostgreSQL's types only where it is used, as Document does."""
        if dialect.name != "postgresql":
            return dialect.type_descriptor(Text())
        from sqlalchemy.dialects.postgresql import ARRAY  # noqa: PLC0415

        return dialect.type_descriptor(ARRAY(self.item))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Any sequence."""
        return list(value) if dialect.name == "postgresql" else dumps(list(value))


class OneOf(FunctionElement[Any]):
    """column, list."""

    name = "one_of"
    type = NullType()  # of a Boolean's function SQLite would be asked whether it is = 1, which hides it from indexes
    inherit_cache = True


class OneOfPairs(FunctionElement[Any]):
    """Two columns; the pairs; their firsts; their seconds."""

    name = "one_of_pairs"
    type = NullType()
    inherit_cache = True


def one_of(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Whether the column's value is in the list that the parameter `name` brings. Numbers and texts only: JSON knows no moments."""
    return OneOf(column, bindparam(name, type_=Listed(column.type)))


def one_of_pairs(first: Column[Any], second: Column[Any]) -> ColumnElement[bool]:
    """Whether the two values are one of the pairs that `storage.rows.pairs` makes."""
    lists = (bindparam("pairs", type_=Listed(Text())), bindparam("firsts", type_=Listed(first.type)))
    return OneOfPairs(first, second, *lists, bindparam("seconds", type_=Listed(second.type)))


@compiles(OneOf, "postgresql")
def _any(element: OneOf, compiler: SQLCompiler, **how: Any) -> str:
    column, listed = [compiler.process(each, **how) for each in element.clauses]
    return f"{column} = ANY ({listed})"


@compiles(OneOf, "sqlite")
def _each(element: OneOf, compiler: SQLCompiler, **how: Any) -> str:
    column, listed = [compiler.process(each, **how) for each in element.clauses]
    return f"{column} IN (SELECT value FROM json_each({listed}))"  # noqa: S608  # columns and parameters


@compiles(OneOfPairs, "postgresql")
def _unnested(element: OneOfPairs, compiler: SQLCompiler, **how: Any) -> str:
    columns, lists = list(element.clauses)[:2], list(element.clauses)[3:]  # the pairs are SQLite's: what is said here must be used
    first, second, firsts, seconds = [compiler.process(each, **how) for each in (*columns, *lists)]
    return f"({first}, {second}) IN (SELECT * FROM unnest({firsts}, {seconds}))"  # noqa: S608


@compiles(OneOfPairs, "sqlite")
def _looked_up(element: OneOfPairs, compiler: SQLCompiler, **how: Any) -> str:
    """Led by the pairs, one look into an index for each: given a list, SQLite guesses badly and may walk all of a merchant's."""
    first, second, pairs = list(element.clauses)[:3]
    table = first.table.name
    same = " AND ".join(f"led.{column.name} = json_extract(pair.value, '$[{at}]')" for at, column in enumerate((first, second)))
    listed = compiler.process(pairs, **how)
    return f"{table}.rowid IN (SELECT led.rowid FROM json_each({listed}) AS pair CROSS JOIN {table} AS led ON {same})"  # noqa: S608
