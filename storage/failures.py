"""What a driver's error means: text that no database can keep is the asker's doing, a database that does not answer is nobody's."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.errors import BadSetting, BadUsage, BotError, Unavailable
from storage.retry import state

# character_not_in_repertoire, untranslatable_character: a NUL in text or in a document (PostgreSQL keeps none)
UNKEEPABLE = frozenset({"22021", "22P05"})
# connection exceptions, no such database (any more), not let in (any more), insufficient resources, operator intervention, a lock or
# statement that took too long, system errors
AWAY = ("08", "3D", "28", "53", "57", "55P03", "58", "25P03")
# busy, locked, read-only, I/O error, full, can't open: https://sqlite.org/rescode.html
SQLITE_AWAY = frozenset({5, 6, 8, 10, 13, 14})


def meaning(error: BaseException) -> BotError | None:
    """What to raise instead; None: the error as it is."""
    if isinstance(error, BotError):
        return None
    if isinstance(error, (PoolTimeout, TimeoutError, OSError)):
        return Unavailable("the database does not answer")
    orig = error.orig if isinstance(error, DBAPIError) else error
    if any(isinstance(cause, (UnicodeEncodeError, OverflowError)) for cause in _causes(error)):
        return BadUsage("bad_text", code="bad_text")
    if isinstance(orig, sqlite3.OperationalError):
        return Unavailable(f"the database failed: {orig.sqlite_errorname}") if orig.sqlite_errorcode & 0xFF in SQLITE_AWAY else None
    if not isinstance(error, DBAPIError):
        return None
    if state(error) in UNKEEPABLE:
        return BadUsage("bad_text", code="bad_text")
    away = error.connection_invalidated or state(error).startswith(AWAY)
    return Unavailable("the database does not answer") if away else None


@contextmanager
def naming_its_setting() -> Iterator[None]:
    """Around the first use of a database: whatever fails there stops the start with one line that names the variable, not the URL."""
    try:
        yield
    except (OSError, sqlite3.Error, SQLAlchemyError) as error:
        told = str(getattr(error, "orig", None) or error).strip() or type(error).__name__
        raise BadSetting(f"DESKBELL_DATABASE_URL: the database can't be opened: {told.splitlines()[0]}") from error


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = getattr(error, "orig", None) or error.__cause__
