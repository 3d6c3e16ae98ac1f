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

COMMANDS = ("import", "export", "reconcile")
_BAR = 30
_FORMATS: Mapping[str, Literal["csv", "jsonl"]] = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}


class Failed(BotError):
    """The command could not be done; the message says why."""


def words(commands: Any) -> None:
    """Their arguments."""
    taken = commands.add_parser("import", help="tickets and orders from CSV or JSON Lines; begins again where it was stopped")
    taken.add_argument("file", type=Path, metavar="FILE")
    taken.add_argument("--merchant", metavar="ID", help="take only rows of this merchant's shops")
    compared = commands.add_parser("reconcile", help="a statement of settlements with orders; what differs becomes tickets for finance")
    compared.add_argument("file", type=Path, metavar="FILE")
    compared.add_argument("--merchant", metavar="ID", help="only this merchant's orders")
    compared.add_argument("--shop", metavar="ID", help="whose the tickets are of lines that no order is known for")
    compared.add_argument("--from", metavar="DAY", dest="start", help="payments from this day on are looked for in the statement")
    compared.add_argument("--to", metavar="DAY", dest="end", help="… through the end of this one")
    compared.add_argument("--channel", metavar="ID", help="… and only those of this payment channel")
    compared.add_argument("--fx-tolerance", metavar="PERCENT", help="by how much a converted amount may be off; 0 without")
    compared.add_argument("--most", metavar="N", type=int, help="so many new tickets at most (1000); more are taken for a wrong file")
    given = commands.add_parser("export", help="tickets and orders to CSV or JSON Lines, buyers masked")
    given.add_argument("file", type=Path, metavar="FILE", help="ends in .csv or .jsonl")
    given.add_argument(
        "--what",
        choices=("tickets", "orders", "all", "erp"),
        help="a CSV file holds tickets (usual), orders, or what an ERP takes; all: JSON Lines",
    )
    given.add_argument("--merchant", metavar="ID", help="only this merchant's")


async def run(given: argparse.Namespace, desk: Desk) -> None:
    """Raises Failed, or Refused with what to do."""
    if given.merchant is not None:
        await desk.ask(Get("merchants", given.merchant))
    await {"import": _import, "export": _export, "reconcile": _reconcile}[given.command](given, desk)


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
            rows = int(job.summary.get("lines", 0)) if kind == "reconciliation" else job.added + job.known
            out.show(job.done_bytes / max(1, job.bytes), rows + job.bad)
    except BadUsage as wrong:
        raise Failed(f"{given.file}: {desk.files.says(wrong)}") from None
    finally:
        out.end()
    done, there = ("tickets opened", "differences have theirs already") if kind == "reconciliation" else ("added", "there already")
    print(f"{job.added:,} {done}, {job.known:,} {there}, {job.bad:,} rows left out.")
    return {"added": job.added, "already_there": job.known, "bad": job.bad, "summary": dict(job.summary)}


async def _reconcile(given: argparse.Namespace, desk: Desk) -> None:
    asked = {
        "shop_id": given.shop, "channel_id": given.channel, "from": given.start, "to": given.end, "fx_tolerance": given.fx_tolerance,
        "most": given.most,
    }  # fmt: skip
    with given.file.open("rb") as stream:
        job = await worked(desk, stream, given, "reconciliation", {name: value for name, value in asked.items() if value is not None})
    found = job["summary"]
    for type, sums in (found.get("totals") or {}).items():
        for currency, each in sums.items():
            print(f"{type}: {each['lines']:,} lines, {each['gross']} {currency}")
    print(f"{found.get('matched', 0):,} payments agree.")
    for cause, count in (found.get("differences") or {}).items():
        print(f"{cause}: {count:,}")
    if job["bad"] and not found.get("matched") and not found.get("differences"):
        raise Failed(f"no line of {given.file} could be compared")


async def _export(given: argparse.Namespace, desk: Desk) -> None:
    form = _FORMATS.get(given.file.suffix.lower())
    if form is None:
        raise Failed(f"{given.file}: end its name in .csv or .jsonl")
    what: Literal["tickets", "orders", "all", "erp"] = given.what or ("all" if form == "jsonl" else "tickets")
    if form == "csv" and what == "all":
        raise Failed("a CSV file holds tickets or orders: choose one with --what, or end the name in .jsonl")
    if form == "jsonl" and what == "erp":
        raise Failed("what an ERP takes is a CSV file: end the name in .csv")
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
