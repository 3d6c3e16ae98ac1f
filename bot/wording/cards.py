"""A ticket as a card, in any of the moods in which people meet it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.card import Asks, Button, Card, Field, Quote, Style, Tone
from bot.frozen import record
from bot.records import Merchant, Message, Order
from bot.sla.policy import Policy, span
from bot.ticket import ENDED, LIVE, TARGETS, State, Ticket
from bot.tongues import same
from bot.wording import label, say
from bot.wording.cases import case_fields
from bot.wording.times import clock_time, dated, offset

ENDING = {State.RESOLVED: "closes_at", State.CLOSED: "archives_at"}  # what comes by itself


@record(frozen=True, slots=True)
class Telling:
    """For whom a card is made: language, zone, moment, the names that it needs."""

    locale: str
    timezone: str
    now: datetime
    policy: Policy
    assignee: str | None = None  # a name
    before: str | None = None  # whose it was, until a manager took it over

    def time(self, at: datetime) -> str:
        """A moment as this reader writes it."""
        return clock_time(at, self.timezone, self.now)


def ticket_card(ticket: Ticket, merchant: Merchant, telling: Telling, *, title: str = "", lines: tuple[str, ...] = ()) -> Card:
    """The ticket as it is now, with what can be done next as buttons."""
    locale = telling.locale
    fields = [
        Field(say("field.state", locale), label("state", ticket.state.value, locale)),
        Field(say("field.assignee", locale), _holder(telling)),
        Field(say("field.category", locale), _about(ticket, locale)),
        Field(say("field.priority", locale), label("priority", ticket.priority, locale)),
    ]
    if ticket.order_no:
        fields.append(Field(say("field.order", locale), ticket.order_no))
    fields += case_fields(ticket, telling.timezone, telling.now, locale)
    if ticket.state not in ENDED:
        fields.append(Field(say("field.clock", locale), next_moment(ticket, telling)))
    lines = (*_risk(ticket, locale), *lines)
    if ticket.auto_at is not None and ticket.state in ENDING:
        at, zone = telling.time(ticket.auto_at), offset(ticket.auto_at, telling.timezone)
        lines = (*lines, say(ENDING[ticket.state], locale, at=at, zone=zone))
    if ticket.merged_into is not None:
        lines = (*lines, say("merged_line", locale, into=f"T-{ticket.merged_into}"))
    platform = label("platform", ticket.platform, locale)
    return Card(
        title=title or say("card_title", locale, ticket=ticket.name, subject=ticket.subject),
        tone=tone(ticket),
        lines=lines,
        fields=tuple(fields),
        quotes=(*_said(ticket, locale), *translation(ticket, locale)),
        buttons=buttons(ticket, locale),
        footer=say("footer", locale, shop=ticket.shop_id, platform=platform, merchant=merchant.name),
    )


def _said(ticket: Ticket, locale: str) -> tuple[Quote, ...]:
    return (Quote(ticket.buyer.get("name") or say("buyer", locale), ticket.message),) if ticket.message else ()


def translation(ticket: Ticket, locale: str, of: str | None = None, lang: str | None = None) -> tuple[Quote, ...]:
    """What the ticket, or the message `of` on it, says in its reader's language, or else in another; or that nobody could translate it."""
    found = [each for each in ticket.translations if each.get("of") == of]
    mine = [each for each in found if same(each["lang"], lang or locale)] or found[-1:]
    if not mine:
        return ()
    last = mine[-1]
    name = label("language", last["lang"], locale)
    if not last.get("text"):
        return (Quote(say("translation_title", locale, language=name, provider="–"), say("translation_failed", locale), beside=True),)
    return (Quote(say("translation_title", locale, language=name, provider=last["provider"]), last["text"], beside=True),)


def _about(ticket: Ticket, locale: str) -> str:
    """Its category and what else is in it; or that somebody should look."""
    said = ticket.category
    if len(said.guesses) > 1:
        return say("category_needs_look", locale)
    named = [label("category", each, locale) for each in (said.label, *said.also)]
    return named[0] if len(named) == 1 else say("category_with", locale, category=named[0], also=say("and", locale).join(named[1:]))


