"""One person's turn with one command: what a verb is, and what it has at hand while it runs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.announce import Actor, commit
from bot.card import Form, Input
from bot.errors import BadUsage, NotAllowed, NotFound
from bot.house import House
from bot.messages import Command, Reply
from bot.people import Person, may
from bot.privacy import mask_text
from bot.records import Merchant
from bot.settings import duration
from bot.sla.policy import Policy
from bot.stores import Stores
from bot.ticket import Change, Ticket
from bot.wording import label, say
from bot.wording.cards import Telling

_NUMBER = re.compile(r"^\s*#?(?:T-?)?([0-9]{1,12})(?![0-9])[\s,:、]*", re.IGNORECASE)
_WIDE = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}
# Of the words of commands and filters: what a colleague in Hong Kong types is understood, character by character.
_TRADITIONAL = "認領詢單釋優級轉備註覆決關閉開為麼計時併後離來籤標凍結遞發銷報設綁語幫臺幣種鋪類狀態別負責戶從刪無過內間郵頻區蝦贊達獨網紅"
_SIMPLIFIED = "认领询单释优级转备注复决关闭开为么计时并后离来签标冻结递发销报设绑语帮台币种铺类状态别负责户从删无过内间邮频区虾赞达独网红"
_SIMPLE = dict(zip(map(ord, _TRADITIONAL), _SIMPLIFIED, strict=True))
MOST_TEXT = 20_000
KEPT = frozenset({"new", "note", "reply"})  # verbs whose text is put away as it was written before it is masked
LONGEST = timedelta(days=30)  # of a snooze or an absence
_LENGTHS = (
    (re.compile(r"(?<=\d)\s*(?:minutes?|mins?\b|分钟|分鐘|分)", re.IGNORECASE), "m"),
    (re.compile(r"(?<=\d)\s*(?:hours?|hrs?\b|个小时|個小時|小时|小時|个钟|h)", re.IGNORECASE), "h"),
    (re.compile(r"(?<=\d)\s*(?:days?|天|日)", re.IGNORECASE), "d"),
)
MOST_CHOICES = 100  # of one input of a form: more than that nobody reads through, and no chat shows


@dataclass(frozen=True, slots=True)
class Verb:
    """A command: its words in both languages, how it is used, what it does. `changes` False: it only reads, nothing is stored.

    `writes` says of words with which even a verb that only reads has something to keep.
    `form` is what it asks of one who only pressed a button; refused there already where the command would be.
    """

    name: str
    chinese: tuple[str, ...]
    usage: tuple[str, str]  # en, zh
    help: tuple[str, str]
    run: Callable[[Turn], Reply]
    example: tuple[str, str]
    changes: bool = True
    form: Callable[[Turn], Form] | None = None
    writes: Callable[[str], bool] | None = None

    def used(self, locale: str) -> str:
        """How it is used, in that language."""
        return self.usage[locale == "zh"]


@dataclass(slots=True)
class Turn:
    """A verb's surroundings. `source` is the message as typed, of which `at` characters are worked; `args` are the API's fields.

    `about` is the ticket meant, as it was before.
    """

    stores: Stores
    house: House
    who: Person
    command: Command
    verb: Verb
    now: datetime
    locale: str
    source: str = ""
    at: int = 0
    args: Mapping[str, Any] = field(default_factory=dict)
    about: Ticket | None = None

    @property
    def words(self) -> str:
        """What is left of the message, full-width characters made plain. For numbers, names and filters."""
        return plain(self.source[self.at :]).strip()

    @property
    def actor(self) -> Actor:
        """For the timeline."""
        return Actor(self.who.id, self.command.via)

    def ticket(self, *, verb: str | None = None) -> Ticket:
        """The ticket meant, if this person sees it and may do this with it; its number is taken off the words."""
        found = self.find(self._number())
        self.allow(verb or self.verb.name, found)
        self.about = found
        other = _NUMBER.match(self.words) if self.verb.usage[0] == f"{self.verb.name} N" else None
        if other is not None and int(other[1]) != found.number:
            # Nothing belongs behind the number; whoever writes two means both, and must not believe that both are done.
            word = self.verb.used(self.locale).partition(" ")[0]
            raise BadUsage("one_ticket", field="ticket", first=f"{word} {found.number}", second=f"{word} {other[1]}")
        return found

    def find(self, number: int) -> Ticket:
        """Raises NotFound for another merchant's too."""
        ticket = self.stores.tickets.get(number, self.command.within or self.who.merchant_id)
        if ticket is None or not self.who.sees(ticket.merchant_id):
            raise NotFound("no_ticket", ticket=f"T-{number}")
        return ticket

    def allow(self, verb: str, ticket: Ticket | None = None) -> None:
        """Raises NotAllowed with the reason when this person may not."""
        reason = may(self.who, verb, ticket)
        if reason is not None:
            name = self.name(ticket.assignee) if ticket is not None and ticket.assignee else ""
            role = label("role", self.who.role.value, self.locale)
            raise NotAllowed(reason, ticket=ticket.name if ticket else "", who=name, role=role)

    def text(self, name: str = "text", *, needed: bool = False) -> str:
        """The free text, as typed: the API's field of that name, or what is left of the message. Bounded."""
        found = str(self.args.get(name) or self.source[self.at :]).strip()
        if needed and not found:
            raise BadUsage("needs_text", field=name, usage=self.verb.used(self.locale))
        if len(found) > MOST_TEXT:
            raise BadUsage("too_long", field=name, size=len(found), most=MOST_TEXT)
        return mask_text(found) if name in ("reason", "text") and self.verb.name not in KEPT else found

    def duration(self, text: str, name: str) -> timedelta:
        """A length of time as people write it (`30m`, `30 minutes`, `2小时`), at most 30 days."""
        try:
            length = duration(_lengths(text))
        except ValueError:
            raise BadUsage("bad_duration", field=name, text=text[:40]) from None
        if length > LONGEST:
            raise BadUsage("duration_too_long", field=name, text=text[:40], most=LONGEST.days)
        if length <= timedelta():
            raise BadUsage("bad_duration", field=name, text=text[:40])
        return length

    def take_number(self) -> int | None:
        """Takes a ticket's number (`1024`, `T-1024`, `#1024`) off the words; None when they do not begin with one."""
        found = _NUMBER.match(plain(self.source[self.at :]))
        if found is None:
            return None
        self.at += found.end()
        return int(found[1])

    def commit(self, before: Ticket, change: Change, *, hold: timedelta = timedelta()) -> Ticket:
        """Saves it with all that follows."""
        return commit(self.stores, self.house, before, change, self.now, self.actor, hold=hold)

    def say(self, key: str, **params: object) -> str:
        """A sentence in this person's language."""
        return say(key, self.locale, **params)

    def name(self, person_id: str | None) -> str:
        """What that person is called."""
        if person_id is None:
            return self.say("nobody")
        found = self.stores.people.get(person_id)
        return found.name if found else person_id

    def merchant(self, ticket: Ticket) -> Merchant:
        """The ticket's merchant."""
        found = self.stores.merchants.get(ticket.merchant_id)
        if found is None:
            raise NotFound("no_merchant", merchant=ticket.merchant_id)
        return found

    def telling(self, ticket: Ticket, timezone: str) -> Telling:
        """How cards of this ticket are told to this person."""
        assignee, before = (self.name(id) if id else None for id in (ticket.assignee, ticket.taken_from))
        return Telling(self.locale, timezone, self.now, self.policy(ticket), assignee, before)

    def policy(self, ticket: Ticket) -> Policy:
        """The SLA policy that holds for it."""
        return self.house.policy(self.stores, ticket)

    def reply(self, key: str, ticket: Ticket | None = None, **params: object) -> Reply:
        """A sentence as the answer; the ticket's name is filled in."""
        if ticket is not None:
            params = {"ticket": ticket.name, **params}
        return Reply(self.say(key, **params), ticket=ticket.number if ticket else None, locale=self.locale)

    def form(self, *inputs: Input, ticket: Ticket | None = None, args: Mapping[str, str] | None = None) -> Form:
        """A form that does this verb, named like its button."""
        name = self.say(f"button.{self.verb.name}")
        title = f"{name} {ticket.name}" if ticket is not None else name
        number = ticket.number if ticket is not None else None
        return Form(self.verb.name, title, inputs, name, self.say("form.cancel"), number, args or {}, self.locale)

    def _number(self) -> int:
        if self.command.ticket is not None:
            return self.command.ticket
        found = self.take_number()
        if found is None:
            raise BadUsage("bad_number", field="ticket", example=self.verb.example[self.locale == "zh"])
        return found


def plain(text: str) -> str:
    """Full-width characters made plain, one for one, so that places in it are places in the original."""
    return text.translate(_WIDE)


def simple(text: str) -> str:
    """The same of traditional characters as well: for what is compared with the desk's own words, never for what is kept."""
    return plain(text).translate(_SIMPLE)


def _lengths(text: str) -> str:
    """With the units that `duration` reads; a length within ISO 8601 stays one."""
    said = plain(text).strip()
    if said[:1] in {"P", "p"}:
        return said
    for unit, short in _LENGTHS:
        said = unit.sub(short, said)
    return "".join(said.split())
