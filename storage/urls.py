"""Which database a DATABASE_URL means, with a driver's suffix or without."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import BadSetting

DIALECTS = {"sqlite": "sqlite", "postgresql": "postgresql", "postgres": "postgresql"}


def database(text: str) -> URL:
    """Raises BadSetting; its message never shows the URL, which may hold a password."""
    try:
        url = make_url(text)
        dialect = DIALECTS[url.drivername.partition("+")[0]]
    except (ArgumentError, KeyError, ValueError):
        raise BadSetting("DESKBELL_DATABASE_URL: write sqlite:///file.db or postgresql://user:password@host/database") from None
    if dialect == "sqlite" and url.database in (None, "", ":memory:"):
        raise BadSetting("DESKBELL_DATABASE_URL: name a file, such as sqlite:///deskbell.db; a database in memory would be forgotten")
    return url.set(drivername=dialect)


def sqlite_file(url: URL) -> Path:
    """The embedded database's file."""
    return Path(url.database or "")
