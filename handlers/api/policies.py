"""SLA policies: put, read, list, remove; what a change would do."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, JsonValue

from bot.messages import Doc, Put
from handlers.api.fields import Answer, Country, Id, Listing, Model, Span, Zone
from handlers.api.route import Call, Route
from handlers.api.usual import get, listed, put, remove
from handlers.api.words import Category, Priority

_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)


def _time(value: str) -> str:
    if not _TIME.fullmatch(value):
        raise ValueError("must be a time from 00:00 to 23:59; a window's end of 00:00 is the midnight after, so write that for 24:00")
    return value


Time = Annotated[str, Field(max_length=5, examples=["09:00"]), AfterValidator(_time)]
Window = Annotated[list[Time], Field(min_length=2, max_length=2)]
Windows = Annotated[list[Window], Field(max_length=24)]
Share = Annotated[float, Field(gt=0, lt=1)]


class Targets(Model):
    """How long until each tier, each longer than the one before. One left out is the deployment's; to a merchant, the operator's."""

    first_response: Span | None = None
    resolution: Span | None = None
    closure: Span | None = None


class Hours(Model):
    """Windows of each weekday, by the clock on the wall; a day that is left out does not count."""

    mon: Windows | None = None
    tue: Windows | None = None
    wed: Windows | None = None
    thu: Windows | None = None
    fri: Windows | None = None
    sat: Windows | None = None
    sun: Windows | None = None


class Calendar(Model):
    """When time counts. Without `timezone` the merchant's own; `holidays` is a country: its public holidays do not count.

    `CN` knows the weekends that are worked to make up for them: these count by a weekday's hours.
    """

    timezone: Zone | None = None
    hours: Hours
    holidays: Country | None = None


class Policy(Model):
    """An SLA policy as it is put. Without `merchant_id` it is for every merchant; without `calendar` every hour counts."""

    merchant_id: Id | None = None
    category: Category | None = None
    priority: Priority | None = None
    targets: Targets | None = None
    calendar: Calendar | None = None
    pause_on: Annotated[list[Literal["pending"]], Field(max_length=1)] | None = None
    warn: Annotated[list[Share], Field(max_length=9)] | None = None


class PolicyAnswer(Answer):
    """An SLA policy. `set_by` tells whether it can only tighten (`merchant`)."""

    id: str
    merchant_id: str | None
    category: Category | None
    priority: Priority | None
    targets: dict[str, str]
    calendar: dict[str, JsonValue] | None
    pause_on: list[str]
    warn: list[float] | None
    set_by: Literal["operator", "merchant"]
    updated_at: str


class Moved(Answer):
    """A clock's due moment before and after. `overdue`: it would be missed at once, and ring."""

    from_: Annotated[str | None, Field(alias="from")]
    to: str | None
    overdue: bool


class Affected(Answer):
    """An open ticket that would change: the policy it has and would have, and the clocks that would move."""

    ticket: Annotated[str, Field(examples=["T-1024"])]
    number: int
    merchant_id: str
    policy: dict[Literal["from", "to"], str]
    clocks: dict[Literal["first_response", "resolution", "closure"], Moved]


class PreviewAnswer(Answer):
    """How many open tickets were looked at (`complete`: all of them), and what would become of them; 200 are listed at most."""

    policy: PolicyAnswer
    looked_at: int
    complete: bool
    would_change: int
    would_be_overdue: int
    changes: list[Affected]


async def _preview(call: Call) -> Doc:
    doc = call.body.model_dump(exclude_none=True)
    return await call.desk.preview(Put("policies", call.path["id"], doc, within=call.within, by=call.by))


_ONE = "/v1/policies/{id}"
_ORDER = (
    "Of all that fit a ticket the most specific holds: a merchant's before one for every merchant, then one for its category, then one for "
    "its priority. With a merchant's own key targets can only be shortened, and neither `calendar` nor `pause_on` be set. Open tickets are "
    "worked out anew in the background; what fired stays fired."
)
ROUTES = (
    Route(
        "PUT", _ONE, "Create or replace an SLA policy", put("policies"), "policies:write", body=Policy, answer=PolicyAnswer,
        refusals=("not_allowed",), notes=_ORDER,
    ),
    Route(
        "POST", f"{_ONE}/preview", "Try an SLA policy on the open tickets", _preview, "policies:write", body=Policy, answer=PreviewAnswer,
        refusals=("not_allowed",), notes="Changes nothing. Up to 10,000 open tickets are looked at, for 3 s at most.",
    ),
    Route("GET", _ONE, "Read an SLA policy", get("policies"), "policies:read", answer=PolicyAnswer),
    Route("DELETE", _ONE, "Remove an SLA policy", remove("policies"), "policies:write", status=204, refusals=("not_allowed",)),
    Route("GET", "/v1/policies", "List SLA policies", listed("policies"), "policies:read", query=Listing, answer=PolicyAnswer, many=True),
)  # fmt: skip
