"""`reply N text`: a public reply to the buyer, shown as it will leave and held 10 s so that it can be taken back."""

from __future__ import annotations

from bot import drafting, replies, translating
from bot.announce import outgoing
from bot.card import Button, Card, Form, Input, Quote
from bot.errors import BadUsage, Refused
from bot.messages import Address, Reply
from bot.privacy import mask_text
from bot.records import Message, Undoable
from bot.ticket import Ticket
from bot.tongues import KNOWN, detect, tag
from bot.turn import Turn, Verb
from bot.wording import label


def run(turn: Turn) -> Reply:
    ticket = turn.ticket()
    files = tuple(turn.args.get("attachments") or ())
    text = turn.text(needed=not files)
    into = drafting.INTO.match(text)
    if into is not None and not files:
        return _translated_first(turn, ticket, into[1], into[2].strip())
    original, lang = "", ""
    if text.startswith(drafting.PREFIX):
        text, original, lang = drafting.taken(turn.stores, turn.house, ticket, turn.who.id, text)
        ticket = _with_original(turn, ticket, original, lang)
    until = turn.now + replies.HOLD
    new = replies.message(ticket, "agent", turn.who.id, text, True, turn.now, files, until)
    saved = replies.hold(turn.stores, turn.house, ticket, new, turn.now, turn.actor)
    turn.stores.notes.put_undo(Undoable(turn.who.id, "reply", ticket.merchant_id, ticket.number, until, None, new.id))
    if turn.command.answer_to:
        _tell_when_it_left(turn, saved, new)
    said = turn.say("replied", ticket=saved.name, seconds=int(replies.HOLD.total_seconds()))
    leaving = Quote(turn.say("reply_leaves"), "\n".join(part for part in (text, *(f"📎 {each.get('name', '')}" for each in files)) if part))
    undo = Button(turn.say("button.undo"), f"undo {saved.number} {new.id}")
    return Reply(said, (Card(said, "info", quotes=(leaving,), buttons=(undo,)),), ticket=saved.number, locale=turn.locale)


def _translated_first(turn: Turn, ticket: Ticket, named: str | None, text: str) -> Reply:
    """Nothing leaves yet: the translation is shown first, beside what was written."""
    lang = tag(named or ticket.language or "")
    if lang is None:
        raise BadUsage("bad_language", field="lang", lang=(named or "")[:35], known=", ".join(KNOWN))
    if not text:
        raise BadUsage("needs_text", field="text", usage=turn.verb.used(turn.locale))
    route = turn.command.answer_to
    if not route:
        raise BadUsage("draft_in_chat", field="text")
    by, via = turn.command.by, turn.command.via
    way = via if via in turn.house.channels else by.channel
    # What leaves for a translator is masked, and what is masked stays so in what comes back.
    draft = {
        "id": drafting.new_draft(), "text": mask_text(text), "route": dict(route), "locale": turn.locale, "channel": way,
        "target": str(route.get("channel") or by.id),
    }  # fmt: skip
    source = detect(text)
    if not translating.ask(turn.stores, turn.house, ticket, lang, turn.now, source=source, person=turn.who.id, draft=draft):
        raise Refused("no_translator", code="no_translator")
    return turn.reply("draft_asked", ticket, language=label("language", lang, turn.locale))


def _with_original(turn: Turn, ticket: Ticket, original: str, lang: str) -> Ticket:
    """What was written stays on the ticket beside what leaves."""
    noted = turn.say("draft_original", language=label("language", lang, turn.locale), text=original)
    new = replies.message(ticket, "agent", turn.who.id, noted, False, turn.now)
    return replies.note(turn.stores, turn.house, ticket, new, turn.now, turn.actor)


def _tell_when_it_left(turn: Turn, ticket: Ticket, new: Message) -> None:
    """Waits with the reply, and is dropped where that is taken back."""
    by, route = turn.command.by, turn.command.answer_to or {}
    payload = {"message": new.id, "route": dict(route), "person": turn.who.id}
    address = Address(by.channel, str(route.get("channel") or by.id))
    row = outgoing(ticket.merchant_id, ticket.number, f"left:{new.id}", "left", address, payload, new.held_until or turn.now)
    turn.stores.outbox.add([row])


def form(turn: Turn) -> Form:
    """The text that the buyer gets."""
    ticket = turn.ticket()
    hint = turn.say("ask.reply_hint", seconds=int(replies.HOLD.total_seconds()))
    return turn.form(Input("text", turn.say("ask.reply"), hint=hint), ticket=ticket)


VERB = Verb(
    "reply",
    ("回复",),
    ("reply N text", "回复 N 内容"),
    ("answer the buyer", "公开回复买家"),
    run,
    ("reply 1024 It ships today.", "回复 1024 今天发货。"),
    form=form,
)
