"""The metadata, and how a table is told apart: a tenant's (`merchant_id` leads its key) or the deployment's."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, MetaData, Text

from storage.types import document, moment

METADATA = MetaData(naming_convention={"pk": "pk_%(table_name)s", "uq": "uq_%(table_name)s", "ix": "ix_%(table_name)s_%(column_0_N_name)s"})


def merchant() -> Column[str]:
    """First in the key of every tenant table, so that the schema could be distributed by it. `-` is the operator."""
    return Column("merchant_id", Text, primary_key=True)


def text(name: str, **more: Any) -> Column[str]:
    """Text that is there."""
    return Column(name, Text, nullable=False, **more)


def maybe(name: str) -> Column[str]:
    """Text, or nothing."""
    return Column(name, Text)


def number(name: str, **more: Any) -> Column[int]:
    """A whole number."""
    return Column(name, BigInteger, nullable=False, autoincrement=False, **more)


def at(name: str, **more: Any) -> Column[Any]:
    """A moment."""
    return Column(name, moment(), nullable=False, **more)


def maybe_at(name: str) -> Column[Any]:
    """A moment, or none."""
    return Column(name, moment())


def doc(name: str) -> Column[Any]:
    """A document."""
    return Column(name, document(), nullable=False)


def maybe_doc(name: str) -> Column[Any]:
    """A document, or none."""
    return Column(name, document())