def _risk(ticket: Ticket, locale: str) -> tuple[str, ...]:
    """What makes it dangerous, most of all first. What is but low is in its document."""
    found = [each for each in ticket.risk.get("hints", ()) if each["level"] != "low"]
    if not found:
        return ()
    reasons = "; ".join(str(each[locale if locale == "zh" else "en"]) for each in sorted(found, key=lambda each: each["level"] != "high"))
    return (say("risk_line", locale, level=label("risk", ticket.risk["level"], locale), reasons=reasons),)


def _holder(telling: Telling) -> str:
    if telling.assignee is None:
        return say("nobody", telling.locale)
    return say("holder_took_over", telling.locale, who=telling.assignee, before=telling.before) if telling.before else telling.assignee


def with_hand_back(card: Card, ticket: Ticket, locale: str) -> Card:
    """For a manager who is told: a button that leaves the ticket with its team."""
    if ticket.state not in LIVE or ticket.tier < 2:
        return card
    others = tuple(each for each in card.buttons if each.words != f"release {ticket.number}")
    place = next((at + 1 for at, each in enumerate(others) if each.words == f"claim {ticket.number}"), len(others))
    back = Button(say("button.hand_back", locale), f"release {ticket.number}")
    return replace(card, buttons=(*others[:place], back, *others[place:]))


def with_history(card: Card, messages: list[Message], names: dict[str, str], locale: str) -> Card:
    """The card with the last messages under it, notes marked as such."""
    quotes = list(card.quotes)
    shown = {each.text for each in quotes}
    for each in messages:
        if each.agent_id is None and each.text in shown:
            continue  # a translation that stands on the card already
        author = names.get(each.agent_id or "", "") if each.author == "agent" else ""
        author = author or say("buyer" if each.author == "buyer" else "system", locale)
        mark = "" if each.public else say("note", locale)
        mark = say("held", locale) if each.held_until is not None else mark
        files = " ".join(f"📎 {part.get('name', '')}" for part in each.attachments)
        quotes.append(Quote(f"{author} ({mark})" if mark else author, f"{each.text}\n{files}".strip()))
    return Card(card.title, card.tone, card.lines, card.fields, tuple(quotes), card.buttons, card.footer)


def row_card(ticket: Ticket, telling: Telling) -> Card:
    """One ticket in a list: a title, a line, the buttons that matter."""
    locale = telling.locale
    parts = [
        label("state", ticket.state.value, locale), label("category", ticket.category.label, locale), ticket.shop_id,
        telling.assignee or say("nobody", locale), next_clock(ticket, telling),
    ]  # fmt: skip
    wanted: tuple[Button, ...] = (Button(say("button.show", locale), f"show {ticket.number}"),)
    if ticket.assignee is None and ticket.state in LIVE:
        wanted = (Button(say("button.claim", locale), f"claim {ticket.number}", "primary"), *wanted)
    return Card(say("card_title", locale, ticket=ticket.name, subject=ticket.subject), tone(ticket), (" · ".join(parts),), buttons=wanted)


def order_card(order: Order, tickets: list[Ticket], merchant: Merchant, locale: str) -> Card:
    """An order and its tickets."""
    total, payment = order.total, order.payment
    fields = [
        Field(say("field.shop", locale), order.shop_id),
        Field(say("field.total", locale), f"{total.get('amount', '')} {total.get('currency', '')}".strip()),
        Field(say("field.paid", locale), " · ".join(str(payment[key]) for key in ("provider", "transaction_id") if payment.get(key))),
    ]
    if payment.get("channel_id"):
        fields.append(Field(say("field.channel", locale), str(payment["channel_id"])))
    if order.buyer.get("name"):
        fields.append(Field(say("field.buyer", locale), order.buyer["name"]))
    lines = tuple(f"{each.name} · {label('state', each.state.value, locale)} · {each.subject}" for each in tickets)
    shown = tuple(Button(f"{say('button.show', locale)} {each.name}", f"show {each.number}") for each in tickets[:5])
    title = say("order_title", locale, order=order.order_no)
    return Card(title, "info", lines or (say("order_no_tickets", locale),), tuple(fields), (), shown, merchant.name)


