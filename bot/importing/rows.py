"""From a file to its rows, CSV or JSON Lines: a Row for each, or what is wrong with it. A row that can't be read takes no other along."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, BinaryIO

from bot.errors import BadUsage
from bot.importing.lines import LONGEST, Lines, Survey
from bot.jobs import Bad
from bot.spreadsheet import unguarded

TALLEST, WIDEST = 500, 64 * 1024  # lines and characters of one record: after so many a quote was never closed
_DELIMITERS = (",", ";", "\t", "；", "，", "|")
csv.field_size_limit(LONGEST * 4)


@dataclass(frozen=True, slots=True)
class Row:
    """`number` counts as a spreadsheet does, the header being 1 (JSON Lines have none and begin at 1). `cells` by (dotted) name."""

    number: int
    cells: Mapping[str, Any] = field(default_factory=dict)
    bad: Bad | None = None
    text: bool = True  # every value is text, as in CSV


def rows(stream: BinaryIO, survey: Survey) -> tuple[Sequence[str] | None, Iterator[Row]]:
    """The header, where there is one, as written, and all that follows. Raises BadUsage where there is none to be understood."""
    lines = iter(Lines(stream, survey.encoding))
    first = next((line for line in lines if line.strip("\ufeff \t\r\n")), "")
    first = first.lstrip("\ufeff")
    if first.lstrip().startswith("{"):
        return None, _json(chain([first], lines))
    if first.lower().startswith("sep=") and len(first.strip()) == 5:  # a line of Excel's own
        delimiter, first = first.strip()[4], next(lines, "")
    else:
        delimiter = max(_DELIMITERS, key=first.count)
    records = _records(first, lines, delimiter)
    header = next(records, None)
    if not isinstance(header, list) or not any(cell.strip() for cell in header):
        raise BadUsage("file_no_header", field="file")
    names = [cell.strip() for cell in header]
    while names and not names[-1]:
        names.pop()  # columns that a spreadsheet saved though nothing is in them
    twice = next((name for place, name in enumerate(names) if name and name in names[:place]), None)
    if twice is not None:
        raise BadUsage("column_twice", field=twice[:80], column=twice[:80])
    return names, _csv(names, records)


def _csv(names: Sequence[str], records: Iterator[list[str] | Bad]) -> Iterator[Row]:
    many = len(names)
    for number, found in enumerate(records, start=2):
        if isinstance(found, Bad):
            yield Row(number, bad=found)
        elif len(found) > many and any(cell.strip() for cell in found[many:]):
            yield Row(number, bad=Bad("", "row_too_wide", cells=len(found), columns=many))
        elif any(found):
            yield Row(number, {name: unguarded(cell) for name, cell in zip(names, found, strict=False) if cell and name})


def _records(first: str, lines: Iterator[str], delimiter: str) -> Iterator[list[str] | Bad]:
    """Each record, which is more than one line where a cell holds a line break."""
    ahead: list[str] = [first]
    while True:
        line = ahead.pop(0) if ahead else next(lines, None)
        if line is None:
            return
        record, used = _record(line, ahead, lines, delimiter)
        del ahead[:used]
        yield record


def _record(line: str, ahead: list[str], lines: Iterator[str], delimiter: str) -> tuple[list[str] | Bad, int]:
    """The record that begins with `line`, and how many of the lines `ahead` belong to it; more are read into them where they are needed."""
    if len(line) >= LONGEST:
        return Bad("", "row_too_long", most=LONGEST), 0
    found = _parsed(line, delimiter)
    if found is not None:
        return found, 0
    whole, used = line, 0
    while used < TALLEST and len(whole) < WIDEST:
        if used == len(ahead):
            following = next(lines, None)
            if following is None:
                break
            ahead.append(following)
        whole += ahead[used]
        used += 1
        if ahead[used - 1].count('"') % 2 and (found := _parsed(whole, delimiter)) is not None:
            return (found, used) if isinstance(found, list) else (found, 0)
    return Bad("", "quote_open"), 0


def _parsed(record: str, delimiter: str) -> list[str] | Bad | None:
    """None: a quote is open at its end."""
    if '"' not in record:
        return record.rstrip("\r\n").split(delimiter)
    try:
        return next(csv.reader([record], delimiter=delimiter, strict=True), [])
    except csv.Error as wrong:
        return None if "end of data" in str(wrong) else Bad("", "quote_misplaced")


def _json(lines: Iterator[str]) -> Iterator[Row]:
    for number, line in enumerate(lines, start=1):
        if not line.strip("\ufeff \t\r\n"):
            continue
        try:
            found = json.loads(line.strip("\ufeff"), parse_constant=_no_constant) if len(line) < LONGEST else None
        except (ValueError, RecursionError):
            yield Row(number, bad=Bad("", "row_not_json"))
            continue
        if isinstance(found, dict):
            yield Row(number, flat(found), text=False)
        else:
            yield Row(number, bad=Bad("", "row_not_json") if len(line) < LONGEST else Bad("", "row_too_long", most=LONGEST))


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def flat(doc: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    """Nested documents under dotted names; nulls and empty documents left out."""
    found: dict[str, Any] = {}
    for name, value in doc.items():
        if isinstance(value, dict) and before.count(".") < 4:
            found |= flat(value, f"{before}{name}.")
        elif value is not None:
            found[f"{before}{name}"] = value
    return found
