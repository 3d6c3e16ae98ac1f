"""The door to work on files: one that a command line reads, or one that is sent in pieces, kept sealed and worked by a pass."""

from __future__ import annotations

import io
import zlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, BinaryIO

from bot.errors import BadUsage, Refused
from bot.house import House, new_id
from bot.importing.lines import Survey, Surveyor, survey
from bot.importing.passing import KINDS, Passes, piece_context
from bot.importing.rows import rows
from bot.importing.running import Run
from bot.importing.writing import Format, What, written
from bot.jobs import Job
from bot.jobs import Kind as KindName
from bot.ports import Work
from bot.records import OPERATOR
from bot.stores import Stores
from bot.wording import say

ALONE = 2000  # rows in one transaction of a command line, which is alone; a pass takes fewer
AT_ONCE = 20  # files of one merchant that are being sent, or wait
MOST = 64 * 1024 * 1024  # bytes of a file that is sent; a command line has no limit


class Files:
    """One per process."""

    def __init__(self, work: Work, house: House) -> None:
        self._work, self._house = work, house
        self._passes = Passes(work, house)

    async def local(self, stream: BinaryIO, kind: KindName, name: str, *, by: str, within: str | None, options: Mapping[str, Any]) -> Run:
        """A run over a file that stays where it is, from where one over the same file was left. Raises BadUsage."""
        KINDS[kind].asked(self._house, options)
        found = survey(stream)
        job = self._job(kind, name, "local", by=by, within=within, options=options, survey=found)

        def begin(stores: Stores) -> Job:
            before = stores.jobs.unfinished(job.merchant_id, kind, found.fingerprint)
            if before is not None and before.options == options and before.state != "receiving":
                if before.state == "local":
                    return before
                raise BadUsage("file_is_worked", field="file", id=before.id)
            stores.jobs.add(job)
            return job

        return Run(self._work, self._house, KINDS[kind], await self._work.write(begin), stream, found, batch=ALONE)

    async def receive(self, kind: KindName, name: str, *, by: str, within: str | None, options: Mapping[str, Any]) -> Receiving:
        """Room for a file that is being sent. Raises BadUsage; Refused where too many are under way."""
        KINDS[kind].asked(self._house, options)
        nothing = Survey("", 0, "")
        job = self._job(kind, name, "receiving", by=by, within=within, options=options, survey=nothing)

        def begin(stores: Stores) -> None:
            if stores.jobs.open(job.merchant_id) >= AT_ONCE:
                raise Refused("files_waiting", code="rate_limited", most=AT_ONCE)
            stores.jobs.add(job)

        await self._work.write(begin)
        return Receiving(self._work, self._house, job)

    async def work(self) -> datetime | None:
        """A pass over what has been sent; when to come again."""
        return await self._passes.work()

    def says(self, refused: Refused) -> str:
        """A refusal in the deployment's language."""
        return say(refused.key, self._house.settings.locale, **refused.params)

    def export(self, what: What, form: Format, within: str | None) -> AsyncIterator[str]:
        """A file's text, part by part: what `import` takes."""
        return written(self._work, what, form, within)

    def _job(
        self, kind: KindName, name: str, state: str, *, by: str, within: str | None, options: Mapping[str, Any], survey: Survey
    ) -> Job:
        now = self._house.clock.now()
        id = new_id("imp" if kind == "import" else "rec")
        return Job(
            within or OPERATOR, id, kind, _shown(name), survey.fingerprint, survey.bytes, state, by, now, now, options=dict(options)
        )  # fmt: skip


class Receiving:
    """A file on its way in: `add` its pieces, then `end`, or `cancel`. What is never ended is never worked."""

    def __init__(self, work: Work, house: House, job: Job) -> None:
        self._work, self._house, self._job = work, house, job
        self._surveyor, self._waiting = Surveyor(), bytearray()

    async def add(self, piece: bytes) -> None:
        """Raises BadUsage when it grows too large."""
        self._surveyor.see(piece)
        if self._surveyor.bytes > MOST:
            raise BadUsage("file_too_large", field="file", most=MOST // 1024 // 1024)
        self._waiting += piece
        if len(self._waiting) >= 1024 * 1024:
            await self._store()

    async def end(self) -> Job:
        """To be worked from now on; where the same file is under way already, that one. Raises BadUsage where it is no such file."""
        found = self._surveyor.survey()
        header, _ = rows(io.BytesIO(self._surveyor.head), found)
        KINDS[self._job.kind].check(header)
        await self._store()
        before, now = self._job, self._house.clock.now()
        after = replace(before, state="waiting", fingerprint=found.fingerprint, bytes=found.bytes, updated_at=now)

        def begin(stores: Stores) -> Job:
            same = stores.jobs.unfinished(before.merchant_id, before.kind, found.fingerprint)
            if same is not None and same.state == "waiting" and same.options == before.options:
                stores.jobs.drop_pieces(before)
                stores.jobs.move(before, replace(before, state="dropped"))
                return same
            stores.jobs.move(before, after)
            return after

        return await self._work.write(begin)

    async def cancel(self) -> None:
        """As if it had never come."""
        gone = replace(self._job, state="dropped")

        def drop(stores: Stores) -> None:
            stores.jobs.drop_pieces(self._job)
            stores.jobs.move(self._job, gone)

        await self._work.write(drop)

    async def _store(self) -> None:
        if not self._waiting:
            return
        before, place = self._job, self._job.pieces
        sealed = self._house.vault.seal(zlib.compress(bytes(self._waiting), 6), piece_context(before, place))
        after = replace(before, pieces=place + 1, updated_at=self._house.clock.now())

        def store(stores: Stores) -> None:
            stores.jobs.put_piece(before, place, sealed)
            stores.jobs.move(before, after)

        await self._work.write(store)
        self._job, self._waiting = after, bytearray()


def _shown(name: str) -> str:
    """A file's name may be anything."""
    return "".join(sign if sign.isprintable() else "?" for sign in name[:200])
