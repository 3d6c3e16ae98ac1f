"""API keys: make, list, read, revoke; and whose key this is."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from bot.messages import Doc, NewKey
from handlers.api.fields import Answer, Id, Listing, Model, Moment, Name, moment
from handlers.api.route import Call, Route
from handlers.api.usual import get, listed, remove
from handlers.api.words import Scope
from handlers.problems import Problem


class Key(Model):
    """A key to make. Without `merchant_id` it is the operator's, or of the merchant whose key asks. Without `expires_at` it goes on."""

    name: Name
    merchant_id: Id | None = None
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=22)]
    expires_at: Moment | None = None


class KeyAnswer(Answer):
    """A key, without its token."""

    id: str
    name: str
    merchant_id: str | None
    scopes: list[str]
    created_at: str
    revoked_at: str | None
    expires_at: str | None
    used_at: str | None


class NewKeyAnswer(KeyAnswer):
    """`token` is shown this once."""

    token: str


class Me(Answer):
    """Whose key this is."""

    key_id: str
    merchant_id: str | None
    scopes: list[str]


async def _make(call: Call) -> Doc:
    given: Key = call.body
    # A key gives away no more than it has itself.
    lacking = [scope for scope in given.scopes if not call.bearer.may(scope)]
    if lacking:
        raise Problem("missing_scope", f"This API key cannot give {lacking[0]}: it lacks it itself.", extra={"scope": lacking[0]})
    merchant = given.merchant_id or call.within
    scopes = tuple(dict.fromkeys(given.scopes))
    until = moment(given.expires_at) if given.expires_at else None
    return await call.desk.configure(NewKey(given.name, merchant, scopes, within=call.within, by=call.by, expires_at=until), call.once)


async def _me(call: Call) -> Doc:
    return {"key_id": call.bearer.key_id, "merchant_id": call.bearer.merchant_id, "scopes": sorted(call.bearer.scopes)}


_ONE = "/v1/api-keys/{id}"
ROUTES = (
    Route("POST", "/v1/api-keys", "Make an API key", _make, "settings:write", body=Key, answer=NewKeyAnswer, status=201),
    Route("GET", "/v1/api-keys", "List API keys", listed("api-keys"), "settings:read", query=Listing, answer=KeyAnswer, many=True),
    Route("GET", _ONE, "Read an API key", get("api-keys"), "settings:read", answer=KeyAnswer),
    Route("DELETE", _ONE, "Revoke an API key", remove("api-keys"), "settings:write", status=204),
    Route("GET", "/v1/me", "Whose API key this is", _me, answer=Me),
)
