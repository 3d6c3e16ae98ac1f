"""`run_bot.py rota …`: who among the senior managers is on duty when."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.desk import Desk
from bot.errors import BotError
from bot.messages import Doc, DutyAt, PutRota, RotaOf
from bot.settings import is_zone

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOURS = re.compile(r"^([a-z,-]+)[ =](\d\d:\d\d)-(\d\d:\d\d)$")
_TIME = re.compile(r"^(?:[01]\d|2[0-3]):[0-5]\d$")
BY = "command line"


class NotOnIt(BotError):
    """What is to be taken off the roster is not on it."""


def words(parser: argparse.ArgumentParser) -> None:
    """The actions and what they take."""
    actions = parser.add_subparsers(dest="action", metavar="show|now|add|remove", required=True)
    actions.add_parser("show", help="the whole roster")
    now = actions.add_parser("now", help="who is on duty")
    now.add_argument("--at", type=_moment, metavar="MOMENT", help="at another moment, such as 2026-11-23T22:00+08:00")
    add = actions.add_parser("add", help="put a senior manager on it: a shift (--from, --to), or every week (--hours, --timezone)")
    add.add_argument("id")
    add.add_argument("--from", dest="start", type=_moment, metavar="MOMENT", help="with its offset; a shift overrides the week")
    add.add_argument("--to", dest="end", type=_moment, metavar="MOMENT")
    add.add_argument(
        "--hours", action="append", type=_hours, metavar="'mon-fri 09:00-18:00'", help="repeat for several; 22:00-06:00 is a night"
    )
    add.add_argument("--timezone", type=_zone, metavar="ZONE", help="of these hours, such as Asia/Shanghai")
    remove = actions.add_parser("remove", help="take somebody off it, or one of their shifts")
    remove.add_argument("id")
    remove.add_argument(
        "--from", dest="start", type=_moment, metavar="MOMENT", help="the beginning of the shift; all that is theirs without"
    )
    parser.set_defaults(wrong=parser.error)


async def run(given: argparse.Namespace, desk: Desk) -> None:
    """Does it. Raises NotOnIt, or Refused that names the field."""
    act: Callable[[argparse.Namespace, Desk], Any] = {"show": _show, "now": _now, "add": _add, "remove": _remove}[given.action]
    await act(given, desk)


async def _show(given: argparse.Namespace, desk: Desk) -> None:
    print(json.dumps(await desk.ask(RotaOf()), ensure_ascii=False, indent=2))


async def _now(given: argparse.Namespace, desk: Desk) -> None:
    found: tuple[Doc, ...] = await desk.ask(DutyAt(given.at))
    for person in found:
        print(f"{person['id']}\t{person['name']}")
    if not found:
        raise NotOnIt("there is no senior manager at all: nobody would be told; see run_bot.py agent add --help")


async def _add(given: argparse.Namespace, desk: Desk) -> None:
    shift, weekly = bool(given.start and given.end), bool(given.hours and given.timezone)
    if shift == weekly or (shift and (given.hours or given.timezone)) or (weekly and (given.start or given.end)):
        given.wrong("give either --from and --to, or --hours and --timezone")
    before: Doc = await desk.ask(RotaOf())
    if shift:
        made = {"agent": given.id, "from": given.start.isoformat(), "to": given.end.isoformat()}
        after = {**before, "shifts": [*before["shifts"], made]}
    else:
        hours: dict[str, list[list[str]]] = {}
        for days, opens, closes in given.hours:
            for day in days:
                hours.setdefault(day, []).append([opens, closes])
        after = {**before, "weekly": [*before["weekly"], {"agent": given.id, "hours": hours, "timezone": given.timezone}]}
    await desk.configure(PutRota(after, by=BY))
    print(f"{given.id} is on the roster.")


async def _remove(given: argparse.Namespace, desk: Desk) -> None:
    before: Doc = await desk.ask(RotaOf())

    def gone(each: Doc) -> bool:
        return each["agent"] == given.id and (given.start is None or datetime.fromisoformat(each.get("from", _NEVER)) == given.start)

    after = {part: [each for each in before[part] if not gone(each)] for part in ("shifts", "weekly")}
    if after == before:
        raise NotOnIt(f"{given.id} is not on the roster" + (" with a shift that begins then" if given.start else ""))
    await desk.configure(PutRota(after, by=BY))
    print(f"{given.id} is off the roster." if given.start is None else f"That shift of {given.id} is off the roster.")


_NEVER = "9999-12-31T00:00:00+00:00"


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("write a moment such as 2026-11-23T22:00+08:00") from None
    if found.tzinfo is None:
        raise argparse.ArgumentTypeError("write its offset too, such as 2026-11-23T22:00+08:00")
    return found


def _hours(text: str) -> tuple[list[str], str, str]:
    found = _HOURS.match(text.strip().lower())
    days = [day for part in found[1].split(",") for day in _days(part)] if found else []
    if found is None or not days or not all(_TIME.match(time) for time in found.groups()[1:]):
        raise argparse.ArgumentTypeError("write hours such as 'mon-fri 09:00-18:00' or 'sat,sun 10:00-16:00'")
    return days, found[2], found[3]


def _days(part: str) -> list[str]:
    first, _, last = part.partition("-")
    if first not in DAYS or (last or first) not in DAYS:
        return []
    start, end = DAYS.index(first), DAYS.index(last or first)
    return [DAYS[place % 7] for place in range(start, end + 1 if end >= start else end + 8)]


def _zone(text: str) -> str:
    if not is_zone(text):
        raise argparse.ArgumentTypeError("write an IANA time zone such as Asia/Shanghai")
    return text
