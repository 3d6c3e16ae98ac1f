"""One command, start to end: who speaks, which verb is meant, done once, answered in their language."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from bot import noting
from bot.announce import outgoing
from bot.card import Form
from bot.commands import registry
from bot.errors import AlreadyAnswered, BadUsage, Conflict, NotFound, Refused, UnknownPerson
from bot.house import House
from bot.linking import link
from bot.messages import Address, Command, Reply
from bot.messages.codec import reply, reply_doc
from bot.once import answered, keep
from bot.originals import answer_of, kept_answer
from bot.people import Person
from bot.ports import Work
from bot.records import OPERATOR, Inbound
from bot.reminding import answered as answered_notice
from bot.speakers import language, speaker
from bot.stores import Stores
from bot.ticket import State
from bot.turn import Turn, Verb
from bot.views import ticket_doc
from bot.wording import label, say

T = TypeVar("T")
QUICK = frozenset({"show", "why", "whoami", "help"})


async def handle(work: Work, house: House, command: Command, *, stored: bool = False) -> Reply:
    """Does what is asked. Raises Refused in the asker's words, AlreadyAnswered for an idempotency key that was answered before.

    What only reads is not stored, and needs no transaction; unless it was `stored` before it was acknowledged: then it is finished.
    """
    try:
        if not stored and not changes(command):
            return await work.read(lambda stores: _run(stores, house, command), quick=_quick(command))
        return await work.write(lambda stores: _work(stores, house, command))
    except Refused as refused:
        why = refused
        await work.write(lambda stores: noting.denied(stores, command, _verb(command), why, house.clock.now()))
        raise


async def answer(work: Work, house: House, command: Command, *, stored: bool = False) -> Reply:
    """The same for chat: a refusal is a reply too. Never leaves a stored command unfinished."""
    try:
        return await handle(work, house, command, stored=stored)
    except Refused as refused:
        said = _refusal(refused, house)
    except Conflict:
        said = Reply(say("busy", house.settings.locale), ok=False, code="conflict", locale=house.settings.locale)
    if stored or command.pressed:
        await work.write(lambda stores: _refused(stores, house, command, said))
    return said


async def form(work: Work, house: House, command: Command) -> Form | Reply | None:
    """What its command asks for before it is done; the refusal of one who may not do it; None where there is nothing to ask."""
    try:
        return await work.read(lambda stores: _turned(stores, house, command, _asked))
    except Refused as refused:
        return _refusal(refused, house)


def worded(refused: Refused, locale: str) -> Refused:
    """The refusal in that language."""
    params: dict[str, Any] = dict(refused.params)
    if "state" in params:
        params["state_label"] = label("state", str(params["state"]), locale)
        can_reopen = params["state"] in (State.RESOLVED, State.CLOSED)
        params["hint"] = say("hint_reopen", locale, ticket=params.get("ticket")) if can_reopen else ""
    if locale == "zh":
        params |= _in_chinese(refused.key, params)
    refused.say, refused.locale = say(refused.key, locale, **params), locale
    return refused


def _in_chinese(key: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """The words of the language of commands that a refusal names: verbs, categories, priorities, states, platforms."""
    found: dict[str, Any] = {}
    verb = registry.find(str(params.get("verb", "")))
    if verb is not None:
        found["verb"] = verb.chinese[0]
    kind = {"bad_category": "category", "bad_priority": "priority"}.get(key) or params.get("kind")
    if kind and params.get("known"):
        found["known"] = "、".join(label(str(kind), each, "zh") for each in str(params["known"]).split(", "))
    return found


def changes(command: Command) -> bool:
    """Whether this command may write anything."""
    if command.args.get("in_thread") or command.pressed:
        return True
    meant = _meant(command)
    return meant is not None and (meant.changes or (meant.writes is not None and meant.writes(command.words)))


def _work(stores: Stores, house: House, command: Command) -> Reply:
    once = answered(stores, house, command.idempotency)
    if once is not None:
        raise AlreadyAnswered(*once)
    stored = stores.inbox.get(command.by.channel, command.once) if command.once is not None else None
    if stored is not None and stored.outcome is not None:
        return reply(answer_of(house, stored.outcome))
    noted = stores.audit.written
    said = _run(stores, house, command)
    if changes(command) and not command.args.get("asks"):
        noting.commanded(stores, command, _verb(command), house.clock.now(), noted)
    if command.once is not None:
        _finish(stores, house, command, said, stored)
    if command.idempotency is not None and said.ticket is not None:
        ticket = stores.tickets.get(said.ticket, command.within)
        doc = said.doc or (ticket_doc(ticket) if ticket else {})
        keep(stores, house, command.idempotency, doc, house.clock.now())
    return said


def _quick(command: Command) -> bool:
    """Whether a few reads by key answer it, rather than a search."""
    meant = _meant(command)
    return meant is not None and meant.name in QUICK


def _meant(command: Command) -> Verb | None:
    return registry.find(command.verb) if command.verb else (registry.parse(command.words) or (None, 0))[0]


def _verb(command: Command) -> str:
    """What it is called in the audit log."""
    meant = _meant(command)
    return meant.name if meant is not None else "note" if command.args.get("in_thread") else "unknown"


def _run(stores: Stores, house: House, command: Command) -> Reply:
    code = _link_code(stores, house, command)
    if code is None:
        return _turned(stores, house, command, _done)
    try:
        return link(stores, house, command.by, code, house.clock.now())
    except Refused as refused:
        raise worded(refused, house.settings.locale) from None


def _done(turn: Turn) -> Reply:
    _freshen(turn.stores, turn.house, turn.command, turn.who)
    if turn.command.args.get("asks") and turn.verb.form is not None:
        form = turn.verb.form(turn)
        word = turn.verb.chinese[0] if turn.locale == "zh" else turn.verb.name
        return replace(turn.reply("type_it", words=f"{word} {form.ticket or ''}".strip(), what=form.inputs[0].label), form=form)
    said = turn.verb.run(turn)
    if turn.about is not None:
        answered_notice(turn.stores, turn.about, turn.who, turn.verb.name)
    return said


def _asked(turn: Turn) -> Form | None:
    return turn.verb.form(turn) if turn.verb.form is not None else None


def _refusal(refused: Refused, house: House) -> Reply:
    return Reply(refused.say, ok=False, code=refused.code, locale=refused.locale or house.settings.locale, field=refused.field)


def _turned(stores: Stores, house: House, command: Command, do: Callable[[Turn], T]) -> T:
    """Lets the person of this command take their turn; what they are refused is in their language."""
    locale = house.settings.locale
    try:
        who = speaker(stores, house, command.by, command.within)
        locale = language(stores, house, who)
        return do(_turn(stores, house, command, who, locale))
    except UnknownPerson:
        raise
    except Refused as refused:
        raise worded(refused, "en" if command.via == "api" else locale) from None


def _link_code(stores: Stores, house: House, command: Command) -> str | None:
    """What stands behind `link` where an account that is nobody's says so: the one thing that the bot does for a stranger."""
    by, parsed = command.by, registry.parse(command.words)
    if by.channel in ("key", "agent") or command.args.get("in_thread") or parsed is None or parsed[0].name != "link":
        return None
    return command.words[parsed[1] :] if house.linked(stores, by.channel, by.id) is None else None


