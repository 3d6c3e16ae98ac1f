"""Merchants' own WeCom apps: put, read, list, remove. What is secret goes in and never comes out."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator, Field

from bot.messages import Doc, Page, PutAccount, RemoveAccount, ShownAccount, ShownAccounts
from handlers.api.fields import Answer, Id, Listing, Model
from handlers.api.route import Call, Route
from handlers.problems import Problem

CHANNEL = "wecom"
_MASK = r"\*{4}[A-Za-z0-9+/_-]{0,4}"
_SECRETS = frozenset({"secret", "token", "aes_key"})


def _number(value: object) -> object:
    # The console shows a number, and settings hold it as text: both are meant alike.
    return int(value) if isinstance(value, str) and re.fullmatch(r"[0-9]{1,10}", value) else value


# As WeCom's console gives them; a mask as this API shows it keeps what is stored.
CorpId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{4,64}$", examples=["ww5823bf96d3bd56c7"])]
AgentId = Annotated[int, BeforeValidator(_number), Field(ge=1, le=2**31 - 1, examples=[1000002])]
Secret = Annotated[str, Field(pattern=rf"^(?:[A-Za-z0-9_-]{{8,128}}|{_MASK})$")]
Token = Annotated[str, Field(pattern=rf"^(?:[A-Za-z0-9]{{1,32}}|{_MASK})$")]
AesKey = Annotated[str, Field(pattern=rf"^(?:[A-Za-z0-9+/]{{43}}|{_MASK})$")]


class WecomApp(Model):
    """A self-built app of a merchant's own corp. `merchant_id` is needed with an operator's key."""

    corp_id: CorpId
    agent_id: AgentId
    secret: Secret
    token: Token
    aes_key: AesKey
    merchant_id: Id | None = None


class WecomAppAnswer(Answer):
    """The app, its secrets masked. `callback_url` is what WeCom's console asks for under "receive messages"."""

    id: str
    merchant_id: str
    corp_id: str
    agent_id: int
    secret: str
    token: str
    aes_key: str
    callback_url: str


async def _put(call: Call) -> Doc:
    given: WecomApp = call.body
    merchant_id = given.merchant_id or call.within
    if merchant_id is None:
        why = "is needed with an operator's key: the operator's own app stands in the settings"
        raise Problem("invalid", errors=[(("body", "merchant_id"), why)])
    doc = {"corp_id": given.corp_id, "agent_id": given.agent_id}
    secrets = given.model_dump(include=set(_SECRETS))
    change = PutAccount(CHANNEL, call.path["id"], doc, secrets, merchant_id, within=call.within, by=call.by, only_one=True)
    return _told(call, await call.desk.configure(change))


async def _get(call: Call) -> Doc:
    return _told(call, await call.desk.ask(ShownAccount(CHANNEL, call.path["id"], call.within)))


async def _list(call: Call) -> Page[Doc]:
    found: Page[Doc] = await call.desk.ask(ShownAccounts(CHANNEL, call.within, call.query.limit, call.query.cursor))
    return Page(tuple(_told(call, each) for each in found.items), found.next_cursor)


async def _remove(call: Call) -> None:
    await call.desk.configure(RemoveAccount(CHANNEL, call.path["id"], within=call.within, by=call.by))


def _told(call: Call, doc: Doc) -> Doc:
    return {**doc, "callback_url": f"{call.house.settings.base_url}/wecom/callback/{doc['id']}"}


_ONE = "/v1/wecom-apps/{id}"
ROUTES = (
    Route(
        "PUT", _ONE, "Create or replace a merchant's WeCom app", _put, "settings:write", body=WecomApp, answer=WecomAppAnswer,
        refusals=("only_one",), notes="A merchant has one. Its people are known by their userids there, and by no other corp's.",
    ),
    Route("GET", _ONE, "Read a WeCom app", _get, "settings:read", answer=WecomAppAnswer),
    Route("DELETE", _ONE, "Remove a WeCom app", _remove, "settings:write", status=204),
    Route("GET", "/v1/wecom-apps", "List WeCom apps", _list, "settings:read", query=Listing, answer=WecomAppAnswer, many=True),
)  # fmt: skip
