"""What tells of a person, sealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update

from storage.db import Db, PerDialect
from storage.schema import merchant_keys, originals, subjects

_KEYS = select(merchant_keys.c.version, merchant_keys.c.wrapped).where(merchant_keys.c.merchant_id == bindparam("m"))
_ADD_KEY = PerDialect(lambda insert: insert(merchant_keys).on_conflict_do_nothing())
_ALL_KEYS = select(merchant_keys.c.merchant_id, merchant_keys.c.version, merchant_keys.c.wrapped)
_REWRAP = (
    update(merchant_keys)
    .where(merchant_keys.c.merchant_id == bindparam("m"), merchant_keys.c.version == bindparam("v"))
    .where(merchant_keys.c.wrapped == bindparam("w"))
    .values(wrapped=bindparam("anew"))
)  # fmt: skip
_KEEP = PerDialect(
    lambda insert: (new := insert(originals)).on_conflict_do_update(
        index_elements=["merchant_id", "place"], set_={"ticket": new.excluded.ticket, "sealed": new.excluded.sealed}
    )
)
_PLACE = (originals.c.merchant_id == bindparam("m"), originals.c.place == bindparam("p"))
_ORIGINAL = select(originals.c.sealed).where(*_PLACE)
_OF = (originals.c.merchant_id == bindparam("m"), originals.c.ticket == bindparam("t"))
_PLACES = select(originals.c.place).where(*_OF).order_by(originals.c.place)
_DROP = delete(originals).where(*_PLACE)
_MOVE = update(originals).where(*_OF, originals.c.place.not_like("T-%")).values(ticket=bindparam("into"))
_FORGET = delete(originals).where(*_OF)
_TOLD = PerDialect(lambda insert: insert(subjects).on_conflict_do_nothing())
_ABOUT = (
    select(subjects.c.about)
    .where(subjects.c.merchant_id == bindparam("m"), subjects.c.token == bindparam("k"))
    .order_by(subjects.c.about)
    .limit(bindparam("most"))
)
_UNTOLD = delete(subjects).where(subjects.c.merchant_id == bindparam("m"), subjects.c.about == bindparam("a"))


class SqlPersonal:
    """bot.stores.Personal."""

    def __init__(self, db: Db) -> None:
        self._db = db

    def keys(self, merchant_id: str) -> Mapping[int, bytes]:
        """Few."""
        return {row[0]: row[1] for row in self._db.all(_KEYS, {"m": merchant_id})}

    def add_key(self, merchant_id: str, version: int, wrapped: bytes, now: datetime) -> None:
        """The first that is written stands."""
        self._db.run(_ADD_KEY, {"merchant_id": merchant_id, "version": version, "wrapped": wrapped, "made_at": now})

    def keep(self, merchant_id: str, ticket: int, sealed: Mapping[str, bytes]) -> None:
        """A place's newest text."""
        rows = [{"merchant_id": merchant_id, "place": place, "ticket": ticket, "sealed": body} for place, body in sealed.items()]
        self._db.soon(_KEEP, rows, key=("merchant_id", "place"))

    def original(self, merchant_id: str, place: str) -> bytes | None:
        """By its place."""
        row = self._db.first(_ORIGINAL, {"m": merchant_id, "p": place})
        return bytes(row[0]) if row else None

    def places(self, merchant_id: str, ticket: int) -> Sequence[str]:
        """In order."""
        return [row[0] for row in self._db.all(_PLACES, {"m": merchant_id, "t": ticket})]

    def drop(self, merchant_id: str, places: Sequence[str]) -> None:
        """What is there no more has no original."""
        self._db.each(_DROP, [{"m": merchant_id, "p": place} for place in places])

    def move(self, merchant_id: str, ticket: int, into: int) -> None:
        """Messages have ids of their own, wherever they are."""
        self._db.run(_MOVE, {"m": merchant_id, "t": ticket, "into": into})

    def told(self, merchant_id: str, about: str, tokens: Sequence[str]) -> None:
        """Once each."""
        rows = [{"merchant_id": merchant_id, "token": token, "about": about} for token in dict.fromkeys(tokens)]
        self._db.soon(_TOLD, rows, key=("merchant_id", "token", "about"))

    def about(self, merchant_id: str, token: str, most: int) -> Sequence[str]:
        """In order."""
        return [row[0] for row in self._db.all(_ABOUT, {"m": merchant_id, "k": token, "most": most})]

    def forget(self, merchant_id: str, ticket: int) -> int:
        """Both at once."""
        self._db.run(_UNTOLD, {"m": merchant_id, "a": f"T-{ticket}"})
        return self._db.run(_FORGET, {"m": merchant_id, "t": ticket})

    def forget_order(self, merchant_id: str, shop_id: str, order_no: str) -> None:
        """An order's buyer is kept with the order."""
        self._db.run(_UNTOLD, {"m": merchant_id, "a": f"orders/{shop_id}/{order_no}"})

    def every_key(self) -> Sequence[tuple[str, int, bytes]]:
        """All merchants'."""
        return [(row[0], row[1], bytes(row[2])) for row in self._db.all(_ALL_KEYS)]

    def rewrap(self, merchant_id: str, version: int, wrapped: bytes, anew: bytes) -> None:
        """Unless another replica has done so."""
        self._db.run(_REWRAP, {"m": merchant_id, "v": version, "w": wrapped, "anew": anew})