def _turn(stores: Stores, house: House, command: Command, who: Person, locale: str) -> Turn:
    make: Callable[[Verb, int], Turn] = lambda verb, at: Turn(  # noqa: E731
        stores, house, who, command, verb, house.clock.now(), locale, command.words, at, command.args
    )
    if command.verb is not None:
        found = registry.find(command.verb)
        if found is None:
            raise BadUsage("unknown_command", field="verb", words=command.verb[:40], suggestion="")
        return make(found, len(command.words))
    unreadable = command.args.get("unreadable")
    if unreadable:
        raise BadUsage("text_only_voice" if unreadable == "voice" else "text_only", code="text_only")
    parsed = registry.parse(command.words)
    if command.thread is not None:
        return _in_thread(stores, command, parsed, make)
    if parsed is None:
        return _unknown(command, locale, make)
    return make(*parsed)


def _in_thread(stores: Stores, command: Command, parsed: tuple[Verb, int] | None, make: Callable[[Verb, int], Turn]) -> Turn:
    """In a ticket's thread its number need not be said; what is typed there without `reply` is a note and never leaves the team."""
    channel, target, thread = command.thread or ("", "", "")
    card = stores.outbox.by_receipt(channel, target, thread)
    if card is None and target:
        card = stores.outbox.by_receipt(channel, target.rpartition("/")[2], thread)  # a target need not name its account
    spoken_to = not command.args.get("in_thread")
    if parsed is not None and (spoken_to or _replies(command, parsed) or _takes_back(command, parsed)):
        turn = make(*parsed)
        ahead = turn.at
        if turn.take_number() is None and card is not None:
            turn.command = replace(command, ticket=card.ticket)
        turn.at = ahead
        return turn
    if card is None:
        raise NotFound("thread_unknown")
    note = registry.find("note")
    assert note is not None  # noqa: S101  # the list of verbs has it
    turn = make(note, 0)
    turn.command = replace(command, ticket=card.ticket)
    return turn


