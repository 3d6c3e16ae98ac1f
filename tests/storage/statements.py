"""Counts what a unit of work says to its database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import event

from bot.stores import Stores
from storage.engine import Storage


async def said(storage: Storage, body: Callable[[Stores], Any], *, writes: bool = False) -> list[str]:
    """The statements of this body, without BEGIN and COMMIT."""
    heard: list[str] = []

    def listened(stores: Any) -> Any:
        engine = stores.db.connection.engine

        def hear(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
            heard.append(statement)

        event.listen(engine, "before_cursor_execute", hear)
        try:
            found = body(stores)
            stores.db.flush()
            return found
        finally:
            event.remove(engine, "before_cursor_execute", hear)

    await (storage.write if writes else storage.read)(listened)
    return heard
