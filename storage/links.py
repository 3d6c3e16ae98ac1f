"""Which person a chat account is."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, bindparam, exists, or_, select

from bot.errors import Refused
from bot.people import Person
from bot.records import OPERATOR
from storage.db import Db, PerDialect
from storage.rows import columns
from storage.schema import accounts, agents, chat_links

_LINKED = (
    select(*columns(agents, Person))
    .join_from(chat_links, agents, and_(agents.c.merchant_id == chat_links.c.merchant_id, agents.c.id == chat_links.c.agent_id))
    .where(
        chat_links.c.channel == bindparam("channel"), chat_links.c.external_id == bindparam("external_id"),
        chat_links.c.team.in_([bindparam("team"), ""]),
    )
    .order_by(chat_links.c.team.desc())
    .limit(1)
)  # fmt: skip
# Everyone with this userid, each with whether their merchant has a WeCom app of its own.
_WITH_USERID = (
    select(
        exists().where(accounts.c.channel == "wecom", accounts.c.merchant_id == chat_links.c.merchant_id), chat_links.c.merchant_id,
        *columns(agents, Person),
    )
    .join_from(chat_links, agents, and_(agents.c.merchant_id == chat_links.c.merchant_id, agents.c.id == chat_links.c.agent_id))
    .where(chat_links.c.channel == "wecom", chat_links.c.external_id == bindparam("userid"))
)  # fmt: skip
_HAS_APP = select(accounts.c.id).where(accounts.c.channel == "wecom", accounts.c.merchant_id == bindparam("m")).limit(1)
_ADD = PerDialect(lambda insert: insert(chat_links).on_conflict_do_nothing())
# A link without a team matches any, so it collides with every team's.
_TAKEN = select(chat_links.c.agent_id).where(
    chat_links.c.channel == bindparam("channel"), chat_links.c.external_id == bindparam("external_id"),
    or_(chat_links.c.team.in_([bindparam("team"), ""]), bindparam("team", type_=chat_links.c.team.type) == ""),
)  # fmt: skip


def person_by_link(db: Db, channel: str, external_id: str) -> Any | None:
    """The row of the person with this account: Slack's `TEAM/USER`, where a link with the team goes before one without; WeCom's
    `MERCHANT/userid`, where the merchant is the owner of the app that said so."""
    if channel == "wecom":
        owner, _, userid = external_id.rpartition("/")
        found = _reached(db, owner or OPERATOR, userid.lower())
        return found[0] if len(found) == 1 else None  # two merchants' that now share an app: neither is believed
    team, _, user = external_id.rpartition("/") if channel == "slack" else ("", "", external_id)
    return db.first(_LINKED, {"channel": channel, "external_id": user, "team": team})


def link(db: Db, person: Person, merchant_id: str) -> None:
    """Ties the person's chat accounts. Raises Refused `already_linked` when one is another's."""
    if person.slack_user_id:
        account = {"channel": "slack", "external_id": person.slack_user_id, "team": person.slack_team_id or ""}
        _tie(db, account, person, merchant_id, free=db.first(_TAKEN, account) is None)
    if person.wecom_user_id:
        userid = person.wecom_user_id.lower()
        own = merchant_id != OPERATOR and db.first(_HAS_APP, {"m": merchant_id}) is not None
        free = not _reached(db, merchant_id if own else OPERATOR, userid)
        _tie(db, {"channel": "wecom", "external_id": userid, "team": merchant_id}, person, merchant_id, free=free)


def _tie(db: Db, account: dict[str, str], person: Person, merchant_id: str, *, free: bool) -> None:
    if not (free and db.run(_ADD, {**account, "merchant_id": merchant_id, "agent_id": person.id})):
        raise Refused("already_linked", code="already_linked", field=f"{account['channel']}_user_id")


def _reached(db: Db, owner: str, userid: str) -> list[Any]:
    """The rows of those who speak through that owner's app. A merchant's app vouches for its own people and nobody else's."""
    rows = db.all(_WITH_USERID, {"userid": userid})
    return [row[2:] for row in rows if owner == (row[1] if row[0] and row[1] != OPERATOR else OPERATOR)]
