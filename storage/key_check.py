"""Whether SECRET_KEY is the one that a database was sealed with: another one must not seal anything more."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from bot.errors import BadSetting
from bot.originals import wrapped_for
from storage.db import PerDialect
from storage.engine import Storage
from storage.personal import SqlPersonal
from storage.schema import directory
from storage.stores import SqlStores
from storage.vault import KeyVault

_SET = PerDialect(
    lambda insert: (new := insert(directory)).on_conflict_do_update(
        index_elements=["kind", "id"], set_={"merchant_id": new.excluded.merchant_id}
    )
)
_FIRST = PerDialect(lambda insert: insert(directory).on_conflict_do_nothing())
_KEPT = select(directory.c.merchant_id).where(directory.c.kind == bindparam("kind"), directory.c.id == bindparam("id"))


def _rewrap(kept: SqlPersonal, vault: KeyVault) -> None:
    """Each merchant's keys by the newest; what they sealed stays as it is."""
    for merchant_id, version, wrapped in kept.every_key():
        anew = vault.rewrapped(wrapped, wrapped_for(merchant_id, version))
        if anew is not None:
            kept.rewrap(merchant_id, version, wrapped, anew)


async def verify(storage: Storage, vault: KeyVault) -> None:
    """Stops a replica whose key is another than its database's. Raises BadSetting."""
    known = vault.key_ids

    def body(stores: SqlStores) -> str:
        db = stores.db
        row = {"kind": "vault", "id": "key", "merchant_id": known[0]}
        db.run(_FIRST, row)
        found = str(db.all(_KEPT, {"kind": "vault", "id": "key"})[0][0])
        if found in known and found != known[0]:
            _rewrap(SqlPersonal(db), vault)
            db.run(_SET, row)
        return found

    if await storage.write(body) not in known:  # type: ignore[arg-type]
        raise BadSetting("DESKBELL_SECRET_KEY: this database was sealed with another key; set that one, or both with the newer first")
