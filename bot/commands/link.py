"""`link CODE`: ties this chat account to an agent (see bot.linking); `link @who`: a lead gets a code for one of theirs."""

from __future__ import annotations

from bot.errors import BadUsage, NotAllowed, NotFound, Refused
from bot.linking import new_code
from bot.messages import Reply
from bot.people import Person, Role
from bot.turn import Turn, Verb

ABOVE_LEADS = (Role.ADMIN, Role.SENIOR_MANAGER, Role.RISK)


def run(turn: Turn) -> Reply:
    """Only people who are linked come here."""
    if not turn.words.startswith("@"):
        raise Refused("link_known", code="already_linked", name=turn.who.name)
    turn.allow("link")
    if turn.command.args.get("public"):
        raise BadUsage("link_in_private")
    person = _meant(turn, turn.words.removeprefix("@").strip())
    if person.role in ABOVE_LEADS and turn.who.role is not Role.ADMIN:
        raise NotAllowed("only_admins")
    code, until = new_code(turn.stores, turn.house, person, turn.who.id, turn.now)
    return Reply(
        turn.say("link_code", name=person.name, code=code, minutes=int((until - turn.now).total_seconds() // 60)), locale=turn.locale
    )


def _meant(turn: Turn, words: str) -> Person:
    """One of the speaker's own merchant, or of any for the operator's side."""
    exact = turn.stores.people.get(words, turn.who.merchant_id)
    found = [exact] if exact is not None else list(turn.stores.people.named(words, turn.who.merchant_id or ""))
    found = [each for each in found if turn.who.merchant_id in (None, each.merchant_id)]
    if not found:
        raise NotFound("no_agent", field="to", agent=words[:60])
    if len(found) > 1:
        names = ", ".join(f"{each.name} ({each.id})" for each in found[:5])
        raise BadUsage("ambiguous_person", field="to", words=words[:60], names=names)
    return found[0]


VERB = Verb(
    "link", ("绑定",), ("link CODE", "绑定 绑定码"), ("link this account; @who: a code", "绑定账号；@谁：生成绑定码"),
    run, ("link K7QM-3XPA", "绑定 K7QM-3XPA"),
)  # fmt: skip
