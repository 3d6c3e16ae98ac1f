"""A person's own desk: the team's figures, what is about to be missed, what is theirs, what is nobody's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.card import Button, Card, Field, Tone
from bot.errors import Refused
from bot.house import House
from bot.messages import DeskOf, Identity, OwnDesk, Shelf, TicketFilter
from bot.people import Person
from bot.speakers import language, speaker
from bot.stores import Stores
from bot.ticket import LIVE, Ticket
from bot.wording import say
from bot.wording.cards import Telling, row_card

PER_SHELF = 6
SOON = timedelta(hours=1)
_LIVE = tuple(sorted(LIVE))


@dataclass(frozen=True, slots=True)
class _Reader:
    stores: Stores
    house: House
    who: Person
    locale: str
    now: datetime

    def say(self, key: str, **params: object) -> str:
        return say(key, self.locale, **params)


def _desk(stores: Stores, house: House, query: DeskOf) -> OwnDesk:
    try:
        who = speaker(stores, house, query.by)
    except Refused as refused:
        return _nobody(query.by, refused, house.settings.locale)
    reader = _Reader(stores, house, who, language(stores, house, who), house.clock.now())
    team = TicketFilter(merchant=who.merchant_id, now=reader.now)
    live = replace(team, states=_LIVE)
    shelves = (
        _shelf(reader, "soon", "warn", replace(team, due_to=reader.now + SOON), "list"),
        _shelf(reader, "mine", "info", replace(live, assignee=who.id), "list mine"),
        _shelf(reader, "unclaimed", "info", replace(live, unclaimed=True), "list unclaimed"),
    )
    return OwnDesk(_head(reader, team, live), shelves, reader.say("desk.refresh"), locale=reader.locale)


def _head(reader: _Reader, team: TicketFilter, live: TicketFilter) -> Card:
    merchant = reader.stores.merchants.get(reader.who.merchant_id) if reader.who.merchant_id else None
    timezone = ZoneInfo(merchant.timezone if merchant else reader.house.settings.timezone)
    midnight = reader.now.astimezone(timezone).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    figures = {
        "open": live, "overdue": replace(team, overdue=True), "hour": replace(team, due_from=reader.now, due_to=reader.now + SOON),
        "closed": replace(team, closed_from=midnight),
    }  # fmt: skip
    fields = tuple(Field(reader.say(f"desk.{name}"), str(reader.stores.tickets.count(each))) for name, each in figures.items())
    other = "en" if reader.locale == "zh" else "zh"
    buttons = (
        Button(reader.say("desk.list"), "list", "primary"), Button(reader.say("desk.new"), "new", form="must"),
        Button(reader.say("desk.help"), "help"), Button(say("desk.this_language", other), f"lang {other}"),
    )  # fmt: skip
    title = reader.say("desk.title", name=reader.who.name)
    return Card(title, lines=(merchant.name if merchant else reader.say("whoami_operator"),), fields=fields, buttons=buttons)


def _shelf(reader: _Reader, name: str, tone: Tone, wanted: TicketFilter, words: str) -> Shelf:
    page = reader.stores.tickets.urgent(wanted, PER_SHELF)
    tickets, count = page.items, len(page.items) if page.next_cursor is None else reader.stores.tickets.count(wanted)
    more = (Button(reader.say("desk.all", count=count), words),) if count > len(tickets) else ()
    lines = () if count else (reader.say(f"desk.{name}_none"),)
    head = Card(reader.say(f"desk.{name}", count=count), tone if count else "quiet", lines, buttons=more)
    return Shelf(head, tuple(_rows(reader, tickets)))


def _rows(reader: _Reader, tickets: Sequence[Ticket]) -> list[Card]:
    merchants = reader.stores.merchants.many({each.merchant_id for each in tickets})
    people = reader.stores.people.many({each.assignee for each in tickets if each.assignee})
    rows = []
    for each in tickets:
        holder = people.get(each.assignee or "")
        policy = reader.house.policy(reader.stores, each)
        telling = Telling(reader.locale, merchants[each.merchant_id].timezone, reader.now, policy, holder.name if holder else each.assignee)
        rows.append(row_card(each, telling))
    return rows


def _nobody(by: Identity, refused: Refused, locale: str) -> OwnDesk:
    """The same refusal as everywhere, and what one's administrator needs to know."""
    lines = (refused.say, *(say("desk.link", each, channel=by.channel, id=by.id) for each in ("en", "zh")))
    return OwnDesk(Card("Deskbell", "quiet", lines), ok=False, locale=locale)


ANSWERS = {DeskOf: _desk}
