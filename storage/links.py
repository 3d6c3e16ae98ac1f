"""Which person a chat account is."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, bindparam, or_, select

from bot.errors import Refused
from bot.people import Person
from storage.db import Db, PerDialect
from storage.rows import columns
from storage.schema import agents, chat_links

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
_ADD = PerDialect(lambda insert: insert(chat_links).on_conflict_do_nothing())
# A link without a team matches any, so it collides with every team's.
_TAKEN = select(chat_links.c.agent_id).where(
    chat_links.c.channel == bindparam("channel"), chat_links.c.external_id == bindparam("external_id"),
    or_(chat_links.c.team.in_([bindparam("team"), ""]), bindparam("team", type_=chat_links.c.team.type) == ""),
)  # fmt: skip


def person_by_link(db: Db, channel: str, external_id: str) -> Any | None:
    """The row of the person with this account. Slack's ids are `TEAM/USER`; a link with the team goes before one without."""
    team, _, user = external_id.rpartition("/") if channel == "slack" else ("", "", external_id)
    return db.first(_LINKED, {"channel": channel, "external_id": user, "team": team})


def link(db: Db, person: Person, merchant_id: str) -> None:
    """Ties the person's chat accounts. Raises Refused `already_linked` when one is another's."""
    accounts = (("slack", person.slack_user_id, person.slack_team_id or ""), ("wecom", person.wecom_user_id, ""))
    for channel, external_id, team in accounts:
        if not external_id:
            continue
        account = {"channel": channel, "external_id": external_id, "team": team}
        free = db.first(_TAKEN, account) is None
        if not (free and db.run(_ADD, {**account, "merchant_id": merchant_id, "agent_id": person.id})):
            raise Refused("already_linked", code="already_linked", field=f"{channel}_user_id")
