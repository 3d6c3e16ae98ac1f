"""The command line's work on files: import and export, with a bar on a terminal and plain lines elsewhere."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TextIO

from bot.desk import Desk
from bot.errors import BadUsage, BotError
from bot.messages import Doc, Get

COMMANDS = ("import", "export")
_BAR = 30
_FORMATS: Mapping[str, Literal["csv", "jsonl"]] = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}


class Failed(BotError):
    """The command could not be done; the message says why."""


def words(commands: Any) -> None:
    """Their arguments."""
    taken = commands.add_parser("import", help="tickets and orders from CSV or JSON Lines; begins again where it was stopped")
    taken.add_argument("file", type=Path, metavar="FILE")
    taken.add_argument("--merchant", metavar="ID", help="take only rows of this merchant's shops")
    given = commands.add_parser("export", help="tickets and orders to CSV or JSON Lines, buyers masked")
    given.add_argument("file", type=Path, metavar="FILE", help="ends in .csv or .jsonl")
    given.add_argument("--what", choices=("tickets", "orders", "all"), help="a CSV file holds tickets (usual) or orders; all: JSON Lines")
    given.add_argument("--merchant", metavar="ID", help="only this merchant's")


async def run(given: argparse.Namespace, desk: Desk) -> None:
    """Raises Failed, or Refused with what to do."""
    if given.merchant is not None:
        await desk.ask(Get("merchants", given.merchant))
    await (_import if given.command == "import" else _export)(given, desk)


async def _import(given: argparse.Namespace, desk: Desk) -> None:
    with given.file.open("rb") as stream:
        job = await worked(desk, stream, given, "import", {})
    if job["bad"] and not job["added"] + job["already_there"]:
        raise Failed(f"no row of {given.file} could be taken")


async def worked(desk: Desk, stream: Any, given: argparse.Namespace, kind: Any, options: Mapping[str, Any]) -> Doc:
    """Works the file to its end and tells of it; the job's figures."""
    out = Progress(sys.stdout)
    try:
        run = await desk.files.local(stream, kind, given.file.name, by="command line", within=given.merchant, options=options)
        if run.survey.encoding == "gb18030":
            print("The file is not UTF-8: it is read as GB18030.")
        if run.job.position:
            print(f"Going on behind row {run.job.position:,}, where it was stopped.")
        run.said = out.bad
        while (job := await run.step()).state != "done":
            out.show(job.done_bytes / max(1, job.bytes), job.added + job.known + job.bad)
    except BadUsage as wrong:
        raise Failed(f"{given.file}: {desk.files.says(wrong)}") from None
    finally:
        out.end()
    print(f"{job.added:,} added, {job.known:,} there already, {job.bad:,} left out.")
    return {"added": job.added, "already_there": job.known, "bad": job.bad, "summary": dict(job.summary)}


async def _export(given: argparse.Namespace, desk: Desk) -> None:
    form = _FORMATS.get(given.file.suffix.lower())
    if form is None:
        raise Failed(f"{given.file}: end its name in .csv or .jsonl")
    what: Literal["tickets", "orders", "all"] = given.what or ("all" if form == "jsonl" else "tickets")
    if form == "csv" and what == "all":
        raise Failed("a CSV file holds tickets or orders: choose one with --what, or end the name in .jsonl")
    # Beside it first: what is there stays until all of the new one is.
    handle, beside = tempfile.mkstemp(dir=given.file.parent, prefix=f".{given.file.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as out:
            async for part in desk.files.export(what, form, given.merchant):
                out.write(part)
        Path(beside).replace(given.file)  # noqa: ASYNC240  # this program does nothing else meanwhile
    except BaseException:
        Path(beside).unlink(missing_ok=True)  # noqa: ASYNC240
        raise
    print(f"export: {given.file}")


class Progress:
    """How far it has come: a bar that is drawn over on a terminal, a line at every tenth elsewhere."""

    def __init__(self, out: TextIO) -> None:
        self._out, self._bar, self._tenth, self._drawn = out, out.isatty(), 0, False

    def show(self, share: float, rows: int) -> None:
        """`share` of 1."""
        if self._bar:
            full = int(share * _BAR)
            self._out.write(f"\r[{'█' * full}{'░' * (_BAR - full)}] {share:4.0%}  {rows:,} rows ")
            self._drawn = True
        elif int(share * 10) > self._tenth:
            self._tenth = int(share * 10)
            self._out.write(f"{share:.0%}, {rows:,} rows\n")
        self._out.flush()

    def bad(self, errors: Sequence[Doc]) -> None:
        """Rows that were left out, on stderr."""
        if errors:
            self.end()
        for each in errors:
            field = f"{each['field']}: " if each["field"] else ""
            print(f"row {each['row']}: {field}{each['message']}", file=sys.stderr)

    def end(self) -> None:
        """The bar's line is over."""
        if self._drawn:
            self._out.write("\n")
            self._drawn = False
