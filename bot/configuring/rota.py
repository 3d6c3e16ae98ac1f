"""The duty roster: put as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot import views
from bot.asking.rota import operators_only
from bot.errors import BadUsage
from bot.house import House
from bot.messages import Doc, PutRota
from bot.rota import Roster, Shift, Weekly, overlapping
from bot.stores import Stores


def _put(stores: Stores, house: House, change: PutRota, now: datetime) -> Doc:
    operators_only(change.within)
    managers = {each.id for each in stores.people.senior_managers()}
    shifts = [_shift(each, f"shifts.{place}", managers) for place, each in enumerate(change.doc.get("shifts") or ())]
    weekly = [_weekly(each, f"weekly.{place}", managers) for place, each in enumerate(change.doc.get("weekly") or ())]
    roster = Roster(tuple(sorted(shifts, key=lambda each: (each.start, each.end, each.agent))), tuple(weekly))
    stores.rota.put(roster, now)
    return views.rota_doc(roster)


def _shift(doc: Mapping[str, Any], field: str, managers: set[str]) -> Shift:
    _manager(doc["agent"], field, managers)
    start, end = (datetime.fromisoformat(str(doc[name])) for name in ("from", "to"))
    if end <= start:
        raise BadUsage("shift_ends_first", field=f"{field}.to")
    return Shift(doc["agent"], start, end)


def _weekly(doc: Mapping[str, Any], field: str, managers: set[str]) -> Weekly:
    _manager(doc["agent"], field, managers)
    hours = {day: [list(each) for each in windows] for day, windows in doc["hours"].items() if windows}
    for day, windows in hours.items():
        if any(opens == closes != "00:00" for opens, closes in windows):
            raise BadUsage("window_of_nothing", field=f"{field}.hours.{day}")
    day_twice = overlapping(hours)
    if day_twice is not None:
        raise BadUsage("duty_overlaps", field=f"{field}.hours.{day_twice}")
    return Weekly(doc["agent"], hours, doc["timezone"])


def _manager(id: str, field: str, managers: set[str]) -> None:
    if id not in managers:
        raise BadUsage("no_senior_manager", field=f"{field}.agent", agent=id)


CHANGES = {PutRota: _put}
