"""Codes that link a chat account to an agent, and how often an account has guessed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, case, delete, select

from bot.records import LinkCode
from storage.db import Db, PerDialect
from storage.rows import columns, values
from storage.schema import link_codes, link_tries

_COLUMNS = columns(link_codes, LinkCode)
_PUT = PerDialect(
    lambda insert: (new := insert(link_codes)).on_conflict_do_update(
        index_elements=["merchant_id", "agent_id"], set_={name: new.excluded[name] for name in ("sealed", "expires_at", "made_by")}
    )
)
_LAPSED = delete(link_codes).where(link_codes.c.expires_at <= bindparam("now"))
_ALIVE = select(*_COLUMNS).where(link_codes.c.expires_at > bindparam("now"))
_USE = delete(link_codes).where(
    link_codes.c.merchant_id == bindparam("m"), link_codes.c.agent_id == bindparam("a"), link_codes.c.sealed == bindparam("s")
)
_OLD = delete(link_tries).where(link_tries.c.since <= bindparam("before"))
_TRY = PerDialect(
    lambda insert: (new := insert(link_tries)).on_conflict_do_update(
        index_elements=["channel", "account"],
        set_={
            "tries": case((link_tries.c.since <= bindparam("before"), 1), else_=link_tries.c.tries + 1),
            "since": case((link_tries.c.since <= bindparam("before"), new.excluded.since), else_=link_tries.c.since),
        },
    )
)
_TRIES = select(link_tries.c.tries).where(link_tries.c.channel == bindparam("c"), link_tries.c.account == bindparam("a"))


class SqlLinkCodes:
    """bot.stores.LinkCodes."""

    def __init__(self, db: Db) -> None:
        self._db = db

    def put(self, code: LinkCode, now: datetime) -> None:
        """The agent's only one."""
        self._db.run(_LAPSED, {"now": now})
        self._db.run(_PUT, values(code))

    def alive(self, now: datetime) -> Sequence[LinkCode]:
        """All that still work."""
        return [LinkCode(*row) for row in self._db.all(_ALIVE, {"now": now})]

    def use(self, code: LinkCode) -> bool:
        """False when somebody was faster."""
        return self._db.run(_USE, {"m": code.merchant_id, "a": code.agent_id, "s": code.sealed}) == 1

    def tried(self, channel: str, account: str, now: datetime, since: datetime) -> int:
        """Counted from the first of its tries; what is older is forgotten."""
        self._db.run(_OLD, {"before": since})
        self._db.run(_TRY, {"channel": channel, "account": account, "since": now, "tries": 1, "before": since})
        row = self._db.first(_TRIES, {"c": channel, "a": account})
        return int(row[0]) if row else 1
