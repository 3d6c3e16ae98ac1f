"""Gathers what the service anomaly report says, and makes and reads the signed link to it."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.announce import SYSTEM
from bot.errors import BotError, Unauthentic, WrongState
from bot.house import House
from bot.records import Freeze, Merchant, Outgoing
from bot.report import Part, Report
from bot.sla.explain import earlier, explain
from bot.stores import Stores
from bot.target import Target
from bot.ticket import TARGETS, Ticket
from bot.wording import label, say
from bot.wording.clocks import told
from bot.wording.times import full, offset

LINK = timedelta(days=7)  # how long a link opens the report
_CONTEXT = "links|report|1"
MOST_READ, MOST_SHOWN = 5000, 300  # lines of a table: of more, the first and the last are shown, with a line that says so
_PRIVATE = frozenset({"held", "left"})


def link(house: House, ticket: Ticket, now: datetime) -> str:
    """A URL that opens this ticket's report without a login, until `LINK` is over."""
    return f"{house.settings.base_url}/reports/{ticket.name}.pdf?key={key(house, ticket, now)}"


def key(house: House, ticket: Ticket, now: datetime) -> str:
    """What opens it. Sealed, so that nobody can make one or change it."""
    inside = json.dumps([ticket.merchant_id, ticket.number, int((now + LINK).timestamp())])
    return base64.urlsafe_b64encode(house.vault.seal(inside.encode(), _CONTEXT)).decode().rstrip("=")


def opened(house: House, key: str, now: datetime) -> tuple[str, int]:
    """(merchant, number) of a link's key. Raises Unauthentic: not ours, or its time is over."""
    try:
        sealed = base64.urlsafe_b64decode(key + "=" * (-len(key) % 4))
        merchant_id, number, until = json.loads(house.vault.open(sealed, _CONTEXT))
    except (BotError, ValueError, TypeError) as wrong:
        raise Unauthentic("not a link of ours") from wrong
    if now.timestamp() >= until:
        raise Unauthentic("the link's time is over")
    return str(merchant_id), int(number)


def report(stores: Stores, house: House, ticket: Ticket, locale: str | None, now: datetime) -> Report:
    """As things are now, in that language (None: the merchant's). Raises WrongState where the closure target was never missed."""
    if missed(ticket) is None:
        raise WrongState("no_report_yet", code="no_report_yet", ticket=ticket.name)
    merchant = stores.merchants.get(ticket.merchant_id)
    assert merchant is not None  # noqa: S101  # tickets belong to merchants
    return _Writer(stores, house, ticket, merchant, locale or merchant.locale, now).report()


def missed(ticket: Ticket) -> Target | None:
    """The closure target that was missed last, be it in a cycle before the ticket was reopened."""
    past = [each.target for each in ticket.ledger.past if each.kind == "closure"]
    return next((each for each in (ticket.closure, *reversed(past)) if each.breached_at is not None), None)


