"""Tickets: open, find, read, patch; their timeline, and why their clocks stand where they do."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from bot.messages import Doc, FindTickets, GetTicket, NewTicket, Page, PatchTicket, TicketFilter, TimelineOf, WhyOf
from handlers.api.fields import LINE, Answer, Currency, Id, Listing, Model, Name, OrderNo, Reason, When, Words
from handlers.api.orders import Buyer
from handlers.api.route import Call, Route
from handlers.api.words import Category, Platform, Priority, State

Subject = Annotated[str, Field(min_length=1, max_length=300), LINE]
FieldName = Annotated[str, Field(min_length=1, max_length=64), LINE]
Value = Reason | bool | int | float
Fields = dict[FieldName, Value]
Patches = dict[FieldName, Value | None]


def _split(given: Any) -> Any:
    """Repeated or comma-separated."""
    parts = given if isinstance(given, list) else [given]
    return [piece for part in parts for piece in str(part).split(",")]


class Ticket(Model):
    """A ticket to open. Without a category it is classified."""

    shop_id: Id
    order_no: OrderNo | None = None
    subject: Subject
    message: Words
    buyer: Buyer | None = None
    category: Category | None = None
    priority: Priority | None = None
    custom_fields: Annotated[Fields, Field(max_length=50)] | None = None


class TicketPatch(Model):
    """What to set; custom fields are merged key by key, null removes one."""

    priority: Priority | None = None
    custom_fields: Annotated[Patches, Field(max_length=50)] | None = None

    @model_validator(mode="after")
    def _something(self) -> TicketPatch:
        if self.priority is None and self.custom_fields is None:
            raise ValueError("give priority or custom_fields")
        return self


class TicketQuery(Listing):
    """Filters; all hold together."""

    merchant: Id | None = None
    shop: Id | None = None
    platform: Platform | None = None
    currency: Currency | None = None
    order_no: OrderNo | None = None
    state: Annotated[list[State], BeforeValidator(_split), Field(max_length=6)] = Field(default_factory=list)
    category: Category | None = None
    priority: Priority | None = None
    assignee: Id | None = None
    tier: Annotated[int, Field(ge=0, le=3)] | None = None
    risk: Literal["none", "low", "medium", "high", "any"] | None = None
    overdue: bool | None = None
    created_from: When | None = None
    created_to: When | None = None
    q: Name | None = None
    custom_field: Annotated[dict[FieldName, Reason], Field(max_length=5)] | None = None


class TicketAnswer(Answer):
    """A ticket; its buyer is masked."""

    number: int
    merchant_id: str
    shop_id: str
    platform: str
    order_no: str | None
    currency: str | None
    state: State
    category: dict[str, Any]
    risk: dict[str, Any]
    priority: Priority
    subject: str
    message: str
    buyer: dict[str, str]
    language: str | None
    assignee: str | None
    tier: int
    sla: dict[str, dict[str, str | bool | float | None]]
    custom_fields: dict[str, Any]
    translations: list[dict[str, str]]
    created_at: str
    updated_at: str
    first_responded_at: str | None
    resolved_at: str | None
    closed_at: str | None
    closes_at: str | None
    dispute: dict[str, Any] | None
    archives_at: str | None


class TimelineAnswer(Answer):
    """One thing that happened."""

    at: str
    type: str
    actor: str
    via: str
    detail: dict[str, Any]


async def _open(call: Call) -> Doc:
    given: Ticket = call.body
    new = NewTicket(
        shop_id=given.shop_id, subject=given.subject, message=given.message, order_no=given.order_no,
        buyer=given.buyer.model_dump(exclude_none=True) if given.buyer else None, category=given.category,
        priority=given.priority or "normal", custom_fields=given.custom_fields, within=call.within, by=call.by,
    )  # fmt: skip
    return await call.desk.open(new, call.once)


async def _find(call: Call) -> Page[Doc]:
    asked: TicketQuery = call.query
    if call.within is not None and asked.merchant not in (None, call.within):
        return Page(())  # another merchant is as good as unknown
    created: tuple[datetime | None, datetime | None] = (asked.created_from, asked.created_to)  # type: ignore[assignment]
    wanted = TicketFilter(
        merchant=call.within or asked.merchant, shop=asked.shop, platform=asked.platform, currency=asked.currency,
        order_no=asked.order_no, states=tuple(asked.state), category=asked.category, priority=asked.priority,
        assignee=asked.assignee, tier=asked.tier, risk=asked.risk, overdue=asked.overdue, created_from=created[0], created_to=created[1],
        q=asked.q, custom=tuple((asked.custom_field or {}).items()), now=call.house.clock.now(),
    )  # fmt: skip
    found: Page[Doc] = await call.desk.ask(FindTickets(wanted, asked.limit, asked.cursor))
    return found


async def _get(call: Call) -> Doc:
    found: Doc = await call.desk.ask(GetTicket(call.number, within=call.within))
    return found


async def _patch(call: Call) -> Doc:
    given: TicketPatch = call.body
    return await call.desk.configure(PatchTicket(call.number, given.priority, given.custom_fields, within=call.within, by=call.by))


async def _timeline(call: Call) -> Page[Doc]:
    found: Page[Doc] = await call.desk.ask(TimelineOf(call.number, call.within, call.query.limit, call.query.cursor))
    return found


async def _why(call: Call) -> Doc:
    found: Doc = await call.desk.ask(WhyOf(call.number, call.within, "zh" if call.chinese else "en"))
    return found


_ONE = "/v1/tickets/{number}"
ROUTES = (
    Route(
        "POST", "/v1/tickets", "Open a ticket", _open, "tickets:write", body=Ticket, answer=TicketAnswer, status=201,
        refusals=("merchant_not_enabled", "pii_requires_gdpr_mode"),
    ),
    Route(
        "GET", "/v1/tickets", "Find tickets", _find, "tickets:read", query=TicketQuery, answer=TicketAnswer, many=True,
        notes="By custom fields: `?custom_field[size]=38`, five at most.",
    ),
    Route("GET", _ONE, "Read a ticket", _get, "tickets:read", answer=TicketAnswer),
    Route("PATCH", _ONE, "Change a ticket's priority or custom fields", _patch, "tickets:write", body=TicketPatch, answer=TicketAnswer),
    Route(
        "GET", f"{_ONE}/timeline", "All that happened to a ticket", _timeline, "tickets:read", query=Listing, answer=TimelineAnswer,
        many=True,
    ),
    Route(
        "GET", f"{_ONE}/why", "How each clock got where it is", _why, "tickets:read", answer=Answer,
        notes="In Chinese with `Accept-Language: zh`.",
    ),
)  # fmt: skip
