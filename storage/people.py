"""Agents, their chat accounts, and the API's keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, select, update

from bot.errors import NotFound
from bot.messages import Page
from bot.people import Person, Role
from bot.records import OPERATOR, ApiKey
from storage import directory
from storage.db import Db, PerDialect
from storage.links import link, person_by_link
from storage.lists import one_of
from storage.pages import page
from storage.rows import columns, values
from storage.schema import agents, api_keys, chat_links, saved_views

_COLUMNS = columns(agents, Person)
_PEOPLE = select(*_COLUMNS)
_PERSON = directory.Lookup(agents, "agent", _COLUMNS)
_SEEING = _PEOPLE.where(agents.c.merchant_id.in_([bindparam("merchant_id"), OPERATOR])).order_by(agents.c.id)
_SENIORS = _PEOPLE.where(agents.c.merchant_id == OPERATOR, agents.c.role == Role.SENIOR_MANAGER.value).order_by(agents.c.id)
_RISK = _PEOPLE.where(agents.c.merchant_id == OPERATOR, agents.c.role == Role.RISK.value).order_by(agents.c.id)
_ADMINS = _SEEING.where(agents.c.role == Role.ADMIN.value)
_TEAMS = _PEOPLE.where(one_of(agents.c.merchant_id, "merchants")).order_by(agents.c.id)
_DELETE = delete(agents).where(agents.c.merchant_id == bindparam("m"), agents.c.id == bindparam("i"))
_FORGET = delete(saved_views).where(saved_views.c.merchant_id == bindparam("m"), saved_views.c.person_id == bindparam("i"))
_UNLINK = delete(chat_links).where(and_(chat_links.c.merchant_id == bindparam("m"), chat_links.c.agent_id == bindparam("i")))
_KEYS = select(*columns(api_keys, ApiKey))
_KEY = directory.Lookup(api_keys, "key", columns(api_keys, ApiKey))
_IDS = ("merchant_id", "id")
_PUT = PerDialect(
    lambda insert: (new := insert(agents)).on_conflict_do_update(
        index_elements=_IDS, set_={column.name: new.excluded[column.name] for column in _COLUMNS if column.name not in _IDS}
    )
)
_PUT_KEY = PerDialect(
    lambda insert: (new := insert(api_keys)).on_conflict_do_update(
        index_elements=_IDS, set_={name: new.excluded[name] for name in ("name", "scopes", "revoked_at")}
    )
)
_USED = (
    update(api_keys)
    .where(api_keys.c.merchant_id == bindparam("m"), api_keys.c.id == bindparam("i"))
    .values(used_at=bindparam("at", type_=api_keys.c.used_at.type))
)


class SqlPeople:
    """bot.stores.People."""

    def __init__(self, db: Db) -> None:
        self._db = db

    def get(self, id: str, within: str | None = None) -> Person | None:
        """By id."""
        row = _PERSON.row(self._db, id, within)
        return person_of(row) if row else None

    def many(self, ids: Iterable[str]) -> Mapping[str, Person]:
        """Those that exist."""
        wanted = sorted(set(ids))
        return {row[0]: person_of(row) for row in self._db.all(_PERSON.many, {"ids": wanted})} if wanted else {}

    def linked(self, channel: str, external_id: str) -> Person | None:
        """The person with this chat account."""
        row = person_by_link(self._db, channel, external_id)
        return person_of(row) if row else None

    def named(self, words: str, merchant_id: str) -> Sequence[Person]:
        """The whole id or name, else a part of it. Compared here: SQLite folds the case of ASCII alone, and a merchant's people are few."""
        wanted = words.strip().casefold()
        people = [person_of(row) for row in self._db.all(_SEEING, {"merchant_id": merchant_id})]
        exact = [each for each in people if wanted in (each.id.casefold(), each.name.casefold())]
        return exact or [each for each in people if wanted and _part(wanted, each.name.casefold())]

    def put(self, person: Person) -> None:
        """Adds or replaces. Raises NotFound when the id is another merchant's, Refused when a chat account is another person's."""
        whose = person.merchant_id or OPERATOR
        if not directory.register(self._db, "agent", person.id, whose):
            raise NotFound("no_agent", field="id", agent=person.id)
        self._db.run(_PUT, {**values(person), "merchant_id": whose, "role": person.role.value})
        self._db.run(_UNLINK, {"m": whose, "i": person.id})
        link(self._db, person, whose)

    def delete(self, id: str) -> None:
        """With the chat accounts; the id is free again."""
        whose = directory.whose(self._db, "agent", id)
        if whose is not None:
            self._db.run(_UNLINK, {"m": whose, "i": id})
            self._db.run(_FORGET, {"m": whose, "i": id})
            self._db.run(_DELETE, {"m": whose, "i": id})
            directory.forget(self._db, "agent", id)

    def page(self, within: str | None, limit: int, cursor: str | None) -> Page[Person]:
        """By merchant, then id."""
        statement = _PEOPLE if within is None else _PEOPLE.where(agents.c.merchant_id == within)
        return page(self._db, statement, [agents.c.merchant_id, agents.c.id], [str, str], limit, cursor, person_of)

    def senior_managers(self) -> Sequence[Person]:
        """The operator's, by id."""
        return [person_of(row) for row in self._db.all(_SENIORS)]

    def risk(self) -> Sequence[Person]:
        """By id."""
        return [person_of(row) for row in self._db.all(_RISK)]

    def admins(self, merchant_id: str) -> Sequence[Person]:
        """The operator's and that merchant's, by id."""
        return [person_of(row) for row in self._db.all(_ADMINS, {"merchant_id": merchant_id})]

    def teams(self, merchant_ids: Iterable[str]) -> Mapping[str, Sequence[Person]]:
        """One read for all of them."""
        wanted = sorted(set(merchant_ids) - {OPERATOR})
        found: dict[str, list[Person]] = {id: [] for id in wanted}
        for person in map(person_of, self._db.all(_TEAMS, {"merchants": wanted}) if wanted else ()):
            found[person.merchant_id or OPERATOR].append(person)
        return found

    def key(self, id: str) -> ApiKey | None:
        """An API key's record."""
        row = _KEY.row(self._db, id, None)
        return _key_of(row) if row else None

    def put_key(self, key: ApiKey) -> None:
        """Adds it, or changes its name, scopes and end."""
        whose = key.merchant_id or OPERATOR
        if not directory.register(self._db, "key", key.id, whose):
            raise NotFound("no_such", field="id", kind="API key", id=key.id)
        self._db.run(_PUT_KEY, {**values(key), "merchant_id": whose, "scopes": list(key.scopes)})

    def used_keys(self, uses: Mapping[tuple[str | None, str], datetime]) -> None:
        """Each in its place; one that is gone is nothing."""
        rows = [{"m": merchant or OPERATOR, "i": id, "at": at} for (merchant, id), at in uses.items()]
        self._db.each(_USED, sorted(rows, key=lambda row: (row["m"], row["i"])))

    def keys(self, within: str | None, limit: int, cursor: str | None) -> Page[ApiKey]:
        """By merchant, then id."""
        statement = _KEYS if within is None else _KEYS.where(api_keys.c.merchant_id == within)
        return page(self._db, statement, [api_keys.c.merchant_id, api_keys.c.id], [str, str], limit, cursor, _key_of)


def _part(wanted: str, name: str) -> bool:
    """Whole words of a name, as `Mei` and `林梅` are of `Mei Lin 林梅`."""
    return f" {' '.join(wanted.split())} " in f" {' '.join(name.split())} "


def person_of(row: Any) -> Person:
    """A person of a row in the order of its fields."""
    id, name, role, merchant_id, *links = row
    return Person(id, name, Role(role), None if merchant_id == OPERATOR else merchant_id, *links)


def _key_of(row: Any) -> ApiKey:
    key = ApiKey(*row)
    return replace(key, merchant_id=None if key.merchant_id == OPERATOR else key.merchant_id, scopes=tuple(key.scopes))