class _Writer:
    """One report in one language."""

    def __init__(self, stores: Stores, house: House, ticket: Ticket, merchant: Merchant, locale: str, now: datetime) -> None:
        self.stores, self.house, self.ticket, self.merchant, self.locale, self.now = stores, house, ticket, merchant, locale, now
        self._names: dict[str, str] = {}

    def report(self) -> Report:
        """All of it."""
        ticket, zone = self.ticket, offset(self.now, self.merchant.timezone)
        frozen = self.stores.freezes.active("refund", ticket.shop_id, ticket.merchant_id, self.now)
        until = self.say("report.frozen", until=self.time(frozen[0].until)) if frozen else self.say("report.not_frozen")
        policy, target = self.house.policy(self.stores, ticket), missed(ticket)
        summary = self.say(
            "report.summary", ticket=ticket.name, shop=ticket.shop_id, label=policy.label("closure"),
            due=self.time(target.due_at if target else None), frozen=until,
        )  # fmt: skip
        reference = self.say("report.reference", ticket=ticket.name, merchant=self.merchant.name, shop=ticket.shop_id)
        parts = (self._ticket(), self._order(), self._clocks(), self._frozen(frozen), self._told(), self._timeline())
        page = self.say("report.page", page="{page}", pages="{pages}")
        return Report(
            self.say("report.title"), reference, summary, parts, self.say("report.as_of", at=self.time(self.now), zone=zone), page, self.now
        )

    def _ticket(self) -> Part:
        ticket = self.ticket
        buyer = " · ".join(str(ticket.buyer[key]) for key in ("name", "email", "phone") if ticket.buyer.get(key))
        rows = [
            ("report.subject", ticket.subject),
            ("field.state", label("state", ticket.state.value, self.locale)),
            ("field.category", label("category", ticket.category.label, self.locale)),
            ("field.priority", label("priority", ticket.priority, self.locale)),
            ("field.assignee", self.name(ticket.assignee) if ticket.assignee else self.say("nobody")),
            ("report.platform", label("platform", ticket.platform, self.locale)),
            ("report.opened", self.time(ticket.created_at)),
            ("field.buyer", buyer or "–"),
            ("report.message", ticket.message or "–"),
        ]
        return Part(self.say("report.ticket"), tuple((self.say(key), value) for key, value in rows), (24, 76))

    def _order(self) -> Part:
        ticket = self.ticket
        order = self.stores.orders.get(ticket.shop_id, ticket.order_no, ticket.merchant_id) if ticket.order_no else None
        rows: list[tuple[str, str]] = []
        if order is not None:
            paid_at = order.payment.get("paid_at")
            rows = [
                ("field.order", order.order_no),
                ("field.total", f"{order.total.get('amount', '')} {order.total.get('currency', '')}".strip()),
                ("field.paid", str(order.payment.get("provider") or "–")),
                ("report.transaction", str(order.payment.get("transaction_id") or "–")),
                ("field.channel", str(order.payment.get("channel_id") or "–")),
                ("report.paid_at", self.time(datetime.fromisoformat(str(paid_at))) if paid_at else "–"),
            ]
        elif ticket.order_no:
            rows = [("field.order", ticket.order_no)]
        shown = tuple((self.say(key), value) for key, value in rows)
        return Part(self.say("report.order"), shown, (24, 76), empty=self.say("report.no_order"))

    def _clocks(self) -> Part:
        policy = self.house.policy(self.stores, self.ticket)
        rows = [
            (
                label("target", each.kind, self.locale), policy.label(each.kind),
                (self.say("why_cycle", cycle=each.cycle) if each.cycle != self.ticket.cycle else "")
                + told(each, policy, self.locale, self.merchant.timezone, self.now, whole=True),
            )
            for each in (*earlier(self.ticket, policy), *explain(self.ticket, policy, self.now))
        ]  # fmt: skip
        return Part(self.say("report.clocks"), tuple(rows), (20, 14, 66), self.head("report.target", "report.length", "report.account"))

    def _frozen(self, active: Sequence[Freeze]) -> Part:
        """What this ticket froze, over or not, and whatever else freezes its shop now."""
        own = self.stores.freezes.of_ticket(self.ticket.merchant_id, self.ticket.number)
        rows = [
            (
                each.subject, self.time(each.since), self.time(each.until),
                label("reason", each.reason, self.locale) + (f" · T-{each.ticket}" if each.ticket else ""), self._stands(each),
            )
            for each in dict.fromkeys((*own, *active))
        ]  # fmt: skip
        head = self.head("field.shop", "report.since", "report.until", "report.reason", "report.stands")
        return Part(self.say("report.freezes"), tuple(rows), (16, 18, 18, 24, 24), head, self.say("report.not_frozen"))

    def _stands(self, freeze: Freeze) -> str:
        if freeze.lifted_at is not None:
            who = self.name(freeze.lifted_by or "system")
            why = self.say("report.on_close") if freeze.lifted_by == SYSTEM.id else freeze.why or "–"
            return self.say("report.lifted", at=self.time(freeze.lifted_at), who=who, why=why)
        return self.say("report.in_force" if freeze.until > self.now else "report.lapsed")

    def _told(self) -> Part:
        rows = [each for each in self.stores.outbox.of_ticket(self.ticket.merchant_id, self.ticket.number, MOST_READ) if _counts(each)]
        said = [
            (
                self.time(each.sent_at or each.created_at), self._what(each),
                label("channel", each.channel, self.locale),
                self._whom(each), label("delivery", each.state, self.locale),
            )
            for each in rows
        ]  # fmt: skip
        head = self.head("report.at", "report.what", "report.channel", "report.whom", "report.outcome")
        return Part(self.say("report.told"), self.ends(said), (20, 24, 16, 24, 16), head, self.say("report.nobody_told"))

    def _what(self, row: Outgoing) -> str:
        said = label("what", row.kind, self.locale)
        if row.kind != "warning":
            return said
        return f"{said} · {label('target', TARGETS[int(row.payload['tier']) - 1], self.locale)} {row.payload['share']:.0%}"

    def _whom(self, row: Outgoing) -> str:
        person = row.payload.get("person")
        if person:
            return self.name(str(person))
        if row.channel == "sms":
            return self.say("report.legal_representative")
        return row.target if row.channel != "webhooks" else self.say("report.system")

    def _timeline(self) -> Part:
        ticket = self.ticket
        entries = self.stores.timeline.page(ticket.merchant_id, ticket.number, MOST_READ, None).items
        rows = [
            (self.time(each.at), label("happened", each.type, self.locale), self.name(each.actor), label("channel", each.via, self.locale))
            for each in entries
            if each.type not in _PRIVATE
        ]
        head = self.head("report.at", "report.what", "report.who", "report.channel")
        return Part(self.say("report.timeline"), self.ends(rows), (24, 40, 22, 14), head)

    def ends(self, rows: Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
        """All of them; of very many the first and the last, and how many between them are left out."""
        over, half = len(rows) - MOST_SHOWN, MOST_SHOWN // 2
        if over <= 0:
            return tuple(rows)
        gap = ("…", self.say("report.left_out", count=over), *("" for _ in rows[0][2:]))
        return (*rows[:half], gap, *rows[-half:])

    def name(self, id: str) -> str:
        """A person's name; `system` and the buyer by what they are called."""
        if id not in self._names:
            person = self.stores.people.get(id)
            known = {"system": "system", "buyer": "buyer"}.get(id)
            self._names[id] = person.name if person else self.say(known) if known else f"API · {id[4:]}" if id.startswith("key:") else id
        return self._names[id]

    def time(self, at: datetime | None) -> str:
        """In the merchant's zone, whole."""
        return full(at, self.merchant.timezone) if at else "–"

    def say(self, key: str, **params: object) -> str:
        """In the report's language."""
        return say(key, self.locale, **params)

    def head(self, *keys: str) -> tuple[str, ...]:
        """Names of columns."""
        return tuple(self.say(key) for key in keys)


def _counts(row: Outgoing) -> bool:
    """Notices to people about its clocks."""
    return row.kind.startswith(("tier", "warning", "remind", "alert")) and row.state != "dropped"
