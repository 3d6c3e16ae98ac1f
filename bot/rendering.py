"""A waiting delivery as the Notice its channel gets: the card as the ticket is now, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot import mirroring, originals, representative, routing, translating
from bot.card import Button, Card, Quote
from bot.house import House
from bot.messages import Address, Notice, Receipt, Reply
from bot.messages.codec import reply_doc
from bot.people import Person, Role
from bot.records import Account, Merchant, Message, Outgoing, Webhook
from bot.replies import said_on
from bot.reporting import link
from bot.risk import Review
from bot.sla.escalation import LATE_AFTER
from bot.sla.policy import Policy, span
from bot.stores import Stores
from bot.ticket import ENDED, TARGETS, Ticket
from bot.wording import label, say
from bot.wording.cards import Telling, ticket_card, with_hand_back
from bot.wording.case_cards import evidence_card
from bot.wording.risk_cards import frozen_card, review_card, unfreeze_card
from bot.wording.times import clock_time, full
from bot.wording.translation_cards import translated_card


@dataclass(frozen=True, slots=True)
class Scene:
    """What a batch of deliveries talks about, read at once."""

    tickets: Mapping[int, Ticket]
    merchants: Mapping[str, Merchant]
    people: Mapping[str, Person]
    webhooks: Mapping[str, Webhook]
    messages: Mapping[str, Message]
    threads: Mapping[tuple[int, str, str], Receipt]
    policies: Mapping[int, Policy]
    snoozed: set[tuple[int, str]] = field(default_factory=set)
    accounts: Mapping[Address, Account] = field(default_factory=dict)
    reviews: Mapping[str, Review] = field(default_factory=dict)
    behind: Mapping[str, datetime] = field(default_factory=dict)
    mails: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def name(self, id: Any) -> str:
        """What that person is called."""
        found = self.people.get(str(id))
        return found.name if found else str(id or "")


def scene(stores: Stores, house: House, rows: Sequence[Outgoing], now: datetime) -> Scene:
    """Everything these rows need, in a handful of reads."""
    tickets = stores.tickets.many({row.ticket for row in rows if row.ticket is not None})
    persons = {id for ticket in tickets.values() for id in (ticket.assignee, ticket.taken_from) if id}
    persons |= {str(row.payload[key]) for row in rows for key in ("person", "by", "who") if row.payload.get(key)}
    reviews = stores.risk.reviews(str(row.payload["review"]) for row in rows if row.payload.get("review"))
    persons |= {each.decided_by for each in reviews.values() if each.decided_by}
    spoken = [row for row in rows if row.payload.get("message") and row.ticket is not None]
    spoken = [row for row in spoken if row.ticket in tickets]
    messages = {row.payload["message"]: said_on(stores, tickets[row.ticket or 0], row.payload["message"]) for row in spoken}
    threaded = [(row.merchant_id, row.ticket, row.channel, row.target) for row in rows if row.ticket and not row.payload.get("card")]
    return Scene(
        tickets, stores.merchants.many({row.merchant_id for row in rows}), stores.people.many(persons),
        stores.webhooks.many({row.target for row in rows if row.channel == "webhooks"}),
        {id: message for id, message in messages.items() if message is not None},
        stores.outbox.first_receipts(threaded) if threaded else {},
        house.policies(stores, tickets.values()),
        stores.notes.snoozed(list(tickets), now) if any(row.kind in ("warning", "remind", "message") for row in rows) else set(),
        routing.accounts(stores, house, {Address(row.channel, row.target) for row in rows}), reviews,
        stores.outbox.behind(rows, now), {row.id: _mail(stores, house, row, tickets, messages) for row in spoken if row.kind == "reply"},
    )  # fmt: skip


def notice(row: Outgoing, scene: Scene, house: House, now: datetime) -> Notice:
    """The row, shaped for people or for machines, with what its channel needs to get there."""
    made = routing.routed(_notice(row, scene, house, now), Address(row.channel, row.target), scene.accounts, house)
    return replace(made, since=row.created_at) if made.again else made


def _notice(row: Outgoing, scene: Scene, house: House, now: datetime) -> Notice:
    address = Address(row.channel, row.target)
    again = row.unsure and row.receipt is None
    if row.kind == "event":
        data, route = routing.event(row, scene.webhooks), routing.receiver(row, scene.webhooks, house)
        return Notice(row.id, address, row.kind, "", data=data, route=route, again=again)
    if row.kind == "answer":
        return _answer(row, house, address, again)
    if row.kind == "admins":
        return _to_admin(row, scene, house, address, now, again)
    ticket, merchant = scene.tickets[row.ticket or 0], scene.merchants[row.merchant_id]
    if row.kind == translating.KIND:
        return translating.wanted(row, ticket, scene.messages.get(str(row.payload.get("message"))), again=again)
    reader = scene.people.get(str(row.payload.get("person")))
    locale = (reader.locale if reader else None) or merchant.locale
    if row.kind == "mirror":
        return mirroring.notice(row, ticket, merchant, address, again)
    if row.kind == "left":
        said = Reply(say("reply_left", locale, ticket=ticket.name), ticket=ticket.number, locale=locale)
        return _answer(replace(row, payload={**row.payload, "reply": reply_doc(said)}), house, address, again)
    if row.kind == "reply":
        return _reply(row, scene, ticket, locale, again)
    if row.kind == "tier3" and house.channels[row.channel].grave:
        return _brief(row, ticket, merchant, house, now, again)
    holder = scene.people.get(ticket.assignee) if ticket.assignee else None
    before = scene.people.get(ticket.taken_from or "")
    telling = Telling(
        locale, merchant.timezone, now, scene.policies[ticket.number], holder.name if holder else ticket.assignee,
        before.name if before else ticket.taken_from,
    )  # fmt: skip
    card = _card(row, scene, ticket, merchant, telling, house)
    if reader is not None and reader.role is Role.SENIOR_MANAGER and row.kind in ("tier2", "tier3", "remind"):
        card = with_hand_back(card, ticket, locale)
    thread = scene.threads.get((ticket.number, row.channel, row.target))
    return Notice(
        row.id, address, row.kind, card.title, _marked(card, row, telling, again), thread=thread, locale=locale, again=again,
        ticket=ticket.number, over=None if row.kind == "review" else _over(ticket, reader, telling),
        mentions=() if reader else _mentions(house, row.channel, holder, now),
    )  # fmt: skip


def _brief(row: Outgoing, ticket: Ticket, merchant: Merchant, house: House, now: datetime, again: bool) -> Notice:
    """Tier 3 in one short text, with the report's link; the number is read from the merchant's profile and goes nowhere else."""
    until, locale, there = row.payload.get("frozen_until"), merchant.locale, link(house, ticket, now)
    shown = full(datetime.fromisoformat(str(until)), merchant.timezone) if until else ""
    said = say("report.sms" if until else "report.sms_lapsed", locale, ticket=ticket.name, shop=ticket.shop_id, until=shown, link=there)
    data = {"ticket": ticket.name, "shop": ticket.shop_id, "until": shown, "link": there}
    if again:
        said = f"{said} {say('again_line', locale)}"
    route = {"phone": representative.number(house, merchant)}
    return Notice(row.id, Address(row.channel, row.target), row.kind, said, data=data, route=route, locale=locale, again=again)


def digest(rows: Sequence[Outgoing], scene: Scene, house: House, address: Address, id: str) -> Notice:
    """One message that names every ticket of these rows."""
    merchant = scene.merchants[rows[0].merchant_id]
    reader = scene.people.get(str(rows[0].payload.get("person")))
    locale = (reader.locale if reader else None) or merchant.locale
    lines = []
    for row in rows:
        ticket = scene.tickets.get(row.ticket or 0)
        name, subject = (ticket.name, ticket.subject[:60]) if ticket else ("–", "")
        lines.append(say("digest_line", locale, ticket=name, what=label("what", row.kind, locale), subject=subject))
    title = say("digest", locale, count=len(rows))
    data = {"ids": [row.id for row in rows]}
    return routing.routed(
        Notice(id, address, "digest", title, Card(title, "alarm", tuple(lines)), data, locale=locale), address, scene.accounts, house
    )


def _card(row: Outgoing, scene: Scene, ticket: Ticket, merchant: Merchant, telling: Telling, house: House) -> Card:
    locale, payload = telling.locale, row.payload
    if row.kind in ("tier1", "tier2", "tier3"):
        title, lines = _tier(row, scene, ticket, telling)
        card = ticket_card(ticket, merchant, telling, title=f"{title} · {ticket.subject}", lines=lines)
        return _with_report(card, row, ticket, telling, house) if row.kind == "tier3" else card
    if row.kind == "remind":
        title = say("remind", locale, ticket=ticket.name, times=payload["times"])
        how = say("remind_line", locale, every=span(timedelta(seconds=payload["every"])))
        return ticket_card(ticket, merchant, telling, title=f"{title} · {ticket.subject}", lines=(how,))
    if row.kind == "warning":
        return _warning(row, ticket, merchant, telling)
    if row.kind in ("evidence", "evidence_due"):
        return evidence_card(ticket, merchant, telling, row.kind, payload)
    if row.kind in ("message", "thanked"):
        said = scene.messages.get(str(payload.get("message")))
        lines = (say("thanked_line", locale, number=ticket.number),) if row.kind == "thanked" else ()
        card = ticket_card(ticket, merchant, telling, title=say(row.kind, locale, ticket=ticket.name), lines=lines)
        return replace(card, quotes=(Quote(say("buyer", locale), said.text),) if said else ())
    if row.kind == "translated":
        return translated_card(ticket, merchant, telling, scene.messages.get(str(payload.get("message"))), payload)
    if row.kind == "unfreeze_wanted":
        return unfreeze_card(ticket, merchant, telling, payload, scene.name(payload.get("who")))
    if row.kind == "review":
        review = scene.reviews[payload["review"]]
        return review_card(review, merchant, locale, scene.name(review.decided_by))
    if row.kind == "channel_frozen":
        return frozen_card(ticket, merchant, telling, payload)
    if row.kind in ("auto_close", "auto_archive"):
        title = say(row.kind, locale, ticket=ticket.name, at=telling.time(datetime.fromisoformat(str(payload["at"]))))
        return ticket_card(ticket, merchant, telling, title=f"{title} · {ticket.subject}", lines=(say(f"{row.kind}_line", locale),))
    titles = {"alert": "alert", "assigned": "assigned_to_you", "snooze_over": "snooze_over"}
    title = say(titles[row.kind], locale, ticket=ticket.name, subject=ticket.subject)
    if row.kind == "alert":
        return ticket_card(ticket, merchant, telling)  # its first line says all; edited in place it is no longer "new"
    return ticket_card(ticket, merchant, telling, title=f"{title} · {ticket.subject}")


def _with_report(card: Card, row: Outgoing, ticket: Ticket, telling: Telling, house: House) -> Card:
    """With the way to the report: a button where there are buttons, else its address."""
    there, named = link(house, ticket, row.sent_at or telling.now), say("button.report", telling.locale)
    if house.channels[row.channel].buttons:
        return replace(card, buttons=(*card.buttons, Button(named, "", url=there)))
    return replace(card, lines=(*card.lines, f"{named}: {there}"))


def _tier(row: Outgoing, scene: Scene, ticket: Ticket, telling: Telling) -> tuple[str, tuple[str, ...]]:
    locale, payload = telling.locale, row.payload
    name = telling.policy.label(TARGETS[int(payload["tier"]) - 1])
    if row.kind == "tier2" and payload.get("by"):
        reason = (say("tier2_by_hand_line", locale, reason=payload["reason"]),) if payload.get("reason") else ()
        return say("tier2_by_hand", locale, ticket=ticket.name, who=scene.name(payload["by"])), reason
    if row.kind == "tier3":
        until = payload.get("frozen_until")
        key = "tier3" if until else "tier3_lapsed"
        shown = telling.time(datetime.fromisoformat(str(until))) if until else ""
        return say(key, locale, ticket=ticket.name, label=name), (say(f"{key}_line", locale, shop=ticket.shop_id, until=shown),)
    if row.kind == "tier1" and ticket.assignee is not None:  # answered for by somebody: the target was missed all the same
        return say("tier1_taken", locale, ticket=ticket.name, label=name), (say("over_claimed", locale, who=telling.assignee),)
    return say(row.kind, locale, ticket=ticket.name, label=name), (say(f"{row.kind}_line", locale),)


def _warning(row: Outgoing, ticket: Ticket, merchant: Merchant, telling: Telling) -> Card:
    locale, kind = telling.locale, TARGETS[int(row.payload["tier"]) - 1]
    target, due = label("target", kind, locale), ticket.target(kind).due_at
    share = f"{row.payload['share']:.0%}"
    title = say("warning", locale, ticket=ticket.name, share=share, label=telling.policy.label(kind), target=target)
    lines = (say("warning_line", locale, left=span(due - telling.now), due=telling.time(due)),) if due else ()
    card = ticket_card(ticket, merchant, telling, title=f"{title} · {ticket.subject}", lines=lines)
    return replace(card, tone="warn", quotes=())


def _marked(card: Card, row: Outgoing, telling: Telling, again: bool) -> Card:
    """The card with what its reader must know of this delivery: late, by another channel, perhaps a repeat."""
    lines, title = list(card.lines), card.title
    due = row.payload.get("due_at")
    due_at = datetime.fromisoformat(str(due)) if due else None
    if due_at is not None and (row.sent_at or telling.now) - due_at > LATE_AFTER:
        title = f"{title} {say('late', telling.locale)}"
        lines.append(say("late_line", telling.locale, due=telling.time(due_at)))
    if row.payload.get("fallback_from"):
        lines.append(say("fallback_line", telling.locale, channel=label("channel", row.payload["fallback_from"], telling.locale)))
    if again:
        lines.append(say("again_line", telling.locale))
    return replace(card, title=title, lines=tuple(lines))


def _reply(row: Outgoing, scene: Scene, ticket: Ticket, locale: str, again: bool) -> Notice:
    """A mail to the buyer, in the words that were written."""
    said = scene.messages.get(str(row.payload["message"]))
    language = str(ticket.language or "")
    locale = "zh" if language.startswith("zh") else "en" if language else locale
    subject = say("reply_subject", locale, subject=ticket.subject, ticket=ticket.name)
    to, text = scene.mails.get(row.id, ("", ""))
    data = {"ticket": ticket.name, "attachments": [dict(each) for each in said.attachments] if said else []}
    card = Card(subject, "info", (text,) if said else ())
    return Notice(row.id, Address("email", to), "reply", subject, card, data=data, locale=locale, again=again)


def _mail(
    stores: Stores, house: House, row: Outgoing, tickets: Mapping[int, Ticket], messages: Mapping[str, Message | None]
) -> tuple[str, str]:  # fmt: skip
    """To whom, and what: both are opened here and go nowhere else."""
    ticket, said = tickets[row.ticket or 0], messages.get(str(row.payload["message"]))
    clear = originals.original(stores, house, ticket.merchant_id, said.id) if said is not None else None
    return originals.buyer_of(stores, house, ticket).get("email", ""), clear or (said.text if said is not None else "")


def _answer(row: Outgoing, house: House, address: Address, again: bool) -> Notice:
    """The whole reply goes along: the channel shapes it as it would have at once."""
    said = originals.answer_of(house, row.payload["reply"])
    route, data = row.payload["route"], {"reply": said}
    return Notice(row.id, address, "answer", str(said["text"]), data=data, route=route, locale=said["locale"], again=again)


def _to_admin(row: Outgoing, scene: Scene, house: House, address: Address, now: datetime, again: bool) -> Notice:
    """What concerns no ticket, but the desk itself."""
    reader, merchant = scene.people.get(str(row.payload.get("person"))), scene.merchants.get(row.merchant_id)
    locale = (reader.locale if reader else merchant.locale if merchant else None) or house.settings.locale
    about, at = str(row.payload["about"]), row.payload.get("at")
    when = clock_time(datetime.fromisoformat(str(at)), house.settings.timezone, now) if at else say("soon", locale)
    params = {**row.payload["params"], "at": when}
    lines = [say(f"{about}_line", locale, **params), *([say("again_line", locale)] if again else [])]
    card = Card(say(about, locale, **params), "alarm", tuple(lines))
    return Notice(row.id, address, row.kind, card.title, card, locale=locale, again=again)


def _over(ticket: Ticket, reader: Person | None, telling: Telling) -> str | None:
    """Why nothing is left for the reader to do with this ticket. Who leads can always take it over."""
    if ticket.state in ENDED:
        return label("state", ticket.state.value, telling.locale)
    if reader is None or ticket.assignee in (None, reader.id) or reader.role not in (Role.AGENT, Role.FINANCE):
        return None
    return say("over_claimed", telling.locale, who=telling.assignee)


def _mentions(house: House, channel: str, holder: Person | None, now: datetime) -> tuple[str, ...]:
    abilities = house.channels.get(channel)
    if abilities is None or holder is None or holder.away(now):
        return ()
    found = abilities.mention(holder)
    return (found,) if found else ()
