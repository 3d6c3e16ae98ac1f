"""Agents: put, read, list, delete."""

from __future__ import annotations

from handlers.api.fields import Answer, Email, Id, Listing, Locale, Model, Moment, Name, Reference
from handlers.api.route import Route
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


_ONE = "/v1/agents/{id}"
ROUTES = (
    Route(
        "PUT", _ONE, "Create or replace an agent", put("agents"), "people:write", body=Agent, answer=AgentAnswer,
        refusals=("already_linked",),
    ),
    Route("GET", _ONE, "Read an agent", get("agents"), "people:read", answer=AgentAnswer),
    Route("DELETE", _ONE, "Remove an agent", remove("agents"), "people:write", status=204),
    Route("GET", "/v1/agents", "List agents", listed("agents"), "people:read", query=Listing, answer=AgentAnswer, many=True),
)  # fmt: skip
