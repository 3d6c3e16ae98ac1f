"""Codes that tie a chat account to an agent: made for the agent, typed to the bot by that person, good once and for 15 minutes."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.card import Button, Card
from bot.errors import NotAllowed, Refused
from bot.house import House
from bot.messages import Identity, Reply
from bot.people import Person, Role
from bot.records import OPERATOR, LinkCode
from bot.stores import Stores
from bot.wording import say

GOOD_FOR = timedelta(minutes=15)
ALPHABET, LENGTH = "23456789ABCDEFGHJKMNPQRSTUVWXYZ", 8  # nothing that looks like something else; 31^8 is 8.5e11
TRIES = 5  # of one account within GOOD_FOR; then even the right code is not looked at
_WIDE = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
_STEPS = {Role.AGENT: ("first_list", "first_claim", "first_reply"), Role.LEAD: ("first_list", "first_overdue", "first_setup")}
_BETWEEN = re.compile(r"[\s\-–—_]+")
log = structlog.get_logger("linking")


def new_code(stores: Stores, house: House, person: Person, by: str, now: datetime) -> tuple[str, datetime]:
    """The agent's code and until when it works; an older one is void. It is kept as a sealed digest, and shown this once."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    whose = person.merchant_id or OPERATOR
    sealed = house.vault.seal(_digest(code), _context(whose, person.id))
    stores.link_codes.put(LinkCode(whose, person.id, sealed, now + GOOD_FOR, by), now)
    log.info("link code made", agent=person.id, merchant=whose, by=by)
    return f"{code[:4]}-{code[4:]}", now + GOOD_FOR


def link(stores: Stores, house: House, account: Identity, words: str, now: datetime) -> Reply:
    """Ties this account, which is nobody's yet, to the agent whose code these words are.

    Every refusal is a reply and none an exception: a try that failed must be on record. They are in both languages, and one for all
    that can be wrong with a code.
    """
    given = _BETWEEN.sub("", words.translate(_WIDE)).upper()
    if not given:
        return _refused("link_code_wanted")
    if stores.link_codes.tried(account.channel, account.id, now, now - GOOD_FOR) > TRIES:
        log.warning("too many link codes tried", channel=account.channel, account=account.id)
        return _refused("link_tries", code="too_many_tries")
    code = _found(stores, house, given, now)
    person = stores.people.get(code.agent_id) if code is not None else None
    if code is None or person is None or not stores.link_codes.use(code):
        return _refused("link_code_wrong", code="link_code_wrong")
    _tie(stores, house, person, account)
    log.info("account linked", agent=person.id, channel=account.channel, account=account.id, code_by=code.made_by)
    locale = person.locale or house.settings.locale
    return Reply(say("linked", locale, name=person.name), (_first_steps(person, locale),), locale=locale)


def _first_steps(person: Person, locale: str) -> Card:
    """What this person's work begins with."""
    steps = _STEPS.get(person.role, ("first_overdue", "first_why", "first_list"))
    words = ("列表 未认领", "帮助") if locale == "zh" else ("list unclaimed", "help")
    buttons = tuple(Button(each, each) for each in words)
    return Card(
        say("first_steps", locale), "good", tuple(say(each, locale) for each in steps), buttons=buttons, footer=say("first_more", locale)
    )  # fmt: skip


def _tie(stores: Stores, house: House, person: Person, account: Identity) -> None:
    """Raises Refused `already_linked`, NotAllowed where this account's workspace does not serve that agent."""
    team, _, user = account.id.rpartition("/")
    if account.channel == "slack":
        stores.people.put(replace(person, slack_user_id=user, slack_team_id=team or None))
    elif account.channel == "wecom":
        stores.people.put(replace(person, wecom_user_id=user))
    else:
        raise Refused("link_not_here", code="link_not_here")
    found = house.linked(stores, account.channel, account.id)
    if found is None or found.id != person.id:
        raise NotAllowed("link_other_app")


def _found(stores: Stores, house: House, given: str, now: datetime) -> LinkCode | None:
    """Every code is compared, the right one among them: how long it takes tells nothing."""
    wanted, found = _digest(given), None
    for code in stores.link_codes.alive(now):
        if hmac.compare_digest(house.vault.open(code.sealed, _context(code.merchant_id, code.agent_id)), wanted):
            found = code
    return found


def _refused(key: str, code: str = "bad_usage") -> Reply:
    return Reply(f"{say(key, 'en')}\n{say(key, 'zh')}", ok=False, code=code)


def _digest(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()


def _context(merchant_id: str, agent_id: str) -> str:
    return f"link_codes|sealed|{merchant_id}/{agent_id}"
