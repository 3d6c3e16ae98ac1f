"""Questions for `desk.ask`. Answers are documents in the shapes of CONTRACT §4 (`Doc`), ready to be sent as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Generic, Literal, TypeVar

from bot.card import Card
from bot.messages.chat import Identity

T = TypeVar("T")
Doc = dict[str, Any]
Kind = Literal[
    "merchants", "shops", "agents", "orders", "deliveries", "freezes", "reviews", "webhooks", "api-keys", "policies", "custom-fields",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Part of a list; `next_cursor` None: the last part. `previous_cursor` leads back, in lists that are read both ways."""

    items: tuple[T, ...]
    next_cursor: str | None = None
    previous_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """What /readyz and /metrics say of the desk. Seconds; None where there is nothing to measure.

    `stuck`: what the last self-audit found, by kind; `audited`: how long ago that was.
    """

    oldest_due: float | None
    oldest_waiting: float | None
    waiting: int
    dead: int
    unworked: int
    stuck: Mapping[str, int] = field(default_factory=dict)
    audited: float | None = None


@dataclass(frozen=True, slots=True)
class Get:
    """One thing by its id → Doc. Raises NotFound, another merchant's too (`within` None sees all). An order's id is `SHOP/ORDER_NO`."""

    kind: Kind
    id: str
    within: str | None = None


@dataclass(frozen=True, slots=True)
class ListOf:
    """Many of a kind → Page[Doc], a page at a time. `state` limits deliveries (`waiting sent dead`), freezes (`active`)
    and reviews (`open`)."""

    kind: Kind
    within: str | None = None
    limit: int = 50
    cursor: str | None = None
    state: str | None = None
    webhook: str | None = None  # deliveries of this subscription alone


@dataclass(frozen=True, slots=True)
class SamplesOf:
    """What a REST hook for this event would be sent, made of the newest tickets, newest first → tuple[Doc, ...]. Raises BadUsage."""

    event: str
    within: str | None = None


@dataclass(frozen=True, slots=True)
class GetTicket:
    """One ticket → Doc. Raises NotFound."""

    number: int
    within: str | None = None


@dataclass(frozen=True, slots=True)
class TimelineOf:
    """All that happened to a ticket, oldest first → Page[Doc]."""

    number: int
    within: str | None = None
    limit: int = 50
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class WhyOf:
    """How each of a ticket's clocks got where it is → Doc."""

    number: int
    within: str | None = None
    locale: str = "en"


@dataclass(frozen=True, slots=True)
class ReportOf:
    """What a ticket's service anomaly report says → bot.report.Report. Raises NotFound, WrongState `no_report_yet`.

    `locale` None: the merchant's.
    """

    number: int
    within: str | None = None
    locale: str | None = None


@dataclass(frozen=True, slots=True)
class ReportByLink:
    """The same for who has a signed link. Raises Unauthentic where it is not ours, another `ticket`'s (`T-1024`), or its time is over."""

    key: str
    ticket: str


@dataclass(frozen=True, slots=True)
class RefundPermission:
    """Whether a shop may refund now → Doc `{"allowed": …}`."""

    shop_id: str
    within: str | None = None


@dataclass(frozen=True, slots=True)
class CollectionPermission:
    """Whether a merchant may collect over this channel now → Doc `{"allowed": …}`. `merchant` may be left out where `within` names it."""

    channel_id: str
    merchant: str | None = None
    within: str | None = None


@dataclass(frozen=True, slots=True)
class Rehearse:
    """What the risk rules would have done over so many days → Doc, by `desk.rehearse`. None: what the settings say."""

    days: int
    within: str | None = None
    risk_surge: float | None = None
    risk_surge_min: int | None = None
    risk_ip_disputes: int | None = None
    risk_ip_window: timedelta | None = None


@dataclass(frozen=True, slots=True)
class RotaOf:
    """The duty roster → Doc. Raises NotFound for a merchant: it is the operator's."""

    within: str | None = None


@dataclass(frozen=True, slots=True)
class DutyAt:
    """Who is on duty at a moment (None: now) → tuple[Doc, ...], people. Raises NotFound for a merchant."""

    at: datetime | None = None
    within: str | None = None


@dataclass(frozen=True, slots=True)
class Authenticate:
    """Whose bearer token this is → Bearer. Raises Unauthentic.

    `lately`: while the database does not answer, to have been recognised a few minutes ago will do. For what changes nothing.
    """

    token: str = field(repr=False)
    lately: bool = False


ADMIN = "admin"  # the id under which ADMIN_TOKEN goes: a setting, and no key of the database


@dataclass(frozen=True, slots=True)
class Bearer:
    """A key that was recognised. `merchant_id` None: the operator's. `scopes` are `tickets:read` …; `*` holds all."""

    key_id: str
    merchant_id: str | None
    scopes: frozenset[str]

    def may(self, scope: str) -> bool:
        """Whether it has `tickets:read` and the like; `tickets:write` includes reading."""
        return "*" in self.scopes or scope in self.scopes or scope.replace(":read", ":write") in self.scopes


@dataclass(frozen=True, slots=True)
class AccountOf:
    """A channel's credentials, opened → Credentials. For edges alone. Raises NotFound."""

    channel: str
    id: str


@dataclass(frozen=True, slots=True)
class AccountsOf:
    """All of a channel's, opened → tuple[Credentials, ...]. For edges alone."""

    channel: str
    within: str | None = None


@dataclass(frozen=True, slots=True)
class ShownAccount:
    """A channel's credentials, its secrets masked → Doc. Raises NotFound, for another merchant's too."""

    channel: str
    id: str
    within: str | None = None


@dataclass(frozen=True, slots=True)
class ShownAccounts:
    """All of a channel's, their secrets masked → Page[Doc], by id."""

    channel: str
    within: str | None = None
    limit: int = 50
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Credentials:
    """What an edge talks with: `doc` may be shown, `secrets` go nowhere but to the platform itself. `merchant_id` `-`: the operator's."""

    channel: str
    id: str
    merchant_id: str
    doc: Mapping[str, Any]
    secrets: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class KnownChats:
    """The conversations of a bot → tuple[Chat, ...], those seen last first. For its edge alone."""

    channel: str
    bot_id: str


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """How the desk is → Health."""


@dataclass(frozen=True, slots=True)
class DeskOf:
    """What is before a person now → OwnDesk. Nobody's account gets one that says so, and how to be linked."""

    by: Identity


@dataclass(frozen=True, slots=True)
class Shelf:
    """Tickets of one kind: `head` says of which, how many there are and leads to all of them; `cards` are the most urgent."""

    head: Card
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class OwnDesk:
    """A person's desk: their team's figures in `head`, then shelves of tickets. `refresh` is what the button to look anew is called."""

    head: Card
    shelves: tuple[Shelf, ...] = ()
    refresh: str = ""
    ok: bool = True
    locale: str = "en"


@dataclass(frozen=True, slots=True)
class HolidaysKnown:
    """Of the years that clocks may soon count in, those whose holidays nobody has announced → Doc `{"years": [2027], "country": "CN"}`."""


@dataclass(frozen=True, slots=True)
class StatsOf:
    """Figures of a period → Doc; of a merchant or of all, and of one shop, platform, category or agent. Raises BadUsage, NotFound.

    `period`: as people say it (`30d` where nothing is said); or `first` and `last`, both in it, by the merchant's clock.
    """

    within: str | None = None
    merchant: str | None = None
    shop: str | None = None
    platform: str | None = None
    category: str | None = None
    agent: str | None = None
    period: str | None = None
    first: date | None = None
    last: date | None = None
