"""The duty roster of the operator's senior managers: read, put as a whole."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from bot.messages import Doc, PutRota, RotaOf
from handlers.api.fields import Answer, Id, Model, Moment, Zone
from handlers.api.route import Call, Route

_Time = Annotated[str, Field(pattern=r"^(?:[01][0-9]|2[0-3]):[0-5][0-9]$", examples=["09:00"])]
Window = Annotated[list[_Time], Field(min_length=2, max_length=2, examples=[["09:00", "18:00"]])]
Windows = Annotated[list[Window], Field(max_length=12)]


class Shift(Model):
    """On duty from a moment until another. While a shift runs, only those of shifts are on duty."""

    agent: Id
    start: Annotated[Moment, Field(alias="from")]
    end: Annotated[Moment, Field(alias="to")]


class WeekHours(Model):
    """From and to, by the clock on that zone's wall. A window that ends no later than it begins goes on until the next morning."""

    mon: Windows | None = None
    tue: Windows | None = None
    wed: Windows | None = None
    thu: Windows | None = None
    fri: Windows | None = None
    sat: Windows | None = None
    sun: Windows | None = None


class Weekly(Model):
    """On duty every week at these hours."""

    agent: Id
    hours: WeekHours
    timezone: Zone


class Rota(Model):
    """The whole roster: what is left out is empty. Agents are senior managers."""

    shifts: Annotated[list[Shift], Field(max_length=2000)] = Field(default_factory=list)
    weekly: Annotated[list[Weekly], Field(max_length=200)] = Field(default_factory=list)


class RotaAnswer(Answer):
    """The roster."""

    shifts: list[dict[str, str]]
    weekly: list[dict[str, object]]


async def _get(call: Call) -> Doc:
    found: Doc = await call.desk.ask(RotaOf(call.within))
    return found


async def _put(call: Call) -> Doc:
    doc = call.body.model_dump(by_alias=True, exclude_none=True)
    return await call.desk.configure(PutRota(doc, within=call.within, by=call.by))


ROUTES = (
    Route("GET", "/v1/rota", "Read the duty roster", _get, "people:read", answer=RotaAnswer),
    Route(
        "PUT", "/v1/rota", "Replace the duty roster", _put, "people:write", body=Rota, answer=RotaAnswer,
        notes="Tiers 2 and 3 are told to who is on duty: shifts override the week; a moment with nobody on duty tells all. "
        "Who is away is passed over for the next.",
    ),
)  # fmt: skip
