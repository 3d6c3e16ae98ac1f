"""The pass that works what has been sent, about a second at a time; and what is left behind by those who never came back."""

from __future__ import annotations

import io
import time
import zlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.errors import Conflict, Refused, Unavailable
from bot.house import House
from bot.importing.lines import survey
from bot.importing.running import Importing, Kind, Run
from bot.importing.statements.reconciling import Reconciling
from bot.jobs import Job
from bot.ports import Work
from bot.stores import Stores

KINDS: Mapping[str, Kind] = {"import": Importing(), "reconciliation": Reconciling()}
SLICE = 1.0  # seconds of work in one pass: others are waiting
BATCH = 250  # rows in one transaction
TRIES = 3  # of a file that cannot be worked, for a reason that is none of its own
SENDING, LEFT = timedelta(hours=1), timedelta(days=30)  # so long after its last piece a file is not being sent any more; or gone on with
LOOK = timedelta(minutes=10)  # between two looks for such
log = structlog.get_logger("importing")


def piece_context(job: Job, place: int) -> str:
    """What a piece of its file is sealed for."""
    return f"job_pieces|sealed|{job.id}/{place}"


class Passes:
    """One per process. `_run` None: nothing is under way here."""

    def __init__(self, work: Work, house: House) -> None:
        self._work, self._house = work, house
        self._run: Run | None = None
        self._failures: dict[str, int] = {}
        self._cleared = house.clock.now()

    async def work(self) -> datetime | None:
        """Goes on with the oldest; when to come again."""
        job = self._run.job if self._run is not None else await self._work.read(lambda stores: stores.jobs.next(), quick=True)
        if job is None:
            await self._clear()
            return None
        run, self._run = self._run, None  # whatever comes, where it stands is read anew
        try:
            run = run or await self._opened(job)
            if run is not None and not await _worked(run):
                self._run = run
        except Refused as refused:
            await self._failed(run.job if run is not None else job, refused)
        except Conflict:
            pass  # another process works it
        except Unavailable:
            raise
        except Exception:
            log.exception("file not worked", job=job.id)
            await self._unworked(job)
        return self._house.clock.now()

    async def _opened(self, job: Job) -> Run | None:
        stream = io.BytesIO()
        for place in range(job.pieces):
            sealed = await self._work.read(lambda stores, place=place: stores.jobs.piece(job, place))  # type: ignore[misc]
            if sealed is None:
                return None  # another process has just ended it
            stream.write(zlib.decompress(self._house.vault.open(sealed, piece_context(job, place))))
        return Run(self._work, self._house, KINDS[job.kind], job, stream, survey(stream), batch=BATCH)

    async def _unworked(self, job: Job) -> None:
        """It is tried again, and then left: it must not keep all others waiting."""
        self._failures[job.id] = self._failures.get(job.id, 0) + 1
        if self._failures[job.id] < TRIES:
            return
        del self._failures[job.id]
        now = await self._work.read(lambda stores: stores.jobs.get(job.id))
        if now is not None and now.state == "waiting":
            await self._failed(now, Refused("file_stuck", id=job.id))

    async def _failed(self, job: Job, refused: Refused) -> None:
        why = {"key": refused.key, "params": {name: str(value) for name, value in refused.params.items()}}
        after = replace(job, state="failed", why=why, updated_at=self._house.clock.now())
        await self._work.write(lambda stores: _ended(stores, job, after))

    async def _clear(self) -> None:
        now = self._house.clock.now()
        if now - self._cleared < LOOK:
            return
        self._cleared = now

        def clear(stores: Stores) -> None:
            for job in stores.jobs.abandoned(now - SENDING, now - LEFT, 50):
                left = {"key": "file_left", "params": {"days": str(LEFT.days)}} if job.state == "local" else None
                _ended(stores, job, replace(job, state="failed" if left else "dropped", why=left, updated_at=now))

        await self._work.write(clear)


async def _worked(run: Run) -> bool:
    """For a slice of time. Whether it has come to its end."""
    until = time.monotonic() + SLICE
    while time.monotonic() < until:
        if (await run.step()).state == "done":
            return True
    return False


def _ended(stores: Stores, before: Job, after: Job) -> None:
    """Nothing of its file is kept."""
    stores.jobs.move(before, after)
    stores.jobs.drop_pieces(after)
    stores.statements.drop(after)
