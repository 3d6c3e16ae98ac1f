"""Work on files: how far it has come, and which rows were wrong."""

from __future__ import annotations

from bot.errors import NotFound
from bot.house import House
from bot.jobs import Job, RowError
from bot.messages import Doc, JobErrors, JobOf, JobsOf, Page
from bot.records import OPERATOR
from bot.stores import Stores
from bot.views import moment
from bot.wording import say

SHOWN = 20  # errors in the job's own document


def _one(stores: Stores, house: House, query: JobOf) -> Doc:
    job = _seen(stores, query.id, query.kind, query.within)
    errors = stores.jobs.errors(job, SHOWN, None).items
    return {**doc(job, query.locale), "errors": [error_doc(each, query.locale) for each in errors]}


def _many(stores: Stores, house: House, query: JobsOf) -> Page[Doc]:
    found = stores.jobs.page(query.kind, query.within, query.limit, query.cursor)
    return Page(tuple(doc(each, query.locale) for each in found.items if each.state != "dropped"), found.next_cursor)


def _errors(stores: Stores, house: House, query: JobErrors) -> Page[Doc]:
    job = _seen(stores, query.id, query.kind, query.within)
    found = stores.jobs.errors(job, query.limit, query.cursor)
    return Page(tuple(error_doc(each, query.locale) for each in found.items), found.next_cursor)


def _seen(stores: Stores, id: str, kind: str, within: str | None) -> Job:
    job = stores.jobs.get(id, within)
    if job is None or job.kind != kind or job.state == "dropped":
        raise NotFound("no_such", kind=kind, id=id[:80])
    return job


def doc(job: Job, locale: str) -> Doc:
    """How a job stands. `already_there`: rows that had come before, or differences that have their ticket; `opened`: new tickets."""
    state = "running" if job.state in ("waiting", "local") and job.position else {"local": "waiting"}.get(job.state, job.state)
    why = say(job.why["key"], locale, **job.why["params"]) if job.why else None
    lines, new = (int(job.summary.get("lines", 0)), "opened") if job.kind == "reconciliation" else (job.added + job.known, "added")
    summary = {name: value for name, value in job.summary.items() if name != "compared"}
    return {
        "id": job.id, "merchant_id": None if job.merchant_id == OPERATOR else job.merchant_id, "name": job.name, "state": state,
        "bytes": job.bytes, "progress": 1.0 if job.state == "done" else round(job.done_bytes / job.bytes, 4) if job.bytes else 0.0,
        "rows": lines + job.bad, new: job.added, "already_there": job.known, "bad": job.bad, "why": why,
        "summary": summary, "created_at": moment(job.created_at), "updated_at": moment(job.updated_at),
    }  # fmt: skip


def error_doc(error: RowError, locale: str) -> Doc:
    """A row that was left out, and what to do about it."""
    return {"row": error.row, "field": error.field, "message": say(error.key, locale, **error.params)}


ANSWERS = {JobOf: _one, JobsOf: _many, JobErrors: _errors}