def _replies(command: Command, parsed: tuple[Verb, int]) -> bool:
    """`reply` as a command and no word that begins with it: a note about a reply (回复太慢了) must never leave the team."""
    said = command.words[parsed[1] :][:1]
    return parsed[0].name == "reply" and (not said or said.isspace() or said.isdigit())


def _takes_back(command: Command, parsed: tuple[Verb, int]) -> bool:
    """`undo` and nothing else: whoever types it wants their reply back, not a note that says so."""
    return parsed[0].name == "undo" and not command.words[parsed[1] :].strip()


def _unknown(command: Command, locale: str, make: Callable[[Verb, int], Turn]) -> Turn:
    helping = registry.find("help")
    if not command.words.strip() and helping is not None:
        return make(helping, len(command.words))
    near = registry.nearest(command.words)
    suggestion = say("did_you_mean", locale, word=near) if near else ""
    raise BadUsage("unknown_command", words=command.words.strip()[:40], suggestion=suggestion)


def _freshen(stores: Stores, house: House, command: Command, who: Person) -> None:
    """A press brings what its card can be changed with. Only its reader's: whoever else presses has another card, or a forged one."""
    if not command.pressed or not command.pressed.get("thread"):
        return
    card = stores.outbox.by_receipt(_way(house, command), None, command.pressed["thread"])
    if card is not None and who.sees(card.merchant_id) and card.payload.get("person") in (None, who.id):
        fresh = {name: value for name, value in command.pressed.items() if name != "thread"}
        stores.outbox.freshen(card, fresh, house.clock.now())


def _way(house: House, command: Command) -> str:
    """The channel that it came by: one account may speak in more ways than one (an app, a bot)."""
    return command.via if command.via in house.channels else command.by.channel


def _refused(stores: Stores, house: House, command: Command, said: Reply) -> None:
    """A refused press shows the card as it is by now. A stored command is finished with its refusal, and the asker told."""
    with contextlib.suppress(Refused):
        _freshen(stores, house, command, speaker(stores, house, command.by, command.within))
    stored = stores.inbox.get(command.by.channel, command.once or "")
    if stored is not None and stored.outcome is None:
        _finish(stores, house, command, said, stored)


def _finish(stores: Stores, house: House, command: Command, said: Reply, stored: Inbound | None) -> None:
    """Done once: its outcome is kept with the work. Stored before: it was acknowledged with "on it", so the answer follows."""
    now = house.clock.now()
    if stored is None:
        inbound = Inbound(command.by.channel, command.once or "", {}, now, kept_answer(house, reply_doc(said)))
        if not stores.inbox.add(inbound):
            raise Conflict("stored meanwhile")
        return
    # What was typed is done with, and may tell of a person.
    stores.inbox.finish(replace(stored, body={}, outcome=kept_answer(house, reply_doc(said))))
    if command.answer_to:
        payload = {"reply": kept_answer(house, reply_doc(said)), "route": dict(command.answer_to)}
        address = Address(_way(house, command), str(command.answer_to.get("channel") or command.by.id))
        stores.outbox.add([outgoing(OPERATOR, None, f"answer:{command.once}", "answer", address, payload, now)])
