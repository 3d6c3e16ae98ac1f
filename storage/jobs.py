"""Work on files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, func, insert, or_, select, update

from bot.errors import Conflict
from bot.jobs import Job, RowError
from bot.messages import Page
from storage.db import Db, PerDialect
from storage.lists import one_of
from storage.pages import page
from storage.rows import columns, values
from storage.schema import job_errors, job_pieces, jobs, sources

_ALL = select(*columns(jobs, Job))
_ONE = _ALL.where(jobs.c.id == bindparam("id"))
_OPEN = _ALL.where(jobs.c.state.in_(("receiving", "waiting", "local")))
_UNFINISHED = (
    _OPEN.where(jobs.c.merchant_id == bindparam("m"), jobs.c.kind == bindparam("k"), jobs.c.fingerprint == bindparam("f"))
    .order_by(jobs.c.created_at)
    .limit(1)
)  # fmt: skip
_SENT = select(func.count()).where(jobs.c.merchant_id == bindparam("m"), jobs.c.state.in_(("receiving", "waiting")))
_NEXT = _OPEN.where(jobs.c.state == "waiting").order_by(jobs.c.created_at).limit(1)
_ABANDONED = (
    _OPEN.where(
        or_(
            (jobs.c.state == "receiving") & (jobs.c.updated_at < bindparam("received", type_=jobs.c.updated_at.type)),
            (jobs.c.state == "local") & (jobs.c.updated_at < bindparam("local", type_=jobs.c.updated_at.type)),
        )
    )
    .order_by(jobs.c.created_at)
    .limit(bindparam("most"))
)  # fmt: skip
_MOVES = (
    "state", "fingerprint", "bytes", "updated_at", "position", "done_bytes", "added", "known", "bad", "pieces", "why", "summary", "cursor",
)  # fmt: skip
_MOVE = (
    update(jobs)
    .where(
        jobs.c.merchant_id == bindparam("m"), jobs.c.id == bindparam("i"), jobs.c.state == bindparam("was"),
        jobs.c.position == bindparam("stood"), jobs.c.pieces == bindparam("held"),
    )
    .values({name: bindparam(name) for name in _MOVES})
)  # fmt: skip
_PIECE = select(job_pieces.c.sealed).where(
    job_pieces.c.merchant_id == bindparam("m"), job_pieces.c.job == bindparam("j"), job_pieces.c.place == bindparam("p")
)
_DROP = delete(job_pieces).where(job_pieces.c.merchant_id == bindparam("m"), job_pieces.c.job == bindparam("j"))
_ADD_ERRORS = PerDialect(lambda insert: insert(job_errors).on_conflict_do_nothing())
_SOURCES = select(sources.c.place, sources.c.ticket).where(sources.c.merchant_id == bindparam("m"), one_of(sources.c.place, "places"))
_CLAIM = PerDialect(lambda insert: insert(sources).on_conflict_do_nothing().returning(sources.c.merchant_id, sources.c.place))


class SqlJobs:
    """bot.stores.Jobs."""

    def __init__(self, db: Db) -> None:
        self._db = db

    def add(self, job: Job) -> None:
        """A new one."""
        self._db.run(insert(jobs), values(job))

    def get(self, id: str, within: str | None = None) -> Job | None:
        """By id."""
        row = self._db.first(_ONE, {"id": id})
        found = Job(*row) if row else None
        return found if found is None or within in (None, found.merchant_id) else None

    def page(self, kind: str, within: str | None, limit: int, cursor: str | None) -> Page[Job]:
        """The newest first."""
        statement = _ALL.where(jobs.c.kind == kind)
        statement = statement if within is None else statement.where(jobs.c.merchant_id == within)
        key = [jobs.c.created_at, jobs.c.id]
        return page(self._db, statement, key, [datetime, str], limit, cursor, lambda row: Job(*row), newest_first=True)

    def unfinished(self, merchant_id: str, kind: str, fingerprint: str) -> Job | None:
        """The oldest."""
        row = self._db.first(_UNFINISHED, {"m": merchant_id, "k": kind, "f": fingerprint})
        return Job(*row) if row else None

    def open(self, merchant_id: str) -> int:
        """By the index of those that are open, which are few."""
        row = self._db.first(_SENT, {"m": merchant_id})
        return int(row[0]) if row else 0

    def next(self) -> Job | None:
        """One indexed read."""
        row = self._db.first(_NEXT)
        return Job(*row) if row else None

    def move(self, before: Job, after: Job) -> None:
        """Conditional on where it stood; raises Conflict when somebody else works it."""
        stood = {"m": before.merchant_id, "i": before.id, "was": before.state, "stood": before.position, "held": before.pieces}
        if self._db.run(_MOVE, {name: getattr(after, name) for name in _MOVES} | stood) != 1:
            raise Conflict(f"{before.id} has been moved by somebody else")

    def abandoned(self, received: datetime, local: datetime, limit: int) -> Sequence[Job]:
        """By the index of those that are open, which are few."""
        return [Job(*row) for row in self._db.all(_ABANDONED, {"received": received, "local": local, "most": limit})]

    def put_piece(self, job: Job, place: int, sealed: bytes) -> None:
        """One of its file's."""
        self._db.run(insert(job_pieces), {"merchant_id": job.merchant_id, "job": job.id, "place": place, "sealed": sealed})

    def piece(self, job: Job, place: int) -> bytes | None:
        """By its place."""
        row = self._db.first(_PIECE, {"m": job.merchant_id, "j": job.id, "p": place})
        return bytes(row[0]) if row else None

    def drop_pieces(self, job: Job) -> None:
        """The file is needed no more."""
        self._db.run(_DROP, {"m": job.merchant_id, "j": job.id})

    def add_errors(self, job: Job, errors: Sequence[RowError]) -> None:
        """The first of each row stays."""
        self._db.each(_ADD_ERRORS, [{"merchant_id": job.merchant_id, "job": job.id, **values(each)} for each in errors])

    def errors(self, job: Job, limit: int, cursor: str | None) -> Page[RowError]:
        """In the order of their rows."""
        statement = select(*columns(job_errors, RowError)).where(job_errors.c.merchant_id == job.merchant_id, job_errors.c.job == job.id)
        return page(self._db, statement, [job_errors.c.row], [int], limit, cursor, lambda row: RowError(*row))

    def sources(self, merchant_id: str, keys: Sequence[str]) -> Mapping[str, int]:
        """Of one merchant."""
        return dict(tuple(row) for row in self._db.all(_SOURCES, {"m": merchant_id, "places": sorted(set(keys))})) if keys else {}

    def claim_sources(self, rows: Sequence[tuple[str, str, int]]) -> set[tuple[str, str]]:
        """In the order of their keys, so that two transactions never wait for each other in a circle."""
        given = [{"merchant_id": merchant, "place": place, "ticket": ticket} for merchant, place, ticket in sorted(rows)]
        return {(row[0], row[1]) for row in self._db.gained(_CLAIM, given)} if given else set()
