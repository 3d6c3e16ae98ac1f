"""A reply in the buyer's language: it is translated first and shown, as it was written and as it would leave; only then it is sent."""

from __future__ import annotations

import json
import re
from datetime import datetime

from bot.announce import outgoing
from bot.card import Button, Card, Quote
from bot.errors import WrongState
from bot.house import House, new_id
from bot.messages import Address, AddTranslation, Reply
from bot.messages.codec import reply_doc
from bot.originals import kept_answer
from bot.stores import Stores
from bot.ticket import Ticket
from bot.wording import label, say

INTO = re.compile(r"[>＞»](\S{2,16})?(?:[\s:：]+|$)(.*)", re.DOTALL)  # `> text` in the buyer's language, `>ms text` in that one
PREFIX, SCOPE = "draft:", "draft"


def offered(stores: Stores, house: House, ticket: Ticket, given: AddTranslation, now: datetime) -> None:
    """Shows its writer what the buyer would get beside what they wrote, with a button that sends it; or says why there is none."""
    draft = given.draft or {}
    route, locale = draft["route"], str(draft["locale"])
    if given.text is None:
        said = Reply(say("draft_failed", locale, ticket=ticket.name), ok=False, ticket=ticket.number, locale=locale)
    else:
        id = str(draft["id"])
        kept = {"text": draft["text"], "into": given.text, "lang": given.lang, "provider": given.provider, "ticket": ticket.number}
        body = {"sealed": house.vault.seal(json.dumps({**kept, "person": given.person}).encode(), f"{SCOPE}|{id}").hex()}
        stores.notes.keep_answer(SCOPE, id, "", 200, body, now)
        said = _preview(ticket, given, str(draft["text"]), id, locale)
    address = Address(str(draft["channel"]), str(draft["target"]))
    payload = {"reply": kept_answer(house, reply_doc(said)), "route": dict(route)}
    stores.outbox.add([outgoing(ticket.merchant_id, ticket.number, f"draft:{draft['id']}", "answer", address, payload, now)])


def _preview(ticket: Ticket, given: AddTranslation, text: str, id: str, locale: str) -> Reply:
    name = label("language", given.lang, locale)
    title = say("draft_title", locale, ticket=ticket.name, language=name)
    mine = Quote(say("draft_mine", locale), text)
    theirs = Quote(say("draft_theirs", locale, language=name, provider=given.provider), given.text or "", beside=True)
    send = Button(say("button.send_draft", locale), f"reply {ticket.number} {PREFIX}{id}", "primary")
    card = Card(title, "info", (say("draft_line", locale),), quotes=(mine, theirs), buttons=(send,))
    return Reply(title, (card,), ticket=ticket.number, locale=locale)


def taken(stores: Stores, house: House, ticket: Ticket, person: str, words: str) -> tuple[str, str, str]:
    """(what leaves, what was written, its language) of a draft that this person was shown. Raises WrongState."""
    id = words.removeprefix(PREFIX).strip()
    found = stores.notes.answered(SCOPE, id)
    if found is None:
        raise WrongState("draft_gone")
    draft = json.loads(house.vault.open(bytes.fromhex(found[2]["sealed"]), f"{SCOPE}|{id}"))
    if draft["person"] != person or draft["ticket"] != ticket.number:
        raise WrongState("draft_gone")
    return draft["into"], draft["text"], draft["lang"]


def new_draft() -> str:
    """Its name in the button."""
    return new_id("drf")
