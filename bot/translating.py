"""What is to be translated, and what becomes of a translation. The work itself is a delivery: to the channel `translate`, after the ticket
is stored, leased, tried again and listed as every other; or the event `translation.requested`, which a merchant's own service answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.announce import Actor, commit, notify, outgoing, publish
from bot.errors import BadUsage
from bot.house import House, new_id
from bot.labelling import words
from bot.messages import Address, AddTranslation, Notice
from bot.privacy import mask_text
from bot.records import OPERATOR, Merchant, Message, Outgoing
from bot.stores import Stores
from bot.ticket import Change, Event, Ticket
from bot.tongues import KNOWN, detect, same, tag

KIND, CHANNEL, REQUESTED = "translation", "translate", "translation.requested"
MOST = 20_000  # characters of a text and of its translation


def by_rule(stores: Stores, house: House, ticket: Ticket, merchant: Merchant, now: datetime, said: Message | None = None) -> None:
    """A buyer's words in one of the languages that the merchant's rule names are translated by themselves into the merchant's."""
    rules = {tag(str(each)) for each in merchant.profile.get("language_rules") or ()}
    if not rules:
        return
    # Without a browser's word the ticket's language is what its text told.
    read = detect(said.text) if said else detect(words(ticket.subject, ticket.message)) if ticket.buyer.get("locale") else None
    written = tag(read or ticket.language or "")
    lang = tag(merchant.locale)
    if written is not None and lang is not None and written in rules and not same(written, lang):
        ask(stores, house, ticket, lang, now, source=written, said=said)


def ask(
    stores: Stores, house: House, ticket: Ticket, lang: str, now: datetime, *,
    source: str | None = None, said: Message | None = None, person: str | None = None, asked_on: str = "",
    draft: Mapping[str, Any] | None = None,
) -> bool:  # fmt: skip
    """Has it translated into `lang`: by a provider, or by whoever subscribed to be asked. False: there is nobody to ask."""
    of = {"message": said.id} if said else {}
    payload = {"lang": lang, "source": source, "person": person, "asked_on": asked_on, **of, **({"draft": dict(draft)} if draft else {})}
    cause = f"translation:{ticket.number}:{lang}:{new_id('by') if person else said.id if said else 'rule'}"
    if CHANNEL in house.channels:
        stores.outbox.add([outgoing(ticket.merchant_id, ticket.number, cause, KIND, Address(CHANNEL, lang), payload, now)])
        return True
    return False if draft else _requested(stores, house, ticket, said.text if said else _text(ticket), payload, cause, now)


def wanted(row: Outgoing, ticket: Ticket, said: Message | None, *, again: bool) -> Notice:
    """What a provider gets: the text as it is stored, which is masked, and the two languages."""
    draft = row.payload.get("draft")
    text = draft["text"] if draft else said.text if said else _text(ticket)
    data = {**row.payload, "text": text, "merchant_id": ticket.merchant_id, "number": ticket.number}
    return Notice(row.id, Address(row.channel, row.target), KIND, "", data=data, again=again, ticket=ticket.number)


def keep(stores: Stores, house: House, ticket: Ticket, given: AddTranslation, now: datetime) -> Ticket:
    """The ticket with the translation, told to its team; or with the word that there is none. The same again changes nothing."""
    lang = tag(given.lang)
    if lang is None:
        raise BadUsage("bad_language", field="lang", lang=given.lang[:35], known=", ".join(KNOWN))
    if given.text is not None and not 0 < len(given.text.strip()) <= MOST:
        raise BadUsage("too_long" if given.text.strip() else "needs_translation", field="text", size=len(given.text), most=MOST)
    mine = [each for each in ticket.translations if each["lang"] == lang and each.get("of") == given.message]
    entry: dict[str, Any] = {"lang": lang, "provider": given.provider}
    entry |= {"text": mask_text(given.text.strip())} if given.text is not None else {"failed": True}
    entry |= {"of": given.message} if given.message else {}
    if entry in mine or (given.text is None and mine):
        return ticket
    others = tuple(each for each in ticket.translations if each not in mine)
    detail = {"lang": lang, "provider": given.provider, **({"of": given.message} if given.message else {})}
    after = replace(ticket, translations=(*others, entry))
    if given.text is None:
        event = Event("translation.failed", {**detail, "why": mask_text(given.failed[:200])})
        saved = commit(stores, house, ticket, Change(after, (event,)), now, Actor(given.by, given.via))
        said = stores.messages.get(ticket.merchant_id, ticket.number, given.message) if given.message else None
        cause = f"untranslated:{ticket.number}:{lang}:{given.message}"
        _requested(stores, house, saved, said.text if said else _text(ticket), {"lang": lang, "message": given.message}, cause, now)
        return saved
    noted = Message(ticket.merchant_id, ticket.number, new_id("msg"), "agent", None, entry["text"], False, now)
    stores.messages.add(noted)
    events = (Event("translated", {**detail, "message": noted.id}), Event("ticket.updated", {"translation": detail}))
    saved = commit(stores, house, ticket, Change(after, events), now, Actor(given.by, given.via))
    _tell(stores, house, saved, given, lang, now)
    return saved


def _tell(stores: Stores, house: House, ticket: Ticket, given: AddTranslation, lang: str, now: datetime) -> None:
    """Cards that change in place show it by themselves; who asked, and who has only cards that stay as they are, are told."""
    merchant = stores.merchants.get(ticket.merchant_id)
    if merchant is None:
        return
    who = stores.people.get(given.person) if given.person else None
    if who is not None:
        mine = [each for each in house.person(stores, who) if each.channel == given.asked_on]
        there = mine or house.reach(stores, who, merchant, now)
    else:
        there = [each for each in house.team(merchant) if given.message or not house.channels[each.channel].edits]
    payload = {"lang": lang, "person": given.person, **({"message": given.message} if given.message else {})}
    if there:
        notify(stores, ticket, f"translated:{ticket.number}:v{ticket.version}", "translated", there, payload, now)


def _requested(stores: Stores, house: House, ticket: Ticket, text: str, asked: Mapping[str, Any], cause: str, now: datetime) -> bool:
    subscribed = stores.webhooks.subscribed([ticket.merchant_id, OPERATOR]) if "webhooks" in house.channels else ()
    asking = [each for each in subscribed if each.disabled_at is None and (REQUESTED in each.events or "*" in each.events)]
    detail = {"lang": asked["lang"], "source": asked.get("source"), "text": text, "message": asked.get("message")}
    publish(stores, house, ticket, [Event(REQUESTED, detail)], now, subscribers=asking, cause=cause)
    return bool(asking)


def _text(ticket: Ticket) -> str:
    return words(ticket.subject, ticket.message)[:MOST]