def next_clock(ticket: Ticket, telling: Telling) -> str:
    """The time left to the next tier, or by how much the last one was missed."""
    due, kind = _next(ticket, telling.now)
    if due is None:
        return _still(ticket, telling)
    target = label("target", kind, telling.locale)
    if due > telling.now:
        return say("clock_left", telling.locale, target=target, left=span(due - telling.now))
    return say("clock_over", telling.locale, target=target, ago=span(telling.now - due))


def next_moment(ticket: Ticket, telling: Telling) -> str:
    """The next tier's moment, or since when the last one is missed: a card stands in its channel for days, and stays true."""
    due, kind = _next(ticket, telling.now)
    if due is None:
        return _still(ticket, telling)
    target = label("target", kind, telling.locale)
    if due > telling.now:
        return say("clock_by", telling.locale, target=target, due=telling.time(due), zone=offset(due, telling.timezone))
    return say("clock_since", telling.locale, target=target, due=dated(due, telling.timezone), zone=offset(due, telling.timezone))


def _still(ticket: Ticket, telling: Telling) -> str:
    standing = [(left, kind) for kind in TARGETS if ticket.target(kind).paused and (left := ticket.target(kind).left) is not None]
    if not standing:
        return say("clock_none", telling.locale)
    left, kind = min(standing)
    return say("clock_paused", telling.locale, target=label("target", kind, telling.locale), left=span(left))


def _next(ticket: Ticket, now: datetime) -> tuple[datetime | None, str]:
    running = [(due, kind) for kind in TARGETS if ticket.target(kind).running and (due := ticket.target(kind).due_at)]
    coming = [each for each in running if each[0] > now]
    return min(coming) if coming else max(running) if running else (None, "")


def tone(ticket: Ticket) -> Tone:
    """How loud the ticket's card is."""
    if ticket.state in ENDED:
        return "quiet"
    if ticket.state is State.RESOLVED:
        return "good"
    return ("info", "warn", "alarm", "alarm")[ticket.tier]


def buttons(ticket: Ticket, locale: str) -> tuple[Button, ...]:
    """What can be done next. A person who may not is told so, with the reason."""
    number = ticket.number

    def button(key: str, words: str, style: Style = "plain", form: Asks = "") -> Button:
        return Button(say(f"button.{key}", locale), words, style, form)

    snooze, why = button("snooze", f"snooze {number} 30m"), button("why", f"why {number}")
    guesses = ticket.category.guesses if len(ticket.category.guesses) > 1 else ()
    tags = tuple(Button(label("category", each, locale), f"tag {number} {each}") for each in guesses)
    note, assign = button("note", f"note {number}", form="must"), button("assign", f"assign {number}", form="must")
    if ticket.state in LIVE and ticket.assignee is None:
        higher = (button("escalate", f"escalate {number}", "danger"),) if ticket.tier < 2 else ()
        return (button("claim", f"claim {number}", "primary"), snooze, *higher, *tags, why, assign)
    if ticket.state in LIVE:
        moves = [button("resolve", f"resolve {number}", "primary", "pick")]
        moves += [button("pending", f"pending {number}")] if ticket.state is State.OPEN else []
        if ticket.tier >= 2:
            moves.append(button("take_over", f"claim {number}"))
        else:
            moves.append(button("escalate", f"escalate {number}", "danger"))
        return (
            *moves,
            button("hand_back" if ticket.taken_from else "release", f"release {number}"),
            snooze,
            why,
            button("reply", f"reply {number}", form="must"),
            note,
            assign,
            *tags,
        )
    if ticket.state is State.RESOLVED:
        return (button("close", f"close {number}", "primary", "may"), button("reopen", f"reopen {number}"), why)
    if ticket.state is State.CLOSED and ticket.merged_into is None:
        return (button("reopen", f"reopen {number}"), why)
    return (why,)
