"""Agents: put, read, list, delete."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from bot.messages import Doc, NewLinkCode
from handlers.api.fields import Answer, Email, Id, Listing, Locale, Model, Moment, Name, Reference
from handlers.api.route import Call, Route
from handlers.api.usual import get, listed, put, remove
from handlers.api.words import Role


class Agent(Model):
    """A person as they are put. Without `merchant_id` they work for the operator and see every merchant."""

    name: Name
    role: Role
    merchant_id: Id | None = None
    slack_user_id: Id | None = None
    slack_team_id: Id | None = None
    wecom_user_id: Reference | None = None
    email: Email | None = None
    locale: Locale | None = None
    away_until: Moment | None = None


class AgentAnswer(Answer):
    """A person."""

    id: str
    name: str
    role: Role
    merchant_id: str | None
    slack_user_id: str | None
    slack_team_id: str | None
    wecom_user_id: str | None
    email: str | None
    locale: str | None
    away_until: str | None


class LinkCodeAnswer(Answer):
    """`code` is shown this once, works once, and ties the chat account it is typed from (`link CODE`) to the agent."""

    agent: str
    code: Annotated[str, Field(examples=["K7QM-3XPA"])]
    expires_at: str


async def _link_code(call: Call) -> Doc:
    # Not by idempotency key: an answer that is kept to be given again would be a code in the clear.
    return await call.desk.configure(NewLinkCode(call.path["id"], within=call.within, by=call.by))


_ONE = "/v1/agents/{id}"
ROUTES = (
    Route(
        "PUT", _ONE, "Create or replace an agent", put("agents"), "people:write", body=Agent, answer=AgentAnswer,
        refusals=("already_linked",),
    ),
    Route("GET", _ONE, "Read an agent", get("agents"), "people:read", answer=AgentAnswer),
    Route(
        "POST", f"{_ONE}/link-code", "Make the code that links a chat account", _link_code, "people:write",
        answer=LinkCodeAnswer, status=201,
        notes="Good once and for 15 minutes. Asked again it makes another, whatever the Idempotency-Key, and the older one is void.",
    ),
    Route("DELETE", _ONE, "Remove an agent", remove("agents"), "people:write", status=204),
    Route("GET", "/v1/agents", "List agents", listed("agents"), "people:read", query=Listing, answer=AgentAnswer, many=True),
)  # fmt: skip
